"""Which PyTorch pip is asked for, and the sentence where pip failed."""

import http.server
import os
import shutil
import socket
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

FILE = Path(__file__).parents[2] / "install.py"
GPU_TOOL = '#!/bin/sh\n[ "$1" = -L ] && echo "{said}"\nexit {code}\n'


@pytest.fixture
def linux(install_pip, monkeypatch, tmp_path):
    """Let install_pip.py see a Linux without a GPU, whose pip has no settings."""
    monkeypatch.setattr(install_pip.sys, "platform", "linux")
    monkeypatch.setenv("PATH", str(tmp_path))
    install_pip.GPU_DRIVER = tmp_path / "version"
    install_pip.answers = lambda index: index == install_pip.CPU_INDEX
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    return install_pip


def test_without_a_gpu_pip_is_given_the_index_of_cpu_builds(linux):
    options, choice = linux.torch_build(sys.executable, cuda=False)
    assert options == ["--extra-index-url", "https://download.pytorch.org/whl/cpu"]
    assert choice.startswith("the CPU build, because no NVIDIA GPU was found (--cuda")


def test_an_index_that_does_not_answer_changes_nothing(linux):
    linux.answers = lambda index: False
    options, choice = linux.torch_build(sys.executable, cuda=False)
    assert options == []
    assert "whl/cpu did not answer within 3 s" in choice


def test_who_asks_for_the_gpu_build_gets_it(linux):
    options, choice = linux.torch_build(sys.executable, cuda=True)
    assert (options, choice) == ([], "the GPU build, because of --cuda.")


def test_a_loaded_driver_means_a_gpu(linux):
    linux.GPU_DRIVER.touch()
    options, choice = linux.torch_build(sys.executable, cuda=False)
    assert options == []
    assert choice == "the GPU build, because there is an NVIDIA GPU."


@pytest.mark.parametrize(
    ("said", "code", "gpu"),
    [("GPU 0: H100", 0, True), ("GPU 0: H100", 9, False), ("No devices", 0, False)],
)
def test_the_drivers_tool_is_believed_only_if_it_lists_a_gpu(
    linux, tmp_path, said, code, gpu
):
    tool = tmp_path / "nvidia-smi"
    tool.write_text(GPU_TOOL.format(said=said, code=code), encoding="utf-8")
    tool.chmod(0o755)
    assert linux.has_gpu() == gpu


@pytest.mark.parametrize(
    ("variable", "value", "kept"),
    [
        ("PIP_INDEX_URL", "https://download.pytorch.org/whl/cu126", True),
        ("PIP_EXTRA_INDEX_URL", "https://a.example/ https://b.example/torch", True),
        ("PIP_FIND_LINKS", "https://download.pytorch.org/whl/torch_stable.html", True),
        ("PIP_NO_INDEX", "1", True),
        ("PIP_INDEX_URL", "https://mirror.example/simple", False),
        ("PIP_EXTRA_INDEX_URL", "https://mirror.example/simple", False),
    ],
)
def test_a_pytorch_index_of_the_readers_own_is_left_as_it_is(
    linux, monkeypatch, variable, value, kept
):
    monkeypatch.setenv(variable, value)
    options, choice = linux.torch_build(sys.executable, cuda=False)
    assert (not options) == kept
    assert choice.startswith("from where pip is set up" if kept else "the CPU build")


def test_a_pytorch_index_in_a_file_of_pips_is_left_too(linux, monkeypatch, tmp_path):
    file = tmp_path / "pip.conf"
    file.write_text("[install]\nextra-index-url = https://x.example/torch\n", "utf-8")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(file))
    assert linux.torch_build(sys.executable, cuda=True)[0] == []
    assert "left as it is" in linux.torch_build(sys.executable, cuda=False)[1]


def test_other_systems_have_one_build_and_nothing_is_asked(linux, monkeypatch):
    monkeypatch.setattr(linux.sys, "platform", "darwin")
    options, choice = linux.torch_build(sys.executable, cuda=False)
    assert options == []
    assert choice.startswith("the only build")


def test_the_choice_reaches_pip_and_is_said_in_one_line(course, linux, capsys):
    course.install.install("")
    (asked,) = course.asked()
    assert asked[-4:] == ["--extra-index-url", linux.CPU_INDEX, "-e", "."]
    assert "PyTorch: the CPU build, because" in capsys.readouterr().out


def test_asking_for_the_gpu_build_later_replaces_the_cpu_build(course, linux):
    course.install.install("")
    installed = course.site / "torch-2.13.0+cpu.dist-info"
    installed.mkdir()
    course.install.install("", cuda=True)
    assert not installed.exists()
    assert course.asked()[-1][-2:] == ["-e", "."]


class Index(http.server.BaseHTTPRequestHandler):
    """An index, or a proxy before one, that writes down what it is asked."""

    def do_GET(self):
        self.server.asked.append(self.path)
        self.send_response(self.server.status)
        self.end_headers()

    def do_CONNECT(self):
        self.server.asked.append(f"CONNECT {self.path}")
        self.send_error(403)

    def log_message(self, *_):
        pass


@contextmanager
def served(status=200):
    """Serve an index on this machine; give its server and address."""
    with http.server.HTTPServer(("127.0.0.1", 0), Index) as server:
        server.asked, server.status = [], status
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server, f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def answers(install, monkeypatch):
    """Give the look at an index, in a Python that knows no proxy."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    return sys.modules["install_pip"].answers


@pytest.mark.parametrize(("status", "there"), [(200, True), (403, False), (404, False)])
def test_an_index_answers_if_it_has_a_page_for_torch(answers, status, there):
    with served(status) as (server, address):
        assert answers(f"{address}/whl/cpu") == there
    assert server.asked == ["/whl/cpu/torch/"]


def test_the_index_is_asked_through_the_proxy(answers, monkeypatch):
    with served() as (server, address):
        monkeypatch.setenv("HTTP_PROXY", address)
        monkeypatch.setenv("HTTPS_PROXY", address)
        assert answers("http://no-such.invalid/cpu")
        assert not answers("https://no-such.invalid/cpu")
    assert server.asked == [
        "http://no-such.invalid/cpu/torch/",
        "CONNECT no-such.invalid:443",
    ]


def test_a_closed_port_and_a_broken_address_are_no_answer(answers):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]  # free, and closed again when it is asked
    assert not answers(f"http://127.0.0.1:{port}")
    assert not answers("nonsense")


def test_a_name_look_up_that_hangs_is_not_waited_for(answers, install_pip, monkeypatch):
    waiting, free = threading.Event(), threading.Event()

    def hang(*_, **__):
        waiting.set()
        free.wait()
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    monkeypatch.setattr(install_pip, "PROBE_SECONDS", 0.2)
    assert not answers("http://no-such.invalid")
    assert waiting.is_set()
    assert not free.is_set()
    free.set()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (
            "Retrying after connection broken by 'NewConnectionError(...)'",
            "HTTPS_PROXY",
        ),
        ("ConnectTimeoutError(...)\nERROR: No matching distribution", "HTTPS_PROXY"),
        ("OSError: [Errno 28] No space left on device", "free about 3 GB"),
        (
            "ERROR: Could not install: [Errno 13] Permission denied: 'x'",
            "you may write",
        ),
        ("OSError: [Errno 30] Read-only file system: '/x'", "you may write"),
        ("PermissionError: [WinError 5] Access is denied", "nothing there is running"),
        ("error: command 'gcc' failed: No such file", "install a C compiler"),
        ("error: Microsoft Visual C++ 14.0 is required", "install a C compiler"),
        ("ERROR: No matching distribution found for torch==2.13.0", "no build"),
        ("something unheard of", "for the reason printed above"),
    ],
)
def test_what_pip_said_becomes_a_sentence_with_a_remedy(install_pip, said, sentence):
    answer = install_pip.sentence_for(said)
    assert sentence in answer
    assert answer.count("\n") == 0
    assert "{" not in answer


def test_without_a_network_pip_fails_and_the_sentence_says_so(install_pip, monkeypatch):
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]  # free, and closed again when pip calls
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{port}/simple")
    monkeypatch.setenv("PIP_RETRIES", "0")
    course = sys.modules["install"].ROOT
    for name in ("pyproject.toml", "constraints.txt"):
        shutil.copy(FILE.with_name(name), course)
    with pytest.raises(install_pip.SetupError, match="index could not be reached"):
        install_pip.pip_install(sys.executable, course, "-e", ".")
