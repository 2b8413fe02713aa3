"""What every search in archives begins with: the means of a run, and a queue that is up to date.

Why apart from the spider: a backfill in this process and a worker that is brought one host after the other search with
the same means, and only how documents come to them differs.
"""

from __future__ import annotations

from crawler.archiving import Patient
from crawler.backfilling.accepting import Judge
from crawler.backfilling.asking import Asker
from crawler.backfilling.network import Network
from crawler.backfilling.orders import Order
from crawler.backfilling.searching import Means
from crawler.backfilling.standing import Limits
from crawler.planning import backfill_rules
from crawler.session import Session
from crawler.turns import Calls, Turns
from storage.types import utc_now


def means_of(session: Session, network: Network, turns: Turns, wanted: Order) -> Means:
    """What a run searches with.

    Args:
        session: of the run.
        network: how archives are asked.
        turns: when they are.
        wanted: which documents.
    """
    limits, store = Limits.configured(session.configuration), Patient(session.store)
    asker = Asker(
        store=store,
        turns=turns,
        download=network,
        answers=limits.answers,
        max_bytes=limits.max_bytes,
    )
    return Means(
        asker=asker,
        judge=Judge(session),
        put=session.writer.put,
        store=store,
        limits=limits,
        token=session.token,
        by_hand=wanted.by_hand,
        versions=wanted.versions,
    )


async def prepare(store: Calls) -> None:
    """Queue what the rules say is wanted from archives, and forget answers that are no good any more.

    Raises:
        StorageError: of the store.
    """
    now = utc_now()
    await store.call(lambda one: one.forget_answers(before=now))
    await store.call(lambda one: one.queue_backfills(backfill_rules(), now=now))
