"""What changed between two versions, on a page."""

import pytest
from adding import adding
from invented_library import article

URL = "http://strange.example/page"
END = "\n\nA band played. It rained. Nobody had an umbrella."
TEXTS = (
    f"The mayor spoke on Monday. Twelve people listened. The hall was cold.{END} Then all went home. The end.",
    f"The mayor spoke on Monday. Fourteen people listened. The hall was cold.{END} Then all went home. The end.",
    f"The mayor spoke on Monday. Fourteen people listened. The hall was cold. <b>More</b> will follow.{END} The end.",
)


@pytest.fixture
def story(own_folder):
    """An article of three versions; its number."""
    with adding(own_folder) as more:
        for number, text in enumerate(TEXTS):
            _, found = more.came(URL, f"page {number}".encode(), made=article("The mayor speaks", text))
    return found


def lines(page):
    return [(one.get("class"), " ".join(one.xpath("string()").split())) for one in page.tree.xpath("//ol/li")]


def test_words_that_went_and_came_are_marked_and_said(visitor, story):
    page = visitor.page(f"/articles/{story}/versions/1..2")
    assert page.texts("//h1") == ["What changed from version 1 to version 2"]
    assert page.texts("//del") == ["removed: Twelve"]
    assert page.texts("//ins") == ["added: Fourteen"]
    assert lines(page) == [
        ("kept", "The mayor spoke on Monday."),
        ("changed", "~ changed: removed: Twelve added: Fourteen people listened."),
        ("kept", "The hall was cold."),
        ("fold", "5 sentences unchanged"),
    ]
    assert "Kind of change edit 1 sentence changed" in page.text
    assert "by the rule “words changed”" in page.text


def test_what_came_is_text_and_no_markup(visitor, story):
    page = visitor.page(f"/articles/{story}/versions/2..3")
    assert ("added", "+ added: <b>More</b> will follow.") in lines(page)
    assert ("removed", "− removed: Then all went home.") in lines(page)
    assert not page.tree.xpath("//ol//b[text()='More']")


def test_any_two_versions_can_be_chosen(visitor, story):
    page = visitor.page(f"/articles/{story}/versions/1..3")
    (form,) = [one for one in page.tree.forms if one.get("action") == f"/articles/{story}/versions"]
    assert dict(form.form_values()) == {"old": "1", "new": "3"}
    answer = visitor.get(f"/articles/{story}/versions?old=3&new=1", expect=303)
    assert answer.headers["location"] == f"/articles/{story}/versions/3..1"
    assert ("removed", "− removed: <b>More</b> will follow.") in lines(visitor.page(answer.headers["location"]))


def test_without_numbers_the_last_two_are_compared(visitor, story):
    answer = visitor.get(f"/articles/{story}/versions", expect=303)
    assert answer.headers["location"] == f"/articles/{story}/versions/2..3"


def test_neighbouring_changes_are_links(visitor, story):
    links = visitor.page(f"/articles/{story}/versions/2..3").links()
    assert links["← The change before"] == f"/articles/{story}/versions/1..2"
    assert "The change after →" not in links


def test_a_version_and_itself_differ_in_nothing(visitor, story):
    page = visitor.page(f"/articles/{story}/versions/2..2")
    assert "No sentence changed." in page.text


def test_an_article_of_one_version_has_nothing_to_compare(client, numbers):
    answer = client.get(f"/articles/{numbers.wire}/versions", expect=303)
    page = client.page(answer.headers["location"])
    assert "there is nothing to compare it with" in page.text


@pytest.mark.parametrize("named", ["1..9", "9..1", "1", "1..2..3", "a..b", "1...2"])
def test_versions_that_are_none_are_not_found(client, numbers, named):
    client.get(f"/articles/{numbers.live}/versions/{named}", expect=404)


def test_what_else_the_page_says_is_compared(client, numbers):
    page = client.page(f"/articles/{numbers.live}/versions/1..2")
    row = page.texts("//table//tr[th='headline']/td")
    assert row == ["removed: Ferry Runs Aground", "added: Ferry Runs Aground, Two Are Hurt"]


def test_a_passage_that_moved_says_where_it_came_from(visitor, own_folder):
    blocks = [f"Paragraph {word} tells of {word} things and of nothing else at all." for word in "abcdefgh"]
    with adding(own_folder) as more:
        for order in (blocks, [*blocks[1:], blocks[0]]):
            _, number = more.came(URL, "".join(order).encode(), made=article("Moved", "\n\n".join(order)))
    found = dict(lines(visitor.page(f"/articles/{number}/versions/1..2")))
    assert found["moved"].startswith("> (moved from sentence 1) moved here: Paragraph a")
    assert found["left"].startswith("< (moved to sentence 8) moved away: Paragraph a")


def test_noise_is_dimmed_and_explained(visitor, own_folder):
    body = "The mayor spoke on Monday. {} people listened.\n\n{} comments"
    with adding(own_folder) as more:
        for count in (12, 14):
            _, number = more.came(URL, str(count).encode(), made=article("Counted", body.format(count, count)))
    found = lines(visitor.page(f"/articles/{number}/versions/1..2"))
    assert found[-1] == ("changed noise", "~ changed: removed: 12 added: 14 comments (counter: does not matter)")
    assert found[-2][0] == "changed"


def test_a_change_of_thousands_of_sentences_has_pages(visitor, own_folder):
    with adding(own_folder) as more:
        for word in ("old", "new"):
            text = "\n\n".join(
                f"In {word} sentence {number} stands a word that {word}{number} is." for number in range(700)
            )
            _, number = more.came(URL, word.encode(), made=article("Long", text))
    first = visitor.page(f"/articles/{number}/versions/1..2")
    assert len(lines(first)) == 500
    assert first.links()["Further →"] == f"/articles/{number}/versions/1..2?page=2"
    second = visitor.page(f"/articles/{number}/versions/1..2?page=2")
    assert lines(second)
    assert second.links()["← Before"] == f"/articles/{number}/versions/1..2?page=1"
    for page in ("0", "99", "x", "9" * 30):
        visitor.get(f"/articles/{number}/versions/1..2?page={page}", expect=404)
