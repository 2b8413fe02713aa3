"""Whether bytes are those that an index lists, by the digest that it states.

Why several forms of one payload are compared: archives digest the payload as their file holds it, content-encoding on;
what a replay sends may have had it taken off or put on again. A digest that agrees with any form proves that the bytes
are the listed ones; no other bytes would give it.

Why a digest in no known form is not checked rather than different: old indexes hold checksums of whole records and of
other kinds, and a difference is something that people look into.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from base64 import b32decode
from collections.abc import Iterable

from storage.types import DigestCheck

MOST_UNPACKED = 32 << 20
"""Bytes to which a payload is unpacked for a check; a longer one counts as another form that does not agree."""

_GZIP_MAGIC = b"\x1f\x8b"
_BASE32 = re.compile(r"[A-Z2-7]+=*")
_HEX = re.compile(r"[0-9a-fA-F]+")
_ALGORITHMS = {16: "md5", 20: "sha1", 32: "sha256"}
"""Length in bytes -> algorithm. MD5 stands in the indexes of ARC files; it finds damage, which is all that is asked."""


def digest_check(stated: str, forms: Iterable[bytes]) -> DigestCheck:
    """Whether one of the forms of a payload has the digest that an index states. Never raises.

    Args:
        stated: SHA-1, SHA-256 or MD5 in base32 or hexadecimal, with or without a prefix (``sha1:``); may be empty.
        forms: the payload as it came and as it is behind its encodings (`forms_of`).
    """
    wanted = _digests(stated)
    if not wanted:
        return DigestCheck.NOT_CHECKED
    for form in forms:
        for name, digest in wanted:
            if hashlib.new(name, form, usedforsecurity=False).digest() == digest:
                return DigestCheck.MATCHES
    return DigestCheck.DIFFERS


def forms_of(payload: bytes, body: bytes = b"") -> Iterable[bytes]:
    """A payload, what a client made of it, and what is behind a gzip that no header names; repeats left out.

    Args:
        payload: with the content-encoding still on.
        body: with it removed; empty where nobody removed it.
    """
    yield payload
    if body and body != payload:
        yield body
    innermost = body or payload
    if innermost.startswith(_GZIP_MAGIC) and (unpacked := unpacked_gzip(innermost)):
        yield unpacked


def unpacked_gzip(payload: bytes, most: int = MOST_UNPACKED) -> bytes:
    """What a gzip member holds, at most so many bytes; empty where it is none or broken. Never raises."""
    try:
        return zlib.decompressobj(31).decompress(payload, most)
    except zlib.error:
        return b""


def _digests(stated: str) -> list[tuple[str, bytes]]:
    """The (algorithm, digest) pairs that a text may mean: 32 characters may be SHA-1 in base32 or MD5 in hex."""
    text = stated.rpartition(":")[2].strip()
    readings = (_from_hex(text), _from_base32(text))
    return [(_ALGORITHMS[len(digest)], digest) for digest in readings if len(digest) in _ALGORITHMS]


def _from_hex(text: str) -> bytes:
    return bytes.fromhex(text) if _HEX.fullmatch(text) and len(text) % 2 == 0 else b""


def _from_base32(text: str) -> bytes:
    bare = text.upper().rstrip("=")
    if not _BASE32.fullmatch(bare):
        return b""
    try:
        return b32decode(bare + "=" * (-len(bare) % 8))
    except ValueError:
        return b""
