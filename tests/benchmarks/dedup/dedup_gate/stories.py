"""Invented stories in five languages, and reports that come out of a template every day.

Why invented: copies of real news cannot be shipped. Sentences are grammatical nonsense drawn from pools, with a
cast and a topic per story, so that stories of one topic share names and nouns but hardly a run of five words, as
two reporters' texts do. The reports from templates are written out, because their whole point is what repeats.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from storage.types import Article

PROSE = tomllib.loads(Path(__file__).with_name("prose.toml").read_text("utf-8"))
STORY = {name: pool.split() if isinstance(pool, str) else pool for name, pool in PROSE["story"].items()}
LANGUAGES = {
    language: {name: pool.split() if isinstance(pool, str) else pool for name, pool in pools.items()}
    for language, pools in PROSE["languages"].items()
}
TOPICS = len(STORY["topics"])
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
MONTHS = ["January", "March", "May", "July", "September", "November"]


def seeded(seed: int) -> random.Random:
    """The same random choices every time."""
    return random.Random(seed)  # noqa: S311 - reproducible test data


def story(rng: random.Random, number: int, paragraphs: int = 9, language: str = "en") -> Article:
    """A story of about 45 words per paragraph; the same number has the same topic, place and cast."""
    cast = seeded(number)
    if language == "en":
        return _english(rng, cast, number, paragraphs)
    if language == "pl":
        return _polish(rng, cast, paragraphs)
    return _unspaced(rng, language, paragraphs)


def filler(rng: random.Random, language: str) -> str:
    """One word that an editor may put in."""
    if language == "en":
        return rng.choice(STORY["nouns"])
    if language == "pl":
        return _polish_noun(rng)
    return rng.choice(LANGUAGES[language]["words"])


def sentences(rng: random.Random, number: int, language: str) -> list[str]:
    """Four sentences of another story."""
    block = story(rng, number, 1, language).body.partition(" - ")
    return split_sentences(block[2] or block[0], language)


def split_sentences(block: str, language: str) -> list[str]:
    """The sentences of a block; those of Thai stand between spaces."""
    if language == "th":
        return block.split(" ")
    return [part for part in re.split(r"(?<=[。])|(?<=[.!?])\s", block) if part]


def join_sentences(parts: list[str], language: str) -> str:
    """A block of sentences."""
    return ("" if language in {"zh", "ja"} else " ").join(parts)


# -- English -----------------------------------------------------------------------------------------------------


def _english(rng: random.Random, cast: random.Random, number: int, paragraphs: int) -> Article:
    topic, place = STORY["topics"][number % TOPICS].split(), cast.choice(STORY["places"])
    people = cast.sample(STORY["people"], 3)
    blocks = [" ".join(_sentence(rng, topic, people) for _ in range(4)) for _ in range(paragraphs)]
    body = "\n\n".join([f"{place.upper()} - {blocks[0]}", *blocks[1:]])
    return Article(headline=headline(rng, topic, place), body=body, language="en")


def headline(rng: random.Random, topic: list[str], place: str) -> str:
    """An English headline."""
    return f"{place} {topic[0]} {rng.choice(STORY['verbs'])} {_phrase(rng, topic)}"


def _phrase(rng: random.Random, topic: list[str]) -> str:
    noun = rng.choice(topic) if rng.random() < 0.4 else rng.choice(STORY["nouns"])
    return f"the {rng.choice(STORY['adjectives'])} {noun}" if rng.random() < 0.6 else f"the {noun}"


def _sentence(rng: random.Random, topic: list[str], people: list[str]) -> str:
    subject = rng.choice([rng.choice(people), _phrase(rng, topic), f"{rng.randint(2, 900)} {rng.choice(topic)}"])
    first, second = _phrase(rng, topic), _phrase(rng, topic)
    parts = [subject, rng.choice(STORY["verbs"]), first, rng.choice(STORY["prepositions"]), second]
    if rng.random() < 0.5:
        parts.insert(1, rng.choice(STORY["adverbs"]))
    if rng.random() < 0.4:
        joint = rng.choice(["and", "but", "while", "because"])
        parts += [joint, rng.choice(people), rng.choice(STORY["verbs"]), _phrase(rng, topic)]
    return _capital(" ".join(parts)) + "."


# -- other languages ---------------------------------------------------------------------------------------------


def _polish(rng: random.Random, cast: random.Random, paragraphs: int) -> Article:
    pools = LANGUAGES["pl"]
    place, people = cast.choice(pools["places"]), cast.sample(pools["people"], 3)
    blocks = [" ".join(_polish_sentence(rng, people) for _ in range(5)) for _ in range(paragraphs)]
    body = "\n\n".join([f"{place.upper()} - {blocks[0]}", *blocks[1:]])
    return Article(headline=f"{place}: {_polish_phrase(rng)}", body=body, language="pl")


def _polish_sentence(rng: random.Random, people: list[str]) -> str:
    pools = LANGUAGES["pl"]
    subject = rng.choice([rng.choice(people), _polish_phrase(rng), f"{rng.randint(2, 900)} {_polish_noun(rng)}"])
    preposition = rng.choice(pools["prepositions"])
    parts = [subject, rng.choice(pools["verbs"]), _polish_phrase(rng), preposition, _polish_phrase(rng)]
    return _capital(" ".join(parts)) + "."


def _polish_phrase(rng: random.Random) -> str:
    pools = LANGUAGES["pl"]
    adjective = rng.choice(pools["adjectives"]) + rng.choice(pools["endings_adjectives"])
    return f"{adjective} {_polish_noun(rng)}" if rng.random() < 0.6 else _polish_noun(rng)


def _polish_noun(rng: random.Random) -> str:
    kind = rng.choice(["women", "men"])
    return rng.choice(LANGUAGES["pl"][kind]) + rng.choice(LANGUAGES["pl"][f"endings_{kind}"]).strip("_")


def _unspaced(rng: random.Random, language: str, paragraphs: int) -> Article:
    make = {"zh": _chinese_sentence, "ja": _japanese_sentence, "th": _thai_sentence}[language]
    blocks = [join_sentences([make(rng) for _ in range(4)], language) for _ in range(paragraphs)]
    return Article(headline=blocks[0][:14], body="\n\n".join(blocks), language=language)


def _chinese_sentence(rng: random.Random) -> str:
    words = [rng.choice(LANGUAGES["zh"]["words"]) for _ in range(rng.randint(8, 12))]
    return "".join([*_figure(rng), *words]) + "。"


def _japanese_sentence(rng: random.Random) -> str:
    pools = LANGUAGES["ja"]
    words = [rng.choice(pools["words"]) + rng.choice(pools["particles"]) for _ in range(rng.randint(5, 8))]
    return "".join([*_figure(rng), *words, rng.choice(pools["verbs"])]) + "。"


def _thai_sentence(rng: random.Random) -> str:
    words = [rng.choice(LANGUAGES["th"]["words"]) for _ in range(rng.randint(8, 13))]
    return "".join([*_figure(rng), *words])


def _figure(rng: random.Random) -> list[str]:
    return [str(rng.randint(2, 900))] if rng.random() < 0.3 else []


def _capital(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"


# -- templates ---------------------------------------------------------------------------------------------------


def template_report(rng: random.Random, name: str, names: random.Random | None = None) -> Article:
    """A report out of one of the templates, with facts of its own; names and places drawn from ``names``."""
    template = PROSE["templates"].get(name) or PROSE["templates_cjk"][name]
    language = name[:2] if name in PROSE["templates_cjk"] else "en"
    body = re.sub(r"\{(\w+)\}", lambda match: _fact(rng, names or rng, match[1]), template)
    return Article(headline=f"Daily {name} report", body=body, language=language)


def _fact(rng: random.Random, names: random.Random, slot: str) -> str:
    return next(fact for fact in _facts(rng, names, slot) if fact)


def _facts(rng: random.Random, names: random.Random, slot: str) -> Iterator[str]:
    bounds = {"n": (1, 9), "d": (1, 9), "d2": (1, 9), "n2": (10, 60), "n3": (10, 90), "n4": (10, 90), "n5": (120, 990)}
    bounds |= {"hour": (1, 12), "min": (10, 59), "year": (1900, 1999)}
    yield str(rng.randint(*bounds[slot])) if slot in bounds else ""
    yield {"day": rng.choice(DAYS), "month": rng.choice(MONTHS)}.get(slot.rstrip("2"), "")
    yield rng.choice(["north", "east", "south", "west"]) if slot == "side" else ""
    kind = slot.rstrip("234")
    fixed = {"place": "places", "person": "people"}
    yield names.choice(STORY[fixed[kind]]) if kind in fixed else ""
    yield rng.choice(STORY[{"adj": "adjectives", "verb": "verbs", "dir": "adverbs"}.get(kind, "nouns")])
