from dataclasses import fields, replace
from datetime import date

import pytest

from storage.types import DocumentIdentity, EntryOrigin, EventEntry, LinkKind, RelatedLink, SourceLink

LINK = SourceLink(position=1, label="Daily", cited_url="http://daily.example/1")
RELATED = RelatedLink(position=1, headline="Two ports", target_key="2006/07/6/two-ports", context=("Varnia",))
ENTRY = EventEntry(
    key="2006/07/5/ports",
    event_date=date(2006, 7, 5),
    headline="Ports",
    headline_raw=" Ports ",
    sources=(LINK,),
    related=(RELATED,),
)
OTHER = {
    "key": "2006/07/5/other",
    "event_date": date(2006, 7, 6),
    "headline": "Port",
    "headline_raw": "Ports",
    "description": "x",
    "description_raw": "x",
    "language": "zh",
    "category": "x",
    "topics": ("x",),
    "entities": ("x",),
}


def test_every_field_is_looked_at():
    assert {one.name for one in fields(EventEntry)} == {*OTHER, "sources", "related", "origin", "raw"}


@pytest.mark.parametrize("name", OTHER)
def test_an_edit_of_any_field_changes_the_digest(name):
    assert replace(ENTRY, **{name: OTHER[name]}).content_digest() != ENTRY.content_digest()


@pytest.mark.parametrize(
    "edit", [{"position": 2}, {"label": "x"}, {"cited_url": "http://daily.example/2"}, {"kind": LinkKind.IMAGE}]
)
def test_an_edit_of_a_source_link_changes_the_digest(edit):
    assert replace(ENTRY, sources=(replace(LINK, **edit),)).content_digest() != ENTRY.content_digest()


@pytest.mark.parametrize("edit", [{"position": 2}, {"headline": "x"}, {"target_key": "x"}, {"context": ()}])
def test_an_edit_of_a_related_link_changes_the_digest(edit):
    assert replace(ENTRY, related=(replace(RELATED, **edit),)).content_digest() != ENTRY.content_digest()


def test_what_we_derive_and_where_it_was_read_are_no_edits():
    identity = DocumentIdentity(canonical_url="https://x", request_url="http://x", url_key="x", host="x")
    moved = replace(ENTRY, origin=EntryOrigin(name="b.md", line=9, format="csv"))
    rewritten = replace(ENTRY, raw="x")
    derived = replace(ENTRY, sources=(replace(LINK, identity=identity, problem="x"),))
    assert {one.content_digest() for one in (moved, rewritten, derived)} == {ENTRY.content_digest()}
