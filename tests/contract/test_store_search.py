"""Searching events and articles: the same hits on every backend, whatever the words are made of."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import insert, text

from storage import open_store
from storage.searching import event_text
from storage.sql import searching
from storage.sql.models import EventTextRow

DAY = date(2026, 3, 1)
HEADLINES = {
    "ferry": "Ferry Aurora runs aground off Lind",
    "cafe": "Café in Łódź reopens; İzmir's Straße closed",
    "beijing": "北京大学 opens a new library",
    "bangkok": "กรุงเทพมหานคร floods",
    "tokyo": "ガソリン prices rise in 東京",
    "hindi": "हिन्दी समाचार returns",
    "odd": "100% of A/B_tests: 'x' OR \"y\" AND -z* (col:1e5) <-> \\ & | ! \0 \udcff",
}
ANY_TEXT = st.text(st.characters(codec=None), max_size=30)


@pytest.fixture
def filled(store, make):
    """One event per headline, a day apart; returns their slugs by key."""
    days = {slug: DAY + timedelta(days=number) for number, slug in enumerate(HEADLINES)}
    entries = [make.entry(slug, days[slug], sources=(), headline=line) for slug, line in HEADLINES.items()]
    store.put_events(entries, match=make.no_match, now=make.NOW)
    return {one.key: slug for one, slug in zip(entries, HEADLINES, strict=True)}


@pytest.fixture
def hits(store, filled):
    def search(*words, **options):
        return [filled[one.key] for one in store.search_events(words, **{"limit": 10, **options})]

    return search


@pytest.mark.parametrize(
    ("words", "slugs"),
    [
        (["FERRY"], ["ferry"]),
        (["ferries"], []),
        (["cafe"], ["cafe"]),
        (["CAFÉ"], ["cafe"]),
        (["lodz"], ["cafe"]),
        (["İZMİR"], ["cafe"]),
        (["strasse"], ["cafe"]),
        (["北京"], ["beijing"]),
        (["京大学"], ["beijing"]),
        (["กรุงเทพ"], ["bangkok"]),
        (["ｶﾞｿﾘﾝ"], ["tokyo"]),
        (["カソリン"], ["tokyo"]),
        (["東京"], ["tokyo"]),
        (["हिन्दी"], ["hindi"]),
        (["हिन"], []),
        (["tests"], ["odd"]),
        (["1E5"], ["odd"]),
        (["%"], []),
        (["ferry NEAR cafe"], ["cafe", "ferry"]),
        (["", "  ", "*"], []),
        ([], []),
    ],
)
def test_words_are_found_alike(hits, words, slugs):
    assert sorted(hits(*words)) == slugs


def test_any_word_is_enough_and_rare_ones_weigh_more(store, make, hits):
    entries = [make.entry(f"common-{number}", DAY, sources=(), headline="harbour news") for number in range(30)]
    rare = make.entry("rare", DAY, sources=(), headline="Lind lighthouse")
    store.put_events([*entries, rare], match=make.no_match, now=make.NOW)
    found = store.search_events(["harbour", "lighthouse", "nowhere"], limit=5)
    assert (len(found), found[0].key) == (5, rare.key)
    assert len(store.search_events(["harbour", "lighthouse"], limit=100)) == 31
    assert store.search_events(["harbour"], limit=0) == []


def test_the_days_are_both_included(hits):
    assert hits("ferry", since=DAY, until=DAY) == ["ferry"]
    assert hits("ferry", since=DAY + timedelta(days=1)) == []
    assert hits("ferry", until=DAY - timedelta(days=1)) == []
    assert hits("ferry", since=DAY + timedelta(days=1), until=DAY) == []
    assert hits("ferry", since=date.min, until=date.max) == ["ferry"]
    both = {"since": DAY, "until": DAY + timedelta(days=1)}
    assert sorted(hits("ferry", "cafe", "library", **both)) == ["cafe", "ferry"]


def test_a_day_is_no_word_and_days_before_1970_are_days(store, make):
    number = (DAY - date(1970, 1, 1)).days
    old = make.entry("old", date(1969, 12, 30), sources=(), headline="Ferry")
    twin = make.entry("twin", date(1970, 1, 3), sources=(), headline="Ferry")
    named = make.entry("named", date(2020, 1, 1), sources=(), headline=f"Ferry {number}")
    today = make.entry("today", DAY, sources=(), headline="Ferry")
    store.put_events([old, twin, named, today], match=make.no_match, now=make.NOW)
    assert [one.key for one in store.search_events([str(number)], limit=9)] == [named.key]
    for entry in (old, twin, today):
        found = store.search_events(["ferry"], since=entry.event_date, until=entry.event_date, limit=9)
        assert [one.key for one in found] == [entry.key]


def test_the_present_entry_counts_whichever_key_it_came_under(store, make, hits):
    own = make.entry("ferry", DAY, sources=make.links("/f"), headline="Ferry afloat", topics=("Coast",))
    put = {"match": make.same_sources, "now": make.NOW}
    store.put_events([own], **put)
    assert hits("aground") == []
    assert hits("afloat") == hits("coast") == ["ferry"]
    alias = make.entry("ferry-saved", DAY, sources=make.links("/f"), headline="Twelve rescued", entities=("Aurora",))
    store.put_events([alias], **put)
    assert hits("afloat") == []
    assert hits("rescued") == hits("aurora") == ["ferry"]
    store.put_events([replace(own, headline="Ferry towed", event_date=date(2030, 1, 1))], **put)
    assert hits("towed", since=date(2030, 1, 1), until=date(2030, 1, 1)) == ["ferry"]
    assert hits("towed", since=DAY, until=DAY) == []


def test_articles_are_found_by_the_beginning_of_their_current_text(store, make, sources):
    one, other = sources("/a", "/b")
    body = "aground " * 200 + "hidden"
    results = [
        make.result(one, article=make.article(body, headline="Ferry", standfirst="Zwölf gerettet")),
        make.result(other, "harbour closed"),
    ]
    numbers = [answer.article_id for answer in store.archive(results, decide=make.decide, now=make.NOW)]
    assert store.search_articles(["ferry"], limit=5) == [numbers[0]]
    assert store.search_articles(["zwolf"], since=make.NOW.date(), until=make.NOW.date(), limit=5) == [numbers[0]]
    assert store.search_articles(["hidden"], limit=5) == []
    assert sorted(store.search_articles(["aground", "harbour"], limit=5)) == numbers
    assert store.search_articles(["ferry"], since=make.at(days=1).date(), limit=5) == []
    (version, *_) = store.article(numbers[1]).versions
    assert store.reextract(version.id, make.article("harbour reopened"), now=make.NOW)
    assert store.search_articles(["closed"], limit=5) == []
    assert store.search_articles(["reopened"], limit=5) == [numbers[1]]


def test_no_character_has_a_meaning(store, filled):
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(ANY_TEXT, max_size=4), st.sampled_from([None, DAY]))
    def search(words, since):
        for one in store.search_events([*words, "aurora"], since=since, until=since, limit=10):
            wanted = {part for word in (*words, "aurora") for part in event_text_of(word).split()}
            assert wanted.intersection(event_text_of(one.headline).split())
        assert isinstance(store.search_articles(words, limit=10), list)

    search()
    assert [one.key for one in store.search_events(["aurora"], limit=10)] == ["2026/03/1/ferry"]


def event_text_of(words):
    from storage.searching import words_in  # noqa: PLC0415 -- named beside its only use

    return " ".join(words_in(words))


def test_any_headline_is_found_by_its_own_words(store, make):
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(ANY_TEXT)
    def put_and_search(headline):
        entry = make.entry("any", DAY, sources=(), headline=headline)
        store.put_events([entry], match=make.no_match, now=make.NOW)
        expected = [entry.key] if event_text(entry) else []
        assert [one.key for one in store.search_events([headline], limit=5)] == expected
        assert [one.key for one in store.search_events([headline], since=DAY, until=DAY, limit=5)] == expected

    put_and_search()


def test_many_words_and_many_hits_are_bounded(store, make):
    entries = [make.entry(f"e-{number}", DAY, sources=(), headline="harbour news") for number in range(40)]
    store.put_events(entries, match=make.no_match, now=make.NOW)
    words = [f"word{number}" for number in range(500)]
    assert store.search_events([*words, "harbour"], limit=9) == []
    assert len(store.search_events(["harbour", *words], limit=9)) == 9


# -- what must stay fast ---------------------------------------------------------------------------------------------


@pytest.fixture
def plans(database):
    """A store with three thousand texts, thirty a day, and the plans of the searches in it."""
    found = []
    with open_store(database) as store, store._write() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        rows = [
            {"event_id": number, "day": 20_000 + number // 30, "text": f"common rare{number}"}
            for number in range(1, 3001)
        ]
        connection.execute(insert(EventTextRow), rows)

        def explain(connection, _cursor, statement, parameters, _context, _many):
            if "AS number" in statement:
                explaining = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
                cursor = connection.connection.cursor()
                cursor.execute(f"{explaining} {statement}", parameters)
                found.append(str(cursor.fetchall()))

        sqlalchemy_event.listen(store._engine, "before_cursor_execute", explain)

        def search(*words, **options):
            return searching.search(
                connection, searching.EVENTS, words, **{"since": None, "until": None, "limit": 9, **options}
            )

        yield search, found
        connection.rollback()


def test_texts_are_found_by_their_words_and_days(plans):
    search, found = plans
    day = date.fromordinal(date(1970, 1, 1).toordinal() + 20_050)
    assert search("rare7", "common")[0] == 7
    assert search("common", "rare1510", since=day, until=day)[0] == 1510
    assert len(found) == 4
    for plan in found:
        assert "SCAN t" not in plan
        assert "Seq Scan" not in plan
        assert "fts_events" in plan or "VIRTUAL TABLE INDEX" in plan
