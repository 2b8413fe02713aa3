"""Everything that a rule may look at, measured once per page.

A rule never touches the tree or the source: what it may know stands here, so that the evidence for a verdict is the
same whoever asks, and the cost is paid once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from crawler.classify.address import Address, read_address
from crawler.classify.citing import Agreement, compare
from crawler.classify.entries import Entries, read_entries
from crawler.classify.fingerprints import plain_lines
from crawler.classify.furnishings import Furnishings, read_furnishings
from crawler.classify.phrases.checks import CHECK_LABELS, CHECK_SAYINGS
from crawler.classify.phrases.consent import CONSENT_LABELS, CONSENT_SAYINGS
from crawler.classify.phrases.faults import FAULT_LABELS, FAULT_SAYINGS, REGION_SAYINGS
from crawler.classify.phrases.forms import FURNITURE_LABELS
from crawler.classify.phrases.gone import GONE_LABELS, GONE_SAYINGS, PARKED_SAYINGS, UNUSED_SAYINGS
from crawler.classify.phrases.login import LOGIN_LABELS, LOGIN_SAYINGS
from crawler.classify.phrases.readers import TO_THE_READER
from crawler.classify.phrases.scripts import SCRIPT_SAYINGS
from crawler.classify.shape import Shape, read_shape
from crawler.classify.vendors import MOST_SOURCE_CHARS, Mark, find_headers, find_marks
from crawler.classify.wording import Saying, labelled, lines_said, lines_with
from crawler.extraction import PageInput
from crawler.extraction.jsonld import types_of
from crawler.extraction.text import count_words, folded, line_hash, plain
from storage.types import Article

if TYPE_CHECKING:
    from crawler.extraction.article import OpenedPage

LITTLE_PROSE = 250
"""Only pages with fewer words of their own are searched for the marks of vendors."""

_TITLE_PARTS = re.compile(r"\s[-–—|·•»:/<>]+\s|[|»·•]|\s*::\s*|:\s")
_LABEL_WORDS, _PARAGRAPH_WORDS = 32, 160
_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+|(?<=[。！？])")
_NOTICE_WORDS, _NOTICE_LINES = 70, 12
_FIRST_LINES, _LAST_LINES = 250, 120
_STORY_WORDS, _PROSE_WORDS = 5, 18
_NOTICE_LABELS = GONE_LABELS | FAULT_LABELS | CHECK_LABELS | CONSENT_LABELS | LOGIN_LABELS
_STAYING = frozenset({"consent", "login", "script"})
"""Topics of boxes that stand beside a story's headline."""
_OPENERS = 14
_BEGINNING = 6
_OPENER_WORDS = 12
_HEADINGS = frozenset({"h1", "h2", "h3"})
_NARROW: dict[str, tuple[Saying, ...]] = {
    "gone": GONE_SAYINGS,
    "parked": PARKED_SAYINGS,
    "unused": UNUSED_SAYINGS,
    "fault": FAULT_SAYINGS,
    "region": REGION_SAYINGS,
    "check": CHECK_SAYINGS,
    "login": LOGIN_SAYINGS,
    "script": SCRIPT_SAYINGS,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Novelty:
    """How a page differs from what its host answers for a path that cannot exist.

    Attributes:
        words: in lines that the other answer does not have.
        shared: share of the page's lines that it has.
        same_place: both ended at the same address.
        honest: the host answered with an error status, so it tells what does not exist.
    """

    words: int
    shared: float
    same_place: bool
    honest: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """A page in figures and short texts; text is in `folded` form.

    Attributes:
        page: the response.
        article: what extraction made of it; ``None`` where the text is too little.
        address: see `Address`.
        led_to: where a meta refresh leads, if nothing else is on the page; ``None`` where it leads nowhere.
        shape: see `Shape`.
        furnishings: see `Furnishings`.
        agreement: with the citations.
        own_node: type of the JSON-LD article that describes this page; empty where none does.
        title: the title and its parts around separators.
        headings: of the first three ranks.
        openers: the first short lines that are no links.
        beginning: the first lines that are no links, however long.
        links: short lines that are links.
        said: per topic, the lines in which a known saying stands.
        types: JSON-LD types of the page.
        og_type: meta og:type.
        marks: of vendors, in the source.
        vendor_headers: of vendors, in the response.
        headers: lower-case name -> values joined.
        lines: normalised, for digests.
        novelty: against the host's probe; ``None`` without one.
        scripts: how many.
        script_chars: of those in the page itself.
        refresh: content of a meta refresh.
        entries: see `Entries`.
        source: the beginning of the source in lower case; empty where there is much prose.
    """

    page: PageInput
    article: Article | None
    address: Address
    led_to: Address | None
    shape: Shape
    furnishings: Furnishings
    agreement: Agreement
    own_node: str
    title: tuple[str, ...]
    headings: tuple[str, ...]
    openers: tuple[str, ...]
    beginning: frozenset[str]
    links: frozenset[str]
    said: Mapping[str, tuple[str, ...]]
    types: frozenset[str]
    og_type: str
    marks: tuple[Mark, ...]
    vendor_headers: tuple[str, ...]
    headers: Mapping[str, str]
    lines: tuple[str, ...]
    novelty: Novelty | None
    scripts: int
    script_chars: int
    refresh: str
    entries: Entries
    source: str

    def words_said(self, topic: str) -> int:
        """Words of the lines in which that topic stands."""
        return sum(map(count_words, self.said[topic]))

    def share_said(self, topic: str) -> float:
        """Of the page's visible words, how many stand in those lines."""
        return min(1.0, self.words_said(topic) / max(1, self.shape.visible_words))


_REFRESH = re.compile(r"(?:url\s*=\s*|^\s*[\d.]{1,9}\s*[;,]\s*(?!url\b))['\"]?([^'\"\s;]{1,2000})", re.IGNORECASE)


def gather(page: PageInput, opened: OpenedPage, article: Article | None) -> Facts:
    """Measure a page for the rules."""
    parsed = opened.parsed
    furnishings = read_furnishings(opened)
    headings, title = _headings(opened), _title(parsed.title)
    said = _said(opened, furnishings.noscript)
    if _is_story_headed(headings, title, said):
        said = {topic: _without_prose(topic, lines) for topic, lines in said.items()}
    excluded = [line for topic, lines in said.items() for line in lines if topic != "script" or len(lines) < _OPENERS]
    if said["script"]:
        excluded += [text for block in opened.body.blocks if (text := folded(block)) and text in furnishings.noscript]
    shape = read_shape(opened, [*excluded, *_furniture(opened)])
    headers = _headers(page)
    source = opened.source[:MOST_SOURCE_CHARS].lower() if shape.own_words < LITTLE_PROSE else ""
    lines = tuple(plain_lines(parsed.lines, parsed.folded))
    return Facts(
        page=page,
        article=article,
        address=read_address(page.requested_url, page.url),
        led_to=_led_to(page, parsed.meta("refresh")[0]) if shape.own_words < _OPENER_WORDS else None,
        shape=shape,
        furnishings=furnishings,
        agreement=compare(page.citations, opened, article),
        own_node=_own_node(opened),
        title=title,
        headings=headings,
        openers=_openers(opened),
        beginning=_beginning(opened),
        links=frozenset(
            text
            for text, line in zip(parsed.folded, parsed.lines, strict=True)
            if line.linked and len(text) < _LABEL_WORDS * 2
        ),
        said=said,
        types=frozenset(name for node in parsed.nodes for name in types_of(node)),
        og_type=parsed.meta("og:type")[0].lower(),
        marks=find_marks(source) if source else (),
        vendor_headers=find_headers(headers),
        headers=headers,
        lines=lines,
        novelty=_novelty(page, lines),
        scripts=parsed.unread.get("script", 0),
        script_chars=parsed.script_chars,
        refresh=parsed.meta("refresh")[0],
        entries=read_entries(parsed.lines),
        source=source,
    )


def _own_node(opened: OpenedPage) -> str:
    """The type of the JSON-LD article whose headline this page shows as its own; empty where there is none."""
    node, parsed = opened.parsed.article, opened.parsed
    headline = folded(plain(node.get("headline")))[:60]
    shown = headline and (headline in folded(parsed.title) or any(headline in text for text in _headings(opened)))
    return next(iter(sorted(types_of(node))), "") if shown else ""


def _led_to(page: PageInput, refresh: str) -> Address | None:
    found = _REFRESH.search(refresh)
    if found is None:
        return None
    try:
        target = urljoin(page.url, found.group(1))
    except ValueError:
        return None
    return read_address(page.requested_url or page.url, target)


def _headers(page: PageInput) -> dict[str, str]:
    joined: dict[str, str] = {}
    for name, value in page.headers[:200]:
        key = name.lower()
        joined[key] = f"{joined[key]}, {value}" if key in joined else value
    return joined


def _title(title: str) -> tuple[str, ...]:
    parts = [title, *_TITLE_PARTS.split(title)]
    return tuple(dict.fromkeys(text for text in map(folded, parts) if text))


def _headings(opened: OpenedPage) -> tuple[str, ...]:
    parsed = opened.parsed
    return tuple(
        islice(
            (
                text
                for text, line in zip(parsed.folded, parsed.lines, strict=True)
                if text and line.tag in _HEADINGS and line.linked * 2 < len(line.text)
            ),
            _OPENERS,
        )
    )


def _openers(opened: OpenedPage) -> tuple[str, ...]:
    parsed = opened.parsed
    short = (
        text
        for text, line in zip(parsed.folded, parsed.lines, strict=True)
        if text and not line.linked and count_words(text) <= _OPENER_WORDS
    )
    return tuple(islice(short, _OPENERS))


def _beginning(opened: OpenedPage) -> frozenset[str]:
    parsed = opened.parsed
    unlinked = (text for text, line in zip(parsed.folded, parsed.lines, strict=True) if text and not line.linked)
    return frozenset(islice(unlinked, _BEGINNING))


def _said(opened: OpenedPage, noscript: str) -> dict[str, tuple[str, ...]]:
    """Per topic, the lines that say it; consent may take a paragraph, everything else is said shortly."""
    parsed = opened.parsed
    plain = [
        (text, count_words(text))
        for text, line in zip(parsed.folded, parsed.lines, strict=True)
        if text and line.linked * 2 <= len(line.text)
    ]
    if len(plain) > _FIRST_LINES + _LAST_LINES:
        plain = [*plain[:_FIRST_LINES], *plain[-_LAST_LINES:]]
    told = _told_to_the_reader(opened, plain)
    short = _joined([*(text for text, words in plain if words <= _LABEL_WORDS), *told])
    found = {
        topic: tuple(dict.fromkeys(told.get(line, line) for line in lines_said(short, known)))
        for topic, known in _NARROW.items()
    }
    asked = [folded(parsed.title), *(text for text, words in plain if words <= _PARAGRAPH_WORDS)]
    found["consent"] = lines_said(_joined(asked), CONSENT_SAYINGS)
    found["script"] = (*found["script"], *lines_said(noscript, SCRIPT_SAYINGS))
    return found


def _told_to_the_reader(opened: OpenedPage, plain: list[tuple[str, int]]) -> dict[str, str]:
    """The sentences of longer lines that speak to the reader, each with its line; only where a page has few lines."""
    longer = {text for text, words in plain if _LABEL_WORDS < words <= _NOTICE_WORDS}
    if len(plain) > _NOTICE_LINES or not longer:
        return {}
    parsed = opened.parsed
    return {
        sentence: text
        for text, line in zip(parsed.folded, parsed.lines, strict=True)
        if text in longer
        for sentence in map(folded, _SENTENCE_END.split(line.text))
        if TO_THE_READER.search(sentence)
    }


def _is_story_headed(headings: tuple[str, ...], title: tuple[str, ...], said: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether a heading of several words, which is no notice itself, is the page's title or a part of it."""
    notices = {line for lines in said.values() for line in lines}
    return any(
        count_words(heading) >= _STORY_WORDS and title and heading in title[0] and heading not in notices
        for heading in headings[:3]
        if not labelled([heading], _NOTICE_LABELS)
    )


def _without_prose(topic: str, lines: tuple[str, ...]) -> tuple[str, ...]:
    """Below a story's headline, long lines are the story: it may well report on a site that failed."""
    if topic in _STAYING:
        return lines
    return tuple(line for line in lines if count_words(line) < _PROSE_WORDS)


def _joined(lines: Iterable[str]) -> str:
    return "\n" + "\n".join(lines) + "\n"


def _furniture(opened: OpenedPage) -> list[str]:
    return lines_with(_joined(filter(None, opened.parsed.folded[-_LAST_LINES:])), FURNITURE_LABELS)


def _novelty(page: PageInput, lines: tuple[str, ...]) -> Novelty | None:
    if page.probe is None:
        return None
    known = set(page.probe.fingerprint)
    new = [line for line in lines if line_hash(line) not in known]
    return Novelty(
        words=sum(map(count_words, new)),
        shared=1 - len(new) / len(lines) if lines else 0.0,
        same_place=page.probe.final_url == page.url,
        honest=page.probe.status >= 400,  # noqa: PLR2004 - the first HTTP status that is an error
    )
