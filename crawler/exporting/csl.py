"""``csl``: articles as CSL-JSON, the form that citation managers and processors read: one array, an item a line.

Every item is an ``article-newspaper``. Dates have as many parts as are known; names that are not sure to be a person's
in two parts are ``literal``. ``archive`` and ``archive_location`` say where the copy was read, where an archive gave
the page; ``accessed`` is the day on which the page was so.
"""

from __future__ import annotations

import json
from typing import Any

from crawler.exporting.citation_facts import Citation, Name, citation_of
from crawler.exporting.protocol import Output, Selected


class CslJson:
    """See the module."""

    name = "csl"
    meaning = "CSL-JSON: one newspaper article per article"
    files = ("articles.csl.json",)
    schema: dict[str, Any] | None = None
    unavailable = ""

    def write(self, selected: Selected, output: Output) -> None:
        """See `crawler.exporting.protocol.Format`."""
        with output.file(self.files[0]) as stream:
            before = b"[\n"
            for view in selected.articles():
                item = json.dumps(item_of(citation_of(view)), ensure_ascii=False, separators=(",", ":"))
                stream.write(before + item.encode())
                before = b",\n"
                output.count(self.files[0])
            stream.write(b"\n]\n" if before == b",\n" else b"[]\n")


def item_of(citation: Citation) -> dict[str, Any]:
    """One item; fields of which nothing is known are left out."""
    accessed = citation.accessed
    said = {
        "id": citation.key,
        "type": "article-newspaper",
        "title": citation.title,
        "author": [_name(one) for one in citation.authors],
        "container-title": citation.publisher,
        "publisher": citation.publisher,
        "issued": _date(citation.issued),
        "accessed": _date((accessed.year, accessed.month, accessed.day)),
        "URL": citation.url,
        "language": citation.language,
        "archive": citation.archive,
        "archive_location": citation.copy,
        "note": f"Archived copy in {citation.archive}" if citation.archive else "",
    }
    return {name: value for name, value in said.items() if value}


def _date(parts: tuple[int, ...]) -> dict[str, Any] | None:
    return {"date-parts": [list(parts)]} if parts else None


def _name(name: Name) -> dict[str, str]:
    if not name.given:
        return {"literal": name.family}
    if not name.particle:
        return {"family": name.family, "given": name.given}
    family = name.family.removeprefix(name.particle).strip()
    return {"family": family, "given": name.given, "non-dropping-particle": name.particle}
