"""A story: its articles, and two of them side by side."""

import pytest
from adding import adding
from invented_library import WIRE_BODY, article


@pytest.fixture
def story(client, numbers):
    """Number of the story of the two wire copies."""
    return client.site.ask(lambda store: store.article(numbers.wire).cluster_id)


def cells(page):
    """What stands on either side, row by row."""
    return [
        tuple(" ".join(one.xpath("string()").split()) for one in row.xpath("div"))
        for row in page.tree.xpath("//ol[@class='pair']/li[not(@class)]")
    ]


def test_members_are_listed_with_the_one_that_stands_first(client, numbers, story):
    page = client.page(f"/clusters/{story}")
    rows = page.texts("//table[@class='members']//tbody/tr")
    assert len(rows) == 2
    assert rows[0].startswith("Ferry aground off Halvika") or rows[0].startswith("Ferry hits reef")
    assert "stands for the story" in rows[0]
    assert "stands for the story" not in rows[1]
    assert {page.links()[name] for name in ("Ferry aground off Halvika", "Ferry hits reef")} == {
        f"/articles/{numbers.wire}",
        f"/articles/{numbers.copy}",
    }


def test_two_copies_stand_side_by_side_with_what_they_share(client, numbers, story):
    page = client.page(f"/clusters/{story}?left={numbers.wire}&right={numbers.copy}")
    found = cells(page)
    assert len(found) == 4
    for left, right in found:
        assert left.removeprefix("left:") == right.removeprefix("right:")
        assert "in both:" in left
    assert f"copy of article {numbers.copy}" in page.text
    assert "both tell this story" in page.text
    assert not page.tree.xpath("//ol//mark[@class='elsewhere']")


def test_any_two_articles_can_stand_beside_each_other(client, numbers, story):
    page = client.page(f"/clusters/{story}?left={numbers.wire}&right={numbers.rescued}")
    assert "they have little in common" in page.text
    assert "they tell two stories" in page.text
    assert not page.tree.xpath("//ol//mark")


def test_what_stands_elsewhere_is_marked_otherwise(visitor, own_folder, numbers, story):
    first, *rest = WIRE_BODY.split("\n\n")
    own = "The harbour museum shows what is left of the lighthouse & its keepers from today on."
    with adding(own_folder) as more:
        _, number = more.came("http://strange.example/", made=article("Moved", "\n\n".join([own, *rest, first])))
    page = visitor.page(f"/clusters/{story}?left={numbers.wire}&right={number}")
    assert page.tree.xpath("//ol//mark[@class='elsewhere']")
    assert page.tree.xpath("//ol//mark[not(@class)]")
    assert ("", f"right: {own}") in cells(page)


def test_hostile_texts_are_only_text(client, numbers, story):
    source = client.get(f"/clusters/{story}?left={numbers.hostile}&right={numbers.wire}").text
    assert "<script>alert" not in source
    assert "<iframe src" not in source


def test_a_story_of_one_article_has_nothing_beside_it(client, numbers):
    alone = client.site.ask(lambda store: store.article(numbers.rescued).cluster_id)
    page = client.page(f"/clusters/{alone}")
    assert "1 article tells it" in page.text
    assert not page.tree.xpath("//ol[@class='pair']")


def test_a_story_that_became_part_of_another_leads_there(visitor, own_folder):
    blocks = WIRE_BODY.replace("Halvika", "Merrow").replace("ferry", "barge").split("\n\n")
    ends = ("\n\n".join(blocks[:2]), "\n\n".join(blocks[2:]) + "\n\nNothing more was said about it on that day.")
    with adding(own_folder) as more:
        numbers = [
            more.came(f"http://{host}.example/", f"{host}".encode(), made=article(host, body))[1]
            for host, body in zip("abc", (*ends, "\n\n".join(ends)), strict=True)
        ]
    first, last = (
        visitor.site.ask(lambda store, one=one: store.article(one).cluster_id) for one in (numbers[0], numbers[2])
    )
    assert first == last
    merged = next(number for number in range(1, first + 20) if number != first and _leads_to(visitor, number, first))
    answer = visitor.get(f"/clusters/{merged}?left={numbers[0]}", expect=303)
    assert answer.headers["location"] == f"/clusters/{first}?left={numbers[0]}"


def _leads_to(visitor, number, story):
    answer = visitor.http.get(f"/clusters/{number}")
    return answer.headers.get("location") == f"/clusters/{story}"


@pytest.mark.parametrize("path", ["/clusters/4711", "/clusters/x", "/clusters/" + "9" * 30])
def test_unknown_stories_are_not_found(client, path):
    client.get(path, expect=404)


@pytest.mark.parametrize("asked", ["left=x", "right=-1", "left=4711", "right=" + "9" * 30])
def test_unknown_articles_are_not_found(client, story, asked):
    client.get(f"/clusters/{story}?{asked}", expect=404)
