"""Opening, upgrading and checking databases; the migrations against the models and against data."""

import hashlib
import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, create_engine, inspect, make_url, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.pool import NullPool

from storage import open_store, schema
from storage.errors import LibraryError, SchemaMismatch
from storage.searching import article_text, rest_of
from storage.sql import schema as migrations
from storage.sql.engine import make_engine, writing
from storage.sql.models import Base
from storage.sql.models.revision import HEAD
from storage.sql.opening import database_url
from storage.sql.store import SqlStore
from storage.stock import indexed
from storage.types import (
    Access,
    AlertKind,
    Article,
    BackfillState,
    BodyChoice,
    BodyTrial,
    CaptureKind,
    Clue,
    Contributor,
    ContributorKind,
    Cut,
    DatedTime,
    DatePrecision,
    DigestCheck,
    DocumentRole,
    EntryChange,
    FetchResult,
    Host,
    HostState,
    LibraryQuery,
    LinkHow,
    LinkState,
    LiveEntry,
    MediaItem,
    Medium,
    OrderKind,
    OrderState,
    Outcome,
    PageKind,
    PageVerdict,
    RelationKind,
    RobotsDecision,
    RunState,
    SavingState,
    SearchState,
    Selection,
    Verdict,
    VerdictKind,
)

ROWS = Path(__file__).parent / "rows"
REVISIONS = tuple(reversed(migrations.known_revisions()))
NOW = datetime(2026, 3, 1, tzinfo=UTC)
# What the databases write differently: digests of https://harbour-post.example/a, http://lantern.example/cdx,
# /held/a.warc.gz and example,harbour-post)/a; "one copy", compressed; the edge line 7; the digest of the first once
# more, those of https://lind-herald.example/b and https://harbour-post.example/feed.
BINARY = {
    "url_digest": bytes.fromhex("67d36044c16ca758d195ac97eada9720"),
    "question_digest": bytes.fromhex("4ae705c53e2b2253775f3b524551d0a8"),
    "path_digest": bytes.fromhex("b3deb69c3205ffa1d023282f2aad81f4"),
    "key_digest": bytes.fromhex("214c7861d983e20f3ad98113c6f15c4d"),
    "body": bytes.fromhex("789ccbcf4b5548ce2fa804000db2031e"),
    "edge_lines": (7).to_bytes(8, "little"),
    "first_url": bytes.fromhex("67d36044c16ca758d195ac97eada9720"),
    "second_url": bytes.fromhex("d23a3e690867e970e5456185700dc630"),
    "feed_url": bytes.fromhex("7bfde06ae74ea49193a862903f557b7c"),
}
REPLACED = {"article_keys": "key_index", "crawl_runs": "runs"}


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request, tmp_path):
    """The address of a database without a schema."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'library.db'}"
    return request.getfixturevalue("empty_postgres_url")


@pytest.fixture
def execute():
    def run(url, script):
        engine = create_engine(url, poolclass=NullPool)
        with engine.begin() as connection:
            for statement in filter(None, map(str.strip, script.split(";\n"))):
                given = {name: value for name, value in BINARY.items() if f":{name}" in statement}
                connection.execute(text(statement), given)

    return run


# -- opening ---------------------------------------------------------------------------------------------------------


def test_without_a_schema_opening_is_refused_and_creates_nothing(empty, tmp_path):
    with pytest.raises(SchemaMismatch, match="dateline db upgrade"):
        open_store(empty)
    assert list(tmp_path.iterdir()) == []


def test_upgrading_makes_the_schema_and_is_idempotent(empty):
    with open_store(empty, upgrade=True) as store:
        assert store.info().revision == HEAD
    schema.upgrade(empty)
    assert schema.check(empty) == []
    with open_store(empty) as store:
        assert set(store.info().rows) == set(Base.metadata.tables)


def test_a_newer_schema_is_refused_even_with_upgrade(empty, execute):
    schema.upgrade(empty)
    execute(empty, "UPDATE alembic_version SET version_num = '9999';\nUPDATE compatibility SET oldest = '9999'")
    for upgrade in (False, True):
        with pytest.raises(SchemaMismatch, match="newer dateline"):
            open_store(empty, upgrade=upgrade)
    assert schema.info(empty).revision == "9999"


def test_info_works_without_a_schema(empty_postgres_url):
    info = schema.info(empty_postgres_url)
    assert (info.backend, info.revision, info.head, info.rows) == ("postgresql", "", HEAD, {})
    assert schema.check(empty_postgres_url) == ["the database has no schema yet"]


def test_a_password_is_not_shown():
    assert "secret" not in repr(database_url("postgresql://someone:secret@127.0.0.1/x"))
    with SqlStore(database_url("postgresql://someone:secret@127.0.0.1/x")) as store:
        assert "secret" not in repr(vars(store))


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("mysql://root@127.0.0.1/x", "mysql"),
        ("no address", "not the address"),
        ("sqlite://", "memory:"),
        ("sqlite:////no/such/folder/library.db", "no folder"),
    ],
)
def test_an_address_that_cannot_be_used_is_explained(url, problem):
    with pytest.raises(LibraryError, match=problem):
        open_store(url, upgrade=True)


@pytest.mark.parametrize("ask", [schema.check, schema.info])
def test_a_missing_file_is_not_created_by_asking(tmp_path, ask):
    with pytest.raises(LibraryError, match="dateline init"):
        ask(f"sqlite:///{tmp_path / 'none.db'}")
    assert list(tmp_path.iterdir()) == []


def test_the_vocabulary_loads_without_sqlalchemy():
    probe = "import sys, storage, storage.types; sys.exit('sqlalchemy' in sys.modules)"
    root = Path(__file__).parent.parent.parent
    assert subprocess.run([sys.executable, "-c", probe], cwd=root, check=False).returncode == 0


# -- checking --------------------------------------------------------------------------------------------------------


LATE_HOST = """
INSERT INTO hosts (id, name, due_at) VALUES (7, 'a.example', NULL);
INSERT INTO documents (id, url_digest, canonical_url, request_url, url_key, host_id, added_at, attempts, failures,
                       next_fetch_at, etag, last_modified)
VALUES (1, :url_digest, '', '', '', 7, '2026-03-01 00:00:00', 0, 0, '2026-03-01 00:00:00', '', '')
"""


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        ("ALTER TABLE hosts ADD COLUMN colour TEXT", "colour"),
        ("DROP INDEX ix_hosts_due_at_id", "ix_hosts_due_at_id"),
        (LATE_HOST, "a.example"),
    ],
)
def test_check_finds_what_is_wrong(empty, execute, damage, complaint):
    schema.upgrade(empty)
    execute(empty, damage)
    assert any(complaint in sentence for sentence in schema.check(empty))


def test_check_finds_dangling_rows(sqlite_url, execute):
    execute(sqlite_url, "INSERT INTO cluster_members (article_id, cluster_id, score) VALUES (5, 6, 1.0)")
    assert len(schema.check(sqlite_url)) == 2


# -- migrations ------------------------------------------------------------------------------------------------------


def test_the_constant_names_the_newest_migration():
    heads = ScriptDirectory.from_config(migrations.configuration()).get_heads()
    assert heads == [HEAD]


@pytest.mark.parametrize("revision", REVISIONS)
def test_rows_of_every_older_schema_survive_the_upgrade(empty, execute, revision):
    migrations.upgrade(make_url(empty), to=revision)
    execute(empty, (ROWS / f"{revision}.sql").read_text(encoding="utf-8"))
    before = counts(empty)
    assert all(before.values()), f"rows/{revision}.sql leaves tables empty: {before}"
    schema.upgrade(empty)
    after = counts(empty)
    assert {name: after[REPLACED.get(name, name)] for name in before} == before
    assert REPLACED.keys().isdisjoint(after)
    assert schema.check(empty) == []


def counts(url):
    """Rows of each table, but of those with which SQLite keeps its indexes over words."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        found = inspect(connection).get_table_names()
        names = [name for name in found if name != "alembic_version" and not name.startswith("fts_")]
        return {name: connection.scalar(text(f'SELECT count(*) FROM "{name}"')) for name in names}  # noqa: S608 -- our tables


@pytest.mark.parametrize("revision", REVISIONS)
def test_an_upgraded_library_reads_as_before(empty, execute, revision):
    migrations.upgrade(make_url(empty), to=revision)
    execute(empty, (ROWS / f"{revision}.sql").read_text(encoding="utf-8"))
    with open_store(empty, upgrade=True) as store:
        view = store.event("2006/07/5/ferry-runs-aground")
        assert view.entry.headline == "Ferry runs aground"
        assert [one.headline for one in view.sources] == ["Ferry aground"]
        article = next(store.articles())
        assert article.versions[0].article.body == "Twelve people were brought ashore."
        assert article.events == tuple(link for link in view.links if link.article_id == article.id)
        kinds = [one.kind for one in store.history(article.document.canonical_url).captures]
        assert kinds.count(CaptureKind.LIVE) == 1
        assert len(list(store.due(Selection(), now=NOW))) == 1


HOSTS_BEFORE_0002 = """
INSERT INTO hosts (id, name, due_at, not_before) VALUES (2, 'lind-herald.example', NULL, '2026-02-01 00:00:00.000000');
INSERT INTO hosts (id, name, due_at, lease_token, lease_until)
VALUES (3, 'held.example', NULL, 'run-1', '2026-02-01 00:00:00.000000')
"""


def test_hosts_attempts_and_captures_of_0001_get_what_0002_keeps(empty, execute):
    migrations.upgrade(make_url(empty), to="0001")
    execute(empty, (ROWS / "0001.sql").read_text(encoding="utf-8") + ";\n" + HOSTS_BEFORE_0002)
    if make_url(empty).get_backend_name() == "postgresql":  # rows with given ids do not move its sequences on
        execute(empty, ";\n".join(f"SELECT setval('{table}_id_seq', 100)" for table in ("hosts", "attempts")))
    with open_store(empty, upgrade=True) as store:
        rested = datetime(2026, 2, 1, tzinfo=UTC)
        assert store.host_states(["harbour-post.example", "lind-herald.example"]) == {
            "harbour-post.example": HostState(name="harbour-post.example"),
            "lind-herald.example": HostState(name="lind-herald.example", not_before=rested, rest_reason="interval"),
        }
        held = Host(state=HostState(name="held.example"), lease_token="run-1", lease_until=rested)
        assert store.host("held.example", now=NOW) == held
        history = store.history("https://harbour-post.example/a")
        (attempt,), (capture,) = history.attempts, history.captures
        assert (attempt.page, attempt.robots, attempt.reservations, capture.tls) == (None, None, (), "")
        ((_, replayable, page),) = store.replayable(Selection())
        assert (replayable, page) == (attempt, capture)
        times = {"started_at": NOW, "finished_at": NOW}
        judged = replace(
            attempt, key="k2", **times, page=PageVerdict(kind=PageKind.TEASER, score=0.5, page_digest="d1")
        )
        replay = FetchResult(attempt=judged, replayed=capture.id, hosts=(HostState(name="new.example", failures=1),))
        (answer,) = store.archive([replay], decide=lambda *_: Verdict(kind=VerdictKind.NEW), now=NOW)
        assert not answer.error
        assert store.history("https://harbour-post.example/a").attempts[1].page == judged.page
    assert schema.check(empty) == []


def test_what_0002_keeps_is_read_from_its_rows(empty, execute):
    migrations.upgrade(make_url(empty), to="0002")
    execute(empty, (ROWS / "0002.sql").read_text(encoding="utf-8"))
    with open_store(empty, upgrade=True) as store:
        (host,) = store.hosts(now=NOW)
        assert (host.state.rest_reason, host.state.crawl_delay_s) == ("429, Retry-After 600 s", 7.5)
        assert (host.state.cool_down_s, host.state.failures) == (600.0, 2)
        assert host.state.last_outcome is Outcome.RATE_LIMITED
        assert host.probe.fingerprint == (-7, 9)
        history = store.history("https://harbour-post.example/a")
        clue = Clue(name="one long text", kind=PageKind.ARTICLE, weight=2.0, detail="34 characters")
        verdict = PageVerdict(kind=PageKind.ARTICLE, score=0.9, clues=(clue,), page_digest="d1")
        assert history.attempts[0].page == verdict
        assert history.attempts[0].robots == RobotsDecision(allowed=True, rule="no rule applies", status=200)
        assert (history.attempts[0].reservations, history.captures[0].tls) == (("noarchive",), "verified")


RAW = "# Ferry runs  aground\0\n"


def test_entries_attempts_and_captures_of_0002_get_what_0003_keeps(empty, execute):
    migrations.upgrade(make_url(empty), to="0002")
    execute(empty, (ROWS / "0002.sql").read_text(encoding="utf-8"))
    with open_store(empty, upgrade=True) as store:
        entry = store.event("2006/07/5/ferry-runs-aground").entry
        execute(empty, f"UPDATE event_keys SET digest = '{entry.content_digest()}'")  # noqa: S608 -- our digest
        assert entry.raw == ""
        (answer,) = store.put_events([replace(entry, raw=RAW)], match=lambda *_: None, now=NOW)
        view = store.event("2006/07/5/ferry-runs-aground")
        assert (answer.change, view.entry.raw, view.revision) == (EntryChange.UNCHANGED, RAW, 1)
        history = store.history("https://harbour-post.example/a")
        assert (history.attempts[0].archive, history.attempts[0].coverage) == ("", None)
        assert (history.captures[0].memento, history.backfill, history.searches) == (None, None, ())
        assert history.saves == ()
        assert store.host_states(["harbour-post.example"])["harbour-post.example"].booked == {}
        turn = store.change_host("harbour-post.example", lambda state: replace(state, booked={"index": NOW}))
        assert store.host_states(["harbour-post.example"]) == {"harbour-post.example": turn}
    assert schema.check(empty) == []


def test_what_0003_keeps_is_read_from_its_rows(empty, execute):
    migrations.upgrade(make_url(empty), to="0003")
    execute(empty, (ROWS / "0003.sql").read_text(encoding="utf-8"))
    asked_at = datetime(2026, 1, 3, 10, tzinfo=UTC)
    with open_store(empty, upgrade=True) as store:
        assert store.event("2006/07/5/ferry-runs-aground").entry.raw == "# Ferry runs  aground"
        (host,) = store.hosts(now=NOW)
        assert host.state.booked == {"index": datetime(2026, 1, 2, 10, 0, 1, 500_000, tzinfo=UTC)}
        history = store.history("https://harbour-post.example/a")
        coverage = history.attempts[1].coverage
        assert (history.attempts[1].archive, coverage.accepted, coverage.found) == ("lantern", True, ("ferry",))
        assert history.captures[1].memento.digest_check is DigestCheck.MATCHES
        assert history.captures[1].page_url == "http://harbour-post.example/a"
        assert (history.backfill.state, history.backfill.ended_at) == (BackfillState.WAITING, asked_at)
        (search,) = history.searches
        assert (search.state, search.candidates) == (SearchState.FOUND, 3)
        assert search.tried == ("20060705000000 http://harbour-post.example/a",)
        (save,) = history.saves
        assert (save.archive, save.state, save.asked_at, save.job) == ("attic", SavingState.SAVED, asked_at, "spn2-1")
        assert (save.next_at, save.captured_at) == (None, asked_at + timedelta(minutes=1))
        kept = store.answer("lantern", "http://lantern.example/cdx", now=asked_at)
        assert (kept.body, kept.headers) == (b"one copy", (("Content-Type", "text/plain"),))
        (file,) = store.held_files()
        assert (file.path, file.wanted_only, file.problems) == ("/held/a.warc.gz", False, ("clipped at 700",))
        (record,) = store.held_records("example,harbour-post)/a")
        assert (record.path, record.offset, record.length, record.revisit) == ("/held/a.warc.gz", 10, 690, False)
        (link,) = store.archive_links([history.document.id]).values()
        assert (link.archive, link.captured_at.year, link.verified) == ("lantern", 2006, True)
        ((_, attempt, _),) = store.replayable(Selection())
        assert attempt.key == "k1"
        assert store.reclaim(["run-1"], not_before=NOW) == 1


PLAIN = Article(
    headline="Ferry aground",
    body="Twelve people were brought ashore.",
    language="en",
    access=Access.FULL,
    extractor="generic",
    extractor_version="1",
    text_digest="t1",
)
TOLD = replace(
    PLAIN,
    lead_image_caption="The ferry on the bar",
    lead_image_credit="Ada Quill",
    standfirst="All twelve are safe",
    section="Coast",
    medium=Medium.LIVE_BLOG,
    keywords=("ferry", "coast"),
    contributors=(
        Contributor(name="Mara Lind", role="harbour correspondent"),
        Contributor(name="AP", kind=ContributorKind.AGENCY),
    ),
    corrections=("An earlier version named the wrong ferry.",),
    entries=(
        LiveEntry(
            body="Aground at noon.",
            headline="First report",
            posted_at=DatedTime(
                value=datetime(2026, 1, 2, 12, tzinfo=UTC), precision=DatePrecision.MINUTE, evidence="time", raw="12:00"
            ),
            clock="12:00",
        ),
    ),
    media=(
        MediaItem(
            medium=Medium.VIDEO,
            name="The rescue",
            description="From the air",
            url="http://harbour-post.example/v",
            seconds=61,
        ),
    ),
    confidence={"headline": 0.97},
    choice=BodyChoice(
        winner="precision",
        why="agrees",
        trials=(BodyTrial(name="precision", words=5, score=0.9, note="5 words"),),
        cuts=(Cut(text="Subscribe", reason="newsletter", place="bottom"),),
        rule="harbour-2026",
        missed=("harbour-2026: byline", "harbour-2026: section"),
    ),
)


def test_articles_of_0003_say_nothing_of_what_0004_keeps_and_can_learn_it(empty, execute):
    migrations.upgrade(make_url(empty), to="0003")
    execute(empty, (ROWS / "0003.sql").read_text(encoding="utf-8") + ";\nDELETE FROM signal_keys")
    with open_store(empty, upgrade=True) as store:
        ((version, _, document),) = store.versions()
        assert version.article == PLAIN
        assert (document.role, next(store.articles()).lead_image) == (DocumentRole.SOURCE, None)
        assert store.status(now=NOW).lead_images == {}
        assert list(store.rule_health()) == []
        changed = store.reextract(version.id, replace(TOLD, edge_lines=(7, -9)), now=NOW)
        assert set(changed) == {
            *("lead_image_caption", "lead_image_credit", "standfirst", "section", "medium", "keywords", "contributors"),
            *("corrections", "entries", "media", "confidence", "choice"),
        }
        assert next(store.versions())[0].article == TOLD
        assert store.familiar_lines(document.host, [7, -9, 8], document_id=document.id + 1) == {-9: 1, 7: 1}
    assert schema.check(empty) == []


def test_what_0004_keeps_is_read_from_its_rows(empty, execute):
    migrations.upgrade(make_url(empty), to="0004")
    execute(empty, (ROWS / "0004.sql").read_text(encoding="utf-8"))
    with open_store(empty, upgrade=True) as store:
        ((version, _, document),) = store.versions()
        assert version.article == TOLD
        assert store.familiar_lines(document.host, [7], document_id=2) == {7: 1}
        captured_at = datetime(2026, 1, 2, 10, tzinfo=UTC)
        assert [(one.rule, one.missed, one.versions, one.latest) for one in store.rule_health()] == [
            ("harbour-2026", "", 1, captured_at),
            ("", "harbour-2026: byline", 1, captured_at),
            ("", "harbour-2026: section", 1, captured_at),
        ]
        (article,) = store.articles()
        image = article.lead_image
        assert (image.url, image.document.id) == ("http://harbour-post.example/ferry.jpg", document.id)
        assert (image.facts.width, image.facts.height, image.facts.media_type) == (640, 480, "image/jpeg")
        assert (image.facts.perceptual_hash, image.capture.id) == (-81985529216486896, 1)
        (staged,) = store.reextractions("2")
        assert (staged.seen_at, staged.weighed, staged.lost, staged.article) == (captured_at, True, True, None)
        assert (staged.url, staged.problem) == ("https://harbour-post.example/a", "no_article: 3 words")


TOLD_OF_OLD = {
    "entities": ["Łódź\udcff", "ＬÓＤＺ", "lind", "Lind", " "],
    "headline": "Café 北京大学 हिन्दी\0 A/B_tests 1e5 & 'x'",
    "topics": ["Straße"],
    "category": "Coast",
}
OLD_KEYS = (7, -7, 8, -8, 1 << 40, -(1 << 63), (1 << 63) - 1, *(3**n for n in range(30)))


def tell_of_old(url):
    """Give the one event, article and version of 0004 what is hard to read; the article is of the year 1965."""
    salt = int.from_bytes(hashlib.blake2b(b"grams", digest_size=8).digest(), "little", signed=True)
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        (entry,) = connection.scalars(text("SELECT entry FROM event_revisions").columns(entry=JSON()))
        changed = {"entry": json.dumps({**entry, **TOLD_OF_OLD}, separators=(",", ":"))}
        connection.execute(text("UPDATE event_revisions SET entry = :entry"), changed)
        connection.execute(
            text("UPDATE article_versions SET reported_at = :at, headline = :headline, body = :body"),
            {"at": "1965-05-03 23:30:00.000000", "headline": "İzmir ガソリン", "body": "กรุงเทพ " * 400 + "hidden"},
        )
        connection.execute(text("DELETE FROM article_keys"))
        keys = [{"key": key ^ salt} for key in OLD_KEYS]
        connection.execute(text("INSERT INTO article_keys (key, version_id) VALUES (:key, 1)"), keys)
    engine.dispose()


def rows_of(url, statement):
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def test_0005_fills_what_is_searched_as_the_program_does(empty, execute):
    migrations.upgrade(make_url(empty), to="0004")
    execute(empty, (ROWS / "0004.sql").read_text(encoding="utf-8"))
    tell_of_old(empty)
    if make_url(empty).get_backend_name() == "postgresql":
        execute(empty, f"ALTER DATABASE {make_url(empty).database} SET timezone TO 'Asia/Tokyo'")
        execute(empty, "SELECT setval('event_revisions_id_seq', 100)")
    schema.upgrade(empty)
    assert schema.check(empty) == []
    day = (date(1965, 5, 3) - date(1970, 1, 1)).days
    index = rows_of(empty, "SELECT key, day, version_id FROM key_index ORDER BY key")
    assert index == [(key, day, 1) for key in sorted(indexed({"grams": OLD_KEYS}))]
    texts = "SELECT 'event', event_id, day, text FROM event_texts UNION ALL SELECT 'entity', event_id, 0, entity"
    texts += " FROM event_entities UNION ALL SELECT 'article', article_id, day, text FROM article_texts ORDER BY 1, 4"
    migrated = rows_of(empty, texts)
    with open_store(empty) as store:
        entry = store.event("2006/07/5/ferry-runs-aground").entry
        ((version, _, _),) = store.versions()
        assert [one.key for one in store.search_events(["lodz"], limit=2)] == [entry.key]
        assert store.search_articles(["กรุงเทพ"], since=date(1965, 5, 3), until=date(1965, 5, 3), limit=2) == [1]
        assert store.search_articles(["hidden"], limit=2) == []
        assert [one.article_id for one in store.waiting_for_links(limit=9)] == [1]
        assert store.waiting_for_comparison(limit=9) == [1]
        (answer,) = store.put_events([replace(entry, description="Written anew.")], match=lambda *_: None, now=NOW)
        assert answer.change is EntryChange.CHANGED
    expected = ("article", 1, day, article_text(version.article))
    assert [row for row in migrated if row[0] == "article"] == [expected]
    assert [row[3] for row in migrated if row[0] == "entity"] == ["lind", "lódz", "łódź\ufffd"]
    assert rows_of(empty, texts) == migrated


def test_what_0005_keeps_is_read_from_its_rows(empty, execute):
    migrations.upgrade(make_url(empty), to="0005")
    execute(empty, (ROWS / "0005.sql").read_text(encoding="utf-8"))
    with open_store(empty, upgrade=True) as store:
        one, other = store.articles()
        assert (one.cluster_id, [member.article_id for member in other.cluster]) == (1, [1, 2])
        (relation,) = other.relations
        assert (relation.other_id, relation.kind, relation.score) == (1, RelationKind.COPY, 0.9)
        assert (relation.share, relation.other_share) == (1.0, 0.8)
        assert other.versions[0].article.agency_own is True
        (link,) = other.events
        assert (link.how, link.state, link.decided_by) == (LinkHow.HAND, LinkState.CONFIRMED, "Ada Quill")
        (merge,) = store.merges(undone=True)
        assert (merge.document_id, merge.into_id, merge.undone_because) == (2, 1, "two papers")
        (feed,) = store.feeds()
        assert (feed.document.id, feed.interval, feed.enabled, feed.found) == (3, timedelta(hours=1), True, 1)
        (found,) = other.found_by
        assert (found.feed_id, found.title, found.published_at) == (3, "Ferry on the bar", None)
        assert store.search_articles(["bar", "safe"], limit=9) == [2, 1]
        assert store.article_text(1).story[0].state is LinkState.CONFIRMED
        status = store.status(now=NOW)
        assert (status.links, status.unlinked, status.uncompared, status.merged) == ({"confirmed": 1}, 1, 1, 0)
    assert schema.check(empty) == []


# Document 1: a change on the live web one microsecond before a new day, an unchanged page, a failure, a replay, and a
# later version whose text is the same; document 2: a later version out of an archive, and an import; document 3: a feed
# that was read before 1970.
LATER_0005 = """
INSERT INTO crawl_runs (token, command, machine, pid, started_at, heartbeat_at, finished_at, state, counts)
VALUES ('run-0', 'dateline crawl --due', 'host', 6, '2026-01-01 09:00:00.000000', '2026-01-01 09\\:30\\:00.000000',
        '2026-01-01 10:00:00.000000', 'interrupted', '{"gone"\\:2}');
INSERT INTO attempts (id, key, document_id, reason, outcome, request_url, final_url, started_at, finished_at, redirects,
                      detail, bytes_received, run_token, archive, replayed_capture_id)
SELECT id, 'later-' || id, document_id, reason, outcome, '', '', finished_at, finished_at, '[]', '', 0, '', archive,
       replayed
FROM (
    SELECT 14 AS id, 1 AS document_id, 'refresh' AS reason, 'fetched' AS outcome, '' AS archive,
        CAST(NULL AS INTEGER) AS replayed, {moment} '2026-01-10 23:59:59.999999' AS finished_at
    UNION ALL SELECT 15, 1, 'refresh', 'not_modified', '', NULL, {moment} '2026-01-11 00:00:00.000000'
    UNION ALL SELECT 16, 1, 'replayed', 'fetched', '', 14, {moment} '2026-01-11 10:00:00.000000'
    UNION ALL SELECT 17, 1, 'retry', 'timeout', '', NULL, {moment} '2026-01-11 11:00:00.000000'
    UNION ALL SELECT 18, 1, 'refresh', 'fetched', '', NULL, {moment} '2026-01-12 10:00:00.000000'
    UNION ALL SELECT 19, 2, 'backfill', 'fetched', 'lantern', NULL, {moment} '2026-01-12 10:00:00.000000'
    UNION ALL SELECT 20, 2, 'imported', 'imported', '', NULL, {moment} '2026-01-12 10:00:00.000000'
    UNION ALL SELECT 21, 3, 'new', 'feed', '', NULL, {moment} '1969-12-31 12:00:00.000000'
    UNION ALL SELECT 22, 3, 'refresh', 'not_modified', '', NULL, {moment} '2026-01-12 10:00:00.000000'
    UNION ALL SELECT 23, 3, 'refresh', 'not_modified', '', NULL, {moment} '2026-01-12 10:00:00.000000'
) AS later;
INSERT INTO captures (id, attempt_id, kind, url, captured_at, fetched_at, status, headers, media_type, payload_digest,
                      payload_length, file, record_offset, record_length, record_id, revisit_of, truncated)
SELECT id, id, CASE WHEN archive = '' THEN 'live' ELSE 'memento' END, '', finished_at, finished_at, 200, '[]', '', '',
       0, 'later.warc.gz', id, 1, '', '', ''
FROM attempts WHERE key IN ('later-14', 'later-18', 'later-19');
INSERT INTO article_versions (id, article_id, number, capture_id, reported_at, extracted_at, headline, body, byline,
                              published_precision, published_evidence, published_raw, modified_precision,
                              modified_evidence, modified_raw, language, site_name, declared_url, lead_image_url,
                              agency, dateline, access, evidence, extractor, extractor_version, text_digest, agency_own)
SELECT c.id, CASE WHEN c.id = 19 THEN 2 ELSE 1 END, CASE WHEN c.id = 18 THEN 3 ELSE 2 END, c.id, c.captured_at,
       c.fetched_at, '', '', '', '', '', '', '', '', '', 'en', '', '', '', '', '', 'full', '{}', 'generic', '1',
       CASE WHEN c.id = 18 THEN 't14' ELSE 't' || c.id END, false
FROM captures c WHERE c.file = 'later.warc.gz';
UPDATE articles SET latest = 2 WHERE id = 1
"""


def test_0006_counts_what_the_rows_of_0005_tell(empty, execute):
    is_postgres = make_url(empty).get_backend_name() == "postgresql"
    migrations.upgrade(make_url(empty), to="0005")
    execute(empty, (ROWS / "0005.sql").read_text(encoding="utf-8"))
    execute(empty, LATER_0005.replace("{moment}", "timestamptz" if is_postgres else ""))
    if is_postgres:
        execute(empty, f"ALTER DATABASE {make_url(empty).database} SET timezone TO 'Asia/Tokyo'")
    schema.upgrade(empty)
    changed_at = datetime(2026, 1, 10, 23, 59, 59, 999_999, tzinfo=UTC)
    with open_store(empty) as store:
        one = store.document("https://harbour-post.example/a")
        assert (one.checks, one.changes, one.changed_at, one.reported_at) == (3, 1, changed_at, changed_at)
        other = store.document("https://lind-herald.example/b")
        assert (other.checks, other.changes, other.changed_at) == (0, 0, None)
        assert other.reported_at == datetime(2026, 1, 2, 10, tzinfo=UTC)
        feed = store.document("https://harbour-post.example/feed")
        assert (feed.checks, feed.changes, feed.reported_at) == (0, 0, None)
        states = store.host_states(["harbour-post.example", "lind-herald.example"]).values()
        assert [(state.checks, state.changes) for state in states] == [(3, 1), (0, 0)]
        found = [
            (f"{one.day:%y-%m-%d}", one.host.split("-")[0], one.archive, str(one.outcome), one.attempts, one.articles)
            for one in store.host_days(since=date.min, until=date.max)
        ]
        assert found == [
            ("69-12-31", "harbour", "", "feed", 1, 0),
            ("26-01-02", "harbour", "", "fetched", 1, 1),
            ("26-01-02", "lind", "", "fetched", 1, 1),
            ("26-01-03", "harbour", "lantern", "fetched", 1, 0),
            ("26-01-10", "harbour", "", "fetched", 1, 1),
            ("26-01-11", "harbour", "", "not_modified", 1, 0),
            ("26-01-11", "harbour", "", "timeout", 1, 0),
            ("26-01-12", "harbour", "", "fetched", 1, 1),
            ("26-01-12", "harbour", "", "not_modified", 2, 0),
            ("26-01-12", "lind", "lantern", "fetched", 1, 1),
        ]
    assert schema.check(empty) == []


def test_0006_gives_runs_numbers_in_the_order_in_which_they_began(empty, execute):
    migrations.upgrade(make_url(empty), to="0005")
    execute(empty, (ROWS / "0005.sql").read_text(encoding="utf-8"))
    execute(empty, LATER_0005.split(";\n", maxsplit=1)[0])
    with open_store(empty, upgrade=True) as store:
        alive, ended = store.runs()
        assert (ended.number, ended.token, ended.command) == (1, "run-0", "dateline crawl --due")
        assert (ended.state, ended.counts, ended.heartbeat_at.minute) == (RunState.INTERRUPTED, {"gone": 2}, 30)
        assert (ended.who, ended.job, ended.exit_status, ended.problem, ended.log) == ("", "", None, "", "")
        assert (alive.number, alive.state, alive.finished_at) == (2, RunState.RUNNING, None)
        assert store.start_run(replace(alive, token="run-9")).number == 3
        assert store.latest_runs() == {}


def test_what_0006_keeps_is_read_from_its_rows(empty, execute):
    migrations.upgrade(make_url(empty), to="0006")
    execute(empty, (ROWS / "0006.sql").read_text(encoding="utf-8"))
    with open_store(empty, upgrade=True) as store:
        killed, alive = store.runs()
        assert (alive.number, alive.who, alive.job, alive.deadline_at.hour) == (1, "mara", "due", 12)
        assert (alive.note, alive.log, alive.exit_status) == ("harbour-post.example", "logs/run-1.log", None)
        assert (killed.state, killed.exit_status, killed.problem) == (RunState.KILLED, -9, "past its deadline")
        assert killed.heartbeat_at == datetime(2026, 1, 2, 9, 1, tzinfo=UTC)
        mark = store.job_marks()["due"]
        assert (mark.paused_by, mark.pause_reason, mark.wanted_by) == ("ove", "moving house", "mara")
        days = list(store.host_days(since=date(2026, 1, 2), until=date(2026, 1, 2)))
        assert [(one.archive, one.attempts, one.articles) for one in days] == [("", 3, 1), ("lantern", 1, 0)]
        (alert,) = store.alerts()
        assert (alert.kind, alert.subject, alert.told) == (AlertKind.SILENT_HOST, "harbour-post.example", "opened")
        assert len(store.alerts(open_only=False)) == 2
        document = store.document("https://harbour-post.example/a")
        assert (document.checks, document.changes, document.reported_at.hour, document.changed_at.hour) == (
            9,
            2,
            10,
            11,
        )
        (state,) = store.host_states(["harbour-post.example"]).values()
        assert (state.checks, state.changes) == (9, 2)
        (takedown,) = store.takedowns()
        assert (takedown.subject, takedown.removed) == ("https://harbour-post.example/gone", {"captures": 1})
        (removal,) = store.removals()
        assert (removal.file, removal.offset, removal.length) == ("a.warc.gz", 500, 300)
    assert schema.check(empty) == []


def test_what_0007_keeps_is_read_from_its_rows(empty, execute):
    migrations.upgrade(make_url(empty), to="0007")
    execute(empty, (ROWS / "0007.sql").read_text(encoding="utf-8"))
    with open_store(empty, upgrade=True) as store:
        assert store.info().oldest == "0007"
        (stored,) = store.stored_files()
        assert (stored.file, stored.place, stored.becoming) == ("a.warc.gz", "s3://news/captures", "")
        (batch,) = store.attempt_batches()
        assert (batch.file, batch.end, batch.attempts, batch.machine) == ("attempts-2025-11.jsonl.zst", 900, 3, "kiel")
        thinned = store.history("https://harbour-post.example/a").thinned
        assert (thinned.attempts, thinned.since.day, thinned.until.day) == (3, 2, 9)
        assert store.status(now=NOW).attempts == 6
    assert schema.check(empty) == []


def test_0008_fills_the_further_words_as_the_program_does(empty, execute):
    migrations.upgrade(make_url(empty), to="0007")
    execute(empty, (ROWS / "0007.sql").read_text(encoding="utf-8"))
    engine = create_engine(empty, poolclass=NullPool)
    bodies = {1: "Grounded " + "word " * 400 + "Ćwikła กรุงเทพมหานคร pilot", 2: "Plain " * 400 + "and short"}
    with engine.begin() as connection:
        for number, body in bodies.items():
            row = {"body": body, "number": number}
            connection.execute(text("UPDATE article_versions SET body = :body WHERE article_id = :number"), row)
    engine.dispose()
    schema.upgrade(empty)
    assert schema.check(empty) == []
    told = {number: words.split() for number, words in rows_of(empty, "SELECT article_id, rest FROM article_texts")}
    assert told[1] == ["grounded", "word", "cwikła".replace("ł", "l"), "กร", "รุ", "ุง", "งเ", "เท", "ทพ", *told[1][9:]]
    with open_store(empty) as store:
        for view in store.articles():
            texts = dict(rows_of(empty, "SELECT article_id, text FROM article_texts"))
            assert " ".join(told[view.id]) == rest_of(view.versions[-1].article, texts[view.id])
        find = lambda *words: [one.article_id for one in store.find_articles(LibraryQuery(words=words), limit=9)]  # noqa: E731
        assert (find("cwikla", "safe"), find("plain"), find("ashore")) == ([1], [2], [1, 2])
        assert store.search_articles(["pilot"], limit=9) == []
        assert set(store.search_articles(["ashore"], limit=9)) == {1, 2}


AS_0007_WRITES = """
UPDATE articles SET latest = 1 WHERE id = 1;
UPDATE article_versions SET body = 'Twelve people were brought ashore. Later a tug came.' WHERE article_id = 2;
UPDATE article_texts SET day = 20455, text = 'ferry on the bar twelve people were brought ashore again'
WHERE article_id = 2;
DELETE FROM article_texts WHERE article_id = 1;
INSERT INTO article_texts (article_id, day, text) VALUES (1, 20455, 'ferry aground')
"""


def test_what_a_program_of_0007_writes_is_completed_by_the_next_writer(empty, execute):
    migrations.upgrade(make_url(empty), to="0008")
    execute(empty, (ROWS / "0008.sql").read_text(encoding="utf-8"))
    schema.upgrade(empty)
    missing = "SELECT article_id FROM article_texts WHERE rest IS NULL ORDER BY article_id"
    assert rows_of(empty, missing) == []
    execute(empty, AS_0007_WRITES)
    assert rows_of(empty, missing) == [(1,), (2,)]
    with open_store(empty) as store:
        find = lambda *words: [one.article_id for one in store.find_articles(LibraryQuery(words=words), limit=9)]  # noqa: E731
        assert (find("aground"), find("again"), find("tug"), find("lifeboat")) == ([1], [2], [], [])
        store.archive([], decide=lambda *_: None, now=NOW)
        assert (find("tug"), find("ashore"), find("again"), find("lifeboat")) == ([2], [1, 2], [], [])
    assert rows_of(empty, missing) == []
    assert schema.check(empty) == []


def test_what_0009_keeps_is_read_from_its_rows(empty, execute):
    migrations.upgrade(make_url(empty), to="0009")
    execute(empty, (ROWS / "0009.sql").read_text(encoding="utf-8"))
    with open_store(empty, upgrade=True) as store:
        undone, standing = store.marks()
        assert (undone.marked_by, undone.because, undone.undone_by, undone.undone_at.hour) == (
            "mara",
            "a list of jobs",
            "ove",
            11,
        )
        assert (standing.document_id, standing.article_id, standing.undone_at) == (2, 2, None)
        assert store.article(2).mark == standing
        at_work, failed = store.orders()
        assert (failed.kind, failed.state, failed.exit_status) == (OrderKind.REFETCH, OrderState.FAILED, 2)
        assert (failed.event_key, failed.run, failed.problem) == (
            "2006/07/5/ferry-runs-aground",
            2,
            "it ended with status 2",
        )
        assert (at_work.state, at_work.taken_by, at_work.taken_until.second) == (OrderState.RUNNING, "web-2", 30)
    assert schema.check(empty) == []


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("marks", "document_id, article_id, marked_by, marked_at, because, undone_by, undone_at"),
        (
            "orders",
            "kind, event_id, asked_by, asked_at, state, taken_by, taken_until, run, ended_at, exit_status, problem",
        ),
    ],
)
def test_nothing_is_marked_or_asked_for_twice_whatever_a_program_thinks(empty, execute, table, columns):
    schema.upgrade(empty)
    execute(empty, (ROWS / "0009.sql").read_text(encoding="utf-8"))
    again = f"INSERT INTO {table} (id, {columns}) SELECT id + 10, {columns} FROM {table} WHERE id = "  # noqa: S608
    execute(empty, f"{again}1")
    with pytest.raises(IntegrityError):
        execute(empty, f"{again}2")


SCHEDULERS = """
CREATE TABLE apscheduler_jobs (id VARCHAR(191) NOT NULL PRIMARY KEY, next_run_time FLOAT, job_state {bytes} NOT NULL);
CREATE INDEX ix_apscheduler_jobs_next_run_time ON apscheduler_jobs (next_run_time)
"""


def test_the_schedulers_own_table_is_left_alone(empty, execute):
    migrations.upgrade(make_url(empty), to="0005")
    is_postgres = make_url(empty).get_backend_name() == "postgresql"
    execute(empty, SCHEDULERS.replace("{bytes}", "BYTEA" if is_postgres else "BLOB"))
    execute(empty, "INSERT INTO apscheduler_jobs VALUES ('due', 1.5, 'state')")
    schema.upgrade(empty)
    assert schema.check(empty) == []
    assert counts(empty)["apscheduler_jobs"] == 1
    assert "apscheduler_jobs" not in schema.info(empty).rows
    execute(empty, "CREATE TABLE apscheduler_notes (id INTEGER PRIMARY KEY)")
    assert any("apscheduler_notes" in sentence for sentence in schema.check(empty))


def test_going_back_is_refused_and_loses_nothing(empty, execute):
    schema.upgrade(empty)
    execute(empty, (ROWS / f"{HEAD}.sql").read_text(encoding="utf-8"))
    before = counts(empty)
    engine = make_engine(make_url(empty), foreign_keys=False)
    with pytest.raises(NotImplementedError, match="restore a copy"), writing(engine) as connection:
        command.downgrade(migrations.configuration(connection), "base")
    engine.dispose()
    assert counts(empty) == before


def test_a_migration_that_loses_references_is_undone(sqlite_url, execute):
    execute(sqlite_url, "INSERT INTO cluster_members (article_id, cluster_id, score) VALUES (5, 6, 1.0)")
    with pytest.raises(LibraryError, match="undone"):
        schema.upgrade(sqlite_url)
