"""An autograder for Gradescope: the zip to upload, and what runs in it.

Gradescope unpacks the zip in /autograder/source, runs setup.sh once, as root, and
run_autograder for every submission. The zip holds this package as a wheel, so that
the submissions are graded by what made it.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import sys
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import coursekit
from coursekit import bank, files
from coursekit.classroom.exports import gradescope

if TYPE_CHECKING:
    from coursekit.classroom.reader.handed import Handed
    from coursekit.classroom.results import Result

SETTINGS = "settings.json"
PLACE = Path("/autograder")
PACKAGES = "numpy", "landlockpy"  # what grading needs beside the course itself

SETUP = """\
#!/usr/bin/env bash
# Run once, as root: a Python for the course, and the course in it.
set -euo pipefail
cd "${AUTOGRADER_ROOT:-/autograder}/source"

works() { "$1" -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' \\
    2>/dev/null; }

for python in python3.13 python3.12 python3.11 python3; do
    works "$python" && break
done
if ! works "$python"; then
    apt-get update -q
    for python in python3.12 python3.11; do
        apt-get install -q -y --no-install-recommends "$python" "$python-venv" && break
    done
fi
"$python" -m venv .venv
.venv/bin/pip install --no-input -r requirements.txt
.venv/bin/pip install --no-input --no-deps ./*.whl
"""

RUN = """\
#!/usr/bin/env bash
# Run for each submission: grades submission/, writes results/results.json.
set -euo pipefail
root="${AUTOGRADER_ROOT:-/autograder}"
cd "$root/source"
exec .venv/bin/python -P -m coursekit.classroom.exports.autograder "$root"
"""

METADATA = """\
Metadata-Version: 2.1
Name: coursekit
Version: {version}
Requires-Python: >=3.11
"""

WHEEL = """\
Wheel-Version: 1.0
Generator: coursekit
Root-Is-Purelib: true
Tag: py3-none-any
"""


@dataclass(frozen=True)
class Settings:
    """What the autograder of one lesson was made to do.

    `weak` allows it to grade where the system cannot shut submissions in.
    """

    lesson: int
    seed: int = 0
    weak: bool = False
    visibility: str = "visible"
    leaderboard: bool = False


def archive(settings: Settings) -> bytes:
    """Return the zip to upload, the same for the same course and settings."""
    name, content = wheel()
    packages = [*PACKAGES]
    if any(one.torch for one in bank.exercises(settings.lesson)):
        packages.append("torch")
    return _zip(
        {
            "setup.sh": SETUP,
            "run_autograder": RUN,
            SETTINGS: json.dumps(asdict(settings), indent=1) + "\n",
            "requirements.txt": "".join(map(_requirement, packages)),
            name: content,
        }
    )


def wheel() -> tuple[str, bytes]:
    """Pack this package as a wheel, for which nothing has to be built."""
    package = Path(coursekit.__file__).parent
    version = coursekit.__version__
    info = f"coursekit-{version}.dist-info"
    parts: dict[str, str | bytes] = {
        path.relative_to(package.parent).as_posix(): path.read_bytes()
        for path in sorted(package.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
    parts[f"{info}/METADATA"] = METADATA.format(version=version)
    parts[f"{info}/WHEEL"] = WHEEL
    record = [f"{name},{_hash(part)}" for name, part in parts.items()]
    parts[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,", ""])
    return f"coursekit-{version}-py3-none-any.whl", _zip(parts)


class Marks(Protocol):
    """What marks one submission, as `marking.Marker` does."""

    def mark(self, handed: Handed, *, learner: str) -> list[Result]:
        """Return a result for each exercise of a submission."""


def grade(
    root: Path, settings: Settings, handed: Iterable[Handed], marker: Marks
) -> bytes:
    """Mark what was handed in together, and return it as results.json.

    Where an answer is in several files, the best counts.
    """
    learner = _learner(_read(root / "submission_metadata.json"))
    best: dict[str, Result] = {}
    results = [result for one in handed for result in marker.mark(one, learner=learner)]
    for result in sorted(results, key=lambda one: (not one.problem, one.points)):
        best[result.exercise] = result
    notes = [f"{one.file}: {one.problem}" for one in results if not one.exercise]
    nothing = "No notebook (.ipynb) and no Python file (.py) was handed in."
    return gradescope.document(
        best.values(),
        bank.exercises(settings.lesson),
        visibility=settings.visibility,
        leaderboard=settings.leaderboard,
        notes=notes if results else [nothing],
    )


def main(arguments: Sequence[str]) -> int:
    """Grade, and write results/results.json; 1, and no such file, if that fails.

    Gradescope then asks the learner to tell the course's staff, and scores nothing.
    """
    from coursekit.classroom.marking import Marker
    from coursekit.classroom.reader.handed import handed
    from coursekit.classroom.seeds import of_number

    root = Path(arguments[0]) if arguments else PLACE
    try:
        settings = Settings(**_read(root / "source" / SETTINGS))
        lessons = bank.lessons().items()
        exercises = [id for id, lesson in lessons if lesson == settings.lesson]
        seeds = of_number(settings.seed)
        with Marker(exercises, seeds, weak=settings.weak) as marker:
            content = grade(root, settings, handed(root / "submission"), marker)
    except (RuntimeError, OSError) as error:
        print(f"Nothing was graded: {error}", file=sys.stderr)
        return 1
    files.put(root / "results" / "results.json", content)
    return 0


def _read(path: Path) -> dict[str, Any]:
    """Read an object of JSON; {} if there is no such file."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return content if isinstance(content, dict) else {}


def _learner(submission: Mapping[str, Any]) -> str:
    """Name who handed in, always in the same way: it decides the drawn inputs."""
    users = submission.get("users") or []
    names = [str(one.get("email") or one.get("id") or "") for one in users]
    return " and ".join(sorted(filter(None, names))) or "learner"


def _requirement(package: str) -> str:
    """Ask for the version with which the course runs here, if it is here."""
    try:
        version = metadata.version(package).partition("+")[0]
    except metadata.PackageNotFoundError:  # what only Linux has
        return f"{package}\n"
    return f"{package}=={version}\n"


def _hash(part: str | bytes) -> str:
    content = part.encode() if isinstance(part, str) else part
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest())
    return f"sha256={digest.rstrip(b'=').decode()},{len(content)}"


def _zip(parts: Mapping[str, str | bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            entry = zipfile.ZipInfo(name)  # of 1980: the same zip every day
            script = isinstance(part, str) and part.startswith("#!")
            entry.external_attr = (0o755 if script else 0o644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, part)
    return content.getvalue()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
