from datetime import UTC, datetime

import pytest

from crawler.extraction import EXTRACTOR, EXTRACTOR_VERSION, NoArticle, PageInput
from crawler.extraction.article import extract
from storage.types import Article, Outcome

SENTENCE = "The council voted on Tuesday to approve the budget, officials said after the debate. "


def page(content, content_type="text/html", captured_at=datetime(2010, 1, 1, tzinfo=UTC)):
    return PageInput(url="http://a.example/x", content=content, content_type=content_type, captured_at=captured_at)


def test_what_is_no_page_says_what_it_is():
    result = extract(page(b"%PDF-1.7 ..."))
    assert result == NoArticle(outcome=Outcome.NOT_HTML, detail="the response is a PDF document, it is damaged")


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("", "0 words of text, an article has at least 25"),
        ("Please enable cookies", "3 words of text, an article has at least 25"),
        ("請稍候，正在檢查您的瀏覽器", "12 characters of text, an article has at least 50"),
    ],
)
def test_too_little_text_is_no_article_and_says_how_little(text, detail):
    html = f"<html><head><title>x</title></head><body><p>{text}</p></body></html>"
    assert extract(page(html.encode())) == NoArticle(outcome=Outcome.NO_ARTICLE, detail=detail)


def test_nothing_is_no_article():
    assert extract(page(b"")).outcome is Outcome.NO_ARTICLE


def test_an_article_names_its_extractor():
    article = extract(page(f"<h1>Budget</h1><p>{SENTENCE * 6}</p>".encode()))
    assert isinstance(article, Article)
    assert (article.extractor, article.extractor_version) == (EXTRACTOR, EXTRACTOR_VERSION)
    assert "trafilatura" in EXTRACTOR_VERSION
    assert (article.text_digest, article.keys) == ("", {})


def test_earlier_pages_do_not_change_later_ones():
    pages = [
        page(f"<h1>Budget {n}</h1><p>{SENTENCE * 6}</p><p>Story {n % 2}. {SENTENCE}</p>".encode()) for n in range(6)
    ]
    first = [extract(one) for one in pages]
    assert [extract(one) for one in reversed(pages)] == first[::-1]


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="captured_at"):
        page(b"", captured_at=datetime(2010, 1, 1))  # noqa: DTZ001 - that is the mistake
