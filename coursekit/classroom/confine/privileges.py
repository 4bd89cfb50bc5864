"""Leave behind what a process could do to others: session, capabilities, set-uid."""

import errno
import os
import signal

from coursekit.classroom.confine import kernel


class Privileges:
    """A child in a session of its own, without powers, that ends with its parent."""

    def __init__(self) -> None:
        kernel.libc()  # loaded here, and not in every child
        self._parent = os.getpid()

    def close(self) -> None:
        """Give up what the parent had.

        Raises: OSError as the kernel says it, ProcessLookupError where the parent
        is gone.
        """
        if os.getsid(0) != os.getpid():
            os.setsid()
        kernel.prctl(kernel.NO_NEW_PRIVS, 1)
        kernel.prctl(kernel.AMBIENT, 4)  # 4: clear all
        kernel.drop_capabilities()
        kernel.prctl(kernel.DUMPABLE, 0)  # nobody traces it, no core, /proc is root's
        kernel.prctl(kernel.DEATH_SIGNAL, signal.SIGKILL)
        if os.getppid() != self._parent:
            text = "the process that built the walls is not this one's parent"
            raise ProcessLookupError(errno.ESRCH, text)

    def holes(self) -> list[str]:
        """List what a child that closed this wall can still do and should not."""
        seen = {
            "it shares its parent's session": os.getsid(0) != os.getpid(),
            "it can gain privileges": kernel.prctl(kernel.GET_NO_NEW_PRIVS) != 1,
            "it has capabilities": kernel.capabilities() != 0,
            "it can be traced": kernel.prctl(kernel.GET_DUMPABLE) != 0,
            "it outlives its parent": kernel.death_signal() != signal.SIGKILL,
        }
        return [hole for hole, is_open in seen.items() if is_open]
