"""All candidates, in the order in which they are tried.

Why three stages: on nine of ten modern pages the cheap ones agree, so that nothing better can be expected from more.
Why not trafilatura's precision mode as well: without it body F1 is the same (.968 on 127 modern pages, .942 on each of
the same pages re-laid in two old styles, .942 on 200 pages of all kinds). Why the rule is no candidate for the vote:
it was written for this layout, so it is only checked for sanity.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from crawler.extraction.body.candidates.libraries import by_default, by_fast
from crawler.extraction.body.candidates.long_lines import by_length
from crawler.extraction.body.candidates.readable import by_mass
from crawler.extraction.body.candidates.source import Source
from crawler.extraction.body.candidates.tables import by_runs
from crawler.extraction.body.markup import blocks_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """One way to find the body.

    Attributes:
        name: as `storage.types.BodyTrial` has it.
        find: gives its blocks; none where it finds nothing.
    """

    name: str
    find: Callable[[Source], tuple[str, ...]]


def by_rule(source: Source) -> tuple[str, ...]:
    """What the publisher's own rule points at."""
    ruled = source.hints.ruled
    return blocks_of(ruled.body, ruled.dropped)


RULE = Candidate(name="rule", find=by_rule)
"""Taken unless it is too little."""
CHEAP = (
    Candidate(name="readable", find=by_mass),
    Candidate(name="tables", find=by_runs),
    Candidate(name="trafilatura fast", find=by_fast),
)
"""Tried on every page."""
ESCALATION = (Candidate(name="trafilatura", find=by_default),)
"""Tried where the candidates before disagree."""
LAST_RESORT = Candidate(name="long lines", find=by_length)
"""Where nobody found anything."""
CANDIDATES = (RULE, *CHEAP, *ESCALATION, LAST_RESORT)
"""All of them."""
