"""Where full files go: a folder that machines share, and a bucket of an object store."""

import hashlib
import os

import pytest

from storage.captures.places import digest_in, digest_of, fetch, place_at, require_usable
from storage.captures.places.pieces import Pieces, Stretch
from storage.errors import LibraryError, PlaceUnavailable

DATA = bytes(range(256)) * 4096


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "source"
    path.write_bytes(DATA)
    return path


def test_a_file_is_put_read_and_removed(place, source):
    assert place.size("a.warc.gz") is None
    place.put(source, "a.warc.gz")
    assert place.size("a.warc.gz") == len(DATA)
    assert place.read("a.warc.gz", 3, 10) == DATA[3:10]
    assert place.read("a.warc.gz", len(DATA) - 2, len(DATA) + 10) == DATA[-2:]
    assert place.read("a.warc.gz", 5, 5) == b""
    assert digest_in(place, "a.warc.gz") == digest_of(source)
    for _ in range(2):
        place.remove("a.warc.gz")
    assert place.size("a.warc.gz") is None


def test_a_file_of_the_same_name_is_replaced(place, source):
    place.put(source, "a.warc.gz")
    source.write_bytes(b"other")
    place.put(source, "a.warc.gz")
    assert place.read("a.warc.gz", 0, 100) == b"other"


def test_what_is_not_there_is_a_missing_file_and_no_fault_of_the_place(place, tmp_path):
    with pytest.raises(FileNotFoundError):
        place.read("a.warc.gz", 0, 10)
    with pytest.raises(FileNotFoundError):
        digest_in(place, "a.warc.gz")
    with pytest.raises(FileNotFoundError):
        fetch(place, "a.warc.gz", tmp_path / "copy")


def test_a_file_is_fetched_with_its_digest(place, source, tmp_path):
    place.put(source, "a.warc.gz")
    assert fetch(place, "a.warc.gz", tmp_path / "copy") == (len(DATA), hashlib.sha256(DATA).hexdigest())
    assert (tmp_path / "copy").read_bytes() == DATA


def test_a_file_in_several_parts_comes_back_whole(s3_bucket, tmp_path):
    big = tmp_path / "big"
    big.write_bytes(os.urandom(1 << 20) * 40)
    place = place_at(s3_bucket)
    place.put(big, "big.warc.gz")
    assert digest_in(place, "big.warc.gz") == digest_of(big)


def test_what_another_client_puts_there_is_seen_at_once(s3_bucket, source):
    import boto3  # noqa: PLC0415 -- takes a second to load

    place = place_at(s3_bucket)
    assert place.size("a.warc.gz") is None
    bucket, _, prefix = s3_bucket.removeprefix("s3://").partition("/")
    client = boto3.client("s3")
    client.put_object(Bucket=bucket, Key=f"{prefix}/a.warc.gz", Body=b"abc")
    client.close()
    assert place.size("a.warc.gz") == 3


def test_a_bucket_that_is_not_there_is_no_missing_file(s3_bucket):
    place = place_at("s3://nobody-made-this-bucket/captures")
    for ask in (lambda: place.read("a", 0, 1), lambda: place.size("a")):
        with pytest.raises(PlaceUnavailable, match="no bucket nobody-made-this-bucket"):
            ask()


def test_a_store_that_does_not_answer_is_unavailable(s3_bucket, monkeypatch, source):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    place = place_at("s3://some-other-bucket/captures")
    with pytest.raises(PlaceUnavailable, match="s3://some-other-bucket/captures cannot be used now"):
        place.put(source, "a.warc.gz")


def test_a_folder_that_is_not_mounted_is_never_made(tmp_path, source):
    place = place_at(str(tmp_path / "share"))
    for ask in (lambda: place.put(source, "a"), lambda: place.size("a"), lambda: place.read("a", 0, 1)):
        with pytest.raises(PlaceUnavailable, match="no such folder"):
            ask()
    assert not (tmp_path / "share").exists()


def test_a_broken_copy_never_has_the_name_of_the_file(tmp_path, source, monkeypatch):
    (tmp_path / "share").mkdir()
    place = place_at(str(tmp_path / "share"))
    monkeypatch.setattr("storage.captures.places.folder.write_all", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        place.put(source, "a.warc.gz")
    assert place.size("a.warc.gz") is None
    monkeypatch.undo()
    place.put(source, "a.warc.gz")
    assert [one.name for one in (tmp_path / "share").iterdir()] == ["a.warc.gz"]


# -- addresses -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("memory://captures", "absolute path"),
        ("gs://bucket/captures", "absolute path"),
        ("file:///srv/captures", "absolute path"),
        ("captures", "absolute path"),
        ("s3://", "no bucket"),
        ("s3://key:secret@bucket/captures", "without credentials"),
        ("s3://bucket/captures?versionId=3", "no bucket"),
        ("s3://UPPER/captures", "no bucket"),
    ],
)
def test_what_is_no_place_is_refused_with_the_remedy(tmp_path, address, why):
    with pytest.raises(LibraryError, match=why):
        require_usable(address, tmp_path)


@pytest.mark.parametrize("below", ["", "captures", "captures/more"])
def test_the_librarys_own_folder_is_no_place(tmp_path, below):
    with pytest.raises(LibraryError, match="own folder"):
        require_usable(str(tmp_path / below), tmp_path / "captures")


@pytest.mark.parametrize("address", ["", "/srv/captures", "s3://bucket", "s3://bucket/a/b/", "s3://my.bucket-1/a"])
def test_places_that_can_be(tmp_path, address):
    require_usable(address, tmp_path)


def test_without_the_extra_one_sentence_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr("storage.captures.places.find_spec", lambda _: None)
    with pytest.raises(LibraryError, match=r"pip install 'dateline\[s3\]'"):
        require_usable("s3://bucket/captures", tmp_path)


def test_one_place_per_address_and_none_from_before_a_fork(s3_bucket, monkeypatch):
    before = place_at(s3_bucket)
    assert place_at(f"{s3_bucket}/") is before
    monkeypatch.setattr(os, "getpid", lambda: -1)
    assert place_at(s3_bucket) is not before


# -- stretches -------------------------------------------------------------------------------------------------------


def test_pieces_read_like_a_file_and_hash_what_was_read(place, source):
    place.put(source, "a.warc.gz")
    pieces = Pieces(place, "a.warc.gz", len(DATA), step=100_000)
    for start, length in ((0, 10), (99_995, 10), (5, 300_000), (len(DATA) - 5, 100), (len(DATA), 10)):
        assert pieces.pread(length, start) == DATA[start : start + length]
    assert pieces.sha256() == hashlib.sha256(DATA).hexdigest()


def test_a_stretch_gives_nothing_outside_itself(place, source):
    place.put(source, "a.warc.gz")
    stretch = Stretch(place, "a.warc.gz", 100, 200)
    assert stretch.pread(50, 120) == DATA[120:170]
    assert stretch.pread(500, 190) == DATA[190:200]
    assert stretch.pread(10, 90) == b""
