"""Two texts beside each other: which blocks are laid side by side, and which words are marked."""

from hypothesis import given
from hypothesis import strategies as st

from crawler.dedup import passages
from crawler.side_by_side import Pair, Sharing, side_by_side
from storage.types import Article

ONE = "The ferry ran aground on the outer reef at noon."
TWO = "Two tugs pulled her free before the evening tide came in."
THREE = "Nobody of the ninety people on board was hurt, said the master."
OWN = "Our reporter stood on the pier and counted gulls until dusk."


def beside(left, right):
    found = passages(Article(headline="", body=left), Article(headline="", body=right))
    return side_by_side(left, right, found)


def text(cell):
    return cell and "".join(part.text for part in cell.parts)


def rows(*bodies):
    return [(text(pair.left), text(pair.right)) for pair in beside(*("\n\n".join(blocks) for blocks in bodies))]


def marked(pair, sharing):
    return [part.text for cell in (pair.left, pair.right) if cell for part in cell.parts if part.sharing is sharing]


def test_equal_texts_stand_block_beside_block():
    assert rows([ONE, TWO, THREE], [ONE, TWO, THREE]) == [(ONE, ONE), (TWO, TWO), (THREE, THREE)]


def test_what_only_one_has_stands_alone():
    assert rows([ONE, OWN, TWO], [ONE, TWO, THREE]) == [(ONE, ONE), (OWN, None), (TWO, TWO), (None, THREE)]


def test_shared_words_are_marked_and_own_ones_not():
    (pair,) = beside(f"{ONE} So we heard.", ONE)
    assert marked(pair, Sharing.SHARED) == [ONE.rstrip("."), ONE.rstrip(".")]
    assert marked(pair, Sharing.OWN) == [". So we heard.", "."]


def test_a_block_that_moved_is_marked_as_standing_elsewhere():
    found = beside(f"{ONE}\n\n{TWO}\n\n{THREE}", f"{TWO}\n\n{THREE}\n\n{ONE}")
    assert [(text(pair.left), text(pair.right)) for pair in found] == [
        (ONE, None),
        (TWO, TWO),
        (THREE, THREE),
        (None, ONE),
    ]
    assert marked(found[0], Sharing.ELSEWHERE) == [ONE.rstrip(".")]
    assert marked(found[3], Sharing.ELSEWHERE) == [ONE.rstrip(".")]
    assert not marked(found[1], Sharing.ELSEWHERE)


def test_blocks_that_the_other_joined_are_beside_the_one_that_has_most():
    joined = f"{ONE} {THREE}"
    found = beside(f"{ONE}\n\n{THREE}", joined)
    assert [(text(pair.left), text(pair.right)) for pair in found] == [(ONE, None), (THREE, joined)]
    assert marked(found[0], Sharing.ELSEWHERE) == [ONE.rstrip(".")]


def test_other_quotes_and_dashes_are_no_difference():
    (pair,) = beside(
        "\u201cWe drifted \u2014 for an hour \u2014 and prayed,\u201d he said.",
        '"We drifted - for an hour - and prayed," he said.',
    )
    assert len(marked(pair, Sharing.SHARED)) == 2


def test_what_opens_a_block_is_no_part_of_its_text():
    (first, second) = beside(f"## {ONE}\n\n- {TWO}", f"{ONE}\n\n> {TWO}")
    assert (first.left.mark, first.right.mark, text(first.left)) == ("## ", "", ONE)
    assert (second.left.mark, second.right.mark, text(second.right)) == ("- ", "> ", TWO)


def test_signs_that_open_nothing_are_text():
    assert rows(["- ", f"  {ONE}  "], [f"{ONE}\n"]) == [("-", None), (ONE, ONE)]


def test_empty_texts_have_no_rows():
    assert beside("", "") == ()
    assert beside(ONE, " \n\n ") == (Pair(left=beside(ONE, "")[0].left),)


WORDS = st.lists(
    st.sampled_from(["ferry", "reef", "tug", "tide", "pier", "gull", "“quay”", "12", "港口", "sea-side"]),
    min_size=1,
    max_size=12,
)
BODIES = st.lists(WORDS.map(" ".join), max_size=8)


@given(BODIES, BODIES)
def test_every_block_stands_once_and_in_order(left, right):
    found = rows(left, right)
    assert [one for one, _ in found if one is not None] == left
    assert [one for _, one in found if one is not None] == right


@given(BODIES, BODIES)
def test_marked_words_are_as_many_on_either_side(left, right):
    found = beside("\n\n".join(left), "\n\n".join(right))
    sides = [
        sum(
            sum(map(str.isalnum, part.text))
            for pair in found
            if (cell := getattr(pair, side))
            for part in cell.parts
            if part.sharing is not Sharing.OWN
        )
        for side in ("left", "right")
    ]
    assert sides[0] == sides[1]
