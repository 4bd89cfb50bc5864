"""Walls around a process that runs somebody else's code, and what of them is in force.

One file a wall: `privileges` (no capabilities, no new ones, no way to be traced),
`limits` (memory, time, files), `landlock` (which files can be opened) and `seccomp`
(which calls the kernel takes). `walls` closes them, `probe` looks from inside.
"""

from coursekit.classroom.confine.isolation import Isolation
from coursekit.classroom.confine.readable import readable
from coursekit.classroom.confine.walls import WallDown, Walls

__all__ = ["Isolation", "WallDown", "Walls", "readable"]
