"""Which IP addresses are the public web's: pure, one answer on every version of Python.

Why own tables and not ``ipaddress.is_global``: its answers changed between 3.11, 3.12 and 3.13 (192.0.0.0/24,
64:ff9b:1::/48, 2002::/16, the documentation nets), it calls 6to4, Teredo and IPv4-compatible addresses global
whatever they carry, and it knows no metadata service. The networks below are the special-purpose registries of the
IANA (RFC 6890 and its updates); of IPv6, only what is assigned as global unicast can pass at all.

Why an IPv4 address inside an IPv6 one is refused, public or not: no web server of our time is reached that way, and
each form is a known way around a check. The one exception is NAT64 (64:ff9b::/96): on an IPv6-only network the
resolver writes every IPv4-only host so; there the address inside is judged.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

__all__ = ["forbidden"]

_IPV4: tuple[tuple[IPv4Network, str], ...] = tuple(
    (IPv4Network(network), reason)
    for network, reason in (
        ("0.0.0.0/8", "means this host itself"),
        ("10.0.0.0/8", "is private"),
        ("100.64.0.0/10", "lies behind a carrier's NAT"),
        ("127.0.0.0/8", "is loopback"),
        ("168.63.129.16/32", "is a cloud's metadata service"),
        ("169.254.169.254/32", "is a cloud's metadata service"),
        ("169.254.0.0/16", "is link-local"),
        ("172.16.0.0/12", "is private"),
        ("192.0.0.0/24", "is reserved for protocols"),
        ("192.0.2.0/24", "is for documentation"),
        ("192.88.99.0/24", "is a 6to4 relay"),
        ("192.168.0.0/16", "is private"),
        ("198.18.0.0/15", "is for benchmarks"),
        ("198.51.100.0/24", "is for documentation"),
        ("203.0.113.0/24", "is for documentation"),
        ("224.0.0.0/4", "is multicast"),
        ("255.255.255.255/32", "is broadcast"),
        ("240.0.0.0/4", "is reserved"),
    )
)
_IPV6: tuple[tuple[IPv6Network, str], ...] = tuple(
    (IPv6Network(network), reason)
    for network, reason in (
        ("::/128", "means this host itself"),
        ("::1/128", "is loopback"),
        ("::ffff:0:0/96", "wraps an IPv4 address (mapped)"),
        ("::ffff:0:0:0/96", "wraps an IPv4 address (translated)"),
        ("::/96", "wraps an IPv4 address (compatible)"),
        ("64:ff9b:1::/48", "wraps an IPv4 address (local NAT64)"),
        ("100::/64", "is discarded by routers"),
        ("2001::/32", "wraps an IPv4 address (Teredo)"),
        ("2001::/23", "is reserved for protocols"),
        ("2001:db8::/32", "is for documentation"),
        ("2002::/16", "wraps an IPv4 address (6to4)"),
        ("3fff::/20", "is for documentation"),
        ("fd00:ec2::254/128", "is a cloud's metadata service"),
        ("fc00::/7", "is unique-local"),
        ("fe80::/10", "is link-local"),
        ("fec0::/10", "is site-local"),
        ("ff00::/8", "is multicast"),
    )
)
"""First match wins: the narrower network stands first."""

_NAT64 = IPv6Network("64:ff9b::/96")
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})
"""Upper half of an interface identifier whose lower half is an IPv4 address (RFC 5214)."""
_LOW_32_BITS = 0xFFFFFFFF


def forbidden(address: str) -> str:
    """Why no connection may be made to this IP address, or the empty string for an address of the public web.

    Args:
        address: an IPv4 or IPv6 address as the resolver or a literal gives it, without brackets. Anything else, a name
            or one of the spellings that only ``inet_aton`` reads, is refused too.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return f"{address[:60]!r} is not an IP address"
    reason = _special_ipv4(parsed) if isinstance(parsed, IPv4Address) else _special_ipv6(parsed)
    return f"{address} {reason}" if reason else ""


def _special_ipv4(address: IPv4Address) -> str:
    return next((reason for network, reason in _IPV4 if address in network), "")


def _special_ipv6(address: IPv6Address) -> str:
    if address.scope_id is not None:
        return "names a network interface"
    if address in _NAT64:
        inside = _special_ipv4(IPv4Address(int(address) & _LOW_32_BITS))
        return f"wraps an IPv4 address that {inside}" if inside else ""
    special = next((reason for network, reason in _IPV6 if address in network), "")
    if special or address not in _GLOBAL_UNICAST:
        return special or "is not assigned to the public internet"
    if int(address) >> 32 & _LOW_32_BITS in _ISATAP:
        return "wraps an IPv4 address (ISATAP)"
    return ""
