import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.archives.link_format import read_links


def test_links_are_read_with_their_parameters():
    text = (
        '<http://a.example/x,y;z>; rel="first memento"; datetime="Wed, 05 Jul 2006 16:20:11 GMT",\n'
        "<http://a.example/>;rel=original;type = text/html, <http://a.example/list>; rel=self"
    )
    found = read_links(text)
    assert [link.url for link in found.links] == [
        "http://a.example/x,y;z",
        "http://a.example/",
        "http://a.example/list",
    ]
    assert found.links[0].relations == {"first", "memento"}
    assert found.links[0].parameters["datetime"] == "Wed, 05 Jul 2006 16:20:11 GMT"
    assert found.links[1].parameters == {"rel": "original", "type": "text/html"}
    assert found.skipped == 0


A, B = "http://a.example/", "http://b.example/"


@pytest.mark.parametrize(
    ("text", "urls", "skipped"),
    [
        ("", [], 0),
        (" ,\n, ", [], 0),
        ("no link at all", [], 1),
        ("<http://a.example/>,", ["http://a.example/"], 0),
        ("<http://a.example/>; rel=memento junk here, <http://b.example/>", [A, B], 0),
        ("<http://a.example/ with a space>; rel=memento, <http://b.example/>", ["http://b.example/"], 2),
        ("junk <http://b.example/>", ["http://b.example/"], 1),
        ("<http://a.example/>; rel=memento, <http://b.exam", ["http://a.example/"], 2),
        ('<http://a.example/>; rel="memento, <http://b.example/>', [A, B], 0),
    ],
)
def test_what_is_no_link_costs_no_more_than_itself(text, urls, skipped):
    found = read_links(text)
    assert [link.url for link in found.links] == urls
    assert found.skipped == skipped


def test_the_first_of_repeated_parameters_counts():
    (link,) = read_links('<http://a.example/>; REL="Memento"; rel=timemap').links
    assert link.relations == {"memento"}


@pytest.mark.parametrize("piece", ["<", "<a>;", "<a>; rel=", '<a>; rel="', ";", "<a>; a", "<a", ',"'])
def test_no_text_takes_more_than_its_length_in_time(piece):
    text = piece * (200_000 // len(piece))
    begin = time.process_time()
    read_links(text)
    assert time.process_time() - begin < 5


@given(st.text(alphabet='<>;,="ab \n', max_size=200))
def test_no_text_is_too_strange(text):
    found = read_links(text)
    assert len(found.links) <= text.count("<")
