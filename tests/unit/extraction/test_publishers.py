"""How publisher rules are chosen and applied, what they may be, and how a page is scrubbed."""

import re
import unicodedata
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from crawler.extraction.document import MAX_ELEMENTS, parse_page
from crawler.extraction.page import UNRULED
from crawler.extraction.publishers import PUBLISHERS, Publisher, PublisherRule, apply_rules, applying
from crawler.extraction.publishers.rule import FIELDS, meta
from crawler.extraction.publishers.scrubbing import KEPT, scrubbed

CAPTURED = datetime(2012, 5, 4, 3, 2, 1, tzinfo=UTC)
URL = "http://www.courier.example/2012/story"
RULES = [rule for publisher in PUBLISHERS for rule in publisher.rules]


def rule(name, first, last=None, **fields):
    made = {"signature": "//h1", "promises": {"headline": "(//h1)[1]"}, "body": "(//div[@id = 'text'])[1]"}
    return PublisherRule(
        name=name, since=date(first, 1, 1), valid_until=last and date(last, 12, 31), **{**made, **fields}
    )


@pytest.fixture
def courier(monkeypatch):
    """Make rules those of the only publisher."""

    def register(*rules, path=""):
        made = Publisher(name="courier", title="Courier", hosts=("courier.example",), rules=rules, path=path)
        monkeypatch.setattr(applying, "PUBLISHERS", (made,))

    return register


def parsed(markup, url=URL):
    return parse_page(f"<html><head><title>t</title></head><body>{markup}</body></html>", url, CAPTURED)


PAGE = "<h1>Tram <i>stops</i><br>at Orrin</h1><div id='text'><p class='by'>By Ada Quill</p><p>It stopped.</p></div>"


# -- choosing --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", ["http://www.tribune.example/", "http://notcourier.example/", "no address", ""])
def test_a_page_of_nobody_known_is_not_ruled(courier, url):
    courier(rule("courier-2010", 2010))
    assert apply_rules(parsed(PAGE, url)) is UNRULED


def test_a_host_below_is_the_publishers_and_a_path_elsewhere_is_not(courier):
    courier(rule("courier-2010", 2010), path=r"^/\d{4}/")
    assert apply_rules(parsed(PAGE, "http://m.courier.example/2012/x")).rule == "courier-2010"
    assert apply_rules(parsed(PAGE, "http://courier.example/quiz")) is UNRULED


def test_the_signature_decides_before_the_era(courier):
    courier(rule("courier-2001", 2001, 2005), rule("courier-2010", 2010, signature="//h1[@class = 'new']"))
    assert apply_rules(parsed(PAGE)).rule == "courier-2001"


def test_the_era_breaks_a_tie_and_then_the_newest_rule_is_taken(courier):
    courier(rule("courier-2010", 2010, 2013), rule("courier-2014", 2014))
    assert apply_rules(parsed(PAGE)).rule == "courier-2010"
    courier(rule("courier-2010", 2010), rule("courier-2011", 2011))
    assert apply_rules(parsed(PAGE)).rule == "courier-2011"


def test_a_rule_may_be_for_one_host_or_path_only(courier):
    courier(rule("courier-2010", 2010, hosts=("shop.courier.example",)), rule("courier-2011", 2011, path="/sport/"))
    assert apply_rules(parsed(PAGE)).missed == ("courier",)
    assert apply_rules(parsed(PAGE, "http://courier.example/sport/1")).rule == "courier-2011"


@pytest.mark.parametrize(
    ("host", "path", "name"),
    [
        ("www.guardian.co.uk", "/international/story/0,,2155512,00.html", "guardian"),
        ("observer.guardian.co.uk", "/world/Story/0,3604,-155512,00.html", "guardian"),
        ("www.guardian.co.uk", "/0,6961,00.html", ""),
        ("english.aljazeera.net", "/NR/exeres/3E1C2B80-6A54-4C07-9D0F-52B1A7730E91.htm", "aljazeera"),
        ("english.aljazeera.net", "/NR/rdonlyres/1.htm", ""),
    ],
)
def test_numbered_stories_are_asked_for_and_numbered_sections_are_not(host, path, name):
    found = applying.publisher_of(host, path)
    assert (found.name if found else "") == name


# -- applying --------------------------------------------------------------------------------------------------


def test_a_field_is_one_line_without_its_label(courier):
    courier(rule("courier-2010", 2010, sometimes={"byline": "(//p[@class = 'by'])[1]"}))
    found = apply_rules(parsed(PAGE)).fields
    assert found["headline"].value == "Tram stops at Orrin"
    assert (found["byline"].value, found["byline"].evidence) == ("Ada Quill", "rule courier-2010")
    assert found["byline"].confidence == applying.CONFIDENCE


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2004/11/11 16:20:13", "2004/11/11 16:20:13 GMT"),
        ("2004-11-11T16:20:13+00:00", "2004-11-11T16:20:13+00:00"),
        ("11 November 2004, 16:20 EST", "11 November 2004, 16:20 EST"),
        ("11 November 2004", "11 November 2004"),
    ],
)
def test_a_time_without_a_zone_gets_the_publishers(courier, written, said):
    courier(rule("courier-2010", 2010, sometimes={"published_at": "//b"}, zone=" GMT"))
    assert apply_rules(parsed(PAGE + f"<b>{written}</b>")).fields["published_at"].value == said


def test_a_field_inside_the_body_is_no_part_of_it(courier):
    courier(rule("courier-2010", 2010, sometimes={"byline": "(//p[@class = 'by'])[1]", "dateline": "(//div/p)[2]"}))
    ruled = apply_rules(parsed(PAGE))
    assert [element.get("id") for element in ruled.body] == ["text"]
    assert [element.text for element in ruled.dropped] == ["By Ada Quill"]


def test_of_several_paths_the_first_that_says_something_counts(courier):
    courier(rule("courier-2010", 2010, promises={"headline": ("//h2", "//h1/i", "//h1")}))
    assert apply_rules(parsed(PAGE)).fields["headline"].value == "stops"


def test_several_names_are_joined_and_repeats_go(courier):
    courier(rule("courier-2010", 2010, sometimes={"byline": "//b"}))
    ruled = apply_rules(parsed(PAGE + "<b>Ada Quill</b><b>Bo Marsh</b><b>Ada Quill</b>"))
    assert ruled.fields["byline"].value == "Ada Quill, Bo Marsh"


def test_the_last_of_several_names_may_bring_its_and(courier):
    courier(rule("courier-2010", 2010, sometimes={"byline": "//b"}))
    ruled = apply_rules(parsed(PAGE + "<b>By Ada Quill</b><b>Bo Marsh</b><b>and Cy Reed</b>"))
    assert ruled.fields["byline"].value == "Ada Quill, Bo Marsh and Cy Reed"


def test_what_a_rule_promises_and_does_not_find_is_named(courier):
    promises = {"headline": "//h1", "published_at": meta("date")}
    courier(rule("courier-2010", 2010, promises=promises, sometimes={"byline": "//h6"}, body="//section"))
    ruled = apply_rules(parsed(PAGE))
    assert ruled.missed == ("courier-2010: published_at", "courier-2010: body")
    assert set(ruled.fields) == {"headline"}
    assert (ruled.body, ruled.dropped) == ((), ())


def test_a_body_without_text_is_a_miss(courier):
    courier(rule("courier-2010", 2010))
    assert apply_rules(parsed("<h1>Tram</h1><div id='text'> \n <br></div>")).missed == ("courier-2010: body",)


def test_a_body_inside_another_counts_once(courier):
    courier(rule("courier-2010", 2010, body="//div"))
    ruled = apply_rules(parsed("<h1>Tram</h1><div id='a'>One <div id='b'>two</div></div><div id='c'>three</div>"))
    assert [element.get("id") for element in ruled.body] == ["a", "c"]


def test_a_known_publishers_page_of_no_known_layout_names_the_publisher(courier):
    courier(rule("courier-2010", 2010, signature="//h1[@class = 'new']"))
    assert (apply_rules(parsed(PAGE)).rule, apply_rules(parsed(PAGE)).missed) == ("", ("courier",))


def test_a_path_that_cannot_be_evaluated_is_a_miss(courier, monkeypatch):
    def fail(*_):
        raise etree.XPathEvalError("too deep")

    courier(rule("courier-2010", 2010))
    monkeypatch.setattr(PublisherRule, "body_in", fail)
    assert apply_rules(parsed(PAGE)).missed == ("courier",)


def test_a_flattened_or_huge_page_has_no_layout_to_look_for(courier):
    courier(rule("courier-2010", 2010))
    assert apply_rules(parsed("<div>" * 400 + PAGE)) is UNRULED
    assert apply_rules(parsed(PAGE + "<hr>" * MAX_ELEMENTS)) is UNRULED


def test_the_page_is_left_as_it_was(courier):
    courier(rule("courier-2010", 2010, dropped="//p[@class = 'by']"))
    page = parsed(PAGE)
    before = etree.tostring(page.tree)
    apply_rules(page)
    assert etree.tostring(page.tree) == before


# -- what rules may be -----------------------------------------------------------------------------------------


def test_names_are_unique_and_say_whose_they_are_and_since_when():
    names = [rule.name for rule in RULES]
    assert len(set(names)) == len(names)
    assert len({publisher.name for publisher in PUBLISHERS}) == len(PUBLISHERS)
    for publisher in PUBLISHERS:
        assert re.fullmatch(r"[a-z]+", publisher.name)
        assert all(re.fullmatch(rf"{publisher.name}-\d{{4}}", rule.name) for rule in publisher.rules)


@pytest.mark.parametrize("publisher", PUBLISHERS, ids=lambda one: one.name)
def test_eras_are_in_order(publisher):
    began = [rule.since for rule in publisher.rules]
    assert began == sorted(began)
    assert all(rule.valid_until is None or rule.since < rule.valid_until for rule in publisher.rules)


@pytest.mark.parametrize("rule", RULES, ids=lambda one: one.name)
def test_a_rule_names_known_fields_and_promises_at_least_the_headline(rule):
    assert "headline" in rule.promises
    assert {*rule.promises, *rule.sometimes} <= FIELDS
    assert not set(rule.promises) & set(rule.sometimes)


def steps(xpath):
    """The paths of an expression: conditions and calls taken out, ``(...)[1]`` from the inside written as ``ONE``."""
    rest = re.sub(r"'[^']*'", "", xpath)
    rest = re.sub(r"[a-z-]+\(", "(", rest)
    for _ in range(12):
        rest = re.sub(r"\((?:[^()])*\)\[1\]", "ONE", rest)
        rest = (
            re.sub(r"\[[^\[\]]*\]", "", rest)
            if not re.search(r"\[1\]", rest)
            else re.sub(r"\[(?!1\])[^\[\]]*\]", "", rest)
        )
        rest = re.sub(r"(?<!/)\(\)", "", rest)
    return re.split(r"\s+(?:and|or)\s+|[|,]", rest)


@pytest.mark.parametrize("xpath", sorted({xpath for rule in RULES for xpath in rule.xpaths}))
def test_no_path_can_be_made_quadratic(xpath):
    assert "preceding" not in xpath
    assert "following" not in xpath
    assert all(part.count("//") <= 1 for part in steps(xpath)), steps(xpath)


# -- scrubbing -------------------------------------------------------------------------------------------------

STORY = """<!-- S BO --><p class="intro" title="Tram stops">Tram 14 stops at Orrin, 3 May 2012 &mdash; &amp; Ada</p>
<a href="http://courier.example/2012/tram-stops-here.html">more</a><script>var x = "Tram";</script>"""


def test_structure_numbers_and_dates_stay_and_words_go():
    made = scrubbed(STORY, URL)
    for kept in (
        '<!-- S BO --><p class="intro" title="',
        " 14 ",
        " at ",
        ", 3 May 2012 &mdash; &amp; ",
        "<script></script>",
    ):
        assert kept in made
    assert '<a href="http://courier.example/2012/' in made
    for gone in ("Tram", "tram", "Orrin", "Ada", "stops"):
        assert gone not in made


def test_a_word_is_always_the_same_word_in_its_case():
    assert scrubbed("<title>TRAM Tram tram</title>", URL) == scrubbed("<title>TRAM Tram tram</title>", URL)
    upper, title, lower = re.findall(r"\w+", scrubbed("<b>TRAM Tram tram</b>", URL))[1:4]
    assert (upper.lower(), title.lower()) == (lower, lower)
    assert (upper.isupper(), title.istitle(), lower.islower()) == (True, True, True)


def test_other_pages_get_other_words():
    assert scrubbed("Orrin", URL) != scrubbed("Orrin", URL + "2")


def test_json_ld_keeps_its_shape():
    made = scrubbed(
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Tram stops", "n": [1, null],'
        f' "url": "{URL}", "datePublished": "2012-05-03T10:00:00Z"}}</script>',
        URL,
    )
    assert '"@type": "NewsArticle"' in made
    assert f'"url": "{URL}"' in made
    assert '"datePublished": "2012-05-03T10:00:00Z"' in made
    assert "Tram" not in made


def test_json_ld_that_is_none_is_emptied():
    assert scrubbed('<script type="application/ld+json">{Tram</script>', URL) == (
        '<script type="application/ld+json"></script>'
    )


@pytest.mark.parametrize("text", ["Трамвай", "電車停駛", "전차", "トラム", "ترام", "τραμ", "गाड़ी", "רכבת"])
def test_a_word_stays_in_its_script(text):
    made = scrubbed(text, URL)
    assert made != text
    assert [unicodedata.name(sign).split()[0] for sign in made] == [unicodedata.name(sign).split()[0] for sign in text]


@given(st.text(alphabet=st.sampled_from("<>!-/\"' =aBñ1&;scriptyle"), max_size=200))
def test_anything_can_be_scrubbed_and_text_keeps_its_length(source):
    made = scrubbed(source, URL)
    if not {"<", "&"} & set(source):
        assert len(made) == len(source)
    assert isinstance(made, str)


def test_the_words_that_stay_make_no_names():
    assert all(word == word.lower() and word.isalpha() for word in KEPT)
