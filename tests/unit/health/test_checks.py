"""Every check of the doctor: well, worth a note, wrong; each fault is caused."""

import fcntl
import socket
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.addon import crawl_settings
from crawler.dedup import decide
from crawler.health import checks
from crawler.health.asking import Heard
from crawler.health.checks import Checkup, State, looked
from crawler.health.checks import clock as clock_check
from crawler.health.checks import disk as disk_check
from crawler.health.checks.archives import check_archives
from crawler.health.checks.captures import check_captures
from crawler.health.checks.clock import check_clock
from crawler.health.checks.database import check_database, check_migrations
from crawler.health.checks.disk import check_disk, growth
from crawler.health.checks.settings import check_configuration, check_contact, looks_reachable
from crawler.health.checks.working import check_alerts, check_runs, check_scheduler
from crawler.library import Library
from crawler.runs import lock_path
from crawler.user_agent import user_agent
from storage import open_store
from storage.captures import CaptureWriter
from storage.errors import StorageError
from storage.leading import FileLeadership
from storage.types import (
    AlertKind,
    CaptureKind,
    Exchange,
    FetchAttempt,
    FetchReason,
    FetchResult,
    HostState,
    Outcome,
    Run,
    RunState,
    utc_now,
)

OK, NOTE, WRONG = State.OK, State.NOTE, State.WRONG
MIB = 1 << 20


@pytest.fixture
def checkup(configured, store):
    def make(text="", *, library=True, offline=True, timeout_s=10, problem="", outdated=False, **overrides):
        configuration = configured(text, **overrides)
        now = utc_now()
        return Checkup(
            configuration=configuration,
            now=now,
            since=now - timedelta(days=90),
            library=Library(configuration=configuration, store=store) if library else None,
            problem=problem,
            outdated=outdated,
            offline=offline,
            timeout_s=timeout_s,
        )

    return make


def test_every_check_says_something_about_a_fresh_library(checkup):
    found = [looked(check, checkup()) for check in checks.CHECKS]
    assert [one.check for one in found] == [
        *("configuration", "contact", "database", "migrations", "disk", "captures"),
        *("archives", "clock", "scheduler", "runs", "workers", "alerts", "publisher rules"),
    ]
    assert {one.check for one in found if one.state is not OK} == {"contact", "scheduler"}
    assert all(one.summary for one in found)
    assert all(bool(one.remedy) == (one.state is not OK) for one in found)


def test_without_its_database_the_others_are_looked_at(checkup):
    found = {
        one.check: one
        for one in (
            looked(check, checkup(library=False, problem="the database cannot be used now")) for check in checks.CHECKS
        )
    }
    assert [name for name, one in found.items() if one.state is WRONG] == ["database"]
    assert "cannot be used" in found["captures"].summary
    assert found["configuration"].state is OK


def test_a_database_that_fails_meanwhile_is_a_finding(checkup):
    def check_rules(_):
        raise StorageError("the database refuses this: disk image is malformed")

    found = looked(check_rules, checkup())
    assert (found.check, found.state) == ("publisher rules", WRONG)
    assert "malformed" in found.summary


# -- settings --------------------------------------------------------------------------------------------------


def test_which_file_holds(checkup):
    found = check_configuration(checkup('[crawl]\ndelay_s = 3.0\n[hosts."a.example"]\npaused = true\n'))
    assert "dateline.toml: 2 settings differ" in found.summary  # the database is another one in these tests
    assert "1 hosts" in found.summary


@pytest.mark.parametrize(
    ("contact", "state"),
    [
        ("", NOTE),
        ("ada@harbour-post.example", OK),
        ("mailto:ada@harbour-post.example", OK),
        ("https://archive.example/bot", OK),
        ("Ada <ada@harbour-post.example>", OK),
        ("Ada", WRONG),
        ("ada@localhost", WRONG),
        ("http://bot", WRONG),
        ("http://[", WRONG),
    ],
)
def test_whether_site_owners_reach_you(checkup, contact, state):
    assert check_contact(checkup(crawl__contact=contact)).state is state
    assert looks_reachable(contact) is (state is OK)


def test_the_name_is_the_crawlers_own(configured):
    configuration = configured(crawl__contact="ada@harbour-post.example")
    assert user_agent(configuration) == crawl_settings(configuration)["USER_AGENT"]


# -- database --------------------------------------------------------------------------------------------------


def test_a_schema_of_another_time(checkup):
    problem = "the database is at revision 0005, this program needs 0006: run `dateline db upgrade`"
    outdated = checkup(library=False, problem=problem, outdated=True)
    found = check_migrations(outdated)
    assert (found.state, found.remedy) == (WRONG, "run `dateline db upgrade`")
    assert check_database(outdated).state is OK


def test_a_damaged_database(checkup, store, attempted, sqlite_url):
    attempted(*[Outcome.TIMEOUT] * 300)
    store.close()
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    content = bytearray(path.read_bytes())
    for offset in range(len(content) // 3, 2 * len(content) // 3, 4096):
        content[offset : offset + 64] = b"\xff" * 64
    path.write_bytes(content)
    found = check_database(checkup())
    assert found.state is WRONG
    assert found.details or "malformed" in found.summary
    assert "dateline restore" in found.remedy


def test_a_file_that_takes_long_is_worth_a_note(checkup, monkeypatch):
    monkeypatch.setattr("crawler.health.checks.database.LONGEST_S", -1.0)
    monkeypatch.setattr("storage.sql.checkup._STEPS", 10)
    found = check_database(checkup())
    assert (found.state, found.remedy) == (NOTE, "`dateline db check` takes its time")


# -- disk and captures -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("free", "written", "state"), [(600, 0, OK), (500, 0, WRONG), (600, 10, NOTE), (5000, 10, OK)])
def test_room_and_how_long_it_lasts(checkup, monkeypatch, free, written, state):
    monkeypatch.setattr(disk_check, "free_bytes", lambda _: free * MIB)
    monkeypatch.setattr(disk_check, "growth", lambda *_: written * MIB)
    assert check_disk(checkup()).state is state


def test_growth_is_read_from_the_names_and_sizes_of_files(tmp_path):
    now = utc_now()
    for days, size in ((10, 3000), (2, 2000), (40, 90_000)):
        begun = now - timedelta(days=days)
        (tmp_path / f"dateline-{begun:%Y%m%d%H%M%S}-abc-00000.warc.gz").write_bytes(b"x" * size)
    (tmp_path / "dateline-odd-name.warc.gz").write_bytes(b"x" * 90_000)
    assert growth(tmp_path, now) == pytest.approx(500, rel=0.01)
    assert growth(tmp_path / "nowhere", now) == 0


@pytest.fixture
def stored(store, attempted, configured):
    """Store captures; returns the file that they are in."""

    def keep(number):
        attempted(*[Outcome.NO_ARTICLE] * number)
        folder, now = configured().captures, utc_now()
        with CaptureWriter(folder, token="abcdef", software="tests") as writer:
            for index in range(number):
                url = f"https://harbour-post.example/{index}"
                exchange = Exchange(
                    url=url, request_headers=(), status=200, headers=(), payload=b"page %d" % index, fetched_at=now
                )
                capture = writer.append(exchange, kind=CaptureKind.LIVE, known={})
                writer.sync()
                attempt = FetchAttempt(
                    key=f"{index:032x}",
                    document_id=store.document(url).id,
                    reason=FetchReason.NEW,
                    outcome=Outcome.NO_ARTICLE,
                    request_url=url,
                    final_url=url,
                    started_at=now,
                    finished_at=now,
                )
                (one,) = store.archive([FetchResult(attempt=attempt, captures=(capture,))], decide=decide, now=now)
                assert not one.error
        return folder / capture.location.file

    return keep


def test_captures_that_can_be_read(checkup, stored):
    stored(3)
    found = check_captures(checkup())
    assert (found.state, found.summary) == (OK, "the latest 3 captures can be read as they were stored")


def test_a_file_that_was_cut_or_lost(checkup, stored):
    file = stored(3)
    file.write_bytes(file.read_bytes()[:-40])
    found = check_captures(checkup())
    assert found.state is WRONG
    assert found.summary == "1 of the latest 3 captures cannot be read as they were stored"
    file.unlink()
    assert len(check_captures(checkup()).details) == 3


def test_what_waits_to_be_put_in_order(checkup, configured):
    aside = configured().captures / "uncommitted"
    aside.mkdir()
    (aside / "dateline-1.warc.gz").write_bytes(b"x")
    found = check_captures(checkup())
    assert found.state is NOTE
    assert "1 files in uncommitted/" in found.summary


def test_a_folder_that_cannot_be_written(checkup, monkeypatch):
    monkeypatch.setattr("crawler.health.checks.captures.os.access", lambda *_: False)
    found = check_captures(checkup())
    assert found.state is WRONG
    assert "cannot be written" in found.summary


# -- archives and clock ----------------------------------------------------------------------------------------

OURS = """[backfill]
archives = "ours"
[archives."ours"]
index_url = "{url}"
replay_url = "{url}/"
"""


@pytest.fixture
def ours(checkup, answering):
    """A look at a library whose one archive is a server of ours."""

    def make(status=200, *, date=None, **how):
        url, seen = answering(status, date=date)
        return checkup(OURS.format(url=url), offline=False, crawl__allow_private=True, **how), seen

    return make


@pytest.mark.parametrize(("status", "state"), [(200, OK), (400, OK), (404, OK), (302, OK), (429, NOTE), (503, NOTE)])
def test_whether_archives_answer(ours, status, state):
    look, seen = ours(status)
    found = check_archives(look)
    assert found.state is state, found
    assert len(seen) == 1
    assert "dateline/" in seen[0]["User-Agent"]


def test_nobody_is_asked_offline(ours):
    look, seen = ours()
    object.__setattr__(look, "offline", True)
    assert check_archives(look).state is OK
    assert seen == []


def test_an_archive_that_is_away_is_no_fault_of_ours(checkup):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    found = check_archives(checkup(OURS.format(url=url), offline=False, crawl__allow_private=True))
    assert (found.state, found.details) == (NOTE, ("ours: could not be asked: Connection refused",))
    found = check_archives(checkup(OURS.format(url=url), offline=False))
    assert found.state is NOTE
    assert "loopback" in found.details[0]


def test_an_archive_that_rests_is_left_alone(ours, store):
    look, seen = ours()
    host = next(place.index_url for place in look.configuration.archives if place.name == "ours").split("/")[2]
    rest = utc_now() + timedelta(hours=1)
    store.put_host_states([HostState(name=host, not_before=rest, rest_reason="429, cool-down 3600 s")])
    found = check_archives(look)
    assert (found.state, seen) == (NOTE, [])
    assert "it rests until" in found.details[0]


def heard(off):
    return {"https://web.archive.org/cdx/search/cdx": Heard(url="", status=200, off=off)}


@pytest.mark.parametrize(("off", "state"), [(0, OK), (-20, OK), (90, NOTE), (-7200, WRONG)])
def test_a_clock_that_is_off(checkup, off, state):
    look = checkup()
    look.heard.update(heard(off))
    assert check_clock(look).state is state


def test_one_archive_with_a_wrong_clock_is_not_believed(checkup):
    look = checkup()
    look.heard.update(heard(7200.0))
    look.heard["https://arquivo.pt/wayback/cdx"] = Heard(url="", status=200, off=1.0)
    assert check_clock(look).state is OK


def test_the_databases_clock_is_asked(checkup, postgres_url, monkeypatch):
    look = checkup(database=postgres_url)
    assert check_clock(look).details[0].endswith("s against the database")
    monkeypatch.setattr(clock_check, "server_time", lambda _: utc_now() - timedelta(hours=2))
    assert check_clock(look).state is WRONG


def test_what_was_written_in_our_future(checkup, store, ran):
    ran(store, 1, ago=timedelta(hours=-5))
    found = check_clock(checkup())
    assert (found.state, found.summary) == (WRONG, "what is stored lies in its future")


# -- the work --------------------------------------------------------------------------------------------------


def test_a_scheduler_that_leads(checkup, configured, store):
    with FileLeadership(configured().library) as leadership:
        assert leadership.acquire()
        assert f"the one on {socket.gethostname()}" in check_scheduler(checkup()).summary
        now = utc_now()
        run = Run(
            token="0" * 16,
            command="dateline schedule run",
            machine=socket.gethostname(),
            pid=1,
            started_at=now,
            heartbeat_at=now,
        )
        store.start_run(run)
        found = check_scheduler(checkup())
        assert found.state is OK
        assert "last sign of life" in found.summary
        object.__setattr__(look := checkup(), "now", now + timedelta(hours=1))
        assert check_scheduler(look).state is WRONG
    assert check_scheduler(checkup()).state is NOTE


def test_runs_that_are_dead_or_silent(checkup, store, ran, configured):
    ran(store, 1, state=RunState.RUNNING, ago=timedelta(seconds=10))
    assert check_runs(checkup()).state is OK
    ran(store, 2, job="verify", state=RunState.RUNNING, ago=timedelta(hours=3))
    found = check_runs(checkup())
    assert (found.state, len(found.details)) == (NOTE, 1)
    assert "1 are dead" in found.summary
    # A process of this machine that lives and has not said so for hours.
    now = utc_now()
    store.start_run(
        Run(
            token="f" * 16,
            command="dateline link",
            machine=socket.gethostname(),
            pid=1,
            started_at=now - timedelta(hours=3),
            heartbeat_at=now - timedelta(hours=3),
        )
    )
    path = lock_path(configured().library, "f" * 16)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        look = checkup()
        object.__setattr__(look, "now", now + timedelta(hours=1))
        found = check_runs(look)
    assert found.state is WRONG
    assert "1 have been silent" in found.summary


def test_alerts_that_stand(checkup, store):
    assert check_alerts(checkup()).state is OK
    store.put_alerts({(AlertKind.JOB_LATE, "sources"): "nobody started it"}, kinds=(), now=utc_now())
    found = check_alerts(checkup())
    assert (found.state, found.summary, found.details) == (WRONG, "1 stands", ("job_late: nobody started it",))


def test_the_memory_store_can_be_looked_at(configured):
    configuration = configured(database="memory:")
    with open_store("memory:") as opened:
        now = utc_now()
        look = Checkup(
            configuration=configuration,
            now=now,
            since=now,
            library=Library(configuration=configuration, store=opened),
            offline=True,
        )
        assert all(looked(check, look).healthy for check in checks.CHECKS)
