"""What a reader is shown of a change."""

from crawler.changes import StepKind, change_between
from crawler.changes.showing import PieceKind, change_told, lines_of, pieces_of, rough_remark

START = [f"Sentence {word} stands here." for word in ("one", "two", "three", "four", "five", "six", "seven", "eight")]


def change(old, new):
    return change_between("Head", " ".join(old), "Head", " ".join(new))


def told(found):
    return [line.folded or line.step.new or line.step.old for line in lines_of(found.steps)]


def test_a_change_keeps_one_sentence_on_either_side_and_folds_the_others():
    found = change(START, [*START[:4], "Something else was said then.", *START[4:]])
    assert told(found) == [3, START[3], "Something else was said then.", START[4], 3]


def test_a_single_sentence_is_not_folded_away_between_two_changes():
    new = ["A first new one came.", *START[:3], "A second new one came.", *START[3:]]
    assert told(change(START, new)) == [new[0], *START[:3], new[4], START[3], 4]


def test_two_sentences_and_more_are_folded_between_two_changes():
    new = ["A first new one came.", *START[:4], "A second new one came.", *START[4:]]
    assert told(change(START, new)) == [new[0], START[0], 2, START[3], new[5], START[4], 3]


def test_nothing_is_shown_where_nothing_changed():
    assert told(change(START, START)) == []


def test_the_words_of_a_sentence_are_told_in_order():
    (step,) = (
        one
        for one in change(
            ["The fire killed twelve people, most of them traders."], ["The fire killed 14 men, most of them traders."]
        ).steps
        if one.kind is StepKind.CHANGED
    )
    pieces = list(pieces_of(step))
    assert "".join(one.text for one in pieces if one.kind is not PieceKind.REMOVED) == step.new
    assert "".join(one.text for one in pieces if one.kind is not PieceKind.ADDED) == step.old
    assert [one.kind for one in pieces] == [PieceKind.KEPT, PieceKind.REMOVED, PieceKind.ADDED, PieceKind.KEPT]


def test_a_sentence_that_did_not_change_is_one_piece():
    (step,) = change(["Gone is gone."], ["Gone is gone."]).steps
    assert [one.text for one in pieces_of(step)] == ["Gone is gone."]


def test_where_a_passage_went_is_said_once_for_a_run():
    found = change([*START[2:], *START[:2]], START)
    said = [
        line.moved for line in lines_of(found.steps) if line.step and line.step.kind in {StepKind.MOVED, StepKind.LEFT}
    ]
    assert [one for one in said if one] == ["moved from sentence 7", "moved to sentence 1"]
    assert len(said) == 4


def test_what_does_not_matter_says_why():
    found = change_between("Head", "It rained.\n\n12 comments", "Head", "It rained.\n\n14 comments")
    assert [line.remark for line in lines_of(found.steps)][-1] == "counter: does not matter"
    assert change_told(found) == "noise: only this changed: counter"
    assert rough_remark(found) == ""
