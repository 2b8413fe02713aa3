"""What class names, ids and tags say of a block: newsrooms name the boxes that they do not count as text.

Why names and not only words: "Most read" is said in every language, and its box is called ``most-read`` in nearly all.
Why a name around most of the body says nothing: an article's own element lists whatever stands in it
(``post has-sharing tag-europe author-box``), so only names of small boxes count. A heading's own name is made of its
words on many sites (``id=social-media``) and testifies to nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from crawler.extraction.body.sight import Shown
from crawler.extraction.lines import Line

_START, _END = r"(?:^|[^a-z])(?:", r")(?![a-z])"
_CAPTION = (
    r"figcaption|imagecaption|photocaption|wp-caption|caption-?text|img-?caption|bildunterschrift|didascalia"
    r"|pie-?de-?foto|photo-?credit|image-?credit|img-?credit|bildquelle|bildnachweis"
    rf"|{_START}caption|captions|legende|credit|credits|copyright-photo|media-title{_END}"
)
_NEWSLETTER = (
    r"newsletter|sign-?up|mailing-?list|mailchimp|email-?alert|email-?capture"
    rf"|{_START}subscribe|subscription{_END}"
)
_ADVERTISEMENT = rf"advert|adslot|ad-label|ad-?container|{_START}dfp|werbung|anzeige|reklama{_END}"
_SHARE = (
    r"share-?(?:bar|button|tool|link|icon|box|this|count|list|menu|widget)|sharing|addthis|sharedaddy|copy-?link"
    rf"|social-?(?:share|media|icon|link|bar|button)|{_START}share|print|bookmark{_END}"
)
_READING_TIME = r"reading-?time|readingtime|read-?time|time-?to-?read|min-?read|lesedauer|lesezeit"
_RELATED = (
    r"related|recirc|recommend|read-?more|readmore|read-?also|also-?read|see-?also|more-?(?:stories|news|from|on|in)"
    r"|most-?(?:read|viewed|popular)|teaser|taboola|outbrain|next-?(?:article|story|post)|trending|promo"
    r"|in-?article-?link|lire-?aussi|leggi-?anche|lees-?ook|weiterlesen|te-?puede|cross-?link"
    rf"|{_START}similar|upsell|follow|cta{_END}"
)
_AUTHOR = (
    r"author-?(?:bio|box|info|desc|card|detail|about|profile)|about-?(?:the-?)?author|byline|authorbox"
    rf"|{_START}bio|author|authors|autor|auteur|writer|writers{_END}"
)
_DATE = (
    r"publish(?:ed)?-?(?:date|time|at|on)|pub-?date|article-?date|entry-?date|post-?date|time-?stamp|time-?ago"
    rf"|datetime|date-?time|entry-?meta|post-?meta|article-?meta|{_START}date|meta{_END}"
)
_TAGS = (
    r"tag-?(?:list|cloud|s-list|links)|article-?tags|post-?tags|keywords"
    rf"|{_START}tags|topics|categories{_END}"
)
_COMMENTS = (
    r"comment-?(?:form|list|section|count|respond|reply)|disqus"
    rf"|{_START}comments|comment|respond{_END}"
)
_NAMED = (
    ("caption", _CAPTION),
    ("newsletter", _NEWSLETTER),
    ("advertisement", _ADVERTISEMENT),
    ("share", _SHARE),
    ("breadcrumb", "breadcrumb"),
    ("reading time", _READING_TIME),
    ("related", _RELATED),
    ("author", _AUTHOR),
    ("date", _DATE),
    ("tags", _TAGS),
    ("comments", _COMMENTS),
    ("footer", rf"{_START}footer|foot{_END}"),
    ("copyright", rf"copyright|{_START}disclaimer|legal|rights{_END}"),
    ("hidden", r"visually-?hidden|screen-?reader|sr-only|accessibility"),
    ("not printed", rf"no-?print|hide-?print|{_START}tooltip|toast|modal|popup|popover{_END}"),
)
"""Reason -> names, in any part of a word or, after the marked beginning, alone."""
_PATTERN = re.compile("|".join(f"(?P<r{number}>{names})" for number, (_, names) in enumerate(_NAMED)))
_REASONS = tuple(reason for reason, _ in _NAMED)
_OF_TAG = {"figcaption": "caption", "footer": "footer", "form": "form"}
_LARGE = 0.2
_NEAREST = 4
_NAME_CHARS = 300


class Marks:
    """Says why a block is no text, by the names of the boxes around it."""

    def __init__(self, shown: Sequence[Shown]) -> None:
        chars: Counter[tuple[str, str]] = Counter()
        for block in shown:
            for box in set(_boxes(block.line)):
                chars[box] += len(block.text)
        limit = _LARGE * sum(len(block.text) for block in shown)
        self._large = {box for box, count in chars.items() if count > limit}
        self._known: dict[tuple[str, str], str] = {}

    def reason(self, block: Shown) -> str:
        """Of the nearest box that has a telling name; empty where none has."""
        boxes = list(_boxes(block.line))
        for box in boxes[1:] if block.mark == "## " else boxes:
            if box not in self._large and (reason := self._of_box(box)):
                return reason
        return ""

    def _of_box(self, box: tuple[str, str]) -> str:
        if box not in self._known:
            self._known[box] = _reason_of(*box)
        return self._known[box]


def _boxes(line: Line | None) -> Iterator[tuple[str, str]]:
    """(tag, names) of the line's own block and of those around it, the nearest first."""
    if line is not None:
        yield line.tag, line.hint
        yield from reversed(line.around[-_NEAREST:])


def _reason_of(tag: str, names: str) -> str:
    if tag in _OF_TAG:
        return _OF_TAG[tag]
    found = _PATTERN.search(names[:_NAME_CHARS])
    return _REASONS[int((found.lastgroup or "r0")[1:])] if found else ""
