"""``dateline events export``: what was imported comes back as it was, with archived links where they are asked for."""

import codecs
import json
import uuid

import pytest

from crawler.configuration import load
from crawler.dedup import decide
from crawler.library import open_library
from crawler.urls import canonical_url
from storage.types import FetchAttempt, FetchReason, FetchResult, Outcome, utc_now

URL = "http://radio.example/1"
COPY = f"https://web.archive.org/web/20060709101112/{URL}"
PAGE = f"""### [2006-07-5](/news/2006/07/5/index.md)

#  Harbour pilots refuse to work\N{SPACE}

The pilots of Lorran stay ashore.


### Source:

1. [Radio Lorran]({URL})
2. [Courier](http://courier.example/2)
"""
KEY = "2006/07/5/harbour-pilots-refuse-to-work"
ANNOTATED = PAGE.replace(f"({URL})", f"({URL}) ([archived 2006-07-09]({COPY}), link dead)").replace(
    "/2)", "/2) (link status unknown)"
)
ITEMS = f"* [[Tanker]]s wait. [{URL} (Radio)]\n* Fog lies over Merrow. [http://courier.example/3 (Courier)]\n"
DAY = "{{Current events header|2006|07|06}}\n" + ITEMS


@pytest.fixture
def entries(tmp_path):
    page = tmp_path / "entries" / "news" / f"{KEY}.md"
    page.parent.mkdir(parents=True)
    page.write_bytes(PAGE.encode())
    (tmp_path / "entries" / "2006_July_6.txt").write_text(DAY)
    return tmp_path / "entries"


@pytest.fixture
def library(dateline, in_news, entries, table):
    """Two days of entries; another entry cites the archived copy of a source that is gone."""
    dateline("events", "import", entries)
    dateline("events", "import", table(COPY, headline="Something else {} happens"))
    now = utc_now()
    with open_library(load(in_news)) as opened:
        attempt = FetchAttempt(
            key=uuid.uuid4().hex,
            document_id=opened.store.document(canonical_url(URL)).id,
            reason=FetchReason.NEW,
            outcome=Outcome.GONE,
            request_url=URL,
            final_url=URL,
            started_at=now,
            finished_at=now,
        )
        (stored,) = opened.store.archive([FetchResult(attempt=attempt)], decide=decide, now=now)
        assert not stored.error
    return in_news


def test_one_event_goes_to_standard_output_as_it_was(dateline, library):
    assert dateline("events", "export", KEY).out == PAGE


def test_page_shows_copy_date_and_status_beside_each_source(dateline, library):
    assert dateline("events", "export", KEY, "--with-archive-links").out == ANNOTATED


def test_pages_are_written_at_their_paths(dateline, library, tmp_path):
    said = dateline(
        "events", "export", "-o", tmp_path / "out", "--since", "2006-07-05", "--until", "2006-07-05", "--json"
    )
    assert said.json == {
        "events": 1,
        "files_written": 1,
        "files_unchanged": 0,
        "files_kept": [],
        "output": str(tmp_path / "out"),
    }
    assert (tmp_path / "out" / "news" / f"{KEY}.md").read_bytes() == PAGE.encode()
    assert [path.name for path in (tmp_path / "out").rglob("*") if path.is_file()] == [f"{KEY.rpartition('/')[2]}.md"]


def test_marks_and_line_ends_come_back(dateline, in_news, tmp_path):
    written = codecs.BOM_UTF8 + PAGE.replace("\n", "\r\n").encode()
    (tmp_path / "page.md").write_bytes(written)
    dateline("events", "import", tmp_path / "page.md")
    dateline("events", "export", KEY, "-o", tmp_path / "again.md")
    assert (tmp_path / "again.md").read_bytes() == written


def test_importing_the_annotated_pages_changes_nothing(dateline, library, tmp_path):
    dateline("events", "export", "-o", tmp_path / "out", "--with-archive-links", "--until", "2006-07-05")
    report = dateline("events", "import", tmp_path / "out", "--json").json
    assert (report["unchanged"], report["new"], report["changed"], report["links_added"]) == (1, 0, 0, 0)
    assert dateline("events", "export", KEY, "--with-archive-links").out == ANNOTATED


def test_annotated_page_of_another_library_is_given_on_as_it_is(dateline, in_news, tmp_path):
    (tmp_path / "page.md").write_text(ANNOTATED)
    dateline("events", "import", tmp_path / "page.md")
    assert dateline("events", "export", KEY, "--with-archive-links").out == ANNOTATED


def test_wikitext_items_get_citation_templates(dateline, library):
    said = dateline("events", "export", "2006/07/6/tankers-wait", "-f", "wikitext", "--with-archive-links")
    assert said.out == (
        f"* [[Tanker]]s wait. [{URL} (Radio)]<ref>{{{{cite news |url={URL} |title=Radio"
        f" |archive-url={COPY} |archive-date=2006-07-09 |url-status=dead}}}}</ref>\n"
    )


def test_wikitext_makes_one_page_a_day(dateline, library, tmp_path):
    dateline(
        "events", "export", "-f", "wikitext", "-o", tmp_path / "out", "--since", "2006-07-6", "--until", "2006-07-6"
    )
    (page,) = (tmp_path / "out").iterdir()
    assert (page.name, page.read_text()) == ("2006_July_6.txt", DAY)


def test_json_lines_come_back_unchanged(dateline, library, tmp_path):
    lines = dateline("events", "export", "-f", "jsonl", "--with-archive-links").lines
    assert lines[0]["event_id"] == KEY
    assert lines[0]["sources"][0]["archive_url"] == COPY
    assert lines[0]["sources"][0]["status"] == "dead"
    dateline("events", "export", "-f", "jsonl", "--with-archive-links", "-o", tmp_path / "e.jsonl")
    report = dateline("events", "import", tmp_path / "e.jsonl", "--json").json
    assert (report["unchanged"], report["new"], report["changed"]) == (len(lines), 0, 0)


def test_json_lines_in_a_folder_are_named_by_their_file(dateline, library, tmp_path):
    (tmp_path / "out").mkdir()
    words = ("events", "export", "-f", "jsonl", "-o", tmp_path / "out")
    written = tmp_path / "out" / "events.jsonl"
    assert f"1 file written to {written}" in dateline(*words).err.replace("\n", "")
    assert dateline(*words, "--json").json["output"] == str(written)
    assert written.read_text().count("\n") == 4


@pytest.mark.parametrize("home", ["", "/zh"])
def test_link_to_a_place_of_the_site_itself_is_not_called_dead(dateline, in_news, tmp_path, home):
    page = PAGE + f"\n### Related:\n\n1. [Tankers]({home}/news/tankers.md)\n2. [Fog]({home}/news/fog.md) _Context: A_\n"
    (tmp_path / "page.md").write_text(page)
    dateline("events", "import", tmp_path / "page.md")
    said = dateline("events", "export", KEY, "--with-archive-links").out
    assert said.partition("### Related")[2] == page.partition("### Related")[2]
    assert "link" in said.partition("### Related")[0]


def test_help_says_what_stays_byte_for_byte(dateline, in_news):
    said = " ".join(dateline("events", "export", "--help").out.replace("│", " ").split())
    assert "frame of a day page (its header, categories, topics) is laid out anew" in said
    assert "events.jsonl" in said


def test_file_with_another_content_is_kept(dateline, library, tmp_path):
    words = ("events", "export", "-o", tmp_path / "out", "--until", "2006-07-05")
    page = tmp_path / "out" / "news" / f"{KEY}.md"
    dateline(*words)
    assert "1 file unchanged" in dateline(*words).err
    page.write_text("mine")
    assert str(page) in dateline(*words, expect=1).err
    assert dateline(*words, "--json", expect=1).json["files_kept"] == [str(page)]
    assert page.read_text() == "mine"
    dateline(*words, "--force")
    assert page.read_text() == PAGE
    assert sorted(path.name for path in page.parent.iterdir()) == [page.name]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "--output"),
        (("2006/07/5", "2006/07/6/fog-lies-over-merrow"), "--output"),
        ((KEY, "-f", "pdf"), "md, wikitext, jsonl"),
        ((KEY, "--json"), "--output"),
        ((KEY, "--since", "yesterday"), "2006-07-05"),
        ((KEY, "--since", "2006-07-06", "--until", "2006-07-05"), "exchange"),
        (("2031/01/1/nothing",), "no event"),
        (("-o", "entries/2006_July_6.txt"), "is a file"),
        ((KEY, "-o", "entries/2006_July_6.txt/x"), "cannot be written"),
    ],
)
def test_bad_wishes_are_refused(dateline, library, entries, words, said):
    assert said in dateline("events", "export", *words, expect=2).err


def test_nothing_that_fits_is_said(dateline, library, tmp_path):
    assert "no event fits" in dateline("events", "export", "-o", tmp_path / "out", "--since", "2031-01-01").err


def test_steering_signs_of_an_entry_reach_a_pipe_untouched(dateline, in_news, tmp_path):
    (tmp_path / "e.jsonl").write_text(json.dumps({"date": "2006-07-05", "headline": "A\u001b[31m", "event_id": KEY}))
    dateline("events", "import", tmp_path / "e.jsonl")
    assert dateline("events", "export", KEY, "-f", "jsonl").lines[0]["headline_raw"] == "A\u001b[31m"
