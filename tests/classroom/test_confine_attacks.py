"""What hostile code tries from behind the walls, and that nothing comes of it.

Each attack runs in a child that is closed in, as the user of the tests and as nobody;
what it aims at was made for it: the server of the tests, and files beside its scratch.
"""

import errno
import signal

import pytest

START = """
import ctypes, fcntl, mmap, os, pathlib, resource, signal, socket, subprocess, sys
import numpy as np
C = ctypes.CDLL(None, use_errno=True)
parent, here = os.getppid(), pathlib.Path.cwd()
other = here.parent / "other.txt"
two_words = (ctypes.c_uint64 * 2)(99, 99)

def called(result):
    if result == -1:
        raise OSError(ctypes.get_errno(), "the kernel says no")

def syscall(*numbers):
    called(C.syscall(*map(ctypes.c_long, numbers)))

def kept_out(attack):
    try:
        attack()
    except OSError as error:
        print(error.errno, end="")
    else:
        print("made", end="")

"""

OTHER_PROCESSES = {
    "read the parent's memory": "open(f'/proc/{parent}/mem', 'rb')",
    "read its own memory by name": "open('/proc/self/mem', 'rb')",
    "trace the parent": "called(C.ptrace(16, parent, 0, 0))",
    "let the parent trace it": "called(C.ptrace(0, 0, 0, 0))",
    "read another's memory": "called(C.process_vm_readv(parent, 0, 0, 0, 0, 0))",
    "write another's memory": "called(C.process_vm_writev(parent, 0, 0, 0, 0, 0))",
    "end the parent": "os.kill(parent, signal.SIGKILL)",
    "end its group": "os.killpg(os.getpgid(parent), signal.SIGKILL)",
    "end a thread of the parent": "called(C.tgkill(parent, parent, 9))",
    "queue a signal": "called(C.sigqueue(parent, 10, None))",
    "hold a process": "os.pidfd_open(parent)",
    "send signals by a file": "fcntl.fcntl(0, fcntl.F_SETOWN, parent)",
    "limit the parent": "called(C.prlimit(parent, 0, two_words, 0))",
    "look at the parent's limits": "called(C.prlimit(parent, 0, 0, two_words))",
    "slow the parent down": "os.setpriority(os.PRIO_PROCESS, parent, 19)",
    "move the parent": "os.sched_setaffinity(parent, {0})",
    "type into a terminal": "fcntl.ioctl(0, 0x5412, b'x')",
    "share memory": "called(C.shmget(1, 4096, 0o1600))",
}
FILES = {
    "read another's answer": "other.read_text()",
    "list the folder above": "os.listdir('..')",
    "list all": "os.listdir('/')",
    "list temporary files": "os.listdir('/tmp')",
    "read the users": "open('/etc/passwd')",
    "read a home": "os.listdir(os.path.expanduser('~'))",
    "read the course": "open(sys.modules['coursekit'].__file__)",
    "list its exercises": (
        "os.listdir(pathlib.Path(sys.modules['coursekit'].__file__).parent / 'bank')"
    ),
    "read by way of /proc": "open(f'/proc/self/root{other}')",
    "read the environment": "open('/proc/self/environ')",
    "read after a change of folder": "(os.chdir('..'), open('other.txt'))",
    "write to another's": "open(other, 'w')",
    "append to another's": "open(other, 'a')",
    "cut another's": "os.truncate(other, 0)",
    "remove another's": "other.unlink()",
    "replace another's": "((here / 'x').write_text(''), os.replace('x', other))",
    "take another's": "os.rename(other, here / 'x')",
    "link to another's": "os.link(other, here / 'x')",
    "point to another's": "os.symlink(other, here / 'x')",
    "change its mode": "other.chmod(0o777)",
    "change its owner": "os.chown(other, os.getuid(), os.getgid())",
    "change its times": "os.utime(other, (0, 0))",
    "mark it": "os.setxattr(other, 'user.x', b'x')",
    "make a file beside": "(here.parent / 'new').write_text('')",
    "make a folder": "(here / 'deep').mkdir()",
    "make a pipe": "os.mkfifo('pipe')",
    "make a device": "os.mknod('device', 0o20600, os.makedev(1, 3))",
    "change the root": "os.chroot('.')",
}
NETWORK = {
    "tcp": "socket.socket(socket.AF_INET, socket.SOCK_STREAM)",
    "tcp 6": "socket.socket(socket.AF_INET6, socket.SOCK_STREAM)",
    "udp": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
    "unix": "socket.socket(socket.AF_UNIX)",
    "netlink": "socket.socket(16, socket.SOCK_RAW)",
    "a pair": "socket.socketpair()",
}
PROCESSES = {
    "fork": "os.fork()",
    "vfork": "called(C.vfork())",
    "spawn": "os.posix_spawn(sys.executable, ['python'], {})",
    "run": "subprocess.run([sys.executable, '-V'])",
    "shell": "os.execv('/bin/sh', ['sh'])",
    "system": "called(-(C.system(b'true') != 0))",
    "a file in memory": "os.memfd_create('x')",
    "a new session": "os.setsid()",
    "a thread by clone3": "syscall(435, 0, 0)",
    "a call of x32": "syscall(0x40000000 | 39)",
}
KERNEL = {
    "raise its limits": "called(C.prlimit(0, 7, two_words, 0))",
    "be traced again": "called(C.prctl(4, 1, 0, 0, 0))",
    "outlive the parent": "called(C.prctl(1, 0, 0, 0, 0))",
    "another filter": "called(C.prctl(22, 2, 0, 0, 0))",
    "another rule": "syscall(444, 0, 0, 1)",
    "be root": "os.setuid(0)",
    "a namespace": "called(C.unshare(0x10000000))",
    "mount": "called(C.mount(0, b'/', 0, 0, 0))",
    "personality": "called(C.personality(0x40000))",
    "io_uring": "syscall(425, 1, 0)",
}
ATTACKS = OTHER_PROCESSES | FILES | NETWORK | PROCESSES | KERNEL
KINDS = {errno.EPERM, errno.EACCES, errno.EXDEV}  # EXDEV: into or out of the folder


def run(jail, source: str, walls: str = "writing"):
    answer = jail.run(START + source, walls)
    alive = jail.run("print('next', end='')")
    assert (alive.printed, alive.signal) == ("next", 0)
    return answer


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_reaches_others_is_refused(jail, attack):
    answer = run(jail, f"kept_out(lambda: {ATTACKS[attack]})")
    assert answer.signal == 0
    assert int(answer.printed) in KINDS
    assert set(answer.left) <= {"x"}


def test_every_call_that_is_not_listed_is_refused(jail):
    answer = run(
        jail,
        """
import platform
from coursekit.classroom.confine import calls
some = [calls.IOCTL[0], calls.FCNTL[0], calls.PRCTL[0], calls.PRLIMIT, calls.TGKILL]
listed = {getattr(call, platform.machine()) for call in [*calls.FREE.values(), *some]}
if platform.machine() == "x86_64":
    listed |= {335, 336}  # of the kernel's own probes: before any filter, SIGILL
for number in {*range(700), *range(0x40000000, 0x40000000 + 700)} - listed:
    if C.syscall(*map(ctypes.c_long, (number, 0, 0, 0, 0, 0, 0))) != -1:
        print(number, "was made")
    elif ctypes.get_errno() != 1:
        print(number, "came to", ctypes.get_errno())
print("all tried", len(listed), end="")
""",
    )
    assert answer.printed.startswith("all tried")


@pytest.mark.parametrize(
    "bomb",
    [
        "x = [0] * 10**9",
        "x = bytearray(2**30)",
        "x = np.ones(2**27)",
        "x = np.empty(2**40)",
        "x = [np.ones(2**20) for _ in range(100)]",
        "x = 'a' * 2**30",
    ],
)
def test_a_memory_bomb_meets_a_memory_error(jail, bomb):
    answer = run(jail, bomb)
    assert "MemoryError" in answer.printed
    assert not answer.signal


def test_memory_can_also_not_be_had_by_mapping(jail):
    answer = run(jail, "kept_out(lambda: mmap.mmap(-1, 2**29))")
    assert answer.printed == str(errno.ENOMEM)


@pytest.mark.parametrize(
    "start",
    [
        "import threading; threading.Thread(target=int).start()",
        "import _thread; _thread.start_new_thread(int, ())",
        "import concurrent.futures as f; f.ThreadPoolExecutor().submit(int)",
    ],
)
def test_a_thread_bomb_starts_no_thread(jail, start):
    assert run(jail, start).printed == "RuntimeError: can't start new thread"


def test_many_processes_at_once_start_none(jail):
    answer = run(jail, "import multiprocessing as m; m.Process(target=int).start()")
    assert "Error 1: " in answer.printed


def test_a_file_grows_to_the_limit_and_not_beyond(jail):
    answer = run(jail, "kept_out(lambda: open('x', 'wb').write(bytes(2**22)))")
    assert (answer.printed, answer.left) == (str(errno.EFBIG), ["x"])


def test_a_limit_of_no_bytes_makes_no_file_at_all(jail):
    answer = run(jail, "kept_out(lambda: open('x', 'wb'))", walls="reading")
    assert (answer.printed, answer.left) == (str(errno.EACCES), [])


def test_open_files_are_counted(jail):
    answer = run(jail, "kept_out(lambda: [os.dup(0) for _ in range(100)])")
    assert answer.printed == str(errno.EMFILE)


def test_a_loop_ends_with_the_processors_time_even_where_signals_are_ignored(jail):
    answer = run(
        jail,
        "signal.signal(signal.SIGXCPU, signal.SIG_IGN)\n"
        "resource.setrlimit = None\n"
        "while True: pass",
    )
    assert answer.signal == signal.SIGKILL


def test_only_descriptors_that_are_kept_stay_open(jail):
    answer = run(
        jail,
        """
for number in range(3, 2000):
    try:
        os.fstat(number)
    except OSError:
        continue
    print(number)
print("looked", end="")
""",
    )
    assert answer.printed == "looked"
