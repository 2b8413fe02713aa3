"""One article: its text, what is known of it, its events, story and versions."""

from dataclasses import replace
from datetime import timedelta

import pytest
from adding import adding
from invented_library import FERRY, HARBOUR, NOW, SCRIPT, article, dated

from crawler.web.pages.article import versions_of
from storage.types import LiveEntry, Medium

URL = "http://strange.example/page"


@pytest.fixture
def keep(own_folder):
    """Stores an article in a library of the test's own; returns its number."""

    def run(headline="Strange news", body="Nothing is known of it so far.", url=URL, **fields):
        with adding(own_folder) as more:
            return more.came(url, made=article(headline, body, **fields))[1]

    return run


def facts(page):
    return dict(
        zip(
            page.texts("//section[@aria-labelledby='facts']//dt"),
            page.texts("//section[@aria-labelledby='facts']//dd"),
            strict=True,
        )
    )


def test_the_text_is_rendered_from_its_blocks(client, numbers):
    page = client.page(f"/articles/{numbers.live}")
    assert page.texts("//h1") == ["Ferry Runs Aground, Two Are Hurt"]
    assert page.texts("//div[@class='prose']//h3") == ["What is known"]
    assert page.texts("//div[@class='prose']//li") == ["90 people were on board", "two are hurt"]
    assert page.texts("//div[@class='prose']//blockquote") == ["We drifted, said the master."]
    assert "every chart & every pilot" in page.text
    (prose,) = page.tree.xpath("//div[@class='prose']")
    assert (prose.get("lang"), prose.get("dir")) == ("en", "ltr")


def test_what_is_known_comes_with_its_evidence(client, numbers):
    found = facts(client.page(f"/articles/{numbers.live}"))
    assert found["headline"] == "(above) og:title, 0.99"
    assert found["published at"] == "2006-07-05 14:30Z 0.97"
    assert found["byline"] == "Ada Lindqvist json-ld author"
    assert found["verdict"].startswith("new version ")


def test_an_archived_copy_says_so(client, numbers):
    page = client.page(f"/articles/{numbers.rescued}")
    assert "from an archive: lantern, 2006-07-08" in page.text
    found = facts(page)
    assert found["archive"] == "lantern digest not checked"
    assert found["archived copy"].startswith("http://archive.example/20060708040506/")


def test_events_are_links_with_what_the_link_says(client, numbers):
    page = client.page(f"/articles/{numbers.live}")
    assert page.links()["Ferry with ninety people runs aground near Halvika"] == f"/events/{FERRY}"
    assert "linked by citation" in page.text
    proposed = client.page(f"/articles/{numbers.proposed}")
    assert proposed.links()["Harbour of Halvika closes for the day"] == f"/events/{HARBOUR}"
    assert "It may report" in proposed.text
    assert "proposed by content, score 0.61: same place and day; 5 words in common" in proposed.text


def test_the_story_and_its_relations_are_links(client, numbers):
    page = client.page(f"/articles/{numbers.wire}")
    links = page.links()
    assert links["Ferry hits reef"] == f"/articles/{numbers.copy}"
    story = client.site.ask(lambda store: store.article(numbers.wire).cluster_id)
    assert links[f"story {story} side by side"] == f"/clusters/{story}?left={numbers.wire}"
    assert links[f"Copy of article {numbers.copy}"] == f"/clusters/{story}?left={numbers.wire}&right={numbers.copy}"
    assert "100 % of this text stands there" in page.text


def test_versions_are_listed_with_what_changed(client, numbers):
    page = client.page(f"/articles/{numbers.live}")
    rows = page.texts("//section[@aria-labelledby='versions']//li")
    assert [row.split()[0] for row in rows] == ["2", "1"]
    assert "current" in rows[0]
    assert page.links()["what changed since version 1"] == f"/articles/{numbers.live}/versions/1..2"
    assert page.links()["text of version 1"] == f"/articles/{numbers.live}?version=1"


def test_an_earlier_version_can_be_read(client, numbers):
    page = client.page(f"/articles/{numbers.live}?version=1")
    assert page.texts("//h1") == ["Ferry Runs Aground"]
    assert "This is version 1" in page.text
    assert "nobody is hurt" in page.text
    assert page.links()["The current version"] == f"/articles/{numbers.live}"
    assert "it has 1, 2" in client.page(f"/articles/{numbers.live}?version=7", expect=404).text
    client.get(f"/articles/{numbers.live}?version=%D9%A1", expect=404)


@pytest.mark.parametrize("number", ["4711", "x", "-1", "9" * 30])
def test_unknown_articles_are_not_found(client, number):
    client.get(f"/articles/{number}", expect=404)


def test_hostile_texts_are_only_text(client, numbers):
    answer = client.get(f"/articles/{numbers.hostile}")
    for sign in (SCRIPT, "<svg", "<iframe", "\N{RIGHT-TO-LEFT OVERRIDE}", 'href="javascript'):
        assert sign not in answer.text
    assert "&lt;script&gt;alert" in answer.text


def test_a_right_to_left_language_turns_the_text(visitor, keep):
    page = visitor.page(f"/articles/{keep(language='ar')}")
    assert [(one.get("lang"), one.get("dir")) for one in page.tree.xpath("//h1 | //div[@class='prose']")] == [
        ("ar", "rtl")
    ] * 2
    unknown = visitor.page(
        f"/articles/{keep('Other news', 'Of this more is known.', 'http://odd.example/', language='')}"
    )
    assert [(one.get("lang"), one.get("dir")) for one in unknown.tree.xpath("//h1")] == [(None, "auto")]


def test_a_live_blog_shows_its_entries(visitor, keep):
    entries = tuple(
        LiveEntry(body=f"Entry {number} tells it.\n\n- more", headline=f"Turn {number}", clock=f"14:{number:02}")
        for number in range(59, -1, -1)
    )
    number = keep(entries=entries, medium=Medium.LIVE_BLOG)
    page = visitor.page(f"/articles/{number}")
    assert page.texts("//h2")[0] == "Entries"
    assert page.texts("//h3")[:2] == ["Turn 59", "Turn 58"]
    assert "14:59" in page.text
    assert page.texts("//summary") == ["10 more entries"]


def test_an_article_is_marked_and_taken_back(visitor, numbers):
    path = f"/articles/{numbers.live}"
    visitor.submit(path, "/marks/add", because="a list of jobs")
    page = visitor.page(path)
    assert "It was marked as no article by ada" in page.text
    assert "a list of jobs" in page.text
    visitor.submit(path, "/marks/undo")
    assert "marked as no article" not in visitor.page(path).text


def test_a_site_that_only_shows_has_no_buttons(reader, numbers):
    assert not reader.page(f"/articles/{numbers.live}").tree.xpath("//main//form")


def test_long_versions_are_compared_no_further_than_a_budget(client, numbers):
    view = client.site.ask(lambda store: store.article(numbers.live))
    first = view.versions[0]
    versions = tuple(
        replace(
            first,
            id=number,
            number=number,
            captured_at=NOW + timedelta(days=number),
            article=replace(first.article, body=f"Text {number}. " + "The same words. " * 1000),
        )
        for number in range(1, 51)
    )
    rows = versions_of(replace(view, versions=versions), most=100_000)
    assert [row.version.number for row in rows] == list(range(50, 0, -1))
    assert [bool(row.change) for row in rows] == [True] * 3 + [False] * 47
    assert [row.before for row in rows] == [*range(49, 0, -1), None]


def test_dates_are_as_precise_as_they_were_stated(visitor, keep):
    number = keep(published_at=replace(dated(NOW), precision="day"))
    assert "2026-03-01" in visitor.page(f"/articles/{number}").texts("//header/p")[-1]
    assert "12:00" not in visitor.page(f"/articles/{number}").texts("//article/header/p")[-1]
