"""Links by content: what waits, what is found, what a person says, and what is shown of it all."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import event as sqlalchemy_event

from storage import open_store
from storage.errors import ArticleNotFound, EventNotFound
from storage.types import EventLink, Likeness, LinkHow, LinkState, RelationKind, Verdict, VerdictKind

DAY = date(2026, 3, 1)
FERRY, STORM, FAIR = "2026/03/1/ferry-runs-aground", "2026/03/2/storm-nears", "2026/03/9/fair-opens"


@pytest.fixture
def events(store, make):
    """Three events: the first cites /a, the last is a week later."""
    entries = [
        make.entry(
            "ferry-runs-aground", DAY, entities=("Lind", "Ferry Aurora"), topics=("Coast",), category="Disasters"
        ),
        make.entry("storm-nears", date(2026, 3, 2), sources=()),
        make.entry("fair-opens", date(2026, 3, 9), sources=()),
    ]
    store.put_events(entries, match=make.no_match, now=make.NOW)
    return entries


@pytest.fixture
def article(store, make):
    """Stores the article of a document; returns its number."""

    def build(path, text="ferry aground", *, decide=make.undecided, host="harbour-post.example", **fields):
        store.put_loose([make.loose(path, host)], now=make.NOW)
        document = store.document(make.identity(path, host).canonical_url)
        result = make.result(document, article=make.article(text, **fields))
        (answer,) = store.archive([result], decide=decide, now=make.NOW)
        assert not answer.error
        return answer.article_id

    return build


def found(key, article_id=1, **fields):
    values = {"how": LinkHow.CONTENT, "score": 0.9, "evidence": "7 of 9 words"}
    return EventLink(event_key=key, article_id=article_id, **{**values, **fields})


def settle(store, now):
    for one in store.waiting_for_links(limit=100):
        store.put_links(one.article_id, [], now=now)


def waiting(store):
    return [one.article_id for one in store.waiting_for_links(limit=100)]


# -- what is read ----------------------------------------------------------------------------------------------------


def test_an_article_is_read_as_its_current_version_tells_it(store, make, events, article):
    number = article("/a", "ferry aground", standfirst="All safe", section="Coast", keywords=("ferry",), language="en")
    text = store.article_text(number)
    assert (text.article_id, text.canonical_url) == (number, make.identity("/a").canonical_url)
    assert (text.headline, text.body, text.standfirst, text.section) == ("ferry", "ferry aground", "All safe", "Coast")
    assert (text.keywords, text.language, text.dated, text.reported_at) == (("ferry",), "en", True, make.NOW)
    assert (text.cited_by, text.story) == ((FERRY,), ())
    undated = store.article_text(article("/b", "harbour closed", published_at=None))
    assert (undated.dated, undated.reported_at, undated.cited_by) == (False, make.NOW, ())
    with pytest.raises(ArticleNotFound):
        store.article_text(99)


def test_events_are_read_as_their_present_entries_tell_them(store, make, events):
    ferry = next(iter(store.event_texts()))
    assert (ferry.key, ferry.event_date, ferry.headline) == (FERRY, DAY, "Ferry runs aground")
    assert (ferry.topics, ferry.entities, ferry.category) == (("Coast",), ("Lind", "Ferry Aurora"), "Disasters")
    assert [one.key for one in store.events_between(DAY, date(2026, 3, 2), limit=9)] == [FERRY, STORM]
    assert [one.key for one in store.events_between(date(2026, 3, 2), date(2026, 3, 9), limit=1)] == [STORM]
    assert store.events_between(date(2026, 3, 9), DAY, limit=9) == []
    store.put_events([replace(events[0], headline="Ferry afloat")], match=make.no_match, now=make.NOW)
    assert next(iter(store.event_texts())).headline == "Ferry afloat"


# -- what waits ------------------------------------------------------------------------------------------------------


def test_a_new_article_waits_until_it_was_looked_at(store, make, events, article):
    one, other = article("/a"), article("/b", "harbour closed")
    assert waiting(store) == [one, other]
    assert store.status(now=make.NOW).unlinked == 2
    assert [text.article_id for text in store.waiting_for_links(after=one, limit=1)] == [other]
    assert store.put_links(one, [], now=make.NOW) == 0
    assert waiting(store) == [other]
    with pytest.raises(ArticleNotFound):
        store.put_links(99, [], now=make.NOW)


def test_articles_near_a_new_or_changed_event_wait_again(store, make, events, article):
    number = article("/a")
    settle(store, make.NOW)

    def put(entry):
        store.put_events([entry], match=make.no_match, now=make.NOW)
        asked = waiting(store)
        settle(store, make.NOW)
        return asked

    assert put(events[0]) == []
    assert put(replace(events[0], headline="Ferry afloat")) == [number]
    assert put(make.entry("far", date(2026, 3, 5), sources=())) == []
    near = make.entry("near", date(2026, 3, 4), sources=())
    assert put(near) == [number]
    assert put(replace(near, event_date=date(2026, 5, 1))) == [number]
    assert put(replace(near, event_date=date(2026, 6, 1))) == []


def test_articles_are_made_to_wait_by_hand(store, make, events, article):
    article("/a")
    article("/b", "harbour closed", published_at=make.dated(make.at(days=8)))
    settle(store, make.NOW)
    assert store.link_later(event_keys=["unknown", STORM]) == 1
    assert store.link_later(event_keys=[FAIR]) == 2
    settle(store, make.NOW)
    assert store.link_later(event_keys=[]) == 0
    assert store.link_later() == 2


# -- what is found ---------------------------------------------------------------------------------------------------


def test_links_by_content_are_written_renewed_and_go(store, make, events, article):
    number = article("/b")
    links = [found(FERRY), found(STORM, state=LinkState.PROPOSED, score=0.4), found("2026/03/1/unknown")]
    assert store.put_links(number, links, now=make.NOW) == 2
    assert store.put_links(number, [*links, found(FERRY, score=0.5)], now=make.at(days=1)) == 0
    shown = store.article(number).events
    assert shown == (found(FERRY, number), found(STORM, number, state=LinkState.PROPOSED, score=0.4))
    assert store.event(FERRY).links == shown[:1]
    assert store.put_links(number, [found(STORM, score=0.8)], now=make.at(days=2)) == 0
    assert store.article(number).events == (found(STORM, number, score=0.8),)
    assert store.event(FERRY).links == ()


def test_links_of_many_articles_are_written_at_once(store, make, events, article):
    numbers = [article(f"/many/{n}", f"text {n}") for n in range(20)]
    decide(store, make, STORM, numbers[0])
    assert store.put_all_links({one: [found(FERRY), found(STORM)] for one in [*numbers, 999]}, now=make.NOW) == 39
    assert [one.how for one in store.event(STORM).links] == [LinkHow.HAND] + [LinkHow.CONTENT] * 19
    assert store.waiting_for_links(limit=99) == []
    store.link_later()
    again = {one: [found(STORM, score=0.5)] if one == numbers[1] else [found(FERRY)] for one in numbers}
    assert store.put_all_links(again, now=make.at(days=1)) == 0
    assert store.event(STORM).links[1:] == (found(STORM, numbers[1], score=0.5),)
    assert store.article(numbers[1]).events == (found(STORM, numbers[1], score=0.5),)
    assert {one.article_id for one in store.event(FERRY).links} == {*numbers} - {numbers[1]}
    assert store.put_all_links({}, now=make.NOW) == 0
    assert len(store.waiting_for_links(limit=99)) == 0


def test_only_what_content_may_say_is_taken(store, make, events, article):
    number = article("/b")
    links = [
        found(FERRY, how=LinkHow.HAND),
        found(FERRY, how=LinkHow.CITATION),
        found(STORM, state=LinkState.CONFIRMED),
        found(STORM, state=LinkState.REJECTED),
    ]
    assert store.put_links(number, links, now=make.NOW) == 0
    assert store.article(number).events == ()


def test_a_citation_stands_before_a_link_by_content(store, make, events, article):
    number = article("/a")
    assert store.put_links(number, [found(FERRY, state=LinkState.PROPOSED)], now=make.NOW) == 1
    (link,) = store.article(number).events
    assert (link.how, link.state, link.score) == (LinkHow.CITATION, LinkState.LINKED, 1.0)
    assert store.links(state=LinkState.PROPOSED, limit=9) == []
    assert [one.how for one in store.links(state=LinkState.LINKED, limit=9)] == [LinkHow.CITATION]


# -- what a person says ----------------------------------------------------------------------------------------------


def decide(store, make, name, number, state=LinkState.REJECTED, **fields):
    values = {"by": "Ada Quill", "because": "another ferry", "now": make.NOW}
    return store.decide_link(name, number, state=state, **{**values, **fields})


def test_what_a_person_says_is_shown_and_stays(store, make, events, article):
    number = article("/a")
    rejected = decide(store, make, FERRY, number)
    assert (rejected.event_key, rejected.how, rejected.state) == (FERRY, LinkHow.HAND, LinkState.REJECTED)
    assert (rejected.decided_by, rejected.decided_at, rejected.evidence) == ("Ada Quill", make.NOW, "another ferry")
    store.put_links(number, [found(FERRY)], now=make.NOW)
    store.put_events([replace(events[0], headline="Ferry afloat")], match=make.no_match, now=make.NOW)
    document = store.article(number).document
    (answer,) = store.archive([make.result(document, "ferry aground")], decide=make.decide, now=make.NOW)
    assert not answer.error
    assert store.article(number).events == store.event(FERRY).links == (rejected,)
    confirmed = decide(store, make, "2026/03/1/ferry", number, LinkState.CONFIRMED, now=make.at(days=1), by="B")
    assert store.article(number).events == (confirmed,)
    assert (confirmed.state, confirmed.decided_by, confirmed.decided_at) == (
        LinkState.CONFIRMED,
        "B",
        make.at(days=1),
    )


def test_a_person_may_link_what_nobody_found(store, make, events, article):
    number = article("/b")
    confirmed = decide(store, make, FAIR, number, LinkState.CONFIRMED)
    assert store.event(FAIR).links == (confirmed,)
    assert store.put_links(number, [], now=make.NOW) == 0
    assert store.event(FAIR).links == (confirmed,)


def test_a_decided_link_by_content_stays_as_it_was(store, make, events, article):
    number = article("/b")
    store.put_links(number, [found(STORM)], now=make.NOW)
    decide(store, make, STORM, number)
    assert store.put_links(number, [], now=make.NOW) == 0
    assert store.put_links(number, [found(STORM, score=0.1)], now=make.NOW) == 0
    assert [one.state for one in store.article(number).events] == [LinkState.REJECTED]


def test_decisions_about_nothing_are_refused(store, make, events, article):
    number = article("/b")
    with pytest.raises(EventNotFound):
        decide(store, make, "2026/03/1/unknown", number)
    with pytest.raises(ArticleNotFound):
        decide(store, make, FERRY, 99)
    with pytest.raises(ValueError, match="neither"):
        decide(store, make, FERRY, number, LinkState.PROPOSED)
    assert store.article(number).events == ()


def test_links_are_listed_and_counted_by_state(store, make, events, article):
    one, other = article("/a"), article("/b", "harbour closed")
    store.put_links(one, [found(STORM, state=LinkState.PROPOSED), found(FERRY)], now=make.NOW)
    store.put_links(other, [found(STORM, state=LinkState.PROPOSED), found(FERRY)], now=make.NOW)
    decide(store, make, FAIR, one)
    decide(store, make, FAIR, other, LinkState.CONFIRMED)
    pairs = [(link.event_key, link.article_id) for link in store.links(state=LinkState.PROPOSED, limit=9)]
    assert pairs == [(STORM, one), (STORM, other)]
    assert store.links(state=LinkState.PROPOSED, limit=1)[0].article_id == one
    behind = store.links(state=LinkState.PROPOSED, after=(STORM, one), limit=9)
    assert [link.article_id for link in behind] == [other]
    assert [link.event_key for link in store.links(state=LinkState.LINKED, after=(FERRY, one), limit=9)] == [FERRY]
    assert store.status(now=make.NOW).links == {"confirmed": 1, "linked": 1, "proposed": 2, "rejected": 1}


# -- stories ---------------------------------------------------------------------------------------------------------


def copies(fresh, candidates):
    """Everything that shares a word is a copy."""
    likenesses = tuple(
        Likeness(
            version_id=one.version_id,
            article_id=one.article_id,
            kind=RelationKind.COPY,
            signal="words",
            score=0.75,
            share=0.75,
            other_share=0.75,
            evidence="because",
        )
        for one in candidates
        if not one.same_document
    )
    return Verdict(kind=VerdictKind.NEW, likenesses=likenesses)


def test_an_article_knows_the_links_of_its_copies(store, make, events, article):
    told = " ".join(f"word{number}" for number in range(40))
    cited = article("/a", f"{told} here")
    copy = article("/copy", f"{told} there", host="lind-herald.example", decide=copies)
    apart = article("/apart", "council elects", host="lind-herald.example")
    assert store.article(copy).cluster_id == store.article(cited).cluster_id != store.article(apart).cluster_id
    (link,) = store.article_text(copy).story
    assert (link.event_key, link.article_id, link.how) == (FERRY, cited, LinkHow.CITATION)
    assert (link.state, link.fit) == (LinkState.LINKED, 0.75)
    assert store.article_text(cited).story == store.article_text(apart).story == ()
    settle(store, make.NOW)
    decide(store, make, FERRY, cited)
    assert store.article_text(copy).story == ()
    assert waiting(store) == [copy]


# -- related events --------------------------------------------------------------------------------------------------


def test_related_events_share_most_entities_then_are_latest(store, make):
    def put(slug, day, *entities):
        entry = make.entry(slug, day, sources=(), entities=entities)
        store.put_events([entry], match=make.no_match, now=make.NOW)
        return entry.key

    own = put("own", date(2010, 1, 1), "China", "Russia", "Lind Bar", "Russia")
    older = put("older", date(2009, 1, 1), "CHINA", "russia")
    newer = put("newer", date(2020, 1, 1), "Russia", "China", "Elsewhere")
    twin = put("newer-twin", date(2020, 1, 1), "Russia", "China")
    latest = put("latest", date(2021, 1, 1), "Lind  bar")
    put("none", date(2022, 1, 1), "Elsewhere")
    related = store.related_events(own, limit=9)
    assert [one.key for one in related] == [newer, twin, older, latest]
    assert [one.shared for one in related] == [("China", "Russia")] * 3 + [("Lind Bar",)]
    assert (related[0].headline, related[0].event_date) == ("Newer", date(2020, 1, 1))
    assert [one.key for one in store.related_events(own, limit=1)] == [newer]
    put("newer", date(2020, 1, 1), "Elsewhere")
    assert [one.key for one in store.related_events(own, limit=1)] == [twin]
    with pytest.raises(EventNotFound):
        store.related_events("2010/01/1/unknown", limit=1)


# -- what must stay fast ---------------------------------------------------------------------------------------------


def test_what_waits_is_found_by_its_own_index(database, make):
    seen = []
    with open_store(database) as store:
        store.put_loose([make.loose(f"/{number}") for number in range(400)], now=make.NOW)
        documents = store.lease(make.request(per_host=400))
        store.archive([make.result(one, f"story{one.id}") for one in documents], decide=make.undecided, now=make.NOW)
        store.put_all_links({one.article_id: [] for one in store.waiting_for_links(limit=390)}, now=make.NOW)
        with store._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            vacuum = "ANALYZE" if connection.dialect.name == "sqlite" else "VACUUM ANALYZE"
            connection.exec_driver_sql(f"{vacuum} articles")  # else the plan hangs on when the server looked by itself

        def explain(connection, _cursor, statement, parameters, _context, _many):
            if "FROM articles" in statement and "link_pending" in statement:
                explaining = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
                cursor = connection.connection.cursor()
                cursor.execute(f"{explaining} {statement}", parameters)
                seen.append(str(cursor.fetchall()))

        sqlalchemy_event.listen(store._engine, "before_cursor_execute", explain)
        assert len(store.waiting_for_links(limit=50)) == 10
    (plan,) = seen
    assert "ix_articles_link_pending" in plan
