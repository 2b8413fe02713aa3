"""The article of a PDF: its text, and what its information dictionary and its first page say of it.

Why the printed title before the dictionary's: the dictionary names the file a text was typed in (``Microsoft Word -
final2.doc``) more often than the text. Why its day of creation is a last resort: a report is often made anew for the
web years after it was published.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from crawler.extraction.agency import find_wire
from crawler.extraction.body import join_blocks
from crawler.extraction.dates import mentions, parse_machine
from crawler.extraction.document import ParsedPage, bare_page
from crawler.extraction.metadata.language import find_language
from crawler.extraction.page import NOWHERE, Found, NoArticle, PageInput
from crawler.extraction.pdf.lines import MAX_PAGES, PrintedDocument, read_pdf
from crawler.extraction.pdf.paragraphs import Paragraph, as_block, paragraphs, usual_size
from crawler.extraction.text import fold_spaces
from storage.types import Access, Article, BodyChoice, BodyTrial, DatedTime, MediaItem, Medium, Outcome

_SIGNATURE = b"%PDF-"
_LEADING_BYTES = 1024
_FILE_NAME = re.compile(
    r"\.(?:docx?|rtf|pdf|indd|qxd|odt|wpd|pub|pages|tex)\b|^microsoft word|^untitled|^\W*$", re.IGNORECASE
)
_ACCOUNT = re.compile(r"^\S*$|\d|@|\b(?:user|admin|office|owner|unknown|microsoft|adobe)\b", re.IGNORECASE)
_PDF_DATE = re.compile(r"^D:(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?\s?(?:(Z)|([+-])(\d\d)'?(\d\d)?)?")
_TITLE_CHARS, _FIRST_PARAGRAPHS, _LINE_CHARS = 300, 14, 120
_TITLE_LEAST = 4
_MIN_WORDS = 25
_PRINTED, _DICTIONARY, _NEAR_TITLE, _CREATED = 0.8, 0.7, 0.85, 0.5


def is_pdf(content: bytes) -> bool:
    """Whether the bytes are a PDF; as readers of PDF do, some junk before the signature is forgiven."""
    return _SIGNATURE in content[:_LEADING_BYTES] and not content[:_LEADING_BYTES].lstrip().startswith(b"<")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Title:
    """The headline and the blocks without it."""

    found: Found
    rest: tuple[Paragraph, ...]


def article_of_pdf(page: PageInput, extractor: tuple[str, str]) -> Article | NoArticle:
    """The article of a PDF, or why there is none; never raises for what the bytes hold.

    Args:
        page: the response.
        extractor: name and version that the article shall carry.
    """
    document = read_pdf(page.content)
    if document.problem:
        return NoArticle(outcome=Outcome.NOT_HTML, detail=f"the response is a PDF document, {document.problem}")
    found = paragraphs(document.lines)
    words = sum(len(one.text.split()) for one in found)
    if words < _MIN_WORDS and sum(len(one.text) for one in found) < 2 * _MIN_WORDS:
        return NoArticle(
            outcome=Outcome.NO_ARTICLE, detail=f"{words} words in {document.pages} pages of a PDF document"
        )
    return _assemble(bare_page(page.url, page.captured_at), document, found, extractor)


def _assemble(
    bare: ParsedPage, document: PrintedDocument, found: tuple[Paragraph, ...], extractor: tuple[str, str]
) -> Article:
    title = _title(document, found)
    usual = usual_size(title.rest)
    blocks = tuple(as_block(one, usual) for one in title.rest)
    body = join_blocks(blocks)
    language, wire = find_language(bare, body), find_wire(bare, blocks, "")
    byline = _author(document.information)
    published = _published(bare, document, found, language.value)
    modified = _stated(bare, document.information.get("ModDate", ""), "pdf modification date")
    fields = {
        "headline": title.found,
        "byline": byline,
        "language": language,
        "agency": wire.agency,
        "dateline": wire.dateline,
    }
    evidence = {name: value.evidence for name, value in fields.items() if value.value}
    evidence |= {"body": f"lines of {min(document.pages, MAX_PAGES)} of {document.pages} pages"}
    evidence |= {"published_at": published[0].evidence} if published else {}
    confidence = {name: value.confidence for name, value in fields.items() if value.value and value.confidence}
    confidence |= {"published_at": published[1]} if published else {}
    return Article(
        headline=title.found.value,
        body=body,
        byline=byline.value,
        language=language.value,
        agency=wire.agency.value,
        dateline=wire.dateline.value,
        published_at=published[0] if published else None,
        modified_at=modified if published and modified and modified.value > published[0].value else None,
        access=Access.FULL,
        medium=Medium.DOCUMENT,
        media=(MediaItem(medium=Medium.DOCUMENT, name=title.found.value, url=bare.url, pages=document.pages),),
        evidence=evidence,
        confidence=confidence,
        choice=BodyChoice(
            winner="pdf",
            why=evidence["body"],
            trials=(BodyTrial(name="pdf", words=len(body.split()), score=1.0),),
        ),
        extractor=extractor[0],
        extractor_version=extractor[1],
    )


def _title(document: PrintedDocument, found: tuple[Paragraph, ...]) -> _Title:
    """The largest type of the first page, where it is larger than the text; else what the dictionary says."""
    usual = usual_size(found)
    opening = [one for one in found[:_FIRST_PARAGRAPHS] if one.page == 0]
    fitting = [one for one in opening if _TITLE_LEAST <= len(one.text) <= _TITLE_CHARS]
    largest = max(fitting, key=lambda one: one.size, default=None)
    if largest is not None and largest.size > usual:
        rest = tuple(one for one in found if one is not largest)
        return _Title(found=Found(value=largest.text, evidence="largest line", confidence=_PRINTED), rest=rest)
    stated = fold_spaces(document.information.get("Title", ""))[:_TITLE_CHARS]
    if stated and not _FILE_NAME.search(stated):
        return _Title(found=Found(value=stated, evidence="pdf title", confidence=_DICTIONARY), rest=found)
    if opening and len(found) > 1 and _reads_like_a_title(first := opening[0].text):
        return _Title(found=Found(value=first, evidence="first line", confidence=_CREATED), rest=found[1:])
    return _Title(found=NOWHERE, rest=found)


def _reads_like_a_title(text: str) -> bool:
    return _TITLE_LEAST <= len(text) <= _LINE_CHARS and not text.endswith((".", ":", ";", ","))


def _author(information: Mapping[str, str]) -> Found:
    name = fold_spaces(information.get("Author", ""))[:_LINE_CHARS]
    return NOWHERE if _ACCOUNT.search(name) else Found(value=name, evidence="pdf author", confidence=_CREATED)


def _published(
    bare: ParsedPage, document: PrintedDocument, found: Sequence[Paragraph], language: str
) -> tuple[DatedTime, float] | None:
    """The first date that stands alone in a short line of the first page, else the file's day of creation."""
    short = (one.text for one in found[:_FIRST_PARAGRAPHS] if one.page == 0 and len(one.text) <= _LINE_CHARS)
    for mention in chain.from_iterable(mentions(text, language=language) for text in short):
        if mention.value <= bare.captured_at:
            return mention.dated("line of the first page"), _NEAR_TITLE
    created = _stated(bare, document.information.get("CreationDate", ""), "pdf creation date")
    return (created, _CREATED) if created else None


def _stated(bare: ParsedPage, text: str, evidence: str) -> DatedTime | None:
    """A date as PDF writes it (``D:20061230120000+03'00'``); ``None`` where it is none, or after the capture."""
    match = _PDF_DATE.match(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, zulu, sign, zone_hours, zone_minutes = match.groups()
    written = f"{year}-{month}-{day}"
    if hour:
        zone = "Z" if zulu else f"{sign}{zone_hours}:{zone_minutes or '00'}" if sign else ""
        written += f"T{hour}:{minute}:{second or '00'}{zone}"
    mention = parse_machine(written)
    return mention.dated(evidence) if mention and mention.value <= bare.captured_at else None
