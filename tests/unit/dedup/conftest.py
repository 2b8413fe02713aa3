"""The labelled pairs are shared with tests/benchmarks/dedup/run.py, which prints their table."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.dedup import fingerprint
from storage.types import Article, Candidate

sys.path.append(str(Path(__file__).parents[2] / "benchmarks" / "dedup"))


@pytest.fixture(scope="session")
def make_article():
    def make(body="", headline="Ferry stays in port", **fields):
        return fingerprint(Article(headline=headline, body=body, **fields))

    return make


@pytest.fixture(scope="session")
def make_candidate():
    """A candidate as storage would present the stored article to a fresh one; version 7 of another document."""

    def make(stored, fresh, **fields):
        facts = {
            "version_id": 7,
            "article_id": 3,
            "document_id": 5,
            "canonical_url": "https://news.example/ferry",
            "same_document": False,
            "current": True,
            "same_payload": False,
            "text_digest": stored.text_digest,
            "published_at": datetime(2006, 7, 5, tzinfo=UTC),
            "agency": stored.agency,
            "access": stored.access,
            "length": len(stored.body),
            "shared_keys": {name: len(set(keys) & set(fresh.keys[name])) for name, keys in stored.keys.items()},
            "own_keys": {name: len(keys) for name, keys in stored.keys.items()},
            "language": stored.language,
        }
        return Candidate(**(facts | fields))

    return make
