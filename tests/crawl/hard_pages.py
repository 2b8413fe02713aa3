"""What a page can do to a worker, as functions that a worker finds by name; the page's content says which."""

import os
import signal
import time

from crawler.extraction import NoArticle
from storage.types import Outcome


def misbehave(page):
    return _DEEDS[page.content](page)


def answer(page):
    return NoArticle(outcome=Outcome.NO_ARTICLE, detail=str(os.getpid()))


def doze(page):
    time.sleep(0.8)
    return answer(page)


def be_ended(page):
    os.kill(os.getpid(), signal.SIGTERM)


def hang(page):
    time.sleep(60)


def hang_with_the_interpreter_lock(page):
    import re  # noqa: PLC0415 - the worker needs it for this deed only

    re.match(r"(a|a)*b", "a" * 200)


def eat_memory(page):
    kept = []
    while True:
        kept.append(bytearray(16 << 20))


def leave(page):
    os._exit(3)


def crash(page):
    os.kill(os.getpid(), signal.SIGSEGV)


def mistake(page):
    raise LookupError("our own mistake")


_DEEDS = {
    function.__name__.encode(): function
    for function in (answer, doze, be_ended, hang, hang_with_the_interpreter_lock, eat_memory, leave, crash, mistake)
}
