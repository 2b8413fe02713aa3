"""The backfill of one document among archives that do anything, killed anywhere: what holds all the same.

Whatever the archives answer and wherever a run is killed: a kept answer is not asked for again while it is good, each
copy is stored once, "missing" is only said when every archive has answered, what could not be asked is tried again,
and it all comes to an end.
"""

import importlib.util
import json
import tempfile
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scrapy.exceptions import DownloadConnectionRefusedError, DownloadTimeoutError

from storage import open_store
from storage.captures import CaptureWriter
from storage.types import UNANSWERED, BackfillState, SearchState

# The library in memory and the archives of the unit tests, which are a conftest and so no module to be imported.
_HOME = Path(__file__).parents[1] / "unit" / "backfilling" / "conftest.py"
_SPEC = importlib.util.spec_from_file_location("backfilling_world", _HOME)
worlds = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(worlds)

STAMPS = ("20110510000000", "20110601000000", "20110901000000")
TARGET = "http://paper.example/2011/05/quay-is-closed"
PAGE = worlds.identify(worlds.URL).canonical_url
KEPT = timedelta(days=30)
EXCLUDED = 403
DEFINITE = frozenset({200, EXCLUDED, 404})
MOST_VISITS = 40

COPIES = st.sampled_from(["article", "teaser", "soft", "unrelated", "gone", "redirect", "circle", "hop", "missing"])
INDEX = st.sampled_from(["lists", "lists", "lists", "empty", "excluded"])
FATES = st.sampled_from(["well", "well", "429", "503", "time", "refused", "torn", "killed"])
ARCHIVE = st.tuples(INDEX, st.lists(COPIES, max_size=3))


class Killed(BaseException):
    """The end of a process."""


@dataclass
class Fated(worlds.World):
    """A world in which requests and steps meet with what was drawn for them, and with nothing when that is used up.

    Attributes:
        fates: of the next requests.
        kills: whether the next copies are stored, and how: ``before``, ``after``, ``never``.
        answered: index question -> when it was answered whole, which is kept.
        definite: index questions whose answer said something for certain.
    """

    fates: list = field(default_factory=list)
    kills: list = field(default_factory=list)
    answered: dict = field(default_factory=dict)
    definite: set = field(default_factory=set)

    async def download(self, question):
        index = "/index/" in question.url
        if index and question.url in self.answered:
            assert self.now > self.answered[question.url] + KEPT, f"{question.url} was asked again too early"
        fate = self.fates.pop(0) if self.fates else "well"
        if fate == "killed":
            raise Killed
        if fate == "time":
            raise DownloadTimeoutError
        if fate == "refused":
            raise DownloadConnectionRefusedError
        sent = await super().download(question)
        changed = {"429": {"status": 429}, "503": {"status": 503}, "torn": {"truncated": "disconnect"}}.get(fate, {})
        if changed.get("status"):
            changed |= {"headers": (), "payload": b""}
        if index and not changed and sent.exchange.status in DEFINITE:
            self.answered[question.url] = self.now
        if index and (not changed or (fate == "torn" and sent.exchange.status == EXCLUDED)):
            self.definite.add(question.url)
        return worlds.replace(sent, exchange=worlds.replace(sent.exchange, **changed))

    async def put(self, writer, understood):
        kill = self.kills.pop(0) if self.kills else "never"
        if kill == "before":
            raise Killed
        archived = await writer.put(understood)
        if kill == "after":
            raise Killed
        return archived

    def furnish(self, archive, index, copies):
        """What an archive has, in truth."""
        if index != "lists":
            status = {"empty": 200, "excluded": 403}[index]
            body = json.dumps({"rows": []}).encode()
            self.answers[archive.index_url(worlds.URL)] = (status, {}, body)
            return
        rows = [[stamp, worlds.URL, 301 if kind in {"redirect", "circle"} else 200] for stamp, kind in copies]
        self.lists(archive, *rows)
        self.lists(archive, [STAMPS[0], TARGET], url=TARGET)
        self.keeps(archive, STAMPS[0], url=TARGET)
        for stamp, kind in copies:
            self._keep(archive, stamp, kind)

    def _keep(self, archive, stamp, kind):
        if kind == "redirect":
            self.keeps(archive, stamp, b"", status=301, Location=TARGET)
        elif kind == "circle":
            self.keeps(archive, stamp, b"", status=301, Location=worlds.URL)
        elif kind == "hop":
            self.answers[archive.copy_url(stamp)] = (302, {"X-Hop": archive.copy_url(stamp + "0")}, b"")
            self.answers[archive.copy_url(stamp + "0")] = (302, {"X-Hop": archive.copy_url(stamp)}, b"")
        elif kind == "gone":
            self.keeps(archive, stamp, b"", status=404)
        elif kind != "missing":
            self.keeps(archive, stamp, kind.encode())

    def visit(self, archives, number):
        """One run; returns whether it lived to its end."""
        try:
            self.rescue(*archives, run=f"run {number}", due_only=number > 0, put=self.put)
        except Killed:
            return False
        return True


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    held=st.lists(ARCHIVE, min_size=1, max_size=2),
    fates=st.lists(FATES, max_size=14),
    kills=st.lists(st.sampled_from(["never", "never", "before", "after"]), max_size=6),
)
def test_whatever_archives_do_and_wherever_it_is_killed(held, fates, kills):
    archives = [worlds.Attic(f"attic-{number}") for number in range(len(held))]
    with (
        tempfile.TemporaryDirectory() as folder,
        open_store("memory:") as store,
        CaptureWriter(Path(folder), token="a1b2c3d4e5f60718", software="dateline/test") as captures,
    ):
        world = Fated(store=store, captures=captures, fates=list(fates), kills=list(kills))
        world.cites(worlds.URL)
        for archive, (index, copies) in zip(archives, held, strict=True):
            world.furnish(archive, index, list(zip(STAMPS, copies, strict=False)))
        ended = [state_behind(world, archives, number) for number in visits(world)]
        assert ended[-1] in {BackfillState.RESCUED, BackfillState.MISSING}, ended
        assert ended[-1] is expected(held) or fates, ended


def visits(world):
    """Numbers of runs, each when the last one left something due; ends with the search, fails where that has no end."""
    for number in range(MOST_VISITS):
        yield number
        backfill = world.store.history(PAGE).backfill
        if backfill is not None and backfill.state in {BackfillState.RESCUED, BackfillState.MISSING}:
            return
        world.later(minutes=11)
        if backfill is not None and backfill.next_at is not None:
            world.now = max(world.now, backfill.next_at)
    raise AssertionError(f"no end after {MOST_VISITS} runs")


def state_behind(world, archives, number):
    """Where the backfill stands behind one run, after everything that must hold was looked at."""
    lived = world.visit(archives, number)
    history = world.store.history(PAGE)
    searches = {search.archive: search for search in history.searches}
    tried = [(name, copy) for name, search in searches.items() for copy in search.tried]
    assert len(tried) == len(set(tried)) == len(history.attempts)
    state = history.backfill.state
    if state is BackfillState.MISSING:
        are_all_answered(world, archives, searches)
    if state is BackfillState.RESCUED:
        assert list(world.store.articles())
    if not lived:
        return state
    open_ones = [search for search in searches.values() if search.state in UNANSWERED]
    assert all(search.next_at is not None for search in open_ones)
    if open_ones and state is not BackfillState.RESCUED:
        assert state is BackfillState.WAITING
        assert history.backfill.next_at <= min(search.next_at for search in open_ones)
    assert all(search.state is not SearchState.FAILED for search in searches.values())
    return state


def are_all_answered(world, archives, searches):
    for archive in archives:
        assert searches[archive.place.name].state not in {*UNANSWERED, SearchState.LISTED}
        assert archive.index_url(worlds.URL) in world.definite


def expected(held):
    """What it comes to where nothing goes wrong."""
    shown = [kind for index, copies in held if index == "lists" for kind in copies]
    good = {"article", "teaser", "redirect"} & set(shown)
    return BackfillState.RESCUED if good else BackfillState.MISSING
