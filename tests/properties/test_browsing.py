"""Whatever stands in a library and whatever is asked of it, the in-memory twin finds what the database finds."""

import importlib.util
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from storage import open_store
from storage.sql import paging
from storage.types import Access, EventLink, EventPlace, LibraryQuery, LinkHow, LinkState, Outcome, TextKind

DAY = date(2026, 3, 1)
HOSTS = ("harbour-post.example", "lind-herald.example")
WORDS = ("ferry", "storm", "harbour", "北京大学", "Łódź", "pilot")
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
DOCUMENTS = st.integers(0, 5)
EVENTS = st.lists(
    st.tuples(TEXTS, st.integers(0, 2), st.lists(DOCUMENTS, max_size=3, unique=True)), min_size=1, max_size=6
)
ARTICLES = st.dictionaries(
    DOCUMENTS,
    st.fixed_dictionaries(
        {
            "text": TEXTS,
            "far": st.booleans(),
            "archived": st.booleans(),
            "day": st.integers(0, 2),
            "language": st.sampled_from(["", "en", "de"]),
            "agency": st.sampled_from(["", "Lantern Wire"]),
            "access": st.sampled_from([Access.FULL, Access.TEASER]),
        }
    ),
    max_size=5,
)
LINKS = st.lists(st.tuples(st.integers(0, 5), st.integers(1, 5), st.sampled_from(list(LinkState)[:4])), max_size=5)
MARKED = st.lists(st.integers(1, 5), max_size=2)
DAYS = st.none() | st.integers(0, 2).map(lambda days: DAY + timedelta(days=days))
QUERIES = st.builds(
    LibraryQuery,
    words=st.lists(st.sampled_from([*WORDS, "lodz", "大学", "&", "none"]), max_size=2).map(tuple),
    since=DAYS,
    until=DAYS,
    publisher=st.sampled_from(["", "", *HOSTS]),
    outcome=st.sampled_from([None, None, Outcome.FETCHED, Outcome.GONE]),
    text=st.sampled_from([None, None, *TextKind]),
    language=st.sampled_from(["", "", "en", "de"]),
    agency=st.sampled_from(["", "", "Lantern Wire"]),
    marked=st.booleans(),
)


@pytest.fixture(scope="module")
def make():
    path = Path(__file__).parents[1] / "contract" / "store_factories.py"
    spec = importlib.util.spec_from_file_location("store_factories_for_browsing", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def emptied(tmp_path_factory):
    """Opens a store on a file without rows, as often as it is called."""
    folder = tmp_path_factory.mktemp("browsing")
    pattern = folder / "pattern.db"
    open_store(f"sqlite:///{pattern}", upgrade=True).close()

    def opened():
        (folder / "library.db").write_bytes(pattern.read_bytes())
        return open_store(f"sqlite:///{folder / 'library.db'}")

    return opened


def fill(store, make, events, articles, links, marked):
    entries = []
    for number, (text, days, cited) in enumerate(events):
        sources = [make.link(place, f"/{one}", HOSTS[one % 2]) for place, one in enumerate(cited, start=1)]
        entries.append(make.entry(f"e{number}", DAY + timedelta(days=days), sources, headline=text))
    store.put_events(entries, match=make.no_match, now=make.NOW)
    results = [_result(store, make, number, told) for number, told in articles.items()]
    store.archive(results, decide=make.undecided, now=make.NOW)
    there = {one.id for one in store.articles()}
    for event, article, state in links:
        if event < len(entries) and article in there:
            _link(store, make, entries[event].key, article, state)
    for article in there & set(marked):
        store.mark(article, by="Ada Quill", because="", now=make.NOW)


def _result(store, make, number, told):
    url = f"https://{HOSTS[number % 2]}/{number}"
    document = store.ensure_document(make.identity(f"/{number}", HOSTS[number % 2]), now=make.NOW)
    assert document.canonical_url == url
    fields = {name: told[name] for name in ("language", "agency", "access")}
    at = make.dated(make.at(days=told["day"]))
    text = "beginning " * 200 + told["text"] if told["far"] else told["text"]
    article = make.article(text, headline="Told", published_at=at, **fields)
    if not told["text"].startswith("ferry"):
        build = make.from_archive if told["archived"] else make.result
        return build(document, article=article)
    return make.failure(document, Outcome.GONE)


def _link(store, make, key, article, state):
    if state in {LinkState.CONFIRMED, LinkState.REJECTED}:
        store.decide_link(key, article, state=state, by="Ada Quill", because="", now=make.NOW)
    else:
        link = EventLink(event_key=key, article_id=article, how=LinkHow.CONTENT, state=state, score=0.5)
        store.put_links(article, [link], now=make.NOW)


def found(store, query, newest_first):
    events = store.find_events(query, newest_first=newest_first, limit=9)
    after = EventPlace(event_date=DAY + timedelta(days=1), key="2026/03/2/e2")
    return (
        [one.key for one in events],
        [one.key for one in store.find_events(query, after=after, newest_first=newest_first, limit=1)],
        store.find_articles(query, newest_first=newest_first, limit=9),
        (store.count_events(query), store.count_articles(query)),
    )


@settings(
    max_examples=12,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(EVENTS, ARTICLES, LINKS, MARKED, st.lists(QUERIES, min_size=6, max_size=12), st.booleans())
def test_memory_and_database_find_the_same(  # noqa: PLR0913, PLR0917 -- what hypothesis draws
    monkeypatch, emptied, make, events, articles, links, marked, queries, look
):
    monkeypatch.setattr(paging, "_FEW", -1 if look else 500)
    monkeypatch.setattr(paging, "_LOOKED_AT", 2)
    with emptied() as database, open_store("memory:") as memory:
        for store in (database, memory):
            fill(store, make, events, articles, links, marked)
        for query in queries:
            assert found(database, query, look) == found(memory, query, look)
        assert (database.months(), database.facets()) == (memory.months(), memory.facets())
        assert database.new_articles(limit=9) == memory.new_articles(limit=9)
