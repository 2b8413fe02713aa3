"""Pure: what a robots.txt says to us about one URL, and which line says it (RFC 9309).

Why a parser of our own and not Protego, which Scrapy brings: the line that decided is stored with each attempt, and
Protego does not tell it. A second parser that only explains could name a line that did not decide; so this one decides,
and a property test holds it against Protego. Protego also matches a group's name against the whole User-Agent header,
so that ``User-agent: news`` would speak to everybody who has that word in it; RFC 9309 compares the product name.

What is read more generously than the RFC asks, always towards more rules: a byte order mark, any line end, missing
hyphens and the misspellings of "disallow" that are common, a version behind a product name.

Why patterns are matched piece by piece and not as regular expressions: a line of a few hundred asterisks would keep an
expression busy for years.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from itertools import islice
from urllib.parse import urlsplit

PRODUCT = "dateline"
"""The name that a group must have to speak to us."""
LONGEST_FILE = 500 * 1024
"""Bytes that are read, as much as RFC 9309 asks for; the rest is as if it were not there."""

_ANYBODY = "*"
_AGENT = {b"user-agent", b"useragent", b"user agent"}
_ALLOW = {b"allow"}
_DISALLOW = {b"disallow", b"dissallow", b"dissalow", b"disalow", b"diasllow", b"disallaw"}
_DELAY = {b"crawl-delay", b"crawl delay", b"crawldelay"}
_RULES = _ALLOW | _DISALLOW | _DELAY
_SITEMAP = {b"sitemap", b"site-map"}
_MOST_SITEMAPS = 100
_LINE_END = re.compile(rb"\r\n|\r|\n")
_PRODUCT_NAME = re.compile(rb"[a-z_-]+", re.IGNORECASE)
_OCTET = re.compile(rb"%([0-9A-Fa-f]{2})|(.)", re.DOTALL)
_ALL_PLAIN = re.compile(rb"[A-Za-z0-9\-._~=/]*")
_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~=")
_KEPT_ESCAPED = frozenset(b"/%")
_LONGEST_SHOWN = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One line of a group.

    Attributes:
        allow: or disallow.
        pattern: as written.
        line: number in the file, from 1.
        pieces: the pattern between its asterisks, percent-encoding in one spelling.
        anchored: it ends with a dollar sign.
        length: octets of the pattern; the longest that matches decides.
    """

    allow: bool
    pattern: str
    line: int
    pieces: tuple[str, ...]
    anchored: bool
    length: int

    def matches(self, path: str) -> bool:
        """Whether it speaks of this path (spelled as `path_of` does)."""
        first, *others = self.pieces
        if not path.startswith(first):
            return False
        if not others:
            return len(path) == len(first) or not self.anchored
        place = len(first)
        *middle, last = others
        for piece in middle:
            found = path.find(piece, place)
            if found < 0:
                return False
            place = found + len(piece)
        if self.anchored:
            return len(path) - len(last) >= place and path.endswith(last)
        return path.find(last, place) >= 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Ruling:
    """What the rules say about one URL.

    Attributes:
        allowed: whether we may fetch it.
        rule: the line that decided, with its number and group; ``no rule applies`` where none did.
    """

    allowed: bool
    rule: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RobotsRules:
    """The part of one robots.txt that speaks to us.

    Attributes:
        group: name of the group: our own, or ``*``; empty where the file speaks to neither.
        rules: its lines, the one that decides first.
        crawl_delay_s: seconds; ``None`` where there is no usable one.
        sitemaps: that the file names, whomever it speaks to.
    """

    group: str = ""
    rules: tuple[Rule, ...] = ()
    crawl_delay_s: float | None = None
    sitemaps: tuple[str, ...] = ()

    def ruling(self, url: str) -> Ruling:
        """May this URL be fetched, and which line says so."""
        path = path_of(url)
        for rule in self.rules:
            if rule.matches(path):
                field = "Allow" if rule.allow else "Disallow"
                shown = rule.pattern[:_LONGEST_SHOWN]
                return Ruling(allowed=rule.allow, rule=f"{field}: {shown} (line {rule.line}, for {self.group})")
        return Ruling(allowed=True, rule="no rule applies")


@dataclass(slots=True)
class _Group:
    """What is gathered under one name; several groups of one name count as one."""

    rules: list[Rule]
    delay_s: float | None = None


def parse(content: bytes, *, product: str = PRODUCT) -> RobotsRules:
    """Read a robots.txt, whatever it is; nothing in it is an error.

    Args:
        content: as sent, without content-encoding.
        product: our name, in any case.
    """
    groups: dict[str, _Group] = {}
    speaking: set[str] = set()  # a name that is written a thousand times is still one
    naming = False
    for number, (name, value) in _fields(content):
        if name in _AGENT:
            speaking = (speaking if naming else set()) | _named(value, product.lower())
            naming = True
            for agent in speaking:
                groups.setdefault(agent, _Group([]))
        elif name in _RULES:
            naming = False
            for agent in speaking:
                _add(groups[agent], name, value, number)
    found = next((agent for agent in (product.lower(), _ANYBODY) if agent in groups), None)
    rules = RobotsRules() if found is None else _chosen(found, groups[found])
    return replace(rules, sitemaps=_sitemaps(content))


def _sitemaps(content: bytes) -> tuple[str, ...]:
    """The sitemaps that a file names, each once."""
    named = (value.decode("utf-8", "replace") for _, (name, value) in _fields(content) if name in _SITEMAP)
    return tuple(dict.fromkeys(islice(named, _MOST_SITEMAPS)))


def path_of(url: str) -> str:
    """Path and query of a URL, percent-encoding in one spelling, as rules are matched against it."""
    parts = urlsplit(url.partition("#")[0])
    path = (parts.path or "/") + (f"?{parts.query}" if "?" in url.partition("#")[0] else "")
    return _spelled(path.encode("utf-8", "surrogatepass"))


def _fields(content: bytes) -> list[tuple[int, tuple[bytes, bytes]]]:
    """Line number, field name in lower case and value of each line that has them."""
    lines = _LINE_END.split(content[:LONGEST_FILE].removeprefix(b"\xef\xbb\xbf"))
    if len(content) > LONGEST_FILE:
        lines.pop()  # cut in the middle: ``Disallow: /private`` may have become ``Disallow: /``
    found = []
    for number, line in enumerate(lines, 1):
        name, colon, value = line.partition(b"#")[0].partition(b":")
        if colon:
            found.append((number, (name.strip().lower(), value.strip())))
    return found


def _named(value: bytes, product: str) -> set[str]:
    """Whom a line names, where that can speak to us: everybody or ourselves; else nobody."""
    named = _PRODUCT_NAME.match(value)
    name = _ANYBODY if value == b"*" else named[0].decode("ascii").lower() if named is not None else ""
    return {name} & {_ANYBODY, product}


def _add(group: _Group, name: bytes, value: bytes, line: int) -> None:
    if name in _DELAY:
        delay_s = _delay(value)
        group.delay_s = group.delay_s if delay_s is None else delay_s
    elif value:
        group.rules.append(_rule(value, allow=name in _ALLOW, line=line))


def _delay(value: bytes) -> float | None:
    try:
        seconds = float(value.decode("ascii"))
    except (UnicodeDecodeError, ValueError):
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def _rule(value: bytes, *, allow: bool, line: int) -> Rule:
    anchored = value.endswith(b"$")
    pieces = tuple(_spelled(piece) for piece in re.split(rb"\*+", value.removesuffix(b"$")))
    return Rule(
        allow=allow,
        pattern=" ".join(value.decode("utf-8", "replace").split()),
        line=line,
        pieces=pieces,
        anchored=anchored,
        length=sum(map(len, pieces)) + value.count(b"*") + anchored,
    )


def _chosen(agent: str, group: _Group) -> RobotsRules:
    """The group with its rules in the order in which they decide: the longest first, of equals the one that allows."""
    rules = sorted(group.rules, key=lambda rule: (-rule.length, not rule.allow))
    return RobotsRules(group=agent, rules=tuple(rules), crawl_delay_s=group.delay_s)


def _spelled(text: bytes) -> str:
    """Percent-encoding in one spelling: what needs none is plain, all else is escaped, hex digits in upper case."""
    if _ALL_PLAIN.fullmatch(text):
        return text.decode("ascii")
    return "".join(map(_octet, _OCTET.finditer(text)))


def _octet(found: re.Match[bytes]) -> str:
    escaped, plain = found.groups()
    if escaped is None:
        octet: int = plain[0]
        return chr(octet) if octet in _PLAIN or octet == ord("/") else f"%{octet:02X}"
    octet = int(escaped, 16)
    return f"%{octet:02X}" if octet in _KEPT_ESCAPED or octet not in _PLAIN else chr(octet)
