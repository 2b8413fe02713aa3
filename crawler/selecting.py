r"""The selection language: which events or articles are meant, as text, as fields of a form, as a `LibraryQuery`.

::

    earthquake "12:30" since:2006-07 until:2007 publisher:news.example outcome:gone text:archive_only language:en
    agency:"Agence Quelque" event:2006/07/5/ferry-strike marked:yes

A text is words and terms, separated by white space; all of them must hold.

===========  ===========================================================================================================
key          value
===========  ===========================================================================================================
since        ``2006`` (its first day), ``2006-07`` (likewise), ``2006-07-05``: of this day or later
until        likewise (its last day): of this day or earlier
publisher    a host, or any URL on it
outcome      one of `storage.types.Outcome`
text         ``full``, ``archive_only`` or ``none`` (`storage.types.TextKind`)
language     ISO 639-1: two letters
agency       a wire agency's name
event        an event's key
marked       ``yes``: what people marked as no article; ``no``: as without it
===========  ===========================================================================================================

Each key stands once at most. What has spaces stands in double quotes (``agency:"Agence Quelque"``, ``"big storm"``);
there, ``\"`` is a quote and ``\\`` a backslash. A word with a colon is taken for a term, so that a typing error in a
key is never searched for as a word: whoever looks for ``12:30`` or a URL quotes it.

Why a language of our own, and a small one: the command line, the site's search box and the API share it, a person
learns it from one example, and what it means is a `LibraryQuery`, which every store answers alike. There is no "or",
no "not" and no brackets: every field would need them in every store, and nobody asked.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

from crawler.errors import SelectionError, UnusableUrl
from crawler.urls import host_of
from storage.types import LibraryQuery, Outcome, TextKind

WORDS_FIELD = "q"
"""The field of a form that holds words, and terms where somebody writes some."""
LONGEST = 1_000
"""Signs of one value."""
MOST_WORDS = 40
"""Each word is a question to the database."""

_Kind = TypeVar("_Kind", bound=StrEnum)

_KEY = re.compile(r'([^\s":]*):')
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_BARE = re.compile(r"\S*")
_ESCAPE = re.compile(r'\\(["\\])')
_PLAIN = re.compile(r'[^\s":]+')
_UNUSABLE = re.compile("[\x00-\x08\x0e-\x1b\x7f\ud800-\udfff]")
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)
_LANGUAGE = re.compile("[a-z]{2}")
_YES = {"yes": True, "no": False, "true": True, "false": False, "on": True, "off": False, "1": True, "0": False}


class _Unfit(ValueError):
    """A value cannot be used: what is wrong, what is possible."""

    def __init__(self, problem: str, remedy: str) -> None:
        self.problem, self.remedy = problem, remedy
        super().__init__(problem)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Term:
    """One word or term of a selection; ``key`` is ``None`` for words, ``place`` is for messages."""

    key: str | None
    value: str
    place: str


# -- text --------------------------------------------------------------------------------------------------------


def parse(text: str) -> LibraryQuery:
    """What a selection means; an empty one means everything.

    Raises:
        SelectionError: it cannot be understood.
    """
    return _query(_terms(text))


def render(query: LibraryQuery) -> str:
    """The query as text that `parse` understands again: words first, then terms in one order; empty for everything."""
    said = fields_of(query)
    words = said.pop(WORDS_FIELD, "")
    return " ".join(
        [*([words] if words else []), *(f"{key}:{_quoted(value, colon=True)}" for key, value in said.items())]
    )


# -- fields ------------------------------------------------------------------------------------------------------


def from_fields(said: Mapping[str, str]) -> LibraryQuery:
    """What the fields of a form, or an API's parameters, mean; empty ones say nothing.

    Args:
        said: ``q`` (a selection: words, terms too) and the keys of the language, each with its value as written.

    Raises:
        SelectionError: there is no such field, one cannot be understood, or ``q`` says it too.
    """
    terms = list(_terms(said.get(WORDS_FIELD, "")))
    for name, value in said.items():
        if name != WORDS_FIELD and name not in _READERS:
            raise SelectionError(f"field {name!r}", "there is no such field", _possible(name, [WORDS_FIELD, *_READERS]))
        if name != WORDS_FIELD and value.strip():
            terms.append(_Term(key=name, value=value, place=f"field {name}"))
    return _query(terms)


def fields_of(query: LibraryQuery) -> dict[str, str]:
    """The query as fields that `from_fields` understands again; only those that say something."""
    said = {
        WORDS_FIELD: " ".join(_quoted(word) for word in query.words),
        "since": query.since.isoformat() if query.since else "",
        "until": query.until.isoformat() if query.until else "",
        "publisher": query.publisher,
        "outcome": query.outcome or "",
        "text": query.text or "",
        "language": query.language,
        "agency": query.agency,
        "event": query.event,
        "marked": "yes" if query.marked else "",
    }
    return {name: str(value) for name, value in said.items() if value}


def _quoted(text: str, *, colon: bool = False) -> str:
    """A word or value as it stands in a selection; a value may have colons, unless it begins with a quote."""
    if _PLAIN.fullmatch(text.replace(":", "") if colon else text) and not text.startswith('"'):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


# -- reading -----------------------------------------------------------------------------------------------------


def _terms(text: str) -> Iterator[_Term]:
    if found := _UNUSABLE.search(text):
        raise SelectionError(
            f"at sign {found.start() + 1}", f"no text has the sign U+{ord(found[0]):04X}", "leave it out"
        )
    start = _behind_space(text, 0)
    while start < len(text):
        key = _KEY.match(text, start)
        value, end = _value(text, key.end() if key else start)
        place = f"at sign {start + 1}"
        if key:
            _require_key(key[1], value, text[start:end], place)
        yield _Term(key=key[1] if key else None, value=value, place=place)
        start = _behind_space(text, end)


def _behind_space(text: str, start: int) -> int:
    while start < len(text) and text[start].isspace():
        start += 1
    return start


def _value(text: str, start: int) -> tuple[str, int]:
    """The quoted or bare text that begins there, and where it ends."""
    if not text.startswith('"', start):
        bare = _BARE.match(text, start)
        return (bare[0], bare.end()) if bare else ("", start)
    quoted = _QUOTED.match(text, start)
    if quoted is None:
        raise SelectionError(f"at sign {start + 1}", "the quotes are not closed", 'put a " behind the last word')
    end = quoted.end()
    if end < len(text) and not text[end].isspace():
        raise SelectionError(f"at sign {end + 1}", "the text goes on behind the closing quotes", "put a space there")
    return _ESCAPE.sub(r"\1", quoted[1]), end


def _require_key(key: str, value: str, written: str, place: str) -> None:
    if key not in _READERS:
        quoted = _quoted(written)
        remedy = f"{_possible(key, list(_READERS))} (a word with a colon is looked for in quotes: {quoted})"
        raise SelectionError(place, f"there is no key {key!r}", remedy)
    if not value.strip():
        raise SelectionError(place, f"{key} has no value", f"for example {key}:{_EXAMPLES[key]}")


def _query(terms: Iterator[_Term] | list[_Term]) -> LibraryQuery:
    words, found = list[str](), dict[str, tuple[Any, str]]()
    for term in terms:
        value = " ".join(term.value.split())
        if len(value) > LONGEST:
            raise SelectionError(term.place, f"it is {len(value)} signs long", f"{LONGEST} are possible")
        if term.key is None:
            words.append(_word(value, term.place))
        elif term.key in found:
            raise SelectionError(term.place, f"{term.key} stands there twice", "one of them is enough")
        else:
            found[term.key] = _read(term.key, value, term.place), term.place
    if sum(len(text.split()) for text in words) > MOST_WORDS:
        raise SelectionError("words", f"there are more than {MOST_WORDS}", "leave some out")
    _require_order(found)
    return LibraryQuery(words=tuple(words), **{key: value for key, (value, _) in found.items()})


def _word(value: str, place: str) -> str:
    if not value:
        raise SelectionError(place, "there is nothing between the quotes", "leave them out")
    return value


def _read(key: str, value: str, place: str) -> Any:  # noqa: ANN401 - each field of a query has its own type
    if found := _UNUSABLE.search(value):
        raise SelectionError(place, f"no text has the sign U+{ord(found[0]):04X}", "leave it out")
    try:
        return _READERS[key](value)
    except _Unfit as unfit:
        raise SelectionError(place, unfit.problem, unfit.remedy) from None


def _require_order(found: Mapping[str, tuple[Any, str]]) -> None:
    if "since" in found and "until" in found and found["since"][0] > found["until"][0]:
        since, until = found["since"][0], found["until"][0]
        raise SelectionError(found["until"][1], f"since {since} lies behind until {until}", "exchange them")


# -- values ------------------------------------------------------------------------------------------------------


def _since(value: str) -> date:
    year, month, day = _parts(value)
    return _day(value, year, 1 if month is None else month, 1 if day is None else day)


def _until(value: str) -> date:
    year, month, day = _parts(value)
    if month is None:
        return _day(value, year, 12, 31)
    first = _day(value, year, month, 1)
    return _day(value, year, month, calendar.monthrange(first.year, month)[1] if day is None else day)


def _parts(value: str) -> tuple[int, int | None, int | None]:
    """Year, month and day as written; ``None`` where there is none."""
    found = _DAY.fullmatch(value)
    if found is None:
        _no_day(value)
    return int(found[1]), _number(found[2]), _number(found[3])


def _number(digits: str | None) -> int | None:
    return int(digits) if digits else None


def _day(value: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        _no_day(value)


def _no_day(value: str) -> NoReturn:
    raise _Unfit(f"{value!r} is no day, month or year", "write it as 2006-07-05, 2006-07 or 2006")


def _publisher(value: str) -> str:
    try:
        return host_of(value if "://" in value else f"http://{value}")
    except UnusableUrl as error:
        raise _Unfit(f"{value!r} is no host: {error.problem}", "write it as in its URLs") from None


def _outcome(value: str) -> Outcome:
    return _member(Outcome, value, "outcome")


def _text(value: str) -> TextKind:
    return _member(TextKind, value, "kind of text")


def _member(kinds: type[_Kind], value: str, noun: str) -> _Kind:
    name = value.lower()
    if name not in set(kinds):
        raise _Unfit(f"there is no {noun} {value!r}", _possible(name, list(kinds)))
    return kinds(name)


def _language(value: str) -> str:
    if not _LANGUAGE.fullmatch(value.lower()):
        raise _Unfit(f"{value!r} is no language", "write it as ISO 639-1 does, in two letters: en")
    return value.lower()


def _marked(value: str) -> bool:
    if value.lower() not in _YES:
        raise _Unfit(f"{value!r} is neither yes nor no", "write marked:yes")
    return _YES[value.lower()]


def _possible(name: str, names: list[str]) -> str:
    near = get_close_matches(name, names, n=1)
    return f"did you mean {near[0]}?" if near else f"there are {', '.join(names)}"


_READERS: Mapping[str, Callable[[str], Any]] = {
    "since": _since,
    "until": _until,
    "publisher": _publisher,
    "outcome": _outcome,
    "text": _text,
    "language": _language,
    "agency": str,
    "event": str,
    "marked": _marked,
}
"""Key -> how its value is read; named as the fields of `LibraryQuery`."""
_EXAMPLES: Mapping[str, str] = {
    "since": "2006-07",
    "until": "2007",
    "publisher": "news.example",
    "outcome": "gone",
    "text": "full",
    "language": "en",
    "agency": "Reuters",
    "event": "2006/07/5/ferry-strike",
    "marked": "yes",
}
KEYS = tuple(_READERS)
"""Every key, in the order in which they are rendered."""
