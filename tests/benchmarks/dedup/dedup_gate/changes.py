"""What sites do to copies of a story."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from storage.types import Article

from .stories import LANGUAGES, STORY, filler, headline, join_sentences, sentences, split_sentences

Change = Callable[[random.Random, Article], Article]
PIECES = {"zh": 2, "ja": 2, "th": 4}
"""Characters that stand for a word where none are written."""


def cut(share: float) -> Change:
    """Keep the first blocks, about this share of them."""

    def change(_rng: random.Random, article: Article) -> Article:
        blocks = article.body.split("\n\n")
        return replace(article, body="\n\n".join(blocks[: max(1, round(len(blocks) * share))]))

    return change


def edited(share: float) -> Change:
    """Replace, drop or add about this share of the words, each at random."""

    def change(rng: random.Random, article: Article) -> Article:
        return _by_words(article, lambda words: _edit(rng, words, article.language, share))

    return change


def every(number: int) -> Change:
    """Put another word in the place of every so-manieth one."""

    def change(rng: random.Random, article: Article) -> Article:
        return _by_words(article, lambda words: _replace(rng, words, article.language, number))

    return change


def _by_words(article: Article, edit: Callable[[list[str]], Iterator[str]]) -> Article:
    blocks = article.body.split("\n\n")
    if article.language in PIECES:
        piece = re.compile(rf"\d+|[^。 \d]{{{PIECES[article.language]}}}|.")
        return replace(article, body="\n\n".join("".join(edit(piece.findall(block))) for block in blocks))
    return replace(article, body="\n\n".join(" ".join(edit(block.split())) for block in blocks))


def _edit(rng: random.Random, words: list[str], language: str, share: float) -> Iterator[str]:
    for word in words:
        if rng.random() >= share:
            yield word
        else:
            yield from rng.choice([[filler(rng, language)], [], [word, filler(rng, language)]])


def _replace(rng: random.Random, words: list[str], language: str, number: int) -> Iterator[str]:
    for place, word in enumerate(words, 1):
        yield word if place % number else filler(rng, language)


def furnished(rng: random.Random, article: Article) -> Article:
    """Two pieces of the site's furniture inside, one at the end."""
    pool = STORY["furniture"] if article.language not in LANGUAGES else LANGUAGES[article.language]["furniture"]
    blocks, extra = article.body.split("\n\n"), rng.sample(pool, 3)
    middle = len(blocks) // 2
    return replace(article, body="\n\n".join([extra[0], *blocks[:middle], extra[1], *blocks[middle:], extra[2]]))


def boilerplated(rng: random.Random, article: Article) -> Article:
    """All of the site's furniture at the end."""
    pool = STORY["furniture"] if article.language not in LANGUAGES else LANGUAGES[article.language]["furniture"]
    return replace(article, body="\n\n".join([article.body, *rng.sample(pool, len(pool))]))


def redatelined(rng: random.Random, article: Article) -> Article:
    """Another dateline, an agency's credit in front and at the end."""
    place, body = rng.choice(STORY["places"]), re.sub(r"^[^ ]+ - ", "", article.body)
    tail = f"(Reporting by {rng.choice(STORY['people'])}; Editing by {rng.choice(STORY['people'])})"
    body = f"{place} (Reuters) - {body}\n\n{tail}"
    return replace(article, body=body, agency="Reuters", byline=rng.choice(STORY["people"]))


def reheaded(rng: random.Random, article: Article) -> Article:
    """Another headline."""
    return replace(article, headline=headline(rng, ["readers"], rng.choice(STORY["places"])))


def reordered(rng: random.Random, article: Article) -> Article:
    """The blocks in another order."""
    blocks = article.body.split("\n\n")
    return replace(article, body="\n\n".join(rng.sample(blocks, len(blocks))))


def retyped(_rng: random.Random, article: Article) -> Article:
    """Other quotes and dashes, a counter."""
    body = article.body.replace('"', "\u201c").replace("'", "\u2019").replace(" - ", " \u2014 ")
    body = body.replace(". ", ".\u00a0 ")
    return replace(article, body=f"Updated 3 minutes ago\n\n{body}\n\n12 comments")


def shortened(rng: random.Random, article: Article) -> Article:
    """Every fourth sentence gone, at random."""

    def kept(parts: list[str]) -> list[str]:
        return [part for part in parts if rng.random() >= 0.25] or parts[:1]

    return _by_sentences(article, kept)


def padded(rng: random.Random, article: Article) -> Article:
    """A sentence of the desk's own after every fourth, at random."""

    def filled(parts: list[str]) -> list[str]:
        own = sentences(rng, rng.randrange(100), article.language)
        return [each for part in parts for each in ([part, rng.choice(own)] if rng.random() < 0.25 else [part])]

    return _by_sentences(article, filled)


def _by_sentences(article: Article, edit: Callable[[list[str]], list[str]]) -> Article:
    language = article.language
    blocks = (edit(split_sentences(block, language)) for block in article.body.split("\n\n"))
    return replace(article, body="\n\n".join(join_sentences(parts, language) for parts in blocks))


def together(*changes: Change) -> Change:
    """One after the other."""

    def change(rng: random.Random, article: Article) -> Article:
        for each in changes:
            article = each(rng, article)
        return article

    return change


CHANGES: dict[str, Change] = {
    "none": lambda _rng, article: article,
    "retyped": retyped,
    "headline changed": reheaded,
    "dateline and credits changed": redatelined,
    "paragraphs reordered": reordered,
    "furniture added": furnished,
    "boilerplate added": boilerplated,
    "sentences dropped": shortened,
    "sentences inserted": padded,
    "cut to 70 %": cut(0.7),
    "cut to 50 %": cut(0.5),
    "cut to 30 %": cut(0.3),
    "5 % of words edited": edited(0.05),
    "12 % of words edited": edited(0.12),
    "20 % of words edited": edited(0.20),
    "every 8th word replaced": every(8),
    "every 6th word replaced": every(6),
    "combined": together(cut(0.7), edited(0.05), furnished, redatelined, reheaded),
    "combined, heavier": together(cut(0.5), edited(0.10), furnished, reordered, redatelined, reheaded),
}

BEYOND: dict[str, Change] = {"every 5th word replaced": every(5)}
"""What the index cannot find: not one run of five words is left. Measured, and no part of the whole."""
