from datetime import date
from itertools import pairwise

import pytest

from crawler.extraction.body import Hints, find_body
from crawler.extraction.body.candidates import Source
from crawler.extraction.body.choosing import _repaired, _Trial, choose
from crawler.extraction.body.shingles import Shingles
from crawler.extraction.body.topic import Topic
from crawler.extraction.page import Ruled
from storage.types import Citation

SENTENCE = "Nobody was hurt when the old ferry ran aground off the island, its owners said in a short notice."
STORY = (
    "The council voted on Tuesday to approve the budget, officials said after a debate that ended late in the night.",
    "Roads will be repaired first, the mayor told reporters, because the winter had broken many of them open again.",
    "Critics called the plan too small and asked where the money for the two village schools was going to come from.",
    "A bridge over the river Ostby stays closed until spring, and buses take the long way through the northern hills.",
    "Last year the town had to borrow from the province when a flood destroyed the harbour and most of its boats.",
    "Both parties want to meet again in March to decide on the new hospital, for which no builder has been found.",
)
PARAGRAPHS = "".join(f"<p>{text}</p>" for text in STORY)
MODERN = f"<html><body><div class=page><article class=story><h1>Budget passes</h1>{PARAGRAPHS}</article></div>"


def _choose(page, **hints):
    return choose(Source(page, Hints(**hints)))


def test_where_the_cheap_candidates_agree_nothing_more_is_tried(parsed):
    chosen = _choose(parsed(MODERN))
    assert chosen.choice.winner == "trafilatura fast"
    assert [trial.name for trial in chosen.choice.trials] == ["readable", "tables", "trafilatura fast"]
    assert chosen.evidence.startswith("trafilatura fast, agrees with ")


def test_layout_tables_ask_for_more_and_trials_carry_their_figures(parsed):
    page = parsed(f"<table><tr><td><a href=/>Home</a></td><td>{'<br><br>'.join(STORY)}</td></tr></table>")
    chosen = _choose(page)
    assert "trafilatura" in [trial.name for trial in chosen.choice.trials]
    winner = next(trial for trial in chosen.choice.trials if trial.name == chosen.choice.winner)
    assert winner.words > 90
    assert winner.score > 0.9
    assert winner.note.startswith("agreement 1.00")
    assert chosen.blocks == STORY


def test_paragraphs_that_run_together_do_not_win_by_agreement(parsed):
    paragraphs = tuple(f"{text} {more}" for text, more in pairwise(STORY))
    chosen = _choose(parsed(f"<font face=arial size=2>{'<br><br>'.join(paragraphs)}</font>"))
    assert chosen.blocks == paragraphs
    together = [trial for trial in chosen.choice.trials if trial.note.endswith("paragraphs run together")]
    apart = next(trial for trial in chosen.choice.trials if trial.name == chosen.choice.winner)
    assert together
    assert all(trial.words > 0.9 * apart.words and trial.score < 0.6 * apart.score for trial in together)


def test_the_publisher_s_rule_is_taken_and_no_library_asked(parsed):
    page = parsed(f"<div id=story>{PARAGRAPHS}</div><p>{SENTENCE} And more of it.</p>")
    ruled = Ruled(rule="paper-2004", missed=("paper-2004: byline",), body=(page.tree.get_element_by_id("story"),))
    chosen = _choose(page, ruled=ruled)
    assert chosen.blocks == STORY
    assert (chosen.choice.winner, chosen.choice.rule) == ("rule", "paper-2004")
    assert chosen.choice.missed == ("paper-2004: byline",)
    assert [trial.name for trial in chosen.choice.trials] == ["rule", "readable", "tables"]


def test_a_rule_that_finds_too_little_is_not_believed(parsed):
    page = parsed(f"<p id=teaser>Short text.</p><div>{PARAGRAPHS}</div>")
    ruled = Ruled(rule="paper-2004", body=(page.tree.get_element_by_id("teaser"),))
    chosen = _choose(page, ruled=ruled)
    assert chosen.blocks == STORY
    assert chosen.choice.winner != "rule"
    assert "the rule has only 2 of" in chosen.choice.why


def test_a_short_rule_is_believed_where_it_is_about_the_headline(parsed):
    page = parsed(
        f"<div id=story><p>{STORY[0]} {STORY[1]}</p></div><div>{PARAGRAPHS.replace('council', 'club') * 4}</div>"
    )
    ruled = Ruled(rule="paper-2004", body=(page.tree.get_element_by_id("story"),))
    assert _choose(page, ruled=ruled, headline="Council approves budget").choice.winner == "rule"


def test_a_candidate_with_a_twentieth_of_the_words_never_wins(parsed):
    chosen = _choose(parsed(f"<article>{f'<p>{STORY[0]}</p>' * 20}</article>"))
    assert chosen.blocks == STORY[:1] * 20


def test_a_list_that_is_announced_comes_back_if_one_candidate_has_it():
    told = ("The minister listed what would be done:", *STORY[1:])
    items = ("- the two campsites on the shore will close", "- sirens will be tested at six")
    winner = Shingles(told)
    other = _Trial(name="readable", blocks=(), shingles=Shingles((told[0], *items, *told[1:])), words=9, topic=0.0)
    witness = _Trial(name="tables", blocks=(), shingles=Shingles(told), words=9, topic=0.0)
    assert _repaired(winner.blocks, [other, witness]) == (told[0], *items, *told[1:])
    unannounced = Shingles((STORY[0], *told[1:]))
    other = _Trial(name="readable", blocks=(), shingles=Shingles((STORY[0], *items, *told[1:])), words=9, topic=0.0)
    assert _repaired(unannounced.blocks, [other, witness]) == (STORY[0], *told[1:])


@pytest.mark.parametrize("mark", ["Page 1 of 3", "1 2 3 Next", "Next page &gt; Page 1 of 3"])
def test_a_pager_is_cut_and_said(parsed, mark):
    chosen = _choose(parsed(f"<article>{PARAGRAPHS}<p>{mark}</p></article>"))
    assert chosen.blocks == STORY
    assert mark not in find_body(parsed(f"<article>{PARAGRAPHS}<p>{mark}</p></article>"), Hints()).text


def test_a_page_without_any_story_gives_nothing(parsed):
    body = find_body(parsed("<img src=a.gif>"), Hints())
    assert (body.blocks, body.choice.winner, body.evidence) == ((), "", "")
    names = [trial.name for trial in body.choice.trials]
    assert names == ["readable", "tables", "trafilatura fast", "trafilatura", "long lines"]
    assert not any(trial.words for trial in body.choice.trials)


def test_short_texts_on_their_own_are_found_by_somebody(parsed):
    body = find_body(parsed("<p>He sailed in the morning and nobody saw him again on the island.</p>"), Hints())
    assert body.blocks == ("He sailed in the morning and nobody saw him again on the island.",)


def test_the_topic_is_that_of_headline_and_citations():
    citation = Citation(event_key="k", event_date=date(2009, 3, 5), headline="Ferry capsizes off Ostby")
    assert Topic(Hints(citations=(citation,))).share(["The ferry near Ostby were stopped."]) == pytest.approx(2 / 3)
    assert Topic(Hints(headline="地震情報")).share(["地震の情報"]) == pytest.approx(2 / 3)
    assert Topic(Hints()).share(["Anything"]) == 0.0


def test_what_one_candidate_lost_and_two_others_have_comes_back():
    def trial(name, blocks):
        return _Trial(name=name, blocks=blocks, shingles=Shingles(blocks), words=9, topic=0.0)

    others = [trial("readable", STORY), trial("tables", STORY)]
    assert _repaired(Shingles(STORY[:2] + STORY[3:]).blocks, others) == STORY
    assert _repaired(Shingles(STORY[1:]).blocks, others) == STORY
    alone = [trial("readable", STORY), trial("tables", STORY[1:])]
    assert _repaired(Shingles(STORY[1:]).blocks, alone) == STORY[1:]
