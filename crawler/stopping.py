"""How a program of ours is asked to stop, and how it says by its exit status that it was.

Ctrl-C and SIGTERM mean the same to every command: what is done so far stays stored, what is under way is ended in
order, and the same command run again goes on. The exit status is the shell's convention, 128 and the signal's number:
130 for Ctrl-C, 143 for SIGTERM.

Why SIGTERM becomes Ctrl-C, and not an exception of its own: every command, and asyncio around it, knows how to stop on
that. Its default action ends the process at once, with its row open, its leases held and its WARC file torn.

Why a second signal is not held off: whoever sends it has waited long enough. What is stored is safe at any moment.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

STOPPING = (signal.SIGINT, signal.SIGTERM)
"""What asks a command to stop."""

_SHELLS = 128


def status_of(number: int) -> int:
    """The exit status of a command that a signal stopped."""
    return _SHELLS + number


STATUSES = tuple(map(status_of, STOPPING))
"""The exit statuses of a command that was stopped by them."""


@dataclass(slots=True)
class _Asked:
    """The last signal that asked this process to stop; 0 while none did."""

    signal: int = 0


_asked = _Asked()


def asked_by(number: int) -> None:
    """A signal asked this process to stop."""
    _asked.signal = number


def terminated(number: int, _frame: FrameType | None) -> None:
    """A handler of SIGTERM: as if somebody had pressed Ctrl-C."""
    asked_by(number)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as in the background of a shell
        raise KeyboardInterrupt
    signal.raise_signal(signal.SIGINT)


def stopped_status() -> int:
    """The exit status of this command, which was stopped; Ctrl-C's where no signal is known."""
    return status_of(_asked.signal or signal.SIGINT)


@contextmanager
def stoppable(*, anew: bool = False) -> Iterator[None]:
    """SIGTERM is Ctrl-C inside; does nothing outside the main thread.

    Args:
        anew: Ctrl-C is itself again, too, whatever somebody who is gone made of it.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    handlers = {signal.SIGTERM: terminated} | ({signal.SIGINT: signal.default_int_handler} if anew else {})
    with handlers_kept(handlers):
        for number, handler in handlers.items():
            signal.signal(number, handler)
        yield


@contextmanager
def handlers_kept(numbers: Iterable[int]) -> Iterator[None]:
    """Whatever is set for these signals inside, afterwards their handlers are those of before."""
    before = [(number, signal.getsignal(number)) for number in numbers]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)
