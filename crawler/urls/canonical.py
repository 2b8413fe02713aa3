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
from crawler.urls.rules import SiteRules, site_rules
from crawler.urls.tracking import identifies, is_tracking

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
_SAFE_IN_FRAGMENT = "/%!$*+,:@=?~"

Parameter = tuple[str, str | None]


def canonical(parts: Parts) -> str:
    """The canonical URL of a URL taken apart.

    Raises:
        UnusableUrl: it grew beyond what any server would read when its characters were encoded.
    """
    port = "" if parts.port in _PORTS_OF_THE_WEB else parts.port
    host, path, query = parts.host, parts.path, parts.query
    for _ in range(_MOST_ROUNDS):
        after = _round(host, path, query)
        if after == (host, path, query):
            break
        settled = after[0] == host and after[1] == path
        host, path, query = after
        if settled:
            break
    site = f"{host}:{port}" if port else host
    url = f"https://{site}{path}{'?' if query else ''}{query}{_route(path, parts.fragment)}"
    if len(url) > LONGEST_URL:
        raise UnusableUrl(parts.request_url[:200], f"encoded it is longer than {LONGEST_URL} characters")
    return url


def _round(host: str, path: str, query: str) -> tuple[str, str, str]:
    host, path = bare_host(host), _short_path(normal_path(path))
    rules = site_rules(host)
    parameters = _parameters(query, rules.spelling)
    only: tuple[str, ...] | None = None
    if rules.same:
        host, path, only = _same_article(rules, host, path, parameters)
    while _MOBILE_HOST.match(host) and identifies(path):
        host = _MOBILE_HOST.sub("", host, count=1)
    kept = sorted(
        (name, value or "", value is not None)
        for name, value in parameters
        if (only is None or name.lower() in only) and not _is_dropped(rules, name.lower(), value or "", path)
    )
    while not kept and _SCRIPT_INDEX.search(path):
        path = _short_path(_SCRIPT_INDEX.sub("/", path))
    return host, path, "&".join(f"{name}={value}" if marked else name for name, value, marked in kept)


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
            name = normal_query(name)
            found.append(
                (spelling.get(name.lower(), name) if spelling else name, normal_query(value) if mark else None)
            )
    return found


def _same_article(
    rules: SiteRules, host: str, path: str, parameters: list[Parameter]
) -> tuple[str, str, tuple[str, ...] | None]:
    place = host + path
    for shape in rules.same:
        found = shape.path.fullmatch(place)
        if found is None or (
            shape.needs and not any(name.lower() == shape.needs and value for name, value in parameters)
        ):
            continue
        new_host, slash, new_path = (shape.to.format(*found.groups("")) if shape.to else place).partition("/")
        return new_host, slash + new_path, shape.only
    return host, path, None


def _is_dropped(rules: SiteRules, name: str, value: str, path: str) -> bool:
    if name in rules.keep:
        return False
    if name in rules.strip:
        return True
    if any(name == known and pattern.fullmatch(value) for known, pattern in rules.strip_values):
        return True
    return is_tracking(name, value, path)


def _route(path: str, fragment: str) -> str:
    """The fragment where a script reads it as the document's address, with its hash; else nothing."""
    if not fragment or (fragment[0] != "!" and identifies(path)):
        return ""
    route = quote(normal_query(fragment), safe=_SAFE_IN_FRAGMENT, errors="replace").rstrip("/")
    return f"#{route}" if _ROUTE.match(route) else ""
