"""What a stored document is by the present rules for URLs."""

import pytest

from crawler.renaming import present_identity
from crawler.urls import identify
from storage.types import Document, utc_now

CITED = [
    "http://www.merrow-post.example/2016/05/09/quay?utm_source=feed",
    "https://m.merrow-post.example:8443/2016/05/09/index.html",
    "http://merrow-post.example/amp/a b;jsessionid=1?id=5&ID=6#top",
    "http://www.lind-herald.example/#!/quay",
    "http://www.lind-herald.example/news#/2016/quay",
    "http://twitter.com/#!/harbour/status/5",
    "https://web.archive.org/web/20160510120000/http://www.merrow-post.example/2016/05/09/quay",
    "https://web.archive.org/web/2016*/http://www.lind-herald.example/#!/quay",
    "https://archive.today/aB3dE",
    "https://www.webcitation.org/5abcdefgh",
    "http://webcitation.org/query?url=http%3A%2F%2Fwww.merrow-post.example%2Fa&date=2009-01-02",
    "http://www.google.com/url?q=http://www.merrow-post.example/a&sa=D",
    "merrow-post.example/ünë",
]


def stored(identity, **fields):
    values = {
        "id": 1,
        "canonical_url": identity.canonical_url,
        "request_url": identity.request_url,
        "url_key": identity.url_key,
        "host": identity.host,
        "added_at": utc_now(),
        "memento": identity.memento,
    }
    return Document(**{**values, **fields})


@pytest.mark.parametrize("cited", CITED)
def test_what_was_cited_today_is_the_same_when_it_is_asked_again(cited):
    identity = identify(cited)
    found = present_identity(stored(identity))
    assert (found.canonical_url, found.url_key) == (identity.canonical_url, identity.url_key)


def test_what_an_older_program_kept_apart_is_what_the_rules_say_today():
    identity = identify(CITED[0])
    assert present_identity(stored(identity, canonical_url=CITED[0], url_key="old")) == identity


def test_what_cannot_be_requested_any_more_is_nothing():
    assert present_identity(stored(identify(CITED[0]), request_url="ftp://merrow-post.example/a")) is None
