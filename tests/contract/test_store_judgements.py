"""What pages and robots.txt were judged to be: kept with the attempt, and used for judging others."""

from dataclasses import replace
from datetime import date

import pytest

from storage.types import (
    Access,
    CaptureKind,
    Citation,
    Clue,
    Outcome,
    PageKind,
    PageVerdict,
    RobotsDecision,
    Validators,
)

STORY = "ferry aground near lind twelve people brought ashore by the coast guard"
WALL = PageVerdict(
    kind=PageKind.CONSENT_WALL,
    score=0.8125,
    clues=(
        Clue(name="asks for consent", kind=PageKind.CONSENT_WALL, weight=3.5, detail='"Accept all", 2 buttons'),
        Clue(name="one long text", kind=PageKind.ARTICLE, weight=-1.25),
    ),
    page_digest="0a" * 32,
)


@pytest.fixture
def show(make, archive):
    """Store an attempt at a document whose page showed this text."""

    def run(document, page_digest, **fields):
        page = replace(WALL, page_digest=page_digest)
        (answer,) = archive(make.result(document, attempt_fields={"page": page, **fields}))
        assert not answer.error

    return run


# -- attempts --------------------------------------------------------------------------------------------------------


def test_judgements_come_back_with_their_attempt(store, make, sources, archive):
    (document,) = sources("/a")
    robots = RobotsDecision(allowed=True, rule="Allow: /a (line 3, for *)", status=200)
    judged = make.result(
        document,
        outcome=Outcome.CONSENT_WALL,
        attempt_fields={"page": WALL, "robots": robots, "reservations": ("X-Robots-Tag: noarchive", "tdm: 1")},
    )
    refused = make.failure(
        document, Outcome.ROBOTS, robots=RobotsDecision(allowed=False, rule="Disallow: /"), started_at=make.at(hours=1)
    )
    plain = make.failure(document, started_at=make.at(hours=2))
    archive(judged, refused, plain)
    attempts = store.history(document.canonical_url).attempts
    assert [replace(one, id=None) for one in attempts] == [judged.attempt, refused.attempt, plain.attempt]
    assert (attempts[2].page, attempts[2].robots, attempts[2].reservations) == (None, None, ())


def test_hostile_words_in_a_judgement_are_stored(store, make, sources, archive):
    (document,) = sources("/a")
    hostile = "nul \0 and lone \udcff surrogate"
    page = replace(WALL, clues=(Clue(name="words", kind=PageKind.EMPTY, weight=1.0, detail=hostile),), page_digest="\0")
    robots = RobotsDecision(allowed=False, rule=hostile, status=None)
    fields = {"page": page, "robots": robots, "reservations": (hostile,)}
    (answer,) = archive(make.result(document, attempt_fields=fields))
    assert not answer.error
    (attempt,) = store.history(document.canonical_url).attempts
    assert (attempt.page, attempt.robots, attempt.reservations) == (page, robots, (hostile,))


def test_a_capture_says_how_its_connection_was_secured(store, make, sources, archive):
    (document,) = sources("/a")
    kinds = (CaptureKind.LIVE, CaptureKind.RENDERED)
    shown = [
        make.capture(document, tls=tls, kind=kind) for tls, kind in zip(("unverified: expired", ""), kinds, strict=True)
    ]
    archive(make.result(document, captures=tuple(shown)))
    assert [(one.tls, one.kind) for one in store.history(document.canonical_url).captures] == [
        ("unverified: expired", CaptureKind.LIVE),
        ("", CaptureKind.RENDERED),
    ]


# -- validators and failures -----------------------------------------------------------------------------------------


def test_a_teaser_is_no_success_and_keeps_the_validators_of_the_full_text(store, make, sources, archive):
    (document,) = sources("/a")
    archive(make.result(document, STORY, etag='"full"'))
    teaser = make.result(document, "ferry aground", Outcome.TEASER, etag='"teaser"')
    (answer,) = archive(teaser)
    assert answer.verdict is not None
    state = store.document(document.canonical_url)
    assert (state.last_outcome, state.failures, state.validators) == (Outcome.TEASER, 1, Validators(etag='"full"'))


def test_a_rendered_page_does_not_bring_the_validators_of_its_shell(store, make, sources, archive):
    (document,) = sources("/a")
    rendered = (make.capture(document), make.capture(document, kind=CaptureKind.RENDERED))
    (answer,) = archive(make.result(document, STORY, captures=rendered, etag='"shell"'))
    assert answer.verdict is not None
    state = store.document(document.canonical_url)
    assert (state.last_outcome, state.validators) == (Outcome.FETCHED, Validators())


# -- candidates ------------------------------------------------------------------------------------------------------


def test_candidates_say_how_much_of_the_text_there_is(make, sources, archive):
    (document,) = sources("/a")
    stored = make.article("Fähre auf Grund 渡轮 𝕏", access=Access.TEASER)
    archive(make.result(document, article=stored))
    seen = []
    archive(
        make.result(document, STORY),
        decide=lambda article, candidates: (seen.extend(candidates), make.undecided(article, candidates))[1],
    )
    assert [(one.access, one.length) for one in seen] == [(Access.TEASER, len(stored.body))]


# -- repeats ---------------------------------------------------------------------------------------------------------


def test_other_documents_of_the_host_that_showed_the_same_text_are_counted(store, sources, show):
    first, second, third = sources("/a", "/b", "/c")
    (elsewhere,) = sources("/d", host="lind-herald.example")
    for document in (first, second, second, elsewhere):
        show(document, "wall")
    show(third, "another wall")
    host = "harbour-post.example"
    assert store.repeats(host, "wall", document_id=first.id) == 1
    assert store.repeats(host, "wall", document_id=third.id) == 2
    assert store.repeats(host, "another wall", document_id=third.id) == 0
    assert store.repeats("lind-herald.example", "wall", document_id=elsewhere.id) == 0
    assert store.repeats("unknown.example", "wall", document_id=first.id) == 0


def test_pages_without_a_digest_repeat_nothing(store, make, sources, show, archive):
    first, second = sources("/a", "/b")
    show(first, "")
    archive(make.failure(second))
    assert store.repeats("harbour-post.example", "", document_id=second.id) == 0


def test_repeats_are_counted_up_to_ten(store, sources, show):
    first, *others = sources(*(f"/{number}" for number in range(14)))
    for number, document in enumerate(others, start=1):
        show(document, "wall")
        assert store.repeats("harbour-post.example", "wall", document_id=first.id) == min(number, 10)


# -- citations -------------------------------------------------------------------------------------------------------


def put(store, make, *entries):
    return store.put_events(entries, match=make.no_match, now=make.NOW)


def document_id(store, make, path):
    return store.document(make.identity(path).canonical_url).id


def test_citations_say_which_events_cite_a_document(store, make):
    put(
        store,
        make,
        make.entry("two", sources=(make.link(1, "/b"), make.link(2, "/a", label="BBC"))),
        make.entry("one", day=date(2006, 7, 5)),
        make.entry("gone"),
        make.entry("gone", sources=()),
    )
    store.put_loose([make.loose("/loose")], now=make.NOW)
    a, b, loose = (document_id(store, make, path) for path in ("/a", "/b", "/loose"))
    one = Citation(event_key="2006/07/5/one", event_date=date(2006, 7, 5), headline="One", label="Harbour Post")
    two = Citation(event_key="2006/07/5/two", event_date=date(2006, 7, 5), headline="Two", label="BBC")
    assert store.citations([a, b, loose, 10**6]) == {a: (one, two), b: (replace(two, label="Harbour Post"),)}
    assert store.citations([]) == {}


def test_an_event_that_cites_a_document_twice_is_told_once_with_its_first_link(store, make):
    twice = (make.link(3, "/a", label="last", cited_url="http://x.example/3"), make.link(1, "/a", label="first"))
    put(store, make, make.entry("one", sources=twice))
    (cited,) = store.citations([document_id(store, make, "/a")]).values()
    assert [one.label for one in cited] == ["first"]


def test_the_first_five_events_by_key_are_told(store, make):
    put(store, make, *(make.entry(f"e-{number}") for number in (7, 3, 5, 1, 6, 2, 4)))
    (cited,) = store.citations([document_id(store, make, "/a")]).values()
    assert [one.event_key[-1] for one in cited] == ["1", "2", "3", "4", "5"]


def test_an_edited_headline_is_the_one_that_is_told(store, make):
    put(store, make, make.entry("one"), make.entry("one", headline="Ferry refloated"))
    (cited,) = store.citations([document_id(store, make, "/a")]).values()
    assert [one.headline for one in cited] == ["Ferry refloated"]


def test_citations_of_many_documents_are_read_at_once(store, make):
    paths = [f"/{number}" for number in range(1203)]
    put(store, make, make.entry("all", sources=make.links(*paths)))
    ids = [one.id for one in store.due(make.request().selection, now=make.NOW)]
    assert store.citations(ids).keys() == set(ids)
