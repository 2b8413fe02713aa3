"""Pages that need JavaScript, in a real headless Chromium: what it shows, what it never reaches, how it ends."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.demo.site import Delivery, Page, Site, failing, html, redirect
from crawler.demo.web import LocalWeb

HERE = Path(__file__).parent
# Neighbours of a test are not importable by themselves: test folders are no packages.
sys.path.insert(0, str(HERE))

from browser_desk import broken_browser, data, probe, script, shell, shows  # noqa: E402

# -- what it shows ------------------------------------------------------------------------------------------------

ARTICLE = "The ferry between the two harbours resumed at dawn after three days of storm."
GOOD = Site(
    host="www.paper.example",
    routes={
        "/story": html(
            '<!doctype html><html><head><title>Loading</title><meta charset="iso-8859-1">'
            '<link rel=stylesheet href="/style.css"></head><body><div id=root></div>'
            '<script src="http://static.paper.example/app.js"></script></body></html>'
        ),
        "/style.css": Page(body=b"body{background:url(/background.png)}", content_type="text/css"),
        "/moved": redirect("/story"),
        "/old": redirect("/moved"),
        "/same": Page(body=b"<p>" + ARTICLE.encode(), etag='"1"'),
        "/gone": Page(status=404, body=b"<script>document.write('x')</script>"),
        "/report.pdf": Page(body=b"%PDF-1.4 ...", content_type="application/pdf"),
        "/gzip": Page(body=f"<p id=root></p><script>{shows('unpacked')}</script>".encode(), gzip=True),
    },
)
STATIC = Site(
    host="static.paper.example",
    routes={
        "/app.js": Page(
            body=b"""
            const get = (address) => new Promise((done) => {
              const asked = new XMLHttpRequest();
              asked.onload = () => done(JSON.parse(asked.responseText)); asked.open('GET', address); asked.send();
            });
            fetch('http://api.paper.example/first.json').then((answer) => answer.json()).then(async (first) => {
              await new Promise((later) => setTimeout(later, 300));
              const second = await get('http://api.paper.example/second.json');
              document.title = first.title;
              document.getElementById('root').innerHTML = '<article><p>' + second.text + '\\u2019</p></article>';
            });""",
            content_type="text/javascript",
        )
    },
)
OPEN = (("Access-Control-Allow-Origin", "*"),)
API = Site(
    host="api.paper.example",
    routes={
        "/first.json": Page(body=b'{"title": "Ferry resumes"}', content_type="application/json", headers=OPEN),
        "/second.json": Page(
            body=json.dumps({"text": ARTICLE}).encode(), content_type="application/json", headers=OPEN, delay_s=0.3
        ),
    },
)
BAD = {
    "/loop": shell("for(;;);"),
    "/loops-later": shell(shows("before") + "setTimeout(() => { for(;;); }, 300)"),
    "/promises": shell("const again = () => Promise.resolve().then(again); again()"),
    "/ticks": shell("setInterval(() => document.body.append('tick '), 50)"),
    "/waits": shell(shows("early") + "fetch('/hangs')"),
    "/bomb": shell(
        "for (let i = 0; i < 3000; i++) { const p = document.createElement('p'); p.append('x'.repeat(999));"
        " document.body.append(p) }"
    ),
    "/heap": shell("const kept = []; for (;;) kept.push(new Array(1e6).fill(Math.random()))"),
    "/lies": shell(
        "Object.defineProperty(Element.prototype, 'outerHTML', { get: () => 'nothing here' });"
        "Object.defineProperty(Node.prototype, 'textContent', { get: () => '' });" + shows("the truth")
    ),
    "/dialogs": shell("alert(1); confirm(2); prompt(3); onbeforeunload = () => 'stay'; print();" + shows("after them")),
    "/windows": shell(
        "window.open('http://other.example/pop'); window.open('/pop'); window.open('about:blank');"
        + shows("still here")
    ),
    "/leaves": shell(shows("stays") + "location.href = 'http://other.example/elsewhere'"),
    "/leaves-home": shell(shows("stays") + "location.replace('/elsewhere')"),
    "/refreshes": html('<meta http-equiv=refresh content="9;url=/elsewhere"><p>stays</p>'),
    "/blank": shell(shows("gone") + "location.href = 'about:blank'"),
    "/download": shell(
        shows("kept out") + "const a = document.createElement('a'); a.href = '/report.pdf';"
        " a.download = 'x'; document.body.append(a); a.click()"
    ),
    "/blob": shell(
        shows("kept out") + "const a = document.createElement('a'); a.download = 'x';"
        " a.href = URL.createObjectURL(new Blob(['x'])); a.click()"
    ),
    "/worker": shell(
        "navigator.serviceWorker && navigator.serviceWorker.register('/worker.js').catch(() => 0);" + shows("no worker")
    ),
    "/posts": shell(
        "fetch('/post', { method: 'POST', body: 'x' }).catch(() => 0);"
        "navigator.sendBeacon('/beacon', 'x');" + shows("nothing sent")
    ),
    "/many": shell("for (let i = 0; i < 200; i++) fetch('/data.json?' + i).catch(() => 0);" + shows("asked a lot")),
    "/pictures": shell(
        shows("no pictures"), head="<link rel=icon href=/icon.png><link rel=preload as=font href=/font>"
    ),
}
PICTURES = "<img src=/pixel.png><video src=/film.mp4 autoplay></video><iframe src=/frame.html></iframe>"


def bad_site(path, route):
    host = path.strip("/") + ".example"
    body = route.body.replace(b"</body>", PICTURES.encode() + b"</body>") if path == "/pictures" else route.body
    routes = {path: Page(body=body), "/hangs": failing(Delivery.HANG), "/data.json": data("{}")}
    return Site(host=host, routes=routes | {"/worker.js": script(""), "/report.pdf": Page(body=b"x" * 99)})


def url_of(path):
    return f"http://{path.strip('/')}.example{path}"


@pytest.fixture(scope="module")
def shown(chromium, tmp_path_factory):
    """Every page above, opened in one crawl; and what the web was asked."""
    sites = [GOOD, STATIC, API, *(bad_site(path, route) for path, route in BAD.items())]
    good = [f"http://www.paper.example{path}" for path in ("/old", "/same", "/gone", "/report.pdf", "/gzip")]
    with LocalWeb(sites) as web:
        urls = [*good, *(url_of(path) for path in BAD)]
        conditions = {"If-None-Match": '"1"'}
        found = probe(tmp_path_factory.mktemp("shown"), urls, settings={"proxy": web.proxy_url}, conditions=conditions)
        yield found, web.log


@pytest.fixture
def page(shown):
    return lambda path: shown[0].pages[url_of(path)]


def test_a_shell_is_filled_by_its_scripts(shown):
    story = shown[0].pages["http://www.paper.example/story"]
    assert (story["status"], story["flags"]) == (200, ["rendered"])
    assert f"<article><p>{ARTICLE}\u2019</p></article>" in story["body"]
    assert "<title>Ferry resumes</title>" in story["body"]
    assert story["body"].lower().startswith("<!doctype html>")
    assert story["headers"]["content-type"] == "text/html; charset=utf-8"
    assert "content-encoding" not in story["headers"]


def test_redirects_come_back_to_the_crawl_before_the_browser_sees_anything(shown):
    hops = shown[0].pages["http://www.paper.example/story"]["exchanges"]
    assert [(hop["url"].rpartition("/")[2], hop["status"], hop["rendered"]) for hop in hops] == [
        ("old", 301, False),
        ("moved", 301, False),
        ("story", 200, False),
        ("story", 200, True),
    ]


def test_the_page_itself_is_asked_for_once_and_kept_as_it_came(shown):
    found, log = shown
    response, rendered = found.pages["http://www.paper.example/story"]["exchanges"][-2:]
    assert "<div id=root></div>" in response["payload"]
    assert ARTICLE in rendered["payload"]
    assert int(rendered["at"]) > int(response["at"]), "archives tell captures apart by the second"
    assert [access.target for access in log if access.host == "www.paper.example"].count("/story") == 1


def test_everything_is_asked_for_under_our_own_name(shown):
    agents = {access.user_agent for access in shown[1]}
    assert len(agents) == 1
    assert agents.pop().startswith("dateline/")


def test_what_is_no_page_never_reaches_the_browser(shown):
    for path, status in (("gone", 404), ("report.pdf", 200)):
        found = shown[0].pages[f"http://www.paper.example/{path}"]
        assert (found["status"], found["flags"], len(found["exchanges"])) == (status, [], 1)


def test_a_page_for_the_browser_is_asked_for_without_conditions(shown):
    same = shown[0].pages["http://www.paper.example/same"]
    assert (same["status"], ARTICLE in same["body"]) == (200, True)


def test_a_compressed_page_is_shown_unpacked(shown):
    assert "unpacked</p>" in shown[0].pages["http://www.paper.example/gzip"]["body"]


@pytest.mark.parametrize("path", ["/loop", "/loops-later"])
def test_a_page_whose_scripts_never_end_is_a_timeout(page, path):
    assert (page(path)["outcome"], "do not end" in page(path)["detail"]) == ("timeout", True)
    assert [one["rendered"] for one in page(path)["exchanges"]] == [False], "the response itself is kept"


@pytest.mark.parametrize(("path", "text"), [("/ticks", "tick tick"), ("/waits", "early")])
def test_a_page_that_never_rests_is_read_when_patience_ends(page, path, text):
    assert text in page(path)["body"]
    assert page(path)["exchanges"][-1]["truncated"] == "time"


def test_a_page_that_grows_too_large_is_refused(page):
    assert page("/bomb")["outcome"] == "too_large"


@pytest.mark.parametrize("path", ["/heap", "/promises"])
def test_a_page_that_eats_memory_ends_and_the_crawl_goes_on(page, path):
    # Which limit comes first is a matter of the machine.
    assert page(path)["outcome"] in {"connection", "timeout"}
    assert "process ended" in page(path)["detail"] or "do not end" in page(path)["detail"]


def test_a_page_cannot_lie_about_itself(page):
    assert "the truth</div>" in page("/lies")["body"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/dialogs", "after them"),
        ("/windows", "still here"),
        ("/leaves", "stays"),
        ("/leaves-home", "stays"),
        ("/refreshes", "stays"),
        ("/download", "kept out"),
        ("/blob", "kept out"),
        ("/worker", "no worker"),
        ("/posts", "nothing sent"),
        ("/many", "asked a lot"),
        ("/pictures", "no pictures"),
    ],
)
def test_a_page_that_misbehaves_is_read_all_the_same(page, path, text):
    assert page(path)["outcome"] == "answered", page(path)
    assert text in page(path)["body"]


def test_a_page_that_empties_itself_is_not_taken_for_what_it_was(page):
    assert page("/blank")["outcome"] == "connection"
    assert "about:blank" in page("/blank")["detail"]


def test_the_web_is_asked_for_scripts_and_data_only(shown):
    log = shown[1]
    asked = {access.target.partition("?")[0] for access in log}
    unwanted = {"/pixel.png", "/film.mp4", "/frame.html", "/icon.png", "/font", "/background.png", "/favicon.ico"}
    unwanted |= {"/pop", "/elsewhere", "/worker.js", "/post", "/beacon"}
    assert asked & unwanted == set()
    assert "other.example" not in {access.host for access in log}
    assert {access.method for access in log} == {"GET"}


def test_a_page_asks_for_a_limited_number_of_things_two_at_a_time(shown):
    asked = [access for access in shown[1] if access.host == "many.example" and access.target.startswith("/data.json")]
    assert 40 <= len(asked) <= 60
    moments = sorted([(one.started_at, 1) for one in asked] + [(one.ended_at, -1) for one in asked])
    level, highest = 0, 0
    for _, step in moments:
        level += step
        highest = max(highest, level)
    assert highest <= 2


def test_what_was_asked_and_refused_is_counted(shown):
    stats = shown[0].stats
    assert stats["browser/pages"] == len(BAD) + 3
    assert stats["browser/requests"] >= 60 + 4
    assert stats["browser/refused/too many"] == 140, stats
    for reason in ("type", "method", "navigation"):
        assert stats[f"browser/refused/{reason}"] >= 1, reason


def test_nothing_of_it_is_told_as_a_mistake_of_ours(shown):
    assert "Traceback" not in shown[0].errors
    assert "ERROR" not in shown[0].errors, shown[0].errors


# -- in a crawl of ours -------------------------------------------------------------------------------------------

PROSE = (
    "The last bus left the village before the snow came, and for nine days nobody drove over the pass.",
    "On Tuesday the road was opened for lorries with chains; the council had asked for two more ploughs.",
    "Those who live above the tree line had food for a week, said Marta Lindqvist, who keeps the inn.",
    "Her guests helped to carry wood from the school, which has been closed since the first night of frost.",
    "A doctor came by helicopter on Friday and saw eleven people, two of whom she took with her to the town.",
    "The railway hopes to run its first train on Sunday, if the bridge over the gorge passes its inspection.",
)
TOLD = "".join(f"<p>{sentence}</p>" for sentence in PROSE)
FILLED = f"<article><h1>Pass opens after nine days of snow</h1>{TOLD}</article>"
VALLEY = Site(
    host="www.valleypost.example",
    routes={
        "/2016/04/08/pass-opens": html(
            '<!doctype html><html lang=en><head><title>The Valley Post</title></head><body><div id="root"></div>'
            "<noscript>You need to enable JavaScript to run this app.</noscript><script src=/app.js></script>"
        ),
        "/app.js": script("fetch('/story.json').then((a) => a.json()).then((s) => { root.innerHTML = s.html })"),
        "/story.json": data(json.dumps({"html": FILLED})),
    },
)


def test_a_shell_becomes_an_article_once_there_is_a_browser(chromium, desk):
    """Judged a shell without a browser, and due at once when there is one; both captures are kept and verified."""
    url = "http://www.valleypost.example/2016/04/08/pass-opens"
    with LocalWeb([VALLEY]) as web:
        desk.configure(proxy=web.proxy_url, timeout_s=30.0)
        desk.import_urls(url)
        desk.run("crawl", "--json")
        assert [attempt.outcome for attempt in desk.attempts(url)] == ["needs_javascript"]
        assert [access.target for access in web.log] == ["/robots.txt", "/2016/04/08/pass-opens"]
        desk.configure(proxy=web.proxy_url, timeout_s=30.0, browser=True)
        desk.run("retry", "--outcome", "needs_javascript")
        desk.run("crawl", "--json")
        asked = [access.target for access in web.log if access.target != "/robots.txt"]
        assert asked.count("/2016/04/08/pass-opens") == 2
    history = desk.history(url)
    assert [attempt.outcome for attempt in history.attempts] == ["needs_javascript", "fetched"]
    assert [(capture.kind, capture.status) for capture in history.captures] == [
        ("live", 200),
        ("live", 200),
        ("rendered", 200),
    ]
    assert desk.problems() == []
    assert PROSE[2] in desk.run("captures", "cat", url, "--capture", history.captures[-1].id).out


def test_a_crawl_with_a_browser_shows_a_shell_in_the_same_run(chromium, desk):
    url = "http://www.valleypost.example/2016/04/08/pass-opens"
    with LocalWeb([VALLEY]) as web:
        desk.configure(proxy=web.proxy_url, timeout_s=30.0, browser=True)
        desk.import_urls(url)
        desk.run("crawl", "--json")
    assert [attempt.outcome for attempt in desk.attempts(url)] == ["needs_javascript", "fetched"]


def test_a_browser_that_does_not_start_costs_each_shell_one_more_try(chromium, desk):
    """And not one after the other for as long as the crawl runs."""
    url = "http://www.valleypost.example/2016/04/08/pass-opens"
    broken = broken_browser(desk.folder.parent)
    with LocalWeb([VALLEY]) as web:
        desk.configure(proxy=web.proxy_url, browser=True, browser_path=str(broken))
        desk.import_urls(url)
        process = desk.start("crawl", "--json")
        try:
            process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    assert [attempt.outcome for attempt in desk.attempts(url)] == ["needs_javascript"] * 2
