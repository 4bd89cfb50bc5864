"""Let `python -m coursekit` do what the command `coursekit` does."""

import sys

from coursekit.cli import main

if __name__ == "__main__":
    sys.exit(main())
