"""What stands before every request, piece by piece; `tests/web` asks the whole site."""

import json
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from crawler.web.guarding import identity
from crawler.web.guarding.forgery import form_token, is_foreign, is_ours
from crawler.web.guarding.identity import COOKIE, LASTS_S, MOST_NAME, By, Identifier, begun
from crawler.web.guarding.names import is_answered, name_of
from crawler.web.guarding.pace import Pace
from crawler.web.guarding.signing import Signer
from crawler.web.policy import Policy

TOKEN = "kH3x9vQ2mZ8rT5wB"
LOCAL = Policy()
OPEN = Policy(host="0.0.0.0", token=TOKEN, names=frozenset({"news.example"}))
PROXIED = Policy(token=TOKEN, user_header="x-remote-user", proxies=frozenset({ip_address("127.0.0.1")}))

# -- names -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:9440", "localhost:9440", "LOCALHOST", "[::1]:9440", "127.1.2.3"]
)
def test_loopback_is_always_answered(host):
    assert is_answered(LOCAL, host)
    assert is_answered(OPEN, host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "rebound.example",
        "127.0.0.1.rebound.example",
        "localhost.rebound.example",
        "user@127.0.0.1",
        "127.0.0.1:x",
        "a b",
    ],
)
def test_other_names_are_not(host):
    assert not is_answered(LOCAL, host)
    assert not is_answered(OPEN, host)


def test_an_address_is_answered_where_others_can_reach_the_site():
    assert is_answered(OPEN, "192.0.2.7:9440")
    assert not is_answered(LOCAL, "192.0.2.7:9440")


def test_names_of_the_settings_are_answered_however_they_are_written():
    assert is_answered(OPEN, "News.Example:8443")
    assert is_answered(OPEN, "news.example.")
    assert not is_answered(OPEN, "www.news.example")


@given(st.text())
def test_any_host_header_is_a_name_or_none(text):
    found = name_of(text)
    assert found is None or not set(found) & set("/@ \n")


# -- pace --------------------------------------------------------------------------------------------------------


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def test_a_bucket_empties_and_fills_again():
    clock = Clock()
    pace = Pace(60, clock)
    assert [pace.wait_s("a") for _ in range(60)] == [0.0] * 60
    assert pace.wait_s("a") == pytest.approx(1.0)
    assert pace.wait_s("b") == 0
    clock.now = 1.0
    assert pace.wait_s("a") == 0
    assert pace.wait_s("a") > 0


def test_a_refused_request_costs_nothing():
    clock = Clock()
    pace = Pace(1, clock)
    pace.wait_s("a")
    for clock.now in range(1, 60):
        assert pace.wait_s("a") == pytest.approx(60 - clock.now)
    clock.now = 60
    assert pace.wait_s("a") == 0


def test_a_bucket_never_holds_more_than_a_minutes_requests():
    clock = Clock()
    pace = Pace(5, clock)
    pace.wait_s("a")
    clock.now = 1e6
    assert sum(pace.wait_s("a") == 0 for _ in range(20)) == 5


def test_the_clients_that_are_remembered_are_bounded(monkeypatch):
    monkeypatch.setattr("crawler.web.guarding.pace._MOST_CLIENTS", 3)
    pace = Pace(1, Clock())
    for client in "abcd":
        pace.wait_s(client)
    assert pace.wait_s("d") > 0
    assert pace.wait_s("a") == 0


# -- signing -----------------------------------------------------------------------------------------------------


@given(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(["session", "form"]))
def test_what_was_signed_is_read_for_its_purpose_alone(text, purpose):
    signer = Signer(TOKEN)
    signed = signer.sign(purpose, text)
    assert signer.read(purpose, signed) == text
    assert signer.read("another", signed) is None
    assert Signer("another secret").read(purpose, signed) is None


@given(st.text())
def test_what_nobody_signed_is_never_read(text):
    assert Signer(TOKEN).read("session", text) is None


@given(st.integers(0, 60), st.characters(codec="ascii"))
def test_a_changed_sign_is_noticed(place, sign):
    signer = Signer(TOKEN)
    signed = signer.sign("session", "somebody")
    place %= len(signed) - 1  # the last sign of base64 has bits that mean nothing
    changed = signed[:place] + sign + signed[place + 1 :]
    assert signer.read("session", changed) == ("somebody" if changed == signed else None)


def test_without_a_secret_each_process_has_its_own():
    assert Signer().read("session", Signer().sign("session", "x")) is None
    assert Signer(TOKEN).sign("session", "x") == Signer(TOKEN).sign("session", "x")


# -- identity ----------------------------------------------------------------------------------------------------


def asked(policy, headers=None, peer="127.0.0.1"):
    identifier = Identifier(policy, Signer(policy.token), "mara")
    return identifier.identify(Headers(headers or {}), peer)


def with_session(policy, session):
    value = Identifier(policy, Signer(policy.token), "mara").cookie(session)
    return {"cookie": f"other=1; {COOKIE}={value}"}


def test_at_this_machine_it_is_whoever_is_logged_in():
    assert (asked(LOCAL).name, asked(LOCAL).by) == ("mara", By.HERE)


def test_elsewhere_nobody_is_known_without_a_word():
    assert asked(OPEN, peer="192.0.2.9").by is None
    assert asked(OPEN, {"authorization": "Bearer wrong"}, "192.0.2.9").by is None


@pytest.mark.parametrize("policy", [OPEN, PROXIED, Policy(token=TOKEN)])
def test_whoever_has_the_token_is_known(policy):
    assert asked(policy, {"authorization": f"bearer {TOKEN}"}, "192.0.2.9").by is By.TOKEN


def test_without_a_token_none_is_right():
    assert asked(LOCAL, {"authorization": "Bearer "}).by is By.HERE
    assert not Identifier(LOCAL, Signer(), "mara").has_token("")


def test_a_session_that_was_begun_with_the_token_has_a_name():
    who = asked(OPEN, with_session(OPEN, begun("Mara  Lind\n")), "192.0.2.9")
    assert (who.name, who.by) == ("Mara Lind", By.SESSION)


def test_a_session_without_a_name_knows_nobody():
    session = begun()
    who = asked(OPEN, with_session(OPEN, session), "192.0.2.9")
    assert (who.by, who.session) == (None, session)


def test_a_session_ends(monkeypatch):
    cookie = with_session(OPEN, begun("Mara"))
    now = identity.time.time()
    monkeypatch.setattr(identity.time, "time", lambda: now + LASTS_S - 5)
    assert asked(OPEN, cookie, "192.0.2.9").by is By.SESSION
    monkeypatch.setattr(identity.time, "time", lambda: now + LASTS_S + 5)
    assert asked(OPEN, cookie, "192.0.2.9").by is None


def test_a_cookie_that_somebody_else_signed_is_no_session():
    signed = Signer("another secret of theirs").sign("session", json.dumps(["key", "Mara", 2_000_000_000]))
    assert asked(OPEN, {"cookie": f"{COOKIE}={signed}"}, "192.0.2.9").by is None


def test_a_proxy_that_is_believed_names_the_user():
    who = asked(PROXIED, {"x-remote-user": "mara@news.example", "x-forwarded-for": "203.0.113.4, 192.0.2.9"})
    assert (who.name, who.by, who.client) == ("mara@news.example", By.PROXY, "192.0.2.9")


def test_nobody_else_is_believed_to_be_a_proxy():
    who = asked(PROXIED, {"x-remote-user": "mara", "x-forwarded-for": "203.0.113.4"}, "192.0.2.9")
    assert (who.by, who.client) == (None, "192.0.2.9")


def test_behind_a_proxy_who_is_not_named_is_nobody_even_at_this_machine():
    assert asked(PROXIED).by is None
    assert asked(PROXIED, {"x-remote-user": " \t"}).by is None


def test_without_a_proxy_its_headers_mean_nothing():
    who = asked(LOCAL, {"x-remote-user": "root", "x-forwarded-for": "203.0.113.4"})
    assert (who.name, who.client) == ("mara", "127.0.0.1")


def test_a_name_is_one_line_and_not_long():
    assert len(begun("x" * 5000).name) == MOST_NAME
    assert begun("a\x00b\nc").name == "a b c"


@given(st.text(st.characters(max_codepoint=255)), st.text(st.characters(max_codepoint=255)))
def test_no_header_breaks_it(cookie, authorization):
    headers = Headers(raw=[(b"cookie", cookie.encode("latin-1")), (b"authorization", authorization.encode("latin-1"))])
    who = Identifier(OPEN, Signer(TOKEN), "mara").identify(headers, "")
    assert who.by is None


# -- forgery -----------------------------------------------------------------------------------------------------


def test_a_form_belongs_to_its_session():
    signer, session = Signer(TOKEN), begun("Mara")
    assert is_ours(signer, session, form_token(signer, session))
    assert not is_ours(signer, begun("Mara"), form_token(signer, session))
    assert not is_ours(signer, session, "")
    assert not is_ours(signer, session, Identifier(OPEN, signer, "").cookie(session))


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://rebound.example"},
        {"origin": "http://127.0.0.1:1"},
        {"origin": "null"},
    ],
)
def test_what_another_sites_page_sends_is_foreign(headers):
    assert is_foreign(Headers({"host": "127.0.0.1:9440", **headers}))


@pytest.mark.parametrize(
    "headers",
    [{}, {"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}, {"origin": "http://127.0.0.1:9440"}],
)
def test_what_our_own_page_or_a_program_sends_is_not(headers):
    assert not is_foreign(Headers({"host": "127.0.0.1:9440", **headers}))
