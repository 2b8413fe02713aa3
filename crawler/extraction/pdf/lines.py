"""A PDF as printed lines: text, place and size of each, in the order of reading.

Why PDFium: of the libraries with a licence that this project can use, pypdf (slow, loses spaces between words of
justified lines), pdfminer.six (ten times slower still) and PDFium (the engine of a browser, fuzzed for years), only the
last reads a page in a few milliseconds and keeps columns apart. It is native code, and so it runs only where all
extraction does, in a process that may be killed: a document that crashes it costs that document alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field

import pypdfium2
from pypdfium2 import raw

from crawler.extraction.text import fold_spaces

MAX_PAGES = 100
"""Pages of a document that are read; the rest is counted only."""
MAX_LINES = 20_000
_LINE_ENDS = re.compile("\n|[\x02\ufffe]")


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """One line of a page; lengths are points, counted from the page's lower left corner.

    Attributes:
        text: spaces folded, never empty; a word that goes on in the next line ends with a hyphen.
        page: 0-based.
        left: of its first character.
        right: of its last one.
        top: of its tallest place.
        size: height of its font.
    """

    text: str
    page: int
    left: float
    right: float
    top: float
    size: float


@dataclass(frozen=True, kw_only=True, slots=True)
class PrintedDocument:
    """What a PDF holds.

    Attributes:
        pages: how many it has.
        lines: of the first `MAX_PAGES`.
        information: its information dictionary (``Title``, ``Author``, ``CreationDate`` ...), as it stands.
        problem: why there are no lines; empty where there are.
    """

    pages: int = 0
    lines: tuple[PrintedLine, ...] = field(default=(), repr=False)
    information: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""


def read_pdf(content: bytes) -> PrintedDocument:
    """Read a PDF; never raises for what the bytes hold."""
    try:
        with closing(pypdfium2.PdfDocument(content)) as document:
            return _read(document)
    except pypdfium2.PdfiumError as problem:
        return PrintedDocument(problem=_reason(str(problem)))


def _reason(problem: str) -> str:
    return "it asks for a password" if "assword" in problem else "it is damaged"


def _read(document: pypdfium2.PdfDocument) -> PrintedDocument:
    pages = len(document)
    lines: list[PrintedLine] = []
    for number in range(min(pages, MAX_PAGES)):
        lines += _lines_of(document, number)
        if len(lines) > MAX_LINES:
            break
    pictures = "one page that is a picture" if pages == 1 else f"{pages} pages of pictures"
    problem = "" if lines else f"{pictures} without text" if pages else "it has no pages"
    return PrintedDocument(pages=pages, lines=tuple(lines), information=_information(document), problem=problem)


def _information(document: pypdfium2.PdfDocument) -> dict[str, str]:
    """The information dictionary without entries that are empty or no text in any encoding."""
    found: dict[str, str] = {}
    for name in document.METADATA_KEYS:
        with suppress(UnicodeDecodeError):
            found[name] = document.get_metadata_value(name)
    return {name: value for name, value in found.items() if value}


def _lines_of(document: pypdfium2.PdfDocument, number: int) -> list[PrintedLine]:
    """The lines of one page; none where the page is broken."""
    try:
        with closing(document[number]) as page, closing(page.get_textpage()) as text:
            return list(_printed(text, number))
    except pypdfium2.PdfiumError:
        return []


def _printed(page: pypdfium2.PdfTextPage, number: int) -> Iterator[PrintedLine]:
    start = 0
    for piece, divided in _pieces(page.get_text_range(errors="replace")):
        text = fold_spaces(piece)
        if text and (boxes := _boxes(page, start, piece)) is not None:
            first, last = boxes
            top, size = max(first[3], last[3]), first[3] - first[1]
            yield PrintedLine(f"{text}-" if divided else text, number, first[0], last[2], top, size)
        start += _units(piece) + 1


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """The lines of a page, and whether the last word of each is divided: PDFium writes one mark for such an end."""
    start = 0
    for end in _LINE_ENDS.finditer(text):
        yield text[start : end.start()], end[0] != "\n"
        start = end.end()
    yield text[start:], False


def _units(piece: str) -> int:
    """Its length as PDFium counts it, in UTF-16 units."""
    return len(piece) if piece.isascii() else len(piece.encode("utf-16-le", "surrogatepass")) // 2


Box = tuple[float, float, float, float]


def _boxes(page: pypdfium2.PdfTextPage, start: int, piece: str) -> tuple[Box, Box] | None:
    """Boxes of the first and the last visible character; ``None`` where PDFium cannot tell."""
    visible = piece.rstrip()
    first = start + _units(piece) - _units(piece.lstrip())
    last = start + _units(visible) - 1
    places = [raw.FPDFText_GetCharIndexFromTextIndex(page, index) for index in (first, last)]
    total = page.count_chars()
    if any(not 0 <= place < total for place in places):
        return None
    begin, end = (page.get_charbox(place, loose=True) for place in places)
    return begin, end
