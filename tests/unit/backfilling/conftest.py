"""A library in memory, an archive that is a table of answers, and a backfiller between them."""

import asyncio
import json
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from crawler.archives.protocol import (
    ArchivePlace,
    CdxRecord,
    Heard,
    Hop,
    Pool,
    Problem,
    Question,
    Replayed,
)
from crawler.archiving import ArchiveWriter, Patient, Understood
from crawler.backfilling.asking import Asker, Sent
from crawler.backfilling.flow import Backfiller
from crawler.backfilling.searching import Means
from crawler.backfilling.standing import Limits
from crawler.dedup import fingerprint
from crawler.items import FetchedPage
from crawler.store_thread import StoreThread
from crawler.turns import Turns
from crawler.urls import identify
from storage import open_store
from storage.captures import CaptureWriter
from storage.types import (
    Article,
    BackfillRequest,
    EventEntry,
    Exchange,
    KnownMemento,
    Memento,
    Outcome,
    SearchState,
    Selection,
    SourceLink,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "http://paper.example/2011/quay"
_STATES = {403: SearchState.EXCLUDED, 404: SearchState.NEVER_ARCHIVED, 429: SearchState.RATE_LIMITED}
_OUTCOMES = {b"soft": Outcome.SOFT_404, b"unrelated": Outcome.UNRELATED, b"boom": Outcome.FAILED}
WORDS = "harbour council dredging contract winter timetable lighthouse grain exchange court census".split()  # noqa: SIM905


class Attic:
    """An archive: its index answers with JSON, a copy is what has a ``Memento-Datetime``."""

    def __init__(self, name="attic", *, enabled=True):
        self.base = f"http://{name}.example"
        self.place = ArchivePlace(
            name=name, kind="cdx", interval_s={Pool.INDEX: 0.0, Pool.REPLAY: 0.0}, enabled=enabled
        )

    def index_url(self, url, page=""):
        return f"{self.base}/index/{page}?{url}"

    def copy_url(self, stamp, url=URL):
        return f"{self.base}/{stamp}/{url}"

    def begin(self, wanted):
        return (Question(url=self.index_url(wanted.url), pool=Pool.INDEX, good_for=timedelta(days=60)),)

    def heard(self, wanted, answer):
        if answer.status != 200:
            return Heard(problem=self._problem(answer))
        said = json.loads(answer.body)
        further = tuple(
            Question(url=self.index_url(wanted.url, page), pool=Pool.INDEX, good_for=timedelta(days=60))
            for page in said.get("pages", ())
        )
        return Heard(records=tuple(record(*row) for row in said["rows"]), questions=further)

    def replay(self, copy):
        return Question(url=self.copy_url(copy.timestamp, copy.url), pool=Pool.REPLAY)

    def cited(self, memento):
        return Question(url=memento.url, pool=Pool.REPLAY) if memento.url.startswith(self.base) else None

    def replayed(self, copy, answer):
        if hop := answer.header("X-Hop"):
            return Hop(question=Question(url=hop, pool=Pool.REPLAY), detail="the nearest copy")
        if not answer.header("Memento-Datetime"):
            return self._problem(answer)
        memento = Memento(
            archive=self.place.name,
            url=answer.question.url,
            page_url=copy.url,
            captured_at=moment(answer.header("Memento-Datetime")),
            requested_at=copy.captured_at,
        )
        return Replayed(
            memento=memento,
            status=answer.status,
            headers=(("Content-Type", "text/html"),),
            payload=answer.payload,
            redirect_to=answer.header("Location"),
        )

    def public_url(self, copy):
        return self.copy_url(copy.timestamp, copy.url)

    def _problem(self, answer):
        state = _STATES.get(answer.status, SearchState.UNREACHABLE)
        return Problem(state=state, detail=f"the archive said {answer.status}")


def moment(stamp):
    return datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def record(stamp, url=URL, status=200, digest=""):
    return CdxRecord(
        timestamp=stamp, captured_at=moment(stamp), url=url, media_type="text/html", status=status, digest=digest
    )


@dataclass
class World:
    """What is where, and what was asked."""

    store: object
    captures: object
    now: datetime = NOW
    answers: dict = field(default_factory=dict)
    asked: list = field(default_factory=list)
    judged: list = field(default_factory=list)

    def lists(self, archive, *rows, url=URL, pages=(), page=""):
        body = json.dumps({"rows": rows, "pages": pages}).encode()
        self.answers[archive.index_url(url, page)] = (200, {}, body)

    def keeps(self, archive, stamp, body=b"article", *, url=URL, status=200, **headers):
        told = {"Memento-Datetime": stamp, **{name.replace("_", "-"): value for name, value in headers.items()}}
        self.answers[archive.copy_url(stamp, url)] = (status, told, body)

    async def download(self, question):
        self.asked.append(question.url)
        answer = self.answers.get(question.url, (404, {}, b""))
        if isinstance(answer, Exception):
            raise answer
        status, headers, body = answer
        exchange = Exchange(
            url=question.url,
            request_headers=(),
            status=status,
            headers=tuple(headers.items()),
            payload=body,
            fetched_at=self.now,
        )
        return Sent(exchange=exchange, started_at=self.now)

    async def judge(self, item):
        if not isinstance(item, FetchedPage):
            return Understood(item=item, outcome=item.outcome, detail=item.detail)
        self.judged.append(item)
        word = item.content.split(b" ")[0]
        if word not in {b"article", b"teaser"}:
            return Understood(item=item, outcome=_OUTCOMES[word], detail="no")
        text = " ".join(f"{word} {len(item.content) * 37 + index}" for index, word in enumerate(WORDS * 6))
        article = fingerprint(Article(headline="The quay", body=text))
        outcome = Outcome.TEASER if word == b"teaser" else Outcome.FETCHED
        return Understood(item=item, outcome=outcome, detail="", article=article)

    def cites(self, url, memento="", key="2011/05/9/quay"):
        """An event entry cites a page, or a copy of it in an archive."""
        known = KnownMemento(archive=memento.split("/")[2], url=memento) if memento else None
        identity = replace(identify(url), memento=known)
        link = SourceLink(position=1, label="Paper", cited_url=memento or url, identity=identity)
        day = date(2011, 5, 9)
        entry = EventEntry(key=key, event_date=day, headline=key, headline_raw=key, sources=(link,))
        self.store.put_events([entry], match=lambda *_: None, now=self.now)

    def tasks(self, *, run="run", due_only=False, rescued=False):
        request = BackfillRequest(
            token=run,
            now=self.now,
            until=self.now + timedelta(minutes=10),
            limit=10,
            selection=Selection(due_only=due_only),
            rescued=rescued,
        )
        return self.store.lease_backfills(request)

    def rescue(self, *archives, only="", run="run", candidates=4, due_only=False, put=None, allow_private=False, **how):
        """One visit to the archives for every document that is wanted; returns the reports."""

        async def sleep(seconds):
            self.now += timedelta(seconds=seconds)

        async def work(thread):
            store = Patient(thread)
            limits = Limits(
                before=timedelta(days=2),
                after=timedelta(days=1826),
                candidates=candidates,
                answers=timedelta(days=30),
                retry=timedelta(days=180),
                max_bytes=1 << 20,
                allow_private=allow_private,
            )
            turns = Turns(store=store, default_s=0.0, clock=lambda: self.now, sleep=sleep)
            asker = Asker(
                store=store,
                turns=turns,
                download=self.download,
                answers=limits.answers,
                max_bytes=limits.max_bytes,
                clock=lambda: self.now,
            )
            writer = ArchiveWriter(store=thread, captures=self.captures)
            means = Means(
                asker=asker,
                judge=self.judge,
                put=(lambda one: put(writer, one)) if put else writer.put,
                store=store,
                limits=limits,
                token=run,
                by_hand=not due_only,
                clock=lambda: self.now,
                **how,
            )
            backfiller = Backfiller(means=means, archives=archives, only=only)
            tasks = self.tasks(run=run, due_only=due_only, rescued=how.get("versions", False))
            return [await backfiller.rescue(task) for task in tasks]

        self.asked.clear()
        thread = StoreThread(self.store)
        try:
            return asyncio.run(work(thread))
        finally:
            thread.close()

    def search(self, archive, url=URL):
        document = self.store.find_document(identify(url).canonical_url)
        found = self.store.searches([document.id]).get(document.id, ())
        return next(search for search in found if search.archive == archive.place.name)

    def attempts(self, url=URL):
        return self.store.history(identify(url).canonical_url).attempts

    def later(self, **by):
        self.now = replace(self, now=self.now + timedelta(**by)).now


@pytest.fixture
def attic():
    return Attic()


@pytest.fixture
def cellar():
    return Attic("cellar")


@pytest.fixture
def new_attic():
    return Attic


@pytest.fixture
def url():
    return URL


@pytest.fixture
def world(tmp_path):
    with (
        open_store("memory:") as store,
        CaptureWriter(tmp_path / "captures", token="a1b2c3d4e5f60718", software="dateline/test") as captures,
    ):
        made = World(store=store, captures=captures)
        made.cites(URL)
        yield made
