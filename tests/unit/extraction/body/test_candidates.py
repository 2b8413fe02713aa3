import pytest

from crawler.extraction.body import Hints
from crawler.extraction.body.boxes import without_boxes
from crawler.extraction.body.candidates import CANDIDATES, RULE, Source
from crawler.extraction.body.candidates.libraries import by_default, by_fast
from crawler.extraction.body.candidates.readable import best_element, by_mass
from crawler.extraction.body.candidates.tables import by_runs
from crawler.extraction.body.pager import pager_of
from crawler.extraction.body.shingles import Shingles
from crawler.extraction.page import Ruled

SENTENCE = "Nobody was hurt when the old ferry ran aground off the island, its owners said in a short notice."
STORY = (
    "The council voted on Tuesday to approve the budget, officials said after a debate that ended late in the night.",
    "Roads will be repaired first, the mayor told reporters, because the winter had broken many of them open again.",
    "Critics called the plan too small and asked where the money for the two village schools was going to come from.",
    "A bridge over the river Ostby stays closed until spring, and buses take the long way through the northern hills.",
    "Last year the town had to borrow from the province when a flood destroyed the harbour and most of its boats.",
    "Both parties want to meet again in March to decide on the new hospital, for which no builder has been found.",
)
MENU = "".join(f"<a href=/{name}>{name}</a><br>" for name in ("Home", "World", "Sport", "Weather", "Archive"))
CELLS = (
    f"<table><tr><td width=120>{MENU}</td><td><table><tr><td><font size=5><b>Budget passes</b></font><br>"
    f"{'<br><br>'.join(STORY[:3])}<table><tr><td><b>Read also</b><br><a href=/x>Ferry stopped</a></td></tr></table>"
    f"{'<br><br>'.join(STORY[3:])}</td></tr></table></td><td>{MENU}</td></tr></table>"
)


@pytest.fixture
def source(parsed):
    def read(html, **hints):
        return Source(parsed(html), Hints(**hints))

    return read


def test_every_candidate_has_its_own_name():
    assert len({candidate.name for candidate in CANDIDATES}) == len(CANDIDATES)


@pytest.mark.parametrize("find", [by_mass, by_runs])
def test_the_story_of_a_layout_table_is_found_without_its_menus(source, find):
    blocks = find(source(CELLS))
    assert tuple(block for block in blocks if len(block) > 40) == STORY
    assert not {"Home", "Sport", "Read also"} & set(blocks)


def test_depth_costs_nothing(source):
    deep = "".join(f"<div><span><div><div><p>{text}</p></div></div></span></div>" for text in STORY)
    assert by_mass(source(f"<p>{SENTENCE}</p><main>{deep}</main>")) == STORY


def test_a_story_does_not_swallow_the_fewer_comments_beside_it(source):
    story = "".join(f"<p>{text}</p>" for text in STORY)
    page = source(
        f"<div><div id=story>{story}</div><div><p>{SENTENCE} I agree.</p><p>{SENTENCE} Me too.</p></div></div>"
    )
    assert best_element(page.pieces).get("id") == "story"


def test_a_page_without_prose_has_no_best_element(source):
    page = source(MENU)
    assert best_element(page.pieces) is None
    assert by_mass(page) == by_runs(page) == ()


def test_a_box_of_many_links_does_not_end_the_story(source):
    box = "".join(f"<li><a href=/{number}>Another story of this week</a></li>" for number in range(30))
    first, second = (f"<p>{text}</p>" * 2 for text in (" ".join(STORY[:3]), " ".join(STORY[3:])))
    assert len(by_runs(source(f"{first}<ul>{box}</ul>{second}"))) == 4


def test_prose_far_below_the_story_is_not_taken(source):
    html = "".join(f"<p>{text}</p>" for text in STORY) + "".join(f"<div>Label {n}</div>" for n in range(9))
    assert by_runs(source(f"{html}<p>{SENTENCE}</p>")) == STORY


def test_the_library_reads_layout_tables(source):
    assert by_default(source(f"<table><tr><td>{MENU}</td><td>{'<br><br>'.join(STORY)}</td></tr></table>")) == STORY


def test_the_fast_mode_is_not_tried_on_layout_tables(source):
    assert by_fast(source(CELLS)) == ()
    assert len(by_fast(source("<article>" + "".join(f"<p>{text}</p>" for text in STORY) + "</article>"))) == 6


def test_the_rule_gives_what_it_points_at(parsed):
    page = parsed(f"<div id=story><p>{STORY[0]}</p><p id=ad>Buy</p></div><p>{STORY[1]}</p>")
    story, ad = page.tree.get_element_by_id("story"), page.tree.get_element_by_id("ad")
    ruled = Ruled(rule="paper-2004", body=(story,), dropped=(ad,))
    assert RULE.find(Source(page, Hints(ruled=ruled))) == (STORY[0],)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("Page 1 of 3", "page 1 of 3"),
        ("Seite 2 von 4 | weiter", "page 2 of 4"),
        ("Страница 1 из 2", "page 1 of 2"),
        ("第1页/共3页", "page 1 of 3"),
        ("1 | 2 | 3 | Next page", "one of several pages"),
        ("Pages: 1 2 3 4 next >", "one of several pages"),
    ],
)
def test_pagers_are_recognised(line, says):
    assert pager_of([*STORY, line]) == (says, frozenset({6}))


@pytest.mark.parametrize(
    "line", ["Page one of the report says so.", "1", "12 people died.", "Won 1, lost 2, drew 3 games."]
)
def test_other_lines_are_no_pager(line):
    assert pager_of([*STORY, line]) == ("", frozenset())


def test_rows_of_numbers_in_the_story_are_no_pager():
    assert pager_of(["Team | 1 | 2 | 3", *STORY, *STORY]) == ("", frozenset())


def test_lines_that_repeat_are_cut_and_stories_told_twice_are_not():
    assert without_boxes([STORY[0], "Scroll on", STORY[1], "Scroll on", STORY[2], "Scroll on"])[0] == STORY[:3]
    kept, cuts = without_boxes([*STORY, *STORY])
    assert kept == STORY
    assert len(cuts) == 6
    assert without_boxes([*STORY, *STORY, *STORY])[0] == STORY
    assert without_boxes(STORY[:1] * 20) == (STORY[:1] * 20, ())


def test_where_all_is_one_sentence_a_run_of_digits_is_not_the_story():
    blocks = (*STORY[:1] * 20, "2006-07-" * 2000)
    assert without_boxes(blocks) == (blocks, ())


def test_shingles_measure_agreement_whatever_the_paragraphs():
    whole, parted = Shingles([" ".join(STORY)]), Shingles(STORY)
    assert parted.agreement(whole) > 0.9
    assert all(whole.has(block) for block in parted.blocks)
    assert not parted.has(Shingles(["Nobody was hurt when the old bridge over the river fell."]).blocks[0])
    assert Shingles(()).agreement(Shingles(())) == 0.0
    assert Shingles(["two words", "地震"]).words == 4
