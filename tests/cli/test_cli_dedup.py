"""``dateline dedup`` and what ``dateline show`` tells of stories, over a library of invented wire copies."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crawler import comparing
from crawler.configuration import load
from crawler.dedup import decide, fingerprint
from crawler.library import open_library
from crawler.urls import canonical_url
from storage.sql.store import SqlStore
from storage.types import (
    Article,
    Capture,
    CaptureKind,
    DatedTime,
    DatePrecision,
    FetchAttempt,
    FetchReason,
    FetchResult,
    LinkState,
    Outcome,
    RecordLocation,
    SameDocumentHow,
    utc_now,
)

NOON = datetime(2011, 5, 9, 12, tzinfo=UTC)
URLS = [f"https://www.{host}.example/ferry" for host in ("lind-herald", "harbour-post", "merrow-post", "quay-times")]
LABELS = ("Lind Herald", "Harbour Post", "Merrow Post", "Reuters via Quay Times")
PAGE = "### [2011-05-9](/news/2011/05/9/index.md)\n\n# Ferry on rocks\n\n### Source:\n\n"
WIRE = """The ferry Alma ran onto rocks two cables north of Lind in thick fog on Monday; all her passengers were saved.

Pilot boats took off the last of them before noon, harbour master Ola Strand told a meeting of the town council.

A hole as long as a rowing boat was torn below the waterline, and the engine room flooded within a quarter of an hour.

Nobody drowned, although a cook broke his wrist when the galley stove came loose and slid across the kitchen floor.

The company that owns her, Merrow Lines, said it would pay for lost luggage and lodge everybody in two hotels ashore.

Salvage tugs from three ports are on their way, but divers doubt that she can be moved before the spring tide in June.

An inquiry opens on Thursday. Its chair, the retired judge Ina Quill, wants to hear why radar warnings went unheeded.

Fishermen have asked for a lamp on that reef since the winter in which the trawler Petrel was lost with seven hands."""
OWN = """What our reporter saw from the pier: a hull on its side, tugs with their lamps lit, people in blankets singing.

A baker handed round trays of warm rolls that nobody had ordered and for which he would not take a single crown.

Children counted seals while their parents queued at a card table where a clerk wrote names into a school exercise book.

By dusk the fog had lifted far enough to show gulls walking along the railing, as if the deck had always been level."""
TEXTS = [
    (WIRE, "Reuters"),
    ("\n\n".join(WIRE.split("\n\n")[:5]), "Reuters"),
    (OWN, ""),
    (WIRE + "\n\nTides turn at nine.", ""),
]


def result(store, url, number, text, agency, headline="Ferry on rocks"):
    document = store.document(canonical_url(url))
    attempt = FetchAttempt(
        key=uuid.uuid4().hex,
        document_id=document.id,
        reason=FetchReason.NEW,
        outcome=Outcome.FETCHED,
        request_url=url,
        final_url=url,
        started_at=utc_now(),
        finished_at=utc_now(),
        status=200,
    )
    capture = Capture(
        kind=CaptureKind.LIVE,
        url=url,
        captured_at=NOON + timedelta(hours=number),
        fetched_at=utc_now(),
        status=200,
        headers=(),
        media_type="text/html",
        payload_digest=uuid.uuid4().hex,
        payload_length=1,
        location=RecordLocation(file="one.warc.gz", offset=number, length=1, record_id=uuid.uuid4().hex),
    )
    published = DatedTime(value=NOON + timedelta(hours=number), precision=DatePrecision.MINUTE, evidence="", raw="")
    article = Article(headline=headline, body=text, agency=agency, published_at=published, language="en")
    return FetchResult(attempt=attempt, captures=(capture,), article=fingerprint(article, host=document.host))


@pytest.fixture
def covered(dateline, in_news, tmp_path):
    """One event with four articles: a wire story, a cut copy, a copy that credits nobody, and a report of its own."""
    rows = [f"  {n}. [{label}]({url})\n" for n, (label, url) in enumerate(zip(LABELS, URLS, strict=True), 1)]
    (tmp_path / "page.md").write_text(PAGE + "".join(rows))
    dateline("events", "import", tmp_path / "page.md")
    with open_library(load(in_news)) as library:
        results = [
            result(library.store, url, number, *told)
            for number, (url, told) in enumerate(zip(URLS, TEXTS, strict=True))
        ]
        archived = library.store.archive(results, decide=decide, now=utc_now())
        assert [one.article_id for one in archived] == [1, 2, 3, 4]
    return in_news


def lines(said):
    return [" ".join(line.split()) for line in said.out.splitlines()]


def test_an_event_shows_independent_reports_against_copies(dateline, covered):
    key = dateline("events", "list", "--json").lines[0]["key"]
    shown = lines(dateline("show", key))
    assert "Coverage: 4 articles, 2 independent reports (Reuters x3, www.merrow-post.example)" in shown
    wire = [line for line in shown[shown.index("Reuters x3") :] if " characters: " in line]
    assert wire[0].startswith("article 1 www.lind-herald.example, 2011-05-09 12:00Z, ")
    assert wire[0].endswith(" characters: earliest")
    assert any(line.startswith("article 4 ") and "fullest" in line for line in wire)
    assert any(line.endswith(": copy") for line in wire)
    assert "credits Reuters by the source link 'Reuters via Quay Times'" in shown
    told = dateline("show", key, "--json").json
    assert [len(one["articles"]) for one in told["reports"]["reports"]] == [3, 1]
    assert len(told["coverage"]) == 4


def test_links_by_content_and_decisions_are_listed_with_their_evidence(dateline, covered):
    key = dateline("events", "list", "--json").lines[0]["key"]
    with open_library(load(covered)) as library:
        library.store.decide_link(key, 3, state=LinkState.REJECTED, by="Ada", because="another ferry", now=NOON)
    shown = lines(dateline("show", key))
    assert "Links (1)" in shown
    assert any(line.startswith("article 3 rejected by Ada on 2011-05-09") for line in shown)
    assert "another ferry" in shown
    assert "Coverage: 3 articles, 1 independent report (Reuters x3)" in shown


def test_an_article_shows_its_story_relations_versions_and_other_urls(dateline, covered):
    with open_library(load(covered)) as library:
        again = result(library.store, URLS[0], 9, WIRE + "\n\nCorrection: she was bound for Lind.", "Reuters")
        library.store.archive([again], decide=decide, now=utc_now())
        ids = [library.store.document(canonical_url(url)).id for url in (URLS[1], URLS[0])]
        library.store.merge_documents(*ids, how=SameDocumentHow.HAND, evidence="one paper", now=NOON)
    shown = lines(dateline("show", "1"))
    assert any(line.startswith("Story ") and line.endswith(": 3 articles") for line in shown)
    assert sum(line.startswith("stands for the story: ") for line in shown) == 1
    assert any(line.startswith("copy of article 2 (") and line.endswith("100% of that one's here") for line in shown)
    assert f"stands for {canonical_url(URLS[1])} (hand, 2011-05-09: one paper)" in shown
    assert "Versions (2), by the time of their captures" in shown
    merged = f"is the same document as {canonical_url(URLS[0])} (hand, 2011-05-09: one paper)"
    assert merged in lines(dateline("show", "2"))


def test_two_articles_are_compared(dateline, covered):
    shown = lines(dateline("dedup", "compare", "2", "1"))
    assert any("article 2: copy of article 1 (" in line for line in shown)
    assert "article 2 stands in article 1" in shown
    assert any("words The ferry Alma ran onto rocks" in line for line in shown)
    apart = lines(dateline("dedup", "compare", "1", "3"))
    assert "they tell two stories; they have little in common" in apart
    told = dateline("dedup", "compare", "2", "1", "--json").json
    assert (told["stored"], told["same_story"], told["relation"]["kind"]) == (True, True, "copy")
    assert told["passages"]
    assert "with itself" in dateline("dedup", "compare", "1", "1", expect=2).err
    assert "no article 99" in dateline("dedup", "compare", "1", "99", expect=2).err


def test_two_articles_without_a_stored_relation_are_compared_now(covered):
    with open_library(load(covered)) as library:
        views = library.store.article(1), library.store.article(2)
    stored = comparing.compared(*views)
    now = comparing.compared(replace(views[0], relations=()), views[1])
    assert (stored.stored, now.stored) == (True, False)
    assert now.relation.kind == stored.relation.kind
    assert now.relation.score == pytest.approx(stored.relation.score, abs=0.05)


def test_rebuilding_gives_what_archiving_gave_and_goes_on_after_a_stop(dateline, covered, database_of, monkeypatch):
    tables = ("relations", "cluster_members", "clusters", "signal_keys", "key_index")
    before = {name: sorted(rows) for name, rows in database_of(covered).items() if name in tables}
    assert "no article waits" in dateline("dedup", "rebuild").out
    monkeypatch.setattr(comparing, "_BATCH", 1)
    compare, left = SqlStore.compare_again, iter([1, 1])

    def stopping(store, *how, **when):
        if next(left, None) is None:
            raise KeyboardInterrupt
        return compare(store, *how, **when)

    monkeypatch.setattr(SqlStore, "compare_again", stopping)
    assert "go on" in dateline("dedup", "rebuild", "--again", expect=130).err
    monkeypatch.setattr(SqlStore, "compare_again", compare)
    said = dateline("dedup", "rebuild", "--json").json
    assert said == {"waiting": 2, "compared": 2, "moved": 0, "stories_before": 2, "stories": 2}
    assert "4 articles compared again, 0 moved to another story" in dateline("dedup", "rebuild", "--again").out
    assert {name: sorted(rows) for name, rows in database_of(covered).items() if name in tables} == before


def test_wires_are_counted_by_agency_and_publisher(dateline, covered):
    shown = lines(dateline("dedup", "wires"))
    assert shown[0] == "agency publisher articles alone copies elsewhere stand for their story"
    assert {line.rsplit(" ", 1)[0] for line in shown[1:]} == {
        "Reuters www.harbour-post.example 1 0 1",
        "Reuters www.lind-herald.example 1 0 1",
    }
    assert len(dateline("dedup", "wires", "--agency", "reuters", "--json").lines) == 2
    assert "no article credits AFP" in dateline("dedup", "wires", "--agency", "AFP").out
    (own,) = dateline("dedup", "wires", "--host", "www.merrow-post.example", "--json").lines
    assert (own["agency"], own["articles"], own["copies"], own["first"]) == ("", 1, 0, 1)
    dateline("dedup", "wires", "--host", "nowhere.example", expect=2)
