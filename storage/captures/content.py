"""Taking the content-encoding off a payload: what a reader of the page gets.

Servers lie about it, stop in the middle, and some send bombs. So: an encoding that the bytes are not in is taken as
not applied (so is a name that is none, such as ``utf-8``), a broken stream gives what could be decoded up to the
break, and no step gives more than a stated number of bytes. A header that is there but empty, over bytes that are
gzip, means gzip: web archives replay such answers.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass

import brotli
import zstandard

from storage.captures.messages import Headers

MAX_CONTENT = 64 << 20
"""Bytes to which decoding stops where the caller does not say otherwise."""

_Decoder = Callable[[bytes], Generator[bytes, None, bool]]
"""Gives the content in pieces, and returns whether the encoding itself says that this was all."""

_CHUNK = 1 << 16
_BROTLI_STEP = 16
_GZIP_MAGIC = b"\x1f\x8b"
_ZLIB_STARTS = frozenset(bytes((window << 4 | 8,)) for window in range(8))
_ZLIB_CHECK = 31
_ZSTD_MAX_WINDOW = 8 << 20
"""The most that RFC 9659 lets a web server ask for."""


@dataclass(frozen=True, slots=True)
class Content:
    """A payload without its content-encodings.

    Attributes:
        data: as far as it could be decoded, and no more than was asked for.
        whole: nothing is missing behind it: no encoding broke off, nothing was cut.
    """

    data: bytes
    whole: bool


def decoded_content(payload: bytes, headers: Headers, *, max_bytes: int = MAX_CONTENT) -> bytes:
    """A payload without the content-encodings that its headers name, cut at `max_bytes`. Never raises."""
    return content_of(payload, headers, max_bytes=max_bytes).data


def content_of(payload: bytes, headers: Headers, *, max_bytes: int = MAX_CONTENT) -> Content:
    """The same, for those who must know whether that is all. Never raises."""
    values = [value for name, value in headers if name.lower() == "content-encoding"]
    names = [token.strip().lower() for value in values for token in value.split(",")]
    if values and not any(names):
        names = ["gzip"] if payload.startswith(_GZIP_MAGIC) else []
    whole = True
    for name in reversed(names):
        decode = _DECODERS.get(name)
        if decode is not None and payload:
            content = _up_to(max_bytes, payload, decode)
            payload, whole = content.data, whole and content.whole
    return Content(payload[:max_bytes], whole and len(payload) <= max_bytes)


def _up_to(max_bytes: int, payload: bytes, decode: _Decoder) -> Content:
    content = bytearray()
    pieces = decode(payload)
    try:
        while len(content) <= max_bytes:
            content += next(pieces)
    except StopIteration as end:
        return Content(bytes(content[:max_bytes]), bool(end.value) and len(content) <= max_bytes)
    except (zlib.error, zstandard.ZstdError, brotli.error):
        if not content:
            # It was not in this encoding.
            return Content(payload, whole=True)
    return Content(bytes(content[:max_bytes]), whole=False)


def _gzip(payload: bytes) -> Generator[bytes, None, bool]:
    unpacker = zlib.decompressobj(31)
    yield from _inflated(unpacker, payload)
    while unpacker.unused_data.startswith(_GZIP_MAGIC):
        payload = unpacker.unused_data
        unpacker = zlib.decompressobj(31)
        yield from _inflated(unpacker, payload)
    return unpacker.eof


def _deflate(payload: bytes) -> Generator[bytes, None, bool]:
    # RFC 9110 means the zlib format; some servers send the bare deflate stream.
    wrapped = payload[:1] in _ZLIB_STARTS and int.from_bytes(payload[:2]) % _ZLIB_CHECK == 0
    unpacker = zlib.decompressobj(15 if wrapped else -15)
    yield from _inflated(unpacker, payload)
    return unpacker.eof


def _inflated(unpacker: zlib._Decompress, payload: bytes) -> Iterator[bytes]:
    while payload and not unpacker.eof:
        before = unpacker.copy()
        try:
            piece = unpacker.decompress(payload, _CHUNK)
        except zlib.error:
            yield from _up_to_break(before, payload)
            return
        if piece:
            yield piece
        payload = unpacker.unconsumed_tail
    while not unpacker.eof and (piece := unpacker.decompress(b"", _CHUNK)):
        yield piece


def _up_to_break(unpacker: zlib._Decompress, payload: bytes) -> Iterator[bytes]:
    # A call that fails gives nothing of what it decoded before the break. The last of these calls fails again.
    for position in range(len(payload)):
        yield unpacker.decompress(payload[position : position + 1])


def _brotli(payload: bytes) -> Generator[bytes, None, bool]:
    decompressor = brotli.Decompressor()
    # Two packages share the module name; `decompress` is brotlipy's, and neither it nor brotli before 1.2 can be
    # told to stop: short steps bound what one call may give.
    step = getattr(decompressor, "process", None) or decompressor.decompress
    for start in range(0, len(payload), _BROTLI_STEP):
        yield step(payload[start : start + _BROTLI_STEP])
    return bool(decompressor.is_finished()) if hasattr(decompressor, "is_finished") else True


def _zstd(payload: bytes) -> Generator[bytes, None, bool]:
    unpacker = zstandard.ZstdDecompressor(max_window_size=_ZSTD_MAX_WINDOW)
    with unpacker.stream_reader(io.BytesIO(payload), read_across_frames=True) as reader:
        began = False
        while piece := reader.read(_CHUNK):
            began = True
            yield piece
    # The reader does not tell a frame that broke off from one that ended.
    return began


_DECODERS: dict[str, _Decoder] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
