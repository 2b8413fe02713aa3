"""`dateline backfill --save` against a service that plays Save Page Now: what is asked for, told, and never told."""

import json
import os
import re
import signal
import sqlite3
import uuid
from urllib.parse import parse_qs

import pytest
from archive_desk import INTERNET_ARCHIVE, arrange, at, events
from archive_server import RESET, Reply, too_often
from stand_in_archive import InternetArchive

from crawler.dedup import decide
from crawler.urls import canonical_url
from storage.types import FetchAttempt, FetchReason, FetchResult, Outcome, utc_now

KEY, SECRET = "openkey0815", "sesame4711secret"
PAGES = [f"http://www.merrow-post.example/2011/quay-{number}" for number in range(3)]
COPY = "https://web.archive.org/web/20260203040506/{}"
AT_HOME = "http://10.0.0.5/2011/accounts"
SIGN = "a sign that no key has: \u00fc"


def said(status, code, message="The service says why."):
    body = {"status": "error", "status_ext": f"error:{code}", "message": message}
    return Reply(status=status, headers=(("Content-Type", "application/json"),), body=json.dumps(body).encode())


@pytest.fixture
def service():
    with InternetArchive([]) as running:
        yield running


@pytest.fixture
def prepared(desk, service):
    arrange(desk, archives={INTERNET_ARCHIVE: at(service)}, backfill={"parallel": 2})
    desk.environment |= {"DATELINE_SAVE_KEY": KEY, "DATELINE_SAVE_SECRET": SECRET}
    desk.import_urls(*PAGES)
    return desk


def tried(desk, *urls, outcome=Outcome.FETCHED):
    """As a crawl leaves them."""
    now = utc_now()
    with desk.library() as library:
        for url in urls:
            attempt = FetchAttempt(
                key=uuid.uuid4().hex,
                document_id=library.store.document(canonical_url(url)).id,
                reason=FetchReason.NEW,
                outcome=outcome,
                request_url=url,
                final_url=url,
                started_at=now,
                finished_at=now,
            )
            (stored,) = library.store.archive([FetchResult(attempt=attempt)], decide=decide, now=now)
            assert not stored.error


def submitted(service):
    """The pages that the service was asked to save, in order."""
    return [parse_qs(one.body.decode())["url"][0] for one in service.asked() if one.method == "POST"]


def saves(desk, *urls):
    with desk.library() as library:
        histories = [library.store.history(canonical_url(url)) for url in urls]
    return [tuple(str(save.state) for save in history.saves) for history in histories]


def wait_over(desk):
    """The day after."""
    connection = sqlite3.connect(desk.folder / "dateline.db")
    connection.execute("UPDATE archive_saves SET next_at = asked_at WHERE next_at IS NOT NULL")
    connection.commit()
    connection.close()


def test_pages_that_live_and_have_no_copy_are_saved_and_linked_to(prepared, service):
    tried(prepared, PAGES[0])
    tried(prepared, PAGES[1], outcome=Outcome.GONE)
    plan = prepared.run("backfill", "--save", "--dry-run", "--json").json
    assert plan == {"documents": 1, "plan": [{"url": PAGES[0], "pending": False}]}
    assert service.log == []
    done = prepared.run("backfill", "--save")
    assert submitted(service) == [PAGES[0]]
    posted = next(one for one in service.log if one.method == "POST")
    assert posted.headers["authorization"] == f"LOW {KEY}:{SECRET}"
    assert parse_qs(posted.body.decode())["if_not_archived_within"] == ["86400"]
    assert len(service.asked(where="/save/status/")) == 2
    assert COPY.format(PAGES[0]) in done.out
    story = prepared.run("why", PAGES[0]).out
    assert re.search(rf"internet-archive +asked to save: saved .*{re.escape(COPY.format(PAGES[0]))}", story)
    given_back = prepared.run("events", "export", "--format", "jsonl", "--with-archive-links").out
    assert COPY.format(PAGES[0]) in given_back
    assert COPY.format(PAGES[1]) not in given_back


def test_what_was_saved_is_not_asked_for_again(prepared, service):
    tried(prepared, *PAGES)
    report = prepared.run("backfill", "--save", events(prepared)[0], "--json").json
    assert (report["saves"], report["left"]) == ({"saved": 1}, 0)
    assert report["pages"][0]["archive_url"] == COPY.format(PAGES[0])
    prepared.run("backfill", "--save", "--until", "2016-04-08")
    assert sorted(submitted(service)) == sorted(PAGES)
    service.clear()
    assert "nothing is to be saved" in prepared.run("backfill", "--save").out
    assert service.log == []


def test_one_run_without_the_option_saves_nothing(prepared, service):
    tried(prepared, *PAGES)
    prepared.run("backfill", *events(prepared))
    assert submitted(service) == []


@pytest.mark.parametrize(
    ("code", "state", "status"),
    [("not-found", "refused", 0), ("too-many-daily-captures", "enough", 0), ("capture-location-error", "later", 1)],
)
def test_errors_of_a_job_are_told_by_name_and_kept_in_mind(prepared, service, code, state, status):
    tried(prepared, PAGES[0])
    service.fault(said(200, code), where="/save/status")
    done = prepared.run("backfill", "--save", "--json", expect=status).json
    assert done["saves"] == {state: 1}
    assert done["pages"][0]["detail"] == f"{code}: The service says: The service says why."
    assert code in prepared.run("why", PAGES[0]).out
    prepared.run("backfill", "--save")
    assert submitted(service) == [PAGES[0]]
    wait_over(prepared)
    prepared.run("backfill", "--save")
    assert submitted(service) == [PAGES[0]] * 2
    assert saves(prepared, PAGES[0]) == [("saved",)]


def test_the_same_refusal_of_three_pages_in_a_row_ends_the_run(prepared, service):
    more = [f"http://www.merrow-post.example/2012/pier-{number}" for number in range(5)]
    prepared.import_urls(*more, day="2012-04-08")
    tried(prepared, *PAGES, *more)
    service.fault(said(200, "blocked", "The site blocks the archive."), where="/save", times=9)
    done = prepared.run("backfill", "--save", expect=1)
    assert len(submitted(service)) in {3, 4}  # two workers: one may be on its way
    assert "'blocked' about 3 pages in a row" in done.err
    assert "run the same command" in done.err


def test_a_service_that_says_too_often_is_waited_for(prepared, service):
    tried(prepared, *PAGES)
    service.fault(too_often(2), where="/save")
    done = prepared.run("backfill", "--save", "--json", expect=1).json
    assert done["saves"] == {"later": 1, "saved": 2}
    refused = next(one for one in service.log if one.status == 429)
    assert min(one.at for one in service.log if one.at > refused.at) - refused.at >= 1.9
    prepared.run("backfill", "--save")
    assert saves(prepared, *PAGES) == [("saved",)] * 3
    assert len(submitted(service)) == 4


def test_a_job_of_which_nobody_can_tell_goes_on(prepared, service):
    tried(prepared, PAGES[0])
    service.fault(Reply(status=503, headers=(("Retry-After", "1"),)), where="/save/status")
    prepared.run("backfill", "--save")
    assert submitted(service) == [PAGES[0]]
    assert saves(prepared, PAGES[0]) == [("saved",)]


def test_a_request_whose_answer_is_lost_is_not_repeated_within_a_day(prepared, service):
    tried(prepared, PAGES[0])
    service.fault(RESET, where="/save")
    assert prepared.run("backfill", "--save", "--json", expect=1).json["saves"] == {"sent": 1}
    prepared.run("backfill", "--save")
    assert submitted(service) == [PAGES[0]]


@pytest.mark.parametrize("missing", [("DATELINE_SAVE_KEY",), ("DATELINE_SAVE_KEY", "DATELINE_SAVE_SECRET")])
def test_without_keys_nothing_is_asked(prepared, service, missing):
    tried(prepared, PAGES[0])
    for name in missing:
        prepared.environment[name] = ""
    done = prepared.run("backfill", "--save", expect=2)
    assert "DATELINE_SAVE_KEY and DATELINE_SAVE_SECRET" in done.err
    assert service.log == []
    assert saves(prepared, PAGES[0]) == [()]


@pytest.mark.parametrize("status", [401, 403])
def test_keys_that_are_not_accepted_are_an_error_of_the_user(prepared, service, status):
    tried(prepared, PAGES[0])
    service.fault(Reply(status=status, body=b"{}"), where="/save", times=9)
    done = prepared.run("backfill", "--save", expect=2)
    assert "DATELINE_SAVE_KEY" in done.err
    assert len(service.log) == 1
    assert SECRET not in done.out + done.err
    service.heal()
    prepared.run("backfill", "--save")
    assert saves(prepared, PAGES[0]) == [("saved",)]


def test_a_key_with_a_sign_that_no_key_has_is_refused_and_not_shown(prepared, service):
    tried(prepared, PAGES[0])
    prepared.environment["DATELINE_SAVE_SECRET"] = SIGN
    done = prepared.run("backfill", "--save", expect=2)
    assert "DATELINE_SAVE_SECRET" in done.err
    assert SIGN not in done.err
    assert service.log == []


def test_addresses_of_the_house_are_told_to_nobody(prepared, service):
    prepared.import_urls(AT_HOME, day="2011-05-09")
    tried(prepared, PAGES[0], AT_HOME)
    prepared.run("backfill", "--save", "--allow-private")
    assert submitted(service) == [PAGES[0]]


@pytest.mark.parametrize("others", [("--archive", "arquivo.pt"), ("--versions",)])
def test_options_of_the_other_direction_are_refused(prepared, service, others):
    assert "--save" in prepared.run("backfill", "--save", *others, expect=2).err
    assert service.log == []


@pytest.mark.parametrize(("where", "end"), [("/save/status", "saved"), ("/save", "sent")])
def test_killed_it_submits_nothing_twice_and_hears_of_the_job_later(prepared, service, where, end):
    tried(prepared, PAGES[0])
    with service.hold(where) as held:
        process = prepared.start("backfill", "--save")
        held.wait(process)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=60)
    prepared.run("backfill", "--save")
    assert submitted(service) == [PAGES[0]]
    assert saves(prepared, PAGES[0]) == [(end,)]
    wait_over(prepared)
    prepared.run("backfill", "--save")
    assert saves(prepared, PAGES[0]) == [("saved",)]
    assert prepared.problems() == []


def test_interrupted_in_the_middle_of_a_submission_it_remembers_the_answer(prepared, service):
    tried(prepared, PAGES[0])
    with service.hold("/save") as held:
        process = prepared.start("backfill", "--save")
        held.wait(process)
        os.kill(process.pid, signal.SIGINT)
        held.released.set()
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert saves(prepared, PAGES[0])[0][0] in {"pending", "saved"}
    prepared.run("backfill", "--save")
    assert submitted(service) == [PAGES[0]]
    assert saves(prepared, PAGES[0]) == [("saved",)]


def test_two_processes_at_once_submit_every_page_once(prepared, service):
    tried(prepared, *PAGES)
    both = [prepared.start("backfill", "--save") for _ in range(2)]
    for process in both:
        _, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
    assert sorted(submitted(service)) == sorted(PAGES)
    assert saves(prepared, *PAGES) == [("saved",)] * 3


def test_the_keys_are_in_no_file_and_no_line(prepared, service):
    tried(prepared, *PAGES)
    service.fault(said(200, "blocked"), where="/save")
    service.fault(RESET, where="/save/status")
    said_aloud = [prepared.run("backfill", "--save", "--log-level", "debug", expect=None)]
    service.fault(Reply(status=401), where="/save")
    wait_over(prepared)
    said_aloud.append(prepared.run("backfill", "--save", "--log-level", "debug", expect=None))
    said_aloud += [prepared.run("why", url, "--json") for url in PAGES]
    texts = [(done.out + done.err).encode() for done in said_aloud]
    texts += [path.read_bytes() for path in prepared.folder.rglob("*") if path.is_file()]
    assert len(texts) > 6
    assert PAGES[0].encode() in b"".join(texts)
    assert not [text for text in texts if KEY.encode() in text or SECRET.encode() in text]
    assert not list(prepared.folder.rglob("*.warc.gz"))
