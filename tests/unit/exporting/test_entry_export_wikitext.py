"""Items of day pages given back: links with a citation template behind them, templates with what they lacked."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import EntryFileError
from crawler.events import read_entries
from crawler.events.cite import without_ours
from crawler.events.notes import SourceNote, UrlStatus
from crawler.events.writing import annotated_item, day_page, item_of
from storage.types import ArchiveLink

HEADER = "{{Current events header|2006|07|05}}\n"
URL = "http://courier.example/2"
COPY = "https://archive.example/web/20060709101112/" + URL
ARCHIVE = ArchiveLink(archive="archive.example", url=COPY, captured_at=datetime(2006, 7, 9, tzinfo=UTC))
DEAD = SourceNote(status=UrlStatus.DEAD, archive=ARCHIVE, headline="Tankers | Wait")
ADDED = f"|archive-url={COPY} |archive-date=2006-07-09 |url-status=dead"
CITE = f"{{{{cite news |url={URL} |title=Tankers &#124; Wait |publisher=Courier {ADDED}}}}}"


def read(text):
    return read_entries("day.txt", (HEADER + text).encode())


def one(text):
    (entry,) = read(text)
    return entry


def annotated(text, note=DEAD):
    return item_of(one(text), {URL: note})


@pytest.mark.parametrize(
    "item",
    [
        "* Tankers wait. [http://a.example/ (A)]",
        "** [[Tanker]]s wait.<ref>{{cite news\n|url=http://a.example/\n|title=T}}</ref>",
        "* Tankers wait.\n[http://a.example/ (A)]",
        "* * Tankers  wait <!-- sic -->",
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_entry_keeps_its_item_exactly(item, end):
    page = f"\ufeff{HEADER};World\n* Fog lies over Merrow.\n{item}\n\n;Sport\n* Rowers win.\n".replace("\n", end)
    entries = read_entries("day.txt", page.encode())
    assert [entry.raw for entry in entries] == [
        "* Fog lies over Merrow.",
        item.replace("\n", end),
        "* Rowers win.",
    ]


def test_item_in_a_day_template_does_not_take_the_templates_end():
    items = "* Fog lies.\n<div>\n* Rain falls. [http://a.example/ A]</div>"
    page = f"{{{{Current events|year=2006|month=07|day=05|content=\n{items}}}}}"
    assert [entry.raw for entry in read_entries("x", page.encode())] == [
        "* Fog lies.",
        "* Rain falls. [http://a.example/ A]",
    ]


def test_link_keeps_its_place_and_gets_a_template_behind_it():
    item = f"* Tankers wait off [[Merrow]]. [{URL} (Courier)] Pilots refuse."
    expected = item.replace("(Courier)]", f"(Courier)]<ref>{CITE}</ref>")
    assert annotated(item) == expected


def test_link_in_a_reference_gets_the_template_without_another_reference():
    item = f"* Tankers wait.<ref>[{URL} Courier]</ref>"
    assert annotated(item) == item.replace("</ref>", f" {CITE}</ref>")


def test_template_gets_the_parameters_that_it_lacks():
    item = f"* Tankers wait.<ref>{{{{cite web|url={URL}|title=T }}}}</ref>"
    assert annotated(item) == item.replace("|title=T", f"|title=T {ADDED}")


def test_template_on_several_lines_gets_them_on_lines_of_their_own():
    item = f"* Tankers wait.<ref>{{{{cite web\n|url={URL}\n|title=T\n}}}}</ref>"
    assert annotated(item) == item.replace("|title=T", "|title=T\n" + ADDED.replace(" |", "\n|"))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("|archiveurl=http://b.example/|archivedate=1", "|archiveurl=http://b.example/|archivedate=1 |url-status=dead"),
        ("|archive-url=http://b.example/", "|archive-url=http://b.example/ |url-status=dead"),
        ("|archive-url= |url-status=live", f"|archive-url={COPY} |url-status=live |archive-date=2006-07-09"),
        ("|archive-url=http://b.example/|url-status=live", "|archive-url=http://b.example/|url-status=live"),
    ],
)
def test_what_an_editor_wrote_in_a_template_stays(written, expected):
    item = f"* Tankers wait. {{{{cite web|url={URL}|title=T%s}}}}"
    assert annotated(item % written) == item % expected


def test_nothing_is_added_where_nothing_is_known():
    item = f"* Tankers wait. [{URL} (Courier)] {{{{cite web|url={URL}x|title=T}}}}"
    assert annotated(item, SourceNote()) == item


def test_archived_copy_that_an_editor_put_behind_a_link_is_enough():
    item = f"* Tankers wait. [{URL} (Courier)] {{{{webarchive |url={COPY} |date=2006-07-09}}}}"
    assert annotated(item) == item


def test_dead_link_without_a_copy_says_so():
    assert "|publisher=Courier |url-status=dead}}" in annotated(
        f"* Tankers wait. [{URL} (Courier)]", SourceNote(status=UrlStatus.DEAD, headline="T")
    )


ITEMS = [
    f"* Tankers wait off [[Merrow]]. [{URL} (Courier)] Pilots refuse.",
    f"* Tankers wait.<ref>[{URL} Courier]</ref>",
    f"* Tankers wait.<ref>{URL}</ref>",
    f"* Tankers wait. {URL}",
    f"*:* '''[{URL} Tankers wait]'''",
    f"* Tankers wait. [{URL}|x{{}} (Courier)]",
]


@pytest.mark.parametrize("item", ITEMS)
def test_adding_twice_adds_once(item):
    once = annotated(item)
    assert item_of(one(once), {URL: DEAD}) == once


@pytest.mark.parametrize("item", ITEMS)
def test_annotated_item_is_the_same_entry_without_further_sources(item):
    assert one(annotated(item)).content_digest() == one(item).content_digest()


@pytest.mark.parametrize("item", ITEMS)
def test_taking_our_templates_out_gives_the_original(item):
    assert without_ours(annotated(item)) == item


def test_template_behind_a_link_tells_its_copy():
    copy = "https://web.archive.org/web/20060709101112/" + URL
    note = replace(DEAD, archive=replace(ARCHIVE, url=copy))
    (link,) = one(annotated(f"* Tankers wait. [{URL} (Courier)]", note)).sources
    assert (link.label, link.cited_url, link.identity.memento.url) == ("Courier", URL, copy)


def test_broken_link_that_was_understood_is_annotated_too():
    assert annotated_item("* A. [http:/a.example/1 (A)]", {"http:/a.example/1": DEAD}).startswith(
        "* A. [http:/a.example/1 (A)]<ref>{{cite news |url=http:/a.example/1 |"
    )


def test_page_of_another_format_becomes_an_item_with_templates():
    page = (
        f"### [2006-07-5](/x)\n\n# Tankers wait\n\n### Source:\n\n1. [Courier]({URL})\n2. [img](http://a.example/i)\n"
    )
    (entry,) = read_entries("news/2006/07/5/tankers-wait.md", page.encode())
    assert item_of(entry) == f"* Tankers wait [{URL} (Courier)]"
    assert item_of(entry, {URL: DEAD}) == f"* Tankers wait {CITE}"
    again = one(item_of(entry, {URL: DEAD}))
    assert (again.key, [link.cited_url for link in again.sources]) == (entry.key, [URL])


@pytest.mark.parametrize("headline", ["* a", ": b", "#1 of {{c}}", "[[d]] <e>"])
def test_headline_of_another_format_is_text_and_no_markup(headline):
    row = json.dumps({"date": "2006-07-05", "headline": headline, "headline_raw": headline, "url": URL})
    (entry,) = read_entries("x.jsonl", row.encode())
    assert [again.headline for again in read(item_of(entry))] == [headline]


DAY = """;Armed conflicts and attacks
* [[War in Merrow]]:
** [[Siege of Lorran]]
*** Shells fall on the port. [http://a.example/1 (A)]
*** Ferries stop. [http://a.example/2 (A)]
** Talks begin. [http://a.example/3 (A)]
* Rain falls.
;Sport
* Rowers win. [http://a.example/4 (A)]
"""


def test_day_page_has_the_same_events_under_the_same_headings():
    entries = read(DAY)
    again = read_entries("day.txt", day_page([(entry, item_of(entry)) for entry in entries]).encode())
    assert [entry.content_digest() for entry in again] == [entry.content_digest() for entry in entries]
    assert again[1].topics == ("War in Merrow", "Siege of Lorran")


PIECES = (
    *(URL, f"[{URL} (Courier)]", "[[Merrow|", "]]", "<ref>", "</ref>", "''", "{{cite web|url=", "|title=T", "}}"),
    *("\ue000", "* ", "\n", " ", "[", "]", "<!--", "-->", "{{webarchive|url=", "<div>", "</div>", "a", "|"),
)
wiki = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


@given(wiki)
def test_any_item_is_a_part_of_its_page_and_only_ever_grows(text):
    page = f"* Fog. {text}\n"
    try:
        entries = read(page)
    except EntryFileError:
        return
    for entry in entries:
        given_back = item_of(entry, {URL: DEAD})
        rest = iter(given_back)
        assert entry.raw
        assert entry.raw in page
        assert all(sign in rest for sign in entry.raw)


def test_a_topic_of_the_same_name_under_another_one_gets_its_header_again():
    day = "* Merrow:\n** Elections:\n*** Polls open.\n* Lorran:\n** Elections:\n*** Polls close.\n"
    entries = read(day)
    page = day_page([(entry, item_of(entry)) for entry in entries])
    assert [entry.topics for entry in entries] == [("Merrow", "Elections"), ("Lorran", "Elections")]
    assert [entry.topics for entry in read_entries("day.txt", page.encode())] == [entry.topics for entry in entries]


@pytest.mark.parametrize("tag", ["references", "table"])
def test_nothing_is_added_inside_what_is_no_running_text(tag):
    item = f"* Tankers wait. <{tag}>[{URL} (Courier)]</{tag}>"
    assert annotated_item(item, {URL: DEAD}) == item
