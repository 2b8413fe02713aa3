from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from storage.types import (
    Article,
    ArticleVersion,
    ArticleView,
    ClusterMember,
    DatedTime,
    DatePrecision,
    Document,
    EventLink,
    Memento,
    Verdict,
    VerdictKind,
)

URL = "https://www.halvika-post.example/2006/07/05/ferry-stays-in-port-a12"


@pytest.fixture(scope="session")
def make_article():
    def make(**fields):
        facts = {
            "headline": "Ferry Stays in Port as Crew Falls Ill",
            "body": (
                "HALVIKA (Reuters) - The ferry Aurelia stays in port, its owner said — until the crew is well.\n\n"
                "## What is known\n\n- 12 of 30 are ill\n\n> “Nobody is to blame,” he said.\n\n"
                "Tickets cost $5; AT&T and the crew's union [sic] agree that 2 * 3 is 6."
            ),
            "byline": "Ada Lindqvist",
            "published_at": DatedTime(
                value=datetime(2006, 7, 5, 14, 30, tzinfo=UTC),
                precision=DatePrecision.MINUTE,
                evidence="json-ld datePublished",
            ),
            "language": "en",
            "site_name": "Halvika Post",
            "agency": "Reuters",
            "dateline": "HALVIKA (Reuters)",
            "evidence": {"headline": "og:title", "byline": "json-ld author"},
            "extractor": "trafilatura",
            "extractor_version": "2.3.1",
            "text_digest": "ab" * 32,
        }
        return Article(**(facts | fields))

    return make


@pytest.fixture(scope="session")
def make_view(make_article):
    """A view with two versions, of which the second has the given article."""

    def make(article=None, **document):
        moment = datetime(2006, 7, 6, 8, 0, tzinfo=UTC)
        versions = tuple(
            ArticleVersion(
                id=number + 40,
                article_id=12,
                number=number,
                capture_id=number,
                captured_at=moment,
                extracted_at=moment,
                article=one,
                verdict=Verdict(kind=kind, evidence="no stored version shares enough with it to be compared"),
            )
            for number, one, kind in (
                (1, make_article(body="First text."), VerdictKind.NEW),
                (2, article or make_article(), VerdictKind.NEW_VERSION),
            )
        )
        known = {"id": 5, "canonical_url": URL, "request_url": URL, "url_key": "", "host": "", "added_at": moment}
        members = [(12, False), (3, True)]
        return ArticleView(
            id=12,
            document=Document(**(known | document)),
            versions=versions,
            cluster=tuple(
                ClusterMember(article_id=number, canonical_url=URL, headline="x", representative=first, score=0.9)
                for number, first in members
            ),
            events=(
                EventLink(event_key="2006/07/5/ferry-strike", article_id=12, evidence="cited as [Halvika Post]"),
                EventLink(event_key="2006/07/4/ferry", article_id=12),
            ),
        )

    return make


@pytest.fixture(scope="session")
def memento():
    """The view as if its current version were an archived copy's."""

    def of(view, **changes):
        moment = datetime(2012, 10, 9, 8, 7, 6, tzinfo=UTC)
        facts = {"archive": "lantern", "url": "https://lantern.example/x", "page_url": URL, "public_url": ""}
        copy = Memento(**(facts | {"captured_at": moment, "requested_at": moment} | changes))
        return replace(view, versions=(*view.versions[:-1], replace(view.versions[-1], memento=copy)))

    return of
