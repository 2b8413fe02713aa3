"""A better extractor, or a host that is known better, never makes a new version of a page that did not change."""

import asyncio
import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

import crawler.furniture
from crawler import rebuilding
from crawler.archiving import ArchiveWriter, Understood
from crawler.classify import PageReading
from crawler.configuration import Configuration, load
from crawler.dedup import fingerprint
from crawler.errors import PageTooHard
from crawler.extraction import NoArticle
from crawler.items import FetchedPage, FetchTask
from crawler.judging import beside_others, understood_as
from crawler.library import Library
from crawler.store_thread import StoreThread
from crawler.urls import identify
from storage import open_store
from storage.captures import CaptureWriter
from storage.errors import StoreUnavailable
from storage.types import (
    Article,
    EntryOrigin,
    Exchange,
    FetchReason,
    LooseSource,
    Outcome,
    Selection,
    VerdictKind,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
STORY = "The harbour council of Merrow has voted to mend the quay before the winter comes."
OTHER = "Two lighthouses were sold at auction on Monday and nobody in Merrow knows who bought them."
ADVERTISED = "Buy the tea of Quill and Daughters"
TEA, JAM = "<p>{}</p><aside>Buy tea</aside>".format, "<p>{}</p><aside>Buy jam</aside>".format


@dataclass
class StandIn:
    """An extractor: version 1 keeps advertisements, version 2 knows them."""

    version: str = "1"
    furniture: tuple = ()
    extracted: list = field(default_factory=list)

    async def extract(self, page):
        self.extracted.append(page.url)
        return self.article(page.content.decode())

    def article(self, markup):
        if "<video>" in markup and self.version == "2":
            return NoArticle(outcome=Outcome.NO_ARTICLE, detail="a video")
        if "<hard>" in markup and self.version == "2":
            raise PageTooHard("time limit of 1 s")
        kept = markup if self.version == "1" else re.sub("<aside>.*?</aside>", "", markup)
        body = "\n\n".join(re.findall(">([^<]+)<", kept))
        article = Article(
            headline="Quay",
            body=body,
            extractor="stand-in",
            extractor_version=self.version,
            edge_lines=tuple(hash(line) for line in body.split("\n\n")[-1:]),
        )
        return fingerprint(article)


@dataclass
class StandInSession:
    """What judging needs of a run."""

    store: StoreThread
    configuration: Configuration
    pool: StandIn


@dataclass
class Desk:
    """Fetches pages as a crawl would."""

    session: StandInSession
    writer: ArchiveWriter
    store: object
    captures: CaptureWriter
    number: int = 0

    def document(self, path="/quay"):
        url = f"http://merrow.example{path}"
        origin = EntryOrigin(name="-", line=1, format="urls")
        self.store.put_loose([LooseSource(cited_url=url, identity=identify(url), origin=origin)], now=NOW)
        return next(one for one in self.store.due(Selection(due_only=False), now=NOW) if one.request_url == url)

    def fetch(self, markup, path="/quay"):
        """The verdict on this page, and how the article that was stored reads."""
        self.number += 1
        at, document = NOW + timedelta(days=self.number), self.document(path)
        exchange = Exchange(
            url=document.request_url,
            request_headers=(),
            status=200,
            headers=(("Content-Type", "text/html"),),
            payload=markup.encode(),
            fetched_at=at,
        )
        task = FetchTask(document=document, reason=FetchReason.NEW, attempt_key=f"{self.number:032x}", run_token="")
        item = FetchedPage(
            task=task,
            started_at=at,
            finished_at=at,
            redirects=(),
            final_url=document.request_url,
            exchanges=(exchange,),
            content=exchange.payload,
            content_type="text/html",
        )
        article = self.session.pool.article(markup)
        reading = PageReading(outcome=Outcome.FETCHED, detail="", verdict=None, article=article)

        async def run():
            judged = await beside_others(self.session, document, reading)
            understood = understood_as(item, judged)
            assert isinstance(understood, Understood)
            return await self.writer.put(understood)

        return asyncio.run(run()).verdict

    def bodies(self):
        return [version.article.body for version, _, _ in self.store.versions()]


@pytest.fixture
def desk(tmp_path):
    folder = tmp_path / "news"
    (folder / "captures").mkdir(parents=True)
    (folder / "dateline.toml").write_text("")
    configuration = load(folder)
    with (
        open_store("memory:") as store,
        CaptureWriter(configuration.captures, token="a1b2c3d4e5f60718", software="dateline/test") as captures,
    ):
        thread = StoreThread(store)
        session = StandInSession(store=thread, configuration=configuration, pool=StandIn())
        yield Desk(
            session=session, writer=ArchiveWriter(store=thread, captures=captures), store=store, captures=captures
        )
        thread.close()


def test_an_advertisement_that_changed_is_no_version_for_a_better_extractor(desk):
    assert desk.fetch(TEA(STORY)).kind is VerdictKind.NEW
    desk.session.pool.version = "2"
    verdict = desk.fetch(JAM(STORY))
    assert (verdict.kind, "may be ours" in verdict.evidence) == (VerdictKind.REVISIT, False)
    assert desk.bodies() == [STORY]
    assert len(desk.session.pool.extracted) == 1
    assert desk.fetch(TEA(STORY)).kind is VerdictKind.REVISIT
    assert len(desk.session.pool.extracted) == 1, "what the present extractor made is not extracted again"


def test_a_change_of_the_publisher_is_a_version_and_the_old_text_gets_better_beside_it(desk):
    desk.fetch(TEA(STORY))
    desk.session.pool.version = "2"
    verdict = desk.fetch(TEA(OTHER))
    assert (verdict.kind, "may be ours" in verdict.evidence) == (VerdictKind.NEW_VERSION, False)
    assert desk.bodies() == [STORY, OTHER]


@pytest.mark.parametrize("broken", ["<video>", "<hard>", ""])
def test_an_old_capture_that_gives_nothing_now_is_told_in_the_verdict(desk, broken):
    desk.fetch(TEA(STORY) + broken)
    desk.session.pool.version = "2"
    if not broken:
        desk.captures.close()
        for file in desk.session.configuration.captures.glob("*.warc.gz"):
            file.unlink()
    before = desk.bodies()
    verdict = desk.fetch(TEA(OTHER))
    assert verdict.kind is VerdictKind.NEW_VERSION
    assert verdict.evidence.endswith("could not be extracted again: the change may be ours")
    assert desk.bodies() == [*before, OTHER]


def test_a_database_that_is_away_is_waited_for_and_no_damage_of_a_capture(desk, monkeypatch):
    desk.fetch(TEA(STORY))
    desk.session.pool.version = "2"
    known, failures = desk.store.known_payloads, iter([1])

    def unreliable(_, digests):
        if next(failures, None):
            raise StoreUnavailable("restarting")
        return known(digests)

    monkeypatch.setattr(type(desk.store), "known_payloads", unreliable)
    verdict = desk.fetch(JAM(STORY))
    assert (verdict.kind, "may be ours" in verdict.evidence) == (VerdictKind.REVISIT, False)
    assert next(failures, None) is None


@pytest.fixture
def cutting(monkeypatch):
    """Host memory that takes off the last line where three other documents have it."""

    def cut(article, familiar):
        if not any(number >= 3 for number in familiar.values()):
            return article
        return replace(article, body=article.body.rsplit("\n\n", 1)[0])

    monkeypatch.setattr(crawler.furniture, "without_familiar", cut)


STORIES = [
    f"Story {number} of {name} tells of {name} and nothing else."
    for number, name in enumerate(["Anders", "Berit", "Cato", "Dagny", "Einar"])
]


def page(story):
    return f"<p>{story}</p><p>{ADVERTISED}</p>"


@pytest.mark.usefixtures("cutting")
def test_a_host_that_is_known_better_makes_no_version_of_an_unchanged_page(desk):
    for number, story in enumerate(STORIES):
        assert desk.fetch(page(story), f"/{number}").kind is VerdictKind.NEW
    assert [ADVERTISED in body for body in desk.bodies()] == [True, True, True, False, False]
    assert desk.fetch(page(STORIES[0]) + "<!-- again -->", "/0").kind is VerdictKind.REVISIT
    assert [ADVERTISED in body for body in desk.bodies()] == [False, True, True, False, False]


@pytest.mark.usefixtures("cutting")
def test_extracting_again_cuts_the_first_pages_of_a_host_as_the_last(desk, monkeypatch):
    for number, story in enumerate(STORIES):
        desk.fetch(page(story), f"/{number}")
    desk.captures.close()
    pool = desk.session.pool
    monkeypatch.setattr(rebuilding._Work, "extract", lambda _, rows: [extract(pool, row) for row in rows])
    monkeypatch.setattr(rebuilding, "_BATCH", 2)
    library = Library(configuration=desk.session.configuration, store=desk.store)
    report = rebuilding.stage(library)
    assert (report.versions, report.changed, report.current) == (5, 3, 0)
    assert [ADVERTISED in body for body in desk.bodies()] == [True, True, True, False, False]
    rebuilding.apply(library, report)
    assert desk.bodies() == STORIES


def extract(pool, row):
    _, capture, _ = row
    return pool.article(page(STORIES[int(capture.url.rsplit("/", 1)[1])]))
