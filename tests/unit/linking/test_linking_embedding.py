"""The sentence model from a folder: what is missing is said, what it answers is averaged and of length 1.

The model is made here: a table of two vectors per word, written as the few messages of the ONNX format that it needs.
"""

import math
import struct
import sys
from datetime import UTC, date, datetime

import pytest

from crawler.configuration import load
from crawler.errors import ConfigurationError
from crawler.linking import Finder, Vocabulary
from crawler.linking.embedding import OnnxEmbedder
from crawler.linking_run import embedder_of
from storage.types import ArticleText, EventText

WORDS = {"[PAD]": 0, "[UNK]": 1, "ferry": 2, "bank": 3}
TABLE = ((9.0, 9.0), (0.0, 0.5), (3.0, 0.0), (0.0, 4.0))


def number(value):
    out = b""
    while value > 127:
        out += bytes((value & 127 | 128,))
        value >>= 7
    return out + bytes((value,))


def field(place, value):
    """One field of a protocol buffer: a number, or bytes with their length."""
    if isinstance(value, int):
        return number(place << 3) + number(value)
    content = value.encode() if isinstance(value, str) else value
    return number(place << 3 | 2) + number(len(content)) + content


def typed(name, kind, *sizes):
    shape = b"".join(field(1, field(2, size) if isinstance(size, str) else field(1, size)) for size in sizes)
    return field(1, name) + field(2, field(1, field(1, kind) + field(2, shape)))


def onnx_model():
    """Gather(table, input_ids): a vector per token."""
    floats, whole = 1, 7
    table = field(1, len(TABLE)) + field(1, 2) + field(2, floats) + field(8, "table")
    table += field(9, b"".join(struct.pack("<2f", *row) for row in TABLE))
    node = field(1, "table") + field(1, "input_ids") + field(2, "vectors") + field(3, "g") + field(4, "Gather")
    graph = field(1, node) + field(2, "words") + field(5, table)
    graph += field(11, typed("input_ids", whole, "texts", "tokens"))
    graph += field(12, typed("vectors", floats, "texts", "tokens", 2))
    return field(1, 8) + field(7, graph) + field(8, field(1, "") + field(2, 13))


@pytest.fixture
def folder(tmp_path):
    tokenizers = pytest.importorskip("tokenizers")
    pytest.importorskip("onnxruntime")
    made = tokenizers.Tokenizer(tokenizers.models.WordLevel(WORDS, unk_token="[UNK]"))
    made.normalizer = tokenizers.normalizers.Lowercase()
    made.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    folder = tmp_path / "model"
    folder.mkdir()
    made.save(str(folder / "tokenizer.json"))
    (folder / "model.onnx").write_bytes(onnx_model())
    return folder


def test_vectors_are_means_of_the_tokens_in_the_order_of_the_texts(folder):
    model = OnnxEmbedder(folder)
    long, short, mixed, nothing = model.vectors(["ferry " * 500, "bank", "ferry bank", ""])
    assert long == pytest.approx((1.0, 0.0))
    assert short == pytest.approx((0.0, 1.0))
    assert mixed == pytest.approx((0.6, 0.8))
    assert nothing == pytest.approx((0.0, 0.0))
    assert model.vectors([]) == []
    many = model.vectors(["ferry", "bank bank"] * 50)
    assert len(many) == 100
    assert all(math.hypot(*vector) == pytest.approx(1.0) for vector in many)


def test_the_configuration_names_the_folder_relative_to_the_library(folder, tmp_path):
    (tmp_path / "dateline.toml").write_text('[linking]\nmodel = "model"\n')
    model = embedder_of(load(tmp_path))
    event = EventText(key="2031/03/4/a", event_date=date(2031, 3, 4), headline="A ferry")
    article = ArticleText(
        article_id=1,
        canonical_url="https://lind-herald.example/1",
        headline="Ferry",
        body="",
        reported_at=datetime(2031, 3, 4, tzinfo=UTC),
        dated=True,
    )
    (found,) = Finder(Vocabulary([event]), model).find(article, [event])
    assert found.features.meaning == pytest.approx(0.986, abs=0.01)


def test_no_model_is_named_by_default(tmp_path):
    (tmp_path / "dateline.toml").write_text("")
    assert embedder_of(load(tmp_path)) is None


def test_a_folder_without_the_files_is_named(folder):
    (folder / "tokenizer.json").unlink()
    with pytest.raises(ConfigurationError, match=r"linking\.model: .*model has no tokenizer\.json"):
        OnnxEmbedder(folder)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_broken_file_is_a_clear_error(folder, name):
    (folder / name).write_bytes(b"\x00 not a model")
    with pytest.raises(ConfigurationError, match=r"linking\.model: .* holds no usable sentence model"):
        OnnxEmbedder(folder)


@pytest.mark.parametrize("name", ["onnxruntime", "tokenizers"])
def test_a_missing_package_names_the_extra(tmp_path, monkeypatch, name):
    for one in ("onnxruntime", "tokenizers"):
        monkeypatch.setitem(sys.modules, one, None if one == name else sys)
    with pytest.raises(ConfigurationError, match=r"dateline\[embeddings\]"):
        OnnxEmbedder(tmp_path)
