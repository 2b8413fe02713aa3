"""Everybody who signed: people with their roles, agencies, desks; in the order of the byline.

Why the byline alone is not enough: it holds names only. Who is an agency, who a desk, and who took the photographs is
read from the same text when the byline is found; where a publisher's own rule gave the byline, it is read here. The
agency that dateline or closing credit name signs too, and so do those whom a closing line credits with reporting.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from crawler.extraction.metadata.byline import Byline
from crawler.extraction.metadata.people import is_person, read_people
from crawler.extraction.page import Found
from crawler.extraction.text import folded
from storage.types import Contributor, ContributorKind

_MAX_CONTRIBUTORS = 20
_TAIL_BLOCKS = 3
_MAX_TAIL = 500
_CREDITS = re.compile(
    r"(?P<role>(?:additional |further )?(?:reporting|writing|editing|translation|translated|compiled|graphics?)"
    r"(?: and (?:reporting|writing|editing))?) by (?P<names>[^;()\n]{3,200})",
    re.IGNORECASE,
)
_CREDIT_LINE = re.compile(
    r"^[\[(*_\s]{0,4}(?:additional |further )?(?:reporting|writing|editing|translat\w+|compiled|graphics?)\b",
    re.IGNORECASE,
)


def find_contributors(byline: Found, agency: Found, blocks: Sequence[str] = ()) -> tuple[Contributor, ...]:
    """Everybody who signed, each once.

    Args:
        byline: as `find_byline` or a publisher's rule gave it.
        agency: that the page credits, by its usual name.
        blocks: of the body, for a closing credit (``Reporting by Jane Roe; editing by Al Fox``).

    Returns:
        People, agencies and organisations in the order of the byline, then the agency, then those of the closing
        credit; at most 20.
    """
    signed = byline.contributors if isinstance(byline, Byline) else tuple(one.who for one in read_people(byline.value))
    wired = (Contributor(name=agency.value, kind=ContributorKind.AGENCY),) if agency.value else ()
    return _distinct((*signed, *wired, *_credited(blocks)))


def _credited(blocks: Sequence[str]) -> Iterable[Contributor]:
    """People whom the last blocks credit, with what they did."""
    for block in blocks[-_TAIL_BLOCKS:]:
        if len(block) <= _MAX_TAIL and _CREDIT_LINE.match(block):
            for match in _CREDITS.finditer(block):
                role = match["role"].casefold()
                for one in read_people(match["names"].rstrip(" .")):
                    if is_person(one.who.name):
                        place = f"{role}, {one.who.role}" if one.who.role else role
                        yield Contributor(name=one.who.name, kind=one.who.kind, role=place)


def _distinct(contributors: Iterable[Contributor]) -> tuple[Contributor, ...]:
    """Each name once, the first time it stands; an agency that signs with its office (``AP``) is one."""
    found: dict[str, Contributor] = {}
    for one in contributors:
        key = folded(one.name)
        known = found.get(key)
        if known is None or (not known.role and one.role and one.kind is known.kind):
            found[key] = one
    return tuple(found.values())[:_MAX_CONTRIBUTORS]
