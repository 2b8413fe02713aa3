"""``dateline feeds``: which documents are polled for articles, and how they do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from crawler.cli.console import (
    JsonLinesOption,
    LibraryOption,
    Listing,
    count_of,
    jsonable,
    opened,
    out,
    print_json_lines,
    say,
)
from crawler.configuration import FILE_NAME
from crawler.errors import ConfigurationError
from crawler.host_conditions import moment
from crawler.urls import canonical_url
from crawler.wanted_feeds import kind_of, wanted_feed
from storage.errors import NotFound
from storage.protocol import Store
from storage.types import Feed, FeedKind, utc_now

app = typer.Typer(help="Feeds, sitemaps and section pages that are polled for articles: list, add, switch on and off.")

UrlArgument = Annotated[str, typer.Argument(help="URL of the feed, the sitemap or the page.", metavar="URL")]


@app.command("list")
def list_(
    *,
    library: LibraryOption = None,
    problems: Annotated[bool, typer.Option("--problems", help="Only those whose latest poll failed.")] = False,
    as_json: JsonLinesOption = False,
) -> None:
    """List what is polled: how often, what it named, and what is wrong with it."""
    with opened(library) as found:
        feeds = [feed for feed in found.store.feeds() if feed.problem or not problems]
    if as_json:
        print_json_lines(_json_of(feed) for feed in feeds)
        return
    if not feeds:
        empty = f"no feeds yet: `dateline feeds add URL`, or discovery.feeds in {FILE_NAME}"
        say("no feed has a problem" if problems else empty)
        return
    (_list_on_terminal if out.is_terminal else _list_in_lines)(feeds)


def _list_on_terminal(feeds: list[Feed]) -> None:
    """Two lines per feed: its address is too long to stand beside its figures."""
    made = Listing("kind", "every#", "polls#", "found#", "feed")
    for feed in feeds:
        made.add(feed.kind, _span(feed.interval), feed.polls, feed.found, feed.document.request_url)
        made.add("", "", "", "", _state(feed))
    made.print()


def _list_in_lines(feeds: list[Feed]) -> None:
    made = Listing("kind", "every#", "polls#", "entries#", "found#", "feed", "state")
    for feed in feeds:
        figures = (_span(feed.interval), feed.polls, feed.entries, feed.found)
        made.add(feed.kind, *figures, feed.document.request_url, _state(feed))
    made.print()


def _state(feed: Feed) -> str:
    """What a person wants to know of a feed in one phrase."""
    now = utc_now()
    if not feed.enabled:
        return "off"
    if feed.problem:
        return f"problem: {feed.problem}"
    if feed.document.last_attempt_at is None:
        return "not polled yet"
    due = feed.document.next_fetch_at
    when = f", next poll {moment(due, now)}" if due is not None and due > now else ", due"
    return f"polled {moment(feed.document.last_attempt_at, now)}{when}"


def _span(interval: timedelta | None) -> str:
    """``10 min``, ``3.5 h``, ``7 d``; empty before the first poll."""
    if interval is None:
        return ""
    minutes = interval.total_seconds() / 60
    if minutes < 100:  # noqa: PLR2004 - what reads well
        return f"{minutes:.0f} min"
    return f"{minutes / 60:.3g} h" if interval < timedelta(days=2) else f"{minutes / 1440:.3g} d"


@app.command()
def add(
    url: UrlArgument,
    *,
    library: LibraryOption = None,
    kind: Annotated[
        str,
        typer.Option(
            help="feed, sitemap or section; without it the address tells: a home page or a path without an ending is a "
            "section, which is polled for articles and for the feeds that it declares."
        ),
    ] = "",
) -> None:
    """Poll a feed, a sitemap, or a home or section page from now on; safe to run again."""
    wanted = wanted_feed(url, _known_kind(kind) or kind_of(url))
    with opened(library) as found:
        added = found.store.put_feeds([wanted], now=utc_now())
        known = None if added else _known(found.store, url)
    if known is None:
        say(f"{wanted.identity.request_url}: polled as a {wanted.kind} by the next `dateline discover`")
    else:
        off = f"switched off: `dateline feeds on {known.document.request_url}` polls it again"
        state = f"polled already, as a {known.kind}" if known.enabled else off
        say(f"{known.document.request_url}: {state}")


def _known(store: Store, url: str) -> Feed:
    """The feed that a URL is already; refuses one that is a source."""
    try:
        return _feed(store, url)
    except NotFound as error:
        raise ConfigurationError(f"{url} is a source of this library: it is fetched as one, and not polled") from error


def _known_kind(given: str) -> FeedKind | None:
    if given and given not in set(FeedKind):
        raise ConfigurationError(f"there is no kind {given!r}; the kinds are {', '.join(FeedKind)}")
    return FeedKind(given) if given else None


@app.command("on")
def on(url: UrlArgument, *, library: LibraryOption = None) -> None:
    """Poll a feed again that was switched off; it is due at once."""
    _switch(library, url, enabled=True)


@app.command("off")
def off(url: UrlArgument, *, library: LibraryOption = None) -> None:
    """Poll a feed no more; what it named stays."""
    _switch(library, url, enabled=False)


def _switch(library: Path | None, url: str, *, enabled: bool) -> None:
    with opened(library) as found:
        feed = _feed(found.store, url)
        changed = found.store.enable_feed(feed.document.id, enabled=enabled, now=utc_now())
    state = "due now" if enabled else f"polled no more; {count_of(changed.found, 'article')} that it named stay"
    say((changed.document.request_url, "bold"), f": {state}")


def _feed(store: Store, url: str) -> Feed:
    """The feed that a person names.

    Raises:
        NotFound: the library has no such feed.
        UnusableUrl: it cannot be requested.
    """
    wanted = canonical_url(url)
    named: Iterator[Feed] = (feed for feed in store.feeds() if feed.document.canonical_url == wanted)
    feed = next(named, None)
    if feed is None:
        raise NotFound(f"{url} is no feed of this library: `dateline feeds list` shows those that there are")
    return feed


def _json_of(feed: Feed) -> dict[str, Any]:
    facts = {name: getattr(feed, name) for name in Feed.__dataclass_fields__ if name not in {"document", "interval"}}
    document = feed.document
    return {
        "url": document.request_url,
        "document_id": document.id,
        **jsonable(facts),
        "interval_s": None if feed.interval is None else feed.interval.total_seconds(),
        "last_outcome": document.last_outcome,
        "last_poll_at": jsonable(document.last_attempt_at),
        "next_poll_at": jsonable(document.next_fetch_at),
    }
