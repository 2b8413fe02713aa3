"""The guard at the moment of connecting: the very address that is connected to is the one that was judged.

Why here: Twisted's endpoints resolve a name once and then call ``connectTCP`` with an address. Whatever looks at a
name before that (a middleware, a resolver with a cache) judges one answer of the DNS and connects to another one:
that is DNS rebinding. Here there is no second answer. Redirect hops, robots.txt, http, https and literal addresses
all pass, because every connection does.

Why a host that resolves to public and private addresses is still asked: such answers come from clumsy DNS set-ups
more often than from attackers, and the private ones are never tried.

Why not Scrapy's own resolver: it knows IPv4 only and keeps one answer for the whole crawl, which a crawl of many hours
outlives. The system's resolver caches well enough.

Behind ``crawl.proxy`` nothing of this applies: the one connection goes to the proxy, which the settings name and which
may stand on this machine; which address a name means is then the proxy's business. Literal addresses in URLs are
refused all the same, by `crawler.guard.targets`.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from typing import Any

from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.error import ConnectionLost
from twisted.internet.interfaces import (
    IHostnameResolver,
    IHostResolution,
    IReactorPluggableNameResolver,
)
from twisted.internet.protocol import ClientFactory
from twisted.internet.threads import deferToThreadPool
from twisted.python.failure import Failure
from zope.interface import implementer  # type: ignore[import-untyped]

from crawler.guard.addresses import forbidden
from crawler.guard.errors import ForbiddenAddress

__all__ = ["GuardedReactor"]

MOST_ADDRESSES = 8
"""No more addresses of one host are tried: a name with a thousand of them is a way to make us knock at a thousand."""


@implementer(IReactorPluggableNameResolver)
class GuardedReactor:
    """The part of the reactor that Twisted's client endpoints use, for one request.

    Attributes:
        nameResolver: leaves out forbidden addresses as long as another one remains.
    """

    def __init__(self, reactor: Any, url: str, *, allow_private: bool = False) -> None:  # noqa: ANN401 - of many interfaces
        self._reactor, self._url = reactor, url
        self._refused: Callable[[str], str] = _nothing if allow_private else forbidden
        self.nameResolver = _PublicFirst(reactor, self._refused)

    def connectTCP(  # noqa: N802 - Twisted's name
        self,
        host: str,
        port: int,
        factory: ClientFactory,
        timeout: float = 30,
        bindAddress: tuple[str, int] | None = None,  # noqa: N803 - Twisted's name
    ) -> Any:  # noqa: ANN401 - a connector
        """Connect to an address of the public web.

        Raises:
            ForbiddenAddress: it is none, or no address at all but a name.
        """
        self._check(host)
        checked = _PeerChecked(factory, self._check)
        return self._reactor.connectTCP(host, port, checked, timeout=timeout, bindAddress=bindAddress)

    def seconds(self) -> float:
        """The reactor's clock."""
        return float(self._reactor.seconds())

    def callLater(self, delay: float, function: Callable[..., object], *args: Any, **named: Any) -> Any:  # noqa: ANN401, N802
        """The reactor's timer."""
        return self._reactor.callLater(delay, function, *args, **named)

    def _check(self, address: str) -> None:
        if reason := self._refused(address):
            raise ForbiddenAddress(self._url, reason)


class _PeerChecked(ClientFactory):
    """Hands everything on to the real factory, once the socket itself says whom it is connected to."""

    noisy = False

    def __init__(self, factory: ClientFactory, check: Callable[[str], None]) -> None:
        self._factory, self._check = factory, check
        self._connector: Any = None

    def doStart(self) -> None:  # noqa: N802 - Twisted's name
        self._factory.doStart()  # type: ignore[no-untyped-call]

    def doStop(self) -> None:  # noqa: N802
        self._factory.doStop()  # type: ignore[no-untyped-call]

    def startedConnecting(self, connector: Any) -> None:  # noqa: ANN401, N802
        self._connector = connector
        self._factory.startedConnecting(connector)

    def clientConnectionFailed(self, connector: Any, reason: Any) -> None:  # noqa: ANN401, N802
        self._factory.clientConnectionFailed(connector, reason)

    def clientConnectionLost(self, connector: Any, reason: Any) -> None:  # noqa: ANN401, N802
        self._factory.clientConnectionLost(connector, reason)

    def buildProtocol(self, addr: Any) -> Any:  # noqa: ANN401, N802
        """Build the connection's protocol; a peer that is not allowed ends it before a byte is sent."""
        refusal = self._refusal()
        if refusal is None:
            return self._factory.buildProtocol(addr)
        self._factory.clientConnectionFailed(self._connector, Failure(refusal))  # type: ignore[no-untyped-call]
        return None

    def _refusal(self) -> Exception | None:
        try:
            self._check(self._connector.transport.getHandle().getpeername()[0])
        except ForbiddenAddress as forbidden_peer:
            return forbidden_peer
        except OSError as error:  # it was reset the moment that it was made
            return ConnectionLost(str(error))
        return None


@implementer(IHostResolution)
class _Resolution:
    """One question to the DNS, which cannot be called back."""

    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        """Nothing to do: a thread that waits for the system's resolver cannot be stopped, its answer is dropped."""


@implementer(IHostnameResolver)
class _PublicFirst:
    """Asks the system, and leaves out what may not be connected to, unless nothing else is left to refuse."""

    def __init__(self, reactor: Any, refused: Callable[[str], str]) -> None:  # noqa: ANN401 - see `GuardedReactor`
        self._reactor, self._refused = reactor, refused

    def resolveHostName(  # noqa: N802 - Twisted's name
        self,
        resolutionReceiver: Any,  # noqa: ANN401, N803 - zope's interfaces are no types
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[Any]] | None = None,  # noqa: ARG002, N803
        transportSemantics: str = "TCP",  # noqa: ARG002, N803
    ) -> _Resolution:
        """Ask for all addresses of a host; an answer that is none is an empty one."""
        resolution = _Resolution(hostName)
        resolutionReceiver.resolutionBegan(resolution)
        threads = self._reactor.getThreadPool()
        asked = deferToThreadPool(self._reactor, threads, _addresses, hostName, portNumber, self._refused)

        def deliver(found: list[IPv4Address | IPv6Address]) -> None:
            for address in found:
                resolutionReceiver.addressResolved(address)
            resolutionReceiver.resolutionComplete()

        asked.addCallback(deliver)
        return resolution


def _nothing(address: str) -> str:  # noqa: ARG001 - takes the place of `forbidden`
    return ""


def _addresses(host: str, port: int, refused: Callable[[str], str]) -> list[IPv4Address | IPv6Address]:
    """The addresses to try, in the system's order; runs in a thread."""
    try:
        answers = socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    types = {socket.AF_INET: IPv4Address, socket.AF_INET6: IPv6Address}
    found = [types[family]("TCP", *place) for family, _, _, _, place in answers if family in types]
    return ([address for address in found if not refused(address.host)] or found)[:MOST_ADDRESSES]
