import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from scrapy import Request
from scrapy.exceptions import CannotResolveHostError
from scrapy.http import Response

import crawler.middlewares.robots
from crawler.handlers import HostResting
from crawler.middlewares.robots import (
    DECISION,
    MOST_KEPT,
    RobotsForbidden,
    RobotsMiddleware,
    RobotsTooOften,
    RobotsUnanswered,
    RobotsUnreachable,
)
from crawler.outcomes import outcome_of_failure
from storage.types import Outcome

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
RULES = "User-agent: *\nDisallow: /private\nCrawl-delay: 4\n"


class World:
    """Answers requests from a table; the time stands still until it is moved."""

    def __init__(self):
        self.answers, self.asked, self.heard, self.now = {}, [], {}, NOW
        self.spider = SimpleNamespace(heard_crawl_delay=self.heard.__setitem__)
        self.engine = SimpleNamespace(download_async=self.download)
        self.stats = None
        self.middleware = RobotsMiddleware(self, obey=True)

    async def download(self, request):
        assert await self.middleware.process_request(request) is None
        self.asked.append(request.url)
        await asyncio.sleep(0)
        answer = self.answers.get(request.url, 404)
        if isinstance(answer, Exception):
            raise answer
        status, body, headers = (answer, "", {}) if isinstance(answer, int) else (*answer, {})[:3]
        return Response(request.url, status=status, body=body.encode(), headers=headers, request=request)

    def pass_by(self, *urls):
        """What becomes of requests for these URLs that come at once: their decision, or the refusal."""

        async def one(url):
            request = Request(url)
            try:
                await self.middleware.process_request(request)
            except Exception as refusal:  # noqa: BLE001 - it is what is looked at
                return refusal
            return request.meta[DECISION]

        async def all_of_them():
            return await asyncio.gather(*(one(url) for url in urls))

        found = asyncio.run(all_of_them())
        return found[0] if len(found) == 1 else found


@pytest.fixture
def world(monkeypatch):
    made = World()
    monkeypatch.setattr(crawler.middlewares.robots, "utc_now", lambda: made.now)
    return made


def test_everybody_who_waits_for_one_file_is_told_the_same(world):
    world.answers["http://a.example/robots.txt"] = (200, RULES)
    found = world.pass_by(*(f"http://a.example/private/{number}" for number in range(6)))
    assert [type(one) for one in found] == [RobotsForbidden] * 6
    assert str(found[0]) == "robots.txt of a.example: Disallow: /private (line 2, for *)"
    assert world.asked == ["http://a.example/robots.txt"]
    assert world.heard == {"a.example": 4}


def test_a_file_is_good_for_a_day(world):
    world.answers["http://a.example/robots.txt"] = (200, RULES)
    assert world.pass_by("http://a.example/x").rule == "no rule applies"
    world.now += timedelta(hours=23)
    world.pass_by("http://a.example/y")
    assert len(world.asked) == 1
    world.now += timedelta(hours=2)
    world.answers["http://a.example/robots.txt"] = 404
    assert world.pass_by("http://a.example/private").rule == "robots.txt answered 404: no rules"
    assert len(world.asked) == 2
    assert world.heard == {"a.example": None}


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_a_refusal_means_that_there_are_no_rules(world, status):
    world.answers["http://a.example/robots.txt"] = (status, "User-agent: *\nDisallow: /\n")
    decision = world.pass_by("http://a.example/x")
    assert (decision.allowed, decision.status) == (True, status)


@pytest.mark.parametrize("status", [500, 502, 503, 599])
def test_a_server_that_fails_closes_the_host_and_is_asked_again(world, status):
    world.answers["http://a.example/robots.txt"] = status
    refusal = world.pass_by("http://a.example/x")
    assert isinstance(refusal, RobotsUnreachable)
    assert outcome_of_failure(refusal) == (Outcome.ROBOTS_UNREACHABLE, f"robots.txt: HTTP {status}")
    world.answers["http://a.example/robots.txt"] = (200, "")
    assert world.pass_by("http://a.example/x").allowed


def test_too_often_is_told_apart(world):
    world.answers["http://a.example/robots.txt"] = 429
    refusal = world.pass_by("http://a.example/x")
    assert isinstance(refusal, RobotsTooOften)
    assert outcome_of_failure(refusal)[0] is Outcome.RATE_LIMITED


def test_a_dead_host_is_not_asked_for_the_page_too(world):
    world.answers["http://a.example/robots.txt"] = CannotResolveHostError("no such name")
    refusal = world.pass_by("http://a.example/x")
    assert isinstance(refusal, RobotsUnanswered)
    assert outcome_of_failure(refusal) == (Outcome.DNS, "no such name")


def test_a_host_that_rests_is_not_a_host_that_fails(world):
    world.answers["http://a.example/robots.txt"] = HostResting("wait")
    assert isinstance(world.pass_by("http://a.example/x"), HostResting)


def test_five_redirects_count_and_hold_for_both_hosts(world):
    for hop in range(5):
        world.answers[f"http://a.example/{hop or 'robots.txt'}"] = (302, "", {"Location": f"/{hop + 1}"})
    world.answers["http://a.example/4"] = (301, "", {"Location": "https://b.example/robots.txt"})
    world.answers["https://b.example/robots.txt"] = (200, RULES)
    refusals = [world.pass_by("http://a.example/private"), world.pass_by("https://b.example/private")]
    assert [type(one) for one in refusals] == [RobotsForbidden] * 2
    assert len(world.asked) == 6
    assert world.heard == {"a.example": 4, "b.example": 4}


@pytest.mark.parametrize(
    "target",
    ["/robots.txt", "ftp://a.example/robots.txt", "", "http://[", "http://b.example:80:80/", "//[x]/", "http://"],
)
def test_redirects_that_lead_nowhere_mean_no_rules(world, target):
    world.answers["http://a.example/robots.txt"] = (301, "", {"Location": target} if target else {})
    assert world.pass_by("http://a.example/private").allowed


def test_one_file_speaks_for_one_scheme_host_and_port(world):
    world.answers["http://a.example/robots.txt"] = (200, RULES)
    urls = ["http://a.example/private", "https://a.example/private", "http://a.example:8080/private"]
    assert [isinstance(one, RobotsForbidden) for one in world.pass_by(*urls)] == [True, False, False]
    assert len(world.asked) == 3


def test_no_more_files_are_kept_than_needed(world, monkeypatch):
    monkeypatch.setattr(crawler.middlewares.robots, "MOST_KEPT", 3)
    assert MOST_KEPT >= 1000
    world.pass_by(*(f"http://h{number}.example/" for number in range(5)))
    assert len(world.middleware._kept) == 3
    assert world.middleware._asking == {}


def test_a_hop_is_judged_anew(world):
    world.answers["http://b.example/robots.txt"] = CannotResolveHostError("no such name")
    request = Request("http://a.example/x")
    asyncio.run(world.middleware.process_request(request))
    hop = request.replace(url="http://b.example/x")
    with pytest.raises(RobotsUnanswered):
        asyncio.run(world.middleware.process_request(hop))
    assert DECISION not in hop.meta


def test_where_robots_txt_is_not_obeyed_it_is_not_asked_and_that_is_said(world):
    world.middleware = RobotsMiddleware(world, obey=False)
    decision = world.pass_by("http://a.example/private")
    assert (decision.allowed, decision.rule) == (True, "not asked: crawl.obey_robots is false")
    assert world.asked == []
