"""Small values for the store's tests: entries, results of attempts, articles, and deciders."""

import hashlib
import uuid
from datetime import UTC, date, datetime, timedelta

from storage.types import (
    ArchiveSearch,
    Article,
    BackfillRequest,
    BackfillRules,
    Capture,
    CaptureKind,
    Coverage,
    DatedTime,
    DatePrecision,
    DigestCheck,
    DocumentIdentity,
    EntryOrigin,
    EventEntry,
    FetchAttempt,
    FetchReason,
    FetchResult,
    HeldFile,
    HeldRecord,
    KnownMemento,
    LeaseRequest,
    Likeness,
    LinkKind,
    LooseSource,
    Memento,
    Outcome,
    RecordLocation,
    RelationKind,
    Run,
    SearchState,
    Selection,
    SourceLink,
    Verdict,
    VerdictKind,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def at(**delta):
    """A moment near `NOW`."""
    return NOW + timedelta(**delta)


# -- event side ------------------------------------------------------------------------------------------------------


def identity(path="/a", host="harbour-post.example", **fields):
    url = f"https://{host}{path}"
    return DocumentIdentity(canonical_url=url, request_url=url, url_key=f"{host}){path}", host=host, **fields)


def link(position=1, path="/a", host="harbour-post.example", **fields):
    values = {"label": "Harbour Post", "cited_url": f"http://{host}{path}", "identity": identity(path, host)}
    return SourceLink(position=position, **{**values, **fields})


def image(position):
    return link(position, "/cover.jpg", label="Cover Image", kind=LinkKind.IMAGE)


def broken(position):
    return link(position, identity=None, cited_url="htp:/nowhere", problem="no host")


def links(*paths):
    return tuple(link(number, path) for number, path in enumerate(paths, start=1))


def entry(slug="ferry-runs-aground", day=date(2006, 7, 5), sources=None, **fields):
    key = f"{day.year}/{day.month:02}/{day.day}/{slug}"
    headline = slug.replace("-", " ").capitalize()
    values = {
        "key": key,
        "event_date": day,
        "headline": headline,
        "headline_raw": headline,
        "sources": links("/a") if sources is None else tuple(sources),
        "origin": EntryOrigin(name=f"{slug}.md", line=1, format="event page"),
    }
    return EventEntry(**{**values, **fields})


def loose(path, host="harbour-post.example"):
    return LooseSource(
        cited_url=f"http://{host}{path}",
        identity=identity(path, host),
        origin=EntryOrigin(name="list.txt", line=1, format="urls"),
    )


def no_match(entry, same_day):
    """Every unknown key is a new event."""
    return


def same_sources_or_day(entry, same_day):
    """Everything of one day is one event."""
    return (same_day[0].key, "same day") if same_day else None


def same_sources(entry, same_day):
    """An entry with exactly the same cited URLs is the same event."""
    cited = {one.cited_url for one in entry.sources}
    for other in same_day:
        if cited and {one.cited_url for one in other.sources} == cited:
            return other.key, "same sources"
    return None


# -- web side --------------------------------------------------------------------------------------------------------


def attempt(document, outcome=Outcome.FETCHED, **fields):
    values = {
        "key": uuid.uuid4().hex,
        "document_id": document.id,
        "reason": FetchReason.NEW,
        "outcome": outcome,
        "request_url": document.request_url,
        "final_url": document.request_url,
        "started_at": NOW,
        "finished_at": at(seconds=2),
        "status": 200,
        "next_fetch_at": at(days=30),
        "bytes_received": 1000,
    }
    return FetchAttempt(**{**values, **fields})


def capture(document, payload=None, **fields):
    payload = payload or uuid.uuid4().hex
    values = {
        "kind": CaptureKind.LIVE,
        "url": document.request_url,
        "captured_at": NOW,
        "fetched_at": NOW,
        "status": 200,
        "headers": (("Content-Type", "text/html"), ("X-Odd", "\0 \udcff")),
        "media_type": "text/html",
        "payload_digest": "sha256:" + hashlib.sha256(payload.encode()).hexdigest(),
        "payload_length": len(payload),
        "location": RecordLocation(
            file=f"{uuid.uuid4().hex}.warc.gz", offset=0, length=100, record_id=f"urn:uuid:{uuid.uuid4()}"
        ),
    }
    return Capture(**{**values, **fields})


def result(document, text=None, outcome=Outcome.FETCHED, *, payload=None, attempt_fields=None, **fields):
    """One attempt with one capture; with `text`, an article too."""
    values = {
        "attempt": attempt(document, outcome, **(attempt_fields or {})),
        "captures": (capture(document, payload),),
        "article": None if text is None else article(text),
    }
    return FetchResult(**{**values, **fields})


def failure(document, outcome=Outcome.TIMEOUT, **fields):
    """An attempt that brought nothing."""
    return FetchResult(attempt=attempt(document, outcome, status=None, bytes_received=0, **fields))


# -- newsroom side ---------------------------------------------------------------------------------------------------


def keys_of(text):
    """One key per word: enough to share some."""
    digests = (hashlib.blake2b(word.encode("utf-8", "replace"), digest_size=8).digest() for word in text.split())
    return tuple(sorted({int.from_bytes(digest, "little", signed=True) for digest in digests}))


def dated(moment):
    return DatedTime(value=moment, precision=DatePrecision.MINUTE, evidence="json-ld datePublished", raw="stated")


def many_keys_of(text):
    """Eight keys per word: however short a text is, some of them stand in the index."""
    return keys_of(" ".join(f"{word}.{number}" for word in text.split() for number in range(8)))


def article(text, **fields):
    values = {
        "headline": text.split()[0],
        "body": text,
        "byline": "Mara Lind",
        "published_at": dated(NOW),
        "evidence": {"headline": "og:title"},
        "extractor": "generic",
        "extractor_version": "1",
        "text_digest": hashlib.sha256(text.encode("utf-8", "replace")).hexdigest(),
        "keys": {"words": keys_of(text)},
    }
    return Article(**{**values, **fields})


def decide(article, candidates):
    """A small decider with every kind of verdict: payload, text, own document, shared words."""
    for kind, signal, fits in (
        (VerdictKind.REVISIT, "same payload", lambda one: one.same_payload),
        (VerdictKind.REVISIT, "same text", lambda one: one.text_digest == article.text_digest),
        (VerdictKind.NEW_VERSION, "same document", lambda one: one.same_document and one.current),
        (VerdictKind.SYNDICATED, "agency", lambda one: article.agency and one.agency == article.agency),
        (
            VerdictKind.NEAR_DUPLICATE,
            "words",
            lambda one: 2 * one.shared_keys.get("words", 0) > len(article.keys.get("words", ())),
        ),
    ):
        for one in sorted(candidates, key=lambda one: not one.same_document):
            if fits(one):
                return Verdict(
                    kind=kind,
                    signal=signal,
                    matched_version_id=one.version_id,
                    score=0.9,
                    evidence="because",
                    likenesses=tuple(likeness(article, one, 0.9) for one in candidates if is_copy(article, one)),
                )
    return Verdict(kind=VerdictKind.NEW)


def is_copy(article, candidate):
    """Whether a version of another document tells the same; of two articles each says it of the other."""
    fewer = min(len(article.keys.get("words", ())), candidate.own_keys.get("words", 0))
    return not candidate.same_document and (
        candidate.same_payload
        or candidate.text_digest == article.text_digest
        or bool(article.agency and candidate.agency == article.agency)
        or 2 * candidate.shared_keys.get("words", 0) > fewer
    )


def likeness(article, candidate, score, kind=RelationKind.COPY):
    shared = candidate.shared_keys.get("words", 0)
    return Likeness(
        version_id=candidate.version_id,
        article_id=candidate.article_id,
        kind=kind,
        signal="words",
        score=score,
        share=shared / max(1, len(article.keys.get("words", ()))),
        other_share=shared / max(1, candidate.own_keys.get("words", 0)),
        evidence=f"{shared} words",
    )


def contained(article, candidates):
    """Everything is new or a new version; likenesses say which part of the shorter text stands in the longer one."""
    own = [one for one in candidates if one.same_document and one.current]
    found = []
    for one in candidates:
        fewer = min(len(article.keys.get("words", ())), one.own_keys.get("words", 0))
        score = one.shared_keys.get("words", 0) / fewer if fewer else 0.0
        if not one.same_document and score >= 0.25:
            found.append(likeness(article, one, score, RelationKind.COPY if score >= 0.5 else RelationKind.DERIVED))
    return Verdict(
        kind=VerdictKind.NEW_VERSION if own else VerdictKind.NEW,
        matched_version_id=own[0].version_id if own else None,
        likenesses=tuple(found),
    )


def as_stored(article, host):
    """The present program gives every article the fingerprint that it has."""
    return article


def undecided(article, candidates):
    """Everything is new."""
    return Verdict(kind=VerdictKind.NEW)


def request(run="run-1", now=NOW, max_hosts=10, per_host=10, minutes=5, skip_before=None, **selection):
    return LeaseRequest(
        token=run,
        now=now,
        until=now + timedelta(minutes=minutes),
        max_hosts=max_hosts,
        per_host=per_host,
        selection=Selection(**selection),
        skip_before=skip_before,
    )


# -- archive side ----------------------------------------------------------------------------------------------------

RULES = BackfillRules(
    failures={Outcome.GONE: 1, Outcome.TIMEOUT: 3, Outcome.TEASER: 0},
    dead_after=5,
    dead_outcomes=frozenset({Outcome.DNS, Outcome.CONNECTION}),
)


def cited_memento(path="/a", host="harbour-post.example", captured_at=None):
    return KnownMemento(
        archive="lantern.example", url=f"http://lantern.example/2006/http://{host}{path}", captured_at=captured_at
    )


def memento(document, captured_at, archive="lantern", **fields):
    values = {
        "archive": archive,
        "url": f"http://{archive}.example/{captured_at:%Y%m%d%H%M%S}id_/{document.request_url}",
        "page_url": document.request_url,
        "captured_at": captured_at,
        "requested_at": captured_at - timedelta(hours=1),
        "digest_check": DigestCheck.MATCHES,
        "index_digest": "sha1:ABCDEF",
        "index_row": '{"odd": "\0 \udcff"}',
        "source": "crawl-data/one.warc.gz 12+34",
        "public_url": f"http://{archive}.example/{captured_at:%Y%m%d%H%M%S}/{document.request_url}",
    }
    return Memento(**{**values, **fields})


def coverage(**fields):
    values = {"score": 0.75, "accepted": True, "found": ("ferry", "lind"), "missing": ("coast",), "detail": "2 of 3"}
    return Coverage(**{**values, **fields})


def from_archive(document, text=None, *, captured_at=None, outcome=Outcome.FETCHED, attempt_fields=None, **fields):
    """What fetching one archived copy brought; with `text`, an accepted one."""
    captured_at = captured_at or at(days=-4000)
    copy = memento(document, captured_at, **fields.pop("memento_fields", {}))
    told = {"reason": FetchReason.BACKFILL, "archive": copy.archive, "coverage": coverage(), "next_fetch_at": None}
    shown = capture(document, kind=CaptureKind.MEMENTO, url=copy.url, captured_at=captured_at, memento=copy)
    return result(
        document, text, outcome, captures=(shown,), attempt_fields={**told, **(attempt_fields or {})}, **fields
    )


def search(document, archive="lantern", state=SearchState.LISTED, asked_at=NOW, **fields):
    return ArchiveSearch(document_id=document.id, archive=archive, state=state, asked_at=asked_at, **fields)


def backfill(run="run-1", now=NOW, limit=10, minutes=5, **fields):
    """A request; what is no field of it narrows the selection."""
    own = {name: fields.pop(name) for name in ("since", "before", "rescued", "skip_after", "queued") if name in fields}
    until = now + timedelta(minutes=minutes)
    return BackfillRequest(token=run, now=now, until=until, limit=limit, selection=Selection(**fields), **own)


def held_file(path="/held/one.warc.gz", **fields):
    values = {"size": 900, "modified_ns": 1_767_430_800_123_456_789, "kind": "warc", "indexed_at": NOW}
    return HeldFile(path=path, **{**values, **fields})


def held_record(path="/held/one.warc.gz", url_key="example,harbour-post)/a", days=0, **fields):
    values = {"offset": 10, "length": 690, "url": "http://harbour-post.example/a", "captured_at": at(days=days)}
    return HeldRecord(path=path, url_key=url_key, **{**values, **fields})


# -- operations ------------------------------------------------------------------------------------------------------


def run(token, **fields):
    values = {"command": "dateline crawl", "machine": "host", "pid": 7, "started_at": NOW, "heartbeat_at": NOW}
    return Run(token=token, **{**values, **fields})
