import socket
from time import process_time

import pytest

from crawler.urls import url_key
from crawler.urls.parts import Parts
from crawler.urls.surt import surt

HEX = "0123456789abcdef" * 2
LETTERS = "0123456789abcdefghijklmn"


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://www.example.org/News/A?b=2&a=1", "org,example)/news/a?a=1&b=2"),
        ("https://example.org:443/news/", "org,example)/news"),
        ("http://example.org:8080/news", "org,example:8080)/news"),
        ("http://example.org:443/", "org,example:443)/"),
        ("http://www2.example.org/", "org,example)/"),
        ("http://WWW13.news.example.co.uk", "uk,co,example,news)/"),
        ("http://www1a.example.org/", "org,example,www1a)/"),
        ("http://www-1.example.org/", "org,example,www-1)/"),
        ("http://example.org./a", "org,example)/a"),
        ("http://bücher.example/", "example,xn--bcher-kva)/"),
        ("http://localhost:8000/a", "localhost:8000)/a"),
        ("http://192.0.2.7/a", "7,2,0,192)/a"),
        ("http://192.0.2.7:8000/a?b=1", "7,2,0,192:8000)/a?b=1"),
        ("http://[2001:db8::1]:8080/a", "2001:db8::1:8080)/a"),
        ("https://web.archive.org/web/2006/http://example.org/a", "org,example)/a"),
        ("http://example.org/a#top", "org,example)/a"),
    ],
)
def test_the_host_of_a_key(url, key):
    assert url_key(url) == key


@pytest.mark.parametrize(
    ("place", "key"),
    [
        ("", "/"),
        ("?", "/"),
        ("/?a", "/?a"),
        ("/a/?a", "/a?a"),
        ("//a///b//", "/a/b"),
        ("/a/./b/../c/..", "/a"),
        ("/a//../b", "/a/b"),
        ("/%7Ea/%41", "/~a/a"),
        ("/a%2Fb%2f", "/a/b"),
        ("/%2e%2e/a%3Fb%23c", "/a?b%23c"),
        ("/a%20b|c", "/a%20b|c"),
        ("/%C3%89é", "/%c3%89%c3%a9"),
        ("/%25%32%35/%zz%", "/%25/%25zz%25"),
        ("/%252541", "/a"),
        ("/%4%31", "/a"),
        ("/a%00b", "/a%00b"),
        ("/index.html", "/index.html"),
        ("/a?B=1&b=&b&a=%26c", "/a?a=&b&b=&b=1&c"),
        ("/a?a-b=1&aa=1&a=2", "/a?a=2&a-b=1&aa=1"),
        ("/a?x&&y", "/a?&x&y"),
        ("/a?b=2;a=1", "/a?b=2;a=1"),
        ("/a?q=%41+b%20c", "/a?q=a+b%20c"),
    ],
)
def test_path_and_query_of_a_key(place, key):
    assert url_key(f"http://example.org{place}") == f"org,example){key}"


@pytest.mark.parametrize(
    ("place", "key"),
    [
        (f"/a?jsessionid={HEX}", "/a"),
        (f"/a?x=1&PHPSESSID={HEX.upper()}&b=2", "/a?b=2&x=1"),
        (f"/a?x=1&jsessionid={HEX}", "/a?x=1"),
        (f"/a?sid={HEX}&x&sid={HEX}", "/a?x"),
        ("/a?ASPSESSIONIDABCDEFGH=ABCDEFGHIJKLMNOPQRSTUVWX&x=1", "/a?x=1"),
        ("/a?cfid=1a&cftoken=2-b&x=1", "/a?x=1"),
        ("/a?cftoken=2&x=1&CFID=1", "/a?x=1"),
        (f"/(S({LETTERS}))/b.aspx", "/b.aspx"),
        (f"/a/({LETTERS})/b/c.aspx?d", "/a/b/c.aspx?d"),
        (f"/(A({LETTERS})S({LETTERS})f({LETTERS}))/b.aspx", "/b.aspx"),
    ],
)
def test_a_key_has_no_session(place, key):
    assert url_key(f"http://example.org{place}") == f"org,example){key}"


@pytest.mark.parametrize(
    "place",
    [
        "/a?sid=1234",
        f"/a?sid={HEX}0",
        f"/a?xsid={HEX}",
        f"/a?b=a;sid={HEX}",
        "/a?cfid=12&x",
        "/a?cfid=12&cftoken=",
        "/a?aspsessionidabc=abcdefghijklmnopqrstuvwx",
        f"/a;jsessionid={HEX}?b=1",
        f"/(s({LETTERS}))/b.html",
        f"/(s({LETTERS[1:]}))/b.aspx",
        f"/a.aspx/({LETTERS})/b",
        f"/({LETTERS}).aspx",
    ],
)
def test_what_only_resembles_a_session_stays(place):
    assert url_key(f"http://example.org{place}") == f"org,example){place}"


@pytest.mark.parametrize(
    ("host", "key"),
    [
        ("www1355544.com", "com,www1355544)/"),
        ("www.com", "com,www)/"),
        ("www.www2.example.org", "org,example)/"),
        ("www", "www)/"),
        ("[::ffff:192.0.2.7]", "::ffff:192.0.2.7)/"),
    ],
)
def test_www_goes_only_where_a_site_remains(host, key):
    assert surt(Parts("http", host, "", "/", "", "")) == key


def test_escapes_of_escapes_take_linear_time():
    deep = "/%" + "25" * 100_000 + "41"
    started = process_time()
    assert surt(Parts("http", "example.org", "", deep, "", "")) == "org,example)/a"
    assert process_time() - started < 2


def test_url_keys_ask_no_resolver(monkeypatch):
    def refuse(*args):
        raise AssertionError(args)

    for name in ("gethostbyname", "gethostbyname_ex", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)
    assert url_key("http://203.0.113.9/") == "9,113,0,203)/"
    assert url_key("http://127.0.0.1:8000/") == "1,0,0,127:8000)/"
