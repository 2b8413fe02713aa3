"""A page with every text replaced by invented words of the same length and shape, and its structure untouched.

Why: a layout is a fact, the story in it is its publisher's. A scrubbed page shows an extractor exactly what the real
one did (tags, classes, comments, dates, numbers, how long each paragraph is) and nobody anything to read.

Why a word always becomes the same word: extraction lives on repetition (the headline in the title, the byline in a
meta tag). Why some words stay: dates, the labels beside them, agencies and the commonest words of a language are what
finders read; no sentence can be put together from them.

Why a scanner and not a parser: a parser would repair the page, and it is the unrepaired one that has to be read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from hashlib import blake2b
from typing import Any

_WORD = re.compile(r"&#?\w{1,12};|https?://[^\s\"'<>]{1,2000}|\d{4}-\d\d-\d\dT[\d:.+-]{4,20}Z?|[^\W\d_]+")
_ATTRIBUTE = re.compile(r"""([\w:@.-]+)(\s{0,20}=\s{0,20})("[^"]*"|'[^']*'|[^\s"'>]+)""")
_TEXT_ATTRIBUTES = frozenset(
    {"alt", "title", "content", "value", "placeholder", "summary", "label", "aria-label", "datatitle", "caption"}
)
_ADDRESSES = frozenset({"href", "src", "srcset", "action", "poster", "cite", "background"})
_KEPT_METAS = re.compile(
    r"charset|content-type|viewport|robots|date|time|created|issued|modified|published|og:type|og:locale|url",
    re.IGNORECASE,
)
_HOST = re.compile(r"^(?:[a-z]{1,10}:)?//[^/?#]*", re.IGNORECASE)
_PATH_WORD = re.compile(r"[^\W\d_]{4,}")
_KEPT_IN_PATHS = frozenset(
    {"html", "shtml", "jhtml", "aspx", "jpeg", "story", "article", "articles", "http", "https", "author", "authors"}
    | {"profile", "people", "tags", "topics", "hostednews", "photo", "images"}
)
_KEPT_KEYS = frozenset({"@context", "@type", "@id", "url", "inLanguage", "dateline"})
_MACHINE = re.compile(r"^(?:https?:|\d|#|true$|false$)")
_COMMENT_CHARS = 60
_VOWELS, _CONSONANTS = "aeiou", "bcdfghklmnprstvz"
_ALPHABETS = (
    ("\u0370", "\u03ff", "αβγδεζηθικλμνξοπρστυφχψω"),
    ("\u0400", "\u04ff", "абвгдежзиклмнопрстуфхцчшыэюя"),
    ("\u0590", "\u05ff", "אבגדהוזחטיכלמנסעפצקרשת"),
    ("\u0600", "\u06ff", "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"),
    ("\u0900", "\u097f", "कखगघचछजझटठडढणतथदधनपफबभमयरलवशषसह"),
    ("\u0e00", "\u0e7f", "กขคงจชซดตถทนบปผพฟมยรลวสหอ"),
    ("\u3040", "\u309f", "あいうえおかきくけこさしすせそたちつてとなにぬねの"),
    ("\u30a0", "\u30ff", "アイウエオカキクケコサシスセソタチツテトナニヌネノ"),
    ("\u3400", "\u9fff", "山川田木林森石土水火風雨雪花草鳥魚馬牛羊門戸車船道橋村町市国"),
    ("\uac00", "\ud7af", "가나다라마바사아자차카타파하거너더러머버서어저처커터퍼허"),
)
_KEPT_WORDS = """
    january february march april may june july august september october november december
    jan feb mar apr jun jul aug sep sept oct nov dec
    monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun
    am pm gmt utc bst est edt pst pdt cet cest ist hkt jst noon midnight ago hours minutes hour day days
    by from and or of the a an in on at to for with as is was are were be been has have had it its he she they his her
    their this that which who not but said says will would after before over more than about
    updated published posted last modified correction clarification
    caption image photo photograph credit copyright rights reserved source reporting editing writing additional
    correspondent reporter editor staff writer
    reuters ap afp associated press agence france presse upi tass itar xinhua dpa efe ansa interfax
    bbc cnn news abc cbc rte fox yahoo guardian telegraph times post washington york jazeera
    advertisement comments comment related share print email
"""
KEPT = frozenset(_KEPT_WORDS.split())
"""Words that stay, in lower case."""


def scrubbed(source: str, url: str) -> str:
    """The markup with its texts replaced.

    Args:
        source: decoded markup.
        url: of the page; addresses that are equal to it stay.

    Returns:
        Markup of the same structure: tags, attributes, classes, comments of up to 60 characters and white space are
        kept, scripts other than JSON-LD are emptied. The same input always gives the same output.
    """
    scrub = _Scrubber(url)
    return "".join(scrub.piece(piece) for piece in _pieces(source))


class _Scrubber:
    """Replaces words, always the same by the same."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._salt = url.encode()

    def piece(self, piece: str) -> str:
        if piece.startswith("<!--"):
            return piece if len(piece) <= _COMMENT_CHARS else "<!-- -->"
        if piece[:7].lower() == "<script":
            return self._script(piece)
        if piece[:6].lower() == "<style":
            return piece[: piece.find(">") + 1] + "</style>"
        return self._tag(piece) if piece.startswith("<") else self.text(piece)

    def text(self, text: str) -> str:
        return _WORD.sub(lambda found: self._word(found[0]), text)

    def _word(self, word: str) -> str:
        if word[0] in "&0123456789" or word.lower() in KEPT:
            return word
        return self._address(word) if "://" in word else self._invented(word)

    def _invented(self, word: str) -> str:
        letters = blake2b(word.lower().encode(), key=self._salt[:64], digest_size=64).digest()
        made = (_letter(sign, letters[place % 64], place) for place, sign in enumerate(word))
        return "".join(made)

    def _tag(self, tag: str) -> str:
        if tag[:2] in {"</", "<!", "<?"}:
            return tag
        kept = tag[:5].lower() == "<meta" and bool(_KEPT_METAS.search(_meta_name(tag)))
        return _ATTRIBUTE.sub(lambda found: self._attribute(found, kept=kept), tag)

    def _attribute(self, found: re.Match[str], *, kept: bool) -> str:
        name, equals, value = found.groups()
        quote = value[0] if value[0] in "\"'" else ""
        inner = value[1:-1] if quote else value
        if name.lower() in _ADDRESSES:
            inner = self._address(inner)
        elif name.lower() in _TEXT_ATTRIBUTES and not kept:
            inner = self.text(inner)
        return f"{name}{equals}{quote}{inner}{quote}"

    def _address(self, address: str) -> str:
        """An address keeps its host, its numbers and its shape."""
        if address == self._url:
            return address
        host = _HOST.match(address)
        start = host.end() if host else 0
        return address[:start] + _PATH_WORD.sub(lambda found: self._path_word(found[0]), address[start:])

    def _path_word(self, word: str) -> str:
        return word if word.lower() in _KEPT_IN_PATHS or word.lower() in KEPT else self._invented(word)

    def _script(self, script: str) -> str:
        start = script.find(">") + 1
        if "ld+json" not in script[:start].lower():
            return script[:start] + "</script>"
        end = script.lower().rfind("</script")
        try:
            value = json.loads(script[start : end if end >= 0 else None])
        except (ValueError, RecursionError):
            return script[:start] + "</script>"
        return f"{script[:start]}{json.dumps(self._json(value), ensure_ascii=False)}</script>"

    def _json(self, value: Any, key: str = "") -> Any:  # noqa: ANN401 - JSON is untyped
        if isinstance(value, dict):
            return {name: self._json(item, name) for name, item in value.items()}
        if isinstance(value, list):
            return [self._json(item, key) for item in value]
        if not isinstance(value, str) or key in _KEPT_KEYS or _MACHINE.match(value):
            return value
        return self.text(value)


def _letter(sign: str, byte: int, place: int) -> str:
    """A letter of the same script and case."""
    for first, last, alphabet in _ALPHABETS:
        if first <= sign <= last:
            made = alphabet[byte % len(alphabet)]
            return made.upper() if sign.isupper() else made
    letters = _VOWELS if place % 2 else _CONSONANTS
    made = letters[byte % len(letters)]
    return made.upper() if sign.isupper() else made


def _meta_name(tag: str) -> str:
    """The names of a meta tag."""
    named = ((found[1].lower(), found[3]) for found in _ATTRIBUTE.finditer(tag))
    return " ".join(value for name, value in named if name in {"name", "property", "itemprop", "http-equiv"})


def _pieces(source: str) -> Iterator[str]:
    """Comments, whole scripts and styles, tags, and the text between; together they are the source."""
    position, lowered = 0, source.lower()
    if len(lowered) != len(source):
        lowered = source
    while position < len(source):
        start = source.find("<", position)
        if start < 0:
            start = len(source)
        if start > position:
            yield source[position:start]
        if start < len(source):
            end = _end_of(lowered, start)
            yield source[start:end]
            start = end
        position = start


def _end_of(lowered: str, start: int) -> int:
    """Where the piece of markup ends that begins here; the end of the source where it is never closed."""
    closing = ">"
    if lowered.startswith("<!--", start):
        closing = "-->"
    elif lowered.startswith(("<script", "<style"), start):
        closing = "</script>" if lowered.startswith("<script", start) else "</style>"
    end = lowered.find(closing, start)
    return end + len(closing) if end >= 0 else len(lowered)
