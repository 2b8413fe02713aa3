"""From what the network did to one `Outcome` and one sentence.

Every exception that Scrapy's downloader raises for the world's failures has its row in `FAILURES`; what is not there
is our own mistake and becomes ``failed``, with its traceback in the log.
"""

from __future__ import annotations

import re
import sys
import zlib
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from gzip import BadGzipFile
from http import HTTPStatus

import brotli
from OpenSSL.SSL import Error as OpenSSLError
from scrapy.core.downloader.handlers.http11 import TunnelError
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from service_identity import VerificationError
from twisted.internet.error import ConnectError, ConnectionClosed, SSLError
from twisted.web.client import ResponseFailed
from twisted.web.http import PotentialDataLoss

from crawler.guard import ForbiddenAddress, ResponseTooLarge, UntrustedCertificate
from crawler.handlers import HostResting
from crawler.middlewares.robots import RobotsForbidden, RobotsTooOften, RobotsUnreachable
from storage.types import Outcome, utc_now

if sys.version_info >= (3, 14):
    from compression.zstd import ZstdError
else:
    from backports.zstd import ZstdError

__all__ = ["FAILURES", "outcome_of_failure", "outcome_of_proxy_status", "outcome_of_status", "retry_after_s"]

FAILURES: tuple[tuple[type[BaseException], Outcome], ...] = (
    (RobotsForbidden, Outcome.ROBOTS),
    (RobotsTooOften, Outcome.RATE_LIMITED),
    (RobotsUnreachable, Outcome.ROBOTS_UNREACHABLE),
    (HostResting, Outcome.RATE_LIMITED),
    (ForbiddenAddress, Outcome.FORBIDDEN_ADDRESS),
    (ResponseTooLarge, Outcome.TOO_LARGE),
    (UntrustedCertificate, Outcome.TLS),
    (TunnelError, Outcome.CONNECTION),
    (CannotResolveHostError, Outcome.DNS),
    (DownloadTimeoutError, Outcome.TIMEOUT),
    (DownloadConnectionRefusedError, Outcome.CONNECTION),
    (DownloadCancelledError, Outcome.TOO_LARGE),
    (ResponseDataLossError, Outcome.BAD_RESPONSE),
    (PotentialDataLoss, Outcome.BAD_RESPONSE),
    (UnsupportedURLSchemeError, Outcome.BAD_URL),
    (OpenSSLError, Outcome.TLS),
    (SSLError, Outcome.TLS),
    (VerificationError, Outcome.TLS),
    (ConnectionClosed, Outcome.CONNECTION),
    (ConnectError, Outcome.CONNECTION),
    (BadGzipFile, Outcome.BAD_RESPONSE),
    (zlib.error, Outcome.BAD_RESPONSE),
    (brotli.error, Outcome.BAD_RESPONSE),
    (ZstdError, Outcome.BAD_RESPONSE),
    (EOFError, Outcome.BAD_RESPONSE),
)
"""First match wins; looked up on the exception and then on what caused it."""

_STATUS_OUTCOMES: dict[int, Outcome] = {
    304: Outcome.NOT_MODIFIED,
    401: Outcome.BLOCKED,
    402: Outcome.BLOCKED,
    403: Outcome.BLOCKED,
    404: Outcome.GONE,
    408: Outcome.TIMEOUT,
    410: Outcome.GONE,
    429: Outcome.RATE_LIMITED,
    451: Outcome.BLOCKED,
}
_PROXY_ERRORS: dict[str, Outcome] = {
    "dns_timeout": Outcome.DNS,
    "dns_error": Outcome.DNS,
    "destination_unavailable": Outcome.CONNECTION,
    "destination_ip_unroutable": Outcome.CONNECTION,
    "connection_refused": Outcome.CONNECTION,
    "connection_terminated": Outcome.CONNECTION,
    "connection_timeout": Outcome.TIMEOUT,
    "connection_read_timeout": Outcome.TIMEOUT,
    "http_response_timeout": Outcome.TIMEOUT,
    "tls_protocol_error": Outcome.TLS,
    "tls_certificate_error": Outcome.TLS,
}
_LONGEST_DATE = 60
_IGNORED = (
    (re.compile("max redirections"), Outcome.REDIRECTS),
    (re.compile("during decompression"), Outcome.TOO_LARGE),
)
"""Scrapy tells its own refusals apart by their text only."""
_SIZE_LIMIT = re.compile(r"max size \(([0-9]+)\)|DOWNLOAD_MAXSIZE \(([0-9]+) B\)")
"""Scrapy's two sentences about a body that is too large."""


def outcome_of_status(status: int) -> Outcome | None:
    """The outcome that an HTTP status means; ``None`` for a success, whose page has yet to be understood."""
    if status in _STATUS_OUTCOMES:
        return _STATUS_OUTCOMES[status]
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Outcome.SERVER_ERROR
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return Outcome.REDIRECTS
    return None if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES else Outcome.HTTP_ERROR


def outcome_of_proxy_status(header: str) -> Outcome | None:
    """What our own proxy says went wrong behind it (RFC 9209 ``Proxy-Status: ...; error=dns_error``)."""
    found = re.search(r";\s*error=([a-z_]+)", header)
    return _PROXY_ERRORS.get(found.group(1)) if found else None


def outcome_of_failure(error: BaseException) -> tuple[Outcome, str]:
    """The outcome of an exception from the downloader, and one sentence about it."""
    chain = _chain(error)
    known = ((outcome, link) for link in chain for kind, outcome in FAILURES if isinstance(link, kind))
    ignored = ((outcome, error) for pattern, outcome in _IGNORED if pattern.search(str(error)))
    for outcome, link in known:
        return outcome, _sentence(link)
    if isinstance(error, IgnoreRequest):
        for outcome, link in ignored:
            return outcome, _sentence(link)
    if any(isinstance(link, (DownloadFailedError, ResponseFailed)) for link in chain):
        return Outcome.BAD_RESPONSE, _sentence(chain[-1])
    if isinstance(error, ValueError):
        return Outcome.BAD_URL, _sentence(error)
    return Outcome.FAILED, f"{type(error).__name__}: {_sentence(error)}"


def retry_after_s(value: str, now: datetime | None = None) -> float | None:
    """Seconds to wait by a Retry-After header, in seconds or as an HTTP date; never negative.

    Args:
        value: of the header.
        now: the moment of the answer, for dates; the present where it is not given.

    Returns:
        ``None`` for anything that is neither.
    """
    text = value.strip()
    if re.fullmatch(r"[0-9]{1,9}", text, re.ASCII):
        return float(text)
    until = _http_date(text)
    return max(0.0, (until - (now or utc_now())).total_seconds()) if until is not None else None


def _http_date(text: str) -> datetime | None:
    """A moment in one of HTTP's three date formats, which all end in GMT or name no zone at all."""
    if not re.match(r"[A-Za-z]{3,9},? ", text) or len(text) > _LONGEST_DATE:
        return None
    try:
        moment = parsedate_to_datetime(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _chain(error: BaseException) -> list[BaseException]:
    """The exception, what caused it, and what Twisted packed into it; each once."""
    found: list[BaseException] = []
    waiting = [error]
    while waiting:
        link = waiting.pop(0)
        if any(link is other for other in found):
            continue
        found.append(link)
        packed = [failure.value for failure in getattr(link, "reasons", None) or [] if hasattr(failure, "value")]
        waiting += [*packed, *(cause for cause in (link.__cause__, link.__context__) if cause)]
    return found


def _sentence(error: BaseException) -> str:
    text = " ".join(_text(error).split()) or type(error).__name__
    if limit := _SIZE_LIMIT.search(text):
        return f"more than {limit[1] or limit[2]} bytes"
    return text[:300]


def _text(error: BaseException) -> str:
    """The error in words; OpenSSL's are a list of (library, function, reason)."""
    if isinstance(error, OpenSSLError) and error.args and isinstance(error.args[0], list):
        return ", ".join(str(entry[-1]) for entry in error.args[0])
    return str(error)
