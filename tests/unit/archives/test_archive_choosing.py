from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.archives import CdxRecord, Window, clean, ranked

NEAR = datetime(2006, 7, 5, tzinfo=UTC)
WINDOW = Window(since=NEAR - timedelta(days=2), until=NEAR + timedelta(days=1826), near=NEAR)
URL = "http://harbour.example/news/ferry"


def at(days, status=200, url=URL, media_type="text/html", **fields):
    moment = NEAR + timedelta(days=days)
    return CdxRecord(
        timestamp=f"{moment:%Y%m%d%H%M%S}", captured_at=moment, url=url, status=status, media_type=media_type, **fields
    )


def revisit(days, **fields):
    return at(days, status=None, media_type="", revisit=True, **fields)


def test_the_same_row_counts_once_wherever_it_stands():
    rows = [at(1, digest="A"), at(1, digest="A"), at(2, digest="B"), at(1, digest="A")]
    assert clean(rows) == (rows[0], rows[2])


def test_rows_of_one_moment_are_one_copy_that_knows_all_its_digests():
    (one,) = clean([at(1, status=301, digest="A"), at(1, digest="B"), at(1, status=None, digest="C")])
    assert (one.status, one.digest, one.other_digests) == (200, "B", ("A", "C"))


def test_copies_come_by_time():
    assert [record.timestamp for record in clean([at(3), at(1), at(2)])] == [
        at(1).timestamp,
        at(2).timestamp,
        at(3).timestamp,
    ]


def test_a_revisit_is_resolved_by_a_row_that_comes_later():
    early, late = clean([revisit(1, digest="A"), at(2, digest="A")])
    assert (early.status, early.media_type, early.revisit) == (200, "text/html", True)
    assert late.revisit is False


def test_a_revisit_of_a_page_that_was_gone_is_no_candidate():
    rows = clean([at(1, status=404, digest="A"), revisit(2, digest="A"), revisit(3, digest="B")])
    assert [record.digest for record in ranked(rows, WINDOW)] == ["B"]


def test_where_a_digest_has_several_statuses_the_same_address_and_then_the_time_decide():
    other = "http://harbour.example/news/FERRY"
    rows = [
        at(1, status=301, digest="A"),
        at(9, digest="A"),
        at(3.9, status=404, url=other, digest="A"),
        revisit(4, digest="A"),
    ]
    assert next(record for record in clean(rows) if record.revisit).status == 301


def test_pages_come_before_revisits_before_redirects_and_errors_never():
    rows = [at(1, status=301, digest="A"), revisit(2, digest="B"), at(900, digest="C")]
    rows += [
        at(0, status=404),
        at(0.1, status=503),
        at(0.2, status=204),
        at(0.3, media_type="image/png"),
        at(0.4, status=429),
    ]
    assert [record.digest for record in ranked(rows, WINDOW)] == ["C", "B", "A"]


def test_a_page_of_unknown_type_or_unknown_status_is_worth_a_try():
    rows = [at(1, media_type=""), at(2, status=None), at(3, media_type="application/xhtml+xml")]
    assert len(ranked(rows, WINDOW)) == 3


def test_the_nearest_copy_is_the_best_and_never_the_newest():
    rows = [at(30, digest="A"), at(-0.5, digest="B"), at(2, digest="C"), at(1800, digest="D")]
    assert [record.digest for record in ranked(rows, WINDOW)] == ["B", "C", "A", "D"]


def test_a_copy_from_before_publication_comes_last():
    rows = [at(-1.5, digest="A"), at(1000, digest="B"), at(5, status=301, digest="C")]
    assert [record.digest for record in ranked(rows, WINDOW)] == ["B", "C", "A"]


def test_copies_outside_the_window_are_none():
    assert ranked([at(-3), at(1827)], WINDOW) == ()
    assert len(ranked([at(-3), at(1827)], Window())) == 2


def test_of_copies_with_one_digest_only_the_best_stands_before_the_others():
    rows = [at(1, digest="A"), at(2, digest="A"), at(3, digest="B"), at(4), at(5)]
    chosen = [record.timestamp for record in ranked(rows, WINDOW)]
    assert chosen == [at(days).timestamp for days in (1, 3, 4, 5, 2)]


def test_without_a_moment_the_earliest_is_the_best():
    rows = [at(3, digest="A"), at(1, digest="B")]
    assert [record.digest for record in ranked(rows, Window())] == ["B", "A"]


@pytest.mark.parametrize(
    ("cited", "best"),
    [("http://harbour.example/news/ferry", "A"), ("http://harbour.example/News/Ferry", "C"), ("", "B")],
)
def test_the_address_as_it_is_cited_is_preferred_under_one_surt(cited, best):
    rows = [at(5, digest="A"), at(1, url="https://harbour.example/NEWS/ferry", digest="B")]
    rows.append(at(7, url="https://www.harbour.example/News/Ferry", digest="C"))
    assert ranked(rows, WINDOW, url=cited)[0].digest == best


def test_scheme_and_www_do_not_make_another_address():
    rows = [at(5, digest="A"), at(1, url="https://www.harbour.example/news/ferry/", digest="B")]
    assert [record.digest for record in ranked(rows, WINDOW, url=URL)] == ["B", "A"]


def test_all_versions_are_one_copy_per_digest_by_time():
    rows = [
        at(9, digest="B"),
        at(1, digest="A"),
        at(5, digest="A"),
        at(3, status=301, digest="C"),
        at(4, status=404, digest="D"),
    ]
    rows.append(revisit(8, digest="B"))
    assert [(r.digest, r.timestamp) for r in ranked(clean(rows), WINDOW, versions=True)] == [
        ("A", at(1).timestamp),
        ("B", at(8).timestamp),
    ]


def test_an_address_of_which_only_redirects_are_kept_has_these_as_versions():
    rows = [at(1, status=301, digest="A"), at(2, status=302, digest="B"), at(3, status=301, digest="A")]
    assert [record.digest for record in ranked(rows, WINDOW, versions=True)] == ["A", "B"]


MANY = st.lists(
    st.builds(
        at,
        st.integers(-5, 40),
        status=st.sampled_from([200, 301, 404, None, 500]),
        url=st.sampled_from([URL, URL.upper()]),
        media_type=st.sampled_from(["text/html", "", "image/png"]),
        digest=st.sampled_from(["", "A", "B"]),
        revisit=st.booleans(),
    ),
    max_size=12,
)


@given(MANY)
def test_cleaning_is_done_once_and_for_all(rows):
    once = clean(rows)
    assert clean(once) == once
    assert len({record.name for record in once}) == len(once)


@given(MANY, st.booleans())
def test_ranking_invents_nothing_and_keeps_the_window(rows, versions):
    known = clean(rows)
    chosen = ranked(known, WINDOW, versions=versions, url=URL)
    assert len(set(chosen)) == len(chosen)
    assert set(chosen) <= set(known)
    assert all(WINDOW.since <= record.captured_at <= WINDOW.until for record in chosen)
    assert not any(record.status in {404, 500} for record in chosen)
