"""Month names in many languages, read from dateparser's locale data.

Why not dateparser itself: it costs up to 100 ms per phrase in an unknown language, believes that almost anything is a
date, and does not say how much of it was stated. Its tables of names are the well-kept part.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

_ENGLISH_NAMES = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_COMMON = (
    *("en", "de", "fr", "es", "it", "pt", "nl", "ru", "pl", "sv", "da", "nb", "tr", "cs", "uk", "ro", "hu", "el", "fi"),
    *("bg", "hr", "sr", "id", "ca", "vi", "ar", "he", "fa", "hi"),
)


def month_number(name: str, language: str) -> int | None:
    """1 to 12, or ``None``: in the page's language, else in English, else in the first common language that has it.

    Args:
        name: as written; case and a final dot do not matter.
        language: ISO 639-1; may be empty.
    """
    wanted = name.casefold().rstrip(".")
    for code in (language, *_COMMON):
        if code and (number := _names(code).get(wanted)) is not None:
            return number
    return None


@cache
def _names(language: str) -> dict[str, int]:
    """Month names of a language; bounded by the number of languages that dateparser knows."""
    if not (language.isascii() and language.isalpha() and len(language) <= 3):  # noqa: PLR2004 - ISO 639 codes
        return {}
    try:
        info = import_module(f"dateparser.data.date_translation_data.{language}").info
    except ModuleNotFoundError:
        return {}
    return {
        written.casefold().rstrip("."): number
        for number, english in enumerate(_ENGLISH_NAMES, 1)
        for written in info.get(english, ())
    }
