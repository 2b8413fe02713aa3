"""How hosts are asked, by their own access log: over processes, restarts and redirects, and by what robots.txt says."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from crawler.demo.access import by_host, max_in_flight
from crawler.demo.bulk import bulk_sites
from crawler.demo.site import (
    Delivery,
    Page,
    Request,
    Site,
    failing,
    in_turn,
    missing,
    rate_limited,
    redirect,
    unavailable,
)
from crawler.demo.web import LocalWeb
from storage.types import Outcome, Selection, utc_now

PROSE = next(iter(bulk_sites(hosts=1, pages=40))).fallback


def story(number=0):
    """An article page with enough prose, different for each number."""
    return PROSE(Request(method="GET", host="paper-000.bulk.example", target=f"/news/{number}.html"))


def stories(count):
    return {f"/{number}": story(number) for number in range(count)}


def configure(desk, web, host_tables="", **settings):
    desk.configure(proxy=web.proxy_url, **settings)
    with (desk.folder / "dateline.toml").open("a") as file:
        file.write(host_tables)


def state(desk, host):
    with desk.library() as library:
        return library.store.host_states([host])[host]


def starts(web, host):
    return sorted(access.started_at for access in by_host(web.log).get(host, []))


def gaps(web, host):
    return [(later - earlier).total_seconds() for earlier, later in pairwise(starts(web, host))]


def targets(web, host):
    return [access.target for access in by_host(web.log).get(host, [])]


def wait_until(condition, process, patience_s=60):
    deadline = time.monotonic() + patience_s
    while not condition() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    assert condition()


def end(process, expect=0):
    out, err = process.communicate(timeout=120)
    assert process.returncode == expect, err
    return out, err


def test_two_runs_never_ask_a_host_at_once_nor_sooner_than_its_interval_even_through_redirects(desk):
    """Documents of six hosts, three for each of two processes, all end on one host that none of them is on."""
    delay_s = 0.4
    paths = [(host, page) for host in range(6) for page in range(3)]
    sites = [
        Site(
            host=f"old-{host}.example",
            routes={f"/{page}": redirect(f"http://common.example/{host * 3 + page}") for page in range(3)},
        )
        for host in range(6)
    ]
    with LocalWeb([*sites, Site(host="common.example", routes=stories(18))]) as web:
        configure(desk, web, delay_s=delay_s, hosts=3)
        desk.import_urls(*(f"http://old-{host}.example/{page}" for host, page in paths))
        processes = [desk.start("crawl", "--json") for _ in range(2)]
        reports = [json.loads(end(process)[0]) for process in processes]
        log = web.log
        assert min(gaps(web, "common.example")) >= 0.5 * delay_s
    assert max(max_in_flight(log).values()) == 1
    assert all(report["outcomes"].get("fetched", 0) > 0 for report in reports)
    assert sum(report["outcomes"].get("fetched", 0) for report in reports) == 18
    rows = [desk.history(f"http://old-{host}.example/{page}").captures[-1].fetched_at for host, page in paths]
    # By the library's own times the interval holds exactly; the server sees what a busy machine makes of it.
    assert min((later - earlier).total_seconds() for earlier, later in pairwise(sorted(rows))) >= 0.75 * delay_s


def test_a_host_that_said_too_often_is_left_alone_by_every_process_and_after_a_kill(desk):
    routes = {"/0": rate_limited("6"), **{f"/{number}": story(number) for number in range(1, 4)}}
    with LocalWeb([Site(host="busy.example", routes=routes)]) as web:
        configure(desk, web)
        desk.import_urls(*(f"http://busy.example/{number}" for number in range(4)))
        first = desk.start("crawl")
        wait_until(lambda: desk.status().by_outcome.get(Outcome.RATE_LIMITED), first)
        os.killpg(first.pid, signal.SIGKILL)
        first.communicate()
        told = state(desk, "busy.example")
        assert told.rest_reason == "HTTP 429, Retry-After 6 s"
        for process in [desk.start("crawl"), desk.start("crawl")]:
            end(process)
        limited = next(access for access in web.log if access.status == 429)
        later = [access for access in web.log if access.started_at > limited.started_at]
        assert [access.status for access in later if access.target != "/robots.txt"] == [200, 200, 200]
        assert min((access.started_at - limited.ended_at).total_seconds() for access in later) >= 5.5
        assert max(max_in_flight(web.log).values()) == 1
    assert state(desk, "busy.example").cool_down_s == 0


def test_a_request_that_waits_for_its_turn_is_not_sent_once_the_host_says_too_often(desk):
    """Three documents are led to one host at once: the first answer keeps the other two from being asked."""
    leading = [Site(host=f"old-{n}.example", routes={"/x": redirect(f"http://busy.example/{n}")}) for n in range(3)]
    busy = Site(host="busy.example", routes={}, fallback=rate_limited("86400"), robots="")
    with LocalWeb([*leading, busy]) as web:
        configure(desk, web, delay_s=1.0)
        desk.import_urls(*(f"http://old-{n}.example/x" for n in range(3)))
        desk.run("crawl")
        assert len(targets(web, "busy.example")) == len(["/robots.txt", "the first"])
    found = [desk.attempts(f"http://old-{n}.example/x")[-1] for n in range(3)]
    assert [attempt.outcome for attempt in found] == [Outcome.RATE_LIMITED] * 3
    assert min(attempt.next_fetch_at for attempt in found) > utc_now() + timedelta(hours=23)


def let_the_rest_pass(desk, host):
    """As if time had gone by; what else is known of the host stays."""
    with sqlite3.connect(desk.folder / "dateline.db") as database:
        database.execute("update hosts set not_before = null where name = ?", [host])
    database.close()


def test_a_cool_down_doubles_over_runs(desk):
    with LocalWeb([Site(host="busy.example", routes={}, fallback=unavailable())]) as web:
        configure(desk, web)
        pauses = []
        for number in range(2):
            desk.import_urls(f"http://busy.example/{number}")
            desk.run("crawl")
            now = state(desk, "busy.example")
            pauses.append((now.not_before - now.last_attempt_at).total_seconds())
            let_the_rest_pass(desk, "busy.example")
    assert pauses == [60, 120]
    assert now.rest_reason == "HTTP 503, cool-down 120 s"
    assert now.failures == 2


def test_a_dead_host_costs_a_handful_of_requests_and_then_one_at_a_time(desk):
    with LocalWeb([]) as web:
        configure(desk, web)
        desk.import_urls(*(f"http://dead.example/{number}" for number in range(30)))
        report = desk.run("crawl", "--json").json
        assert report["outcomes"] == {"dns": 5}
        assert targets(web, "dead.example") == ["/robots.txt"] * 5
        assert state(desk, "dead.example").rest_reason == "breaker after 5 failures, the last: dns"
        let_the_rest_pass(desk, "dead.example")
        assert desk.run("crawl", "--json").json["outcomes"] == {"dns": 1}
        web.put(Site(host="dead.example", routes=stories(30)))
        let_the_rest_pass(desk, "dead.example")
        assert desk.run("crawl", "--json").json["outcomes"] == {"fetched": 24}
    assert state(desk, "dead.example").failures == 0


def test_what_a_host_asks_for_and_what_a_person_says_of_it_holds(desk):
    sites = [
        Site(host="own.example", routes=stories(3)),
        Site(host="paused.example", routes=stories(1)),
        Site(host="leads.example", routes={"/x": redirect("http://paused.example/0")}),
        Site(host="rules.example", routes=stories(1), robots="User-agent: *\nDisallow: /private/\nAllow: /0\n"),
        Site(host="closed.example", routes={}, robots="User-agent: dateline\nDisallow: /private/\n"),
        Site(host="none.example", routes=stories(1)),
        Site(host="ill.example", routes={"/robots.txt": missing(500), **stories(1)}),
        Site(host="moved.example", routes={"/robots.txt": redirect("http://rules.example/robots.txt"), **stories(1)}),
        Site(host="circle.example", routes={"/robots.txt": redirect("/robots.txt"), **stories(1)}),
        Site(host="resets.example", routes={"/robots.txt": failing(Delivery.RESET), **stories(1)}),
        Site(host="counts.example", routes={"/robots.txt": rate_limited("86400"), **stories(1)}),
        Site(host="long.example", routes={"/robots.txt": long_robots(), **stories(1)}),
    ]
    tables = '[hosts."own.example"]\ndelay_s = 1.5\n[hosts."paused.example"]\npaused = true\n'
    with LocalWeb(sites) as web:
        configure(desk, web, tables)
        urls = [f"http://{site.host}/0" for site in sites if site.host not in {"leads.example", "closed.example"}]
        others = ["own.example/1", "own.example/2", "leads.example/x", "closed.example/private/a"]
        desk.import_urls(*urls, *(f"http://{url}" for url in others))
        desk.run("crawl")
        assert min(gaps(web, "own.example")) >= 1.2
        assert targets(web, "paused.example") == []
        assert targets(web, "ill.example") == ["/robots.txt"]
        assert targets(web, "resets.example") == ["/robots.txt"]
        assert targets(web, "counts.example") == ["/robots.txt"]
        assert len(targets(web, "circle.example")) == 7
    found = {host: desk.attempts(f"http://{host}/{path}") for host, path in ATTEMPTED}
    assert {host: [attempt.outcome for attempt in made] for host, made in found.items()} == {
        host: [outcome] for (host, _), (outcome, _) in ATTEMPTED.items()
    }
    assert {host: made[0].robots.rule for host, made in found.items() if made[0].robots} == {
        host: rule for (host, _), (_, rule) in ATTEMPTED.items() if rule
    }
    assert desk.attempts("http://paused.example/0") == ()
    assert found["leads.example"][0].detail == "paused.example (where the redirect leads) is paused in dateline.toml"
    assert found["resets.example"][0].detail.startswith("robots.txt: ")
    assert state(desk, "counts.example").not_before > utc_now() + timedelta(hours=23)
    assert state(desk, "ill.example").rest_reason == "HTTP 500, cool-down 60 s"
    assert found["counts.example"][0].next_fetch_at > utc_now() + timedelta(hours=23)


def long_robots():
    text = "User-agent: *\nDisallow: /0\n" + "# filler\n" * 100_000 + "Allow: /0\n"
    return Page(body=text.encode(), content_type="text/plain")


NO_RULES = "robots.txt answered 404: no rules"
ATTEMPTED = {
    ("own.example", "0"): (Outcome.FETCHED, NO_RULES),
    ("none.example", "0"): (Outcome.FETCHED, NO_RULES),
    ("leads.example", "x"): (Outcome.RATE_LIMITED, NO_RULES),
    ("rules.example", "0"): (Outcome.FETCHED, "Allow: /0 (line 3, for *)"),
    ("closed.example", "private/a"): (Outcome.ROBOTS, "Disallow: /private/ (line 2, for dateline)"),
    ("ill.example", "0"): (
        Outcome.ROBOTS_UNREACHABLE,
        "robots.txt answered 500: nothing is fetched until it can be read",
    ),
    ("moved.example", "0"): (Outcome.FETCHED, "Allow: /0 (line 3, for *)"),
    ("circle.example", "0"): (Outcome.FETCHED, "robots.txt redirects more than 5 times: no rules"),
    ("resets.example", "0"): (Outcome.CONNECTION, ""),
    ("counts.example", "0"): (
        Outcome.RATE_LIMITED,
        "robots.txt answered 429: nothing is fetched until it can be read",
    ),
    ("long.example", "0"): (Outcome.ROBOTS, "Disallow: /0 (line 2, for *)"),
}


def test_a_crawl_delay_is_remembered_by_the_next_run(desk):
    rules = Page(body=b"User-agent: *\nCrawl-delay: 1.5\n", content_type="text/plain")
    routes = {"/robots.txt": in_turn(rules, missing(404)), **stories(2)}
    with LocalWeb([Site(host="slow.example", routes=routes)]) as web:
        configure(desk, web)
        for number in range(2):
            desk.import_urls(f"http://slow.example/{number}")
            desk.run("crawl")
        assert targets(web, "slow.example") == ["/robots.txt", "/0", "/robots.txt", "/1"]
        # The second robots.txt was asked at the interval that the first one set.
        assert gaps(web, "slow.example")[1] >= 1.2
    assert state(desk, "slow.example").crawl_delay_s is None


def test_rules_that_are_not_asked_for_are_said_to_be_so(desk):
    with LocalWeb([Site(host="a.example", routes=stories(1), robots="User-agent: *\nDisallow: /\n")]) as web:
        configure(desk, web, obey_robots=False)
        desk.import_urls("http://a.example/0")
        desk.run("crawl")
        assert targets(web, "a.example") == ["/0"]
    (attempt,) = desk.attempts("http://a.example/0")
    assert (attempt.robots.allowed, attempt.robots.rule) == (True, "not asked: crawl.obey_robots is false")


BREAK_EVERYTHING = """
import sys
from crawler.cli import main
from crawler.spiders.attempts import Attempts
from crawler.spiders.sources import SourcesSpider
from crawler.pipelines import ExtractPipeline
from crawler.host_states import HostStates
from storage.captures import CaptureWriter
import crawler.archiving

def breaking(owner, name, place, url_of):
    working = getattr(owner, name)
    def broken(*given, **how):
        if f"//{place}.poison" in url_of(*given):
            raise ZeroDivisionError(place)
        return working(*given, **how)
    setattr(owner, name, broken)

breaking(SourcesSpider, "request_for", "request", lambda spider, task: task.document.request_url)
breaking(Attempts, "answered", "callback", lambda attempts, response: response.url)
breaking(ExtractPipeline, "process_item", "pipeline", lambda step, item: item.final_url)
breaking(CaptureWriter, "append", "record", lambda writer, exchange: exchange.url)
breaking(HostStates, "learn", "hosts", lambda states, item, outcome: item.final_url)
breaking(crawler.archiving, "decide", "verdict", lambda article, candidates: f"//{article.headline}.poison")
sys.argv = ["dateline", "crawl", "--json"]
main()
"""


def run_broken(desk, script):
    """Our command in a process of its own, broken first; its tracebacks are meant."""
    words = [sys.executable, "-c", script]
    return subprocess.run(
        words, cwd=desk.folder, env=desk.environment, capture_output=True, text=True, timeout=120, check=False
    )


POISONED = ("request", "callback", "pipeline", "record", "verdict")


def test_what_our_own_code_fails_on_is_quarantined_alone_and_never_tried_twice(desk):
    headline = Page(body=b"<html><head><title>verdict</title></head><body><article><h1>verdict</h1>" + PARAGRAPHS)
    sites = [
        Site(host=f"{place}.poison.example", routes={"/x": story(number)}) for number, place in enumerate(POISONED)
    ]
    sites[-1] = Site(host="verdict.poison.example", routes={"/x": headline})
    sites += [Site(host="hosts.poison.example", routes={"/x": story(7)}), Site(host="good.example", routes=stories(3))]
    urls = {place: f"http://{place}.poison.example/x" for place in POISONED}
    with LocalWeb(sites) as web:
        configure(desk, web)
        desk.import_urls(
            *urls.values(), "http://hosts.poison.example/x", *(f"http://good.example/{n}" for n in range(3))
        )
        done = run_broken(desk, BREAK_EVERYTHING)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["outcomes"] == {"failed": 5, "fetched": 4}
    for place, url in urls.items():
        history = desk.history(url)
        assert [attempt.outcome for attempt in history.attempts] == ["failed"], place
        assert place in history.attempts[0].detail or "ZeroDivisionError" in history.attempts[0].detail
        assert history.attempts[0].next_fetch_at > utc_now()
        assert f"dateline replay {history.document.canonical_url}" in done.stderr or place in {"record", "verdict"}, (
            place
        )
        assert len(history.captures) == (0 if place in {"request", "record"} else 1), place
    assert targets(web, "callback.poison.example").count("/x") == 1
    assert desk.problems() == []


FULL_DISK = """
import sys
from crawler.cli import main
from storage.captures import CaptureWriter
from storage.errors import LibraryError

def append(*given, **how):
    raise LibraryError("no space left on the device")

CaptureWriter.append = append
sys.argv = ["dateline", "crawl", "--json"]
main()
"""


def test_a_full_disk_ends_the_crawl_and_everything_stays_due(desk):
    with LocalWeb([Site(host="a.example", routes=stories(5))]) as web:
        configure(desk, web)
        desk.import_urls(*(f"http://a.example/{number}" for number in range(5)))
        done = run_broken(desk, FULL_DISK)
        assert targets(web, "a.example") == ["/robots.txt", "/0"]
    assert done.returncode not in {0, 2}
    assert json.loads(done.stdout)["problem"] == "no space left on the device"
    status = desk.status()
    assert (status.due, status.leased, status.attempts) == (5, 0, 0)


PARAGRAPHS = b"".join(
    b"<p>The harbour council met on day %d and heard how the dredging of basin %d would go on in spring.</p>" % (n, n)
    for n in range(12)
)


def test_an_interrupted_run_gives_back_the_hosts_where_redirects_led(desk):
    sites = [
        Site(host="old.example", routes={"/0": redirect("http://new.example/0")}),
        Site(host="new.example", routes={"/0": failing(Delivery.HANG)}),
    ]
    with LocalWeb(sites) as web:
        configure(desk, web, timeout_s=30.0)
        desk.import_urls("http://old.example/0")
        process = desk.start("crawl")
        wait_until(lambda: held(desk, "new.example"), process)
        os.kill(process.pid, signal.SIGINT)
        end(process, expect=130)
    assert not held(desk, "new.example")
    # What was under way is given up: nothing is said of it, and nothing learned of its hosts.
    assert not desk.attempts("http://old.example/0")
    assert state(desk, "new.example").failures == 0
    assert state(desk, "old.example").failures == 0
    with desk.library() as library:
        assert [one.host for one in library.store.due(Selection(), now=datetime.now(UTC))] == ["old.example"]


def held(desk, name):
    with desk.library() as library:
        return any(host.name == name and host.lease_token for host in library.store.hosts(now=datetime.now(UTC)))
