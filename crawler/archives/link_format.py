"""Lists of links as RFC 6690 and RFC 8288 write them: TimeMaps and ``Link`` headers.

    <http://news.example/a>; rel="original",
    <http://archive.example/2006/http://news.example/a>; rel="memento"; datetime="Wed, 05 Jul 2006 16:20:11 GMT"

Why a scanner of its own: commas and semicolons stand in URLs and in dates, values come with and without quotes, lists
end with a comma or in the middle of an entry. A piece that is no link is counted and passed over up to the next ``<``;
nothing is guessed from it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

MOST_LINKS = 200_000
_TARGET = re.compile(r"<([^<>\s]{1,16384})>")
# Each piece must begin with a semicolon and ends before the next one, so no text is looked at twice.
_PARAMETER = re.compile(r'\s*;\s*([A-Za-z0-9_*-]{1,40})\s*(?:=\s*("[^"]*"|[^\s",;<>]*))?')
_END = re.compile(r"\s*(?:,|$)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """One link.

    Attributes:
        url: between the angle brackets, as written.
        relations: the words of ``rel`` in lower case.
        parameters: name in lower case -> value without quotes; the first of repeated ones.
    """

    url: str
    relations: frozenset[str] = frozenset()
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Links:
    """A list as it was read; ``skipped`` pieces were no links."""

    links: tuple[Link, ...] = ()
    skipped: int = 0


def read_links(text: str) -> Links:
    """The links in a text, at most `MOST_LINKS`. Never raises."""
    links: list[Link] = []
    skipped = 0
    position = 0
    while len(links) < MOST_LINKS and (begin := text.find("<", position)) >= 0:
        skipped += bool(text[position:begin].strip(" \t\r\n,"))
        target = _TARGET.match(text, begin)
        if target is None:
            skipped += 1
            position = begin + 1
            continue
        parameters, position = _parameters(text, target.end())
        end = _END.match(text, position)
        # Where something else follows, it belongs to this link and cannot be read; the link itself can.
        position = end.end() if end is not None else _next_link(text, position)
        relations = frozenset(parameters.get("rel", "").lower().split())
        links.append(Link(url=target[1], relations=relations, parameters=parameters))
    return Links(links=tuple(links), skipped=skipped + bool(text[position:].strip(" \t\r\n,")))


def _parameters(text: str, position: int) -> tuple[dict[str, str], int]:
    parameters: dict[str, str] = {}
    while (found := _PARAMETER.match(text, position)) is not None:
        parameters.setdefault(found[1].lower(), (found[2] or "").strip('"'))
        position = found.end()
    return parameters, position


def _next_link(text: str, position: int) -> int:
    begin = text.find("<", position)
    return begin if begin >= 0 else len(text)
