"""The calls to the kernel that computing needs: everything else is refused.

Not here, and why: sockets; new processes and threads (NumPy, and torch with one thread,
compute, train and load data without); other processes (kill, ptrace, process_vm_*,
pidfd_*, prlimit of others); whatever outlives the child or is shared (shm*, msg*, sem*,
memfd, timers of other owners); a file's mode, owner, times and attributes, which
Landlock does not cover, nor truncate(2) before its version 3; and all of bpf, io_uring,
userfaultfd, keyrings, mounts, namespaces, perf, personality, exec.
"""

from typing import NamedTuple


class Call(NamedTuple):
    """A call's number on each processor, None where it has no such call."""

    x86_64: int | None
    aarch64: int | None


FREE = {
    # files that are open, or that Landlock lets be opened
    "read": Call(0, 63),
    "write": Call(1, 64),
    "readv": Call(19, 65),
    "writev": Call(20, 66),
    "pread64": Call(17, 67),
    "pwrite64": Call(18, 68),
    "close": Call(3, 57),
    "close_range": Call(436, 436),
    "open": Call(2, None),
    "openat": Call(257, 56),
    "lseek": Call(8, 62),
    "getdents64": Call(217, 61),
    "stat": Call(4, None),
    "fstat": Call(5, 80),
    "lstat": Call(6, None),
    "newfstatat": Call(262, 79),
    "statx": Call(332, 291),
    "access": Call(21, None),
    "faccessat": Call(269, 48),
    "faccessat2": Call(439, 439),
    "readlink": Call(89, None),
    "readlinkat": Call(267, 78),
    "statfs": Call(137, 43),
    "fstatfs": Call(138, 44),
    "getcwd": Call(79, 17),
    "chdir": Call(80, 49),
    "unlink": Call(87, None),
    "unlinkat": Call(263, 35),
    "rename": Call(82, None),
    "renameat": Call(264, 38),
    "renameat2": Call(316, 276),
    "ftruncate": Call(77, 46),
    "dup": Call(32, 23),
    "dup2": Call(33, None),
    "dup3": Call(292, 24),
    "umask": Call(95, 166),
    # memory
    "mmap": Call(9, 222),
    "munmap": Call(11, 215),
    "mremap": Call(25, 216),
    "mprotect": Call(10, 226),
    "madvise": Call(28, 233),
    "brk": Call(12, 214),
    "futex": Call(202, 98),
    "getrandom": Call(318, 278),
    # its own signals, timers and end
    "rt_sigaction": Call(13, 134),
    "rt_sigprocmask": Call(14, 135),
    "rt_sigreturn": Call(15, 139),
    "rt_sigpending": Call(127, 136),
    "rt_sigtimedwait": Call(128, 137),
    "rt_sigsuspend": Call(130, 133),
    "sigaltstack": Call(131, 132),
    "pause": Call(34, None),
    "alarm": Call(37, None),
    "setitimer": Call(38, 103),
    "getitimer": Call(36, 102),
    "restart_syscall": Call(219, 128),
    "exit": Call(60, 93),
    "exit_group": Call(231, 94),
    # the time, and who and where it is
    "clock_gettime": Call(228, 113),
    "clock_getres": Call(229, 114),
    "clock_nanosleep": Call(230, 115),
    "nanosleep": Call(35, 101),
    "gettimeofday": Call(96, 169),
    "time": Call(201, None),
    "times": Call(100, 153),
    "getrusage": Call(98, 165),
    "getpid": Call(39, 172),
    "getppid": Call(110, 173),
    "gettid": Call(186, 178),
    "getuid": Call(102, 174),
    "geteuid": Call(107, 175),
    "getgid": Call(104, 176),
    "getegid": Call(108, 177),
    "getresuid": Call(118, 148),
    "getresgid": Call(120, 150),
    "getgroups": Call(115, 158),
    "getpgrp": Call(111, None),
    "getpgid": Call(121, 155),
    "getsid": Call(124, 156),
    "getcpu": Call(309, 168),
    "capget": Call(125, 90),
    "sched_getaffinity": Call(204, 123),
    "sched_yield": Call(24, 124),
    "uname": Call(63, 160),
    "sysinfo": Call(99, 179),
}

# Whether it is a terminal, how large, close-on-exec: TCGETS, TIOCGWINSZ, FIONREAD,
# FIONCLEX, FIOCLEX. TIOCSTI, which types into a terminal, is none of them.
IOCTL = Call(16, 29), (0x5401, 0x5413, 0x541B, 0x5450, 0x5451)

# F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC. F_SETOWN and F_SETSIG,
# which send signals to others, are none of them.
FCNTL = Call(72, 25), (0, 1, 2, 3, 4, 1030)

# PR_SET_NAME and questions: name, dumpable, seccomp, no_new_privs, death signal.
PRCTL = Call(157, 167), (15, 16, 3, 21, 39, 2)

PRLIMIT = Call(302, 261)  # to ask only
TGKILL = Call(234, 131)  # to itself only: abort() and raise()
