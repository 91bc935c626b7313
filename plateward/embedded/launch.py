"""Becomes another program that dies with its parent, however the parent dies.

Run by its path, never imported: `python -I -S launch.py PARENT_PID SIGNAL UID GID PROGRAM [ARGUMENT ...]`, where a
UID of -1 leaves the account as it is. It goes through a program of its own because a `preexec_fn` may deadlock
beside threads, and because the kernel forgets the death signal when the account changes after it was asked for.
The parent, to the kernel, is the thread that forked: start children from a thread that lives as long as they should.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1  # of <linux/prctl.h>


def _change_account(uid: int, gid: int) -> None:
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


def _die_with(parent: int, death_signal: int) -> None:
    if not sys.platform.startswith("linux"):
        return
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, death_signal, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) failed")
    if os.getppid() != parent:  # it died before we asked
        sys.exit(1)


def _main() -> None:
    parent, death_signal, uid, gid = (int(argument) for argument in sys.argv[1:5])
    program = sys.argv[5:]
    if uid >= 0:
        _change_account(uid, gid)
    _die_with(parent, death_signal)
    # Python ignores these two, and what is ignored stays so in the program that we become.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    os.execvp(program[0], program)  # noqa: S606


if __name__ == "__main__":
    _main()
