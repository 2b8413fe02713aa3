from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crawler.demo.access import Access
from crawler.demo.http1 import BadRequest, keeps_alive, parse_head, unchanged
from crawler.demo.site import Page, Request

ANY_LINE = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=60)


@given(first=ANY_LINE | st.sampled_from(["GET / HTTP/1.1", "GET http://a.example/ HTTP/1.0"]), rest=st.lists(ANY_LINE))
@example(first="GET http://[::1/ HTTP/1.1", rest=[])
@example(first="GET \u00a0//[a HTTP/1.1", rest=["Host: [:"])
@settings(max_examples=150, deadline=None)
def test_any_head_is_a_request_or_a_bad_request(first, rest):
    head = "\r\n".join([first, *rest, "", ""]).encode("latin-1")
    try:
        request = parse_head(head)
    except BadRequest:
        return
    assert request.host == request.host.lower()
    assert isinstance(keeps_alive(request), bool)


@given(since=st.text(max_size=40), tags=st.text(max_size=20) | st.none())
@example(since="Wed, 05 Jul 2006 10:00:00 -0000", tags=None)
@settings(max_examples=100, deadline=None)
def test_any_conditional_header_is_answered(since, tags):
    headers = {"if-modified-since": since} | ({} if tags is None else {"if-none-match": tags})
    page = Page(etag='"1"', last_modified="Wed, 05 Jul 2006 10:00:00 GMT")
    assert unchanged(page, Request(method="GET", host="a", target="/", headers=headers)) in {True, False}
    assert not unchanged(Page(), Request(method="GET", host="a", target="/", headers={"if-modified-since": since}))


@pytest.mark.parametrize(
    ("line", "host", "target"),
    [
        ("GET /a?b=c#d HTTP/1.1", "h.example", "/a?b=c#d"),
        ("GET http://Other.Example:8080/a?b=c HTTP/1.1", "other.example", "/a?b=c"),
        ("GET http://user:pass@other.example HTTP/1.1", "other.example", "/"),
        ("CONNECT other.example:443 HTTP/1.1", "other.example", "/"),
    ],
)
def test_the_target_names_the_host_where_it_can(line, host, target):
    request = parse_head(f"{line}\r\nHost: H.example:80\r\n\r\n".encode())
    assert (request.host, request.target) == (host, target)


@pytest.mark.parametrize(
    ("version", "connection", "stays"),
    [
        ("1.1", "", True),
        ("1.1", "close", False),
        ("1.1", "Close, TE", False),
        ("1.0", "", False),
        ("1.0", "Keep-Alive", True),
    ],
)
def test_keep_alive(version, connection, stays):
    assert keeps_alive(parse_head(f"GET / HTTP/{version}\r\nConnection: {connection}\r\n\r\n".encode())) is stays


@given(
    texts=st.lists(st.text(max_size=30), min_size=4, max_size=4),
    moment=st.datetimes(timezones=st.just(UTC)),
    figures=st.tuples(st.integers(0, 599), st.integers(0, 10**12), st.booleans()),
)
@settings(max_examples=60, deadline=None)
def test_accesses_survive_their_log(texts, moment, figures):
    access = Access(
        host=texts[0],
        target=texts[1],
        method="GET",
        started_at=moment,
        ended_at=datetime(2026, 1, 2, tzinfo=UTC),
        status=figures[0],
        sent=figures[1],
        complete=figures[2],
        user_agent=texts[2],
        conditional={"if-none-match": texts[3]},
    )
    line = access.to_json()
    assert "\n" not in line
    assert Access.from_json(line) == access
