"""Pages that were captured and understood, for tests of what removes them."""

import gzip
import uuid
from datetime import timedelta

from crawler.configuration import load
from crawler.dedup import decide
from crawler.library import open_library
from storage.captures import CaptureWriter
from storage.types import Article, CaptureKind, Exchange, FetchAttempt, FetchReason, FetchResult, Outcome, utc_now

ONE, TWO, THREE = (f"https://{host}.example/tram" for host in ("gazette", "courier", "ledger"))
RARE = "quokkaburra"
STORY = f"The night tram of Merrow runs again after eleven years, said {RARE} of the council. " * 30
OTHER = "Parliament in Orel votes to lower its tax on bicycles after a long debate. " * 30


def put_pages(folder, pages, *, ago=timedelta(hours=1)):
    with (
        open_library(load(folder)) as library,
        CaptureWriter(library.captures, token=uuid.uuid4().hex[:8], software="tests") as writer,
    ):
        for url, text in pages.items():
            put_page(library, writer, url, text, utc_now() - ago)


def put_page(library, writer, url, text, moment):
    payload = f"<html><body>{text}</body></html>".encode()
    digests = {one.payload_digest for one in library.store.captures()}
    exchange = Exchange(
        url=url,
        request_headers=(("Host", "a"),),
        status=200,
        headers=(("Content-Type", "text/html; charset=utf-8"), ("X-Of", url)),
        payload=payload,
        fetched_at=moment,
    )
    known = library.store.known_payloads(digests)
    capture = writer.append(exchange, kind=CaptureKind.LIVE, known=known)
    writer.sync()
    attempt = FetchAttempt(
        key=uuid.uuid4().hex,
        document_id=library.store.document(url).id,
        reason=FetchReason.NEW,
        outcome=Outcome.FETCHED,
        request_url=url,
        final_url=url,
        started_at=moment,
        finished_at=moment,
        status=200,
    )
    article = Article(headline=text[:20], body=text, text_digest=uuid.uuid5(uuid.NAMESPACE_URL, text).hex)
    (answer,) = library.store.archive(
        [FetchResult(attempt=attempt, captures=(capture,), article=article)], decide=decide, now=moment
    )
    assert not answer.error


def everything_in(folder):
    """The bytes of every file of a library, WARC files also unpacked."""
    found = {}
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            found[path.name] = data + (gzip.decompress(data) if path.suffix == ".gz" and data else b"")
    return found


def holding(folder, word):
    return [name for name, data in everything_in(folder).items() if word.encode() in data]
