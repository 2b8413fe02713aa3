"""How people name events, hosts and documents on the command line, turned into what the store looks up."""

from __future__ import annotations

import re
from dataclasses import replace
from difflib import get_close_matches
from pathlib import PurePosixPath

from crawler.errors import ConfigurationError, UnusableUrl
from crawler.urls import canonical_url, host_of
from storage.protocol import Store
from storage.types import DocumentRole, LibraryQuery, Outcome, Selection

MOST_DIGITS = 18
"""Longest number that every database knows."""

_PAGE = re.compile(r"[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}/[^/]+$")


def event_name(given: str) -> str:
    """A key, alias or beginning of a key stays; a page path, file or URL becomes the key that its last parts are.

    ``/news/2006/07/5/slug.md``, ``./entries/2006/07/5/slug.md`` and ``https://site/news/2006/07/5/slug`` all name
    ``2006/07/5/slug``. The ellipsis of a key that a list cut short is no part of it.
    """
    given = given.removesuffix("…")
    path = given.replace("\\", "/").split("#")[0].split("?")[0].rstrip("/")
    without_suffix = path.removesuffix(".md").removesuffix(".html")
    found = _PAGE.search(without_suffix)
    if found and len(PurePosixPath(without_suffix).parts) > len(PurePosixPath(found.group()).parts):
        return found.group()
    return without_suffix if found else given


def number_of(written: str, *, digits: int = MOST_DIGITS) -> int | None:
    """The number that a text of so many digits is; ``None`` for any other text, however long."""
    return int(written) if written.isascii() and written.isdigit() and len(written) <= digits else None


def host_name(given: str) -> str:
    """A host as the store knows it, from its name or from any URL on it.

    Raises:
        ConfigurationError: it is neither.
    """
    try:
        return host_of(given if "://" in given else f"http://{given}")
    except UnusableUrl as error:
        raise ConfigurationError(f"{given!r} is no host: {error.problem}; write it as in its URLs") from error


def with_event(store: Store, query: LibraryQuery) -> LibraryQuery:
    """The query with its event as the store knows it: a person may write an alias, a page or the beginning of a key.

    Raises:
        EventNotFound, AmbiguousEvent: there is no such event.
    """
    return replace(query, event=store.event(event_name(query.event)).entry.key) if query.event else query


def select(
    store: Store, *, event: str = "", host: str = "", outcome: str = "", url: str = "", role: str = ""
) -> Selection:
    """What a person named, as a selection; naming an event or a URL means "whether due or not".

    Raises:
        ConfigurationError: there is no such outcome or role, or the host is none.
        EventNotFound, AmbiguousEvent: there is no such event.
        UnusableUrl: the URL cannot be requested.
    """
    if outcome and outcome not in set(Outcome):
        near = get_close_matches(outcome, list(Outcome), n=1)
        remedy = f"did you mean {near[0]}?" if near else f"the outcomes are {', '.join(Outcome)}"
        raise ConfigurationError(f"there is no outcome {outcome!r}; {remedy}")
    if role and role not in set(DocumentRole):
        raise ConfigurationError(f"there is no role {role!r}; the roles are {', '.join(DocumentRole)}")
    return Selection(
        event_key=store.event(event_name(event)).entry.key if event else "",
        host=host_name(host) if host else "",
        outcome=Outcome(outcome) if outcome else None,
        canonical_url=canonical_url(url) if url else "",
        due_only=not (event or url),
        role=DocumentRole(role) if role else None,
    )
