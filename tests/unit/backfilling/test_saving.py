"""One page on its way to a copy: the claim, the request, the job, and everything that can come between them."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from scrapy.exceptions import CannotResolveHostError, DownloadTimeoutError

from crawler.archives import ArchivePlace, Pool
from crawler.archives.saving import SaveKeys
from crawler.backfilling.asking import Sent
from crawler.backfilling.saving import DAY, LONGEST_WAIT_S, PATIENCE_S, SOONEST, Saver, waits
from crawler.backfilling.saving_service import SaveService
from crawler.backfilling.unsaved import Unsaved
from crawler.errors import KeysRefused
from crawler.turns import Turns
from crawler.urls import identify
from storage import open_store
from storage.types import ArchiveSave, Exchange, SavingState

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
JOB = {"job_id": "spn2-1", "url": "http://paper.example/2011/quay"}
PENDING = {"status": "pending", "job_id": "spn2-1"}
DONE = {"status": "success", "timestamp": "20260301120100", "original_url": "http://paper.example/2011/quay"}
PLACE = ArchivePlace(
    name="attic",
    kind="cdx",
    replay_url="https://attic.example/web/",
    interval_s={Pool.INDEX: 1.0, Pool.REPLAY: 0.5, Pool.SAVE: 10.0},
)
SERVICE = SaveService(
    place=PLACE, url="https://attic.example/save", keys=SaveKeys(access="open", secret="sesame"), status_s=5.0
)


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose time jumps to the next sleeper."""

    def __init__(self):
        super().__init__()
        self.now = 0.0

    def time(self):
        return self.now

    def _run_once(self):
        if not self._ready and self._scheduled:
            self.now = max(self.now, self._scheduled[0]._when)
        super()._run_once()


class Calls:
    def __init__(self, store):
        self.store = store

    async def call(self, work):
        await asyncio.sleep(0)
        return work(self.store)


def clock():
    return START + timedelta(seconds=asyncio.get_running_loop().time())


class Desk:
    """A library in memory with some pages, and a service that says what it is told to say."""

    def __init__(self, *said, repeat=None):
        self.store = open_store("memory:")
        self.said, self.repeat = list(said), repeat
        self.posted, self.asked, self.rows = [], [], []
        self.saver = Saver(
            store=Calls(self.store),
            turns=Turns(store=Calls(self.store), default_s=1.0, clock=clock),
            network=self,
            service=SERVICE,
            refused_for=timedelta(days=180),
            max_bytes=1 << 20,
            clock=clock,
        )

    def document(self, url="http://paper.example/2011/quay"):
        return self.store.ensure_document(identify(url), now=START)

    def save_of(self, document):
        return next(iter(self.store.saves([document.id]).get(document.id, ())), None)

    async def __call__(self, question):
        self.asked.append(asyncio.get_running_loop().time())
        return self._next(question.url)

    async def post(self, question):
        self.posted.append(asyncio.get_running_loop().time())
        self.rows.append(self.store.saves(range(99)))
        return self._next(question.url)

    def _next(self, url):
        said = self.said.pop(0) if self.said else self.repeat
        if isinstance(said, BaseException):
            raise said
        status, body, headers = said if isinstance(said, tuple) else (200, said, ())
        exchange = Exchange(
            url=url,
            method="GET",
            request_headers=(),
            status=status,
            headers=headers,
            payload=json.dumps(body).encode(),
            fetched_at=clock(),
        )
        return Sent(exchange=exchange, started_at=clock())


def run(scenario):
    loop = VirtualLoop()
    try:
        return loop.run_until_complete(scenario)
    finally:
        loop.close()


def saved(desk, **pending):
    document = desk.document()
    wanted = Unsaved(document=document)
    if pending:
        save = ArchiveSave(document_id=document.id, archive="attic", next_at=START + DAY, **pending)
        desk.store.put_save(save)
        wanted = replace(wanted, pending=save)
    return run(desk.saver.save(wanted)), desk.save_of(document)


def test_a_page_is_claimed_before_the_request_leaves_and_followed_to_its_copy():
    desk = Desk(JOB, PENDING, PENDING, DONE)
    done, stored = saved(desk)
    assert done.save == stored
    assert (stored.state, stored.next_at, stored.job) == (SavingState.SAVED, None, "spn2-1")
    assert stored.url == "https://attic.example/web/20260301120100/http://paper.example/2011/quay"
    ((known,),) = desk.rows[0].values()
    assert (known.state, known.next_at - known.asked_at) == (SavingState.SENT, DAY)
    waited = [later - earlier for earlier, later in pairwise([*desk.posted, *desk.asked])]
    assert waited[0] == pytest.approx(5, abs=0.5)
    assert waited == sorted(waited)


def test_waits_grow_to_a_bound_and_end():
    all_waits = list(waits(5.0, 5.0))
    assert all_waits == sorted(all_waits)
    assert max(all_waits) == LONGEST_WAIT_S
    assert PATIENCE_S <= sum(all_waits) <= PATIENCE_S + LONGEST_WAIT_S
    assert sum(waits(0.0, 0.0)) >= PATIENCE_S


def test_a_job_without_an_end_is_left_to_a_later_run():
    desk = Desk(JOB, repeat=PENDING)
    done, stored = saved(desk)
    assert (done.save, stored.state) == (stored, SavingState.PENDING)
    assert stored.next_at - stored.asked_at == DAY
    assert len(desk.asked) == len(list(waits(5.0, 5.0)))


def test_the_job_of_an_earlier_run_is_asked_about_at_once_and_nothing_is_submitted():
    desk = Desk(DONE)
    _, stored = saved(desk, state=SavingState.PENDING, asked_at=START, job="spn2-1")
    assert (desk.posted, stored.state) == ([], SavingState.SAVED)
    assert desk.asked == [pytest.approx(0, abs=0.5)]


def test_a_page_that_somebody_else_submitted_is_not_submitted():
    desk = Desk()
    document = desk.document()
    desk.store.put_save(
        ArchiveSave(
            document_id=document.id,
            archive="attic",
            state=SavingState.SENT,
            asked_at=START,
            next_at=START + DAY,
        )
    )
    assert run(desk.saver.save(Unsaved(document=document))) is None
    assert desk.posted == []


@pytest.mark.parametrize(
    ("failure", "state", "again"),
    [
        (CannotResolveHostError("attic.example"), SavingState.LATER, SOONEST),
        (DownloadTimeoutError("30 s"), SavingState.SENT, DAY),
    ],
)
def test_a_request_that_may_have_arrived_waits_out_the_day(failure, state, again):
    done, stored = saved(Desk(failure))
    assert (done.save, stored.state) == (stored, state)
    assert stored.next_at - stored.asked_at == again
    assert stored.detail


def test_a_fault_of_the_service_is_no_submission():
    _, stored = saved(Desk((503, {}, (("Retry-After", "120"),))))
    assert stored.state is SavingState.LATER
    assert timedelta(seconds=119) <= stored.next_at - START < timedelta(minutes=10)


def test_too_often_rests_the_host_and_the_job_runs_on():
    desk = Desk(JOB, (429, {}, (("Retry-After", "40"),)), DONE)
    _, stored = saved(desk)
    assert stored.state is SavingState.SAVED
    assert desk.asked[1] - desk.asked[0] >= 40
    assert len(desk.posted) == 1


@pytest.mark.parametrize(
    ("said", "state", "again"),
    [
        ({"status": "error", "status_ext": "error:blocked-url"}, SavingState.REFUSED, timedelta(days=180)),
        ({"status": "error", "status_ext": "error:too-many-daily-captures"}, SavingState.ENOUGH, DAY),
        ({"status": "error", "status_ext": "error:no-such-job"}, SavingState.LATER, DAY),
        ({"status": "error", "status_ext": "error:capture-location-error"}, SavingState.LATER, SOONEST),
    ],
)
def test_what_a_job_ends_with_says_when_the_page_is_worth_another_try(said, state, again):
    done, stored = saved(Desk(JOB, said))
    assert (stored.state, done.error) == (state, said["status_ext"].removeprefix("error:"))
    assert done.error in stored.detail
    assert stored.next_at - stored.asked_at == pytest.approx(again, abs=timedelta(seconds=10))


@pytest.mark.parametrize("status", [401, 403])
def test_keys_that_are_not_accepted_leave_the_page_to_be_asked_for(status):
    desk = Desk((status, {}, ()))
    with pytest.raises(KeysRefused, match="DATELINE_SAVE_KEY") as refused:
        saved(desk)
    assert "sesame" not in str(refused.value)
    stored = desk.save_of(desk.document())
    assert (stored.state, stored.next_at) == (SavingState.LATER, stored.asked_at)


def test_keys_that_are_taken_away_meanwhile_leave_the_job_pending():
    desk = Desk(JOB, (401, {}, ()))
    with pytest.raises(KeysRefused):
        saved(desk)
    assert desk.save_of(desk.document()).state is SavingState.PENDING


def test_a_run_that_is_stopped_before_the_request_leaves_takes_its_claim_back():
    desk = Desk(asyncio.CancelledError())
    with pytest.raises(asyncio.CancelledError):
        saved(desk)
    stored = desk.save_of(desk.document())
    assert (stored.state, stored.next_at) == (SavingState.LATER, stored.asked_at)


def test_our_own_mistake_is_raised_and_the_page_left_for_later():
    desk = Desk(RuntimeError("a bug"))
    with pytest.raises(RuntimeError, match="a bug"):
        saved(desk)
    assert desk.save_of(desk.document()).state is SavingState.LATER


def test_a_submission_under_way_is_remembered_by_a_run_that_ends():
    desk = Desk()
    reached, released = asyncio.Event(), asyncio.Event()

    async def post(question):
        reached.set()
        await released.wait()
        desk.said.append(JOB)
        return desk._next(question.url)

    desk.post = post

    async def scenario():
        document = desk.document()
        worker = asyncio.ensure_future(desk.saver.save(Unsaved(document=document)))
        await reached.wait()
        worker.cancel()
        released.set()
        await desk.saver.settle()
        assert desk.save_of(document).job == "spn2-1"

    run(scenario())


def test_pages_are_submitted_no_faster_than_the_service_allows():
    desk = Desk(repeat=DONE)

    async def scenario():
        pages = [desk.document(f"http://paper.example/{number}") for number in range(4)]
        await asyncio.gather(*(desk.saver.save(Unsaved(document=page)) for page in pages))

    run(scenario())
    assert len(desk.posted) == 4
    assert min(later - earlier for earlier, later in pairwise(desk.posted)) >= 10


def test_a_service_that_rests_too_long_ends_the_run_without_a_claim():
    desk = Desk()
    document = desk.document()
    desk.store.change_host("attic.example", lambda state: replace(state, not_before=START + timedelta(hours=2)))
    assert run(desk.saver.save(Unsaved(document=document))) is None
    assert "attic.example rests until 2026-03-01 14:00:00 UTC" in desk.saver.notice
    assert desk.save_of(document) is None


def test_the_third_too_often_ends_the_run_and_says_when_to_come_back():
    desk = Desk(repeat=(429, {}, (("Retry-After", "30"),)))

    async def scenario():
        for number in range(5):
            await desk.saver.save(Unsaved(document=desk.document(f"http://paper.example/{number}")))
            if desk.saver.notice:
                break

    run(scenario())
    assert len(desk.posted) == 3
    assert "attic (attic.example): it may be asked again at 2026-03-01 12:" in desk.saver.notice
    states = [save.state for (save,) in desk.store.saves(range(99)).values()]
    assert states == [SavingState.LATER] * 3


def test_one_kind_of_refusal_after_the_other_does_not_end_a_run_three_alike_do():
    blocked, busy = ({"status": "error", "status_ext": f"error:{code}"} for code in ("blocked", "user-session-limit"))
    desk = Desk(blocked, blocked, busy, blocked, blocked, JOB, DONE, blocked, blocked, blocked)
    notices = []

    async def scenario():
        for number in range(9):
            await desk.saver.save(Unsaved(document=desk.document(f"http://paper.example/{number}")))
            notices.append(desk.saver.notice)

    run(scenario())
    assert notices[:-1] == [""] * 8
    assert "'blocked' about 3 pages in a row, the last was http://paper.example/8" in notices[-1]
