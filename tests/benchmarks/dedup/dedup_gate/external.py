"""The same changes made to texts that lie in a folder: invented prose may flatter, real news is not ours to ship."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from storage.types import Article

from .pairs import Label, Pair, copies, digest, quoting, written_through
from .stories import seeded

_SHORTEST, _LONGEST = 300, 15_000
_LEAST_TAKEN, _MOST_TAKEN = 0.28, 0.5
_BESIDE = 10
"""Texts beside which each is laid as an unrelated one."""


def external_pairs(folder: Path, seed: int) -> Iterator[Pair]:
    """Copies, derived pairs and unrelated ones made of the texts of a folder."""
    rng = seeded(seed)
    texts = list(_texts(folder))
    for original in texts:
        yield from copies(rng, "real", original)
        others = rng.sample([text for text in texts if text.language == original.language and text is not original], 2)
        if min(text.body.count("\n\n") for text in [original, *others]) > 5:
            made = {
                "digest of three": digest(rng, [original, *others]),
                "write-through": written_through(rng, original, others[0]),
                "quotation": quoting(rng, original, others[1]),
            }
            for kind, fresh in made.items():
                if _LEAST_TAKEN < _taken(fresh, original) < _MOST_TAKEN:
                    yield _pair(kind, Label.DERIVED, original, fresh)
        for other in rng.sample(texts, _BESIDE):
            if other is not original:
                yield _pair("other story", Label.OTHER, original, other)


def _pair(kind: str, label: Label, stored: Article, fresh: Article) -> Pair:
    return Pair(kind=f"real: {kind}", label=label, stored=stored, fresh=fresh)


def _taken(fresh: Article, original: Article) -> float:
    """How much of the shorter text are whole blocks of both: paragraphs of real texts differ in length."""
    blocks = set(original.body.split("\n\n"))
    taken = sum(len(block) for line in fresh.body.split("\n\n") if (block := line.removeprefix("> ")) in blocks)
    return taken / min(len(fresh.body), len(original.body))


def _texts(folder: Path) -> Iterator[Article]:
    for path in sorted(folder.rglob("items.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            truth = json.loads(line)["truth"]
            body = "\n\n".join(block.strip() for block in (truth.get("body") or "").split("\n") if block.strip())
            if _SHORTEST <= len(body) <= _LONGEST:
                yield Article(headline=truth.get("title") or "", body=body, language=_language(body))


def _language(body: str) -> str:
    """Of the pools, the one whose script it is in."""
    if len(re.findall("[\u3040-\u30ff\u4e00-\u9fff]", body)) * 3 > len(body):
        return "ja" if re.search("[\u3040-\u30ff]", body) else "zh"
    return "en"
