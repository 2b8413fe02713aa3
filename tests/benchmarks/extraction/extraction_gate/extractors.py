"""Extractors in one form: ``f(html: bytes, url: str) -> dict`` with any of the keys that `scoring` compares."""

from __future__ import annotations

import importlib
from datetime import UTC, datetime

import trafilatura

from crawler.extraction import NoArticle, PageInput
from crawler.extraction.article import extract

_CONFIDENT = {
    "title": "headline", "authors": "byline", "date": "published_at", "modified": "modified_at", "site": "site_name",
    "lang": "language", "image": "lead_image_url", "caption": "lead_image_caption", "credit": "lead_image_credit",
    "canonical": "declared_url", "standfirst": "standfirst", "section": "section", "keywords": "keywords",
    "dateline": "dateline", "agency": "agency", "corrections": "corrections", "access": "access", "medium": "medium",
}  # fmt: skip


def article_of(page):
    """Our extractor's article of a labelled page; ``None`` where it finds none."""
    found = extract(
        PageInput(
            url=page.url, content=page.content, content_type=page.content_type,
            captured_at=page.captured_at or datetime.now(UTC),
        )
    )  # fmt: skip
    return None if isinstance(found, NoArticle) else found


def answer_of(article):
    """An article in the form that is scored."""
    if article is None:
        return {}
    people = [one for one in article.contributors if one.kind.value == "person"]
    names = [one.name for one in people] if article.contributors else [one for one in article.byline.split(", ") if one]
    confidence = {name: article.confidence[ours] for name, ours in _CONFIDENT.items() if ours in article.confidence}
    if "contributors" in article.confidence:
        confidence["authors"] = article.confidence["contributors"]
    return {
        "text": article.body, "title": article.headline, "standfirst": article.standfirst, "authors": names,
        "roles": {one.name: one.role for one in people if one.role}, "site": article.site_name,
        "lang": article.language, "section": article.section, "keywords": article.keywords,
        "image": article.lead_image_url, "caption": article.lead_image_caption, "credit": article.lead_image_credit,
        "dateline": article.dateline, "agency": article.agency, "corrections": article.corrections,
        "canonical": article.declared_url, "access": article.access.value, "medium": article.medium.value,
        "entries": [(one.body, one.clock) for one in article.entries], "confidence": confidence,
        "winner": article.choice.winner,
    } | _dated("date", article.published_at) | _dated("modified", article.modified_at)  # fmt: skip


def _dated(name, stated):
    return {name: stated.value.isoformat(), f"{name}_precision": stated.precision.value} if stated else {}


def ours(page):
    """Our extractor, as the crawler calls it."""
    return answer_of(article_of(page))


def baseline(page):
    """Trafilatura with its own defaults, metadata included."""
    document = trafilatura.bare_extraction(page.content, url=page.url, with_metadata=True)
    if document is None:
        return {}
    names = [name.strip() for name in (document.author or "").split(";") if name.strip()]
    return {
        "text": document.text, "title": document.title, "authors": names, "date": document.date,
        "site": document.sitename, "lang": document.language, "image": document.image, "canonical": document.url,
        "keywords": document.tags or (), "section": (document.categories or [""])[0],
    }  # fmt: skip


def peer(named):
    """Any other extractor, named ``module:function``."""
    module, _, function = named.partition(":")
    called = getattr(importlib.import_module(module), function)
    return lambda page: called(page.content, page.url) or {}
