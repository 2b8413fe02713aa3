"""What the API answers to whoever reads."""

import pytest
from invented_library import BARE, FERRY, FERRY_GONE, FERRY_LIVE, FERRY_WIRE, HARBOUR, HOSTILE, SCRIPT, STRIKE

API = "/api/v1"


def asked(client, path, **named):
    return client.get(API + path, **named).json()


def test_events_are_listed_newest_first(client):
    found = asked(client, "/events")
    assert [one["key"] for one in found["items"]] == [HOSTILE, STRIKE, BARE, HARBOUR, FERRY]
    assert (found["next"], found["total"]) == (None, None)
    assert found["items"][4] == {
        "key": FERRY,
        "event_date": "2006-07-05",
        "headline": "Ferry with ninety people runs aground near Halvika",
        "sources": 7,
        "articles": 4,
    }


def test_events_are_listed_oldest_first_where_that_is_asked_for(client):
    keys = [one["key"] for one in asked(client, "/events?order=oldest")["items"]]
    assert keys == [FERRY, HARBOUR, BARE, STRIKE, HOSTILE]


@pytest.mark.parametrize("path", ["/events", "/articles"])
@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_a_list_in_parts_is_the_whole_list(client, path, order):
    whole = asked(client, f"{path}?order={order}")["items"]
    found, address = [], f"{API}{path}?order={order}&limit=2&total=yes"
    while address:
        part = client.get(address)
        assert part.json()["total"] == len(whole)
        found += part.json()["items"]
        link = part.links.get("next", {}).get("url", "")
        assert bool(link) == (part.json()["next"] is not None)
        address = link
    assert found == whole


def test_a_list_that_ends_with_a_part_has_no_further_one(client):
    assert asked(client, "/events?limit=5")["next"] is None


def test_filters_narrow_each_other(client):
    assert [one["key"] for one in asked(client, "/events?q=halvika&until=2006&text=full")["items"]] == [HARBOUR, FERRY]
    assert [one["key"] for one in asked(client, "/events?outcome=gone&publisher=lantern.example")["items"]] == [FERRY]
    assert asked(client, "/events?where=halvika&since=2008")["items"] == []


def test_an_event_among_the_filters_may_be_the_beginning_of_its_key(client, numbers):
    found = asked(client, "/articles?event=2006/07/5/harb&total=yes")
    assert ([one["id"] for one in found["items"]], found["total"]) == ([numbers.other], 1)


def test_one_event_tells_the_story_of_each_source(client, numbers):
    event = asked(client, f"/events/{FERRY}")
    assert [(one["position"], one["state"]) for one in event["sources"]] == [
        (1, "live"),
        (2, "rescued"),
        (3, "live"),
        (4, "live"),
        (5, "dead"),
        (6, "missing"),
        (7, "image"),
        (8, "unrequestable"),
    ]
    rescued = event["sources"][1]
    assert (rescued["article_id"], rescued["memento"]["archive"]) == (numbers.rescued, "lantern")
    assert rescued["memento"]["captured_at"] == "2006-07-08T04:05:06Z"
    wire = next(one for one in event["reports"] if one["label"] == "Reuters")
    assert {one["article_id"] for one in wire["articles"]} == {numbers.wire, numbers.copy}
    assert {(one["key"], one["known"]) for one in event["related"]} == {
        (HARBOUR, True),
        ("2006/07/6/not-imported", False),
    }


def test_an_event_has_its_links_with_their_states(client, numbers):
    links = asked(client, f"/events/{HARBOUR}")["links"]
    assert {(one["article_id"], one["state"], one["how"]) for one in links} == {
        (numbers.other, "linked", "content"),
        (numbers.proposed, "proposed", "content"),
    }


def test_the_slashes_of_a_key_may_be_encoded(client):
    encoded = FERRY.replace("/", "%2F")
    assert asked(client, f"/events/{encoded}") == asked(client, f"/events/{FERRY}")
    assert asked(client, f"/events/{encoded}/sources")["items"] == asked(client, f"/events/{FERRY}")["sources"]


def test_a_cited_url_has_its_history_in_any_of_its_variants(client):
    found = asked(client, "/sources", params={"url": f"{FERRY_GONE}?utm_source=feed"})
    assert found["why"].startswith("gone: ")
    assert "(" in found["next_try"]
    assert found["cited_by"] == [{"event_key": FERRY, "cited_url": FERRY_GONE}]
    assert [(one["outcome"], one["status"]) for one in found["attempts"]] == [("gone", 404)]
    assert [(one["archive"], one["state"]) for one in found["searches"]] == [("lantern", "never_archived")]
    assert found["captures"][0]["status"] == 404


def test_a_url_that_nobody_cites_is_not_found(client):
    problem = client.get(f"{API}/sources?url=http://nowhere.example/", expect=404).json()
    assert "no event entry cites" in problem["detail"]


def test_a_url_that_is_none_is_refused(client):
    assert "cannot be requested" in client.get(f"{API}/sources?url=htp:/x", expect=400).json()["detail"]


def test_articles_are_listed_with_their_facts(client, numbers):
    found = {one["id"]: one for one in asked(client, "/articles")["items"]}
    assert set(found) == {getattr(numbers, name) for name in numbers.__dataclass_fields__}
    assert found[numbers.rescued]["archive"] == "lantern"
    assert found[numbers.wire]["agency"] == "Reuters"
    assert found[numbers.live]["day"] == "2006-07-05"


def test_one_article_has_its_text_with_the_evidence(client, numbers):
    article = asked(client, f"/articles/{numbers.live}")
    current = article["current"]
    assert (article["versions"], current["number"], current["current"]) == (2, 2, True)
    assert current["published_at"] == {
        "value": "2006-07-05T14:30:00Z",
        "precision": "minute",
        "evidence": "json-ld datePublished",
        "raw": "2006-07-05T14:30:00+00:00",
    }
    assert current["evidence"]["headline"] == "og:title"
    assert "two are hurt" in current["body"]
    assert [one["event_key"] for one in article["events"]] == [FERRY]


def test_wire_copies_are_one_story(client, numbers):
    article = asked(client, f"/articles/{numbers.copy}")
    assert {one["article_id"] for one in article["cluster"]} == {numbers.copy, numbers.wire}
    assert [(one["article_id"], one["kind"]) for one in article["relations"]] == [(numbers.wire, "copy")]


def test_versions_are_listed_and_each_is_to_be_had(client, numbers):
    listed = asked(client, f"/articles/{numbers.live}/versions")["items"]
    assert [(one["number"], one["current"]) for one in listed] == [(1, False), (2, True)]
    first = asked(client, f"/articles/{numbers.live}/versions/1")
    assert {name: first[name] for name in listed[0]} == listed[0]
    assert "nobody is hurt" in first["body"]
    assert client.get(f"{API}/articles/{numbers.live}/versions/3", expect=404)


def test_a_capture_says_what_is_known_of_it_and_where_its_bytes_are(client, numbers):
    version = asked(client, f"/articles/{numbers.rescued}")["current"]
    capture = asked(client, f"/captures/{version['capture_id']}")
    assert (capture["kind"], capture["memento"]["archive"]) == ("memento", "lantern")
    assert capture["headers"] == [{"name": "Content-Type", "value": "text/html; charset=utf-8"}]
    assert (capture["article_id"], capture["version"]) == (numbers.rescued, 1)
    assert client.get(capture["raw"]).status_code == 200
    assert client.get(capture["record"]).status_code == 200


def test_a_search_finds_events_and_articles_with_their_totals(client, numbers):
    found = asked(client, "/search?q=ferry&limit=2")
    assert ([one["key"] for one in found["events"]["items"]], found["events"]["total"]) == ([FERRY], 1)
    assert found["articles"]["total"] == len(asked(client, "/articles?q=ferry")["items"]) > 2
    rest = asked(client, f"/articles?q=ferry&cursor={found['articles']['next']}")["items"]
    assert [*found["articles"]["items"], *rest] == asked(client, "/articles?q=ferry")["items"]


def test_counts_over_the_library_are_those_of_the_store(client):
    facets = asked(client, "/facets")
    assert (facets["agencies"], facets["languages"]["en"]) == ({"Reuters": 1}, 7)
    months = asked(client, "/months")["items"]
    assert [(one["year"], one["month"], one["events"]) for one in months] == [
        (2006, 7, 3),
        (2007, 11, 1),
        (2007, 12, 1),
    ]


def test_hostile_text_comes_as_it_is_and_only_as_json(client, numbers):
    answer = client.get(f"{API}/articles/{numbers.hostile}")
    assert answer.json()["current"]["headline"] == f"Headline {SCRIPT}"
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


PATHS = [
    "/events",
    f"/events/{FERRY}",
    f"/events/{FERRY}/sources",
    f"/sources?url={FERRY_LIVE}",
    "/articles",
    "/articles/1",
    "/articles/1/versions",
    "/articles/1/versions/1",
    "/captures/1",
    "/search",
    "/facets",
    "/months",
    "/marks",
    "/runs",
    "/orders",
    "/openapi.json",
    "/",
]


@pytest.mark.parametrize("path", PATHS)
def test_what_did_not_change_is_not_sent_again(client, path):
    first = client.get(API + path)
    tag = first.headers["ETag"]
    for known in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
        again = client.get(API + path, expect=304, headers={"If-None-Match": known, "Cookie": _cookie(first)})
        assert (again.content, again.headers["ETag"]) == (b"", tag)
    assert client.get(API + path, headers={"If-None-Match": '"other"', "Cookie": _cookie(first)}).content
    assert first.headers["Cache-Control"] == "private, no-cache"


def _cookie(answer):
    return answer.headers.get("Set-Cookie", "").partition(";")[0]


@pytest.mark.parametrize("path", PATHS)
def test_head_is_the_same_without_the_content(client, path):
    got = client.get(API + path)
    head = client.http.head(API + path, headers={"Cookie": _cookie(got)})
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Length"] == str(len(got.content))


def test_the_methods_of_an_address_are_told(client):
    answer = client.http.options(f"{API}/articles/1/mark")
    assert (answer.status_code, answer.headers["Allow"]) == (204, "DELETE, OPTIONS, POST")
    answer = client.http.options(f"{API}/events/{FERRY}")
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert client.http.options(f"{API}/nothing").status_code == 404


def is_problem(answer, status):
    told = answer.json()
    assert answer.status_code == status == told["status"]
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert told["type"] == "about:blank"
    assert told["detail"]
    return told


@pytest.mark.parametrize(
    "path",
    ["/nothing", "/events/2006/07/5/no-such", "/articles/999", "/articles/999/versions", "/captures/999", "/runs/999"],
)
def test_what_is_not_there_is_a_problem(client, path):
    is_problem(client.http.get(API + path), 404)


def test_a_key_that_several_events_begin_with_is_not_found(client):
    assert "fits 2 or more" in is_problem(client.http.get(f"{API}/events/2006/07/5"), 404)["detail"]


def test_another_method_is_a_problem_that_names_those_there_are(client):
    answer = client.http.put(f"{API}/articles/1/mark")
    is_problem(answer, 405)
    assert answer.headers["Allow"] == "DELETE, OPTIONS, POST"
    answer = client.http.get(f"{API}/events/{FERRY}/refetch")
    is_problem(answer, 405)
    assert answer.headers["Allow"] == "OPTIONS, POST"


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/events?limit=0", "query limit"),
        ("/events?limit=201", "query limit"),
        ("/events?limit=1_0", "query limit"),
        ("/events?limit=%2B1", "query limit"),
        ("/articles/1.0", "path id"),
        ("/articles/0", "path id"),
        ("/articles/99999999999999999999", "path id"),
        ("/articles/%D9%A1", "path id"),
        ("/events?since=yesterday", "query since"),
        ("/events?outcome=lost", "query outcome"),
        ("/events?order=best", "query order"),
        ("/events?language=english", "query language"),
        ("/sources", "query url"),
    ],
)
def test_what_has_not_the_form_is_a_problem_with_its_place(client, path, place):
    told = is_problem(client.http.get(API + path), 400)
    assert [one["place"] for one in told["errors"]] == [place]
    assert told["detail"] == f"{place}: {told['errors'][0]['problem']}"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/events?publishr=x", "There is no parameter 'publishr'"),
        ("/months?limit=1", "There is no parameter 'limit': there are none here"),
        ("/events?q=a&q=b", "The parameter q is there twice"),
        ("/events?since=2006-02-30", "'2006-02-30' is no day"),
        ("/events?since=2007&until=2006", "lies behind until"),
        ("/events?where=publishr:x", "there is no key 'publishr'"),
        ("/events?q=%00", "no text has the sign U+0000"),
        ("/events?publisher=%3A%3A", "is no host"),
    ],
)
def test_what_cannot_be_meant_is_a_problem_in_one_sentence(client, path, said):
    assert said in is_problem(client.http.get(API + path), 400)["detail"]


def test_nobody_else_may_read_answers_in_a_browser(client):
    answer = client.get(f"{API}/events", headers={"Origin": "http://elsewhere.example"})
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]


def test_the_wire_report_is_found_by_its_agency(client, numbers):
    assert [one["id"] for one in asked(client, "/articles?agency=Reuters")["items"]] == [numbers.wire]
    assert asked(client, "/sources", params={"url": FERRY_WIRE})["document"]["article_id"] == numbers.wire
