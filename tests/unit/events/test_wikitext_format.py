from __future__ import annotations

import pytest

from crawler.errors import EntryFileError
from crawler.events import read_entries

HEADER = "{{Current events header|2006|07|05}}\n"


def read(text, name="day.txt", header=HEADER):
    return read_entries(name, (header + text).encode())


def one(text):
    (entry,) = read(text)
    return entry


def headlines(text):
    return [entry.headline for entry in read(text)]


def links(entry):
    return [(link.label, link.cited_url) for link in entry.sources]


@pytest.mark.parametrize(
    ("bullet", "headline", "expected"),
    [
        ("* Trams stop. [http://a.example/ (A)]", "Trams stop.", [("A", "http://a.example/")]),
        (
            "*Trams stop. [http://a.example/ A] [http://b.example/ B]",
            "Trams stop.",
            [("A", "http://a.example/"), ("B", "http://b.example/")],
        ),
        ("* Trams stop. [http://a.example/]", "Trams stop.", [("", "http://a.example/")]),
        ("* Trams stop. http://a.example/1.", "Trams stop.", [("", "http://a.example/1")]),
        (
            "* Trams stop ([http://a.example/ A], [http://b.example/ B]).",
            "Trams stop.",
            [("A", "http://a.example/"), ("B", "http://b.example/")],
        ),
        ("* Trams [http://a.example/ (A)] stop.", "Trams stop.", [("A", "http://a.example/")]),
        ("* Trams [http://a.example/ stopped] today.", "Trams stopped today.", [("stopped", "http://a.example/")]),
        (
            "* '''[http://a.example/ Trams stop today]'''",
            "Trams stop today",
            [("Trams stop today", "http://a.example/")],
        ),
        ("* Trams stop. [http://a.example/ (''The A'')]", "Trams stop.", [("The A", "http://a.example/")]),
        ("* Trams stop. [http://a.example/ ([[A Post|A]])]", "Trams stop.", [("A", "http://a.example/")]),
        ("* Trams stop. [http://a.example/ (A [pdf])]", "Trams stop.", [("A pdf", "http://a.example/")]),
        ("* Trams stop. [http://a.example/ [(A)]", "Trams stop.", [("A", "http://a.example/")]),
        ("* Trams stop. [http:/a.example/1 (A)]", "Trams stop.", [("A", "http:/a.example/1")]),
        ("* Trams stop.<ref>http://a.example/ A</ref>", "Trams stop.", [("", "http://a.example/")]),
        (
            "* Trams stop.<ref>{{cite news|url=http://a.example/|title=T|work=''A''}}</ref>",
            "Trams stop.",
            [("A", "http://a.example/")],
        ),
        ("* Trams stop. {{cite web |title=T |url=http://a.example/ }}", "Trams stop.", [("T", "http://a.example/")]),
        ("* Trams stop<!-- [http://h.example/ H] --> today.", "Trams stop today.", []),
        ("* ''Trams'' '''stop''' x<sup>2</sup>&nbsp;&amp; y<br>z", "Trams stop x2 & y z", []),
        ("* [[Image:t.jpg|thumb|A tram]] Trams stop.", "Trams stop.", []),
        ("* {{flagicon|X}} Trams {{nowrap|stop now}}.", "Trams stop now.", []),
        ("* Trams {{lang|fr|s'arrêtent}} {{fact|date=May 2006}}.", "Trams s'arrêtent .", []),
        ("* &#0;Trams &#xD800;stop", "\N{REPLACEMENT CHARACTER}Trams \N{REPLACEMENT CHARACTER}stop", []),
    ],
)
def test_bullets(bullet, headline, expected):
    entry = one(bullet)
    assert entry.headline == headline
    assert links(entry) == expected
    assert entry.headline_raw == bullet.lstrip("*")


def test_entities_are_titles_in_order_without_repeats():
    entry = one(
        "* [[Port Lorran|Lorran]]'s [[tram#History|trams]] meet [[Port Lorran]] [[:Category:Trams]] [[fr:Tram]]."
    )
    assert entry.entities == ("Port Lorran", "tram")


@pytest.mark.parametrize(
    "header",
    [
        "* [[Tram strike]]:",
        "* [[Tram strike]] ([[Operation Rail]]):",
        "* [[Tram strike]]",
        "* Tram strike in Brennick",
        "* ''[[Tram strike]]'':",
    ],
)
def test_topic_headers_are_topics_and_no_events(header):
    entry = one(f"{header}\n** Drivers walk out. [http://a.example/ (A)]")
    assert entry.headline == "Drivers walk out."
    assert len(entry.topics) == 1
    assert entry.topics[0].startswith("Tram strike")
    assert not entry.topics[0].endswith(":")


@pytest.mark.parametrize(
    "parent",
    [
        "* Drivers of the Brennick tram walk out for good.",
        "* Tram strike [http://b.example/ (B)]",
        "* The drivers of all the trams in Brennick walk out",
    ],
)
def test_parents_that_tell_something_are_events_and_no_topics(parent):
    first, second = read(f"{parent}\n** Pilots follow.")
    assert first.headline in parent
    assert (second.headline, second.topics) == ("Pilots follow.", ())


def test_nested_topics_end_where_the_outline_does():
    topics = {
        entry.headline: entry.topics
        for entry in read("* [[A]]:\n** [[B]]:\n*** Deep.\n** Middle.\n* Flat.\n:* Below flat.\n* [[C]]: With lead.")
    }
    assert topics == {
        "Deep.": ("A", "B"),
        "Middle.": ("A",),
        "Flat.": (),
        "Below flat.": (),
        "C: With lead.": ("C",),
    }


def test_stray_spaces_between_stars():
    first, second = read("* [[A]]:\n* * Inner one. [http://a.example/ (A)]\n* Outer.")
    assert (first.headline, first.topics, second.topics) == ("Inner one.", ("A",), ())


@pytest.mark.parametrize("line", [";Law and crime", "'''Law and crime'''", "==Law and crime==", "'''Law and crime:'''"])
def test_categories(line):
    first, second = read(f"* [[A]]:\n{line}\n* B is tried.\n** C too.")
    assert [(entry.category, entry.topics) for entry in (first, second)] == [("Law and crime", ())] * 2


def test_line_numbers_are_real():
    text = "<!-- two\nlines -->\n* A.<ref>{{cite web\n|url=http://a.example/\n}}</ref>\n\n* B.\n"
    assert [(entry.headline, entry.origin.line) for entry in read(text)] == [("A.", 4), ("B.", 8)]


def test_paragraphs_are_events_only_with_a_source():
    assert headlines("Nobody's words.\n* A.\nA forgotten star. [http://a.example/ (A)]\n") == [
        "A.",
        "A forgotten star.",
    ]


def test_sources_on_the_next_line_belong_to_the_bullet():
    entry = one("* Trams stop.\n[http://a.example/ (A)] [http://b.example/ (B)]\n")
    assert links(entry) == [("A", "http://a.example/"), ("B", "http://b.example/")]


def test_named_references_are_resolved():
    first, second = read('* A.<ref name="x">[http://a.example/ (A)]</ref>\n* B.<ref name=x />')
    assert links(first) == links(second) == [("A", "http://a.example/")]


def test_an_archived_copy_is_a_known_memento_of_the_citation_before_it():
    replay = "https://web.archive.org/web/20060706010203/http://a.example/1"
    entry = one(f"* A. [http://a.example/1 (A)] {{{{webarchive|url={replay}}}}}")
    (link,) = entry.sources
    assert link.identity.memento.url == replay


def test_the_newer_template():
    template = "{{Current events|year=2021|month=1|day=5|content=\n"
    (entry,) = read("'''Sport'''\n*[[Chess]]\n**A draw. [http://a.example/?a=b (A)]\n}}", header=template)
    assert (entry.key, entry.category, entry.topics) == ("2021/01/5/a-draw", "Sport", ("Chess",))
    assert entry.origin.line == 4


@pytest.mark.parametrize(
    ("name", "header", "key"),
    [
        ("2006_July_5.txt", "", "2006/07/5/a"),
        ("x/Portal:Current events 2006 July 5", "", "2006/07/5/a"),
        ("2006_July_6.txt", "{{current events header|2006|July|5}}\n", "2006/07/5/a"),
        ("a.txt", "{{Current_events_header|year=2006|month=7|day=5}}\n", "2006/07/5/a"),
    ],
)
def test_the_day(name, header, key):
    (entry,) = read("* A.", name, header)
    assert entry.key == key


def test_a_page_without_events_is_empty_not_broken():
    assert read("\n{{Current events footer}}") == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{{Current events header|2006|13|05}}\n* A.", "does not give a date"),
        ("{{Current events header|yesterday}}\n* A.", "does not give a date"),
        (HEADER + "{{a|" * 7000, "far too large"),
        (HEADER + "* " + "{{" * 900 + "}}" * 900, "nested far too deeply"),
    ],
)
def test_broken_pages(text, problem):
    with pytest.raises(EntryFileError, match=problem):
        read(text, header="")


def test_equal_beginnings_have_different_keys_in_any_order():
    start = "* " + "very " * 40
    first = {entry.headline[-4:]: entry.key for entry in read(f"{start}one.\n{start}two.")}
    again = {entry.headline[-4:]: entry.key for entry in read(f"{start}one.\n* New.\n{start}two.")}
    assert len(set(first.values())) == 2
    assert first["two."] == again["two."]


def test_interlanguage_footers_and_tables_are_no_events():
    assert headlines(
        "{|\n| * cell [http://a.example/ (A)]\n|}\n* A.\n<noinclude>\n[[ar:x]]\n</noinclude>\n[[Category:2006]]"
    ) == ["A."]
