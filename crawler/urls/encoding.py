"""Percent-encoding in one normal form, so that two spellings of one path or value compare equal.

Why own code: ``w3lib.url.safe_url_string`` makes any text a legal URL and is used for that, but keeps ``%7E``
beside ``~`` and ``%c3`` beside ``%C3``. Its ``canonicalize_url`` goes further than identity allows: a bare key
gains an equals sign, ``+`` and ``%2B`` pass through form decoding. Here an escape is only decoded where RFC 3986
gives both spellings one meaning in that place; a stray percent sign becomes ``%25``, which makes the function
idempotent.
"""

from __future__ import annotations

import re
from string import ascii_letters, digits

_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})?")
_PLAIN_PATH = re.compile(r"[A-Za-z0-9\-._~!$*,:@/%=+;]*", re.ASCII)
_PLAIN_QUERY = re.compile(r"[A-Za-z0-9\-._~!$*,:@/%=+?]*", re.ASCII)
_UNRESERVED = ascii_letters + digits + "-._~"


def _spellings(plain: str) -> dict[str | None, str]:
    table: dict[str | None, str] = {None: "%25"}
    for code in range(256):
        shown = chr(code) if chr(code) in plain else f"%{code:02X}"
        pair = f"{code:02x}"
        mixed = (pair, pair.upper(), pair[0].upper() + pair[1], pair[0] + pair[1].upper())
        table |= dict.fromkeys(mixed, shown)
    return table


_IN_PATH = _spellings(_UNRESERVED + "!$*,:@")
_IN_QUERY = _spellings(_UNRESERVED + "!$*,:@/?")
# Legal, but wiki markup, a closing bracket or an HTML entity to whoever reads the text: always written as escapes.
_AMBIGUOUS_IN_PATH = {ord(character): f"%{ord(character):02X}" for character in "&'()[]{}|^`\\\"<>"}
_AMBIGUOUS_IN_QUERY = _AMBIGUOUS_IN_PATH | {ord(";"): "%3B"}


def normal_path(path: str) -> str:
    """The path in normal form: escapes, dot segments and repeated slashes resolved; always starts with a slash."""
    if "%" in path:
        path = _ESCAPE.sub(lambda found: _IN_PATH[found[1]], path)
    if not _PLAIN_PATH.fullmatch(path):
        path = path.translate(_AMBIGUOUS_IN_PATH)
    if "/." in path:
        path = without_dots(path)
    if "//" in path:
        path = re.sub(r"/{2,}", "/", path)
    return path or "/"


def normal_query(part: str) -> str:
    """One name or value of a query, or a fragment, in normal form."""
    if "%" in part:
        part = _ESCAPE.sub(lambda found: _IN_QUERY[found[1]], part)
    return part.translate(_AMBIGUOUS_IN_QUERY) if not _PLAIN_QUERY.fullmatch(part) else part


def without_dots(path: str) -> str:
    """The path with its dot segments resolved; what climbs above the root vanishes."""
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == ".." and len(kept) > 1:
            kept.pop()
        elif segment not in {".", ".."}:
            kept.append(segment)
    if segments[-1] in {".", ".."}:
        kept.append("")
    return "/".join(kept)
