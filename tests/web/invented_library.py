"""A small library for the site's tests: events, articles with captures, a rescued copy, wire copies, links by content.

==================================  ====================================================================================
event                               what it is for
==================================  ====================================================================================
``2006/07/5/ferry-runs-aground``    sources of every kind: live (two versions), rescued, wire copies, gone, refused,
                                    image, unusable URL
``2006/07/5/harbour-closes``        an article by content is linked, another one proposed
``2006/07/9/nothing-cited``         no sources at all
``2007/11/30/second-strike``        another year; its source was never tried
``2007/12/1/hostile``               everything in it wants to be HTML, or to be opened
==================================  ====================================================================================
"""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from crawler.dedup import decide, fingerprint
from crawler.events.links import Citation, source_links
from crawler.urls import canonical_url
from storage.captures import CaptureWriter
from storage.types import (
    Access,
    ArchiveSearch,
    Article,
    Capture,
    CaptureKind,
    Contributor,
    DatedTime,
    DatePrecision,
    EntryOrigin,
    EventEntry,
    EventLink,
    Exchange,
    FetchAttempt,
    FetchReason,
    FetchResult,
    LinkHow,
    LinkState,
    Memento,
    Outcome,
    RecordLocation,
    RelatedLink,
    SearchState,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
THEN = datetime(2006, 7, 5, 14, 30, tzinfo=UTC)

FERRY = "2006/07/5/ferry-runs-aground"
HARBOUR = "2006/07/5/harbour-closes"
BARE = "2006/07/9/nothing-cited"
STRIKE = "2007/11/30/second-strike"
HOSTILE = "2007/12/1/hostile"

SCRIPT = '<script>alert("x")</script>'
TURNED = "safe\N{RIGHT-TO-LEFT OVERRIDE}gpj.exe"

FERRY_LIVE = "http://harbour-post.example/2006/07/05/ferry"
FERRY_RESCUED = "http://tidewater.example/news/ferry.html"
FERRY_WIRE = "http://courier.example/wire/ferry"
FERRY_COPY = "http://gazette.example/wire/ferry-aground"
FERRY_GONE = "http://lantern.example/gone"
FERRY_REFUSED = "http://ledger.example/refused"
STRIKE_UNTRIED = "http://harbour-post.example/2007/11/30/strike"
HOSTILE_PAGE = "http://hostile.example/page"
OTHER_REPORT = "http://observer.example/harbour"
PROPOSED_REPORT = "http://bulletin.example/pier"

WIRE_BODY = """\
HALVIKA (Reuters) - A ferry with ninety people on board ran aground on the outer reef near Halvika on Wednesday, the
harbour authority said, and was pulled free by two tugs before the evening tide came in.

Nobody was hurt, said the master of the vessel, Odd Lindqvist, who had called for help at noon when the engines failed
within sight of the lighthouse and the anchor found no hold on the rocky ground.

> We drifted for twenty minutes and could do nothing but count the passengers, Lindqvist told reporters.

The authority will examine why a warning of the engine room was overlooked for three days."""


@dataclass(frozen=True)
class Numbers:
    """Numbers of what stands in the library."""

    live: int
    rescued: int
    wire: int
    copy: int
    hostile: int
    other: int
    proposed: int


def fill(library):
    """Put everything in; returns the numbers of the articles."""
    store = library.store
    store.put_events(entries(), match=_nothing_alike, now=NOW - timedelta(days=9))
    with CaptureWriter(library.captures, token="abcdef01", software="tests") as writer:
        made = _Filling(store, writer)
        numbers = _articles(made)
        _failures(made)
        writer.sync()
    _links(store, numbers)
    return numbers


def _nothing_alike(_entry, _same_day):
    return None


# -- events ----------------------------------------------------------------------------------------------------------


def entries():
    """The event entries."""
    return [
        entry(
            FERRY,
            "Ferry with ninety people runs aground near Halvika",
            [
                (FERRY_LIVE, "Harbour Post"),
                (FERRY_RESCUED, "Tidewater"),
                (FERRY_WIRE, "Courier"),
                (FERRY_COPY, "Reuters via Gazette"),
                (FERRY_GONE, "Lantern"),
                (FERRY_REFUSED, ""),
                ("http://harbour-post.example/cover.jpg", "Cover Image"),
                ("htp:/nowhere", "A slip of the pen"),
            ],
            category="Disasters and accidents",
            topics=("Ferry accidents", "Halvika"),
            entities=("Halvika", "Outer Reef"),
            description="A ferry ran aground.",
            related=(
                RelatedLink(position=1, headline="Harbour closes", target_key=HARBOUR, context=("Halvika",)),
                RelatedLink(position=2, headline="Not imported", target_key="2006/07/6/not-imported"),
            ),
        ),
        entry(HARBOUR, "Harbour of Halvika closes for the day", [], entities=("Halvika",)),
        entry(BARE, "Something happens and nobody is cited", []),
        entry(STRIKE, "Dockers strike again", [(STRIKE_UNTRIED, "Harbour Post")]),
        entry(
            HOSTILE,
            f"{SCRIPT} & {TURNED}",
            [
                (HOSTILE_PAGE, '"><img src=x onerror=alert(1)>'),
                ("javascript:alert(1)", "Click me"),
                ("data:text/html,<script>alert(2)</script>", "Or me"),
            ],
            category="<b>bold</b>",
            topics=("</title><script>alert(3)</script>",),
            entities=("E" * 5000, "a&b=c#d?e"),
            description="{{ 7 * 7 }} {% raw %}",
        ),
    ]


def entry(key, headline, cited, **fields):
    """One event entry that cites (URL, label) pairs."""
    year, month, day, _ = key.split("/", 3)
    values = {
        "key": key,
        "event_date": date(int(year), int(month), int(day)),
        "headline": headline,
        "headline_raw": headline,
        "sources": source_links([Citation(url=url, label=label) for url, label in cited]),
        "origin": EntryOrigin(name="invented.md", line=1, format="event page"),
    }
    return EventEntry(**(values | fields))


# -- articles --------------------------------------------------------------------------------------------------------


def article(headline, body, **fields):
    """An article as it comes out of extraction."""
    values = {
        "headline": headline,
        "body": body,
        "byline": "Ada Lindqvist",
        "contributors": (Contributor(name="Ada Lindqvist"),),
        "published_at": dated(THEN),
        "language": "en",
        "site_name": "Harbour Post",
        "access": Access.FULL,
        "evidence": {
            "headline": "og:title",
            "byline": "json-ld author",
            "body": "trafilatura",
            "language": "html lang",
        },
        "confidence": {"headline": 0.99, "published_at": 0.97},
        "extractor": "trafilatura",
        "extractor_version": "1",
    }
    return Article(**(values | fields))


def dated(moment, precision=DatePrecision.MINUTE, evidence="json-ld datePublished"):
    """A time that a page states."""
    return DatedTime(value=moment, precision=precision, evidence=evidence, raw=moment.isoformat())


def page_of(made):
    """What a page of such an article may look like."""
    return f"<html><head><title>{made.headline}</title></head><body><h1>{made.headline}</h1>{made.body}</body></html>"


class _Filling:
    """Stores what attempts brought."""

    def __init__(self, store, writer):
        self.store, self.writer = store, writer

    def came(self, url, made=None, *, outcome=Outcome.FETCHED, days=8, status=200, archived_at=None, **attempt):
        """One attempt; with an article or a status a capture too. Returns the answer of the store."""
        document = self.store.document(canonical_url(url))
        moment = NOW - timedelta(days=days)
        memento = _memento(document, archived_at) if archived_at else None
        payload = (page_of(made) if made else f"status {status}").encode()
        captures = (
            (
                self.writer.append(
                    _exchange(document.request_url, payload, moment, status, memento), kind=CaptureKind.LIVE, known={}
                ),
            )
            if status
            else ()
        )
        key = hashlib.sha256(f"{url} {days} {archived_at}".encode()).hexdigest()[:32]
        values = {
            "key": key,
            "document_id": document.id,
            "reason": FetchReason.BACKFILL if archived_at else FetchReason.NEW,
            "outcome": outcome,
            "request_url": document.request_url,
            "final_url": document.request_url,
            "started_at": moment,
            "finished_at": moment + timedelta(seconds=2),
            "status": status or None,
            "archive": "lantern" if archived_at else "",
            "bytes_received": len(payload),
        }
        result = FetchResult(
            attempt=FetchAttempt(**(values | attempt)),
            captures=captures,
            article=fingerprint(made, host=document.host) if made else None,
        )
        (answer,) = self.store.archive([result], decide=decide, now=moment + timedelta(seconds=3))
        assert not answer.error, answer.error
        return answer


def _exchange(url, payload, moment, status, memento):
    return Exchange(
        url=memento.url if memento else url,
        request_headers=(("User-Agent", "tests"),),
        status=status,
        headers=(("Content-Type", "text/html; charset=utf-8"),),
        payload=payload,
        fetched_at=moment,
        memento=memento,
    )


def bare_capture(document, moment):
    """A capture that has a row and no record: enough where nobody opens it."""
    return Capture(
        kind=CaptureKind.LIVE,
        url=document.request_url,
        captured_at=moment,
        fetched_at=moment,
        status=200,
        headers=(),
        media_type="text/html",
        payload_digest=f"sha256:{hashlib.sha256(document.request_url.encode()).hexdigest()}",
        payload_length=1,
        location=RecordLocation(
            file=f"{document.id}.warc.gz", offset=0, length=100, record_id=f"urn:uuid:{uuid.UUID(int=document.id)}"
        ),
    )


def _memento(document, moment):
    stamp = f"{moment:%Y%m%d%H%M%S}"
    return Memento(
        archive="lantern",
        url=f"http://archive.example/{stamp}id_/{document.request_url}",
        page_url=document.request_url,
        captured_at=moment,
        requested_at=THEN,
        public_url=f"http://archive.example/{stamp}/{document.request_url}",
    )


def _articles(made):
    first = article(
        "Ferry Runs Aground",
        "The ferry Aurelia ran aground at noon.\n\n## What is known\n\n- 90 people were on board\n\n- nobody is hurt"
        "\n\n> We drifted, said the master.\n\nThe reef is marked on every chart & every pilot knows it.",
        standfirst="Two tugs pull the Aurelia free.",
    )
    second = article(
        "Ferry Runs Aground, Two Are Hurt",
        first.body.replace("nobody is hurt", "two are hurt") + "\n\nThe ferry will be examined in the yard.",
    )
    made.came(FERRY_LIVE, first)
    live = made.came(FERRY_LIVE, second, days=2, reason=FetchReason.REFRESH)
    made.came(FERRY_RESCUED, outcome=Outcome.GONE, status=404, days=7)
    rescued = made.came(
        FERRY_RESCUED,
        article(
            "Pilot blames the fog",
            "A pilot who has known the reef for thirty years says that fog hid the marks. He would have turned back, "
            "he told this paper, and so would every pilot of his age.",
            site_name="Tidewater",
            byline="",
            published_at=dated(datetime(2006, 7, 5, tzinfo=UTC), DatePrecision.DAY, "url path"),
        ),
        archived_at=datetime(2006, 7, 8, 4, 5, 6, tzinfo=UTC),
        days=6,
    )
    wire = article("Ferry aground off Halvika", WIRE_BODY, agency="Reuters", site_name="Courier", byline="")
    return Numbers(
        live=live.article_id,
        rescued=rescued.article_id,
        wire=made.came(FERRY_WIRE, wire).article_id,
        copy=made.came(FERRY_COPY, article("Ferry hits reef", WIRE_BODY, site_name="Gazette"), days=7).article_id,
        hostile=made.came(
            HOSTILE_PAGE,
            article(
                f"Headline {SCRIPT}",
                f"{SCRIPT} {TURNED}\n\n## {SCRIPT}\n\n- [x](javascript:alert(1))\n\n> <iframe src=//evil.example>",
                byline='"><svg onload=alert(1)>',
                language="en",
                site_name="<i>",
                evidence={"headline": SCRIPT},
            ),
        ).article_id,
        other=_loose(made, OTHER_REPORT, "Harbour shut after grounding"),
        proposed=_loose(made, PROPOSED_REPORT, "Pier is repainted"),
    )


def _loose(made, url, headline):
    """An article that no event cites."""
    made.store.ensure_document(source_links([Citation(url=url)])[0].identity, now=NOW - timedelta(days=9))
    return made.came(
        url, article(headline, f"{headline}. That is all that is known about it so far, says {url}.", site_name="")
    ).article_id


def _failures(made):
    made.came(FERRY_GONE, outcome=Outcome.GONE, status=404, detail="the server answered 404")
    gone = made.store.document(canonical_url(FERRY_GONE))
    made.store.put_search(
        ArchiveSearch(
            document_id=gone.id,
            archive="lantern",
            state=SearchState.NEVER_ARCHIVED,
            asked_at=NOW - timedelta(days=5),
            detail="no copy of these years",
        )
    )
    made.came(FERRY_REFUSED, outcome=Outcome.TIMEOUT, status=0, detail="nothing came within 30 s")


def _links(store, numbers):
    for article_id, state, score in (
        (numbers.other, LinkState.LINKED, 0.93),
        (numbers.proposed, LinkState.PROPOSED, 0.61),
    ):
        link = EventLink(
            event_key=HARBOUR,
            article_id=article_id,
            how=LinkHow.CONTENT,
            score=score,
            evidence="same place and day; 5 words in common",
            state=state,
        )
        store.put_links(article_id, [link], now=NOW)
