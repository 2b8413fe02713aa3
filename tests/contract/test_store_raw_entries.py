"""The text that an entry was read from: kept, given back exactly, and added where it was not kept."""

from dataclasses import replace

import pytest

from storage.types import EntryChange

RAW = "# Ferry  runs aground\r\n\0 \udcff é \u2028\n"


@pytest.fixture
def put(store, make):
    def run(*entries, match=make.no_match, **fields):
        return [one.change for one in store.put_events(entries, match=match, now=make.NOW, **fields)]

    return run


@pytest.fixture
def raw_of(store, make):
    return lambda name="": store.event(name or make.entry().key).entry.raw


def test_raw_text_comes_back_exactly(make, put, raw_of):
    put(make.entry(raw=RAW), make.entry("other"))
    assert raw_of() == RAW
    assert raw_of(make.entry("other").key) == ""


def test_raw_text_is_not_content(store, make, put, raw_of):
    put(make.entry(raw=RAW))
    assert put(make.entry(raw="something else"), make.entry()) == [EntryChange.UNCHANGED] * 2
    assert raw_of() == RAW
    assert store.event(make.entry().key).revision == 1


def test_an_unchanged_entry_adds_the_raw_text_that_was_not_kept(store, make, put, raw_of):
    put(make.entry(), make.entry("other"))
    assert put(make.entry(raw=RAW), make.entry("third", raw="third")) == [EntryChange.UNCHANGED, EntryChange.NEW]
    assert [raw_of(), raw_of(make.entry("other").key), raw_of(make.entry("third").key)] == [RAW, "", "third"]
    assert store.event(make.entry().key).revision == 1


def test_raw_text_is_added_within_one_import_too(make, put, raw_of):
    assert put(make.entry(), make.entry(raw=RAW)) == [EntryChange.NEW, EntryChange.UNCHANGED]
    assert raw_of() == RAW


def test_a_dry_run_adds_nothing(make, put, raw_of):
    put(make.entry())
    put(make.entry(raw=RAW), dry_run=True)
    assert raw_of() == ""


def test_a_new_revision_has_its_own_raw_text(make, put, raw_of):
    put(make.entry(raw=RAW))
    put(make.entry(headline="Ferry freed", raw="# Ferry freed"))
    assert raw_of() == "# Ferry freed"
    put(make.entry(headline="Ferry sold"))
    assert raw_of() == ""


def test_raw_text_of_another_format_is_not_added(make, put, raw_of):
    entry = make.entry()
    put(entry)
    put(replace(entry, raw='{"headline": "Ferry"}', origin=replace(entry.origin, format="json lines")))
    assert raw_of() == ""
    put(replace(entry, raw=RAW, origin=replace(entry.origin, name="moved.md", line=7)))
    assert raw_of() == RAW


def test_an_alias_adds_the_raw_text_of_its_own_revision(make, put, raw_of):
    put(make.entry(), make.entry("ferry-aground", headline="Ferry aground"), match=make.same_sources)
    put(make.entry(raw="the first page"))
    assert raw_of() == ""
    put(make.entry("ferry-aground", headline="Ferry aground", raw="the second page"), match=make.same_sources)
    assert raw_of() == "the second page"


def test_many_entries_get_their_raw_text_at_once(make, put, raw_of):
    entries = [make.entry(f"e-{number}", sources=()) for number in range(700)]
    put(*entries)
    assert set(put(*(replace(one, raw=f"page {one.key}") for one in entries))) == {EntryChange.UNCHANGED}
    assert [raw_of(one.key) for one in entries[::100]] == [f"page {one.key}" for one in entries[::100]]
