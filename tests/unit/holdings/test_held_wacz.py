"""WACZ files: the WARCs inside, whatever the ZIP around them says."""

import struct
import zipfile

import pytest

from crawler.holdings import wacz as module
from crawler.holdings.records_at import Place, record_at

URLS = ("http://post.example/a", "http://post.example/b")


def test_every_warc_in_the_archive_folder_is_read_and_nothing_else(read, make):
    found = read(
        make.wacz(
            {
                "archive/one.warc.gz": make.warc(URLS[0]),
                "archive/deep/two.warc": make.warc(URLS[1], gzipped=False),
                "archive/notes.txt": b"WARC/1.0",
                "elsewhere/three.warc.gz": make.warc("http://post.example/c"),
            }
        ),
        "some.wacz",
    )
    assert [(record.member, record.url) for record in found.records] == [
        ("archive/one.warc.gz", URLS[0]),
        ("archive/deep/two.warc", URLS[1]),
    ]
    assert (found.report.kind, found.report.problems, found.report.slow) == ("wacz", [], [])


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_record_is_read_back_from_its_member(read, make, compression):
    members = {"archive/one.warc.gz": make.warc(*URLS), "archive/two.warc": make.warc(*URLS, gzipped=False)}
    found = read(make.wacz(members, compression=compression), "some.wacz")
    assert len(found.records) == 4
    for record in found.records:
        place = Place(offset=record.offset, length=record.length, member=record.member)
        stored = members[record.member][record.offset : record.offset + record.length]
        assert record_at(found.held, place, most=1 << 20) == stored


def test_compressed_members_are_read_and_said_to_be_slow(read, make):
    found = read(make.wacz({"archive/one.warc.gz": make.warc(URLS[0])}, compression=zipfile.ZIP_DEFLATED), "some.wacz")
    assert found.urls == [URLS[0]]
    assert found.report.slow == ["archive/one.warc.gz"]


def test_names_that_lead_out_of_the_archive_are_only_names(read, make, tmp_path):
    (tmp_path / "secret.warc").write_bytes(make.raw(url="http://secret.example/"))
    found = read(make.wacz({"archive/../secret.warc": make.raw(url=URLS[0])}), "some.wacz")
    assert found.urls == [URLS[0]]
    place = Place(offset=0, length=10, member="../secret.warc")
    assert "no member" in record_at(found.held, place, most=1 << 20).text


def test_a_broken_member_keeps_no_other_from_being_read(read, make):
    content = make.wacz({"archive/one.warc.gz": make.warc(*URLS)[:-9], "archive/two.warc.gz": make.warc(URLS[1])})
    found = read(content, "some.wacz")
    assert found.urls == [URLS[0], URLS[1]]
    assert found.report.problems[0].startswith("archive/one.warc.gz: the gzip member at ")


def test_a_member_that_is_compressed_as_a_whole_cannot_be_reached_and_the_remedy_is_said(read, make):
    inside = make.gzip(make.raw("request") + make.raw(url=URLS[0]) + make.raw(url=URLS[1]))
    found = read(make.wacz({"archive/one.warc.gz": inside, "archive/two.warc.gz": make.warc(URLS[0])}), "some.wacz")
    assert [record.member for record in found.records] == ["archive/two.warc.gz"]
    assert len(found.report.problems) == 2
    assert all("warcio recompress" in problem for problem in found.report.problems)


def test_a_compressed_member_that_cannot_be_unpacked_is_said(read, make):
    content = bytearray(
        make.wacz({"archive/one.warc": make.warc(*URLS, gzipped=False)}, compression=zipfile.ZIP_DEFLATED)
    )
    content[120:140] = bytes(20)
    found = read(bytes(content), "some.wacz")
    assert any("cannot be unpacked" in problem for problem in found.report.problems)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_two_members_with_one_name_one_is_read(read, make, tmp_path):
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("archive/one.warc", make.raw(url=URLS[0]))
        archive.writestr("archive/one.warc", make.raw(url=URLS[1]))
    assert len(read((tmp_path / "two.zip").read_bytes(), "some.wacz").records) == 1


def test_members_that_overlap_are_not_read(read, make):
    content = bytearray(make.wacz({"archive/one.warc": make.raw(url=URLS[0]), "archive/two.warc": make.raw()}))
    entry = content.find(b"PK\x01\x02")
    content[entry + 20 : entry + 28] = struct.pack("<II", len(content), len(content))
    found = read(bytes(content), "some.wacz")
    assert found.records == []
    assert "more bytes than it has" in found.report.problems[0]


def test_a_member_that_unpacks_to_far_more_than_its_size_is_refused(read, make):
    bomb = make.raw(url=URLS[0]) + bytes(8 << 20)
    found = read(make.wacz({"archive/one.warc": bomb}, compression=zipfile.ZIP_DEFLATED), "some.wacz")
    assert found.records == []
    assert "times its size" in found.report.problems[0]


def test_an_encrypted_member_is_said(read, make):
    content = bytearray(make.wacz({"archive/one.warc": make.raw(url=URLS[0])}))
    content[content.find(b"PK\x01\x02") + 8] |= 1
    assert read(bytes(content), "some.wacz").report.problems == ["archive/one.warc: it is encrypted"]


def test_a_list_of_members_without_end_is_refused_before_it_is_read(read, make, monkeypatch):
    monkeypatch.setattr(module, "_LONGEST_DIRECTORY", 100)
    found = read(make.wacz({"archive/one.warc": make.raw(url=URLS[0])}), "some.wacz")
    assert "its list of members" in found.report.problems[0]


def test_a_zip_file_without_warcs_holds_nothing(read, make):
    found = read(make.wacz({}), "some.wacz")
    assert (found.records, found.report.kind) == ([], "")
