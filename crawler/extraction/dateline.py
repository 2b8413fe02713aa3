"""The place (and agency) that opens a story: ``MOSCOW, Dec 30 (Reuters) -``, ``(CNN) --``, ``新华社北京3月5日电``.

Why taken apart step by step and not by one pattern: agencies put place, day, reporter and their own name in every
order, in brackets, between slashes or behind a dash. What they share is that a place is capitalised, that a day has a
number, and that a dash, a full stop or a bracket ends it.

Why ``(CNN)`` is a dateline without an agency: a desk that signs its own site's work so is no wire. Only names in
`crawler.extraction.agencies` are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from crawler.extraction.agencies import AGENCIES
from crawler.extraction.places import CITIES


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _any(forms: set[str]) -> str:
    return "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))


_NAMES = _any({form for one in AGENCIES for form in one.names})
_MARKS = _any({form for one in AGENCIES for form in one.marks})
_CJK = _any({form for one in AGENCIES for form in one.cjk})
NAMED = re.compile(rf"(?<!\w)(?:(?P<name>(?i:{_NAMES}))|(?P<mark>{_MARKS}))(?!\w)|(?P<cjk>{_CJK})")
"""An agency named in a text; short marks with their case."""
_BY_FORM = {
    form: one.name for one in AGENCIES for form in (*one.marks, *one.cjk, *(name.casefold() for name in one.names))
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Dateline:
    """A dateline as written, without what ends it, and its agency by its usual name; empty where it names none."""

    line: str
    agency: str = ""


_HEAD_CHARS = 170
_LONGEST_PLACE = 80
_LONGEST_INSIDE = 60
_MOST_WORDS = 10
_DASHES = r"—–―‒−─\-"
_END = re.compile(r"\s{0,3}(?:[.,]?\s?(?:[—–―‒−─]+|--+|-(?=\s|[^\W\d_]|$))|[.:：،]|,(?=\s)|=)\s*(?=\S|$)")
_END_DASH = re.compile(r"\s{0,3}[.,]?\s?(?:[—–―‒−─]+|--+|-(?=\s))\s*(?=\S|$)")
_BRACKETED = re.compile(r"^(?P<before>[^()\[\]]{0,80}?)(?P<open>[(\[（])\s?(?P<inside>[^()\[\]（）]{2,60}?)\s?[)\]）]")
_SLASHED = re.compile(r"^(?P<before>[^()\[\]]{0,80}?)(?P<open>(?:^|\s)/)\s?(?P<inside>[^/()\[\]]{2,40}?)\s?/")
_AFTER_AGENCY = re.compile(rf"^\s?[{_DASHES}:,]{{1,2}}\s?(?P<place>[^{_DASHES}()]{{2,60}}?)\s?[.]?\s?(?=[{_DASHES}])")
_STARTED = re.compile(r"^[\s\"'“”«»*•>·]*")
_WORD = re.compile(r"[^\s,./]+")
_PARTICLES = _set(
    """
    de la le el les los las del di da do dos das du des of the am an der den upon sur sous près en y e i und and
    et al bin ben aan a. d. m. bei im in near op og st. on
    """
)
_NO_PLACES = _set(
    """
    update updated breaking live watch read exclusive opinion analysis video photos photo news review interview
    correction editor note warning dear factbox timeline comment spoiler listen related more caption image file
    just in developing q a question answer abstract summary background why what how who when where advertisement
    transcript host guest anchor copyright © (c) announcer narrator eil eilmeldung urgent urgente flash alert
    poll survey quiz gallery podcast the this that it he she they we you i but and or if as at for from with not
    no yes so on of to by is was are були
    """
)
_DAYS = re.compile(
    r"^(?:mon|tues?|wednes|thurs?|fri|satur|sun)(?:day)?\.?$|^(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)$",
    re.IGNORECASE,
)
_PICTURES = re.compile(
    r"(?<!\w)(?:photos?|fotos?|file|archiv\w{0,3}|images?|video|graphic|pictures?|illustration|poll)(?!\w)",
    re.IGNORECASE,
)
_BARE_AGENCY = re.compile(
    rf"^(?P<before>[^()\[\]]{{2,80}}?)(?:,\s?|\.?\s?[{_DASHES}]{{1,2}}\s?|\s/\s?|\.\s|\s)"
    rf"(?P<agency>(?i:{_NAMES})|{_MARKS})(?!\w)(?P<reporter>,\s[^\W\d_][\w.]{{1,20}}\s[^\W\d_][\w-]{{1,25}})?"
)
_CJK_LINE = re.compile(
    rf"^[\s　]*(?P<line>[【(（〔\[［][^】)）〕\]］]{{0,30}}?(?P<bracketed>{_CJK}|(?<![A-Za-z])(?:AFP|AP|EPA|"
    rf"CNN|UPI)(?![A-Za-z]))[^】)）〕\]］]{{0,30}}"
    rf"[】)）〕\]］]"
    rf"|(?P<bare>{_CJK})[^\s，。,]{{1,30}}?[电電讯訊](?=[\s　（(:：]|[^\s话話视視影子器脑腦]))"
)
_CJK_OWN = re.compile(
    r"^[\s　]*(?P<line>【[^】]{2,24}】|本报[^\s，。,]{2,16}?[电電讯訊]|本報[^\s，。,]{2,16}?[电電讯訊]|"
    r"\[[가-힣]{2,4}=[^\]]{2,16}\]|\([가-힣]{2,5}=[^)]{2,16}\))"
)
_EAST_ASIAN = re.compile("[\u3010\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uff3b]")
_CJK_NO_PLACE = re.compile(r"更正|訂正|编者|編集|注|訊息|速報|独自|更新|写真|動画|図|단독|속보|종합|정정|사진")


def read_dateline(block: str) -> Dateline | None:
    """The dateline that opens a block of text; ``None`` where it opens with none."""
    start = _STARTED.match(block)
    head = block[start.end() if start else 0 :][:_HEAD_CHARS]
    for reader in (_east_asian, _bracketed, _agency_behind, _bare):
        if found := reader(head):
            return found
    return None


def agency_of(form: str) -> str:
    """The usual name of the agency that a form of its name means; empty for other text."""
    return _BY_FORM.get(form) or _BY_FORM.get(form.casefold(), "")


def _east_asian(head: str) -> Dateline | None:
    match = _CJK_LINE.match(head)
    if match and _EAST_ASIAN.search(match["line"]):
        named = match["bracketed"] or match["bare"]
        return Dateline(line=match["line"].strip(), agency=agency_of(named))
    match = _CJK_OWN.match(head)
    if match and not _CJK_NO_PLACE.search(match["line"]):
        return Dateline(line=match["line"].strip())
    return None


def _bracketed(head: str) -> Dateline | None:
    """``PLACE, day (AGENCY) -``, ``(AGENCY) - PLACE, day -``, ``PLACE (Desk) --``."""
    match = _SLASHED.match(head) or _BRACKETED.match(head)
    if match is None or _PICTURES.search(match["inside"]):
        return None
    before, inside, rest = match["before"].strip(), match["inside"], head[match.end() :]
    if before and not _is_place_line(before.rstrip(" ,.-–—")):
        return None
    agency = _leading_agency(inside)
    ended = (_END if agency else _END_DASH).match(rest)
    if agency and not before:
        return _with_place_behind(head, match.end(), agency) if ended else None
    if agency and (ended or rest[:1].isspace()):
        return Dateline(line=head[: match.end()].strip(), agency=agency)
    signed = not before and inside.isupper() and rest[:1].isupper()
    if not agency and (ended or signed) and match["open"] in "([" and _is_desk(inside):
        return Dateline(line=head[: match.end()].strip())
    return None


def _with_place_behind(head: str, end: int, agency: str) -> Dateline:
    """``(ANSA) - ROMA, 12 MAR`` where a place and another dash follow, else ``(ANSA)``."""
    behind = _AFTER_AGENCY.match(head[end:])
    if behind and _is_place_line(behind["place"]) and (_has_day(behind["place"]) or behind["place"].isupper()):
        end += behind.end("place")
    return Dateline(line=head[:end].strip(" .,"), agency=agency)


def _agency_behind(head: str) -> Dateline | None:
    """``TOKYO, March 5, Kyodo -``, ``МОСКВА, 5 мар - РИА Новости.``, ``دبي - رويترز -``."""
    match = _BARE_AGENCY.match(head)
    if match is None:
        return _agency_before(head)
    before = match["before"].strip(" .,")
    marked = head[match.end("before") : match.start("agency")].strip()
    if not _is_place_line(before) or not (marked or _has_day(before)):
        return None
    if _has_day(before) or before.casefold() in CITIES or _is_capital(before):
        ended = _END.match(head[match.end() :])
        if ended:
            return Dateline(line=head[: match.end()].strip(), agency=agency_of(match["agency"]))
    return None


def _agency_before(head: str) -> Dateline | None:
    """``AFP - PARIS, 5 mars -``, ``Xinhua, Beijing, March 5 --``: only with a place and a day."""
    match = NAMED.match(head)
    if match is None:
        return None
    behind = _AFTER_AGENCY.match(head[match.end() :])
    if behind and _is_place_line(behind["place"]) and _has_day(behind["place"]):
        return Dateline(line=head[: match.end() + behind.end("place")].strip(), agency=agency_of(match[0]))
    return None


def _bare(head: str) -> Dateline | None:
    """``NEW YORK — ``, ``Portland, Ore. — ``, ``Berlin – ``, ``KARACHI: ``: a place and nothing else."""
    for match in re.finditer(r"\s?(?:[—–―]+|--+|\s-)\s*(?=\S)|:\s(?=\S)", head[:_LONGEST_PLACE]):
        place, rest = head[: match.start()].strip(" .,"), head[match.end() :]
        colon = match[0].startswith(":")
        if not _is_place_line(place) or not _opens_sentence(rest):
            return None
        known = _names_city(place)
        if colon:
            capital = _is_capital(place) and (known or _has_day(place))
            return Dateline(line=head[: match.start()].strip()) if capital or (known and _has_day(place)) else None
        if known or _is_capital(place):
            return Dateline(line=head[: match.start()].strip())
        return None
    return None


def _opens_sentence(rest: str) -> bool:
    first = rest.lstrip("\"'“”«»‘’„[(")[:1]
    return bool(first) and not first.islower()


def _names_city(place: str) -> bool:
    """Whether the place is a known city, alone or before a comma, a slash or a day."""
    first = re.split(r",|/|\s\d|\s\(", place, maxsplit=1)[0].strip(" .")
    return first.casefold() in CITIES or place.casefold() in CITIES


def _is_capital(place: str) -> bool:
    """Whether its first part is written in capitals, as agencies write places."""
    first = re.split(r",|\s\d", place, maxsplit=1)[0].strip()
    letters = [char for char in first if char.isalpha()]
    return len(letters) > 2 and all(char.isupper() for char in letters)  # noqa: PLR2004 - two letters are initials


def _has_day(text: str) -> bool:
    return any(char.isdigit() for char in text)


def _is_place_line(text: str) -> bool:
    """Whether the text can be a place, with a region and a day: capitalised words, and numbers of a day."""
    words = _WORD.findall(text)
    if not words or len(text) > _LONGEST_PLACE or len(words) > _MOST_WORDS:
        return False
    if words[0].casefold() in _NO_PLACES and not _names_city(text):
        return False
    if not (words[0][0].isupper() or _is_caseless(words[0]) or (words[0].isdigit() and len(words) > 1)):
        return False
    if any(char.isalpha() for char in words[0]) and _has_day(words[0]):
        return False
    numbers = [index for index, word in enumerate(words) if any(char.isdigit() for char in word)]
    beside = {index + step for index in numbers for step in (-2, -1, 1, 2)}
    return all(_is_place_word(word, near=index in beside) for index, word in enumerate(words))


def _is_place_word(word: str, *, near: bool) -> bool:
    if any(char.isdigit() for char in word):
        return len(word) <= len("2009年12月30日")
    if word[0].isupper() or _is_caseless(word) or word.casefold() in _PARTICLES:
        return True
    # Months are written small in most languages.
    return near or not word[0].isalpha() or bool(_DAYS.match(word))


def _is_caseless(word: str) -> bool:
    return word[0].isalpha() and not word[0].isupper() and not word[0].islower()


def _leading_agency(inside: str) -> str:
    """The agency that a bracket begins with or lists; empty where it holds something else."""
    match = NAMED.search(inside)
    if match is None:
        return ""
    before, after = inside[: match.start()].strip(), inside[match.end() :].strip()
    listed = not before or before[-1] in "/,;&+-–|" or before.endswith(("and", "by", "Sport-", "="))
    more = not after or after[0] in "/,;&+-–|:" or len(after.split()) <= 3  # noqa: PLR2004 - a desk or a reporter
    return agency_of(match[0]) if listed and more else ""


def _is_desk(inside: str) -> bool:
    """Whether a bracket holds the name of a newsroom: capitals or capitalised words, no number, no sentence."""
    words = inside.split()
    if len(words) > 4 or _has_day(inside):  # noqa: PLR2004 - the longest names of newsrooms
        return False
    return all(word[0].isupper() or not word[0].isalpha() or "." in word for word in words) and (
        inside.isupper() or len(words) > 1 or "." in inside or any(char.isupper() for char in inside[1:])
    )
