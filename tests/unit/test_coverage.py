"""Independent reports against copies: what an event's coverage comes to, and how it is said."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.coverage import merits, summary, told_apart
from storage.types import StoryArticle

NOON = datetime(2006, 7, 5, 12, tzinfo=UTC)


def article(number, cluster=1, *, agency="", minutes=None, length=100, host=None, **fields):
    return StoryArticle(
        article_id=number,
        host=host or f"paper-{number}.example",
        agency=agency,
        headline="Ferry aground",
        reported_at=NOON + timedelta(minutes=number if minutes is None else minutes),
        length=length,
        cluster_id=cluster,
        **{"site_name": "", **fields},
    )


def labels_of(*articles, links=None):
    return [one.label for one in told_apart(articles, links or {}).reports]


def test_reports_are_counted_apart_from_copies_and_the_largest_comes_first():
    found = told_apart(
        [
            *(article(number, 1, agency="AP") for number in (1, 2)),
            *(article(number, 2, agency="Reuters") for number in (3, 4, 5)),
            article(6, 3, site_name="Lind Herald"),
        ],
        {},
    )
    assert summary(found) == "6 articles, 3 independent reports (Reuters x3, AP x2, Lind Herald)"
    assert [one.agency for one in found.reports] == [True, True, False]


def test_the_words_for_one_none_and_many():
    assert summary(told_apart([], {})) == "no articles"
    assert summary(told_apart([article(1)], {})) == "1 article, 1 independent report (paper-1.example)"
    many = told_apart([article(number, number) for number in range(1, 8)], {})
    assert summary(many).endswith("paper-4.example, paper-5.example and 2 more)")


@pytest.mark.parametrize(
    ("articles", "label"),
    [
        ([article(1, agency="AP"), article(2, agency="AP"), article(3, agency="Reuters")], "AP"),
        ([article(1), article(2, agency="AP")], "AP"),
        ([article(1), article(2), article(3, agency="AP", representative=True)], "paper-3.example"),
        ([article(1, agency="Reuters"), article(2, agency="AP", representative=True)], "AP"),
        ([article(1, agency="Reuters"), article(2, agency="AP")], "Reuters"),
        ([article(1, site_name="Lind Herald"), article(2, representative=True, site_name="Post")], "Post"),
    ],
)
def test_a_report_is_named_by_its_agency_else_by_who_stands_for_it(articles, label):
    assert labels_of(*articles) == [label]


def test_the_label_of_a_source_link_credits_where_the_page_does_not():
    found = told_apart([article(1), article(2, 2, agency="AP")], {1: "Reuters via Yahoo", 2: "AFP"})
    tellings = [one.articles[0] for one in found.reports]
    assert [(one.agency, one.credit) for one in tellings] == [
        ("Reuters", "the source link 'Reuters via Yahoo'"),
        ("AP", "its page"),
    ]
    assert labels_of(article(1, site_name="Post"), links={1: "Harbour Post"}) == ["Post"]


def test_a_merged_article_is_told_with_the_one_that_stands_for_it():
    found = told_apart([article(1, same_as=2, representative=True), article(2), article(3, 2)], {1: "AFP via Lind"})
    first = found.reports[0]
    assert found.articles == 2
    assert [(one.article_id, one.also, one.agency) for one in first.articles] == [(2, (1,), "AFP")]
    assert first.representative == 2


def test_what_an_article_is_among_its_report_s():
    (report,) = told_apart(
        [article(1, length=50), article(2, length=90, representative=True), article(3, length=90)], {}
    ).reports
    said = [merits(report, one) for one in report.articles]
    assert said == ["earliest", "fullest, stands for the report", "copy"]
    (alone,) = told_apart([article(4)], {}).reports
    assert merits(alone, alone.articles[0]) == ""


ARTICLES = st.lists(
    st.builds(
        article,
        st.integers(1, 50),
        st.integers(1, 4),
        agency=st.sampled_from(["", "AP", "Reuters"]),
        minutes=st.integers(0, 3),
        length=st.integers(0, 3),
        representative=st.booleans(),
    ),
    unique_by=lambda one: one.article_id,
)


@given(articles=ARTICLES, label=st.text(max_size=20))
def test_every_article_is_told_once_whatever_their_order(articles, label):
    found = told_apart(articles, dict.fromkeys(range(50), label))
    told = [one.article_id for report in found.reports for one in report.articles]
    assert sorted(told) == sorted(one.article_id for one in articles)
    assert found.articles == len(articles)
    assert len(found.reports) == len({one.cluster_id for one in articles})
    for report in found.reports:
        assert {report.earliest, report.fullest} <= {one.article_id for one in report.articles}
        said = [merits(report, one) for one in report.articles]
        assert sum("earliest" in each for each in said) == sum("fullest" in each for each in said) == (len(said) > 1)
