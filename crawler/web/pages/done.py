"""What a page says after a form was sent: one of these sentences, named in its address.

Why a word in the address and no text: whoever makes up an address can only choose among our own sentences. Why no
cookie: the page can be reloaded, and a second window says nothing about what was done in the first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from starlette.requests import Request


class Done(StrEnum):
    """What was done."""

    REFETCH = "refetch"
    BACKFILL = "backfill"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    MARKED = "marked"
    UNMARKED = "unmarked"


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """A sentence, and the part of a page at which it stands."""

    sentence: str = ""
    part: str = ""


SENTENCES: Mapping[Done, Said] = {
    Done.REFETCH: Said(sentence="The sources will be fetched again from the live web.", part="work"),
    Done.BACKFILL: Said(sentence="Web archives will be asked for the sources without an article.", part="work"),
    Done.CONFIRMED: Said(sentence="It is stored that the article reports this event.", part="links"),
    Done.REJECTED: Said(sentence="It is stored that the article does not report this event.", part="links"),
    Done.MARKED: Said(sentence="The page is marked as no article: it counts no more.", part="sources"),
    Done.UNMARKED: Said(sentence="The mark is taken back: the article counts again.", part="sources"),
}


def done_of(request: Request) -> Said:
    """What an address says was done; nothing for a word that is none of ours."""
    word = request.query_params.get("done", "")
    return SENTENCES[Done(word)] if word in set(Done) else Said()
