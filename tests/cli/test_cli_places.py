"""Captures that go where all machines find them: ``storage.captures``, and the commands that read them there."""

import subprocess
import sys

import pytest

from crawler.configuration import DATABASE_VARIABLE, LIBRARY_VARIABLE, load
from crawler.demo.layouts import Setting, render, story
from crawler.library import open_library
from crawler.runs import registered
from storage.captures import CaptureWriter
from storage.captures.places import place_at
from storage.types import CaptureKind, Outcome, RunState

TRAM = "http://www.night-courier.example/2013/02/19/tram/"
WALL = "http://www.dagblad-terveen.example/artikel/2017/dijk"


def page(url):
    return render(story("tram"), Setting(layout="blog2013", url=url)).body


def settle(library, address):
    (library / "dateline.toml").write_text(f'[storage]\ncaptures = "{address}"\n')


def files_in(library):
    return sorted(one.name for one in (library / "captures").glob("*"))


@pytest.fixture
def shared(tmp_path):
    (tmp_path / "shared").mkdir()
    return tmp_path / "shared"


@pytest.fixture
def stored(dateline, in_news, table, store_page):
    """Two pages, each in a WARC file of its own."""
    dateline("events", "import", table(TRAM, WALL))
    store_page(TRAM, page(TRAM), Outcome.FAILED)
    store_page(WALL, b"<html><title>Wall</title><p>quokkaburra</p></html>", Outcome.FAILED)
    return in_news


def test_everything_works_from_an_object_store(dateline, stored, s3_bucket):
    settle(stored, s3_bucket)
    listed = dateline("captures", "files", "--json").json
    assert [one["where"] for one in listed] == ["here", "here"]
    said = dateline("captures", "upload").out
    assert said.startswith("2 files moved out (")
    assert files_in(stored) == []
    listed = dateline("captures", "files", "--json").json
    assert [(one["where"], len(one["sha256"])) for one in listed] == [(s3_bucket, 64)] * 2
    assert dateline("captures", "upload").out == "0 files moved out (0 bytes)\n"
    assert dateline("captures", "verify").out == "2 captures, 0 problems\n"
    assert b"quokkaburra" in dateline("captures", "cat", WALL).out.encode()
    assert dateline("replay", TRAM).out.startswith("1 page understood again: 1 is judged otherwise")
    said = dateline("reextract", "--all", "--again", "--dry-run", "--json").json
    assert (said["versions"], said["problems"]) == (1, [])
    assert "latest 2 captures can be read" in dateline("doctor", "--offline").out
    dateline("forget", WALL, "--reason", "asked", "--yes")
    assert dateline("captures", "verify").out == "1 capture, 0 problems\n"
    assert len(dateline("captures", "files", "--json").json) == 1  # in the other one nothing was left
    assert files_in(stored) == []


def test_a_rotten_object_is_found(dateline, stored, shared):
    settle(stored, shared)
    dateline("captures", "upload")
    file = next(shared.iterdir())
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    said = dateline("captures", "verify", "--json", expect=1).json
    assert "wrong_file" in {one["kind"] for one in said["problems"]}


def test_a_place_that_is_away_is_one_sentence(dateline, stored, shared):
    settle(stored, shared)
    shared.rename(shared.with_name("unmounted"))
    said = dateline("captures", "upload", expect=1)
    assert "no such folder; mount it, or make it" in said.err
    assert len(files_in(stored)) == 2
    shared.with_name("unmounted").rename(shared)
    dateline("captures", "upload")
    shared.rename(shared.with_name("unmounted"))
    said = dateline("replay", TRAM, expect=2)
    assert f"the captures in {shared} cannot be used now" in said.err
    assert f"the captures in {shared} cannot be used now" in dateline("doctor", "--offline", expect=1).out


@pytest.mark.parametrize("address", ["memory://captures", "captures", "s3://user:secret@bucket"])
def test_what_is_no_place_is_refused_at_once(dateline, in_news, address):
    settle(in_news, address)
    said = dateline("status", expect=2)
    assert "storage.captures" in said.err
    assert said.err.count("\n") == 1


def test_without_the_extra_one_sentence_says_what_to_install(dateline, in_news, monkeypatch):
    settle(in_news, "s3://bucket/captures")
    monkeypatch.setattr("storage.captures.places.find_spec", lambda _: None)
    said = dateline("status", expect=2)
    assert "pip install 'dateline[s3]'" in said.err
    assert said.err.count("\n") == 1


def test_without_a_place_there_is_nothing_to_move_to(dateline, in_news):
    said = dateline("captures", "upload", expect=2)
    assert "storage.captures is empty" in said.err


def test_without_a_place_no_client_of_object_stores_is_loaded(stored):
    """Nor with one, unless it is asked."""
    script = (
        "import sys; from crawler import cli; sys.argv = ['dateline', 'captures', 'verify']\n"
        "try: cli.main()\n"
        "except SystemExit as ended: assert not ended.code, ended.code\n"
        "loaded = {'fsspec', 's3fs', 'aiobotocore', 'botocore', 'scrapy'} & set(sys.modules)\n"
        "assert not loaded, loaded\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


def test_a_run_moves_its_own_files_when_it_ends(in_news, shared, exchange):
    settle(in_news, shared)
    with open_library(load(in_news)) as library:
        with registered(library, "test") as work:
            begun = work.run
            with CaptureWriter(library.captures, token=begun.token, software="tests") as writer:
                exchange(library, writer)
            with CaptureWriter(library.captures, token="fedcba9876543210", software="tests") as writer:
                exchange(library, writer)
        assert [one.file for one in library.store.stored_files()] == [one.name for one in shared.iterdir()]
        assert library.store.run(begun.token).state is RunState.FINISHED
    (left,) = files_in(in_news)
    assert "-fedcba98-" in left


def test_a_place_that_is_away_does_not_end_a_run_otherwise(in_news, tmp_path, exchange):
    settle(in_news, tmp_path / "not-mounted")
    with open_library(load(in_news)) as library:
        with registered(library, "test") as work:
            begun = work.run
            with CaptureWriter(library.captures, token=begun.token, software="tests") as writer:
                exchange(library, writer)
        assert library.store.run(begun.token).state is RunState.FINISHED
    assert len(files_in(in_news)) == 1


@pytest.fixture
def exchange(dateline, in_news, table):
    """Stores a page of a document of its own."""
    import uuid  # noqa: PLC0415
    from datetime import timedelta  # noqa: PLC0415

    from crawler.dedup import decide  # noqa: PLC0415
    from crawler.urls import canonical_url  # noqa: PLC0415
    from storage.types import Exchange, FetchAttempt, FetchReason, FetchResult, utc_now  # noqa: PLC0415

    dateline("events", "import", table(TRAM, WALL))

    def store(library, writer):
        now = utc_now()
        asked = Exchange(
            url=TRAM,
            request_headers=(),
            status=200,
            headers=(),
            payload=uuid.uuid4().bytes,
            fetched_at=now - timedelta(seconds=1),
        )
        capture = writer.append(asked, kind=CaptureKind.LIVE, known={})
        writer.sync()
        attempt = FetchAttempt(
            key=uuid.uuid4().hex,
            document_id=library.store.document(canonical_url(TRAM)).id,
            reason=FetchReason.NEW,
            outcome=Outcome.FAILED,
            request_url=TRAM,
            final_url=TRAM,
            started_at=now,
            finished_at=now,
        )
        (answer,) = library.store.archive([FetchResult(attempt=attempt, captures=(capture,))], decide=decide, now=now)
        assert not answer.error

    return store


@pytest.fixture
def on_postgres(in_news, postgres_url, monkeypatch):
    monkeypatch.setenv(DATABASE_VARIABLE, postgres_url)
    return in_news


def test_what_one_machine_fetched_another_judges_again(
    dateline, on_postgres, table, store_page, s3_bucket, tmp_path, monkeypatch
):
    """Two folders of one library, on one database, with one bucket."""
    settle(on_postgres, s3_bucket)
    dateline("events", "import", table(TRAM))
    store_page(TRAM, page(TRAM), Outcome.FAILED)
    dateline("captures", "upload")
    other = tmp_path / "other"
    other.mkdir()
    settle(other, s3_bucket)
    monkeypatch.setenv(LIBRARY_VARIABLE, str(other))
    assert dateline("captures", "verify").out == "1 capture, 0 problems\n"
    assert dateline("replay", TRAM).out.startswith("1 page understood again: 1 is judged otherwise")
    (article,) = dateline("articles", "list", "--json").lines
    assert dateline("show", article["id"]).out


def test_a_backup_lists_what_was_moved_out_and_a_restored_library_finds_it(dateline, stored, shared, tmp_path):
    first = dateline("backup", tmp_path / "backup", "--json").json
    assert (first["copied"], first["placed"]) == (3, 0)
    settle(stored, shared)
    dateline("captures", "upload")
    said = dateline("backup", tmp_path / "backup", "--json").json
    assert (said["placed"], said["lost"], said["dropped"], said["kept"]) == (2, [], [], 2)
    fresh = dateline("backup", tmp_path / "fresh", "--json").json
    assert (fresh["placed"], fresh["copied"]) == (2, 1)
    dateline("restore", tmp_path / "fresh", tmp_path / "again")
    assert files_in(tmp_path / "again") == []
    assert dateline("captures", "verify", "--library", tmp_path / "again").out == "2 captures, 0 problems\n"
    dateline("forget", WALL, "--reason", "asked", "--yes")
    said = dateline("backup", tmp_path / "backup", "--json").json
    assert (said["placed"], len(said["dropped"])) == (1, 1)
    file = next(shared.iterdir())
    file.unlink()
    said = dateline("restore", tmp_path / "fresh", tmp_path / "third", "--json", expect=1).json
    assert {one["kind"] for one in said["checked"]["problems"]} == {"no_file"}


def test_an_address_names_the_same_place_however_it_ends(s3_bucket):
    assert place_at(f"{s3_bucket}/") is place_at(s3_bucket)
