"""The tags that a page gives its story.

Why the oldest place is asked last and tested: the keywords meta was filled once for a whole site ("news, breaking news,
headlines, sports"), and nothing in the tag says so. Keywords of a story name what it is about, so at least one in four
of them, or its first words, stands in its text. The newer places are filled by an editor for one story, but carry codes
of machines too; those are known by their form.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from crawler.extraction.document import ParsedPage
from crawler.extraction.metadata.section_words import HOME_WORDS, NO_SECTIONS, SECTION_WORDS
from crawler.extraction.text import UNSPACED, fold_spaces, folded, plain

CONFIDENCES = {
    "json-ld keywords": 0.97,
    "meta article:tag": 0.97,
    "meta news_keywords": 0.97,
    "meta": 0.93,
    "links rel=tag": 0.95,
    "meta keywords": 0.9,
}
"""Judged, not measured: no public set labels it, and our own labelled cases, all right but a few, are too few."""
MAX_KEYWORDS = 30
_METAS = ("article:tag", "news_keywords", "parsely-tags", "sailthru.tags", "og:article:tag", "keywords")
_MAX_CHARS = 60
_MAX_LISTED = 120
_MAX_STUFFED = 60
_ABOUT_SHARE = 4
_STEM = 0.7
_TEXT_CHARS = 20_000
_SEPARATORS = re.compile(r"\s*[,;、，；،|\n]\s*")
_MACHINE = re.compile(
    r"^[\w.-]+[:=/]\S|^[\w -]{3,40}:\s|[\w]_[\w]|^_|^[0-9a-f-]{16,}$|^[\w-]+=[\w-]+$|\{|\}|^\d+$|"
    r"^[\w]*-(?:[\w]+-){2,}[\w]*$",
    re.IGNORECASE,
)
_CODES = re.compile(r"[A-Z]{2,8}\d{0,3}")
_LEAST_CODES = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class Keywords:
    """Tags as written, without repeats; none where the page gives none."""

    values: tuple[str, ...] = ()
    evidence: str = ""
    confidence: float = 0.0


def find_keywords(page: ParsedPage, headline: str = "", text: str = "", site_name: str = "") -> Keywords:
    """The keywords of the first place that has any of this story.

    Args:
        page: the page.
        headline: of the story.
        text: of its body; keywords of a whole site are known by having nothing to do with it.
        site_name: of the publisher; no keyword.
    """
    refused = {folded(site_name), page.host, folded(page.host), ""} | HOME_WORDS | NO_SECTIONS
    about = folded(f"{headline} {page.meta('description', 'og:description')[0]} {text[:_TEXT_CHARS]}")
    for listed, evidence in _stated(page):
        told = _told(listed, refused)
        if evidence == "meta keywords" and all(folded(one) in SECTION_WORDS for one in told):
            continue
        if told and (evidence != "meta keywords" or _is_about(told, about)):
            confidence = CONFIDENCES.get(evidence) or CONFIDENCES[evidence.partition(" ")[0]]
            return Keywords(values=told[:MAX_KEYWORDS], evidence=evidence, confidence=confidence)
    return Keywords()


def _stated(page: ParsedPage) -> Iterator[tuple[list[str], str]]:
    for node in (page.article, *page.nodes):
        if listed := _listed(node.get("keywords")):
            yield listed, "json-ld keywords"
    for meta in _METAS[:-1]:
        yield [part for content in page.metas.get(meta, ())[:_MAX_LISTED] for part in _split(content)], f"meta {meta}"
    links = islice((link for link in page.tree.iter("a") if " tag " in f" {link.get('rel')} "), _MAX_LISTED)
    yield [fold_spaces(link.text_content()).lstrip("#") for link in links], "links rel=tag"
    yield _split(page.meta(_METAS[-1])[0]), "meta keywords"


def _listed(value: Any) -> list[str]:  # noqa: ANN401 - JSON is untyped
    """Keywords of a text, of a list of texts, or of terms that have a name."""
    found: list[str] = []
    for item in (value if isinstance(value, list) else [value])[:_MAX_LISTED]:
        text = plain(item.get("name")) if isinstance(item, dict) else plain(item)
        found.extend(_split(text) if not isinstance(value, list) or len(value) == 1 else [text])
    return [text for text in found if text]


def _split(text: str) -> list[str]:
    return _SEPARATORS.split(text.strip(" .,;"))[: _MAX_LISTED + 1]


def _told(listed: Sequence[str], refused: frozenset[str] | set[str]) -> tuple[str, ...]:
    """What is a keyword, each once; codes of machines and names of the site go."""
    if sum(_CODES.fullmatch(text) is not None for text in listed) >= max(_LEAST_CODES, len(listed) // 2):
        return ()
    found: dict[str, str] = {}
    for text in listed:
        key = folded(text)
        if key not in refused and len(text) <= _MAX_CHARS and not _MACHINE.search(text):
            found.setdefault(key, text)
    return tuple(found.values())


def _is_about(keywords: Sequence[str], about: str) -> bool:
    """Whether so many of the keywords stand in the (folded) text that they were written for it."""
    if len(keywords) > _MAX_STUFFED or not about:
        return False
    words = frozenset(_bare(about).split())
    stems = frozenset(word[:length] for word in words for length in range(_shortest(word), min(len(word), 16) + 1))
    hits = sum(_stands_in(_bare(folded(keyword)), about, stems) for keyword in keywords)
    return hits * _ABOUT_SHARE >= len(keywords)


def _bare(text: str) -> str:
    """Without accents, which come and go as words are inflected (volcán, volcanes); Korean syllables stay whole."""
    if text.isascii():
        return text
    parted = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(char for char in parted if not unicodedata.combining(char)))


def _shortest(word: str) -> int:
    """Of how many letters a stem is at least: a Korean syllable is two or three of them."""
    return 2 if "\uac00" <= word[0] <= "\ud7a3" else 3


def _stands_in(keyword: str, about: str, stems: frozenset[str]) -> bool:
    """Whether the text has the keyword's words, endings aside: languages that inflect never repeat a tag exactly."""
    if UNSPACED.search(keyword):
        return keyword.replace(" ", "") in about.replace(" ", "")
    wanted = [word for word in keyword.split() if len(word) > 1]
    return bool(wanted) and all(
        word[: max(_shortest(word), min(16, round(len(word) * _STEM)))] in stems for word in wanted
    )
