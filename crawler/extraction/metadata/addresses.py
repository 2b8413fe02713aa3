"""Addresses as a page states them, made absolute."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from crawler.extraction.document import ParsedPage

MAX_ADDRESS = 2000
"""Longer ones are data, not addresses."""


def absolute(page: ParsedPage, address: str | None) -> str:
    """The address resolved against the page; empty unless it is http or https with a host."""
    stated = (address or "").strip()
    if not stated or len(stated) > MAX_ADDRESS:
        return ""
    try:
        joined = urljoin(page.url, "".join(stated.split()))
        parts = urlsplit(joined)
    except ValueError:
        return ""
    return joined if parts.scheme in ("http", "https") and parts.netloc else ""
