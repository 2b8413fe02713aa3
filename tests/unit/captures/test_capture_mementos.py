"""Archived copies in our files: the exchange with the archive, and what the metadata record says of it."""

from datetime import UTC, datetime, timedelta

import pytest
from warcio.archiveiterator import ArchiveIterator

from storage.captures import CaptureReader, verify
from storage.types import CaptureKind, DigestCheck, KnownPayload, Memento

CAPTURED_AT = datetime(2014, 3, 9, 10, 11, 12, tzinfo=UTC)
PAGE_URL = "http://coast.example/lighthouse"
ARCHIVE_URL = f"https://web.memory.example/web/20140309101112id_/{PAGE_URL}"
MEMENTO = Memento(
    archive="memory",
    url=ARCHIVE_URL,
    page_url=PAGE_URL,
    captured_at=CAPTURED_AT,
    requested_at=CAPTURED_AT + timedelta(seconds=5),
    digest_check=DigestCheck.DIFFERS,
    index_digest="QHXZUO2ARVIWEBQGXS3TNVYGBOWTA3NR",
    index_row="example,coast)/lighthouse 20140309101117 http://coast.example/lighthouse",
    public_url=f"https://web.memory.example/web/20140309101112/{PAGE_URL}",
)


@pytest.fixture
def memento(exchange):
    def make(**changes):
        return exchange(url=ARCHIVE_URL, **{"memento": MEMENTO, **changes})

    return make


def records(folder, capture):
    with (folder / capture.location.file).open("rb") as stream:
        return [
            (record.rec_type, record.rec_headers, record.content_stream().read())
            for record in ArchiveIterator(stream, check_digests="raise")
        ]


def metadata(folder, capture):
    (found,) = [(headers, body) for kind, headers, body in records(folder, capture) if kind == "metadata"]
    return found[0], [tuple(line.split(": ", 1)) for line in found[1].decode().splitlines()]


def test_the_exchange_with_the_archive_is_kept_as_it_took_place(folder, writer, memento):
    capture = writer.append(memento(), kind=CaptureKind.MEMENTO, known={})
    kinds = [kind for kind, _, _ in records(folder, capture)]
    assert kinds == ["warcinfo", "request", "metadata", "response"]
    _, head, _ = records(folder, capture)[-1]
    assert head.get_header("WARC-Target-URI") == ARCHIVE_URL
    assert head.get_header("WARC-Date") == "2026-03-04T05:06:07.000089Z"
    assert (capture.kind, capture.memento, capture.captured_at) == (CaptureKind.MEMENTO, MEMENTO, CAPTURED_AT)
    assert (capture.url, capture.page_url) == (ARCHIVE_URL, PAGE_URL)
    assert list(verify(folder, iter([capture]))) == []


def test_the_metadata_record_says_where_a_copy_comes_from(folder, writer, memento):
    capture = writer.append(memento(), kind=CaptureKind.MEMENTO, known={})
    head, facts = metadata(folder, capture)
    assert head.get_header("WARC-Refers-To") == f"<{capture.location.record_id}>"
    assert facts == [
        ("capture-kind", "memento"),
        ("captured-at", "2014-03-09T10:11:12Z"),
        ("archive", "memory"),
        ("memento-url", ARCHIVE_URL),
        ("page-url", PAGE_URL),
        ("requested-at", "2014-03-09T10:11:17Z"),
        ("index-row", MEMENTO.index_row),
        ("index-digest", MEMENTO.index_digest),
        ("digest-check", "differs"),
        ("public-url", MEMENTO.public_url),
    ]


def test_no_archive_can_forge_a_field_or_a_record(folder, writer, memento):
    evil = "x\r\ncaptured-at: 1999-01-01T00:00:00Z\r\n\r\nWARC/1.1\r\n\0\u2028\x85é\udc80"
    forged = Memento(
        archive=evil,
        url=evil,
        page_url=evil,
        captured_at=CAPTURED_AT,
        requested_at=CAPTURED_AT,
        index_digest=evil,
        index_row=evil,
        public_url=evil,
    )
    capture = writer.append(memento(memento=forged), kind=CaptureKind.MEMENTO, known={})
    _, facts = metadata(folder, capture)
    assert [name for name, _ in facts] == [
        "capture-kind",
        "captured-at",
        "archive",
        "memento-url",
        "page-url",
        "requested-at",
        "index-row",
        "index-digest",
        "digest-check",
        "public-url",
    ]
    assert dict(facts)["captured-at"] == "2014-03-09T10:11:12Z"
    assert dict(facts)["index-row"] == "x captured-at: 1999-01-01T00:00:00Z WARC/1.1 é?"
    assert list(verify(folder, iter([capture]))) == []


def test_a_known_payload_becomes_a_revisit_with_its_own_provenance(folder, writer, memento, exchange):
    live = writer.append(exchange(), kind=CaptureKind.LIVE, known={})
    capture = writer.append(memento(), kind=CaptureKind.MEMENTO, known={})
    assert capture.revisit_of == live.location.record_id
    assert capture.memento == MEMENTO
    kinds = [kind for kind, _, _ in records(folder, capture)]
    assert kinds == ["warcinfo", "request", "response", "request", "metadata", "revisit"]
    with CaptureReader(folder) as reader:
        assert reader.payload(capture) == exchange().payload
    assert list(verify(folder, iter([live, capture]))) == []


def test_an_archived_copy_is_a_memento_whatever_is_said(writer, memento, exchange):
    assert writer.append(memento(), kind=CaptureKind.LIVE, known={}).kind is CaptureKind.MEMENTO
    assert writer.append(exchange(b"live"), kind=CaptureKind.LIVE, known={}).kind is CaptureKind.LIVE


def test_a_live_capture_and_an_exchange_with_an_archive_hold_their_bytes_under_the_url_that_was_asked(
    writer, memento, exchange
):
    for asked in (memento(), exchange(b"live")):
        capture = writer.append(asked, kind=CaptureKind.LIVE, known={})
        known = KnownPayload.of(capture)
        assert (known.url, known.fetched_at) == (asked.url, asked.fetched_at)
        assert (known.payload_digest, known.location) == (capture.payload_digest, capture.location)
