"""Newly found articles as a feed: ``atom`` (RFC 4287) and ``rss`` (RSS 2.0 with Dublin Core and an Atom link).

Of each article: headline, the page on the live web, the archived copy as a ``related`` link where an archive gave the
page, who signed it, who published it, the lede, the wire agency and the language as categories. The id is made from
the canonical URL and never changes. ``published`` is left out where the page states no day: a feed has no other way to
say "in July". ``updated`` is when the page says it was changed, else when it was so for us.

Why texts and no page: a reader of feeds shows what it gets as HTML. So only text of our own structure goes in; RSS
descriptions, which readers take for HTML, are escaped once more. Characters that XML cannot have are left out.

Why lxml and no package for feeds: feedgen holds the whole feed as a tree and raises at the first control character,
so all texts would have to be cleaned here in any case; what is left of it is a list of elements.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from crawler.exporting.atom import write_atom
from crawler.exporting.feed_facts import About, updated_at
from crawler.exporting.protocol import Output, Selected
from crawler.exporting.rss import write_rss
from crawler.selecting import render
from storage.types import ArticleView, LibraryQuery

MOST = 100
"""Articles of a feed."""

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class AtomFeed:
    """``atom``; see the module."""

    name = "atom"
    meaning = f"Atom feed of the {MOST} articles that were found last"
    files = ("atom.xml",)
    schema: dict[str, Any] | None = None
    unavailable = ""

    def write(self, selected: Selected, output: Output) -> None:
        """See `crawler.exporting.protocol.Format`."""
        views = selected.newest(MOST)
        with output.file(self.files[0]) as stream:
            write_atom(stream, _about(selected.query, views), views)
            output.count(self.files[0], len(views))


class RssFeed:
    """``rss``; see the module."""

    name = "rss"
    meaning = f"RSS feed of the {MOST} articles that were found last"
    files = ("rss.xml",)
    schema: dict[str, Any] | None = None
    unavailable = ""

    def write(self, selected: Selected, output: Output) -> None:
        """See `crawler.exporting.protocol.Format`."""
        views = selected.newest(MOST)
        with output.file(self.files[0]) as stream:
            write_rss(stream, _about(selected.query, views), views)
            output.count(self.files[0], len(views))


def _about(query: LibraryQuery, views: Iterable[ArticleView]) -> About:
    asked = render(query)
    latest = max((updated_at(view) for view in views), default=_NEVER)
    return About(title=f"New articles: {asked}" if asked else "New articles", updated=latest)
