"""The body of an article as blocks that a template turns into HTML. Pure.

A body is text with a structure of our own (`storage.types.Article.body`). Nothing in it is ever read as HTML: each
block's text goes through the templates' escaping like every other text.

Why long bodies are folded behind the first blocks: a page of a megabyte makes a phone wait, and who opened it for the
first paragraphs scrolls past everything below. Nothing is left out; the rest stands in a ``<details>``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

_OPEN_SIGNS = 12_000
"""Signs of a body that are shown at once; the block that reaches it is shown whole, unless it is far too long."""

_RIGHT_TO_LEFT = frozenset(("ar", "arc", "ckb", "dv", "fa", "he", "ks", "nqo", "ps", "sd", "syr", "ug", "ur", "yi"))


class BlockKind(StrEnum):
    """What a block of a body is."""

    HEADING = "heading"
    ITEMS = "items"
    QUOTATION = "quotation"
    PARAGRAPH = "paragraph"


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """One block: its kind and its texts, which are several for a list and for a quotation of several paragraphs."""

    kind: BlockKind
    texts: tuple[str, ...]

    @property
    def length(self) -> int:
        """Signs."""
        return sum(map(len, self.texts))


@dataclass(frozen=True, kw_only=True, slots=True)
class Folded:
    """A body: the blocks that are shown, and those that are shown when asked for."""

    shown: tuple[Block, ...]
    rest: tuple[Block, ...] = ()

    @property
    def rest_length(self) -> int:
        """Signs of what is folded away."""
        return sum(one.length for one in self.rest)


_MARKS = (("## ", BlockKind.HEADING), ("- ", BlockKind.ITEMS), ("> ", BlockKind.QUOTATION))


def direction(language: str) -> str:
    """``ltr`` or ``rtl`` by the language's usual script; ``auto``, by the text's first letter, where it is unknown."""
    if not language:
        return "auto"
    return "rtl" if language.lower().partition("-")[0] in _RIGHT_TO_LEFT else "ltr"


def blocks_of(body: str) -> tuple[Block, ...]:
    """The blocks of a body in order; list items, and quotations, that follow each other are one block."""
    told = (_block(part) for part in body.split("\n\n") if part.strip())
    found: list[Block] = []
    for kind, group in groupby(told, key=lambda one: one[0]):
        texts = [text for _, text in group]
        if kind in {BlockKind.ITEMS, BlockKind.QUOTATION}:
            found.append(Block(kind=kind, texts=tuple(texts)))
        else:
            found += [Block(kind=kind, texts=(text,)) for text in texts]
    return tuple(found)


def folded(body: str, most: int = _OPEN_SIGNS) -> Folded:
    """The blocks of a body, those behind the first ``most`` signs apart; a paragraph of more is parted at a space."""
    blocks = list(_parted(blocks_of(body), most))
    seen = 0
    for number, block in enumerate(blocks):
        if seen >= most:
            return Folded(shown=tuple(blocks[:number]), rest=tuple(blocks[number:]))
        seen += block.length
    return Folded(shown=tuple(blocks))


def _block(part: str) -> tuple[BlockKind, str]:
    text = part.strip("\n")
    for mark, kind in _MARKS:
        if text.startswith(mark):
            return kind, text.removeprefix(mark)
    return BlockKind.PARAGRAPH, text


def _parted(blocks: Sequence[Block], most: int) -> Iterable[Block]:
    for block in blocks:
        if block.length <= 2 * most:
            yield block
        else:
            for text in block.texts:
                yield from (Block(kind=block.kind, texts=(piece,)) for piece in _pieces(text, most))


def _pieces(text: str, most: int) -> Iterable[str]:
    start = 0
    while len(text) - start > most:
        end = text.rfind(" ", start + 1, start + most)
        end = end if end > 0 else start + most
        yield text[start:end]
        start = end
    yield text[start:]
