"""Alerts: opened once, standing while they are found, closed when they are not, and told once each."""

from storage.types import Alert, AlertKind

SILENT, DROP, DISK = AlertKind.SILENT_HOST, AlertKind.SUDDEN_DROP, AlertKind.DISK_LOW
HOST = "harbour-post.example"
KINDS = (SILENT, DROP)


def named(alerts):
    return [(one.kind, one.subject, one.text) for one in alerts]


def test_an_alert_opens_once_and_stands_with_its_latest_figures(store, make):
    opened, closed = store.put_alerts({(SILENT, HOST): "asked 12 times"}, kinds=KINDS, now=make.NOW)
    assert opened == [
        Alert(kind=SILENT, subject=HOST, text="asked 12 times", opened_at=make.NOW, seen_at=make.NOW, id=opened[0].id)
    ]
    assert (opened[0].id, closed) != (None, None)
    later = make.at(hours=1)
    assert store.put_alerts({(SILENT, HOST): "asked 15 times"}, kinds=KINDS, now=later) == ([], [])
    (standing,) = store.alerts()
    assert (standing.text, standing.opened_at, standing.seen_at) == ("asked 15 times", make.NOW, later)
    assert standing.id == opened[0].id


def test_an_alert_that_is_not_found_any_more_is_closed_and_opens_anew(store, make):
    store.put_alerts({(SILENT, HOST): "silent"}, kinds=KINDS, now=make.NOW)
    opened, (closed,) = store.put_alerts({}, kinds=KINDS, now=make.at(hours=1))
    assert (opened, closed.subject, closed.closed_at) == ([], HOST, make.at(hours=1))
    assert (closed.seen_at, closed.text) == (make.NOW, "silent")
    assert store.alerts() == []
    assert store.alerts(open_only=False) == [closed]
    (again,), closed_now = store.put_alerts({(SILENT, HOST): "again"}, kinds=KINDS, now=make.at(hours=2))
    assert (again.opened_at, closed_now) == (make.at(hours=2), [])
    assert again.id != closed.id


def test_only_alerts_of_the_kinds_that_were_looked_at_are_closed(store, make):
    store.put_alerts(
        {(SILENT, HOST): "silent", (DROP, HOST): "drop", (DISK, "/"): "full"}, kinds=AlertKind, now=make.NOW
    )
    _, closed = store.put_alerts({(DROP, HOST): "drop"}, kinds=KINDS, now=make.at(hours=1))
    assert named(closed) == [(SILENT, HOST, "silent")]
    assert sorted(named(store.alerts())) == [(DISK, "/", "full"), (DROP, HOST, "drop")]


def test_alerts_are_listed_with_the_latest_first(store, make):
    for number, subject in enumerate(("b", "a", "c")):
        store.put_alerts({(SILENT, subject): "silent"}, kinds=(), now=make.at(minutes=number % 2))
    assert [one.subject for one in store.alerts()] == ["a", "c", "b"]
    assert [one.subject for one in store.alerts(limit=2)] == ["a", "c"]


def test_people_hear_of_an_opening_and_of_a_closing_once_each(store, make):
    (opened,), _ = store.put_alerts({(SILENT, HOST): "silent"}, kinds=KINDS, now=make.NOW)
    assert store.untold_alerts() == [opened]
    store.told_alert(opened.id, "opened")
    assert store.untold_alerts() == []
    store.put_alerts({}, kinds=KINDS, now=make.at(hours=1))
    (closed,) = store.untold_alerts()
    assert (closed.id, closed.told, closed.closed_at) == (opened.id, "opened", make.at(hours=1))
    store.told_alert(closed.id, "closed")
    assert store.untold_alerts() == []
    assert [one.told for one in store.alerts(open_only=False)] == ["closed"]


def test_nobody_hears_of_an_alert_that_was_over_before_anybody_heard_of_it(store, make):
    store.put_alerts({(SILENT, HOST): "silent"}, kinds=KINDS, now=make.NOW)
    store.put_alerts({}, kinds=KINDS, now=make.at(minutes=1))
    assert store.untold_alerts() == []


def test_untold_alerts_come_oldest_first(store, make):
    for number, subject in enumerate(("b", "a")):
        store.put_alerts({(SILENT, subject): "silent"}, kinds=(), now=make.at(minutes=number))
    assert [one.subject for one in store.untold_alerts()] == ["b", "a"]


def test_a_name_with_letters_that_no_database_holds_is_one_alert(store, make):
    name = {(SILENT, "odd\0host"): "silent\udcff"}
    opened, _ = store.put_alerts(name, kinds=KINDS, now=make.NOW)
    assert store.put_alerts(name, kinds=KINDS, now=make.at(hours=1)) == ([], [])
    assert len(opened) == len(store.alerts()) == 1
