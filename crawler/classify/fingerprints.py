"""The visible text of a page in a form in which two answers of one template are equal.

What is taken away: case, punctuation and kinds of spaces; words that hold a digit (times, dates, counts, ids) or look
like an address (`/news/5`, `www.paper.example`: the URL echoed back); and what is left of a short line that lost such
a word, because "Tuesday, 4 March 2008" and "12:40 GMT" leave only the day's name behind. What stays are the words that
the template itself says. Order counts, repeats too.

Why not a similarity hash of the whole page: the answer that matters is "the same words", and where a box of the day's
headlines differs, the line fingerprints of the host's probe tell the template from the news.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from hashlib import blake2b

from crawler.extraction.lines import Line
from crawler.extraction.text import UNSPACED, count_words, folded, line_hash

MIN_WORDS = 4
"""Pages that show fewer words are not told apart by them."""
_MAX_LINES = 3000
_STAMP_WORDS = 6
_CHANGING = re.compile(r"[\d/\\@]|\.\w")
_PART = re.compile(r"[\d/\\@.:,-]+")


def plain_lines(lines: Sequence[Line], texts: Sequence[str] = ()) -> list[str]:
    """The lines as described above, empty ones left out, at most 3,000.

    Args:
        lines: of the page.
        texts: the same lines in `folded` form where that is known; empty for those that are not.
    """
    known = texts or [""] * len(lines)
    normal = (_normal(line.text, text) for line, text in zip(lines[:_MAX_LINES], known, strict=False))
    return [text for text in normal if text]


def page_digest(lines: Sequence[str]) -> str:
    """32 hex digits over these normalised lines; empty where they say too little."""
    text = "\n".join(lines)
    if count_words(text) < MIN_WORDS:
        return ""
    return blake2b(text.encode(), digest_size=16).hexdigest()


def fingerprint(lines: Iterable[str]) -> tuple[int, ...]:
    """Sorted 64-bit signed hashes of these normalised lines, each once."""
    return tuple(sorted({line_hash(line) for line in lines}))


def _normal(text: str, known: str) -> str:
    if not _CHANGING.search(text):
        return known or folded(text)
    kept = folded(" ".join(filter(None, map(_steady, text.split()))))
    return "" if len(kept.split()) <= _STAMP_WORDS and not UNSPACED.search(kept) else kept


def _steady(word: str) -> str:
    """What stays of a word; of scripts without spaces a "word" is a sentence, which only loses its digits."""
    if not _CHANGING.search(word):
        return word
    return _PART.sub(" ", word) if UNSPACED.search(word) else ""
