"""Daily counts, in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date

from storage.daily import tally
from storage.memory.library import Library
from storage.types import Archived, FetchResult, HostDay, Outcome


def count_days(library: Library, results: Collection[FetchResult], archived: Iterable[Archived]) -> None:
    """Add what was stored to the counts of its days."""
    asked = {result.attempt.document_id for result in results} & library.documents.keys()
    hosts = {document_id: library.documents[document_id].host for document_id in asked}
    for place, (attempts, articles) in tally(results, archived, hosts).items():
        known = library.days.get(place, (0, 0))
        library.days[place] = (known[0] + attempts, known[1] + articles)


def host_days(library: Library, *, since: date, until: date, host: str) -> Iterator[HostDay]:
    """See `storage.upkeep_store.UpkeepStore.host_days`."""
    for (day, name, archive, outcome), (attempts, articles) in sorted(library.days.items()):
        if since <= day <= until and host in {"", name}:
            yield HostDay(
                day=day, host=name, outcome=Outcome(outcome), attempts=attempts, articles=articles, archive=archive
            )
