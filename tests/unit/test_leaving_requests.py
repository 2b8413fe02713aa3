"""The last moment before a request leaves: whose host it is, and whether that rests."""

import asyncio
from types import SimpleNamespace

import pytest
from scrapy import Request
from scrapy.http import Response

from crawler.handlers import EXCHANGES, STARTED, HostLost, HostResting, RecordingHandler


class Handler(RecordingHandler):
    """The handler with a network of its own."""

    def __init__(self, spider):
        self._crawler = SimpleNamespace(spider=spider)
        self._allow_private, self._timeout_s, self.sent = True, 5.0, []

    async def _guarded(self, request):
        self.sent.append(request.url)
        return Response(request.url, body=b"here", request=request), ""


class Spider:
    def __init__(self, *, ours=True, resting=False, rests_later=False):
        self.ours, self.resting, self.rests_later, self.asked = ours, resting, rests_later, []

    async def still_holds(self, url):
        self.asked.append(url)
        self.resting = self.resting or self.rests_later
        return self.ours

    def is_resting(self, _url):
        return self.resting


def download(spider, url="http://a.example/1"):
    handler, request = Handler(spider), Request(url)
    try:
        return handler, request, asyncio.run(handler.download_request(request))
    except HostResting as error:
        return handler, request, error


def test_a_request_leaves_for_a_host_that_is_ours():
    spider = Spider()
    handler, request, answer = download(spider)
    assert answer.body == b"here"
    assert handler.sent == spider.asked == ["http://a.example/1"]
    assert len(request.meta[EXCHANGES]) == 1


def test_no_request_leaves_for_a_host_that_was_lost():
    handler, request, error = download(Spider(ours=False))
    assert isinstance(error, HostLost)
    assert handler.sent == []
    assert STARTED not in request.meta
    assert EXCHANGES not in request.meta


def test_a_host_that_asked_for_a_rest_while_the_store_was_asked_is_left_alone():
    handler, _, error = download(Spider(rests_later=True))
    assert isinstance(error, HostResting)
    assert not isinstance(error, HostLost)
    assert handler.sent == []


@pytest.mark.parametrize("spider", [SimpleNamespace(), None])
def test_whoever_holds_no_hosts_is_not_asked(spider):
    handler, _, answer = download(spider)
    assert answer.body == b"here"
    assert handler.sent == ["http://a.example/1"]
