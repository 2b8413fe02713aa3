"""What the words of one line say it is: a button, an invitation, a credit, a byline with its date.

Why the page's own facts come first: a line that is nothing but the names in the byline and a date is known from
elsewhere on the page, in any language; the phrases are for what no other place tells.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from itertools import islice

from crawler.extraction.body.cleaning import phrases
from crawler.extraction.body.sight import Shown
from crawler.extraction.dates import mentions
from crawler.extraction.document import ParsedPage
from crawler.extraction.jsonld import names_of
from crawler.extraction.text import UNSPACED, folded, plain

_MOST_WORDS = 6
_LABEL_CHARS, _LEAST_HEADLINE = 60, 15
_CREDIT_CHARS = 160
_INVITATION_CHARS = 420
_DATE_LINE_CHARS, _TEASER_CHARS, _SHORT_CHARS, _COUNTER_REST = 120, 300, 200, 20
_ALL_LINKED, _PARTLY_LINKED = 0.9, 0.4
_BYLINE_CHARS, _MOST_NAMES, _MOST_IMAGES = 500, 40, 300
_SIGNATURE_CHARS, _SIGNATURE_REST = 160, 3
_DATE_REST_CHARS, _WORDS_CHARS = 45, 40
_NAME_PARTS = re.compile(r"\s*(?:,|;|\||&|/|\band\b|\bund\b|\bet\b|\by\b|\be\b|\ben\b|\boch\b|\bog\b|\bи\b)\s*")
_READING_TIME = re.compile(phrases.READING_TIME, re.IGNORECASE)
_COUNTER = re.compile(
    r"\d[\d.,kK]{0,8}\s?(?:comments?|shares?|views?|likes?|kommentare?|commentaires?|comentarios?|reacties?|просмотр\w*)\b",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(r"^\W{0,3}(?:©|ⓒ|\(c\)\s?\d|copyright\b)|©|ⓒ", re.IGNORECASE)
_INVITING = re.compile(
    "|".join(rf"\b{re.escape(words)}" if words.isascii() else re.escape(words) for words in phrases.INVITING_WORDS)
)
_CONTRIBUTED = re.compile(r"\bcontribut(?:ed|ing) (?:to th|report)|\ba contribué|\bcontribuy[óo]|\bha contribuito")
_SQUEEZED = 0.55


_CAPTION_CHARS, _CREDIT_END = 400, 100
_CREDITED = re.compile(
    r"(?:©|ⓒ|(?:^|[.!?…\"”»)]\s?|\s)"
    r"(?:Fotos?|FOTOS?|Photos?|PHOTOS?|Bild(?:er)?|Images?|Cr[ée]dit(?: [Pp]hoto)?|Imagen"
    r"|Imagem|Beeld"
    r"|Fot\.|Zdjęcie|Foto di|Фото|Fotoğraf|صورة|图|圖|写真|사진)\s?[:：])\s?[^.!?。:：;]{2,70}$"
    r"|[.!?]\s[A-ZÀ-ÝА-Я][\w'’-]{1,25}(?: [A-ZÀ-ÝА-Я][\w'’-]{1,25}){1,3} \([^().]{2,50}\)$"
)
"""The end of a text that credits a picture and then stops, as no sentence does."""


class Phrases:
    """Phrases of one kind, found by their first words."""

    def __init__(self, listed: Mapping[str, Collection[str]]) -> None:
        self._reasons = {folded(phrase): reason for reason, texts in listed.items() for phrase in texts}
        self._unspaced = tuple(phrase for phrase in self._reasons if UNSPACED.search(phrase))

    def whole(self, text: str) -> str:
        """The reason if the text is one of them; else empty."""
        return self._reasons.get(text, "")

    def opening(self, text: str) -> tuple[str, str]:
        """(reason, phrase) of the longest that opens the text; empty strings where none does."""
        words = text[:200].split(" ", _MOST_WORDS)[:_MOST_WORDS]
        for count in range(len(words), 0, -1):
            phrase = " ".join(words[:count])
            if phrase in self._reasons:
                return self._reasons[phrase], phrase
        for phrase in self._unspaced:
            if text.startswith(phrase):
                return self._reasons[phrase], phrase
        return "", ""


_ANYWHERE = Phrases(phrases.ANYWHERE_WHOLE)
_TEASERS = Phrases({"related": phrases.TEASER_LABELS})
_TAIL_LABELS = Phrases({**phrases.TAIL_LABELS, "related": phrases.TEASER_LABELS})
_TOP = Phrases({**phrases.TOP_WHOLE, "comments": phrases.TAIL_LABELS["comments"]})
_TAIL = Phrases(phrases.TAIL_OPENINGS)
_CREDITS = Phrases({"caption": phrases.CREDIT_OPENINGS})
_CONTINUES = Phrases({"story": phrases.CONTINUES})


class Known:
    """What the page states elsewhere: its headlines and who signed it."""

    def __init__(self, page: ParsedPage, headline: str, byline: str) -> None:
        stated = (
            headline,
            page.meta("og:title")[0],
            page.meta("twitter:title")[0],
            plain(page.article.get("headline")),
        )
        self.headlines = {folded(text) for text in stated} - {""}
        self._squeezed = {text.replace(" ", "") for text in self.headlines if len(text) >= _LEAST_HEADLINE}
        listed = [byline, *names_of(page.article.get("author"))]
        names = {folded(name) for text in listed for name in _NAME_PARTS.split(text[:_BYLINE_CHARS].casefold())}
        self.names = tuple(sorted((name for name in names if len(name) > 1), key=len, reverse=True))[:_MOST_NAMES]

        images = islice(page.tree.iter("img"), _MOST_IMAGES)
        self.pictures = {
            text for image in images for text in (folded((image.get("alt") or "")[:_SHORT_CHARS]),) if " " in text
        } - self.headlines

    def repeats_headline(self, block: Shown) -> bool:
        """The headline again, alone or behind its kicker."""
        if block.folded in self.headlines:
            return True
        if block.mark != "## ":
            return False
        text = block.folded.replace(" ", "")
        return (block.line is not None and block.line.tag == "h1") or any(
            stated == text or (stated in text and len(stated) >= _SQUEEZED * len(text)) for stated in self._squeezed
        )

    def signs(self, block: Shown) -> str:
        """``byline`` or ``date`` where the line is names, dates and the words between them; else empty."""
        if len(block.text) > _SIGNATURE_CHARS:
            return ""
        rest, dated = _without_dates(block.text)
        rest = f" {folded(rest)} "
        named = False
        for name in self.names:
            if f" {name} " in rest:
                rest, named = rest.replace(f" {name} ", " "), True
        left = [word for word in rest.split() if word not in phrases.BY_WORDS and not word.isdecimal()]
        if not left and len(block.text) <= _WORDS_CHARS and not block.sentence and any(map(str.isalpha, rest)):
            return "byline" if named else "date"
        if (named or dated) and len(left) <= (_SIGNATURE_REST if not block.sentence else 0):
            return "byline" if named else "date"
        if (
            dated
            and not block.sentence
            and len(" ".join(left)) <= _DATE_REST_CHARS
            and len(block.text) <= _DATE_LINE_CHARS
        ):
            return "date"
        return ""

    def describes_author(self, block: Shown) -> bool:
        """It opens with an author's name, or presents one."""
        opening = block.folded[:80]
        return any(opening.startswith(name) and " " in name for name in self.names)


def _without_dates(text: str) -> tuple[str, bool]:
    found = list(mentions(text))
    for mention in found:
        text = text.replace(mention.raw, " ")
    return text, bool(found)


def anywhere(block: Shown) -> str:
    """Why the line is no part of any story, wherever it stands; else empty."""
    if len(block.text) <= _LABEL_CHARS and (reason := _ANYWHERE.whole(block.folded)):
        return reason
    return "caption" if len(block.text) <= _CAPTION_CHARS and _CREDITED.search(block.text[-_CREDIT_END:]) else ""


def label(block: Shown) -> str:
    """Why nothing below this line is story any more, if it stands below one; else empty."""
    if len(block.text) > _LABEL_CHARS:
        return ""
    return _TAIL_LABELS.whole(block.folded)


def teaser(block: Shown) -> bool:
    """It introduces another story: ``Read also: ...``."""
    _, phrase = _TEASERS.opening(block.folded)
    if not phrase or len(block.text) > _TEASER_CHARS:
        return False
    head = block.text[: len(phrase) + 4]
    if block.folded == phrase or ":" in head or "：" in head:
        return True
    return block.linked >= (_ALL_LINKED if block.sentence else _PARTLY_LINKED)


def is_label(block: Shown) -> bool:
    """It is a line that introduces links, alone."""
    return len(block.text) <= _LABEL_CHARS and bool(_TEASERS.whole(block.folded))


def above(block: Shown) -> str:
    """Why a short line above the story is none of it; else empty."""
    if len(block.text) > _SHORT_CHARS:
        return ""
    if reason := _TOP.whole(block.folded):
        return reason
    if _is_reading_time(block.text):
        return "reading time"
    if (
        len(block.text) <= _LABEL_CHARS
        and _COUNTER.search(block.text)
        and len(_COUNTER.sub("", block.text)) <= _COUNTER_REST
    ):
        return "share"
    return credits(block)


def credits(block: Shown) -> str:  # noqa: A001 - a picture's
    """``caption`` where the line credits a picture; else empty."""
    if len(block.text) > _CREDIT_CHARS:
        return ""
    if _COPYRIGHT.search(block.text) and not block.sentence:
        return "caption"
    _, phrase = _CREDITS.opening(block.folded)
    if phrase and re.match(rf"[\s(\[]*.{{{max(0, len(phrase) - 2)},{len(phrase) + 4}}}[:/|©]", block.text):
        return "caption"
    return ""


def below(block: Shown) -> str:
    """Why a line below the story is none of it; else empty."""
    if continues(block):
        return ""
    if len(block.text) <= _INVITATION_CHARS:
        reason, _ = _TAIL.opening(block.folded)
        if reason:
            return reason
        if _INVITING.search(block.folded):
            return "newsletter"
        if _COPYRIGHT.search(block.text) and len(block.text) <= _SHORT_CHARS:
            return "copyright"
    return "related" if teaser(block) else ""


def continues(block: Shown) -> bool:
    """It credits reporters or corrects the story, so it stays."""
    return bool(_CONTINUES.opening(block.folded)[1] or _CONTRIBUTED.search(block.folded))


def _is_reading_time(text: str) -> bool:
    if len(text) > _LABEL_CHARS or not _READING_TIME.search(text):
        return False
    rest = folded(_READING_TIME.sub(" ", text)).split()
    return all(word in phrases.READING_WORDS or word.isdecimal() for word in rest)
