"""Whole stories: copies, digests, write-throughs and template reports mixed, and the clusters that come of them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from math import comb

from crawler.dedup import decide, fingerprint
from storage.placing import to_be_read
from storage.telling import Teller, groups
from storage.types import Article, RelationKind

from .changes import CHANGES
from .measuring import candidate
from .pairs import digest, quoting, written_through
from .stories import LANGUAGES, PROSE, TOPICS, seeded, story, template_report


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """An article and the story that it tells; equal numbers are one story."""

    story: int
    article: Article


def week(seed: int, stories: int = 24, copies: int = 9) -> list[Told]:
    """The articles of some days, in the order in which they come."""
    rng = seeded(seed)
    told: list[Told] = []
    originals: list[Article] = []
    for number in range(stories):
        language = rng.choice(["en", "en", "en", *LANGUAGES])
        original = story(rng, number % TOPICS, rng.choice([2, 3, 7, 8, 9]), language)
        originals.append(original)
        made = [original, *(rng.choice(list(CHANGES.values()))(rng, original) for _ in range(rng.randint(2, copies)))]
        told += [Told(story=number, article=fingerprint(article)) for article in made]
    for article in [*_drawn_on(rng, originals), *_reports(rng)]:
        told.append(Told(story=len(told) + stories, article=fingerprint(article)))
    return rng.sample(told, len(told))


def _drawn_on(rng: random.Random, originals: Sequence[Article]) -> list[Article]:
    english = [one for one in originals if one.language == "en" and one.body.count("\n\n") > 5]
    made = [digest(rng, rng.sample(english, 3)) for _ in range(6)]
    for number, one in enumerate(english):
        made.append(written_through(rng, one, story(rng, number, 8)))
        made.append(quoting(rng, one, story(rng, number, 4)))
    return made


def _reports(rng: random.Random) -> list[Article]:
    return [template_report(rng, name, seeded(1)) for name in PROSE["templates"] for _ in range(4)]


def clustered(told: Sequence[Told]) -> float:
    """The adjusted Rand index of the clusters against the stories, decided in the order of arrival."""
    scores = {}
    for number, fresh in enumerate(told):
        known = [candidate(one.article, fresh.article, number=place) for place, one in enumerate(told[:number])]
        found = [one for one in known if any(one.shared_keys.values()) or one.text_digest == fresh.article.text_digest]
        for likeness in decide(fresh.article, _read(fresh.article, found)).likenesses:
            if likeness.kind is RelationKind.COPY:
                scores[likeness.article_id, number] = likeness.score
    start = datetime(2006, 7, 5, tzinfo=UTC)
    tellers = [
        Teller(
            article_id=number,
            reported_at=start + timedelta(minutes=number),
            canonical_url=f"https://harbour-post.example/{number}",
            length=len(one.article.body),
        )
        for number, one in enumerate(told)
    ]
    cluster = {member: place for place, group in enumerate(groups(tellers, scores)) for member in group}
    return adjusted_rand([one.story for one in told], [cluster[number] for number in range(len(told))])


def _read(article, found):
    """The candidates as storage gives them: only the closest with their text."""
    given = set(to_be_read(article, found))
    return [one if one.version_id in given else replace(one, body="", headline="") for one in found]


def adjusted_rand(truth: Sequence[int], found: Sequence[int]) -> float:
    """1 where both partitions are one, about 0 where they agree by chance."""
    both = sum(comb(count, 2) for count in Counter(zip(truth, found, strict=True)).values())
    rows = sum(comb(count, 2) for count in Counter(truth).values())
    columns = sum(comb(count, 2) for count in Counter(found).values())
    expected = rows * columns / comb(len(truth), 2)
    most = (rows + columns) / 2
    return (both - expected) / (most - expected) if most != expected else 1.0
