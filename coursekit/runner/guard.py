"""Around a learner's code: keep what it prints, hold warnings back, stop it in time."""

import builtins
import io
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from types import CodeType, FrameType
from typing import Any

LETTERS = 400  # of a message or of what was printed
_AGAIN = 1.0  # seconds


class TimeUp(BaseException):
    """Not an Exception, so that `except Exception` in a loop does not swallow it.

    An `except:` does; when that lets go of it, `again` is called.
    """

    def __init__(self, again: Callable[[], Any] = bool) -> None:
        super().__init__()
        self.again = again

    def __del__(self) -> None:
        self.again()


class Printed(io.StringIO):
    """What is printed during one call, up to a few hundred letters."""

    def start(self) -> None:
        self.seek(0)
        self.truncate()

    def write(self, text: str) -> int:
        super().write(text[: max(0, LETTERS - self.tell())])
        return len(text)


@contextmanager
def silence() -> Iterator[Printed]:
    """Collect what is printed, hold warnings back, and let nobody be asked."""
    printed = Printed()
    streams = redirect_stdout(printed), redirect_stderr(io.StringIO())
    asking, stdin = builtins.input, sys.stdin
    builtins.input, sys.stdin = _nobody, io.StringIO()
    try:
        with streams[0], streams[1], warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield printed
    finally:
        builtins.input, sys.stdin = asking, stdin


def _nobody(prompt: object = "") -> str:
    raise EOFError(
        "nobody types during a check. Take what you need from the arguments, "
        "without input()"
    )


@contextmanager
def time_limit(seconds: float, caller: CodeType) -> Iterator[None]:
    """Raise TimeUp in what `caller` called when the time is up; 0 is no limit.

    Where an `except:` swallows it, it comes again at the next line. A loop in C, such
    as sum(itertools.count()), lets no Python run before its end, in no thread: that
    only a restart of the kernel ends. Not on Windows, and not outside the main thread.
    """
    main = threading.current_thread() is threading.main_thread()
    if not seconds or not main or not hasattr(signal, "setitimer"):
        yield
        return

    over = False

    def stop(number: int, frame: FrameType | None) -> None:
        if arm(frame):
            raise TimeUp(arm)

    def arm(frame: FrameType | None = None) -> bool:
        """Have the next line raise in all that `caller` called, and say if it did."""
        called = [] if over else list(_called(frame or sys._getframe(), caller))
        for one in called:
            one.f_trace = at_line
        if called:
            sys.settrace(lambda *event: None)
        return bool(called)

    def at_line(frame: FrameType, event: str, value: Any) -> Any:
        if event == "line":
            raise TimeUp(arm)
        return at_line

    before, tracing = signal.signal(signal.SIGALRM, stop), sys.gettrace()
    signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
    try:
        yield
    finally:
        over = True
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if sys.gettrace() is not tracing:
            sys.settrace(tracing)


def _called(frame: FrameType | None, caller: CodeType) -> Iterator[FrameType]:
    """Yield the frames inside the innermost call of `caller`; none outside of it."""
    inside = []
    while frame is not None and frame.f_code is not caller:
        if frame.f_code.co_filename != __file__:
            inside.append(frame)
        frame = frame.f_back
    if frame is not None:
        yield from inside
