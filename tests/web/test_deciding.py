from contextlib import closing

import pytest
from invented_library import FERRY, HARBOUR

from crawler.configuration import load
from crawler.web.application import site_for
from crawler.web.policy import Policy
from storage.types import LinkState


def links(visitor, event=HARBOUR):
    with visitor.site.stores.lent() as store:
        return {one.article_id: one for one in store.event(event).links}


def standing(visitor, article):
    with visitor.site.stores.lent() as store:
        return store.marks_of([article]).get(article)


@pytest.mark.parametrize(
    ("state", "words"),
    [("confirmed", "the article reports this event"), ("rejected", "the article does not report this event")],
)
def test_link_is_decided_with_who_when_and_why(visitor, numbers, state, words):
    said = {"article": str(numbers.proposed), "state": state, "because": "  the\npier  of Halvika "}
    answer = visitor.submit(f"/events/{HARBOUR}", "/links/decide", **said)
    assert answer.headers["location"] == f"/events/{HARBOUR}?done={state}#links"
    link = links(visitor)[numbers.proposed]
    assert (link.state, link.decided_by, link.evidence) == (LinkState(state), "ada", "the pier of Halvika")
    assert link.decided_at is not None
    page = visitor.page(answer.headers["location"].partition("#")[0])
    assert words in page.texts("//p[@role='status' and @class='notice']")[0]


def test_later_decision_replaces_the_earlier_one(visitor, numbers):
    said = {"article": str(numbers.other), "because": ""}
    visitor.submit(f"/events/{HARBOUR}", "/links/decide", state="rejected", **said)
    visitor.submit(f"/events/{HARBOUR}", "/links/decide", state="confirmed", **said)
    assert links(visitor)[numbers.other].state is LinkState.CONFIRMED


def test_mark_is_set_and_taken_back_with_who_and_why(visitor, numbers):
    said = {"article": str(numbers.copy), "because": "a list of links"}
    answer = visitor.submit(f"/events/{FERRY}", "/marks/add", **said)
    assert answer.headers["location"] == f"/events/{FERRY}?done=marked#sources"
    mark = standing(visitor, numbers.copy)
    assert (mark.marked_by, mark.because) == ("ada", "a list of links")
    page = visitor.page(f"/events/{FERRY}?done=marked")
    assert "marked as no article by ada" in page.text
    assert "3 articles, 3 independent reports" in page.text
    assert "counts no more" in page.texts("//p[@class='notice']")[0]
    visitor.submit(f"/events/{FERRY}", "/marks/undo", article=str(numbers.copy))
    assert standing(visitor, numbers.copy) is None
    assert "4 articles, 3 independent reports" in visitor.page(f"/events/{FERRY}?done=unmarked").text


def test_counts_of_the_calendar_follow_a_mark_at_once(visitor, numbers):
    assert visitor.page("/calendar").texts("//tbody/tr")[1] == "2006 3 7 4 1 57 %"
    visitor.submit(f"/events/{FERRY}", "/marks/add", article=str(numbers.copy))
    assert visitor.page("/calendar").texts("//tbody/tr")[1] == "2006 3 7 3 1 43 %"


def test_mark_without_an_event_leads_back_to_the_article(visitor, numbers):
    said = {"article": str(numbers.copy), "event": ""}
    fields = dict(visitor.page(f"/events/{FERRY}").tree.xpath("//form[@action='/marks/add']")[0].form_values())
    answer = visitor.http.post("/marks/add", data={**fields, **said})
    assert answer.headers["location"] == f"/articles/{numbers.copy}?done=marked#sources"


@pytest.mark.parametrize(
    ("action", "fields", "status"),
    [
        ("/links/decide", {"article": "x", "state": "confirmed"}, 400),
        ("/links/decide", {"article": "1", "state": "linked"}, 400),
        ("/links/decide", {"article": "99", "state": "confirmed"}, 404),
        ("/links/decide", {"article": "1", "state": "confirmed", "event": "no-such-event"}, 404),
        ("/links/decide", {"article": "9" * 40, "state": "confirmed"}, 400),
        ("/links/decide", {"article": "٣", "state": "confirmed"}, 400),
        ("/marks/add", {"article": ""}, 400),
        ("/marks/add", {"article": "99"}, 404),
        ("/marks/undo", {"article": "1"}, 404),
        ("/marks/add", {"article": "1", "event": "https://evil.example/"}, 404),
    ],
)
def test_forms_that_nobody_made_so_change_nothing(visitor, action, fields, status):
    page = visitor.page(f"/events/{HARBOUR}")
    token = dict(page.tree.xpath("//form[@action='/links/decide']")[0].form_values())["csrf"]
    answer = visitor.http.post(action, data={"csrf": token, "event": HARBOUR, **fields})
    assert answer.status_code == status
    with visitor.site.stores.lent() as store:
        assert store.marks() == []
    assert not [one for one in links(visitor).values() if one.decided_by]


@pytest.mark.parametrize("action", ["/links/decide", "/marks/add", "/marks/undo", "/refetch", "/backfill"])
def test_nothing_is_done_without_the_token_of_the_form(visitor, action, numbers):
    visitor.get("/events")
    fields = {"event": HARBOUR, "article": str(numbers.proposed), "state": "confirmed"}
    assert visitor.http.post(action, data=fields).status_code == 403
    with visitor.site.stores.lent() as store:
        assert (store.marks(), store.orders()) == ([], [])
    assert not [one for one in links(visitor).values() if one.decided_by]


@pytest.mark.parametrize("action", ["/links/decide", "/marks/add", "/marks/undo", "/refetch", "/backfill"])
def test_nothing_is_done_where_the_site_only_shows(reader, action):
    answer = reader.http.post(action, data={"event": HARBOUR, "article": "1", "state": "confirmed"})
    assert answer.status_code == 403
    assert "--read-only" in answer.text


@pytest.mark.parametrize("action", ["/links/decide", "/marks/add", "/refetch"])
def test_an_address_alone_changes_nothing(client, action):
    assert client.http.get(action).status_code == 405


def test_reason_is_one_line_that_a_database_can_hold(visitor, numbers):
    said = {"article": str(numbers.proposed), "state": "rejected", "because": "a\0b\u202ec" + "x" * 900}
    visitor.submit(f"/events/{HARBOUR}", "/links/decide", **said)
    evidence = links(visitor)[numbers.proposed].evidence
    assert evidence.startswith("a b cx")
    assert len(evidence) == 500


@pytest.mark.parametrize("word", ["nonsense", "<script>", "marked "])
def test_only_our_own_sentences_are_said(client, word):
    page = client.page("/events/" + FERRY, params={"done": word})
    assert not page.texts("//p[@role='status' and @class='notice']")


def test_name_of_whoever_logged_in_is_stored(own_folder, numbers, visit):
    site = site_for(load(own_folder), Policy(token="a-long-random-token", per_minute=10_000), local_name="ada")
    with closing(site.stores):
        visitor = visit(site)
        visitor.submit("/login", "/login", name="Mara Lind", token="a-long-random-token")
        visitor.submit(f"/events/{HARBOUR}", "/links/decide", article=str(numbers.proposed), state="confirmed")
        assert links(visitor)[numbers.proposed].decided_by == "Mara Lind"
