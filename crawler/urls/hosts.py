"""Host names: what can be asked for, in the one form that we compare.

Why strict: a host decides who is asked and whose rules apply. Browsers read ``0x7f.1``, ``2130706433`` or a
full-width digit as an address; an archive of citations never means that, but an attacker does. A name is accepted
when it is a dotted IDNA name, an IP address written in full, or ``localhost``; everything else is refused with its
reason. UTS 46 (the ``idna`` package) is what browsers apply; the codec in the standard library is the older IDNA
2003.
"""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv6Address

import idna

_PLAIN_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]", re.ASCII)
_NUMBERED_HOST = re.compile(r"[0-9.]+", re.ASCII)
_PORT = re.compile(r"[0-9]{1,5}", re.ASCII)
_LONGEST_HOST = 253
_LAST_PORT = 65535
_DEFAULT_PORTS = {"http": "80", "https": "443"}


class BadHost(ValueError):
    """The authority of a URL cannot be asked; the text says why."""


@lru_cache(maxsize=32768)
def read_authority(scheme: str, authority: str) -> tuple[str, str]:
    """The authority as (host in lower case and IDNA, port in digits or empty where it is the scheme's own).

    Raises:
        BadHost: user information, an empty or invalid name, or a port outside 1 to 65535.
    """
    if "@" in authority:
        raise BadHost("it carries a user name before the host")
    name, port = _split_port(authority)
    if port and (not _PORT.fullmatch(port) or not 0 < int(port) <= _LAST_PORT):
        raise BadHost(f"its port {port[:20]!r} is not a number from 1 to {_LAST_PORT}")
    port = str(int(port)) if port else ""
    return checked_host(name), "" if port == _DEFAULT_PORTS[scheme] else port


def checked_host(name: str) -> str:
    """The host in lower case and IDNA form, a trailing root dot removed.

    Raises:
        BadHost: it is neither a name in use on the web nor an IP address written in full.
    """
    host = name.lower().removesuffix(".")
    if _PLAIN_HOST.fullmatch(host) and len(host) <= _LONGEST_HOST and "xn--" not in host:
        return host
    if not host:
        raise BadHost("it names no host")
    if host == "localhost":
        return host
    if host.startswith("["):
        return _ipv6(host)
    if _NUMBERED_HOST.fullmatch(host):
        return _ipv4(host)
    return _idna(host)


def bare_host(host: str) -> str:
    """The host without leading ``www.`` labels, as long as a dotted name remains."""
    while host.startswith("www.") and host.count(".") > 1:
        host = host[4:]
    return host


def _split_port(authority: str) -> tuple[str, str]:
    name, colon, port = authority.rpartition(":")
    if not colon or "]" in port:
        return authority, ""
    return name, port


def _ipv4(host: str) -> str:
    try:
        return str(IPv4Address(host))
    except AddressValueError:
        raise BadHost(f"{host[:60]!r} is not an IP address") from None


def _ipv6(host: str) -> str:
    try:
        return f"[{IPv6Address(host[1:].removesuffix(']')).compressed}]" if "%" not in host else _no_host(host)
    except AddressValueError:
        return _no_host(host)


def _idna(host: str) -> str:
    try:
        encoded = idna.encode(host, uts46=True).decode("ascii").lower().removesuffix(".")
    except (idna.IDNAError, UnicodeError):
        return _no_host(host)
    # UTS 46 may fold typographic digits into an address that was not visible before.
    return encoded if _PLAIN_HOST.fullmatch(encoded) and len(encoded) <= _LONGEST_HOST else _no_host(host)


def _no_host(host: str) -> str:
    raise BadHost(f"{host[:60]!r} is not a host name")
