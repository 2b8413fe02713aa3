"""The canonical URL: our identity for a document.

Why it is made this way. Two citations of one document may differ in scheme, ``www.``, edition, section, slug,
tracking, order of parameters; two documents may differ in a single parameter. A wrong merge loses an article for
good, a missed merge is found later by its text. So everything unknown is kept, and what is dropped is dropped for a
reason that is written as data (`crawler.urls.tracking`, `crawler.urls.rules`). Dropped everywhere: the scheme and
its ports, ``www.``, default index pages, a final slash, AMP suffixes, session ids, fragments that only scroll.
Mobile hosts are only joined with the main host where the path alone identifies the document.

The result is a fixed point: rules are applied until nothing changes, and identifying a canonical URL yields itself.
It is not meant to be requested.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote

from crawler.errors import UnusableUrl
from crawler.urls.encoding import normal_path, normal_query
from crawler.urls.hosts import bare_host
from crawler.urls.parts import Parts
from crawler.urls.repair import LONGEST_URL
from crawler.urls.rules import SiteRules, rule_of, site_rules
from crawler.urls.steps import Change, Steps, note
from crawler.urls.tracking import identifies, tracking_reason

_MOST_ROUNDS = 4
_PORTS_OF_THE_WEB = {"80", "443"}
_STATIC_INDEX = re.compile(r"/index\.(?:s?html?|xhtml|stm)$", re.IGNORECASE)
_SCRIPT_INDEX = re.compile(
    r"/(?:index\.(?:php\d?|aspx?|jsp|cfm|phtml|ssf|do)|default\.(?:aspx?|html?|stm))$", re.IGNORECASE
)
_AMP_SUFFIX = re.compile(r"(?<=[^/])/amp(?:\.html?)?$|\.amp(?=\.html?$)", re.IGNORECASE)
_SESSION_IN_PATH = re.compile(r";(?:jsessionid|phpsessid|_yl[a-z])=[^/;]*", re.IGNORECASE)
# What remains must still be a site's own name, not a registry's (``m.co.uk``).
_MOBILE_HOST = re.compile(r"(?:m|mobile|amp|touch|wap)\.(?!(?:co|com|net|org|gov|edu|ac)\.[a-z]{2}$)(?=[^.]+\.[^.]+)")
_ROUTE = re.compile(r"!?/+[^/]|![^/]|[^/]+/.*/[^/]")
# An entity whose semicolon was escaped on the way: ``&amp%3Bref=``.
_ENCODED_AMPERSAND = re.compile(r"(?:amp%3B)+(?=.)")
_WORD = re.compile(r"[A-Za-z0-9_-]{1,60}")
_SAFE_IN_FRAGMENT = "/%!$*+,:@=?~"

Parameter = tuple[str, str | None]


def canonical(parts: Parts, steps: Steps = None) -> str:
    """The canonical URL of a URL taken apart; notes each step where it is asked to.

    Raises:
        UnusableUrl: it grew beyond what any server would read when its characters were encoded.
    """
    port = "" if parts.port in _PORTS_OF_THE_WEB else parts.port
    host, path, query = parts.host, parts.path, parts.query
    for _ in range(_MOST_ROUNDS):
        after = _round(host, path, query, steps)
        if after == (host, path, query):
            break
        settled = after[0] == host and after[1] == path
        host, path, query = after
        if settled:
            break
    site = f"{host}:{port}" if port else host
    route = _route(path, parts.fragment)
    if steps is not None:
        _note_ends(parts, port, route, steps)
    url = f"https://{site}{path}{'?' if query else ''}{query}{route}"
    if len(url) > LONGEST_URL:
        raise UnusableUrl(parts.request_url[:200], f"encoded it is longer than {LONGEST_URL} characters")
    return url


def _note_ends(parts: Parts, port: str, route: str, steps: Steps) -> None:
    if parts.scheme != "https":
        note(steps, Change.SCHEME, parts.scheme)
    if parts.port != port:
        note(steps, Change.PORT, parts.port)
    if parts.fragment:
        change, because = (Change.ROUTE, "a script reads it as the address") if route else (Change.FRAGMENT, "")
        note(steps, change, f"#{parts.fragment}", because)


def _round(host: str, path: str, query: str, steps: Steps) -> tuple[str, str, str]:
    host, path = _plain(host, path, steps)
    rules = site_rules(host)
    parameters = _parameters(query, rules.spelling)
    only: tuple[str, ...] | None = None
    if rules.same:
        host, path, only = _same_article(rules, host, path, parameters, steps)
    while _MOBILE_HOST.match(host) and identifies(path):
        note(steps, Change.MOBILE, host, "the path alone identifies the document")
        host = _MOBILE_HOST.sub("", host, count=1)
    kept = sorted(
        (name, value or "", value is not None)
        for name, value in parameters
        if not _is_dropped(rules, only, name.lower(), value or "", path, steps)
    )
    while not kept and _SCRIPT_INDEX.search(path):
        note(steps, Change.ENDING, path.rpartition("/")[2], "index page without parameters")
        path = _short_path(_SCRIPT_INDEX.sub("/", path))
    made = "&".join(f"{name}={value}" if marked else name for name, value, marked in kept)
    if steps is not None and made not in {query, ""} and len(kept) == query.count("&") + 1:
        note(steps, Change.SPELLING, "parameters", "in order, escapes in normal form")
    return host, path, made


def _plain(host: str, path: str, steps: Steps) -> tuple[str, str]:
    """Host and path as they are compared: no ``www.``, escapes in normal form, nothing at the end that says nothing."""
    bare, normal = bare_host(host), normal_path(path)
    short = _short_path(normal)
    if steps is not None:
        if bare != host:
            note(steps, Change.WWW, host)
        if normal != path and path:
            note(steps, Change.SPELLING, "path", "escapes, dots and slashes in normal form")
        if normal not in {short, "/"}:
            note(steps, Change.ENDING, _end_of(normal, short))
    return bare, short


def _end_of(path: str, short: str) -> str:
    """What went from the end of a path; a session may have stood before the end."""
    return path[len(short) :] if path.startswith(short) else path.rpartition("/")[2]


def _short_path(path: str) -> str:
    """The path without session ids, AMP suffix, index page and final slash."""
    if ";" in path:
        path = _SESSION_IN_PATH.sub("", path)
    while True:
        before = path
        path = path.rstrip("/") or "/"
        path = _AMP_SUFFIX.sub("", path)
        path = _STATIC_INDEX.sub("/", path)
        if path == before:
            return path


def _parameters(query: str, spelling: Mapping[str, str]) -> list[Parameter]:
    found: list[Parameter] = []
    for part in query.split("&") if query else ():
        name, mark, value = part.partition("=")
        if part:
            name = _ENCODED_AMPERSAND.sub("", normal_query(name))
            found.append(
                (spelling.get(name.lower(), name) if spelling else name, normal_query(value) if mark else None)
            )
    return found


def _same_article(
    rules: SiteRules, host: str, path: str, parameters: list[Parameter], steps: Steps
) -> tuple[str, str, tuple[str, ...] | None]:
    place = host + path
    for shape in rules.same:
        found = shape.path.fullmatch(place)
        value = _value_of(shape.needs, parameters) if found is not None and shape.needs else ""
        if found is None or (shape.needs and not value) or ("{value}" in shape.to and not _WORD.fullmatch(value)):
            continue
        made = shape.to.format(*found.groups(""), value=value) if shape.to else place
        if steps is not None and made != place:
            note(steps, Change.RULE, shape.to, rule_of(shape))
        new_host, slash, new_path = made.partition("/")
        return new_host, slash + new_path, shape.only
    return host, path, None


def _value_of(wanted: str, parameters: list[Parameter]) -> str:
    return next((value for name, value in parameters if value and name.lower() == wanted), "")


def _is_dropped(rules: SiteRules, only: tuple[str, ...] | None, name: str, value: str, path: str, steps: Steps) -> bool:
    reason = _drop_reason(rules, name, value, path) if only is None or name in only else "the rest identifies"
    if reason:
        note(steps, Change.PARAMETER, name, reason)
    return bool(reason)


def _drop_reason(rules: SiteRules, name: str, value: str, path: str) -> str:
    """Why a parameter goes; empty where it stays."""
    if name in rules.keep:
        return ""
    if name in rules.strip:
        return "tracking on this host"
    if any(name == known and pattern.fullmatch(value) for known, pattern in rules.strip_values):
        return "says nothing with this value on this host"
    return tracking_reason(name, value, path)


def _route(path: str, fragment: str) -> str:
    """The fragment where a script reads it as the document's address, with its hash; else nothing."""
    if not fragment or (fragment[0] != "!" and identifies(path)):
        return ""
    route = quote(normal_query(fragment), safe=_SAFE_IN_FRAGMENT, errors="replace").rstrip("/")
    return f"#{route}" if _ROUTE.match(route) else ""
