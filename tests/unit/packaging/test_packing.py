"""A WACZ of articles: read back by our own reader, by the wacz package, by warcio and by the field's indexer."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import subprocess
import sys
import tracemalloc
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from cdxj_indexer.main import CDXJIndexer
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from crawler.holdings.indexing import Wish, index
from crawler.holdings.records_at import Place, record_at
from crawler.packaging import Collection, pack
from crawler.packaging.index import write_index
from crawler.packaging.zipped import Zipped
from storage import open_store
from storage.types import RecordLocation

TITLE = Collection(title="Ferries of Halvika", description="All that was written")
WARC = "archive/data-00001.warc.gz"
WACZ = Path(sys.executable).with_name("wacz")


class OneWay(io.RawIOBase):
    """A stream that can only be written from its start to its end."""

    def __init__(self):
        self.data = bytearray()

    def write(self, data):
        self.data += data
        return len(data)

    def writable(self):
        return True


def packed(press, views=None, collection=TITLE):
    out = io.BytesIO()
    report = pack(press.library, press.library.store.articles() if views is None else views, out, collection)
    return report, out.getvalue()


def opened(data):
    return zipfile.ZipFile(io.BytesIO(data))


def records(data, member=WARC):
    for record in ArchiveIterator(io.BytesIO(opened(data).read(member)), check_digests="raise"):
        yield record.rec_type, record.rec_headers, record.content_stream().read()


def lines(data):
    return gzip.decompress(opened(data).read("indexes/index.cdx.gz")).decode().splitlines()


def pages(data):
    return [json.loads(line) for line in opened(data).read("pages/pages.jsonl").splitlines()]


@pytest.fixture(scope="module")
def made(filled, tmp_path_factory):
    report, data = packed(filled)
    path = tmp_path_factory.mktemp("made") / "ferries.wacz"
    path.write_bytes(data)
    return report, data, path


def test_wacz_package_finds_it_valid(made):
    done = subprocess.run([WACZ, "validate", "-f", made[2]], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "the passed WACZ is valid" in done.stdout


def test_report_says_what_is_in_it(made):
    report = made[0]
    assert (report.articles, report.pages, report.images, report.removed, report.unreadable) == (5, 6, 1, 0, 0)
    assert report.records == len(list(records(made[1])))


def test_layout_is_that_of_the_standard(made):
    held = opened(made[1])
    stored = {info.filename: info.compress_type == zipfile.ZIP_STORED for info in held.infolist()}
    assert stored == {
        WARC: True,
        "indexes/index.cdx.gz": True,
        "indexes/index.idx": False,
        "pages/pages.jsonl": False,
        "datapackage.json": False,
        "datapackage-digest.json": False,
    }
    package = json.loads(held.read("datapackage.json"))
    assert (package["profile"], package["wacz_version"], package["title"]) == ("data-package", "1.1.1", TITLE.title)
    assert (package["mainPageUrl"], package["mainPageDate"]) == (pages(made[1])[1]["url"], pages(made[1])[1]["ts"])
    assert package["created"] == "2026-03-04T05:15:07Z"  # of the youngest record
    assert package["left_out"] == {"removed": 0, "unreadable": 0}
    assert [one["path"] for one in package["resources"]] == list(stored)[:4]
    for one in package["resources"]:
        content = held.read(one["path"])
        assert one["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert one["bytes"] == len(content)
    digest = json.loads(held.read("datapackage-digest.json"))
    assert digest["hash"] == f"sha256:{hashlib.sha256(held.read('datapackage.json')).hexdigest()}"


def test_warcio_finds_every_digest_right_and_a_warcinfo_first(made, tmp_path, capsys):
    file = tmp_path / "data.warc.gz"
    file.write_bytes(opened(made[1]).read(WARC))
    checker = Checker(type("Options", (), {"inputs": [str(file)], "verbose": True}))
    checker.process_all()
    told = capsys.readouterr().out
    assert checker.exit_value == 0, told
    assert told.count("digest pass") > 10
    kinds = [kind for kind, _, _ in records(made[1])]
    assert kinds[0] == "warcinfo"
    assert kinds.count("warcinfo") == 1


def test_records_are_copied_byte_for_byte_and_once(made, filled):
    ours = set(filled.library.store.captures())
    data = opened(made[1]).read(WARC)
    for capture in ours:
        place = capture.location
        member = (filled.library.captures / place.file).read_bytes()[place.offset : place.offset + place.length]
        assert data.count(member) == 1


def test_request_and_metadata_of_each_capture_stand_before_it(made):
    found = [(kind, headers) for kind, headers, _ in records(made[1])]
    of_memento = next(
        number for number, (_, headers) in enumerate(found) if "lantern" in (headers.get("WARC-Target-URI") or "")
    )
    assert [kind for kind, _ in found[of_memento : of_memento + 4]] == ["request", "metadata", "response", "revisit"]
    assert [kind for kind, _ in found].count("request") == 8


def test_every_page_is_in_the_index_under_its_url_and_time(made):
    known = {(json.loads(line.split(" ", 2)[2])["url"], line.split(" ")[1]) for line in lines(made[1])}
    header, *listed = pages(made[1])
    assert header == {"format": "json-pages-1.0", "id": "pages", "title": "All pages", "hasText": True}
    assert len({one["id"] for one in listed}) == 6
    for one in listed:
        assert (one["url"], "".join(filter(str.isdigit, one["ts"]))) in known
    assert listed[1]["title"] == "Ferry sails"
    assert listed[1]["text"] == "Ferry sails.\n\nThe ferry Aurelia stays in port."
    assert (listed[3]["url"], listed[3]["ts"]) == ("http://gone.example/ferry", "2012-10-09T08:07:06Z")


def test_index_is_the_one_that_the_fields_own_indexer_makes(made, tmp_path):
    file = tmp_path / "data-00001.warc.gz"
    file.write_bytes(opened(made[1]).read(WARC))
    out = io.StringIO()
    CDXJIndexer(out, [str(file)], sort=True, records="response,revisit,resource").process_all()
    assert lines(made[1]) == out.getvalue().splitlines()


def test_list_of_blocks_leads_to_each_block():
    blocks = indexed([f"example,x)/{number:05d} 20260101000000 {{}}\n".encode() for number in range(700)])
    header, *listed = opened(blocks).read("indexes/index.idx").decode().splitlines()
    assert header == '!meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}'
    data = opened(blocks).read("indexes/index.cdx.gz")
    found = []
    for line in listed:
        key, time, place = line.split(" ", 2)
        place = json.loads(place)
        block = gzip.decompress(data[place["offset"] : place["offset"] + place["length"]]).decode().splitlines()
        assert block[0].startswith(f"{key} {time} ")
        found += block
    assert len(listed) == 3
    assert len(found) == 700


def indexed(given):
    out = io.BytesIO()
    zipped = Zipped(out)
    write_index(zipped, given)
    zipped.close()
    return out.getvalue()


def test_every_revisit_leads_to_a_record_that_is_there(made):
    held = {}
    revisits = []
    for kind, headers, content in records(made[1]):
        if kind == "revisit":
            revisits.append(headers)
        elif kind in {"response", "resource"}:
            held[headers["WARC-Target-URI"], headers["WARC-Date"]] = (headers["WARC-Payload-Digest"], content)
    assert len(revisits) == 4
    for headers in revisits:
        digest, _ = held[headers["WARC-Refers-To-Target-URI"], headers["WARC-Refers-To-Date"]]
        assert digest == headers["WARC-Payload-Digest"]


def test_what_a_revisit_repeats_comes_along_from_an_article_that_was_not_asked_for(filled):
    (mirror,) = [one for one in filled.library.store.articles() if "mirror" in one.document.canonical_url]
    report, data = packed(filled, [mirror])
    assert report.pages == 1
    kinds = [
        (kind, headers["WARC-Target-URI"]) for kind, headers, _ in records(data) if kind in {"response", "revisit"}
    ]
    assert kinds == [("response", "http://harbour-post.example/ferry"), ("revisit", "http://mirror.example/ferry")]


def test_our_own_holdings_read_it_back(made, filled):
    with open_store("memory:") as store:
        report = index(store, [made[2]], Wish())
        assert not report.refused
        (held,) = report.files
        assert (held.kind, held.problems, held.records) == ("wacz", (), len(lines(made[1])))
        for line in lines(made[1]):
            key, _, said = line.split(" ", 2)
            said = json.loads(said)
            found = [one for one in store.held_records(key) if one.offset == int(said["offset"])]
            assert [(one.url, one.member) for one in found] == [(said["url"], WARC)]
            place = Place(offset=found[0].offset, length=found[0].length, member=WARC)
            assert len(record_at(held, place, most=1 << 20)) == int(said["length"])


def test_same_selection_gives_the_same_bytes_also_through_a_pipe(made, filled):
    assert packed(filled)[1] == made[1]
    out = OneWay()
    pack(filled.library, filled.library.store.articles(), out, TITLE)
    assert list(records(bytes(out.data)))[1][2] == list(records(made[1]))[1][2]
    assert opened(bytes(out.data)).testzip() is None


def test_empty_selection_is_a_valid_package(filled, tmp_path):
    report, data = packed(filled, [])
    assert (report.pages, report.records) == (0, 1)
    (tmp_path / "empty.wacz").write_bytes(data)
    done = subprocess.run([WACZ, "validate", "-f", tmp_path / "empty.wacz"], capture_output=True, check=False)
    assert done.returncode == 0, done.stdout


def test_warc_files_are_rotated_and_each_has_its_warcinfo(filled):
    _, data = packed(filled, collection=replace(TITLE, rotate_at=2000))
    members = [name for name in opened(data).namelist() if name.startswith("archive/")]
    assert len(members) > 3
    for number, name in enumerate(members, start=1):
        assert name == f"archive/data-{number:05d}.warc.gz"
        kind, headers, _ = next(records(data, name))
        assert (kind, headers["WARC-Filename"]) == ("warcinfo", name.removeprefix("archive/"))
    for line in lines(data):
        said = json.loads(line.split(" ", 2)[2])
        member = opened(data).read(f"archive/{said['filename']}")[int(said["offset"]) :][: int(said["length"])]
        record = next(iter(ArchiveIterator(io.BytesIO(member))))
        assert record.rec_headers["WARC-Target-URI"] == said["url"]


def test_what_was_taken_down_is_left_out_and_counted(filled):
    (gone,) = [one for one in filled.library.store.articles() if "gone" in one.document.canonical_url]
    store = filled.library.store

    def removed(capture):
        return replace(capture, location=RecordLocation.removed(17, capture.id, capture.location.record_id))

    class Without:
        """The store after a rule of retention removed the raw captures."""

        def visits(self, numbers):
            found = store.visits(numbers)
            return {number: tuple(removed(one) for one in visit) for number, visit in found.items()}

        def __getattr__(self, name):
            return getattr(store, name)

    report = pack(replace(filled.library, store=Without()), [gone], out := io.BytesIO(), TITLE)
    assert (report.pages, report.removed, report.unreadable) == (0, 1, 0)
    assert json.loads(opened(out.getvalue()).read("datapackage.json"))["left_out"] == {"removed": 1, "unreadable": 0}
    assert [kind for kind, _, _ in records(out.getvalue())] == ["warcinfo"]


def test_what_cannot_be_read_is_left_out_and_told(filled, tmp_path):
    (gone,) = [one for one in filled.library.store.articles() if "gone" in one.document.canonical_url]
    (capture,) = filled.library.store.history(gone.document.canonical_url).captures
    file = filled.library.captures / capture.location.file
    whole = file.read_bytes()
    try:
        broken = bytearray(whole)
        broken[capture.location.offset + capture.location.length // 2] ^= 0xFF
        file.write_bytes(broken)
        report, data = packed(filled, [gone])
    finally:
        file.write_bytes(whole)
    assert (report.pages, report.unreadable) == (0, 1)
    assert report.problems[0].startswith("http://gone.example/ferry: ")
    assert [kind for kind, _, _ in records(data)] == ["warcinfo"]
    assert packed(filled, [gone])[0].pages == 1


def test_memory_does_not_grow_with_what_is_packed(filled):
    views = list(filled.library.store.articles())

    def peak(times):
        tracemalloc.start()
        pack(filled.library, (replace(one, id=number) for number in range(times) for one in views), OneWay(), TITLE)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(2)
    few, many = peak(10), peak(60)
    assert many < 2 * few + (1 << 18)


def test_error_in_the_midst_ends_the_packing_and_leaves_nothing_open(filled):
    def views():
        yield from filled.library.store.articles()
        raise ConnectionError("the database is gone")

    with pytest.raises(ConnectionError, match="the database is gone"):
        packed(filled, views())


def test_full_disk_is_told_as_it_is(filled):
    class Full(OneWay):
        def write(self, data):
            if len(self.data) > 4000:
                raise OSError(28, "No space left on device")
            return super().write(data)

    with pytest.raises(OSError, match="No space left"):
        pack(filled.library, filled.library.store.articles(), Full(), TITLE)
