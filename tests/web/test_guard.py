"""What holds for every address of the site: headers, names, pace, who may read, who may post."""

import asyncio
import logging
import re
from contextlib import closing
from ipaddress import ip_address

import pytest
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.routing import Route
from starlette.testclient import TestClient

from crawler.configuration import load
from crawler.web import answering
from crawler.web.answering import MOST_FORM
from crawler.web.application import application, site_for
from crawler.web.guarding.forgery import form_token
from crawler.web.guarding.headers import EVERYWHERE
from crawler.web.guarding.identity import COOKIE
from crawler.web.pages import PAGE_ROUTES
from crawler.web.policy import Policy

TOKEN = "kH3x9vQ2mZ8rT5wB"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
OPEN = Policy(host="0.0.0.0", token=TOKEN, names=frozenset({"news.example"}), per_minute=100_000)
POSTED = [one for one in PAGE_ROUTES if isinstance(one, Route) and "POST" in one.methods]
WITHOUT_PARAMETERS = [
    one.path
    for one in PAGE_ROUTES
    # A stream (/live) does not end here: test_live asks it.
    if isinstance(one, Route) and "GET" in one.methods and "{" not in one.path and not one.path.endswith("/live")
]


@pytest.fixture
def served(_filled):
    """A client of the shared library under a policy of the test's own."""
    sites = []

    def serve(policy, base="http://127.0.0.1", peer="127.0.0.1"):
        site = site_for(load(_filled[0]), policy, local_name="ada")
        sites.append(site)
        return TestClient(application(site), base_url=base, follow_redirects=False, client=(peer, 50000))

    yield serve
    for site in sites:
        with closing(site.stores):
            pass


# -- headers -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*WITHOUT_PARAMETERS, "/nowhere", "/health", "/static/dateline.css", "/api/v1/events"])
def test_every_answer_says_what_a_browser_may_do(client, path):
    answer = client.http.get(path)
    for name in EVERYWHERE.keys() - {"Cache-Control"}:
        assert answer.headers[name] == EVERYWHERE[name], name
    assert "server" not in answer.headers


def test_our_pages_load_nothing_from_elsewhere_and_run_no_script_in_the_page(client):
    policy = dict(part.strip().partition(" ")[::2] for part in EVERYWHERE["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert not re.search("unsafe|http|[*]", EVERYWHERE["Content-Security-Policy"])
    for path in WITHOUT_PARAMETERS:
        answer = client.http.get(path)
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        text = answer.text
        assert not re.search(r"<style|\bstyle=|\bon[a-z]+=\"|<script(?! src=\"/static/)", text), path
        assert not re.search(r"(?:src|srcset|action|poster)=\"(?:https?:)?//", text), path
        assert not re.search(r"<link[^>]+href=\"(?:https?:)?//", text), path


def test_files_are_kept_for_ever_only_under_the_name_of_their_content(client):
    page = client.http.get("/login").text
    named = re.search(r"/static/dateline\.css\?[0-9a-f]{12}", page)[0]
    assert "immutable" in client.http.get(named).headers["cache-control"]
    assert "immutable" not in client.http.get("/static/dateline.css").headers["cache-control"]


@pytest.mark.parametrize(
    "path", ["/static/../policy.py", "/static/%2e%2e/policy.py", "/static/", "/static/..%2fpolicy.py"]
)
def test_no_other_file_is_given(client, path):
    assert client.http.get(path).status_code == 404


# -- names and pace ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/events", "/health", "/static/dateline.css", "/api/v1/events"])
def test_a_strangers_name_for_this_machine_reaches_nothing(served, path):
    answer = served(Policy()).get(path, headers={"Host": "rebound.example"})
    assert answer.status_code == 421
    assert "dateline_session" not in answer.headers.get("set-cookie", "")


def test_too_many_requests_are_refused_with_a_time(served):
    client = served(Policy(per_minute=3))
    assert [client.get("/health").status_code for _ in range(4)] == [200, 200, 200, 429]
    assert 1 <= int(client.get("/health").headers["retry-after"]) <= 20


def test_what_changes_something_is_paced_harder(served):
    client = served(Policy(per_minute=30))
    assert [client.post("/logout").status_code for _ in range(4)] == [403, 403, 403, 429]
    assert client.get("/health").status_code == 200


def test_one_client_does_not_keep_out_another(served):
    proxied = Policy(per_minute=1, user_header="x-user", proxies=frozenset({ip_address("127.0.0.1")}))
    client = served(proxied)
    for peer in ("203.0.113.1", "203.0.113.2"):
        named = {"X-User": "ada", "X-Forwarded-For": peer}
        assert [client.get("/health", headers=named).status_code for _ in range(2)] == [200, 429]


# -- who may read ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/events", "/operations", "/articles/1"])
def test_from_elsewhere_pages_lead_to_the_login_and_nothing_else(served, path):
    client = served(OPEN, "http://news.example", "192.0.2.9")
    answer = client.get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert "Ferry" not in answer.text


def test_from_elsewhere_the_api_wants_the_token(served):
    client = served(OPEN, "http://news.example", "192.0.2.9")
    refused = client.get("/api/v1/events")
    assert (refused.status_code, refused.headers["www-authenticate"][:6]) == (401, "Bearer")
    assert client.get("/api/v1/events", headers={"Authorization": "Bearer wrong"}).status_code == 401
    assert client.get("/api/v1/events", headers=BEARER).status_code == 200


def test_whoever_logs_in_reads_and_is_named_until_logging_out(served):
    client = served(OPEN, "http://news.example", "192.0.2.9")
    first = client.get("/login")
    before = first.cookies["dateline_session"]
    said = {"csrf": hidden(first.text), "name": "Mara Lind", "token": TOKEN}
    assert client.post("/login", data={**said, "token": "x" * 16}).status_code == 403
    assert client.post("/login", data={**said, "name": " "}).status_code == 403
    assert client.post("/login", data=said).headers["location"] == "/"
    assert client.cookies["dateline_session"] != before
    page = client.get("/events")
    assert page.status_code == 200
    assert "Mara Lind" in page.text
    assert client.post("/logout", data={"csrf": hidden(page.text)}).headers["location"] == "/login"
    assert client.get("/events").status_code == 303


def test_the_cookie_is_for_us_alone(served):
    cookie = served(Policy()).get("/login").headers["set-cookie"]
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}


def test_files_that_anybody_may_keep_bring_no_session(served):
    client = served(Policy())
    assert "set-cookie" not in client.get("/static/dateline.css").headers
    assert "set-cookie" in client.get("/events").headers


def test_behind_a_proxy_a_name_beside_its_own_is_nobodys(served):
    proxied = Policy(user_header="x-user", proxies=frozenset({ip_address("10.0.0.1")}), per_minute=1000)
    twice = [("X-User", "boss"), ("X-User", "ada")]
    assert served(proxied, peer="10.0.0.1").get("/events", headers=twice).status_code == 401


def test_behind_a_proxy_no_header_of_a_client_is_taken_for_its_address(served):
    proxied = Policy(user_header="x-user", proxies=frozenset({ip_address("10.0.0.1")}), per_minute=3)
    client = served(proxied, peer="10.0.0.1")
    headers = [[("X-User", "ada"), ("X-Forwarded-For", f"192.0.2.{n}"), ("X-Forwarded-For", "::9")] for n in range(4)]
    assert [client.get("/events", headers=one).status_code for one in headers] == [200, 200, 200, 429]


def test_behind_a_proxy_only_whom_it_names_reads(served):
    proxied = Policy(user_header="x-user", proxies=frozenset({ip_address("10.0.0.1")}), per_minute=1000)
    assert served(proxied, peer="10.0.0.1").get("/events", headers={"X-User": "ada"}).status_code == 200
    assert served(proxied, peer="10.0.0.1").get("/events").status_code == 401
    assert served(proxied, peer="10.0.0.2").get("/events", headers={"X-User": "ada"}).status_code == 401


# -- who may post ------------------------------------------------------------------------------------------------


def hidden(text):
    return re.search(r'name="csrf" value="([^"]+)"', text)[1]


def own_token(visitor):
    """What would stand in the forms of the session that the visitor has from now on."""
    visitor.http.get("/health")
    session = visitor.site.identifier.identify(
        Headers({"cookie": f"{COOKIE}={visitor.http.cookies[COOKIE]}"}), ""
    ).session
    return form_token(visitor.site.signer, session)


def address(route):
    return re.sub(r"\{[^}]+\}", "1", route.path)


def test_there_are_forms_to_try():
    assert {"/login", "/logout", "/refetch", "/backfill", "/links/decide", "/marks/add", "/marks/undo"} <= {
        one.path for one in POSTED
    }


@pytest.mark.parametrize("route", POSTED, ids=lambda one: one.path)
def test_nothing_is_posted_without_the_forms_token(visitor, route):
    mine = own_token(visitor)
    assert visitor.http.post(address(route)).status_code == 403
    assert visitor.http.post(address(route), data={"csrf": "x" + mine}).status_code == 403
    visitor.http.cookies.clear()
    assert visitor.http.post(address(route), data={"csrf": mine}).status_code == 403


@pytest.mark.parametrize("route", POSTED, ids=lambda one: one.path)
@pytest.mark.parametrize(
    "header", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://rebound.example"}, {"Origin": "http://["}]
)
def test_nothing_is_posted_by_another_sites_page_even_with_the_token(visitor, route, header):
    mine = own_token(visitor)
    answer = visitor.http.post(address(route), data={"csrf": mine}, headers=header)
    assert (answer.status_code, "another site" in answer.text) == (403, True)


@pytest.mark.parametrize(
    "route", [one for one in POSTED if one.path not in {"/login", "/logout"}], ids=lambda one: one.path
)
def test_a_site_that_only_shows_takes_no_form(reader, route):
    mine = own_token(reader)
    answer = reader.http.post(address(route), data={"csrf": mine})
    assert (answer.status_code, "--read-only" in answer.text) == (403, True)


def test_a_body_that_does_not_come_to_an_end_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(answering, "_BODY_S", 0.05)

    async def receive():
        await asyncio.sleep(0.02)
        return {"type": "http.request", "body": b"x", "more_body": True}

    with pytest.raises(HTTPException) as refused:
        asyncio.run(answering.body_of(Request({"type": "http", "method": "POST", "headers": []}, receive), 100))
    assert refused.value.status_code == 408


def test_a_form_is_bounded(client):
    assert client.http.post("/login", content=b"a=" + b"x" * MOST_FORM).status_code == 413
    assert client.http.post("/login", content=b"&".join(b"a=1" for _ in range(60))).status_code == 400
    assert client.http.post("/login", content=b"\xff\xfe=1").status_code == 400


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE"])
def test_other_methods_are_no_way_in(client, method):
    assert client.http.request(method, "/events").status_code in {403, 405}


# -- what goes wrong, and what is written down -------------------------------------------------------------------


def test_a_mistake_of_ours_says_nothing_of_itself(served, monkeypatch, caplog):
    client = TestClient(served(Policy(per_minute=1000)).app, base_url="http://127.0.0.1", raise_server_exceptions=False)

    def broken(*_, **__):
        raise ZeroDivisionError("secret of the house")

    monkeypatch.setattr("crawler.web.stores.Stores.ask", broken)
    monkeypatch.setattr("crawler.web.stores.Stores.lent", broken)
    answer = client.get("/articles/1")
    assert answer.status_code == 500
    assert "secret of the house" not in answer.text
    assert "the log of the site says where" in answer.text
    assert "secret of the house" in caplog.text
    assert answer.headers["content-security-policy"] == EVERYWHERE["Content-Security-Policy"]


def test_no_secret_is_logged(served, caplog):
    caplog.set_level(logging.DEBUG)
    client = served(OPEN, "http://news.example", "192.0.2.9")
    said = {"csrf": hidden(client.get("/login").text), "name": "Mara Lind", "token": TOKEN}
    client.post("/login", data=said)
    client.get("/events?q=something+private")
    client.get("/api/v1/events", headers=BEARER)
    client.get("/%0d%0aforged%20line")
    lines = "\n".join(one.getMessage() for one in caplog.records if one.name.startswith("crawler"))
    assert "GET /events 200" in lines
    for secret in (TOKEN, client.cookies["dateline_session"], said["csrf"], "private", "\nforged"):
        assert secret not in lines
