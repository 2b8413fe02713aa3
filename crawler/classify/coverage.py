"""Is an archived copy the page that was cited? Measured by what the event entries say of it.

A copy of another story under the same address (a redirect to something newer, a page that changes daily) passes every
other check: it is an article, of the right publisher. What it lacks are the words of the event entry.

The words of an entry's headline are looked for twice, in the whole article and in its headline and lede, because the
words of any event lie scattered over a long text, those of its own event stand at the beginning. Names weigh most
(`crawler.classify.telling`); names without anything of what happened are mostly another event of the same country. How
near the article's date is to the event's moves the result.

Why these floors: measured on 455 pairs of a real article in English and its title, its publisher's summary or a
headline written as in event entries, and on 24,000 pairs of a real event entry and an article about something else. 95
to 100 of 100 articles are taken where they have a date near the event's, and 94 to 100 where they have none; of the
others fewer than 1 in 100, and 2 in 100 where the day happens to be the same. A higher floor loses true pages faster
than it keeps out false ones.

Why another language has a lower floor and not a rejection: the entry is English, the page may be Spanish, where only
names and figures agree (98 of 100 are taken with a date, 93 without). Where not even the script is the same, next to
nothing can agree: then the date decides, and without a date the copy is taken with a low score that says so. The
classifier saw an article at the cited address; throwing it away would lose most of what is cited in Arabic or Chinese,
to keep out what hardly ever happens.

Not told apart: an event and its sequel. They have the same names and most of the same words.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from crawler.classify.telling import SearchedText, WordKind, units_of, wanted_words, weight_of
from crawler.events.headline_words import SMALL_WORDS, running_words, words_of
from crawler.extraction.text import UNSPACED
from storage.types import Article, Citation, Coverage, DatedTime, DatePrecision

_ENOUGH = 0.36
_ENOUGH_ELSEWHERE = 0.17
_ENOUGH_UNSPACED = 0.28
_COMPARED_CHARS, _LEDE_WORDS, _LISTED = 40_000, 160, 40
_ON_TIME, _OFF, _YEARS_OFF = 0.06, -0.05, -0.15
_NAMES_ALONE, _TOLD = 0.15, 2
_EARLIEST, _LATEST, _MONTH, _YEAR = -7, 3, 30, 365
_TITLE_WORDS, _TITLE_PAIRS, _LONG_HEADLINE = 6, 10, 6
_ENGLISH_SHARE, _LANGUAGE_CHARS = 0.1, 4000
_ENGLISH = SMALL_WORDS & frozenset({"the", "and", "of", "to", "for", "by", "with", "from", "its", "their", "after"})


@dataclass(frozen=True, kw_only=True, slots=True)
class _Page:
    """An article as it is compared."""

    whole: SearchedText
    beginning: SearchedText
    script: str
    language: str
    day: date | None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Match:
    """How much of one statement an article has."""

    statement: str
    found: tuple[tuple[str, WordKind], ...]
    missing: tuple[tuple[str, WordKind], ...]
    share: float
    names_alone: bool
    unspaced: bool

    def count(self, kind: WordKind | None = None) -> tuple[int, int]:
        """Found and wanted, of one kind or of all."""
        found = sum(kind in {None, one} for _, one in self.found)
        return found, found + sum(kind in {None, one} for _, one in self.missing)


def coverage_of(article: Article, citations: tuple[Citation, ...]) -> Coverage:
    """How well the article covers the event entry that it fits best.

    Returns:
        Accepted too where nothing can be compared: no entry cites the document, or it is written in another script.
    """
    if not citations:
        return Coverage(score=0.0, accepted=True, detail="no event entry cites it")
    page = _page(article)
    return max((_judged(page, citation) for citation in citations), key=lambda one: (one.accepted, one.score))


def _judged(page: _Page, citation: Citation) -> Coverage:
    match = max(
        (_match(page, text, name) for name, text in _statements(citation)),
        key=lambda one: one.share,
    )
    days = None if page.day is None else (page.day - citation.event_date).days
    needed, why = _floor(page, citation.headline, match)
    less = _NAMES_ALONE if match.names_alone and needed == _ENOUGH else 0.0
    score = round(min(1.0, max(0.0, match.share + _by_date(days) - less)), 3)
    usual = score >= needed, f"score {score:.2f}, {needed} is enough{why}"
    accepted, rule = _beyond_words(page, citation.headline, match, days) or usual
    return Coverage(
        score=score,
        accepted=accepted,
        event_key=citation.event_key,
        found=tuple(word for word, _ in match.found[:_LISTED]),
        missing=tuple(word for word, _ in match.missing[:_LISTED]),
        detail="; ".join(part for part in (_counted(match), _dated(days), rule) if part),
    )


def _beyond_words(page: _Page, headline: str, match: _Match, days: int | None) -> tuple[bool, str] | None:
    """What decides where words cannot, and why they cannot; ``None`` where they can."""
    if not match.count()[1]:
        return True, "the event entry has no words to compare"
    if not page.whole.words:
        return False, "the page has no words"
    if page.script and page.script != _script(headline):
        near = days is None or abs(days) <= _MONTH
        return near or match.share + _by_date(days) > 0, "written in another script, where hardly a word can agree"
    return None


def _floor(page: _Page, headline: str, match: _Match) -> tuple[float, str]:
    """The score that is enough, and for what it holds where that is not the usual case."""
    if _speaks_otherwise(page, headline):
        return _ENOUGH_ELSEWHERE, ", for a page in another language"
    if match.unspaced:
        return _ENOUGH_UNSPACED, ", for a script without spaces"
    return _ENOUGH, ""


def _page(article: Article) -> _Page:
    title = units_of(article.headline[:_COMPARED_CHARS])
    body = units_of(article.body[:_COMPARED_CHARS])
    text = f"{article.headline} {article.body[:_LANGUAGE_CHARS]}"
    return _Page(
        whole=SearchedText.of([*title, *body]),
        beginning=SearchedText.of([*title, *islice(body, _LEDE_WORDS)]),
        script=_script(text),
        language=article.language or ("en" if _reads_english(text) else ""),
        day=_day(article.published_at),
    )


def _day(published: DatedTime | None) -> date | None:
    if published is None or published.precision in {DatePrecision.YEAR, DatePrecision.MONTH}:
        return None
    return published.value.date()


def _statements(citation: Citation) -> list[tuple[str, str]]:
    """What the entry says: its headline, and the label where that is no publisher's name but a title.

    A publisher's name stands on every page of it and says nothing of the article.
    """
    said = [("headline", citation.headline)]
    least = _TITLE_PAIRS if UNSPACED.search(citation.label) else _TITLE_WORDS
    if len(wanted_words(citation.label)) >= least:
        said.append(("label", citation.label))
    return said


def _match(page: _Page, text: str, name: str) -> _Match:
    wanted = wanted_words(text)
    found = [(word, kind) for word, kind in wanted if page.whole.has(word, kind)]
    early = [(word, kind) for word, kind in found if page.beginning.has(word, kind)]
    total = weight_of(wanted)
    share = (weight_of(found) + weight_of(early)) / (2 * total) if total else 0.0
    return _Match(
        statement=name,
        found=tuple(found),
        missing=tuple(one for one in wanted if one not in found),
        share=share,
        names_alone=_names_alone(wanted, found),
        unspaced=bool(UNSPACED.search(text)),
    )


def _names_alone(wanted: Sequence[tuple[str, WordKind]], found: Sequence[tuple[str, WordKind]]) -> bool:
    """Of what happened to those named, nothing is there: another event of the same place or person."""
    told = [kind for _, kind in wanted if kind in {WordKind.WORD, WordKind.FIGURE}]
    return len(told) >= _TOLD and all(kind in {WordKind.NAME, WordKind.COMMON} for _, kind in found)


def _by_date(days: int | None) -> float:
    if days is None:
        return 0.0
    if _EARLIEST <= days <= _LATEST:
        return _ON_TIME
    if abs(days) > _YEAR:
        return _YEARS_OFF
    return _OFF if abs(days) > _MONTH else 0.0


def _script(text: str) -> str:
    """The script it is written in, as Unicode names it; Chinese and Japanese count as one.

    A fifth of the letters is enough: names and addresses are Latin in every language.
    """
    letters = islice((char for char in text if char.isalpha()), 400)
    names = Counter(unicodedata.name(char, "").partition(" ")[0].partition("-")[0] for char in letters)
    latin = names.pop("LATIN", 0)
    others = names.total()
    if latin > 4 * others or not others:
        return "LATIN" if latin else ""
    found = names.most_common(1)[0][0]
    return "CJK" if found in {"HIRAGANA", "KATAKANA"} else found


def _speaks_otherwise(page: _Page, headline: str) -> bool:
    """One of the two is English and the other is not."""
    small = not SMALL_WORDS.isdisjoint(running_words(headline))
    if page.language == "en":
        return not small and len(words_of(headline).order) >= _LONG_HEADLINE
    return small and bool(page.language)


def _reads_english(text: str) -> bool:
    words = list(running_words(text))
    return bool(words) and sum(word in _ENGLISH for word in words) >= _ENGLISH_SHARE * len(words)


def _counted(match: _Match) -> str:
    """``7 of 9 words of the headline, all 3 names, 1 of 2 figures``."""
    found, wanted = match.count()
    if not wanted:
        return ""
    parts = [f"{found} of {wanted} words of the {match.statement}"]
    for kind in (WordKind.NAME, WordKind.FIGURE):
        have, want = match.count(kind)
        if want:
            share = f"all {want}" if have == want > 1 else "no" if not have else f"{have} of {want}"
            parts.append(f"{share} {kind}{'' if want == 1 else 's'}")
    return ", ".join(parts)


def _dated(days: int | None) -> str:
    if days is None:
        return "no date"
    if not days:
        return "published on the day"
    count, unit = (abs(days) // _YEAR, "year") if abs(days) >= _YEAR else (abs(days), "day")
    return f"published {count} {unit}{'s' if count > 1 else ''} {'after' if days > 0 else 'before'} the event"
