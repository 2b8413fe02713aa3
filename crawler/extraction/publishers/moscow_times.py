"""The Moscow Times: the site of 2010 in windows-1251, the one of 2014, and the present one.

Why the day under the headline is the first only in 2010: the present template replaces the hour of publication by that
of the last change and says "Updated" beside it.
"""

from __future__ import annotations

from datetime import date

from crawler.extraction.publishers.rule import Publisher, PublisherRule, has

_CONTENT = "(//div[@id = 'content'])[1]"
_OLD_TEXT = f"({_CONTENT}//*[{has('text')}])[1]"
_TEXT = f"(//div[{has('article_text')}])[1]"
_HEADER = f"(//header[{has('article__header')}])[1]"
_HTML = f"(//div[{has('article__content')}])[1]//div[{has('article__block--html')}]"
_BYLINE = f"(//div[{has('article__byline')}])[1]"
_FEATURED = f"(//figure[{has('article__featured-image')}])[1]"

MOSCOW_TIMES = Publisher(
    name="moscowtimes",
    title="The Moscow Times",
    hosts=("themoscowtimes.com", "moscowtimes.ru"),
    path=r"/(?:19|20)\d\d/\d\d/\d\d/|/article/",
    rules=(
        PublisherRule(
            name="moscowtimes-2010",
            since=date(2010, 1, 1),
            valid_until=date(2014, 9, 30),
            signature=f"{_CONTENT}//h1 and {_CONTENT}//*[{has('article_date')}] and {_OLD_TEXT}",
            promises={"headline": f"({_CONTENT}//h1)[1]", "published_at": f"({_CONTENT}//*[{has('article_date')}])[1]"},
            sometimes={
                "byline": f"({_CONTENT}//*[{has('autors')}])[1]",
                "lead_image_credit": f"({_CONTENT}//*[{has('photoautors')}])[1]",
            },
            body=_OLD_TEXT,
            dropped=(
                f"{_OLD_TEXT}//*[{has('photo_nav')} or {has('phototext')} or {has('photoautors')} or {has('autors')}]"
            ),
        ),
        PublisherRule(
            name="moscowtimes-2014",
            since=date(2014, 10, 1),
            valid_until=date(2017, 4, 30),
            signature=f"{_TEXT} and //h1",
            promises={"headline": "(//h1)[1]"},
            body=_TEXT,
            dropped=(
                f"{_TEXT}//*[{has('articlebottom')} or {has('disqus_wrap')} or {has('article_main_img')}"
                " or (self::p and a[contains(@href, '/article.php?id=')])]"
            ),
        ),
        PublisherRule(
            name="moscowtimes-2017",
            since=date(2017, 5, 1),
            signature=f"{_HEADER}//h1 and {_HTML}",
            promises={"headline": f"({_HEADER}//h1)[1]"},
            sometimes={
                "standfirst": f"({_HEADER}//h2)[1]",
                "byline": f"{_BYLINE}//*[{has('byline__author__name')}]",
                "published_at": f"({_BYLINE}//time[not(contains(.., 'Updated'))])[1]/@datetime",
                "modified_at": f"({_BYLINE}//time[contains(.., 'Updated')])[1]/@datetime",
                "lead_image_caption": f"({_FEATURED}//span[{has('featured-image__caption')}])[1]",
                "lead_image_credit": f"({_FEATURED}//span[{has('featured-image__credits')}])[1]",
            },
            body=_HTML,
        ),
    ),
)
"""The layouts of themoscowtimes.com since 2010; the tables of 1999 to 2009 are not known."""
