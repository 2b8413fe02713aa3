"""Overwriting records in place: the file stays a WARC file, everything else in it stays where it is."""

import gzip
import io
import os
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from storage.captures import CaptureReader, CaptureWriter, finish_removals, recover, remove_uncommitted, verify
from storage.captures.files import UNCOMMITTED
from storage.captures.members import FoundRecord, scan
from storage.captures.moving import stored_revisit
from storage.captures.removal import NOTICE_FIELD, is_notice, notice
from storage.errors import LibraryError
from storage.types import CaptureKind, KnownPayload, Removal, Takedown, TakedownKind

MADE = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
SECRET = b"quokkaburra"
LEAST = 210
"""Bytes that every record of ours has; the smallest one is looked at below."""


class Notes:
    """What a store would list."""

    def __init__(self, *stretches):
        self.stretches = list(stretches)
        self.ended = 0

    def removals(self):
        return list(self.stretches)

    def takedowns(self):
        fields = {"kind": TakedownKind.DOCUMENT, "subject": "http://a.example/", "reason": "asked", "who": "ann"}
        return [Takedown(id=number, made_at=MADE, **fields) for number in (1, 2, 7)]

    def end_removals(self, done):
        self.ended += 1
        self.stretches = [one for one in self.stretches if one not in done]


@pytest.fixture
def written(folder, exchange):
    """Writes pages with these payloads; each has its own URL."""

    def write(*payloads, **changes):
        with CaptureWriter(folder, token="0123456789abcdef", software="dateline/test") as writer:
            return [
                writer.append(
                    exchange(payload, url=f"http://news.example/{number}", **changes), kind=CaptureKind.LIVE, known={}
                )
                for number, payload in enumerate(payloads)
            ]

    return write


def stretch_of(capture, before=None, takedown_id=7):
    """As a store notes it: from the end of the record before to the end of the capture's own."""
    start = before.location.offset + before.location.length if before else 0
    end = capture.location.offset + capture.location.length
    return Removal(file=capture.location.file, offset=start, length=end - start, takedown_id=takedown_id)


def finish(folder, *stretches, rows=()):
    notes = Notes(*stretches)

    def committed_end(name):
        noted = [one.offset + one.length for one in notes.stretches if one.file == name]
        own = [one.location.offset + one.location.length for one in rows if one.location.file == name]
        return max((*noted, *own), default=0)

    return finish_removals(folder, notes, committed_end=committed_end), notes


def records_of(path):
    with path.open("rb") as stream:
        mine = list(scan(stream.fileno(), 0, path.stat().st_size))
    with path.open("rb") as stream:
        theirs = [(one.rec_type, one.content_stream().read()) for one in ArchiveIterator(stream, check_digests="raise")]
    with path.open("rb") as stream:
        fast = [one.record_id for one in FastIterator(stream, parse_http=False) if one.reader.read() is not None]
    assert all(isinstance(one, FoundRecord) for one in mine)
    assert len(mine) == len(theirs) == len(fast)
    return mine


def text_of(folder):
    return b"".join(gzip.decompress(path.read_bytes()) for path in folder.rglob("*.gz"))


def test_a_capture_is_overwritten_and_all_others_stay_where_they_are(folder, written):
    first, gone, last = captures = written(b"one", SECRET * 50, b"three")
    path = folder / gone.location.file
    size = path.stat().st_size
    done, notes = finish(folder, stretch_of(gone, first), rows=(first, last))
    assert (done.records, done.files, notes.stretches) == (1, 0, [])
    assert path.stat().st_size == size
    assert SECRET not in text_of(folder)
    assert b"news.example/1" not in text_of(folder)
    assert [is_notice(one) for one in records_of(path)] == [False, False, False, True, False, False]
    assert list(verify(folder, iter([first, last]))) == []
    with CaptureReader(folder) as reader:
        assert [reader.payload(one) for one in (captures[0], captures[2])] == [b"one", b"three"]
    assert recover(folder, lambda _: last.location.offset + last.location.length) == []


def test_the_first_record_of_a_file_stays(folder, written):
    gone, kept = written(SECRET, b"two")
    finish(folder, stretch_of(gone), rows=(kept,))
    found = records_of(folder / gone.location.file)
    assert [one.head.type for one in found] == ["warcinfo", "metadata", "request", "response"]
    assert list(verify(folder, iter([kept]))) == []


def test_a_notice_says_which_takedown_and_when_and_never_what(folder, written):
    gone, kept = written(SECRET * 9, b"two")
    finish(folder, stretch_of(gone), rows=(kept,))
    head = records_of(folder / gone.location.file)[1].head.fields
    assert (head[NOTICE_FIELD.lower()], head["warc-date"]) == ("7", "2026-11-22T10:30:00Z")
    assert "warc-target-uri" not in head
    text = text_of(folder)
    assert b"removed-by: takedown 7\r\nremoved-at: 2026-11-22T10:30:00Z\r\n" in text
    assert b"asked" not in text


def test_a_record_without_a_row_that_is_of_something_else_stays(folder, written):
    first, orphan, gone = written(b"one", b"nobody's", SECRET)
    finish(folder, stretch_of(gone, first), rows=(first,))
    found = records_of(folder / gone.location.file)
    assert [is_notice(one) for one in found] == [False] * 5 + [True]
    with CaptureReader(folder) as reader:
        assert reader.payload(orphan) == b"nobody's"


def test_doing_it_again_changes_nothing(folder, written):
    first, gone, last = written(b"one", SECRET, b"three")
    finish(folder, stretch_of(gone, first), rows=(first, last))
    before = (folder / gone.location.file).read_bytes()
    again, _ = finish(folder, stretch_of(gone, first), rows=(first, last))
    assert again.bytes == 0
    assert (folder / gone.location.file).read_bytes() == before


def test_neighbours_that_go_one_after_the_other_leave_a_notice_each(folder, written):
    first, one, other, last = written(b"one", SECRET, SECRET * 2, b"four")
    finish(folder, stretch_of(one, first, 1), rows=(first, other, last))
    finish(folder, stretch_of(other, first, 2), rows=(first, last))
    noted = [found.head.fields[NOTICE_FIELD.lower()] for found in records_of(folder / one.location.file)[3:5]]
    assert noted == ["1", "2"]
    assert list(verify(folder, iter([first, last]))) == []


@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 0.6, 0.99])
def test_a_torn_overwrite_is_healed_by_doing_it_again(folder, written, share):
    first, gone, last = written(b"one", SECRET + os.urandom(90_000), b"three")
    stretch, path = stretch_of(gone, first), folder / gone.location.file
    old = path.read_bytes()
    finish(folder, stretch, rows=(first, last))
    new = path.read_bytes()
    torn = stretch.offset + int(stretch.length * share)
    path.write_bytes(new[:torn] + old[torn:])
    finish(folder, stretch, rows=(first, last))
    assert path.read_bytes() == new


def test_a_file_in_which_nothing_is_left_is_deleted(folder, written):
    one, other = written(SECRET, SECRET * 2)
    done, _ = finish(folder, stretch_of(one), rows=(other,))
    assert done.files == 0
    done, _ = finish(folder, stretch_of(other, one))
    assert done.files == 1
    assert list(folder.iterdir()) == []


def test_the_next_start_deletes_what_a_killed_removal_left_empty(folder, written):
    (gone,) = written(SECRET)
    path = folder / gone.location.file
    with path.open("rb+") as stream:
        found = list(scan(stream.fileno(), 0, path.stat().st_size))
        start = found[0].end
        data = notice(path.stat().st_size - start, place="x", takedown_id=7, made_at=MADE)
        os.pwrite(stream.fileno(), data, start)
    assert recover(folder, lambda _: 0) == []
    assert not path.exists()


def test_the_end_of_a_file_may_be_a_notice(folder, written):
    kept, gone = written(b"one", SECRET)
    finish(folder, stretch_of(gone, kept), rows=(kept,))
    size = (folder / gone.location.file).stat().st_size
    assert recover(folder, lambda _: kept.location.offset + kept.location.length) == []
    assert (folder / gone.location.file).stat().st_size == size


def test_a_file_that_a_living_process_writes_is_overwritten_and_goes_on(folder, exchange):
    with CaptureWriter(folder, token="0123456789abcdef", software="dateline/test") as writer:
        gone = writer.append(exchange(SECRET), kind=CaptureKind.LIVE, known={})
        done, _ = finish(folder, stretch_of(gone))
        assert (done.records, done.files) == (1, 0)
        later = writer.append(exchange(b"later"), kind=CaptureKind.LIVE, known={})
    assert list(verify(folder, iter([later]))) == []
    assert SECRET not in text_of(folder)


def test_a_file_that_is_gone_is_no_obstacle_but_a_missing_folder_is(folder, written):
    (gone,) = written(SECRET)
    (folder / gone.location.file).unlink()
    done, notes = finish(folder, stretch_of(gone))
    assert (done.bytes, notes.stretches) == (0, [])
    folder.rmdir()
    with pytest.raises(LibraryError, match="does not hold it"):
        finish(folder, stretch_of(gone))


def test_records_that_no_row_ever_pointed_to_go_by_their_url(folder, written):
    written(b"one", SECRET, b"three")
    recover(folder, lambda _: 0)
    assert SECRET in text_of(folder)
    done = remove_uncommitted(folder, "http://news.example/1".__eq__, takedown_id=7, made_at=MADE)
    assert done.records == 2
    assert SECRET not in text_of(folder)
    (path,) = (folder / UNCOMMITTED).iterdir()
    assert [is_notice(one) for one in records_of(path)] == [False, False, True, True, False, False]


# -- sizes -----------------------------------------------------------------------------------------------------------


@settings(max_examples=300, deadline=None)
@given(
    length=st.one_of(
        st.integers(LEAST, 2_000),
        st.integers(65_000, 66_500),
        st.integers(130_900, 131_600),
        st.integers(LEAST, 400_000),
    ),
    takedown_id=st.integers(1, 10**7),
    made_at=st.datetimes(min_value=datetime(2000, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 -- hypothesis adds it
)
def test_a_notice_has_any_length_and_is_a_record(length, takedown_id, made_at):
    made = notice(length, place="file:0", takedown_id=takedown_id, made_at=made_at)
    assert len(made) == length
    assert made == notice(length, place="file:0", takedown_id=takedown_id, made_at=made_at)
    (record,) = [
        (one.rec_type, one.rec_headers.get_header(NOTICE_FIELD), one.content_stream().read())
        for one in ArchiveIterator(io.BytesIO(made), check_digests="raise")
    ]
    assert record[:2] == ("metadata", str(takedown_id))
    # As pywb reads: it passes over this type, and needs the head of an HTTP message or something in its place.
    (seen,) = ArchiveIterator(io.BytesIO(made), ensure_http_headers=True)
    assert seen.content_type == "application/warc-fields"
    assert seen.http_headers is not None
    (fast,) = FastIterator(io.BytesIO(made))
    assert fast.headers[NOTICE_FIELD] == str(takedown_id)


def test_every_length_around_the_edges_is_met():
    for length in (*range(LEAST, 700), *range(1_190, 1_250), *range(65_520, 65_600), *range(131_060, 131_120)):
        made = notice(length, place="file:0", takedown_id=3, made_at=MADE)
        assert len(made) == length
        assert gzip.decompress(made).endswith(b"\r\n\r\n")


def test_the_smallest_record_of_ours_is_longer_than_the_smallest_notice(folder):
    with CaptureWriter(folder, token="0123456789abcdef", software="d") as writer:
        small = writer.append_text("a", b"", "a/b", fetched_at=MADE, known={})
    assert small.location.length > LEAST, small.location.length
    finish(folder, stretch_of(small))
    with pytest.raises(LibraryError, match="too short"):
        notice(120, place="a", takedown_id=1, made_at=MADE)


@settings(max_examples=40, deadline=None)
@given(
    payloads=st.lists(st.one_of(st.binary(max_size=300), st.integers(65_000, 140_000).map(os.urandom)), min_size=1),
    which=st.data(),
)
def test_whatever_goes_the_rest_stays(tmp_path_factory, payloads, which):
    folder = tmp_path_factory.mktemp("captures")
    with CaptureWriter(folder, token="0123456789abcdef", software="dateline/test") as writer:
        captures = [
            writer.append_text(f"http://a.example/{number}", SECRET + one, "text/plain", fetched_at=MADE, known={})
            for number, one in enumerate(payloads)
        ]
    revisits = {one.revisit_of for one in captures}
    alone = [one for one in captures if one.location.record_id not in revisits]
    gone = which.draw(st.sets(st.sampled_from(alone)) if alone else st.just(set()))
    kept = [one for one in captures if one not in gone]
    stretches = [
        stretch_of(one, before) for before, one in zip([None, *captures], captures, strict=False) if one in gone
    ]
    finish(folder, *stretches, rows=kept)
    assert list(verify(folder, iter(kept))) == []
    with CaptureReader(folder) as reader:
        for one in kept:
            assert reader.payload(one).startswith(SECRET)


# -- revisits that stay ----------------------------------------------------------------------------------------------


def known_of(capture):
    return {capture.payload_digest: KnownPayload.of(capture)}


def test_a_revisit_is_written_anew_with_its_own_headers(folder, exchange, written):
    (gone,) = written(SECRET)
    with CaptureWriter(folder, token="f" * 16, software="dateline/test") as writer:
        page = exchange(SECRET, url="http://other.example/", headers=(("X-Own", "Ä"), ("Content-Type", "text/html")))
        first = writer.append(page, kind=CaptureKind.LIVE, known=known_of(gone))
        second = writer.append(replace(page, url="http://third.example/"), kind=CaptureKind.LIVE, known=known_of(gone))
    with CaptureReader(folder) as reader, CaptureWriter(folder, token="e" * 16, software="d") as writer:
        full = writer.append_again(stored_revisit(folder, first), reader.payload(first), known=None)
        again = writer.append_again(stored_revisit(folder, second), SECRET, known=KnownPayload.of(full))
    old = (stretch_of(first), stretch_of(second, first), stretch_of(gone))
    finish(folder, *sorted(old, key=lambda one: (one.file, one.offset)), rows=(full, again))
    assert (full.revisit_of, again.revisit_of) == ("", full.location.record_id)
    assert full.location.record_id == first.location.record_id
    assert list(verify(folder, iter([full, again]))) == []
    with CaptureReader(folder) as reader:
        assert [reader.payload(one) for one in (full, again)] == [SECRET, SECRET]
        assert reader.headers(full) == first.headers
    (path,) = folder.glob("*.warc.gz")
    heads = [one.head for one in records_of(path)]
    assert [one.type for one in heads] == ["warcinfo", "request", "response", "request", "revisit"]
    assert heads[1].fields["warc-concurrent-to"] == f"<{first.location.record_id}>"
    assert {one.fields["warc-warcinfo-id"] for one in heads[1:]} == {heads[0].fields["warc-record-id"]}


def test_an_imported_text_is_written_anew_as_a_resource(folder):
    with CaptureWriter(folder, token="0123456789abcdef", software="d") as writer:
        gone = writer.append_text("http://a.example/", SECRET, "text/plain", fetched_at=MADE, known={})
        stays = writer.append_text(
            "http://b.example/", SECRET, "text/plain", fetched_at=MADE, known=known_of(gone), captured_at=MADE
        )
        full = writer.append_again(stored_revisit(folder, stays), SECRET, known=None)
    assert stays.revisit_of
    finish(folder, stretch_of(gone), stretch_of(stays, gone), rows=(full,))
    assert list(verify(folder, iter([full]))) == []
    with CaptureReader(folder) as reader:
        assert reader.payload(full) == SECRET


def test_an_answer_not_modified_does_not_miss_what_was_removed(folder, exchange):
    with CaptureWriter(folder, token="0123456789abcdef", software="d") as writer:
        gone = writer.append(exchange(SECRET), kind=CaptureKind.LIVE, known={})
        same = writer.append(
            exchange(b"", status=304), kind=CaptureKind.LIVE, known={}, unchanged=KnownPayload.of(gone)
        )
    finish(folder, stretch_of(gone), rows=(same,))
    assert list(verify(folder, iter([same]))) == []
