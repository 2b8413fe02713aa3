"""The ways from a copy to a page: hops, archived redirects, archived errors, and the copy that an entry cites."""

from itertools import pairwise

import pytest

from storage.types import BackfillState, Outcome, SearchState

FIRST, SECOND = "20110510000000", "20110601000000"
TARGET = "http://paper.example/2011/05/quay-is-closed"


def only_attempt(world, url="http://paper.example/2011/quay"):
    (attempt,) = world.attempts(url)
    return attempt


def test_an_archived_redirect_is_followed_through_the_archives_own_index(world, attic, url):
    world.lists(attic, [FIRST, url, 301])
    world.keeps(attic, FIRST, b"", status=301, Location=TARGET)
    world.lists(attic, [SECOND, TARGET], url=TARGET)
    world.keeps(attic, SECOND, url=TARGET)
    (sought,) = world.rescue(attic)
    assert sought.state is BackfillState.RESCUED
    attempt = only_attempt(world)
    assert [(hop.url, hop.status) for hop in attempt.redirects] == [(url, 301)]
    assert attempt.final_url == TARGET
    assert [capture.status for capture in world.store.captures()] == [301, 200]
    assert world.search(attic).tried == (f"{FIRST} {url}",)


@pytest.mark.parametrize(
    ("target", "outcome", "said"),
    [
        ("http://paper.example/", Outcome.SOFT_404, "leads to the home page"),
        ("http://paper.example/2011/", Outcome.SOFT_404, "leads to a section"),
        (TARGET, Outcome.REDIRECTS, "has no copy of the redirect's target"),
        ("mailto:desk@paper.example", Outcome.REDIRECTS, "leads astray"),
    ],
)
def test_an_archived_redirect_that_leads_nowhere_is_told_so(world, attic, url, target, outcome, said):
    world.lists(attic, [FIRST, url, 302])
    world.keeps(attic, FIRST, b"", status=302, Location=target)
    world.lists(attic, url=TARGET)
    (sought,) = world.rescue(attic)
    assert sought.state is BackfillState.MISSING
    attempt = only_attempt(world)
    assert attempt.outcome is outcome
    assert said in attempt.detail
    assert len(list(world.store.captures())) == 1  # the redirect itself is evidence


def test_archived_redirects_in_a_circle_end(world, attic, url):
    world.lists(attic, [FIRST, url, 301])
    world.keeps(attic, FIRST, b"", status=301, Location=TARGET)
    world.lists(attic, [FIRST, TARGET, 301], url=TARGET)
    world.keeps(attic, FIRST, b"", url=TARGET, status=301, Location=url)
    world.rescue(attic)
    assert only_attempt(world).outcome is Outcome.REDIRECTS
    assert "in a circle" in only_attempt(world).detail


def test_more_than_three_archived_redirects_are_too_many(world, attic, url):
    chain = [url, *(f"{TARGET}-{number}" for number in range(5))]
    for here, there in pairwise(chain):
        world.lists(attic, [FIRST, here, 301], url=here)
        world.keeps(attic, FIRST, b"", url=here, status=301, Location=there)
    world.rescue(attic)
    attempt = only_attempt(world)
    assert (attempt.outcome, len(attempt.redirects)) == (Outcome.REDIRECTS, 4)


def test_a_redirect_whose_target_could_not_be_asked_for_is_no_attempt(world, attic, url):
    world.lists(attic, [FIRST, url, 301])
    world.keeps(attic, FIRST, b"", status=301, Location=TARGET)
    world.answers[attic.index_url(TARGET)] = (503, {}, b"")
    (sought,) = world.rescue(attic)
    assert sought.state is BackfillState.WAITING
    assert world.attempts() == ()


def test_a_hop_to_the_nearest_capture_is_the_same_copys_attempt(world, attic, url):
    world.lists(attic, [FIRST])
    world.answers[attic.copy_url(FIRST)] = (302, {"X-Hop": attic.copy_url(SECOND)}, b"")
    world.keeps(attic, SECOND)
    world.rescue(attic)
    assert only_attempt(world).outcome is Outcome.FETCHED
    (capture,) = world.store.captures()
    memento = capture.memento
    assert (f"{memento.requested_at:%Y%m%d%H%M%S}", f"{memento.captured_at:%Y%m%d%H%M%S}") == (FIRST, SECOND)


def test_hops_in_a_circle_end(world, attic):
    world.lists(attic, [FIRST])
    world.answers[attic.copy_url(FIRST)] = (302, {"X-Hop": attic.copy_url(SECOND)}, b"")
    world.answers[attic.copy_url(SECOND)] = (302, {"X-Hop": attic.copy_url(FIRST)}, b"")
    world.rescue(attic)
    assert only_attempt(world).outcome is Outcome.NOT_REPLAYED
    assert "back to where it came from" in only_attempt(world).detail


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(404, Outcome.GONE), (403, Outcome.BLOCKED), (503, Outcome.SERVER_ERROR), (429, Outcome.HTTP_ERROR)],
)
def test_an_archived_error_says_nothing_about_the_archive(world, attic, status, outcome):
    world.lists(attic, [FIRST], [SECOND])
    world.keeps(attic, FIRST, b"no", status=status)
    world.keeps(attic, SECOND)
    (sought,) = world.rescue(attic)
    assert sought.outcomes == {outcome: 1, Outcome.FETCHED: 1}
    attempt = world.attempts()[0]
    assert (attempt.outcome, attempt.status, attempt.detail) == (outcome, status, f"archived: HTTP {status}")
    state = world.store.host_states(["attic.example"])["attic.example"]
    assert (state.cool_down_s, state.failures) == (0, 0)


def test_further_pages_of_the_index_are_asked_each_once(world, attic, url):
    world.lists(attic, pages=("2", "2"))
    world.lists(attic, [FIRST], page="2", pages=("2",))
    world.keeps(attic, FIRST)
    world.rescue(attic)
    assert world.asked == [attic.index_url(url), attic.index_url(url, "2"), attic.copy_url(FIRST)]


def test_copies_that_were_listed_before_the_index_failed_are_tried(world, attic, url):
    world.lists(attic, [FIRST], pages=("2",))
    world.answers[attic.index_url(url, "2")] = (503, {}, b"")
    world.keeps(attic, FIRST, b"soft")
    (sought,) = world.rescue(attic)
    assert sought.outcomes == {Outcome.SOFT_404: 1}
    assert world.search(attic).state is SearchState.UNREACHABLE  # the rest of the list may name the article


# -- the copy that an entry cites ------------------------------------------------------------------------------

PAGE = "http://paper.example/2012/bridge"


def cited(world, host="attic.example"):
    memento = f"http://{host}/web/{FIRST}/{PAGE}"
    world.cites(PAGE, memento, key="2011/05/9/bridge")
    return memento


def found(reports):
    return next(one for one in reports if one.document.request_url == PAGE)


def test_a_cited_copy_is_fetched_straight_away(world, attic):
    memento = cited(world)
    world.answers[memento] = (200, {"Memento-Datetime": FIRST}, b"article")
    sought = found(world.rescue(attic))
    assert sought.state is BackfillState.RESCUED
    assert memento in world.asked
    assert attic.index_url(PAGE) not in world.asked


def test_behind_a_cited_copy_that_is_none_the_archives_are_searched(world, attic):
    memento = cited(world)
    world.answers[memento] = (200, {"Memento-Datetime": FIRST}, b"soft")
    world.lists(attic, [SECOND, PAGE], url=PAGE)
    world.keeps(attic, SECOND, url=PAGE)
    sought = found(world.rescue(attic, candidates=1))
    assert sought.outcomes == {Outcome.SOFT_404: 1, Outcome.FETCHED: 1}
    assert world.search(attic, PAGE).state is SearchState.FOUND


def test_a_cited_copy_that_could_not_be_asked_for_leaves_its_archive_for_later(world, attic, cellar):
    memento = cited(world)
    world.answers[memento] = (503, {}, b"")
    world.lists(cellar, url=PAGE)
    sought = found(world.rescue(attic, cellar))
    assert sought.state is BackfillState.WAITING
    assert [search.state for search in sought.searches] == [SearchState.UNREACHABLE, SearchState.NEVER_ARCHIVED]
    assert attic.index_url(PAGE) not in world.asked


def test_an_archive_that_nobody_configured_is_asked_for_the_cited_copy_only(world, attic):
    cited(world, "wayback.museum.example")
    world.lists(attic, url=PAGE)
    sought = found(world.rescue(attic))
    asked = [one for one in world.asked if "museum" in one]
    assert len(asked) == 1
    assert asked[0].startswith("http://wayback.museum.example/web/20110510000000")
    assert {search.archive: search.state for search in sought.searches} == {
        "wayback.museum.example": SearchState.ALL_REJECTED,
        "attic": SearchState.NEVER_ARCHIVED,
    }
    assert sought.state is BackfillState.MISSING
