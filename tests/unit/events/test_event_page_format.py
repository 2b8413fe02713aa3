from __future__ import annotations

import pytest

from crawler.errors import ConfigurationError, EntryFileError
from crawler.events import ReadOptions, read_entries
from storage.types import LinkKind

PAGE = """### [2006-07-5](/news/2006/07/5/index.md)

# {headline}

A blurb.

### Source:

{sources}
"""


def read(headline="Trams stop", sources="1. [Radio](http://radio.example/1)", name="page.md", **options):
    text = PAGE.format(headline=headline, sources=sources)
    (entry,) = read_entries(name, text.encode(), ReadOptions(**options))
    return entry


def failure(text, name="page.md"):
    with pytest.raises(EntryFileError) as caught:
        read_entries(name, text.encode())
    return caught.value


def test_the_key_comes_from_the_path_and_else_from_the_headline():
    assert read().key == "2006/07/5/trams-stop"
    assert read(name="x/news/2006/07/5/trams-halt.md").key == "2006/07/5/trams-halt"


@pytest.mark.parametrize(
    ("raw", "headline"),
    [
        ("  Two  spaces ", "Two spaces"),
        ("The dam â€“ built in 1911", "The dam – built in 1911"),
        ("''The Post'' says &quot;no&quot;", 'The Post says "no"'),
        ("It flew 435|mi|km north", "It flew 435 mi north"),
        ("A fire in {{rws|Brennick}} station", "A fire in Brennick station"),
        ("Fog in 1911|abc", "Fog in 1911|abc"),
        ("Broken [[link]] here", "Broken link here"),
        ("Not closed ]] here", "Not closed here"),
        ("<b>Bold</b> & brave", "Bold & brave"),
    ],
)
def test_dirt_in_headlines(raw, headline):
    entry = read(raw)
    assert entry.headline == headline
    assert entry.headline_raw == raw


def test_a_link_in_the_headline_becomes_the_first_source_exactly_as_written():
    entry = read("Trams stop [http://today.example/?a=1&amp;b=2 (Today)]")
    assert entry.headline == "Trams stop"
    assert [(link.position, link.label, link.cited_url) for link in entry.sources] == [
        (1, "Today", "http://today.example/?a=1&amp;b=2"),
        (2, "Radio", "http://radio.example/1"),
    ]


def test_a_link_whose_slashes_were_lost_is_kept_with_its_problem():
    entry = read("Trams stop.[http:--today.example-a-1.htm Today]date=May 2018 ")
    assert entry.headline == "Trams stop."
    assert entry.sources[0].cited_url == "http:--today.example-a-1.htm"
    assert entry.sources[0].identity is None
    assert "slashes" in entry.sources[0].problem


def test_images_several_links_and_repeated_numbers():
    entry = read(
        sources="1. [A](http://a.example/x_(y).html) [IMG](http://a.example/i.png)\n1. [B [b]](http://b.example/)"
    )
    assert [(link.label, link.cited_url, link.kind) for link in entry.sources] == [
        ("A", "http://a.example/x_(y).html", LinkKind.ARTICLE),
        ("IMG", "http://a.example/i.png", LinkKind.IMAGE),
        ("B [b]", "http://b.example/", LinkKind.ARTICLE),
    ]


def test_the_same_link_twice_is_one_link_and_two_labels_are_two():
    entry = read(sources="1. [A](http://a.example/)\n2. [A](http://a.example/)\n3. [B](http://a.example/)")
    assert [(link.position, link.label) for link in entry.sources] == [(1, "A"), (2, "B")]


def test_a_page_without_sections():
    (entry,) = read_entries("p.md", b"### [2006-07-5](/news/2006/07/5/index.md)\n# Trams stop\n")
    assert (entry.sources, entry.related, entry.description) == ((), (), "")


def test_context_and_headings_in_another_language():
    text = PAGE.format(headline="Trams stop", sources="").replace("Source", "信息来源")
    text += (
        "### 有关:\n\n1. [雨](/zh/news/2019/03/9/%E9%9B%A8.md) _消息: 甲, 乙_\n2. [Fog](/zh/news/2019/03/10/fog.md)\n"
    )
    (entry,) = read_entries("p.md", text.encode())
    assert [(link.target_key, link.context) for link in entry.related] == [
        ("2019/03/9/雨", ("甲", "乙")),
        ("2019/03/10/fog", ()),
    ]
    assert entry.language == "zh"
    assert entry.entities == ("甲", "乙")


def test_the_language_can_be_given():
    assert read(language="de").language == "de"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("### [2006-13-5](/news/2006/13/5/index.md)\n# A\n", 1, "no day 2006-13-5"),
        ("\n### [2006-02-30](/x)\n# A\n", 2, "no day"),
        ("### [2006-07-5](/x)\n\nonly a blurb\n", 1, "no headline"),
        ("### [2006-07-5](/x)\n#  \n", 1, "no headline"),
        (PAGE.format(headline="A", sources="1. [UPI](http://www.upi"), 9, "no complete link"),
    ],
)
def test_broken_pages_name_line_and_remedy(text, line, words):
    error = failure(text)
    assert (error.name, error.line) == ("page.md", line)
    assert words in error.problem
    assert error.remedy


def test_index_pages_are_passed_over():
    assert read_entries("news/2006/07/5/index.md", b"# 2006-07-5\n\n1. [A](/news/2006/07/5/a.md)\n") == []


def test_an_index_page_that_is_an_event_is_read():
    text = PAGE.format(headline="Trams stop", sources="")
    (entry,) = read_entries("news/2006/07/5/index.md", text.encode())
    assert entry.key == "2006/07/5/trams-stop"


def test_unknown_and_empty_files_are_errors():
    assert "no entry format" in failure("Just a letter to a friend.", "letter.txt").problem
    assert "empty" in failure(" \n").problem


def test_a_forced_format_must_exist():
    with pytest.raises(ConfigurationError, match="event-page"):
        read_entries("a", b"x", ReadOptions(format="nonsense"))


def test_a_forced_format_reads_what_it_can():
    with pytest.raises(EntryFileError, match="no date line"):
        read_entries("a", b"# x", ReadOptions(format="event-page"))


def test_hostile_lists_are_refused_quickly():
    assert "pages of text" in failure(PAGE.format(headline="A", sources="1. " + "[a](" * 9000)).problem
