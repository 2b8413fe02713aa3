"""What a page may ask for while the browser shows it."""

import pytest

from crawler.browser.policy import MOST_REQUESTS, Wanted, refusal, site_of, site_of_url

PAGE = "https://www.paper.example/2016/04/ferry.html"


@pytest.mark.parametrize(
    ("host", "site"),
    [
        ("www.paper.example", "paper.example"),
        ("API.Paper.example.", "paper.example"),
        ("paper.example", "paper.example"),
        ("a.b.paper.co.uk", "paper.co.uk"),
        ("someone.github.io", "someone.github.io"),
        ("co.uk", "co.uk"),
        ("127.0.0.1", "127.0.0.1"),
        ("[2001:DB8::1]", "2001:db8::1"),
        ("localhost", "localhost"),
        ("", ""),
    ],
)
def test_a_site_is_what_one_owner_has_registered(host, site):
    assert site_of(host) == site


def test_the_site_of_what_is_no_url_is_nothing():
    assert site_of_url("http://[::1/x") == ""
    assert site_of_url("about:blank") == ""


@pytest.mark.parametrize("kind", ["script", "xhr", "fetch", "stylesheet"])
@pytest.mark.parametrize("host", ["www.paper.example", "api.paper.example", "paper.example:8443"])
def test_a_page_gets_scripts_and_data_from_its_own_site(kind, host):
    assert refusal(Wanted(url=f"https://{host}/x", kind=kind), site_of_url(PAGE)) == ""


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"kind": "image"}, "type"),
        ({"kind": "media"}, "type"),
        ({"kind": "font"}, "type"),
        ({"kind": "ping"}, "type"),
        ({"kind": "websocket"}, "type"),
        ({"kind": "document"}, "type"),
        ({"kind": "eventsource"}, "type"),
        ({"kind": "a kind of tomorrow"}, "type"),
        ({"method": "POST"}, "method"),
        ({"method": "DELETE"}, "method"),
        ({"url": "https://paper.example.evil.example/x"}, "other site"),
        ({"url": "https://evilpaper.example/x"}, "other site"),
        ({"url": "http://169.254.169.254/latest/meta-data/"}, "other site"),
        ({"url": "http://127.0.0.1/"}, "other site"),
        ({"url": "http://localhost/"}, "other site"),
        ({"url": "https://www.paper.example@evil.example/"}, "other site"),
        ({"url": "file:///etc/passwd"}, "scheme"),
        ({"url": "ws://www.paper.example/"}, "scheme"),
        ({"url": "http://[::1/x"}, "scheme"),
        ({"made_before": MOST_REQUESTS}, "too many"),
    ],
)
def test_everything_else_is_refused_with_its_reason(changes, reason):
    facts = {"url": "https://api.paper.example/x", "kind": "fetch", **changes}
    assert refusal(Wanted(**facts), site_of_url(PAGE)) == reason


def test_pages_under_one_public_suffix_are_strangers_to_each_other():
    assert refusal(Wanted(url="https://b.github.io/x", kind="script"), site_of("a.github.io")) == "other site"
