"""Whatever signs strangers' texts have: feeds stay feeds, citations stay citations."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime

import feedparser
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from pybtex.database import parse_string

from crawler.exporting.atom import write_atom
from crawler.exporting.bibtex import entry_of
from crawler.exporting.citation_facts import citation_of
from crawler.exporting.csl import item_of
from crawler.exporting.feed_facts import About
from crawler.exporting.rss import write_rss
from storage.types import (
    Article,
    ArticleVersion,
    ArticleView,
    Contributor,
    ContributorKind,
    DatedTime,
    DatePrecision,
    Document,
    Memento,
    Verdict,
    VerdictKind,
)

THOROUGH = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
MOMENT = datetime(2006, 7, 5, 14, 30, tzinfo=UTC)
ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = st.sampled_from(
    [
        "]]>",
        "<!--",
        "&#0;",
        "\x00",
        "\ud800",
        "\uffff",
        "\\end{x}",
        "}",
        "{",
        "{\\",
        " and ",
        ",",
        '"',
        "%",
        "@online{",
        "\n\n",
    ]
)
texts = st.lists(st.text(max_size=12) | HOSTILE, max_size=5).map("".join)
moments = st.datetimes(timezones=st.just(UTC))


@st.composite
def views(draw):
    dates = st.none() | st.builds(
        DatedTime, value=moments, precision=st.sampled_from(DatePrecision), evidence=st.just("text")
    )
    article = Article(
        headline=draw(texts),
        body=draw(texts),
        byline=draw(texts),
        site_name=draw(texts),
        agency=draw(texts),
        language=draw(texts),
        published_at=draw(dates),
        modified_at=draw(dates),
        contributors=tuple(
            draw(st.lists(st.builds(Contributor, name=texts, kind=st.sampled_from(ContributorKind)), max_size=3))
        ),
    )
    captured_at = draw(moments)
    copy = Memento(
        archive=draw(texts),
        url="x",
        page_url="x",
        captured_at=captured_at,
        requested_at=captured_at,
        public_url=draw(texts.map("http://archive.example/".__add__)),
    )
    version = ArticleVersion(
        id=1,
        article_id=7,
        number=1,
        capture_id=1,
        captured_at=captured_at,
        extracted_at=captured_at,
        article=article,
        verdict=Verdict(kind=VerdictKind.NEW),
        memento=draw(st.none() | st.just(copy)),
    )
    url = draw(texts.map("http://news.example/".__add__))
    document = Document(id=1, canonical_url=url, request_url=url, url_key="", host="news.example", added_at=captured_at)
    return ArticleView(id=7, document=document, versions=(version,), cluster=(), events=())


@THOROUGH
@given(views=st.lists(views(), max_size=3), title=texts)
def test_any_texts_make_a_feed(views, title):
    for write, holder in ((write_atom, f"{ATOM}entry"), (write_rss, "item")):
        out = io.BytesIO()
        write(out, About(title=title, updated=MOMENT), views)
        root = etree.fromstring(out.getvalue())
        entries = list(root.iter(holder))
        assert len(entries) == len(views)
        assert all(entry.findtext("{*}title") for entry in entries)
        assert {name.split("}")[-1] for name in _names(root)} <= _KNOWN
        assert len(feedparser.parse(out.getvalue()).entries) == len(views)


_KNOWN = {
    "feed",
    "title",
    "id",
    "updated",
    "link",
    "entry",
    "published",
    "summary",
    "category",
    "author",
    "name",
    "source",
}
_KNOWN |= {"rss", "channel", "description", "lastBuildDate", "item", "guid", "pubDate", "creator", "publisher"}


def _names(root):
    return [element.tag for element in root.iter()]


@THOROUGH
@given(views=st.lists(views(), min_size=1, max_size=3))
def test_any_texts_make_entries_that_end_where_they_should(views):
    shown = [citation_of(view) for view in views]
    found = parse_string("".join(map(entry_of, shown[:1])), "bibtex").entries
    assert list(found) == [shown[0].key]
    for citation in shown:
        entry = entry_of(citation)
        assert entry.encode().decode() == entry
        assert entry.count("{") == entry.count("}")
        assert entry.splitlines()[0] == f"@online{{{citation.key},"
        fields = next(iter(parse_string(entry, "bibtex").entries.values())).fields
        assert fields["title"].startswith("{")
        assert fields["urldate"] == citation.accessed.isoformat()


@THOROUGH
@given(view=views())
def test_any_texts_make_an_item_that_json_and_utf8_carry(view):
    item = item_of(citation_of(view))
    line = json.dumps(item, ensure_ascii=False)
    assert json.loads(line.encode()) == item
    assert "\n" not in line
    assert item["id"].isascii()
    assert all(0 < len(item[name]["date-parts"][0]) <= 3 for name in ("issued", "accessed") if name in item)
