"""Whatever markup a page holds: nothing raises, nothing is made up, and cleaning twice is cleaning once."""

import re
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.extraction.body import Hints
from crawler.extraction.body.candidates import Source
from crawler.extraction.body.choosing import choose
from crawler.extraction.body.cleaning import clean
from crawler.extraction.body.markup import blocks_of
from crawler.extraction.document import parse_page

MOMENT = datetime(2010, 6, 1, 12, tzinfo=UTC)
HEADLINE = "Council of Ostby approves its budget"
TAGS = (
    "div",
    "p",
    "td",
    "table",
    "tr",
    "li",
    "ul",
    "b",
    "a href=/x",
    "h1",
    "h2",
    "blockquote",
    "form",
    "article",
    "span",
)
ALONE = ("<img src=a.jpg>", "<br>", "<br><br>", "<input>", "<button></button>", "<hr>")
TEXTS = (
    HEADLINE,
    "The council voted on Tuesday to approve the budget, officials said after a debate that ended late.",
    "Roads will be repaired first, the mayor told reporters, because the winter had broken many open.",
    "Critics called the plan too small: who is to pay for the two schools?",
    "12 Comments",
    "Foto: Ida Holm/PA",
    "Page 1 of 3",
    "Read more",
    "市は昨日、老朽化した埠頭を来月から閉鎖し、岸壁を造り直すと発表した。橋の工事が始まります。",
    "2006-07-" * 5,
    "&amp;&lt;b&gt; \u200b x",
)
PLAIN = st.characters(categories=("L", "N", "P", "Zs"))
WORD = re.compile(r"\w+")


def _wrapped(tag_and_inside):
    tag, inside = tag_and_inside
    return f"<{tag}>{''.join(inside)}</{tag.split()[0]}>"


MARKUP = st.recursive(
    st.sampled_from((*TEXTS, *ALONE)) | st.text(PLAIN, max_size=40),
    lambda inner: st.tuples(st.sampled_from(TAGS), st.lists(inner, max_size=6)).map(_wrapped),
    max_leaves=40,
)
PAGES = st.lists(MARKUP, max_size=8).map("".join)


def _parsed(markup):
    return parse_page(f"<html><body>{markup}<p>end</p></body></html>", "http://www.paper.example/story", MOMENT)


def _squeezed(page):
    return re.sub(r"\W+", "", "".join(page.tree.itertext()))


@given(PAGES)
@settings(max_examples=60, deadline=None)
def test_blocks_hold_the_words_of_the_page_and_no_others(markup):
    page = _parsed(markup)
    blocks = blocks_of([page.tree])
    assert all(block.strip() == block for block in blocks)
    assert all(word in _squeezed(page) for block in blocks for word in WORD.findall(block))


class Glue:
    """The words that a library makes by leaving out what parts text nodes, such as a table or a list.

    Where no white space is between them, the last word of one joins the first of another; in between may be nodes of
    one word only.
    """

    def __init__(self, page):
        nodes = [words for text in page.tree.itertext() if (words := WORD.findall(text))]
        self.first, self.last = {words[0] for words in nodes}, {words[-1] for words in nodes}
        self.whole = {words[0] for words in nodes if len(words) == 1}

    def makes(self, word):
        return any(word[:cut] in self.last and self._ends(word[cut:]) for cut in range(1, len(word)))

    def _ends(self, rest):
        inner = (cut for cut in range(1, len(rest)) if rest[:cut] in self.whole)
        return rest in self.first or any(self._ends(rest[cut:]) for cut in inner)


@given(PAGES)
@settings(max_examples=40, deadline=None)
def test_whatever_is_chosen_stands_on_the_page(markup):
    page = _parsed(markup)
    chosen = choose(Source(page, Hints(headline=HEADLINE)))
    text, glue = _squeezed(page), Glue(page)
    assert all(word in text or glue.makes(word) for block in chosen.blocks for word in WORD.findall(block))
    assert chosen.choice.trials
    assert bool(chosen.blocks) <= bool(chosen.choice.winner)


@given(st.lists(st.sampled_from(TEXTS[:10]) | st.text(max_size=60), max_size=25))
@settings(max_examples=60, deadline=None)
def test_cleaning_only_takes_away_and_survives_anything(blocks):
    page = _parsed("".join(f"<p>{block}</p>" for block in blocks))
    cleaned = clean(tuple(blocks), page, Hints(headline=HEADLINE))
    rest = iter(blocks)
    assert all(block in rest for block in cleaned.blocks)


@given(st.lists(st.sampled_from(TEXTS[1:10]), min_size=4, max_size=14, unique=True))
@settings(max_examples=60, deadline=None)
def test_a_cleaned_body_has_nothing_left_to_clean_inside(blocks):
    page = _parsed("".join(f"<p>{block}</p>" for block in blocks))
    once = clean(tuple(blocks), page, Hints(headline=HEADLINE))
    twice = clean(once.blocks, page, Hints(headline=HEADLINE))
    assert [cut for cut in twice.cuts if cut.place == "middle"] == []
