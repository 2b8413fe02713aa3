"""The formats of ``dateline export``: what is written is read again by other programs, with the same values."""

from __future__ import annotations

import csv
import io
import json
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime

import jsonschema
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.events import read_entries
from crawler.events.links import Citation, source_links
from crawler.events.notes import notes_of
from crawler.exporting import FIELDS, parquet
from crawler.exporting.csv_tables import EVENT_COLUMNS, SOURCE_COLUMNS
from crawler.exporting.delimited import COLUMNS
from crawler.exporting.event_record import EVENT_FIELDS, event_record
from crawler.exporting.protocol import SelectedEvent
from crawler.exporting.record import record_of
from crawler.exporting.wcep_record import collection_of
from crawler.exporting.whole import Once
from crawler.takeout import FORMATS
from storage.types import (
    ArchiveLink,
    DatedTime,
    DatePrecision,
    Document,
    EventEntry,
    EventLink,
    EventView,
    LibraryQuery,
    LinkHow,
    Mark,
    Outcome,
    RelatedLink,
    SourceView,
    StoryArticle,
)

MOMENT = datetime(2006, 7, 6, 8, 0, 0, 5, tzinfo=UTC)
KEY = "2006/07/5/ferry-strike"
ODD_TEXTS = [
    "=1+1",
    "\ud800 lone",
    "line\u2028separator\u0085",
    "a\n\n\nb\r\nc",
    "\x00\x1b[2J",
    '"quoted", comma',
    "渡轮停航",
]
BY_NAME = {one.name: one for one in FORMATS}


class Selection:
    """What was selected, as lists."""

    query = LibraryQuery()

    def __init__(self, events=(), articles=()):
        self._events, self._articles = events, articles

    def events(self):
        return iter(self._events)

    def articles(self):
        return iter(self._articles)

    def newest(self, limit):
        return self._articles[:limit]


class Files:
    """An output that keeps the files' bytes."""

    def __init__(self):
        self.bytes, self.rows = {}, {}

    @contextmanager
    def file(self, name):
        assert name not in self.rows
        self.rows[name] = 0
        stream = io.BytesIO()
        yield stream
        self.bytes[name] = stream.getvalue()

    def count(self, name, rows=1):
        self.rows[name] += rows


def exported(name, *events, articles=()):
    files = Files()
    BY_NAME[name].write(Selection(events, articles), files)
    return files


def lines_of(files, name):
    return [json.loads(line) for line in files.bytes[name].decode("utf-8").split("\n")[:-1]]


def rows_of(files, name):
    return list(csv.DictReader(io.StringIO(files.bytes[name].decode("utf-8"), newline="")))


def table_of(files, name):
    return pyarrow.parquet.read_table(io.BytesIO(files.bytes[name])).to_pylist()


@pytest.fixture(scope="session")
def make_event(make_view):
    """An event with two sources: one has the articles that are given, the other has none and an archived copy."""

    def make(*articles, key=KEY, links=None, coverage=(), **said):
        citations = [Citation(url=f"http://post.example/{one.id}", label="Post") for one in articles]
        facts = {
            "key": key,
            "event_date": date(2006, 7, 5),
            "headline": "Ferry crews strike",
            "headline_raw": "[[Ferry]] crews strike",
            "category": "Business",
            "topics": ("Strikes",),
            "entities": ("Ferry", "Halvika"),
            "sources": source_links([*citations, Citation(url="http://radio.example/1", label="Radio")]),
            "related": (
                RelatedLink(position=1, headline="Ferry sails", target_key="2006/07/9/ferry", context=("Ferry",)),
            ),
        }
        entry = EventEntry(**(facts | said))
        documents = [
            *(replace(one.document, id=one.id, article_id=one.id, last_outcome=Outcome.FETCHED) for one in articles),
            Document(
                id=99,
                canonical_url="https://radio.example/1",
                request_url="http://radio.example/1",
                url_key="",
                host="radio.example",
                added_at=MOMENT,
                last_outcome=Outcome.GONE,
                attempts=2,
                last_attempt_at=MOMENT,
            ),
        ]
        sources = tuple(
            SourceView(link=link, document=document) for link, document in zip(entry.sources, documents, strict=False)
        )
        copies = {99: ArchiveLink(archive="old-pages", url="https://old.example/1", captured_at=MOMENT, verified=True)}
        counting = [EventLink(event_key=key, article_id=one.id) for one in articles] if links is None else links
        view = EventView(
            entry=entry,
            aliases=("2006/07/5/ferries",),
            revision=2,
            imported_at=MOMENT,
            revised_at=MOMENT,
            sources=sources,
            related=(),
            links=tuple(counting),
            coverage=tuple(coverage),
        )
        return SelectedEvent(view=view, articles=tuple(articles), notes=notes_of(sources, copies))

    return make


# -- all of them -------------------------------------------------------------------------------------------------


def test_names_and_files_of_formats_are_unique():
    names = [name for one in FORMATS for name in one.files]
    assert len(set(BY_NAME)) == len(FORMATS)
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("name", ["events", "wcep", "articles", "parquet", "csv", "md"])
def test_the_same_selection_gives_the_same_bytes(name, make_event, make_view):
    view = make_view()
    first, again = (exported(name, make_event(view), articles=[view]) for _ in range(2))
    assert first.bytes == again.bytes
    assert set(BY_NAME[name].files) <= set(first.bytes)
    assert sum(first.rows.values()) > 0


@pytest.mark.parametrize("name", ["events", "wcep", "articles", "parquet", "csv", "md"])
def test_nothing_selected_is_files_without_records(name):
    files = exported(name)
    assert set(files.bytes) == set(BY_NAME[name].files)
    assert not any(files.rows.values())


@pytest.mark.parametrize("name", ["parquet", "csv"])
def test_tables_have_every_event_and_every_article_once(name, make_event, make_view):
    shared, alone = make_view(), replace(make_view(), id=70_000)
    files = exported(name, make_event(shared), make_event(shared, key="2006/07/6/again"), articles=[shared, alone])
    events, *_, articles = BY_NAME[name].files
    assert (files.rows[events], files.rows[articles]) == (2, 2)


@settings(max_examples=200)
@given(st.lists(st.integers(0, 5000)))
def test_numbers_are_told_once_each(numbers):
    once = Once()
    assert [number for number in numbers if once.first(number)] == list(dict.fromkeys(numbers))


# -- JSON lines --------------------------------------------------------------------------------------------------


def test_a_line_of_events_has_the_event_its_sources_and_its_articles(make_event, make_view):
    view = make_view()
    (line,) = lines_of(exported("events", make_event(view)), "events.jsonl")
    assert tuple(line) == EVENT_FIELDS
    assert (line["event_id"], line["date"], line["revision"]) == (KEY, "2006-07-05", 2)
    assert line["articles"] == [json.loads(json.dumps(record_of(view)))]
    cited, gone = line["sources"]
    assert (cited["article_id"], cited["outcome"], cited["host"]) == (view.id, "fetched", "")
    assert (gone["article_id"], gone["outcome"], gone["status"], gone["attempts"]) == (None, "gone", "dead", 2)
    assert (gone["archive_url"], gone["last_attempt_at"]) == ("https://old.example/1", "2006-07-06T08:00:00.000005Z")


def test_a_line_of_events_can_be_imported_again(make_event, make_view):
    event = make_event(make_view())
    files = exported("events", event)
    (entry,) = read_entries("events.jsonl", files.bytes["events.jsonl"])
    assert entry.content_digest() == event.view.entry.content_digest()
    assert entry.key == KEY


def test_a_mark_is_told(make_event, make_view):
    mark = Mark(id=1, document_id=5, article_id=12, marked_by="ada", marked_at=MOMENT, because="a list of links")
    (line,) = lines_of(exported("articles", articles=[replace(make_view(), mark=mark)]), "articles.jsonl")
    assert line["mark"] == {"by": "ada", "at": "2006-07-06T08:00:00.000005Z", "because": "a list of links"}


def test_wcep_lines_have_the_fields_of_that_data_set(make_event, make_view, make_article):
    view = make_view(make_article(body="First.\n\n## Heading\n\n- Item\n\n> Said"))
    links = [EventLink(event_key=KEY, article_id=view.id, how=LinkHow.CONTENT)]
    (line,) = lines_of(exported("wcep", make_event(view, links=links)), "wcep.jsonl")
    assert {**line, "articles": [], "collection": ""} == {
        "id": KEY,
        "date": "2006-07-05",
        "summary": "Ferry crews strike",
        "articles": [],
        "collection": "",
        "wiki_links": ["Ferry", "Halvika"],
        "reference_urls": ["http://post.example/12", "http://radio.example/1"],
        "category": "Business",
    }
    (article,) = line["articles"]
    assert article["text"] == "First.\n\nHeading\n\nItem\n\nSaid"
    assert (article["url"], article["origin"], article["archive_url"]) == ("http://post.example/12", "content", None)
    assert (article["time"], article["story"]) == ("2006-07-05T14:30:00Z", 3)


def test_wcep_leaves_out_events_without_articles(make_event):
    assert lines_of(exported("wcep", make_event()), "wcep.jsonl") == []


def test_wcep_leaves_out_the_article_of_a_document_that_is_another_one(make_event, make_view):
    first, second = make_view(), replace(make_view(), id=13)
    story = {
        "host": "",
        "site_name": "",
        "agency": "",
        "headline": "",
        "reported_at": MOMENT,
        "length": 1,
        "cluster_id": 1,
    }
    coverage = [StoryArticle(article_id=12, **story), StoryArticle(article_id=13, same_as=12, **story)]
    (line,) = lines_of(exported("wcep", make_event(first, second, coverage=coverage)), "wcep.jsonl")
    assert [article["id"] for article in line["articles"]] == [12]


def test_about_four_fifths_of_the_events_are_for_training():
    parts = [collection_of(f"2006/07/5/event-{number}") for number in range(2000)]
    assert 1500 < parts.count("train") < 1700
    assert 140 < parts.count("val") < 260
    assert collection_of(KEY) == collection_of(KEY)


@pytest.mark.parametrize("name", ["events", "wcep", "articles"])
def test_every_line_keeps_the_schema(name, make_event, make_view):
    view = make_view()
    files = exported(name, make_event(view), articles=[view])
    schema = BY_NAME[name].schema
    jsonschema.Draft202012Validator.check_schema(schema)
    (line,) = lines_of(files, BY_NAME[name].files[0])
    jsonschema.validate(line, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(line | {"more": 1}, schema)


# -- tables ------------------------------------------------------------------------------------------------------


def test_csv_tables_join_by_keys_and_numbers(make_event, make_view):
    files = exported("csv", make_event(make_view()))
    (event,) = rows_of(files, "events.csv")
    assert tuple(event) == EVENT_COLUMNS
    assert (event["sources"], event["articles"], event["topics"]) == ("2", "12", '["Strikes"]')
    cited, gone = rows_of(files, "sources.csv")
    assert tuple(cited) == SOURCE_COLUMNS
    assert (cited["event_id"], cited["article_id"], gone["archive_verified"]) == (KEY, "12", "true")
    (article,) = rows_of(files, "articles.csv")
    assert tuple(article) == COLUMNS


def test_parquet_has_typed_columns(make_event, make_view):
    view = make_view()
    files = exported("parquet", make_event(view))
    (event,), (article,) = table_of(files, "events.parquet"), table_of(files, "articles.parquet")
    assert (tuple(event), tuple(article)) == (EVENT_FIELDS, FIELDS)
    assert (event["date"], event["imported_at"], event["articles"]) == (date(2006, 7, 5), MOMENT, [12])
    assert event["sources"][1]["archive_date"] == date(2006, 7, 6)
    assert event["sources"][1]["last_attempt_at"] == MOMENT
    assert article["published_at"] == datetime(2006, 7, 5, 14, 30, tzinfo=UTC)
    assert json.loads(article["evidence"]) == {"byline": "json-ld author", "headline": "og:title"}
    assert article["event_links"][1]["event_key"] == KEY


def test_a_row_group_is_written_as_soon_as_it_is_full(monkeypatch, make_view):
    monkeypatch.setattr(parquet, "_ROWS", 2)
    views = [replace(make_view(), id=number) for number in range(1, 6)]
    files = exported("parquet", articles=views)
    read = pyarrow.parquet.ParquetFile(io.BytesIO(files.bytes["articles.parquet"]))
    assert [read.metadata.row_group(one).num_rows for one in range(read.num_row_groups)] == [2, 2, 1]


def test_parquet_says_what_is_missing(monkeypatch):
    monkeypatch.setattr(parquet, "find_spec", lambda _: None)
    assert (
        BY_NAME["parquet"].unavailable
        == "parquet needs pyarrow, which is not installed here: pip install 'dateline[parquet]'"
    )


def test_pages_are_the_entry_and_saved_articles(make_event, make_view):
    files = exported("md", make_event(make_view()))
    assert set(files.bytes) == {f"news/{KEY}.md", "articles/0000012.md"}
    (entry,) = read_entries(f"news/{KEY}.md", files.bytes[f"news/{KEY}.md"])
    assert entry.key == KEY
    (saved,) = read_entries("articles/0000012.md", files.bytes["articles/0000012.md"])
    assert saved.headline == "Ferry Stays in Port as Crew Falls Ill"


# -- any text ----------------------------------------------------------------------------------------------------


def without_surrogates(value):
    return json.loads(
        "".join("\ufffd" if "\ud800" <= sign <= "\udfff" else sign for sign in json.dumps(value, ensure_ascii=False))
    )


ANY_TEXT = st.text(st.characters(exclude_categories=[]), max_size=30) | st.sampled_from(ODD_TEXTS)


@pytest.fixture(scope="session")
def odd(make_event, make_view, make_article):
    """An event and an article whose texts are all the same."""

    def make(text):
        article = make_article(
            headline=text, body=text, byline=text, agency=text, evidence={text: text}, keywords=(text,)
        )
        view = make_view(article)
        return make_event(view, headline=text, headline_raw=text, description=text, category=text, topics=(text,)), view

    return make


@settings(max_examples=40)
@given(text=ANY_TEXT)
def test_json_lines_of_any_text_say_the_same_again(odd, text):
    event, view = odd(text)
    (line,) = lines_of(exported("events", event), "events.jsonl")
    assert line == json.loads(json.dumps(event_record(event)))
    (line,) = lines_of(exported("articles", articles=[view]), "articles.jsonl")
    assert line["body"] == text


@settings(max_examples=40)
@given(text=ANY_TEXT)
def test_csv_of_any_text_says_the_same_again_behind_its_guard(odd, text):
    event, _ = odd(text)
    files = exported("csv", event)
    (row,), (article,) = rows_of(files, "events.csv"), rows_of(files, "articles.csv")
    wanted = without_surrogates(text)
    for cell in (row["headline"], row["description"], article["body"]):
        assert cell in (wanted, f"'{wanted}")
    assert json.loads(row["topics"]) == [wanted]


@settings(max_examples=40)
@given(text=ANY_TEXT)
def test_parquet_of_any_text_says_the_same_again(odd, text):
    event, _ = odd(text)
    files = exported("parquet", event)
    (row,), (article,) = table_of(files, "events.parquet"), table_of(files, "articles.parquet")
    wanted = without_surrogates(text)
    assert (row["headline"], row["topics"], article["body"], article["keywords"]) == (
        wanted,
        [wanted],
        wanted,
        [wanted],
    )
    assert json.loads(article["evidence"]) == {wanted: wanted}


@settings(max_examples=40)
@given(text=ANY_TEXT)
def test_pages_of_any_text_are_files_in_utf_8(odd, text):
    event, _ = odd(text)
    for content in exported("md", event).bytes.values():
        assert content.decode("utf-8")


@given(moment=st.datetimes(timezones=st.just(UTC)))
def test_every_time_is_the_same_in_json_and_parquet(make_view, make_article, moment):
    published = DatedTime(value=moment, precision=DatePrecision.SECOND, evidence="time")
    view = make_view(make_article(published_at=published))
    (line,) = lines_of(exported("articles", articles=[view]), "articles.jsonl")
    (row,) = table_of(exported("parquet", articles=[view]), "articles.parquet")
    assert datetime.fromisoformat(line["published_at"]) == row["published_at"] == moment
    jsonschema.validate(line["published_at"], BY_NAME["articles"].schema["properties"]["published_at"])
