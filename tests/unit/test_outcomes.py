import pytest
from OpenSSL import SSL
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
        (CannotResolveHostError("no such host"), Outcome.DNS),
        (DownloadTimeoutError("too slow"), Outcome.TIMEOUT),
        (DownloadConnectionRefusedError("refused"), Outcome.CONNECTION),
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
