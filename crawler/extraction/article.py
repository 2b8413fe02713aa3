"""One captured response to one article: the order in which everything is found."""

from __future__ import annotations

from dataclasses import dataclass, field

from crawler.extraction.body import Body, Hints, find_body
from crawler.extraction.document import ParsedPage, parse_page
from crawler.extraction.encoding import decode
from crawler.extraction.metadata.about import find_about
from crawler.extraction.metadata.byline import find_byline
from crawler.extraction.metadata.contributors import find_contributors
from crawler.extraction.metadata.headline import find_headline
from crawler.extraction.metadata.language import declared_language, find_language
from crawler.extraction.metadata.media import find_media, medium_of
from crawler.extraction.metadata.site import find_site_name
from crawler.extraction.metadata.times import find_times
from crawler.extraction.page import Found, NoArticle, PageInput, Ruled
from crawler.extraction.pdf import article_of_pdf, is_pdf
from crawler.extraction.publishers import apply_rules
from crawler.extraction.sniff import foreign_format
from crawler.extraction.text import UNSPACED
from crawler.extraction.version import EXTRACTOR, EXTRACTOR_VERSION
from storage.types import Access, Article, Medium, Outcome

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
        ruled: what the publisher's own rule found.
        site_name: see `storage.types.Article`; so are the next two.
        headline: likewise.
        byline: likewise.
        body: the text that may be an article's.
    """

    source: str = field(repr=False)
    encoding: str
    parsed: ParsedPage
    ruled: Ruled
    site_name: Found
    headline: Found
    byline: Found
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
    if is_pdf(page.content):
        return article_of_pdf(page, (EXTRACTOR, EXTRACTOR_VERSION))
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
    ruled = apply_rules(parsed)
    site_name = _ruled(ruled, "site_name") or find_site_name(parsed)
    headline = _ruled(ruled, "headline") or find_headline(parsed, site_name.value)
    byline = _ruled(ruled, "byline") or find_byline(parsed, headline.value, site_name.value)
    hints = Hints(headline=headline.value, byline=byline.value, citations=page.citations, ruled=ruled)
    return OpenedPage(
        source=decoded.text,
        encoding=f"{decoded.encoding}, {decoded.evidence}",
        parsed=parsed,
        ruled=ruled,
        site_name=site_name,
        headline=headline,
        byline=byline,
        body=find_body(parsed, hints),
    )


def _ruled(ruled: Ruled, name: str) -> Found | None:
    """What the publisher's rule found for a field; ``None`` where the page has to be searched."""
    found = ruled.fields.get(name)
    return found if found is not None and found.value else None


def article_of(opened: OpenedPage) -> Article | NoArticle:
    """The article of an opened page, or why its text is too little for one."""
    if missing := _too_little(opened.body):
        return NoArticle(outcome=Outcome.NO_ARTICLE, detail=missing)
    return _assemble(opened)


def _too_little(body: Body) -> str:
    """Why the body is no article, with the figures; empty if it may be one."""
    text = body.text
    words, unspaced = len(text.split()), len(UNSPACED.findall(text))
    if words >= MIN_WORDS or unspaced >= MIN_CHARS_UNSPACED:
        return ""
    if unspaced:
        return f"{unspaced} characters of text, an article has at least {MIN_CHARS_UNSPACED}"
    return f"{words} words of text, an article has at least {MIN_WORDS}"


def _assemble(opened: OpenedPage) -> Article:
    page, body, headline, byline = opened.parsed, opened.body, opened.headline, opened.byline
    times = find_times(page, headline.value, declared_language(page).value, opened.ruled)
    language = find_language(page, body.text)
    about = find_about(page, headline.value, byline.value, opened.site_name.value, body.blocks)
    media = find_media(page, headline.value)
    fields = {
        "headline": headline,
        "byline": byline,
        "language": language,
        "site_name": opened.site_name,
        "standfirst": _ruled(opened.ruled, "standfirst") or body.standfirst,
    } | {name: _ruled(opened.ruled, name) or found for name, found in about.found.items()}
    evidence = {name: found.evidence for name, found in fields.items() if found.value}
    evidence |= about.evidence | {"body": body.evidence, "encoding": opened.encoding}
    evidence |= {"published_at": times.published.evidence} if times.published else {}
    evidence |= {"modified_at": times.modified.evidence} if times.modified else {}
    return Article(
        headline=headline.value,
        body=body.text,
        byline=byline.value,
        contributors=find_contributors(byline, fields["agency"], body.blocks),
        language=language.value,
        site_name=opened.site_name.value,
        section=fields["section"].value,
        keywords=about.keywords.values,
        declared_url=fields["declared_url"].value,
        lead_image_url=fields["lead_image_url"].value,
        lead_image_caption=fields["lead_image_caption"].value,
        lead_image_credit=fields["lead_image_credit"].value,
        agency=fields["agency"].value,
        dateline=fields["dateline"].value,
        corrections=about.corrections.values,
        published_at=times.published,
        modified_at=times.modified,
        access=Access(fields["access"].value or Access.UNKNOWN),
        standfirst=fields["standfirst"].value,
        entries=body.entries,
        medium=Medium.LIVE_BLOG if body.entries else medium_of(page, media, len(body.text.split())),
        media=media,
        evidence=evidence,
        confidence={**about.confidence, **times.confidence}
        | {name: found.confidence for name, found in fields.items() if found.value and found.confidence},
        choice=body.choice,
        edge_lines=body.edge_lines,
        extractor=EXTRACTOR,
        extractor_version=EXTRACTOR_VERSION,
    )
