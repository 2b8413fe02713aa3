"""Backfill from a real web archive: pywb over captures of every kind, each accepted or rejected for its reason."""

import pytest
from archive_desk import NEXT_DOOR, arrange, articles, backfill_all, beside, expected_of, looked, story_of
from archive_files import warc
from archive_pages import WORLD, case, shots, table
from pywb_archive import PywbArchive

from storage.types import BackfillState

KEPT = tuple(cited for cited in WORLD if not cited.excluded)


@pytest.fixture(scope="module")
def archive(pywb, tmp_path_factory):
    home = tmp_path_factory.mktemp("pywb")
    path = home / "news.warc.gz"
    path.write_bytes(warc(shots(KEPT))[0])
    with PywbArchive(pywb, home, [path]) as running:
        yield running


@pytest.fixture(scope="module")
def rescued(archive, make_desk):
    """A library after one backfill of everything that it cites."""
    desk = make_desk("rescued")
    arrange(desk, archives={NEXT_DOOR: beside(archive)})
    desk.import_table(table(KEPT))
    backfill_all(desk)
    return desk


@pytest.mark.parametrize("cited", KEPT, ids=lambda cited: cited.name)
def test_each_copy_is_accepted_or_rejected_for_its_reason(rescued, cited):
    assert story_of(rescued, cited) == expected_of(cited, NEXT_DOOR)


def test_every_rejection_says_why(rescued):
    reasons = {
        attempt.outcome.value: attempt.detail
        for cited in KEPT
        for attempt in rescued.attempts(cited.url)
        if attempt.outcome not in {"fetched", "teaser"}
    }
    assert set(reasons) == {"soft_404", "redirects", "consent_wall", "unrelated"}
    assert all(reasons.values()), reasons
    assert "home page" in next(one.detail for one in rescued.attempts(case("redirect to the home page").url))


def test_what_was_accepted_says_what_it_covers(rescued):
    for cited in KEPT:
        for attempt in rescued.attempts(cited.url):
            if attempt.outcome == "fetched":
                assert attempt.coverage.accepted, cited.name
                assert attempt.coverage.found, cited.name
                assert attempt.page.kind == "article", cited.name
            if attempt.outcome == "unrelated":
                assert not attempt.coverage.accepted
                assert {"chimney", "council"} <= set(" ".join(attempt.coverage.missing).split())


def test_the_words_are_those_of_the_page(rescued):
    texts = articles(rescued)
    assert "déposé une barque de pêche au premier balcon" in texts[case("cp1252 without a charset").url]
    assert "a bus driver from Dunmere" in texts[case("gzip under an empty content-encoding").url].replace(
        "A bus", "a bus"
    )
    assert "copper roof" in texts[case("revisit of an equal payload").url]
    assert "mail steamer Orlanda" in texts[case("archived redirect").url]


def test_documents_are_rescued_or_missing(rescued):
    for cited in KEPT:
        state = rescued.history(cited.url).backfill.state
        assert state is (BackfillState.RESCUED if cited.accepted else BackfillState.MISSING), cited.name


def test_the_library_is_sound_and_a_second_backfill_asks_nothing(rescued, archive):
    assert rescued.problems() == []
    before = len(archive.asked())
    made = {cited.url: looked(rescued, cited.url) for cited in KEPT}
    rescued.run("backfill")
    assert len(archive.asked()) == before
    assert {cited.url: looked(rescued, cited.url) for cited in KEPT} == made


def test_all_versions_keeps_every_distinct_copy(archive, desk):
    cited = case("captured several times")
    arrange(desk, archives={NEXT_DOOR: beside(archive)})
    desk.import_table(table([cited]))
    backfill_all(desk, "--versions")
    # The second copy is the first one's bytes; the last is a 404.
    assert [one.last for one in looked(desk, cited.url)] == ["20040313090210", "20070618031200"]
    (search,) = desk.history(cited.url).searches
    assert search.state == "found"


def test_the_same_archive_by_timemap_and_memento(archive, desk):
    cited = [case("captured several times"), case("soft 404 nearest"), case("never archived")]
    place = beside(archive, kind="memento", index_url=f"{archive.base}timemap/link/")
    place.pop("dialect")
    arrange(desk, archives={NEXT_DOOR: place})
    desk.import_table(table(cited))
    backfill_all(desk)
    assert [story_of(desk, one) for one in cited] == [expected_of(one, NEXT_DOOR) for one in cited]
