"""When a page is at rest, and how much of it is read."""

import asyncio

import pytest

from crawler.browser.errors import RenderedTooLarge
from crawler.browser.settings import BrowserLimits
from crawler.browser.snapshot import settled_snapshot

LIMITS = BrowserLimits(timeout_s=5.0, patience_s=1.0, quiet_s=0.2, most_bytes=100, pages=1)


class Page:
    """Plays the browser's end of the wire: a state for each look, the last one for ever."""

    def __init__(self, *states, markup="<html></html>"):
        self.states, self.markup, self.looks = list(states), markup, 0

    async def send(self, method, params=None):
        if method == "Page.getFrameTree":
            return {"frameTree": {"frame": {"id": "F", "url": "http://a.example/x"}}}
        if method == "Page.createIsolatedWorld":
            assert params["frameId"] == "F"
            return {"executionContextId": 7}
        assert (method, params["contextId"], params["returnByValue"]) == ("Runtime.evaluate", 7, True)
        if "outerHTML" in params["expression"]:
            return {"result": {"value": self.markup}}
        self.looks += 1
        return {"result": {"value": self.states.pop(0) if len(self.states) > 1 else self.states[0]}}


def read(page, busy=lambda: False, limits=LIMITS):
    return asyncio.run(settled_snapshot(page, busy, limits))


def test_a_page_that_rests_is_read():
    snapshot = read(Page("complete 3 10"))
    assert (snapshot.markup, snapshot.url, snapshot.truncated) == (b"<html></html>", "http://a.example/x", "")


def test_a_page_that_changes_is_waited_for():
    page = Page("loading 1 0", "interactive 2 5", "complete 2 5", "complete 9 700", "complete 12 900")
    assert read(page).truncated == ""
    assert page.looks > 5


@pytest.mark.parametrize("state", ["loading 1 1", "interactive 1 1", "None"])
def test_a_page_that_never_loads_is_read_when_patience_ends(state):
    assert read(Page(state)).truncated == "time"


def test_a_page_that_changes_for_ever_is_read_when_patience_ends():
    assert read(Page(*(f"complete 1 {number}" for number in range(100)))).truncated == "time"


def test_a_page_that_waits_for_an_answer_is_not_at_rest():
    answers = iter([True] * 4)
    page = Page("complete 3 10")
    assert read(page, busy=lambda: next(answers, False)).truncated == ""
    assert page.looks > 5
    assert read(Page("complete 3 10"), busy=lambda: True).truncated == "time"


@pytest.mark.parametrize("markup", [101, "é" * 51, None])
def test_a_page_that_is_too_large_is_refused(markup):
    with pytest.raises(RenderedTooLarge, match="more than 100 bytes"):
        read(Page("complete 3 10", markup=markup))


def test_half_a_character_is_no_reason_to_fail():
    assert read(Page("complete 3 10", markup="a\ud83d")).markup == b"a?"
