"""Whatever is done to hosts in whatever order, the in-memory twin answers as the database does."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.errors import HostNotFound
from storage.types import HostState, Outcome

HOSTS = st.sampled_from(["a.example", "b.example"])
RUNS = st.sampled_from(["run-1", "run-2"])
MINUTES = st.integers(0, 12)
MOMENTS = st.none() | MINUTES
STATES = st.tuples(HOSTS, MOMENTS, st.sampled_from(["interval", "503"]), st.integers(0, 3))
STEPS = st.one_of(
    st.tuples(st.just("cite"), HOSTS, MINUTES),
    st.tuples(
        st.just("lease"), RUNS, st.integers(1, 3), st.frozensets(HOSTS, max_size=2), st.booleans(), st.booleans()
    ),
    st.tuples(st.just("claim"), HOSTS, RUNS, MINUTES),
    st.tuples(st.just("states"), st.lists(STATES, max_size=3)),
    st.tuples(
        st.just("release"), RUNS, st.dictionaries(HOSTS, MINUTES, max_size=2), st.none() | st.lists(HOSTS, max_size=2)
    ),
    st.tuples(st.just("reclaim"), RUNS, MINUTES),
    st.tuples(st.just("pause"), HOSTS, st.sampled_from(["", "asked us to"])),
    st.tuples(st.just("allow"), HOSTS),
    st.tuples(st.just("turn"), HOSTS, MINUTES),
    st.tuples(st.just("renew"), RUNS, MINUTES),
    st.tuples(st.just("hold"), RUNS, HOSTS, MINUTES),
    st.tuples(st.just("archive"), st.lists(st.tuples(RUNS, st.integers(0, 5)), min_size=1, max_size=3)),
    st.tuples(st.just("wait"), MINUTES),
)


class Twin:
    """One store, and the clock by which the steps are made."""

    def __init__(self, store, make):
        self.store = store
        self.make = make
        self.now = make.NOW
        self.cited = 0
        self.urls = []
        self.attempts = 0

    def later(self, minutes):
        return None if minutes is None else self.now + timedelta(minutes=minutes)

    def take(self, name, *arguments):
        """What a step answers, as plain values."""
        try:
            return getattr(self, name)(*arguments)
        except HostNotFound as problem:
            return str(problem)

    def cite(self, host, minutes):
        self.cited += 1  # no two documents wait equally long: who comes first of those is nobody's promise
        self.urls.append(self.make.identity(f"/{self.cited}", host).canonical_url)
        due_at = self.now - timedelta(minutes=minutes, seconds=self.cited)
        return self.store.put_loose([self.make.loose(f"/{self.cited}", host)], now=due_at)

    def lease(self, run, hosts, avoid, by_hand, new_hosts):
        request = self.make.request(run, now=self.now, max_hosts=hosts, per_host=2, due_only=not by_hand)
        request = replace(request, avoid=avoid, new_hosts=new_hosts)
        return [one.canonical_url for one in self.store.lease(request)], self.store.next_ready(request)

    def claim(self, host, run, minutes):
        return self.store.claim_host(host, token=run, now=self.now, until=self.later(minutes))

    def states(self, states):
        fresh = [
            HostState(name=name, not_before=self.later(minutes), rest_reason=reason, failures=failures)
            for name, minutes, reason, failures in states
        ]
        self.store.put_host_states([replace(one, last_outcome=Outcome.FETCHED) for one in fresh])

    def release(self, run, rests, hosts):
        return self.store.release(run, not_before={host: self.later(rests[host]) for host in rests}, hosts=hosts)

    def reclaim(self, run, minutes):
        return self.store.reclaim([run], not_before=self.later(minutes))

    def pause(self, host, reason):
        return self.store.pause_host(host, now=self.now, reason=reason)

    def allow(self, host):
        return self.store.allow_host(host, now=self.now)

    def turn(self, host, minutes):
        return self.store.change_host(host, lambda state: replace(state, booked={"index": self.later(minutes)}))

    def renew(self, run, minutes):
        return self.store.renew(run, until=self.later(minutes))

    def hold(self, run, host, minutes):
        return self.store.hold_host(run, host, until=self.later(minutes)), self.store.held_hosts(run)

    def archive(self, ended):
        """Results of runs that may hold the documents, have lost them, or never had them."""
        results = []
        for run, number in ended if self.urls else ():
            self.attempts += 1
            document = self.store.document(self.urls[number % len(self.urls)])
            failed = self.make.failure(document, key=f"{self.attempts:032x}", run_token=run, next_fetch_at=self.now)
            results.append(replace(failed, lease=run))
        answers = self.store.archive(results, decide=self.make.decide, now=self.now)
        for result, one in zip(results, answers, strict=True):
            assert one.stale != (one.attempt_id is not None), result
        return [one.stale for one in answers]

    def wait(self, minutes):
        self.now = self.later(minutes)

    def seen(self):
        status = self.store.status(now=self.now)
        counts = status.leased, status.due, status.paused_hosts, status.resting_hosts
        return list(self.store.hosts(now=self.now)), counts


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=15, max_size=30))
def test_both_backends_answer_alike(both_empty, make, steps):
    with both_empty() as (database, memory):
        twins = [Twin(database, make), Twin(memory, make)]
        for name, *arguments in steps:
            stored, remembered = (twin.take(name, *arguments) for twin in twins)
            assert remembered == stored, (name, arguments)
            stored, remembered = (twin.seen() for twin in twins)
            assert remembered == stored, (name, arguments)
