import pytest

from crawler.web.texts import Block, BlockKind, blocks_of, folded


def kinds(body):
    return [(one.kind, one.texts) for one in blocks_of(body)]


def test_body_becomes_headings_lists_quotations_and_paragraphs():
    body = "First.\n\n## What is known\n\n- one\n\n- two\n\n> Said.\n\n> Said more.\n\nLast."
    assert kinds(body) == [
        (BlockKind.PARAGRAPH, ("First.",)),
        (BlockKind.HEADING, ("What is known",)),
        (BlockKind.ITEMS, ("one", "two")),
        (BlockKind.QUOTATION, ("Said.", "Said more.")),
        (BlockKind.PARAGRAPH, ("Last.",)),
    ]


def test_signs_that_open_no_block_stay_in_the_text():
    assert kinds("#tag\n\n-5 degrees\n\n>quote") == [
        (BlockKind.PARAGRAPH, (text,)) for text in ("#tag", "-5 degrees", ">quote")
    ]


def test_two_paragraphs_are_two_blocks():
    assert len(blocks_of("One.\n\nTwo.")) == 2


def test_empty_body_has_no_blocks():
    assert blocks_of(" \n\n") == ()


def test_long_body_is_folded_and_nothing_is_lost():
    body = "\n\n".join(f"paragraph {number} " + "x" * 90 for number in range(100))
    found = folded(body, most=1000)
    assert found.rest
    assert sum(one.length for one in found.shown) < 1200
    assert [one.texts[0] for one in (*found.shown, *found.rest)] == body.split("\n\n")
    assert found.rest_length == sum(one.length for one in found.rest)


def test_short_body_is_not_folded():
    assert folded("One.\n\nTwo.").rest == ()


@pytest.mark.parametrize("text", ["word " * 5000, "x" * 25_000], ids=["words", "one word"])
def test_one_endless_paragraph_is_parted(text):
    found = folded(text, most=1000)
    assert sum(one.length for one in found.shown) < 2000
    assert "".join(one.texts[0] for one in (*found.shown, *found.rest)) == text.strip("\n")


def test_endless_quotation_stays_a_quotation():
    assert {one.kind for one in folded("> " + "y" * 5000, most=1000).shown} == {BlockKind.QUOTATION}


def test_length_of_a_block_is_that_of_all_its_texts():
    assert Block(kind=BlockKind.ITEMS, texts=("ab", "c")).length == 3
