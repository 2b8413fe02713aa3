"""Asking a server for its head: the guard, the clock, and servers that do not behave."""

import socket
import threading
import time
from email.utils import formatdate

import pytest

from crawler.health import asking
from crawler.health.asking import ask

AGENT = "dateline/0 (tests)"


def asked(url, **how):
    return ask(url, **{"user_agent": AGENT, "timeout_s": 20, "allow_private": True, **how})


def test_the_head_is_asked_for_with_an_honest_name(answering):
    url, seen = answering(400)
    heard = asked(url)
    assert (heard.status, heard.problem, heard.off) == (400, "", None)
    (request,) = seen
    assert [request[name] for name in (":method", ":path", "User-Agent")] == ["HEAD", "/cdx?url=x", AGENT]


def test_redirects_are_not_followed(answering):
    url, seen = answering(302)
    assert asked(url).status == 302
    assert len(seen) == 1


@pytest.mark.parametrize("refusal", [405, 501])
def test_who_knows_no_head_is_asked_for_the_page(answering, refusal):
    url, seen = answering(200, head=refusal)
    assert asked(url).status == 200
    assert [one[":method"] for one in seen] == ["HEAD", "GET"]


@pytest.mark.parametrize(("behind", "off"), [(0, 0), (600, 600), (-86400, -86400)])
def test_the_clock_of_the_server(answering, behind, off):
    url, _ = answering(date=formatdate(time.time() - behind, usegmt=True))
    assert asked(url).off == pytest.approx(off, abs=60)


@pytest.mark.parametrize("stated", ["", "yesterday", "Thu, 99 Xxx 2026 00:00:00 GMT"])
def test_a_date_that_is_none(answering, stated):
    url, _ = answering(date=stated)
    heard = asked(url)
    assert (heard.status, heard.off) == (200, None)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://10.0.0.1/cdx",
        "http://localhost/",
        "http://169.254.169.254/",
        "ftp://a.example/",
        "",
    ],
)
def test_what_may_not_be_asked(url):
    heard = asked(url, allow_private=False)
    assert heard.status == 0
    assert heard.problem


def test_the_address_that_is_connected_to_is_the_one_that_was_judged(answering, monkeypatch):
    url, seen = answering()
    place = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", int(url.split(":")[2].split("/")[0])))
    monkeypatch.setattr(asking.socket, "getaddrinfo", lambda *_, **__: [place])
    assert "127.0.0.1 is loopback" in asked("http://archive.example:8080/", allow_private=False).problem
    assert seen == []


def test_who_does_not_answer():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        assert "no answer within" in asked(f"http://127.0.0.1:{port}/", timeout_s=0.3).problem
    assert asked(f"http://127.0.0.1:{port}/").problem == "Connection refused"


def test_a_name_that_nobody_has(monkeypatch):
    def unknown(*_, **__):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(asking.socket, "getaddrinfo", unknown)
    assert asked("http://no-such-host.example/").problem == "its name does not resolve"


def test_what_is_no_http():
    with socket.create_server(("127.0.0.1", 0)) as odd:

        def babble():
            connection, _ = odd.accept()
            with connection:
                connection.recv(1000)
                connection.send(b"220 mail.example ESMTP\r\n")

        threading.Thread(target=babble, daemon=True).start()
        assert asked(f"http://127.0.0.1:{odd.getsockname()[1]}/").problem.startswith("BadStatusLine")


def test_through_a_proxy_the_proxy_is_asked(answering):
    url, seen = answering()
    proxy = url.partition("/cdx")[0]
    assert asked("http://archive.example/cdx", allow_private=False, proxy=proxy).status == 200
    assert [(one[":path"], one["Host"]) for one in seen] == [("http://archive.example/cdx", "archive.example")]
