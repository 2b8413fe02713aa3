"""Whether a copy is the page that was cited."""

import asyncio
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from crawler.backfilling.accepting import Judge
from crawler.classify import PageReading
from crawler.errors import PageTooHard
from crawler.items import FetchedPage, FetchTask
from storage.memory import MemoryStore
from storage.types import Article, Citation, Document, Exchange, FetchReason, Outcome

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CAPTURED = datetime(2011, 5, 10, tzinfo=UTC)
URL = "http://paper.example/2011/quay"
HEADLINE = "Merrow closes its rotten quay to lorries"


def copy():
    document = Document(
        id=1, canonical_url=URL, request_url=URL, url_key="example,paper)/2011/quay", host="paper.example", added_at=NOW
    )
    task = FetchTask(document=document, reason=FetchReason.BACKFILL, attempt_key="k", run_token="run", archive="attic")
    exchange = Exchange(url="http://a", request_headers=(), status=200, headers=(), payload=b"x", fetched_at=NOW)
    return FetchedPage(
        task=task,
        started_at=NOW,
        finished_at=NOW,
        redirects=(),
        final_url=URL,
        exchanges=(exchange,),
        content=b"x",
        content_type="text/html",
        citations=(Citation(event_key="e", event_date=date(2011, 5, 9), headline=HEADLINE),),
        captured_at=CAPTURED,
        headers=(("X-Robots-Tag", "noarchive"),),
    )


class OneThread:
    """A store's thread that answers at once."""

    def __init__(self):
        self.store = MemoryStore()

    async def call(self, work):
        return work(self.store)


def judged(answer):
    given = []

    async def read(page):
        given.append(page)
        if isinstance(answer, Exception):
            raise answer
        return answer

    # The configuration tells where the captures of an older article are: this document has none.
    session = SimpleNamespace(pool=SimpleNamespace(read=read), store=OneThread(), configuration=None)
    understood = asyncio.run(Judge(session)(copy()))
    return understood, given[0]


def reading(text, outcome=Outcome.FETCHED):
    article = Article(headline=text, body=f"{text}. " * 30)
    return PageReading(outcome=outcome, detail="", article=article, verdict=None)


def test_the_article_that_was_cited_is_taken_with_the_evidence():
    understood, given = judged(reading(HEADLINE))
    assert (understood.outcome, understood.article.headline) == (Outcome.FETCHED, HEADLINE)
    assert understood.coverage.accepted
    assert given.captured_at == CAPTURED  # no date that the extractor guesses may lie after it
    assert given.headers == (("X-Robots-Tag", "noarchive"),)


def test_another_article_is_not_taken_and_the_evidence_stays():
    understood, _ = judged(reading("Parliament debates the price of sugar beet"))
    assert (understood.outcome, understood.article) == (Outcome.UNRELATED, None)
    assert not understood.coverage.accepted
    assert understood.detail == understood.coverage.detail


@pytest.mark.parametrize(
    ("error", "outcome"),
    [(PageTooHard("20 s"), Outcome.EXTRACTION_LIMIT), (ValueError("a mistake of ours"), Outcome.FAILED)],
)
def test_a_copy_that_cannot_be_understood_is_told_so(error, outcome):
    understood, _ = judged(error)
    assert (understood.outcome, understood.article) == (outcome, None)
