"""Who a byline names: people, agencies and organisations told apart, each with its role as written.

Why one reader for all places: meta tags, JSON-LD, and lines of every age hold the same kinds of text ("Jane Roe and Al
Fox in Moscow; Agencies", "Von Jane Roe, Berlin"), so what is a role, a place or another name is decided once.

Rules that decide: an item behind a comma is a role where it has a role's noun, a place where it is one word behind a
name of two, else a name of its own. An agency is one by the table of `crawler.extraction.agencies` only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from crawler.extraction.agencies import AGENCIES
from crawler.extraction.metadata import roles
from crawler.extraction.places import CITIES
from crawler.extraction.text import UNSPACED, fold_spaces, folded
from storage.types import Contributor, ContributorKind

_MAX_TEXT = 400
_MAX_NAME = 90
_MAX_ITEMS = 20
_MAX_PERSON = 45
_FEWEST_PERSON = 2
_MOST_PERSON = 5
_MAX_ROLE = 80
_CHUNKS = re.compile(r"\s*[;|•·●／]\s*|\s+[/–—]\s+|\s+-\s+|/(?=[A-ZÀ-ÞА-ЯЁ])|\s*\n\s*")
_ITEMS = re.compile(
    r"\s*[,،、，]\s*|\s+(?:&|and|und|et|y|e|en|og|och|ja|oraz|i|и|та|ve|dan)\s+(?=[\w\"„“«])|\s+و(?=\w)",
    re.IGNORECASE,
)
_WITH = re.compile(r"\s+(?:with|mit|avec|con|com|met|med|with additional reporting by)\s+", re.IGNORECASE)
_PLACE = re.compile(r"^(?P<name>\S+ .*?\S),?\s+(?:in|aus|à|en|from|w|из|в|i)\s+(?P<place>[A-ZÀ-ÞА-ЯЁ][\w .'’-]{1,40})$")
_FOR = re.compile(r"^(?P<name>\S+ .*?\S)\s+(?:[Ff]or|für|pour|para)\s+(?P<place>[A-ZÀ-Þ].{1,60})$")
_BRACKETS = re.compile(r"\s*[(\[（](?P<inner>[^()\[\]（）]{0,60})[)\]）]")
_TAIL = re.compile(
    r"\s*(?:\bam\s+\w{3,7}tag\b.*|\b(?:updated|published|posted|last|aktualisiert|publicado|publié|pubblicato|uppdaterad|publicerad)\b.*"
    r"|\bon\s+\w+,? \d.*|@.*|https?:.*|\S+@\S+.*|\S?\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b.*"
    r"|,?\s*\b\d{1,2}[./ ].*|\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?\s\d.*"
    r"|\d+\s+(?:minutes?|hours?|days?|min)\b.*|\b(?:19|20)\d\d\b.*|(?:19|20)\d\d[-年/.].*)$",
    re.IGNORECASE | re.DOTALL,
)
_DANGLING = re.compile(r"\s+(?:on|am|in|at|le|el|den|um|for)$", re.IGNORECASE)
_INITIALS = re.compile(r"^[a-z]{2,5}\.?$")
_ACCOUNT = re.compile(r"^[a-z]+[._\d][a-z._\d]*$|^image:", re.IGNORECASE)
_FORMS = {folded(form): one.name for one in AGENCIES for form in (one.name, *one.names, *one.marks, *one.cjk)}
_AGENCY_NAMES = "|".join(re.escape(form) for one in AGENCIES for form in one.names)
_STUCK_AGENCY = re.compile(rf"(?P<name>\w)(?<!\bThe) (?P<agency>(?:The )?(?:{_AGENCY_NAMES}))(?=$|[,;])")
_AGENCY_START = re.compile(rf"(?:The )?(?:{_AGENCY_NAMES})\s")
_AGENCY_TAIL = re.compile(r"^(?:the )?(?P<form>.*?)(?: (?:news|sport|wire|newswire|correspondent|staff|agency))?$")
_PLURAL = re.compile(
    r"^(?:(?:with|mit|avec|con|news|presse)\s*)?(?:agencies|agenturen|agences|agencias|agenzie|agências)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Named:
    """One who is named: as written, what that is, and whether for something other than the text (photographs)."""

    written: str
    who: Contributor
    aside: bool = False


def read_people(text: str) -> tuple[Named, ...]:
    """Everybody a byline names, in order; empty where it names nobody.

    Args:
        text: of one field or line, with or without "By", at most 400 characters (longer ones are prose).
    """
    folded_text = fold_spaces(text)
    if len(folded_text) > _MAX_TEXT:
        return ()
    if folded_text[:1] in "([" and folded_text[-1:] in ")]":
        folded_text = folded_text[1:-1].strip()
    posted = roles.POSTED.match(folded_text)
    opened = folded_text[posted.end() :] if posted else folded_text
    bare = roles.GLUED_BY.sub("", roles.BY.sub("", opened, count=1), count=1)
    found: list[Named] = []
    for chunk in _CHUNKS.split(bare)[:_MAX_ITEMS]:
        for part in _WITH.split(chunk)[:_MAX_ITEMS]:
            _read_credits(part, found)
    seen: dict[str, Named] = {}
    for one in found:
        seen.setdefault(folded(one.who.name), one)
    return tuple(seen.values())[:_MAX_ITEMS]


def is_person(text: str) -> bool:
    """Whether a text has the shape of a person's name: two to five words with capitals, none of them a label's."""
    words = text.split()
    if not _FEWEST_PERSON <= len(words) <= _MOST_PERSON or len(text) > _MAX_PERSON or roles.ORGANISATION.search(text):
        return False
    if any(word.casefold().strip(".,") in roles.LABELS for word in words) or roles.ROLE.search(text):
        return False
    return all(_is_name_word(word) for word in words) and words[0].casefold() not in roles.ARTICLES


def agency_of(text: str) -> str:
    """The agency that a text is the name of, by its usual name; empty where it is none."""
    wanted = folded(text)
    match = _AGENCY_TAIL.match(wanted)
    return _FORMS.get(wanted) or _FORMS.get(match["form"] if match else "", "")


def _is_name_word(word: str) -> bool:
    letters = word.replace("-", "").replace("'", "").replace("’", "").replace(".", "")
    if not letters.isalpha():
        return False
    return word[0].isupper() or word.casefold() in roles.PARTICLES or word[:2] in ("d'", "l'", "d’", "l’")


def _undated(text: str) -> str:
    """The text without a date, an address or a time behind the names."""
    return _DANGLING.sub("", _TAIL.sub("", text)).strip(" ,;:-–—|/.·").removesuffix(" Last")


def _read_credits(part: str, found: list[Named]) -> None:
    """Read names up to a credit (``Photographs by``) as authors, those behind it as what the credit says."""
    pieces = roles.CREDIT.split(part)[: 2 * _MAX_ITEMS]
    _read_chunk(_undated(pieces[0]), found)
    for credit, names in zip(pieces[1::2], pieces[2::2], strict=False):
        credited: list[Named] = []
        _read_chunk(_undated(names), credited)
        role = roles.BY_WORD.sub("", credit).strip(" :").casefold()
        found += [replace(one, who=replace(one.who, role=one.who.role or role), aside=True) for one in credited]


def _read_chunk(chunk: str, found: list[Named]) -> None:
    """Add those named between two strong separators to `found`, or their role to the last one there."""
    parted = _STUCK_AGENCY.sub(r"\g<name>, \g<agency>", chunk)
    items = [item.strip(" ,;:-–—|/·") for item in _items(parted)[:_MAX_ITEMS]]
    for index, item in enumerate(filter(None, items)):
        last = found[-1].who if found else None
        if last is not None and _is_role_of(item, last, behind_comma=index > 0):
            found[-1] = replace(found[-1], who=replace(last, role=f"{last.role}, {item}".strip(", ")[:_MAX_ROLE]))
        elif one := _one(item):
            found.append(one)


def _items(chunk: str) -> list[str]:
    """What stands between commas and "and"; an organisation with "and" in its name is not split."""
    items = _ITEMS.split(chunk)
    whole = "," not in chunk and len(items) == _FEWEST_PERSON and len(chunk) <= _MAX_NAME
    if whole and roles.ORGANISATION.search(chunk) and not any(is_person(item) or agency_of(item) for item in items):
        return items if any(_PLURAL.match(item) or roles.NOBODY.match(item) for item in items) else [chunk]
    return items


def _is_role_of(item: str, last: Contributor, *, behind_comma: bool) -> bool:
    """Whether an item says what somebody is or where, and names nobody new."""
    if last.kind is not ContributorKind.PERSON or agency_of(item) or _PLURAL.match(item):
        return False
    if roles.DEGREE.match(item) or (roles.ROLE.search(item) and not _split_role(item)[1]):
        return True
    if behind_comma and roles.ROLE.search(item) and roles.BEFORE_ROLE.match(item.split(maxsplit=1)[0]):
        return True
    if not behind_comma or len(last.name.split()) < _FEWEST_PERSON:
        return False
    known = len(item.split()) == 1 or item.casefold() in CITIES
    return known or bool(roles.ORGANISATION.search(item)) or item.startswith(("The ", "the "))


def _one(item: str) -> Named | None:
    """What one item names; ``None`` where it is nobody."""
    inner = _BRACKETS.search(item)
    name = _BRACKETS.sub("", item).strip(" ,;:-–—|/·.") if inner else item
    role = "" if inner is None or _INITIALS.match(inner["inner"]) else inner["inner"].strip()
    if (agency := agency_of(name)) or (agency := _agency_behind(name)):
        return Named(name, Contributor(name=agency, kind=ContributorKind.AGENCY, role=role))
    name, behind = _split_role(name) if name else ("", "")
    if not _is_somebody(name):
        return None
    kind = ContributorKind.ORGANISATION if _is_organisation(name) else ContributorKind.PERSON
    return Named(name, Contributor(name=name, kind=kind, role=", ".join(filter(None, (role, behind)))[:_MAX_ROLE]))


def _agency_behind(name: str) -> str:
    return "" if " " in name or "/" not in name else next(filter(None, map(agency_of, name.split("/"))), "")


def _is_organisation(name: str) -> bool:
    return not is_person(name) and (roles.ORGANISATION.search(name) is not None or _PLURAL.match(name) is not None)


def _split_role(text: str) -> tuple[str, str]:
    """(name, role or place) of an item that has both without a comma between them."""
    if match := roles.CJK_ROLE.search(text):
        return match["name"], match["role"]
    for pattern in (_PLACE, _FOR):
        if (match := pattern.match(text)) and is_person(match["name"]):
            return match["name"], match["place"]
    words = text.split()
    if roles.ROLE.fullmatch(words[0]) and is_person(" ".join(words[1:])):
        return " ".join(words[1:]), words[0]
    if roles.ROLE.search(text) or any(word.isupper() for word in words):
        for index in range(_FEWEST_PERSON, min(len(words), _MOST_PERSON + 1)):
            rest = " ".join(words[index:])
            name = " ".join(words[:index])
            starts = any(pattern.match(rest) for pattern in (_AGENCY_START, roles.ROLE)) or roles.BEFORE_ROLE.match(
                words[index]
            )
            shouted = rest.isupper() and not name.isupper() and len(rest) > _FEWEST_PERSON
            if ((starts and roles.ROLE.search(rest)) or shouted) and is_person(name):
                return name, rest
    return text, ""


def _is_somebody(name: str) -> bool:
    if (
        not 1 < len(name) <= _MAX_NAME
        or name.startswith(("in ", "at ", "on "))
        or roles.ADDRESS.search(name)
        or roles.NOBODY.match(name)
        or _ACCOUNT.match(name)
    ):
        return False
    if not any(char.isalpha() for char in name) or sum(map(str.isdigit, name)) > _FEWEST_PERSON:
        return False
    words = name.split()
    spoken = any(word[0].islower() for word in words) and any(word.casefold() in roles.LABELS for word in words)
    if spoken and not (roles.ORGANISATION.search(name) and _is_title(words)):
        return False
    return bool(UNSPACED.search(name)) or not roles.DATED.search(name)


def _is_title(words: list[str]) -> bool:
    """Whether all words are written as in a name, its small words aside."""
    return words[0][0].isupper() and all(word[0].isupper() or word in ("of", "for", "and", "the") for word in words)


def people(found: tuple[Named, ...]) -> Iterator[str]:
    """Their names as written."""
    return (one.written if one.who.kind is ContributorKind.AGENCY else one.who.name for one in found)
