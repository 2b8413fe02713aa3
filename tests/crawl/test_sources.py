"""One fetch at a time: every outcome, conditional requests, redirects, politeness, through the real command."""

import http.server
import socket
import ssl
import subprocess
import sys
import threading
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from crawler.demo.access import by_host
from crawler.demo.bulk import bulk_sites
from crawler.demo.site import (
    Delivery,
    Page,
    Request,
    Site,
    failing,
    html,
    in_turn,
    missing,
    rate_limited,
    redirect,
    unavailable,
)
from crawler.demo.web import LocalWeb
from crawler.runs import run
from storage.types import LeaseRequest, Outcome, Selection, VerdictKind, utc_now

SCRAPY = Path(sys.executable).with_name("scrapy")
PROSE = next(iter(bulk_sites(hosts=1, pages=9))).fallback


def story(number=0, host="paper-000.bulk.example"):
    """An article page with enough prose, different for each number."""
    return PROSE(Request(method="GET", host=host, target=f"/news/{number}.html"))


def crawl(desk, *sites, urls, expect=0, **settings):
    with LocalWeb(sites) as web:
        desk.configure(proxy=web.proxy_url, **settings)
        desk.import_urls(*urls)
        report = desk.run("crawl", "--json", expect=expect).json
        return report, web.log


FAULTS = {
    "/gone": (missing(404), Outcome.GONE),
    "/removed": (missing(410), Outcome.GONE),
    "/secret": (missing(401), Outcome.BLOCKED),
    "/forbidden": (missing(403), Outcome.BLOCKED),
    "/teapot": (missing(418), Outcome.HTTP_ERROR),
    "/broken": (missing(500), Outcome.SERVER_ERROR),
    "/hangs": (failing(Delivery.HANG), Outcome.TIMEOUT),
    "/drips": (failing(Delivery.DRIP, Page(body=b"x" * 999, pause_s=0.2)), Outcome.TIMEOUT),
    "/resets": (failing(Delivery.RESET), Outcome.CONNECTION),
    "/short": (failing(Delivery.SHORT), Outcome.BAD_RESPONSE),
    "/endless": (failing(Delivery.ENDLESS), Outcome.TOO_LARGE),
    "/huge": (Page(body=b"<p>" + b"x" * 3_000_000), Outcome.TOO_LARGE),
    "/bomb": (Page(body=b"<p>" + b"x" * 3_000_000, gzip=True), Outcome.TOO_LARGE),
    "/garbage": (failing(Delivery.GARBAGE), Outcome.BAD_RESPONSE),
    "/report.pdf": (Page(body=b"%PDF-1.4 ...", content_type="application/pdf"), Outcome.NOT_HTML),
    "/empty": (html("<html><body><p>Nothing here.</p></body></html>"), Outcome.NO_ARTICLE),
    "/loop": (redirect("/loop"), Outcome.REDIRECTS),
    "/nowhere": (Page(status=302), Outcome.REDIRECTS),
    "/to-a-file": (redirect("file:///etc/hostname"), Outcome.REDIRECTS),
    "/private/page": (story(1), Outcome.ROBOTS),
    "/story": (story(2), Outcome.FETCHED),
}


def host_of_fault(path):
    return path.strip("/").replace("/", "-").replace(".", "-") + ".faults.example"


def test_every_fault_has_its_outcome(desk):
    """One crawl over every fault, each on its own host so that nothing waits."""
    sites = [
        Site(host=host_of_fault(path), routes={path: route}, robots="User-agent: *\nDisallow: /private/\n")
        for path, (route, _) in FAULTS.items()
    ]
    urls = {path: f"http://{host_of_fault(path)}{path}" for path in FAULTS}
    crawl(desk, *sites, urls=urls.values(), timeout_s=2.0, max_mb=1.0)
    found = {path: desk.attempts(url) for path, url in urls.items()}
    assert {path: [attempt.outcome for attempt in made] for path, made in found.items()} == {
        path: [outcome] for path, (_, outcome) in FAULTS.items()
    }
    for path, (attempt,) in found.items():
        assert attempt.detail or attempt.outcome == "fetched", path
    assert desk.problems() == []


def test_an_answer_that_is_an_error_is_kept_as_it_came(desk):
    body = "<html><body><h1>Gone fishing</h1></body></html>"
    site = Site(host="a.example", routes={"/x": Page(status=410, body=body.encode())})
    crawl(desk, site, urls=["http://a.example/x"])
    assert desk.run("captures", "cat", "http://a.example/x").out == body


def test_a_redirect_over_two_hosts_keeps_the_chain_and_every_capture(desk):
    sites = (
        Site(host="old.example", routes={"/1": redirect("http://mid.example/2")}),
        Site(host="mid.example", routes={"/2": redirect("http://new.example/3", 302)}),
        Site(host="new.example", routes={"/3": story()}),
    )
    crawl(desk, *sites, urls=["http://old.example/1"])
    (attempt,) = desk.attempts("http://old.example/1")
    assert attempt.outcome == "fetched"
    assert [(hop.url, hop.status) for hop in attempt.redirects] == [
        ("http://old.example/1", 301),
        ("http://mid.example/2", 302),
    ]
    assert attempt.final_url == "http://new.example/3"
    assert [one.status for one in desk.history("http://old.example/1").captures] == [301, 302, 200]


def test_robots_of_the_redirects_target_is_asked_too(desk):
    sites = (
        Site(host="old.example", routes={"/1": redirect("http://closed.example/x")}),
        Site(host="closed.example", routes={"/x": story()}, robots="User-agent: *\nDisallow: /\n"),
    )
    _, log = crawl(desk, *sites, urls=["http://old.example/1"])
    assert desk.attempts("http://old.example/1")[0].outcome == "robots"
    assert [access.target for access in by_host(log)["closed.example"]] == ["/robots.txt"]


def test_an_error_page_instead_of_robots_txt_is_no_rule(desk):
    rules = Page(status=404, body=b"User-agent: *\nDisallow: /\n", content_type="text/plain")
    crawl(desk, Site(host="a.example", routes={"/robots.txt": rules, "/x": story()}), urls=["http://a.example/x"])
    assert desk.attempts("http://a.example/x")[0].outcome == "fetched"


def test_the_user_agent_is_honest(desk):
    site = Site(host="a.example", routes={"/x": story()})
    _, log = crawl(desk, site, urls=["http://a.example/x"], contact="https://archive.example/about")
    assert {access.user_agent.split("/")[0] for access in log} == {"dateline"}
    assert all("https://archive.example/about" in access.user_agent for access in log)


def test_crawl_delay_is_obeyed(desk):
    routes = {f"/{number}": story(number) for number in range(3)}
    site = Site(host="slow.example", routes=routes, robots="User-agent: *\nCrawl-delay: 1\n")
    _, log = crawl(desk, site, urls=[f"http://slow.example/{number}" for number in range(3)])
    starts = sorted(access.started_at for access in log if access.target != "/robots.txt")
    assert min((b - a).total_seconds() for a, b in pairwise(starts)) >= 0.8


def test_a_host_that_says_too_often_is_left_alone(desk):
    routes = {f"/{number}": rate_limited("2") if number == 0 else story(number) for number in range(5)}
    _, log = crawl(
        desk, Site(host="busy.example", routes=routes), urls=[f"http://busy.example/{number}" for number in range(5)]
    )
    limited = next(access for access in log if access.status == 429)
    after = [access for access in log if access.started_at > limited.started_at]
    assert after
    assert min((access.started_at - limited.ended_at).total_seconds() for access in after) >= 1.7
    outcomes = [desk.attempts(f"http://busy.example/{number}")[0].outcome for number in range(5)]
    assert outcomes == ["rate_limited"] + ["fetched"] * 4


def test_unavailable_with_retry_after_waits_at_least_that_long(desk):
    crawl(desk, Site(host="a.example", routes={"/x": unavailable("86400")}), urls=["http://a.example/x"])
    (attempt,) = desk.attempts("http://a.example/x")
    assert attempt.outcome == "server_error"
    wait = attempt.next_fetch_at - attempt.finished_at
    assert wait.total_seconds() >= 86400


def test_a_refetch_asks_conditionally_and_an_unchanged_page_is_not_stored_again(desk):
    page = story()
    site = Site(host="a.example", routes={"/x": Page(body=page.body, etag='"v1"')})
    with LocalWeb([site]) as web:
        desk.configure(proxy=web.proxy_url)
        desk.import_urls("http://a.example/x")
        desk.run("crawl")
        report = desk.run("refetch", desk.first_event(), "--json").json
        assert report["outcomes"] == {"not_modified": 1}
        assert [access.conditional for access in web.log if access.target == "/x"] == [
            {},
            {"if-none-match": '"v1"'},
        ]
    assert [attempt.outcome for attempt in desk.attempts("http://a.example/x")] == ["fetched", "not_modified"]
    status = desk.status()
    assert (status.articles, status.versions) == (1, 1)
    assert desk.problems() == []


def test_a_changed_page_becomes_a_new_version_and_an_equal_one_a_revisit(desk):
    first, same, corrected = story(1), Page(body=story(1).body, etag='"v1"'), Page(body=story(2).body, etag='"v2"')
    site = Site(host="a.example", routes={"/x": in_turn(first, same, corrected)})
    with LocalWeb([site]) as web:
        desk.configure(proxy=web.proxy_url)
        desk.import_urls("http://a.example/x")
        verdicts = [
            desk.run("crawl", "--json").json["verdicts"],
            desk.run("refetch", "2016", "--json").json["verdicts"],
        ]
        with desk.library() as library:
            library.store.reschedule(Selection(due_only=False), next_fetch_at=utc_now())
        verdicts.append(desk.run("crawl", "--json").json["verdicts"])
        asked = [access.conditional for access in web.log if access.target == "/x"]
    assert verdicts == [{VerdictKind.NEW: 1}, {VerdictKind.REVISIT: 1}, {VerdictKind.NEW_VERSION: 1}]
    assert asked == [{}, {}, {"if-none-match": '"v1"'}]
    assert [attempt.reason for attempt in desk.attempts("http://a.example/x")] == ["new", "requested", "refresh"]
    with desk.library() as library:
        (document,) = library.store.due(Selection(due_only=False), now=utc_now())
    assert (document.checks, document.changes) == (2, 1)
    # A page that was just corrected is asked for again as if it were new, whatever its age.
    assert timedelta(0) < document.next_fetch_at - document.changed_at < timedelta(hours=2)
    status = desk.status()
    assert (status.articles, status.versions, status.captures) == (1, 2, 3)


def test_scrapy_crawl_is_the_same_crawl(desk):
    sites = (Site(host="a.example", routes={"/x": story(1)}), Site(host="b.example", routes={"/y": story(2)}))
    with LocalWeb(sites) as web:
        desk.configure(proxy=web.proxy_url)
        desk.import_urls("http://a.example/x", "http://b.example/y")
        desk.environment["SCRAPY_SETTINGS_MODULE"] = "crawler.settings"
        desk.run("crawl", "sources", "-a", f"event={desk.first_event()}", program=SCRAPY)
    status = desk.status()
    assert (status.articles, status.untried) == (1, 1)


# -- without a proxy: what only real names, ports and certificates can do --------------------------------------


def test_a_name_that_does_not_resolve(desk):
    desk.configure()
    desk.import_urls("http://no-such-name.invalid/x")
    desk.run("crawl")
    assert desk.attempts("http://no-such-name.invalid/x")[0].outcome == "dns"


def test_a_port_where_nobody_listens(desk):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/x"
        desk.configure(allow_private=True)
        desk.import_urls(url)
        desk.run("crawl")
    assert desk.attempts(url)[0].outcome == "connection"


def test_a_certificate_that_nobody_signed(desk, tmp_path):
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    options = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run(["openssl", *options.split(), *files], check=True, capture_output=True)
    server = http.server.HTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    url = f"https://127.0.0.1:{server.server_address[1]}/x"
    try:
        desk.configure(obey_robots=False, allow_private=True)
        desk.import_urls(url)
        desk.run("crawl")
    finally:
        server.shutdown()
        server.server_close()
    assert desk.attempts(url)[0].outcome == "tls"


def test_what_another_run_holds_is_left_to_it_and_said(desk):
    desk.configure()
    desk.import_urls("http://a.example/x", "http://b.example/y")
    now = utc_now()
    with desk.library() as library, run(library, "dateline crawl") as other:
        request = LeaseRequest(token=other.token, now=now, until=now + timedelta(hours=1), max_hosts=9, per_host=9)
        assert len(library.store.lease(request)) == 2
        assert desk.run("crawl", "--json").json["left"] == 2
        assert "2 documents still due: 2 hosts are held by another run" in desk.run("crawl").out
    assert desk.attempts("http://a.example/x") == ()
