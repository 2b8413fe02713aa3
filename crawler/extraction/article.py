"""One captured response to one article: the order in which everything is found."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.metadata import version

from crawler.extraction.agency import find_wire
from crawler.extraction.blocks import join_blocks
from crawler.extraction.document import ParsedPage, parse_page
from crawler.extraction.encoding import decode
from crawler.extraction.furniture import without_furniture
from crawler.extraction.generic import Body, find_body
from crawler.extraction.metadata.access import find_access
from crawler.extraction.metadata.byline import find_byline
from crawler.extraction.metadata.headline import find_headline
from crawler.extraction.metadata.language import declared_language, find_language
from crawler.extraction.metadata.site import find_declared_url, find_lead_image, find_site_name
from crawler.extraction.metadata.times import find_times
from crawler.extraction.page import NoArticle, PageInput
from crawler.extraction.sniff import foreign_format
from crawler.extraction.text import UNSPACED
from storage.types import Article, Outcome

EXTRACTOR = "dateline"
"""Name of the extractor, as articles carry it."""
EXTRACTOR_VERSION = "2 " + " ".join(
    f"{package}-{version(package)}" for package in ("trafilatura", "htmldate", "lxml", "chardet", "py3langid")
)
"""Ours, raised whenever results may change, and the libraries' whose change may change them."""

MIN_WORDS = 25
"""Fewer words than this are no article."""
MIN_CHARS_UNSPACED = 50
"""The same for text in scripts that write without spaces."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenedPage:
    """A page decoded and parsed once, with its body, for everybody who wants to know something about it.

    Attributes:
        source: the decoded markup.
        encoding: the codec and why that one.
        parsed: see `ParsedPage`.
        body: the text that may be an article's.
    """

    source: str = field(repr=False)
    encoding: str
    parsed: ParsedPage
    body: Body


def extract(page: PageInput) -> Article | NoArticle:
    """Extract the article of a page.

    Args:
        page: the response.

    Returns:
        The article with evidence for every field that was found (``text_digest`` and ``keys`` are left to
        `crawler.dedup`), or why there is none. The same input always gives the same result; no input raises.
        Whether the page is what it should be is not asked here: `crawler.classify` does.
    """
    opened = open_page(page)
    return opened if isinstance(opened, NoArticle) else article_of(opened)


def open_page(page: PageInput) -> OpenedPage | NoArticle:
    """Decode and parse the response and find its body; `NoArticle` where there is no markup to parse."""
    if foreign := foreign_format(page.content, page.content_type):
        return NoArticle(outcome=Outcome.NOT_HTML, detail=f"the response is {foreign}")
    decoded = decode(page.content, page.content_type)
    parsed = parse_page(decoded.text, page.url, page.captured_at)
    if parsed is None:
        return NoArticle(outcome=Outcome.NO_ARTICLE, detail=f"no markup in {len(page.content)} bytes")
    encoding = f"{decoded.encoding}, {decoded.evidence}"
    return OpenedPage(source=decoded.text, encoding=encoding, parsed=parsed, body=find_body(parsed))


def article_of(opened: OpenedPage) -> Article | NoArticle:
    """The article of an opened page, or why its text is too little for one."""
    if missing := _too_little(opened.body):
        return NoArticle(outcome=Outcome.NO_ARTICLE, detail=missing)
    return _assemble(opened.parsed, opened.body, opened.encoding)


def _too_little(body: Body) -> str:
    """Why the body is no article, with the figures; empty if it may be one."""
    text = body.text
    words, unspaced = len(text.split()), len(UNSPACED.findall(text))
    if words >= MIN_WORDS or unspaced >= MIN_CHARS_UNSPACED:
        return ""
    if unspaced:
        return f"{unspaced} characters of text, an article has at least {MIN_CHARS_UNSPACED}"
    return f"{words} words of text, an article has at least {MIN_WORDS}"


def _assemble(page: ParsedPage, body: Body, encoding: str) -> Article:
    site_name = find_site_name(page)
    headline = find_headline(page, site_name.value)
    byline = find_byline(page, headline.value, site_name.value)
    times = find_times(page, headline.value, declared_language(page).value)
    blocks = without_furniture(body.blocks, headline.value, byline.value)
    text = join_blocks(blocks)
    language, wire = find_language(page, text), find_wire(page, blocks, byline.value)
    declared_url, lead_image = find_declared_url(page), find_lead_image(page)
    access, access_evidence = find_access(page, blocks)
    fields = {
        "headline": headline,
        "byline": byline,
        "language": language,
        "site_name": site_name,
        "declared_url": declared_url,
        "lead_image_url": lead_image,
        "agency": wire.agency,
        "dateline": wire.dateline,
    }
    evidence = {name: found.evidence for name, found in fields.items() if found.value}
    evidence |= {"body": body.evidence, "encoding": encoding} | ({"access": access_evidence} if access_evidence else {})
    evidence |= {"published_at": times.published.evidence} if times.published else {}
    evidence |= {"modified_at": times.modified.evidence} if times.modified else {}
    return Article(
        headline=headline.value,
        body=text,
        byline=byline.value,
        language=language.value,
        site_name=site_name.value,
        declared_url=declared_url.value,
        lead_image_url=lead_image.value,
        agency=wire.agency.value,
        dateline=wire.dateline.value,
        published_at=times.published,
        modified_at=times.modified,
        access=access,
        evidence=evidence,
        extractor=EXTRACTOR,
        extractor_version=EXTRACTOR_VERSION,
    )
