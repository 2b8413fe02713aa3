import pytest


def test_years_have_counts(client):
    page = client.page("/calendar")
    rows = page.texts("//tbody/tr")
    assert rows == ["2007 2 4 1 0 25 %", "2006 3 7 4 1 57 %"]
    assert page.links()["2006"] == "/calendar/2006"


def test_year_has_twelve_months_of_days(client):
    page = client.page("/calendar/2006")
    assert len(page.tree.xpath("//table/caption")) == 12
    assert page.texts("//section[7]//th")[0] == "Mo"
    assert page.tree.xpath("//section[7]//th/@scope") == ["col"] * 7
    assert "3 events 4 of 7 sources" in page.text
    days = page.texts("//section[2]//td")
    assert [one for one in days if one] == [str(number) for number in range(1, 29)]


def test_day_with_events_leads_to_them(client):
    page = client.page("/calendar/2006")
    days = {one.get("aria-label"): one.get("href") for one in page.tree.xpath("//td/a")}
    assert days == {
        "5 July 2006: 2 events": "/events?since=2006-07-05&until=2006-07-05",
        "9 July 2006: 1 event": "/events?since=2006-07-09&until=2006-07-09",
    }
    assert len(client.page(days["5 July 2006: 2 events"]).tree.xpath("//ul[contains(@class, 'entries')]/li")) == 2


def test_month_leads_to_its_events(client):
    link = client.page("/calendar/2006").links()["July"]
    assert link == "/events?since=2006-07&until=2006-07"
    assert "3 events found" in client.page(link).text


def test_years_that_have_events_follow_each_other(client):
    assert client.page("/calendar/2006").tree.xpath("//a[@rel='next']/@href") == ["/calendar/2007"] * 2
    assert not client.page("/calendar/2006").tree.xpath("//a[@rel='prev']")
    assert client.page("/calendar/2010").tree.xpath("//a[@rel='prev']/@href") == ["/calendar/2007"] * 2


def test_year_without_events_is_a_year(client):
    assert "0 events" in client.page("/calendar/1950").text


@pytest.mark.parametrize("year", ["1", "9999"])
def test_first_and_last_year_of_all_are_shown(client, year):
    assert client.page(f"/calendar/{year}").texts("//h1") == [year]


@pytest.mark.parametrize("year", ["0", "10000", "9" * 5000, "-1", "may"])
def test_what_is_no_year_is_not_found(client, year):
    client.get(f"/calendar/{year}", expect=404)


def test_empty_library_says_how_to_fill_it(empty_visitor):
    assert "dateline events import FILE" in empty_visitor.page("/calendar").text
