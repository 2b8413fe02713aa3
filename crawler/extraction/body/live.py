"""A live blog as entries: what the page states for programs, else texts under times of day.

Why stated first: a `LiveBlogPosting` lists its updates with their moments, and what readers see of them shifts with
every visit. Why only lines of the body count: columns of headlines have times too, and so have boxes beside a report.
Why the order or the name must prove it: a chronology in an ordinary report has times as well, but begins at the
beginning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import Any

from crawler.extraction.body.blocks import join_blocks
from crawler.extraction.body.sight import MARKS, shown_blocks
from crawler.extraction.dates import mentions, parse_machine
from crawler.extraction.document import ParsedPage
from crawler.extraction.jsonld import Node, types_of
from crawler.extraction.lines import Line
from crawler.extraction.text import count_words, folded, plain
from storage.types import DatedTime, LiveEntry

_LEAST_STATED, _LEAST_SHOWN, _MOST = 2, 4, 500
_LEAST_WORDS = 4
_COVERED, _FALLING = 0.5, 0.8
_LINES_BEFORE = 4
_STAMP_CHARS = 60
_PARTS = re.compile(r"</p>|</li>|<br\s?/?>|\n\s{0,20}\n", re.IGNORECASE)
_STATED_CLOCK = re.compile(r"T(\d{2}:\d{2})")
_HOUR = r"(?:[01]?\d|2[0-3])(?:[:h][0-5]\d(?![\d.%])|\.[0-5]\d(?=\s?(?:uhr|h\b|hrs|$)))"
_STAMP = re.compile(
    rf"^\W{{0,4}}(?:(?:[^\W\d]{{1,16}}\W{{1,3}}){{0,2}}|[^\n]{{0,30}}?\d{{4}}\D{{1,6}}|\d{{1,2}}[./-]\d{{1,2}}\.?\W{{1,4}})"
    rf"(?P<clock>{_HOUR})(?:\s?(?:[ap]\.?m\b\.?|uhr\b|hrs\b|h\b))?(?:\s?(?:gmt|utc|b?st|e[sd]?t|cest?|ist))?\W{{0,4}}",
    re.IGNORECASE,
)
_LIVE = re.compile(
    r"(?:^|[^a-z])(?:live|live-?blog|live-?ticker|news-?blog|news-?ticker|ticker|as-it-happened|minuto-a-minuto|en-direct|en-vivo"
    r"|in-diretta|ao-vivo|na-zywo|zive|canli)(?![a-z])|直播|онлайн|na żywo|živě|canlı|مباشر"
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


def live_entries(page: ParsedPage, blocks: Sequence[str]) -> tuple[LiveEntry, ...]:
    """The entries of a live blog.

    Args:
        page: the page.
        blocks: of its body.

    Returns:
        In the order of the page, at most 500; none where the page is no live blog.
    """
    stated = tuple(_stated(page.nodes))[:_MOST]
    return stated if len(stated) >= _LEAST_STATED else _shown(page, blocks)


def _stated(nodes: Sequence[Node]) -> Iterator[LiveEntry]:
    for node in nodes:
        updates = node.get("liveBlogUpdate") if "liveblogposting" in types_of(node) else None
        for update in updates if isinstance(updates, list) else [updates]:
            if isinstance(update, dict) and (entry := _of_update(update)) is not None:
                yield entry


def _of_update(update: dict[str, Any]) -> LiveEntry | None:
    text = update.get("articleBody") or update.get("description")
    parts = [plain(part) for part in _PARTS.split(text)] if isinstance(text, str) else []
    body = join_blocks(part for part in parts if part)
    moment = update.get("datePublished") or update.get("dateModified")
    moment = moment if isinstance(moment, str) else ""
    mention, clock = parse_machine(moment), _STATED_CLOCK.search(moment)
    headline = plain(update.get("headline"))
    if not body and not headline:
        return None
    return LiveEntry(
        body=body or headline,
        headline=headline if body else "",
        posted_at=mention.dated("json-ld liveBlogUpdate") if mention else None,
        clock=clock[1] if clock else "",
    )


@dataclass(slots=True)
class _Entry:
    """One entry while it is read."""

    clock: str
    posted_at: DatedTime | None
    headline: str = ""
    texts: list[str] = field(default_factory=list)


def _shown(page: ParsedPage, blocks: Sequence[str]) -> tuple[LiveEntry, ...]:
    """Times of day with texts of the body below them or behind them."""
    stamped = (line for line in page.lines if _STAMP.match(line.text))
    if sum(1 for _ in islice(stamped, _LEAST_SHOWN)) < _LEAST_SHOWN:
        return ()
    places = [block.place for block in shown_blocks(blocks, page) if block.place is not None]
    if not places:
        return ()
    span = range(max(0, min(places) - _LINES_BEFORE), max(places) + 1)
    told = {folded(_unmarked(block)): block for block in blocks}
    read = _read(page, span, told)
    entries = _without_opening([entry for entry in read if count_words(" ".join(entry.texts)) >= _LEAST_WORDS])
    if len(entries) < _LEAST_SHOWN or not (_runs_backwards(entries) or _is_called_live(page)):
        return ()
    words = sum(count_words(text) for entry in entries for text in (entry.headline, *entry.texts))
    if words < _COVERED * sum(map(count_words, blocks)):
        return ()
    return tuple(
        LiveEntry(body=join_blocks(entry.texts), headline=entry.headline, posted_at=entry.posted_at, clock=entry.clock)
        for entry in entries[:_MOST]
    )


def _without_opening(entries: list[_Entry]) -> list[_Entry]:
    """The page's own date with its opening words is no entry: only it has a day."""
    dated = [entry.posted_at is not None for entry in entries]
    return entries[1:] if dated[:1] == [True] and sum(dated) == 1 else entries


def _read(page: ParsedPage, span: range, told: Mapping[str, str]) -> list[_Entry]:
    entries: list[_Entry] = []
    for place in span:
        line, block = page.lines[place], told.get(page.folded[place], "")
        opening = _STAMP.match(line.text)
        rest = line.text[opening.end() :].strip(" –—-:|") if opening else ""
        if opening and (len(rest) <= _STAMP_CHARS or block) and not _is_linked(line, rest):
            entries.append(_Entry(clock=opening["clock"], posted_at=_moment(line.text[:_STAMP_CHARS])))
            _add(entries[-1], line, rest if block else "")
        elif entries:
            _add(entries[-1], line, block)
    return entries


def _add(entry: _Entry, line: Line, text: str) -> None:
    if text and line.tag in _HEADINGS and not entry.texts and not entry.headline:
        entry.headline = _unmarked(text)
    elif text:
        entry.texts.append(text)


def _is_linked(line: Line, rest: str) -> bool:
    """The time leads to another story; a time that is a link and nothing else leads to the entry itself."""
    return bool(rest) and line.linked > len(line.text) // 2


def _moment(text: str) -> DatedTime | None:
    mention = next(mentions(text), None)
    return mention.dated("beside the entry") if mention else None


def _runs_backwards(entries: Sequence[_Entry]) -> bool:
    minutes = [int(hour) * 60 + int(minute) for hour, minute in (re.split(r"[:.h]", entry.clock) for entry in entries)]
    steps = [later < earlier for earlier, later in pairwise(minutes) if later != earlier]
    return len(steps) > 1 and sum(steps) >= _FALLING * len(steps)


def _is_called_live(page: ParsedPage) -> bool:
    return bool(_LIVE.search(page.path.lower()) or any("liveblogposting" in types_of(node) for node in page.nodes))


def _unmarked(block: str) -> str:
    return block.removeprefix(next((mark for mark in MARKS if block.startswith(mark)), ""))
