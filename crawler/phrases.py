"""Counts, spans of time, sizes and long texts, as people read them; shared by the command line and the pages."""

from __future__ import annotations

from datetime import timedelta

_HOUR, _MINUTE = 3600, 60
_UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB")
_THOUSAND = 1024


def count_of(number: int, noun: str) -> str:
    """``1 file``, ``2 files``, ``2 event entries``."""
    if number == 1:
        return f"1 {noun}"
    return f"{number} {noun[:-1]}ies" if noun.endswith("ry") else f"{number} {noun}s"


def shortened(text: str, width: int) -> str:
    """At most so many signs, with an ellipsis where something was left out."""
    return text if len(text) <= width else text[: width - 1].rstrip() + "…"


def span(length: timedelta) -> str:
    """``12 s``, ``3 min 05 s``, ``2 h 07 min``."""
    seconds = max(0, int(length.total_seconds()))
    if seconds < _MINUTE:
        return f"{seconds} s"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE} min {seconds % _MINUTE:02} s"
    return f"{seconds // _HOUR} h {seconds % _HOUR // _MINUTE:02} min"


def size_text(size: int) -> str:
    """``3 bytes``, ``1.5 GiB``."""
    amount, unit = float(size), _UNITS[0]
    for unit in _UNITS:
        if amount < _THOUSAND or unit == _UNITS[-1]:
            break
        amount /= _THOUSAND
    return f"{size} {unit}" if unit == _UNITS[0] else f"{amount:.1f} {unit}"
