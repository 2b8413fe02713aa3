"""Where sentences end, in many languages, and how long texts are compared."""

import random

import pytest

from crawler.changes import StepKind, change_between
from crawler.changes.sentences import blocks_of, sentences_of
from crawler.changes.words import key_of


@pytest.mark.parametrize(
    "sentences",
    [
        ["He said: “No.”", "She left."],
        ["Mr. Smith of the U.S. Army ran 3.5 km.", "He won."],
        ["Yahoo! said so.", "“Go!” he cried."],
        ["Am 12. Mai ging er, z. B. nach Lind.", "Sie blieb."],
        ["¿Quién fue?", "¡Nadie!", "La Sra. Lind no lo sabe."],
        ["Il a dit : « Non. »", "M. Lind est parti."],
        ["Это было в 2019 г. в Мерроу.", "Никто не знал."],
        ["火灾发生了。", "他说：“不知道。”", "码头关闭！"],
        ["「はい。」と述べた。", "埠頭は閉鎖。"],
        ["اندلع حريق.", "من فعل ذلك؟", "لا أحد."],
        ["यह है।", "वह है।"],
        ["Wait... what?", "Nothing."],
    ],
)
def test_sentences_end_where_a_reader_ends_them(sentences):
    text = " ".join(sentences)
    assert sentences_of(text) == sentences
    if not text.isascii() and "。" in text:
        assert sentences_of("".join(sentences)) == sentences


def test_thai_is_cut_at_its_spaces():
    assert sentences_of("เกิดไฟไหม้ที่ตลาด มีผู้เสียชีวิต") == ["เกิดไฟไหม้ที่ตลาด", "มีผู้เสียชีวิต"]


def test_blocks_keep_their_marks_and_a_line_break_is_white_space():
    blocks = blocks_of("## Why\n\nOne\nline.\n- first\n- second\n\n \n\n> said")
    assert [(one.mark, one.text) for one in blocks] == [
        ("## ", "Why"),
        ("", "One line."),
        ("- ", "first"),
        ("- ", "second"),
        ("> ", "said"),
    ]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("It’s “3.5%” (-5°).", "its 3.5 % -5 °"),
        ("co\u00adop ﬁn e\u0301té", "coop fin été"),
        ("10:40, £20 — 2010–2012", "10:40 £ 20 2010 2012"),
        ("हिन्दी में", "हिन्दी में"),
        ("梅罗市12人", "梅 罗 市 12 人"),
        ("\ud800 *** \x00", ""),
    ],
)
def test_words_as_they_are_compared(text, key):
    assert key_of(text) == key


def test_moved_passage_is_told_from_what_came_and_went():
    old = "One came first. Two came then.\n\nThree stood there. Four stood too. Five was last."
    new = "Three stood there. Four stood too. Five was last.\n\nOne came first. Two came then."
    kinds = [step.kind for step in change_between("", old, "", new).steps]
    assert kinds == [StepKind.LEFT] * 2 + [StepKind.KEPT] * 3 + [StepKind.MOVED] * 2


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("." * 200_000, ". " * 50_000),
        ("updated " * 20_000, "updated 1 " * 20_000),
        ("。」" * 50_000, "!" * 100_000 + "x"),
        ("\n \n" * 50_000 + "a", "z. " * 40_000),
        ("12 comments " * 3 + "1" * 100_000, "updated " + "1" * 100_000),
        ("Correction: it was 12, not 14. " * 3000, "\n\n".join(f"Correction: it was {n} men." for n in range(3000))),
    ],
)
def test_hostile_texts_take_no_longer_than_their_length_allows(old, new):
    assert change_between("", old, "", new).matters in {True, False}


@pytest.mark.timeout(120)
def test_live_blog_with_repeated_lines_is_compared_roughly_and_says_so():
    chance = random.Random(5)  # noqa: S311 - the same texts every time, no secret
    lines = ["Goal for Lind.", "Corner for Merrow.", "Goal for Merrow."]
    old, new = ("\n\n".join(chance.choices(lines, k=2500)) for _ in range(2))
    change = change_between("", old, "", new)
    assert change.rough
    assert change.counts.kept + change.counts.moved + change.counts.added == 2500


@pytest.mark.timeout(120)
def test_text_with_too_many_sentences_is_compared_by_paragraphs():
    paragraphs = [f"Item {number} came. It went." for number in range(3100)]
    other = [*paragraphs[:50], "Item new came. It stayed.", *paragraphs[50:]]
    change = change_between("", "\n\n".join(paragraphs), "", "\n\n".join(other))
    assert (change.kind, change.rough, change.counts.added, change.counts.kept) == ("addition", True, 1, 3100)
