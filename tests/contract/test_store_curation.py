"""What people decide and ask for: marks that no crawl takes away, and orders that one process at a time has."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from storage import open_store
from storage.errors import AmbiguousEvent, ArticleNotFound, EventNotFound, MarkNotFound, OrderNotFound
from storage.types import (
    EventLink,
    LinkHow,
    LinkState,
    OrderKind,
    OrderState,
    SameDocumentHow,
    Takedown,
    TakedownKind,
    VerdictKind,
)

DAY = date(2026, 3, 1)
FERRY, STORM = "2026/03/1/ferry-runs-aground", "2026/03/2/storm-nears"
REFETCH, BACKFILL = OrderKind.REFETCH, OrderKind.BACKFILL


@pytest.fixture
def events(store, make):
    """Two events: the first cites /a and /b."""
    entries = [
        make.entry("ferry-runs-aground", DAY, sources=make.links("/a", "/b")),
        make.entry("storm-nears", date(2026, 3, 2), sources=()),
    ]
    store.put_events(entries, match=make.no_match, now=make.NOW)


@pytest.fixture
def article(store, make, archived):
    """Stores the article of a document; returns its number."""

    def build(path, text, *, decide=make.undecided):
        store.put_loose([make.loose(path)], now=make.NOW)
        document = store.document(make.identity(path).canonical_url)
        (answer,) = archived(make.result(document, article=make.article(text)), decide=decide)
        return answer.article_id

    return build


@pytest.fixture
def mark(store, make):
    def say(article_id, because="a list of jobs", by="mara", now=make.NOW):
        return store.mark(article_id, by=by, because=because, now=now)

    return say


def found(key, article_id):
    return EventLink(event_key=key, article_id=article_id, how=LinkHow.CONTENT, score=0.9, evidence="7 of 9 words")


def put(store, make, article_id, *keys):
    return store.put_links(article_id, [found(key, article_id) for key in keys], now=make.NOW)


def waiting(store):
    return [one.article_id for one in store.waiting_for_links(limit=100)]


def covering(store):
    return [one.article_id for one in store.event(FERRY).coverage]


def counted(store):
    return {one.key: one.articles for one in store.events()}


# -- marks -----------------------------------------------------------------------------------------------------------


def test_a_mark_says_who_when_and_why_and_is_kept_when_it_is_taken_back(store, make, events, article, mark):
    number = article("/a", "ferry aground")
    said = mark(number)
    document = store.document(make.identity("/a").canonical_url)
    assert (said.document_id, said.article_id) == (document.id, number)
    assert (said.marked_by, said.marked_at, said.because) == ("mara", make.NOW, "a list of jobs")
    assert (said.undone_by, said.undone_at) == ("", None)
    assert mark(number, "something else", by="ove", now=make.at(days=1)) == said
    assert store.marks() == [said]
    undone = store.unmark(number, by="ove", now=make.at(days=2))
    assert (undone.id, undone.undone_by, undone.undone_at) == (said.id, "ove", make.at(days=2))
    assert (store.marks(), store.marks(standing_only=True)) == ([undone], [])
    with pytest.raises(MarkNotFound, match=str(number)):
        store.unmark(number, by="ove", now=make.NOW)
    again = mark(number, "")
    assert (again.id > said.id, again.because) == (True, "")
    assert store.marks() == [undone, again]


def test_only_articles_that_are_there_are_marked(store, make, mark):
    with pytest.raises(ArticleNotFound):
        mark(7)
    with pytest.raises(MarkNotFound):
        store.unmark(7, by="mara", now=make.NOW)
    assert (store.marks(), store.marks_of([7])) == ([], {})


def test_marks_are_listed_by_number_behind_one(store, make, events, article, mark):
    numbers = [article(path, f"text of {path}") for path in ("/a", "/b", "/c")]
    said = [mark(one) for one in numbers]
    store.unmark(numbers[1], by="ove", now=make.NOW)
    assert [one.id for one in store.marks(after=said[0].id)] == [said[1].id, said[2].id]
    assert [one.id for one in store.marks(standing_only=True)] == [said[0].id, said[2].id]
    assert [one.id for one in store.marks(limit=1)] == [said[0].id]
    assert store.marks(limit=0) == []
    assert store.marks_of([*numbers, 99]) == {numbers[0]: said[0], numbers[2]: said[2]}


def test_what_a_person_says_is_stored_as_a_database_can_hold_it(store, events, article, mark):
    said = mark(article("/a", "ferry aground"), because="no \N{SNOWMAN} article", by="Ada Quill")
    assert store.marks_of([said.article_id])[said.article_id].because == "no \N{SNOWMAN} article"


def test_a_marked_article_counts_no_more_until_the_mark_is_taken_back(store, make, events, article, mark):
    one, two = article("/a", "ferry aground"), article("/b", "harbour closed")
    put(store, make, two, STORM)
    assert (covering(store), counted(store)) == ([one, two], {FERRY: 2, STORM: 0})
    said = mark(one)
    assert (covering(store), counted(store)) == ([two], {FERRY: 1, STORM: 0})
    assert [view.mark for view in store.event(FERRY).sources] == [said, None]
    assert [view.headline for view in store.event(FERRY).sources] == ["ferry", "harbour"]
    assert (store.article(one).mark, store.article(two).mark) == (said, None)
    assert [view.mark for view in store.articles()] == [said, None]
    assert [link.article_id for link in store.event(FERRY).links] == [one, two]
    store.unmark(one, by="ove", now=make.NOW)
    assert (covering(store), counted(store)) == ([one, two], {FERRY: 2, STORM: 0})
    assert (store.article(one).mark, store.event(FERRY).sources[0].mark) == (None, None)


def test_a_crawl_that_stores_new_versions_leaves_the_mark(store, make, events, article, mark, archived):
    number = article("/a", "ferry aground")
    said = mark(number)
    document = store.document(make.identity("/a").canonical_url)
    (answer,) = archived(make.result(document, article=make.article("ferry afloat again")))
    assert (answer.article_id, answer.verdict.kind) == (number, VerdictKind.NEW_VERSION)
    assert len(store.article(number).versions) == 2
    assert (store.marks(), store.article(number).mark) == ([said], said)
    store.put_events([make.entry("storm-nears", date(2026, 3, 2))], match=make.no_match, now=make.NOW)
    assert (covering(store), counted(store)) == ([], {FERRY: 0, STORM: 0})


def test_a_marked_article_gets_no_links_by_content_and_loses_those_it_has(store, make, events, article, mark):
    number = article("/c", "ferry aground")
    assert put(store, make, number, FERRY, STORM) == 2
    assert (covering(store), waiting(store)) == ([number], [])
    mark(number)
    assert (covering(store), waiting(store)) == ([], [number])
    assert put(store, make, number, FERRY, STORM) == 0
    assert (store.article(number).events, waiting(store)) == ((), [])
    store.unmark(number, by="mara", now=make.NOW)
    assert waiting(store) == [number]
    assert store.put_all_links({number: [found(FERRY, number)]}, now=make.NOW) == 1
    assert covering(store) == [number]


def test_what_a_person_decided_about_a_link_stays_but_does_not_count_while_the_mark_stands(
    store, make, events, article, mark
):
    number = article("/c", "ferry aground")
    store.decide_link(STORM, number, state=LinkState.CONFIRMED, by="ove", because="", now=make.NOW)
    mark(number)
    put(store, make, number)
    assert [(link.how, link.decided_by) for link in store.event(STORM).links] == [(LinkHow.HAND, "ove")]
    assert store.event(STORM).coverage == ()


def test_the_links_of_a_marked_copy_are_no_evidence_for_its_story(store, make, events, article, mark):
    text = "ferry aground near lind twelve people brought ashore"
    one, two = article("/a", text, decide=make.contained), article("/c", f"{text} today", decide=make.contained)
    put(store, make, two)
    put(store, make, one)
    assert [link.article_id for link in store.article_text(two).story] == [one]
    mark(one)
    assert (store.article_text(two).story, waiting(store)) == ((), [one, two])


def test_a_mark_on_the_document_that_stands_for_others_holds_for_them_too(store, make, events, article, mark):
    old, new = article("/a", "ferry aground"), article("/b", "ferry aground at noon")
    ids = [store.article(one).document.id for one in (old, new)]
    store.merge_documents(*ids, how=SameDocumentHow.HAND, evidence="same", now=make.NOW)
    put(store, make, old)
    said = mark(new)
    assert covering(store) == []
    assert store.marks_of([old, new]) == {old: said, new: said}
    assert waiting(store) == [old, new]
    store.undo_merge(ids[0], because="no", now=make.NOW)
    assert (covering(store), store.marks_of([old, new])) == ([old], {new: said})


def test_a_mark_that_holds_for_a_merged_document_is_taken_back_there_too(store, make, events, article, mark):
    old, new = article("/a", "ferry aground"), article("/b", "ferry aground at noon")
    ids = [store.article(one).document.id for one in (old, new)]
    store.merge_documents(*ids, how=SameDocumentHow.HAND, evidence="same", now=make.NOW)
    others, own = mark(new), mark(old)
    assert store.unmark(old, by="ove", now=make.NOW).id == own.id
    assert store.marks_of([old, new]) == {old: others, new: others}
    assert store.unmark(old, by="ove", now=make.NOW).id == others.id
    assert store.marks_of([old, new]) == {}
    with pytest.raises(MarkNotFound):
        store.unmark(old, by="ove", now=make.NOW)


def test_a_mark_on_a_merged_document_leaves_the_one_that_stands_for_it_alone(store, make, events, article, mark):
    old, new = article("/a", "ferry aground"), article("/c", "ferry aground at noon")
    ids = [store.article(one).document.id for one in (old, new)]
    store.merge_documents(*ids, how=SameDocumentHow.HAND, evidence="same", now=make.NOW)
    assert covering(store) == [old, new]
    said = mark(old)
    assert (covering(store), store.marks_of([old, new])) == ([], {old: said})
    put(store, make, new, FERRY)
    assert covering(store) == [new]
    own = mark(new, "nor is this one")
    assert store.marks_of([old, new]) == {old: said, new: own}


def test_a_mark_survives_a_takedown_and_holds_for_what_comes_after_it(store, make, events, article, mark, archived):
    number = article("/a", "ferry aground")
    said = mark(number)
    url = make.identity("/a").canonical_url
    takedown = Takedown(kind=TakedownKind.DOCUMENT, subject=url, reason="asked", who="ann", made_at=make.NOW)
    store.take_down(takedown, document_ids=[store.document(url).id])
    assert (store.marks(), store.marks_of([number])) == ([said], {})
    assert [view.mark for view in store.event(FERRY).sources] == [None, None]
    store.lift_takedown(TakedownKind.DOCUMENT, url, now=make.NOW, who="ann")
    later = article("/a", "ferry aground")
    assert later != number
    (kept,) = store.marks()
    assert (kept.id, kept.article_id, store.article(later).mark) == (said.id, later, kept)
    assert store.unmark(later, by="ove", now=make.NOW).id == said.id


def test_a_mark_on_what_was_taken_down_can_be_taken_back(store, make, events, article, mark):
    number = article("/a", "ferry aground")
    said, url = mark(number), make.identity("/a").canonical_url
    takedown = Takedown(kind=TakedownKind.DOCUMENT, subject=url, reason="asked", who="ann", made_at=make.NOW)
    store.take_down(takedown, document_ids=[store.document(url).id])
    assert store.unmark(number, by="ove", now=make.NOW).id == said.id
    assert store.marks(standing_only=True) == []


# -- orders ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def ask(store, make, events):
    def order(kind=REFETCH, event=FERRY, by="mara", **delta):
        return store.put_order(kind, event, by=by, now=make.at(**delta))

    return order


@pytest.fixture
def take(store, make):
    def hand(taker="web-1", **delta):
        now = make.at(**delta)
        return store.take_order(taker, now=now, until=now + (make.at(seconds=30) - make.NOW))

    return hand


def test_an_order_is_as_it_was_asked_for(store, make, ask):
    asked = ask(event="2026/03/1/ferry", by="Ada Quill")
    assert (asked.kind, asked.event_key, asked.asked_by, asked.asked_at) == (REFETCH, FERRY, "Ada Quill", make.NOW)
    assert (asked.state, asked.taken_by, asked.taken_until, asked.run) == (OrderState.WAITING, "", None, 0)
    assert (asked.ended_at, asked.exit_status, asked.problem) == (None, None, "")
    assert store.order(asked.id) == asked


def test_what_cannot_be_ordered_or_found_is_said(store, ask):
    with pytest.raises(EventNotFound):
        ask(event="2026/03/9/nothing")
    with pytest.raises(AmbiguousEvent):
        ask(event="2026/03/")
    for unknown in (0, 7, 2**70):
        with pytest.raises(OrderNotFound, match=str(unknown)):
            store.order(unknown)
    assert store.orders() == []


def test_what_is_asked_for_already_is_returned_until_it_is_over(store, make, ask, take):
    asked = ask()
    assert ask(by="ove", hours=1) == asked
    other = ask(BACKFILL)
    assert other.id != asked.id
    taken = take()
    assert ask(by="ove", hours=1) == taken
    assert store.end_order(asked.id, "web-1", exit_status=0, run=4, now=make.at(minutes=1))
    again = ask(by="ove", hours=2)
    assert (again.id > other.id, again.asked_by) == (True, "ove")


def test_orders_are_taken_in_the_order_in_which_they_were_asked(store, ask, take):
    late, early = ask(minutes=5), ask(BACKFILL, minutes=1)
    last = ask(event=STORM, minutes=9)
    taken = [take(minutes=10), take("web-2", minutes=10), take(minutes=10)]
    assert [one.id for one in taken] == [early.id, late.id, last.id]
    assert {one.state for one in taken} == {OrderState.RUNNING}
    assert [one.taken_by for one in taken] == ["web-1", "web-2", "web-1"]
    assert store.order(late.id) == taken[1]
    assert take(minutes=10) is None


def test_an_order_whose_taker_is_silent_waits_again(store, make, ask, take):
    asked = ask()
    assert take().taken_until == make.at(seconds=30)
    assert take("web-2", seconds=29) is None
    assert store.keep_order(asked.id, "web-1", until=make.at(seconds=50), run=3)
    assert take("web-2", seconds=40) is None
    again = take("web-2", seconds=50)
    assert (again.id, again.taken_by, again.taken_until, again.run) == (asked.id, "web-2", make.at(seconds=80), 3)


def test_who_lost_an_order_learns_it_and_changes_nothing(store, make, ask, take):
    asked = ask()
    take()
    held = take("web-2", minutes=1)
    assert not store.keep_order(asked.id, "web-1", until=make.at(hours=1), run=9)
    assert not store.end_order(asked.id, "web-1", exit_status=0, now=make.at(minutes=2))
    assert not store.give_back_order(asked.id, "web-1")
    assert store.order(asked.id) == held
    assert not store.keep_order(99, "web-2", until=make.at(hours=1))


def test_a_sign_of_life_after_the_lease_holds_while_nobody_else_took_the_order(store, make, ask, take):
    asked = ask()
    take()
    assert store.keep_order(asked.id, "web-1", until=make.at(minutes=5))
    assert (take("web-2", minutes=4), store.order(asked.id).run) == (None, 0)


@pytest.mark.parametrize(
    ("exit_status", "state"),
    [(0, OrderState.DONE), (1, OrderState.DONE), (2, OrderState.FAILED), (-9, OrderState.FAILED)],
)
def test_an_order_ends_as_its_command_did(store, make, ask, take, exit_status, state):
    asked = ask()
    take()
    assert store.keep_order(asked.id, "web-1", until=make.at(minutes=1), run=5)
    assert store.end_order(asked.id, "web-1", exit_status=exit_status, problem="so", now=make.at(minutes=2))
    over = store.order(asked.id)
    assert (over.state, over.exit_status, over.run, over.problem) == (state, exit_status, 5, "so")
    assert (over.ended_at, over.taken_until, over.taken_by) == (make.at(minutes=2), None, "web-1")
    assert (take(hours=9), store.orders(open_only=True)) == (None, [])
    assert not store.end_order(asked.id, "web-1", exit_status=0, now=make.NOW)
    assert not store.keep_order(asked.id, "web-1", until=make.at(days=1))
    assert not store.give_back_order(asked.id, "web-1")
    assert store.order(asked.id) == over


def test_an_order_of_which_nobody_knows_how_it_ended_failed(store, make, ask, take):
    asked = ask()
    take()
    assert store.end_order(asked.id, "web-1", exit_status=None, problem="lost", run=8, now=make.NOW)
    assert (store.order(asked.id).state, store.order(asked.id).run) == (OrderState.FAILED, 8)


def test_an_order_that_is_given_back_waits_and_remembers_its_run(store, make, ask, take):
    asked = ask()
    take()
    store.keep_order(asked.id, "web-1", until=make.at(minutes=1), run=5)
    assert store.give_back_order(asked.id, "web-1")
    back = store.order(asked.id)
    assert (back.state, back.taken_by, back.taken_until, back.run) == (OrderState.WAITING, "", None, 5)
    assert take("web-2", seconds=1).id == asked.id


def test_orders_are_listed_latest_first(store, make, ask, take):
    one, two, three = ask(), ask(BACKFILL), ask(event=STORM)
    take()
    store.end_order(one.id, "web-1", exit_status=0, now=make.NOW)
    assert [order.id for order in store.orders()] == [three.id, two.id, one.id]
    assert [order.id for order in store.orders(open_only=True)] == [three.id, two.id]
    assert [order.id for order in store.orders(event_key=FERRY)] == [two.id, one.id]
    assert [order.id for order in store.orders(event_key=FERRY, open_only=True)] == [two.id]
    assert [order.id for order in store.orders(limit=1)] == [three.id]
    assert store.orders(event_key="2026/03/9/nothing") == store.orders(limit=0) == []


def test_of_eight_that_take_orders_at_once_each_order_goes_to_one(database, make):
    entries = [make.entry(f"e-{number}", sources=()) for number in range(40)]
    with open_store(database) as store:
        store.put_events(entries, match=make.no_match, now=make.NOW)
        asked = [store.put_order(REFETCH, one.key, by="mara", now=make.NOW).id for one in entries]
    together = threading.Barrier(8)

    def take_all(token):
        with open_store(database) as store:
            together.wait()
            taken = iter(lambda: store.take_order(token, now=make.NOW, until=make.at(seconds=30)), None)
            return [(one.id, one.taken_by) for one in taken]

    with ThreadPoolExecutor(8) as pool:
        given = list(pool.map(take_all, [f"web-{number}" for number in range(8)]))
    taken = Counter(number for own in given for number, _ in own)
    assert taken == Counter(asked)
    assert sum(1 for own in given if own) > 1, "one was too fast for the others"
    with open_store(database) as store:
        held = {one.id: one.taken_by for one in store.orders()}
        assert held == {number: token for own in given for number, token in own}


def test_of_eight_that_ask_for_the_same_at_once_all_get_one_order(database, make):
    with open_store(database) as store:
        store.put_events([make.entry("e", sources=())], match=make.no_match, now=make.NOW)
    together = threading.Barrier(8)

    def ask(name):
        with open_store(database) as store:
            together.wait()
            return store.put_order(BACKFILL, "2006/07/5/e", by=name, now=make.NOW)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, "abcdefgh"))
    assert len(set(answers)) == 1
    with open_store(database) as store:
        assert store.orders() == [answers[0]]
