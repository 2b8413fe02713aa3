"""What readers find: each field of a query, page by page in both directions, views in batches, counts and facets."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import event as sqlalchemy_event

from storage import open_store
from storage.sql import paging
from storage.types import (
    Access,
    ArticlePlace,
    EventLink,
    EventPlace,
    Facets,
    LibraryQuery,
    LinkHow,
    LinkState,
    MonthCount,
    Outcome,
    TextKind,
)

FERRY, STORM, FAIR, QUIET = "2026/03/1/ferry", "2026/03/2/storm", "2026/03/2/fair", "2026/04/1/quiet"
POST, HERALD = "harbour-post.example", "lind-herald.example"
FILLER = " ".join(f"filler{number}" for number in range(300))
FIRST, LAST = date.min, date.max


@pytest.fixture
def library(store, make, archived):
    """Four events, three articles by path; returns their numbers."""
    store.put_events(
        [
            make.entry(
                "ferry",
                date(2026, 3, 1),
                (make.link(1, "/a", POST), make.link(2, "/b", HERALD), make.image(3)),
                entities=("Café Łódź",),
            ),
            make.entry("storm", date(2026, 3, 2), (make.link(1, "/c", POST), make.broken(2)), category="Weather"),
            make.entry("fair", date(2026, 3, 2), (make.link(1, "/d", HERALD),), topics=("北京大学",)),
            make.entry("quiet", date(2026, 4, 1), ()),
        ],
        match=make.no_match,
        now=make.NOW,
    )
    document = {path: store.document(f"https://{host}{path}") for path, host in _HOSTS.items()}
    dated = {path: make.dated(make.at(days=days)) for path, days in (("/a", 0), ("/b", 1), ("/d", 1))}
    own = make.article(f"Aground {FILLER} pilot boat", language="en", agency="Lantern Wire", published_at=dated["/a"])
    teaser = make.article("Gestrandet vor Lind", language="de", access=Access.TEASER, published_at=dated["/b"])
    copy = make.article("Fair opens. กรุงเทพมหานคร", language="en", published_at=dated["/d"])
    archived(make.result(document["/a"], article=own), decide=make.undecided)
    archived(make.result(document["/b"], article=teaser), decide=make.undecided)
    archived(make.failure(document["/c"], Outcome.GONE))
    archived(make.from_archive(document["/d"], article=copy), decide=make.undecided)
    return {path: store.document(f"https://{host}{path}").article_id for path, host in _HOSTS.items()}


_HOSTS = {"/a": POST, "/b": HERALD, "/c": POST, "/d": HERALD}


@pytest.fixture
def events(store):
    def find(*, limit=9, **fields):
        found = [one.key for one in store.find_events(LibraryQuery(**fields), limit=limit)]
        backwards = store.find_events(LibraryQuery(**fields), limit=limit, newest_first=True)
        assert [one.key for one in backwards] == found[::-1]
        assert store.count_events(LibraryQuery(**fields)) == len(found)
        return found

    return find


@pytest.fixture
def articles(store, library):
    def find(**fields):
        path = {number: path for path, number in library.items()}
        found = [path[one.article_id] for one in store.find_articles(LibraryQuery(**fields), limit=9)]
        backwards = store.find_articles(LibraryQuery(**fields), limit=9, newest_first=True)
        assert [path[one.article_id] for one in backwards] == found[::-1]
        assert store.count_articles(LibraryQuery(**fields)) == len(found)
        return found

    return find


# -- what fits -------------------------------------------------------------------------------------------------------


EVENTS_OF = [
    ({}, [FERRY, FAIR, STORM, QUIET]),
    ({"since": date(2026, 3, 2)}, [FAIR, STORM, QUIET]),
    ({"until": date(2026, 3, 1)}, [FERRY]),
    ({"since": date(2026, 3, 2), "until": date(2026, 3, 2)}, [FAIR, STORM]),
    ({"since": date(2026, 5, 2), "until": date(2026, 3, 2)}, []),
    ({"publisher": POST}, [FERRY, STORM]),
    ({"publisher": "unknown.example"}, []),
    ({"outcome": Outcome.GONE}, [STORM]),
    ({"outcome": Outcome.FETCHED}, [FERRY]),
    ({"outcome": Outcome.GONE, "publisher": POST}, [STORM]),
    ({"outcome": Outcome.GONE, "publisher": HERALD}, []),
    ({"text": TextKind.FULL}, [FERRY, FAIR]),
    ({"text": TextKind.ARCHIVE_ONLY}, [FAIR]),
    ({"text": TextKind.NONE}, [STORM, QUIET]),
    ({"language": "en"}, [FERRY, FAIR]),
    ({"language": "de"}, [FERRY]),
    ({"agency": "Lantern Wire"}, [FERRY]),
    ({"agency": "Lantern Wire", "language": "de"}, []),
    ({"event": STORM}, [STORM]),
    ({"event": "2026/03/2"}, []),
    ({"marked": True}, []),
    ({"text": TextKind.FULL, "publisher": POST, "since": date(2026, 3, 1), "words": ("pilot",)}, [FERRY]),
]

ARTICLES_OF = [
    ({}, ["/a", "/b", "/d"]),
    ({"since": date(2026, 3, 2)}, ["/b", "/d"]),
    ({"until": date(2026, 3, 1)}, ["/a"]),
    ({"publisher": HERALD}, ["/b", "/d"]),
    ({"publisher": "unknown.example"}, []),
    ({"outcome": Outcome.FETCHED}, ["/a", "/b"]),
    ({"outcome": Outcome.GONE}, []),
    ({"text": TextKind.FULL}, ["/a", "/d"]),
    ({"text": TextKind.ARCHIVE_ONLY}, ["/d"]),
    ({"text": TextKind.NONE}, []),
    ({"language": "en"}, ["/a", "/d"]),
    ({"language": "en", "publisher": HERALD}, ["/d"]),
    ({"agency": "Lantern Wire"}, ["/a"]),
    ({"event": FERRY}, ["/a", "/b"]),
    ({"event": QUIET}, []),
    ({"marked": True}, []),
    ({"words": ("opens",), "text": TextKind.FULL, "event": FAIR}, ["/d"]),
]

EVENTS_WITH = [
    (("FERRY",), [FERRY]),
    (("cafe", "LODZ"), [FERRY]),
    (("cafe lodz",), [FERRY]),
    (("weather",), [STORM]),
    (("北京",), [FAIR]),
    (("กรุงเทพ",), [FAIR]),
    (("pilot",), [FERRY]),
    (("aground", "boat"), [FERRY]),
    (("ferry", "boat"), []),
    (("boat", "gestrandet"), []),
    (("ferr",), []),
    (("*", "%"), []),
    (("",), []),
    (('pilot\0 -boat* OR "x"\'',), []),
    (('"pilot" & (boat):*\0\'',), [FERRY]),
]

ARTICLES_WITH = [
    (("pilot",), ["/a"]),
    (("filler299", "AGROUND"), ["/a"]),
    (("vor", "lind"), ["/b"]),
    (("กรุงเทพ", "fair"), ["/d"]),
    (("pilot", "lind"), []),
    (("&",), []),
]


def test_each_field_narrows_events(library, events):
    assert [events(**fields) for fields, _ in EVENTS_OF] == [keys for _, keys in EVENTS_OF]


def test_each_field_narrows_articles(articles):
    assert [articles(**fields) for fields, _ in ARTICLES_OF] == [paths for _, paths in ARTICLES_OF]


def test_every_word_must_stand_in_an_event_or_in_one_of_its_articles(library, events):
    assert [events(words=words) for words, _ in EVENTS_WITH] == [keys for _, keys in EVENTS_WITH]


def test_articles_are_found_by_any_word_of_their_whole_text(articles):
    assert [articles(words=words) for words, _ in ARTICLES_WITH] == [paths for _, paths in ARTICLES_WITH]


def test_linking_goes_on_with_the_beginnings_of_articles(store, library):
    assert store.search_articles(["pilot"], limit=9) == []
    assert store.search_articles(["filler1"], limit=9) == [library["/a"]]


def test_what_is_searched_follows_the_current_version(store, make, library, articles, archived):
    document = store.document(f"https://{POST}/a")
    later = make.article(f"Aground {FILLER} tug", published_at=make.dated(make.NOW))
    fresh = make.capture(document, captured_at=make.at(days=1))
    archived(make.result(document, article=later, captures=(fresh,)), decide=make.decide)
    assert (articles(words=("pilot",)), articles(words=("tug",))) == ([], ["/a"])
    version = store.article(library["/a"]).versions[-1]
    rewritten = make.article(f"Aground {FILLER} crane", published_at=make.dated(make.NOW))
    assert store.reextract(version.id, rewritten, now=make.NOW)
    assert (articles(words=("tug",)), articles(words=("crane",))) == ([], ["/a"])


def test_links_that_a_person_rejected_or_nobody_confirmed_do_not_count(store, make, library, events):
    proposed = EventLink(event_key=QUIET, article_id=library["/a"], how=LinkHow.CONTENT, state=LinkState.PROPOSED)
    store.put_links(library["/a"], [proposed], now=make.NOW)
    assert events(words=("pilot",)) == [FERRY]
    decided = {"by": "Ada Quill", "because": "", "now": make.NOW}
    store.decide_link(QUIET, library["/a"], state=LinkState.CONFIRMED, **decided)
    assert events(words=("pilot",)) == [FERRY, QUIET]
    store.decide_link(FERRY, library["/a"], state=LinkState.REJECTED, **decided)
    assert events(words=("pilot",)) == [QUIET]
    assert events(agency="Lantern Wire") == [QUIET]


def test_what_is_marked_as_no_article_counts_for_nothing(store, make, library, events, articles):
    store.mark(library["/d"], by="Ada Quill", because="a list", now=make.NOW)
    assert (events(text=TextKind.NONE), events(language="en")) == ([FAIR, STORM, QUIET], [FERRY])
    assert (events(words=("opens",)), articles()) == ([], ["/a", "/b"])
    assert (events(marked=True), articles(marked=True)) == ([FAIR], ["/d"])
    assert (events(marked=True, language="de"), articles(marked=True, words=("opens",))) == ([], ["/d"])
    (shown,) = store.find_articles(LibraryQuery(marked=True), limit=9)
    assert shown.marked is True
    assert [one.article_id for one in store.new_articles(limit=9)] == [library["/b"], library["/a"]]
    (fair,) = store.find_events(LibraryQuery(event=FAIR), limit=1)
    assert (fair.sources, fair.articles) == (1, 0)
    assert [(one.articles, one.archived) for one in store.months()] == [(2, 0), (0, 0)]
    assert store.facets().languages == {"de": 1, "en": 1}


# -- lists -----------------------------------------------------------------------------------------------------------


def test_an_event_in_a_list_counts_its_sources_and_articles(store, library):
    ferry, fair, storm, quiet = store.find_events(LibraryQuery(), limit=9)
    assert (ferry.headline, ferry.event_date, ferry.sources, ferry.articles) == ("Ferry", date(2026, 3, 1), 2, 2)
    assert [(one.sources, one.articles) for one in (fair, storm, quiet)] == [(1, 1), (2, 0), (0, 0)]
    assert store.find_events(LibraryQuery(), limit=0) == []
    assert (store.count_events(LibraryQuery(), most=3), store.count_articles(LibraryQuery(), most=0)) == (3, 0)


def test_an_article_in_a_list_says_what_it_is(store, make, library):
    own, teaser, copy = store.find_articles(LibraryQuery(), limit=9)
    assert (own.article_id, own.canonical_url, own.host) == (library["/a"], f"https://{POST}/a", POST)
    assert (own.headline, own.day, own.language, own.agency) == ("Aground", date(2026, 3, 1), "en", "Lantern Wire")
    assert (own.access, own.archive, own.added_at, own.marked) == (Access.UNKNOWN, "", make.NOW, False)
    assert (teaser.access, copy.archive) == (Access.TEASER, "lantern")
    assert store.new_articles(limit=2) == [copy, teaser]
    assert store.new_articles(limit=0) == []


@pytest.mark.parametrize("newest_first", [False, True])
def test_lists_go_on_behind_any_place_whatever_comes_between(store, make, library, newest_first):
    every = store.find_events(LibraryQuery(), limit=9, newest_first=newest_first)
    seen, after = [], None
    while page := store.find_events(LibraryQuery(), after=after, newest_first=newest_first, limit=1):
        seen += page
        after = EventPlace(event_date=page[-1].event_date, key=page[-1].key)
        before = {"newest_first": not newest_first, "limit": 9}
        assert store.find_events(LibraryQuery(), after=after, **before) == every[: len(seen) - 1][::-1]
        if len(seen) == 2:  # one that comes before and one behind
            fresh = [make.entry(slug, date(2026, 3, 2), ()) for slug in ("aa", "zz")]
            store.put_events(fresh, match=make.no_match, now=make.NOW)
            every = store.find_events(LibraryQuery(), limit=9, newest_first=newest_first)
            every = [one for one in every if one in seen or one.key > after.key or one.event_date != after.event_date]
            break
    rest = store.find_events(LibraryQuery(), after=after, newest_first=newest_first, limit=9)
    assert [one.key for one in rest] == _behind(store, after, newest_first)
    assert not {one.key for one in rest} & {one.key for one in seen}


def _behind(store, after, newest_first):
    places = sorted((one.event_date, one.key) for one in store.find_events(LibraryQuery(), limit=99))
    place = (after.event_date, after.key)
    behind = [key for day, key in places if ((day, key) < place if newest_first else (day, key) > place)]
    return behind[::-1] if newest_first else behind


def test_lists_of_articles_go_on_behind_any_place(store, library):
    every = store.find_articles(LibraryQuery(), limit=9)
    for number, one in enumerate(every):
        assert store.find_articles(LibraryQuery(), after=one.place, limit=9) == every[number + 1 :]
        back = store.find_articles(LibraryQuery(), after=one.place, newest_first=True, limit=9)
        assert back == every[:number][::-1]
    outside = ArticlePlace(day=LAST, article_id=1)
    assert store.find_articles(LibraryQuery(), after=outside, limit=9) == []
    assert store.find_articles(LibraryQuery(), after=outside, newest_first=True, limit=1) == every[-1:]


def test_pages_of_many_events_follow_one_another_whatever_is_asked(store, make, monkeypatch):
    monkeypatch.setattr(paging, "_LOOKED_AT", 100)
    monkeypatch.setattr(paging, "_FEW", 5)
    entries = [
        make.entry(f"e{number:03}", date(2026, 1, 1 + number // 80), make.links(f"/{number}") if number % 3 else ())
        for number in range(700)
    ]
    entries = [replace(one, category="rare" if number > 690 else "often") for number, one in enumerate(entries)]
    store.put_events(entries, match=make.no_match, now=make.NOW)
    for word, expected in (("often", 691), ("rare", 9)):
        for newest_first in (False, True):
            seen, after = [], None
            query = LibraryQuery(words=(word,), text=TextKind.NONE)
            while page := store.find_events(query, after=after, newest_first=newest_first, limit=300):
                seen += [one.key for one in page]
                after = EventPlace(event_date=page[-1].event_date, key=page[-1].key)
            assert (len(seen), seen) == (expected, sorted(set(seen), reverse=newest_first))
        assert store.count_events(query) == expected
    assert len(store.find_events(LibraryQuery(publisher=POST), limit=999)) == 466


# -- views in batches ------------------------------------------------------------------------------------------------


def test_views_come_in_the_order_in_which_they_are_asked_for(store, library):
    keys = [STORM, "unknown", FERRY, STORM]
    assert store.event_views(keys) == [store.event(key) for key in (STORM, FERRY, STORM)]
    numbers = [library["/b"], 999, library["/a"], library["/b"]]
    assert store.article_views(numbers) == [store.article(one) for one in numbers if one != 999]
    assert (store.event_views([]), store.article_views([])) == ([], [])


def test_many_views_take_no_more_statements_than_one(database, make):
    with open_store(database) as store:
        entries = [make.entry(f"e{number}", sources=make.links(f"/{number}")) for number in range(60)]
        store.put_events(entries, match=make.no_match, now=make.NOW)
        results = [
            make.result(store.document(f"https://{POST}/{number}"), f"Told{number} twice") for number in range(60)
        ]
        numbers = [one.article_id for one in store.archive(results, decide=make.undecided, now=make.NOW)]
        statements = []
        sqlalchemy_event.listen(store._engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
        counts = []
        for many in (1, 60):
            statements.clear()
            assert len(store.event_views([one.key for one in entries[:many]])) == many
            counts.append(len(statements))
            statements.clear()
            assert len(store.article_views(numbers[:many])) == many
            counts.append(len(statements))
        assert counts[:2] == counts[2:]


# -- counts ----------------------------------------------------------------------------------------------------------


def test_months_and_days_count_what_there_is(store, library):
    march = MonthCount(year=2026, month=3, events=3, sources=5, articles=3, archived=1)
    april = MonthCount(year=2026, month=4, events=1, sources=0, articles=0, archived=0)
    assert store.months() == [march, april]
    assert store.days(FIRST, LAST) == {date(2026, 3, 1): 1, date(2026, 3, 2): 2, date(2026, 4, 1): 1}
    assert store.days(date(2026, 3, 2), date(2026, 3, 31)) == {date(2026, 3, 2): 2}


def test_facets_name_what_queries_can_ask_for(store, library):
    facets = store.facets()
    assert list(facets.publishers.items()) == [(POST, 2), (HERALD, 2)]
    assert facets.outcomes == {"fetched": 2, "gone": 1}
    assert list(facets.languages.items()) == [("en", 2), ("de", 1)]
    assert facets.agencies == {"Lantern Wire": 1}


def test_what_an_entry_no_longer_cites_counts_no_more(store, make, library, events):
    store.put_events([make.entry("storm", date(2026, 3, 2), ())], match=make.no_match, now=make.NOW)
    assert (events(publisher=POST), events(outcome=Outcome.GONE)) == ([FERRY], [])
    assert (store.months()[0].sources, store.facets().outcomes) == (3, {"fetched": 2})


def test_an_empty_library_answers(store):
    query = LibraryQuery(words=("ferry",))
    assert (store.find_events(query, limit=9), store.find_articles(query, limit=9)) == ([], [])
    assert (store.count_events(LibraryQuery()), store.count_articles(LibraryQuery())) == (0, 0)
    assert (store.new_articles(limit=9), store.months(), store.days(FIRST, LAST)) == ([], [], {})
    assert store.facets() == Facets()
