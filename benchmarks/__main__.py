"""Run the measurements, all or those named: python -m benchmarks [NAME ...].

A measurement is a file bench_NAME.py with a `main()` that prints its own table. Options
after the name of one go to it: python -m benchmarks classroom --part speed.
"""

import importlib
import sys
from itertools import takewhile
from pathlib import Path

FILES = sorted(Path(__file__).parent.glob("bench_*.py"))


def main(words: list[str]) -> int:
    """Run each measurement that is named; 2 if there is none of that name."""
    names = list(takewhile(lambda word: not word.startswith("-"), words))
    options = words[len(names) :]
    if options and len(names) != 1:
        print(f"{options[0]} follows the name of the one measurement that it is for.")
        return 2
    known = [file.stem.removeprefix("bench_") for file in FILES]
    if unknown := [name for name in names if name not in known]:
        print(f"No measurement {unknown[0]!r}. There are: {', '.join(known)}.")
        return 2
    for name in names or known:
        print(f"\n== {name}\n", flush=True)
        importlib.import_module(f"benchmarks.bench_{name}").main(*options)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
