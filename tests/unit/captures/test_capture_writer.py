import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from storage.captures import CaptureReader, CaptureWriter, verify
from storage.captures import writer as writer_module
from storage.types import CaptureKind, KnownPayload

RUN = "run"


def records(folder: Path):
    found = []
    for path in sorted(folder.glob("*.warc.gz")):
        with path.open("rb") as stream:
            found += [
                (record.rec_type, record.rec_headers, record.http_headers, record.content_stream().read())
                for record in ArchiveIterator(stream, check_digests="raise")
            ]
    return found


def of_type(folder: Path, wanted: str):
    return [record for record in records(folder) if record[0] == wanted]


def test_the_first_append_makes_the_file_and_its_warcinfo(folder, writer, exchange):
    assert not folder.exists()
    capture = writer.append(exchange(), kind=CaptureKind.LIVE, known={})
    (path,) = folder.iterdir()
    assert path.name == capture.location.file
    assert path.name.startswith("dateline-20")
    assert path.name.endswith("-01234567-00001.warc.gz")
    kind, head, _, block = records(folder)[0]
    assert kind == "warcinfo"
    assert head.protocol == "WARC/1.1"
    assert head.get_header("WARC-Filename") == path.name
    assert b"software: dateline/test\r\nformat: WARC File Format 1.1\r\nconformsTo: http" in block
    assert b"robots: obey\r\noperator: Test <t@example>\r\n" in block


def test_request_and_response_refer_to_each_other(folder, writer, exchange):
    capture = writer.append(exchange(), kind=CaptureKind.LIVE, known={})
    _, request, response = records(folder)
    assert (request[0], response[0]) == ("request", "response")
    assert request[1].get_header("WARC-Concurrent-To") == response[1].get_header("WARC-Record-ID")
    assert response[1].get_header("WARC-Concurrent-To") == request[1].get_header("WARC-Record-ID")
    assert response[1].get_header("WARC-Record-ID") == f"<{capture.location.record_id}>"
    assert response[1].get_header("WARC-Date") == "2026-03-04T05:06:07.000089Z"
    assert response[1].get_header("WARC-IP-Address") == "192.0.2.7"
    assert (
        request[2].to_str().startswith("GET /harbour?id=7 HTTP/1.1\r\nHost: news.example\r\nUser-Agent: dateline-test")
    )
    assert response[3] == exchange().payload


def test_the_capture_says_what_was_written(folder, writer, exchange):
    given = exchange(truncated="length")
    capture = writer.append(given, kind=CaptureKind.LIVE, known={})
    assert (capture.url, capture.status, capture.headers) == (given.url, 200, given.headers)
    assert capture.media_type == "text/html"
    assert capture.payload_digest == f"sha256:{hashlib.sha256(given.payload).hexdigest()}"
    assert capture.payload_length == len(given.payload)
    assert capture.captured_at == capture.fetched_at == given.fetched_at
    assert of_type(folder, "response")[0][1].get_header("WARC-Truncated") == capture.truncated == "length"
    with (folder / capture.location.file).open("rb") as stream:
        stream.seek(capture.location.offset)
        assert stream.read(2) == b"\x1f\x8b"
        assert capture.location.offset + capture.location.length == (folder / capture.location.file).stat().st_size


def test_a_payload_that_the_caller_knows_becomes_a_revisit(folder, writer, exchange):
    first = writer.append(exchange(), kind=CaptureKind.LIVE, known={})
    writer.close()
    known = KnownPayload(
        payload_digest=first.payload_digest, location=first.location, url=first.url, fetched_at=first.fetched_at
    )
    again = exchange(url="http://mirror.example/copy", headers=(("X-Node", "b"),))
    second = writer.append(again, kind=CaptureKind.LIVE, known={first.payload_digest: known})
    assert second.revisit_of == first.location.record_id
    assert second.location.file != first.location.file
    (_, head, http, block) = of_type(folder, "revisit")[0]
    assert head.get_header("WARC-Profile") == "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
    assert head.get_header("WARC-Refers-To") == f"<{first.location.record_id}>"
    assert head.get_header("WARC-Refers-To-Target-URI") == first.url
    assert head.get_header("WARC-Refers-To-Date") == "2026-03-04T05:06:07.000089Z"
    assert head.get_header("WARC-Payload-Digest") == first.payload_digest
    assert http.headers == [("X-Node", "b")]
    assert block == b""


def test_the_writer_remembers_its_own_payloads(writer, exchange):
    first = writer.append(exchange(), kind=CaptureKind.LIVE, known={})
    second = writer.append(exchange(url="http://mirror.example/"), kind=CaptureKind.LIVE, known={})
    assert second.revisit_of == first.location.record_id


def test_the_writer_forgets_its_payloads_with_the_file(folder, exchange):
    with CaptureWriter(folder, token=RUN, software="s", rotate_at=1) as writer:
        captures = [writer.append(exchange(), kind=CaptureKind.LIVE, known={}) for _ in range(3)]
    assert [capture.revisit_of for capture in captures] == ["", "", ""]
    assert len({capture.location.file for capture in captures}) == 3


def test_an_empty_payload_is_never_a_revisit(folder, writer, exchange):
    for _ in range(2):
        capture = writer.append(exchange(payload=b"", status=301), kind=CaptureKind.LIVE, known={})
        assert capture.revisit_of == ""
    assert len(of_type(folder, "response")) == 2


def test_not_modified_is_a_revisit_of_what_is_unchanged(folder, writer, exchange):
    page = writer.append(exchange(), kind=CaptureKind.LIVE, known={})
    unchanged = KnownPayload(
        payload_digest=page.payload_digest, location=page.location, url=page.url, fetched_at=page.fetched_at
    )
    answer = exchange(payload=b"", status=304, headers=(("ETag", '"a"'), ("Content-Length", "1234")))
    capture = writer.append(answer, kind=CaptureKind.LIVE, known={}, unchanged=unchanged)
    lonely = writer.append(answer, kind=CaptureKind.LIVE, known={})
    assert (capture.revisit_of, capture.payload_length) == ("", 0)
    first, second = of_type(folder, "revisit")
    assert first[1].get_header("WARC-Profile") == "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
    assert first[1].get_header("WARC-Refers-To") == f"<{page.location.record_id}>"
    assert first[1].get_header("WARC-Payload-Digest") == page.payload_digest
    assert first[2].get_header("Content-Length") == "1234"
    assert second[1].get_header("WARC-Refers-To") is None
    with CaptureReader(folder) as reader:
        assert reader.payload(capture) == reader.payload(lonely) == b""
    writer.sync()
    assert list(verify(folder, iter([page, capture, lonely]))) == []


def test_a_memento_has_the_true_fetch_time_and_its_own_in_a_metadata_record(folder, writer, exchange):
    moment = datetime(2006, 7, 5, 16, 20, 11, tzinfo=UTC)
    capture = writer.append(exchange(), kind=CaptureKind.MEMENTO, known={}, captured_at=moment)
    assert capture.captured_at == moment
    assert [record[0] for record in records(folder)] == ["warcinfo", "request", "metadata", "response"]
    metadata = of_type(folder, "metadata")[0]
    assert metadata[1].get_header("WARC-Refers-To") == f"<{capture.location.record_id}>"
    assert metadata[3] == b"capture-kind: memento\r\ncaptured-at: 2006-07-05T16:20:11Z\r\n"
    assert of_type(folder, "response")[0][1].get_header("WARC-Date").startswith("2026-03-04")


def test_an_imported_text_is_a_resource(folder, writer, exchange):
    now = exchange().fetched_at
    facts = {"fetched_at": now, "captured_at": now - timedelta(days=900), "known": {}}
    url = "https://news.example/2011/harbour"
    capture = writer.append_text(url, "Fährhafen".encode(), "Text/Markdown; charset=utf-8", **facts)
    again = writer.append_text(url, "Fährhafen".encode(), "text/markdown", **facts)
    assert (capture.kind, capture.status, capture.headers) == (CaptureKind.IMPORTED, 0, ())
    assert capture.media_type == "text/markdown"
    assert again.revisit_of == capture.location.record_id
    (_, head, _, block) = of_type(folder, "resource")[0]
    assert head.get_header("Content-Type") == "Text/Markdown; charset=utf-8"
    assert block == "Fährhafen".encode()
    with CaptureReader(folder) as reader:
        assert reader.content(capture) == reader.payload(again) == block
        assert reader.headers(capture) == reader.headers(again) == ()
    assert list(verify(folder, iter([capture, again]))) == []


def test_a_media_type_that_is_none_does_not_reach_the_record(folder, writer, exchange):
    capture = writer.append_text("urn:x", b"a", "no\r\nWARC-Type: x", fetched_at=exchange().fetched_at, known={})
    assert of_type(folder, "resource")[0][1].get_header("Content-Type") == "application/octet-stream"
    assert capture.media_type == "application/octet-stream"


def test_what_does_not_shrink_is_stored_as_it_is(writer, exchange):
    noise = b"".join(hashlib.sha256(bytes([i, j])).digest() for i in range(40) for j in range(40))
    capture = writer.append(exchange(noise), kind=CaptureKind.LIVE, known={})
    assert len(noise) < capture.location.length < len(noise) + 1200
    assert writer.append(exchange(b"same " * 9999), kind=CaptureKind.LIVE, known={}).location.length < 1200


def test_a_moment_without_a_zone_is_refused_before_anything_is_written(folder, writer, exchange):
    naive = datetime(2026, 1, 1)  # noqa: DTZ001 -- the mistake that is meant
    with pytest.raises(ValueError, match="captured_at must be"):
        writer.append(exchange(), kind=CaptureKind.MEMENTO, known={}, captured_at=naive)
    with pytest.raises(ValueError, match="fetched_at must be"):
        writer.append_text("http://a.example/", b"x", "text/plain", fetched_at=naive, known={})
    assert not folder.exists()


def test_the_memory_for_payloads_is_bounded(writer, exchange, monkeypatch):
    monkeypatch.setattr(writer_module, "_REMEMBERED", 2)
    pages = [exchange(b"%d" % number) for number in (0, 1, 2, 2, 1, 0)]
    captures = [writer.append(page, kind=CaptureKind.LIVE, known={}) for page in pages]
    assert [bool(capture.revisit_of) for capture in captures] == [False, False, False, True, True, False]


@pytest.mark.parametrize("token", ["", "../../etc", "a b", "é"])
def test_a_token_that_cannot_name_a_file_is_refused(folder, token):
    with pytest.raises(ValueError, match="token"):
        CaptureWriter(folder, token=token, software="s")


def test_hostile_urls_and_addresses_stay_inside_their_fields(folder, writer, exchange):
    url = 'http://news.example/a b\r\nWARC-Type: warcinfo\r\n\r\n<"Ж">'
    capture = writer.append(exchange(url=url, remote_address="1.2.3\r\n"), kind=CaptureKind.LIVE, known={})
    (_, head, _, _) = of_type(folder, "response")[0]
    assert head.get_header("WARC-Type") == "response"
    assert head.get_header("WARC-Target-URI").startswith("http://news.example/a%20b%0D%0AWARC-Type:%20warcinfo")
    assert head.get_header("WARC-Target-URI").endswith("%3C%22%D0%96%22%3E")
    assert head.get_header("WARC-IP-Address") is None
    assert list(verify(folder, iter([capture]))) == []
