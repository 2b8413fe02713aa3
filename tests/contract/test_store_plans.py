"""What must stay fast with ten million documents finds its rows by index and sorts nothing."""

from dataclasses import replace

import pytest
from sqlalchemy import event, text

from storage import open_store
from storage.types import (
    ArchiveAnswer,
    BackfillState,
    DocumentRole,
    FeedKind,
    HostState,
    LibraryQuery,
    PageKind,
    PageVerdict,
    Selection,
    WantedFeed,
)

TABLES = (
    "documents",
    "hosts",
    "attempts",
    "captures",
    "source_links",
    "events",
    "host_probes",
    "sightings",
    "backfills",
    "archive_searches",
    "archive_saves",
    "archive_answers",
    "held_records",
    "host_lines",
    "article_versions",
)
WHOLE = (*(f"SCAN {table}" for table in TABLES), *(f"Seq Scan on {table}" for table in TABLES))
SORTED = ("TEMP B-TREE", "Sort  (")
EXPLAINED = ("SELECT", "UPDATE", "WITH")
FRONTIER = ("SELECT hosts", "SELECT documents", "UPDATE hosts", "UPDATE documents")
LOOK = "SELECT version_num FROM alembic_version"
"""Every transaction that writes asks it of a table of one row."""
WALL = PageVerdict(kind=PageKind.CONSENT_WALL, score=0.9, page_digest="0a" * 32)


@pytest.fixture
def plans(database):
    """An open store, and the plans of the statements that it ran since."""
    found = {}
    with open_store(database) as store:

        def explain(connection, _cursor, statement, parameters, _context, many):
            if statement.startswith(EXPLAINED) and statement not in (*found, LOOK):
                explaining = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
                cursor = connection.connection.cursor()
                cursor.execute(f"{explaining} {statement}", parameters[0] if many else parameters)
                found[statement] = "\n".join(str(row) for row in cursor.fetchall())
                cursor.close()

        event.listen(store._engine, "before_cursor_execute", explain)
        yield store, found


def fill(store, make):
    for host in range(40):
        store.put_loose([make.loose(f"/{n}", f"h{host}.example") for n in range(50)], now=make.at(minutes=-host))


def slow(found, signs, beginnings=EXPLAINED):
    """Statements, with their plans, in which a sign of slowness is found."""
    return {
        statement: plan
        for statement, plan in found.items()
        if statement.startswith(beginnings) and any(sign in plan for sign in signs)
    }


@pytest.fixture
def shown(plans, database, made_once, make):
    """Four hundred documents of forty hosts that showed the same consent wall, and are cited by an event each.

    No two of their texts share a word: comparing them took a hundred times what storing them takes.
    """
    store, found = plans
    documents = made_once(database, lambda: show(store, make))
    found.clear()
    return documents


def show(store, make):
    fill(store, make)
    documents = store.lease(make.request(max_hosts=40, per_host=10))
    results = [make.result(one, f"story-{one.id}", attempt_fields={"page": WALL}) for one in documents]
    assert not any(one.error for one in store.archive(results, decide=make.decide, now=make.NOW))
    entries = [make.entry(f"e-{n}", sources=[make.link(1, f"/{n}", "h0.example")]) for n in range(40)]
    store.put_events(entries, match=make.no_match, now=make.NOW)
    return documents


def test_handing_out_work_uses_indexes(plans, make):
    store, found = plans
    fill(store, make)
    found.clear()
    assert len(store.lease(make.request(max_hosts=5, per_host=5))) == 25
    assert len(found) >= 4
    assert slow(found, (*WHOLE, *SORTED), FRONTIER) == {}


def test_handing_out_work_around_hosts_to_avoid_uses_indexes(plans, make):
    store, found = plans
    fill(store, make)
    store.pause_host("h39.example", now=make.NOW, reason="")
    avoid = frozenset(f"h{host}.example" for host in range(20, 39))
    found.clear()
    documents = store.lease(replace(make.request(max_hosts=5, per_host=5), avoid=avoid))
    assert {one.host for one in documents} == {f"h{host}.example" for host in range(15, 20)}
    assert len(found) >= 4
    assert slow(found, (*WHOLE, *SORTED), FRONTIER) == {}


def test_what_is_due_on_a_huge_host_is_read_by_turns_from_indexes(plans, make):
    store, found = plans
    store.put_loose([make.loose(f"/{n}", "huge.example") for n in range(20_000)], now=make.NOW)
    with store._engine.begin() as connection:
        connection.execute(text("UPDATE documents SET last_outcome = 'fetched'"))
        latest = "id > (SELECT max(id) FROM documents) - {}"
        connection.execute(
            text(f"UPDATE documents SET last_outcome = 'timeout', failures = 1 WHERE {latest.format(10)}")  # noqa: S608
        )
        connection.execute(text(f"UPDATE documents SET last_outcome = NULL, failures = 0 WHERE {latest.format(5)}"))  # noqa: S608
    found.clear()
    request = replace(make.request(max_hosts=1, per_host=20), per_day=5000)
    given = store.lease(request)
    assert [one.last_outcome for one in given] == [None] * 5 + ["timeout"] * 5 + ["fetched"] * 10
    assert slow(found, (*WHOLE, *SORTED), FRONTIER) == {}
    read = "".join(plan for statement, plan in found.items() if statement.startswith("SELECT documents"))
    assert "ix_documents_untried" in read
    assert "ix_documents_failed" in read


def test_archiving_uses_indexes(plans, make):
    store, found = plans
    fill(store, make)
    documents = store.lease(make.request(max_hosts=5, per_host=5))
    found.clear()
    states = tuple(HostState(name=one.host) for one in documents)
    results = [make.result(one, f"story {one.id}", hosts=states) for one in documents]
    store.archive(results, decide=make.decide, now=make.NOW)
    assert found
    assert slow(found, SORTED, FRONTIER) == {}
    assert slow(found, WHOLE) == {}


def test_host_memory_is_asked_and_written_by_its_key(plans, shown, make):
    store, found = plans
    lines = tuple(range(30))
    results = [make.result(one, article=make.article(f"more {one.id}", edge_lines=lines)) for one in shown[:20]]
    assert not any(one.error for one in store.archive(results, decide=make.undecided, now=make.NOW))
    assert store.familiar_lines(shown[0].host, lines, document_id=shown[0].id)[0] == 4
    versions = [version for version, _ in store.own_versions(shown[0].id, limit=5)]
    assert [version.number for version in versions] == [2, 1]
    store.reextract(versions[0].id, make.article("better", edge_lines=(5, 900)), now=make.NOW)
    (known,) = (plan for statement, plan in found.items() if "host_lines" in statement)
    assert any(sign in known for sign in ("host_id=? AND line=?", "(line = wanted.line)"))
    assert slow(found, WHOLE) == {}


def test_the_health_of_rules_is_counted_over_the_versions_that_have_one(plans, shown, make):
    store, found = plans
    list(store.rule_health())
    (plan,) = found.values()
    assert "ix_article_versions_rule_missed" in plan or "Seq Scan on article_versions" in plan  # a young PostgreSQL


def test_archiving_a_replay_uses_indexes(plans, shown, make):
    store, found = plans
    page = store.history(shown[0].canonical_url).captures[-1]
    found.clear()
    later = {"started_at": make.at(hours=1), "finished_at": make.at(hours=1)}
    again = make.result(shown[0], "story again", captures=(), replayed=page.id, attempt_fields=later)
    (answer,) = store.archive([again], decide=make.decide, now=make.NOW)
    assert not answer.error
    assert slow(found, WHOLE) == {}


def test_claiming_a_host_uses_indexes(plans, make):
    store, found = plans
    fill(store, make)
    found.clear()
    assert store.claim_host("h7.example", token="run-1", now=make.NOW, until=make.at(minutes=5)).granted
    assert len(found) >= 2
    assert slow(found, (*WHOLE, *SORTED)) == {}


def test_states_and_probes_are_read_by_index(plans, shown):
    store, found = plans
    assert len(store.host_states({one.host for one in shown})) == 40
    assert store.probes({one.host for one in shown}) == {}
    assert len(found) == 2
    assert slow(found, (*WHOLE, *SORTED)) == {}


def test_repeats_are_counted_on_one_narrow_index(plans, shown):
    store, found = plans
    assert store.repeats("h39.example", WALL.page_digest, document_id=shown[0].id) >= 9
    assert len(found) == 2
    assert slow(found, (*WHOLE, *SORTED)) == {}
    assert [plan for plan in found.values() if "ix_attempts_page_key_document_id" in plan]


def test_citations_are_found_by_their_documents(plans, shown):
    store, found = plans
    assert len(store.citations([one.id for one in shown if one.host == "h0.example"])) == 10
    assert len(found) == 1
    assert slow(found, WHOLE) == {}


def test_replayable_pages_are_found_by_their_documents(plans, shown):
    store, found = plans
    assert len(list(store.replayable(Selection()))) == 400
    assert len(found) >= 4
    assert slow(found, SORTED, ("SELECT documents", "SELECT captures")) == {}
    walks = [sign for sign in WHOLE if not sign.endswith(" documents")]
    assert slow(found, [*walks, "Hash", "Backward"]) == {}


# -- archives --------------------------------------------------------------------------------------------------------


@pytest.fixture
def wanted(plans, make):
    """Two thousand documents that are wanted from archives."""
    store, found = plans
    fill(store, make)
    assert len(store.lease_backfills(make.backfill("queue", limit=5000, due_only=False))) == 2000
    assert store.release("queue", not_before={}) == 2000
    found.clear()


def test_handing_out_backfills_uses_indexes_and_sorts_nothing(plans, wanted, make):
    store, found = plans
    tasks = store.lease_backfills(make.backfill(limit=20))
    assert len(tasks) == 20
    own = {statement: plan for statement, plan in found.items() if "backfills" in statement}
    assert slow(own, (*WHOLE, *SORTED)) == {}
    assert slow(found, WHOLE) == {}
    assert [plan for plan in own.values() if "ix_backfills_next_at_document_id" in plan]


def test_ending_renewing_and_giving_back_backfills_uses_indexes(plans, wanted, make):
    store, found = plans
    (task, *_) = store.lease_backfills(make.backfill(limit=20))
    found.clear()
    store.end_backfill(task.document.id, token="run-1", state=BackfillState.MISSING, next_at=None, now=make.NOW)
    assert store.renew("run-1", until=make.at(hours=1)) == 19
    assert store.release("run-1", not_before={}) == 19
    written = {statement: plan for statement, plan in found.items() if statement.startswith("UPDATE backfills")}
    assert len(written) == 3
    assert slow(written, (*WHOLE, *SORTED)) == {}


def test_searches_and_answers_are_found_by_index(plans, wanted, make):
    store, found = plans
    (task, *_) = store.lease_backfills(make.backfill(limit=1))
    question = "http://lantern.example/cdx"
    found.clear()
    store.put_search(make.search(task.document))
    assert store.searches([task.document.id])
    store.put_answer(
        ArchiveAnswer(
            archive="lantern",
            question=question,
            answered_at=make.NOW,
            good_until=make.NOW,
            status=200,
            headers=(),
            body=b"",
        )
    )
    assert store.answer("lantern", question, now=make.NOW)
    assert len(found) >= 4
    assert slow(found, WHOLE) == {}


def test_held_records_are_found_by_their_key_in_order(plans, make):
    store, found = plans
    for number in range(20):
        path = f"/held/{number}"
        records = [make.held_record(path, f"example,h{key})/", days=-number) for key in range(50)]
        store.put_held_file(make.held_file(path), records)
    found.clear()
    assert len(store.held_records("example,h7)/", since=make.at(days=-10))) == 11
    assert len(found) == 1
    assert slow(found, (*WHOLE, *SORTED)) == {}


def test_a_turn_at_an_archive_uses_indexes(plans, make):
    store, found = plans
    fill(store, make)
    found.clear()
    store.change_host("h7.example", lambda state: replace(state, booked={"index": make.NOW}))
    assert len(found) == 2
    assert slow(found, (*WHOLE, *SORTED)) == {}


def test_public_copies_are_found_by_their_documents(plans, shown):
    store, found = plans
    assert store.archive_links([one.id for one in shown]) == {}
    assert len(found) == 3
    assert slow(found, WHOLE) == {}


# -- stories ---------------------------------------------------------------------------------------------------------

TOLD = ("key_index", "i", "signal_keys", "relations", "cluster_members", "clusters", "articles", "article_texts")
STORIES = (*WHOLE, *(f"'SCAN {table}" for table in TOLD), *(f"Seq Scan on {table} " for table in TOLD))
TALE = "ferry aground off Lind harbour"


def tell(store, make, documents, texts):
    """Store a text with many keys for each document; copies become relations and stories."""
    articles = [make.article(text, keys={"words": make.many_keys_of(text)}) for text in texts]
    results = [make.result(one, article=article) for one, article in zip(documents, articles, strict=True)]
    answers = store.archive(results, decide=make.contained, now=make.NOW)
    assert not any(one.error for one in answers)
    return [one.article_id for one in answers]


@pytest.fixture
def told(plans, make):
    """A hundred articles with keys, of which four tell one story, and one more document."""
    store, found = plans
    store.put_loose([make.loose(f"/{n}") for n in range(101)], now=make.NOW)
    *documents, fresh = store.lease(make.request(max_hosts=1, per_host=101))
    texts = [f"{TALE} {one.id}" if n % 25 == 0 else f"a{one.id} b{one.id}" for n, one in enumerate(documents)]
    articles = tell(store, make, documents, texts)
    found.clear()
    return fresh, articles


def test_stories_are_told_and_told_again_by_index(plans, told, make):
    store, found = plans
    fresh, articles = told
    (article,) = tell(store, make, [fresh], [f"{TALE} again"])
    assert len(store.relations(article)) == 4
    by_keys = [plan for statement, plan in found.items() if "key_index" in statement]
    assert len(by_keys) == 2
    narrow = ("USING PRIMARY KEY (key=? AND day", "Index Only Scan using pk_key_index")
    assert all(any(sign in plan for sign in narrow) for plan in by_keys)
    for table in TOLD[2:6]:
        assert [statement for statement in found if table in statement]
    assert slow(found, STORIES) == {}

    found.clear()
    store.compare_later([*articles[:3], article])
    waiting = store.waiting_for_comparison(limit=9)
    assert waiting == [*articles[:3], article]
    assert [plan for statement, plan in found.items() if "ix_articles_compare_pending" in plan and "LIMIT" in statement]
    store.compare_again(waiting, decide=make.contained, fingerprint=make.as_stored, now=make.NOW)
    of_all = [statement for statement in found if statement.startswith("SELECT count(*)")]
    assert slow({one: plan for one, plan in found.items() if one not in of_all}, STORIES) == {}


def test_due_feeds_are_found_by_index(plans, make):
    store, found = plans
    fill(store, make)
    wanted = [WantedFeed(identity=make.identity("/feed", f"h{n}.example"), kind=FeedKind.FEED) for n in range(10)]
    assert store.put_feeds(wanted, now=make.NOW) == 10
    found.clear()
    assert len(store.lease(make.request(max_hosts=5, per_host=5, role=DocumentRole.FEED))) == 5
    assert len(found) >= 4
    assert slow(found, WHOLE) == {}


def test_no_search_goes_by_a_plan_for_all_words(postgres_url):
    with open_store(postgres_url) as store:
        for number in range(15):
            store.find_articles(LibraryQuery(words=(f"word{number}",)), limit=5)
            store.find_events(LibraryQuery(words=(f"word{number}",)), limit=5)
        with store._engine.connect() as connection:  # the one that searched: there is no other yet
            asked = "SELECT count(*), sum(generic_plans) FROM pg_prepared_statements WHERE statement LIKE '%TSQUERY%'"
            prepared, generic = connection.execute(text(asked)).one()
    assert prepared > 0
    assert generic == 0
