"""Differences of any two texts: exact, symmetric, and never an error."""

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.changes import ChangeKind, StepKind, change_between
from crawler.changes.sentences import blocks_of, cut, sentences_of
from crawler.changes.words import key_of, words_of

ANY = st.text(alphabet=st.characters(), max_size=200)
SENTENCES = st.sampled_from(
    [
        "The quay is closed.",
        "The quay was closed in May.",
        "Ada Lind said so.",
        "It killed 12 people.",
        "It killed 14 people.",
        "12 comments",
        "Updated 3 minutes ago",
        "Updated 5 minutes ago",
        "Read more: Ferry sails again",
        "Related stories",
        "- Ferry sails again",
        "- Mayor resigns",
        "## What is known",
        "Correction: An earlier version misstated the year.",
        "码头关闭了。",
        "码头在五月关闭了。",
        "\ud800 \x00 \u202e",
        "***",
    ]
)
BODIES = st.lists(st.tuples(SENTENCES, st.sampled_from(["\n\n", " ", "\n"])), max_size=14).map(
    lambda pairs: "".join(part for pair in pairs for part in pair)
)
TEXTS = st.one_of(BODIES, ANY)
HEADLINES = st.one_of(st.sampled_from(["Fire kills 12", "Fire kills 14", "The quay is closed."]), ANY)
MIRRORED = {
    StepKind.ADDED: StepKind.REMOVED,
    StepKind.REMOVED: StepKind.ADDED,
    StepKind.MOVED: StepKind.LEFT,
    StepKind.LEFT: StepKind.MOVED,
}
MIRRORED_KINDS = {ChangeKind.ADDITION: ChangeKind.CUT, ChangeKind.CUT: ChangeKind.ADDITION}


def texts(body):
    return [one.text for one in cut(blocks_of(body))]


def applied(steps, old):
    """The new text, made of the old one's sentences and the steps."""
    made = []
    for step in steps:
        if step.old_at is not None:
            assert old[step.old_at] == step.old
        if step.kind is StepKind.KEPT:
            assert key_of(step.old) == key_of(step.new)
        if step.kind not in {StepKind.REMOVED, StepKind.LEFT}:
            assert step.new_at == len(made)
            made.append(step.new)
    return made


@settings(max_examples=300, deadline=None)
@given(HEADLINES, TEXTS, HEADLINES, TEXTS)
def test_steps_make_the_new_text_of_the_old_one_and_use_every_sentence_once(headline, old, other, new):
    change = change_between(headline, old, other, new)
    assert applied(change.steps, texts(old)) == texts(new)
    gone = [step.old_at for step in change.steps if step.kind not in {StepKind.ADDED, StepKind.MOVED}]
    assert gone == list(range(len(texts(old))))
    moved = {(step.old_at, step.new_at) for step in change.steps if step.kind is StepKind.MOVED}
    assert moved == {(step.old_at, step.new_at) for step in change.steps if step.kind is StepKind.LEFT}


@settings(max_examples=300, deadline=None)
@given(HEADLINES, TEXTS, HEADLINES, TEXTS)
def test_swapping_the_texts_turns_what_came_into_what_went(headline, old, other, new):
    there, back = change_between(headline, old, other, new), change_between(other, new, headline, old)
    assert sorted((step.kind, step.old, step.new, step.old_at or 0) for step in there.steps) == sorted(
        (MIRRORED.get(step.kind, step.kind), step.new, step.old, (step.new_at or 0)) for step in back.steps
    )
    assert (there.counts.words_added, there.counts.words_removed) == (
        back.counts.words_removed,
        back.counts.words_added,
    )
    if not there.notices and not back.notices:
        assert there.matters == back.matters
        assert there.kind == MIRRORED_KINDS.get(back.kind, back.kind)


@settings(max_examples=200, deadline=None)
@given(HEADLINES, TEXTS)
def test_a_text_does_not_differ_from_itself(headline, body):
    change = change_between(headline, body, headline, body)
    assert (change.kind, change.matters) == (ChangeKind.NONE, False)
    assert all(step.kind is StepKind.KEPT for step in change.steps)


@settings(max_examples=200, deadline=None)
@given(BODIES, st.integers(0, 30), st.sampled_from(["Nobody was hurt.", "Two men died.", "没有人受伤。"]))
def test_a_sentence_that_comes_always_matters(body, place, sentence):
    blocks = body.split("\n\n")
    blocks.insert(place % (len(blocks) + 1), sentence)
    assert change_between("Fire", body, "Fire", "\n\n".join(blocks)).matters


@settings(max_examples=300, deadline=None)
@given(ANY)
def test_sentences_lose_nothing_but_white_space(text):
    line = " ".join(text.split())
    assert "".join("".join(sentences_of(line)).split()) == "".join(line.split())


@settings(max_examples=300, deadline=None)
@given(ANY)
def test_words_stand_where_they_are_said_to_stand(text):
    words = words_of(text)
    assert key_of(text).split(" ") == [word.folded for word in words] or not words
    ends = [0, *(end for word in words for end in (word.start, word.end))]
    assert ends == sorted(ends)


@settings(max_examples=200, deadline=None)
@given(HEADLINES, TEXTS, HEADLINES, TEXTS)
def test_spans_lie_within_their_sentences(headline, old, other, new):
    change = change_between(headline, old, other, new)
    for step in (*change.steps, change.headline):
        places = [(0, 0), *((span.old_start, span.new_start) for span in step.spans)]
        assert places == sorted(places)
        for span in step.spans:
            assert 0 <= span.old_start <= span.old_end <= len(step.old)
            assert 0 <= span.new_start <= span.new_end <= len(step.new)
