import hashlib
from dataclasses import replace
from datetime import timedelta

import invented_library
import pytest
from invented_library import BARE, FERRY, HARBOUR, STRIKE

from crawler.dedup import decide, fingerprint
from crawler.urls import canonical_url
from storage.types import FetchAttempt, FetchReason, FetchResult, LinkState, Outcome


def sources(page):
    return page.texts("//ol[@class='sources']/li")


def test_event_has_its_entry(client):
    page = client.page(f"/events/{FERRY}")
    assert page.texts("//h1") == ["Ferry with ninety people runs aground near Halvika"]
    assert page.links()["5 July 2006"] == "/events?since=2006-07-05&until=2006-07-05"
    assert page.links()["Outer Reef"] == "/events?q=%22Outer+Reef%22"
    assert "A ferry ran aground." in page.text
    assert FERRY in page.texts("//dd/code")


def test_name_that_is_a_link_finds_the_event(client):
    link = client.page(f"/events/{FERRY}").links()["Outer Reef"]
    assert "Ferry with ninety people runs aground near Halvika" in client.page(link).links()


def test_each_source_has_its_story_in_one_line(client):
    told = sources(client.page(f"/events/{FERRY}"))
    for number, words in enumerate(
        [
            "live asked last on 2026-02-27",
            "rescued archived 2006-07-08, lantern (last attempt: gone)",
            "live asked last on 2026-02-21",
            "live asked last on 2026-02-22",
            "dead gone: the server says that the page does not exist (404, 410)",
            "missing timeout: no complete answer within the time limit",
            "image an image, not an article: kept, not fetched",
            "unrequestable cannot be requested",
        ]
    ):
        assert words in told[number]


def test_rescued_source_leads_to_its_copy(client):
    links = client.page(f"/events/{FERRY}").links("//ol[@class='sources']/li[2]")
    assert links["copy in lantern of 2006-07-08"] == (
        "http://archive.example/20060708040506/http://tidewater.example/news/ferry.html"
    )


def test_links_elsewhere_tell_nobody_where_they_came_from(client):
    page = client.page(f"/events/{FERRY}")
    elsewhere = page.tree.xpath("//main//a[starts-with(@href, 'http')]")
    assert elsewhere
    assert {one.get("rel") for one in elsewhere} == {"noreferrer noopener nofollow"}


def test_text_stands_with_its_evidence(client, numbers):
    page = client.page(f"/events/{FERRY}")
    first = page.texts("//ol[@class='sources']/li[1]//details[@class='text']")[0]
    assert "Ferry Runs Aground, Two Are Hurt Ada Lindqvist · 2006-07-05 14:30 UTC" in first
    assert "known to the minute json-ld datePublished" in first
    assert "2 of 2, captured 2026-02-27" in first
    assert page.texts("//ol[@class='sources']/li[1]//details//li") == ["90 people were on board", "two are hurt"]
    second = page.texts("//ol[@class='sources']/li[2]//details[@class='text']")[0]
    assert "2006-07-05, known to the day url path" in second
    assert page.links()["Ferry Runs Aground, Two Are Hurt"] == f"/articles/{numbers.live}"


def test_wire_copies_are_one_report(client, numbers):
    page = client.page(f"/events/{FERRY}")
    assert page.texts("//h2[@id='reports']") == ["Independent reports (3)"]
    assert "4 articles, 3 independent reports (Reuters x2, Tidewater, Harbour Post)" in page.text
    assert page.texts("//tbody/tr/th")[0] == "Reuters wire side by side: Reuters"
    (report,) = page.tree.xpath("//tbody[1]")
    assert len(report.xpath("./tr")) == 2
    assert "credits Reuters by the source link 'Reuters via Gazette'" in page.text


def test_related_events_are_links_where_they_are_known(client):
    page = client.page(f"/events/{FERRY}")
    assert page.links()["Harbour closes"] == f"/events/{HARBOUR}"
    assert "Not imported not imported" in page.text


def test_articles_found_by_content_say_why(client, numbers):
    page = client.page(f"/events/{HARBOUR}")
    told = page.texts("//h2[@id='links']/following-sibling::ul/li")
    assert told[0].startswith("proposed Pier is repainted bulletin.example score 0.61, found by content · same place")
    assert told[1].startswith("linked Harbour shut after grounding")


@pytest.mark.parametrize("name", ["2007/11/30/second", "2007/11/30/second-strike.md", f"news/{STRIKE}"])
def test_other_names_of_an_event_lead_to_its_own(client, name):
    assert client.get(f"/events/{name}", expect=307).headers["location"] == f"/events/{STRIKE}"


@pytest.mark.parametrize(
    ("name", "words"), [("no-such-event", "no event is called"), ("2006", "write more of the key"), ("%00", "no event")]
)
def test_unknown_and_unclear_names_are_not_found(client, name, words):
    assert words in client.page(f"/events/{name}", expect=404).text


def test_event_without_sources_says_so(client):
    page = client.page(f"/events/{BARE}")
    assert "The entry cites nothing." in page.text
    assert "no articles" in page.text


def test_site_that_only_shows_has_no_buttons(reader):
    for path in (FERRY, HARBOUR):
        page = reader.page(f"/events/{path}")
        assert not page.tree.xpath("//main//button")
        assert not page.tree.xpath("//main//form")


def test_three_hundred_sources_are_one_page_with_some_of_the_texts(visitor):
    urls = [f"http://paper-{number}.example/a" for number in range(300)]
    with visitor.site.stores.lent() as store:
        entry = invented_library.entry("2012/01/2/many", "Many", [(url, f"Paper {n}") for n, url in enumerate(urls)])
        store.put_events([entry], match=lambda *_: None, now=invented_library.NOW)
        for number, url in enumerate(urls[:40]):
            _store(store, url, invented_library.article(f"Report {number}", f"Words of their own {number} " * 20))
    page = visitor.page("/events/2012/01/2/many")
    assert len(sources(page)) == 300
    assert len(page.tree.xpath("//details[@class='text']")) == 25
    assert "Report 39" in page.links()


def test_text_of_a_megabyte_is_cut_and_leads_to_the_whole(visitor, numbers):
    with visitor.site.stores.lent() as store:
        body = "\n\n".join(f"Paragraph {number} says something new about the ferry." for number in range(20_000))
        number = _store(store, invented_library.STRIKE_UNTRIED, invented_library.article("Long", body)).article_id
    answer = visitor.get(f"/events/{STRIKE}")
    assert len(answer.content) < 100_000
    links = visitor.page(f"/events/{STRIKE}").links()
    (words,) = [text for text, address in links.items() if text.startswith("The whole text (")]
    assert links[words] == f"/articles/{number}"


def test_withdrawn_source_says_so(visitor):
    with visitor.site.stores.lent() as store:
        entry = next(one for one in invented_library.entries() if one.key == STRIKE)
        later = invented_library.NOW + timedelta(days=1)
        store.put_events([replace(entry, sources=())], match=lambda *_: None, now=later)
    page = visitor.page(f"/events/{STRIKE}")
    assert "withdrawn 2026-03-02" in page.text
    assert "2, imported 2026-03-02 12:00 UTC" in page.text


def test_decided_link_says_by_whom(visitor, numbers):
    with visitor.site.stores.lent() as store:
        store.decide_link(
            HARBOUR,
            numbers.proposed,
            state=LinkState.REJECTED,
            by="Mara",
            because="another pier",
            now=invented_library.NOW,
        )
    told = visitor.page(f"/events/{HARBOUR}").texts("//h2[@id='links']/following-sibling::ul/li")
    assert "rejected by Mara on 2026-03-01 12:00 UTC" in told[1]
    assert "another pier" in told[1]


def _store(store, url, made):
    document = store.document(canonical_url(url))
    attempt = FetchAttempt(
        key=hashlib.sha256(url.encode()).hexdigest()[:32],
        document_id=document.id,
        reason=FetchReason.IMPORTED,
        outcome=Outcome.IMPORTED,
        request_url=document.request_url,
        final_url=document.request_url,
        started_at=invented_library.NOW,
        finished_at=invented_library.NOW,
    )
    capture = invented_library.bare_capture(document, invented_library.NOW)
    result = FetchResult(attempt=attempt, captures=(capture,), article=fingerprint(made, host=document.host))
    (answer,) = store.archive([result], decide=decide, now=invented_library.NOW)
    assert not answer.error
    return answer
