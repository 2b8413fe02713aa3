"""UTF-8 with islands of a legacy encoding: lines, or single letters, that were pasted in from elsewhere.

Why only here and there: where most bytes beyond ASCII are no UTF-8, or stand in long runs beside it, the page is in
another encoding as a whole. A sequence that begins as UTF-8 and breaks off is damage, and stays U+FFFD.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_BAD = re.compile("[\udc80-\udcff]+")
_GOOD = re.compile("[^\x00-\x7f\udc80-\udcff]")
_LINES = re.compile(r"(?<=[\n>])")
_BEGUN = re.compile(rb"(?:[\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]?|[\xf0-\xf4][\x80-\xbf]{0,2})$")
_FEWEST_GOOD = 3
_SHORT_RUN = 2
_LONGEST_RUN = 3
_MOSTLY = 0.8
_ENOUGH_BYTES = 24
_TOLERATED_DAMAGE = 0.05
_REPLACEMENT = "\ufffd"
_LEGACY = "cp1252"
_TYPOGRAPHY = frozenset("‘’“”„‚«»–—…•€£§°·´¡¿©®™½¼¾²³ºª×\xa0")


@dataclass(frozen=True, kw_only=True, slots=True)
class Mixed:
    """The text, and what was done."""

    text: str
    evidence: str


def with_islands(content: bytes, detect: Callable[[bytes], str]) -> Mixed | None:
    """The text of a page of UTF-8 with islands; ``None`` where it is none or the islands cannot be read.

    Args:
        content: bytes that are not valid UTF-8.
        detect: names the legacy codec of some bytes.
    """
    text = content.decode("utf-8", "surrogateescape")
    runs, good = _BAD.findall(text), len(_GOOD.findall(text))
    if not runs or good < _FEWEST_GOOD:
        return None
    short = sum(len(run) <= _SHORT_RUN for run in runs) >= _MOSTLY * len(runs)
    if not short and sum(map(len, runs)) > good:
        return None
    lines = [line for line in _LINES.split(text) if _BAD.search(line) and not _GOOD.search(line)]
    codec = _LEGACY if short else _codec_of(lines, detect)
    found = "".join(_read_line(line, codec) for line in _LINES.split(text))
    if found.count(_REPLACEMENT) - text.count(_REPLACEMENT) > _TOLERATED_DAMAGE * (good + len(runs)):
        return None
    name = "windows-1252" if codec == _LEGACY else codec
    return Mixed(text=found, evidence=f"UTF-8 with {len(runs)} places in {name} or damaged")


def _codec_of(lines: list[str], detect: Callable[[bytes], str]) -> str:
    joined = "".join(lines).encode("utf-8", "surrogateescape")
    return detect(joined) if sum(byte > 0x7F for byte in joined) >= _ENOUGH_BYTES else _LEGACY  # noqa: PLR2004 - ASCII


def _read_line(line: str, codec: str) -> str:
    if not _BAD.search(line):
        return line
    if codec != _LEGACY and not _GOOD.search(line):
        return line.encode("utf-8", "surrogateescape").decode(codec, "replace")
    return _BAD.sub(_read_run, line)


def _read_run(match: re.Match[str]) -> str:
    """Bytes that are no UTF-8: a few letters of windows-1252 between ASCII; more together are another alphabet."""
    run, text = match[0].encode("utf-8", "surrogateescape"), match.string
    before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
    cut_off = len(run) > 1 and _BEGUN.search(run) is not None
    if cut_off or len(run) > _LONGEST_RUN or not (before.isascii() and after.isascii()):
        return _REPLACEMENT
    read = run.decode(_LEGACY, "replace")
    return read if all(char.isalpha() or char in _TYPOGRAPHY for char in read) else _REPLACEMENT
