"""How people name events and documents on the command line, turned into what the store looks up."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from crawler.errors import ConfigurationError
from storage.protocol import Store
from storage.types import Outcome, Selection

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


def select(store: Store, *, event: str = "", host: str = "", outcome: str = "") -> Selection:
    """What a person named, as a selection; naming an event means "whether due or not".

    Raises:
        ConfigurationError: there is no such outcome.
        EventNotFound, AmbiguousEvent: there is no such event.
    """
    if outcome and outcome not in set(Outcome):
        raise ConfigurationError(f"there is no outcome {outcome!r}; the outcomes are {', '.join(Outcome)}")
    return Selection(
        event_key=store.event(event_name(event)).entry.key if event else "",
        host=host,
        outcome=Outcome(outcome) if outcome else None,
        due_only=not event,
    )
