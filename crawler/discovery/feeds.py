"""RSS 0.9x to 2.0, Atom and JSON Feed.

Why feedparser for the XML ones: fifteen years of other people's broken feeds are in it (undeclared prefixes, HTML
entities, wrong encodings, nine dialects); its dates are the one part that we do not take (`crawler.discovery.dates`).
It expands no entities and opens no DTD. A few feeds make it raise: those are a problem of the feed like any other.
Rejected: trafilatura's finder, which knows neither dates nor titles and takes every ``<link>``, the site's own pages
included; lxml with our own table of dialects, ten times faster and again fifteen years behind. JSON Feed is nothing but
a table, read here.

Why lxml looks first: deep nesting alone makes feedparser slow beyond measure (3 s for 600 kB of open tags, and it grows
faster than the text). lxml says so in a tenth of the time that reading takes.

Why it reads a stream and never the bytes: given bytes or text that look like a URL or a path, it opens them.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from itertools import islice
from typing import Any, Final

from crawler.discovery.dates import moment
from crawler.discovery.intervals import LONGEST, Hints
from crawler.discovery.plain import plain
from crawler.discovery.values import LONGEST_URL, MOST_ENTRIES, Entry, FeedInput, Listing

_REDIRECTORS: Final = re.compile(
    r"^https?://(?:feeds\d*\.feedburner\.com|feedproxy\.google\.com|rss\.feedsportal\.com|[^/]*\.feedsportal\.com"
    r"|feeds\.feedblitz\.com|rssfeeds\.[^/]+)/",
    re.IGNORECASE,
)
"""Hosts that count a click and send on: their links name nothing."""
_PERIODS: Final = {"hourly": 1, "daily": 24, "weekly": 24 * 7, "monthly": 24 * 30, "yearly": 24 * 365}
_SKIPPED = re.compile(rb"<skipHours\b[^>]*>(.{0,2000}?)</skipHours", re.IGNORECASE | re.DOTALL)
_HOUR = re.compile(rb"<hour[^>]{0,100}>\s*(\d{1,2})\s*<", re.IGNORECASE)
_LOOKED_AT = 1 << 16
_HOURS = 24


def read_xml(given: FeedInput) -> Listing:
    """An RSS or Atom feed, as far as it can be read.

    Raises:
        Exception: what feedparser raises on some feeds.
    """
    import feedparser  # noqa: PLC0415 - in the worker: no command should wait for it

    if _is_bottomless(given.content):
        return Listing(problem="its elements are nested without end")
    headers = {"content-location": given.url}
    headers |= {"content-type": given.content_type} if given.content_type else {}
    parsed = feedparser.parse(
        io.BytesIO(given.content), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )
    if not parsed.version and not parsed.entries:
        return Listing(problem="it is neither RSS nor Atom nor a sitemap")
    feed = parsed.feed
    return Listing(
        entries=tuple(_of_xml(islice(parsed.entries, MOST_ENTRIES))),
        title=plain(feed.get("title")),
        home=_text(feed.get("link")),
        total=len(parsed.entries),
        hints=Hints(least=_least(feed), skip_hours=_skipped(given.content[:_LOOKED_AT])),
    )


def _is_bottomless(content: bytes) -> bool:
    """Whether elements are nested more deeply than libxml2 follows (256): feedparser would, for minutes."""
    from lxml import etree  # noqa: PLC0415 - only those who read pages load it

    parser = etree.XMLParser(
        recover=True, resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, collect_ids=False
    )
    try:
        etree.fromstring(content, parser)
    except etree.LxmlError:
        return False
    return any(error.type_name == "ERR_RESOURCE_LIMIT" and "depth" in error.message for error in parser.error_log)


def _of_xml(entries: Iterable[Mapping[str, Any]]) -> Iterator[Entry]:
    for entry in entries:
        if url := _link(entry):
            when = entry.get("published") or (entry.get("updated") if "updated" in entry else "")
            yield Entry(url=url, title=plain(entry.get("title")), published_at=moment(when))


def _link(entry: Mapping[str, Any]) -> str:
    """Where the entry's own page is: what a redirector hides, its link, or the name that says it is one."""
    original = _text(entry.get("feedburner_origlink") or entry.get("pheedo_origlink"))
    link, name = _text(entry.get("link")), _text(entry.get("id"))
    named = name.startswith(("http://", "https://"))
    if original:
        return original
    if link and not (named and _REDIRECTORS.match(link)):
        return link
    return name if named else link


def _least(feed: Mapping[str, Any]) -> timedelta:
    """The shortest interval that ``ttl`` (minutes) and ``sy:updatePeriod`` ask for."""
    ttl = _whole(feed.get("ttl"))
    hours = _PERIODS.get(_text(feed.get("sy_updateperiod")).strip().lower(), 0)
    times = max(_whole(feed.get("sy_updatefrequency")), 1)
    asked = max(timedelta(minutes=ttl), timedelta(hours=hours) / times)
    return min(asked, LONGEST)


def _whole(value: object) -> int:
    """A number of at most six digits; 0 for anything else."""
    text = _text(value).strip()
    return int(text) if re.fullmatch("[0-9]{1,6}", text) else 0


def _skipped(head: bytes) -> frozenset[int]:
    found = _SKIPPED.search(head)
    hours = (int(one) % _HOURS for one in _HOUR.findall(found[1])) if found is not None else ()
    return frozenset(hours)


def read_json(given: FeedInput) -> Listing:
    """A JSON Feed (1.0 or 1.1).

    Raises:
        ValueError, RecursionError: it is no JSON.
    """
    tree = json.loads(given.content)
    items = tree.get("items") if isinstance(tree, dict) else None
    if not isinstance(items, list):
        return Listing(problem="it is JSON, but no JSON Feed")
    return Listing(
        entries=tuple(_of_json(islice(items, MOST_ENTRIES))),
        title=plain(tree.get("title")),
        home=_text(tree.get("home_page_url")),
        total=len(items),
    )


def _of_json(items: Iterable[object]) -> Iterator[Entry]:
    for item in items:
        if isinstance(item, dict) and (url := _text(item.get("url")) or _text(item.get("id"))):
            when = item.get("date_published") or item.get("date_modified")
            yield Entry(url=url, title=plain(item.get("title")), published_at=moment(when))


def _text(value: object) -> str:
    """Text that may be an address; empty for anything else."""
    return value.strip() if isinstance(value, str) and len(value) <= LONGEST_URL else ""
