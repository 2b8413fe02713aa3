"""Everything that an article says comes back as it was, and what its publisher's rules did is counted."""

from dataclasses import fields, replace

import pytest

from storage.placing import differing_fields
from storage.types import (
    Access,
    Article,
    BodyChoice,
    BodyTrial,
    Contributor,
    ContributorKind,
    Cut,
    LiveEntry,
    MediaItem,
    Medium,
    RuleHealth,
)


@pytest.fixture
def told(make):
    """An article of which every field says something."""
    return make.article(
        "ferry aground near lind",
        modified_at=make.dated(make.at(hours=3)),
        language="en",
        site_name="Harbour Post",
        declared_url="https://harbour-post.example/a",
        lead_image_url="https://harbour-post.example/a.jpg",
        lead_image_caption="The ferry on the bar \0\udcff",
        lead_image_credit="Ada Quill",
        agency="AP",
        dateline="LIND (AP)",
        access=Access.TEASER,
        agency_own=True,
        standfirst="All twelve are safe",
        section="Coast",
        keywords=("ferry", "coast \0 \udcff"),
        contributors=(
            Contributor(name="Mara Lind", role="harbour correspondent"),
            Contributor(name="AP", kind=ContributorKind.AGENCY),
        ),
        corrections=("An earlier version named the wrong ferry.",),
        medium=Medium.LIVE_BLOG,
        entries=(
            LiveEntry(body="Aground.", headline="First", posted_at=make.dated(make.NOW), clock="12:00"),
            LiveEntry(body="Afloat."),
        ),
        media=(
            MediaItem(
                medium=Medium.VIDEO, name="Rescue", description="From the air", url="http://v.example", seconds=9
            ),
            MediaItem(medium=Medium.DOCUMENT, pages=3),
        ),
        confidence={"headline": 0.97, "byline": 1 / 3},
        choice=BodyChoice(
            winner="precision",
            why="agrees with tables 0.9",
            trials=(BodyTrial(name="precision", words=5, score=0.1 + 0.2, note="5 words"),),
            cuts=(Cut(text="Subscribe", reason="newsletter", place="bottom"),),
            rule="harbour-2026",
            missed=("harbour-2026: byline", "harbour"),
        ),
        edge_lines=(-(2**63), 2**63 - 1),
    )


def as_read(article):
    return replace(article, keys={}, edge_lines=(), lead_image_caption="The ferry on the bar ��")


@pytest.fixture
def put(store, make, sources):
    def run(article, path="/a", host="harbour-post.example", **capture):
        (document,) = sources(path, host=host)
        shown = make.capture(document, **capture)
        (answer,) = store.archive(
            [make.result(document, captures=(shown,), article=article)], decide=make.undecided, now=make.NOW
        )
        assert not answer.error
        return answer

    return run


def test_every_field_comes_back(store, told, put, is_memory):
    assert {one.name for one in fields(Article) if getattr(told, one.name) == one.default} == set()
    put(told)
    ((version, _, _),) = store.versions()
    assert version.article == (replace(told, keys={}, edge_lines=()) if is_memory else as_read(told))


@pytest.fixture
def is_memory(store):
    return store.info().backend == "memory"


def test_what_is_staged_comes_back_whole(store, told, put, make, staged_of):
    answer = put(make.article("ferry"))
    store.stage_reextractions([staged_of(answer.version_id, told)])
    assert store.staged_reextractions("2", [answer.version_id])[answer.version_id].article == told


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"edge_lines": (1, 2)}, ()),
        ({"confidence": {"headline": 0.5}}, ("confidence",)),
        ({"choice": BodyChoice(winner="tables")}, ("choice",)),
        ({"standfirst": "other", "section": "other"}, ("standfirst", "section")),
        ({"keys": {"words": (1,)}}, ("keys",)),
    ],
)
def test_each_field_that_differs_is_named_once_and_edge_lines_never(told, change, names):
    assert set(differing_fields(told, replace(told, **change))) == set(names)


def test_edge_lines_alone_are_replaced_without_a_change(store, told, put):
    answer = put(told)
    ((before, _, document),) = store.versions()
    fresh = replace(before.article, keys=told.keys, edge_lines=(5,))
    assert store.reextract(answer.version_id, fresh, now=before.extracted_at) == ()
    assert next(store.versions())[0] == before
    known = store.familiar_lines(document.host, [5, *told.edge_lines], document_id=document.id + 1)
    assert known == {5: 1}


# -- rules -----------------------------------------------------------------------------------------------------------


def test_rules_and_what_they_missed_are_counted_per_host(store, make, put):
    def ruled(text, rule="", *missed):
        return make.article(text, choice=BodyChoice(rule=rule, missed=missed))

    old, new = {"captured_at": make.at(days=-30)}, {"captured_at": make.at(days=-1)}
    put(ruled("a", "harbour-2026", "harbour-2026: byline"), "/a", **old)
    put(ruled("b", "harbour-2026", "harbour-2026: byline", "harbour-2026: section"), "/b", **new)
    put(ruled("c", "harbour-2003"), "/c", **old)
    put(ruled("d", "", "lind"), "/d", host="lind-herald.example", **new)
    put(ruled("e"), "/e", **new)
    harbour, lind, recent, past = "harbour-post.example", "lind-herald.example", make.at(days=-1), make.at(days=-30)
    assert list(store.rule_health()) == [
        RuleHealth(host=harbour, rule="harbour-2003", versions=1, latest=past),
        RuleHealth(host=harbour, rule="harbour-2026", versions=2, latest=recent),
        RuleHealth(host=harbour, missed="harbour-2026: byline", versions=2, latest=recent),
        RuleHealth(host=harbour, missed="harbour-2026: section", versions=1, latest=recent),
        RuleHealth(host=lind, missed="lind", versions=1, latest=recent),
    ]
    assert [(one.rule, one.missed, one.versions) for one in store.rule_health(since=make.at(days=-2))] == [
        ("harbour-2026", "", 1),
        ("", "harbour-2026: byline", 1),
        ("", "harbour-2026: section", 1),
        ("", "lind", 1),
    ]
