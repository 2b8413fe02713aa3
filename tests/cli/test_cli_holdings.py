"""What the command line says and does about WARC, ARC and WACZ files on disk."""

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.configuration import load
from crawler.library import open_library

URLS = tuple(f"http://www.harbour-post.example/{name}" for name in ("ferry", "lighthouse", "market"))


def written(path, *urls, date="2011-06-07T08:09:10Z"):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        for url in urls:
            head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            body = io.BytesIO(b"<h1>In the harbour</h1>" + url.encode())
            record = writer.create_warc_record(
                url, "response", body, http_headers=head, warc_headers_dict={"WARC-Date": date}
            )
            writer.write_record(record)
            record.raw_stream.close()
    return path


@pytest.fixture
def shelf(tmp_path):
    written(tmp_path / "shelf" / "2011.warc.gz", *URLS)
    written(tmp_path / "shelf" / "deep" / "2012.warc.gz", URLS[0], date="2012-01-02T03:04:05Z")
    return tmp_path / "shelf"


@pytest.fixture
def held(dateline, in_news, shelf):
    dateline("holdings", "add", shelf)
    return shelf


# -- add -------------------------------------------------------------------------------------------------------


def test_a_folder_is_added_and_adding_it_again_says_that_nothing_changed(dateline, in_news, shelf):
    assert "2 files indexed, 4 records kept" in dateline("holdings", "add", shelf).out
    again = dateline("holdings", "add", shelf)
    assert again.out == "2 files unchanged\n"


def test_what_was_added_is_said_as_json(dateline, in_news, shelf):
    said = dateline("holdings", "add", "--json", shelf).json
    assert (said["records"], said["unchanged"], said["refused"]) == (4, 0, [])
    assert [file["kind"] for file in said["files"]] == ["warc", "warc"]


def test_only_what_the_library_wants_is_kept_where_that_is_asked_for(dateline, in_news, shelf, table):
    dateline("events", "import", table(URLS[0], "http://elsewhere.example/x"))
    said = dateline("holdings", "add", "--wanted-only", shelf)
    assert "2 files indexed, 2 records kept" in said.out
    assert dateline("holdings", "show", URLS[1], expect=1).out == "nothing is held of it\n"
    stale = dateline("holdings", "add", "--wanted-only", shelf)
    assert "--again looks for more" in stale.err
    assert "4 records kept" in dateline("holdings", "add", shelf).out


def test_a_path_that_is_not_there_is_bad_input_and_nothing_is_added(dateline, in_news, shelf, database_of):
    before = database_of(in_news, runs=False)
    said = dateline("holdings", "add", shelf, shelf / "gone.warc.gz", expect=2)
    assert "gone.warc.gz: there is no such file or folder" in said.err
    assert database_of(in_news, runs=False) == before


def test_a_file_of_another_kind_is_named_and_the_others_are_added(dateline, in_news, shelf):
    (shelf / "odd.warc").write_text("no archive at all")
    said = dateline("holdings", "add", shelf, expect=2)
    assert "not indexed: " in said.err
    assert "odd.warc" in said.err
    assert "2 files indexed" in said.out


def test_a_cut_file_gives_what_it_has_and_says_what_is_missing(dateline, in_news, shelf):
    path = shelf / "2011.warc.gz"
    path.write_bytes(path.read_bytes()[:-20])
    said = dateline("holdings", "add", path, expect=1)
    assert "1 file indexed, 2 records kept" in said.out
    assert "the file ends inside it" in said.err
    assert URLS[2] in said.err
    assert dateline("holdings", "add", path).out == "1 file unchanged\n"


def test_a_name_that_would_steer_the_terminal_is_shown_harmless(dateline, in_news, shelf):
    (shelf / "2011.warc.gz").rename(shelf / "\x1b[31mred.warc.gz")
    dateline("holdings", "add", shelf)
    assert "\x1b" not in dateline("holdings", "list").out


def test_an_empty_folder_is_said_to_hold_none(dateline, in_news, tmp_path):
    (tmp_path / "bare").mkdir()
    assert "no WARC, ARC or WACZ files there" in dateline("holdings", "add", tmp_path / "bare").err


# -- list, show, forget ----------------------------------------------------------------------------------------


def test_the_list_says_what_each_file_holds_and_whether_it_still_is_there(dateline, held):
    (held / "2011.warc.gz").unlink()
    os.utime(held / "deep" / "2012.warc.gz", ns=(9, 9))
    said = dateline("holdings", "list")
    gone, changed = (line for line in said.out.splitlines() if ".warc.gz" in line)
    assert "gone" in gone
    assert gone.split()[0] == "3"
    assert "changed" in changed
    assert "2 files gone or changed" in said.err
    assert [line["state"] for line in dateline("holdings", "list", "--json").lines] == ["gone", "changed"]


def test_an_empty_list_says_how_to_begin(dateline, in_news):
    assert "dateline holdings add" in dateline("holdings", "list").out


def test_the_records_of_a_url_are_shown_whatever_its_spelling(dateline, held):
    said = dateline("holdings", "show", "https://harbour-post.example/Ferry")
    assert "2011-06-07 08:09:10  200" in said.out
    assert "2012-01-02 03:04:05  200" in said.out
    lines = dateline("holdings", "show", "--json", URLS[0]).lines
    assert [line["captured_at"] for line in lines] == ["2011-06-07T08:09:10+00:00", "2012-01-02T03:04:05+00:00"]


def test_what_is_no_url_is_bad_input(dateline, held):
    assert "cannot be requested" in dateline("holdings", "show", "ferry", expect=2).err


def test_a_file_is_forgotten_and_stays_on_the_disk(dateline, held):
    said = dateline("holdings", "forget", held / "2011.warc.gz")
    assert "1 file forgotten" in said.out
    assert (held / "2011.warc.gz").exists()
    assert len(dateline("holdings", "list", "--json").lines) == 1
    assert len(dateline("holdings", "show", "--json", URLS[0]).lines) == 1


def test_a_folder_that_is_not_there_any_more_can_be_forgotten(dateline, held):
    held.rename(held.with_name("moved"))
    assert "2 files forgotten" in dateline("holdings", "forget", held).out
    assert "is indexed" in dateline("holdings", "forget", held, expect=2).err


# -- interrupted -----------------------------------------------------------------------------------------------


def test_ctrl_c_keeps_whole_files_and_says_how_to_go_on(in_news, shelf, tmp_path):
    # Large enough that the signal finds it being read.
    large = shelf / "zz-large.warc.gz"
    one = written(tmp_path / "one.warc.gz", *URLS).read_bytes()
    with large.open("wb") as stream:
        for _ in range(4000):
            stream.write(one * 10)
    command = [str(Path(sys.executable).with_name("dateline")), "holdings", "add", str(shelf)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        deadline = time.monotonic() + 60
        while not _files(in_news) and time.monotonic() < deadline and process.poll() is None:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert "run the same command again" in said
    assert "Traceback" not in said
    assert all("zz-large" not in path for path in _files(in_news))


def _files(folder):
    with open_library(load(folder)) as library:
        return [file.path for file in library.store.held_files()]
