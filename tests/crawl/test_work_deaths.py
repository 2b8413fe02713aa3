"""Workers that die, stand still or are stopped while others go on: nothing is lost, no host is asked twice at once.

Each test prints its judgement; ``pytest -rP`` shows it.
"""

import signal

from workers_at_work import until

from crawler.demo.bulk import bulk_sites
from crawler.demo.site import Site
from storage.types import RunState, utc_now

SLOW_S = 2.0
"""How long some pages take: a worker that is stopped has some of them under way."""
LONG_INTERVAL_S = 7
"""Crawl-delay of a host: longer than a lease."""


def test_what_a_killed_worker_held_is_taken_over_within_seconds(crew):
    crew.configure()
    victim, _ = crew.start(), crew.start()
    crew.begin()
    held, _ = crew.wait_until_at_work(*crew.workers)
    token, killed_at = victim.token(), victim.kill()
    crew.wait_until_done()
    crew.stop()
    judged = crew.judged(since=killed_at, hosts=held, but=token)
    judged.assert_clean(crew.delay_s)
    assert judged.recovery_s < 15
    assert judged.fetched_twice <= len(held)
    with crew.library() as library:
        assert library.store.run(token).state is RunState.DEAD


def test_a_worker_that_wakes_up_after_its_lease_asks_nothing_and_stores_nothing(crew):
    """Paused with requests under way; one of its hosts has an interval longer than a lease."""
    sites = bulk_sites(hosts=crew.hosts, pages=crew.pages)
    for site in sites[::2]:
        crew.slow_down(site.host, SLOW_S)
    patient, robots = sites[1], f"User-agent: *\nCrawl-delay: {LONG_INTERVAL_S}\n"
    crew.web.put(Site(host=patient.host, routes={}, robots=robots, fallback=patient.fallback))
    crew.configure(hosts=crew.hosts, slice_s=10, without=[url for url in crew.urls if patient.host in url][3:])
    crew.start(machine="one"), crew.start(machine="two")
    crew.begin()
    victim = until(lambda: next((worker for worker in crew.workers if len(worker.hosts()) > 3), None))
    held, token = crew.wait_until_at_work(victim, hosts=3)[0], victim.token()
    until(lambda: crew.slow_under_way(held), pause_s=0.01)
    paused_at, under_way = victim.pause(), crew.slow_under_way(held)
    until(lambda: not victim.hosts() & held)
    victim.resume()
    crew.speed_up()
    crew.wait_until_done()
    crew.stop()
    judged = crew.judged(since=paused_at, hosts=held, but=token)
    judged.assert_clean(crew.delay_s)
    assert under_way
    assert judged.recovery_s < 45
    assert min(crew.intervals_of(patient.host)) >= 0.9 * LONG_INTERVAL_S


def test_a_worker_that_is_asked_to_stop_gives_everything_back_and_ends_within_seconds(crew):
    for site in bulk_sites(hosts=crew.hosts, pages=crew.pages)[:3]:
        crew.slow_down(site.host, SLOW_S)
    crew.configure(hosts=crew.hosts, slice_s=10)
    worker = crew.start()
    crew.begin()
    crew.wait_until_at_work(worker, hosts=6)
    said, seconds = worker.stop()
    print(f"SIGTERM: status {worker.process.returncode} after {seconds:.1f} s: {said}")
    assert worker.process.returncode in {0, 128 + signal.SIGTERM}
    assert seconds < 8
    with crew.library() as library:
        assert [host.state.name for host in library.store.hosts(now=utc_now()) if host.lease_token] == []
        assert library.store.run(worker.token()).state is not RunState.RUNNING
    assert crew.rows("SELECT count(*) FROM documents WHERE lease_token IS NOT NULL") == [(0,)]
    crew.speed_up()
    crew.start("--once")
    crew.wait_until_done()
    crew.stop()
    crew.judged().assert_clean(crew.delay_s)
