"""Rows to values and back, for the web and the newsroom side; and the queries that fetch such rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, literal_column, select

from storage.sql.columns import short_digest
from storage.sql.judgements import judgement_values, unpack_page, unpack_robots
from storage.sql.mementos import pack_coverage, pack_memento, unpack_coverage, unpack_memento
from storage.sql.models import (
    ArticleRow,
    ArticleVersionRow,
    AttemptRow,
    CaptureRow,
    DocumentRow,
    HostRow,
    SightingRow,
)
from storage.sql.texts import article
from storage.types import (
    ArticleVersion,
    Capture,
    CaptureKind,
    Document,
    DocumentIdentity,
    DocumentRole,
    FetchAttempt,
    FetchReason,
    KnownMemento,
    Outcome,
    RecordLocation,
    Redirect,
    Validators,
    Verdict,
    VerdictKind,
)

Values = dict[str, Any]

HAS_RECORD = CaptureRow.record_length > literal_column("0")
NOT_TAKEN_DOWN = and_(DocumentRow.takedown_id.is_(None), HostRow.takedown_id.is_(None))
"""That a capture's record was not removed while its text stays (`Capture.takedown_id`)."""


def url_digest(canonical_url: str) -> bytes:
    """What a document is found by."""
    return short_digest(canonical_url)


# -- documents -------------------------------------------------------------------------------------------------------


def documents() -> Select[Any]:
    """Documents with their host's name and their article, as `document` reads them."""
    return (
        select(*DocumentRow.__table__.columns, HostRow.name.label("host"), ArticleRow.id.label("article_id"))
        .join(HostRow, HostRow.id == DocumentRow.host_id)
        .outerjoin(ArticleRow, ArticleRow.document_id == DocumentRow.id)
    )


def document(row: Row[Any]) -> Document:
    """The value of one row of `documents`."""
    return Document(
        id=row.id,
        canonical_url=row.canonical_url,
        request_url=row.request_url,
        url_key=row.url_key,
        host=row.host,
        added_at=row.added_at,
        memento=_memento(row),
        last_outcome=None if row.last_outcome is None else Outcome(row.last_outcome),
        last_attempt_at=row.last_attempt_at,
        attempts=row.attempts,
        failures=row.failures,
        next_fetch_at=row.next_fetch_at,
        validators=Validators(etag=row.etag, last_modified=row.last_modified),
        article_id=row.article_id,
        role=DocumentRole(row.role),
        reported_at=row.reported_at,
        changed_at=row.changed_at,
        checks=row.checks,
        changes=row.changes,
    )


def _memento(row: Row[Any]) -> KnownMemento | None:
    if row.memento_url is None:
        return None
    return KnownMemento(archive=row.memento_archive, url=row.memento_url, captured_at=row.memento_captured_at)


def memento_values(memento: KnownMemento | None) -> Values:
    """Columns of a document that say which memento is known."""
    return {
        "memento_archive": memento.archive if memento else None,
        "memento_url": memento.url if memento else None,
        "memento_captured_at": memento.captured_at if memento else None,
    }


def new_document(identity: DocumentIdentity, host_id: int, *, now: datetime, due_at: datetime | None) -> Values:
    """Columns of a document that was never asked for."""
    return {
        "url_digest": url_digest(identity.canonical_url),
        "canonical_url": identity.canonical_url,
        "request_url": identity.request_url,
        "url_key": identity.url_key,
        "host_id": host_id,
        "added_at": now,
        "attempts": 0,
        "failures": 0,
        "next_fetch_at": due_at,
        "etag": "",
        "last_modified": "",
        **memento_values(identity.memento),
    }


# -- attempts and captures -------------------------------------------------------------------------------------------


def attempt_values(attempt: FetchAttempt, host_id: int, replayed: int | None) -> Values:
    """Columns of an attempt at a document of this host."""
    return {
        "key": attempt.key,
        "document_id": attempt.document_id,
        "reason": attempt.reason,
        "outcome": attempt.outcome,
        "request_url": attempt.request_url,
        "final_url": attempt.final_url,
        "started_at": attempt.started_at,
        "finished_at": attempt.finished_at,
        "status": attempt.status,
        "redirects": [[hop.url, hop.status] for hop in attempt.redirects],
        "detail": attempt.detail,
        "next_fetch_at": attempt.next_fetch_at,
        "bytes_received": attempt.bytes_received,
        "run_token": attempt.run_token,
        "replayed_capture_id": replayed,
        "archive": attempt.archive,
        "coverage": pack_coverage(attempt.coverage),
        **judgement_values(attempt, host_id),
    }


def attempt(row: Row[Any]) -> FetchAttempt:
    """The value of one row of attempts."""
    return FetchAttempt(
        id=row.id,
        key=row.key,
        document_id=row.document_id,
        reason=FetchReason(row.reason),
        outcome=Outcome(row.outcome),
        request_url=row.request_url,
        final_url=row.final_url,
        started_at=row.started_at,
        finished_at=row.finished_at,
        status=row.status,
        redirects=tuple(Redirect(url=url, status=status) for url, status in row.redirects),
        detail=row.detail,
        next_fetch_at=row.next_fetch_at,
        bytes_received=row.bytes_received,
        run_token=row.run_token,
        page=unpack_page(row.page),
        robots=unpack_robots(row.robots),
        reservations=tuple(row.reservations),
        archive=row.archive,
        coverage=unpack_coverage(row.coverage),
    )


def attempts() -> Select[Any]:
    """Attempts as `attempt` reads them."""
    return select(*AttemptRow.__table__.columns)


def capture_values(capture: Capture, attempt_id: int) -> Values:
    """Columns of a capture."""
    return {
        "attempt_id": attempt_id,
        "kind": capture.kind,
        "url": capture.url,
        "captured_at": capture.captured_at,
        "fetched_at": capture.fetched_at,
        "status": capture.status,
        "headers": [list(header) for header in capture.headers],
        "media_type": capture.media_type,
        "payload_digest": capture.payload_digest,
        "payload_length": capture.payload_length,
        "file": capture.location.file,
        "record_offset": capture.location.offset,
        "record_length": capture.location.length,
        "record_id": capture.location.record_id,
        "revisit_of": capture.revisit_of,
        "truncated": capture.truncated,
        "tls": capture.tls,
        "memento": pack_memento(capture.memento),
    }


def captures() -> Select[Any]:
    """Captures as `capture` reads them."""
    return select(*CaptureRow.__table__.columns)


def capture(row: Row[Any]) -> Capture:
    """The value of one row of captures."""
    return Capture(
        id=row.id,
        attempt_id=row.attempt_id,
        kind=CaptureKind(row.kind),
        url=row.url,
        captured_at=row.captured_at,
        fetched_at=row.fetched_at,
        status=row.status,
        headers=tuple((name, value) for name, value in row.headers),
        media_type=row.media_type,
        payload_digest=row.payload_digest,
        payload_length=row.payload_length,
        location=location(row),
        revisit_of=row.revisit_of,
        truncated=row.truncated,
        tls=row.tls,
        memento=unpack_memento(row.memento),
    )


def location(row: Row[Any]) -> RecordLocation:
    """Where the record of a row of captures is."""
    return RecordLocation(file=row.file, offset=row.record_offset, length=row.record_length, record_id=row.record_id)


# -- articles --------------------------------------------------------------------------------------------------------


def verdict_values(verdict: Verdict) -> Values:
    """Columns of a sighting that come from the verdict."""
    return {
        "verdict": verdict.kind,
        "signal": verdict.signal,
        "matched_version_id": verdict.matched_version_id,
        "score": verdict.score,
        "evidence": verdict.evidence,
    }


def versions() -> Select[Any]:
    """Versions with their first sighting, as `version` reads them."""
    return (
        select(
            *ArticleVersionRow.__table__.columns,
            CaptureRow.captured_at,
            CaptureRow.memento,
            SightingRow.verdict,
            SightingRow.signal,
            SightingRow.matched_version_id,
            SightingRow.score,
            SightingRow.evidence.label("verdict_evidence"),
        )
        .join(CaptureRow, CaptureRow.id == ArticleVersionRow.capture_id)
        .join(SightingRow, SightingRow.capture_id == ArticleVersionRow.capture_id)
    )


def version(row: Row[Any]) -> ArticleVersion:
    """The value of one row of `versions`."""
    return ArticleVersion(
        id=row.id,
        article_id=row.article_id,
        number=row.number,
        capture_id=row.capture_id,
        captured_at=row.captured_at,
        extracted_at=row.extracted_at,
        article=article(row),
        verdict=Verdict(
            kind=VerdictKind(row.verdict),
            signal=row.signal,
            matched_version_id=row.matched_version_id,
            score=row.score,
            evidence=row.verdict_evidence,
        ),
        memento=unpack_memento(row.memento),
    )
