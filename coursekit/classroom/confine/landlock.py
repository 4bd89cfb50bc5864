"""Which files can be opened: a short list for reading, one folder for writing."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from pathlib import Path

from coursekit.classroom.confine import kernel

try:
    from landlockpy import AccessFS, LandlockError, Ruleset, Scope
except ImportError:  # it is asked for on Linux only
    MISSING = (
        "landlockpy is not installed: "
        "python -m pip install -c constraints.txt landlockpy"
    )
else:
    MISSING = ""

_RESTRICT_SELF = 446  # the call's number, the same on every processor
# Beside the walls, so it can be read before them and must not be behind them.
_OURS = Path(__file__)


class Landlock:
    """A set of rules in the kernel, made once; a child that takes it is bound by it.

    The rules cover opening, making and removing files, and where the kernel knows how:
    TCP, signals to others and abstract sockets. They do not cover whether a file exists
    (stat), nor its mode and times: those calls seccomp refuses.
    """

    def __init__(self, readable: Iterable[Path], scratch: Path, *, write: bool) -> None:
        if MISSING:
            raise OSError(errno.ENOENT, MISSING)
        self._scratch = scratch
        rules = Ruleset(scoped=Scope.ABSTRACT_UNIX_SOCKET | Scope.SIGNAL)
        self.abi = rules.abi_version
        look = AccessFS.READ_FILE | AccessFS.READ_DIR
        for path in readable:
            _allow(rules, path, look if os.path.isdir(path) else AccessFS.READ_FILE)
        _allow(rules, Path(os.devnull), AccessFS.READ_FILE | AccessFS.WRITE_FILE)
        # No folders: a deep one is hard to remove. No links, sockets, pipes, devices.
        make = AccessFS.WRITE_FILE | AccessFS.TRUNCATE
        make |= AccessFS.MAKE_REG | AccessFS.REMOVE_FILE
        _allow(rules, scratch, look | make if write else look)
        self._rules = rules

    def close(self) -> None:
        """Be bound by the rules from now on.

        Raises: OSError as the kernel says it.
        """
        # As Ruleset.restrict() does, without its look at flags: 0.25 ms in a new child.
        kernel.called(kernel.libc().syscall(_RESTRICT_SELF, self._rules.fileno(), 0))
        os.close(self._rules.fileno())

    def holes(self) -> list[str]:
        """List what a child that is bound by the rules can open and should not."""
        beside = self._scratch.parent / f".{self._scratch.name}.{os.getpid()}"
        tries = {
            _OURS: os.O_RDONLY,
            Path("/"): os.O_RDONLY,
            Path("/etc/passwd"): os.O_RDONLY,
            Path("/proc/self/status"): os.O_RDONLY,
            self._scratch.parent: os.O_RDONLY,
            beside: os.O_WRONLY | os.O_CREAT | os.O_EXCL,
        }
        return [
            f"it can open {path}" for path, how in tries.items() if _opens(path, how)
        ]


def _allow(rules: Ruleset, path: Path, access: AccessFS) -> None:
    try:
        rules.allow_path(path, access)
    except LandlockError:
        raise
    except OSError as error:
        raise ValueError(
            f"{path} cannot be made readable behind the walls: {error.strerror}. List "
            "only what exists, as readable() does."
        ) from None


def _opens(path: Path, how: int) -> bool:
    """Say whether a file can be opened, leaving no new one behind."""
    try:
        os.close(os.open(path, how))
    except OSError:
        return False
    if how & os.O_CREAT:
        path.unlink()
    return True
