"""``--where``: the selection language on the command line."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from crawler.cli.console import require_host
from crawler.naming import with_event
from crawler.selecting import KEYS, parse
from storage.protocol import Store
from storage.types import LibraryQuery

WhereOption = Annotated[
    str,
    typer.Option("--where", metavar="TEXT", help=f"Only what fits: words and terms, KEY:VALUE of {', '.join(KEYS)}."),
]


def selected(store: Store, where: str) -> LibraryQuery:
    """What was written behind ``--where``, its event and publisher as the store knows them.

    Raises:
        SelectionError: it cannot be understood.
        NotFound: there is no such event, or nothing is cited on that host: a typing error would find nothing.
        AmbiguousEvent: several events are meant.
    """
    query = with_event(store, parse(where))
    return replace(query, publisher=require_host(store, query.publisher))
