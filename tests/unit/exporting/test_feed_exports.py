"""Newly found articles as Atom and RSS, read back by a feed reader."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import feedparser
import pytest
from lxml import etree

from crawler.exporting.atom import write_atom
from crawler.exporting.feed_facts import About
from crawler.exporting.rss import write_rss
from storage.types import Contributor, ContributorKind, DatedTime, DatePrecision

ATOM = "{http://www.w3.org/2005/Atom}"
ABOUT = About(
    title="New articles <all> & more",
    updated=datetime(2026, 3, 4, 5, 6, 7, 89, tzinfo=UTC),
    link="https://library.example/articles?new=1&all=1",
    address="https://library.example/feed",
)
WRITERS = {"atom": write_atom, "rss": write_rss}


def written(form, *views, about=ABOUT):
    out = io.BytesIO()
    WRITERS[form](out, about, iter(views))
    return out.getvalue()


def read(form, *views, about=ABOUT):
    found = feedparser.parse(written(form, *views, about=about))
    assert not found.bozo, found.bozo_exception
    return found


@pytest.fixture
def copied(make_view, memento):
    return lambda url="https://lantern.example/web/2012/x?a=1&b=2": memento(make_view(), public_url=url)


@pytest.mark.parametrize("form", WRITERS)
class TestBoth:
    def test_feed_says_what_it_is(self, form, make_view):
        found = read(form, make_view())
        assert found.version == {"atom": "atom10", "rss": "rss20"}[form]
        assert found.feed.title == "New articles <all> & more" or form == "atom"
        assert found.feed.link == ABOUT.link
        assert found.feed.updated_parsed[:6] == (2026, 3, 4, 5, 6, 7)

    def test_entry_says_what_is_known(self, form, make_view):
        (entry,) = read(form, make_view()).entries
        assert entry.title == "Ferry Stays in Port as Crew Falls Ill"
        assert entry.link == "https://www.halvika-post.example/2006/07/05/ferry-stays-in-port-a12"
        assert entry.published_parsed[:6] == (2006, 7, 5, 14, 30, 0)
        assert entry.author == "Ada Lindqvist"
        assert entry.summary == (
            "HALVIKA (Reuters) - The ferry Aurelia stays in port, its owner said — until the crew is well."
        )
        assert {(tag.scheme, tag.term) for tag in entry.tags} == {("agency", "Reuters"), ("language", "en")}
        publisher = entry.source.title if form == "atom" else entry.publisher
        assert publisher == "Halvika Post"

    def test_id_is_made_of_the_canonical_url_and_is_no_link(self, form, make_view, make_article):
        one, again = make_view(), make_view(make_article(headline="Another"))
        other = make_view(canonical_url="https://www.halvika-post.example/other")
        ids = [entry.id for entry in read(form, one, again, other).entries]
        assert ids[0] == ids[1] != ids[2]
        assert ids[0].startswith("urn:uuid:")

    def test_archived_copy_is_a_related_link(self, form, copied):
        (entry,) = read(form, copied()).entries
        links = {one.rel: one.href for one in entry.links}
        assert links["related"] == "https://lantern.example/web/2012/x?a=1&b=2"
        assert entry.link.startswith("https://www.halvika-post.example/")

    def test_copy_whose_address_is_none_of_the_web_is_no_link(self, form, copied):
        (entry,) = read(form, copied("javascript:alert(1)")).entries
        assert [one.rel for one in entry.links] == ["alternate"]

    @pytest.mark.parametrize("precision", [DatePrecision.MONTH, DatePrecision.YEAR])
    def test_time_without_a_day_is_not_told(self, form, make_view, make_article, precision):
        time = DatedTime(value=datetime(2006, 7, 1, tzinfo=UTC), precision=precision, evidence="text")
        (entry,) = read(form, make_view(make_article(published_at=time))).entries
        assert "published" not in entry

    def test_texts_are_shown_and_never_run(self, form, make_view, make_article):
        article = make_article(headline="<script>alert(1)</script> AT&T", body="5 < 6 & <b>not bold</b>")
        (entry,) = etree.fromstring(written(form, make_view(article))).iter("{*}entry", "item")
        assert entry.findtext("{*}title") == "<script>alert(1)</script> AT&T"
        shown = entry.findtext("{*}summary") or entry.findtext("description")
        assert shown == {"atom": "5 < 6 & <b>not bold</b>", "rss": "5 &lt; 6 &amp; &lt;b&gt;not bold&lt;/b&gt;"}[form]

    def test_lede_is_the_first_paragraph_and_is_cut_between_words(self, form, make_view, make_article):
        body = "## A heading\n\n- an item\n\n" + "Pilots refuse. " * 100 + "\n\nSecond."
        (entry,) = read(form, make_view(make_article(body=body))).entries
        assert entry.summary.startswith("Pilots refuse. Pilots")
        assert entry.summary.endswith(("refuse.…", "Pilots…"))
        assert len(entry.summary) <= 501

    def test_people_are_named_one_by_one_else_the_publisher_is(self, form, make_view, make_article):
        people = (
            Contributor(name="Mara Lind"),
            Contributor(name="Bo Ek"),
            Contributor(name="Reuters", kind=ContributorKind.AGENCY),
        )
        views = [make_view(make_article(contributors=people)), make_view(make_article(byline="", agency=""))]
        root = etree.fromstring(written(form, *views))
        first, second = root.iter("{*}entry", "item")
        path = {"atom": "{*}author/{*}name", "rss": "{http://purl.org/dc/elements/1.1/}creator"}[form]
        assert [one.text for one in first.findall(path)] == ["Mara Lind", "Bo Ek"]
        assert [one.text for one in second.findall(path)] == ["Halvika Post"]

    def test_article_without_any_text_has_an_entry(self, form, make_view, make_article):
        bare = make_article(headline="", body="", byline="", site_name="", agency="", language="", published_at=None)
        (entry,) = read(form, make_view(bare)).entries
        assert entry.title == "https://www.halvika-post.example/2006/07/05/ferry-stays-in-port-a12"
        assert entry.link
        assert "tags" not in entry

    def test_feed_without_articles_and_addresses_is_a_feed(self, form):
        found = read(form, about=About(title="Nothing", updated=ABOUT.updated))
        assert found.entries == []
        assert found.feed.title == "Nothing"


REQUIRED, ONE = {"title", "id", "updated"}, {"title", "id", "updated", "published", "summary", "source"}


def test_atom_keeps_its_grammar(make_view, make_article, copied):
    root = etree.fromstring(written("atom", make_view(), copied(), make_view(make_article(byline=""))))
    names = [child.tag for child in root]
    assert names[-3:] == [f"{ATOM}entry"] * 3
    assert f"{ATOM}entry" not in names[:-3]
    for holder in (root, *root.iter(f"{ATOM}entry")):
        held = [child.tag.removeprefix(ATOM) for child in holder if child.tag != f"{ATOM}entry"]
        assert set(held) >= REQUIRED
        assert not [name for name in ONE if held.count(name) > 1]
        alternates = [one for one in holder.findall(f"{ATOM}link") if one.get("rel") == "alternate"]
        assert len(alternates) == 1
    for entry in root.iter(f"{ATOM}entry"):
        assert [one.findtext(f"{ATOM}name") for one in entry.findall(f"{ATOM}author")]
        assert all(one.get("term") for one in entry.findall(f"{ATOM}category"))
    for moment in root.iter(f"{ATOM}updated", f"{ATOM}published"):
        assert datetime.fromisoformat(moment.text).tzinfo is UTC


def test_rss_keeps_its_grammar(make_view):
    root = etree.fromstring(written("rss", make_view()))
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    (channel,) = root
    assert all(channel.findtext(name) for name in ("title", "link", "description", "lastBuildDate"))
    (item,) = channel.findall("item")
    assert item.find("guid").get("isPermaLink") == "false"
    assert item.findtext("pubDate") == "Wed, 05 Jul 2006 14:30:00 GMT"
