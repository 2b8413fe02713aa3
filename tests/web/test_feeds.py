import pytest
from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"


def test_atom_feed_has_the_articles_that_came_last(client):
    answer = client.get("/feed.atom")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = etree.fromstring(answer.content)
    assert len(feed.findall(f"{ATOM}entry")) == 7
    links = {one.get("rel"): one.get("href") for one in feed.findall(f"{ATOM}link")}
    assert links == {"alternate": "http://127.0.0.1/articles", "self": "http://127.0.0.1/feed.atom"}


def test_rss_feed_has_them_too(client):
    answer = client.get("/feed.rss")
    assert answer.headers["content-type"].startswith("application/rss+xml")
    channel = etree.fromstring(answer.content)[0]
    assert len(channel.findall("item")) == 7
    assert channel.findtext("link") == "http://127.0.0.1/articles"


@pytest.mark.parametrize("path", ["/feed.atom", "/feed.rss"])
def test_feed_that_did_not_change_is_not_sent_again(client, path):
    tag = client.get(path).headers["etag"]
    assert client.get(path, expect=304, headers={"If-None-Match": tag}).content == b""


def test_feed_of_an_empty_library_is_a_feed(empty_visitor):
    assert etree.fromstring(empty_visitor.get("/feed.atom").content).findall(f"{ATOM}entry") == []


def test_marked_articles_are_left_out(visitor, numbers):
    visitor.submit("/events/2006/07/5/ferry-runs-aground", "/marks/add", article=str(numbers.copy))
    assert len(etree.fromstring(visitor.get("/feed.atom").content).findall(f"{ATOM}entry")) == 6


def test_pages_name_the_feed(client):
    assert client.page("/events").tree.xpath("//link[@type='application/atom+xml']/@href") == ["/feed.atom"]
