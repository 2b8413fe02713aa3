"""The page's own name for its publisher, its declared address and its lead image."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from crawler.extraction.document import ParsedPage
from crawler.extraction.jsonld import address_of, names_of
from crawler.extraction.page import Found

_NAMES = ("og:site_name", "application-name", "al:ios:app_name", "twitter:app:name:iphone", "dc.publisher", "publisher")
_IMAGES = (
    "og:image",
    "og:image:url",
    "og:image:secure_url",
    "twitter:image",
    "twitter:image:src",
    "image",
    "thumbnailurl",
)
_MAX_ADDRESS = 2000
_MAX_NAME = 100


def find_site_name(page: ParsedPage) -> Found:
    """How the page names its publisher; empty where it does not (the host is no name)."""
    content, name = page.meta(*_NAMES)
    if content and len(content) <= _MAX_NAME and "://" not in content:
        return Found(value=content, evidence=f"meta {name}")
    for name in names_of(page.article.get("publisher"))[:1]:
        if len(name) <= _MAX_NAME and "://" not in name:
            return Found(value=name, evidence="json-ld publisher")
    return Found()


def find_declared_url(page: ParsedPage) -> Found:
    """rel=canonical, else og:url; absolute."""
    for link in page.tree.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split() and (address := _absolute(page, link.get("href"))):
            return Found(value=address, evidence="link canonical")
    address = _absolute(page, page.meta("og:url")[0])
    return Found(value=address, evidence="meta og:url") if address else Found()


def find_lead_image(page: ParsedPage) -> Found:
    """The image that the page offers for previews; absolute."""
    content, name = page.meta(*_IMAGES)
    if address := _absolute(page, content):
        return Found(value=address, evidence=f"meta {name}")
    if address := _absolute(page, address_of(page.article.get("image"))):
        return Found(value=address, evidence="json-ld image")
    for link in page.tree.iter("link"):
        if (link.get("rel") or "").lower() == "image_src" and (address := _absolute(page, link.get("href"))):
            return Found(value=address, evidence="link image_src")
    return Found()


def _absolute(page: ParsedPage, address: str | None) -> str:
    """The address resolved against the page; empty unless it is http or https with a host."""
    stated = (address or "").strip()
    if not stated or len(stated) > _MAX_ADDRESS:
        return ""
    try:
        joined = urljoin(page.url, "".join(stated.split()))
        parts = urlsplit(joined)
    except ValueError:
        return ""
    return joined if parts.scheme in ("http", "https") and parts.netloc else ""
