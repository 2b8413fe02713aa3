"""A WACZ of articles in foreign hands: a real web archive on loopback shows every page of it."""

import io
import json
import zipfile

import pytest
from press import Press, fill, page
from pywb_archive import PywbArchive

from crawler.configuration import load
from crawler.library import Library
from crawler.packaging import Collection, pack
from storage import open_store


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    folder = tmp_path_factory.mktemp("news")
    with open_store("memory:") as store:
        press = Press(Library(configuration=load(folder), store=store))
        press.library.captures.mkdir()
        fill(press)
        out = io.BytesIO()
        pack(press.library, store.articles(), out, Collection(title="Ferries"))
        press.close()
    path = folder / "ferries.wacz"
    path.write_bytes(out.getvalue())
    return path


@pytest.fixture(scope="module")
def archive(package, pywb, tmp_path_factory):
    """A running pywb that has the package in its collection."""
    with PywbArchive(pywb, tmp_path_factory.mktemp("pywb"), [package, "--unpack-wacz"]) as running:
        yield running


def test_every_page_replays_under_its_url_at_its_time(package, archive):
    lines = zipfile.ZipFile(package).read("pages/pages.jsonl").splitlines()[1:]
    texts = {"article-1-1": "first", "article-1-2": "second", "article-2-1": "first", "article-3-1": "old"}
    texts |= {"article-4-1": "first", "article-5-1": "by script"}
    assert len(lines) == len(texts)
    for line in map(json.loads, lines):
        time = "".join(filter(str.isdigit, line["ts"]))
        status, headers, body = archive.get(f"{time}id_/{line['url']}")
        assert (status, body) == (200, page(texts[line["id"]])), line
        assert headers["Content-Type"].startswith("text/html")


def test_redirects_images_and_the_archives_own_addresses_replay(archive):
    status, headers, _ = archive.get("20260304050707id_/http://harbour-post.example/f?id=1")
    assert (status, headers["Location"]) == (301, "http://harbour-post.example/ferry")
    assert archive.get("20260304051507id_/http://images.example/ferry.jpg")[2] == bytes(range(256)) * 8
    memento = archive.get("20260304051107id_/http://lantern.example/web/20121009080706id_/http://gone.example/ferry")
    assert (memento[0], memento[2]) == (200, page("old"))
