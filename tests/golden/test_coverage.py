"""Taking archived copies for the cited page: floors of precision and recall on the labelled set, which may only rise.

A case is an article and what one event entry says. `entries` cite the article; `others` happened on the same days in
the same places, `sequels` belong to the same story on another day; every other story's entries are the far ones.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from crawler.classify.coverage import coverage_of
from storage.types import Article, Citation, Coverage, DatedTime, DatePrecision

HERE = Path(__file__).parent / "coverage"
PARTS = ("english", "languages")
UNLIKE_LATIN = {"ru", "ar", "zh", "ja", "ko"}

# Recall, with the article's date and without.
TAKEN_FLOOR = {True: 1.0, False: 0.97}
# Of the entries of other stories: how many are kept out. All stories play in the same few countries; in other languages
# only names can tell them apart, and those of one day are the hardest.
KEPT_OUT_FLOOR = {"english": 0.99, "languages": 0.99}
SAME_DAY_FLOOR = {"english": 0.97, "languages": 0.89}
NEAR_FLOOR = {"english": 0.89, "languages": 1.0}
# An event of the same story has the same names and most of the same words: what keeps it out is mostly chance.
SEQUEL_FLOOR = 0.15
PRECISION_FLOOR = 0.99


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    name: str
    part: str
    day: date
    label: str
    headline: str
    body: str
    entries: list[str]
    lang: str = "en"
    others: list[str] = field(default_factory=list)
    sequels: list[str] = field(default_factory=list)
    sequel_of: str = ""

    @property
    def story(self) -> str:
        return self.sequel_of or self.name

    def article(self, *, dated: bool = True) -> Article:
        noon = datetime.combine(self.day, time(12), UTC)
        published = DatedTime(value=noon, precision=DatePrecision.MINUTE, evidence="golden") if dated else None
        return Article(headline=self.headline, body=self.body.strip(), language=self.lang, published_at=published)

    def covers(self, headline: str, *, day: date | None = None, dated: bool = True) -> Coverage:
        """What comes of it, with the event on the article's own day where none is given."""
        citation = Citation(event_key="key", event_date=day or self.day, headline=headline, label=self.label)
        return coverage_of(self.article(dated=dated), (citation,))


def stories() -> list[Story]:
    return [
        Story(part=part, **story)
        for part in PARTS
        for story in tomllib.loads((HERE / f"{part}.toml").read_text(encoding="utf-8"))["stories"]
    ]


STORIES = stories()


def cases(kind: str, part: str | None = None) -> list[tuple[Story, str]]:
    return [(story, one) for story in STORIES if part in {None, story.part} for one in getattr(story, kind)]


def comparable(story: Story, headline: str) -> bool:
    """Both in Latin letters or neither."""
    return (story.lang in UNLIKE_LATIN) != headline.isascii()


def far(part: str) -> list[tuple[Story, str, date]]:
    """Every article with every entry of the other stories and its day, as far as their scripts can be compared."""
    return [
        (story, one, other.day)
        for story in STORIES
        if story.part == part
        for other in STORIES
        if other.story != story.story
        for one in other.entries
        if comparable(story, one) and (story.lang not in UNLIKE_LATIN or other.lang == story.lang)
    ]


def share(results: list[bool]) -> float:
    return sum(results) / len(results)


def test_the_set_is_large_enough_and_its_stories_have_names_of_their_own():
    assert len(cases("entries")) >= 60
    assert len(cases("others")) >= 50
    assert len({story.name for story in STORIES}) == len(STORIES)


@pytest.mark.parametrize("dated", [True, False], ids=["dated", "undated"])
@pytest.mark.parametrize("part", PARTS)
def test_the_cited_articles_are_taken(part, dated):
    wrong = [
        (story.name, one, found.detail)
        for story, one in cases("entries", part)
        if not (found := story.covers(one, dated=dated)).accepted
    ]
    assert 1 - len(wrong) / len(cases("entries", part)) >= TAKEN_FLOOR[dated], wrong


@pytest.mark.parametrize("part", PARTS)
def test_entries_of_other_stories_are_kept_out(part):
    taken = [(story.name, one) for story, one, day in far(part) if story.covers(one, day=day).accepted]
    assert 1 - len(taken) / len(far(part)) >= KEPT_OUT_FLOOR[part], taken


@pytest.mark.parametrize("part", PARTS)
def test_entries_of_other_stories_are_kept_out_also_where_the_day_is_the_same(part):
    taken = [(story.name, one, story.covers(one).detail) for story, one, _ in far(part) if story.covers(one).accepted]
    assert 1 - len(taken) / len(far(part)) >= SAME_DAY_FLOOR[part], taken


@pytest.mark.parametrize("part", PARTS)
def test_other_events_of_the_same_day_and_place_are_kept_out(part):
    near = [(story, one) for story, one in cases("others", part) if comparable(story, one)]
    taken = [(story.name, one, story.covers(one).detail) for story, one in near if story.covers(one).accepted]
    assert 1 - len(taken) / len(near) >= NEAR_FLOOR[part], taken


def test_some_of_the_same_story_on_another_day_is_told_apart():
    assert share([not story.covers(one).accepted for story, one in cases("sequels")]) >= SEQUEL_FLOOR


@pytest.mark.parametrize("part", PARTS)
def test_what_is_taken_is_right(part):
    """As many wrong cases as right ones, by weight: the precision that a reader of the library sees."""
    right = share([story.covers(one).accepted for story, one in cases("entries", part)])
    wrong = share([story.covers(one, day=day).accepted for story, one, day in far(part)])
    assert right / (right + wrong) >= PRECISION_FLOOR


def test_every_judgement_can_be_read():
    for story, one in [*cases("entries"), *cases("others")]:
        found = story.covers(one)
        assert "words of the" in found.detail
        assert "published on the day" in found.detail
        assert found.event_key == "key"
