import gzip
from dataclasses import replace
from pathlib import Path

import pytest

from storage.captures import CaptureReader, CaptureWriter
from storage.errors import CaptureError, DigestMismatch, RecordMissing
from storage.types import CaptureKind, KnownPayload

RUN = "run"
OPEN_FILES = Path("/proc/self/fd")


@pytest.fixture
def reader(folder):
    with CaptureReader(folder) as one:
        yield one


def place(capture, **changes):
    return replace(capture, location=replace(capture.location, **changes))


def test_content_has_the_encoding_removed(writer, reader, exchange):
    packed = gzip.compress(exchange().payload)
    capture = writer.append(exchange(packed, headers=(("Content-Encoding", "gzip"),)), kind=CaptureKind.LIVE, known={})
    assert reader.payload(capture) == packed
    assert reader.content(capture) == exchange().payload
    assert reader.content(capture, max_bytes=10) == exchange().payload[:10]


def test_a_revisit_is_read_through_known_or_through_its_own_record(writer, reader, exchange):
    first = writer.append(exchange(), kind=CaptureKind.LIVE, known={})
    second = writer.append(exchange(headers=(("X-B", "2"),)), kind=CaptureKind.LIVE, known={})
    known = KnownPayload(
        payload_digest=first.payload_digest, location=first.location, url=first.url, fetched_at=first.fetched_at
    )
    assert reader.payload(second, known) == reader.payload(second) == exchange().payload
    assert reader.headers(second) == (("X-B", "2"),)


def test_a_revisit_of_a_revisit_is_refused(writer, reader, exchange):
    first = writer.append(exchange(), kind=CaptureKind.LIVE, known={})
    second = writer.append(exchange(), kind=CaptureKind.LIVE, known={})
    wrong = KnownPayload(
        payload_digest=first.payload_digest, location=second.location, url=first.url, fetched_at=first.fetched_at
    )
    with pytest.raises(RecordMissing, match="revisit record, without bytes"):
        reader.payload(second, wrong)


def test_another_record_or_none_is_missing(writer, reader, exchange):
    first = writer.append(exchange(), kind=CaptureKind.LIVE, known={})
    second = writer.append(exchange(b"another"), kind=CaptureKind.LIVE, known={})
    with pytest.raises(RecordMissing, match=first.location.record_id):
        reader.payload(place(second, offset=first.location.offset, length=first.location.length))
    for changes in ({"offset": 1}, {"offset": 1 << 40}, {"length": 9}, {"file": "no.warc.gz"}, {"file": "\0"}):
        with pytest.raises(RecordMissing):
            reader.payload(place(first, **changes))
        with pytest.raises(RecordMissing):
            reader.headers(place(first, **changes))


@pytest.mark.parametrize("name", ["../captures/{}", "/etc/passwd", "..", "", "a//b", "./{}"])
def test_a_file_outside_the_folder_is_not_opened(writer, reader, exchange, name):
    capture = writer.append(exchange(), kind=CaptureKind.LIVE, known={})
    with pytest.raises(RecordMissing, match="no file of the captures folder"):
        reader.payload(place(capture, file=name.format(capture.location.file)))


def test_a_revisit_that_points_nowhere_is_missing(writer, reader, exchange):
    capture = writer.append(exchange(), kind=CaptureKind.LIVE, known={})
    with pytest.raises(RecordMissing, match="does not say where"):
        reader.payload(replace(capture, revisit_of="urn:uuid:1"))
    with pytest.raises(RecordMissing):
        reader.payload(replace(place(capture, offset=3), revisit_of="urn:uuid:1"))


def test_changed_bytes_are_noticed(folder, writer, reader, exchange):
    capture = writer.append(exchange(), kind=CaptureKind.LIVE, known={})
    with pytest.raises(DigestMismatch, match="payload digest is sha256:"):
        reader.payload(replace(capture, payload_digest="sha256:" + "0" * 64))
    path = folder / capture.location.file
    data = bytearray(path.read_bytes())
    data[capture.location.offset + 400] ^= 0x40
    path.write_bytes(bytes(data))
    with pytest.raises(CaptureError):
        reader.payload(capture)


def test_a_record_far_larger_than_its_row_is_not_read_into_memory(writer, reader, exchange):
    capture = writer.append(exchange(b"0" * (3 << 20)), kind=CaptureKind.LIVE, known={})
    with pytest.raises(RecordMissing, match="at most"):
        reader.payload(replace(capture, payload_length=10))


def test_the_number_of_open_files_is_bounded(folder, exchange):
    with CaptureWriter(folder, token=RUN, software="s", rotate_at=1) as writer:
        captures = [
            writer.append(exchange(b"page %d" % number), kind=CaptureKind.LIVE, known={}) for number in range(40)
        ]
    before = len(list(OPEN_FILES.iterdir())) if OPEN_FILES.is_dir() else None
    with CaptureReader(folder) as reader:
        assert [reader.payload(capture) for capture in captures] == [b"page %d" % number for number in range(40)]
        assert len(reader._fds) == 16
        if before is not None:
            assert len(list(OPEN_FILES.iterdir())) <= before + 16
    assert not reader._fds
