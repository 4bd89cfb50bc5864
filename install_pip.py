"""What install.py tells pip, which build of PyTorch it asks for, and why pip failed.

The standard library alone, like install.py.
"""

import contextlib
import re
import subprocess
import sys
import threading
from pathlib import Path

GIGABYTES_NEEDED = 3.0
TIDY_SECONDS = 10

# PyTorch on Linux: PyPI has the build for NVIDIA GPUs, this index the one without.
CPU_INDEX = "https://download.pytorch.org/whl/cpu"
PROBE_SECONDS = 3
GPU_DRIVER = Path("/proc/driver/nvidia/version")

# What pip prints when it fails, and the sentence that a reader can act on.
FAILURES = (
    (
        r"NewConnectionError|ConnectTimeout|ReadTimeout|name resolution|getaddrinfo"
        r"|ProxyError|SSLError|CERTIFICATE_VERIFY|Connection(?:Reset|Refused|Aborted)"
        r"|requirement setuptools\S* \(from versions: none",  # every index has that one
        "The package index could not be reached: check the network (behind a proxy, "
        "set HTTPS_PROXY) and run the same command again; finished downloads are kept.",
    ),
    (
        r"No space left on device|Errno 28|WinError 112",
        "The disk filled up: free about {need:.0f} GB and run the same command again.",
    ),
    (
        r"Permission denied|Errno 13|Read-only file system|Errno 30"
        r"|WinError (?:5|32)\b",
        "A file could not be written (pip names it above): see that you may write in "
        "the course's folder and that nothing there is running, and run the same "
        "command again.",
    ),
    (
        r"error: command '?\S*(?:gcc|cc|clang|cl\.exe)|Microsoft Visual C\+\+"
        r"|Failed (?:building|to build)|unable to execute",
        "A package had to be compiled, because none is built for Python {python} on "
        "this system: use Python 3.11 to 3.13, for which builds exist, or install a C "
        "compiler, and run the same command again.",
    ),
    (
        r"No matching distribution|Could not find a version|Cannot install",
        "The package index offers no build of a needed package for Python {python} on "
        "this system (pip names it above): use Python 3.11 to 3.13.",
    ),
)
OTHER_FAILURE = (
    "pip stopped for the reason printed above: mend it and run the same command again, "
    "or delete the folder .venv to start afresh."
)


class SetupError(Exception):
    """A step failed; the message is the one sentence that says what to do."""


def ask_pip(python, *arguments):
    """Run pip quietly."""
    command = [str(python), "-m", "pip", *arguments]
    return subprocess.run(
        command, capture_output=True, encoding="utf-8", errors="replace", check=False
    )


def pip_install(python, course, *arguments):
    """Run pip with the tested versions for a Python, showing what it says."""
    command = [str(python), "-m", "pip", "install", "--no-input"]
    command += ["--disable-pip-version-check", "-c", "constraints.txt", *arguments]
    said = []
    with subprocess.Popen(
        command, cwd=course, stderr=subprocess.PIPE, encoding="utf-8", errors="replace"
    ) as pip:
        try:
            for line in pip.stderr:
                said.append(line)
                sys.stderr.write(line)
        except KeyboardInterrupt:
            with contextlib.suppress(subprocess.TimeoutExpired):
                pip.wait(TIDY_SECONDS)  # where ^C reached it too, it tidies up
            pip.terminate()
            raise
    if pip.returncode != 0:
        raise SetupError(sentence_for("".join(said)))


def sentence_for(said):
    """The sentence for what pip said as it failed."""
    for pattern, sentence in FAILURES:
        if re.search(pattern, said):
            return sentence.format(need=GIGABYTES_NEEDED, python=python_version())
    return OTHER_FAILURE


def python_version():
    return ".".join(map(str, sys.version_info[:3]))


def torch_build(python, cuda):
    """Choose PyTorch's build: what to tell pip, and the choice with its reason."""
    if sys.platform != "linux":
        return [], "the only build that the package index has for this system."
    settings = ask_pip(
        python, "config", "list"
    ).stdout  # files and environment variables
    if re.search(r"(index-url|find-links)=.*torch|no-index=", settings):
        return [], "from where pip is set up to take it; that is left as it is."
    if cuda:
        return [], "the GPU build, because of --cuda."
    if has_gpu():
        return [], "the GPU build, because there is an NVIDIA GPU."
    if not answers(CPU_INDEX):
        return [], (
            "the package index's build, for GPUs too (several GB), because "
            f"{CPU_INDEX} did not answer within {PROBE_SECONDS} s."
        )
    return ["--extra-index-url", CPU_INDEX], (
        "the CPU build, because no NVIDIA GPU was found (--cuda takes the GPU build)."
    )


def has_gpu():
    """Whether NVIDIA's driver is loaded, or its tool lists a GPU (as in WSL)."""
    if GPU_DRIVER.exists():
        return True
    try:
        found = subprocess.run(
            ["nvidia-smi", "-L"], capture_output=True, timeout=5, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return found.returncode == 0 and found.stdout.startswith(b"GPU")


def answers(index):
    """Whether an index has PyTorch; the time limit holds for name look-ups too."""
    import urllib.request  # here, because the second call of install.py needs none

    answered = threading.Event()

    def ask():
        with contextlib.suppress(Exception):  # whatever fails, the answer is no
            web = urllib.request.build_opener()  # with the proxies of just now
            web.open(f"{index}/torch/", timeout=PROBE_SECONDS).close()
            answered.set()

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(PROBE_SECONDS)
    return answered.is_set()
