import errno
import gzip
import os
import re
from dataclasses import replace

import pytest

from storage.captures import CaptureWriter, ProblemKind, verify
from storage.types import CaptureKind, KnownPayload

RUN = "run"


@pytest.fixture
def captures(folder, exchange):
    with CaptureWriter(folder, token=RUN, software="s", rotate_at=4000) as writer:
        made = []
        for number in range(12):
            payload = exchange().payload + b"%d" % (number % 8)
            known = {
                capture.payload_digest: KnownPayload(
                    payload_digest=capture.payload_digest,
                    location=capture.location,
                    url=capture.url,
                    fetched_at=capture.fetched_at,
                )
                for capture in made
                if not capture.revisit_of
            }
            made.append(writer.append(exchange(payload), kind=CaptureKind.LIVE, known=known))
    assert len({capture.location.file for capture in made}) > 1
    assert sum(bool(capture.revisit_of) for capture in made) == 4
    return made


def problems(folder, captures):
    return [(problem.kind, problem.file, problem.offset) for problem in verify(folder, iter(captures))]


def at(kind, capture):
    return (kind, capture.location.file, capture.location.offset)


def test_a_sound_library_has_no_problems(folder, captures):
    assert problems(folder, captures) == []


def test_a_missing_folder_is_an_empty_library(folder):
    assert problems(folder / "nowhere", []) == []


def test_a_record_without_its_row(folder, captures):
    assert problems(folder, captures[:2] + captures[3:]) == [at(ProblemKind.NO_ROW, captures[2])]
    assert {kind for kind, _, _ in problems(folder, [])} == {ProblemKind.NO_ROW}
    assert len(problems(folder, [])) == 12


def test_rows_without_their_record(folder, captures):
    first = captures[0]
    stray = replace(first, location=replace(first.location, offset=first.location.offset + 3))
    assert problems(folder, [first, stray, *captures[1:]]) == [at(ProblemKind.NO_RECORD, stray)]
    last = captures[-1]
    behind = replace(last, location=replace(last.location, offset=1 << 30))
    assert problems(folder, [*captures, behind]) == [at(ProblemKind.NO_RECORD, behind)]


def test_a_missing_file_is_told_row_by_row_and_target_by_target(folder, captures):
    name = captures[0].location.file
    (folder / name).unlink()
    found = problems(folder, captures)
    gone = [capture for capture in captures if capture.location.file == name]
    assert [at(ProblemKind.NO_FILE, capture) for capture in gone] == found[: len(gone)]
    ids = {capture.location.record_id for capture in gone}
    orphans = [capture for capture in captures if capture.revisit_of in ids]
    assert found[len(gone) :] == [at(ProblemKind.NO_TARGET, capture) for capture in orphans]
    assert orphans


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"payload_digest": "sha256:" + "0" * 64}, ProblemKind.WRONG_DIGEST),
        ({"payload_length": 1}, ProblemKind.WRONG_LENGTH),
        ({"revisit_of": "urn:uuid:0"}, ProblemKind.WRONG_RECORD),
        ({"kind": CaptureKind.IMPORTED}, ProblemKind.WRONG_RECORD),
    ],
)
def test_a_row_that_says_something_else(folder, captures, change, kind):
    wrong = replace(captures[1], **change)
    assert problems(folder, [captures[0], wrong, *captures[2:]]) == [at(kind, wrong)]


@pytest.mark.parametrize(
    ("change", "kind"),
    [({"record_id": "urn:uuid:0"}, ProblemKind.WRONG_RECORD), ({"length": 7}, ProblemKind.WRONG_LENGTH)],
)
def test_a_row_with_another_place(folder, captures, change, kind):
    wrong = replace(captures[1], location=replace(captures[1].location, **change))
    assert problems(folder, [captures[0], wrong, *captures[2:]]) == [at(kind, wrong)]


def test_a_revisit_row_that_says_something_else(folder, captures):
    other = replace(captures[-1], revisit_of="urn:uuid:0")
    assert problems(folder, [*captures[:-1], other]) == [at(ProblemKind.NO_TARGET, other)]
    other = replace(captures[-1], payload_digest="sha256:0")
    assert problems(folder, [*captures[:-1], other]) == [at(ProblemKind.WRONG_DIGEST, other)]


def test_damage_in_the_middle_spares_what_follows(folder, captures):
    hit = captures[1]
    path = folder / hit.location.file
    data = bytearray(path.read_bytes())
    data[hit.location.offset + hit.location.length // 2] ^= 0xFF
    path.write_bytes(bytes(data))
    found = problems(folder, captures)
    assert at(ProblemKind.NO_RECORD, hit) in found
    assert at(ProblemKind.DAMAGED, hit) in found
    orphans = [at(ProblemKind.NO_TARGET, row) for row in captures if row.revisit_of == hit.location.record_id]
    assert found[2:] == orphans


def test_a_torn_tail(folder, captures):
    last = captures[-1]
    path = folder / last.location.file
    with path.open("ab") as stream:
        stream.write(path.read_bytes()[:100])
    end = last.location.offset + last.location.length
    assert problems(folder, captures) == [(ProblemKind.TORN_TAIL, last.location.file, end)]


def test_unknown_files_and_folders_are_named(folder, captures):
    (folder / "notes.txt").write_text("mine")
    (folder / "uncommitted").mkdir()
    (folder / "dateline-20260101000000-run-00001.warc.gz").mkdir()
    assert {(kind, name) for kind, name, _ in problems(folder, captures)} == {
        (ProblemKind.UNKNOWN_FILE, "notes.txt"),
        (ProblemKind.UNKNOWN_FILE, "dateline-20260101000000-run-00001.warc.gz"),
    }


def test_what_a_living_writer_has_not_committed_yet_is_no_problem(folder, writer, exchange):
    rows = [writer.append(exchange(b"%d" % number), kind=CaptureKind.LIVE, known={}) for number in range(3)]
    assert problems(folder, rows[:1]) == []
    assert problems(folder, rows[1:]) == [at(ProblemKind.NO_ROW, rows[0])]
    writer.close()
    assert problems(folder, rows[:1]) == [at(ProblemKind.NO_ROW, row) for row in rows[1:]]


def test_a_file_of_garbage_is_damage(folder, captures):
    (folder / "dateline-20260101000000-run-00001.warc.gz").write_bytes(b"\x1f\x8b\x08 no archive" * 5000)
    found = problems(folder, captures)
    assert [(kind, offset) for kind, _, offset in found] == [(ProblemKind.DAMAGED, 0)]


def member(head: str, block: bytes = b"", end: bytes = b"\r\n\r\n") -> bytes:
    fields = "WARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2026-01-01T00:00:00Z\r\n"
    return gzip.compress(f"WARC/1.1\r\n{fields}{head}\r\n\r\n".encode() + block + end)


HTTP = "WARC-Type: response\r\nContent-Type: application/http\r\nContent-Length: "


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (member("WARC-Type: x\r\nContent-Length: 3", b"1234"), "longer than it announces"),
        (member("WARC-Type: x\r\nContent-Length: 5", b"1234"), "shorter than it announces"),
        (member("WARC-Type: x\r\nContent-Length: 4", b"1234", b"\r\n"), "shorter than it announces"),
        (member("WARC-Type: x\r\nContent-Length: -4", b"1234"), "its Content-Length is"),
        (member("WARC-Type: x\r\nContent-Length: " + "9" * 5000), "its Content-Length is"),
        (member("Content-Length: 0"), "lacks warc-type"),
        (member("WARC-Type x\r\nContent-Length: 0"), "a line that is not a field"),
        (member(HTTP + str(3 << 20), b"x" * (3 << 20)), "endless head"),
        (gzip.compress(b"WARC/1.1\r\n" + b"x" * (3 << 20)), "does not begin with the head"),
        (gzip.compress(b"WARC/2.0\r\n\r\n"), "does not begin with"),
        (gzip.compress(b""), "does not begin with the head"),
        (b"plain text", "compressed bytes are damaged"),
    ],
    ids=range(12),
)
def test_what_is_no_record_says_why(folder, data, text):
    folder.mkdir(parents=True)
    (folder / "dateline-20260101000000-run-00001.warc.gz").write_bytes(data)
    (problem,) = verify(folder, iter(()))
    assert problem.kind is ProblemKind.DAMAGED
    assert text in problem.text


def test_a_foreign_revisit_that_hides_its_target(folder):
    folder.mkdir(parents=True)
    head = "WARC-Type: revisit\r\nWARC-Refers-To: <urn:uuid:2>\r\nContent-Length: 0"
    (folder / "dateline-20260101000000-run-00001.warc.gz").write_bytes(member(head))
    assert [problem.kind for problem in verify(folder, iter(()))] == [ProblemKind.NO_ROW, ProblemKind.NO_TARGET]


@pytest.mark.parametrize(
    ("change", "text"), [("Refers-To: <urn:uuid:1>", "not its target"), ("Payload-Digest: sha256:0", "another payload")]
)
def test_a_revisit_whose_target_is_something_else(folder, captures, change, text):
    last = captures[-1]
    path = folder / last.location.file
    data = path.read_bytes()
    name = change.partition(":")[0]
    record = gzip.decompress(data[last.location.offset :])
    changed = re.sub(rf"WARC-{name}: [^\r]*".encode(), f"WARC-{change}".encode(), record)
    path.write_bytes(data[: last.location.offset] + gzip.compress(changed))
    texts = [problem.text for problem in verify(folder, iter(captures)) if problem.kind is ProblemKind.NO_TARGET]
    assert any(text in each for each in texts), texts


def test_a_block_that_has_another_digest(folder):
    folder.mkdir(parents=True)
    head = "WARC-Type: request\r\nWARC-Block-Digest: sha256:0\r\nContent-Length: 1"
    (folder / "dateline-20260101000000-run-00001.warc.gz").write_bytes(member(head, b"1"))
    assert [problem.kind for problem in verify(folder, iter(()))] == [ProblemKind.WRONG_DIGEST]


def test_a_bad_spot_of_the_disk_is_damage(folder, captures, monkeypatch):
    hit = captures[2].location
    real = os.pread

    def failing(fd, length, offset):
        if offset <= hit.offset < offset + length and os.fstat(fd).st_ino == bad:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return real(fd, length, offset)

    bad = (folder / hit.file).stat().st_ino
    monkeypatch.setattr(os, "pread", failing)
    found = list(verify(folder, iter(captures)))
    assert "the disk does not give its bytes" in found[0].text
    assert {problem.kind for problem in found} <= {ProblemKind.NO_RECORD, ProblemKind.DAMAGED, ProblemKind.NO_TARGET}


def test_rows_out_of_order_are_our_mistake(folder, captures):
    with pytest.raises(ValueError, match="do not stand together"):
        problems(folder, [captures[0], captures[-1], captures[1]])
