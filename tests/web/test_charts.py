import re
from datetime import date, timedelta

import pytest
from lxml import etree

from crawler.linkrot import Rot
from crawler.web import charts
from crawler.web.charts import Chart, Series, svg_of
from crawler.web.figures import GROUPS, coverage, link_rot, outcomes
from storage.types import HostDay, MonthCount, Outcome

SVG = "{http://www.w3.org/2000/svg}"
DAY = date(2026, 3, 1)


def chart(name="harbours", bars=3, parts=6, **fields):
    labels = tuple(f"bar {number}" for number in range(bars))
    series = tuple(
        Series(label=f"part {look}", values=tuple(number % 5 + look for number in range(bars)), look=look)
        for look in range(parts)
    )
    values = {"title": "Ships by harbour", "noun": "ships", "across": "harbour", "marks": ((0, "bar 0"),)}
    return Chart(**({"name": name, "labels": labels, "series": series} | values | fields))


@pytest.fixture(scope="module")
def tree():
    return etree.fromstring(svg_of(chart()))


def test_picture_has_nothing_that_our_pages_forbid(tree):
    names = {etree.QName(element).localname for element in tree.iter(etree.Element)}
    assert names <= {"svg", "title", "desc", "defs", "g", "path", "text", "clipPath", "rect", "pattern", "use"}
    assert not tree.xpath("//comment() | //processing-instruction()")
    for element in tree.iter(etree.Element):
        assert not {name for name in element.attrib if name == "style" or name.startswith(("on", "{"))}
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", svg_of(chart()))


def test_colours_are_words_of_the_style_sheet(tree):
    colours = set(tree.xpath("//@fill | //@stroke"))
    assert {one for one in colours if not one.startswith("url(#harbours-")} <= {"none", "currentColor"}
    assert {f"series-{look}" for look in range(6)} | {"hatch", "faint"} == set(tree.xpath("//@class"))


def test_every_series_but_the_first_has_a_pattern_of_its_own(tree):
    drawn = [one.findtext("*") or one.xpath("*[name()='path']/@d")[0] for one in tree.iter(f"{SVG}pattern")]
    assert len(set(drawn)) == len(drawn) == 5


def test_ids_are_named_by_the_chart_and_all_references_lead_somewhere(tree):
    ids = tree.xpath("//@id")
    assert len(set(ids)) == len(ids)
    assert all(one.startswith("harbours-") for one in ids)
    meant = re.findall(r'url\(#([^)]+)\)|href="#([^"]+)"', svg_of(chart()))
    assert {first or second for first, second in meant} | {"harbours-title", "harbours-desc"} == set(ids)


def test_two_charts_share_no_id():
    first, second = (set(etree.fromstring(svg_of(chart(name))).xpath("//@id")) for name in ("first", "second"))
    assert not first & second


def test_it_is_said_what_it_shows(tree):
    assert tree.get("role") == "img"
    title, desc = (tree.find(f"{SVG}{name}") for name in ("title", "desc"))
    assert tree.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    assert title.text == "Ships by harbour"
    assert desc.text.startswith("bar 0 to bar 2, 63 ships in all: 3 part 0 (5%), 6 part 1 (10%)")


def test_text_is_text_and_what_looks_like_a_tag_stays_text():
    found = svg_of(
        chart("hostile", title="<script>x</script> & $y$", series=(Series(label="a <b> $c$", values=(1, 2, 3)),))
    )
    assert "<script" not in found
    texts = ["".join(one.itertext()) for one in etree.fromstring(found).iter(f"{SVG}text")]
    assert "a <b> $c$ (100%)" in texts


def test_equal_charts_are_equal_pictures():
    first = svg_of(chart())
    svg_of.cache_clear()
    assert svg_of(chart()) == first


def test_thirty_years_of_months_stay_small():
    assert len(svg_of(chart("long", bars=360, parts=3))) < 60_000


def test_chart_of_nothing_is_drawn():
    assert "<svg" in svg_of(chart("nothing", bars=1, series=(Series(label="none", values=(0,)),)))


def test_drawing_that_fails_while_warming_up_does_no_harm(monkeypatch, caplog):
    monkeypatch.setattr(charts, "svg_of", lambda _: 1 / 0)
    charts._load()
    assert "charts cannot be drawn" in caplog.text


# -- what they show ----------------------------------------------------------------------------------------------


def month(year, number, sources=3, articles=2, archived=1):
    return MonthCount(year=year, month=number, events=1, sources=sources, articles=articles, archived=archived)


def test_months_without_sources_keep_their_place():
    made = coverage([month(2006, 11), month(2007, 2, sources=5)])
    assert made.labels == ("2006-11", "2006-12", "2007-01", "2007-02")
    assert [one.values for one in made.series] == [(1, 0, 0, 1), (1, 0, 0, 1), (1, 0, 0, 3)]
    assert [label for label, _ in made.rows] == ["2006-11", "2007-02"]


def test_centuries_are_shown_by_year_and_only_where_there_are_any():
    made = coverage([month(year, number) for year in (1, 900, 2006) for number in (1, 2)])
    assert (made.across, made.labels) == ("year", ("1", "900", "2006"))
    assert made.series[2].values == (2, 2, 2)


def test_nothing_to_show_is_no_chart():
    assert coverage([month(2006, 1, sources=0, articles=0, archived=0)]) is None
    assert link_rot({0: Rot(cited=3, live=3)}) is None
    assert outcomes([], since=DAY, until=DAY) is None


def test_every_outcome_is_in_one_group():
    grouped = [outcome for members in GROUPS.values() for outcome in members]
    assert sorted(grouped) == sorted(Outcome)


def test_attempts_are_summed_by_day_and_group():
    days = [
        HostDay(day=DAY, host=f"{outcome}.example", outcome=outcome, attempts=2)
        for outcome in (Outcome.FETCHED, Outcome.NOT_MODIFIED, Outcome.TIMEOUT)
    ]
    made = outcomes(days, since=DAY - timedelta(days=1), until=DAY)
    assert made.labels == ("2026-02-28", "2026-03-01")
    assert {one.label: one.values for one in made.series if any(one.values)} == {
        "ended well": (0, 4),
        "no good answer": (0, 2),
    }


def test_marks_below_many_bars_keep_apart():
    made = link_rot({year: Rot(cited=1, live=1) for year in range(1900, 2026)})
    assert len(made.marks) <= 16
    assert made.marks[0] == (0, "1900")


def test_looks_of_one_chart_differ():
    for made in (coverage([month(2006, 1)]), link_rot({2006: Rot(cited=1, live=1)})):
        looks = [one.look for one in made.series]
        assert len(set(looks)) == len(looks)
