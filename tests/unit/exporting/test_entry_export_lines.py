"""JSON lines of event entries, and what is known about a source."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.events import read_entries
from crawler.events.links import Citation, source_links
from crawler.events.notes import SourceNote, UrlStatus, note_of, notes_of, status_of, url_status
from crawler.events.writing import item_of, line_of, page_of
from storage.types import ArchiveLink, Document, EventEntry, Outcome, RelatedLink, SourceView

URL = "http://courier.example/2"
MOMENT = datetime(2006, 7, 9, 23, 59, tzinfo=UTC)
COPY = ArchiveLink(archive="archive.example", url="https://archive.example/1", captured_at=MOMENT, verified=True)


def document(outcome=None):
    return Document(
        id=1, canonical_url=URL, request_url=URL, url_key="", host="", added_at=MOMENT, last_outcome=outcome
    )


def entry_of(**said):
    facts = {
        "key": "2006/07/5/tankers-wait",
        "event_date": date(2006, 7, 5),
        "headline": "Tankers wait",
        "headline_raw": f" [[Tanker]]s wait [{URL} (Courier)] ",
        "sources": source_links([Citation(url="http://radio.example/", label="Radio"), Citation(url=URL, label="C")]),
    }
    return EventEntry(**(facts | said))


def read(line):
    (entry,) = read_entries("events.jsonl", line.encode())
    return entry


def test_line_is_kept_exactly():
    line = '  {"date": "2006-07-05", "headline": "A"} '
    entries = read_entries("x.jsonl", f"{line}\r\n\r\n{line.replace('A', 'B')}".encode())
    assert [entry.raw for entry in entries] == [line, line.replace("A", "B")]


def test_rows_of_one_event_are_kept_where_nothing_stands_between_them():
    table = (
        'event_id,date,headline,url\n1,2006-07-05,"A\nb",http://a.example/1\n1,2006-07-05,"A\nb",http://a.example/2\n'
    )
    (entry,) = read_entries("x.csv", table.encode())
    assert entry.raw == table.partition("\n")[2].removesuffix("\n")


def test_rows_of_one_event_that_stand_apart_have_no_text_of_their_own():
    table = "event_id,date,headline,url\n1,2006-07-05,A,http://a.example/1\n2,2006-07-05,B,\n1,2006-07-05,A,\n"
    assert [entry.raw for entry in read_entries("x.csv", table.encode())] == ["", "2,2006-07-05,B,"]


def test_line_with_notes_says_all_that_is_known_of_each_source():
    note = SourceNote(status=UrlStatus.DEAD, archive=COPY, headline="T", outcome=Outcome.GONE, document=URL)
    radio, courier = json.loads(line_of(entry_of(), {URL: note}))["sources"]
    assert courier == {
        "label": "C",
        "url": URL,
        "status": "dead",
        "outcome": "gone",
        "archive": "archive.example",
        "archive_url": "https://archive.example/1",
        "archive_date": "2006-07-09",
        "archive_verified": True,
        "article": "T",
        "document": URL,
    }
    assert radio.keys() == courier.keys()
    assert radio["status"] == "unknown"


texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
words = texts.map(lambda text: f"A{text}".strip())


@given(
    entry=st.builds(
        entry_of,
        headline=words,
        headline_raw=words,
        description=texts,
        description_raw=texts.filter(str.strip),
        topics=st.lists(words, max_size=2, unique=True).map(tuple),
        entities=st.lists(words, max_size=2, unique=True).map(tuple),
        related=st.builds(
            RelatedLink,
            position=st.just(1),
            headline=texts,
            target_key=st.just("2006/07/6/b"),
            context=st.lists(words, max_size=2).map(tuple),
        ).map(lambda link: (link,)),
    ),
    notes=st.none() | st.just({URL: SourceNote(status=UrlStatus.LIVE, archive=COPY)}),
)
def test_any_entry_comes_back_from_its_line_unchanged(entry, notes):
    line = line_of(entry, notes)
    again = read(line)
    assert line.count("\n") == 1
    assert again.key == entry.key
    assert again.content_digest() == entry.content_digest()


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_has_a_status(outcome):
    assert status_of(outcome) in UrlStatus


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        (Outcome.FETCHED, "live"),
        (Outcome.TEASER, "live"),
        (Outcome.LOGIN_WALL, "live"),
        (Outcome.GONE, "dead"),
        (Outcome.SOFT_404, "dead"),
        (Outcome.DNS, "dead"),
        (Outcome.BLOCKED, "unknown"),
        (Outcome.TIMEOUT, "unknown"),
        (Outcome.ROBOTS, "unknown"),
        (Outcome.IMPORTED, "unknown"),
        (Outcome.UNRELATED, "unfit"),
        (None, "unknown"),
    ],
)
def test_status_is_what_a_reader_meets(outcome, status):
    assert url_status(document(outcome)) == status


def test_link_that_cannot_be_requested_is_dead():
    assert url_status(None) is UrlStatus.DEAD


def test_cited_copy_is_its_own_copy_and_says_nothing_of_the_page():
    cited = "https://web.archive.org/web/20060705060708/" + URL
    (link,) = source_links([Citation(url=cited)])
    note = note_of(link, document(Outcome.GONE), replace(COPY, verified=False))
    assert (note.archive_url, note.archive_day, note.status) == (cited, "2006-07-05", "unknown")
    assert not note.adds_to(cited)


def test_cited_copy_whose_article_was_accepted_is_told_as_verified():
    cited = "https://web.archive.org/web/20060705060708/" + URL
    (link,) = source_links([Citation(url=cited)])
    accepted = replace(COPY, archive="internet-archive", url=cited, verified=True)
    assert note_of(link, document(Outcome.GONE), accepted).archive == accepted


@pytest.mark.parametrize("start", ["http://web.archive.org/web/20060705060708/", "web.archive.org/web/20060705060708/"])
def test_cited_copy_that_was_accepted_is_the_same_however_it_is_written(start):
    (link,) = source_links([Citation(url=start + URL)])
    copy = "https://web.archive.org/web/20060705060708id_/" + URL
    accepted = replace(COPY, url=copy, captured_at=datetime(2006, 7, 5, 6, 7, 8, tzinfo=UTC))
    note = note_of(link, document(Outcome.GONE), accepted)
    assert (note.archive_url, note.archive.verified) == (start + URL, True)
    assert not note.adds_to(start + URL)


def test_accepted_copy_is_told_beside_a_cited_one_that_was_not():
    cited = "https://web.archive.org/web/20060705060708/" + URL
    (link,) = source_links([Citation(url=cited)])
    note = note_of(link, document(Outcome.GONE), COPY, "Tankers Wait")
    assert (note.archive, note.status, note.headline) == (COPY, "unknown", "Tankers Wait")
    entry = entry_of(sources=(link,))
    assert json.loads(line_of(entry, {cited: note}))["sources"][0]["archive_url"] == COPY.url
    assert f"({cited}) ([archived 2006-07-09]({COPY.url}), link status unknown)\n" in page_of(entry, {cited: note})
    assert f"|url={cited} |title=Tankers Wait |archive-url={COPY.url} |archive-date=2006-07-09}}}}" in item_of(
        entry, {cited: note}
    )


def test_second_cited_copy_of_a_document_says_nothing_of_the_page_either():
    cited = "https://web.archive.org/web/20060705060708/" + URL
    (link,) = source_links([Citation(url=cited)])
    elsewhere = replace(link.identity, memento=replace(link.identity.memento, url="https://archive.example/2"))
    note = note_of(replace(link, identity=elsewhere), document(Outcome.GONE), None)
    assert (note.archive_url, note.status) == (cited, "unknown")


def test_only_present_articles_on_the_web_are_told_of():
    cited = ["http://gone.example:99999/1", "/news/x.md", "x.md", "mailto:desk@courier.example", URL]
    views = [SourceView(link=link) for link in source_links([Citation(url=url) for url in cited])]
    views += [
        SourceView(link=source_links([Citation(url="http://a.example/1", label="IMG")])[0]),
        SourceView(link=source_links([Citation(url="http://a.example/2")])[0], withdrawn_at=MOMENT),
    ]
    notes = notes_of(views, {})
    assert {url: note.status for url, note in notes.items()} == {cited[0]: "dead", URL: "dead"}


def test_day_of_a_copy_without_a_time_is_not_invented():
    note = SourceNote(archive=ArchiveLink(archive="a", url="https://a.example/1"))
    assert note.archive_day == ""
