"""Which of the entries of a feed may be new articles, and which of the documents that it names are polled too.

An entry counts where it can be requested, leads to an owner that the feed may speak for, names no home page, picture
or film, is not older than the days that count, and was not named above already. A date that lies in the future is no
date: some papers announce, some have wrong clocks.

Why owners at all: feeds carry advertisements and other people's videos. A feed speaks for its own host, for the site
that it says it is of (a feed may live at a service), and for the page that named it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Final
from urllib.parse import urljoin, urlsplit

from crawler.discovery.dates import day_in_path
from crawler.discovery.sections import is_other_kind
from crawler.discovery.values import LONGEST_URL, FeedInput, Further, Listing
from crawler.errors import UnusableUrl
from crawler.urls import identify
from crawler.urls.owners import host_of_url, registered_name
from storage.types import DocumentIdentity, FoundArticle, WantedFeed

_CLOCKS_DIFFER: Final = timedelta(hours=26)
"""A moment without a zone may be so far ahead of UTC, and still be now."""
_HOME_FILES: Final = frozenset({"", "/", "/index.html", "/index.htm", "/index.php", "/home"})


def found_in(listing: Listing, given: FeedInput) -> Iterator[FoundArticle]:
    """The articles to be fetched, in the order of the document, each once."""
    owners, seen = _owners(listing, given), {_canonical(given.url)}
    for entry in listing.entries:
        identity = _identity(given.url, entry.url)
        if identity is None or identity.canonical_url in seen or not _is_of(identity, owners):
            continue
        seen.add(identity.canonical_url)
        published_at = _believed(entry.published_at, given)
        if not _is_page(identity) or not _is_news(identity, published_at, listing, given):
            continue
        yield FoundArticle(identity=identity, title=entry.title, published_at=published_at)


def feeds_in(further: tuple[Further, ...], listing: Listing, given: FeedInput) -> Iterator[WantedFeed]:
    """The further documents to poll, each once; only of owners that the document may speak for."""
    owners, seen = _owners(listing, given), {_canonical(given.url)}
    for one in further:
        identity = _identity(given.url, one.url)
        if identity is None or identity.canonical_url in seen or not _is_of(identity, owners):
            continue
        seen.add(identity.canonical_url)
        yield WantedFeed(identity=identity, kind=one.kind, found_by=given.url, title=one.title)


def _owners(listing: Listing, given: FeedInput) -> frozenset[str]:
    hosts = (host_of_url(url) for url in (given.url, listing.home, given.found_by) if url)
    return frozenset(registered_name(host) for host in hosts if host)


def _is_of(identity: DocumentIdentity, owners: frozenset[str]) -> bool:
    return registered_name(host_of_url(identity.request_url)) in owners


def _canonical(url: str) -> str:
    identity = _identity(url, url)
    return identity.canonical_url if identity is not None else url


def _identity(base: str, url: str) -> DocumentIdentity | None:
    """The document meant; ``None`` where it cannot be requested, or is an archive's copy."""
    if len(url) > LONGEST_URL:
        return None
    try:
        identity = identify(urljoin(base, url))
    except (UnusableUrl, ValueError):
        return None
    fits = len(identity.request_url) <= 2 * LONGEST_URL
    return identity if fits and identity.memento is None else None


def _is_page(identity: DocumentIdentity) -> bool:
    parts = urlsplit(identity.request_url)
    home = parts.path.lower() in _HOME_FILES and not parts.query
    return not home and not is_other_kind(parts.path)


def _believed(published_at: datetime | None, given: FeedInput) -> datetime | None:
    ahead = published_at is not None and published_at > given.seen_at + _CLOCKS_DIFFER
    return None if ahead else published_at


def _is_news(identity: DocumentIdentity, published_at: datetime | None, listing: Listing, given: FeedInput) -> bool:
    """Whether it is young enough by its date, or by the day in its address; without either, where lists are of news."""
    since = given.seen_at - given.max_age
    if published_at is not None:
        return published_at >= since
    day = day_in_path(urlsplit(identity.request_url).path)
    if day is not None:
        return datetime.combine(day, time.max, UTC) >= since
    return not listing.dated_only
