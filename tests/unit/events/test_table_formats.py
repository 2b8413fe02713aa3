from __future__ import annotations

import json

import pytest

from crawler.errors import EntryFileError
from crawler.events import ReadOptions, read_entries
from storage.types import LooseSource

HEAD = "event_id,date,headline,url,label\n"


def read(text, name="t.csv", **columns):
    return read_entries(name, text.encode(), ReadOptions(columns=columns))


def links(entry):
    return [(link.label, link.cited_url) for link in entry.sources]


def test_rows_with_one_id_are_one_event():
    first, second = read(
        HEAD + "1,2006-07-05,A,http://a.example/,a\n2,2006-07-5,B,,\n1,2006-07-05,A,http://b.example/,b\n"
    )
    assert (first.key, links(first)) == ("2006/07/5/a", [("a", "http://a.example/"), ("b", "http://b.example/")])
    assert (second.key, links(second), second.origin.line) == ("2006/07/5/b", [], 3)


def test_without_ids_rows_join_by_date_and_headline():
    (entry,) = read("date,headline,url\n2006-07-05,A,http://a.example/\n2006-07-05,A,http://b.example/\n")
    assert len(entry.sources) == 2


def test_two_events_with_one_headline_keep_keys_of_their_own_in_any_order():
    keys = {
        one.sources[0].cited_url: one.key
        for one in read(HEAD + "1,2006-07-05,A,http://a.example/,\n2,2006-07-05,A,http://b.example/,\n")
    }
    assert len(set(keys.values())) == 2


def test_an_id_that_is_a_key_is_kept():
    (entry,) = read(HEAD + "2006/07/5/ferry-sinks,2006-07-05,A ferry sank,http://a.example/,\n")
    assert entry.key == "2006/07/5/ferry-sinks"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_quotes_and_line_breaks_in_cells(delimiter):
    row = ["2006-07-05", f'"A{delimiter} ""B""\nC"', "http://a.example/"]
    (entry,) = read("\ufeff" + delimiter.join(["date", "headline", "url"]) + "\r\n" + delimiter.join(row) + "\r\n")
    assert entry.headline_raw == f'A{delimiter} "B"\nC'
    assert entry.origin.line == 2


def test_only_line_feeds_end_rows():
    (entry,) = read(HEAD + "1,2006-07-05,A\u2028B\u2029C,http://a.example/,\n")
    assert entry.headline == "A B C"


def test_columns_can_be_mapped():
    text = "When;What;Where\n2006-07-05;A;http://a.example/\n"
    (entry,) = read(text, date="When", headline="what", url="Where")
    assert links(entry) == [("", "http://a.example/")]


@pytest.mark.parametrize(
    ("text", "columns", "line", "words"),
    [
        ("a,b\n1,2\n", {}, 1, "no column for date and headline"),
        (HEAD, {"date": "Tag"}, 1, "no column 'Tag'"),
        (HEAD, {"colour": "date"}, 1, "no field 'colour'"),
        (HEAD + "1,5 July,A,,\n", {}, 2, "no date"),
        (HEAD + "1,2006-02-30,A,,\n", {}, 2, "no date"),
        (HEAD + "1,,A,,\n", {}, 2, "no date"),
        (HEAD + "1,2006-07-05, ,,\n", {}, 2, "no headline"),
        (HEAD + "1,2006-07-05,A,,\n1,2006-07-06,A,,\n", {}, 3, "another date"),
        (HEAD + "1,2006-07-05,A,,\n1,2006-07-05,B,,\n", {}, 3, "another headline"),
        (HEAD + "1,2006-07-05,A, with comma,,\n", {}, 2, "6 cells"),
        (HEAD + '1,2006-07-05,"A\n', {}, 2, "broken"),
    ],
)
def test_broken_tables(text, columns, line, words):
    with pytest.raises(EntryFileError) as caught:
        read(text, **columns)
    assert caught.value.line == line
    assert words in caught.value.problem


def test_one_object_per_event_or_per_url():
    lines = [
        {
            "date": "2019-01-01",
            "summary": "A",
            "category": "Sport",
            "reference_urls": ["http://a.example/", "http://b.example/"],
        },
        {"event_id": 7, "date": "2019-01-02", "headline": "B", "url": "http://a.example/", "label": "a"},
        {"event_id": 7, "date": "2019-01-02", "headline": "B", "sources": [{"url": "http://b.example/", "label": "b"}]},
        {
            "date": "2019-01-03",
            "summary": "C",
            "wiki_links": ["https://en.wikipedia.org/wiki/Zo%C3%AB_Quill#Life", "Ahle"],
        },
    ]
    first, second, third = read("\n".join(map(json.dumps, lines)), "e.jsonl")
    assert (first.category, links(first)) == ("Sport", [("", "http://a.example/"), ("", "http://b.example/")])
    assert links(second) == [("a", "http://a.example/"), ("b", "http://b.example/")]
    assert third.entities == ("Zoë Quill", "Ahle")


def test_properties_can_be_mapped():
    line = json.dumps({"tag": "2019-01-01", "titel": "A", "quellen": ["http://a.example/"]})
    (entry,) = read(line, "e.jsonl", date="tag", headline="titel", urls="quellen")
    assert links(entry) == [("", "http://a.example/")]


GOOD = '{"date": "2019-01-01", "summary": "A"}\n'


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (GOOD + '{"date": ', 2, "no JSON"),
        (GOOD + "[1]", 2, "no JSON object"),
        (GOOD + "[" * 100_000, 2, "no JSON"),
        (GOOD + '{"date": 1e999, "summary": "A"}', 2, "'date' is no text"),
        (GOOD + '{"date": "2019-01-01", "summary": "A\\u0000"}', 2, "no text"),
        (GOOD + '{"date": "2019-01-01", "summary": "A\\ud800"}', 2, "no text"),
        (GOOD + '{"date": "2019-01-01", "summary": "A", "reference_urls": 5}', 2, "no list"),
        (GOOD + '{"summary": "A"}', 2, "no date"),
    ],
)
def test_broken_lines(text, line, words):
    with pytest.raises(EntryFileError) as caught:
        read(text, "e.jsonl")
    assert caught.value.line == line
    assert words in caught.value.problem


def test_a_list_of_urls():
    found = read("# wanted\nhttp://a.example/1\n\n  https://b.example/2  \n", "urls.txt")
    assert all(isinstance(one, LooseSource) for one in found)
    assert [(one.cited_url, one.origin.line) for one in found] == [
        ("http://a.example/1", 2),
        ("https://b.example/2", 4),
    ]


@pytest.mark.parametrize("bad", ["not a url", "ftp://a.example/", "http://a.example/ and more"])
def test_a_list_with_one_bad_line_is_refused_whole(bad):
    good = "".join(f"http://a.example/{number}\n" for number in range(30))
    with pytest.raises(EntryFileError) as caught:
        read(good + bad, "urls.txt")
    assert caught.value.line == 31
