"""What the command line says of the next days, and the dates that it gives."""

import uuid
from datetime import UTC, datetime, time, timedelta

import pytest

from crawler.configuration import load
from crawler.library import open_library
from storage.types import (
    Article,
    Capture,
    CaptureKind,
    DatedTime,
    DatePrecision,
    FetchAttempt,
    FetchReason,
    FetchResult,
    HostState,
    Outcome,
    RecordLocation,
    Selection,
    Verdict,
    VerdictKind,
    utc_now,
)

BIG, SMALL, PAUSED = "www.big.example", "www.small.example", "www.closed.example"


@pytest.fixture
def settings(in_news):
    """Writes the library's settings."""
    return (in_news / "dateline.toml").write_text


@pytest.fixture
def library(in_news):
    def opened():
        return open_library(load(in_news))

    return opened


@pytest.fixture
def due(dateline, in_news, table):
    """Seven documents on one host, two on another, one on a host that is paused; all due."""
    urls = [f"http://{BIG}/{number}" for number in range(7)]
    urls += [f"http://{SMALL}/1", f"http://{SMALL}/2", f"http://{PAUSED}/1"]
    dateline("events", "import", table(*urls))
    dateline("hosts", "pause", PAUSED, "--reason", "they wrote to us")


@pytest.fixture
def attempt(library):
    """Stores attempts, each so long ago; pages that live are articles of that age."""

    def store(*urls, outcome=Outcome.FETCHED, ago=timedelta(days=1), age=timedelta(days=400), next_fetch_at=None):
        moment = utc_now() - ago
        with library() as opened:
            results = [
                _result(opened.store.document(url), outcome, moment, moment - age, next_fetch_at) for url in urls
            ]
            stored = opened.store.archive(results, decide=lambda *_: Verdict(kind=VerdictKind.NEW), now=moment)
            assert not any(one.error for one in stored)

    return store


def _result(document, outcome, moment, published, next_fetch_at):
    lives = outcome is Outcome.FETCHED
    dated = DatedTime(value=published, precision=DatePrecision.MINUTE, evidence="meta", raw="")
    key = uuid.uuid4().hex
    page = Capture(
        kind=CaptureKind.LIVE,
        url=document.request_url,
        captured_at=moment,
        fetched_at=moment,
        status=200,
        headers=(),
        media_type="text/html",
        payload_digest=f"sha256:{key}",
        payload_length=9,
        location=RecordLocation(file=f"{key}.warc.gz", offset=0, length=9, record_id=f"urn:uuid:{key}"),
    )
    return FetchResult(
        attempt=FetchAttempt(
            key=key,
            document_id=document.id,
            reason=FetchReason.NEW,
            outcome=outcome,
            request_url=document.request_url,
            final_url=document.request_url,
            started_at=moment,
            finished_at=moment,
            status=200 if lives else 404,
            next_fetch_at=next_fetch_at,
        ),
        captures=(page,) if lives else (),
        article=Article(headline="Ferry", body="Text.", published_at=dated, text_digest=key) if lives else None,
    )


@pytest.fixture
def urls(library, due):
    """Canonical URLs of each host."""
    with library() as opened:
        every = list(opened.store.due(Selection(due_only=False), now=utc_now()))
    return {host: [one.canonical_url for one in every if one.host == host] for host in (BIG, SMALL, PAUSED)}


# -- the next days ---------------------------------------------------------------------------------------------


def test_an_empty_library_plans_nothing(dateline, in_news):
    said = dateline("plan").out.splitlines()
    assert len(said) == 2
    assert said[0].endswith("(the rest of today, UTC): nothing")
    assert said[1].endswith(": nothing")


def test_the_plan_names_days_reasons_hosts_and_who_is_not_asked(dateline, settings, due):
    settings("[crawl]\nper_day = 3\n")
    said = dateline("plan", "--days", "3").out
    assert "5 documents of 2 hosts: 5 new; at least 6 s; 4 wait for a later day" in said
    assert "3 of 7, the rest on later days (its budget of the day)" in said
    assert f"{PAUSED}: paused: they wrote to us; 1 document of it would be due" in said
    assert "1 document of 1 host: 1 new; at least 2 s" in said  # the third day


def test_the_json_of_a_plan_has_every_host(dateline, settings, due):
    settings(f'[hosts."{BIG}"]\nper_day = 5\n')
    made = dateline("plan", "--json").json
    today, tomorrow = made["days"]
    assert today["day"] == utc_now().date().isoformat()
    assert (today["documents"], today["deferred"], tomorrow["documents"]) == (7, 2, 2)
    assert today["reasons"] == {"new": 7, "retry": 0, "refresh": 0}
    assert today["hosts"][0] == {
        "host": BIG,
        "documents": 5,
        "reasons": {"new": 5, "retry": 0, "refresh": 0},
        "wanted": 7,
        "bound": "budget",
        "at_least_s": 10.0,
    }
    assert made["left_out"] == [{"host": PAUSED, "documents": 1, "why": "paused: they wrote to us", "until": None}]


def test_a_plan_of_one_host_and_of_few_lines(dateline, due):
    assert SMALL not in dateline("plan", "--host", BIG).out
    assert "and 1 more host with 2 documents: --top shows more" in dateline("plan", "--top", "1").out
    assert "no-such" in dateline("plan", "--host", "no-such.example", expect=2).err


def test_what_was_asked_for_today_and_rests_count(dateline, settings, library, urls, attempt):
    settings("[crawl]\nper_day = 3\n")
    attempt(*urls[BIG][:2], outcome=Outcome.TIMEOUT, ago=timedelta(0), next_fetch_at=utc_now())
    midnight = datetime.combine(utc_now().date() + timedelta(days=1), time(), tzinfo=UTC)
    with library() as opened:
        rest = HostState(name=SMALL, not_before=midnight + timedelta(hours=1), rest_reason="429, Retry-After")
        opened.store.put_host_states([rest])
    today, tomorrow = dateline("plan", "--json").json["days"]
    assert [(host["host"], host["documents"]) for host in today["hosts"]] == [(BIG, 1)]
    assert {host["host"]: host["documents"] for host in tomorrow["hosts"]} == {BIG: 3, SMALL: 2}


@pytest.mark.parametrize(
    "words",
    [
        ("--book", "--host", BIG),
        ("--url", f"http://{BIG}/1", "--host", BIG),
        ("--dry-run",),
        ("--dead",),
        ("--days", "0"),
    ],
)
def test_options_that_mean_nothing_together_are_refused(dateline, in_news, words):
    dateline("plan", *words, expect=2)


# -- one document ----------------------------------------------------------------------------------------------


def test_a_document_that_was_never_asked_for(dateline, urls):
    said = dateline("plan", "--url", f"http://{BIG}/1").out
    assert "it was never asked for" in said
    assert "it is due at" in said


def test_a_page_that_lives_is_explained_with_the_figures(dateline, urls, attempt, library):
    url = urls[BIG][1]
    attempt(url, ago=timedelta(days=9), age=timedelta(days=10))
    attempt(url, ago=timedelta(days=1), age=timedelta(days=18), next_fetch_at=utc_now() + timedelta(days=3))
    said = dateline("plan", "--url", url).out
    assert "0 of 1 check found it changed" in said
    assert "18 days had passed since it was published" in said
    assert "a wait is 0.2 of that, times" in said
    made = dateline("plan", "--url", url, "--json").json
    assert made["rule"]["since"] == "published"
    assert made["rule"]["age_s"] == pytest.approx(18 * 86400, abs=5)
    assert made["rule"]["factor"] > 1
    assert len(made["attempts"]) == 2


def test_a_document_that_is_gone_is_explained_by_the_table(dateline, urls, attempt, settings):
    url = urls[BIG][1]
    for _ in range(3):
        attempt(url, outcome=Outcome.GONE, next_fetch_at=utc_now() + timedelta(days=360))
    said = dateline("plan", "--url", url).out
    assert "its latest outcome is gone, 3 in a row without success: pages do come back after a relaunch" in said
    assert "waits after it: 30 days, 180 days" in said
    assert "then each twice the last, at most 2 years (recrawl.dead_days)" in said
    settings("[recrawl]\nenabled = false\n")
    assert "then none: recrawl.enabled is off" in dateline("plan", "--url", url).out


def test_a_page_without_a_date_says_how_it_gets_one(dateline, urls, attempt, settings):
    url = urls[BIG][1]
    attempt(url)
    assert "`dateline plan --book` gives it its date" in dateline("plan", "--url", url).out
    settings("[recrawl]\nenabled = false\n")
    assert "nothing that was fetched is asked for again: recrawl.enabled is off" in dateline("plan", "--url", url).out


# -- dates for what has none -----------------------------------------------------------------------------------


@pytest.fixture
def undated(urls, attempt):
    """Five pages that live and two that are gone, none with a date; of two documents nobody asked for any."""
    attempt(*urls[BIG][:5])
    for _ in range(3):
        attempt(*urls[SMALL], outcome=Outcome.GONE)
    return urls


def dates(library):
    with library() as opened:
        every = opened.store.due(Selection(due_only=False), now=utc_now())
        return {one.canonical_url: one.next_fetch_at for one in every}


def test_booking_gives_pages_that_live_their_dates_once(dateline, undated, library, database_of):
    before = dates(library)
    would = dateline("plan", "--book", "--dry-run").out
    assert would.startswith("5 documents of pages that live would get dates, on 1 host\n")
    assert dates(library) == before
    assert dateline("plan", "--book").out.startswith("5 documents of pages that live got dates, on 1 host\n")
    after = dates(library)
    fresh = [after[url] for url in undated[BIG][:5]]
    # 80 days after a day ago, times a factor that the host has not earned yet, moved by a tenth
    assert all(timedelta(days=71) <= moment - utc_now() <= timedelta(days=87) for moment in fresh)
    assert [after[url] for url in undated[SMALL]] == [None, None]
    assert after[undated[BIG][6]] == before[undated[BIG][6]]
    assert dateline("plan", "--book").out == "every page that was fetched and lives has its date\n"
    assert dates(library) == after


def test_booking_is_a_run_and_can_take_what_is_gone(dateline, undated, library):
    made = dateline("plan", "--book", "--dead", "--json").json
    assert (made["living"], made["dead"], made["hosts"]) == (5, 2, 2)
    after = dates(library)
    assert all(timedelta(days=320) <= after[url] - utc_now() <= timedelta(days=400) for url in undated[SMALL])
    with library() as opened:
        (run,) = opened.store.runs(limit=1)
    assert run.command == "dateline plan --book --dead"
    assert run.counts == {"living": 5, "dead": 2}


def test_booking_keeps_to_the_budget_of_each_day(dateline, settings, urls, attempt, library):
    settings("[crawl]\nper_day = 2\n[recrawl]\nmost_days = 1\nleast_hours = 0.1\n")
    attempt(*urls[BIG], ago=timedelta(days=30))
    dateline("plan", "--book")
    days = [moment.date() for url, moment in dates(library).items() if url in urls[BIG]]
    assert max(days.count(day) for day in days) <= 2


def test_booking_is_refused_where_nothing_is_asked_for_again(dateline, settings, in_news):
    settings("[recrawl]\nenabled = false\n")
    assert "recrawl.enabled is off in dateline.toml" in dateline("plan", "--book", expect=2).err
