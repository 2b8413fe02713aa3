"""Text as a field may hold it: one kind of space, no control characters, no lone surrogates.

Why here and not in the stores: PostgreSQL refuses NUL, UTF-8 refuses surrogates, and both arrive through JSON-LD
escapes and character references long after the bytes were decoded. One place cleans everything that leaves.
"""

from __future__ import annotations

import re
import unicodedata
from html import unescape

_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u200e\u200f\u2060\ufeff\ufffe\uffff\ud800-\udfff]"
)
_SPACES = re.compile(r"\s+")
_TAGS = re.compile(r"</?[a-zA-Z][^<>]*>")
_NOT_WORD = re.compile(r"[\W_]+")
UNSPACED = re.compile("[\u0e00-\u0e7f\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
"""One character of a script that writes without spaces between words."""


def without_controls(text: str) -> str:
    """The text without characters that no field may hold; soft hyphens go too, line breaks stay."""
    return _UNWANTED.sub("", text).replace("\u00ad", "")


def fold_spaces(text: str) -> str:
    """One line: every run of white space becomes one space, none at the ends."""
    return _SPACES.sub(" ", without_controls(text)).strip()


def plain(value: object) -> str:
    """A metadata value as one line of text: entities resolved, tags dropped; empty for anything but a string."""
    return fold_spaces(_TAGS.sub(" ", unescape(unescape(value)))) if isinstance(value, str) else ""


def folded(text: str) -> str:
    """For comparing only: compatibility forms, case, punctuation and spaces folded away."""
    return _NOT_WORD.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()
