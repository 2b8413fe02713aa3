import gzip
import zlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from OpenSSL import SSL
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
from twisted.internet.error import ConnectionLost
from twisted.python.failure import Failure
from twisted.web.client import ResponseNeverReceived

from crawler.guard import ForbiddenAddress, ResponseTooLarge, UntrustedCertificate
from crawler.middlewares.robots import RobotsForbidden
from crawler.outcomes import outcome_of_failure, outcome_of_status, retry_after_s
from storage.types import OUTCOME_MEANINGS, Outcome


def test_every_outcome_has_a_meaning():
    assert set(OUTCOME_MEANINGS) == set(Outcome)


@pytest.mark.parametrize("status", range(100, 600))
def test_every_status_means_something(status):
    outcome = outcome_of_status(status)
    assert (outcome is None) == (200 <= status < 300)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (304, Outcome.NOT_MODIFIED),
        (301, Outcome.REDIRECTS),
        (401, Outcome.BLOCKED),
        (403, Outcome.BLOCKED),
        (404, Outcome.GONE),
        (410, Outcome.GONE),
        (418, Outcome.HTTP_ERROR),
        (429, Outcome.RATE_LIMITED),
        (451, Outcome.BLOCKED),
        (500, Outcome.SERVER_ERROR),
        (599, Outcome.SERVER_ERROR),
    ],
)
def test_statuses_that_people_ask_about(status, outcome):
    assert outcome_of_status(status) is outcome


def lost_connection(cause):
    return DownloadFailedError("lost"), ResponseNeverReceived([Failure(cause)])


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (RobotsForbidden("robots.txt says no"), Outcome.ROBOTS),
        (TunnelError("Could not open CONNECT tunnel with proxy 127.0.0.1:3128"), Outcome.CONNECTION),
        (CannotResolveHostError("no such host"), Outcome.DNS),
        (DownloadTimeoutError("too slow"), Outcome.TIMEOUT),
        (DownloadConnectionRefusedError("refused"), Outcome.CONNECTION),
        (ForbiddenAddress("http://a.example/", "10.0.0.1 is private"), Outcome.FORBIDDEN_ADDRESS),
        (ResponseTooLarge("more than 1000 lines of headers"), Outcome.TOO_LARGE),
        (UntrustedCertificate("it has expired"), Outcome.TLS),
        (gzip.BadGzipFile("Not a gzipped file"), Outcome.BAD_RESPONSE),
        (zlib.error("invalid stored block lengths"), Outcome.BAD_RESPONSE),
        (brotli.error("decoder failed"), Outcome.BAD_RESPONSE),
        (EOFError("ended before the end"), Outcome.BAD_RESPONSE),
        (DownloadCancelledError("Received 9 bytes which is larger than"), Outcome.TOO_LARGE),
        (ResponseDataLossError("short"), Outcome.BAD_RESPONSE),
        (UnsupportedURLSchemeError("gopher"), Outcome.BAD_URL),
        (IgnoreRequest("max redirections reached"), Outcome.REDIRECTS),
        (IgnoreRequest("body exceeded DOWNLOAD_MAXSIZE during decompression."), Outcome.TOO_LARGE),
        (DownloadFailedError("garbage"), Outcome.BAD_RESPONSE),
        (ValueError("Missing scheme in request url"), Outcome.BAD_URL),
        (KeyError("ours"), Outcome.FAILED),
        (IgnoreRequest("for a reason nobody knows"), Outcome.FAILED),
    ],
)
def test_every_failure_has_its_outcome_and_a_sentence(error, outcome):
    found, sentence = outcome_of_failure(error)
    assert found is outcome
    assert sentence


@pytest.mark.parametrize(
    "text",
    [
        "Received 9000 bytes which is larger than download max size (8388608) in request <GET http://a.example/>.",
        "Ignored response because its body exceeded DOWNLOAD_MAXSIZE (8388608 B) during decompression.",
    ],
)
def test_a_body_that_is_too_large_says_the_limit(text):
    kind = IgnoreRequest if "Ignored" in text else DownloadCancelledError
    assert outcome_of_failure(kind(text)) == (Outcome.TOO_LARGE, "more than 8388608 bytes")


def test_what_openssl_says_is_said_in_words():
    reasons = [("SSL routines", "", "wrong version number"), ("SSL routines", "", "unexpected eof")]
    assert outcome_of_failure(SSL.Error(reasons)) == (Outcome.TLS, "wrong version number, unexpected eof")
    assert outcome_of_failure(SSL.Error())[0] is Outcome.TLS


def test_a_limit_of_the_head_says_so_through_what_twisted_packs_around_it():
    outer, packed = lost_connection(ResponseTooLarge("more than 1000 lines of headers"))
    outer.__cause__ = packed
    assert outcome_of_failure(outer) == (Outcome.TOO_LARGE, "more than 1000 lines of headers")


@pytest.mark.parametrize(
    ("cause", "outcome"), [(ConnectionLost(), Outcome.CONNECTION), (SSL.Error([("x", "y", "z")]), Outcome.TLS)]
)
def test_what_twisted_packs_into_a_failure_is_found(cause, outcome):
    outer, packed = lost_connection(cause)
    outer.__cause__ = packed
    assert outcome_of_failure(outer)[0] is outcome


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("120", 120.0), (" 5 ", 5.0), ("-3", None), ("soon", None), ("1e3", None), ("9" * 40, None), ("", None)],
)
def test_retry_after(header, seconds):
    assert retry_after_s(header) == seconds


NOW = datetime(2026, 4, 8, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("Wed, 08 Apr 2026 12:02:00 GMT", 120.0),
        ("Wednesday, 08-Apr-26 12:02:00 GMT", 120.0),
        ("Wed Apr  8 12:02:00 2026", 120.0),
        ("Wed, 08 Apr 2026 14:02:00 +0200", 120.0),
        ("Wed, 08 Apr 2026 11:00:00 GMT", 0.0),
        ("Wed, 08 Apr 99999 11:00:00 GMT", None),
        ("Wed, 38 Apr 2026 11:00:00 GMT", None),
        ("tomorrow at noon", None),
        ("2026-04-08T12:02:00Z", None),
        ("٣", None),
    ],
)
def test_retry_after_as_a_date(header, seconds):
    assert retry_after_s(header, NOW) == seconds


@settings(deadline=None)
@given(st.datetimes(datetime(1970, 1, 1), datetime(9000, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - bounds are naive
def test_every_http_date_means_the_time_until_then(until):
    until = until.replace(microsecond=0)
    assert retry_after_s(format_datetime(until, usegmt=True), NOW) == max(0.0, (until - NOW) / timedelta(seconds=1))


@settings(deadline=None)
@given(st.text() | st.from_regex(r"\A[A-Z][a-z]{2}, [0-9]{1,3} [A-Z][a-z]{2} [0-9]{1,6} [0-9:]{1,9} .{0,5}\Z"))
def test_no_header_makes_it_raise_or_wait_for_less_than_nothing(header):
    seconds = retry_after_s(header, NOW)
    assert seconds is None or seconds >= 0
