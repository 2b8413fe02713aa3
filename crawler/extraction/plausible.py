"""How much of a decoded text is what nobody writes: the sign that it was read in the wrong encoding.

Why signs and not a language model: whoever reads Cyrillic as Latin gets capitals inside of words and letters among
signs; whoever reads Big5 as GBK gets rare characters only. Both are counted in microseconds, and only pages with a
legacy encoding are asked.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

_SAMPLE_CHARS = 6000
_TAGS = re.compile(r"<(?:script|style)\b[^>]{0,500}>[^<]*|<[^<>]{0,2000}>", re.IGNORECASE)
_NON_ASCII = re.compile(r"[^\x00-\x7f]")
_WORD = re.compile(r"[^\W\d_]{2,}")
_ODD = re.compile(
    r"[\x80-\x9f\ufffd\ue000-\uf8ff\u2500-\u259f\uff61-\uff9f]|[^\W\d_][¤¦¬¶§±¨¯¸¼½¾¿¡¢£¥©®ªº°µ»«·´²³¹×÷Ѓѓ‚„†‡‰‹›](?=[^\W\d_])"
)
_ACCENTED = re.compile("[\u00c0-\u00ff]+")
_NORDIC = re.compile("[\u00dd\u00de\u00d0\u00fd\u00fe\u00f0]")
_LATIN_END = "\u0250"
_SHORT_WORD, _MOST = 3, 0.6
_FEWEST = 10
_SOME = 0.12
_WORDS_OF_FIVE = 0.2
_HAN, _HANGUL = "\u3400", "\uac00"
_PARTED = re.compile("(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")
_CZECH_READ_AS_LATIN = ("ø", "ì")
_CENTRAL = re.compile(r"(?<=[^\W\d_])[ìøùèïò](?=[^\W\d_])")
_LEVELS = (
    ("gb2312", range(0xB0, 0xD8), range(0xA1, 0xFF)),
    ("big5", range(0xA4, 0xC7), (*range(0x40, 0x7F), *range(0xA1, 0xFF))),
    ("euc-jp", range(0xA4, 0xD0), range(0xA1, 0xFF)),
    ("euc-kr", range(0xB0, 0xC9), range(0xA1, 0xFF)),
)
_EAST = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def visible_sample(text: str) -> str:
    """Some thousand characters of the text beyond ASCII with what stands between them, markup left out."""
    found = _TAGS.sub(" ", text[: 40 * _SAMPLE_CHARS])
    first = _NON_ASCII.search(found)
    return found[first.start() : first.start() + _SAMPLE_CHARS] if first else ""


def oddness(sample: str) -> float:
    """Share of the characters beyond ASCII that stand where nobody writes them, 0 to 1; 0 where there are too few."""
    beyond = len(_NON_ASCII.findall(sample))
    if beyond < _FEWEST:
        return 0.0
    words = [word for word in _WORD.findall(sample) if not word.isascii()]
    if _is_flipped(words):
        return 1.0
    odd = len(_ODD.findall(sample)) + _odd_signs(sample) + sum(map(_odd_letters, words))
    if _CZECH_READ_AS_LATIN[0] in sample and _CZECH_READ_AS_LATIN[1] in sample:
        odd += len(_CENTRAL.findall(sample))
    return min(1.0, odd / beyond)


def _odd_signs(sample: str) -> int:
    """Rare signs, Korean syllables among Chinese signs, and Chinese signs parted by spaces as only Korean words are."""
    east = _EAST.findall(sample)
    if not east:
        return 0
    hangul = sum(char >= _HANGUL for char in east)
    kana = sum(char < _HAN for char in east)
    usual = _common("euc-jp") if kana > _SOME * len(east) else _common("")
    rare = sum(char not in usual for char in east)
    mixed = min(hangul, len(east) - hangul - kana)
    parted = 0 if hangul else len(_PARTED.findall(sample))
    return (
        rare + (mixed if mixed > _SOME * len(east) else 0) + (2 * parted if parted > _WORDS_OF_FIVE * len(east) else 0)
    )


def _is_flipped(words: list[str]) -> bool:
    """Whether small letters and capitals changed places, as they do between the Cyrillic encodings."""
    long = [word for word in words if len(word) > _SHORT_WORD and not _EAST.search(word)]
    flipped = sum(word[0].islower() and word[1:].isupper() for word in long)
    return flipped > 0 and sum(word[1:].isupper() for word in long) > len(long) * _MOST


def _odd_letters(word: str) -> int:
    """Capitals behind small letters, letters of two alphabets in one word, and accents on every letter."""
    if _EAST.search(word):
        return 0
    latin = sum(char < _LATIN_END for char in word)
    if len(word) > _SHORT_WORD and _ACCENTED.fullmatch(word):
        return len(word)
    odd = sum(left.islower() and right.isupper() for left, right in pairwise(word))
    return max(odd, min(latin, len(word) - latin), len(_NORDIC.findall(word)))


@cache
def _common(only: str) -> frozenset[str]:
    """The characters of everyday Chinese, Japanese and Korean, or of one: first levels of national standards."""
    return frozenset(
        char
        for codec, leads, trails in _LEVELS
        if only in ("", codec)
        for lead in leads
        for trail in trails
        for char in bytes((lead, trail)).decode(codec, "ignore")
    )
