"""Labelled pairs for the dedup gate: invented stories, what sites do to copies of them, and what only looks alike.

``python tests/benchmarks/dedup_pairs.py [SEED ...]`` prints recall per change, false matches per kind of negative
and F1. The gate (tests/unit/dedup/test_dedup_gate.py) pins the floors for fixed seeds.

Why invented: copies of real news cannot be shipped. Sentences are grammatical nonsense drawn from pools, with a
cast and a topic per story, so that stories of one topic share names and nouns but hardly a run of five words, as
two reporters' texts do. The reports from templates are written out, because their whole point is what repeats.
"""

from __future__ import annotations

import random
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from crawler.dedup import decide, fingerprint
from storage.types import Article, Candidate, Verdict, VerdictKind

PROSE = tomllib.loads(Path(__file__).with_name("dedup_prose.toml").read_text("utf-8"))
STORY = {name: pool.split() if isinstance(pool, str) else pool for name, pool in PROSE["story"].items()}
COPIES = {VerdictKind.NEAR_DUPLICATE, VerdictKind.SYNDICATED}
Change = Callable[[random.Random, Article], Article]


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """Two articles of two documents; ``copy`` is the label."""

    kind: str
    copy: bool
    stored: Article
    fresh: Article


# -- stories -----------------------------------------------------------------------------------------------------


def story(rng: random.Random, number: int, paragraphs: int = 9) -> Article:
    """A story of about 45 words per paragraph; the same number has the same topic, place and cast."""
    cast = random.Random(number)  # noqa: S311 - reproducible test data
    topic, place = STORY["topics"][number % len(STORY["topics"])].split(), cast.choice(STORY["places"])
    people = cast.sample(STORY["people"], 3)
    blocks = [" ".join(_sentence(rng, topic, people) for _ in range(4)) for _ in range(paragraphs)]
    return Article(
        headline=_headline(rng, topic, place), body="\n\n".join([f"{place.upper()} - {blocks[0]}", *blocks[1:]])
    )


def chinese_story(rng: random.Random, paragraphs: int = 9) -> Article:
    """A story of about 90 characters per paragraph."""
    blocks = [
        "。".join("".join(rng.choice(STORY["chinese"]) for _ in range(rng.randint(8, 12))) for _ in range(4)) + "。"
        for _ in range(paragraphs)
    ]
    return Article(headline=blocks[0][:14], body="\n\n".join(blocks), language="zh")


def template_report(rng: random.Random, name: str) -> Article:
    """A report out of one of the templates, with facts of its own."""
    facts: defaultdict[str, Callable[[], str]] = defaultdict(lambda: lambda: rng.choice(STORY["nouns"]))
    pools = {"place": "places", "person": "people", "adj": "adjectives", "verb": "verbs", "dir": "adverbs"}
    bounds = {"n": (1, 9), "d": (1, 9), "n2": (10, 60), "n3": (10, 90), "n4": (10, 90), "n5": (120, 990)}

    def fact(match: re.Match[str]) -> str:
        slot = match[1]
        if slot in bounds or slot == "d2":
            return str(rng.randint(*bounds.get(slot, (1, 9))))
        return _named(rng, slot) or (
            rng.choice(STORY[pools[key]]) if (key := slot.rstrip("234")) in pools else facts[key]()
        )

    body = re.sub(r"\{(\w+)\}", fact, PROSE["templates"][name])
    return Article(headline=f"Daily {name} report", body=body)


def _named(rng: random.Random, slot: str) -> str:
    named = {
        "day": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
        "day2": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
        "month": "January March May July September November",
        "side": "north east south west",
    }
    numbers = {"hour": (1, 12), "min": (10, 59), "year": (1900, 1999)}
    if slot in numbers:
        return str(rng.randint(*numbers[slot]))
    return rng.choice(named[slot].split()) if slot in named else ""


def _headline(rng: random.Random, topic: list[str], place: str) -> str:
    return f"{place} {topic[0]} {rng.choice(STORY['verbs'])} {_phrase(rng, topic)}"


def _phrase(rng: random.Random, topic: list[str]) -> str:
    noun = rng.choice(topic) if rng.random() < 0.4 else rng.choice(STORY["nouns"])
    return f"the {rng.choice(STORY['adjectives'])} {noun}" if rng.random() < 0.6 else f"the {noun}"


def _sentence(rng: random.Random, topic: list[str], people: list[str]) -> str:
    subject = rng.choice([rng.choice(people), _phrase(rng, topic), f"{rng.randint(2, 900)} {rng.choice(topic)}"])
    parts = [
        subject,
        rng.choice(STORY["verbs"]),
        _phrase(rng, topic),
        rng.choice(STORY["prepositions"]),
        _phrase(rng, topic),
    ]
    if rng.random() < 0.5:
        parts.insert(1, rng.choice(STORY["adverbs"]))
    if rng.random() < 0.4:
        parts += [
            rng.choice(["and", "but", "while", "because"]),
            rng.choice(people),
            rng.choice(STORY["verbs"]),
            _phrase(rng, topic),
        ]
    text = " ".join(parts)
    return f"{text[0].upper()}{text[1:]}."


# -- what sites do to copies -------------------------------------------------------------------------------------


def cut(share: float) -> Change:
    """Keep the first blocks, about this share of them."""

    def change(_rng: random.Random, article: Article) -> Article:
        blocks = article.body.split("\n\n")
        return replace(article, body="\n\n".join(blocks[: max(1, round(len(blocks) * share))]))

    return change


def edited(share: float) -> Change:
    """Replace, drop or add about this share of the words, each at random."""

    def change(rng: random.Random, article: Article) -> Article:
        if article.language == "zh":
            return replace(
                article, body="".join(_edit(rng, re.findall(r"[^。\n]{2}|.|\n\n", article.body), "chinese", share))
            )
        blocks = (" ".join(_edit(rng, block.split(), "nouns", share)) for block in article.body.split("\n\n"))
        return replace(article, body="\n\n".join(blocks))

    return change


def _edit(rng: random.Random, words: list[str], pool: str, share: float) -> Iterator[str]:
    for word in words:
        if rng.random() >= share or word == "\n\n":
            yield word
        else:
            yield from rng.choice([[rng.choice(STORY[pool])], [], [word, rng.choice(STORY[pool])]])


def furnished(rng: random.Random, article: Article) -> Article:
    """Two pieces of the site's furniture inside, one at the end."""
    blocks, extra = article.body.split("\n\n"), rng.sample(STORY["furniture"], 3)
    middle = len(blocks) // 2
    return replace(article, body="\n\n".join([extra[0], *blocks[:middle], extra[1], *blocks[middle:], extra[2]]))


def redatelined(rng: random.Random, article: Article) -> Article:
    """Another dateline, an agency's credit in front and at the end."""
    place, body = rng.choice(STORY["places"]), article.body.partition(" - ")[2] or article.body
    tail = f"(Reporting by {rng.choice(STORY['people'])}; Editing by {rng.choice(STORY['people'])})"
    return replace(
        article, body=f"{place} (Reuters) - {body}\n\n{tail}", agency="Reuters", byline=rng.choice(STORY["people"])
    )


def reheaded(rng: random.Random, article: Article) -> Article:
    """Another headline."""
    return replace(article, headline=_headline(rng, ["readers"], rng.choice(STORY["places"])))


def reordered(rng: random.Random, article: Article) -> Article:
    """The blocks in another order."""
    blocks = article.body.split("\n\n")
    return replace(article, body="\n\n".join(rng.sample(blocks, len(blocks))))


def retyped(_rng: random.Random, article: Article) -> Article:
    """Other quotes and dashes, single line breaks, a counter."""
    body = (
        article.body.replace('"', "\u201c").replace("'", "\u2019").replace(" - ", " \u2014 ").replace(". ", ".\u00a0 ")
    )
    return replace(article, body=f"Updated 3 minutes ago\n\n{body}\n\n12 comments")


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
    "cut to 70 %": cut(0.7),
    "cut to 50 %": cut(0.5),
    "cut to 30 %": cut(0.3),
    "5 % of words edited": edited(0.05),
    "12 % of words edited": edited(0.12),
    "20 % of words edited": edited(0.20),
    "combined": together(cut(0.7), edited(0.05), furnished, redatelined, reheaded),
    "combined, heavier": together(cut(0.5), edited(0.10), furnished, reordered, redatelined, reheaded),
}


# -- pairs -------------------------------------------------------------------------------------------------------


def pairs(seed: int) -> Iterator[Pair]:
    """All labelled pairs of a seed."""
    rng = random.Random(seed)  # noqa: S311 - reproducible test data
    for number in range(len(STORY["topics"])):
        yield from _positives(rng, "long", story(rng, number, rng.randint(6, 12)))
        yield from _positives(rng, "brief", story(rng, number, rng.randint(2, 3)))
        yield from _negatives(rng, number)
    for _ in range(8):
        yield from _positives(rng, "Chinese", chinese_story(rng, rng.randint(5, 10)))
        yield Pair(kind="other story, Chinese", copy=False, stored=chinese_story(rng), fresh=chinese_story(rng))
    for name in PROSE["templates"]:
        for _ in range(12):
            first, second = template_report(rng, name), template_report(rng, name)
            yield Pair(kind="same template, other facts", copy=False, stored=first, fresh=second)


def _positives(rng: random.Random, size: str, original: Article) -> Iterator[Pair]:
    for name, change in CHANGES.items():
        yield Pair(kind=f"{size}: {name}", copy=True, stored=original, fresh=change(rng, original))


def _negatives(rng: random.Random, number: int) -> Iterator[Pair]:
    one, same, other = story(rng, number), story(rng, number), story(rng, number + 1)
    yield Pair(kind="same topic, other text", copy=False, stored=one, fresh=same)
    yield Pair(kind="other story", copy=False, stored=one, fresh=other)
    quotes = "\n\n".join(STORY["quotes"])
    quoting = [replace(article, body=f"{article.body}\n\n{quotes}") for article in (one, same)]
    yield Pair(kind="same topic, both quote 70 words", copy=False, stored=quoting[0], fresh=quoting[1])
    short = replace(story(rng, number, 3), headline="In short")
    short = replace(short, body=f"{short.body}\n\n{STORY['quotes'][0]}")
    yield Pair(kind="brief with a quote of 35 words from a long one", copy=False, stored=quoting[0], fresh=short)
    site = [furnished(rng, article) for article in (one, same)]
    yield Pair(kind="same topic, same site's furniture", copy=False, stored=site[0], fresh=site[1])


# -- measuring ---------------------------------------------------------------------------------------------------


def verdict(pair: Pair) -> Verdict:
    """What `decide` says of the fresh article when the other one is stored."""
    stored, fresh = fingerprint(pair.stored), fingerprint(pair.fresh)
    return decide(fresh, [candidate(stored, fresh)])


def candidate(stored: Article, fresh: Article) -> Candidate:
    """The stored article as storage would present it."""
    return Candidate(
        version_id=1,
        article_id=1,
        document_id=1,
        canonical_url="https://news.example/stored",
        same_document=False,
        current=True,
        same_payload=False,
        text_digest=stored.text_digest,
        published_at=datetime(2006, 7, 5, tzinfo=UTC),
        agency=stored.agency,
        shared_keys={name: len(set(keys) & set(fresh.keys[name])) for name, keys in stored.keys.items()},
        own_keys={name: len(keys) for name, keys in stored.keys.items()},
    )


def matched(seeds: list[int]) -> dict[tuple[bool, str], tuple[int, int]]:
    """Per label and kind of pair: how many were called copies, of how many."""
    counts: defaultdict[tuple[bool, str], list[bool]] = defaultdict(list)
    for seed in seeds:
        for pair in pairs(seed):
            counts[pair.copy, pair.kind].append(verdict(pair).kind in COPIES)
    return {key: (sum(found), len(found)) for key, found in counts.items()}


def quality(table: dict[tuple[bool, str], tuple[int, int]]) -> tuple[float, float, float]:
    """Precision, recall and F1 over all pairs."""
    right = sum(found for (copy, _), (found, _) in table.items() if copy)
    wrong = sum(found for (copy, _), (found, _) in table.items() if not copy)
    copies = sum(total for (copy, _), (_, total) in table.items() if copy)
    precision, recall = right / (right + wrong), right / copies
    return precision, recall, 2 * precision * recall / (precision + recall)


def main() -> None:
    """Print the table."""
    table = matched([int(seed) for seed in sys.argv[1:]] or [1, 2, 3])
    for (copy, kind), (found, total) in sorted(table.items(), key=lambda item: not item[0][0]):
        print(f"{'copy' if copy else 'not '}  {kind:48} {found:4} of {total:4}  {found / total:.3f}")
    print("precision {:.4f}  recall {:.4f}  F1 {:.4f}".format(*quality(table)))


if __name__ == "__main__":
    main()
