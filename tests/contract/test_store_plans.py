"""What must stay fast with ten million documents finds its rows by index and sorts nothing."""

import pytest
from sqlalchemy import event

from storage import open_store

SLOW = ("SCAN documents", "SCAN hosts", "TEMP B-TREE", "Seq Scan on documents", "Seq Scan on hosts", "Sort  (")
EXPLAINED = ("SELECT hosts", "SELECT documents", "UPDATE hosts", "UPDATE documents")


@pytest.fixture
def plans(database):
    """An open store, and the plans of the statements that it ran since."""
    found = {}
    with open_store(database) as store:

        def explain(connection, _cursor, statement, parameters, *_):
            if statement.startswith(EXPLAINED) and statement not in found:
                explaining = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
                cursor = connection.connection.cursor()
                cursor.execute(f"{explaining} {statement}", parameters)
                found[statement] = "\n".join(str(row) for row in cursor.fetchall())
                cursor.close()

        event.listen(store._engine, "before_cursor_execute", explain)
        yield store, found


def fill(store, make):
    for host in range(40):
        store.put_loose([make.loose(f"/{n}", f"h{host}.example") for n in range(50)], now=make.at(minutes=-host))


def test_handing_out_work_uses_indexes(plans, make):
    store, found = plans
    fill(store, make)
    found.clear()
    assert len(store.lease(make.request(max_hosts=5, per_host=5))) == 25
    assert len(found) >= 4
    assert [plan for plan in found.values() if any(sign in plan for sign in SLOW)] == []


def test_archiving_uses_indexes(plans, make):
    store, found = plans
    fill(store, make)
    documents = store.lease(make.request(max_hosts=5, per_host=5))
    found.clear()
    store.archive([make.result(one, f"story {one.id}") for one in documents], decide=make.decide, now=make.NOW)
    assert found
    assert [plan for plan in found.values() if any(sign in plan for sign in SLOW)] == []
