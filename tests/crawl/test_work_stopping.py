"""Workers that a person stops, that find their port taken, and that an archive tells to wait."""

import signal
import socket
from contextlib import ExitStack, closing

from archive_crowd import crowd
from archive_desk import INTERNET_ARCHIVE, arrange, at, backfills, events
from archive_pages import table
from archive_server import too_often
from stand_in_archive import InternetArchive
from workers_at_work import until

NAMES = (INTERNET_ARCHIVE, "second-archive", "third-archive")
INDEX_S = 0.5
"""Between two questions to an archive's index: a refusal is known to all before the next one."""
REST_S = 6
TOLERANCE_S = 0.06


def test_ctrl_c_ends_a_worker_with_130_and_everything_given_back(crew):
    crew.configure(hosts=crew.hosts, slice_s=10)
    worker, other = crew.start(), crew.start(machine="other")
    crew.begin()
    crew.wait_until_at_work(worker, hosts=2)
    token = worker.token()
    worker.process.send_signal(signal.SIGINT)
    said = worker.said()
    assert worker.process.returncode == 130
    assert "stopped: what was not done is left to other workers" in said
    assert crew.rows("SELECT state, exit_status FROM runs WHERE token = %s", token) == [("interrupted", 130)]
    assert crew.rows("SELECT count(*) FROM documents WHERE lease_token = %s", token) == [(0,)]
    assert crew.rows("SELECT count(*) FROM hosts WHERE lease_token = %s", token) == [(0,)]
    assert other.process.poll() is None
    crew.wait_until_done()
    crew.stop()
    crew.judged().assert_clean(crew.delay_s)


def test_a_worker_whose_port_is_taken_says_so_and_works(crew):
    crew.configure()
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        worker = crew.start("--metrics", address)
        crew.begin()
        crew.wait_until_done()
        said, _ = worker.stop()
    assert f"nobody answers /health and /metrics at {address}: Address already in use" in said
    assert worker.process.returncode == 0
    crew.judged().assert_clean(crew.delay_s)


def served_archives(crew, archives, world, machines):
    """Workers for archives alone, each on a machine of its own, and what they are to look for."""
    desk = crew.desk
    arrange(desk, archives=archives, backfill={"parallel": 1}, database=crew.url)
    path = desk.folder / "dateline.toml"
    path.write_text(path.read_text() + "[workers]\nlease_s = 4\nslice_s = 2\n")
    desk.import_table(table(world))
    desk.run("backfill", *events(desk), "--queue")
    for machine in machines:
        crew.start("--only", "backfill", "--only-ordered", machine=machine)


def wait_until_rescued(crew, world):
    """All but the document whose question was refused: that one waits for an hour."""
    wanted = ["rescued"] * (len(world) - 1) + ["waiting"]
    until(lambda: sorted(state for state, _ in backfills(crew.desk).values()) == wanted or crew.any_gone())
    assert not crew.any_gone(), crew.complaint()


def seconds_after_refusal(archive):
    """When the archive was asked again after it had said "too often"."""
    refused = next(one for one in archive.log if one.status == 429)
    return min(one.at - refused.at for one in archive.log if one.at > refused.at)


def test_a_rest_that_an_archive_asks_of_one_worker_is_kept_by_all(crew):
    world = crowd(8)
    with InternetArchive(world) as archive:
        archive.fault(too_often(REST_S), where="/cdx/search", times=1)
        named = {INTERNET_ARCHIVE: at(archive, index_interval_s=INDEX_S)}
        served_archives(crew, named, world, machines=("one", "two"))
        wait_until_rescued(crew, world)
        crew.stop()
    assert seconds_after_refusal(archive) >= REST_S - TOLERANCE_S
    assert min(archive.intervals("index")) >= INDEX_S - TOLERANCE_S
    assert len(archive.asked("index")) == len(world)
    assert crew.rows("SELECT count(DISTINCT run_token) FROM attempts") == [(2,)]


def test_a_worker_that_archives_refused_three_times_rests_and_begins_anew(crew):
    """A run would end there; of a worker nobody would know that it has to be started again."""
    world = crowd(3)
    kind = {"kind": "cdx", "dialect": "internet-archive"}
    with ExitStack() as running:
        archives = {name: running.enter_context(InternetArchive(world)) for name in NAMES}
        for archive in archives.values():
            archive.fault(too_often(REST_S), where="/cdx/search", times=1)
        served_archives(crew, {name: at(one, **kind) for name, one in archives.items()}, world, machines=("one",))
        wait_until_rescued(crew, world)
        (said,) = crew.stop()
    assert "no archive is asked: archives said 3 times that we ask too often" in said
    assert seconds_after_refusal(archives[INTERNET_ARCHIVE]) >= REST_S - TOLERANCE_S
    last = archives[NAMES[-1]].log[0].at
    assert min(one.at for one in archives[INTERNET_ARCHIVE].log if one.status == 200) >= last + REST_S - TOLERANCE_S
