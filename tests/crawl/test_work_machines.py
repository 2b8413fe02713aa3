"""Machines that are not as they should be: a wrong clock, a full disk; and schedulers beside workers.

Each test prints its judgement; ``pytest -rP`` shows it.
"""

from workers_at_work import until

from storage.types import RunState, utc_now

FIVE_MINUTES_S = 300
FULL_AT = 40_000
"""Bytes: a WARC file of some ten pages."""
SCHEDULE = (
    '[schedule]\ndefaults = false\nlisten = ""\nstop_s = 5.0\n[jobs.nightly]\ncommand = "crawl"\nevery = "900d"\n'
)


def test_clocks_that_are_five_minutes_wrong_take_no_host_from_anybody(crew):
    crew.configure(hosts=5)
    crew.start(machine="ahead", skew_s=FIVE_MINUTES_S)
    crew.start(machine="behind", skew_s=-FIVE_MINUTES_S)
    crew.start(machine="right")
    crew.begin()
    crew.wait_until_done()
    shares = [worker.pages() for worker in crew.workers]
    crew.stop()
    judged = crew.judged()
    judged.assert_clean(crew.delay_s)
    print("pages of the workers ahead, behind and right:", shares)
    assert judged.fetched_twice == 0
    assert min(shares) > 0
    with crew.library() as library:
        assert {run.state for run in library.store.runs()} <= {RunState.FINISHED, RunState.INTERRUPTED}


def test_a_worker_whose_disk_is_full_stops_in_order_and_the_others_go_on(crew):
    crew.configure()
    full, other = crew.start(machine="full"), crew.start(machine="other")
    crew.wait_until_ready()
    full.limit_files(FULL_AT)
    crew.desk.import_urls(*crew.urls)
    said = full.said(timeout=60)
    assert other.process.poll() is None
    assert full.process.returncode == 1, said
    assert "File too large" in said
    assert full.hosts() == set()
    crew.wait_until_done()
    crew.stop()
    crew.judged().assert_clean(crew.delay_s)
    with crew.library() as library:
        ended = next(run for run in library.store.runs() if run.pid == full.pid)
    assert ended.state is RunState.FAILED
    assert "File too large" in ended.problem


def test_schedulers_beside_workers_only_put_work_into_the_queue(crew):
    crew.configure(use=True)
    path = crew.desk.folder / "dateline.toml"
    path.write_text(path.read_text() + SCHEDULE)
    crew.desk.import_urls(*crew.urls)
    schedulers = [crew.start("schedule", "run") for _ in range(2)]
    with crew.library() as library:
        library.store.want_job("nightly", now=utc_now(), who="ada")
    until(lambda: crew.rows("SELECT 1 FROM runs WHERE job = 'nightly' AND exit_status = 0"))
    assert crew.served() == 0
    worker = crew.start()
    crew.wait_until_done()
    assert crew.rows("SELECT DISTINCT run_token FROM attempts") == [(worker.token(),)]
    assert crew.rows("SELECT count(*), min(command) FROM runs WHERE job = 'nightly'") == [(1, "dateline crawl --queue")]
    assert all(one.process.poll() is None for one in schedulers)
    crew.stop()
    crew.judged().assert_clean(crew.delay_s)
