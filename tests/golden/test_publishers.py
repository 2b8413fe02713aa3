"""Invented pages in the true layouts of single publishers: each has its rule, and the rule finds what stands there."""

import json
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest

from crawler.extraction import NoArticle, PageInput
from crawler.extraction.article import extract
from crawler.extraction.body.markup import blocks_of
from crawler.extraction.document import parse_page
from crawler.extraction.encoding import decode
from crawler.extraction.publishers import PUBLISHERS, apply_rules

CASES = Path(__file__).with_name("publishers")
NAMES = sorted(path.name for path in CASES.iterdir() if path.is_dir())
RULES = {rule.name: rule for publisher in PUBLISHERS for rule in publisher.rules}


@cache
def _stated(name):
    return json.loads((CASES / name / "expected.json").read_text(encoding="utf-8"))


@cache
def _parsed(name):
    stated = _stated(name)
    source = decode((CASES / name / "page.html").read_bytes(), stated["content_type"]).text
    return parse_page(source, stated["url"], datetime.fromisoformat(stated["captured_at"]))


@cache
def _ruled(name):
    return apply_rules(_parsed(name))


@cache
def _article(name):
    stated = _stated(name)
    article = extract(
        PageInput(
            url=stated["url"],
            content=(CASES / name / "page.html").read_bytes(),
            content_type=stated["content_type"],
            captured_at=datetime.fromisoformat(stated["captured_at"]),
        )
    )
    assert not isinstance(article, NoArticle), article
    return article


@pytest.mark.parametrize("name", NAMES)
def test_a_page_has_its_rule_and_the_rule_keeps_its_promises(name):
    assert (_ruled(name).rule, _ruled(name).missed) == (_stated(name)["rule"], ())


@pytest.mark.parametrize("name", NAMES)
def test_the_body_is_what_was_written(name):
    rule = RULES[_stated(name)["rule"]]
    if rule.body:
        assert list(blocks_of(_ruled(name).body, _ruled(name).dropped)) == _stated(name)["expected"]["body"]


FIELDS = [
    (name, field)
    for name in NAMES
    for field in _stated(name)["expected"]
    if field not in {"body", "published_at", "modified_at"}
]


@pytest.mark.parametrize(("name", "field"), FIELDS)
def test_a_field_of_the_rule_is_what_was_written(name, field):
    rule = RULES[_stated(name)["rule"]]
    if field in {**rule.promises, **rule.sometimes}:
        found = _ruled(name).fields.get(field)
        assert (found.value if found else "") == _stated(name)["expected"][field]


ALL_FIELDS = [(name, field) for name in NAMES for field in _stated(name)["expected"]]


def _found(name, field):
    value = getattr(_article(name), field)
    if field == "body":
        return value.split("\n\n")
    return (value and [value.value.isoformat(), value.precision]) if field.endswith("_at") else value


@pytest.mark.parametrize(("name", "field"), ALL_FIELDS)
def test_the_article_has_what_was_written(name, field):
    assert _found(name, field) == _stated(name)["expected"][field], _article(name).evidence


# -- the registry ----------------------------------------------------------------------------------------------


def test_every_rule_has_a_page_and_every_page_a_rule():
    assert {_stated(name)["rule"] for name in NAMES} == set(RULES)


@pytest.mark.parametrize("name", NAMES)
def test_no_other_rule_of_the_publisher_fits_the_page(name):
    page, own = _parsed(name), _stated(name)["rule"]
    publisher = next(one for one in PUBLISHERS if any(rule.name == own for rule in one.rules))
    assert [rule.name for rule in publisher.rules if rule.fits(page.host, page.path, page.tree)] == [own]


@pytest.mark.parametrize("name", NAMES)
def test_no_rule_of_another_publisher_is_asked(name):
    page, own = _parsed(name), _stated(name)["rule"]
    publishers = [one for one in PUBLISHERS if one.publishes(page.host, page.path)]
    assert [own in {rule.name for rule in one.rules} for one in publishers] == [True]


@pytest.mark.parametrize("name", NAMES)
def test_the_page_was_captured_while_the_layout_was_in_use(name):
    stated = _stated(name)
    assert RULES[stated["rule"]].holds_on(datetime.fromisoformat(stated["captured_at"]))


PAGES = sorted(Path(__file__).with_name("pages").glob("*.html"))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_no_rule_is_asked_about_a_page_of_nobody_known(path):
    stated = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    source = decode(path.read_bytes(), stated["content_type"]).text
    ruled = apply_rules(parse_page(source, stated["url"], datetime.fromisoformat(stated["captured_at"])))
    assert (ruled.rule, ruled.missed) == ("", ())


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_no_layout_fits_a_page_of_nobody_known(path):
    stated = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    source = decode(path.read_bytes(), stated["content_type"]).text
    page = parse_page(source, stated["url"], datetime.fromisoformat(stated["captured_at"]))
    assert [rule.name for rule in RULES.values() if rule.fits(page.host, page.path, page.tree)] == []
