"""Text as a field may hold it: one kind of space, no control characters, no lone surrogates.

Why here and not in the stores: PostgreSQL refuses NUL, UTF-8 refuses surrogates, and both arrive through JSON-LD
escapes and character references long after the bytes were decoded. One place cleans everything that leaves.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from hashlib import blake2b
from html import unescape

_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u200e\u200f\u2060\ufeff\ufffe\uffff\ud800-\udfff]"
)
_SPACES = re.compile(r"\s+")
_TAGS = re.compile(r"</?[a-zA-Z][^<>]*>")
_NOT_WORD = re.compile(r"[\W_]+")
_SHORT = 900
_ASCII_WORDS = "".join(chr(code) if chr(code).isalnum() else " " for code in range(128))
"""What becomes of the characters of ASCII in `folded`: the same as by the pattern, more than twice as fast."""


class _Characters:
    """A pattern of characters beyond ASCII; texts of ASCII alone, most of them, are answered without a search."""

    __slots__ = ("_compiled", "pattern")

    def __init__(self, pattern: str) -> None:
        self.pattern, self._compiled = pattern, re.compile(pattern)

    def search(self, text: str) -> re.Match[str] | None:
        """The first one."""
        return None if text.isascii() else self._compiled.search(text)

    def match(self, text: str) -> re.Match[str] | None:
        """The one that the text begins with."""
        return None if text.isascii() else self._compiled.match(text)

    def findall(self, text: str) -> list[str]:
        """All of them."""
        return [] if text.isascii() else self._compiled.findall(text)

    def sub(self, replacement: str, text: str) -> str:
        """The text with all of them replaced."""
        return text if text.isascii() else self._compiled.sub(replacement, text)


UNSPACED = _Characters("[\u0e00-\u0e7f\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
"""One character of a script that writes without spaces between words."""


def count_words(text: str) -> int:
    """Words of the text; two characters of a script without spaces are one."""
    return len(text.split()) + len(UNSPACED.findall(text)) // 2


def line_hash(line: str) -> int:
    """The 64-bit signed hash by which a line is known; the caller brings it into one form first."""
    return int.from_bytes(blake2b(line.encode(), digest_size=8).digest(), signed=True)


def without_controls(text: str) -> str:
    """The text without characters that no field may hold; soft hyphens go too, line breaks stay."""
    return _UNWANTED.sub("", text).replace("\u00ad", "")


def fold_spaces(text: str) -> str:
    """One line: every run of white space becomes one space, none at the ends."""
    line = " ".join(text.split())
    if line.isprintable():
        return line
    return _SPACES.sub(" ", without_controls(text)).strip()


def plain(value: object) -> str:
    """A metadata value as one line of text: entities resolved, tags dropped; empty for anything but a string."""
    return fold_spaces(_TAGS.sub(" ", unescape(unescape(value)))) if isinstance(value, str) else ""


def folded(text: str) -> str:
    """For comparing only: compatibility forms, case, punctuation and spaces folded away.

    The same lines are compared by one finder after the other, so short ones are remembered: of 57,000 characters that
    the finders ask for on a page, 17,000 are new.
    """
    return _remembered(text) if len(text) <= _SHORT else _folded(text)


def _folded(text: str) -> str:
    if text.isascii():
        return " ".join(text.lower().translate(_ASCII_WORDS).split())
    return _NOT_WORD.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


_remembered = lru_cache(maxsize=2048)(_folded)
