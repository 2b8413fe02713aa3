"""Sitemaps: news sitemaps, ordinary ones, indexes of them, and plain lists of URLs.

Why an entry without a date is no news: a sitemap lists all that a site ever printed; what a news sitemap lists has
``news:publication_date``, other sitemaps ``lastmod``, plain lists the day in the address or nothing.

Why of an index only what is news by its name or was changed within the days that count: an index leads to a decade of
sitemaps of 50,000 entries each. Why one that says neither is polled all the same where no other is better: small
papers number their sitemaps and date nothing; the first and the last are looked at, since systems append at one end.

Why lxml's parser that goes on after errors, without entities, DTDs and the network: broken sitemaps are common, bombs
are possible. It keeps one entry in memory at a time.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from crawler.discovery.dates import moment
from crawler.discovery.plain import plain
from crawler.discovery.values import LONGEST_URL, MOST_ENTRIES, MOST_FEEDS, Entry, FeedInput, Further, Listing
from storage.types import FeedKind

_MOST_READ: Final = 50_000
"""Entries that a sitemap may have, by its protocol."""
_LONGEST_TEXT: Final = 4000
_NEWS_NAME = re.compile(r"news|latest|recent|breaking|aktuell|actualit|ultim|noticias|notizie", re.IGNORECASE)
_OTHER_NAME = re.compile(r"image|video|author|tag|categor|archive|page-sitemap|product|event", re.IGNORECASE)
_IS_WHOLE = re.compile(rb"(?i)</\s*(?:[\w.-]+:)?(?:urlset|sitemapindex)\s*>|<(?:urlset|sitemapindex)\b[^>]{0,2000}/>")
_IS_LIST = re.compile(rb"\s*https?://\S+\s*(?:\n|$)")


def is_list(content: bytes) -> bool:
    """Whether these bytes begin like a plain list of URLs."""
    return _IS_LIST.match(content.removeprefix(b"\xef\xbb\xbf")) is not None


def read_xml(given: FeedInput) -> Listing:
    """A sitemap or an index of sitemaps; newest entries first where they have dates."""
    entries: list[Entry] = []
    further: list[Further] = []
    total = 0
    for name, said in _elements(given.content):
        total += 1
        url = said.get("loc", "").strip()
        if not url or len(url) > LONGEST_URL:
            continue
        if name == "sitemap":
            further.append(Further(url=url, kind=FeedKind.SITEMAP, changed_at=moment(said.get("lastmod"))))
        else:
            entries.append(Entry(url=url, title=plain(said.get("title")), published_at=_date(said)))
    if not total and not _IS_WHOLE.search(given.content[-_LONGEST_TEXT:]):
        return Listing(problem="it is a sitemap that stops before its first entry")
    return Listing(
        entries=_newest(entries),
        further=recent(further, given.seen_at - given.max_age),
        total=total,
        dated_only=True,
    )


def read_list(given: FeedInput) -> Listing:
    """A plain list of URLs, one a line."""
    lines = given.content.decode("utf-8", "replace").lstrip("\ufeff").splitlines()
    urls = [line.strip() for line in islice(lines, _MOST_READ) if line.strip().startswith(("http://", "https://"))]
    entries = [Entry(url=url) for url in urls if len(url) <= LONGEST_URL]
    return Listing(entries=tuple(entries), total=len(urls), dated_only=True)


def recent(named: Sequence[Further], since: datetime) -> tuple[Further, ...]:
    """Of the sitemaps that an index (or a robots.txt) names, those that may hold news; the best first.

    Those that are news by their name; without any, those that were changed lately; without any, the first and the last
    of those that are not about something else.
    """
    fresh = [one for one in named if one.changed_at is None or one.changed_at >= since - timedelta(days=1)]
    plausible = [one for one in fresh if not _OTHER_NAME.search(one.url)]
    by_name = [one for one in plausible if _NEWS_NAME.search(one.url.partition("://")[2].partition("/")[2])]
    dated = sorted((one for one in plausible if one.changed_at is not None), key=_changed, reverse=True)
    chosen = by_name or dated or [*plausible[:1], *plausible[1:][-1:]]
    return tuple(chosen[:MOST_FEEDS])


def _changed(one: Further) -> datetime:
    assert one.changed_at is not None  # noqa: S101 - the caller has left the others out
    return one.changed_at


def _date(said: dict[str, str]) -> datetime | None:
    return moment(said.get("publication_date")) or moment(said.get("lastmod"))


def _newest(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """At most `MOST_ENTRIES`: those with the latest dates, in the order of the document."""
    if len(entries) <= MOST_ENTRIES:
        return tuple(entries)
    dated = [(one.published_at, -place) for place, one in enumerate(entries) if one.published_at is not None]
    kept = {-place for _, place in sorted(dated, reverse=True)[:MOST_ENTRIES]}
    others = [place for place, one in enumerate(entries) if one.published_at is None]
    kept |= set(others[: MOST_ENTRIES - len(kept)])
    return tuple(one for place, one in enumerate(entries) if place in kept)


def _elements(content: bytes) -> Iterator[tuple[str, dict[str, str]]]:
    """Each ``url`` and ``sitemap`` element, as its name and the texts below it."""
    from lxml import etree  # noqa: PLC0415 - only those who read pages load it

    found = etree.iterparse(
        io.BytesIO(content),
        events=("end",),
        tag=("{*}url", "{*}sitemap"),
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
    )
    try:
        for _, element in islice(found, _MOST_READ):
            yield _local(element.tag), _texts(element)
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except etree.LxmlError:
        return


def _texts(element: Any) -> dict[str, str]:  # noqa: ANN401 - lxml has no types
    """Local name -> text of what stands below an element; the first of each name."""
    said: dict[str, str] = {}
    for one in islice(element.iter(), 100):
        if isinstance(one.tag, str) and one.text:
            said.setdefault(_local(one.tag), one.text[:_LONGEST_TEXT])
    return said


def _local(tag: str) -> str:
    return tag.rpartition("}")[2].rpartition(":")[2].lower()
