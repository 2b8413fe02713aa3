"""Which documents are polled: what ``dateline.toml`` names, what a person adds, the publishers that are cited most.

Why discovery is off while nothing is named: a library is about what its entries cite. What feeds name is wanted by
somebody who says so.

Why a feed that is taken out of the file is polled on: it is in the library, like all that was ever imported, and so are
the feeds that it led to. ``dateline feeds off`` ends it, and it stays off though the file names it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from itertools import islice

from crawler.configuration import Configuration
from crawler.errors import ConfigurationError, UnusableUrl
from crawler.urls import identify
from storage.protocol import Store
from storage.types import DocumentRole, FeedKind, Host, Selection, WantedFeed, utc_now

log = logging.getLogger(__name__)

FOUND = Selection(role=DocumentRole.SOURCE, found=True)
"""Documents that a feed named first and that are due."""
SETTINGS_OF_KINDS = {
    FeedKind.FEED: "discovery.feeds",
    FeedKind.SITEMAP: "discovery.sitemaps",
    FeedKind.SECTION: "discovery.sections",
}
_FEED_WORDS = ("rss", "atom", "feed")


def wanted_feed(url: str, kind: FeedKind) -> WantedFeed:
    """A feed that a person names.

    Raises:
        ConfigurationError: it cannot be requested, or is an archive's copy.
    """
    try:
        identity = identify(url)
    except UnusableUrl as error:
        raise ConfigurationError(f"no {kind} to poll: {error}") from error
    if identity.memento is not None:
        raise ConfigurationError(f"no {kind} to poll: {url!r} is an archive's copy, which never changes")
    from crawler.discovery import CONFIGURED  # noqa: PLC0415 - the parsers come with it, and nearly no command polls

    return WantedFeed(identity=identity, kind=kind, found_by=CONFIGURED)


def kind_of(url: str) -> FeedKind:
    """What a person means who names nothing but an address; what comes is read by what it is in any case."""
    address = url.partition("://")[2] or url
    path, _, query = address.partition("/")[2].lower().partition("?")
    if "sitemap" in path:
        return FeedKind.SITEMAP
    is_file = path.rpartition("/")[2].endswith((".xml", ".rdf", ".rss", ".atom", ".json", ".gz", ".txt"))
    named = any(word in part for word in _FEED_WORDS for part in (*path.split("/"), query))
    return FeedKind.FEED if is_file or named else FeedKind.SECTION


def configured_feeds(configuration: Configuration) -> list[WantedFeed]:
    """What ``dateline.toml`` names.

    Raises:
        ConfigurationError: one of the URLs cannot be requested.
    """
    return [wanted_feed(url, kind) for kind, key in SETTINGS_OF_KINDS.items() for url in configuration.texts(key)]


def publishers(hosts: Iterable[Host], number: int) -> Iterator[WantedFeed]:
    """The home pages of the publishers that are cited most, of those that answer; they declare their feeds."""
    living = [host for host in hosts if host.state.last_success_at is not None and not host.state.failures]
    for host in islice(sorted(living, key=lambda one: (-one.documents, one.name)), number):
        yield wanted_feed(f"https://{host.name}/", FeedKind.SECTION)


def put_wanted(store: Store, configuration: Configuration, *, dry_run: bool = False) -> int:
    """Put what is configured to be polled; returns how many are new.

    Raises:
        ConfigurationError: one of the URLs cannot be requested, or nothing is to be polled at all.
    """
    now, number = utc_now(), configuration.whole("discovery.publishers")
    wanted = configured_feeds(configuration)
    wanted += publishers(store.hosts(now=now), number) if number else ()
    added = store.put_feeds(wanted, now=now, dry_run=dry_run) if wanted else 0
    known = {feed.document.canonical_url for feed in store.feeds()}
    for one in wanted if not dry_run else ():
        if one.identity.canonical_url not in known:
            log.warning("%s is a source of this library: it is not polled", one.identity.request_url)
    if not added and not known:
        raise ConfigurationError(
            "there is nothing to poll: name feeds in dateline.toml (discovery.feeds), or one with `dateline feeds add`"
        )
    return added
