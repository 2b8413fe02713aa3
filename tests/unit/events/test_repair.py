from __future__ import annotations

import codecs

import pytest

from crawler.events.contract import BrokenEntry
from crawler.events.repair import decode, evened, folded, repaired


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("dam – built".encode(), "dam – built"),
        (codecs.BOM_UTF8 + "né".encode(), "né"),
        ("né".encode("utf-16"), "né"),
        (b"caf\xe9 \x93Z\x94", "café “Z”"),
        (b"caf\xe9 \x81", "café \x81"),
        (b"a\r\nb\rc\n", "a\nb\nc\n"),
    ],
)
def test_encodings(content, text):
    assert evened(decode(content)) == text


@pytest.mark.parametrize("content", [codecs.BOM_UTF8 + "né".encode(), b"a\r\nb\rc\n\r", "né".encode()])
def test_text_of_utf8_encodes_to_the_same_bytes(content):
    assert decode(content).encode() == content


def test_binary_is_refused_with_its_line():
    with pytest.raises(BrokenEntry) as caught:
        decode(b"a\nb\0c")
    assert caught.value.line == 2


def test_a_false_bom_is_refused():
    with pytest.raises(BrokenEntry, match="utf-8"):
        decode(codecs.BOM_UTF8 + b"\xff\xff")


@pytest.mark.parametrize(
    ("damaged", "text"),
    [
        ("the dam â€“ built", "the dam – built"),
        ("CÃ´te", "Côte"),
        ("&quot;yes&quot; &amp; no", '"yes" & no'),
        ("“curly”，全角！ﬁ", "“curly”，全角！ﬁ"),
        ("plain", "plain"),
        ("bell\x07", "bell"),
    ],
)
def test_repair(damaged, text):
    assert repaired(damaged) == text


def test_folding():
    assert folded("  a \n b\u00a0\tc ") == "a b c"
