"""Imports run downwards: from a room to rooms below it, in a room without a circle.

Every import counts, those inside functions and under TYPE_CHECKING too: who reads one
file can rely on what stands below it.
"""

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import coursekit

ROOT = Path(coursekit.__file__).parent

# From the ground up. A room may import from those in the lines above its own, and from
# those to the left of it in its own line; runner and exercise from what is named here.
FLOORS = [
    *("shapes", "files", "ipynb", "tables", "runner"),
    *("arguments", "exercise"),
    *("ops", "fast", "bank"),
    *("nets", "count", "data", "measured"),
    *("torch_ref", "plots"),
    *("grade",),
    *("widgets", "workfolder"),
    *("classroom",),
    *("author",),
    *("cli", "__main__"),
]
ONLY = {"runner": set(), "exercise": {"shapes"}, "bank": {"exercise"}}

FILES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): (
        ast.parse(path.read_text(encoding="utf-8"))
    )
    for path in sorted(ROOT.rglob("*.py"))
    if path != ROOT / "__init__.py"
}


def imports(name: str) -> Iterator[str]:
    """Yield the files of the course that a file imports, each as `room.file`."""
    for node in ast.walk(FILES[name]):
        if isinstance(node, ast.Import):
            yield from filter(None, map(inside, (alias.name for alias in node.names)))
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{name}: write imports out, from coursekit on"
            for alias in node.names:
                module = str(node.module)
                found = inside(f"{module}.{alias.name}") or inside(module)
                if found:
                    yield found


def inside(module: str) -> str | None:
    """Return `room.file` for one of ours, None for another's or a name in a file."""
    ours, _, rest = module.partition(".")
    return rest if ours == "coursekit" and rest in FILES else None


ARROWS = [
    (name, other) for name in FILES for other in set(imports(name)) if other != name
]


def test_there_are_arrows_to_judge():
    assert len(ARROWS) > 200


def test_every_room_has_its_place_on_a_floor():
    assert {name.partition(".")[0] for name in FILES} == set(FLOORS)


@pytest.mark.parametrize(
    ("name", "other"), ARROWS, ids=[" -> ".join(arrow) for arrow in ARROWS]
)
def test_no_arrow_leads_upwards(name, other):
    room, below = name.partition(".")[0], other.partition(".")[0]
    assert room == below or FLOORS.index(below) < FLOORS.index(room)
    assert below in {room, *ONLY.get(room, FLOORS)}


def test_no_room_holds_a_circle():
    graph = TopologicalSorter()
    for name, other in ARROWS:
        graph.add(name, other)
    try:
        graph.prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))
