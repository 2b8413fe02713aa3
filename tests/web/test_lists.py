from datetime import timedelta

import invented_library
import pytest


def headlines(page):
    return page.texts("//ul[contains(@class, 'entries')]/li/a")


def with_many_events(visitor, number):
    entries = [
        invented_library.entry(f"2012/01/{1 + one % 28}/event-{one:03}", f"Event {one:03}", []) for one in range(number)
    ]
    with visitor.site.stores.lent() as store:
        store.put_events(entries, match=lambda *_: None, now=invented_library.NOW)


def test_the_first_page_is_that_of_the_events(client):
    assert client.get("/", expect=307).headers["location"] == "/events"


def test_events_stand_by_day_newest_first(client):
    page = client.page("/events")
    assert page.texts("//h2") == ["1 December 2007", "30 November 2007", "9 July 2006", "5 July 2006"]
    assert page.texts("//h1") == ["Events"]
    assert "5 events" in page.text


def test_events_stand_oldest_first_on_demand(client):
    page = client.page("/events")
    page = client.page(page.links()["oldest first"])
    assert page.texts("//h2")[0] == "5 July 2006"
    assert page.links()["newest first"] == "/events"


def test_each_event_says_how_much_of_it_there_is(client):
    signs = client.page("/events").texts("//ul[contains(@class, 'entries')]/li")
    assert "Dockers strike again 0 of 1 source" in signs
    assert "Something happens and nobody is cited no sources" in signs
    assert "Ferry with ninety people runs aground near Halvika 4 of 7 sources" in signs


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=dockers", ["Dockers strike again"]),
        ("q=ferry+publisher:lantern.example", ["Ferry with ninety people runs aground near Halvika"]),
        ("since=2007-11&until=2007-11", ["Dockers strike again"]),
        ("text=none&since=2007-11-01", ["Dockers strike again"]),
        ("text=archive_only", []),
        ("publisher=lantern.example", ["Ferry with ninety people runs aground near Halvika"]),
        ("agency=Reuters", ["Ferry with ninety people runs aground near Halvika"]),
        ("outcome=timeout", ["Ferry with ninety people runs aground near Halvika"]),
        ("event=2007/11/30/second", ["Dockers strike again"]),
        ("q=nowhere", []),
    ],
)
def test_events_are_narrowed_down(client, query, found):
    assert headlines(client.page(f"/events?{query}")) == found


def test_words_are_looked_for_in_the_texts_of_articles(client):
    assert headlines(client.page("/events?q=overlooked")) == ["Ferry with ninety people runs aground near Halvika"]


def test_form_shows_what_was_asked_for(client):
    page = client.page("/events?q=ferry+text:full+since:2006-07&language=en")
    (form,) = page.tree.xpath("//search/form")
    assert dict(form.form_values()) == {
        "q": "ferry",
        "since": "2006-07-01",
        "until": "",
        "publisher": "",
        "text": "full",
        "outcome": "",
        "language": "en",
        "agency": "",
        "marked": "",
    }
    assert form.xpath(".//details/@open")
    assert "ferry since:2006-07-01 text:full language:en" in page.texts("//main//code")


def test_form_offers_what_the_library_has(client):
    page = client.page("/events")
    assert "tidewater.example" in page.tree.xpath("//datalist[@id='publisher-known']/option/@value")
    assert page.tree.xpath("//datalist[@id='agency-known']/option/@value") == ["Reuters"]
    assert "timeout (1)" in page.texts("//select[@id='outcome']/option")


def test_every_field_has_a_label(client):
    for path, status in (("/events", 200), ("/articles?event=2006", 400)):
        page = client.page(path, expect=status)
        named = set(page.tree.xpath("//label/@for"))
        assert {
            one.get("id") for one in page.tree.xpath("//main//input[not(@type='hidden')] | //main//select")
        } <= named


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("q=publsher:x", "did you mean publisher?"),
        ("since=soon", "write it as 2006-07-05, 2006-07 or 2006"),
        ("q=since:2006&since=2007", "stands there twice"),
        ("outcome=lost", "there is no outcome"),
        ("event=no-such-event", "no event is called"),
        ("q=%22open", "the quotes are not closed"),
    ],
)
def test_what_cannot_be_understood_is_said_beside_the_box_and_stays_there(client, query, problem):
    page = client.page(f"/events?{query}", expect=400)
    assert problem in page.texts("//p[@id='search-problem']")[0]
    assert page.tree.xpath("//input[@id='q']/@aria-describedby") == ["search-problem"]
    name, _, value = query.split("&")[0].partition("=")
    (field,) = page.tree.xpath(f"//*[@id='{name}']")
    assert field.value == value.replace("%22", '"').replace("+", " ")


def test_nothing_found_says_what_to_do(client):
    page = client.page("/events?q=nowhere")
    assert "0 events found" in page.text
    assert page.links()["Show all events"] == "/events"


@pytest.mark.parametrize(
    ("path", "command"), [("/events", "dateline events import FILE"), ("/articles", "dateline crawl")]
)
def test_empty_library_says_how_to_fill_it(empty_visitor, path, command):
    assert command in empty_visitor.page(path).texts("//p[@class='notice']/code")


def test_pager_leads_through_all_events_and_back(visitor):
    with_many_events(visitor, 120)
    path, seen, paths = "/events", [], []
    while path:
        paths.append(path)
        page = visitor.page(path)
        seen += headlines(page)
        path = next(iter(page.tree.xpath("//a[@rel='next']/@href")), "")
    assert len(paths) == 3
    assert len(seen) == len(set(seen)) == 125
    back = visitor.page(visitor.page(paths[2]).tree.xpath("//a[@rel='prev']/@href")[0])
    assert headlines(back) == headlines(visitor.page(paths[1]))
    first = visitor.page(back.tree.xpath("//a[@rel='prev']/@href")[0])
    assert headlines(first) == headlines(visitor.page("/events"))
    assert not first.tree.xpath("//a[@rel='prev']")


def test_pager_keeps_the_filters_and_the_order(visitor):
    with_many_events(visitor, 60)
    page = visitor.page("/events?since=2012&order=oldest")
    (link,) = page.tree.xpath("//a[@rel='next']/@href")
    assert "since=2012-01-01" in link
    assert "order=oldest" in link
    assert len(headlines(visitor.page(link))) == 10


def test_many_hits_are_not_counted_to_the_end(visitor, monkeypatch):
    monkeypatch.setattr("crawler.web.pages.lists.MOST_COUNTED", 3)
    assert "more than 3 events" in visitor.page("/events").text
    assert "1 event found" in visitor.page("/events?q=dockers").text


@pytest.mark.parametrize("path", ["/events?after=nonsense", "/articles?before=WzEsIDJd"])
def test_damaged_place_is_refused_in_a_sentence(client, path):
    assert "begin the list again" in client.page(path, expect=400).text


def test_articles_stand_by_day_with_where_they_come_from(client, numbers):
    page = client.page("/articles")
    assert page.links()["Ferry aground off Halvika"] == f"/articles/{numbers.wire}"
    entries = page.texts("//ul[contains(@class, 'entries')]/li")
    assert "Pilot blames the fog tidewater.example · en from lantern" in entries
    assert "Ferry aground off Halvika courier.example · Reuters · en" in entries


def test_articles_of_one_event(client):
    page = client.page(f"/articles?event={invented_library.FERRY}")
    assert "4 articles found" in page.text


def test_marked_articles_are_shown_on_demand(visitor, numbers):
    with visitor.site.stores.lent() as store:
        store.mark(numbers.copy, by="ada", because="", now=invented_library.NOW + timedelta(days=1))
    assert "Ferry hits reef" not in headlines(visitor.page("/articles"))
    page = visitor.page("/articles?marked=yes")
    assert headlines(page) == ["Ferry hits reef"]
    assert "marked as no article" in page.text
