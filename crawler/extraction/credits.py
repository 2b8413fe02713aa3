"""The agency that a citation's label credits: ``Reuters via Yahoo``, ``AP via ABC News``, ``Lind Herald (AFP)``.

Why only at the beginning or in closing brackets: a label names publishers. An agency that stands elsewhere in it is
part of some publisher's name ("Trend Setter", "The Sputnik Review").
"""

from __future__ import annotations

import re

from crawler.extraction.dateline import NAMED, agency_of

_ARTICLE = re.compile(r"^\s*(?:the\s+)?", re.IGNORECASE)
_NEWS = re.compile(
    r"^\s+(?:news(?:\s+agency|\s+service|wire)?|(?:news)?wire|agency|services?|staff)(?!\w)", re.IGNORECASE
)
_BEHIND = re.compile(r"^\s*(?:$|[,/|:;(–—-]|(?:via|through|on|at|in|from|per|by way of)\s)", re.IGNORECASE)
_BRACKETS = re.compile(r"[(\[]\s*(?:via\s+|from\s+)?([^()\[\]]{2,40}?)\s*[)\]]\s*$", re.IGNORECASE)
_LONGEST = 200


def credited_in_label(label: str) -> str:
    """The usual name of the agency that a label credits; empty where it credits none."""
    label = label[:_LONGEST]
    start = _ARTICLE.match(label)
    rest = label[start.end() if start else 0 :]
    for text in (label.strip(), rest):
        found = NAMED.match(text)
        if found and _BEHIND.match(_NEWS.sub("", text[found.end() :])):
            return agency_of(found[0])
    inside = _BRACKETS.search(label)
    return agency_of(inside[1]) if inside else ""
