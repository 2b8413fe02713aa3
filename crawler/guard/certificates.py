"""TLS: every certificate is verified; where the library allows a bad one, what is bad about it is kept.

Why verified at all, for pages that anybody may read: a capture is evidence of what a publisher said, and without the
certificate it is evidence of what anybody on the way said. Why the opt-in per host: what is left of a closed newspaper
often stands behind a certificate that has expired; a text with a known flaw is better than none.

Why own callbacks and not Scrapy's two modes: one verifies and says only "certificate verify failed", the other does
not verify, so that nobody learns whether and what is wrong. Here both verify in the same way and differ only in what
follows.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from OpenSSL import SSL
from OpenSSL.crypto import X509
from service_identity import CertificateError, VerificationError
from service_identity.cryptography import verify_certificate_hostname, verify_certificate_ip_address
from twisted.internet.abstract import isIPAddress, isIPv6Address
from twisted.internet.interfaces import IOpenSSLClientConnectionCreator
from twisted.internet.ssl import CertificateOptions, platformTrust
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer  # type: ignore[import-untyped]

__all__ = ["CertificateCheck"]

_PROBLEMS = {
    2: "its issuer is missing",
    3: "its revocation list is missing",
    7: "its signature is wrong",
    9: "it is not valid yet",
    10: "it has expired",
    18: "it is signed by itself",
    19: "its chain ends in a certificate signed by itself",
    20: "its issuer is not known",
    21: "its first certificate cannot be verified",
    22: "its chain is too long",
    23: "it was revoked",
    24: "a certificate in its chain may not sign others",
    26: "it is not for servers",
    27: "its root is not trusted",
    28: "its root refuses this use",
    66: "its key is too weak",
    67: "a key in its chain is too weak",
    68: "a signature in its chain is too weak",
}
"""OpenSSL's X509_V_ERR numbers, as a person would say them."""


@implementer(IPolicyForHTTPS)
class CertificateCheck:
    """The TLS rules of one request, and what came of them.

    Attributes:
        strict: a bad certificate ends the handshake.
        problem: what is wrong with the certificate; empty while nothing is known against it.
        seen: the server's own certificate was looked at.
    """

    def __init__(self, *, strict: bool) -> None:
        self.strict = strict
        self.problem = ""
        self.seen = False

    @property
    def said(self) -> str:
        """As in `storage.types.Exchange.tls`; empty where no TLS was spoken."""
        if not self.seen:
            return ""
        return f"unverified: {self.problem}" if self.problem else "verified"

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # noqa: ANN401, ARG002, N802 - Twisted's interface
        """What makes the TLS side of a connection to this host."""
        return _Handshake(hostname.decode("ascii"), self)

    def judge(self, certificate: X509, host: str, error: int, depth: int) -> bool:
        """OpenSSL's question about one certificate of the chain, the server's own last (depth 0)."""
        problem = _PROBLEMS.get(error, f"OpenSSL's error {error}") if error else ""
        if depth == 0:
            self.seen = True
            problem = problem or _wrong_host(certificate, host)
        self.problem = self.problem or problem
        return not (self.strict and self.problem)


@implementer(IOpenSSLClientConnectionCreator)
class _Handshake:
    """Makes OpenSSL connections that ask a `CertificateCheck`."""

    def __init__(self, host: str, check: CertificateCheck) -> None:
        self._host, self._check = host, check

    def clientConnectionForTLS(self, tlsProtocol: Any) -> SSL.Connection:  # noqa: ANN401, N802, N803 - Twisted's interface
        connection = SSL.Connection(_context(), None)
        connection.set_app_data(tlsProtocol)
        if not _is_address(self._host):
            connection.set_tlsext_host_name(self._host.encode("ascii"))
        check, host = self._check, self._host

        def judged(_: SSL.Connection, certificate: X509, error: int, depth: int, ok: int) -> bool:
            return check.judge(certificate, host, 0 if ok else error, depth)

        connection.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, judged)
        return connection


@cache
def _context() -> SSL.Context:
    """One for the whole process: reading the system's trusted roots takes longer than a handshake."""
    roots = platformTrust()  # type: ignore[no-untyped-call]
    return CertificateOptions(trustRoot=roots, fixBrokenPeers=True).getContext()


def _wrong_host(certificate: X509, host: str) -> str:
    try:
        if _is_address(host):
            verify_certificate_ip_address(certificate.to_cryptography(), host)
        else:
            verify_certificate_hostname(certificate.to_cryptography(), host)
    except VerificationError:
        return f"it is not for {host}"
    except CertificateError:
        return "it names no host"
    except Exception as error:  # noqa: BLE001 - OpenSSL cannot carry exceptions: what cannot be read is not trusted
        return f"it cannot be read ({type(error).__name__})"
    return ""


def _is_address(host: str) -> bool:
    return bool(isIPAddress(host) or isIPv6Address(host))
