import socket

import pytest
from twisted.internet.error import ConnectionLost
from twisted.internet.protocol import ClientFactory
from twisted.internet.testing import MemoryReactor

from crawler.guard import ForbiddenAddress, GuardedReactor, forbidden
from crawler.guard.connecting import MOST_ADDRESSES, _addresses, _PeerChecked

URL = "http://paper.example/story"


def answering(monkeypatch, *addresses):
    def answers(host, port, *_):
        return [
            (socket.AF_INET6, 1, 6, "", (one, port, 0, 0)) if ":" in one else (socket.AF_INET, 1, 6, "", (one, port))
            for one in addresses
        ]

    monkeypatch.setattr(socket, "getaddrinfo", answers)


def found(host="paper.example"):
    return [address.host for address in _addresses(host, 80, forbidden)]


@pytest.mark.parametrize("host", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "paper.example", "127.1", ""])
def test_no_connection_is_begun_to_what_is_not_public(host):
    reactor = MemoryReactor()
    with pytest.raises(ForbiddenAddress) as refused:
        GuardedReactor(reactor, URL).connectTCP(host, 80, ClientFactory())
    assert refused.value.url == URL
    assert refused.value.reason
    assert reactor.tcpClients == []


def test_a_public_address_is_connected_to_as_asked():
    reactor = MemoryReactor()
    GuardedReactor(reactor, URL).connectTCP("8.8.8.8", 443, ClientFactory(), timeout=7, bindAddress=("0.0.0.0", 0))
    ((host, port, _, timeout, bound),) = reactor.tcpClients
    assert (host, port, timeout, bound) == ("8.8.8.8", 443, 7, ("0.0.0.0", 0))


def test_with_private_addresses_allowed_every_address_may_be_connected_to():
    reactor = MemoryReactor()
    GuardedReactor(reactor, URL, allow_private=True).connectTCP("127.0.0.1", 80, ClientFactory())
    assert [client[0] for client in reactor.tcpClients] == ["127.0.0.1"]


class Socket:
    def __init__(self, peer):
        self._peer = peer

    def getpeername(self):
        if self._peer == "":
            raise OSError(107, "Transport endpoint is not connected")
        return (self._peer, 80)


class Connector:
    def __init__(self, peer):
        self.transport = self
        self._peer = peer

    def getHandle(self):  # noqa: N802 - Twisted's name
        return Socket(self._peer)


class Noting(ClientFactory):
    def __init__(self):
        self.built, self.failed = [], []

    def buildProtocol(self, addr):  # noqa: N802 - Twisted's name
        self.built.append(addr)
        return "a protocol"

    def clientConnectionFailed(self, connector, reason):  # noqa: ARG002, N802 - Twisted's name
        self.failed.append(reason.value)


@pytest.mark.parametrize(("peer", "allowed"), [("8.8.8.8", True), ("127.0.0.1", False), ("::ffff:10.0.0.1", False)])
def test_the_socket_has_the_last_word_on_whom_it_is_connected_to(peer, allowed):
    noting = Noting()
    guard = GuardedReactor(MemoryReactor(), URL)
    checked = _PeerChecked(noting, guard._check)
    checked.startedConnecting(Connector(peer))
    assert checked.buildProtocol("an address") == ("a protocol" if allowed else None)
    assert noting.built == (["an address"] if allowed else [])
    assert [type(error) for error in noting.failed] == ([] if allowed else [ForbiddenAddress])


def test_a_connection_that_is_gone_at_once_is_a_lost_one():
    noting = Noting()
    checked = _PeerChecked(noting, GuardedReactor(MemoryReactor(), URL)._check)
    checked.startedConnecting(Connector(""))
    assert checked.buildProtocol("an address") is None
    assert [type(error) for error in noting.failed] == [ConnectionLost]


def test_private_addresses_are_left_out_where_a_public_one_remains(monkeypatch):
    answering(monkeypatch, "10.0.0.1", "8.8.8.8", "::1", "2606:4700::1111")
    assert found() == ["8.8.8.8", "2606:4700::1111"]


def test_private_addresses_alone_are_kept_to_be_refused_by_name(monkeypatch):
    answering(monkeypatch, "10.0.0.1", "::1")
    assert found() == ["10.0.0.1", "::1"]


def test_a_name_of_a_thousand_addresses_is_not_tried_a_thousand_times(monkeypatch):
    answering(monkeypatch, *[f"8.8.{high}.{low}" for high in range(4) for low in range(250)])
    assert len(found()) == MOST_ADDRESSES


@pytest.mark.parametrize(
    "error", [socket.gaierror(-2, "unknown"), UnicodeError("label too long"), OSError("no network")]
)
def test_a_name_that_cannot_be_asked_for_has_no_address(monkeypatch, error):
    def fail(*_):
        raise error

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    assert found() == []
