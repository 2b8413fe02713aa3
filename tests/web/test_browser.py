"""Every page in a real browser: what it loads, how it fits, whether axe finds a barrier, and what its buttons do.

Pictures of all of them are kept in the folder that ``DATELINE_SCREENSHOTS`` names, else in ``.screenshots``.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from invented_library import FERRY, FERRY_GONE, HARBOUR, HOSTILE

from crawler.configuration import load
from crawler.library import open_library
from storage.types import Run, RunState, utc_now

COMMAND = Path(sys.executable).with_name("dateline")
PICTURES = Path(os.environ.get("DATELINE_SCREENSHOTS") or ".screenshots")
PHONE = {"width": 320, "height": 640}
DESK = {"width": 1280, "height": 900}

PAGES = {
    "events": "/events",
    "events-searched": "/events?q=ferry+text:full&order=newest",
    "events-none": "/events?q=nothing+of+the+kind",
    "events-mistaken": "/events?q=publisher:",
    "articles": "/articles",
    "calendar": "/calendar",
    "calendar-year": "/calendar/2006",
    "event": f"/events/{FERRY}",
    "event-by-content": f"/events/{HARBOUR}",
    "event-hostile": f"/events/{HOSTILE}",
    "why": f"/why?url={FERRY_GONE}",
    "article": "/articles/{live}",
    "versions": "/articles/{live}/versions/1..2",
    "capture": "/captures/1",
    "cluster": "/clusters/{cluster}",
    "operations": "/operations",
    "runs": "/runs",
    "run": "/runs/1",
    "run-failed": "/runs/2",
    "schedule": "/schedule",
    "job": "/schedule/crawl",
    "hosts": "/hosts",
    "host": "/hosts/harbour-post.example",
    "workers": "/workers",
    "linkrot": "/linkrot",
    "login": "/login",
    "not-found": "/articles/999",
    "api": "/api/v1/",
}


# -- the site and the browser ------------------------------------------------------------------------------------


@contextmanager
def serving(folder, *words):
    """A real `dateline serve`; gives its address."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DATELINE_")}
    process = subprocess.Popen(
        [str(COMMAND), "serve", "-L", str(folder), "--listen", "127.0.0.1:0", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        start_new_session=True,
    )
    try:
        said = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+", said)
        assert found, said + process.stderr.read()
        yield found[0]
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        _, complaints = process.communicate(timeout=60)
    assert "Traceback" not in complaints, complaints


@pytest.fixture(scope="module")
def address(_filled, tmp_path_factory):
    """A site that only shows, with runs."""
    folder = Path(shutil.copytree(_filled[0], tmp_path_factory.mktemp("browsed") / "news"))
    add_runs(folder)
    with serving(folder, "--read-only") as found:
        yield found


def add_runs(folder):
    now = utc_now()
    with open_library(load(folder)) as library:
        for number, state in enumerate((RunState.FINISHED, RunState.FAILED), 1):
            run = Run(
                token=f"token{number}",
                command="dateline crawl",
                machine="desk",
                pid=1,
                started_at=now - timedelta(hours=number),
                heartbeat_at=now - timedelta(hours=number),
                who="ada",
            )
            begun = library.store.start_run(run)
            library.store.finish_run(begun.token, now=now, state=state, counts={"fetched": 3}, problem="<b>boom</b>")


@pytest.fixture(scope="module")
def browser(chromium):
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - a slow import that only a browser needs

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


class Watched:
    """A page of the browser that notes what it should not have done."""

    def __init__(self, context, address):
        self.address, self.complaints = address, []
        self.page = context.new_page()
        self.page.on("request", self._requested)
        self.page.on("pageerror", lambda error: self.complaints.append(f"error {error}"))
        self.page.on("console", self._said)
        self.page.on("dialog", lambda dialog: self.complaints.append(f"dialog {dialog.message}"))

    def _requested(self, request):
        if not request.url.startswith((self.address, "data:", "about:")):
            self.complaints.append(f"request {request.url}")

    def _said(self, message):
        expected = "404" in message.text or "400" in message.text
        if message.type in {"error", "warning"} and not expected:
            self.complaints.append(f"{message.type} {message.text}")

    def open(self, path):
        # A page with live parts never gets idle.
        self.page.goto(self.address + path, wait_until="load")
        return self.page


@contextmanager
def watched(browser, address, **named):
    context = browser.new_context(viewport=DESK, **named)
    seen = Watched(context, address)
    yield seen
    context.close()
    assert seen.complaints == []


@pytest.fixture
def place(numbers, client):
    """Name of a page -> its address here."""

    def found(name):
        cluster = client.site.ask(lambda store: store.article(numbers.wire).cluster_id)
        return PAGES[name].format(live=numbers.live, cluster=cluster)

    return found


# -- every page --------------------------------------------------------------------------------------------------


def barriers(page, **options):
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - likewise

    found = Axe().run(page, options=options or None).response["violations"]
    return [f"{one['id']} ({one['impact']}): {node['html'][:200]}" for one in found for node in one["nodes"]]


def picture(page, name):
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_no_barrier_and_nothing_is_loaded_from_elsewhere(browser, address, place, name):
    with watched(browser, address, color_scheme="light") as seen:
        page = seen.open(place(name))
        picture(page, f"{name}-light")
        assert barriers(page) == []
        page.emulate_media(color_scheme="dark")
        picture(page, f"{name}-dark")
        assert barriers(page, runOnly=["color-contrast"]) == []


@pytest.mark.parametrize("name", PAGES)
def test_it_fits_a_phone_and_is_read_without_scripts(browser, address, place, name):
    with watched(browser, address, java_script_enabled=False) as seen:
        seen.page.set_viewport_size(PHONE)
        page = seen.open(place(name))
        picture(page, f"{name}-phone")
        assert page.locator("h1").count() == 1
        # Scripts are off for the page, not for us.
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= PHONE["width"], f"{wide} pixels wide"


def test_axe_would_find_a_barrier(browser, address):
    with watched(browser, address) as seen:
        page = seen.open("/login")
        page.evaluate(
            "document.querySelector('main').append(document.createElement('img'), document.createElement('input'))"
        )
        assert {one.partition(" ")[0] for one in barriers(page)} >= {"image-alt", "label"}


def test_the_keyboard_reaches_everything_from_the_top(browser, address):
    with watched(browser, address) as seen:
        page = seen.open("/events")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


# -- captured pages ----------------------------------------------------------------------------------------------


def test_a_captured_page_is_framed_without_an_origin(browser, address):
    with watched(browser, address) as seen:
        page = seen.open("/captures/1")
        frame = page.locator("iframe.capture")
        assert frame.get_attribute("sandbox") == ""
        inner = frame.content_frame
        assert inner.locator("body").inner_text().strip()


# -- buttons -----------------------------------------------------------------------------------------------------


@pytest.fixture
def own_address(own_folder):
    """A site of the test's own, whose crawls reach nobody: the proxy refuses."""
    (own_folder / "dateline.toml").write_text(
        '[crawl]\ndelay_s = 0.01\nproxy = "http://127.0.0.1:9"\nallow_private = true\n'
    )
    with serving(own_folder) as found:
        yield found


def test_a_link_is_confirmed_and_an_article_marked_without_scripts(browser, own_address, own_folder, numbers):
    with watched(browser, own_address, java_script_enabled=False) as seen:
        page = seen.open(f"/events/{HARBOUR}")
        page.locator("details.decide > summary").first.click()
        page.get_by_role("button", name="It reports this event").first.click()
        assert page.get_by_role("status").first.inner_text()
        picture(page, "event-decided")
        page = seen.open(f"/articles/{numbers.live}")
        page.get_by_label("Why it is none").fill("a list of ferries")
        page.get_by_role("button", name="Mark as no article").click()
        assert page.get_by_role("status").first.inner_text()
        picture(page, "article-marked")
    with open_library(load(own_folder)) as library:
        assert library.store.article(numbers.live).mark.article_id == numbers.live
        decided = [one for one in library.store.event(HARBOUR).links if one.decided_by]
        assert len(decided) == 1


def test_sources_are_fetched_again_and_the_page_follows(browser, own_address):
    with watched(browser, own_address) as seen:
        page = seen.open(f"/events/{FERRY}")
        page.get_by_role("button", name="Re-fetch now").click()
        picture(page, "event-ordered")
        page.locator("a[href='/orders/1']").first.click()
        assert page.url.endswith("/orders/1")
        page.get_by_role("status").get_by_text(re.compile("done|failed")).wait_for(timeout=120_000)
        picture(page, "order-done")
        page.get_by_role("link", name="Run 1").click()
        picture(page, "run-of-order")
        assert "dateline refetch" in page.locator("main").inner_text()
