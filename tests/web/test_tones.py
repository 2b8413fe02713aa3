import pytest

from crawler.host_conditions import Condition
from crawler.source_stories import State
from crawler.web.tones import TONES, is_web_url, of_share, tone
from storage.types import LinkState, OrderState, RunState


@pytest.mark.parametrize("url", ["http://a.example/", "HTTPS://a.example/x?y#z", "http://a.example/ü"])
def test_web_urls_may_become_links(url):
    assert is_web_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        " http://a.example/",
        "data:text/html,x",
        "//a.example/",
        "http:///a",
        "http:\\\\a",
        "http://a.example/\nb",
        "vbscript:x",
        "",
        "ftp://a.example/",
    ],
)
def test_nothing_else_may(url):
    assert not is_web_url(url)


def test_every_word_with_a_tone_is_a_state_that_there_is():
    assert set(TONES) <= {*State, *LinkState, *OrderState, *RunState, *Condition}


def test_tones():
    assert [tone("live"), tone("dead"), tone("no such word")] == ["good", "bad", ""]
    assert [of_share(2, 2), of_share(1, 2), of_share(0, 2), of_share(0, 0)] == ["good", "warn", "bad", ""]
