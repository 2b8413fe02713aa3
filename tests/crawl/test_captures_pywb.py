"""The library's captures in foreign hands: warcio's checker, and a real web archive on loopback."""

import gzip
import json
import subprocess
from datetime import UTC, datetime, timedelta

import brotli
import pytest
from pywb_archive import PywbArchive

from storage.captures import CaptureReader, CaptureWriter
from storage.types import CaptureKind, Exchange, KnownPayload

START = datetime(2026, 2, 3, 4, 5, 6, 123456, tzinfo=UTC)
HTML = (("Content-Type", "text/html; charset=utf-8"),)
PAGE = "<html><title>Ferry</title><p>Le ferry a repris à l’aube.</p></html>".encode() * 40
SHELL = b"<html><title>Ferry</title><div id=root></div><script src=/app.js></script></html>"
CYRILLIC = "<html><title>Паром</title><p>Паром снова ходит.</p></html>".encode("cp1251")


def exchange(number, url, payload, *, status=200, headers=HTML, reason="OK", rendered=False):
    return Exchange(
        rendered=rendered,
        url=url,
        request_headers=(("User-Agent", "dateline-test"),),
        status=status,
        reason=reason,
        headers=headers,
        payload=payload,
        fetched_at=START + timedelta(minutes=number),
        remote_address="192.0.2.1",
    )


def exchanges():
    squeezed = (*HTML, ("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked"))
    return [
        exchange(0, "http://news.example/page", PAGE, headers=(*HTML, ("Content-Length", "17"))),
        exchange(1, "http://news.example/squeezed", gzip.compress(PAGE, mtime=0), headers=squeezed),
        exchange(2, "http://news.example/br", brotli.compress(PAGE), headers=(*HTML, ("Content-Encoding", "br"))),
        exchange(
            3,
            "http://news.example/moved?id=1",
            b"<p>moved</p>",
            status=301,
            headers=(*HTML, ("Location", "http://news.example/page")),
            reason="Moved Permanently",
        ),
        exchange(4, "http://news.example/gone", b"<h1>Not here</h1>", status=404, reason="Not Found"),
        exchange(5, "http://mirror.example/page", PAGE, headers=(*HTML, ("X-Node", "mirror"))),
        exchange(6, "http://news.example/squeezed", gzip.compress(PAGE, mtime=0), headers=squeezed),
        exchange(7, "http://news.example/page", b"", status=304, headers=(("ETag", '"x"'),), reason="Not Modified"),
        exchange(
            8,
            "http://news.example/новости/паром",
            CYRILLIC,
            headers=(
                ("Content-Type", "text/html; charset=windows-1251"),
                ("X-Titre", "d\xe9j\xe0"),
                ("X-Title", "Паром"),
                ("X-Split", "a\r\nSet-Cookie: b"),
            ),
        ),
        exchange(9, "http://news.example/empty", b"", headers=(*HTML, ("Transfer-Encoding", "chunked"))),
        exchange(11, "http://news.example/shell", SHELL),
        # Archives tell captures apart by the second; no page is rendered within one.
        exchange(11.02, "http://news.example/shell", PAGE + b"<!-- by script -->", rendered=True),
    ]


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """A captures folder of two runs, and its captures by number; the last is an imported text."""
    folder = tmp_path_factory.mktemp("library") / "captures"
    made = []
    known = {}
    for run, chosen in (("first", exchanges()[:5]), ("second", exchanges()[5:])):
        with CaptureWriter(folder, token=run, software="dateline/test") as writer:
            for one in chosen:
                unchanged = next(iter(known.values())) if one.status == 304 else None
                made.append(writer.append(one, kind=CaptureKind.LIVE, known=known, unchanged=unchanged))
            if run == "second":
                facts = {"fetched_at": START + timedelta(minutes=10), "captured_at": START - timedelta(days=4000)}
                made.append(
                    writer.append_text("http://news.example/saved", PAGE[:700], "text/markdown", known={}, **facts)
                )
        known = {
            capture.payload_digest: KnownPayload(
                payload_digest=capture.payload_digest,
                location=capture.location,
                url=capture.url,
                fetched_at=capture.fetched_at,
            )
            for capture in made
        }
    assert [bool(capture.revisit_of) for capture in made].count(True) == 2
    return folder, made


@pytest.fixture(scope="module")
def archive(library, pywb, tmp_path_factory):
    """A running pywb that has the library's captures in its collection ``coll``."""
    files = sorted(library[0].glob("*.warc.gz"))
    with PywbArchive(pywb, tmp_path_factory.mktemp("pywb"), files, collection="coll") as running:
        yield running


def replay(archive, capture, accept="identity"):
    url = "".join(c if c.isascii() else "".join(f"%{byte:02X}" for byte in c.encode()) for c in capture.url)
    return archive.get(f"{capture.fetched_at:%Y%m%d%H%M%S}id_/{url}", accept)


def test_warcio_finds_every_digest_right(library, pywb):
    # From pywb's environment: warcio 1.8 cannot read through the newest brotli.
    checker = str(pywb / "warcio")
    files = sorted(str(path) for path in library[0].glob("*.warc.gz"))
    done = subprocess.run([checker, "check", "-v", *files], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout
    assert done.stderr == ""
    lines = [line.strip() for line in done.stdout.splitlines()]
    # Two warcinfos, a request and an answer per exchange, what a browser made of one answer, the imported text and its
    # metadata; it skips revisits.
    assert lines.count("digest pass") == 2 + 11 + 8 + 1 + 2
    assert lines.count("digest present but not checked (revisit)") == 3
    assert not [line for line in lines if "fail" in line or "unknown" in line or "no digest" in line]


def test_pywb_replays_the_stored_bytes(library, archive):
    folder, captures = library
    with CaptureReader(folder) as reader:
        for capture in captures:
            if capture.status == 304:
                continue
            status, headers, body = replay(archive, capture, accept="gzip, br")
            about = f"{capture.url} gave {status} {body[:300]!r}"
            assert status == (capture.status or 200), about
            assert body == reader.payload(capture), about
            assert headers["Memento-Datetime"] == f"{capture.fetched_at:%a, %d %b %Y %H:%M:%S} GMT", about
            assert headers["Content-Type"] == (dict(capture.headers).get("Content-Type") or capture.media_type), about


def test_pywb_tells_a_response_and_what_a_browser_made_of_it_apart(library, archive):
    response, rendered = library[1][10:12]
    assert rendered.kind is CaptureKind.RENDERED
    assert replay(archive, response)[2] == SHELL
    status, headers, body = replay(archive, rendered)
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert body.endswith(b"<!-- by script -->")


def test_pywb_decodes_what_a_plain_client_asks_for(library, archive):
    folder, captures = library
    with CaptureReader(folder) as reader:
        encoded = [capture for capture in captures if "Content-Encoding" in dict(capture.headers)]
        for capture in encoded:
            assert replay(archive, capture, accept="identity")[2] == reader.content(capture) == PAGE
    assert len(encoded) == 3


def test_pywb_shows_the_headers_of_each_visit(library, archive):
    captures = library[1]
    moved = replay(archive, captures[3])[1]
    assert moved["Location"] == "http://news.example/page"
    assert replay(archive, captures[5])[1]["X-Node"] == "mirror"
    unchanged = replay(archive, captures[7])
    assert (unchanged[0], unchanged[2]) == (304, b"")
    hostile = replay(archive, captures[8])[1]
    assert (hostile["X-Titre"], hostile["X-Split"], hostile["Set-Cookie"]) == ("d\xe9j\xe0", "a Set-Cookie: b", None)


def test_pywb_indexes_our_digests(library, archive):
    _, _, body = archive.get("cdx?url=news.example/*&output=json&matchType=domain")
    rows = [json.loads(line) for line in body.splitlines()]
    places = {(row["filename"], int(row["offset"]), int(row["length"]), row["digest"]) for row in rows}
    for capture in library[1]:
        if "news.example" in capture.url and capture.status != 304:
            place = capture.location
            assert (place.file, place.offset, place.length, capture.payload_digest) in places
