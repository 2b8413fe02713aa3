import asyncio
import gzip
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

import crawler.archiving
from crawler.archiving import BATCH, ArchiveWriter, Understood
from crawler.classify import PageReading
from crawler.dedup import fingerprint
from crawler.host_states import HostStates
from crawler.items import FailedFetch, FetchedPage, FetchTask
from crawler.judging import understood_as
from crawler.recrawling import Recrawl
from crawler.store_thread import StoreThread
from crawler.urls import identify
from storage import open_store
from storage.captures import CaptureReader, CaptureWriter, recover, verify
from storage.errors import LibraryError, StorageError, StoreUnavailable
from storage.types import (
    Article,
    CaptureKind,
    Citation,
    DatedTime,
    DatePrecision,
    EntryOrigin,
    Exchange,
    FetchReason,
    LeaseRequest,
    LooseSource,
    Outcome,
    PageKind,
    PageVerdict,
    Redirect,
    RobotsDecision,
    SameDocumentHow,
    Selection,
    VerdictKind,
    utc_now,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
WORDS = "harbour council dredging contract winter timetable lighthouse grain exchange court census".split()  # noqa: SIM905


@pytest.fixture
def store():
    with open_store("memory:") as opened:
        yield opened


@pytest.fixture
def captures(tmp_path):
    with CaptureWriter(tmp_path / "captures", token="a1b2c3d4e5f60718", software="dateline/test") as writer:
        yield writer


@pytest.fixture
def writer(store, captures):
    thread = StoreThread(store)
    yield ArchiveWriter(store=thread, captures=captures)
    thread.close()


def documents(store, count):
    origin = EntryOrigin(name="-", line=1, format="urls")
    urls = [f"http://news.example/{number}" for number in range(count)]
    store.put_loose([LooseSource(cited_url=url, identity=identify(url), origin=origin) for url in urls], now=NOW)
    return list(store.due(Selection(), now=NOW))


def exchange(document, payload=b"<html>page</html>", status=200, headers=()):
    return Exchange(
        url=document.request_url,
        request_headers=(("Host", "news.example"),),
        status=status,
        headers=(("Content-Type", "text/html"), *headers),
        payload=payload,
        fetched_at=NOW,
    )


def task(document, key=None):
    return FetchTask(document=document, reason=FetchReason.NEW, attempt_key=key or f"{document.id:032x}", run_token="")


def page(document, text, payload=None, key=None, headers=()):
    one = exchange(document, payload or f"<html>{text}</html>".encode(), headers=headers)
    item = FetchedPage(
        task=task(document, key),
        started_at=NOW,
        finished_at=NOW + timedelta(seconds=1),
        redirects=(),
        final_url=document.request_url,
        exchanges=(one,),
        content=one.payload,
        content_type="text/html",
    )
    article = fingerprint(Article(headline=text[:40], body=text))
    return Understood(item=item, outcome=Outcome.FETCHED, detail="", article=article)


def prose(number):
    return " ".join(f"{word} {number * 37 + index}" for index, word in enumerate(WORDS * 6))


def failure(document, outcome=Outcome.GONE, exchanges=(), **facts):
    item = FailedFetch(
        task=task(document),
        outcome=outcome,
        detail="HTTP 404",
        started_at=NOW,
        finished_at=NOW,
        final_url=document.request_url,
        exchanges=exchanges,
        **facts,
    )
    return Understood(item=item, outcome=outcome, detail=item.detail)


def put_all(writer, items):
    async def put():
        return await asyncio.gather(*(writer.put(item) for item in items), return_exceptions=True)

    return asyncio.run(put())


def test_results_are_written_in_few_batches(store, writer, monkeypatch):
    batches = []
    archive = type(store).archive
    monkeypatch.setattr(
        type(store),
        "archive",
        lambda self, results, **how: batches.append(len(results)) or archive(self, results, **how),
    )
    found = documents(store, BATCH + 50)
    stored = put_all(writer, [page(one, prose(one.id)) for one in found])
    assert all(one.verdict.kind is VerdictKind.NEW for one in stored)
    assert sum(batches) == BATCH + 50
    assert len(batches) <= 4
    assert writer.outcomes == {Outcome.FETCHED: BATCH + 50}


def test_records_are_on_disk_before_rows_and_the_same_payload_is_stored_once(store, writer, captures, tmp_path):
    first, second = documents(store, 2)
    same = b"<html>the very same bytes</html>"
    put_all(writer, [page(first, prose(1), same), page(second, prose(1), same)])
    captures.close()
    rows = list(store.captures())
    assert [bool(row.revisit_of) for row in rows] == [False, True]
    assert list(verify(tmp_path / "captures", iter(rows))) == []
    with CaptureReader(tmp_path / "captures") as reader:
        assert [reader.payload(row) for row in rows] == [same, same]


def test_the_same_attempt_is_counted_once(store, writer):
    (document,) = documents(store, 1)
    put_all(writer, [page(document, prose(1), key="a" * 32)])
    (again,) = put_all(writer, [page(document, prose(1), key="a" * 32)])
    assert again.repeated
    assert writer.outcomes == {Outcome.FETCHED: 1}


def test_what_the_document_needs_next_time_is_kept(store, writer):
    (document,) = documents(store, 1)
    put_all(writer, [page(document, prose(1), headers=(("ETag", '"v1"'), ("Last-Modified", "Sun, 01 Mar 2026")))])
    kept = store.document(document.canonical_url)
    assert (kept.validators.etag, kept.validators.last_modified) == ('"v1"', "Sun, 01 Mar 2026")
    assert kept.next_fetch_at > NOW + timedelta(hours=1)


def stated(understood, published):
    """The same page with a date of publication."""
    dated = DatedTime(value=published, precision=DatePrecision.MINUTE, evidence="meta", raw="")
    return replace(understood, article=replace(understood.article, published_at=dated))


def waits_of(store, writer, understood):
    """Store an attempt; returns how long its document waits."""
    (stored,) = put_all(writer, [understood])
    assert not stored.error
    document = understood.item.task.document
    return store.document(document.canonical_url).next_fetch_at - understood.item.finished_at


def unchanged(document, key):
    item = failure(document, Outcome.NOT_MODIFIED).item
    item = replace(item, task=task(document, key), exchanges=(exchange(document, b"", status=304),), status=304)
    return Understood(item=item, outcome=Outcome.NOT_MODIFIED, detail="")


def test_a_page_waits_by_its_age_and_by_what_checks_found(store, writer):
    (document,) = documents(store, 1)
    published = NOW - timedelta(days=50)
    first = waits_of(store, writer, stated(page(document, prose(1), key="a" * 32), published))
    assert timedelta(days=9) <= first <= timedelta(days=11)
    document = store.document(document.canonical_url)
    second = waits_of(store, writer, unchanged(document, "b" * 32))
    assert first < second < 2 * first
    document = store.document(document.canonical_url)
    again = waits_of(
        store, writer, stated(page(document, prose(1), b"<html>other ads</html>", key="c" * 32), published)
    )
    assert again > second  # the same text in another page
    document = store.document(document.canonical_url)
    corrected = waits_of(store, writer, stated(page(document, prose(2), key="d" * 32), published))
    assert corrected < timedelta(hours=2)
    document = store.document(document.canonical_url)
    assert (document.checks, document.changes) == (3, 1)
    host = store.host_states(["news.example"])["news.example"]
    assert (host.checks, host.changes) == (3, 1)


def test_an_undated_page_is_as_old_as_the_event_that_cites_it(store, writer):
    (document,) = documents(store, 1)
    one = page(document, prose(1))
    cited = (Citation(event_key="2006/07/5/ferry", event_date=date(2006, 7, 5), headline="Ferry"),)
    wait = waits_of(store, writer, replace(one, item=replace(one.item, citations=cited)))
    assert timedelta(days=147) <= wait <= timedelta(days=180)


def test_without_the_policy_what_was_fetched_is_not_due_again(store, writer):
    writer.recrawl = Recrawl(enabled=False)
    (document,) = documents(store, 1)
    put_all(writer, [page(document, prose(1))])
    assert store.document(document.canonical_url).next_fetch_at is None


def test_what_stays_gone_is_asked_for_ever_more_rarely(store, writer):
    (document,) = documents(store, 1)
    waits = []
    for key in "abcdef":
        one = failure(store.document(document.canonical_url))
        waits.append(
            waits_of(store, writer, replace(one, item=replace(one.item, task=task(one.item.task.document, key * 32))))
        )
    assert waits[:2] == [timedelta(days=30), timedelta(days=180)]
    assert timedelta(days=324) <= waits[2] <= timedelta(days=396)
    assert timedelta(days=590) <= waits[3] == waits[4] == waits[5] <= timedelta(days=730)


def test_a_failure_keeps_its_answer_and_its_next_try(store, writer):
    (document,) = documents(store, 1)
    gone = failure(document, exchanges=(exchange(document, b"gone", 404),), status=404, retry_after_s=None)
    put_all(writer, [gone])
    history = store.history(document.canonical_url)
    assert [(one.outcome, one.status) for one in history.attempts] == [(Outcome.GONE, 404)]
    assert history.attempts[0].next_fetch_at == NOW + timedelta(days=30)
    assert [one.status for one in history.captures] == [404]


def test_an_unchanged_answer_refers_to_what_it_says_is_unchanged(store, writer, captures, tmp_path):
    (document,) = documents(store, 1)
    put_all(writer, [page(document, prose(1), b"<html>first</html>")])
    unchanged = failure(document, Outcome.NOT_MODIFIED, (exchange(document, b"", 304),), status=304)
    item = replace(unchanged.item, task=replace(unchanged.item.task, attempt_key="b" * 32))
    put_all(writer, [replace(unchanged, item=item)])
    captures.close()
    assert list(verify(tmp_path / "captures", store.captures())) == []
    raw = b"".join(path.read_bytes() for path in (tmp_path / "captures").glob("*.warc.gz"))
    assert b"server-not-modified" in gzip.decompress(raw)
    assert gzip.decompress(raw).count(b"WARC-Refers-To:") == 1


def test_a_mistake_of_ours_in_one_verdict_costs_one_article_only(store, writer, monkeypatch):
    found = documents(store, 3)

    def decide(article, candidates):
        if "poison" in article.body:
            raise ZeroDivisionError("ours")
        return original(article, candidates)

    original = crawler.archiving.decide
    monkeypatch.setattr(crawler.archiving, "decide", decide)
    texts = [prose(1), "poison " + prose(2), prose(3)]
    stored = put_all(writer, [page(one, text) for one, text in zip(found, texts, strict=True)])
    assert [bool(one.error) for one in stored] == [False, True, False]
    assert writer.outcomes == {Outcome.FETCHED: 2, Outcome.FAILED: 1}
    (attempt,) = store.history(found[1].canonical_url).attempts
    assert attempt.outcome is Outcome.FAILED
    assert "ZeroDivisionError" in attempt.detail
    assert attempt.next_fetch_at > utc_now() + timedelta(hours=23)  # or the run would meet it again and again
    assert len(store.history(found[1].canonical_url).captures) == 1


def test_a_database_that_comes_back_in_time_loses_nothing(store, writer, monkeypatch):
    monkeypatch.setattr(crawler.archiving, "RETRY_WAITS_S", (0.01, 0.01, 0.01))
    archive, failures = type(store).archive, iter([1, 1])

    def unreliable(self, results, **how):
        if next(failures, None):
            raise StoreUnavailable("restarting")
        return archive(self, results, **how)

    monkeypatch.setattr(type(store), "archive", unreliable)
    (document,) = documents(store, 1)
    (stored,) = put_all(writer, [page(document, prose(1))])
    assert stored.verdict.kind is VerdictKind.NEW


def test_a_batch_that_cannot_be_stored_is_refused_and_its_records_are_put_aside(
    store, writer, captures, tmp_path, monkeypatch
):
    monkeypatch.setattr(crawler.archiving, "RETRY_WAITS_S", ())
    first, second = documents(store, 2)
    archive = type(store).archive
    monkeypatch.setattr(type(store), "archive", lambda *_, **__: (_ for _ in ()).throw(StoreUnavailable("gone")))
    (refused,) = put_all(writer, [page(first, prose(1))])
    assert isinstance(refused, StoreUnavailable)
    monkeypatch.setattr(type(store), "archive", archive)
    (stored,) = put_all(writer, [page(second, prose(2))])
    assert stored.verdict.kind is VerdictKind.NEW
    captures.close()
    recovered = recover(tmp_path / "captures", store.committed_end)
    assert any(one.moved for one in recovered)
    assert list(verify(tmp_path / "captures", store.captures())) == []
    assert store.document(first.canonical_url).attempts == 0


def test_an_error_nobody_thought_of_reaches_everybody_who_waits(store, writer, monkeypatch):
    monkeypatch.setattr(type(store), "known_payloads", lambda *_: (_ for _ in ()).throw(KeyError("ours")))
    found = documents(store, 3)
    refused = put_all(writer, [page(one, prose(one.id)) for one in found])
    assert [type(one) for one in refused] == [KeyError] * 3


def test_a_full_disk_refuses_the_result_and_keeps_the_document_due(store, writer, captures, monkeypatch):
    (document,) = documents(store, 1)
    monkeypatch.setattr(captures, "append", lambda *_, **__: (_ for _ in ()).throw(LibraryError("no space left")))
    (refused,) = put_all(writer, [page(document, prose(1))])
    assert isinstance(refused, StorageError)
    assert [one.id for one in store.due(Selection(), now=NOW)] == [document.id]


# -- what is stored beside the page ----------------------------------------------------------------------------


def test_what_was_judged_and_what_robots_txt_said_is_stored_with_the_attempt(store, writer):
    (document,) = documents(store, 1)
    verdict = PageVerdict(kind=PageKind.ARTICLE, score=0.9)
    robots = RobotsDecision(allowed=True, rule="Allow: / (line 2, for *)", status=200)
    one = page(document, prose(1))
    put_all(
        writer,
        [
            replace(
                one, item=replace(one.item, robots=robots), verdict=verdict, reservations=("meta robots: noarchive",)
            )
        ],
    )
    (attempt,) = store.history(document.canonical_url).attempts
    assert (attempt.page.kind, attempt.robots) == (PageKind.ARTICLE, robots)
    assert attempt.reservations == ("meta robots: noarchive",)


def test_what_a_host_said_is_stored_with_the_attempt(store, writer):
    writer.learn = HostStates(delay_s=2).learn
    (document,) = documents(store, 1)
    limited = failure(document, Outcome.RATE_LIMITED, (exchange(document, b"slow", 429),), status=429, retry_after_s=90)
    put_all(writer, [limited])
    state = store.host_states(["news.example"])["news.example"]
    assert state.not_before == NOW + timedelta(seconds=90)
    assert state.rest_reason == "HTTP 429, Retry-After 90 s"


def test_a_refused_page_waits_as_long_as_the_host_asks(store, writer):
    (document,) = documents(store, 1)
    one = page(document, prose(1))
    item = replace(one.item, status=503, refused=Outcome.SERVER_ERROR, retry_after_s=86400.0)
    put_all(writer, [replace(one, item=item, outcome=Outcome.SERVER_ERROR, article=None)])
    (attempt,) = store.history(document.canonical_url).attempts
    assert attempt.next_fetch_at == item.finished_at + timedelta(days=1)


def test_what_a_browser_made_of_a_page_is_no_answer_of_the_server(store, writer):
    (document,) = documents(store, 1)
    came = exchange(document, b"<html>shell</html>", headers=(("ETag", '"shell"'),))
    made = replace(exchange(document, b"<html>text</html>", headers=(("ETag", '"made up"'),)), rendered=True)
    one = page(document, prose(1))
    put_all(writer, [replace(one, item=replace(one.item, exchanges=(came, made), rendered=True))])
    history = store.history(document.canonical_url)
    assert [capture.kind for capture in history.captures] == [CaptureKind.LIVE, CaptureKind.RENDERED]
    assert history.attempts[0].bytes_received == len(came.payload)
    assert store.document(document.canonical_url).validators.etag != '"made up"'


def test_what_a_refused_page_says_is_no_article(store):
    (document,) = documents(store, 1)
    one = page(document, prose(1))
    verdict = PageVerdict(kind=PageKind.ARTICLE, score=0.9)
    reading = PageReading(outcome=Outcome.FETCHED, detail="", verdict=verdict, article=one.article)
    understood = understood_as(replace(one.item, status=403, refused=Outcome.BLOCKED), reading)
    assert (understood.outcome, understood.detail, understood.article) == (Outcome.BLOCKED, "HTTP 403", None)


def test_a_page_that_needs_a_script_is_due_at_once_until_a_browser_was_tried(store, writer):
    writer.browser = True
    (document,) = documents(store, 1)
    item = page(document, prose(1))
    put_all(writer, [replace(item, outcome=Outcome.NEEDS_JAVASCRIPT, article=None)])
    again = store.document(document.canonical_url)
    assert again.next_fetch_at == item.item.finished_at
    item = page(again, prose(1), key="c" * 32)
    put_all(writer, [replace(item, outcome=Outcome.NEEDS_JAVASCRIPT, article=None)])
    assert store.document(document.canonical_url).next_fetch_at == item.item.finished_at + timedelta(days=180)


# -- quarantine ------------------------------------------------------------------------------------------------


def test_a_page_whose_records_cannot_be_written_is_alone_in_that(store, writer, captures, tmp_path, monkeypatch):
    found = documents(store, 3)
    append = captures.append

    def breaking(one, **how):
        if one.url == found[1].request_url and one.status == 200:
            raise ZeroDivisionError("ours")
        return append(one, **how)

    monkeypatch.setattr(captures, "append", breaking)
    items = [page(one, prose(one.id)) for one in found]
    before = exchange(found[1], b"moved", 301)
    two = replace(items[1].item, exchanges=(before, *items[1].item.exchanges))
    stored = put_all(writer, [items[0], replace(items[1], item=two), items[2]])
    assert [bool(one.error) for one in stored] == [False, True, False]
    assert writer.outcomes == {Outcome.FETCHED: 2, Outcome.FAILED: 1}
    (attempt,) = store.history(found[1].canonical_url).attempts
    assert attempt.outcome is Outcome.FAILED
    assert "ZeroDivisionError: ours" in attempt.detail
    captures.close()
    assert any(one.moved for one in recover(tmp_path / "captures", store.committed_end))
    assert list(verify(tmp_path / "captures", store.captures())) == []


def test_a_mistake_about_hosts_does_not_cost_the_page(store, writer):
    writer.learn = lambda *_: 1 / 0
    (document,) = documents(store, 1)
    (stored,) = put_all(writer, [page(document, prose(1))])
    assert stored.verdict.kind is VerdictKind.NEW


def quarantined(writer, item):
    return asyncio.run(writer.quarantine(item, "ZeroDivisionError: ours"))


def test_what_a_step_failed_on_is_kept_with_its_captures_and_a_way_to_try_again(store, writer, caplog):
    (document,) = documents(store, 1)
    quarantined(writer, page(document, prose(1)).item)
    history = store.history(document.canonical_url)
    (attempt,) = history.attempts
    assert (attempt.outcome, attempt.detail) == (Outcome.FAILED, "ZeroDivisionError: ours")
    assert attempt.next_fetch_at == attempt.finished_at + timedelta(days=1)
    assert len(history.captures) == 1
    assert f"dateline replay {document.canonical_url}" in caplog.text


def test_a_quarantine_whose_captures_are_to_blame_is_bare(store, writer, monkeypatch):
    (document,) = documents(store, 1)
    archive = type(store).archive

    def picky(self, results, **how):
        if any(result.captures for result in results):
            raise KeyError("ours")
        return archive(self, results, **how)

    monkeypatch.setattr(type(store), "archive", picky)
    quarantined(writer, page(document, prose(1)).item)
    history = store.history(document.canonical_url)
    assert [one.outcome for one in history.attempts] == [Outcome.FAILED]
    assert history.captures == ()


def test_a_page_that_moved_for_good_makes_its_document_the_other_one(store, writer):
    origin = EntryOrigin(name="-", line=1, format="urls")
    urls = ["http://news.example/2026/02/03/quay-reopens", "http://news.example/a/quay-reopens-after-the-fire-8812345"]
    store.put_loose([LooseSource(cited_url=url, identity=identify(url), origin=origin) for url in urls], now=NOW)
    old, new = sorted(store.due(Selection(), now=NOW), key=lambda one: one.id)
    came = page(old, prose(1))
    moved = replace(
        came.item, redirects=(Redirect(url=old.request_url, status=301),), final_url=f"{new.request_url}?utm_source=x"
    )
    put_all(writer, [replace(came, item=moved)])
    (merge,) = store.merges()
    assert (merge.document_id, merge.into_id, merge.how) == (old.id, new.id, SameDocumentHow.REDIRECT)
    assert merge.evidence == f"301 to {new.request_url}?utm_source=x"


# -- leases ----------------------------------------------------------------------------------------------------------


def leased(store, count):
    documents(store, count)
    request = LeaseRequest(token="run", now=NOW, until=NOW + timedelta(minutes=1), max_hosts=9, per_host=99)
    return store.lease(request)


def under(token, understood):
    return replace(understood, item=replace(understood.item, task=replace(understood.item.task, run_token=token)))


def taken_over(store):
    """The hosts, by another run; only of the first document it knows what to do with."""
    later = NOW + timedelta(minutes=2)
    request = LeaseRequest(token="next", now=later, until=later + timedelta(hours=1), max_hosts=9, per_host=1)
    return store.lease(request)


def test_every_result_names_the_lease_under_which_it_came(store, writer):
    first, second = leased(store, 2)
    put_all(writer, [under("run", page(first, prose(1))), under("run", failure(second))])
    assert store.status(now=NOW).leased == 0
    assert writer.outcomes == {"fetched": 1, "gone": 1}


def test_what_comes_too_late_is_no_failure_and_leaves_no_record_where_that_is_known(
    store, writer, captures, tmp_path, caplog
):
    first, second = leased(store, 2)
    taken_over(store)
    asked, held_hosts = [], store.held_hosts
    store.held_hosts = lambda token: asked.append(token) or held_hosts(token)
    writer.is_certain = lambda host: host != "news.example"
    answers = put_all(writer, [under("run", page(first, prose(1))), under("run", failure(second))])
    assert [(one.stale, one.error) for one in answers] == [(True, ""), (True, "")]
    assert asked == ["run"]
    assert writer.outcomes == {}
    captures.close()
    assert [path for path in (tmp_path / "captures").rglob("*.gz") if path.is_file()] == []
    assert "stale, not stored: https://news.example/0" in caplog.text
    assert store.status(now=NOW).attempts == 0


def test_a_lease_that_is_certain_costs_no_query(store, writer):
    (document,) = leased(store, 1)
    store.held_hosts = None
    (answer,) = put_all(writer, [under("run", failure(document))])
    assert not answer.stale


def test_records_of_what_was_refused_in_the_last_moment_are_overwritten(store, writer, captures, tmp_path):
    """A pause between its records and its row: nobody could know before."""
    first, second = leased(store, 2)
    taken_over(store)
    same = b"<html>the very same page</html>"
    late = [under("run", page(first, prose(1), same)), under("run", page(second, prose(2), same))]
    kept_too = under("", failure(second, exchanges=(exchange(second),)))
    assert [one.stale for one in put_all(writer, [*late, kept_too])] == [True, True, False]
    assert writer.outcomes == {"gone": 1}
    assert list(verify(tmp_path / "captures", store.captures())) == []
    (kept,) = store.captures()
    with CaptureReader(tmp_path / "captures") as reader:
        assert reader.payload(kept) == b"<html>page</html>"
    captures.close()
    assert list(verify(tmp_path / "captures", store.captures())) == []
    (path,) = (tmp_path / "captures").glob("*.warc.gz")
    text = gzip.decompress(path.read_bytes())
    assert text.count(b"Dateline-Removed: 0\r\n") == 2
    assert b"removed-by: its own run, which had lost its lease" in text  # where the record is long enough to say so
    assert b"the very same page" not in text
    assert recover(tmp_path / "captures", store.committed_end) == []


def test_records_that_cannot_be_overwritten_are_told(store, writer, captures, monkeypatch, caplog):
    (document, *_) = leased(store, 1)
    taken_over(store)

    def fails(_captures):
        raise LibraryError("the disk is gone")

    monkeypatch.setattr(captures, "withdraw", fails)
    (answer,) = put_all(writer, [under("run", page(document, prose(1)))])
    assert answer.stale
    assert "1 records stay without rows: the disk is gone" in caplog.text


def test_a_quarantined_result_of_a_lost_host_is_not_stored_either(store, writer):
    (document, *_) = leased(store, 1)
    taken_over(store)
    item = under("run", page(document, prose(1))).item

    answer = asyncio.run(writer.quarantine(item, "our own code failed"))
    assert answer.stale
    assert store.status(now=NOW).attempts == 0
