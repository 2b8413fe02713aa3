"""Is an entry that comes under an unknown key an event that we have?

Each edit of a headline made a new page, and the same event stands on a day page too; so keys alone would store one
event many times. The rule, in this order, for entries of the same day:

1. **Near-same headline**: the same words in the same order, but for small words and spellings; one side may have a few
   words more, none of them a name, a figure or a negation.
2. **Same sources**: both cite exactly the same documents (images aside, one at least), and the headlines are kin: most
   of the shorter one's words are in the other, and it is not so that each names somebody or someplace that the other
   does not, that one denies, or that names change places. Figures may differ (tolls rise) where the rest is long enough
   to be no template. Two documents or more in common outweigh all that where nearly all words are shared.

3. **Same file**: a file of one entry that gave another entry of the day and gives it no more was edited, where most of
   the shorter headline's words are in the other.

Items that stand side by side on one page are different events by its writer's own word: between them only rule 1
counts, however many cite one live page.

Why so careful: a missed merge leaves two entries that cite the same document, which every view shows; a wrong merge
loses an event. Rejected: string similarity of whole headlines ("magnitude 5 hits Chile" is 95 % of "... hits China"),
and the source set alone (one live page serves ten events of a day).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from crawler.errors import UnusableUrl
from crawler.events.headline_words import NEGATIONS, Difference, Words, difference, is_figure, words_of
from crawler.urls import identify
from storage.types import STANDARD_INPUT, EventEntry, LinkKind

SAME_SOURCES = "same sources"
NEAR_SAME_HEADLINE = "near-same headline"
SAME_FILE = "same file"

_MOST = 0.8
_KIN = 0.6
_CLOSE_KIN = 0.75
_FEWEST_SHARED = 4
_NO_TEMPLATE = 8
_SEVERAL = 2
_FEW = 3


def same_event(entry: EventEntry, existing: Sequence[EventEntry]) -> tuple[str, str] | None:
    """The key of the existing entry that is the same event and why, or ``None`` for a new event.

    Entries read from the same place as ``entry`` are taken to stand beside it; `matcher_of` knows better.
    """
    beside = frozenset(other.key for other in existing if _same_place(entry, other))
    return _match(entry, existing, beside)


def matcher_of(batch: Iterable[EventEntry]) -> Callable[[EventEntry, Sequence[EventEntry]], tuple[str, str] | None]:
    """`same_event` for entries that are imported together, files whole.

    Knowing all that a page says now, an entry that was read from the page earlier and is not on it any more can be
    recognised as the former wording of one that is.
    """
    pages: dict[str, set[str]] = {}
    for entry in batch:
        pages.setdefault(entry.origin.name, set()).add(entry.key)

    def match(entry: EventEntry, existing: Sequence[EventEntry]) -> tuple[str, str] | None:
        beside = frozenset(pages.get(entry.origin.name, ()))
        return _match(entry, existing, beside) or _edited(entry, existing, beside)

    return match


def _edited(entry: EventEntry, existing: Sequence[EventEntry], beside: frozenset[str]) -> tuple[str, str] | None:
    """What the entry's file said before, where the file holds one entry only."""
    if len(beside) != 1 or entry.origin.name == STANDARD_INPUT:
        return None
    former = [other for other in existing if _same_place(entry, other) and other.key not in beside]
    words = words_of(entry.headline)
    kin = [(_share(words, words_of(other.headline)), other.key) for other in former]
    best, key = max(kin, default=(0.0, ""), key=lambda found: found[0])
    return (key, SAME_FILE) if best >= _KIN else None


def _share(words: Words, others: Words) -> float:
    """How much of the shorter headline the other has."""
    shorter = min(len(words.order), len(others.order))
    return len(difference(words, others).shared) / shorter if shorter else 0.0


def _match(entry: EventEntry, existing: Sequence[EventEntry], beside: frozenset[str]) -> tuple[str, str] | None:
    same_day = [other for other in existing if other.event_date == entry.event_date and other.key != entry.key]
    words = words_of(entry.headline)
    for other in same_day:
        if _near_same(words, words_of(other.headline)):
            return other.key, NEAR_SAME_HEADLINE
    documents = _documents(entry)
    if not documents:
        return None
    kin = [
        (_kinship(words, words_of(other.headline), len(documents)), other.key)
        for other in same_day
        if other.key not in beside and _documents(other) == documents
    ]
    best, key = max(kin, default=(0.0, ""), key=lambda found: found[0])
    return (key, SAME_SOURCES) if best >= _KIN else None


def _same_place(entry: EventEntry, other: EventEntry) -> bool:
    return other.origin.name == entry.origin.name and other.origin.format == entry.origin.format


def _documents(entry: EventEntry) -> frozenset[str]:
    return frozenset(
        _present(link.cited_url, link.identity.canonical_url)
        for link in entry.sources
        if link.identity is not None and link.kind is LinkKind.ARTICLE
    )


@lru_cache(maxsize=1 << 14)
def _present(cited_url: str, known_as: str) -> str:
    """The document that a link means by the present rules: an entry may have been stored under older ones."""
    try:
        return identify(cited_url).canonical_url
    except UnusableUrl:
        return known_as


def _near_same(words: Words, others: Words) -> bool:
    if words.order == others.order:
        return bool(words.order)
    shared = len(set(words.order) & set(others.order))
    # Cheap refusal first: this is asked for every pair of a day.
    if shared < _FEWEST_SHARED or shared < _KIN * max(len(words.order), len(others.order)):
        return False
    found = difference(words, others)
    extra = (*found.left, *found.right)
    if (found.left and found.right) or not found.same_order:
        return False
    if set(extra) & (words.telling | others.telling):
        return False
    return len(found.shared) >= _MOST * (len(found.shared) + len(extra))


def _kinship(words: Words, others: Words, documents: int) -> float:
    """How much of the shorter headline the other has, 0 where they contradict each other."""
    found = difference(words, others)
    kinship = _share(words, others)
    if _contradict(found, words, others) and not (documents >= _SEVERAL and kinship >= _CLOSE_KIN):
        return 0.0
    return kinship


def _contradict(found: Difference, words: Words, others: Words) -> bool:
    """Each says of somebody, someplace or some figure what the other does not; or one denies, or turns names round."""
    if _denies(found) or not _same_roles(words, others):
        return True
    left = [word for word in found.left if word in words.telling]
    right = [word for word in found.right if word in others.telling]
    if not left or not right:
        return False
    only_figures = all(is_figure(word) for word in (*left, *right))
    return not (only_figures and len(found.shared) >= _NO_TEMPLATE)


def _denies(found: Difference) -> bool:
    """A negation makes all the difference; among many other new words it belongs to something that was added."""
    extra = (*found.left, *found.right)
    return len(extra) <= _FEW and not NEGATIONS.isdisjoint(extra)


def _same_roles(words: Words, others: Words) -> bool:
    """The names and figures that both have come in the same order: who beat whom."""
    common = words.telling & others.telling
    return [word for word in words.order if word in common] == [word for word in others.order if word in common]
