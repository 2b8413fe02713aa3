import asyncio
import signal
import socket
import threading
import time

import pytest
import uvicorn

from crawler.stopping import stoppable
from crawler.web import serving


class Orders:
    """Performs nothing, and writes down what it is told."""

    def __init__(self, _configuration=None):
        self.told = []

    def start(self):
        self.told.append("start")

    def stop(self):
        self.told.append("stop")


@pytest.fixture
def listening():
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        yield made


async def nothing(scope, receive, send):
    """An application that is never asked."""


@pytest.fixture(autouse=True)
def _no_real_orders(monkeypatch):
    monkeypatch.setattr(serving, "OrderRunner", Orders)


def test_orders_are_performed_as_long_as_requests_are_answered(visitor, listening):
    seen = []
    config = uvicorn.Config(nothing, lifespan="off", log_config=None)

    def ready():
        seen.append(list(server._orders.told))
        server.should_exit = True

    server = serving._Server(config, visitor.site, ready)
    asyncio.run(server.serve(sockets=[listening]))
    assert (seen, server._orders.told) == ([["start"]], ["start", "stop"])


@pytest.mark.parametrize(("visitor_of", "performed"), [("client", True), ("reader", False)])
def test_where_the_site_only_shows_no_orders_are_performed(request, listening, monkeypatch, visitor_of, performed):
    made = []
    monkeypatch.setattr(serving._Server, "run", lambda server, **_: made.append(server._orders))
    serving.serve(request.getfixturevalue(visitor_of).site, listening, ready=lambda: None)
    assert [one is not None for one in made] == [performed]


@pytest.mark.parametrize(
    "sent", [[], [b"GET / HTTP/1.1\r\n"], [b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n", b"GET"]]
)
def test_who_does_not_say_what_he_wants_is_let_go(visitor, listening, monkeypatch, sent):
    monkeypatch.setattr(serving, "_HEAD_S", 0.2)
    monkeypatch.setattr(serving, "warm_up", lambda: None)
    ended = []

    def ask():
        try:
            with socket.create_connection(listening.getsockname(), timeout=3) as asking:
                for piece in sent:
                    asking.sendall(piece)
                    time.sleep(0.1)
                while asking.recv(65536):
                    pass
                ended.append(True)
        finally:
            signal.raise_signal(signal.SIGINT)

    thread = threading.Thread(target=ask)
    with stoppable(anew=True), pytest.raises(KeyboardInterrupt):  # whatever an earlier test made of Ctrl-C
        serving.serve(visitor.site, listening, ready=thread.start)
    thread.join()
    assert ended == [True]
