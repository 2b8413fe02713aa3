"""Where one name ends and the next begins, as the elements inside a byline's line say.

Why elements: a style sheet sets two names, or a name and its role, apart, and the text alone runs them together
("Jane Roe Al Fox", "Jane Roe Space reporter"). An element that holds a name or a role and nothing else is a border.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice

from lxml.html import HtmlElement

from crawler.extraction.document import ParsedPage
from crawler.extraction.jsonld import Node, names_of
from crawler.extraction.lines import Line
from crawler.extraction.metadata import roles
from crawler.extraction.metadata.people import agency_of, is_person
from crawler.extraction.text import fold_spaces, folded, plain
from storage.types import Contributor, ContributorKind

_TAGS = ("a", "span", "b", "strong", "em", "i", "small", "cite", "font", "address")
_MAX_EXAMINED = 1500
_MAX_PIECE = 60
_MAX_LINE = 120
_MAX_PIECES = 12
_MAX_AUTHORS = 20
_MAX_AROUND = 6
_OPENS = re.compile(r"^[\s,;|·•–—-]{0,4}")


def pieces_near(page: ParsedPage, lines: Sequence[Line]) -> tuple[str, ...]:
    """Texts of elements in these lines that are a name, a role or an agency and nothing else, in page order."""
    near = "\n".join(line.text for line in lines if len(line.text) <= _MAX_LINE)
    found: dict[str, None] = {}
    for element in islice(page.tree.iter(*_TAGS), _MAX_EXAMINED):
        written = element.text
        if not written or len(element) or not 1 < len(written) <= _MAX_PIECE:
            continue
        text = fold_spaces(written).strip(" ,;|")
        if len(text) > 1 and text in near and text not in found and _is_border(text):
            found[text] = None
            if len(found) == _MAX_PIECES:
                break
    return tuple(found)


def parted(text: str, pieces: Iterable[str]) -> str:
    """The text with a comma before and behind each piece that something else is run into."""
    for piece in pieces:
        place = text.find(piece)
        if place < 0:
            continue
        before, behind = text[:place].rstrip(), text[place + len(piece) :]
        rest = behind.lstrip()
        if rest and (rest[0].isupper() or (rest[0].isalnum() and not (behind[0].isspace() and rest[0].islower()))):
            behind = f", {rest}"
        if before and before[-1].isalnum() and roles.ROLE.search(piece) and not roles.BY_ALONE.match(before):
            before += ","
        text = f"{before} {piece}{behind}".strip()
    return text


def with_roles(page: ParsedPage, named: Sequence[Contributor]) -> tuple[Contributor, ...]:
    """People with the role that JSON-LD states for them or that stands right under or behind their name."""
    if all(one.role or one.kind is not ContributorKind.PERSON for one in named):
        return tuple(named)
    stated = _job_titles(page)
    return tuple(
        replace(one, role=role)
        if one.kind is ContributorKind.PERSON
        and not one.role
        and (role := stated.get(folded(one.name)) or _role_beside(page, one.name))
        else one
        for one in named
    )


def _is_border(text: str) -> bool:
    return is_person(text) or bool(agency_of(text)) or is_role(text) or roles.BY_LINE.match(text) is not None


def is_role(text: str) -> bool:
    """Whether a short text says what somebody is and names nobody."""
    return (
        len(text) <= _MAX_PIECE
        and roles.ROLE.search(text) is not None
        and not text.endswith((".", ":", "?", "!"))
        and not roles.DATED.search(text)
        and roles.BY_LINE.match(text) is None
    )


def _job_titles(page: ParsedPage) -> dict[str, str]:
    """Folded name -> what JSON-LD says the person is."""
    listed: list[Node] = [node for node in page.nodes if "jobTitle" in node]
    for key in ("author", "creator"):
        stated = page.article.get(key)
        listed += [one for one in (stated if isinstance(stated, list) else [stated]) if isinstance(one, dict)]
    found: dict[str, str] = {}
    for node in listed[:_MAX_AUTHORS]:
        title = plain(node.get("jobTitle"))
        if title and len(title) <= _MAX_PIECE:
            found |= {folded(name): title for name in names_of(node.get("name"))[:1]}
    return found


def _role_beside(page: ParsedPage, name: str) -> str:
    """The role in the element right behind the one that holds the name and nothing else, or right under it."""
    for element in islice(page.tree.iter(*_TAGS, "p", "div", "li", "h4", "h5"), 2 * _MAX_EXAMINED):
        written = element.text
        if not written or name not in written or len(written) > _MAX_PIECE + len(name) or len(element):
            continue
        follower = _follower(element)
        if follower is None or not isinstance(follower.tag, str) or _OPENS.sub("", element.tail or "").strip():
            continue
        text = fold_spaces("".join(islice(follower.itertext(), _MAX_PIECES))[: 2 * _MAX_PIECE]).strip(" ,;|()")
        if is_role(text) and not is_person(text):
            return text
    return ""


def _follower(element: HtmlElement) -> HtmlElement | None:
    """The element behind this one, or behind those that hold it and nothing else."""
    follower = element.getnext()
    for parent in islice(element.iterancestors(), _MAX_AROUND):
        if follower is not None or fold_spaces(parent.text or "") or len(parent) > 1:
            break
        follower = parent.getnext()
    return follower
