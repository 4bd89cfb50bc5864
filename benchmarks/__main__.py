"""Run the measurements, all or those named: python -m benchmarks [NAME ...].

A measurement is a file bench_NAME.py with a `main()` that prints its own table.
"""

import importlib
import sys
from pathlib import Path

FILES = sorted(Path(__file__).parent.glob("bench_*.py"))


def main(names: list[str]) -> int:
    """Run each measurement that is named; 2 if there is none of that name."""
    known = [file.stem.removeprefix("bench_") for file in FILES]
    if unknown := [name for name in names if name not in known]:
        print(f"No measurement {unknown[0]!r}. There are: {', '.join(known)}.")
        return 2
    for name in names or known:
        print(f"\n== {name}\n", flush=True)
        importlib.import_module(f"benchmarks.bench_{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
