"""``dateline backfill``, and what ``why`` and ``status`` tell of it."""

import http.server
import json
import threading
import uuid
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crawler.configuration import load
from crawler.dedup import decide
from crawler.library import open_library
from crawler.planning import backfill_rules
from crawler.urls import canonical_url
from storage.captures import CaptureWriter
from storage.types import (
    ArchiveSearch,
    BackfillRequest,
    BackfillState,
    CaptureKind,
    Coverage,
    Exchange,
    FetchAttempt,
    FetchReason,
    FetchResult,
    Memento,
    Outcome,
    SearchState,
    Selection,
    utc_now,
)

URLS = [f"http://www.merrow-post.example/2011/quay-{number}" for number in range(3)]
EVENT = "2011/05/9/thing-number-{}-happens-in-merrow"
STAMP = "20110510120000"
ARCHIVE = """
[backfill]
archives = "attic"
[archives."attic"]
kind = "cdx"
dialect = "pywb"
index_url = "http://127.0.0.1:{0}/cdx"
replay_url = "http://127.0.0.1:{0}/web/"
public_url = "http://127.0.0.1:{0}/web/"
index_interval_s = 0
replay_interval_s = 0
"""
PARAGRAPH = (
    "<p>The harbour council of Merrow voted on Monday to close quay number {}, after divers had found that its timber"
    " piles could no longer carry lorries, and thing after thing happens since then.</p>"
)


@pytest.fixture
def imported(dateline, in_news, table):
    dateline("events", "import", table(*URLS))
    return in_news


def gone(library, url):
    now = utc_now()
    attempt = FetchAttempt(
        key=uuid.uuid4().hex,
        document_id=library.store.document(canonical_url(url)).id,
        reason=FetchReason.NEW,
        outcome=Outcome.GONE,
        request_url=url,
        final_url=url,
        started_at=now,
        finished_at=now,
        status=404,
    )
    (stored,) = library.store.archive([FetchResult(attempt=attempt)], decide=decide, now=now)
    assert not stored.error
    return attempt


def test_a_dry_run_names_documents_and_archives_in_order_and_changes_nothing(dateline, imported, database_of):
    before = database_of(imported)
    said = dateline("backfill", EVENT.format(0), EVENT.format(2), "--dry-run")
    order = "local > internet-archive > arquivo.pt > common-crawl"
    assert [line.split("  ") for line in said.out.splitlines()[1:-1]] == [
        ["requested", order, URLS[0]],
        ["requested", order, URLS[2]],
    ]
    assert said.out.endswith("2 documents would be looked for\n")
    only = dateline("backfill", EVENT.format(0), "--archive", "arquivo.pt", "--dry-run", "--json").json
    assert only["plan"] == [{"reason": "requested", "archives": ["arquivo.pt"], "url": URLS[0]}]
    assert database_of(imported) == before


def test_a_dry_run_without_names_shows_the_queue(dateline, imported, database_of):
    with open_library(load(imported)) as library:
        gone(library, URLS[1])
        library.store.queue_backfills(backfill_rules(), now=utc_now())
    before = database_of(imported)
    plan = dateline("backfill", "--dry-run", "--json").json
    assert [(row["reason"], row["url"]) for row in plan["plan"]] == [("gone", URLS[1])]
    assert plan["documents"] == 1
    assert database_of(imported) == before


@pytest.mark.parametrize("words", [[], ["--archive", "local"], ["--since", "2011-05-09"]])
def test_a_dry_run_counts_what_the_run_would_queue_first(dateline, imported, database_of, words):
    with open_library(load(imported)) as library:
        gone(library, URLS[1])
        library.store.queue_backfills(backfill_rules(), now=utc_now())
        gone(library, URLS[0])
        gone(library, URLS[2])
    before = database_of(imported)
    said = dateline("backfill", *words, "--dry-run").out
    assert said.count("merrow-post") == 1
    assert said.endswith("3 documents would be looked for\n2 of them would be queued first, and are not listed here\n")
    told = dateline("backfill", *words, "--dry-run", "--json").json
    assert (told["documents"], told["not_queued_yet"], len(told["plan"])) == (3, 2, 1)
    assert database_of(imported) == before


def test_a_dry_run_counts_all_documents_that_are_named_and_each_once(dateline, imported, monkeypatch):
    monkeypatch.setattr("crawler.cli.backfill._SHOWN", 1)
    events = [EVENT.format(number) for number in (0, 1, 2, 0)]
    said = dateline("backfill", *events, "--dry-run").out
    assert said.count("merrow-post") == 1
    assert said.endswith("3 documents would be looked for; the first 1 are shown\n")


def test_naming_an_archive_asks_it_about_all_of_the_queue_that_is_missing(dateline, imported):
    now = utc_now()
    with open_library(load(imported)) as library:
        gone(library, URLS[1])
        library.store.queue_backfills(backfill_rules(), now=now)
        (task,) = library.store.lease_backfills(BackfillRequest(token="t", now=now, until=now, limit=9))
        later, missing = now + timedelta(days=180), SearchState.NEVER_ARCHIVED
        search = ArchiveSearch(
            document_id=task.document.id, archive="local", state=missing, asked_at=now, next_at=later
        )
        library.store.put_search(search)
        library.store.end_backfill(task.document.id, token="t", state=BackfillState.MISSING, next_at=later, now=now)
    assert dateline("backfill", "--dry-run", "--json").json["plan"] == []
    told = dateline("backfill", "--archive", "local", "--dry-run", "--json").json
    assert told == {
        "documents": 1,
        "not_queued_yet": 0,
        "plan": [{"reason": "gone", "archives": ["local"], "url": URLS[1]}],
    }


def test_days_narrow_it(dateline, imported):
    for words, count in (
        (["--since", "2011-05-09"], 3),
        (["--since", "2011-05-10"], 0),
        (["--until", "2011-05-09"], 3),
        (["--until", "2011-05-08"], 0),
    ):
        said = dateline("backfill", "--host", "www.merrow-post.example", "--versions", *words, "--dry-run", "--json")
        assert said.json["documents"] == count, words


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--archive", "arquivo"], "there is no archive 'arquivo'; did you mean arquivo.pt?"),
        (["--since", "2011-13-01"], "--since '2011-13-01' is no day"),
        (["--since", "2012-01-02", "--until", "2012-01-01"], "--since 2012-01-02 lies after --until 2012-01-01"),
        (["--versions"], "all versions of what?"),
        (["--host", "elsewhere.example"], "no event entry cites anything on the host 'elsewhere.example'"),
        (["2011/05/9/unheard-of"], "2011/05/9/unheard-of"),
        (["--log-level", "loud"], "there is no log level 'loud'"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_one_sentence(dateline, imported, words, said):
    assert said in dateline("backfill", *words, expect=2).err


class Attic(http.server.BaseHTTPRequestHandler):
    """A small archive: two of three pages, one of them only as a notice that it is gone."""

    def do_GET(self):
        self.server.asked.append(self.path)
        if self.path.startswith("/cdx"):
            number = next((one for one in "01" if f"quay-{one}" in self.path), "")
            row = {"timestamp": STAMP, "url": URLS[int(number)], "mime": "text/html", "status": "200"} if number else {}
            self.answer(json.dumps(row) if row else "")
        else:
            number = self.path[-1]
            text = "".join(PARAGRAPH.format(one) for one in range(8))
            head = f"<h1>Thing number {number} happens in Merrow</h1>"
            page = f"<article>{head}{text}</article>" if number == "0" else "<h1>Page not found</h1><p>It is gone.</p>"
            self.answer(f"<html><body>{page}</body></html>", memento=True)

    def answer(self, text, *, memento=False):
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8" if memento else "text/plain")
        self.send_header("Content-Length", str(len(text.encode())))
        if memento:
            self.send_header("Memento-Datetime", "Tue, 10 May 2011 12:00:00 GMT")
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *words):
        pass


@contextmanager
def serving():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Attic)
    server.asked = []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_what_an_archive_has_is_stored_and_told(dateline, imported, process):
    with serving() as attic:
        (imported / "dateline.toml").write_text(ARCHIVE.format(attic.server_port))
        command = f"$DATELINE backfill --library {imported} --allow-private --log-level WARNING"
        events = " ".join(EVENT.format(number) for number in range(3))
        said = process(f"{command} {events} --json").json
        assert said["state"] == "finished"
        assert said["documents"] == {"rescued": 1, "missing": 2}
        assert said["archives"] == {"attic": {"found": 1, "all_rejected": 1, "never_archived": 1}}
        assert said["outcomes"] == {"fetched": 1, "soft_404": 1}
        assert {path.split("?")[0].split("/")[1] for path in attic.asked} == {"cdx", "web"}  # no robots.txt
        asked = len(attic.asked)
        again = process(f"{command} {events}").out
        assert "missing" in again
        assert "rescued" not in again
        assert len(attic.asked) == asked  # its answers are kept
    said = dateline("why", URLS[0]).out
    assert "attic  fetched" in said
    assert f"2011-05-10 12:00:00Z, digest not checked: http://127.0.0.1:{attic.server_port}/web/" in said
    assert "covers" in said
    assert said.splitlines()[-1] == "  archives: rescued (requested): an archived copy was accepted"
    status = dateline("status").out
    assert ["rescued", "1"] in [line.split()[:2] for line in status.splitlines()]
    assert ["missing", "2"] in [line.split()[:2] for line in status.splitlines()]


def test_the_story_is_told_in_order_and_ends_with_where_it_stands(dateline, imported):
    with open_library(load(imported)) as library:
        live = gone(library, URLS[0])
        later = utc_now() + timedelta(hours=1)
        captured = datetime(2011, 5, 10, tzinfo=UTC)
        memento = Memento(
            archive="attic", url="http://attic.example/1", page_url=URLS[0], captured_at=captured, requested_at=captured
        )
        exchange = Exchange(
            url=memento.url, request_headers=(), status=200, headers=(), payload=b"x", fetched_at=later, memento=memento
        )
        with CaptureWriter(library.captures, token="a1b2c3d4", software="tests") as writer:
            capture = writer.append(exchange, kind=CaptureKind.MEMENTO, known={})
            writer.sync()
        search = ArchiveSearch(
            document_id=live.document_id, archive="attic", state=SearchState.ALL_REJECTED, asked_at=later, candidates=3
        )
        archived = replace(
            live,
            key=uuid.uuid4().hex,
            reason=FetchReason.BACKFILL,
            archive="attic",
            outcome=Outcome.UNRELATED,
            started_at=later,
            finished_at=later,
            coverage=Coverage(score=0.2, accepted=False, event_key="k", found=("quay",), missing=("merrow", "thing")),
        )
        result = FetchResult(attempt=archived, captures=(capture,), search=search)
        library.store.archive([result], decide=decide, now=later)
        library.store.queue_backfills(backfill_rules(), now=later)
    lines = dateline("why", URLS[0]).out.splitlines()
    told = [line for line in lines if line.startswith("20")]
    assert [line.split()[2:4] for line in told] == [["new", "gone"], ["attic", "unrelated"], ["attic", "all_rejected"]]
    assert "not taken 0.20; has quay; lacks merrow, thing (k)" in "\n".join(lines)
    assert "3 captures listed, 0 tried" in told[-1]
    assert lines[-2:] == [
        "  archives: wanted (gone): not every archive was asked yet",
        "  `dateline backfill` asks them",
    ]


def test_a_crawl_says_what_is_wanted_from_archives(imported, process):
    with open_library(load(imported)) as library:
        for url in URLS:
            gone(library, url)
        library.store.reschedule(Selection(due_only=False), next_fetch_at=None)
    said = process(f"$DATELINE crawl --library {imported} --log-level WARNING").out
    assert "3 documents are wanted from web archives: `dateline backfill`" in said
    now = utc_now()
    with open_library(load(imported)) as library:
        request = BackfillRequest(token="t", now=now, until=now, limit=9)
        states = [task.backfill.state for task in library.store.lease_backfills(request)]
    assert states == [BackfillState.WANTED] * 3
