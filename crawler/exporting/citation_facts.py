"""What a citation says of an article, whatever its format (`crawler.exporting.bibtex`, `crawler.exporting.csl`).

Why names are taken apart at all: styles sort and shorten by family name. Why so seldom: a byline says neither which
word is the family name nor whether it is a person's. So a name is taken apart only where it is of two to six words of
Latin letters, each with a capital but for particles (``van der``) before the last; the last word is the family name
then, as BibTeX would have it. Everything else is one name that nobody takes apart.

Why a key has the article's number: it never changes, whichever other articles stand in the file, so a text that
cites it does not break when the library grows.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from crawler.exporting.cleaned import on_one_line
from storage.types import Article, ArticleView, ContributorKind, DatedTime, DatePrecision

_WORD = re.compile(r"[^\W\d_]+(?:[-'’.][^\W\d_]+)*\.?")
_KEY_SIGNS = re.compile(r"[^a-z0-9]+")
_LONGEST_PUBLISHER = 24
_LONGEST_WORD = 20
_SHORTEST_WORD = 3
_MOST_WORDS = 6
_NO_FAMILY = frozenset(
    {"jr", "sr", "ii", "iii", "iv", "phd", "md", "staff", "reporter", "correspondent", "editor", "desk"}
)
_JOINING = frozenset({"and", "und", "et", "y", "e", "og", "och", "for", "of"})
_EMPTY_WORDS = frozenset(
    {"the", "and", "for", "with", "from", "into", "over", "after", "about", "under", "that", "this", "says", "are"}
    | {"was", "its", "his", "her", "has", "have", "not", "but", "der", "die", "das", "les", "des", "los", "las", "una"}
)
_UNFIT = re.compile(r"[^!-;=?-\[\]_a-z~]")
"""What cannot stand in a URL in a file of citations: angle brackets, braces, backslash, space, what is not ASCII."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Name:
    """Who wrote something.

    Attributes:
        family: the family name, with particles before it; or the whole name where it is not taken apart.
        given: given names; empty where it is not taken apart.
        particle: how much of ``family`` is particles (``van der``); may be empty.
    """

    family: str
    given: str = ""
    particle: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Citation:
    """What is cited; texts on one line each.

    Attributes:
        key: ``harbourtimes2006ports-12``.
        title: of the article.
        authors: people; where none are named agencies and organisations, else the byline as it is.
        publisher: the site's name, else its host.
        issued: (year), (year, month) or (year, month, day), as far as it is known; empty where nothing is.
        accessed: the day on which the page was so.
        url: of the page on the live web, legal in every file.
        archive: the web archive that gave it; empty where the live web did.
        copy: address of the archived copy; may be empty.
        language: ISO 639-1; may be empty.
    """

    key: str
    title: str
    authors: tuple[Name, ...]
    publisher: str
    issued: tuple[int, ...]
    accessed: date
    url: str
    archive: str
    copy: str
    language: str


def citation_of(view: ArticleView) -> Citation:
    """What to cite of the article's current version."""
    version = view.versions[-1]
    article, memento = version.article, version.memento
    issued = _issued(article.published_at)
    publisher = on_one_line(article.site_name) or on_one_line(view.document.host)
    return Citation(
        key=_key(view, publisher, issued[0] if issued else version.captured_at.year),
        title=on_one_line(article.headline) or on_one_line(view.document.canonical_url),
        authors=_authors(article),
        publisher=publisher,
        issued=issued,
        accessed=version.captured_at.date(),
        url=legal_url(view.document.request_url),
        archive=on_one_line(memento.archive) if memento else "",
        copy=legal_url(memento.public_url) if memento else "",
        language=on_one_line(article.language),
    )


def legal_url(url: str) -> str:
    """The URL with what no file of citations can hold percent-encoded."""
    return _UNFIT.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "replace")), url)


def _issued(time: DatedTime | None) -> tuple[int, ...]:
    if time is None:
        return ()
    known = {DatePrecision.YEAR: 1, DatePrecision.MONTH: 2}.get(time.precision, 3)
    return (time.value.year, time.value.month, time.value.day)[:known]


def _authors(article: Article) -> tuple[Name, ...]:
    named = [(on_one_line(one.name), one.kind is ContributorKind.PERSON) for one in article.contributors]
    people = tuple(_name(name) for name, is_person in named if name and is_person)
    bodies = tuple(Name(family=name) for name, is_person in named if name and not is_person)
    alone = on_one_line(article.byline) or on_one_line(article.agency)
    return people or bodies or ((Name(family=alone),) if alone else ())


def _name(text: str) -> Name:
    """A person's name, taken apart where that is sure; see the module."""
    words = text.split()
    if not 1 < len(words) <= _MOST_WORDS or not all(_is_latin(word) for word in words):
        return Name(family=text)
    first = next((place for place, word in enumerate(words) if word[0].islower()), len(words) - 1)
    capitals = [*words[:first], words[-1]]
    if first == 0 or not all(word[0].isupper() for word in capitals) or not _are_particles(words[first:-1]):
        return Name(family=text)
    if words[-1].strip(".").casefold() in _NO_FAMILY:
        return Name(family=text)
    particle = " ".join(words[first:-1])
    return Name(family=f"{particle} {words[-1]}".strip(), given=" ".join(words[:first]), particle=particle)


def _is_latin(word: str) -> bool:
    letters = [letter for letter in word if letter.isalpha()]
    return _WORD.fullmatch(word) is not None and all("LATIN" in unicodedata.name(letter, "") for letter in letters)


def _are_particles(words: list[str]) -> bool:
    return all(word.islower() and word not in _JOINING for word in words)


def _key(view: ArticleView, publisher: str, year: int) -> str:
    name = _plain(publisher)[:_LONGEST_PUBLISHER] or _plain(view.document.host)[:_LONGEST_PUBLISHER] or "article"
    words = (_plain(word) for word in view.versions[-1].article.headline.split())
    fit = (word for word in words if len(word) >= _SHORTEST_WORD and word not in _EMPTY_WORDS)
    return f"{name}{year:04d}{next(fit, '')[:_LONGEST_WORD]}-{view.id}"


def _plain(text: str) -> str:
    """ASCII letters and digits, small; what has no such form goes."""
    return _KEY_SIGNS.sub("", unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower())
