"""Stores visits of invented pages in a library, as captures of every kind.

Shared by tests of several folders.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from crawler.urls import identify
from storage.captures import CaptureWriter, payload_digest
from storage.types import (
    Article,
    CaptureKind,
    EntryOrigin,
    Exchange,
    FetchAttempt,
    FetchReason,
    FetchResult,
    ImageFacts,
    LooseSource,
    Memento,
    Outcome,
    Verdict,
    VerdictKind,
    WantedImage,
)

START = datetime(2026, 3, 4, 5, 6, 7, 89, tzinfo=UTC)
HTML = (("Content-Type", "text/html; charset=utf-8"),)
IMAGE = "http://images.example/ferry.jpg"
OLD = datetime(2012, 10, 9, 8, 7, 6, tzinfo=UTC)


def page(text):
    return f"<html><title>{text}</title><p>{text} The ferry Aurelia stays in port.</p></html>".encode() * 20


class Press:
    """Stores visits of pages in a library, one after the other, a minute apart."""

    def __init__(self, library):
        self.library = library
        self._writer = CaptureWriter(library.captures, token="0123456789abcdef", software="dateline/test")
        self._minutes = 0

    def close(self):
        self._writer.close()

    def exchange(self, url, payload, **changes):
        self._minutes += 1
        facts = {"request_headers": (("User-Agent", "dateline-test"),), "status": 200, "reason": "OK", "headers": HTML}
        moment = START + timedelta(minutes=self._minutes)
        return Exchange(**(facts | {"url": url, "payload": payload, "fetched_at": moment} | changes))

    def visit(self, url, *exchanges, headline="Ferry stays in port", image="", facts=None, captured_at=None):
        """Store what a visit brought; the last exchange is the page. Returns the captures as they are stored."""
        store, identity = self.library.store, identify(url)
        origin = EntryOrigin(name="list.txt", line=1, format="urls")
        store.put_loose([LooseSource(cited_url=url, identity=identity, origin=origin)], now=START)
        captures = [self._stored(one, captured_at) for one in exchanges]
        self._writer.sync()
        moment = exchanges[-1].fetched_at
        memento = exchanges[-1].memento
        attempt = FetchAttempt(
            key=uuid.uuid4().hex,
            document_id=store.document(identity.canonical_url).id,
            reason=FetchReason.BACKFILL if memento else FetchReason.NEW,
            outcome=Outcome.FETCHED if headline else Outcome.IMAGE,
            request_url=url,
            final_url=exchanges[-1].url,
            started_at=moment,
            finished_at=moment,
            archive=memento.archive if memento else "",
        )
        article = Article(
            headline=headline,
            body=f"{headline}.\n\nThe ferry Aurelia stays in port.",
            text_digest=exchanges[-1].payload.hex()[:64],
            extractor="test",
            extractor_version="1",
        )
        wanted = WantedImage(url=image, identity=identify(image)) if image else None
        result = FetchResult(
            attempt=attempt,
            captures=tuple(captures),
            article=article if headline else None,
            lead_image=wanted,
            image=facts,
        )
        (answer,) = store.archive([result], decide=_decided, now=moment)
        assert not answer.error
        stored = store.history(identity.canonical_url).captures
        return [one for one in stored if one.attempt_id == answer.attempt_id]

    def _stored(self, exchange, captured_at):
        kind = CaptureKind.LIVE
        if exchange.memento:
            kind = CaptureKind.MEMENTO
        elif exchange.rendered:
            kind = CaptureKind.RENDERED
        known = self.library.store.known_payloads([payload_digest(exchange.payload)])
        return self._writer.append(exchange, kind=kind, known=known, captured_at=captured_at)


def _decided(article, candidates):
    own = any(one.same_document for one in candidates)
    return Verdict(kind=VerdictKind.NEW_VERSION if own else VerdictKind.NEW)


def fill(press):
    """Captures of every kind: plain, redirected, revisits, archived copies, rendered, with a lead image."""
    paper, mirror = "http://harbour-post.example/ferry", "http://mirror.example/ferry"
    moved = (("Location", "http://harbour-post.example/ferry"), *HTML)
    press.visit(
        "http://harbour-post.example/f?id=1",
        press.exchange("http://harbour-post.example/f?id=1", b"moved", status=301, headers=moved, reason="Moved"),
        press.exchange(paper, page("first"), headers=(*HTML, ("Transfer-Encoding", "chunked"))),
        image=IMAGE,
    )
    press.visit(
        "http://harbour-post.example/f?id=1", press.exchange(paper, page("second")), headline="Ferry sails", image=IMAGE
    )
    press.visit(mirror, press.exchange(mirror, page("first")), headline="A mirror")
    copied = Memento(
        archive="lantern",
        url="http://lantern.example/web/20121009080706id_/http://gone.example/ferry",
        page_url="http://gone.example/ferry",
        captured_at=OLD,
        requested_at=OLD,
    )
    archived = press.exchange(copied.url, page("old"), memento=copied)
    press.visit("http://gone.example/ferry", archived, headline="An old one", captured_at=OLD)
    again = press.exchange(
        "http://lantern.example/web/x",
        page("first"),
        memento=replace(copied, url="http://lantern.example/web/x", page_url="http://lost.example/ferry"),
    )
    press.visit("http://lost.example/ferry", again, headline="An old mirror", captured_at=OLD)
    shell = "http://shell.example/ferry"
    press.visit(
        shell,
        press.exchange(shell, b"<div id=root></div>"),
        press.exchange(shell, page("by script"), rendered=True),
        headline="By script",
    )
    facts = ImageFacts(width=640, height=480, media_type="image/jpeg", perceptual_hash=1)
    image = press.exchange(IMAGE, bytes(range(256)) * 8, headers=(("Content-Type", "image/jpeg"),))
    press.visit(IMAGE, image, headline="", facts=facts)
