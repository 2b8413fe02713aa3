"""Captures that go to an object store: crawled, verified, extracted again, renewed and taken down from there.

The store is a server that speaks S3 over sockets; every command is a process of its own.
"""

import gzip
import json
import os
import signal
import socket
import sqlite3
from contextlib import closing

import boto3
import pytest
from workers_at_work import Crew, until

from crawler.demo.bulk import bulk_sites
from crawler.demo.site import Page, Site
from crawler.demo.web import LocalWeb
from crawler.extraction.version import EXTRACTOR_VERSION
from crawler.urls import canonical_url

BIG = 1_200_000
"""Random bytes in a page: a file of the least size is full after one."""

STOPPED_WITHIN_S = 40
"""A service manager is told to wait for 90 s."""


def put_away(desk, address, environment, **storage):
    """Let the full files of a library go to a place."""
    desk.environment.update(environment)
    path = desk.folder / "dateline.toml"
    lines = [f"{name} = {json.dumps(value)}" for name, value in ({"captures": address} | storage).items()]
    path.write_text(path.read_text().replace("[storage]\n", "\n".join(["[storage]", *lines, ""]), 1))


def in_place(address):
    """Name -> bytes of every object below the address."""
    bucket, _, prefix = address.removeprefix("s3://").partition("/")
    with closing(boto3.client("s3")) as client:
        found = client.list_objects_v2(Bucket=bucket, Prefix=f"{prefix}/").get("Contents", ())
        keys = [one["Key"] for one in found]
        return {
            key.removeprefix(f"{prefix}/"): client.get_object(Bucket=bucket, Key=key)["Body"].read() for key in keys
        }


def here(folder):
    """Names of the WARC files in a library's own folder."""
    return sorted(one.name for one in (folder / "captures").glob("*.warc*"))


def content_of(files):
    """All records of files, decompressed."""
    return b"".join(gzip.decompress(data) for data in files.values())


def verified(desk):
    """What `dateline captures verify` found, which must be nothing."""
    said = desk.run("captures", "verify", "--json").json
    assert (said["problems"], said["elsewhere"]) == ([], [])
    return said["captures"]


def assert_each_is_stored_once(library, urls):
    """Every page has one attempt and one capture, every file one row, and the bytes that the row names."""
    assert all(len(library.store.history(canonical_url(url)).captures) == 1 for url in urls)
    assert all(len(library.store.history(canonical_url(url)).attempts) == 1 for url in urls)
    rows = list(library.store.stored_files())
    files = {capture.location.file for capture in library.store.captures()}
    assert {row.file for row in rows} == files
    assert {row.file: row.size for row in rows} == {name: len(data) for name, data in in_place(rows[0].place).items()}
    assert len({row.sha256 for row in rows}) == len(rows)


def versions_of(desk, url):
    with desk.library() as library:
        return library.store.article(library.store.document(canonical_url(url)).article_id).versions


@pytest.fixture
def small(desk, s3_bucket, s3_environment):
    """A small library on SQLite whose files go away, and the web that it cites."""
    with LocalWeb(bulk_sites(hosts=3, pages=2)) as web:
        desk.configure(proxy=web.proxy_url)
        put_away(desk, s3_bucket, s3_environment)
        yield Crew(desk, web, "", hosts=3, pages=2)


@pytest.fixture
def placed(crew, s3_bucket, s3_environment):
    """A crew whose files go to one place."""
    crew.configure()
    put_away(crew.desk, s3_bucket, s3_environment)
    return crew


# -- one machine -------------------------------------------------------------------------------------------------------


def test_a_crawl_leaves_its_captures_in_the_place_and_everything_works_from_there(small, s3_bucket):
    desk = small.desk
    desk.import_urls(*small.urls)
    desk.run("crawl")
    assert here(desk.folder) == []
    files = desk.run("captures", "files", "--json").json
    assert {one["where"] for one in files} == {s3_bucket}
    assert {one["file"] for one in files} == set(in_place(s3_bucket))
    assert verified(desk) == len(small.urls)
    with desk.library() as library:
        assert_each_is_stored_once(library, small.urls)
    (version,) = versions_of(desk, small.urls[0])
    assert f"<h1>{version.article.headline}</h1>" in desk.run("captures", "cat", small.urls[0]).out
    again = desk.run("reextract", "--all", "--again", "--yes", "--json").json
    assert (again["versions"], again["problems"]) == (len(small.urls), [])
    before = in_place(s3_bucket)
    assert "0 files moved out" in desk.run("captures", "upload").out
    desk.run("crawl")
    assert in_place(s3_bucket) == before
    assert here(desk.folder) == []


def test_full_files_go_away_while_the_crawl_goes_on(small, s3_bucket):
    host = "large.example"
    pages = {f"/{page}": f"<html><title>{page}</title><!-- {os.urandom(BIG).hex()} -->" for page in range(3)}
    small.web.put(Site(host=host, routes={target: Page(body=text.encode()) for target, text in pages.items()}))
    small.web.put(Site(host="hangs.example", routes={"/": Page(body=b"late", delay_s=60)}))
    path = small.desk.folder / "dateline.toml"
    path.write_text(
        path.read_text().replace("[crawl]\n", "rotate_mb = 1\n[crawl]\n").replace("timeout_s = 5", "timeout_s = 90")
    )
    urls = [f"http://{host}{target}" for target in pages]
    small.desk.import_urls(*urls, "http://hangs.example/")
    crawl = small.desk.start("crawl")
    until(lambda: len(in_place(s3_bucket)) == len(pages) - 1 or crawl.poll() is not None)
    assert crawl.poll() is None, crawl.communicate()
    crawl.send_signal(signal.SIGINT)
    crawl.communicate(timeout=60)
    assert here(small.desk.folder) == []
    assert verified(small.desk) == len(pages)
    with small.desk.library() as library:
        assert_each_is_stored_once(library, urls)


def test_a_text_is_renewed_from_a_capture_in_the_place(small, s3_bucket):
    desk, (url, *_) = small.desk, small.urls
    desk.import_urls(*small.urls)
    desk.run("crawl")
    with closing(sqlite3.connect(desk.folder / "dateline.db")) as database, database:
        database.execute("UPDATE article_versions SET extractor_version = 'older', body = 'Hardly anything.'")
    desk.run("refetch", desk.first_event())
    renewed, untouched = versions_of(desk, url), versions_of(desk, small.urls[-1])
    assert {one.article.extractor_version for one in renewed} == {EXTRACTOR_VERSION}
    assert "Hardly anything." not in {one.article.body for one in renewed}
    assert {one.article.extractor_version for one in untouched} == {"older"}
    assert verified(desk) == len(small.urls) + 1


def test_what_is_taken_down_is_gone_from_the_place_and_the_rest_stays_readable(small, s3_bucket):
    desk, (url, other, *_) = small.desk, small.urls
    desk.import_urls(*small.urls)
    desk.run("crawl")
    text = versions_of(desk, url)[0].article.headline.encode()
    before = in_place(s3_bucket)
    assert text in content_of(before)
    desk.run("forget", url, "--reason", "asked", "--by", "ada", "--yes")
    after = in_place(s3_bucket)
    assert {name: len(data) for name, data in after.items()} == {name: len(data) for name, data in before.items()}
    assert text not in content_of(after)
    assert verified(desk) == len(small.urls) - 1
    assert versions_of(desk, other)[0].article.headline in desk.run("captures", "cat", other).out
    assert here(desk.folder) == []


# -- a place that cannot be used ---------------------------------------------------------------------------------------


def test_a_crawl_goes_on_while_the_place_is_away_and_the_next_run_moves_what_stayed(small, s3_bucket, s3_environment):
    desk = small.desk
    desk.import_urls(*small.urls)
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        away = f"http://127.0.0.1:{taken.getsockname()[1]}"
    desk.environment["AWS_ENDPOINT_URL"] = away
    crawled = desk.run("crawl")
    assert desk.status().by_outcome == {"fetched": len(small.urls)}
    assert "this machine for now" in crawled.err
    stayed = here(desk.folder)
    assert stayed
    assert in_place(s3_bucket) == {}
    assert verified(desk) == len(small.urls)
    desk.environment.update(s3_environment)
    desk.run("crawl")
    assert here(desk.folder) == []
    assert sorted(in_place(s3_bucket)) == stayed
    assert verified(desk) == len(small.urls)
    with desk.library() as library:
        assert_each_is_stored_once(library, small.urls)


def test_reading_while_the_place_is_away_says_so_and_calls_nothing_lost(small, s3_environment):
    desk = small.desk
    desk.import_urls(*small.urls)
    desk.run("crawl")
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        desk.environment["AWS_ENDPOINT_URL"] = f"http://127.0.0.1:{taken.getsockname()[1]}"
    for words in (
        ("captures", "verify"),
        ("captures", "cat", small.urls[0]),
        ("reextract", "--all", "--again", "--yes"),
    ):
        told = desk.run(*words, expect=None)
        assert told.status not in {0, 130}, words
        assert "cannot be" in told.err, told
    desk.environment.update(s3_environment)
    assert verified(desk) == len(small.urls)
    assert {one.article.extractor_version for one in versions_of(desk, small.urls[0])} == {EXTRACTOR_VERSION}


# -- many machines -----------------------------------------------------------------------------------------------------


def on(crew, machine):
    """The command line on another machine."""
    return type(crew.desk)(crew.machine(machine), crew.desk.environment)


def test_what_two_machines_fetched_is_verified_and_extracted_again_on_a_third(placed, s3_bucket):
    crew = placed
    crew.start(machine="one"), crew.start(machine="two")
    crew.begin()
    crew.wait_until_done()
    shares = [worker.pages() for worker in crew.workers]
    crew.stop()
    assert min(shares) > 0
    assert [here(on(crew, name).folder) for name in ("one", "two")] == [[], []]
    third = on(crew, "third")
    assert here(third.folder) == []
    assert verified(third) == len(crew.urls)
    with crew.library() as library:
        assert_each_is_stored_once(library, crew.urls)
        assert len(list(library.store.stored_files())) >= len(shares)
    crew.judged().assert_clean(crew.delay_s)
    third.run("reextract", "--all", "--again", "--queue")
    third.run("work", "--once", "--only", "reextract", "--only-ordered")
    again = third.run("reextract", "--all", "--again", "--yes", "--json").json
    assert (again["versions"], again["problems"]) == (len(crew.urls), [])
    assert here(third.folder) == []
    assert verified(on(crew, "one")) == len(crew.urls)


def test_what_a_killed_worker_had_not_moved_follows_with_the_next_command_on_its_machine(placed, s3_bucket):
    crew = placed
    victim = crew.start(machine="one")
    crew.start(machine="two")
    crew.begin()
    crew.wait_until_at_work(*crew.workers)
    victim.kill()
    crew.wait_until_done()
    crew.stop()
    one, third = on(crew, "one"), on(crew, "third")
    left = here(one.folder)
    assert left
    assert third.run("captures", "verify", expect=None).status == 1
    assert {where["where"] for where in one.run("captures", "files", "--json").json} == {"here", s3_bucket}
    assert "1 file moved out" in one.run("captures", "upload").out
    assert here(one.folder) == []
    assert verified(third) == len(crew.urls)
    with crew.library() as library:
        assert_each_is_stored_once(library, crew.urls)


def test_a_worker_whose_place_is_away_stops_in_time_and_the_next_one_moves_what_stayed(
    placed, s3_bucket, s3_environment
):
    """The place takes connections and never answers."""
    crew = placed
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        crew.desk.environment["AWS_ENDPOINT_URL"] = f"http://127.0.0.1:{silent.getsockname()[1]}"
        worker = crew.start()
        crew.begin()
        crew.wait_until_done()
        said, seconds = worker.stop(timeout=60)
    assert "does not answer" in said
    assert seconds < STOPPED_WITHIN_S
    assert here(crew.desk.folder)
    crew.desk.environment.update(s3_environment)
    crew.start("--once")
    until(crew.all_gone)
    assert here(crew.desk.folder) == []
    assert verified(crew.desk) == len(crew.urls)
    with crew.library() as library:
        assert_each_is_stored_once(library, crew.urls)
