"""One command of ours as a child process, for a command that needs two of them.

Why a process and not a call: both would crawl, and a Twisted reactor cannot be started twice.

Why the child has a process group of its own and is told of signals by us: Ctrl-C on a terminal goes to the whole group,
and ``kill`` to one process; handed on by hand, the child hears each signal once, and a second Ctrl-C still means "now".
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from crawler.configuration import LIBRARY_VARIABLE
from crawler.stopping import asked_by

# Interrupted while it is being loaded, it ends without a traceback.
_PROGRAM = """
from signal import SIG_DFL, SIGINT, default_int_handler, signal
signal(SIGINT, SIG_DFL)
from crawler.cli import main
signal(SIGINT, default_int_handler)
main()
"""
_PASSED_ON = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ended:
    """How a command ended.

    Attributes:
        status: its exit status; negative: the signal that killed it.
        out: what it printed on standard output.
    """

    status: int
    out: bytes


def run_child(words: Sequence[str], folder: Path) -> Ended:
    """Run ``dateline WORDS`` in a folder to its end; its standard error is ours.

    The library is the one that the folder's ``dateline.toml`` means, whatever our own environment names.
    """
    environment = {name: value for name, value in os.environ.items() if name != LIBRARY_VARIABLE}
    process = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", _PROGRAM, *words],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        process_group=0,
    )
    with process, _passing_on(process):
        out, _ = process.communicate()
    return Ended(status=process.returncode, out=out)


@contextmanager
def _passing_on(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Hand signals on to the child while it runs; killed without one, it does not outlive us."""

    def told(number: int, _frame: FrameType | None) -> None:
        asked_by(number)
        process.send_signal(number)

    before = [(number, signal.signal(number, told)) for number in _PASSED_ON]
    try:
        yield
    except BaseException:
        process.kill()
        raise
    finally:
        for number, handler in before:
            signal.signal(number, handler)
