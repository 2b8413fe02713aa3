"""Backfill from Common Crawl as a stand-in plays it: only indexes that overlap, one range a record, WARC and ARC."""

import gzip
import io
from urllib.parse import urlsplit

import pytest
from archive_desk import COMMON_CRAWL, arrange, articles, at, backfill_all, backfills, searches, story_of
from archive_files import warc
from archive_pages import case, table
from archive_server import GATEWAY_TIMEOUT
from stand_in_archive import CommonCrawl
from warcio.archiveiterator import ArchiveIterator

from storage.captures import CaptureReader
from storage.types import DigestCheck

OLD, SOFT, CONSENT, NEVER = (
    case("captured before the event"),
    case("soft 404 nearest"),
    case("consent page nearest"),
    case("never archived"),
)
CRAWLS = {"CC-MAIN-2008-2009": OLD.shots, "CC-MAIN-2012": SOFT.shots, "CC-MAIN-2018-26": CONSENT.shots}
CITED = (OLD, SOFT, CONSENT, NEVER)


@pytest.fixture(scope="module")
def archive():
    with CommonCrawl(CRAWLS) as running:
        yield running


@pytest.fixture(scope="module")
def rescued(archive, make_desk):
    desk = make_desk("common-crawl")
    arrange(desk, archives={COMMON_CRAWL: at(archive)})
    desk.import_table(table(CITED))
    backfill_all(desk)
    return desk


@pytest.mark.parametrize("cited", CITED, ids=lambda cited: cited.name)
def test_each_record_is_accepted_or_rejected_for_its_reason(rescued, cited):
    assert story_of(rescued, cited) == (cited.accepted, cited.rejected, {COMMON_CRAWL: cited.state})


def test_only_indexes_that_overlap_the_window_are_asked(rescued, archive):
    asked = {}
    for target in archive.targets("index", "-index"):
        asked.setdefault(urlsplit(target).path, []).append(target)
    about = {path: " ".join(targets) for path, targets in asked.items()}
    assert "gull-head-news" in about["/CC-MAIN-2008-2009-index"]
    assert "marlow-mercury" not in about["/CC-MAIN-2008-2009-index"]
    assert "gull-head-news" not in about["/CC-MAIN-2018-26-index"]
    assert "marlow-mercury" in about["/CC-MAIN-2018-26-index"]


def test_the_catalogue_is_asked_once(rescued, archive):
    assert len(archive.targets("index", "collinfo.json")) == 1


def test_files_are_read_by_range_a_record_each(rescued, archive):
    read = archive.asked("replay")
    assert len(read) == 5
    assert all(one.headers.get("range", "").startswith("bytes=") for one in read)
    assert {one.status for one in read} == {206}
    assert len({(one.target, one.headers["range"]) for one in read}) == len(read)


def test_a_record_is_kept_as_it_was(rescued):
    """Byte for byte: what stands in the archive's file stands in ours."""
    data, places = warc(CONSENT.shots)
    shot = CONSENT.shots[1]
    place = places[shot]
    theirs = gzip.decompress(data[place.offset : place.offset + place.length])
    capture = rescued.history(CONSENT.url).captures[-1]
    assert capture.memento.source
    with rescued.library() as library:
        raw = (library.captures / capture.location.file).read_bytes()
    ours = gzip.decompress(raw[capture.location.offset : capture.location.offset + capture.location.length])
    # The stand-in's file was written apart, so that its ids differ; the rest of the record is the same.
    assert without_id(ours) == without_id(theirs)


def without_id(record):
    return [line for line in record.split(b"\r\n") if not line.startswith(b"WARC-Record-ID")]


def test_an_arc_record_is_readable_afterwards(rescued):
    capture = rescued.history(OLD.url).captures[-1]
    assert capture.memento.digest_check is DigestCheck.MATCHES
    with rescued.library() as library:
        with CaptureReader(library.captures) as reader:
            assert reader.payload(capture) == OLD.shots[1].body
        raw = (library.captures / capture.location.file).read_bytes()
    record = next(iter(ArchiveIterator(io.BytesIO(raw[capture.location.offset :]))))
    assert record.content_stream().read() == OLD.shots[1].body


def test_the_library_is_sound(rescued):
    assert rescued.problems() == []
    assert set(articles(rescued)) == {OLD.url, SOFT.url, CONSENT.url}


def test_an_index_that_times_out_is_not_an_empty_one(desk):
    with CommonCrawl(CRAWLS) as archive:
        arrange(desk, archives={COMMON_CRAWL: at(archive)})
        desk.import_table(table([CONSENT]))
        archive.fault(GATEWAY_TIMEOUT, where="-index", times=99)
        backfill_all(desk)
        assert searches(desk) == {(CONSENT.url, COMMON_CRAWL): "unreachable"}
        assert backfills(desk)[CONSENT.url][0] == "waiting"
        archive.heal()
        desk.run("hosts", "allow", archive.address)
        backfill_all(desk)
        assert backfills(desk)[CONSENT.url][0] == "rescued"
        assert len(archive.targets("index", "collinfo.json")) == 1
