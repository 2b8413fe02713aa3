"""Newly found articles as feeds, for whoever wants to be told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import BinaryIO

from starlette.requests import Request
from starlette.responses import Response

from crawler.exporting.atom import write_atom
from crawler.exporting.feed_facts import About, updated_at
from crawler.exporting.feeds import MOST
from crawler.exporting.rss import write_rss
from crawler.web.answering import shows
from crawler.web.rendering import conditional
from crawler.web.site import site_of
from storage.protocol import Store
from storage.types import ArticleView

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def atom(request: Request) -> Response:
    """As Atom."""
    return _feed(request, write_atom, "application/atom+xml")


def rss(request: Request) -> Response:
    """As RSS."""
    return _feed(request, write_rss, "application/rss+xml")


def _feed(
    request: Request, write: Callable[[BinaryIO, About, Sequence[ArticleView]], None], media_type: str
) -> Response:
    site = site_of(request)
    views = site.ask(_newest)
    about = About(
        title=f"New articles in {site.configuration.library.name}",
        updated=max((updated_at(view) for view in views), default=_NEVER),
        link=str(request.base_url.replace(path="/articles")),
        address=str(request.url.replace(query="", fragment="")),
    )
    out = BytesIO()
    write(out, about, views)
    return conditional(request, Response(out.getvalue(), media_type=media_type))


def _newest(store: Store) -> list[ArticleView]:
    return store.article_views([one.article_id for one in store.new_articles(limit=MOST)])


ROUTES = (shows("/feed.atom", atom), shows("/feed.rss", rss))
