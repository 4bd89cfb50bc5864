"""What a Python with NumPy, or with torch too, has to read while it computes."""

import glob
import importlib.metadata
import importlib.util
import os
import re
import sysconfig
from collections.abc import Iterator
from pathlib import Path

_PLACES = (
    *("/dev/null", "/dev/urandom", "/proc/cpuinfo", "/sys/devices/system/cpu"),
    *("/etc/ld.so.cache", "/etc/localtime", "/usr/share/zoneinfo"),
    *("/usr/lib/locale", "/usr/share/locale"),
)
# Libraries of the standard library that NumPy does not bring along.
_LIBRARIES = ("bz2", "crypto", "expat", "ffi", "lzma", "sqlite3", "ssl", "uuid", "z")
_STANDARD = sorted({Path(sysconfig.get_path(n)) for n in ("stdlib", "platstdlib")})
_FOREIGN = {"site-packages", "dist-packages"}


def readable(*, torch: bool = False) -> list[Path]:
    """List the files and folders that a confined Python needs, each of which exists.

    The standard library entry by entry, for other packages stand below it; NumPy's
    folder, and for torch its own and those of what it requires; shared libraries,
    time zones, locales. Neither the course, nor scipy or scikit-learn, nor /home, /tmp,
    /proc or /etc as a whole.

    >>> names = {path.name for path in readable()}
    >>> {"numpy", "json", "cpuinfo"} <= names, "torch" in names, "scipy" in names
    (True, False, False)
    """
    names = {"numpy", *(_required("torch") if torch else ())}
    found = [*_standard_library(), *_shared_libraries(), *map(Path, _PLACES)]
    found += [path for name in sorted(names) for path in _package(name)]
    # Not path.exists(), which raises below a folder that this user may not enter.
    return [path for path in dict.fromkeys(found) if os.path.exists(path)]


def _standard_library() -> Iterator[Path]:
    for folder in _STANDARD:
        if os.path.isdir(folder):
            yield from sorted(p for p in folder.iterdir() if p.name not in _FOREIGN)


def _is_standard(path: Path) -> bool:
    return any(path.is_relative_to(folder) for folder in _STANDARD)


def _shared_libraries() -> Iterator[Path]:
    """Yield the mapped ones that no package brought, and others from their folders."""
    try:
        lines = Path("/proc/self/maps").read_text().splitlines()
    except OSError:
        return
    paths = {Path(line.split(maxsplit=5)[-1]) for line in lines if ".so" in line}
    mapped = {p for p in paths if not _FOREIGN & {*p.parts} and not _is_standard(p)}
    yield from sorted(mapped)
    for folder in sorted({path.parent for path in mapped}):
        for name in _LIBRARIES:
            yield from map(Path, sorted(glob.glob(f"{folder}/lib{name}.so*")))


def _package(name: str) -> Iterator[Path]:
    """Yield a package's folder, or its file, and the libraries that it brings."""
    spec = importlib.util.find_spec(name)
    if spec is None:
        return
    if not spec.submodule_search_locations:
        yield Path(str(spec.origin))
        return
    for folder in map(Path, spec.submodule_search_locations):
        yield folder
        yield folder.with_name(f"{name}.libs")


def _required(name: str) -> set[str]:
    """Return a package and all that it requires, as the names that are imported."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        one = waiting.pop().lower().replace("-", "_")
        if one in found:
            continue
        found.add(one)
        try:
            lines = importlib.metadata.requires(one) or []
        except importlib.metadata.PackageNotFoundError:
            continue
        waiting += [
            re.split(r"[^\w-]", line, maxsplit=1)[0]
            for line in lines
            if "extra ==" not in line
        ]
    return found - {"setuptools"}
