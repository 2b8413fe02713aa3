"""Stored captures are judged again, and become what they should have been; nothing is fetched for that."""

from datetime import timedelta

import pytest

from crawler import replaying
from crawler.configuration import load
from crawler.demo.layouts import Setting, plain_page, render, story
from crawler.library import open_library
from crawler.replaying import replay
from crawler.urls import canonical_url
from storage.types import (
    Outcome,
    RunState,
    Selection,
    utc_now,
)

TRAM = "http://www.night-courier.example/2013/02/19/tram/"
WALL = "http://www.dagblad-terveen.example/artikel/2017/dijk"
GONE = "http://www.night-courier.example/2013/gone"
LATER = "http://www.late-post.example/2013/tram"
ALIKE = tuple(f"http://www.quay-courier.example/stories/{number}.html" for number in range(3))
NOTICE = b"""<html><head><title>Quay Courier</title></head><body><div><a href="/">Front</a> <a href="/sport/">Sport</a>
</div><p>Dear reader, our house has moved its older stories into the cellar. We are sorting them by size and by smell,
and will bring them up again once the stairs are mended. Until then, please enjoy the harbour.</p></body></html>"""


def page(url):
    return render(story("tram"), Setting(layout="blog2013", url=url)).body


@pytest.fixture(autouse=True)
def cited(dateline, in_news, table):
    """Entries that cite all pages of this module."""
    dateline("events", "import", table(TRAM, WALL, GONE, LATER, *ALIKE))


def test_a_page_on_which_our_own_code_failed_becomes_an_article(dateline, in_news, store_page, database_of):
    store_page(TRAM, page(TRAM), Outcome.FAILED)
    said = dateline("why", TRAM).out
    assert "`dateline replay https://night-courier.example/2013/02/19/tram` judges it again" in said
    before = database_of(in_news)
    assert dateline("replay", "--dry-run", "--json").json["changed"] == {"failed -> fetched": 1}
    assert database_of(in_news) == before
    said = dateline("replay")
    assert said.out.startswith("1 page understood again: 1 is judged otherwise, 0 the same\n")
    assert "articles: 1 new" in said.out
    history = dateline("why", TRAM, "--json").json
    assert [attempt["reason"] for attempt in history["attempts"]] == ["new", "replayed"]
    assert history["attempts"][-1]["page"]["kind"] == "article"
    assert len(history["captures"]) == 1
    assert dateline("show", history["document"]["article_id"]).out.splitlines()
    assert dateline("status", "--json").json["runs"][0]["state"] == "finished"
    before = database_of(in_news, runs=False)
    assert dateline("replay").out.startswith("0 pages understood again")
    assert "1 page understood again: 0 are judged otherwise, 1 the same" in dateline("replay", TRAM).out
    assert database_of(in_news, runs=False) == before


def test_pages_of_any_outcome_are_judged_by_the_present_rules(dateline, store_page):
    store_page(WALL, plain_page("consent").encode(), Outcome.NO_ARTICLE)
    store_page(GONE, b"<html><body>Not Found</body></html>", Outcome.GONE, status=404)
    store_page(TRAM, page(TRAM), Outcome.NO_ARTICLE)
    said = dateline("replay", "--outcome", "no_article", "--host", WALL, "--json").json
    assert said["changed"] == {"no_article -> consent_wall": 1}
    following = dateline("why", WALL, "--json").json["document"]["next_fetch_at"]
    assert following is not None
    said = dateline("replay", "--outcome", "gone", "--json").json
    assert [change.partition(" (")[0] for change in said["changed"]] == ["gone -> gone"]
    assert dateline("replay", "--outcome", "gone", "--json").json["changed"] == {}
    assert dateline("why", GONE, "--json").json["document"]["last_outcome"] == "gone"
    assert "no_article -> fetched" in dateline("replay", TRAM).out


def test_a_text_that_other_documents_showed_too_is_the_answer_to_anything(dateline, store_page):
    for url in ALIKE:
        store_page(url, NOTICE, Outcome.FAILED)
    changed = [dateline("replay", url, "--json").json["changed"] for url in ALIKE]
    assert changed == [{"failed -> fetched": 1}, {"failed -> fetched": 1}, {"failed -> soft_404": 1}]


def test_what_a_publisher_reserves_is_read_again(dateline, store_page):
    reserving = page(TRAM).replace(b"<head>", b'<head><meta name="robots" content="noarchive">', 1)
    assert reserving != page(TRAM)
    store_page(TRAM, reserving, Outcome.FAILED)
    dateline("replay")
    assert "meta robots: noarchive" in dateline("why", TRAM).out


def test_a_fetch_that_comes_while_a_page_is_judged_again_is_not_undone(dateline, store_page, in_news, monkeypatch):
    store_page(TRAM, page(TRAM), Outcome.FAILED)
    understand = replaying._understand_all

    async def overtaken(library, reader, pool, batch):
        found = await understand(library, reader, pool, batch)
        store_page(TRAM, b"", Outcome.GONE, ago=timedelta(0))
        return found

    monkeypatch.setattr(replaying, "_understand_all", overtaken)
    said = dateline("replay", TRAM, expect=1)
    assert "attempted while its page was understood again" in said.err
    with open_library(load(in_news)) as library:
        assert library.store.document(canonical_url(TRAM)).last_outcome is Outcome.GONE


def test_a_page_that_is_not_of_the_latest_attempt_is_left_alone(dateline, store_page):
    store_page(LATER, page(LATER), Outcome.FAILED)
    store_page(LATER, b"", Outcome.TIMEOUT, ago=timedelta(0))
    assert dateline("replay", LATER, "--json").json["pages"] == 0
    assert dateline("why", LATER, "--json").json["document"]["last_outcome"] == "timeout"


def test_a_damaged_capture_is_reported_and_left_as_it_was(dateline, in_news, store_page, database_of):
    store_page(TRAM, page(TRAM), Outcome.FAILED)
    (file,) = (in_news / "captures").glob("*.warc.gz")
    (capture,) = dateline("captures", "list", TRAM, "--json").json
    content = bytearray(file.read_bytes())
    place = capture["location"]["offset"]
    content[place + 40 : place + 80] = bytes(40)
    file.write_bytes(content)
    before = database_of(in_news, runs=False)
    said = dateline("replay", expect=1)
    assert "left as it was: https://night-courier.example/2013/02/19/tram: " in said.err
    assert database_of(in_news, runs=False) == before


def test_an_interrupted_replay_keeps_what_is_done(in_news, store_page):
    store_page(TRAM, page(TRAM), Outcome.FAILED)
    store_page(LATER, page(LATER), Outcome.FAILED)

    def interrupt():
        raise KeyboardInterrupt

    with open_library(load(in_news)) as library:
        selection = Selection(outcome=Outcome.FAILED, due_only=False)
        report = replay(library, selection, command="dateline replay", progress=interrupt)
        assert report.state is RunState.INTERRUPTED
        assert library.store.runs()[0].state is RunState.INTERRUPTED
        assert library.store.status(now=utc_now()).by_outcome == {"fetched": 2}


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["http://unknown.example/"], "no event entry cites https://unknown.example/"),
        (["not a url"], "cannot be requested"),
        (["--outcome", "faild"], "did you mean failed?"),
        (["--host", "odd.example"], "no event entry cites anything on the host"),
    ],
)
def test_a_replay_of_what_is_not_there_is_refused(dateline, store_page, words, text):
    said = dateline("replay", *words, expect=2)
    assert said.out == ""
    assert text in said.err
