import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.memory import FIRST_BLOCKS, LAST_BLOCKS, NEEDED_PAGES, edge_lines, without_familiar
from storage.types import Article, BodyChoice, Cut

STORY = (
    "The council voted on Tuesday to close the old bridge for two years, officials said after a debate until late.",
    "Engineers had warned that the arches moved by four centimetres in the winter and would not bear lorries for long.",
    "A ferry will carry people on foot from the first of May, and the bus line ends at the mill until then.",
)
HEAD, TAIL, LAST = (
    "With files from our newsroom in Ashford",
    "The valley's paper since 1887",
    "Ring the desk: ask for Ida",
)


def article(*blocks, standfirst="", **fields):
    return Article(headline="H", body="\n\n".join(blocks), standfirst=standfirst, **fields)


def familiar(*lines, pages=NEEDED_PAGES):
    return dict.fromkeys(edge_lines(lines), pages)


def test_familiar_lines_go_from_both_edges_and_are_named():
    before = article(HEAD, *STORY, TAIL, LAST, choice=BodyChoice(winner="tables"))
    after = without_familiar(before, familiar(HEAD, TAIL, LAST, pages=4))
    assert after.body == "\n\n".join(STORY)
    assert after.choice.winner == "tables"
    reason = "stands on 4 other pages of the host"
    assert [(cut.text, cut.reason, cut.place) for cut in after.choice.cuts] == [
        (HEAD, reason, "top"),
        (TAIL, reason, "bottom"),
        (LAST, reason, "bottom"),
    ]


def test_marks_case_and_punctuation_do_not_make_a_line_another():
    assert edge_lines(["## The valley's paper, since 1887"]) == edge_lines(["the valley’s PAPER since 1887."])
    assert edge_lines(["- 河谷的报纸"]) == edge_lines(["河谷的报纸。"])


@pytest.mark.parametrize("pages", [0, 1, NEEDED_PAGES - 1])
def test_lines_on_too_few_pages_stay(pages):
    before = article(*STORY, TAIL)
    assert without_familiar(before, familiar(TAIL, pages=pages)) is before


def test_familiar_lines_inside_the_story_stay():
    before = article(STORY[0], STORY[1], TAIL, STORY[2], *STORY[:2])
    assert without_familiar(before, familiar(TAIL)) is before


def test_one_short_stray_line_goes_with_the_run_around_it():
    after = without_familiar(article(*STORY, TAIL, "12 readers", LAST), familiar(TAIL, LAST))
    assert after.body == "\n\n".join(STORY)
    assert after.choice.cuts[1] == Cut(
        text="12 readers", reason="between lines that stand on other pages of the host", place="bottom"
    )


@pytest.mark.parametrize("stray", [("The mill is open.",), ("12 readers", "5 May"), ("x" * 41,)])
def test_a_sentence_or_two_lines_end_the_run(stray):
    after = without_familiar(article(*STORY, TAIL, *stray, LAST), familiar(TAIL, LAST))
    assert after.body == "\n\n".join([*STORY, TAIL, *stray])


def test_too_little_is_never_left():
    short = article("The mill is open again.", TAIL, LAST)
    assert without_familiar(short, familiar(TAIL, LAST)) is short
    long = article(STORY[0], "We keep " * 60, "They hold " * 40)
    assert without_familiar(long, familiar("We keep " * 60, "They hold " * 40)) is long


def test_other_copies_of_the_same_story_are_no_furniture():
    paragraphs = [f"{text} {text} {number}" for number, text in enumerate(STORY * 3)]
    copy = article(*paragraphs, TAIL)
    assert without_familiar(copy, familiar(*paragraphs[:5], TAIL)) is copy


def test_a_familiar_standfirst_goes_with_its_evidence():
    line = "News from the valley, every day but Sunday"
    before = article(*STORY, standfirst=line, evidence={"standfirst": "x", "body": "y"}, confidence={"standfirst": 0.9})
    after = without_familiar(before, familiar(line))
    assert (after.standfirst, after.body) == ("", before.body)
    assert (after.evidence, after.confidence) == ({"body": "y"}, {})
    assert after.choice.cuts[0].text == line


def test_edge_lines_are_of_the_edges_only():
    blocks = [f"Line number {number} of the page" for number in range(40)]
    expected = edge_lines(blocks[:FIRST_BLOCKS]) + edge_lines(blocks[-LAST_BLOCKS:])
    assert len(set(expected)) == FIRST_BLOCKS + LAST_BLOCKS
    assert edge_lines(blocks) == expected
    assert edge_lines(["short", "x" * 601, "", "## "]) == ()
    assert edge_lines([TAIL, TAIL]) == edge_lines([TAIL])
    assert all(-(2**63) <= line < 2**63 for line in expected)


LINES = st.lists(st.sampled_from([HEAD, TAIL, LAST, "12 readers", "5 May", *STORY, "word " * 80]), max_size=16)


@given(LINES, st.dictionaries(st.sampled_from(edge_lines([HEAD, TAIL, LAST, *STORY])), st.integers(0, 6)))
def test_it_never_grows_and_doing_it_twice_changes_nothing(blocks, counts):
    before = article(*blocks)
    after = without_familiar(before, counts)
    assert after is before or len(after.body) < len(before.body)
    assert after.body in before.body
    assert without_familiar(after, counts) is after
    assert 3 * len(after.body.split()) >= len(before.body.split())


@given(st.lists(LINES, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_learning_does_not_matter_once_all_were_seen(pages, order: random.Random):
    def settled(sequence):
        seen = {}
        for page in sequence:
            for line in edge_lines(page):
                seen[line] = seen.get(line, 0) + 1
        return {
            tuple(page): without_familiar(article(*page), {line: seen[line] - 1 for line in edge_lines(page)}).body
            for page in sequence
        }

    shuffled = list(pages)
    order.shuffle(shuffled)
    assert settled(pages) == settled(shuffled)
