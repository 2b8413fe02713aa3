"""One capture: its facts, the page in a frame that can do nothing, and its record to take away."""

import gzip
import io
from contextlib import closing

import pytest
from adding import adding
from invented_library import FERRY_LIVE, FERRY_RESCUED
from warcio.archiveiterator import ArchiveIterator

from crawler.web.captured import MOST_SHOWN
from crawler.web.guarding.headers import CAPTURED
from storage.types import Takedown, TakedownKind, utc_now

URL = "http://strange.example/page"
HOSTILE = b"""<!doctype html><html><head><base href="https://evil.example/" target="_top">
<meta http-equiv="refresh" content="0; url=/events"><link rel="stylesheet" href="https://evil.example/x.css">
<script>parent.document.body.innerHTML = "mine"</script><script src="/static/dateline.js"></script></head>
<body onload="alert(1)"><form action="/marks/add" method="post"><input name="article"><button>x</button></form>
<object data="data:text/html,<script>alert(2)</script>"></object><embed src="/events"><iframe src="/events"></iframe>
<svg onload="alert(3)"><script>alert(4)</script></svg><a href="javascript:alert(5)">a</a><a href="/logout">b</a>
</body></html>"""


def first_capture(visitor, url):
    return visitor.site.ask(lambda store: store.history(store.find_document(url).canonical_url).captures[0].id)


@pytest.fixture
def live(client):
    """Number of a capture that the live web gave."""
    return first_capture(client, FERRY_LIVE.replace("http:", "https:"))


@pytest.fixture
def keep(own_folder):
    """Stores one capture in a library of the test's own; returns its number."""

    def run(payload=b"<p>page", headers=(("Content-Type", "text/html"),), **exchange):
        with adding(own_folder) as more:
            return more.came(URL, payload, headers, **exchange)[0]

    return run


# -- the page about it -----------------------------------------------------------------------------------------------


def test_a_capture_says_what_it_is(client, numbers, live):
    page = client.page(f"/captures/{live}")
    assert page.texts("//h1") == [f"Capture {live}"]
    facts = dict(zip(page.texts("//dl/dt"), page.texts("//dl/dd"), strict=True))
    assert facts["Kind"] == "answer of the live web"
    assert facts["Status"] == "200"
    assert facts["Media type"] == "text/html"
    assert facts["Check"] == "good the bytes have this digest"
    assert "sha256:" in facts["Payload"]
    assert "offset" in facts["Record"]
    assert page.links()[f"article {numbers.live}"] == f"/articles/{numbers.live}"
    assert "shows version 1 of article" in page.text
    assert page.texts("//table//td") == ["text/html; charset=utf-8"]


def test_the_frame_has_no_rights_at_all(client, live):
    (frame,) = client.page(f"/captures/{live}").tree.xpath("//iframe")
    assert frame.get("sandbox") == ""
    assert frame.get("src") == f"/captures/{live}/raw"
    assert frame.get("title")


def test_an_archived_copy_names_its_archive(client):
    number = client.site.ask(lambda store: store.history(FERRY_RESCUED.replace("http:", "https:")).captures[-1].id)
    page = client.page(f"/captures/{number}")
    facts = dict(zip(page.texts("//dl/dt"), page.texts("//dl/dd"), strict=True))
    assert facts["Archive"].startswith("lantern: http://archive.example/20060708040506/")
    assert facts["Digest in the archive’s index"] == "was not checked"


@pytest.mark.parametrize("part", ["", "/raw", "/record.warc.gz"])
def test_unknown_captures_are_not_found(client, part):
    assert "there is no capture 4711" in client.page(f"/captures/4711{part}", expect=404).text
    for number in ("x", "-1", "9" * 40, "%D9%A1"):
        client.get(f"/captures/{number}{part}", expect=404)


def test_hostile_headers_are_only_text(visitor, keep):
    number = keep(headers=(("Content-Type", "text/html"), ("X-Odd", "<script>alert(1)</script>"), ("Link", "x" * 9000)))
    source = visitor.get(f"/captures/{number}").text
    assert "<script>alert" not in source
    assert "&lt;script&gt;alert(1)" in source
    assert "x" * 2100 not in source


def test_a_revisit_names_the_capture_with_the_bytes(visitor, own_folder):
    with adding(own_folder) as more:
        first, _ = more.came(URL, b"same bytes")
        second, _ = more.came(URL, b"same bytes")
    page = visitor.page(f"/captures/{second}")
    assert page.links()[f"capture {first}"] == f"/captures/{first}"
    assert visitor.get(f"/captures/{second}/raw").content == b"same bytes"
    records = records_in(visitor.get(f"/captures/{second}/record.warc.gz").content)
    assert [kind for kind, _ in records] == ["response", "request", "revisit"]


# -- the page itself -------------------------------------------------------------------------------------------------


def test_the_page_comes_as_it_was_and_in_a_sandbox(visitor, keep):
    number = keep(HOSTILE)
    answer = visitor.get(f"/captures/{number}/raw")
    assert answer.content == HOSTILE
    assert answer.headers["content-security-policy"] == CAPTURED
    assert CAPTURED.startswith("sandbox;")
    assert "allow-" not in CAPTURED
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"


def test_no_stored_header_is_passed_on(visitor, keep):
    stored = (
        ("Content-Type", "text/html"),
        ("Set-Cookie", "dateline_session=stolen"),
        ("Refresh", "0; url=https://evil.example/"),
        ("Link", "<https://evil.example/>; rel=preload"),
        ("Content-Security-Policy", "script-src *"),
        ("Location", "https://evil.example/"),
        ("Access-Control-Allow-Origin", "*"),
        ("Content-Disposition", "attachment; filename=evil.exe"),
        ("X-Frame-Options", "ALLOWALL"),
    )
    number = keep(headers=stored)
    visitor.get("/events")
    answer = visitor.get(f"/captures/{number}/raw")
    assert "stolen" not in str(answer.headers)
    assert "evil" not in str(answer.headers)
    assert not {"refresh", "link", "location", "access-control-allow-origin"} & set(answer.headers)
    assert answer.headers["content-security-policy"] == CAPTURED


def test_what_is_no_page_is_text(visitor, keep):
    number = keep(b"<svg onload=alert(1)>", headers=(("Content-Type", "image/svg+xml"),))
    answer = visitor.get(f"/captures/{number}/raw")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["content-security-policy"] == CAPTURED


def test_what_browsers_open_with_programs_is_a_file_to_be_saved(visitor, keep):
    stored = (("Content-Type", "application/pdf"), ("Content-Disposition", "inline; filename=x.html"))
    number = keep(b"%PDF-", headers=stored)
    answer = visitor.get(f"/captures/{number}/raw")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == f'attachment; filename="capture-{number}.bin"'
    page = visitor.page(f"/captures/{number}")
    assert not page.tree.xpath("//iframe")
    assert "Save what was captured" in page.links()


def test_a_picture_is_shown_as_one(visitor, keep):
    number = keep(b"\x89PNG\r\n\x1a\n", headers=(("Content-Type", "image/png"),))
    page = visitor.page(f"/captures/{number}")
    assert [one.get("src") for one in page.tree.xpath("//main//img")] == [f"/captures/{number}/raw"]
    assert not page.tree.xpath("//iframe")


def test_the_content_encoding_is_taken_off(visitor, keep):
    number = keep(gzip.compress(b"<p>packed"), headers=(("Content-Type", "text/html"), ("Content-Encoding", "gzip")))
    answer = visitor.get(f"/captures/{number}/raw")
    assert (answer.content, answer.headers.get("content-encoding")) == (b"<p>packed", None)


def test_a_bomb_gives_no_more_than_is_shown(visitor, keep):
    bomb = gzip.compress(bytes(MOST_SHOWN + 1_000_000))
    assert len(bomb) < 100_000
    number = keep(bomb, headers=(("Content-Type", "text/html"), ("Content-Encoding", "gzip")))
    assert len(visitor.get(f"/captures/{number}/raw").content) == MOST_SHOWN
    assert "the first 8 MiB are shown" in visitor.page(f"/captures/{number}").text


# -- what cannot be shown --------------------------------------------------------------------------------------------


@pytest.fixture
def removed(visitor, own_folder):
    """A capture whose record was removed while its text stays."""
    number = first_capture(visitor, FERRY_LIVE.replace("http:", "https:"))
    with adding(own_folder) as more:
        document = more.store.capture(number).document
        asked = Takedown(
            kind=TakedownKind.RAW, subject=document.canonical_url, reason="rule old", who="ann", made_at=utc_now()
        )
        more.store.take_down(asked, document_ids=[document.id])
    return number


def test_what_was_taken_down_says_so(visitor, removed, numbers):
    page = visitor.page(f"/captures/{removed}", expect=410)
    assert "its raw captures were removed on" in page.text
    assert "by ann: rule old" in page.text
    assert not page.tree.xpath("//iframe")
    for part in ("raw", "record.warc.gz"):
        assert "by ann: rule old" in visitor.page(f"/captures/{removed}/{part}", expect=410).text
    assert "by ann: rule old" in visitor.page(f"/articles/{numbers.live}").text


@pytest.mark.parametrize("damage", ["missing", "damaged"])
def test_a_record_that_cannot_be_read_is_a_sentence(visitor, own_folder, keep, damage):
    number = keep(b"<p>something")
    place = visitor.site.ask(lambda store: store.capture(number).capture.location)
    path = own_folder / "captures" / place.file
    content = path.read_bytes()
    path.write_bytes(content[: place.offset] + b"x" * (len(content) - place.offset) if damage == "damaged" else b"")
    page = visitor.page(f"/captures/{number}")
    assert "The page cannot be shown" in page.text
    assert place.file in page.text
    assert not page.tree.xpath("//iframe")
    for part in ("raw", "record.warc.gz"):
        assert place.file in visitor.page(f"/captures/{number}/{part}", expect=404).text


# -- the record ------------------------------------------------------------------------------------------------------


def records_in(content):
    with closing(io.BytesIO(content)) as stream:
        return [(one.rec_type, one.content_stream().read()) for one in ArchiveIterator(stream)]


def test_the_record_can_be_taken_away(visitor, keep):
    number = keep(b"<p>the very bytes")
    answer = visitor.get(f"/captures/{number}/record.warc.gz")
    assert answer.headers["content-disposition"] == f'attachment; filename="capture-{number}.warc.gz"'
    found = dict(records_in(answer.content))
    assert found["response"] == b"<p>the very bytes"


def test_nobody_reads_captures_whom_nobody_named(visitor, keep):
    number = keep()
    assert visitor.http.get(f"/captures/{number}/raw", headers={"Host": "evil.example"}).status_code == 421
