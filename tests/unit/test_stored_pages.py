"""A stored capture is the page that it was when it came, whoever understands it again."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from crawler.stored_pages import Surroundings, stored_page
from storage.captures import CaptureReader, CaptureWriter
from storage.types import CaptureKind, Exchange, Memento, Redirect

PAGE_URL = "http://coast.example/lighthouse"
ARCHIVE_URL = f"https://web.memory.example/web/20140309101112id_/{PAGE_URL}"
FETCHED_AT, CAPTURED_AT = datetime(2026, 3, 4, tzinfo=UTC), datetime(2014, 3, 9, 10, 11, 12, tzinfo=UTC)
MEMENTO = Memento(
    archive="memory", url=ARCHIVE_URL, page_url=PAGE_URL, captured_at=CAPTURED_AT, requested_at=CAPTURED_AT
)


@pytest.fixture
def page(tmp_path):
    """Stores an exchange and gives its page as it is read back, without a database."""
    library = SimpleNamespace(store=SimpleNamespace(known_payloads=lambda _digests: {}))

    def make(surroundings=None, **changes):
        exchange = Exchange(
            **{
                "url": PAGE_URL,
                "request_headers": (),
                "status": 200,
                "headers": (("Content-Type", "text/html; charset=utf-8"),),
                "payload": b"<p>The lamp turned.</p>",
                "fetched_at": FETCHED_AT,
            }
            | changes
        )
        with CaptureWriter(tmp_path, token="run", software="test") as writer:
            capture = writer.append(exchange, kind=CaptureKind.LIVE, known={})
        with CaptureReader(tmp_path) as reader:
            return stored_page(library, reader, capture, *([surroundings] if surroundings else []))

    return make


def test_a_live_page_is_of_its_url_and_the_day_it_was_fetched(page):
    found = page()
    assert (found.url, found.captured_at) == (PAGE_URL, FETCHED_AT)
    assert (found.content, found.content_type) == (b"<p>The lamp turned.</p>", "text/html; charset=utf-8")
    assert (found.status, found.requested_url, found.rendered) == (200, "", False)


def test_an_archived_copy_is_of_the_page_and_the_day_that_the_archive_saw_it(page):
    found = page(url=ARCHIVE_URL, memento=MEMENTO)
    assert (found.url, found.captured_at) == (PAGE_URL, CAPTURED_AT)


def test_what_a_browser_made_of_a_page_is_told_apart(page):
    assert page(rendered=True).rendered


def test_what_was_known_beside_the_page_is_known_again(page):
    hops = (Redirect(url="http://coast.example/l", status=301),)
    found = page(Surroundings(requested_url="http://coast.example/l", redirects=hops))
    assert (found.requested_url, found.redirects) == ("http://coast.example/l", hops)
