"""Orders for stories: articles that wait are compared with all others again, a slice at a time.

Why one order for the whole library, and so one worker at a time: comparing is a writing transaction, and those come one
after the other in any case. What is pure in it, fingerprints and verdicts, is a seventh of the processor's time (1.2 ms
of 9 an article, the database's included). More than half goes into looking for candidates, which must stay where it is:
of two articles that two workers looked at before either was written, neither would find the other.
"""

from __future__ import annotations

import logging
import time
from functools import partial

from crawler.comparing import compare_next
from crawler.queueing.orders import HostOrder, Served
from crawler.session import Session
from crawler.working.own_library import own_library
from storage.errors import StoreUnavailable

log = logging.getLogger(__name__)


async def serve(session: Session, _order: HostOrder) -> Served:
    """Compare articles that wait for a slice; what was compared waits no longer, so each slice begins in front."""
    ends_at = time.monotonic() + session.configuration.number("workers.slice_s")
    after = documents = 0
    try:
        async with own_library(session.configuration) as (_, thread):
            while compared := await thread.call(partial(compare_next, after=after)):
                after = compared.last
                documents += compared.articles
                if time.monotonic() >= ends_at:
                    return Served(documents=documents, more=True)
    except StoreUnavailable as problem:
        log.warning("articles are compared later: %s", problem)
        return Served(documents=documents, more=True)
    return Served(documents=documents)
