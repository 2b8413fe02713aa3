"""Invented pages in the true structures of their age; every field that a page's JSON names is one test."""

import json
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest

from crawler.extraction import NoArticle, PageInput
from crawler.extraction.article import extract

PAGES = Path(__file__).with_name("pages")


@cache
def _expectation(name):
    return json.loads((PAGES / f"{name}.json").read_text(encoding="utf-8"))


@cache
def _article(name):
    stated = _expectation(name)
    article = extract(
        PageInput(
            url=stated["url"],
            content=(PAGES / f"{name}.html").read_bytes(),
            content_type=stated["content_type"],
            captured_at=datetime.fromisoformat(stated["captured_at"]),
        )
    )
    assert not isinstance(article, NoArticle), article
    return article


def _found(name, field):
    value = getattr(_article(name), field)
    if field == "body":
        return value.split("\n\n")
    if field.endswith("_at"):
        return value and [value.value.isoformat(), value.precision]
    return value


NAMES = sorted(path.stem for path in PAGES.glob("*.html"))
FIELDS = [(name, field) for name in NAMES for field in _expectation(name)["expected"]]


@pytest.mark.parametrize(("name", "field"), FIELDS)
def test_field(name, field):
    assert _found(name, field) == _expectation(name)["expected"][field], _article(name).evidence


@pytest.mark.parametrize("name", NAMES)
def test_every_found_field_has_its_evidence(name):
    article = _article(name)
    fields = (
        "headline",
        "body",
        "byline",
        "language",
        "site_name",
        "declared_url",
        "lead_image_url",
        "agency",
        "dateline",
    )
    found = {field for field in (*fields, "published_at", "modified_at") if getattr(article, field)}
    assert found <= set(article.evidence)
    assert all(article.evidence.values())
