"""What the command line says and does about hosts, and about asking for documents again."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, time, timedelta

import pytest

from crawler.configuration import load
from crawler.demo.layouts import Setting, render, story
from crawler.demo.site import Site
from crawler.demo.web import LocalWeb
from crawler.library import open_library
from storage.types import HostProbe, HostState, Outcome, Selection, utc_now

PAUSED, RESTING, BROKEN, FAILING, BUSY, QUIET = (
    f"www.{name}.example" for name in ("closed-courier", "busy-messenger", "frail-bulletin", "odd-post", "big", "small")
)


def library_at(folder):
    return open_library(load(folder))


@pytest.fixture
def hosts(dateline, in_news, table):
    """Hosts in every condition; each has a document that is due, ``www.big.example`` has three."""
    urls = [f"http://{host}/1" for host in (RESTING, PAUSED, BROKEN, FAILING, QUIET)]
    dateline("events", "import", table(*urls, *(f"http://{BUSY}/{number}" for number in range(3))))
    now = utc_now()
    states = [
        HostState(
            name=RESTING,
            not_before=now + timedelta(hours=1),
            rest_reason="429, Retry-After 3600 s",
            cool_down_s=3600,
            failures=1,
            last_outcome=Outcome.RATE_LIMITED,
            last_attempt_at=now,
            last_success_at=now - timedelta(days=2),
        ),
        HostState(
            name=BROKEN,
            not_before=now + timedelta(minutes=30),
            rest_reason="breaker after 6 failures",
            failures=6,
            last_outcome=Outcome.TIMEOUT,
            last_attempt_at=now,
        ),
        HostState(name=FAILING, failures=2, crawl_delay_s=20.0, last_outcome=Outcome.DNS, last_attempt_at=now),
        HostState(name=BUSY, not_before=now + timedelta(seconds=30), rest_reason="interval", crawl_delay_s=0.5),
    ]
    with library_at(in_news) as library:
        library.store.put_host_states(states)
    dateline("hosts", "pause", PAUSED, "--reason", "they wrote to us")
    return in_news


# -- list and show ---------------------------------------------------------------------------------------------


def test_the_hosts_in_trouble_come_first(dateline, hosts):
    said = dateline("hosts", "list")
    names = [line.split()[0] for line in said.out.splitlines()[1:-1]]
    assert names == [PAUSED, BROKEN, RESTING, FAILING, BUSY, QUIET]
    assert "paused: they wrote to us" in said.out
    assert "(429, Retry-After 3600 s)" in said.out
    assert "(breaker after 6 failures)" in said.out
    assert "failed 2 times in a row" in said.out
    assert said.out.splitlines()[-1].startswith("1 host is paused, 2 hosts are resting: ")


def test_a_long_list_is_cut_and_says_so(dateline, hosts):
    said = dateline("hosts", "list", "--limit", "2").out
    assert QUIET not in said
    assert "4 more hosts: --all lists every one" in said
    assert QUIET in dateline("hosts", "list", "--limit", "2", "--all").out
    assert dateline("hosts", "list", "--limit", "0", expect=2).out == ""


def test_a_host_that_had_its_budget_says_so(dateline, hosts):
    (hosts / "dateline.toml").write_text(f'[hosts."{QUIET}"]\nper_day = 1\n')
    midnight = datetime.combine(utc_now().date() + timedelta(days=1), time(), tzinfo=UTC)
    with library_at(hosts) as library:
        rests = [HostState(name=name, not_before=midnight, rest_reason="budget") for name in (QUIET, BUSY)]
        library.store.put_host_states(rests)
    said = dateline("hosts", "list").out
    assert f"had its budget of 1 document a day, goes on at {midnight:%Y-%m-%d} 00:00Z" in said
    assert "had its budget of 5000 documents a day" in said
    assert said.splitlines()[-1] == "2 hosts are through with the documents of the day: the day ends at midnight (UTC)"
    assert [line.split()[0] for line in said.splitlines()[1:4]] == [PAUSED, BROKEN, RESTING]
    assert "per_day = 1" in dateline("hosts", "show", QUIET).out
    listed = {one["name"]: one for one in dateline("hosts", "list", "--json").lines}
    assert listed[QUIET]["condition"] == "budget"
    assert listed[QUIET]["rule"]["per_day"] == 1


def test_what_checks_found_on_a_host_is_shown(dateline, hosts):
    with closing(sqlite3.connect(hosts / "dateline.db")) as connection, connection:
        connection.execute("UPDATE hosts SET checks = 40, changes = 3 WHERE name = ?", (QUIET,))
    assert "found at 3 of 40 checks of its pages" in dateline("hosts", "show", QUIET).out


def test_the_json_of_hosts_has_all_that_is_known(dateline, hosts):
    listed = {one["name"]: one for one in dateline("hosts", "list", "--json").lines}
    assert {name: one["condition"] for name, one in listed.items()} == {
        PAUSED: "paused",
        RESTING: "resting",
        BROKEN: "resting",
        FAILING: "failing",
        BUSY: "ready",
        QUIET: "ready",
    }
    assert (listed[BUSY]["due"], listed[BUSY]["documents"]) == (3, 3)
    assert (listed[FAILING]["interval_s"], listed[FAILING]["interval_from"]) == (20.0, "Crawl-delay of its robots.txt")
    assert listed[RESTING]["state"]["last_outcome"] == "rate_limited"
    shown = dateline("hosts", "show", RESTING, "--json").json
    assert shown.pop("by_outcome") == {"untried": 1}
    assert shown == listed[RESTING]


def test_a_host_is_shown_with_everything_known(dateline, hosts):
    (hosts / "dateline.toml").write_text(f'[hosts."{RESTING}"]\ndelay_s = 7.5\nverify_tls = false\n')
    probe = HostProbe(probed_at=utc_now(), url=f"http://{RESTING}/no", status=200, final_url=f"http://{RESTING}/")
    with library_at(hosts) as library:
        library.store.put_probe(RESTING, probe)
    said = dateline("hosts", "show", RESTING).out
    for text in (
        "resting until",
        "1, 1 due",
        "1 untried",
        "60 s (its cool-down of 3600 s)",
        "3600 s, doubled",
        "rate_limited",
        f"answers 200 at http://{RESTING}/ for a page that cannot exist",
        "delay_s = 7.5, verify_tls = false",
        f"`dateline hosts allow {RESTING}` lets it be asked now",
    ):
        assert text in said
    assert "20 s in its robots.txt" in dateline("hosts", "show", FAILING).out


def test_a_rate_of_its_own_sets_a_hosts_interval(dateline, hosts):
    (hosts / "dateline.toml").write_text(f'[hosts."{QUIET}"]\ndelay_s = 7.5\n')
    assert "7.5 s (delay_s of the host in dateline.toml)" in dateline("hosts", "show", QUIET).out
    assert "2 s (crawl.delay_s)" in dateline("hosts", "show", BUSY).out


def test_robots_txt_that_is_not_obeyed_sets_no_interval(dateline, hosts):
    (hosts / "dateline.toml").write_text("[crawl]\nobey_robots = false\n")
    assert dateline("hosts", "show", FAILING, "--json").json["interval_s"] == 2.0


@pytest.mark.parametrize("given", [BUSY, BUSY.upper(), f"http://{BUSY}/1?a=b#c", f"https://{BUSY}", f"{BUSY}:80"])
def test_a_host_is_named_by_itself_or_by_any_url_on_it(dateline, hosts, given):
    assert dateline("hosts", "show", given, "--json").json["name"] == BUSY


@pytest.mark.parametrize("words", [["show"], ["pause"], ["allow"]])
def test_an_unknown_host_is_named_with_those_that_are_written_nearly_so(dateline, hosts, database_of, words):
    before = database_of(hosts)
    said = dateline("hosts", *words, "www.busy-mesenger.example", expect=2)
    assert f"did you mean {RESTING}" in said.err
    assert "`dateline hosts list` shows" in dateline("hosts", *words, "nowhere.test", expect=2).err
    assert "is no host" in dateline("hosts", *words, "not a host", expect=2).err
    assert database_of(hosts) == before


def test_a_host_that_the_settings_misspell_is_named(dateline, hosts):
    (hosts / "dateline.toml").write_text(f'[hosts."{QUIET}"]\ndelay_s = 3\n[hosts."small.example"]\npaused = true\n')
    assert (
        dateline("hosts", "list").err == "dateline.toml names what is no host of any document so far: small.example\n"
    )
    assert dateline("hosts", "list", "--json").err == ""


def test_an_empty_library_has_no_hosts(dateline, in_news):
    assert dateline("hosts", "list").out == "no hosts yet: `dateline events import FOLDER` adds source links\n"
    assert dateline("hosts", "list", "--json").out == ""


# -- pause and allow -------------------------------------------------------------------------------------------


def test_a_paused_host_is_passed_over_until_it_is_allowed(dateline, hosts):
    with library_at(hosts) as library:
        assert library.store.host(PAUSED, now=utc_now()).paused_at is not None
    again = dateline("hosts", "pause", PAUSED).out
    assert again == f"{PAUSED}: paused: they wrote to us; `dateline hosts allow {PAUSED}` ends it\n"
    assert "may be asked now, 1 document due" in dateline("hosts", "allow", PAUSED).out
    assert dateline("hosts", "allow", PAUSED, "--json").json["condition"] == "ready"


def test_pausing_a_host_that_a_run_holds_says_what_still_comes(dateline, hosts):
    now = utc_now()
    with library_at(hosts) as library:
        assert library.store.claim_host(QUIET, token="t", now=now, until=now + timedelta(minutes=5)).granted
    assert dateline("hosts", "show", QUIET, "--json").json["condition"] == "held"
    assert "the run that holds it now still fetches" in dateline("hosts", "pause", QUIET).out


def test_allowing_a_host_ends_rest_cool_down_and_breaker(dateline, hosts):
    for name in (RESTING, BROKEN):
        state = dateline("hosts", "allow", f"http://{name}/1", "--json").json["state"]
        assert (state["not_before"], state["cool_down_s"], state["failures"]) == (None, 0.0, 0)


def test_what_the_settings_pause_is_ended_only_there(dateline, hosts):
    (hosts / "dateline.toml").write_text(f'[hosts."{QUIET}"]\npaused = true\n')
    assert dateline("hosts", "show", QUIET, "--json").json["words"] == "paused in dateline.toml"
    assert "still paused in dateline.toml; change it there" in dateline("hosts", "allow", QUIET).out


def test_a_reason_cannot_steer_the_terminal(dateline, hosts):
    assert "\x1b" not in dateline("hosts", "pause", QUIET, "--reason", "red \x1b[31m").out
    assert "\x1b" not in dateline("hosts", "list").out


# -- what other commands say about hosts -----------------------------------------------------------------------


def test_status_and_why_say_which_hosts_are_not_asked(dateline, hosts):
    assert "1 host is paused, 2 hosts are resting: `dateline hosts list`" in dateline("status").out
    assert dateline("status", "--json").json["hosts"] == {"paused": 1, "resting": 2, "failing": 1, "ready": 2}
    said = dateline("why", f"http://{PAUSED}/1").out
    assert f"its host {PAUSED} is paused: they wrote to us; `dateline hosts show {PAUSED}`" in said
    assert "its host" not in dateline("why", f"http://{QUIET}/1").out


@pytest.mark.parametrize("words", [["crawl", "--dry-run"], ["articles", "list"], ["retry", "--dry-run"], ["reextract"]])
def test_a_host_option_takes_a_url_and_knows_what_is_written_nearly_so(dateline, hosts, words):
    dateline(*words, "--host", f"http://{BUSY}/anything")
    assert f"did you mean {BUSY}" in dateline(*words, "--host", "ww.big.example", expect=2).err


# -- retry -----------------------------------------------------------------------------------------------------


def due_at(folder, selection):
    with library_at(folder) as library:
        return [document.next_fetch_at for document in library.store.due(selection, now=utc_now())]


@pytest.fixture
def done(hosts):
    """The documents of the busy host are not due again, those of the failing one next month."""
    with library_at(hosts) as library:
        library.store.reschedule(Selection(host=BUSY), next_fetch_at=None)
        library.store.reschedule(Selection(host=FAILING), next_fetch_at=utc_now() + timedelta(days=30))
    return hosts


def test_retry_makes_documents_due_once(dateline, done, database_of):
    assert due_at(done, Selection(host=BUSY)) == []
    before = database_of(done)
    assert dateline("retry", "--host", BUSY, "--dry-run").out.startswith("3 documents would be due again\n")
    assert database_of(done) == before
    said = dateline("retry", "--host", BUSY).out
    assert said.startswith("3 documents are due again\n")
    assert f"next: `dateline crawl --host {BUSY}` fetches them" in said
    assert len(due_at(done, Selection(host=BUSY))) == 3
    before = database_of(done)
    assert dateline("retry", "--host", BUSY).out.startswith("0 documents are due again, 3 already were\n")
    assert database_of(done) == before


def test_retry_by_event_url_and_outcome(dateline, done):
    said = dateline("retry", "--url", f"https://{FAILING}/1#part", "--json").json
    assert said == {"documents": 1, "made_due": 1, "by_outcome": {"untried": 1}}
    key = dateline("why", f"http://{BUSY}/0", "--json").json["cited_by"][0][0]
    assert dateline("retry", "--event", key, "--json").json["made_due"] == 1
    assert dateline("retry", "--outcome", "gone").out == "0 documents are due again\n"
    assert dateline("retry", "--outcome", "gone", "--json").json["documents"] == 0


def test_retry_says_when_the_host_rests(dateline, done):
    assert "1 host is resting, though" in dateline("retry", "--host", RESTING).out
    assert "though" not in dateline("retry", "--host", BUSY).out


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ([], "say which documents: --outcome, --host, --event or --url"),
        (["--outcome", "rate_limted"], "did you mean rate_limited?"),
        (["--event", "nothing"], "no event is called"),
        (["--url", "http://unknown.example/"], "no event entry cites https://unknown.example/"),
        (["--url", "not a url"], "cannot be requested"),
        (["--host", "odd.example"], "no event entry cites anything on the host 'odd.example'"),
        (["--host", "odd"], "'odd' is no host"),
    ],
)
def test_a_retry_of_nothing_that_is_there_is_refused(dateline, done, database_of, words, text):
    before = database_of(done)
    said = dateline("retry", *words, expect=2)
    assert said.out == ""
    assert text in said.err
    assert database_of(done) == before


# -- what a crawl leaves, and what it may ask ------------------------------------------------------------------


def test_a_crawl_says_why_documents_are_left(process, dateline, in_news, table):
    dateline("events", "import", table(f"http://{PAUSED}/1", f"http://{PAUSED}/2"))
    dateline("hosts", "pause", PAUSED)
    said = process('"$DATELINE" crawl -L news').out
    assert "2 documents still due: 1 host is paused (`dateline hosts list`)\n" in said
    dateline("hosts", "allow", PAUSED)
    (in_news / "dateline.toml").write_text(f'[hosts."{PAUSED}"]\npaused = true\n')
    said = process('"$DATELINE" crawl -L news --json').json
    assert (said["left"], said["left_because"]) == (2, "1 host is paused")


def test_a_web_of_ones_own_is_asked_only_when_that_is_allowed(process, dateline, in_news, table):
    own = Site(host="127.0.0.1", routes={}, fallback=render(story("tram"), Setting(layout="blog2013", url="/")))
    with LocalWeb([own]) as web:
        url = f"{web.proxy_url}/gazette/2013/tram/"
        dateline("events", "import", table(url))
        process('"$DATELINE" crawl -L news')
        attempt = dateline("why", url, "--json").json["attempts"][-1]
        assert attempt["outcome"] == "forbidden_address"
        assert web.log == []
        key = dateline("why", url, "--json").json["cited_by"][0][0]
        process(f'"$DATELINE" refetch -L news {key} --allow-private')
    assert dateline("why", url, "--json").json["attempts"][-1]["outcome"] == "fetched"


def test_a_browser_that_is_wanted_and_not_there_is_named(process, in_news):
    (in_news / "dateline.toml").write_text('[crawl]\nbrowser = true\nbrowser_path = "/nowhere/chromium"\n')
    said = process('"$DATELINE" crawl -L news')
    assert said.err.startswith("no browser: crawl.browser_path names /nowhere/chromium, which is no program")
    assert said.out == "nothing was due\n"


def test_host_of_an_archive_has_the_longest_interval_of_the_archive(dateline, hosts):
    (hosts / "dateline.toml").write_text(
        f'[archives."old-pages"]\nkind = "cdx"\ndialect = "pywb"\nindex_url = "http://{QUIET}/cdx"\n'
        f'replay_url = "http://{BUSY}/web/"\nindex_interval_s = 7.5\nreplay_interval_s = 0.25\n'
        f'[archives."internet-archive"]\nindex_url = "http://{RESTING}/cdx"\n'
    )
    listed = {one["name"]: one for one in dateline("hosts", "list", "--json").lines}
    told = (7.5, "the archive old-pages, longest of its intervals")
    assert [(listed[name]["interval_s"], listed[name]["interval_from"]) for name in (QUIET, BUSY)] == [told] * 2
    assert (listed[RESTING]["interval_s"], listed[RESTING]["interval_from"]) == (60, "its cool-down of 3600 s")
    assert listed[FAILING]["interval_from"] == "Crawl-delay of its robots.txt"
