"""Which blocks of a body are no part of the story, so that a change in them does not matter.

Why whole blocks only
    A wrong pattern hides a change for ever, a missing one costs a needless version. So a block counts only where *all*
    of it is furniture; of a longer block a sentence counts only where all of it is a labelled time stamp with a clock
    ("Last updated 10:40."). Counters, stamps, prompts and credits are paragraphs: "- 12 views" in a list may
    be part of a story.

    *Teasers*: "Read more: ..." is one where what follows is short and has no full stop at its end: headlines have none,
    and "Related: the mayor resigned, too." may be the reporter speaking. Below a label that stands alone ("Most read")
    list items are teasers, and at the end of the text also short paragraphs without a full stop.

    *Prompts* ("Sign up for our newsletter") and credits ("Photo: Ada Lind") count only without figures.

    *A repeated block* (the caption under two sizes of a picture, the headline again) says nothing new; it counts where
    the other text has the block too.

    A clock or a date alone is none: it may head an entry of a live blog.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from crawler.changes import phrases
from crawler.changes.sentences import Block, Sentence
from crawler.changes.words import is_figure, key_of

_MOST_SIGNS = 400
_MOST_STAMP_SIGNS = 160
_MOST_STAMP_WORDS = 20
_MOST_TEASER_WORDS = 25
_MOST_TEASER_SIGNS = 160
_MOST_CREDIT_WORDS = 8
_MOST_PROMPT_WORDS = 40
_LEAST_REPEATED_WORDS = 4
_STOPS = (".", "\u3002", "\u0964", "\u06d4", "\uff0e", "\uff61")
_COLON = re.compile(r"\s*[:\uff1a|\u00bb\u203a]\s*")


def _any(words: Sequence[str]) -> str:
    keys = {key for word in words if (key := key_of(word))}
    return "|".join(re.escape(key) for key in sorted(keys, key=lambda key: (-len(key), key)))


_FIGURE = r"\d[\d.,:/hzt]*(?:st|nd|rd|th|am|pm|er|uhr|[.\u00ba\u00aa]|\ub144|\uc6d4|\uc77c|\uc2dc|\ubd84|\ucd08)?"
_NUMBER = r"(?:\d[\d.,]*|an?|one|few|a few|less than a|einer?|une?|uma?|unos|een|en|ett|et)"
_AGO = (
    rf"(?:(?:{_any(phrases.AGO_BEFORE)}) {_NUMBER} (?:{_any(phrases.UNITS)})"
    rf"|{_NUMBER} (?:{_any(phrases.UNITS)}) (?:{_any(phrases.AGO_AFTER)})"
    rf"|\d+(?:\ubd84|\uc2dc\uac04|\uc77c|\ucd08) \uc804|\d+ (?:{_any(phrases.AGO_UNSPACED)})|{_any(phrases.JUST_NOW)})"
)
_LABEL = _any(phrases.STAMP_LABELS)
_STAMP = re.compile(
    rf"(?:{_LABEL})(?: (?:{_AGO}|{_FIGURE}|{_any(phrases.TIME_WORDS)}|{_LABEL}))+|(?:{_AGO}) (?:{_LABEL})"
)
_LONG_WORDS = [word for word in phrases.TIME_WORDS if len(word) >= len("may")]
_MOMENT = re.compile(rf"\d.*\D.*\d|\d (?:{_any(_LONG_WORDS)})\b|\b(?:{_any(_LONG_WORDS)}) \d|{_AGO}")
"""What makes a stamp one: more than a bare year or count."""
_CLOCK = re.compile(rf"\d[:h.]\d\d\b|{_AGO}")
_ALONE = re.compile(rf"(?=.*\d)(?:{_AGO})")
_COUNT = r"(?:\d[\d.,]*[km]?(?: (?:k|m|mil|tsd|mio|тыс|млн|万|萬))?)"
_NOUN = _any([*phrases.COUNTED, *phrases.COUNTED_LIVE])
_COUNTER = re.compile(
    rf"(?:{_COUNT} (?:{_NOUN})(?: {_COUNT} (?:{_NOUN}))*"
    rf"|(?:{_NOUN}) {_COUNT}(?: 件| 条| 次)?(?: (?:{_NOUN}) {_COUNT})*)"
)
_MINUTES = rf"\d+ (?:{_any(phrases.MINUTES)})|\d+\ubd84"
_READING_TIME = re.compile(
    rf"(?:{_any(phrases.READING)})(?: (?:about|ca|approx|env|約|约))? (?:{_MINUTES})(?: (?:{_any(phrases.READING)}))?"
    rf"|(?:{_MINUTES}) (?:{_any(phrases.READING)})"
)
_PROMPT = re.compile(rf"(?:{_any(phrases.PROMPTS)})(?: .*)? (?:{_any(phrases.LETTERS)})(?: .*)?")
_RELATED = frozenset(map(key_of, phrases.RELATED))
_BUTTONS = frozenset(map(key_of, phrases.BUTTONS))
_CREDITS = frozenset(map(key_of, phrases.CREDITS))
_COPYRIGHT = re.compile(r"[\u00a9\u2117]\s*\S")


def marked(
    sentences: Sequence[Sentence], blocks: Sequence[Block], *, headline: str, keys: Sequence[str], elsewhere: set[str]
) -> list[Sentence]:
    """The sentences, each with why a change in it does not matter.

    Args:
        sentences: of one text.
        blocks: of the same text, as the sentences count them.
        headline: of the same text.
        keys: words of each block, as they are compared.
        elsewhere: words of the blocks of the text that it is compared with.
    """
    boxed = _boxed(blocks, keys)
    again = _repeated(blocks, keys, elsewhere)
    opening = key_of(headline)
    names = [
        "headline again" if number == 0 and key == opening else boxed.get(number) or _name_of(block, key)
        for number, (block, key) in enumerate(zip(blocks, keys, strict=True))
    ]
    return [
        replace(one, noise=name)
        if (name := names[one.paragraph] or again.get(one.paragraph) or _clock(one.key))
        else one
        for one in sentences
    ]


def _name_of(block: Block, key: str) -> str:
    """What sort of furniture the whole block is; empty where it is none."""
    if len(key) > _MOST_SIGNS:
        return ""
    if key in _BUTTONS or key in _RELATED:
        return "button" if key in _BUTTONS else "related"
    if _is_teaser(block.text):
        return "related"
    return "" if block.mark else _stamp(key) or _name_of_paragraph(block.text, key)


def _stamp(key: str) -> str:
    is_one = (
        len(key) <= _MOST_STAMP_SIGNS
        and key.count(" ") < _MOST_STAMP_WORDS
        and _STAMP.fullmatch(key)
        and _MOMENT.search(key)
    )
    return "time stamp" if is_one else ""


def _clock(key: str) -> str:
    """Of one sentence: "Published 12 May 1984." may be said of a book, "Updated at 10:40." of nothing but the page."""
    return _stamp(key) if len(key) <= _MOST_STAMP_SIGNS and _CLOCK.search(key) else ""


def _name_of_paragraph(text: str, key: str) -> str:
    words = key.split()
    if len(words) > _MOST_PROMPT_WORDS:
        return ""
    if _ALONE.fullmatch(key):
        return "time stamp"
    if _COUNTER.fullmatch(key):
        return "counter"
    if _READING_TIME.fullmatch(key):
        return "reading time"
    figures = any(map(is_figure, words))
    if not figures and _PROMPT.fullmatch(key):
        return "newsletter"
    return "credit" if not figures and _is_credit(text, words) else ""


def _is_credit(text: str, words: Sequence[str]) -> bool:
    if len(words) > _MOST_CREDIT_WORDS or text.endswith(_STOPS):
        return False
    label = _COLON.split(text, maxsplit=1)
    return bool(_COPYRIGHT.match(text)) or (len(label) > 1 and key_of(label[0]) in _CREDITS)


def _is_teaser(text: str) -> bool:
    """Whether it is a label, a colon and a headline."""
    if len(text) > _MOST_TEASER_SIGNS:
        return False
    label = _COLON.split(text, maxsplit=1)
    return len(label) > 1 and key_of(label[0]) in _RELATED and _is_headline(label[1])


def _is_headline(text: str) -> bool:
    stops = any(f"{stop} " in text for stop in _STOPS) or text.endswith(_STOPS)
    return not stops and len(text) <= _MOST_TEASER_SIGNS and len(key_of(text).split()) <= _MOST_TEASER_WORDS


def _boxed(blocks: Sequence[Block], keys: Sequence[str]) -> dict[int, str]:
    """Places of blocks that stand in a box of links to other stories."""
    found: dict[int, str] = {}
    tail = next(_tails(blocks), len(blocks))
    inside = False
    for number, (block, key) in enumerate(zip(blocks, keys, strict=True)):
        if key in _RELATED and block.mark in {"", "## "}:
            inside = True
            continue
        inside = inside and _is_headline(block.text) and (block.mark == "- " or number >= tail)
        if inside:
            found[number] = "related"
    return found


def _tails(blocks: Sequence[Block]) -> Iterator[int]:
    """Where the blocks at the end begin that all read like headlines."""
    for number in range(len(blocks), -1, -1):
        if number == 0 or not _is_headline(blocks[number - 1].text) or blocks[number - 1].mark == "> ":
            yield number
            return


def _repeated(blocks: Sequence[Block], keys: Sequence[str], elsewhere: set[str]) -> dict[int, str]:
    """Places of paragraphs that the text has already said, and that the other text says too."""
    said: set[str] = set()
    found: dict[int, str] = {}
    for number, (block, key) in enumerate(zip(blocks, keys, strict=True)):
        if key in said and key in elsewhere and not block.mark and key.count(" ") + 1 >= _LEAST_REPEATED_WORDS:
            found[number] = "repeated"
        said.add(key)
    return found
