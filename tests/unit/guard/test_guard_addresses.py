from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.guard import forbidden

SPECIAL_IPV4 = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "168.63.129.16/32",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
]
SPECIAL_IPV6 = [
    "::/127",
    "::/96",
    "::ffff:0:0/96",
    "::ffff:0:0:0/96",
    "64:ff9b:1::/48",
    "100::/64",
    "2001::/23",
    "2001:db8::/32",
    "2002::/16",
    "3fff::/20",
    "4000::/3",
    "5f00::/16",
    "fc00::/7",
    "fe80::/10",
    "fec0::/10",
    "ff00::/8",
]
PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "151.101.1.164",
    "169.253.255.255",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.0",
    "192.167.255.255",
    "192.169.0.0",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2001:200::1",
    "2001:4860:4860::8888",
    "2003::1",
    "2606:4700:4700::1111",
    "2a04:4e42::164",
    "64:ff9b::8.8.8.8",
]


def in_network(network):
    first, last = int(network[0]), int(network[-1])
    kind = IPv4Address if network.version == 4 else IPv6Address
    return st.integers(first, last).map(kind)


special_ipv4 = st.sampled_from([IPv4Network(network) for network in SPECIAL_IPV4]).flatmap(in_network)
special_ipv6 = st.sampled_from([IPv6Network(network) for network in SPECIAL_IPV6]).flatmap(in_network)
EMBEDDINGS = {
    "mapped": lambda inside: (0xFFFF << 32) | inside,
    "compatible": lambda inside: inside,
    "translated": lambda inside: (0xFFFF << 48) | inside,
    "6to4": lambda inside: (0x2002 << 112) | (inside << 80) | 1,
    "Teredo's client": lambda inside: (0x20010000 << 96) | (inside ^ 0xFFFFFFFF),
    "Teredo's server": lambda inside: (0x20010000 << 96) | (inside << 64),
    "NAT64": lambda inside: (0x0064FF9B << 96) | inside,
    "local NAT64": lambda inside: (0x0064FF9B0001 << 80) | inside,
    "ISATAP": lambda inside: (0x2A00 << 112) | (0x5EFE << 32) | inside,
}


@pytest.mark.parametrize("address", PUBLIC)
def test_addresses_of_the_public_web_pass(address):
    assert forbidden(address) == ""


@pytest.mark.parametrize("network", SPECIAL_IPV4 + SPECIAL_IPV6)
def test_both_ends_of_every_special_network_are_refused(network):
    kind = IPv6Network if ":" in network else IPv4Network
    for address in (kind(network)[0], kind(network)[-1]):
        assert forbidden(str(address)).startswith(str(address))


@settings(deadline=None)
@given(special_ipv4)
def test_every_special_ipv4_address_is_refused(address):
    assert forbidden(str(address))


@settings(deadline=None)
@given(special_ipv6)
def test_every_special_ipv6_address_is_refused_in_short_and_in_full(address):
    assert forbidden(address.compressed)
    assert forbidden(address.exploded.upper())


@settings(deadline=None)
@given(special_ipv4, st.sampled_from(sorted(EMBEDDINGS)))
def test_a_special_ipv4_address_is_refused_inside_every_ipv6_form(inside, form):
    assert forbidden(str(IPv6Address(EMBEDDINGS[form](int(inside)))))


@settings(deadline=None)
@given(st.ip_addresses(v=4))
def test_whatever_python_calls_private_reserved_or_multicast_is_refused(address):
    # Python's own tables differ between versions, but never call public what is refused here.
    if address.is_private or address.is_reserved or address.is_multicast or address.is_link_local:
        assert forbidden(str(address))


@settings(deadline=None)
@given(st.ip_addresses(v=6))
def test_of_ipv6_only_global_unicast_passes(address):
    if not forbidden(str(address)):
        assert address in IPv6Network("2000::/3") or address in IPv6Network("64:ff9b::/96")
        assert not address.is_link_local
        assert not address.is_multicast
        assert not address.is_loopback


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("169.254.169.254", "metadata"),
        ("fd00:ec2::254", "metadata"),
        ("168.63.129.16", "metadata"),
        ("127.0.0.1", "loopback"),
        ("::1", "loopback"),
        ("100.64.0.1", "carrier"),
        ("64:ff9b::127.0.0.1", "loopback"),
        ("fe80::1%eth0", "interface"),
        ("2606:4700::1%1", "interface"),
    ],
)
def test_the_reason_says_what_the_address_is(address, reason):
    assert reason in forbidden(address)


@pytest.mark.parametrize(
    "text",
    ["", "127.1", "0x7f.1", "0177.0.0.1", "2130706433", "localhost", "8.8.8.8 ", "[::1]", "8.8.8.8.", "１.1.1.1"],
)
def test_what_is_no_address_in_full_is_refused(text):
    assert "is not an IP address" in forbidden(text)


@settings(deadline=None)
@given(st.text())
def test_no_text_makes_it_raise(text):
    try:
        ip_address(text)
    except ValueError:
        assert forbidden(text)
