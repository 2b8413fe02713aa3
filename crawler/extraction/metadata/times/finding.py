"""When the article was published and when it was changed, as the page states it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from crawler.extraction.document import ParsedPage
from crawler.extraction.metadata.times.addresses import days_in_address
from crawler.extraction.metadata.times.candidates import Candidate, Reader, Source
from crawler.extraction.metadata.times.choosing import chosen
from crawler.extraction.metadata.times.relative import of_relative_elements
from crawler.extraction.metadata.times.searching import searched
from crawler.extraction.metadata.times.statements import (
    of_first_time_element,
    of_hatom_changes,
    of_json,
    of_media,
    of_metas,
    of_microdata,
    of_time_elements,
)
from crawler.extraction.metadata.times.visible import VisibleDates
from crawler.extraction.metadata.times.words import MODIFIED_METAS, PUBLISHED_METAS, WEAK_METAS
from crawler.extraction.metadata.times.yearless import of_yearless_lines
from crawler.extraction.page import UNRULED, Ruled
from storage.types import DatedTime

PUBLISHED_CONFIDENCE: Mapping[Source, float] = {
    Source.RULE: 0.99,
    Source.JSON: 0.92,
    Source.META: 0.94,
    Source.MICRODATA: 0.94,
    Source.URL: 0.95,
    Source.TIME: 0.97,
    Source.LABELLED: 0.93,
    Source.LINE: 0.94,
    Source.WEAK: 0.78,
    Source.YEARLESS: 0.80,
    Source.LOOSE: 0.81,
    Source.SEARCH: 0.44,
    Source.RELATIVE: 0.50,
    Source.MASTHEAD: 0.30,
}
"""Share of 1,508 pages of the development sets on which a date from such a place was the labelled day (592 from
JSON-LD, 346 from lines near the headline, 259 from meta tags, 66 from time elements, 55 from addresses, 54 from the
search); rules, yearless dates, ages and mastheads are too rare there and are estimates."""
MODIFIED_CONFIDENCE = 0.85
"""No set labels the change: of 57 pages that state it for programs and near the headline, 47 name the same day."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Times:
    """Both times; ``None`` where the page states none that can be believed.

    Attributes:
        published: of the publication.
        modified: of the last change.
        confidence: ``published_at`` and ``modified_at``, where found -> see `storage.types.Article.confidence`.
    """

    published: DatedTime | None = None
    modified: DatedTime | None = None
    confidence: Mapping[str, float] = field(default_factory=dict)


def find_times(page: ParsedPage, headline: str, language: str, ruled: Ruled = UNRULED) -> Times:
    """Publication and change of the article.

    Args:
        page: the page.
        headline: found before; dates are looked for beside it.
        language: ISO 639-1, may be empty; decides month names and the order of numeric dates.
        ruled: what the publisher's rule found; its times come before all others.
    """
    finder = _Finder(page, headline, language, ruled)
    published, modified = finder.published(), next(finder.changes(), None)
    if published and modified and modified.mention.value < published.mention.value:
        modified = modified if modified.mention.day > published.mention.day else None
    confidence = {"published_at": PUBLISHED_CONFIDENCE[published.source]} if published else {}
    confidence |= {"modified_at": MODIFIED_CONFIDENCE} if modified else {}
    return Times(published=_dated(published), modified=_dated(modified), confidence=confidence)


class _Finder:
    """Walks the sources of one page."""

    def __init__(self, page: ParsedPage, headline: str, language: str, ruled: Ruled) -> None:
        self._page, self._headline, self._ruled = page, headline, ruled
        self._reader = Reader(page, language)
        self._visible = VisibleDates(self._reader, page, headline)
        self._first = tuple(of_first_time_element(self._reader, page))

    def published(self) -> Candidate | None:
        """The publication, from the strongest group of sources that has any."""
        for group in (self._near, self._visible.labelled, self._fallback, self._last, self._search, self._masthead):
            if found := chosen(list(group())):
                return found
        return None

    def changes(self) -> Iterator[Candidate]:
        """Times of the last change, strongest source first."""
        yield from self._of_rule("modified_at")
        yield from of_json(self._reader, self._page.article, "dateModified")
        yield from of_metas(self._reader, self._page, MODIFIED_METAS, Source.META)
        yield from of_microdata(self._reader, self._page, "datemodified")
        yield from of_hatom_changes(self._reader, self._page)
        yield from self._visible.changes()

    def _near(self) -> Iterator[Candidate]:
        """What states the publication and belongs to the story beyond doubt."""
        reader, page = self._reader, self._page
        yield from self._of_rule("published_at")
        yield from of_json(reader, page.article, "datePublished", "dateCreated")
        yield from of_media(reader, page, self._headline)
        yield from of_metas(reader, page, PUBLISHED_METAS, Source.META)
        yield from of_microdata(reader, page, "datepublished")
        yield from self._address()
        near = list(self._visible.near_headline())
        yield from (one for one in near if one.source is Source.LABELLED)
        yield from of_time_elements(reader, page, self._headline)
        yield from (one for one in self._first if one.source is not Source.MASTHEAD)
        yield from near
        yield from of_metas(reader, page, WEAK_METAS, Source.WEAK)

    def _address(self) -> Iterator[Candidate]:
        for mention, evidence in days_in_address(self._page, self._reader.language):
            if self._reader.is_possible(mention):
                yield Candidate(mention=mention, source=Source.URL, evidence=evidence)

    def _fallback(self) -> Iterator[Candidate]:
        yield from chain.from_iterable(of_json(self._reader, node, "datePublished") for node in self._page.nodes)
        yield from of_yearless_lines(self._reader, self._page, self._visible.zone)
        yield from of_relative_elements(self._reader, self._page)

    def _last(self) -> Iterator[Candidate]:
        changed = {change.mention.day for change in self.changes()}
        yield from (one for one in self._visible.loose() if one.mention.day not in changed)

    def _search(self) -> Iterator[Candidate]:
        yield from searched(self._reader, self._page, self._visible, {one.mention.day for one in self.changes()})

    def _masthead(self) -> Iterator[Candidate]:
        if next(self.changes(), None) is None:
            yield from (one for one in self._first if one.source is Source.MASTHEAD)
            yield from self._visible.masthead()

    def _of_rule(self, name: str) -> Iterator[Candidate]:
        found = self._ruled.fields.get(name)
        if found is not None and (mention := self._reader.machine(found.value)):
            yield Candidate(mention=mention, source=Source.RULE, evidence=found.evidence or self._ruled.rule)


def _dated(candidate: Candidate | None) -> DatedTime | None:
    return None if candidate is None else candidate.mention.dated(candidate.evidence)
