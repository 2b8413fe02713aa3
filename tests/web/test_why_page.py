from invented_library import FERRY, FERRY_GONE, FERRY_LIVE, FERRY_RESCUED, HOSTILE, NOW, STRIKE_UNTRIED

from crawler.urls import canonical_url
from storage.types import Takedown, TakedownKind


def why(client, url):
    return client.page("/why", params={"url": url})


def test_document_that_is_gone_says_why_and_who_was_asked(client):
    page = why(client, FERRY_GONE)
    assert "gone: the server says that the page does not exist" in page.text
    rows = page.texts("//tbody/tr")
    assert rows[0].startswith("2026-02-21 12:00 UTC new gone 404 the server answered 404")
    assert rows[1] == "2026-02-24 12:00 UTC lantern never archived no copy of these years"
    assert page.links()[FERRY] == f"/events/{FERRY}"


def test_copy_stands_with_where_it_comes_from(client, numbers):
    page = why(client, FERRY_RESCUED)
    assert "2006-07-08 04:05:06Z (asked for 2006-07-05 14:30:00Z), digest not checked" in page.text
    assert f"/articles/{numbers.rescued}" in page.links().values()
    assert any(address.startswith("/captures/") for address in page.links().values())


def test_variant_of_a_url_finds_its_document(client):
    page = why(client, f"{FERRY_LIVE}?utm_source=rss")
    assert canonical_url(FERRY_LIVE) in page.links()
    assert "utm_source" in page.texts("//dd")[-1]


def test_source_that_nobody_asked_for_says_so(client):
    assert "Nobody asked for it yet" in why(client, STRIKE_UNTRIED).text


def test_page_of_an_event_leads_here(client):
    links = client.page(f"/events/{FERRY}").links()
    assert "never archived" in client.page(links["why Lantern stands so"]).text


def test_without_a_url_a_form_asks_for_one(client):
    assert client.page("/why").tree.xpath("//form/@action") == ["/why"]


def test_unknown_url_is_not_found(client):
    page = client.page("/why", params={"url": "http://nowhere.example/"}, expect=404)
    assert "no event entry cites" in page.text


def test_what_is_no_url_is_refused_in_a_sentence(client):
    assert "cannot be requested" in client.page("/why", params={"url": "javascript:alert(1)"}, expect=400).text


def test_taken_down_document_says_so(visitor):
    with visitor.site.stores.lent() as store:
        document = store.document(canonical_url(FERRY_GONE))
        wanted = Takedown(kind=TakedownKind.HOST, subject=document.host, reason="asked", who="ada", made_at=NOW)
        store.take_down(wanted, document_ids=[document.id])
    assert "it is kept away" in why(visitor, FERRY_GONE).text


def test_hostile_page_is_told_as_text(client):
    assert "<script>alert(" not in why(client, "http://hostile.example/page").source
    assert HOSTILE in why(client, "http://hostile.example/page").links()
