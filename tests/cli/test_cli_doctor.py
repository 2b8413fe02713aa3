"""What ``dateline doctor`` says, and how it ends."""

import socket
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from crawler.configuration import DATABASE_VARIABLE
from crawler.health.checks import CHECKS
from crawler.health.rules import reports_of
from storage.types import RuleHealth

DAY = datetime(2020, 3, 4, tzinfo=UTC)
FIRST, SECOND, OTHER = (f"http://www.bbc.co.uk/news/world-1720440{number}" for number in range(3))
TEXT = "<p>" + "The boat to Orrin stays in the harbour until its hull has been mended by the yard. " * 6 + "</p>"
KNOWN = (
    f"<html><body><h1 id='main-heading'>Boat stays</h1><article><div data-component='text-block'>{TEXT}</div></article>"
)
CHANGED = f"<html><body><h1 class='new'>Boat stays</h1><article><div class='new'>{TEXT}</div></article>"


def ruled(rule, versions, *, host="www.bbc.co.uk", latest=DAY):
    return RuleHealth(host=host, rule=rule, versions=versions, latest=latest)


def missed(name, versions, *, host="www.bbc.co.uk"):
    return RuleHealth(host=host, missed=name, versions=versions, latest=DAY)


# -- the figures -----------------------------------------------------------------------------------------------


def test_rules_of_a_publisher_count_together_and_misses_by_name():
    rows = [ruled("bbc-2010", 3), ruled("bbc-2014", 5, host="www.bbc.com"), missed("bbc", 2)]
    (report,) = reports_of(rows, rows)
    assert (report.what, report.matched, report.missed, report.hosts) == ("bbc", 8, 2, ("www.bbc.co.uk",))
    assert not report.broken
    assert report.words == "missed now and then on www.bbc.co.uk"


def test_more_misses_than_matches_are_a_broken_rule_and_come_first():
    rows = [ruled("cnn-2022", 9, host="www.cnn.com"), ruled("bbc-2014", 1), missed("bbc", 2)]
    before = [*rows, ruled("bbc-2010", 90, latest=DAY + timedelta(days=1))]
    broken, fine = reports_of(rows, before)
    assert (broken.what, broken.broken, fine.what, fine.broken) == ("bbc", True, "cnn", False)
    assert broken.words == "no longer found on www.bbc.co.uk; last found on a page of 2020-03-05"
    assert fine.words == "all found"


def test_a_promise_is_weighed_against_the_pages_of_its_rule():
    rows = [ruled("bbc-2010", 10), missed("bbc-2010: byline", 4), missed("bbc-2010: headline", 6)]
    reports = {report.what: report for report in reports_of(rows, rows)}
    assert [report.what for report in reports_of(rows, rows)] == ["bbc-2010: headline", "bbc", "bbc-2010: byline"]
    assert (reports["bbc-2010: headline"].matched, reports["bbc-2010: headline"].broken) == (4, True)
    assert (reports["bbc-2010: byline"].matched, reports["bbc-2010: byline"].broken) == (6, False)


def test_what_never_matched_says_so():
    (report,) = reports_of([missed("bbc", 1)], [])
    assert report.words == "no longer found on www.bbc.co.uk; never found"


# -- the command -----------------------------------------------------------------------------------------------


@pytest.fixture
def read_page(dateline, table, store_page):
    """Store a page that waits to be understood, and understand it."""
    dateline("events", "import", table(FIRST, SECOND, OTHER))

    def read(url, body, **how):
        store_page(url, body.encode(), **how)
        dateline("replay", url)

    return read


@pytest.fixture
def doctor(dateline):
    """The command, asking nobody."""
    return lambda *words, expect=0: dateline("doctor", "--offline", *words, expect=expect)


def about(said, check):
    """What was said of one check."""
    return next(one for one in said.json["checks"] if one["check"] == check)


def test_a_fresh_library_is_healthy(doctor, in_news):
    said = doctor()
    assert "no page of a known publisher was captured" in said.out
    assert "note  contact: crawl.contact is not set" in said.out
    assert "→ `dateline schedule run` starts one" in said.out
    said = doctor("--json").json
    assert (said["healthy"], said["days"], said["offline"]) == (True, 90, True)
    assert len(said["checks"]) == len(CHECKS)
    assert all(
        set(one) == {"check", "healthy", "state", "summary", "remedy", "details", "rules"} for one in said["checks"]
    )


def test_rules_that_find_what_they_promise_are_healthy(doctor, read_page):
    read_page(FIRST, KNOWN)
    assert "all rules find what they promise on 1 page" in doctor().out
    (rule,) = about(doctor("--json"), "publisher rules")["rules"]
    assert (rule["what"], rule["matched"], rule["missed"]) == ("bbc", 1, 0)


def test_a_layout_that_changed_is_reported_with_status_1(doctor, read_page):
    read_page(FIRST, KNOWN, ago=timedelta(days=200))
    read_page(SECOND, CHANGED)
    said = doctor(expect=1)
    assert "1 rule of 1 rule no longer finds what it promises" in said.out
    assert "no longer found on www.bbc.co.uk; last found on a page of" in said.out
    assert doctor("--json", expect=1).json["healthy"] is False


def test_what_was_captured_before_the_window_is_no_news(doctor, read_page):
    read_page(FIRST, CHANGED, ago=timedelta(days=40))
    doctor(expect=1)
    assert "no page of a known publisher was captured" in doctor("--days", 30).out
    for days in (0, 999_999_999):
        assert doctor("--days", days, expect=2).out == ""


# -- what else can be wrong --------------------------------------------------------------------------------------


def test_lost_captures_are_wrong(doctor, read_page, in_news):
    read_page(FIRST, KNOWN)
    for file in (in_news / "captures").glob("*.warc.gz"):
        file.unlink()
    said = about(doctor("--json", expect=1), "captures")
    assert (said["state"], said["healthy"]) == ("wrong", False)
    assert "dateline captures verify" in said["remedy"]


def test_an_older_schema_is_wrong_and_the_rest_is_looked_at(doctor, in_news):
    with closing(sqlite3.connect(in_news / "dateline.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0005'")
    said = doctor("--json", expect=1)
    assert about(said, "migrations")["remedy"] == "run `dateline db upgrade`"
    assert about(said, "database")["state"] == "ok"
    assert about(said, "disk")["state"] == "ok"
    assert "not looked at" in about(said, "runs")["summary"]


def test_a_newer_schema_that_this_program_may_use_is_told_and_one_that_it_may_not_is_wrong(doctor, in_news, dateline):
    def upgraded(oldest):
        with closing(sqlite3.connect(in_news / "dateline.db")) as connection, connection:
            connection.execute("UPDATE alembic_version SET version_num = '9999'")
            connection.execute("UPDATE compatibility SET oldest = ?", [oldest])

    upgraded("0007")
    said = about(doctor("--json"), "migrations")
    assert (said["state"], said["remedy"]) == ("note", "install the newer dateline")
    assert "at revision 9999, newer than this program's" in said["summary"]
    for command in ("check", "info", "upgrade"):
        assert "this one may go on until the newer dateline is installed" in dateline("db", command).out
    upgraded("9999")
    said = about(doctor("--json", expect=1), "migrations")
    assert (said["state"], said["remedy"]) == ("wrong", "a newer dateline made it: install that")
    assert "a newer dateline made it" in dateline("db", "check", expect=1).err
    assert "a newer dateline made it" in dateline("db", "upgrade", expect=2).err
    assert "programs from 9999 on may use it: install the newer dateline" in dateline("db", "info").out


def test_a_database_that_is_away_is_wrong_and_the_rest_is_looked_at(doctor, in_news, monkeypatch):
    monkeypatch.setenv(DATABASE_VARIABLE, "postgresql://ada:hunter2@127.0.0.1:1/nowhere")
    said = doctor("--json", expect=1)
    assert about(said, "database")["state"] == "wrong"
    assert DATABASE_VARIABLE in about(said, "database")["summary"]
    assert about(said, "disk")["state"] == "ok"
    assert "hunter2" not in said.out


def test_a_file_that_is_no_database_is_wrong(doctor, in_news):
    (in_news / "dateline.db").write_bytes(b"this is no database at all, it is prose about a harbour" * 100)
    assert about(doctor("--json", expect=1), "database")["state"] == "wrong"


def test_where_there_is_no_library_nothing_can_be_said(dateline, tmp_path):
    assert "holds no library" in dateline("doctor", "-L", tmp_path, "--offline", expect=2).err
    (tmp_path / "dateline.toml").write_text("[crawl]\ndelay = 3\n")
    assert "there is no setting crawl.delay" in dateline("doctor", "-L", tmp_path, "--offline", expect=2).err


def test_archives_are_asked_unless_offline(dateline, in_news):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/cdx"
    (in_news / "dateline.toml").write_text(
        f'[crawl]\nallow_private = true\n[backfill]\narchives = "ours"\n'
        f'[archives."ours"]\nindex_url = "{url}"\nreplay_url = "{url}/"\n'
    )
    said = about(dateline("doctor", "--json"), "archives")
    assert (said["state"], said["details"]) == ("note", ["ours: could not be asked: Connection refused"])
    assert about(dateline("doctor", "--json", "--offline"), "archives")["state"] == "ok"
