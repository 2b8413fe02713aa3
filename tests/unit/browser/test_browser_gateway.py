"""The forward proxy between the browser and the web: who may use it, what it refuses, what it counts."""

import asyncio
import base64
import socket
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from crawler.browser.forwarding import Errand, Forwarder, Head, Refused
from crawler.browser.gateway import MOST_CONNECTIONS, Gateway

LOCAL = "127.0.0.1"
PUBLIC = "93.184.215.14"
ENOUGH = 1 << 20


def allow(_):
    return ""


def refuse(_):
    return "it is private"


@dataclass
class Origin:
    """A server that answers every request alike, and remembers what it was asked."""

    answer: bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\nhello"
    stays: bool = False
    asked: list[bytes] = field(default_factory=list)
    port: int = 0
    was_asked: asyncio.Event = field(default_factory=asyncio.Event)
    was_left: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader, writer):
        try:
            self.asked.append(await reader.readuntil(b"\r\n\r\n"))
            self.was_asked.set()
            writer.write(self.answer)
            await writer.drain()
            if self.stays:
                await reader.read()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self.was_left.set()
            writer.close()

    @property
    def heads(self):
        return [head.decode() for head in self.asked]


@asynccontextmanager
async def opened(origin=None, *, timeout_s=10.0, **rules):
    """A gateway and an origin server, both running."""
    origin = origin or Origin()
    server = await asyncio.start_server(origin.serve, LOCAL, 0)
    origin.port = server.sockets[0].getsockname()[1]
    if rules.get("proxy"):
        rules["proxy"] = rules["proxy"].format(port=origin.port)
    gateway = Gateway(Forwarder(**{"unsafe_target": allow, "forbidden": allow, **rules}), timeout_s=timeout_s)
    await gateway.start()
    try:
        yield gateway, origin
    finally:
        await gateway.close()
        server.close()


def credentials(one):
    return "Proxy-Authorization: Basic " + base64.b64encode(f"{one.user}:{one.secret}".encode()).decode()


async def ask(gateway, *lines, then=b""):
    """What the gateway says to a head, up to the end of the connection."""
    reader, writer = await asyncio.open_connection(LOCAL, int(gateway.url.rpartition(":")[2]))
    try:
        writer.write("\r\n".join([*lines, "", ""]).encode() + then)
        return await asyncio.wait_for(reader.read(), 20)
    except ConnectionError:
        return b""
    finally:
        writer.close()


def get(origin, path="/data.json", host=LOCAL):
    return f"GET http://{host}:{origin.port}{path} HTTP/1.1", f"Host: {host}:{origin.port}"


@pytest.mark.parametrize(
    "said", ["", "Proxy-Authorization: Basic cGFnZTE6Z3Vlc3NlZA==", "Proxy-Authorization: Bearer x"]
)
def test_nobody_without_a_pass_gets_through(said):
    async def scenario():
        async with opened() as (gateway, origin):
            gateway.admit(LOCAL, most_bytes=ENOUGH)
            lines = [*get(origin), *([said] if said else [])]
            repeated = "\r\n".join([*lines, "", ""]).encode() * 3
            said_back = await ask(gateway, *lines, then=repeated)
            assert said_back.count(b"HTTP/1.1 407 ") == 4
            assert b'Proxy-Authenticate: Basic realm="dateline"' in said_back
            assert origin.asked == []

    asyncio.run(scenario())


def test_a_pass_ends_with_its_page():
    async def scenario():
        async with opened() as (gateway, origin):
            one = gateway.admit(LOCAL, most_bytes=ENOUGH)
            await gateway.revoke(one)
            await gateway.revoke(one)
            lines = [*get(origin), credentials(one)]
            assert b"407" in await ask(gateway, *lines, then=("\r\n".join([*lines, "", ""]) * 3).encode())
            assert origin.asked == []

    asyncio.run(scenario())


def test_connections_end_with_the_page_that_they_are_for():
    async def scenario():
        async with opened(Origin(answer=b"", stays=True)) as (gateway, origin):
            one = gateway.admit(LOCAL, most_bytes=ENOUGH)
            waiting = asyncio.ensure_future(ask(gateway, *get(origin), credentials(one)))
            await origin.was_asked.wait()
            await gateway.revoke(one)
            assert await asyncio.wait_for(waiting, 10) == b""

    asyncio.run(scenario())


def test_no_two_passes_are_alike_and_none_shows_its_secret():
    async def scenario():
        async with opened() as (gateway, _):
            one, two = (gateway.admit(LOCAL, most_bytes=1) for _ in range(2))
            assert len({one.secret, two.secret}) == len({one.user, two.user}) == 2
            assert len(one.secret) >= 40
            assert one.secret not in repr(one)

    asyncio.run(scenario())


def test_a_request_goes_on_without_what_was_said_to_the_proxy():
    async def scenario():
        async with opened() as (gateway, origin):
            one = gateway.admit(LOCAL, most_bytes=ENOUGH)
            said = await ask(
                gateway,
                *get(origin, "/data.json?a=1"),
                credentials(one),
                "Proxy-Connection: keep-alive",
                "User-Agent: dateline/1",
            )
            assert said.endswith(b"\r\n\r\nhello")
            (head,) = origin.heads
            assert head.startswith(f"GET /data.json?a=1 HTTP/1.1\r\nHost: {LOCAL}:{origin.port}\r\n")
            assert "User-Agent: dateline/1\r\n" in head
            assert "Connection: close\r\n" in head
            assert "roxy" not in head
            assert one.connections == 1
            assert one.refused.total() == 0

    asyncio.run(scenario())


def test_a_tunnel_carries_bytes_both_ways():
    async def scenario():
        async with opened(Origin(answer=b"\x00\x01secret", stays=True)) as (gateway, origin):
            one = gateway.admit(LOCAL, most_bytes=ENOUGH)
            place = f"{LOCAL}:{origin.port}"
            reader, writer = await asyncio.open_connection(LOCAL, int(gateway.url.rpartition(":")[2]))
            writer.write(f"CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n{credentials(one)}\r\n\r\n".encode())
            assert b" 200 " in await reader.readuntil(b"\r\n\r\n")
            writer.write(b"\x16\x03hello\r\n\r\n")
            assert await asyncio.wait_for(reader.readexactly(8), 10) == b"\x00\x01secret"
            writer.close()
            assert origin.asked == [b"\x16\x03hello\r\n\r\n"]

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "first",
    [
        "GET http://other.example/ HTTP/1.1",
        "CONNECT other.example:443 HTTP/1.1",
        "GET http://169.254.169.254/latest/meta-data/ HTTP/1.1",
        "GET http://localhost/ HTTP/1.1",
        "GET http://127.0.0.1.other.example/ HTTP/1.1",
    ],
)
def test_a_page_reaches_no_other_site(first):
    async def scenario():
        async with opened() as (gateway, origin):
            one = gateway.admit("paper.example", most_bytes=ENOUGH)
            said = await ask(gateway, first, credentials(one))
            assert said.startswith(b"HTTP/1.1 403 ")
            assert one.refused == {"other site": 1}
            assert origin.asked == []

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("first", "status"),
    [
        ("POST http://{place}/ HTTP/1.1", 405),
        ("PUT http://{place}/ HTTP/1.1", 405),
        ("GET /path HTTP/1.1", 400),
        ("GET ftp://{place}/ HTTP/1.1", 400),
        ("GET https://{place}/ HTTP/1.1", 400),
        ("GET http://user@{place}/ HTTP/1.1", 400),
        ("GET http://127.0.0.1:99999/ HTTP/1.1", 400),
        ("CONNECT nonsense:port HTTP/1.1", 400),
        ("nonsense", 405),
    ],
)
def test_what_is_no_plain_request_is_refused(first, status):
    async def scenario():
        async with opened() as (gateway, origin):
            one = gateway.admit(LOCAL, most_bytes=ENOUGH)
            said = await ask(gateway, first.format(place=f"{LOCAL}:{origin.port}"), credentials(one))
            assert said.startswith(f"HTTP/1.1 {status} ".encode())
            assert origin.asked == []

    asyncio.run(scenario())


def test_a_forbidden_address_is_not_connected_to():
    async def scenario():
        async with opened(forbidden=refuse) as (gateway, origin):
            one = gateway.admit(LOCAL, most_bytes=ENOUGH)
            for line in (get(origin)[0], f"CONNECT {LOCAL}:{origin.port} HTTP/1.1"):
                said = await ask(gateway, line, credentials(one))
                assert said.startswith(b"HTTP/1.1 403 ")
                assert b"error=destination_ip_prohibited" in said
            assert one.refused == {"forbidden address": 2}
            assert origin.asked == []

    asyncio.run(scenario())


def test_a_target_that_is_unsafe_as_it_stands_is_not_even_resolved(monkeypatch):
    async def scenario():
        async with opened(unsafe_target=refuse) as (gateway, origin):
            monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", None)
            one = gateway.admit(LOCAL, most_bytes=ENOUGH)
            assert b"403" in await ask(gateway, *get(origin), credentials(one))
            assert one.refused == {"forbidden target": 1}

    asyncio.run(scenario())


def test_a_name_that_answers_differently_the_second_time_is_asked_once_only(monkeypatch):
    """DNS rebinding: the address that was judged is the one that is connected to."""

    async def scenario():
        async with opened(forbidden=lambda address: "" if address == PUBLIC else "private") as (gateway, origin):
            answers = [PUBLIC, LOCAL, LOCAL]
            dialled = []

            async def resolve(host, port, **_):
                return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answers.pop(0), port))]

            async def connect(host, port):
                dialled.append(host)
                raise ConnectionRefusedError

            monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolve)
            one = gateway.admit("rebinds.example", most_bytes=ENOUGH)
            reader, writer = await asyncio.open_connection(LOCAL, int(gateway.url.rpartition(":")[2]))
            monkeypatch.setattr(asyncio, "open_connection", connect)
            line, host = get(origin, host="rebinds.example")
            writer.write(f"{line}\r\n{host}\r\n{credentials(one)}\r\n\r\n".encode())
            assert (await reader.readline()).startswith(b"HTTP/1.1 502 ")
            writer.close()
            assert dialled == [PUBLIC]
            assert answers == [LOCAL, LOCAL]

    # `open_connection` of our own client resolves too: it is given an address, which asks nobody.
    asyncio.run(scenario())


def test_of_several_addresses_only_an_allowed_one_is_used(monkeypatch):
    async def scenario():
        async with opened(forbidden=lambda address: "" if address == LOCAL else "private") as (gateway, origin):

            async def resolve(host, port, **_):
                found = ["10.0.0.1", "169.254.169.254", LOCAL]
                return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

            one = gateway.admit("mixed.example", most_bytes=ENOUGH)
            loop = asyncio.get_running_loop()
            real = loop.getaddrinfo

            async def chosen(host, port, **named):
                return await (resolve if host == "mixed.example" else real)(host, port, **named)

            monkeypatch.setattr(loop, "getaddrinfo", chosen)
            assert (await ask(gateway, *get(origin, host="mixed.example"), credentials(one))).endswith(b"hello")

    asyncio.run(scenario())


def test_a_name_that_does_not_resolve_is_told():
    async def scenario():
        async with opened() as (gateway, origin):
            one = gateway.admit("no-such-host.invalid", most_bytes=ENOUGH)
            said = await ask(gateway, *get(origin, host="no-such-host.invalid"), credentials(one))
            assert said.startswith(b"HTTP/1.1 502 ")
            assert b"error=dns_error" in said

    asyncio.run(scenario())


@pytest.mark.parametrize("tunnel", [False, True])
def test_bytes_are_counted_over_all_connections_of_a_page(tunnel):
    async def scenario():
        async with opened(Origin(answer=b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 3000, stays=True)) as (gateway, origin):
            one = gateway.admit(LOCAL, most_bytes=5000)
            first = [f"CONNECT {LOCAL}:{origin.port} HTTP/1.1"] if tunnel else list(get(origin))
            then = b"GET / HTTP/1.1\r\n\r\n" if tunnel else b""

            async def received():
                reader, writer = await asyncio.open_connection(LOCAL, int(gateway.url.rpartition(":")[2]))
                writer.write("\r\n".join([*first, credentials(one), "", ""]).encode() + then)
                count = 0
                try:
                    async with asyncio.timeout(10):
                        while count < 3000 and (data := await reader.read(4096)):
                            count += data.count(b"x")
                except ConnectionError:
                    pass
                writer.close()
                return count

            assert await received() == 3000
            assert await received() < 3000
            assert one.refused["too many bytes"] == 1

    asyncio.run(scenario())


def test_connections_are_counted():
    async def scenario():
        async with opened() as (gateway, origin):
            one = gateway.admit(LOCAL, most_bytes=ENOUGH)
            one.connections = MOST_CONNECTIONS
            assert (await ask(gateway, *get(origin), credentials(one))).startswith(b"HTTP/1.1 403 ")
            assert one.refused == {"too many": 1}

    asyncio.run(scenario())


def test_a_connection_ends_at_its_time_limit():
    async def scenario():
        async with opened(Origin(answer=b"", stays=True), timeout_s=0.3) as (gateway, origin):
            one = gateway.admit(LOCAL, most_bytes=ENOUGH)
            assert await ask(gateway, *get(origin), credentials(one)) == b""
            assert len(origin.asked) == 1

    asyncio.run(scenario())


def test_the_librarys_proxy_is_asked_in_turn():
    async def scenario():
        async with opened(proxy="http://me:p%40ss@127.0.0.1:{port}") as (gateway, origin):
            one = gateway.admit("paper.example", most_bytes=ENOUGH)
            said = await ask(gateway, "GET http://api.paper.example/x HTTP/1.1", credentials(one))
            assert said.endswith(b"hello")
            (head,) = origin.heads
            assert head.startswith("GET http://api.paper.example/x HTTP/1.1\r\nHost: api.paper.example\r\n")
            assert "Proxy-Authorization: Basic " + base64.b64encode(b"me:p@ss").decode() in head
            assert one.secret not in head

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("answer", "status"), [(b"HTTP/1.1 200 OK\r\n\r\n", b"200"), (b"HTTP/1.1 403 No\r\n\r\n", b"502")]
)
def test_tunnels_go_through_the_librarys_proxy(answer, status):
    async def scenario():
        async with opened(Origin(answer=answer), proxy="http://127.0.0.1:{port}") as (gateway, origin):
            one = gateway.admit("paper.example", most_bytes=ENOUGH)
            reader, writer = await asyncio.open_connection(LOCAL, int(gateway.url.rpartition(":")[2]))
            writer.write(f"CONNECT api.paper.example:443 HTTP/1.1\r\n{credentials(one)}\r\n\r\n".encode())
            assert (await reader.readline()).split()[1] == status
            writer.close()
            assert origin.heads == ["CONNECT api.paper.example:443 HTTP/1.1\r\nHost: api.paper.example:443\r\n\r\n"]

    asyncio.run(scenario())


def test_behind_the_librarys_proxy_unsafe_targets_are_refused_all_the_same():
    async def scenario():
        async with opened(proxy="http://127.0.0.1:{port}", unsafe_target=refuse) as (gateway, origin):
            one = gateway.admit(LOCAL, most_bytes=ENOUGH)
            assert b"403" in await ask(gateway, *get(origin), credentials(one))
            assert origin.asked == []

    asyncio.run(scenario())


def test_a_closed_gateway_listens_no_more_and_can_be_opened_again():
    async def scenario():
        async with opened() as (gateway, origin):
            one = gateway.admit(LOCAL, most_bytes=ENOUGH)
            port = int(gateway.url.rpartition(":")[2])
            await gateway.close()
            await gateway.close()
            with pytest.raises(OSError, match="Connect call failed"):
                await asyncio.open_connection(LOCAL, port)
            with pytest.raises(RuntimeError, match="not open"):
                _ = gateway.url
            await gateway.start()
            assert b"407" in await ask(
                gateway, *get(origin), credentials(one), then=("\r\n".join([*get(origin), "", ""]) * 3).encode()
            )

    asyncio.run(scenario())


def test_a_second_request_cannot_hide_behind_the_first():
    async def scenario():
        async with opened() as (gateway, origin):
            one = gateway.admit(LOCAL, most_bytes=ENOUGH)
            hidden = b"GET http://169.254.169.254/ HTTP/1.1\r\n\r\n"
            await ask(gateway, *get(origin), credentials(one), then=hidden)
            assert len(origin.asked) == 1
            assert "169.254" not in origin.heads[0]

    asyncio.run(scenario())


def test_a_server_that_keeps_the_connection_is_left_when_the_browser_has_its_answer():
    async def scenario():
        async with opened(Origin(stays=True)) as (gateway, origin):
            one = gateway.admit(LOCAL, most_bytes=ENOUGH)
            reader, writer = await asyncio.open_connection(LOCAL, int(gateway.url.rpartition(":")[2]))
            writer.write("\r\n".join([*get(origin), credentials(one), "", ""]).encode())
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.count(b"onnection") == head.count(b"Connection: close") == 1
            assert await reader.readexactly(5) == b"hello"
            assert not origin.was_left.is_set()
            writer.close()
            await asyncio.wait_for(origin.was_left.wait(), 10)

    asyncio.run(scenario())


def test_interim_answers_are_left_out():
    async def scenario():
        early = b"HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n"
        async with opened(Origin(answer=early + Origin().answer)) as (gateway, origin):
            one = gateway.admit(LOCAL, most_bytes=ENOUGH)
            said = await ask(gateway, *get(origin), credentials(one))
            assert said.startswith(b"HTTP/1.1 200 OK\r\n")
            assert b"preload" not in said

    asyncio.run(scenario())


def test_the_origins_name_in_the_request_line_is_the_one_that_is_told():
    errand = Errand.of(Head.parsed(b"GET http://a.example/x#y HTTP/1.1\r\nHost: evil.example\r\nHOST: more\r\n\r\n"))
    assert errand.message(absolute=False) == b"GET /x HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n"


def test_a_bad_request_says_so():
    with pytest.raises(Refused, match="bad request"):
        Errand.of(Head.parsed(b"GET * HTTP/1.1\r\n\r\n"))
