"""Pages that list articles: links that look like stories, and the feeds that the page declares.

A link counts where it leads to the page's own owner, its address names one document (a long number, a day, a slug of
four words: `crawler.urls.tracking.identifies`), it says at least `LEAST_WORDS` words (its own, its heading's or its
``aria-label``), and it does not stand in a navigation, a footer or a form. Whether the pages of one site are stories is
for the classifier to say when they are fetched; here it is only about not asking for a hundred pages that cannot be.

Why not trafilatura's or courlan's link extraction: courlan takes every link of the host that is no image or login page,
the site's menus included; trafilatura's finder follows what it finds by itself.

Why only feeds that a page declares (``rel=alternate``) and sitemaps that robots.txt names: common paths could be
guessed, and a server whose paths are guessed rightly takes that for an attack.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from crawler.discovery.plain import plain
from crawler.discovery.values import LONGEST_URL, MOST_ENTRIES, MOST_FEEDS, Entry, FeedInput, Further, Listing
from crawler.urls.tracking import identifies
from storage.types import FeedKind

LEAST_WORDS: Final = 4
LEAST_SIGNS: Final = 12
"""Of a script that parts no words with spaces."""
_MOST_LINKS: Final = 5000
_MOST_WITHIN: Final = 40
_FEED_TYPES: Final = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"}
)
_COMMENTS = re.compile(r"comment|kommentar|oembed|wp-json", re.IGNORECASE)
_FURNITURE: Final = frozenset({"nav", "footer", "form", "noscript", "template"})
_ROLES: Final = frozenset({"navigation", "contentinfo", "search", "menu", "menubar"})
_OTHER_KIND = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|avif|mp3|mp4|m3u8|pdf|zip|css|js|json|xml|rss|ics|apk|exe)$", re.IGNORECASE
)


def is_other_kind(path: str) -> bool:
    """Whether an address names a picture, a film, a document or a program by its ending."""
    return _OTHER_KIND.search(path) is not None


def read_page(given: FeedInput) -> Listing:
    """The stories that a page links to, and the feeds that it declares."""
    from lxml import html  # noqa: PLC0415 - only those who read pages load it

    parser = html.HTMLParser(encoding=_charset(given.content_type), no_network=True, huge_tree=False)
    tree = html.document_fromstring(given.content, parser=parser, ensure_head_body=True)
    base = _base(tree, given.url)
    links = list(islice(_links(tree), _MOST_LINKS))
    entries: dict[str, Entry] = {}
    for href, words in links:
        url = _joined(base, href)
        if url and identifies(_path(url)) and not is_other_kind(_path(url)):
            entries.setdefault(url, Entry(url=url, title=words))
    return Listing(
        entries=tuple(islice(entries.values(), MOST_ENTRIES)),
        further=tuple(islice(_declared(tree, base), MOST_FEEDS)),
        title=plain(tree.findtext(".//title")),
        home=given.url,
        total=len(entries),
    )


def _charset(content_type: str) -> str | None:
    found = re.search(r"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{2,40})", content_type, re.IGNORECASE)
    if found is None:
        return None
    try:
        "".encode(found[1])
    except LookupError:
        return None
    return found[1]


def _base(tree: Any, url: str) -> str:  # noqa: ANN401 - lxml has no types
    for element in tree.iter("base"):
        if href := element.get("href"):
            return _joined(url, href) or url
    return url


def _joined(base: str, href: str) -> str:
    """An absolute address; empty where there can be none."""
    if len(href) > LONGEST_URL:
        return ""
    try:
        return urljoin(base, href.strip())
    except ValueError:
        return ""


def _path(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _links(tree: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - likewise
    """Each link outside the furniture, with its words."""
    for link in tree.iter("a"):
        href = link.get("href")
        if href and not href.startswith(("#", "javascript:", "mailto:")) and not _in_furniture(link):
            words = _words(link)
            if len(words.split()) >= LEAST_WORDS or _is_unspaced(words):
                yield href, words


def _is_unspaced(words: str) -> bool:
    """Whether it is a headline of a script that parts no words: Chinese, Japanese, Thai."""
    return len(words) >= LEAST_SIGNS and sum(sign >= "\u0e00" for sign in words) * 2 > len(words)


def _words(link: Any) -> str:  # noqa: ANN401 - likewise
    text = plain(" ".join(islice(link.itertext(), 50)))
    return text if len(text.split()) >= LEAST_WORDS else plain(link.get("aria-label") or link.get("title")) or text


def _in_furniture(link: Any) -> bool:  # noqa: ANN401 - likewise
    above = islice(link.iterancestors(), _MOST_WITHIN)
    return any(one.tag in _FURNITURE or (one.get("role") or "").lower() in _ROLES for one in above)


def _declared(tree: Any, base: str) -> Iterator[Further]:  # noqa: ANN401 - likewise
    """Feeds of articles that the page's head declares, each once."""
    seen = set()
    for link in tree.iter("link"):
        kind = (link.get("type") or "").partition(";")[0].strip().lower()
        if "alternate" not in (link.get("rel") or "").lower().split() or kind not in _FEED_TYPES:
            continue
        title, url = plain(link.get("title")), _joined(base, link.get("href") or "")
        if url and url not in seen and not _COMMENTS.search(f"{url} {title}"):
            seen.add(url)
            yield Further(url=url, kind=FeedKind.FEED, title=title)
