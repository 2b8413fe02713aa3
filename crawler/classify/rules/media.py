"""For a gallery, a film or a sound: something to look at, with captions but no report."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.classify.clues import clue
from crawler.classify.facts import Facts
from crawler.classify.phrases.forms import MEDIA_LABELS
from crawler.classify.wording import labelled
from storage.types import Clue, PageKind

_MEDIA_TYPES = frozenset(
    {"videoobject", "imagegallery", "mediagallery", "audioobject", "podcastepisode", "videogallery", "photograph"}
)
_LITTLE, _BRIEF, _CAPTION = 160, 90, 30
_SEVERAL, _MANY = 4, 8
_COUNTER = re.compile(
    r"\b(?:photo|picture|image|slide|bild|foto|imagen|immagine|фото)?\s?\d{1,3} (?:of|von|de|sur|di|van|из|з) \d{1,3}\b"
)
_COUNTER_UNSPACED = re.compile(r"第?\d{1,3}(?:枚目|张|張|页|頁)")


def shows_media(facts: Facts) -> Iterator[Clue]:
    """Declared, named, or built so; hardly anything where there is a report beside it."""
    kind, shape = PageKind.GALLERY, facts.shape
    damping = 1.0 if shape.own_words < _LITTLE else 0.3
    if found := sorted(facts.types & _MEDIA_TYPES):
        weight = 2.5 if "gallery" in found[0] else 1.5
        yield clue("declares a film or pictures", kind, weight * damping, f"json-ld {found[0]}")
    if facts.og_type.startswith(("video", "music")):
        yield clue("declares a film or pictures", kind, 2.0 * damping, f"og:type {facts.og_type}")
    if facts.address.media:
        yield clue("its address names pictures or a film", kind, 1.5 * damping, facts.address.media)
    if label := labelled((*facts.title, *facts.headings[:3]), MEDIA_LABELS):
        yield clue("titled as pictures or a film", kind, 1.5 * damping, label)
    if facts.furnishings.players and shape.own_words < _LITTLE:
        yield clue("a player", kind, 1.5 if shape.own_words < _BRIEF else 0.7, f"{facts.furnishings.players}")
    yield from _captioned(facts)
    if facts.shape.captions >= _SEVERAL and shape.own_words < _LITTLE:
        weight = 2.5 if facts.shape.captions >= _MANY else 1.5
        yield clue("pictures with captions", kind, weight, f"{facts.shape.captions}")


def _captioned(facts: Facts) -> Iterator[Clue]:
    """A picture or a player and hardly more than its caption, or one picture of several."""
    words, seen = facts.shape.own_words, facts.furnishings.players or facts.furnishings.shown
    if words < _CAPTION and seen and facts.headings:
        yield clue("something to look at with a caption", PageKind.GALLERY, 2.0, f"{words} words")
    if words < _LITTLE and (counter := _counter(facts)):
        yield clue("counts its pictures", PageKind.GALLERY, 2.0, counter)


def _counter(facts: Facts) -> str:
    for text in (*facts.title, *facts.headings, *facts.openers):
        if found := _COUNTER.search(text) or _COUNTER_UNSPACED.search(text):
            return found.group(0)
    return ""
