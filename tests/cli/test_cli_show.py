"""What ``dateline show`` says of a source, in one line, and of an article with all that it says."""

from datetime import UTC, datetime

import pytest

from crawler.cli.article_page import print_article
from crawler.cli.article_story import print_story
from crawler.cli.show import print_event
from crawler.events import read_entries
from storage.types import (
    Article,
    ArticleVersion,
    ArticleView,
    BodyChoice,
    BodyTrial,
    ClusterMember,
    Contributor,
    ContributorKind,
    Cut,
    DatedTime,
    DatePrecision,
    Discovery,
    Document,
    EventView,
    LiveEntry,
    MediaItem,
    Medium,
    Memento,
    Outcome,
    SourceView,
    Verdict,
    VerdictKind,
)

URL = "http://radio.example/1"
MOMENT = datetime(2012, 10, 9, 23, 59, 1, tzinfo=UTC)
PAGE = f"### [2006-07-5](/news/2006/07/5/index.md)\n\n# Trams stop\n\n### Source:\n\n1. [Radio]({URL})\n"
COPY = Memento(
    archive="old-pages", url=f"http://old.example/{URL}", page_url=URL, captured_at=MOMENT, requested_at=MOMENT
)


@pytest.mark.parametrize(
    ("memento", "failures", "said"),
    [
        (None, 0, "    article 22 Trams Stop"),
        (COPY, 0, "    article 22 Trams Stop (archived 2012-10-09, old-pages)"),
        (COPY, 1, "    article 22 Trams Stop (archived 2012-10-09, old-pages) (last attempt: gone)"),
    ],
)
def test_source_whose_text_an_archive_gave_names_it(capsys, memento, failures, said):
    (entry,) = read_entries("page.md", PAGE.encode())
    document = Document(
        id=1,
        canonical_url=URL,
        request_url=URL,
        url_key="",
        host="",
        added_at=MOMENT,
        article_id=22,
        failures=failures,
        last_outcome=Outcome.GONE,
    )
    source = SourceView(link=entry.sources[0], document=document, headline="Trams Stop", memento=memento)
    view = EventView(
        entry=entry,
        aliases=(),
        revision=1,
        imported_at=MOMENT,
        revised_at=MOMENT,
        sources=(source,),
        related=(),
        links=(),
    )
    print_event(view)
    assert said in capsys.readouterr().out.splitlines()


ARTICLE = Article(
    headline="Trams stop",
    body="No tram ran.\n\nAll walked.",
    byline="Ada Lind, AP",
    published_at=DatedTime(value=MOMENT, precision=DatePrecision.MINUTE, evidence="json-ld datePublished"),
    standfirst="The whole town walks",
    section="City",
    keywords=("trams", "snow"),
    contributors=(
        Contributor(name="Ada Lind", role="transport correspondent"),
        Contributor(name="AP", kind=ContributorKind.AGENCY),
    ),
    lead_image_url="http://radio.example/t.jpg",
    lead_image_caption="A tram in the snow",
    lead_image_credit="Ola Strand",
    corrections=("An earlier version named the wrong line.",),
    medium=Medium.LIVE_BLOG,
    media=(MediaItem(medium=Medium.VIDEO, name="The last tram", seconds=61, url="http://radio.example/v"),),
    entries=tuple(LiveEntry(body=f"Entry {number}\nand more", clock=f"14:0{number}") for number in range(7)),
    evidence={"published_at": "json-ld datePublished", "headline": "h1", "body": "candidate precision"},
    confidence={"published_at": 0.974, "section": 0.8},
    choice=BodyChoice(
        winner="precision",
        why="agrees with tables 0.91",
        trials=(BodyTrial(name="precision", words=5, score=0.9, note="nothing foreign"),),
        cuts=(Cut(text="Subscribe now", reason="newsletter", place="bottom"),),
        rule="radio-2012",
        missed=("radio-2012: byline",),
    ),
)


@pytest.fixture
def shown(capsys):
    """The lines that an article is shown in, without the gaps of its columns."""

    def show(article, *, why=False):
        document = Document(id=1, canonical_url=URL, request_url=URL, url_key="", host="", added_at=MOMENT)
        version = ArticleVersion(
            id=1,
            article_id=22,
            number=1,
            capture_id=1,
            captured_at=MOMENT,
            extracted_at=MOMENT,
            article=article,
            verdict=Verdict(kind=VerdictKind.NEW),
        )
        print_article(ArticleView(id=22, document=document, versions=(version,), cluster=(), events=()), why=why)
        return [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]

    return show


@pytest.mark.parametrize(
    "line",
    [
        "The whole town walks",
        "headline (above) h1",
        "contributors Ada Lind (transport correspondent)",
        "contributors AP, agency",
        "published_at 2012-10-09 23:59Z json-ld datePublished, 0.97",
        "section City 0.80",
        "keywords trams, snow",
        "medium live blog",
        "media video: The last tram, 61 s, http://radio.example/v",
        "lead_image_caption A tram in the snow",
        "lead_image_credit Ola Strand",
        "corrections An earlier version named the wrong line.",
        "body precision candidate precision",
        "Entries (7)",
        "14:00 Entry 0",
        "and 2 more",
    ],
)
def test_article_is_shown_with_where_each_field_was_found_and_how_sure_that_is(shown, line):
    assert line in shown(ARTICLE)


def test_how_the_body_was_found_is_told_when_asked(shown):
    told = [
        "precision: agrees with tables 0.91",
        "publisher rule radio-2012",
        "missed radio-2012: byline",
        "precision 5 0.90 nothing foreign",
        "bottom newsletter Subscribe now",
    ]
    assert not set(told) & set(shown(ARTICLE))
    assert set(told) <= set(shown(ARTICLE, why=True))
    assert "not recorded" in shown(Article(headline="a", body="b"), why=True)


def test_article_that_says_nothing_has_no_empty_lines_of_fields(shown):
    lines = shown(Article(headline="Trams stop", body="No tram ran."))
    fields = {line.split(" ")[0] for line in lines if line}
    assert fields == {"Trams", "field", "access", "canonical_url", "captured_at", "verdict", "No"}


def member(number, *, first=False, day=9, length=10, agency=""):
    return ClusterMember(
        article_id=number,
        canonical_url=f"http://radio.example/{number}",
        headline="Trams stop",
        representative=first,
        score=0.9,
        agency=agency,
        reported_at=MOMENT.replace(day=day),
        length=length,
    )


@pytest.mark.parametrize(
    ("members", "why"),
    [
        ((member(1, first=True), member(2, day=10)), "it was reported first"),
        ((member(1, first=True, length=20), member(2)), "it is the fullest of those that were reported first"),
        ((member(1, first=True), member(2)), "of those that were reported first it comes first by the rules"),
        ((member(1, first=True, day=10, agency="AP"), member(2)), "AP published it itself"),
        ((member(1, first=True, day=10), member(2)), "what was reported earlier is a teaser"),
    ],
)
def test_the_article_that_stands_for_a_story_says_why(capsys, members, why):
    document = Document(id=1, canonical_url=URL, request_url=URL, url_key="", host="", added_at=MOMENT)
    found = Discovery(feed_id=3, feed_url="http://radio.example/rss", found_at=MOMENT, title="Trams")
    print_story(
        ArticleView(id=2, document=document, versions=(), cluster=members, events=(), cluster_id=7, found_by=(found,))
    )
    shown = capsys.readouterr().out.splitlines()
    assert "found by the feed http://radio.example/rss on 2012-10-09 as 'Trams'" in shown
    assert "Story 7: 2 articles" in shown
    assert f"    stands for the story: {why}" in shown
    assert shown[shown.index(f"    stands for the story: {why}") - 2] == " article 1 http://radio.example/1"
