"""All labelled pairs: copies, what is derived, and what only looks alike."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from storage.types import Article

from .changes import BEYOND, CHANGES, cut, furnished
from .stories import LANGUAGES, PROSE, STORY, TOPICS, seeded, story, template_report

NAMES = {"en": "English", "pl": "Polish", "zh": "Chinese", "ja": "Japanese", "th": "Thai"}


class Label(StrEnum):
    """What two articles are; ``BEYOND``: a copy that no candidate search by five words can bring."""

    COPY = "copy"
    DERIVED = "derived"
    OTHER = "other"
    BEYOND = "beyond"


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """Two articles of two documents and what they are."""

    kind: str
    label: Label
    stored: Article
    fresh: Article


def pairs(seed: int) -> Iterator[Pair]:
    """All labelled pairs of a seed."""
    rng = seeded(seed)
    for number in range(TOPICS):
        yield from copies(rng, "English, long", story(rng, number, rng.randint(6, 12)))
        yield from copies(rng, "English, brief", story(rng, number, rng.randint(2, 3)))
        yield from derived(rng, number, "en")
        yield from _others(rng, number)
    for language in LANGUAGES:
        for number in range(6):
            yield from copies(rng, f"{NAMES[language]}, long", story(rng, number, rng.randint(6, 10), language))
            yield from copies(rng, f"{NAMES[language]}, brief", story(rng, number, rng.randint(2, 3), language))
            yield from derived(rng, number, language)
            yield from _others_abroad(rng, number, language)
    yield from _twins(rng)


def copies(rng: random.Random, size: str, original: Article) -> Iterator[Pair]:
    """A story and what each change makes of it."""
    for name, change in CHANGES.items():
        yield Pair(kind=f"{size}: {name}", label=Label.COPY, stored=original, fresh=change(rng, original))
    for name, change in BEYOND.items():
        yield Pair(kind=f"{size}: {name}", label=Label.BEYOND, stored=original, fresh=change(rng, original))


# -- derived -----------------------------------------------------------------------------------------------------


def derived(rng: random.Random, number: int, language: str) -> Iterator[Pair]:
    """A story beside a digest that has it, a write-through of it, a report that quotes it at length."""
    original = story(rng, number, rng.randint(7, 9), language)
    others = [story(rng, number + place, 7, language) for place in (1, 2)]
    made = {
        "digest of three": digest(rng, [original, *others]),
        "digest of two": digest(rng, [original, others[0]]),
        "write-through": written_through(rng, original, story(rng, number, 8, language)),
        "long quotation": quoting(rng, original, story(rng, number, 4, language)),
    }
    for kind, fresh in made.items():
        yield Pair(kind=f"{NAMES[language]}: {kind}", label=Label.DERIVED, stored=original, fresh=fresh)


def digest(rng: random.Random, stories: list[Article]) -> Article:
    """The first two blocks of each."""
    items = [cut(2 / len(one.body.split("\n\n")))(rng, one).body for one in rng.sample(stories, len(stories))]
    return replace(stories[0], headline="The day in short", body="\n\n".join(items))


def written_through(rng: random.Random, before: Article, news: Article) -> Article:
    """A new top, with the background of the story before it: four to six tenths of the text."""
    old, new = before.body.split("\n\n"), news.body.split("\n\n")
    kept = round(len(old) * rng.uniform(0.36, 0.48))
    top = round(kept * rng.uniform(1.25, 1.7))
    return replace(news, body="\n\n".join([*new[:top], *old[-kept:]]))


def quoting(rng: random.Random, source: Article, report: Article) -> Article:
    """A report with two blocks of a source in its midst."""
    blocks, own = source.body.split("\n\n"), report.body.split("\n\n")
    at = rng.randint(2, len(blocks) - 2)
    return replace(report, body="\n\n".join([*own[:2], *(f"> {block}" for block in blocks[at : at + 2]), *own[2:]]))


# -- what only looks alike ---------------------------------------------------------------------------------------


def _others(rng: random.Random, number: int) -> Iterator[Pair]:
    one, same, other = story(rng, number), story(rng, number), story(rng, number + 1)
    yield _other("same topic, other text", one, same)
    yield _other("other story", one, other)
    quotes = "\n\n".join(STORY["quotes"])
    quoting_too = [replace(article, body=f"{article.body}\n\n{quotes}") for article in (one, same)]
    yield _other("same event, both quote 105 words", *quoting_too)
    short = replace(story(rng, number, 3), headline="In short")
    short = replace(short, body=f"{short.body}\n\n{STORY['quotes'][0]}")
    yield _other("brief with a quote of 35 words from a long one", quoting_too[0], short)
    yield _other("same topic, same site's furniture", *(furnished(rng, article) for article in (one, same)))
    briefs = [furnished(rng, story(rng, number, rng.randint(2, 3))) for _ in range(2)]
    yield _other("briefs, same site's furniture", *briefs)
    digests = [digest(rng, [one, story(rng, number + shift, 7), story(rng, number + shift + 1, 7)]) for shift in (2, 5)]
    yield _other("two digests that share an item", *digests)
    yield _other("a live page's two days", *(_live_page(rng, number) for _ in range(2)))
    yield _other("translation", one, story(rng, number, 9, rng.choice(list(LANGUAGES))))


def _others_abroad(rng: random.Random, number: int, language: str) -> Iterator[Pair]:
    one, same = story(rng, number, 7, language), story(rng, number, 7, language)
    yield _other(f"same topic, other text, {NAMES[language]}", one, same)
    yield _other(f"same site's furniture, {NAMES[language]}", furnished(rng, one), furnished(rng, same))
    briefs = [furnished(rng, story(rng, number, 3, language)) for _ in range(2)]
    yield _other(f"briefs, same site's furniture, {NAMES[language]}", *briefs)


def _live_page(rng: random.Random, number: int) -> Article:
    """Entries of one day between what the page says every day."""
    head = (
        "Follow our live coverage as our reporters and the agencies bring it in. The newest entry stands at the top; "
        "times are local. What we could not check ourselves is marked as such.\n\n## What you need to know\n\n"
        "For background read our guide to the talks, the people who lead them and the maps of the region."
    )
    entries = story(rng, number, 9).body.split("\n\n")
    timed = (f"## {rng.randint(0, 23)}:{rng.randint(10, 59)}\n\n{entry}" for entry in entries)
    return Article(headline="Talks in the harbour: live", body="\n\n".join([head, *timed]), language="en")


def _twins(rng: random.Random) -> Iterator[Pair]:
    for name in [*PROSE["templates"], *PROSE["templates_cjk"]]:
        for turn in range(12):
            first, second = template_report(rng, name), template_report(rng, name)
            yield _other(f"same template, other facts: {name}", first, second)
            # The same random generator twice: the same town, the same people, the next day's figures.
            casts = [seeded(turn) for _ in range(2)]
            yield _other(f"same template, next day: {name}", *(template_report(rng, name, cast) for cast in casts))


def _other(kind: str, stored: Article, fresh: Article) -> Pair:
    return Pair(kind=kind, label=Label.OTHER, stored=stored, fresh=fresh)
