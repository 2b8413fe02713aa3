"""Who may change something by the API, and what comes of it."""

from contextlib import closing

import pytest
from invented_library import FERRY, HARBOUR
from starlette.testclient import TestClient

from crawler.configuration import load
from crawler.web.application import application, site_for
from crawler.web.guarding.identity import COOKIE, begun
from crawler.web.policy import Policy, _address
from crawler.web.stores import Stores
from storage.errors import StoreUnavailable

API = "/api/v1"
TOKEN = "correct-horse-battery-staple"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
MARA = {"X-Remote-User": "mara"}


@pytest.fixture
def opened(own_folder):
    """Opens the site of a library of the test's own; every site is closed at the end."""
    sites = []

    def open_with(**policy):
        site = site_for(load(own_folder), Policy(**{"per_minute": 1_000_000, **policy}), local_name="ada")
        sites.append(site)
        return TestClient(application(site), base_url="http://127.0.0.1", client=("127.0.0.1", 4711))

    yield open_with
    for site in sites:
        with closing(site.stores):
            pass


@pytest.fixture
def client(opened):
    return opened(token=TOKEN)


WRITING = [
    ("POST", f"/events/{FERRY}/refetch", {}),
    ("POST", f"/events/{FERRY}/backfill", {}),
    ("POST", "/articles/1/mark", {"because": "a list of jobs"}),
    ("DELETE", "/articles/1/mark", None),
    ("POST", "/links/decisions", {"event_key": HARBOUR, "article_id": 1, "decision": "confirm"}),
]


def is_problem(answer, status):
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json"), answer.text
    assert answer.json()["status"] == status
    return answer.json()["detail"]


@pytest.mark.parametrize(("method", "path", "body"), WRITING)
def test_nothing_is_changed_without_the_token(client, method, path, body):
    answer = client.request(method, API + path, json=body)
    assert "This needs the token" in is_problem(answer, 401)
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="dateline"'
    wrong = client.request(method, API + path, json=body, headers={"Authorization": f"Bearer {TOKEN}x"})
    assert "not the token of this site" in is_problem(wrong, 401)
    assert client.get(f"{API}/orders").json() == {"items": []}
    assert client.get(f"{API}/marks?undone=yes").json()["items"] == []


@pytest.mark.parametrize(("method", "path", "body"), WRITING)
def test_a_session_is_no_token(opened, method, path, body):
    client = opened(token=TOKEN)
    cookie = client.app._identifier.cookie(begun("mara"))
    answer = client.request(method, API + path, json=body, headers={"Cookie": f"{COOKIE}={cookie}"})
    assert "This needs the token" in is_problem(answer, 401)


@pytest.mark.parametrize(("method", "path", "body"), WRITING)
def test_a_site_without_a_token_says_how_it_gets_one(opened, method, path, body):
    detail = is_problem(opened().request(method, API + path, json=body), 403)
    assert "DATELINE_TOKEN" in detail
    assert "web.token_file" in detail


@pytest.mark.parametrize(("method", "path", "body"), WRITING)
def test_a_site_that_only_shows_changes_nothing_for_the_token_either(opened, method, path, body):
    client = opened(token=TOKEN, read_only=True)
    assert "only shows" in is_problem(client.request(method, API + path, json=body, headers=BEARER), 403)


@pytest.mark.parametrize("kind", ["refetch", "backfill"])
def test_an_order_is_taken_and_may_be_followed(client, kind):
    answer = client.post(f"{API}/events/{FERRY}/{kind}", json={"by": " mara  lind "}, headers=BEARER)
    assert answer.status_code == 202
    order = answer.json()
    assert (order["kind"], order["event_key"], order["state"], order["asked_by"]) == (
        kind,
        FERRY,
        "waiting",
        "mara lind",
    )
    assert client.get(answer.headers["Location"]).json() == order
    assert client.get(f"{API}/orders?open=yes&event={FERRY}").json()["items"] == [order]
    assert client.get(f"{API}/orders?event={HARBOUR}").json()["items"] == []


def test_the_same_order_twice_is_one(client):
    first, again = (client.post(f"{API}/events/{FERRY}/refetch", headers=BEARER) for _ in range(2))
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert first.json()["asked_by"] == "token"


def test_an_order_for_an_unknown_event_is_not_taken(client):
    is_problem(client.post(f"{API}/events/2006/07/5/no-such/refetch", headers=BEARER), 404)


def test_a_mark_stands_until_somebody_takes_it_back(client, numbers):
    path = f"{API}/articles/{numbers.live}/mark"
    before = client.get(f"{API}/facets").json()["languages"]["en"]
    made = client.post(path, json={"because": "a list of jobs", "by": "mara"}, headers=BEARER).json()
    assert (made["marked_by"], made["because"], made["undone_at"]) == ("mara", "a list of jobs", None)
    again = client.post(path, json={"because": "another reason", "by": "ada"}, headers=BEARER)
    assert again.json() == made
    assert client.get(f"{API}/articles/{numbers.live}").json()["mark"] == made
    assert client.get(f"{API}/events/{FERRY}").json()["sources"][0]["state"] == "marked"
    listed = client.get(f"{API}/marks").json()["items"]
    assert [{**made, "id": listed[0]["id"]}] == listed
    assert client.get(f"{API}/facets").json()["languages"]["en"] == before - 1
    undone = client.delete(f"{path}?by=ada", headers=BEARER).json()
    assert (undone["marked_by"], undone["undone_by"]) == ("mara", "ada")
    assert client.get(f"{API}/marks").json()["items"] == []
    assert len(client.get(f"{API}/marks?undone=yes").json()["items"]) == 1
    is_problem(client.delete(path, headers=BEARER), 404)


def test_marks_are_listed_in_parts(client, numbers):
    every = [numbers.live, numbers.wire, numbers.other]
    for article in every:
        client.post(f"{API}/articles/{article}/mark", json={"because": "no article"}, headers=BEARER)
    found, address = [], f"{API}/marks?limit=1"
    while address:
        part = client.get(address)
        found += [one["article_id"] for one in part.json()["items"]]
        address = part.links.get("next", {}).get("url", "")
    assert found == every


@pytest.mark.parametrize(("decision", "state"), [("confirm", "confirmed"), ("reject", "rejected")])
def test_a_link_is_decided(client, numbers, decision, state):
    said = {"event_key": HARBOUR, "article_id": numbers.proposed, "decision": decision, "because": "read it"}
    link = client.post(f"{API}/links/decisions", json={**said, "by": "mara"}, headers=BEARER).json()
    assert (link["state"], link["how"], link["decided_by"]) == (state, "hand", "mara")
    assert link in client.get(f"{API}/events/{HARBOUR}").json()["links"]


@pytest.mark.parametrize("name", ["event_key", "article_id"])
def test_a_link_of_what_is_not_there_is_not_decided(client, name):
    said = {"event_key": HARBOUR, "article_id": 1, "decision": "confirm"} | {name: {"article_id": 999}.get(name, "x")}
    is_problem(client.post(f"{API}/links/decisions", json=said, headers=BEARER), 404)


# -- whom a proxy names ----------------------------------------------------------------------------------------------


def test_whom_a_proxy_names_decides_in_that_name_alone(opened, numbers):
    client = opened(user_header="x-remote-user", proxies=frozenset({_address("127.0.0.1")}))
    path = f"{API}/articles/{numbers.live}/mark"
    refused = client.post(path, json={"because": "x", "by": "ada"}, headers=MARA)
    assert "You are mara here" in is_problem(refused, 403)
    assert client.post(path, json={"because": "x", "by": "mara"}, headers=MARA).json()["marked_by"] == "mara"


def test_whom_a_proxy_names_must_send_json_which_no_form_can(opened):
    client = opened(user_header="x-remote-user", proxies=frozenset({_address("127.0.0.1")}))
    path = f"{API}/events/{FERRY}/refetch"
    is_problem(client.post(path, headers=MARA), 415)
    is_problem(client.post(path, data={"by": "mara"}, headers=MARA), 415)
    assert client.post(path, json={}, headers=MARA).status_code == 202


def test_another_sites_page_changes_nothing_even_with_the_token(client):
    answer = client.post(
        f"{API}/events/{FERRY}/refetch", json={}, headers={**BEARER, "Origin": "http://elsewhere.example"}
    )
    is_problem(answer, 403)


# -- bodies ----------------------------------------------------------------------------------------------------------

JSON = {**BEARER, "Content-Type": "application/json"}


def test_a_body_that_is_too_long_is_not_read(client):
    said = '{"because": "' + "x" * 70_000 + '"}'
    assert "65,536 bytes" in is_problem(client.post(f"{API}/articles/1/mark", content=said, headers=JSON), 413)


def test_a_body_without_end_is_not_read_on(client):
    pieces = []

    def endless():
        for _ in range(1000):
            pieces.append(1)
            yield b"x" * 4096

    is_problem(client.post(f"{API}/articles/1/mark", content=endless(), headers=JSON), 413)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""])
def test_a_body_of_another_kind_is_refused(client, kind):
    answer = client.post(f"{API}/articles/1/mark", content='{"because": "x"}', headers={**BEARER, "Content-Type": kind})
    is_problem(answer, 415)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "{",
        "[]",
        "null",
        "{}",
        '{"because": ""}',
        '{"because": "  "}',
        '{"because": 7}',
        '{"because": "x", "by": "a\\u0000b"}',
        '{"because": "a\\ud800b"}',
        '{"because": "a\\nb"}',
        '{"because": "x", "bye": "mara"}',
        '{"because": "x", "by": "' + "m" * 81 + '"}',
        '{"because": NaN}',
        '{"because": "\u00a0\\u2028"}',
        "[" * 5000,
        b"\xff\xfe",
    ],
)
def test_a_body_that_says_nothing_usable_is_a_problem(client, said):
    is_problem(client.post(f"{API}/articles/1/mark", content=said, headers=JSON), 400)
    assert client.get(f"{API}/marks").json()["items"] == []


# -- what the guard refuses ------------------------------------------------------------------------------------------


def test_the_guard_refuses_programs_with_problems_too(opened):
    closed = opened(host="192.0.2.1", token=TOKEN)
    assert "Authorization" in is_problem(closed.get(f"{API}/events"), 401)
    assert closed.get(f"{API}/events", headers=BEARER).status_code == 200
    assert "web.hosts" in is_problem(closed.get(f"{API}/events", headers={"Host": "evil.example"}), 421)


def test_too_many_requests_are_a_problem_that_says_when_there_may_be_more(opened):
    client = opened(per_minute=1)
    assert client.get(f"{API}/months").status_code == 200
    answer = client.get(f"{API}/months")
    assert "web.per_minute" in is_problem(answer, 429)
    assert int(answer.headers["Retry-After"]) > 0


def test_a_database_that_does_not_answer_is_a_problem_that_passes(client, monkeypatch):
    def busy(_self, _work):
        raise StoreUnavailable("locked")

    monkeypatch.setattr(Stores, "ask", busy)
    answer = client.get(f"{API}/events")
    assert "locked" not in is_problem(answer, 503)
    assert answer.headers["Retry-After"] == "5"


def test_our_own_failure_says_nothing_of_itself(opened, monkeypatch):
    client = opened()
    client = TestClient(client.app, base_url="http://127.0.0.1", raise_server_exceptions=False)

    def broken(_self, _work):
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(Stores, "ask", broken)
    assert "secret" not in is_problem(client.get(f"{API}/events"), 500)
