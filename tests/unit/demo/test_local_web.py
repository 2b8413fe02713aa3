from __future__ import annotations

import gzip
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, IncompleteRead, RemoteDisconnected

import pytest

from crawler.demo.access import Access, max_in_flight, read_log, smallest_interval
from crawler.demo.site import (
    Delivery,
    Page,
    Site,
    failing,
    html,
    in_turn,
    missing,
    rate_limited,
    redirect,
    unavailable,
)
from crawler.demo.web import LocalWeb, main

BODY = b"<html><body><p>One paragraph of the harbour news.</p></body></html>"
ROUTES = {
    "/": html("<h1>Home</h1>"),
    "/story": Page(body=BODY, etag='"v1"', last_modified="Wed, 05 Jul 2006 10:00:00 GMT"),
    "/story?id=2": html("the second story"),
    "/zipped": Page(body=BODY * 20, gzip=True),
    "/slow": Page(body=BODY, delay_s=0.3),
    "/moved": redirect("http://other.example/there", 302),
    "/gone": missing(410),
    "/busy": rate_limited("7"),
    "/down": unavailable("30"),
    "/hang": failing(Delivery.HANG),
    "/drip": Page(body=b"abcdefgh" * 100, delivery=Delivery.DRIP, pause_s=0.05),
    "/reset": failing(Delivery.RESET),
    "/cut": Page(body=BODY * 10, delivery=Delivery.CUT),
    "/short": Page(body=BODY, delivery=Delivery.SHORT),
    "/endless": failing(Delivery.ENDLESS),
    "/garbage": failing(Delivery.GARBAGE),
    "/turn": in_turn(html("first"), html("second")),
}
SITES = (
    Site(host="daily.example", routes=ROUTES, robots="User-agent: *\nDisallow: /private/\n"),
    Site(host="other.example", routes={"/there": html("arrived")}),
)


@pytest.fixture
def web():
    with LocalWeb(SITES) as running:
        yield running


def ask(web, target="/story", host="daily.example", method="GET", timeout=5.0, **headers):
    connection = HTTPConnection("127.0.0.1", web.port, timeout=timeout)
    try:
        connection.request(
            method, target, headers={"Host": host} | {k.replace("_", "-"): v for k, v in headers.items()}
        )
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def raw(web, text, timeout=5.0):
    with socket.create_connection(("127.0.0.1", web.port), timeout=timeout) as client:
        client.sendall(text.encode("latin-1"))
        got = b""
        while data := client.recv(65536):
            got += data
    return got


def eventually(condition, seconds=3.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "did not happen in time"
        time.sleep(0.01)


def test_is_an_origin_server_by_host_header(web):
    response, body = ask(web)
    assert (response.status, body) == (200, BODY)
    assert response.headers["Content-Length"] == str(len(BODY))
    assert response.headers["ETag"] == '"v1"'


def test_is_a_proxy_for_every_host(web):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({"http": web.proxy_url}))
    with opener.open("http://daily.example/moved", timeout=5) as response:
        assert response.read() == b"arrived"
        assert response.geturl() == "http://other.example/there"
    assert [(access.host, access.target, access.status) for access in web.log] == [
        ("daily.example", "/moved", 302),
        ("other.example", "/there", 200),
    ]


def test_the_absolute_target_wins_over_the_host_header_and_its_port_is_dropped(web):
    response, body = ask(web, "http://Other.example:80/there", host="daily.example")
    assert (response.status, body) == (200, b"arrived")


def test_an_unknown_host_is_a_502_that_says_that_the_name_does_not_resolve(web):
    response, body = ask(web, host="nowhere.example")
    assert response.status == 502
    assert "error=dns_error" in response.headers["Proxy-Status"]
    assert b"nowhere.example" in body


def test_a_tunnel_is_refused(web):
    assert raw(web, "CONNECT daily.example:443 HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.1 502")


def test_a_query_is_looked_up_as_a_whole_then_without(web):
    assert ask(web, "/story?id=2")[1] == b"the second story"
    assert ask(web, "/story?utm_source=x&id=2&x")[1] == b"the second story"
    assert ask(web, "/story?utm_source=x&id=22")[1] == BODY


@pytest.mark.parametrize(("target", "status"), [("/gone", 410), ("/no", 404), ("/busy", 429), ("/down", 503)])
def test_statuses(web, target, status):
    assert ask(web, target)[0].status == status


def test_retry_after_is_sent(web):
    assert [ask(web, target)[0].headers["Retry-After"] for target in ("/busy", "/down")] == ["7", "30"]


def test_robots_txt_is_there_only_where_the_site_has_one(web):
    assert b"Disallow: /private/" in ask(web, "/robots.txt")[1]
    assert ask(web, "/robots.txt", host="other.example")[0].status == 404


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"If_None_Match": '"v1"'}, 304),
        ({"If_None_Match": 'W/"v1", "v0"'}, 304),
        ({"If_None_Match": "*"}, 304),
        ({"If_None_Match": '"v2"'}, 200),
        ({"If_None_Match": '"v2"', "If_Modified_Since": "Wed, 05 Jul 2006 10:00:00 GMT"}, 200),
        ({"If_Modified_Since": "Wed, 05 Jul 2006 10:00:00 GMT"}, 304),
        ({"If_Modified_Since": "Wed, 05 Jul 2006 09:59:59 GMT"}, 200),
        ({"If_Modified_Since": "last week"}, 200),
    ],
)
def test_conditional_requests(web, headers, status):
    response, body = ask(web, **headers)
    assert response.status == status
    assert body == (b"" if status == 304 else BODY)
    assert response.headers["ETag"] == '"v1"'
    assert web.log[0].conditional == {name.replace("_", "-").lower(): value for name, value in headers.items()}


def test_gzip_for_those_who_accept_it(web):
    response, body = ask(web, "/zipped", Accept_Encoding="gzip, br")
    assert response.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(body) == BODY * 20
    response, body = ask(web, "/zipped", Accept_Encoding="identity")
    assert (response.headers["Content-Encoding"], body) == (None, BODY * 20)


def test_head_has_the_length_and_no_body(web):
    response, body = ask(web, method="HEAD")
    assert (response.headers["Content-Length"], body) == (str(len(BODY)), b"")


def test_other_methods_are_refused(web):
    assert ask(web, method="DELETE")[0].status == 405


def test_pages_in_turn(web):
    assert [ask(web, "/turn")[1] for _ in range(3)] == [b"first", b"second", b"second"]


def test_a_site_can_be_replaced_while_it_runs(web):
    web.put(Site(host="other.example", routes={"/there": html("rebuilt")}))
    assert ask(web, "/there", host="other.example")[1] == b"rebuilt"


def test_keep_alive_serves_many_requests_on_one_connection(web):
    connection = HTTPConnection("127.0.0.1", web.port, timeout=5)
    connection.request("GET", "/story", headers={"Host": "daily.example"})
    connection.getresponse().read()
    first = connection.sock
    connection.request("GET", "/", headers={"Host": "daily.example"})
    assert connection.getresponse().read() == b"<h1>Home</h1>"
    assert connection.sock is first
    connection.close()


def test_pipelined_requests_are_answered_in_order(web):
    one = "GET /story?id=2 HTTP/1.1\r\nHost: daily.example\r\n\r\n"
    two = "GET /slow HTTP/1.1\r\nHost: daily.example\r\n\r\n"
    last = "GET / HTTP/1.1\r\nHost: daily.example\r\nConnection: close\r\n\r\n"
    got = raw(web, one + two + last)
    assert got.count(b"HTTP/1.1 200 OK") == 3
    assert got.index(b"the second story") < got.index(b"One paragraph") < got.index(b"<h1>Home</h1>")


def test_http_10_closes_unless_asked_to_stay(web):
    assert raw(web, "GET / HTTP/1.0\r\nHost: daily.example\r\n\r\n").endswith(b"<h1>Home</h1>")
    twice = "GET / HTTP/1.0\r\nHost: daily.example\r\nConnection: keep-alive\r\n\r\n"
    got = raw(web, twice + "GET / HTTP/1.0\r\nHost: daily.example\r\n\r\n")
    assert got.count(b"<h1>Home</h1>") == 2


@pytest.mark.parametrize(
    "text",
    [
        "nonsense\r\n\r\n",
        "GET /\r\n\r\n",
        "GET / HTTP/2.0\r\n\r\n",
        "GET / HTTP/1.1\r\nno colon\r\n\r\n",
        "GET http://[::1/ HTTP/1.1\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n",
        "GET / HTTP/1.1\r\nX: " + "a" * 70_000 + "\r\n\r\n",
    ],
)
def test_bad_requests_get_a_400(web, text):
    assert raw(web, text).startswith(b"HTTP/1.1 400 ")


def test_a_hanging_page_never_answers_and_is_logged_when_the_client_goes(web):
    with pytest.raises(TimeoutError):
        ask(web, "/hang", timeout=0.3)
    eventually(lambda: web.log)
    assert (web.log[0].status, web.log[0].complete) == (0, False)
    assert 0.2 < (web.log[0].ended_at - web.log[0].started_at).total_seconds() < 1.0


def test_a_dripping_page_sends_a_byte_now_and_then(web):
    with socket.create_connection(("127.0.0.1", web.port), timeout=2) as client:
        client.sendall(b"GET /drip HTTP/1.1\r\nHost: daily.example\r\n\r\n")
        pieces = [client.recv(65536) for _ in range(4)]
    assert pieces[0].startswith(b"HTTP/1.1 200")
    assert b"".join(pieces).endswith(b"abc")
    eventually(lambda: web.log)
    assert not web.log[0].complete


def test_a_reset_comes_before_the_first_byte(web):
    with pytest.raises(ConnectionResetError):
        ask(web, "/reset")


def test_a_cut_page_breaks_in_the_middle(web):
    with pytest.raises((ConnectionResetError, IncompleteRead)):
        ask(web, "/cut")
    eventually(lambda: web.log)
    assert 0 < web.log[0].sent < len(BODY) * 10


def test_a_short_page_announces_more_than_it_sends(web):
    with pytest.raises(IncompleteRead) as caught:
        ask(web, "/short")
    assert caught.value.partial == BODY


def test_an_endless_page_goes_on_until_the_client_leaves(web):
    with socket.create_connection(("127.0.0.1", web.port), timeout=5) as client:
        client.sendall(b"GET /endless HTTP/1.1\r\nHost: daily.example\r\n\r\n")
        got = 0
        while got < 5_000_000:
            got += len(client.recv(1 << 20))
    eventually(lambda: web.log)
    assert web.log[0].sent >= 5_000_000


def test_garbage_is_not_http(web):
    assert not raw(web, "GET /garbage HTTP/1.1\r\nHost: daily.example\r\n\r\n").startswith(b"HTTP/")


def test_a_slow_page_waits(web):
    started = time.monotonic()
    ask(web, "/slow")
    assert time.monotonic() - started >= 0.3


def test_stopping_is_prompt_with_clients_that_hang():
    web = LocalWeb(SITES)
    web.start()
    clients = [socket.create_connection(("127.0.0.1", web.port)) for _ in range(5)]
    for client, target in zip(clients, ("/hang", "/drip", "/endless", "/slow", "/"), strict=True):
        client.sendall(f"GET {target} HTTP/1.1\r\nHost: daily.example\r\n\r\n".encode())
    time.sleep(0.2)
    started = time.monotonic()
    web.stop()
    web.stop()
    assert time.monotonic() - started < 1.0
    for client in clients:
        client.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", web.port), timeout=1)


def test_clients_that_leave_leave_nothing_on_the_screen(web, capfd, caplog):
    for target in ("/endless", "/drip", "/hang", "/story", "/slow"):
        with socket.create_connection(("127.0.0.1", web.port)) as client:
            client.sendall(f"GET {target} HTTP/1.1\r\nHost: daily.example\r\n\r\n".encode())
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    with socket.create_connection(("127.0.0.1", web.port)) as client:
        client.sendall(b"GET /hal")
    eventually(lambda: len(web.log) == 5)
    assert capfd.readouterr().err == ""
    assert caplog.text == ""
    assert ask(web)[0].status == 200


def test_a_taken_port_is_an_error(web):
    with pytest.raises(OSError, match="address already in use"):
        LocalWeb(SITES, port=web.port).start()


def test_the_log_has_one_entry_per_request_and_can_be_read_back(tmp_path):
    file = tmp_path / "access.jsonl"
    with LocalWeb(SITES, log_file=file) as web:
        ask(web, User_Agent="dateline\x85/1.0", If_None_Match='"v1"')
        ask(web, "/gone")
        kept = web.log
    with file.open("a") as torn:
        torn.write('{"host": "da')
    assert read_log(file) == kept
    assert kept[0].user_agent == "dateline\x85/1.0"
    assert [(access.status, access.sent > 0, access.complete) for access in kept] == [
        (304, False, True),
        (410, True, True),
    ]


def test_politeness_is_measured_per_host(web):
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: ask(web, "/slow"), range(3)))
    ask(web, "/there", host="other.example")
    time.sleep(0.2)
    ask(web, "/there", host="other.example")
    assert max_in_flight(web.log) == {"daily.example": 3, "other.example": 1}
    intervals = smallest_interval(web.log)
    assert intervals["daily.example"] < 0.2 <= intervals["other.example"] < 1.0


def test_one_right_after_the_other_is_not_two_at_once(web):
    ask(web)
    first = web.log[0]
    second = Access.from_json(
        json.dumps(
            json.loads(first.to_json())
            | {"started_at": first.ended_at.isoformat(), "ended_at": first.ended_at.isoformat()}
        )
    )
    assert max_in_flight([second, first]) == {"daily.example": 1}


def test_serves_hundreds_of_requests_a_second(web):
    def many(count):
        connection = HTTPConnection("127.0.0.1", web.port, timeout=10)
        for _ in range(count):
            connection.request("GET", "/story", headers={"Host": "daily.example"})
            connection.getresponse().read()
        connection.close()

    started = time.monotonic()
    threads = [threading.Thread(target=many, args=(100,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(web.log) == 400
    assert 400 / (time.monotonic() - started) > 100  # four times that on an idle machine


def test_runs_as_a_program(tmp_path):
    sites = tmp_path / "sites.json"
    sites.write_text(json.dumps({"a.example": {"/x": {"body": "hello", "headers": {"X-Of": "the file"}}}}))
    log = tmp_path / "log.jsonl"
    command = [sys.executable, "-m", "crawler.demo.web", "--sites", str(sites), "--log", str(log)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        proxy = process.stdout.readline().strip().partition("http_proxy=")[2]
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({"http": proxy}))
        with opener.open("http://a.example/x", timeout=5) as response:
            assert (response.read(), response.headers["X-Of"]) == (b"hello", "the file")
        with pytest.raises(urllib.error.HTTPError) as caught:
            opener.open("http://b.example/x", timeout=5)
        caught.value.close()
    finally:
        os.kill(process.pid, signal.SIGTERM)
        process.stdout.close()
        assert process.wait(10) == 0
    assert [access.status for access in read_log(log)] == [200, 502]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "cannot be read as a file of sites"),
        ("{", "cannot be read as a file of sites"),
        ("[]", "must be a JSON object"),
        ('{"a.example": 3}', "must be a JSON object"),
        ('{"a.example": {"/": {"colour": "red"}}}', "a.example/: colour = 'red' is not understood"),
        ('{"a.example": {"/": {"status": "200"}}}', "status = '200' is not understood"),
        ('{"a.example": {"/": {"delivery": "late"}}}', "delivery must be one of whole, hang"),
    ],
)
def test_a_bad_file_of_sites_is_named(tmp_path, capsys, text, message):
    file = tmp_path / "sites.json"
    if text is not None:
        file.write_text(text)
    assert main(["--sites", str(file)]) == 2
    assert message in capsys.readouterr().err


def test_a_client_sees_the_end_of_a_connection_that_was_dropped(web):
    connection = HTTPConnection("127.0.0.1", web.port, timeout=5)
    connection.request("GET", "/hang", headers={"Host": "daily.example"})
    time.sleep(0.2)
    web.stop()
    with pytest.raises((RemoteDisconnected, ConnectionResetError)):
        connection.getresponse()
    connection.close()
