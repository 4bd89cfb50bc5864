"""What imports cost beside NumPy's, each in a fresh process, in turns."""

import statistics
import subprocess
import sys

ROUNDS = 15
TIMED = """
import time
start = time.perf_counter()
{statement}
print(time.perf_counter() - start)
"""
STATEMENTS = (
    "import numpy",
    "import numpy, coursekit",
    "import numpy, coursekit.ops",
    "from coursekit.grade import check",
)


def seconds(statement: str) -> float:
    """Time one import statement in a new interpreter, whose start does not count."""
    command = [sys.executable, "-c", TIMED.format(statement=statement)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout)


def main() -> None:
    """Print the median, the spread and the ratio to `import numpy`."""
    for statement in STATEMENTS:
        seconds(statement)  # compiles what is not compiled yet
    rounds = [[seconds(statement) for statement in STATEMENTS] for _ in range(ROUNDS)]
    print(f"{'statement':36}{'median ms':>10}{'quartiles':>16}{'x numpy':>9}")
    numpy = statistics.median(times[0] for times in rounds)
    for statement, times in zip(STATEMENTS, zip(*rounds, strict=True), strict=True):
        low, middle, high = statistics.quantiles(times, n=4)
        spread = f"{1e3 * low:.1f} to {1e3 * high:.1f}"
        ratio = middle / numpy
        print(f"{statement:36}{1e3 * middle:10.1f}{spread:>16}{ratio:9.2f}")


if __name__ == "__main__":
    main()
