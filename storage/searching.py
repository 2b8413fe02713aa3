"""What is searched of events and articles, in which form: pure, shared by every backend.

Why linking looks at so little of an article: its first sentences say what happened, where and to whom; searching whole
bodies finds what was mentioned. That is what readers want to find, so the further words stand beside the first ones
(`rest_of`), each once, and each of the two searches has an index of its own: one for both would be twice as long for
linking, and would take words for frequent that are only mentioned often. Why words stay as written: stems differ by
language, and a search only has to find candidates, which are weighed elsewhere (`crawler.linking`).

Why texts are stored as bare words, folded and parted here: the two databases and Python then agree on every word, as
they need only split at spaces. SQLite parts and folds by the Unicode of 2012 and knows no vowel signs of Indic scripts,
PostgreSQL goes by the server's locale, folds no accents, and takes ``a/b`` for the path of a file. Neither can part a
script without spaces; there every two neighbouring characters are a word (one character alone is not found within a
longer run). No word holds a character that a query language knows, so nothing has to be quoted.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from functools import cache

from storage.types import Article, EventEntry

BODY_SEARCHED = 1_500
"""Characters of an article's body that are searched."""

MOST_STORED = 2_000
"""Words of an event or article that are searched: the first ones. PostgreSQL refuses a text whose words take more than
a megabyte, and one such entry would keep all of its file out."""

MOST_BYTES = 400_000
"""Of further words of an article, as UTF-8: with the first ones they stay below what PostgreSQL takes."""

MOST_WORDS = 64
"""Distinct words of a search that are looked for: the first ones."""

_EPOCH = date(1970, 1, 1)
_LONGEST = 64
_LONGEST_ENTITY = 500
_OWN_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
_OWN_LETTER = re.compile("[øłđðþæœı]")
_PLAIN = re.compile(r"[^\W_]+")
_ACCENTS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+")
_UNSPACED = re.compile(
    "([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff"
    "\U00020000-\U0003ffff]+)"
)


# -- words -----------------------------------------------------------------------------------------------------------


def words_in(text: str) -> list[str]:
    """The words of any text as they are stored and looked for: without case and accents, in order, with repeats."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    if folded.isascii():
        return [word[:_LONGEST] for word in _PLAIN.findall(folded)]
    folded = unicodedata.normalize("NFKC", _ACCENTS.sub("", folded))
    if _OWN_LETTER.search(folded):
        folded = folded.translate(_OWN_LETTERS)
    found = _marked().findall(folded) if _marks().search(folded) else _PLAIN.findall(folded)
    return [part[:_LONGEST] for word in found for part in _parted(word)]


@cache
def _marks() -> re.Pattern[str]:
    """A mark, such as a vowel sign: no class of `re` names them, and collecting them takes some milliseconds.

    None beyond the first 65,536 characters, for which `re` has a table; extinct scripts apart, there are none.
    """
    every = (chr(code) for code in range(0x300, 0x10000))
    return re.compile(f"[{''.join(one for one in every if unicodedata.category(one)[0] == 'M')}]")


@cache
def _marked() -> re.Pattern[str]:
    """As `_PLAIN`, with marks; twenty times slower."""
    return re.compile(f"(?:[^\\W_]|{_marks().pattern})+")


def _parted(word: str) -> Iterable[str]:
    """A word as it is, but runs of scripts without spaces as overlapping pairs."""
    if word.isascii() or not _UNSPACED.search(word):
        return (word,)
    return _pairs(word)


def _pairs(word: str) -> Iterator[str]:
    for number, piece in enumerate(_UNSPACED.split(word)):
        if number % 2 and len(piece) > 1:
            yield from (piece[start : start + 2] for start in range(len(piece) - 1))
        elif piece:
            yield piece


def wanted_words(words: Iterable[str]) -> tuple[str, ...]:
    """What a search for these texts looks for: distinct words in order, at most `MOST_WORDS`."""
    found = dict.fromkeys(one for text in words for one in words_in(text))
    return tuple(found)[:MOST_WORDS]


def ranked(words: Iterable[str], texts: Mapping[int, str], frequent: Mapping[str, float]) -> list[int]:
    """Numbers of the stored texts that have any of the words, best first; equally good ones latest number first.

    ``frequent``: word -> share of all texts that have it; a word counts more the rarer it is, and once.
    """
    weights = {word: -math.log(min(max(frequent.get(word, 0.0), 1e-9), 0.99)) for word in words}
    scores = {number: sum(weights[word] for word in weights.keys() & text.split()) for number, text in texts.items()}
    return sorted((number for number, score in scores.items() if score), key=lambda one: (-scores[one], -one))


def shares(words: Iterable[str], texts: Mapping[int, str]) -> dict[str, float]:
    """Word -> share of these texts that have it; no word counts as having none at all."""
    wanted = set(words)
    had = [wanted.intersection(text.split()) for text in texts.values()]
    return {word: (sum(word in own for own in had) + 0.5) / (len(had) + 1) for word in wanted}


# -- texts -----------------------------------------------------------------------------------------------------------


def day_number(moment: date | datetime) -> int:
    """Days since 1970-01-01, of a moment by its day in UTC."""
    day = moment.astimezone(UTC).date() if isinstance(moment, datetime) else moment
    return (day - _EPOCH).days


def day_of(number: int) -> date:
    """The day of a `day_number`."""
    return date.fromordinal(_EPOCH.toordinal() + number)


def event_text(entry: EventEntry) -> str:
    """What is searched of an event, as it is stored; its blurb is not (often a publisher's boilerplate)."""
    return _stored("\n".join((entry.headline, *entry.topics, *entry.entities, entry.category)))


def article_text(article: Article) -> str:
    """What is searched of an article, as it is stored."""
    return _stored("\n".join((article.headline, article.standfirst, article.body[:BODY_SEARCHED])))


def rest_of(article: Article, text: str) -> str:
    """What is searched beside its ``text`` (see `article_text`): the article's further words, each once, in order."""
    known = set(text.split())
    every = dict.fromkeys(words_in(f"{article.headline}\n{article.standfirst}\n{article.body}"))
    return _bounded(" ".join(word for word in every if word not in known))


def _bounded(words: str) -> str:
    """The first of these words, as many as `MOST_BYTES` hold."""
    if len(words) * 4 <= MOST_BYTES or len(words.encode()) <= MOST_BYTES:
        return words
    return words.encode()[:MOST_BYTES].decode(errors="ignore").rpartition(" ")[0]


def _stored(text: str) -> str:
    return " ".join(words_in(text)[:MOST_STORED])


def folded_entity(name: str) -> str:
    """An entity's name as it is compared: NFKC, case-folded, single spaces; no longer than an index can hold."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())[:_LONGEST_ENTITY]


def folded_entities(names: Iterable[str]) -> tuple[str, ...]:
    """Distinct folded names in order, without empty ones."""
    return tuple(dict.fromkeys(folded for name in names if (folded := folded_entity(name))))
