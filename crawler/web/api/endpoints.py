"""Every endpoint of the API, in the order of its description."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from crawler.web.api import articles, curation, events, library, work

_CONVERTOR = re.compile(r":[a-z_]+\}")
_ALWAYS = (400, 401, 405, 421, 429, 500, 503)
_WRITING = (403, 413, 415)


@dataclass(frozen=True, kw_only=True, slots=True)
class Endpoint:
    """One method at one address.

    Attributes:
        method: ``GET``, ``POST`` or ``DELETE``.
        path: below the API's own.
        handler: answers; the first line of its docstring is its title, the others say more, its name is its id.
        tag: under which heading it stands.
        brings: what the answer is, in a few words.
        status: of an answer that is no problem.
        named: something that may be unknown is asked for by its name.
        in_parts: it is a list with a cursor.
    """

    method: str = "GET"
    path: str
    handler: Callable[..., Any]
    tag: str
    brings: str
    status: HTTPStatus = HTTPStatus.OK
    named: bool = False
    in_parts: bool = False

    @property
    def writes(self) -> bool:
        """It changes something."""
        return self.method != "GET"

    @property
    def documented_path(self) -> str:
        """The path as the OpenAPI document has it."""
        return _CONVERTOR.sub("}", self.path)

    @property
    def problems(self) -> tuple[int, ...]:
        """Statuses of the problems that it may answer with."""
        return (*_ALWAYS, *(_WRITING if self.writes else ()), *((404,) if self.named else ()))

    @property
    def title(self) -> str:
        """What it is, in one line."""
        return (self.handler.__doc__ or "").partition("\n")[0].rstrip(".")

    @property
    def text(self) -> str:
        """What else is to be said."""
        lines = (self.handler.__doc__ or "").partition("\n")[2].splitlines()
        return "\n".join(line.strip() for line in lines).strip()


ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(
        path="/events",
        handler=events.list_events,
        tag="events",
        brings="A part of the list.",
        named=True,
        in_parts=True,
    ),
    Endpoint(path="/events/{key:event}", handler=events.get_event, tag="events", brings="The event.", named=True),
    Endpoint(
        path="/events/{key:event}/sources",
        handler=events.list_sources,
        tag="events",
        brings="Its sources.",
        named=True,
    ),
    Endpoint(path="/sources", handler=events.get_source, tag="events", brings="Its history.", named=True),
    Endpoint(
        path="/articles",
        handler=articles.list_articles,
        tag="articles",
        brings="A part of the list.",
        named=True,
        in_parts=True,
    ),
    Endpoint(path="/articles/{id}", handler=articles.get_article, tag="articles", brings="The article.", named=True),
    Endpoint(
        path="/articles/{id}/versions",
        handler=articles.list_versions,
        tag="articles",
        brings="Its versions.",
        named=True,
    ),
    Endpoint(
        path="/articles/{id}/versions/{number}",
        handler=articles.get_version,
        tag="articles",
        brings="The version.",
        named=True,
    ),
    Endpoint(path="/captures/{id}", handler=articles.get_capture, tag="articles", brings="The capture.", named=True),
    Endpoint(path="/search", handler=library.search, tag="library", brings="What was found.", named=True),
    Endpoint(path="/facets", handler=library.get_facets, tag="library", brings="The names, with counts."),
    Endpoint(path="/months", handler=library.list_months, tag="library", brings="All months."),
    Endpoint(path="/marks", handler=curation.list_marks, tag="decisions", brings="A part of the list.", in_parts=True),
    Endpoint(
        method="POST",
        path="/articles/{id}/mark",
        handler=curation.put_mark,
        tag="decisions",
        brings="The mark that stands.",
        named=True,
    ),
    Endpoint(
        method="DELETE",
        path="/articles/{id}/mark",
        handler=curation.take_back_mark,
        tag="decisions",
        brings="The mark, which stands no more.",
        named=True,
    ),
    Endpoint(
        method="POST",
        path="/links/decisions",
        handler=curation.decide_link,
        tag="decisions",
        brings="The link as it is now.",
        named=True,
    ),
    Endpoint(path="/runs", handler=work.list_runs, tag="work", brings="The latest runs."),
    Endpoint(path="/runs/{number}", handler=work.get_run, tag="work", brings="The run.", named=True),
    Endpoint(path="/orders", handler=work.list_orders, tag="work", brings="The latest orders.", named=True),
    Endpoint(path="/orders/{id}", handler=work.get_order, tag="work", brings="The order.", named=True),
    Endpoint(
        method="POST",
        path="/events/{key:event}/refetch",
        handler=work.refetch,
        tag="work",
        brings="The order, which waits or is worked on.",
        status=HTTPStatus.ACCEPTED,
        named=True,
    ),
    Endpoint(
        method="POST",
        path="/events/{key:event}/backfill",
        handler=work.backfill,
        tag="work",
        brings="The order, which waits or is worked on.",
        status=HTTPStatus.ACCEPTED,
        named=True,
    ),
)
"""All of them."""
