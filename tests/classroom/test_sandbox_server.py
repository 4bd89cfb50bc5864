"""The server of a sandbox: it starts, dies, is started again, and leaves nothing."""

import os
import select
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sandboxed import children, outcome, program, server_number, still_right

from coursekit.classroom.sandbox import process
from coursekit.classroom.sandbox.client import Server, ServerDown, TooWeak
from coursekit.classroom.sandbox.process import Ending
from coursekit.classroom.sandbox.scratch import empty, remove
from coursekit.classroom.sandbox.server import (
    DONE,
    LATE,
    NOT_CONFINED,
    TOO_MUCH,
)

PATIENCE = 60  # seconds; a test that needs them has failed


def python(code: str, **options: object) -> "subprocess.Popen[str]":
    """Start a Python with the paths of this one."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)],
        stdout=subprocess.PIPE,
        env=environment,
        text=True,
        **options,
    )


def ended(watch: int) -> bool:
    """Wait for a process that is watched to end."""
    poll = select.poll()
    poll.register(watch, select.POLLIN)
    gone = bool(poll.poll(1000 * PATIENCE))
    os.close(watch)
    return gone


@contextmanager
def its_server_ends(server: Server) -> Iterator[None]:
    watch = os.pidfd_open(server_number(server))
    yield
    assert ended(watch)


def test_a_closed_sandbox_leaves_neither_process_nor_folder():
    server = Server()
    with its_server_ends(server), server:
        assert server._scratch.stat().st_mode & 0o777 == 0o700
        still_right(server)
    assert not server._scratch.exists()


def test_a_server_that_was_killed_is_started_again():
    with Server() as server:
        still_right(server)
        first = server_number(server)
        watch = os.pidfd_open(first)
        os.kill(first, signal.SIGKILL)
        assert ended(watch)
        reply = server.ask(program("def answer(x): return x"), [], seconds=60)
        assert reply.ended == "was not run to its end: its server ended"
        still_right(server)
        assert server_number(server) not in (0, first)


def test_a_child_dies_with_its_server_and_both_with_the_client(tmp_path):
    parent = python(
        """
        from sandboxed import program, server_number
        from coursekit.classroom.sandbox.client import Server
        with Server() as server:
            print(server_number(server), server._scratch, flush=True)
            server.ask(program("import itertools", "sum(itertools.count())"), [],
                       seconds=1000)
        """
    )
    with parent:
        number, scratch = parent.stdout.readline().split()
        while not (inside := children(int(number))):
            pass
        watches = [os.pidfd_open(one) for one in (*inside, int(number))]
        parent.kill()
    assert all(map(ended, watches))
    assert not Path(scratch).exists()


def test_a_child_dies_with_its_server():
    with Server() as server:
        number = server_number(server)
        helper = python(
            f"""
            import os, signal
            from sandboxed import children
            while not (inside := children({number})): pass
            watch = os.pidfd_open(inside[0])
            os.kill({number}, signal.SIGKILL)
            import select
            poll = select.poll()
            poll.register(watch, select.POLLIN)
            print(len(poll.poll({1000 * PATIENCE})))
            """
        )
        reply = server.ask(
            program("import itertools", "sum(itertools.count())"), [], seconds=1000
        )
        with helper:
            assert helper.stdout.read() == "1\n"
        assert reply.ended == "was not run to its end: its server ended"
        still_right(server)


def test_what_left_the_session_of_a_child_is_killed_with_it():
    code = """
    import os, signal
    from coursekit.classroom.sandbox import server
    server._adopt_orphans()
    read, write = os.pipe()
    if not (number := os.fork()):
        os.setsid()
        if not os.fork():
            os.setsid()
            signal.alarm(60)
            os.close(1)
            os.write(write, b"%d" % os.getpid())
            while True: signal.pause()
        while True: signal.pause()
    orphan = int(os.read(read, 20))
    print(server._end(number))
    try:
        os.kill(orphan, 0)
    except ProcessLookupError:
        print("gone")
    """
    with python(code) as process:
        assert process.stdout.read() == "-9\ngone\n"


def test_weak_walls_are_refused_and_named():
    with pytest.raises(TooWeak, match=r"weak: without Landlock.*allow weak isolation"):
        Server(spawned=True)
    assert not server_folders()


def server_folders() -> list[Path]:
    return list(Path(os.environ["TMPDIR"]).glob("coursekit-*"))


@pytest.fixture(autouse=True)
def folders_of_ones_own(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    yield
    assert server_folders() == []


def test_a_server_that_does_not_start_says_why(monkeypatch):
    monkeypatch.setattr(process, "_CODE", "raise OSError('no room')")
    with pytest.raises(ServerDown, match="did not start: OSError: no room"):
        Server()


def test_a_server_that_is_not_waited_for_says_why_when_it_is_used(monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(process, "_CODE", "raise OSError('no room')")
        server = Server(wait=False)
    with server:
        with pytest.raises(ServerDown, match="did not start: OSError: no room"):
            server.ask([], [], seconds=5)
        still_right(server)


class Talker:
    """Stands for a server process that answers as it likes, or not at all."""

    def __init__(self, answer: Ending | Exception) -> None:
        self.answer = answer

    def ask(self, request: bytes, seconds: float) -> Ending:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def close(self) -> str:
        return ""


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Ending(DONE, 0, b"junk"), "sent back nonsense"),
        (Ending(DONE, 0), "ended by itself with exit status 0"),
        (Ending(DONE, -signal.SIGSEGV), "crashed (segmentation fault)"),
        (Ending(DONE, -77, b""), "ended by itself with exit status -77"),
        (Ending(DONE, NOT_CONFINED), "was not run: its walls could not be closed"),
        (Ending(LATE, -9), "was ended after 5 s"),
        (Ending(TOO_MUCH, -9), "sent back more than 64 MB"),
        (ConnectionError(), "was not run to its end: its server ended"),
        (TimeoutError(), "was not run to its end: its server ended"),
    ],
)
def test_every_way_to_end_has_its_sentence(sandbox, monkeypatch, answer, said):
    real, sandbox._process = sandbox._process, Talker(answer)
    reply = sandbox.ask([], [], seconds=5)
    sandbox._process = real
    assert (reply.ended, dict(reply.outcomes), reply.errors) == (said, {}, ())
    still_right(sandbox)


def test_an_unconfined_child_runs_nothing(tmp_path, monkeypatch):
    code = process._CODE.replace(
        "server.main",
        "server.Walls.close_in = lambda *a, **b: 1 / 0; server.main",
    )
    monkeypatch.setattr(process, "_CODE", code)
    with Server() as server:
        reply = server.ask(program("def answer(x): return x"), [], seconds=60)
    assert reply.ended == "was not run: its walls could not be closed"


def test_a_folder_is_emptied_whatever_is_in_it(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").touch()
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    (scratch / "moved 0").mkdir()
    (scratch / "moved 1").symlink_to(outside)
    (scratch / "moved 2").symlink_to(tmp_path / "nowhere")
    (scratch / "link").symlink_to(outside)
    os.mkfifo(scratch / "pipe")
    (scratch / "closed" / "in it").mkdir(parents=True)
    (scratch / "closed" / "in it" / "file").touch()
    (scratch / "closed" / "link").symlink_to(outside)
    (scratch / "closed" / "in it").chmod(0)
    (scratch / "closed").chmod(0)
    before = os.getcwd()
    try:
        os.chdir(scratch)
        for _ in range(1100):  # more than Python recurses
            os.mkdir("x" * 200)
            os.chdir("x" * 200)
    finally:
        os.chdir(before)
    scratch.chmod(0)
    empty(scratch)
    assert list(scratch.iterdir()) == []
    assert [path.name for path in outside.iterdir()] == ["kept"]
    remove(scratch)
    remove(scratch)
    assert not scratch.exists()


def test_the_server_runs_where_its_user_starts_it_from_any_folder(tmp_path):
    code = """
    from sandboxed import still_right
    from coursekit.classroom.sandbox.client import Server
    with Server() as server:
        still_right(server)
    print("right")
    """
    with python(code, cwd=tmp_path) as process:
        assert process.stdout.read() == "right\n"


def test_the_process_that_runs_answers_loads_none():
    code = """
    import sys
    import coursekit.classroom.sandbox.client
    loaded = {".".join(name.split(".")[:3]) for name in sys.modules}
    print(*sorted(name for name in loaded if name.split(".")[0] == "coursekit"))
    print("torch" in sys.modules)
    """
    with python(code) as process:
        loaded, torch = process.stdout.read().splitlines()
    rooms = {one for one in loaded.split() if not one.startswith("coursekit.runner.")}
    assert rooms == {
        *("coursekit", "coursekit.runner", "coursekit.classroom"),
        *(f"coursekit.classroom.{part}" for part in ("confine", "sandbox")),
    }
    assert torch == "False"


def test_two_sandboxes_work_beside_each_other(sandbox):
    with Server() as other:
        assert other._scratch != sandbox._scratch
        for server in sandbox, other, sandbox:
            still_right(server)
    still_right(sandbox)


def test_thirty_requests_leave_no_file_open_in_the_server(sandbox):
    place = f"/proc/{server_number(sandbox)}/fd"
    still_right(sandbox)
    before = sorted(os.listdir(place))
    for _ in range(30):
        outcome(sandbox, "def answer(x): return x * 2")
    assert sorted(os.listdir(place)) == before
