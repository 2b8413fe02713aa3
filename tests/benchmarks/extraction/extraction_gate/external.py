"""Labelled pages of others, in a folder: ``items.jsonl`` and ``html/ID.html.gz``; README.md describes the format."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, date, datetime
from pathlib import Path

from extraction_gate.truth import Dated, LabelledPage, Truth

_UNKNOWN = frozenset({"roles", "moment", "modified_moment"})


def external_pages(folder):
    """All pages of the folder; fields that an item's truth does not have are not scored."""
    folder = Path(folder)
    with (folder / "items.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            item = json.loads(line)
            content = gzip.decompress((folder / "html" / f"{item['id']}.html.gz").read_bytes())
            yield LabelledPage(
                id=item["id"], structure=folder.name, host="", url=item.get("url") or "http://unknown.example/",
                content=content, content_type=item.get("content_type", ""), captured_at=datetime.now(UTC),
                truth=_truth(item["truth"]),
            )  # fmt: skip


def _truth(given):
    body = given.get("body") or ""
    return Truth(
        body=tuple(body) if isinstance(body, list) else tuple(part for part in body.split("\n\n") if part),
        headline=given.get("title") or "",
        people=tuple(given["authors"]) if given.get("authors") is not None else None,
        published=_day(given.get("date")),
        modified=_day(given.get("modified")),
        unscored=_UNKNOWN | {name for name in ("date", "modified") if not given.get(name)},
        site_name=given.get("site"), language=given.get("lang"), section=given.get("section"),
        keywords=None if given.get("keywords") is None else tuple(given["keywords"]),
        standfirst=given.get("standfirst"), image=given.get("image"), caption=given.get("caption"),
        credit=given.get("credit"), dateline=given.get("dateline"), agency=given.get("agency"),
        corrections=None if given.get("corrections") is None else tuple(given["corrections"]),
        declared_url=given.get("canonical"), access=given.get("access"), medium=given.get("medium"), entries=None,
    )  # fmt: skip


def _day(text):
    if not text:
        return None
    day = date.fromisoformat(text[:10])
    return Dated(day=text[:10], value=datetime(day.year, day.month, day.day, tzinfo=UTC), precision="")
