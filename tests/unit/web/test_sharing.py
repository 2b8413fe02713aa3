"""What the threads of the site share: stores and remembered answers."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from crawler.web import stores as module
from crawler.web.remembering import Remembered
from crawler.web.stores import Stores
from storage.errors import StoreUnavailable


class FakeStore:
    closed = False

    def close(self):
        self.closed = True


@pytest.fixture
def opened(monkeypatch):
    made = []

    def open_one(_url):
        made.append(FakeStore())
        return made[-1]

    monkeypatch.setattr(module, "open_store", open_one)
    return made


def test_no_store_is_opened_before_it_is_needed(opened):
    stores = Stores("x")
    assert opened == []
    assert stores.ask(lambda store: store) is stores.ask(lambda store: store)
    assert len(opened) == 1


def test_two_threads_never_have_one_store(opened):
    stores, both = Stores("x", most=2), threading.Barrier(2)

    def work(store):
        both.wait(10)
        return id(store)

    with ThreadPoolExecutor(2) as threads:
        assert len({one.result() for one in [threads.submit(stores.ask, work) for _ in range(2)]}) == 2


def test_where_all_are_busy_one_waits_for_the_next(opened):
    stores = Stores("x", most=1)
    with ThreadPoolExecutor(4) as threads:
        assert len(set(threads.map(lambda _: stores.ask(id), range(40)))) == 1
    assert len(opened) == 1


def test_whoever_waits_too_long_is_told(opened, monkeypatch):
    monkeypatch.setattr(module, "_WAIT_S", 0.01)
    stores = Stores("x", most=1)
    with stores.lent(), pytest.raises(StoreUnavailable, match="busy"):
        stores.ask(id)
    assert stores.ask(lambda _: "again") == "again"


def test_a_store_comes_back_after_a_mistake(opened):
    stores = Stores("x", most=1)
    with pytest.raises(ZeroDivisionError):
        stores.ask(lambda _: 1 / 0)
    assert stores.ask(lambda _: "again") == "again"


def test_closing_closes_all_and_opens_none(opened):
    stores = Stores("x")
    stores.ask(id)
    stores.close()
    assert [one.closed for one in opened] == [True]
    stores.close()
    with pytest.raises(StoreUnavailable, match="stopped"):
        stores.ask(id)


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def test_an_answer_is_given_again_until_it_is_old():
    clock, asked = Clock(), []
    remembered = Remembered(60, clock)

    def work():
        asked.append(clock.now)
        return len(asked)

    assert [remembered.get("a", work), remembered.get("a", work)] == [1, 1]
    assert remembered.get("b", work) == 2
    clock.now = 60
    assert remembered.get("a", work) == 3
    remembered.forget()
    assert remembered.get("a", work) == 4


def test_a_mistake_is_not_remembered():
    remembered = Remembered(60, Clock())
    with pytest.raises(ZeroDivisionError):
        remembered.get("a", lambda: 1 / 0)
    assert remembered.get("a", lambda: "fine") == "fine"


def test_while_one_works_the_others_get_the_old_answer():
    clock = Clock()
    remembered = Remembered(60, clock)
    remembered.get("a", lambda: "old")
    clock.now = 100
    begun, go_on = threading.Event(), threading.Event()

    def slow():
        begun.set()
        go_on.wait(10)
        return "new"

    with ThreadPoolExecutor(1) as threads:
        working = threads.submit(remembered.get, "a", slow)
        begun.wait(10)
        assert remembered.get("a", lambda: "nobody works this out") == "old"
        go_on.set()
        assert working.result() == "new"
    assert remembered.get("a", lambda: "nor this") == "new"


def test_the_first_answer_is_worked_out_once_however_many_ask():
    remembered, asked, together = Remembered(60, Clock()), [], threading.Barrier(8)

    def ask(_):
        together.wait(10)
        return remembered.get("a", lambda: asked.append(1) or "answer")

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(ask, range(8))) == {"answer"}
    assert asked == [1]
