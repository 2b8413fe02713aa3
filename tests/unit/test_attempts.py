from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from scrapy import Request
from scrapy.exceptions import CannotResolveHostError, DownloadCancelledError, DownloadFailedError
from scrapy.http import HtmlResponse, Response

from crawler.guard import ResponseTooLarge
from crawler.handlers import EXCHANGES, HostResting
from crawler.host_states import HostStates
from crawler.items import FailedFetch, FetchedPage, FetchTask
from crawler.middlewares.host_gate import HostHeld
from crawler.middlewares.keeper import TASK
from crawler.middlewares.robots import DECISION, RobotsUnanswered, RobotsUnreachable
from crawler.spiders.attempts import Attempts
from storage.types import Citation, Document, Exchange, FetchReason, Outcome, RobotsDecision, utc_now

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "http://news.example/a"
HTML = "<html><body><p>Subscribers only.</p></body></html>"
DOCUMENT = Document(
    id=1, canonical_url=URL, request_url=URL, url_key="example,news)/a", host="news.example", added_at=NOW
)
CITATION = Citation(event_key="e1", event_date=NOW.date(), headline="Bridge closed")
ALLOWED = RobotsDecision(allowed=True, rule="no rule applies", status=200)


@pytest.fixture
def states():
    return HostStates(delay_s=2)


@pytest.fixture
def attempts(states):
    frontier = SimpleNamespace(hosts=states, citations_of=lambda _: (CITATION,), probe_of=lambda _: None)
    return Attempts(frontier=frontier)


def request(url=URL, **meta):
    task = FetchTask(document=DOCUMENT, reason=FetchReason.NEW, attempt_key="a" * 32, run_token="run")
    return Request(url, meta={TASK: task, DECISION: ALLOWED, **meta})


def exchange(url=URL, status=200, truncated=""):
    return Exchange(
        url=url, request_headers=(), status=status, headers=(), payload=b"", fetched_at=NOW, truncated=truncated
    )


def response(status=200, body=HTML, kind="text/html", *, truncated="", proxy=None, hops=(), **headers):
    asked = request(proxy=proxy, **{EXCHANGES: [*hops, exchange(status=status, truncated=truncated)]})
    named = {name.replace("_", "-"): value for name, value in headers.items()} | {"Content-Type": kind}
    return HtmlResponse(URL, status=status, body=body.encode(), headers=named, request=asked)


def test_a_page_comes_with_all_that_is_known_about_it(attempts):
    item = attempts.answered(response(hops=(exchange("http://old.example/a", 301),)))
    assert isinstance(item, FetchedPage)
    assert (item.status, item.refused, item.robots, item.citations) == (200, None, ALLOWED, (CITATION,))
    assert [(hop.url, hop.status) for hop in item.redirects] == [("http://old.example/a", 301)]


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (401, Outcome.BLOCKED),
        (403, Outcome.BLOCKED),
        (406, Outcome.HTTP_ERROR),
        (429, Outcome.RATE_LIMITED),
        (451, Outcome.BLOCKED),
        (503, Outcome.SERVER_ERROR),
    ],
)
def test_a_refusal_with_a_page_is_worth_judging(attempts, status, outcome):
    item = attempts.answered(response(status, Retry_After="90"))
    assert isinstance(item, FetchedPage)
    assert (item.status, item.refused, item.retry_after_s) == (status, outcome, 90)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (response(404), Outcome.GONE),
        (response(500), Outcome.SERVER_ERROR),
        (response(403, '{"error": "no"}', "application/json"), Outcome.BLOCKED),
        (response(403, "", "text/html"), Outcome.BLOCKED),
        (response(429, "slow down", "text/plain"), Outcome.RATE_LIMITED),
        (response(304, ""), Outcome.NOT_MODIFIED),
        (response(503, proxy="http://proxy", Proxy_Status="p; error=connection_refused"), Outcome.CONNECTION),
        (response(200, "<html><p>half", truncated="disconnect"), Outcome.BAD_RESPONSE),
    ],
)
def test_other_answers_mean_what_they_say(attempts, answer, outcome):
    item = attempts.answered(answer)
    assert isinstance(item, FailedFetch)
    assert (item.outcome, item.status, item.robots) == (outcome, answer.status, ALLOWED)
    assert item.detail


def test_a_torn_page_that_reached_its_end_is_a_page(attempts):
    assert isinstance(attempts.answered(response(truncated="disconnect")), FetchedPage)


@pytest.mark.parametrize(
    ("status", "wait", "rests"),
    [(429, "", True), (503, "", True), (403, "", False), (403, "60", True), (200, "60", False)],
)
def test_a_host_that_asks_for_it_is_left_alone_at_once(attempts, states, status, wait, rests):
    attempts.hold_back(response(status, **({"Retry_After": wait} if wait else {})))
    assert states.is_resting("news.example", utc_now()) is rests


def test_a_redirect_to_a_host_that_is_not_to_be_had_says_until_when(attempts):
    until = utc_now() + timedelta(hours=1)
    asked = request("http://guest.example/x", **{EXCHANGES: [exchange(status=301)]})
    item = attempts.unanswered(asked, HostHeld("guest.example is resting", until))
    assert (item.outcome, item.detail, item.status) == (Outcome.RATE_LIMITED, "guest.example is resting", None)
    assert item.retry_after_s == pytest.approx(3600, abs=60)
    assert len(item.redirects) == 1


def test_a_host_that_began_to_rest_while_the_request_waited_says_until_when(attempts, states):
    states.hold_back("news.example", Outcome.RATE_LIMITED, at=utc_now(), status=429, retry_after_s=600)
    item = attempts.unanswered(request(), HostResting("the host asked us to wait"))
    assert (item.outcome, item.retry_after_s) == (Outcome.RATE_LIMITED, pytest.approx(600, abs=60))


def test_what_ended_at_robots_txt_says_so(attempts):
    error = RobotsUnanswered("robots.txt: no such name")
    error.__cause__ = CannotResolveHostError("no such name")
    item = attempts.unanswered(request(), error)
    assert (item.outcome, item.detail) == (Outcome.DNS, "robots.txt: no such name")


@pytest.mark.parametrize(
    ("proxy", "said", "outcome"),
    [(None, "", Outcome.ROBOTS_UNREACHABLE), ("http://proxy", "p; error=dns_error", Outcome.DNS)],
)
def test_rules_that_cannot_be_read_close_the_host(attempts, states, proxy, said, outcome):
    headers = {"Retry-After": "120", "Proxy-Status": said}
    answer = Response(f"{URL}/robots.txt", status=502, headers=headers, request=request(proxy=proxy))
    item = attempts.unanswered(request(), RobotsUnreachable(answer))
    assert (item.outcome, item.retry_after_s) == (outcome, 120)
    assert states.is_resting("news.example", utc_now())


def test_the_limit_that_was_broken_is_named(attempts):
    said = "Received 9000 bytes which is larger than download max size (1000) in request <GET http://a.example/>."
    item = attempts.unanswered(request(), DownloadCancelledError(said))
    assert (item.outcome, item.detail) == (Outcome.TOO_LARGE, "more than 1000 bytes")


def test_the_limit_that_a_head_broke_is_named(attempts):
    outer = DownloadFailedError("lost")
    outer.__cause__ = ResponseTooLarge("more than 1000 lines of headers")
    item = attempts.unanswered(request(), outer)
    assert (item.outcome, item.detail) == (Outcome.TOO_LARGE, "more than 1000 lines of headers")


def test_a_limit_that_says_more_than_a_number_is_quoted(attempts):
    item = attempts.unanswered(request(), ResponseTooLarge("its content is compressed 9 times over"))
    assert (item.outcome, item.detail) == (Outcome.TOO_LARGE, "its content is compressed 9 times over")


def test_a_request_that_cannot_be_made_is_an_attempt_on_the_document_itself(attempts):
    item = attempts.unmade(request().meta[TASK], ValueError("no scheme"))
    assert (item.outcome, item.final_url, item.exchanges) == (Outcome.BAD_URL, URL, ())


def test_what_nobody_thought_of_is_our_own_failure(attempts):
    item = attempts.unanswered(request(), KeyError("ours"))
    assert (item.outcome, item.detail) == (Outcome.FAILED, "KeyError: 'ours'")
