"""What counts as text when two texts are compared.

Why
    An equal digest says "the same text" without a further look, so folding takes out only what never carries
    meaning in a news text and differs between copies all the time: typographic quotes and dashes, upper case, line
    breaks, list and heading marks, soft hyphens, compatibility characters (NFKC: full-width letters, ligatures).
    What can carry meaning stays: every letter, mark and digit, currency signs, and a minus sign before a figure,
    because "-5 degrees" put right to "5 degrees" is a correction and must become a version. Word order stays too.

    Apostrophes are deleted, not turned into spaces: "it's" with either apostrophe, and a text that lost them in
    a transfer, are the same word.

    A block goes only where it is certainly a counter: the *whole* block says "Updated 3 minutes ago", "12
    comments", "4 min read". "Updated 3 minutes ago" at the start of a sentence stays, and so does a clock time
    ("Last updated 10:40"): it says something about the text. A larger list, in more languages, was rejected: a
    missed counter costs one needless version, a wrong one hides a change for ever.

    Categories come from the interpreter's Unicode tables. Normalisation of assigned characters never changes
    between Unicode versions; only characters that are new in a version can fold differently after an upgrade.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

_APOSTROPHES = "'`\u00b4\u02bb\u02bc\u2018\u2019\u201b\u2032\uff07"
_KEPT_CATEGORIES = frozenset("LMN")
_MINUS = re.compile(r"(?<![^\s(])[-\u2212\u2013](?=\d)")
_COUNTER = re.compile(
    r"(?:last )?(?:updated|modified|published|posted) (?:an?|\d+) (?:second|minute|min|hour|day|week)s? ago"
    r"|(?:\d+|no) (?:comment|share|view|like)s?"
    r"|(?:comment|share|view|like)s? \d+"
    r"|\d+ min(?:ute)?s? read"
)


def fold(text: str) -> str:
    """Lower-case words separated by single spaces, without punctuation; empty where there are no words.

    Case-folded, NFKC. Never fails, whatever the characters (lone surrogates included).
    """
    return " ".join(_plain(text).split())


def folded_body(body: str) -> str:
    """The folded blocks of an article's body in one line, counters left out."""
    return " ".join(_folded_blocks(body))


def folded_text(headline: str, body: str) -> str:
    """Folded headline and body in one line.

    The headline stands once, also where the extractor repeated it as the first block of the body: whether it does
    depends on the page's layout and not on the text.
    """
    title, blocks = fold(headline), _folded_blocks(body)
    return " ".join([title, *blocks[blocks[:1] == (title,) :]]).strip()


# The digest and every signal read the same body one after the other; two entries are enough for two threads.
@lru_cache(maxsize=2)
def _folded_blocks(body: str) -> tuple[str, ...]:
    blocks = (" ".join(block.split()) for block in _plain(body).split("\n\n"))
    return tuple(block for block in blocks if block and not _COUNTER.fullmatch(block))


def _plain(text: str) -> str:
    """Folded characters; white space as it was."""
    joined = _MINUS.sub(" minus ", text).translate(_table(text))
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", joined).casefold())
    return plain.translate(_table(plain))


def _table(text: str) -> dict[int, str | None]:
    """Translation of the characters that occur: to nothing, to a space, or (not listed) to themselves."""
    return {ord(char): _replacement(char) for char in set(text) if not _is_kept(char)}


@cache
def _is_kept(char: str) -> bool:
    category = unicodedata.category(char)
    return char == "\n" or (char not in _APOSTROPHES and (category[0] in _KEPT_CATEGORIES or category == "Sc"))


def _replacement(char: str) -> str | None:
    return None if char in _APOSTROPHES or unicodedata.category(char) == "Cf" else " "
