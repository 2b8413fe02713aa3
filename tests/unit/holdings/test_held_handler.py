"""The scheme ``warc``: what it answers, and what it can never be made to read."""

import asyncio
import json
import os
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote, urlencode

import pytest
from scrapy import Request
from scrapy.settings import Settings

from crawler.addon import crawl_settings
from crawler.archives import archive_of
from crawler.archives.protocol import Answer, ArchivePlace, Replayed, Wanted, Window
from crawler.configuration import load
from crawler.handlers import EXCHANGES, STARTED, started_at
from crawler.holdings.handler import HoldingsHandler
from crawler.holdings.indexing import Wish, index
from crawler.urls import url_key
from storage.memory import MemoryStore

URLS = ("http://post.example/a?x=1&b=2", "http://post.example/b")


class Stores:
    def __init__(self, store):
        self.store = store
        self.asked = 0

    async def call(self, work):
        self.asked += 1
        return work(self.store)


@pytest.fixture
def held(tmp_path, make):
    """A store that knows one file in a folder with an awkward name."""
    folder = tmp_path / "my files & more"
    folder.mkdir()
    path = folder / "100% news?.warc.gz"
    path.write_bytes(make.warc(*URLS))
    store = MemoryStore()
    index(store, [path], Wish())
    return SimpleNamespace(store=store, path=str(path), folder=folder)


@pytest.fixture
def stores(held):
    return Stores(held.store)


@pytest.fixture
def handler(stores):
    spider = SimpleNamespace(session=SimpleNamespace(store=stores))
    return HoldingsHandler(SimpleNamespace(settings=Settings({"DOWNLOAD_MAXSIZE": 1 << 20}), spider=spider))


@pytest.fixture
def ask(handler):
    """Send a URL through the handler."""

    def run(url):
        return asyncio.run(handler.download_request(Request(url)))

    return run


def index_url(**asked):
    return f"warc://index/?{urlencode(asked)}"


def record_url(path, **asked):
    return f"warc://record/{quote(path, safe='')}?{urlencode(asked)}"


def rows(response):
    assert response.status == 200, response.text
    return [json.loads(line) for line in response.body.splitlines()]


def test_the_index_lists_what_is_held_of_a_key(ask, held):
    (row,) = rows(ask(index_url(key=url_key(URLS[0]), since="20000101000000", until="20200101000000")))
    assert row["url"] == URLS[0]
    assert row["timestamp"] == "20140506070809"
    assert row["filename"] == held.path
    assert (row["status"], row["mime"], row["revisit"], row["member"]) == ("200", "text/html", False, "")
    assert set(row) == {
        *("timestamp", "url", "urlkey", "mime", "status", "digest", "offset", "length"),
        *("filename", "member", "revisit", "refers_to"),
    }


def test_the_window_counts_whole_seconds(ask, held, make):
    path = held.folder / "exact.warc.gz"
    path.write_bytes(make.warc(URLS[0], date="2015-01-01T00:00:00.750000Z"))
    index(held.store, [path], Wish())
    moment = "20150101000000"
    assert len(rows(ask(index_url(key=url_key(URLS[0]), since=moment, until=moment)))) == 1
    assert rows(ask(index_url(key=url_key(URLS[0]), since="20150101000001"))) == []


def test_nothing_held_is_an_empty_list(ask):
    assert rows(ask(index_url(key="example,unknown)/"))) == []


@pytest.mark.parametrize(
    "url",
    [
        "warc://index/",
        "warc://index/?key=a&since=yesterday",
        "warc://index/?key=a&until=20200230000000",
        "warc://record/%2Ftmp%2Fa?offset=x&length=5",
        "warc://record/%2Ftmp%2Fa",
    ],
)
def test_a_question_that_makes_no_sense_is_refused(ask, url):
    assert ask(url).status == 400


def test_the_bytes_of_a_record_come_as_they_are(ask, held):
    (row,) = rows(ask(index_url(key=url_key(URLS[1]))))
    response = ask(record_url(held.path, offset=row["offset"], length=row["length"]))
    assert response.status == 200
    content = Path(held.path).read_bytes()
    assert response.body == content[int(row["offset"]) :][: int(row["length"])]


@pytest.mark.parametrize(
    "written",
    ["/etc/passwd", "{folder}/secret.warc", "{path}/../secret.warc", "{folder}/./secret.warc", "../../etc/passwd", ""],
)
def test_no_file_is_read_that_was_not_added(ask, held, written):
    (held.folder / "secret.warc").write_bytes(b"secret" * 100)
    path = written.format(folder=held.folder, path=held.path)
    response = ask(record_url(path, offset=0, length=6))
    assert response.status == 404
    assert b"secretsecret" not in response.body
    assert ask(f"warc://record/{path}?offset=0&length=6").status in {400, 404}
    assert ask(f"warc://elsewhere/{path}").status == 404


def test_a_file_that_is_forgotten_is_not_read_any_more_once_it_is_asked_for_anew(ask, held):
    held.store.forget_held_file(held.path)
    assert ask(record_url(held.path, offset=0, length=10)).status == 404


def test_a_file_that_changed_is_refused_until_it_is_indexed_anew(ask, held, make):
    (row,) = rows(ask(index_url(key=url_key(URLS[0]))))
    question = record_url(held.path, offset=row["offset"], length=row["length"])
    assert ask(question).status == 200
    os.utime(held.path, ns=(7, 7))
    refused = ask(question)
    assert refused.status == 410
    assert "dateline holdings add" in refused.text
    index(held.store, [held.path], Wish())
    assert ask(question).status == 200


def test_the_store_is_asked_for_its_files_once_for_many_records(ask, stores, held):
    (row,) = rows(ask(index_url(key=url_key(URLS[0]))))
    before = stores.asked
    for _ in range(5):
        assert ask(record_url(held.path, offset=row["offset"], length=row["length"])).status == 200
    assert stores.asked == before + 1


def test_the_local_archive_and_the_handler_understand_each_other(ask):
    archive = archive_of(ArchivePlace(name="local", kind="local"))
    wanted = Wanted(url=URLS[0], url_key=url_key(URLS[0]), window=Window())

    def answered(question):
        response = ask(question.url)
        return Answer(question=question, status=response.status, headers=(), body=response.body)

    (question,) = archive.begin(wanted)
    (record,) = archive.heard(wanted, answered(question)).records
    replay = archive.replay(record)
    replayed = archive.replayed(record, answered(replay))
    assert isinstance(replayed, Replayed)
    assert b"Story 0 of Merrow" in replayed.payload
    lost = archive.replayed(record, replace(answered(replay), status=410))
    assert not isinstance(lost, Replayed)


@pytest.mark.parametrize(("path", "status"), [("index/?key=example,unknown)/", 200), ("record/%2Fetc%2Fpasswd", 400)])
def test_the_exchange_is_noted_where_others_look_for_it(handler, path, status):
    request = Request(f"warc://{path}")
    response = asyncio.run(handler.download_request(request))
    (exchange,) = request.meta[EXCHANGES]
    assert (exchange.url, exchange.status, exchange.payload) == (request.url, status, response.body)
    assert started_at(request.meta, exchange.fetched_at) <= exchange.fetched_at
    assert len(request.meta[STARTED]) == 1


def test_a_crawl_has_the_handler(tmp_path):
    (tmp_path / "dateline.toml").write_text("")
    handlers = crawl_settings(load(tmp_path))["DOWNLOAD_HANDLERS"]
    assert handlers["warc"] == "crawler.holdings.handler.HoldingsHandler"
