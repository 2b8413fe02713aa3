"""The SURT of a URL: the key under which web archives index it (``org,example)/news?id=1``).

Why own code: the package that archives run is under the AGPL and asks the system's resolver about numeric hosts.
This module is written from the published format and from what archives answer. It does as they do even where that
is coarse: everything is lower case, escapes are resolved until none is left (so ``%26`` parts two parameters and
``%3F`` in a path looks like the start of a query), leading ``www`` labels go, the port stays only where it is not
the scheme's own, IPv4 addresses are reversed like names, empty parameters and a ``;jsessionid=`` in the path stay.

Why it differs from them in a few places. A key must not depend on the order of parameters, and must not merge hosts
that have nothing to do with each other. So these differences are deliberate:

- A ``www`` label goes only where a dotted name remains; archives cut ``www1355544.com`` down to ``com``. Where
  several lead, all go; some archives take only the first off.
- Session ids are removed as whole parameters, each one, wherever they stand. Archives leave an empty parameter
  (``?&x=1``) after a last one, keep the second of two of one kind, want ``cfid`` directly before ``cftoken``, and
  cut into names (``xjsessionid``) and values (``b=a;sid=``) that merely end in one; so with the parts of a path
  in which ASP.NET keeps them: each one goes.
- ``..`` above the root vanishes, as in browsers; archives keep a first one (``/../a``).
- Names follow UTS 46 (see `crawler.urls.hosts`): ``ß`` is its own letter, not ``ss``. An IPv6 address that ends in
  an IPv4 one is not torn apart.
"""

from __future__ import annotations

import re
from string import hexdigits

from crawler.urls.encoding import without_dots
from crawler.urls.parts import Parts

_WWW = re.compile(r"(?:www[0-9]*\.)+(?=[^.]+\.)")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_OCTETS = {high + low: chr(int(high + low, 16)) for high in hexdigits for low in hexdigits}
_ESCAPED_IN_KEYS = re.compile(r"[^!-~]|[#%]")
_SLASHES = re.compile(r"/{2,}")
_SESSION = re.compile(r"(?:jsessionid|phpsessid|sid)=[0-9a-z]{32}|aspsessionid[a-z]{8}=[a-z]{24}")
# ColdFusion's session is the pair; either name alone may mean something else.
_COLDFUSION = frozenset({"cfid", "cftoken"})
_ASP_NET_SESSION = re.compile(r"\((?:[0-9a-z]{24}|(?:[a-z]\([0-9a-z]{24}\))+)\)")


def surt(parts: Parts) -> str:
    """The URL key of a URL taken apart, in printable ASCII; for matching only. Takes n log n time at most."""
    port = f":{parts.port}" if parts.port else ""
    path = _path(_plain(parts.path).lower())
    query = _query(_plain(parts.query).lower()) if parts.query else ""
    return f"{_host(parts.host)}{port}){path}{'?' if query else ''}{query}"


def _host(host: str) -> str:
    if host.startswith("["):
        return host[1:-1]
    www = _WWW.match(host)
    return ",".join(reversed(host[www.end() if www else 0 :].split(".")))


def _path(path: str) -> str:
    if "/." in path:
        path = without_dots(path)
    if "//" in path:
        path = _SLASHES.sub("/", path)
    if "/(" in path and ".aspx" in path:
        path = _without_asp_net_session(path)
    return path.rstrip("/") or "/"


def _query(query: str) -> str:
    parameters = [part.partition("=") for part in query.split("&") if not _SESSION.fullmatch(part)]
    if _COLDFUSION.issubset(name for name, _, value in parameters if value):
        parameters = [parameter for parameter in parameters if parameter[0] not in _COLDFUSION]
    parameters.sort()
    return "&".join(map("".join, parameters))


def _without_asp_net_session(path: str) -> str:
    """The path without ``(S(...))`` segments, where an ASP.NET page follows them."""
    name = path.rfind("/", 0, path.rfind(".aspx"))
    kept = [segment for segment in path[:name].split("/") if not _ASP_NET_SESSION.fullmatch(segment)]
    return "/".join(kept) + path[name:]


def _plain(text: str) -> str:
    """The text with only those characters escaped that a key cannot hold."""
    if "%" not in text:
        return text
    return _ESCAPED_IN_KEYS.sub(lambda found: f"%{ord(found[0]):02x}", _unescaped(text))


def _unescaped(text: str) -> str:
    """The octets behind the escapes, as Latin-1, resolved until no escape is left.

    From the right over a stack instead of in rounds: ``%252525...`` would take as many rounds as it has pairs.
    """
    once = _ESCAPE.sub(lambda found: _OCTETS[found[1]], text)
    if _ESCAPE.search(once) is None:
        return once
    kept: list[str] = []
    for character in reversed(once):
        octet = character
        while octet == "%" and (pair := "".join(kept[:-3:-1])) in _OCTETS:
            octet = _OCTETS[pair]
            del kept[-2:]
        kept.append(octet)
    return "".join(reversed(kept))
