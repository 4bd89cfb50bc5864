"""Let `python -m coursekit` do what the command `coursekit` does."""

import os
import sys

from coursekit.cli import main


def run() -> int:
    """Run the command; in a Python without the course's packages, say where it is."""
    try:
        return main()
    except ModuleNotFoundError as error:
        package = (error.name or "coursekit").split(".")[0]
        if package == "coursekit" or package in sys.stdlib_module_names:
            raise
    python, there = "python3", ".venv/bin/python"
    if os.name == "nt":
        python, there = "py", r".venv\Scripts\python"
    again = " ".join([there, "-m coursekit", *sys.argv[1:]])
    print(
        f"{package} is not installed for {sys.executable}: in the course's folder run "
        f"{python} install.py, then {again}",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(run())
