"""Streams: what is sent, who shares a question, how many there may be, and how they end."""

import asyncio
import http.client
import threading
import time
from contextlib import closing, suppress

import pytest
import uvicorn
from invented_library import FERRY
from runs_of_old import begun, store_of
from starlette.exceptions import HTTPException

from crawler.configuration import load
from crawler.web import serving
from crawler.web.application import site_for
from crawler.web.guarding.headers import EVERYWHERE
from crawler.web.policy import Policy
from crawler.web.streams import Limits, Part, Streams, event
from storage.errors import RunNotFound, StoreUnavailable
from storage.types import OrderKind, RunState, utc_now

QUICK = Limits(look_s=0.01, quiet_s=0.05, lasts_s=5.0, per_client=2, in_all=3)


async def pieces(response, most=100):
    """What a stream says, until it ends."""
    found = []
    async for piece in response.body_iterator:
        found.append(piece.decode())
        if len(found) == most:
            break
    return found


def said(*parts, limits=QUICK):
    """What a stream says of something that stands like this, one look after the other."""
    left = list(parts)

    async def follow():
        look = lambda: left.pop(0) if len(left) > 1 else left[0]  # noqa: E731
        return await pieces(await Streams(limits).follow("me", "/x", look))

    return asyncio.run(follow())


def test_part_is_sent_when_it_changed_and_the_end_is_said():
    first, last = Part(html="<p>1</p>", sentence="At work."), Part(html="<p>2</p>", sentence="Done.", over=True)
    assert said(first, first, first, last)[1:] == [
        "event: part\ndata: <p>1</p>\n\n",
        "event: status\ndata: At work.\n\n",
        "event: part\ndata: <p>2</p>\n\n",
        "event: status\ndata: Done.\n\n",
        "event: end\ndata: \n\n",
    ]


def test_sentence_that_stays_is_said_once():
    found = said(Part(html="1", sentence="At work."), Part(html="2", sentence="At work."), Part(html="3", over=True))
    assert sum("At work." in one for one in found) == 1


def test_silence_is_broken_by_comments():
    found = said(Part(html="1"), limits=Limits(look_s=0.01, quiet_s=0.02, lasts_s=0.2))
    assert found.count(": nothing new\n\n") >= 2


def test_stream_does_not_last_for_ever():
    began = time.monotonic()
    said(Part(html="1"), limits=Limits(look_s=0.01, lasts_s=0.1))
    assert time.monotonic() - began < 3


@pytest.mark.parametrize("text", ["a\nb", "a\r\nb", "a\rb"])
def test_lines_of_the_data_do_not_end_the_event(text):
    assert event("part", text) == b"event: part\ndata: a\ndata: b\n\n"


def test_surrogates_are_sent_as_a_sign_for_nothing():
    assert event("part", "a\ud800") == b"event: part\ndata: a?\n\n"


def test_database_that_is_away_for_a_moment_ends_nothing():
    answers = iter([Part(html="1"), StoreUnavailable("away"), Part(html="2", over=True)])

    def look():
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def follow():
        return await pieces(await Streams(QUICK).follow("me", "/x", look))

    assert [one for one in asyncio.run(follow()) if "part" in one] == [
        "event: part\ndata: 1\n\n",
        "event: part\ndata: 2\n\n",
    ]


def test_followers_of_one_thing_share_its_questions():
    asked = []
    limits = Limits(look_s=0.1, lasts_s=0.55, per_client=50)

    def look():
        asked.append(time.monotonic())
        return Part(html="1")

    async def follow():
        streams = Streams(limits)
        opened = [await streams.follow("me", "/x", look) for _ in range(20)]
        await asyncio.gather(*(pieces(one) for one in opened))

    asyncio.run(follow())
    assert 2 <= len(asked) <= 14


def test_too_many_streams_are_refused():
    async def follow():
        streams = Streams(QUICK)
        for client in ("a", "a", "b"):
            await streams.follow(client, "/x", lambda: Part(html="1"))
        with pytest.raises(HTTPException) as in_all:
            await streams.follow("c", "/x", lambda: Part(html="1"))
        return in_all.value.status_code

    assert asyncio.run(follow()) == 503


def test_one_client_cannot_take_all_streams():
    async def follow():
        streams = Streams(QUICK)
        for _ in range(2):
            await streams.follow("a", "/x", lambda: Part(html="1"))
        with pytest.raises(HTTPException) as refused:
            await streams.follow("a", "/x", lambda: Part(html="1"))
        return refused.value.status_code

    assert asyncio.run(follow()) == 429


def test_stream_of_what_is_not_there_takes_no_place():
    def look():
        raise RunNotFound("7")

    async def follow():
        streams = Streams(QUICK)
        with pytest.raises(RunNotFound):
            await streams.follow("a", "/x", look)
        return streams.open, streams._topics

    assert asyncio.run(follow()) == (0, {})


def test_client_that_is_gone_gives_its_place_back():
    async def follow():
        streams = Streams(QUICK)
        response = await streams.follow("a", "/x", lambda: Part(html="1"))
        assert streams.open == 1
        gone = asyncio.Event()

        async def receive():
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message):
            if message.get("body"):
                gone.set()

        await response({"type": "http", "asgi": {"spec_version": "2.3"}}, receive, send)
        return streams.open, streams._topics

    assert asyncio.run(follow()) == (0, {})


# -- a real server -----------------------------------------------------------------------------------------------


@pytest.fixture
def served(own_folder):
    """The site at a port of its own: (site, port, server)."""
    site = site_for(load(own_folder), Policy(read_only=True, per_minute=1_000_000), local_name="ada")
    listening = serving.listen(site.policy)
    config = uvicorn.Config(
        serving.application(site), lifespan="off", log_config=None, timeout_graceful_shutdown=serving._STOP_S
    )
    ready = threading.Event()
    server = serving._Server(config, site, ready.set)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    with closing(site.stores):
        thread.start()
        assert ready.wait(60)
        yield site, listening.getsockname()[1], server
        server.should_exit = True
        thread.join(60)


def opened(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path)
    return connection, connection.getresponse()


def events_of(answer):
    """Events as (name, data), until the stream ends."""
    name, data = "", []
    for line in answer:
        key, _, value = line.decode().rstrip("\n").partition(": ")
        if key == "event":
            name, data = value, []
        elif key == "data":
            data.append(value)
        elif not key and name:
            yield name, "\n".join(data)
            name = ""


def test_run_is_followed_to_its_end(served):
    site, port, _ = served
    with site.stores.lent() as store:
        run = begun(store)
        store.heartbeat(run.token, now=utc_now(), counts={"fetched": 3}, note="<b>3 of 9</b>")
    connection, answer = opened(port, f"/runs/{run.number}/live")
    with closing(connection):
        assert answer.status == 200
        assert answer.getheader("content-type") == "text/event-stream; charset=utf-8"
        assert answer.getheader("cache-control") == "no-store"
        assert answer.getheader("x-accel-buffering") == "no"
        told = events_of(answer)
        name, html = next(told)
        assert name == "part"
        assert "3 fetched" in html
        assert "&lt;b&gt;3 of 9&lt;/b&gt;" in html
        with site.stores.lent() as store:
            store.settle_run(run.token, now=utc_now(), state=RunState.FAILED, exit_status=2, problem="no room")
        rest = list(told)
    assert ("status", f"Run {run.number} ended as failed with exit status 2.") in rest
    assert rest[-1][0] == "end"
    assert "no room" in [data for name, data in rest if name == "part"][-1]


def test_order_is_followed(served):
    site, port, _ = served
    with site.stores.lent() as store:
        order = store.put_order(OrderKind.REFETCH, FERRY, by="ada", now=utc_now())
    connection, answer = opened(port, f"/orders/{order.id}/live")
    with closing(connection):
        told = events_of(answer)
        assert "waiting" in next(told)[1]
        with site.stores.lent() as store:
            store.take_order("t", now=utc_now(), until=utc_now())
            store.end_order(order.id, "t", exit_status=0, now=utc_now())
        assert list(told)[-1][0] == "end"


def test_what_is_at_work_is_followed(served):
    site, port, _ = served
    connection, answer = opened(port, "/operations/live")
    with closing(connection):
        told = events_of(answer)
        assert next(told)[0] == "part"
        assert next(told) == ("status", "No run is at work.")
        with site.stores.lent() as store:
            run = begun(store, "dateline crawl --all")
        _, html = next(told)
        assert f'href="/runs/{run.number}"' in html
        assert next(told) == ("status", "1 run is at work.")


def test_stream_of_no_run_is_an_answer(served):
    connection, answer = opened(served[1], "/runs/999/live")
    with closing(connection):
        assert answer.status == 404


def test_stream_says_what_a_browser_may_do(served):
    connection, answer = opened(served[1], "/operations/live")
    with closing(connection):
        assert {name: answer.getheader(name) for name in EVERYWHERE} == {**EVERYWHERE, "Cache-Control": "no-store"}


def test_head_of_a_stream_ends(served):
    connection = http.client.HTTPConnection("127.0.0.1", served[1], timeout=30)
    with closing(connection):
        connection.request("HEAD", "/operations/live")
        assert connection.getresponse().getheader("content-type") == "text/event-stream; charset=utf-8"


def test_site_stops_while_somebody_follows(served):
    site, port, server = served
    streams = [opened(port, "/operations/live") for _ in range(3)]
    for _, answer in streams:
        assert answer.readline() == b"retry: 3000\n"
    began = time.monotonic()
    server.should_exit = True
    for connection, answer in streams:
        with suppress(ConnectionError), closing(connection):
            answer.read()
    while site.streams.open and time.monotonic() - began < 10:
        time.sleep(0.01)
    assert site.streams.open == 0
    assert time.monotonic() - began < serving._STOP_S


def test_reader_that_goes_away_is_noticed(served):
    site, port, _ = served
    connection, answer = opened(port, "/operations/live")
    answer.readline()
    assert site.streams.open == 1
    connection.close()
    answer.close()
    began = time.monotonic()
    while site.streams.open and time.monotonic() - began < 20:
        time.sleep(0.02)
    assert site.streams.open == 0


def test_page_of_a_run_says_how_to_see_more_without_scripts(visitor):
    with store_of(visitor) as store:
        run = begun(store)
    page = visitor.page(f"/runs/{run.number}")
    assert page.tree.xpath("//*[@data-live]/@data-live") == [f"/runs/{run.number}/live"]
    assert page.texts("//p[@role='status']") == [f"Run {run.number} is at work."]
    assert page.links()["Reload"] == f"/runs/{run.number}"
