from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from crawler.events import ReadOptions, read_entries
from crawler.exporting.saved_article import Markdown
from storage.types import DatedTime, DatePrecision, Memento, SavedArticle


def rendered(view):
    return Markdown().render(view)


def read_back(view):
    entries = read_entries("article.md", rendered(view).encode(), ReadOptions())
    assert [type(entry) for entry in entries] == [SavedArticle]
    return entries[0]


def test_the_whole_shape(make_view, make_article):
    assert rendered(make_view(make_article(body="One.\n\nTwo."))) == (
        "# Ferry Stays in Port as Crew Falls Ill\n\n"
        "By [Ada Lindqvist](#)\n\n"
        "July 5, 2006\n\n"
        "**Reuters**\n\n"
        "One.\n\n"
        "Two.\n\n"
        "Original url:\n\n"
        "<https://www.halvika-post.example/2006/07/05/ferry-stays-in-port-a12>\n"
    )


def test_it_is_read_back_by_the_saved_article_format(make_view, make_article):
    article = make_article()
    saved = read_back(make_view(article))
    assert saved.headline == article.headline
    assert saved.body == article.body
    assert saved.byline == "Ada Lindqvist"
    assert saved.published_on == date(2006, 7, 5)
    assert saved.photo_credit == "Reuters"
    assert saved.cited_url == make_view().document.request_url


def test_what_is_not_known_is_left_out_and_read_back_as_unknown(make_view, make_article):
    saved = read_back(make_view(make_article(byline="", agency="", published_at=None)))
    assert (saved.byline, saved.published_on, saved.photo_credit) == ("", None, "")
    assert saved.body == make_article().body


def test_an_agency_stands_in_for_a_missing_byline_and_is_not_said_twice(make_view, make_article):
    text = rendered(make_view(make_article(byline="")))
    assert "By [Reuters](#)" in text
    assert "**" not in text
    assert "**" not in rendered(make_view(make_article(byline="Ada Lindqvist, reuters")))


@pytest.mark.parametrize(
    ("precision", "line"),
    [
        (DatePrecision.DAY, "July 5, 2006"),
        (DatePrecision.SECOND, "July 5, 2006"),
        (DatePrecision.MONTH, None),
        (DatePrecision.YEAR, None),
    ],
)
def test_no_day_is_invented(make_view, make_article, precision, line):
    time = DatedTime(value=datetime(2006, 7, 5, tzinfo=UTC), precision=precision, evidence="url path")
    assert ("\n\nJuly 5, 2006\n\n" in rendered(make_view(make_article(published_at=time)))) == bool(line)


@pytest.mark.parametrize(
    "plain",
    [
        "2 * 3 = 6",
        "snake_case and a_b_c",
        "[sic] and [1]",
        "AT&T & sons",
        "a < b > c",
        "1986. A great year",
        "#hashtag",
        "C:\\temp",
        "- an item",
        "## A heading",
        "> A quotation",
        "-5 degrees",
        "~ 12 people",
        "He earns $5 (net)!",
    ],
)
def test_harmless_text_is_not_escaped_and_comes_back_the_same(make_view, make_article, plain):
    view = make_view(make_article(body=f"First.\n\n{plain}"))
    assert f"\n\n{plain}\n\n" in rendered(view)
    assert read_back(view).body == f"First.\n\n{plain}"


@pytest.mark.parametrize(
    ("written", "escaped"),
    [
        ("*loud* words", "\\*loud\\* words"),
        ("_loud_ words", "\\_loud\\_ words"),
        ("`code`", "\\`code\\`"),
        ("[text](https://x.example)", "\\[text](https://x.example)"),
        ("<b>bold</b>", "\\<b>bold\\</b>"),
        ("&amp; as written", "\\&amp; as written"),
        ("\\*", "\\\\\\*"),
        ("# 1 in the charts", "\\# 1 in the charts"),
        ("+ an item", "\\+ an item"),
        ("---", "\\---"),
        ("[1]: https://x.example", "\\[1]: https://x.example"),
        ("~~gone~~", "\\~~gone\\~~"),
        ("- *loud* item", "- \\*loud\\* item"),
    ],
)
def test_text_that_markdown_would_change_is_escaped(make_view, make_article, written, escaped):
    assert f"\n\n{escaped}\n\n" in rendered(make_view(make_article(body=f"First.\n\n{written}")))


def test_a_headline_stays_one_heading(make_view, make_article):
    text = rendered(make_view(make_article(headline="Ferry\n\nstays  in C #")))
    assert text.startswith("# Ferry stays in C \\#\n\n")
    assert rendered(make_view(make_article(headline=" "))).startswith("# Untitled\n\n")


def test_brackets_cannot_leave_the_byline(make_view, make_article):
    assert "By [A\\](x) \\[B\\]](#)\n" in rendered(make_view(make_article(byline="A](x) [B]")))


def test_the_url_cannot_leave_its_brackets(make_view):
    view = make_view(request_url="https://x.example/a b>c<d")
    assert rendered(view).endswith("\n\n<https://x.example/a%20b%3Ec%3Cd>\n")


def test_a_body_that_quotes_another_saved_article_keeps_its_own_url(make_view, make_article):
    view = make_view(make_article(body="First.\n\nOriginal url:\n\n<https://other.example/1>"))
    assert read_back(view).cited_url == view.document.request_url


def archived(view, **fields):
    moment = datetime(2012, 10, 9, 23, 59, 1, tzinfo=UTC)
    facts = {"archive": "old-pages", "url": "http://replay.example/1", "page_url": "http://a.example/1"}
    copy = Memento(**(facts | fields), captured_at=moment, requested_at=moment)
    return replace(view, versions=(*view.versions[:-1], replace(view.versions[-1], memento=copy)))


def test_archived_copy_is_named_below_the_original_and_read_over(make_view):
    view = archived(make_view(), public_url="https://old.example/web/20121009235901/http://a.example/x y")
    assert rendered(view) == rendered(make_view()) + (
        "\nArchived copy of October 9, 2012, in old-pages:\n\n"
        "<https://old.example/web/20121009235901/http://a.example/x%20y>\n"
    )
    assert replace(read_back(view), raw=b"") == replace(read_back(make_view()), raw=b"")


def test_copy_that_no_reader_can_open_is_named_without_an_address(make_view):
    view = archived(make_view(), archive="held *files*")
    assert rendered(view).endswith("-a12>\n\nArchived copy of October 9, 2012, in held \\*files\\*.\n")
    assert read_back(view).cited_url == view.document.request_url
