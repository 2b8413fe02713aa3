from datetime import UTC, datetime

import pytest
from lxml import etree

from crawler.extraction.body import Hints, find_body
from crawler.extraction.body.blocks import read_blocks
from crawler.extraction.document import MAX_CHARS, MAX_ELEMENTS, parse_page
from crawler.extraction.jsonld import article_node, read_nodes

SENTENCE = "The council voted on Tuesday to approve the budget, officials said after a debate that ended late."
STORY = "".join(f"<p>{number}. {SENTENCE}</p>" for number in range(6))


def test_lines_know_their_block_and_their_links(parsed):
    page = parsed("<h1 class=Big>One <b>two</b></h1>three<br>four <a href=/>five</a><script>no</script><p> </p>")
    lines = [(line.text, line.tag, line.linked) for line in page.lines]
    assert lines == [("One two", "h1", 0), ("three", "body", 0), ("four five", "body", 4)]
    assert "big" in page.lines[0].hint


def test_metas_of_every_kind_are_read(parsed):
    page = parsed(head="<meta NAME=A content=1><meta property=b content='2 &amp; 3'><meta itemprop=a content=4>")
    assert page.metas == {"a": ("1", "4"), "b": ("2 & 3",)}
    assert page.meta("c", "b") == ("2 & 3", "b")
    assert page.meta("c") == ("", "")


@pytest.mark.parametrize("opening", ["<div>" * 3000, "<table><tr><td>" * 400, "<b><font>" * 20000, "<div>" * 20000])
def test_deep_nesting_does_not_lose_the_text(parsed, opening):
    page = parsed(opening + STORY)
    assert page.flattened
    assert find_body(page, Hints()).text.count("officials said") == 6


def test_a_huge_tree_goes_to_the_simple_extractor(parsed):
    links = "".join(
        f"<li><a href=/{number}>Story number {number} of this day</a></li>" for number in range(MAX_ELEMENTS)
    )
    body = find_body(parsed(f"{STORY}<ul>{links}</ul>"), Hints())
    assert body.text.count("officials said") == 6
    assert "Story number" not in body.text
    assert "too many for trafilatura" in body.evidence


def test_a_huge_script_does_not_push_the_story_out(parsed):
    page = parsed(f"<script>var x='{'a' * (MAX_CHARS + 10)}'</script>{STORY}")
    assert find_body(page, Hints()).text.count("officials said") == 6


@pytest.mark.parametrize(
    "junk",
    [
        "<div data-x='" + "y" * 2_000_000 + "'></div>",
        "\x00" * 1000,
        "<" * 100_000,
        "&#0;&#xd800;&#x10ffff;" * 1000,
        "<p" * 50_000,
    ],
)
def test_junk_beside_the_story_is_survived(parsed, junk):
    assert find_body(parsed(STORY + junk), Hints()).text.count("officials said") == 6


def test_layout_tables_are_read_as_text(parsed):
    page = parsed(
        "<table><tr><td><a href=/>Home</a><br><a href=/s>Sport</a></td>"
        f"<td><font>{'<br><br>'.join(f'{number} {SENTENCE}' for number in range(5))}</font></td></tr></table>"
    )
    assert find_body(page, Hints()).blocks == tuple(f"{number} {SENTENCE}" for number in range(5))


def test_blocks_have_their_marks():
    body = etree.fromstring(
        "<body><head>Title</head><p>one<lb/><lb/>two</p><list><item>a</item><item>b</item></list>"
        "<quote>said</quote><table><row><cell>k</cell><cell>v</cell></row></table>tail</body>"
    )
    assert read_blocks(body) == ("## Title", "one", "two", "- a", "- b", "> said", "k | v", "tail")


def test_a_wrapped_line_is_no_new_block():
    body = etree.fromstring(f"<body><p>{'word ' * 14}<lb/>goes on.<lb/>Next one</p></body>")
    assert read_blocks(body) == ("word " * 14 + "goes on.", "Next one")


@pytest.mark.parametrize(
    "script",
    [
        '{"@type": "NewsArticle", "headline": "H",}',
        '<!-- {"@type": "NewsArticle", "headline": "H"} -->',
        '//<![CDATA[\n{"@type": "NewsArticle", "headline": "H"}\n//]]>',
        '[{"@graph": [{"@type": ["Thing", "http://schema.org/NewsArticle"], "headline": "H"}]}]',
        '{"@type": "NewsArticle", "headline": "H", "text": "line\nbreak"}',
        '{"@type":"WebPage","mainEntity":{"@type":"Article","headline":"H"}}',
    ],
)
def test_json_ld_as_newsrooms_write_it(parsed, script):
    tree = parsed(head=f'<script type="application/ld+json">{script}</script>')
    assert tree.article["headline"] == "H"


@pytest.mark.parametrize("script", ["", "{", "[" * 100_000, "null", '"text"', "{'a': 1}"])
def test_json_ld_that_is_none_gives_nothing(parsed, script):
    assert parsed(head=f'<script type="application/ld+json">{script}</script>').article == {}


def test_of_several_articles_the_page_s_own_is_chosen():
    html = """<title>Second story - Paper</title><script type="application/ld+json">
    [{"@type": "Article", "headline": "First story"}, {"@type": "Article", "headline": "Second story"},
     {"@type": "ItemList", "itemListElement": [{"@type": "Article", "headline": "Third story"}]}]</script><p>x</p>"""
    page = parse_page(html, "http://a.example/", datetime(2010, 1, 1, tzinfo=UTC))
    assert page.article["headline"] == "Second story"
    assert len(read_nodes(page.tree)) == 3
    assert article_node((), "", "") == {}


def test_no_markup_at_all_is_no_page():
    assert parse_page("", "http://a.example/", datetime(2010, 1, 1, tzinfo=UTC)) is None


def test_lines_know_the_boxes_around_them(parsed):
    page = parsed("<div class=Outer><section id=Mid><p class=own>One <b class=in>two</b></p></section></div>" + "<p>x")
    line = page.lines[0]
    assert (line.tag, line.hint, line.around[-2:]) == ("p", "own in", (("div", "outer"), ("section", "mid")))
    deep = parsed("<div>" * 30 + "<p>deep</p>").lines[0]
    assert len(deep.around) == 5
