"""What a check adds to the learner's own computing time: at most 50 ms at the median.

A right and a wrong answer to every exercise are checked; the time spent inside the
answer is taken off. The first check of a session also loads the bank file.
"""

import subprocess
import sys
from statistics import median
from time import perf_counter

from coursekit import bank
from coursekit.grade.notebook import evaluate
from coursekit.grade.report import as_html

REPEATS = 15
LIMIT = 0.050

FIRST = """
from time import perf_counter
start = perf_counter()
import numpy
numpy_loaded = perf_counter()
from coursekit.grade import check
loaded = perf_counter()
def corr2d(x, k):
    return numpy.zeros((1, 1))
check(corr2d)._repr_html_()
done = perf_counter()
print(numpy_loaded - start, loaded - numpy_loaded, done - loaded)
"""


class Timed:
    """An answer that adds up the time spent in it."""

    def __init__(self, function):
        self.function, self.seconds = function, 0.0

    def __call__(self, *args):
        start = perf_counter()
        try:
            return self.function(*args)
        finally:
            self.seconds += perf_counter() - start


def overhead(exercise, function):
    """Return the seconds that one check and its report take beside the answer."""
    answer = Timed(function)
    start = perf_counter()
    as_html(evaluate(exercise, answer))
    return perf_counter() - start - answer.seconds


def main():
    """Print the median and the largest overhead for each exercise."""
    print(f"{'exercise':24} {'right, ms':>14} {'wrong, ms':>14}   (median, largest)")
    medians = []
    for exercise in bank.exercises():
        columns = []
        for function in (exercise.answer, exercise.wrongs[-1].function):
            times = [overhead(exercise, function) for _ in range(REPEATS)]
            medians.append(median(times))
            columns.append(f"{median(times) * 1e3:7.1f} {max(times) * 1e3:6.1f}")
        print(f"{exercise.id:24} {columns[0]:>14} {columns[1]:>14}")
    print(f"\nmedian of all {median(medians) * 1e3:.1f} ms, ", end="")
    print(f"worst {max(medians) * 1e3:.1f} ms, limit {LIMIT * 1e3:.0f} ms")
    runs = [_first_check() for _ in range(5)]
    numpy, loading, check = (median(column) * 1e3 for column in zip(*runs, strict=True))
    print(
        f"in a new process: import numpy {numpy:.0f} ms, then the grader "
        f"{loading:.0f} ms, then the first check {check:.0f} ms"
    )


def _first_check():
    done = subprocess.run(
        [sys.executable, "-c", FIRST], capture_output=True, text=True, check=True
    )
    return tuple(map(float, done.stdout.split()))


if __name__ == "__main__":
    main()
