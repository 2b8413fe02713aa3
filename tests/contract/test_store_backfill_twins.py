"""Whatever is done to the queue for archives in whatever order, the in-memory twin answers as the database does."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.types import BackfillState, HostState, Outcome

PATHS = st.sampled_from(["/a", "/b", "/c", "/d"])
RUNS = st.sampled_from(["run-1", "run-2"])
MINUTES = st.integers(0, 12)
MOMENTS = st.none() | MINUTES
OUTCOMES = st.sampled_from([Outcome.GONE, Outcome.TIMEOUT, Outcome.FETCHED, Outcome.TEASER])
STEPS = st.one_of(
    st.tuples(st.just("try_live"), PATHS, OUTCOMES),
    st.tuples(st.just("rescue"), PATHS),
    st.tuples(st.just("host"), st.integers(0, 6)),
    st.tuples(st.just("queue")),
    st.tuples(st.just("lease"), RUNS, st.integers(1, 3), st.booleans(), st.booleans(), MOMENTS),
    st.tuples(st.just("end"), RUNS, PATHS, st.sampled_from(BackfillState), MOMENTS),
    st.tuples(st.just("renew"), RUNS, MINUTES),
    st.tuples(st.just("release"), RUNS, st.booleans()),
    st.tuples(st.just("reclaim"), RUNS),
    st.tuples(st.just("wait"), MINUTES),
)
HOST = "harbour-post.example"


class Twin:
    """One store with four documents of one host, and the clock by which the steps are made."""

    def __init__(self, store, make):
        self.store = store
        self.make = make
        self.now = make.NOW
        self.tried = 0
        for path in ("/a", "/b", "/c"):
            store.ensure_document(make.identity(path), now=make.NOW)
        store.ensure_document(make.identity("/d", memento=make.cited_memento("/d")), now=make.NOW)

    def later(self, minutes):
        return None if minutes is None else self.now + timedelta(minutes=minutes)

    def known(self, path):
        return self.store.document(self.make.identity(path).canonical_url)

    def try_live(self, path, outcome):
        self.tried += 1
        text = f"story {self.tried}" if outcome is Outcome.FETCHED else None
        return self.archive(self.make.result(self.known(path), text, outcome, attempt_fields={"key": f"{self.tried}"}))

    def rescue(self, path):
        self.tried += 1
        told = {"key": f"{self.tried}"}
        return self.archive(self.make.from_archive(self.known(path), f"copy {self.tried}", attempt_fields=told))

    def archive(self, result):
        (answer,) = self.store.archive([result], decide=self.make.undecided, now=self.now)
        assert not answer.error

    def host(self, failures):
        self.store.put_host_states([HostState(name=HOST, failures=failures, last_outcome=Outcome.DNS)])

    def queue(self):
        return self.store.queue_backfills(self.make.RULES, now=self.now)

    def lease(self, run, limit, *by_hand_rescued_ago):
        by_hand, rescued, ago = by_hand_rescued_ago
        skip_after = None if ago is None else self.now - timedelta(minutes=ago)
        fields = {"rescued": rescued, "skip_after": skip_after, "due_only": not by_hand}
        request = self.make.backfill(run, now=self.now, limit=limit, **fields)
        waiting = self.store.count_backfills(request)
        return waiting, [
            (one.document.canonical_url, one.backfill.reason) for one in self.store.lease_backfills(request)
        ]

    def end(self, run, path, state, minutes):
        moment = self.later(minutes)
        self.store.end_backfill(self.known(path).id, token=run, state=state, next_at=moment, now=self.now)

    def renew(self, run, minutes):
        return self.store.renew(run, until=self.later(minutes))

    def release(self, run, everything):
        return self.store.release(run, not_before={}, hosts=None if everything else [HOST])

    def reclaim(self, run):
        return self.store.reclaim([run], not_before=self.now)

    def wait(self, minutes):
        self.now = self.later(minutes)

    def seen(self):
        places = [self.store.history(self.known(path).canonical_url).backfill for path in ("/a", "/b", "/c", "/d")]
        stand = [one and (one.state, one.reason, one.wanted_at, one.next_at, one.ended_at) for one in places]
        return stand, self.store.status(now=self.now).backfills, list(self.store.wanted_keys())


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=10, max_size=25))
def test_both_backends_queue_alike(both_empty, make, steps):
    with both_empty() as (database, memory):
        twins = [Twin(database, make), Twin(memory, make)]
        for name, *arguments in steps:
            stored, remembered = (getattr(twin, name)(*arguments) for twin in twins)
            assert remembered == stored, (name, arguments)
            stored, remembered = (twin.seen() for twin in twins)
            assert remembered == stored, (name, arguments)
