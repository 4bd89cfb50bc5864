"""Walls say what was seen from inside; where one is missing they say which and why."""

import importlib.util
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from coursekit.classroom.confine import Isolation, Walls, calls, readable, seccomp
from coursekit.classroom.confine.walls import COURSE

BUILD = '''
import os, sys, tempfile
from pathlib import Path
from coursekit.classroom.confine import Walls, kernel, landlock, readable, seccomp

def build(**more):
    with tempfile.TemporaryDirectory() as scratch:
        walls = Walls(readable(), Path(scratch), **more)
    print(walls.isolation.text)
    return walls

def close_in(walls):
    child = os.fork()
    if child == 0:
        try:
            walls.close_in()
            os.write(1, b"closed")
        except Exception as error:
            os.write(1, f"{type(error).__name__}: {error}".encode())
        os._exit(0)
    os.waitpid(child, 0)

def refuse(*rules):
    """Do as some containers: a filter of their own refuses calls, and filters."""
    steps = []
    for number, argument, error in rules:  # argument: the first, or None for any
        steps += [(seccomp.LOAD, 0, 0, 0), (seccomp.EQUAL, 0, 3, number)]
        steps += [(seccomp.LOAD, 0, 0, 0 if argument is None else 16)]
        steps += [(seccomp.EQUAL, 0, 1, number if argument is None else argument)]
        steps += [(seccomp.RETURN, 0, 0, 0x50000 | error)]
    use([*steps, (seccomp.RETURN, 0, 0, seccomp.ALLOW)])
    theirs = seccomp.Seccomp(Path())
    kernel.prctl(kernel.NO_NEW_PRIVS, 1)
    theirs.close()
    use(None)

def use(steps, program=seccomp.program):
    seccomp.program = program if steps is None else lambda processor: steps

LANDLOCK = [(number, None, 38) for number in (444, 445, 446)]
'''


def ran(source: str) -> str:
    """Run text in a Python of its own: it forks, and changes what it imports."""
    done = subprocess.run(
        [sys.executable, "-c", BUILD + source], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_a_kernel_without_landlock_is_weak_and_the_other_walls_are_closed():
    said = ran("refuse(*LANDLOCK); close_in(build())")
    assert said == (
        "weak: without Landlock (Landlock: Function not implemented)\nclosed"
    )


def test_a_container_that_forbids_filters_is_weak_and_the_other_walls_are_closed():
    prctl = getattr(calls.PRCTL[0], platform.machine())
    said = ran(f"refuse(*LANDLOCK, ({prctl}, 22, 1)); close_in(build())")
    assert said == (
        "weak: without Landlock, seccomp (Landlock: Function not implemented; seccomp: "
        "Operation not permitted)\nclosed"
    )


def test_a_missing_binding_is_said_with_the_command_that_installs_it():
    said = ran(
        "landlock.MISSING = 'landlockpy is not installed: python'\nclose_in(build())"
    )
    assert said.startswith("weak: without Landlock (Landlock: landlockpy is not inst")
    assert said.endswith("closed")


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (
            "use([(seccomp.RETURN, 0, 0, seccomp.ALLOW)])",
            "without seccomp (seccomp: it can open a socket)",
        ),
        (
            "landlock.Landlock.close = lambda self: None",
            "without Landlock (Landlock: it can open ",
        ),
        (
            "limits.Limits.close = lambda self: None",
            "without limits (limits: limit ",
        ),
        (
            "privileges.Privileges.close = lambda self: kernel.prctl(38, 1)",
            "without loss of privileges (privileges: it shares its parent's session)",
        ),
    ],
)
def test_the_walls_are_what_was_seen_and_not_what_was_asked_for(broken, said):
    parts = "from coursekit.classroom.confine import limits, privileges\n"
    assert f"weak: {said}" in ran(f"{parts}{broken}\nbuild()")


def test_nothing_is_run_where_a_wall_that_stood_cannot_be_closed():
    said = ran(
        "walls = build()\nos.close(walls._walls['Landlock']._rules.fileno())\n"
        "close_in(walls)"
    )
    assert "WallDown: Landlock stood when it was probed and cannot be closed" in said


def test_a_child_of_a_child_is_not_closed_in_for_nobody_would_end_it():
    said = ran(
        "walls = build()\n"
        "if os.fork() == 0:\n"
        "    close_in(walls)\n"
        "    os._exit(0)\n"
        "os.wait()"
    )
    assert said.endswith(
        "cannot be closed now: the process that built the walls is "
        "not this one's parent. Nothing is run here."
    )


@pytest.mark.parametrize(
    ("system", "gone"),
    [("darwin", ["landlockpy"]), ("win32", ["landlockpy", "resource", "fcntl"])],
)
def test_elsewhere_everything_imports_and_says_weak(system, gone):
    said = ran(
        f"sys.platform, gone = {system!r}, {gone}\n"
        "for name in [*gone, *(name for name in sys.modules if 'confine' in name)]:\n"
        "    sys.modules.pop(name, None)\n"
        "sys.modules |= dict.fromkeys(gone)\n"
        "from coursekit.classroom.confine import Walls\n"
        "build().close_in()"
    )
    assert said == (
        "weak: without Landlock, seccomp, limits, loss of privileges (the walls are "
        f"Linux's, and this is {system})\n"
    )


def test_a_path_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ValueError, match=r"none cannot be made readable .* No such fi"):
        Walls([tmp_path / "none"], tmp_path)


@pytest.mark.parametrize("path", [COURSE, COURSE / "..", Path("/")])
def test_the_course_can_not_be_made_readable(tmp_path, path):
    with pytest.raises(ValueError, match="the course with its answers is in it"):
        Walls([path], tmp_path)
    with pytest.raises(ValueError, match="the course with its answers is in it"):
        Walls([], path)


def test_the_scratch_folder_is_there_and_apart(tmp_path):
    with pytest.raises(ValueError, match="none is not there: make it first"):
        Walls([], tmp_path / "none")
    with pytest.raises(ValueError, match="the scratch folder is in it"):
        Walls([tmp_path.parent], tmp_path)


def test_what_can_be_read_is_there_and_holds_nothing_else():
    paths = readable(torch=True)
    numpy, torch = (importlib.util.find_spec(n).origin for n in ("numpy", "torch"))
    assert {Path(numpy).parent, Path(torch).parent} <= {*paths}
    assert Path(torch).parent not in readable()
    secret = [COURSE, Path.home(), *map(Path, ("/", "/tmp", "/proc", "/etc", "/var"))]
    for name in ("scipy", "sklearn", "matplotlib", "landlockpy"):
        secret.append(Path(importlib.util.find_spec(name).origin))
    for path in map(Path.resolve, paths):
        assert path.exists()
        assert not any(one.resolve().is_relative_to(path) for one in secret), path


def test_isolation_is_strong_only_with_all_walls():
    all_up = {"landlock": 1, "seccomp": True, "limits": True, "privileges": True}
    assert Isolation(**all_up).strong
    for name in all_up:
        assert not Isolation(**all_up | {name: False}).strong
        assert Isolation(**all_up | {name: False}).text.startswith("weak: without ")


# The filter itself, step by step, for both processors.


def decided(processor: str, number: int, *arguments: int, audit: int | None = None):
    """Do what the kernel does with a filter: return its decision about a call."""
    words = [number, seccomp.AUDIT[processor] if audit is None else audit, 0, 0]
    for argument in (*arguments, *[0] * (6 - len(arguments))):
        words += [argument & 0xFFFFFFFF, argument >> 32]
    steps, at, held = seccomp.program(processor), 0, 0
    while True:
        operation, if_true, if_false, value = steps[at]
        at += 1
        if operation == seccomp.RETURN:
            return value
        if operation == seccomp.LOAD:
            held = words[value // 4]
        else:
            true = held == value if operation == seccomp.EQUAL else held >= value
            at += if_true if true else if_false


BOTH = pytest.mark.parametrize("processor", ["x86_64", "aarch64"])


@BOTH
def test_the_filter_takes_the_listed_calls_and_no_other(processor):
    free = {getattr(call, processor) for call in calls.FREE.values()} - {None}
    for number in {*range(1000), *range(0x40000000, 0x40000400), 0xFFFFFFFF}:
        expected = seccomp.ALLOW if number in free else seccomp.REFUSE
        assert decided(processor, number, *[7, 8, 9, 7]) == expected, number


@BOTH
def test_the_filter_takes_nothing_from_another_processor(processor):
    other = seccomp.AUDIT["x86_64" if processor == "aarch64" else "aarch64"]
    for audit in (other, 0x40000003, 0):  # 0x40000003: 32-bit calls of an x86-64
        for number in range(500):
            assert decided(processor, number, audit=audit) == seccomp.REFUSE


@BOTH
def test_some_calls_depend_on_what_they_ask(processor):
    def takes(call, *arguments):
        number = getattr(call, processor)
        return decided(processor, number, *arguments) == seccomp.ALLOW

    assert takes(calls.PRLIMIT, 0, 7, 0, 1234)
    assert not takes(calls.PRLIMIT, 1, 7, 0, 1234)
    assert not takes(calls.PRLIMIT, 0, 7, 1, 1234)
    assert not takes(calls.PRLIMIT, 0, 7, 1 << 32, 1234)
    assert takes(calls.FCNTL[0], 5, 1030)
    assert not any(takes(calls.FCNTL[0], 5, ask) for ask in (8, 10, 15, 1026, 1031))
    assert takes(calls.IOCTL[0], 0, 0x5401)
    assert not takes(calls.IOCTL[0], 0, 0x5412)
    assert takes(calls.PRCTL[0], 39)
    assert not any(takes(calls.PRCTL[0], ask) for ask in (1, 4, 22, 38, 0x59616D61))
    assert takes(calls.TGKILL, 0xFFFFFFFF, 1, 6)
    assert not takes(calls.TGKILL, 1, 1, 6)


@BOTH
def test_calls_have_numbers_of_their_own_and_none_is_dangerous(processor):
    numbers = [getattr(call, processor) for call in calls.FREE.values()]
    numbers = [number for number in numbers if number is not None]
    assert len(numbers) == len(set(numbers))
    words = "kill clone fork exec ptrace socket mount mode own time"
    dangerous = [w for w in words.split() for name in calls.FREE if name.endswith(w)]
    assert set(dangerous) == {"time"}  # time, clock_gettime: to read


def test_another_processor_is_said_to_have_no_filter():
    with pytest.raises(OSError, match="no filter is written for riscv64"):
        seccomp.program("riscv64")
