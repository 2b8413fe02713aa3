from datetime import timedelta

import pytest
from invented_library import FERRY, NOW, STRIKE

from storage.types import OrderKind, OrderState, Run, RunState


def taken(store, number, **fields):
    order = store.take_order("token", now=NOW + timedelta(days=1), until=NOW + timedelta(days=2))
    assert order.id == number
    if fields:
        assert store.end_order(number, "token", now=NOW + timedelta(days=1), **fields)


@pytest.mark.parametrize(("action", "kind"), [("/refetch", OrderKind.REFETCH), ("/backfill", OrderKind.BACKFILL)])
def test_order_is_put_and_shown_on_the_event(visitor, action, kind):
    answer = visitor.submit(f"/events/{STRIKE}", action)
    assert answer.headers["location"] == f"/events/{STRIKE}?done={kind}#work"
    with visitor.site.stores.lent() as store:
        (order,) = store.orders()
    assert (order.kind, order.event_key, order.asked_by) == (kind, STRIKE, "ada")
    page = visitor.page(f"/events/{STRIKE}?done={kind}")
    assert len(page.texts("//p[@role='status' and @class='notice']")) == 1
    assert page.links()[f"Order {order.id}: {kind}"] == f"/orders/{order.id}"


def test_same_order_is_put_once(visitor):
    for _ in range(2):
        visitor.submit(f"/events/{STRIKE}", "/refetch")
    with visitor.site.stores.lent() as store:
        assert len(store.orders()) == 1


def test_order_says_where_it_stands(visitor):
    visitor.submit(f"/events/{FERRY}", "/refetch")
    page = visitor.page("/orders/1")
    assert page.texts("//h1") == ["Order 1: refetch"]
    assert "Asked by ada" in page.text
    assert "waiting" in page.texts("//dd/span")
    assert page.links()[FERRY] == f"/events/{FERRY}"
    assert page.links()["Look again"] == "/orders/1"


def test_order_at_work_leads_to_its_run(visitor):
    visitor.submit(f"/events/{FERRY}", "/refetch")
    with visitor.site.stores.lent() as store:
        taken(store, 1)
        run = store.start_run(
            Run(token="r1", command="dateline refetch", machine="m", pid=1, started_at=NOW, heartbeat_at=NOW)
        )
        store.keep_order(1, "token", until=NOW + timedelta(days=2), run=run.number)
    page = visitor.page("/orders/1")
    assert page.links()[f"Run {run.number}"] == f"/runs/{run.number}"
    assert page.texts("//dd/span") == [OrderState.RUNNING, RunState.RUNNING]


@pytest.mark.parametrize(
    ("status", "problem", "words"),
    [(0, "", "done its command ended well"), (1, "", "something is left"), (2, "<b>no such host", "<b>no such host")],
)
def test_order_that_is_over_says_how_it_ended(visitor, status, problem, words):
    visitor.submit(f"/events/{FERRY}", "/backfill")
    with visitor.site.stores.lent() as store:
        taken(store, 1, exit_status=status, problem=problem)
    page = visitor.page("/orders/1")
    assert words in page.text
    assert f"exit status {status}" in page.text
    assert "Look again" not in page.links()


@pytest.mark.parametrize("number", ["1", "999999999999999999", "9" * 40, "x"])
def test_unknown_order_is_not_found(client, number):
    client.get(f"/orders/{number}", expect=404)


def test_order_for_an_unknown_event_is_refused(visitor):
    page = visitor.page(f"/events/{STRIKE}")
    token = dict(page.tree.xpath("//form[@action='/refetch']")[0].form_values())["csrf"]
    answer = visitor.http.post("/refetch", data={"csrf": token, "event": "nowhere"})
    assert answer.status_code == 404
