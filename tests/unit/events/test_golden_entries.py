"""Invented pages in the true structure of each format, and what is read from them.

To accept a change: run with DATELINE_REWRITE_GOLDEN=1, then read the difference.
"""

from __future__ import annotations

import json
import os
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path

import pytest

from crawler.events import FORMATS, read_entries
from crawler.events.repair import decode, evened
from storage.types import DocumentIdentity

GOLDEN = Path(__file__).parents[2] / "golden" / "entries"
PAGES = sorted(path for path in (GOLDEN / "pages").rglob("*") if path.is_file())


def plain(value):
    if isinstance(value, DocumentIdentity):  # which document is meant is tested where that is decided
        return {"memento": value.memento.url if value.memento else None}
    if is_dataclass(value):
        shown = {one.name: plain(getattr(value, one.name)) for one in fields(value)}
        return {"is": type(value).__name__, **{name: part for name, part in shown.items() if part not in ("", [])}}
    if isinstance(value, tuple):
        return [plain(part) for part in value]
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    return value.isoformat() if isinstance(value, date) else value


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name[:30])
def test_page_is_read_as_expected(page):
    name = page.relative_to(GOLDEN / "pages").as_posix()
    found = [plain(entry) for entry in read_entries(name, page.read_bytes())]
    expected = GOLDEN / "expected" / f"{page.stem[:40]}{page.suffix}.json"
    if os.environ.get("DATELINE_REWRITE_GOLDEN"):
        expected.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert found == json.loads(expected.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name[:30])
def test_exactly_one_format_recognises_it(page):
    name = page.relative_to(GOLDEN / "pages").as_posix()
    text = evened(decode(page.read_bytes()))
    assert len([one.name for one in FORMATS if one.recognises(name, text)]) == 1


def test_every_format_has_a_page():
    texts = [(page.relative_to(GOLDEN / "pages").as_posix(), evened(decode(page.read_bytes()))) for page in PAGES]
    unshown = [one.name for one in FORMATS if not any(one.recognises(name, text) for name, text in texts)]
    assert unshown == []


def test_format_names_differ():
    assert len({one.name for one in FORMATS}) == len(FORMATS)
