"""Where a story ends on its page: at the readers' comments, or at the notice for those who have not paid.

Why one line can end a story: under "12 comments" stands prose as good as the story's, so no measure of text can find
its end. Why a label that stands there several times ends nothing: it counts the comments of several other stories.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.extraction.body.candidates.prose import is_prose
from crawler.extraction.body.markup import Piece
from crawler.extraction.metadata.barriers import barriers_in, rest_in

_END_CHARS = 45
_BARRIER_CHARS = 260
_STORY_PARAGRAPHS = 2
_COMMENTS = (
    "comments?|kommentare?|leserkommentare|commentaires?|comentarios?|comentários?|commenti|reacties|komentarze|komentarzy"
    "|комментари(?:и|ев|й)|коментар(?:і|ів)|yorum(?:lar)?|تعليقات|التعليقات|评论|評論|留言|コメント|댓글|kommentarer|kommentit"
    "|leserbriefe|reader comments|readers comments|your comments|have your say|join the conversation"
    "|komentáře|hozzászólások"
)
_LABEL = re.compile(
    rf"^(?:\d{{1,5}} |view |show |read |all |alle |les |los |i |the )?(?:{_COMMENTS})"
    r"(?: \d{1,5}| on this (?:story|article)| zum artikel)?$"
)
_COUNTED = re.compile(r"\d")


def ends_story(pieces: Sequence[Piece], keys: Sequence[str], start: int) -> tuple[int, str]:
    """(index of the first piece that is no story any more, why); their number and nothing where the story goes on."""
    places = _places_below(pieces, keys, start)
    comments = _comments(pieces, keys, places)
    barrier = _barrier(pieces, keys, places)
    return (barrier, "subscription") if barrier < comments else (comments, "comments")


def _places_below(pieces: Sequence[Piece], keys: Sequence[str], start: int) -> list[tuple[int, int]]:
    """(index of a short piece, paragraphs above it) of those that have any above."""
    places, paragraphs = [], 0
    for index in range(start, len(pieces)):
        if paragraphs and len(keys[index]) <= _BARRIER_CHARS:
            places.append((index, paragraphs))
        paragraphs += is_prose(pieces[index])
    return places


def _comments(pieces: Sequence[Piece], keys: Sequence[str], places: Sequence[tuple[int, int]]) -> int:
    labels = [
        index
        for index, paragraphs in places
        if paragraphs >= _STORY_PARAGRAPHS and len(keys[index]) <= _END_CHARS and _LABEL.match(keys[index])
        if pieces[index].mark != "- "
    ]
    plain = [index for index in labels if not _COUNTED.search(keys[index])]
    return plain[-1] if plain else labels[0] if len(labels) == 1 else len(pieces)


def _barrier(pieces: Sequence[Piece], keys: Sequence[str], places: Sequence[tuple[int, int]]) -> int:
    """The notice, or the heading directly above it."""
    text = "\n".join(keys[index] for index, _ in places)
    found = list(barriers_in(text))
    for index, _ in places if found or rest_in(text) else ():
        if any(barrier in keys[index] for barrier in found) or rest_in(keys[index]):
            return index - (pieces[index - 1].mark == "## ")
    return len(pieces)
