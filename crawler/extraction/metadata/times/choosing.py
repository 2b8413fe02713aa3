"""From the believable statements of a page to one publication time.

Why a vote and not the first statement alone: a moment in UTC and the day that the newsroom prints differ for a third
of the day in America and Asia, and ``05/03`` is two days. The address and the lines near the headline speak
independently of the metadata; where they agree, they decide between neighbouring days and between two readings. They
never move a date further: the metadata of a page is right more often than its visible lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import time, timedelta

from crawler.extraction.dates import Mention
from crawler.extraction.metadata.times.candidates import FINE, Candidate, Source
from storage.types import DatePrecision

_MACHINE = frozenset({Source.JSON, Source.META, Source.MICRODATA, Source.WEAK, Source.TIME})
_WITNESSES = frozenset({Source.URL, Source.LINE, Source.LABELLED})
_VISIBLE = {Source.LABELLED: Source.LINE, Source.TIME: Source.LINE}
"""What stands in the same line is one voice."""
_NEXT_DAY = timedelta(days=1)
_WESTERN_HOURS = 12
"""A moment before this hour in UTC may be the day before, in America."""
_EASTERN_HOURS = 10
"""One after this hour may be the day after, in Asia."""


def chosen(candidates: Sequence[Candidate]) -> Candidate | None:
    """The publication time, from candidates with the strongest first; ``None`` where there is none."""
    if not candidates:
        return None
    first = _read_rightly(candidates[0], candidates[1:])
    if first.source is Source.RULE:
        return first
    first = _on_stated_day(first, candidates)
    return _refined(first, candidates)


def _read_rightly(first: Candidate, others: Sequence[Candidate]) -> Candidate:
    """With day and month exchanged, where only that reading is supported by another statement."""
    other = first.mention.other_reading()
    if other is None:
        return first
    days = [one.mention.day for one in others if one.mention.swapped is None]
    return replace(first, mention=other) if other.day in days and first.mention.day not in days else first


def _on_stated_day(first: Candidate, candidates: Sequence[Candidate]) -> Candidate:
    """On the neighbouring day that address and lines state, where the statement itself leaves that open."""
    witnesses = [one for one in candidates if _is_witness(one)]
    if first.source not in _MACHINE or any(one.mention.day == first.mention.day for one in witnesses):
        return first
    for witness in witnesses:
        mention = witness.mention
        if abs(mention.day - first.mention.day) == _NEXT_DAY:
            if first.mention.in_utc and not _is_midnight(first.mention) and _may_be(first.mention, mention):
                return _local(first, witness)
            if first.mention.precision not in FINE and _confirmed(witness, candidates):
                return witness
    return first


def _is_midnight(mention: Mention) -> bool:
    """Whether a day is meant, written as its first moment."""
    return mention.value.time() == time()


def _may_be(moment: Mention, local: Mention) -> bool:
    """Whether somewhere on earth the moment lies on that day."""
    if local.day < moment.day:
        return moment.value.hour <= _WESTERN_HOURS
    return moment.value.hour >= _EASTERN_HOURS


def _local(first: Candidate, witness: Candidate) -> Candidate:
    raw = f"{first.mention.raw} ({witness.mention.raw})"
    return replace(
        first,
        mention=replace(first.mention, day=witness.mention.day, raw=raw),
        evidence=f"{first.evidence}, on the day of {witness.evidence}",
    )


def _is_witness(candidate: Candidate) -> bool:
    """Whether it tells a day to readers, and not a moment to programs."""
    return candidate.source in _WITNESSES or (
        candidate.source is Source.TIME and candidate.mention.precision is DatePrecision.DAY
    )


def _confirmed(witness: Candidate, candidates: Sequence[Candidate]) -> bool:
    """Whether two kinds of places state the day of the witness."""
    same_day = {one.source for one in candidates if one.mention.day == witness.mention.day}
    return len({_VISIBLE.get(source, source) for source in same_day}) > 1


def _refined(first: Candidate, candidates: Sequence[Candidate]) -> Candidate:
    """With hour and minute, where a finer statement of the same day (as written) has them."""
    if first.mention.precision is not DatePrecision.DAY:
        return first
    same_day = (one for one in candidates if one.mention.precision in FINE and one.mention.day == first.mention.day)
    return next(same_day, first)
