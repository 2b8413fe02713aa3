"""TimeMaps: lists of copies after RFC 7089, as links or in JSON.

Why JSON becomes links: aggregators and some archives offer it in the shape of the same list, and one reading of what
the links mean is enough.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

from crawler.archives.link_format import Link, Links, read_links
from crawler.archives.protocol import Answer, Window
from crawler.archives.refusals import http_moment


def read_timemap(text: str) -> Links:
    """The links in a TimeMap: ``original``, ``memento`` and ``timemap`` are the relations that matter. Never raises."""
    return _links_of_json(text) if text.startswith("{") else read_links(text)


def begins_with_link(answer: Answer) -> bool:
    """Whether the angle bracket at the beginning is one of a link and not of a page."""
    return answer.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:6].lower().startswith((b"<http:", b"<https", b"</"))


def _links_of_json(text: str) -> Links:
    """The same from JSON as aggregators write it: ``mementos.list`` and ``timemap_index``."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return Links(skipped=1)
    mementos = found.get("mementos")
    listed = mementos.get("list") if isinstance(mementos, dict) else None
    links = [_json_link(item, "memento") for item in (listed if isinstance(listed, list) else [])]
    parts = found.get("timemap_index")
    links += [_json_link(item, "timemap") for item in (parts if isinstance(parts, list) else [])]
    if isinstance(found.get("original_uri"), str):
        links.append(Link(url=found["original_uri"], relations=frozenset({"original"})))
    whole = tuple(link for link in links if link is not None)
    return Links(links=whole, skipped=len(links) - len(whole))


def _json_link(item: object, relation: str) -> Link | None:
    if not isinstance(item, dict) or not isinstance(item.get("uri"), str):
        return None
    parameters = {name: value for name in ("datetime", "from", "until") if isinstance(value := item.get(name), str)}
    return Link(url=item["uri"], relations=frozenset({relation}), parameters=parameters)


def overlaps(link: Link, window: Window) -> bool:
    """Whether a part of a list may hold copies of the window; one that does not say may."""
    begin, end = (moment_of(link.parameters.get(name, "")) for name in ("from", "until"))
    too_late = begin is not None and window.until is not None and begin > window.until
    too_early = end is not None and window.since is not None and end < window.since
    return not too_late and not too_early


def moment_of(text: str) -> datetime | None:
    """The moment that a date of HTTP, an ISO date or 8 to 14 digits state; ``None`` where there is none."""
    return http_moment(text) or _iso_moment(text)


def _iso_moment(text: str) -> datetime | None:
    """The moment that an ISO date or 8 to 14 digits state; ``None`` for anything else."""
    digits = re.fullmatch(r"[0-9]{8}(?:[0-9]{2}){0,3}", text, re.ASCII)
    try:
        if digits is not None:
            return datetime.strptime(text.ljust(14, "0"), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:
        return None
