"""No text makes the readers of titles and bylines raise, and what they give stands in what they were given."""

from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.metadata.glue import unglued
from crawler.extraction.metadata.people import read_people
from crawler.extraction.text import fold_spaces, folded
from storage.types import ContributorKind

WORDS = st.sampled_from(
    (
        *(
            "By",
            "Jane Roe",
            "Von",
            "and",
            ",",
            ";",
            "|",
            "/",
            " - ",
            "in Moscow",
            "(",
            ")",
            "AFP",
            "Staff",
            "5 May 2009",
        ),
        *("reporter", "作者：", "기자", "Иван Петров", "photo by", "with", "@x", "", "news", "©", "5 May 2009"),
    )
)
TEXTS = st.one_of(st.text(max_size=300), st.lists(WORDS, max_size=30).map(" ".join))


@given(TEXTS)
def test_people_stand_in_the_text(text):
    named = read_people(text)
    for one in named:
        assert one.written
        if one.who.kind is ContributorKind.PERSON:
            assert set(folded(one.who.name).split()) <= set(folded(fold_spaces(text)).split()) or one.who.name in text
    assert len({folded(one.who.name) for one in named}) == len(named)


@given(TEXTS, st.frozensets(st.sampled_from(["paper", "the paper", "news"])))
def test_what_is_unglued_stands_in_the_title(title, names):
    assert unglued(title, names) in title


@given(st.sampled_from(["a | ", "By ", "a, ", "(", "x@y ", "photo by ", "Aa "]), st.integers(1, 200_000))
def test_long_texts_are_refused_at_once(piece, times):
    assert len(read_people(piece * times)) <= 20
