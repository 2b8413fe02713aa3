"""Which URLs may be asked for at all: pure, before any name is resolved.

The guard itself looks at the address that is connected to (`crawler.guard.connecting`); this check stands before it,
because a URL that two programs read differently is an attack on one of them, and because behind a proxy the URL is
all that we see.

Why these ports: of 20,000 cited news URLs not one names a port other than 80 or 443, and news servers that ever
stood elsewhere used the unprivileged alternatives (8080, 8000, 8443 and their like). So below 1024 only 80 and 443
are the web's, and above it everything but the ports at which something else listens: those that browsers block
(the bad ports of the Fetch standard) and those of databases, caches and machine control, which answer any request
line that reaches them.

Why names without a dot and names under ``local``, ``internal`` and the like are refused: they mean nothing on the
public internet, only in the network that the crawler happens to run in.
"""

from __future__ import annotations

import re

from crawler.guard.addresses import forbidden
from crawler.urls.hosts import BadHost, read_authority

__all__ = ["private_host", "unsafe_port", "unsafe_target"]

_SHAPE = re.compile(r"(https?)://([^/?#]*)(?:[/?#].*)?", re.IGNORECASE | re.DOTALL)
_NEVER_SENT = re.compile(r"[\x00-\x20\x7f-\xa0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ud800-\udfff]")
_ADDRESS = re.compile(r"[0-9.]+", re.ASCII)
_PRIVATE_SUFFIXES = frozenset(
    {"localhost", "local", "localdomain", "internal", "intranet", "private", "corp", "home", "lan"}
)
_DEFAULT_PORTS = {"http": 80, "https": 443}
_WEB_PORTS = frozenset({80, 443})
_FIRST_UNPRIVILEGED = 1024
_OTHER_SERVICES = frozenset(
    {
        *(1433, 1521, 3306, 5432, 5984, 6379, 7474, 7687, 8086, 8529, 9042, 9200, 9300, 11211, 26257, 27017, 28015),
        *(2375, 2376, 2377, 2379, 2380, 4194, 6443, 8472, 10250, 10255, 8500, 8600, 4646, 4369, 15672, 5671, 5672),
        *(1883, 8883, 9092, 2181, 50000, 50070, 3389, 5900, 5901, 5985, 5986, 25565),
        *(1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697),
        *(10080,),
    }
)
"""Databases and caches; machine control and queues; desktops and brokers; then the bad ports of the Fetch standard."""


def unsafe_target(url: str, *, allow_private: bool = False) -> str:
    """Why this URL is not asked for, or the empty string where it may be. Never raises, whatever the text.

    Refused: another scheme, a user name, backslashes, white space and control characters, a host that is no name of
    the public web in its one plain spelling (``0x7f.1``, ``2130706433``, ``127.1``, percent signs, empty labels,
    typographic digits), a literal address that `forbidden` refuses, a port that is not the web's.

    Args:
        url: absolute, as it would be requested.
        allow_private: private addresses, ``localhost`` and any port may be asked; what is malformed stays refused.
    """
    if _NEVER_SENT.search(url):
        return "it holds white space or control characters"
    shape = _SHAPE.fullmatch(url)
    if shape is None:
        return "it is no http or https URL"
    if "\\" in shape[2]:
        return "it holds a backslash in the host"
    return _unsafe_authority(shape[1].lower(), shape[2], allow_private=allow_private)


def private_host(url: str) -> str:
    """Why the URL's host is none of the public web, by its mere name or spelling; empty where it may be one.

    Never raises.
    """
    shape = _SHAPE.fullmatch(url)
    if shape is None:
        return ""
    try:
        return _unsafe_host(read_authority(shape[1].lower(), shape[2])[0])
    except BadHost as problem:
        return str(problem)


def unsafe_port(port: int) -> str:
    """Why no web page is asked for at this port; empty where one may be."""
    if port in _WEB_PORTS:
        return ""
    if port < _FIRST_UNPRIVILEGED:
        return f"port {port} is not the web's"
    return f"port {port} belongs to another service" if port in _OTHER_SERVICES else ""


def _unsafe_authority(scheme: str, authority: str, *, allow_private: bool) -> str:
    if "%" in authority:
        return "it holds a percent sign in the host"
    if ".." in authority:
        return "it holds an empty label in the host"
    try:
        host, port = read_authority(scheme, authority)
    except BadHost as problem:
        return str(problem)
    if allow_private:
        return ""
    return _unsafe_host(host) or unsafe_port(int(port) if port else _DEFAULT_PORTS[scheme])


def _unsafe_host(host: str) -> str:
    if host.startswith("[") or _ADDRESS.fullmatch(host):
        return forbidden(host.strip("[]"))
    if host.rpartition(".")[2] in _PRIVATE_SUFFIXES or host.endswith(".home.arpa"):
        return f"{host} is a name of private networks only"
    return ""
