"""More captures and articles for a library of a test's own."""

import hashlib
import uuid
from contextlib import contextmanager
from datetime import timedelta

from invented_library import NOW

from crawler.configuration import load
from crawler.dedup import decide, fingerprint
from crawler.events.links import Citation, source_links
from crawler.library import open_library
from storage.captures import CaptureWriter
from storage.types import CaptureKind, Exchange, FetchAttempt, FetchReason, FetchResult, Outcome

HTML = (("Content-Type", "text/html; charset=utf-8"),)


class Adding:
    """Stores captures one after the other, a minute apart."""

    def __init__(self, library, writer):
        self.store, self._writer, self._count = library.store, writer, 0

    def came(self, url, payload=b"<p>page", headers=HTML, *, made=None, status=200, kind=CaptureKind.LIVE, **exchange):
        """One capture, with an article where one is given; returns its number and that of the article."""
        self._count += 1
        moment = NOW + timedelta(minutes=self._count)
        identity = source_links([Citation(url=url)])[0].identity
        document = self.store.ensure_document(identity, now=moment)
        sent = Exchange(
            url=document.request_url,
            request_headers=(("Cookie", "stored=request"),),
            status=status,
            headers=headers,
            payload=payload,
            fetched_at=moment,
            **exchange,
        )
        digest = f"sha256:{hashlib.sha256(payload).hexdigest()}"
        capture = self._writer.append(sent, kind=kind, known=self.store.known_payloads([digest]))
        attempt = FetchAttempt(
            key=uuid.uuid4().hex,
            document_id=document.id,
            reason=FetchReason.REQUESTED,
            outcome=Outcome.FETCHED,
            request_url=document.request_url,
            final_url=document.request_url,
            started_at=moment,
            finished_at=moment,
            status=status,
        )
        result = FetchResult(
            attempt=attempt,
            captures=(capture,),
            article=fingerprint(made, host=document.host) if made else None,
        )
        (answer,) = self.store.archive([result], decide=decide, now=moment)
        assert not answer.error, answer.error
        return self.store.history(document.canonical_url).captures[-1].id, answer.article_id


@contextmanager
def adding(folder):
    """Adds to the library of a folder; what came can be read when this ends."""
    with (
        open_library(load(folder)) as library,
        CaptureWriter(library.captures, token=uuid.uuid4().hex[:8], software="tests") as writer,
    ):
        yield Adding(library, writer)
        writer.sync()
