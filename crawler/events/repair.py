"""Bytes to text, and text to readable text: encodings, mojibake, HTML entities, spaces.

Why ftfy and not one `encode("cp1252").decode()`: the archive's damage is mixed (whole texts, single words, windows-1252
holes, lost no-break spaces) and ftfy repairs only what cannot have been meant. Its typographic opinions are switched
off: a curly quote, a ligature and a full-width comma are the writer's. Whoever repairs keeps the original beside it.
"""

from __future__ import annotations

import codecs
import html
import re
import unicodedata

import ftfy

from crawler.events.contract import BYTE_ORDER_MARK, BrokenEntry

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_FTFY = ftfy.TextFixerConfig(
    unescape_html=False,
    fix_latin_ligatures=False,
    fix_character_width=False,
    uncurl_quotes=False,
    fix_line_breaks=False,
    normalization="NFC",
)
_SPACES = re.compile(r"\s+")
_LINE_ENDS = re.compile("\r\n?")
_NEEDS_REPAIR = re.compile(r"[&\x00-\x08\x0b\x0e-\x1f\x7f]")


def decode(content: bytes) -> str:
    """Text of a file: its BOM's encoding, else UTF-8, else windows-1252 (ISO-8859-1 where that has holes).

    The byte-order mark and the line ends are kept: a file of UTF-8 encodes to the same bytes again.

    Raises:
        BrokenEntry: the bytes are no text in any of these.
    """
    text = _decoded(content)
    nul = text.find("\0")
    if nul >= 0:
        line = evened(text[:nul]).count("\n") + 1
        raise BrokenEntry(line, "the file is binary, not text", "give text files of event entries")
    return text


def evened(written: str) -> str:
    """The text without byte-order mark, every line end a line feed."""
    return _LINE_ENDS.sub("\n", written.removeprefix(BYTE_ORDER_MARK))


def _decoded(content: bytes) -> str:
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            try:
                return BYTE_ORDER_MARK + content.decode(encoding)
            except UnicodeDecodeError as error:
                problem = f"the file announces {encoding} but is not: {error.reason} at byte {error.start}"
                raise BrokenEntry(0, problem, "save it again as UTF-8") from error
    for encoding in ("utf-8", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("iso-8859-1")


def repaired(text: str) -> str:
    """The text with HTML entities resolved and misread encodings undone; line breaks are kept."""
    if text.isascii() and not _NEEDS_REPAIR.search(text):
        return text
    unescaped = html.unescape(text) if "&" in text else text
    return ftfy.fix_text(unescaped, _FTFY)


def folded(text: str) -> str:
    """The text on one line: every run of white space is one space, none at the ends."""
    return _SPACES.sub(" ", text).strip()


def composed(text: str) -> str:
    """The text in Unicode's composed form, so that names from different file systems compare equal."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)
