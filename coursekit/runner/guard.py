"""Around a learner's code: keep what it prints, hold warnings back, stop it in time."""

import io
import signal
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from types import FrameType

LETTERS = 400  # of a message or of what was printed

TORCH = frozenset({"torch", "torchvision", "torchaudio"})
BORROWED = TORCH | {
    *("coursekit", "scipy", "sklearn", "skimage", "cv2"),
    *("tensorflow", "keras", "jax", "flax", "autograd", "mxnet"),
}


class TimeUp(BaseException):
    """Not an Exception, so that `except Exception` in a loop does not swallow it."""


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
    """Collect what is printed and hold warnings back: they cost no points."""
    printed = Printed()
    streams = redirect_stdout(printed), redirect_stderr(io.StringIO())
    with streams[0], streams[1], warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield printed


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TimeUp in the code that is running when the time is up; 0 is no limit."""
    main = threading.current_thread() is threading.main_thread()
    if not seconds or not main or not hasattr(signal, "setitimer"):
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        raise TimeUp

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)  # again, for a bare `except:`
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
