"""Undoes double encoding: UTF-8 that somebody read as a legacy encoding and wrote as UTF-8 again.

Why by runs and not by ftfy's judgement of whole texts: a page is long, mostly markup, and often only its body was
damaged while the template is sound. What lies between two tags is undone when every run of non-ASCII characters in it
is valid UTF-8 once it is written in the encoding that it was misread as. Sound text never is: there a letter stands
where a byte that continues a character would have to. One short run alone proves nothing (``MENÜ“`` is valid UTF-8 of
an Arabic letter), so it is undone only where the rest of the page is damaged too.

Why not ftfy at all here: it searches every line for all encodings that it knows, 0.2 to 1 s for a large page. It stays
in use for event entries, which are short. The three encodings here are those that newsrooms' databases were set to.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

import ftfy.bad_codecs

ftfy.bad_codecs.ok()

_MISREAD_AS = ("latin-1", "sloppy-windows-1252", "sloppy-windows-1251")
_SEGMENT = re.compile(r"[^<>\n\r]+")
_RUN = re.compile(r"[^\x00-\x7f]+")
_ROUNDS = 3
_SURE_CHARS = 4
_SURE_RUNS = 3
_SURE_SHARE = 0.9
_LEADS = re.compile(
    rb"\xc3[\x82-\xb4](?:\xc2[\x80-\xbf]|\xe2[\x80\x82\x84].|\xc5[\x92\x93\xa0\xa1\xb8\xbd\xbe]|\xc6\x92|\xcb[\x86\x9c])"
    rb"|(?:\xd0[\x92-\xbf]|\xd1[\x80-\x84])(?:\xd0[\x82-\x8f]|\xd1[\x90-\x9f]|\xd2[\x90\x91]|\xc2[\x80-\xbf]|\xe2[\x80\x82\x84].)",
    re.DOTALL,
)
_TO_SPACE = bytes(code if code >= 0x80 else 0x20 for code in range(256))  # noqa: PLR2004 - ASCII ends there


@dataclass(frozen=True, kw_only=True, slots=True)
class Undone:
    """The text with its double encoding undone; `evidence` says so, and is empty where the text is as it was."""

    text: str
    evidence: str = ""


def undo_double_encoding(text: str, content: bytes | None = None) -> Undone:
    """The text with what was certainly encoded twice undone; sound text comes back as it is.

    Args:
        text: of a page.
        content: its bytes where they are UTF-8: most pages are known to be sound from them in a fraction of the time.
    """
    if text.isascii() or (content is not None and not _may_be_doubled(content)):
        return Undone(text=text)
    misread, places, current = "", 0, text
    for _ in range(_ROUNDS):
        runs = _RUN.findall(current)
        best = max((_round(current, runs, codec) for codec in _MISREAD_AS), key=lambda tried: tried[1])
        if not best[1]:
            break
        current, places, misread = best[0], max(places, best[1]), misread or best[2]
    if current == text:
        return Undone(text=text)
    return Undone(text=current, evidence=f"double encoding undone in {places} places (UTF-8 read as {misread})")


def _may_be_doubled(content: bytes) -> bool:
    """Whether any run of non-ASCII bytes begins as doubled text does."""
    return any(_LEADS.match(run) for run in set(content.translate(_TO_SPACE).split()))


def _round(text: str, runs: list[str], codec: str) -> tuple[str, int, str]:
    """(text, number of segments undone, the encoding it was misread as) after one attempt."""
    unique = {run: undone for run in set(runs) if (undone := _undone(run, codec)) is not None}
    if not unique:
        return text, 0, codec
    doubled = sum(run in unique for run in runs)
    everywhere = doubled >= _SURE_RUNS and doubled >= _SURE_SHARE * len(runs)
    if not everywhere and sum(len(run) for run in runs if run in unique) < _SURE_CHARS:
        return text, 0, codec
    counted = [0]

    def mend(match: re.Match[str]) -> str:
        segment = match[0]
        found = () if segment.isascii() else _RUN.findall(segment)
        if not found or not _is_certain(found, unique, everywhere=everywhere):
            return segment
        counted[0] += 1
        return _RUN.sub(_replacing(unique), segment)

    return _SEGMENT.sub(mend, text), counted[0], codec.removeprefix("sloppy-")


def _is_certain(runs: list[str] | tuple[str, ...], unique: dict[str, str], *, everywhere: bool) -> bool:
    if everywhere:
        return any(run in unique for run in runs)
    return all(run in unique for run in runs) and sum(map(len, runs)) >= _SURE_CHARS


def _replacing(unique: dict[str, str]) -> Callable[[re.Match[str]], str]:
    return lambda match: unique.get(match[0], match[0])


def _undone(run: str, codec: str) -> str | None:
    """What the run was before it was misread; ``None`` where it was not, or would become characters nobody writes."""
    if len(run) < 2:  # noqa: PLR2004 - every character beyond ASCII has two bytes at least
        return None
    try:
        undone = run.encode(codec).decode("utf-8")
    except UnicodeError:
        return None
    # Controls of the upper half are what latin-1 made of typography: the next round undoes them.
    wanted = ("L", "M", "N", "P", "S", "Z", "Cf")
    written = all(unicodedata.category(char).startswith(wanted) or "\x80" <= char <= "\x9f" for char in undone)
    return undone if written else None
