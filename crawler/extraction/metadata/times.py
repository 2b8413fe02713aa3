"""When the article was published and when it was changed, as the page states it.

Why in this order: machine-readable statements, then the URL's own day, then what a reader sees near the headline, and
htmldate's search of the whole page only at the very end. A later source on the same day may add hour and minute; it
never changes the day.

Why so many refusals: two thirds of the field's wrong dates are the day of the visit, printed in the masthead; most of
the others are the day of a change. So nothing may lie after the capture, a line that says "updated" dates a change
only, and a bare year in the footer dates nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain

import htmldate
from lxml.html import HtmlElement

from crawler.extraction.dates import Mention, from_day, from_epoch, mentions, parse_machine
from crawler.extraction.document import MAX_ELEMENTS, ParsedPage
from crawler.extraction.jsonld import Node
from crawler.extraction.metadata.language import declared_region
from crawler.extraction.metadata.zone import near_headline
from crawler.extraction.months import month_number
from crawler.extraction.text import fold_spaces, plain
from storage.types import DatedTime, DatePrecision

_PUBLISHED_METAS = (
    *("article:published_time", "og:article:published_time", "og:published_time", "datepublished", "article:published"),
    *("article.published", "pubdate", "publishdate", "publish-date", "publish_date", "publication_date", "bt:pubdate"),
    *(
        "publicationdate",
        "published_date",
        "publisheddate",
        "published_time_telegram",
        "dc.date.issued",
        "dcterms.issued",
    ),
    *("dcterms.created", "dc.date.created", "dcterms.date", "dc.date", "sailthru.date", "parsely-pub-date", "ptime"),
    *("originalpublicationdate", "article_date_original", "displaydate", "cxenseparse:recs:publishtime", "datecreated"),
    *("prism.publicationdate", "citation_publication_date", "citation_date", "rnews:datepublished", "date", "created"),
    *(
        "article:post_date",
        "shareaholic:article_published_time",
        "mediator_published_time",
        "date_published",
        "pub_date",
    ),
)
_MODIFIED_METAS = (
    *("article:modified_time", "og:article:modified_time", "og:updated_time", "datemodified", "dcterms.modified"),
    *(
        "dc.date.modified",
        "lastmod",
        "last-modified",
        "article:modified",
        "updated_time",
        "revised",
        "utime",
        "modified",
    ),
    *("shareaholic:article_modified_time", "last_updated_date"),
)
_CHANGED = re.compile(
    r"updated?\b|modified|revised|last (?:edit|change)|aktualisiert|aktualisierung|geändert|\bstand:|mis[e]? à jour"
    r"|modifié|actualizad[oa]|actualización|modificad[oa]|atualizad[oa]|aggiornat[oa]|modificat[oa]|bijgewerkt|gewijzigd"
    r"|uppdaterad|oppdatert|opdateret|ændret|aktualizov|zaktualizowano|aktualizacja|обновлен|обновлён|изменен|оновлено"
    r"|güncelle|更新|修改|수정|업데이트|diperbarui",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(r"©|\(c\)|copyright|all rights reserved", re.IGNORECASE)
_URL_DAY = re.compile(
    r"(?:^|[/_.=-])(?P<year>(?:19|20)\d\d)(?P<mark>[/_-]?)(?P<month>[01]\d|[a-z]{3})(?P=mark)(?P<day>[0-3]\d)(?:$|[/_.\-&?])"
)
_UPI_ID = re.compile(r"/(?:UPI-)?\d{3,4}(1\d{9})(?:/|$)", re.IGNORECASE)
_DAY_FIRST_TOPS = frozenset({"uk", "au", "ie", "in", "nz", "za", "ca", "pk", "sg", "hk", "my", "ng", "ke", "eu", "il"})
_MONTH_FIRST_REGIONS = frozenset({"US", "PH"})
_FIRST_WEB_YEAR = 1990
_CEILING = timedelta(hours=1)
_DAY_CEILING = timedelta(hours=14)
_LINE_CHARS = 200
_FINE = frozenset({DatePrecision.MINUTE, DatePrecision.SECOND})
_FURNITURE = "//footer | //*[contains(@class,'footer') or contains(@id,'footer') or contains(@class,'copyright')]"


Candidate = tuple[Mention, str]
"""A stated time and where it stood."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Times:
    """Both times; ``None`` where the page states none that can be believed."""

    published: DatedTime | None = None
    modified: DatedTime | None = None


def find_times(page: ParsedPage, headline: str, language: str) -> Times:
    """Publication and change of the article.

    Args:
        page: the page.
        headline: found before; dates are looked for beside it.
        language: ISO 639-1, may be empty; decides month names and the order of numeric dates.
    """
    finder = _Finder(page, headline, language)
    modified = next(finder.changes(), None)
    published = _refined(finder.publications()) or finder.searched()
    if published and modified and modified[0].value < published[0].value and modified[0].day < published[0].day:
        modified = None
    return Times(
        published=published and published[0].dated(published[1]), modified=modified and modified[0].dated(modified[1])
    )


class _Finder:
    """Walks the sources of one page."""

    def __init__(self, page: ParsedPage, headline: str, language: str) -> None:
        self._page, self._language = page, language
        self._zone = [line.text for line in near_headline(page, headline) if len(line.text) <= _LINE_CHARS]
        top = page.host.rpartition(".")[2]
        region = declared_region(page)
        self._month_first = region in _MONTH_FIRST_REGIONS or (
            not region and language in ("en", "") and top not in _DAY_FIRST_TOPS
        )

    def publications(self) -> Iterator[Candidate]:
        """Believable publication times, strongest source first."""
        for mention, evidence in chain(
            self._json(self._page.article, ("datePublished", "dateCreated")),
            self._metas(_PUBLISHED_METAS),
            self._microdata("datepublished"),
            self._url(),
            self._time_elements(),
            self._lines(changed=False),
            chain.from_iterable(self._json(node, ("datePublished",)) for node in self._page.nodes),
        ):
            if self._believable(mention):
                yield mention, evidence

    def changes(self) -> Iterator[Candidate]:
        """Believable times of the last change, strongest source first."""
        for mention, evidence in chain(
            self._json(self._page.article, ("dateModified",)),
            self._metas(_MODIFIED_METAS),
            self._microdata("datemodified"),
            self._lines(changed=True),
            self._footer(),
        ):
            if self._believable(mention):
                yield mention, evidence

    def searched(self) -> Candidate | None:
        """What htmldate finds in the page without its footer, unless that is a change, a bare year or the visit."""
        if self._page.elements > MAX_ELEMENTS:
            return None
        tree = deepcopy(self._page.tree)
        for element in tree.xpath(_FURNITURE):
            if element.getparent() is not None:
                element.drop_tree()
        ceiling = self._page.captured_at
        found: str | None = htmldate.find_date(
            tree, original_date=True, extensive_search=True, url="", max_date=ceiling.replace(tzinfo=None)
        )
        mention = parse_machine(found) if found else None
        if (
            found is None
            or mention is None
            or mention.day in {change.day for change, _ in self.changes()}
            or not self._believable(mention)
        ):
            return None
        doubtful = found.endswith("-01-01") or abs(mention.day - self._page.captured_at.date()) <= timedelta(days=1)
        if doubtful and not self._stands_in_page(mention.day):
            return None
        return mention, "htmldate search"

    def _json(self, node: Node, keys: tuple[str, ...]) -> Iterator[Candidate]:
        for key in keys:
            if mention := self._parsed(plain(node.get(key))):
                yield mention, f"json-ld {key}"

    def _metas(self, names: tuple[str, ...]) -> Iterator[Candidate]:
        for name in names:
            for content in self._page.metas.get(name, ()):
                if mention := self._parsed(content):
                    yield mention, f"meta {name}"

    def _microdata(self, name: str) -> Iterator[Candidate]:
        for element in self._page.tree.xpath("//body//*[@itemprop]"):
            if name in element.get("itemprop").lower().split() and (mention := self._of_element(element)):
                yield mention, f"microdata {element.get('itemprop').strip()}"

    def _time_elements(self) -> Iterator[Candidate]:
        """`time` elements marked as publication, then the first one after a main heading, then the first."""
        elements = list(self._page.tree.iter("time"))[:50]
        marked = [one for one in elements if "pubdate" in one.attrib or "publi" in (one.get("class") or "").lower()]
        following = self._page.tree.xpath("(//h1)[last()]/following::time[1]")
        for element in (*marked, *following, *elements[:1]):
            label = fold_spaces(" ".join((element.get("class") or "", element.text_content(), _words_before(element))))
            if not _CHANGED.search(label) and (mention := self._of_element(element)):
                yield mention, "time element"

    def _of_element(self, element: HtmlElement) -> Mention | None:
        for text in (element.get("datetime"), element.get("content"), element.get("title"), element.text_content()):
            if text and (mention := self._parsed(fold_spaces(text))):
                return mention
        return None

    def _lines(self, *, changed: bool) -> Iterator[Candidate]:
        """Dates near the headline; those of the capture day last, they are often the masthead's."""
        found = [
            mention
            for text in self._zone
            for mention, is_change in self._labelled(text)
            if is_change == changed and mention.value.year >= _FIRST_WEB_YEAR
        ]
        today = self._page.captured_at.date()
        for mention in sorted(found, key=lambda one: not changed and abs(one.day - today) <= timedelta(days=1)):
            yield mention, "line near headline"

    def _footer(self) -> Iterator[Candidate]:
        for line in self._page.lines:
            if len(line.text) <= _LINE_CHARS and _CHANGED.search(line.text):
                yield from ((mention, "labelled line") for mention, is_change in self._labelled(line.text) if is_change)

    def _labelled(self, text: str) -> Iterator[tuple[Mention, bool]]:
        """Each date of a line, and whether the words before it call it a change."""
        last_end = 0
        for mention in mentions(text, language=self._language, month_first=self._month_first):
            yield mention, bool(_CHANGED.search(text[last_end : mention.start]))
            last_end = mention.end

    def _url(self) -> Iterator[Candidate]:
        path = self._page.path
        if self._page.host.endswith("upi.com") and (match := _UPI_ID.search(path)):
            stated = from_epoch(int(match[1]), match[0].strip("/"))
            if stated is not None:
                yield stated, "url id"
        for match in _URL_DAY.finditer(path.lower()):
            month = int(match["month"]) if match["month"].isdecimal() else month_number(match["month"], "en")
            day = from_day(int(match["year"]), month or 0, int(match["day"]), match[0].strip("/_.-=&?"))
            if day is not None:
                yield day, "url path"

    def _parsed(self, text: str) -> Mention | None:
        return parse_machine(text, language=self._language, month_first=self._month_first) if text else None

    def _believable(self, mention: Mention) -> bool:
        slack = _CEILING if mention.precision in _FINE else _DAY_CEILING
        return mention.value <= self._page.captured_at + slack

    def _stands_in_page(self, day: date) -> bool:
        short = (
            line.text for line in self._page.lines if len(line.text) <= _LINE_CHARS and not _COPYRIGHT.search(line.text)
        )
        return any(mention.day == day for text in short for mention, _ in self._labelled(text))


def _refined(candidates: Iterator[Candidate]) -> Candidate | None:
    """The first; if that is only a day, the first finer statement of the same day (as written)."""
    chosen = next(candidates, None)
    if chosen is None or chosen[0].precision in _FINE:
        return chosen
    same_day = (one for one in candidates if one[0].precision in _FINE and one[0].day == chosen[0].day)
    return next(same_day, chosen)


def _words_before(element: HtmlElement) -> str:
    """The text that stands directly before an element."""
    previous, parent = element.getprevious(), element.getparent()
    if previous is not None:
        return previous.tail or previous.text_content() or ""
    return parent.text or "" if parent is not None else ""
