"""Which of the copies that an index lists are worth fetching, best first.

Why on our side: servers sort by distance badly or not at all, and none of them knows which rows repeat each other.
What is ranked, in this order: not before publication; a page before a copy that may be one before a redirect; the
address as it is cited before one that merely shares its SURT; the nearest. Of copies with one digest only the best
stands there, the others follow at the end: they show the same, and matter only where the best cannot be replayed.

Why a copy from before publication is put last and not left out: the day of an entry may be wrong by one, and how far
before it is asked at all is the window's to say (``backfill.before_days``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from operator import attrgetter

from crawler.archives.protocol import CdxRecord, Window

BEFORE_PUBLICATION = timedelta(days=1)
"""Dates of entries are days without a time zone."""
PAGES = frozenset({200, 203, 226})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
READABLE = frozenset({"text/html", "application/xhtml+xml", "application/vnd.wap.xhtml+xml", "application/pdf"})
"""Media types that may give an article."""
_LEADING = ("http://", "https://")
_PAGE, _PERHAPS, _REDIRECT = range(3)


def clean(records: Iterable[CdxRecord]) -> tuple[CdxRecord, ...]:
    """The copies by time, each once, revisits resolved as far as the list allows.

    - Rows of one moment and one URL are one copy: a replay can give one only. The one that looks most like a page
      stands for them; where their digests differ, it knows all, because nobody can tell which bytes will come.
    - A revisit takes status and type from a copy with the same digest, wherever in the list it stands: servers resolve
      only those whose original comes before and within the window.
    """
    groups: dict[tuple[str, str], list[CdxRecord]] = {}
    for record in records:
        groups.setdefault((record.timestamp, record.url), []).append(record)
    return _resolved(sorted(map(_one_of, groups.values()), key=attrgetter("timestamp", "url")))


def ranked(
    records: Sequence[CdxRecord], window: Window, *, versions: bool = False, url: str = ""
) -> tuple[CdxRecord, ...]:
    """The copies worth fetching, best first; see the module.

    Args:
        records: as `clean` gives them.
        window: copies outside are left out; ``near`` is what they are ranked by.
        versions: instead of the best, one copy per digest by time: all states of the page that the archive has.
        url: as it is cited; empty: all addresses under the SURT are alike.
    """
    worth = [record for record in records if _within(record, window) and _kind(record) is not None]
    if versions:
        return _versions(worth)
    order = sorted(worth, key=lambda record: _rank(record, window, url))
    return _distinct_first(order)


def _one_of(group: list[CdxRecord]) -> CdxRecord:
    best = min(group, key=lambda record: (_kind_or_last(record), record.revisit, not record.digest))
    others = dict.fromkeys(record.digest for record in group if record.digest and record.digest != best.digest)
    return replace(best, other_digests=tuple(others)) if others else best


def _resolved(records: list[CdxRecord]) -> tuple[CdxRecord, ...]:
    originals: dict[str, list[CdxRecord]] = {}
    for record in records:
        if record.digest and not record.revisit and record.status is not None:
            originals.setdefault(record.digest, []).append(record)
    return tuple(_with_status(record, originals.get(record.digest, ())) for record in records)


def _with_status(record: CdxRecord, originals: Sequence[CdxRecord]) -> CdxRecord:
    if not record.revisit or record.status is not None or not originals:
        return record
    # An empty body has one digest under many statuses: the address and then the time decide.
    original = min(originals, key=lambda one: (one.url != record.url, abs(one.captured_at - record.captured_at)))
    return replace(record, status=original.status, media_type=original.media_type)


def _within(record: CdxRecord, window: Window) -> bool:
    after = window.since is None or record.captured_at >= window.since
    return after and (window.until is None or record.captured_at <= window.until)


def _kind(record: CdxRecord) -> int | None:
    """What a copy probably is; ``None`` for an error, an empty answer or what gives no article."""
    if record.status in REDIRECTS:
        return _REDIRECT
    if record.media_type and record.media_type not in READABLE:
        return None
    if record.status in PAGES:
        return _PAGE
    return _PERHAPS if record.status is None else None


def _kind_or_last(record: CdxRecord) -> int:
    kind = _kind(record)
    return _REDIRECT + 1 if kind is None else kind


def _rank(record: CdxRecord, window: Window, url: str) -> tuple[bool, int, bool, timedelta, bool, str]:
    near = window.near
    too_early = near is not None and record.captured_at < near - BEFORE_PUBLICATION
    distance = abs(record.captured_at - (near or datetime.min.replace(tzinfo=UTC)))
    other = bool(url) and _spelling(record.url) != _spelling(url)
    return too_early, _kind_or_last(record), other, distance, bool(url) and record.url != url, record.timestamp


def _spelling(url: str) -> str:
    """A URL without what never tells two pages apart: the scheme, ``www``, a slash at the end."""
    for start in _LEADING:
        url = url.removeprefix(start)
    return url.removeprefix("www.").rstrip("/")


def _distinct_first(order: Iterable[CdxRecord]) -> tuple[CdxRecord, ...]:
    first: list[CdxRecord] = []
    repeats: list[CdxRecord] = []
    seen: set[str] = set()
    for record in order:
        (repeats if record.digest and record.digest in seen else first).append(record)
        seen.add(record.digest)
    return (*first, *repeats)


def _versions(worth: Sequence[CdxRecord]) -> tuple[CdxRecord, ...]:
    """One copy per digest, by time; redirects only where there is nothing else."""
    pages = [record for record in worth if _kind(record) != _REDIRECT] or worth
    seen: set[str] = set()
    chosen: list[CdxRecord] = []
    for record in sorted(pages, key=attrgetter("timestamp", "url")):
        if not record.digest or record.digest not in seen:
            chosen.append(record)
        seen.add(record.digest)
    return tuple(chosen)
