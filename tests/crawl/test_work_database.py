"""Workers whose database ends their connections, or is out of reach for longer than a lease.

Each test prints its judgement; ``pytest -rP`` shows it.
"""

import pytest
from database_wire import DatabaseWire
from sqlalchemy import make_url, text
from workers_at_work import until

from storage import open_store
from storage.errors import StoreUnavailable
from storage.sql import engine as engines
from storage.types import utc_now


def test_connections_that_are_cut_stop_no_worker(crew, postgres_server):
    crew.configure()
    crew.start(), crew.start()
    crew.begin()
    for count in (10, crew.hosts * crew.pages // 2):
        crew.wait_for_pages(count)
        postgres_server.cut(crew.url)
    crew.wait_until_done()
    crew.stop()
    crew.judged().assert_clean(crew.delay_s)


def test_a_worker_that_cannot_reach_the_database_leaves_its_hosts_to_others(crew):
    """What it had sent before arrives when the way is open again, and lands nowhere."""
    with DatabaseWire(crew.url) as wire:
        crew.configure(hosts=crew.hosts, slice_s=10)
        victim, _ = crew.start(machine="cut-off", url=wire.url), crew.start(machine="other")
        crew.begin()
        (held,) = crew.wait_until_at_work(victim, hosts=1)
        token, cut_at = victim.token(), utc_now()
        wire.cut()
        until(lambda: not victim.hosts() & held)
        wire.mend()
        crew.wait_until_done()
        crew.stop()
    judged = crew.judged(since=cut_at, hosts=held, but=token)
    judged.assert_clean(crew.delay_s)
    assert judged.recovery_s < 45


def test_a_machine_that_stops_in_the_middle_of_a_transaction_holds_up_nobody_for_long(work_database, monkeypatch):
    """It holds the lock of all writers; others wait until the database ends its connection, and it hears of that."""
    monkeypatch.setattr(engines, "SILENT_S", 1)
    suspended, freed = engines.make_engine(make_url(work_database)), []
    with open_store(work_database) as other:

        def write_in_vain():
            with engines.writing(suspended) as connection:
                connection.execute(text("INSERT INTO hosts (name) VALUES ('never-stored.example')"))
                freed.append(other.release("nobody", not_before={}))
                connection.execute(text("SELECT 1"))

        with pytest.raises(StoreUnavailable):
            write_in_vain()
        assert freed == [0]
        assert "never-stored.example" not in {host.state.name for host in other.hosts(now=utc_now())}
    suspended.dispose()
