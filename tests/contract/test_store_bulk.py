"""Many rows that go in together are the rows that would have gone in one by one."""

import gc
import sqlite3
import weakref
from datetime import date, timedelta

import pytest
from sqlalchemy import create_engine, make_url, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.pool import NullPool

from storage.errors import StorageError, StoreUnavailable
from storage.sql.bulk import LEAST, add_numbered, add_rows
from storage.sql.connected import Connected
from storage.sql.models import EventTextRow, HostRow
from storage.types import EntryChange, KnownMemento, RelatedLink

ODD = ("\\N", "\\.", "tab\tline\nreturn\r", "quotes \"'", "\\", "", " ", "{a,b}", "NUL \0", "lone \udcff", "船 ⛴")


def entries(make, count, **fields):
    """Entries of as many days, each with three links whose labels no database's own notation must change."""
    return [
        make.entry(
            f"ferry-{n}",
            date(2006, 7, 5) + timedelta(n),
            [make.link(place, f"/{n}/{place}", label=ODD[(n + place) % len(ODD)]) for place in (1, 2, 3)],
            **fields,
        )
        for n in range(count)
    ]


@pytest.fixture
def few_parameters(monkeypatch):
    """How many parameters a statement may not have; on SQLite, which can be told."""
    most, connect = 5_000, sqlite3.connect

    def limited(*given, **options):
        connection = connect(*given, **options)
        connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, most - 1)
        return connection

    monkeypatch.setattr("sqlite3.dbapi2.connect", limited)
    return most


def stored(text):
    return text.replace("\0", "\ufffd").replace("\udcff", "\ufffd")


def test_many_events_come_back_as_they_were_put(store, make):
    given = entries(make, 3 * LEAST, raw="raw\ttext \\N", entities=("Lind", "船"))
    dry = store.put_events(given, match=make.no_match, now=make.NOW, dry_run=True)
    assert list(store.events()) == []
    assert store.put_events(given, match=make.no_match, now=make.NOW) == dry
    for entry in given:
        seen = store.event(entry.key)
        assert seen.entry == entry
        assert [stored(one.link.label) for one in seen.sources] == [stored(one.label) for one in entry.sources]
        assert [one.document.canonical_url for one in seen.sources] == [
            one.identity.canonical_url for one in entry.sources
        ]
    again = store.put_events(given, match=make.no_match, now=make.NOW)
    assert {one.change for one in again} == {EntryChange.UNCHANGED}
    assert store.status(now=make.NOW).source_links == 9 * LEAST


def test_few_rows_follow_many_and_many_follow_few(store, make):
    many, few = entries(make, 2 * LEAST), entries(make, 3 * LEAST)
    for piece in (few[-1:], many, few[-2:-1], few):
        assert not any(one.alias_of for one in store.put_events(piece, match=make.no_match, now=make.NOW))
    assert len(list(store.events())) == 3 * LEAST
    ids = [store.document(link.identity.canonical_url).id for entry in few for link in entry.sources]
    assert len(set(ids)) == 9 * LEAST


def test_documents_of_many_hosts_are_due_with_what_is_known_of_them(store, make):
    memento = KnownMemento(archive="lantern.example", url="http://lantern.example/1", captured_at=make.at(days=-9))
    listed = [make.loose(f"/{n}", f"h{n}.example") for n in range(2 * LEAST)]
    assert store.put_loose(listed, now=make.NOW) == 2 * LEAST
    known = [
        make.link(n + 1, f"/{n}", f"h{n}.example", identity=make.identity(f"/{n}", f"h{n}.example", memento=memento))
        for n in range(3 * LEAST)
    ]
    store.put_events([make.entry(sources=known)], match=make.no_match, now=make.NOW)
    for link in known:
        document = store.document(link.identity.canonical_url)
        assert (document.memento, document.next_fetch_at) == (memento, make.NOW)
    assert len(store.lease(make.request(max_hosts=99))) == 3 * LEAST


@pytest.mark.parametrize("count", [1, LEAST])
def test_texts_of_any_length_and_days_of_any_year_are_stored(store, make, count):
    words = " ".join(f"word{n}" for n in range(130_000))
    name = "".join(chr(0x4E00 + n * n % 20_011) for n in range(9_000))
    link = make.link(1, f"/{name}", label=words)
    long = {"headline": f"ferry {words}", "raw": words, "entities": (name, words)}
    given = [make.entry("ferry-last", date.max, [link], **long), make.entry("ferry-first", date.min, [link], **long)]
    given += [make.entry(f"ferry-{n}", date(2006, 7, 5) + timedelta(n)) for n in range(count)]
    store.put_events(given, match=make.no_match, now=make.NOW)
    for entry in given:
        assert store.event(entry.key).entry == entry
    assert {one.key for one in store.search_events(["ferry"], limit=99)} == {one.key for one in given}


def test_an_event_may_cite_more_than_a_statement_has_parameters(few_parameters, store, make):
    links = [make.link(n, f"/{n}") for n in range(few_parameters)]
    related = tuple(RelatedLink(position=n, headline="other", target_key=f"key-{n}") for n in range(few_parameters))
    given = make.entry(sources=links, related=related)
    store.put_events([given], match=make.no_match, now=make.NOW)
    seen = store.event(given.key)
    assert len(seen.sources) == len(seen.related) == few_parameters
    assert all(one.document for one in seen.sources)


# -- on the databases ------------------------------------------------------------------------------------------------


@pytest.fixture
def connected(database):
    """A store's connections."""
    opened = Connected(make_url(database))
    yield opened
    opened.close()


def hosts(*names):
    return [{"name": name, "due_at": None} for name in names]


def test_numbers_are_those_of_the_rows_in_order(connected):
    names = [f"h{n}.example" for n in range(5 * LEAST)]
    with connected._write() as connection:
        assert add_numbered(connection, HostRow, []) == ()
        first = add_numbered(connection, HostRow, hosts("first.example"))
        numbers = [*first, *add_numbered(connection, HostRow, hosts(*names))]
        numbers += add_numbered(connection, HostRow, hosts("last.example"))
        found = {row.id: row.name for row in connection.execute(select(HostRow.id, HostRow.name))}
    assert [found[number] for number in numbers] == ["first.example", *names, "last.example"]
    assert numbers == sorted(set(numbers))


def test_what_the_database_refuses_is_told_and_undone(connected):
    twice = hosts(*(f"h{n}.example" for n in range(LEAST)), "h3.example")
    with connected._write() as connection:
        add_rows(connection, HostRow, hosts("kept.example"))
        with pytest.raises(IntegrityError), connection.begin_nested():
            add_rows(connection, HostRow, twice)
        add_rows(connection, HostRow, hosts("after.example"))
    with pytest.raises(StorageError, match=r"UNIQUE|duplicate key"), connected._write() as connection:
        add_rows(connection, HostRow, twice)
    with connected._read() as connection:
        assert set(connection.scalars(select(HostRow.name))) == {"kept.example", "after.example"}


def test_a_value_that_its_column_cannot_hold_is_no_row(connected):
    texts = [{"event_id": number, "day": 1, "text": None} for number in range(LEAST)]
    with pytest.raises(StorageError, match=r"(?i)not.null"), connected._write() as connection:
        add_rows(connection, EventTextRow, texts)


def test_a_connection_that_is_closed_leaves_nothing_behind(postgres_url):
    engine = create_engine(postgres_url, poolclass=NullPool)
    with engine.begin() as connection:
        add_rows(connection, HostRow, hosts(*(f"h{n}.example" for n in range(LEAST))))
    dialect = weakref.ref(engine.dialect)
    del connection, engine
    gc.collect()
    assert dialect() is None


def test_a_connection_that_is_cut_says_so(postgres_server, postgres_url):
    connected = Connected(make_url(postgres_url))
    rows = hosts(*(f"h{n}.example" for n in range(LEAST)))

    def put_while_cut():
        with connected._write() as connection:
            postgres_server.cut(postgres_url)
            add_rows(connection, HostRow, rows)

    with pytest.raises(StoreUnavailable):
        put_while_cut()
    with connected._read() as connection:
        assert connection.scalars(select(HostRow.name)).all() == []
    connected.close()
