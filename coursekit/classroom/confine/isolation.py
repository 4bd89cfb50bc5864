"""What keeps a confined process in, as it was seen and as it is written down."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Isolation:
    """Which walls were seen from inside, and for the others why they are not there.

    `landlock` is the version of its interface in the kernel, 0 where it is not in
    force; `privileges` says that there are none: no capabilities, no way to new ones.

    >>> Isolation(7, seccomp=True, limits=True, privileges=True).text
    'Landlock 7, seccomp, limits, no privileges'
    >>> Isolation(limits=True, why=("the kernel has no Landlock",)).text
    'weak: without Landlock, seccomp, loss of privileges (the kernel has no Landlock)'
    """

    landlock: int = 0
    seccomp: bool = False
    limits: bool = False
    privileges: bool = False
    why: tuple[str, ...] = ()

    @property
    def strong(self) -> bool:
        """Whether hostile code may run behind these walls."""
        return not self._missing

    @property
    def text(self) -> str:
        """One line, the same for the same walls: it stands in every result."""
        if self.strong:
            return f"Landlock {self.landlock}, seccomp, limits, no privileges"
        reasons = f" ({'; '.join(self.why)})" if self.why else ""
        return f"weak: without {', '.join(self._missing)}{reasons}"

    @property
    def _missing(self) -> list[str]:
        there = {
            "Landlock": bool(self.landlock),
            "seccomp": self.seccomp,
            "limits": self.limits,
            "loss of privileges": self.privileges,
        }
        return [name for name, is_there in there.items() if not is_there]
