"""Compare every notebook as other laptops would compute it: `make portability`.

nbval runs four times: as it is, on two threads, and on two older processors that the
libraries are told to find. Where a stored number is not robust, a run goes red.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

COURSE = Path(__file__).parents[1]
MACHINES = {
    "as it is": {},
    "two threads": {
        "OMP_NUM_THREADS": "2",
        "MKL_NUM_THREADS": "2",
        "OPENBLAS_NUM_THREADS": "2",
    },
    "AVX2 (Haswell, 2013)": {
        "ONEDNN_MAX_CPU_ISA": "AVX2",
        "ATEN_CPU_CAPABILITY": "avx2",
        "OPENBLAS_CORETYPE": "Haswell",
    },
    "SSE4 (Nehalem, 2008)": {
        "ONEDNN_MAX_CPU_ISA": "SSE41",
        "ATEN_CPU_CAPABILITY": "default",
        "MKL_CBWR": "COMPATIBLE",
        "OPENBLAS_CORETYPE": "Nehalem",
    },
}
NOTEBOOKS = ["notebooks", "exercises", "solutions"]


def main(arguments: list[str]) -> int:
    """Run nbval for each machine, on the given notebooks or on all; 0 if all agree."""
    command = [sys.executable, "-m", "pytest", "-q", "-n2", "--dist=loadfile"]
    verdicts = {}
    for machine, settings in MACHINES.items():
        print(f"\n== {machine}", flush=True)
        done = subprocess.run(
            [*command, *(arguments or NOTEBOOKS)],
            cwd=COURSE,
            env={**os.environ, **settings},
            check=False,
        )
        verdicts[machine] = done.returncode
    print()
    for machine, code in verdicts.items():
        print(f"{machine:22} {'agrees' if code == 0 else 'DIFFERS'}")
    return max(verdicts.values())


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
