"""Files that are broken: what is readable is read, the rest is said."""

import zlib

import pytest

from crawler.holdings import flows, reading

URLS = tuple(f"http://post.example/{name}" for name in ("a", "b", "c", "d"))


@pytest.fixture
def members(read, make):
    """A good file and where its records are."""
    content = make.warc(*URLS)
    return content, read(content).records


@pytest.mark.parametrize("cut", [1, 8, 40])
def test_a_cut_end_costs_the_last_record(read, members, cut):
    content, _ = members
    found = read(content[:-cut])
    assert found.urls == list(URLS[:-1])
    (problem,) = found.report.problems
    assert "the file ends inside it" in problem


def test_a_cut_end_of_a_plain_file_costs_the_last_record_and_names_it(read, make):
    content = make.warc(*URLS, gzipped=False)
    found = read(content[:-60], "some.warc")
    assert found.urls == list(URLS[:-1])
    (problem,) = found.report.problems
    assert "cut off" in problem
    assert URLS[-1] in problem


def test_a_broken_gzip_member_costs_itself_and_is_named_by_its_offset(read, members):
    content, records = members
    broken = bytearray(content)
    broken[records[1].offset + records[1].length - 20] ^= 0xFF
    found = read(bytes(broken))
    assert found.urls == [URLS[0], URLS[2], URLS[3]]
    (problem,) = found.report.problems
    assert f"the gzip member at {records[1].offset}:" in problem


def test_rubbish_between_gzip_members_is_passed(read, members):
    content, records = members
    at = records[2].offset
    found = read(content[:at] + b"\0" * 5000 + b"\x1f\x8b\x08 no member" + content[at:])
    assert found.urls == list(URLS)
    assert len(found.report.problems) == 1
    assert "no gzip member begins there" in found.report.problems[0]


def test_rubbish_between_plain_records_is_passed(read, make):
    found = read(make.raw(url=URLS[0]) + b"rubbish\nmore of it\n" + make.raw(url=URLS[1]), "some.warc")
    assert found.urls == list(URLS[:2])
    assert len(found.report.problems) == 1


def test_a_record_that_says_too_short_a_length_keeps_the_next_ones(read, make):
    found = read(make.raw(url=URLS[0], length=20) + make.raw(url=URLS[1]), "some.warc")
    assert found.urls == list(URLS[:2])
    assert len(found.report.problems) == 1


def test_a_record_that_says_too_long_a_length_hides_no_other(read, make):
    swallowing = make.raw(url=URLS[0], length=500)
    found = read(swallowing + make.raw(url=URLS[1]) + make.raw(url=URLS[2]) + make.raw(url=URLS[3]), "some.warc")
    assert set(found.urls) >= set(URLS[1:])
    assert found.report.problems


def test_a_record_longer_than_the_file_hides_no_other(read, make):
    found = read(make.raw(url=URLS[0], length=10**15 - 1) + make.raw(url=URLS[1]), "some.warc")
    assert found.urls == [URLS[1]]
    assert len(found.report.problems) == 1


def test_a_record_longer_than_its_gzip_member_hides_no_other(read, make):
    found = read(make.gzip(make.raw(url=URLS[0], length=5000)) + make.gzip(make.raw(url=URLS[1])) * 3)
    assert found.urls == [URLS[1]] * 3
    assert len(found.report.problems) == 1


def test_a_record_without_a_moment_is_said_and_passed(read, make):
    undated = make.raw(url=URLS[0]).replace(b"2012-03-04T05:06:07Z", b"yesterday")
    found = read(make.gzip(undated) + make.gzip(make.raw(url=URLS[1])))
    assert found.urls == [URLS[1]]
    assert "yesterday" in found.report.problems[0]


def test_a_head_without_end_is_given_up(read, make):
    found = read(b"WARC/1.0\r\n" + b"X-Long: " + b"x" * 2_000_000 + b"\r\n" + make.raw(url=URLS[0]), "some.warc")
    assert found.urls == [URLS[0]]
    assert found.report.problems


def test_a_record_behind_damage_that_cannot_be_reached_is_not_promised(read, make):
    broken = bytearray(make.gzip(make.raw(url=URLS[0])))
    broken[-1] ^= 0xFF
    shared = make.gzip(make.raw(url=URLS[1]) + make.raw(url=URLS[2]))
    found = read(bytes(broken) + shared)
    assert found.records == []
    assert any("cannot be reached" in problem for problem in found.report.problems)


def test_problems_are_counted_beyond_those_that_are_kept(read, make):
    found = read((make.raw(url=URLS[0]) + b"rubbish\n") * 150, "some.warc")
    assert len(found.urls) == 150
    assert len(found.report.problems) == reading.MOST_PROBLEMS
    assert found.report.damages == 150


def test_a_file_of_nothing_but_damage_is_given_up(read, make, monkeypatch):
    monkeypatch.setattr(reading, "_MOST_DAMAGES", 10)
    found = read((make.raw(url=URLS[0]) + b"rubbish\n") * 50, "some.warc")
    assert len(found.urls) == 11
    assert "too many broken places" in found.report.problems[-1]


def test_what_only_looks_like_gzip_members_is_not_tried_for_ever(read, make, monkeypatch):
    monkeypatch.setattr(flows, "_MOST_TRIES", 100)
    found = read(make.gzip(make.raw(url=URLS[0])) + flows.MAGIC * 1000 + make.gzip(make.raw(url=URLS[1])))
    assert found.urls == [URLS[0]]
    assert "the rest was not read" in found.report.problems[-1]


def test_a_bomb_is_left_alone(read, make, monkeypatch):
    monkeypatch.setattr(flows, "_FREE_BYTES", 1 << 20)
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = packer.compress(make.raw(url=URLS[1], length=64 << 20) + bytes(64 << 20)) + packer.flush()
    found = read(make.gzip(make.raw(url=URLS[0])) + bomb + make.gzip(make.raw(url=URLS[2])))
    assert found.urls == [URLS[0]]
    assert "times its size" in found.report.problems[-1]


@pytest.mark.parametrize("content", [b"", b"hello\n", b"\x1f\x8b\x08", b"PK\x03\x04", b"\x28\xb5\x2f\xfd", b"WARC/1.0"])
def test_what_is_no_archive_gives_a_sentence(read, content):
    found = read(content)
    assert found.records == []
    assert found.report.problems
