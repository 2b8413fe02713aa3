"""``dateline why`` shows the evidence beside each attempt: judgement, robots.txt, reservations, certificate."""

import uuid
from datetime import timedelta

import pytest

from crawler.configuration import load
from crawler.dedup import decide
from crawler.library import open_library
from crawler.urls import canonical_url
from storage.captures import CaptureWriter
from storage.types import (
    CaptureKind,
    Clue,
    Exchange,
    FetchAttempt,
    FetchReason,
    FetchResult,
    Outcome,
    PageKind,
    PageVerdict,
    RobotsDecision,
    utc_now,
)

URL = "http://www.merrow-post.example/2016/quay"


@pytest.fixture
def attempted(dateline, in_news, table):
    """Store one attempt at the URL."""
    dateline("events", "import", table(URL))

    def store(outcome, *, tls=None, **fields):
        now = utc_now()
        with open_library(load(in_news)) as library:
            attempt = FetchAttempt(
                key=uuid.uuid4().hex,
                document_id=library.store.document(canonical_url(URL)).id,
                reason=FetchReason.NEW,
                outcome=outcome,
                request_url=URL,
                final_url=URL,
                started_at=now,
                finished_at=now,
                next_fetch_at=now + timedelta(days=30),
                **fields,
            )
            captures = ()
            if tls is not None:
                with CaptureWriter(library.captures, token="a1b2c3d4", software="tests") as writer:
                    exchange = Exchange(
                        url=URL, request_headers=(), status=200, headers=(), payload=b"x", fetched_at=now, tls=tls
                    )
                    captures = (writer.append(exchange, kind=CaptureKind.LIVE, known={}),)
                    writer.sync()
            (stored,) = library.store.archive([FetchResult(attempt=attempt, captures=captures)], decide=decide, now=now)
            assert not stored.error

    return store


def clues(*names):
    return tuple(
        Clue(name=name, kind=PageKind.SOFT_404, weight=3.0 - place, detail=f"of {name}")
        for place, name in enumerate(names)
    )


def test_the_judgement_is_shown_with_its_strongest_clues(dateline, attempted):
    against = Clue(name="tells in sentences", kind=PageKind.ARTICLE, weight=3.5)
    page = PageVerdict(
        kind=PageKind.SOFT_404, score=0.934, clues=(against, *clues("first", "second", "third", "fourth"))
    )
    attempted(Outcome.SOFT_404, page=page)
    said = dateline("why", URL).out
    assert "soft_404 0.93: first (of first), second (of second), third (of third), 2 more clues\n" in said
    assert "(gone like a 404; sites are seldom repaired)" in said
    assert "a web archive may have it" in said
    assert "dateline replay" not in said
    assert len(dateline("why", URL, "--json").json["attempts"][0]["page"]["clues"]) == 5


def test_what_robots_txt_said_is_shown_with_its_line(dateline, attempted):
    rule = "Disallow: /2016/ (line 3, for *)"
    attempted(Outcome.ROBOTS, robots=RobotsDecision(allowed=False, rule=rule, status=200))
    assert ["robots", f"forbidden: {rule}"] in [
        line.split(maxsplit=1) for line in dateline("why", URL).out.splitlines()
    ]
    attempted(Outcome.NO_ARTICLE, robots=RobotsDecision(allowed=True, rule="no rule applies", status=200))
    assert ["robots", "no rule applies"] in [line.split(maxsplit=1) for line in dateline("why", URL).out.splitlines()]


def test_reservations_and_a_bad_certificate_are_shown(dateline, attempted):
    reserved = ("X-Robots-Tag: noarchive", "meta tdm-reservation: 1")
    attempted(Outcome.NO_ARTICLE, tls="unverified: it expired on 2015-03-01", reservations=reserved)
    said = dateline("why", URL).out
    assert "X-Robots-Tag: noarchive; meta tdm-reservation: 1\n" in said
    assert "unverified: it expired on 2015-03-01\n" in said


def test_a_verified_certificate_needs_no_word(dateline, attempted):
    attempted(Outcome.NO_ARTICLE, tls="verified")
    assert "certificate" not in dateline("why", URL).out


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.EXTRACTION_LIMIT])
def test_what_is_our_own_fault_names_the_command_that_mends_it(dateline, attempted, outcome):
    attempted(outcome, detail="ValueError: no")
    assert "dateline replay https" not in dateline("why", URL).out  # no page was stored
    attempted(outcome, tls="", detail="ValueError: no")
    assert "`dateline replay https://merrow-post.example/2016/quay` judges it again" in dateline("why", URL).out


def test_evidence_cannot_steer_the_terminal(dateline, attempted):
    page = PageVerdict(
        kind=PageKind.SOFT_404,
        score=0.9,
        clues=(Clue(name="says so", kind=PageKind.SOFT_404, weight=1.0, detail="gone \x1b[31m\nreally"),),
    )
    attempted(Outcome.SOFT_404, page=page, reservations=("X-Robots-Tag: \x1b]0;title\x07",))
    assert "\x1b" not in dateline("why", URL).out
