"""Al Jazeera English: two sites of tables until 2015, the second with generated ids, that of 2016, the present one.

Why a class is misspelt: the publisher wrote ``DetaildTitle`` and ``DetaildSuammary``.

Why no date of the old site is called the first: it shows "Last Modified" and nothing else.
"""

from __future__ import annotations

from datetime import date

from crawler.extraction.publishers.rule import Publisher, PublisherRule, has, meta

_OLDER_TITLE = f"//td[{has('DetaildTitle')}]"
_OLD_TEXT = "(//td[@id = 'tdTextContent' or @class = 'DetailedSummary'])[1]"
_P_WRAPPER = f"(//div[{has('article-p-wrapper')}])[1]"
_DURATION = f"(//div[{has('article-duration')}])[1]"
_WYSIWYG = f"(//div[{has('wysiwyg')}])[1]"

AL_JAZEERA = Publisher(
    name="aljazeera",
    title="Al Jazeera",
    hosts=("aljazeera.com", "english.aljazeera.net"),
    path=r"/(?:19|20)\d\d/\d\d?/|^/NR/exeres/[0-9A-Fa-f-]{36}\.htm",
    rules=(
        PublisherRule(
            name="aljazeera-2006",
            since=date(2006, 1, 1),
            valid_until=date(2009, 12, 31),
            signature=f"{_OLDER_TITLE} and {_OLD_TEXT} and not(//*[@id = 'DetailedTitle'])",
            promises={"headline": f"({_OLDER_TITLE})[1]"},
            sometimes={"standfirst": f"(//span[{has('DetaildSuammary')}])[1]"},
            body=_OLD_TEXT,
            dropped=f"{_OLD_TEXT}//*[self::table or @id = 'trMainImages']",
        ),
        PublisherRule(
            name="aljazeera-2008",
            since=date(2007, 1, 1),
            valid_until=date(2015, 12, 31),
            signature=f"//*[@id = 'DetailedTitle'] and {_OLD_TEXT}",
            promises={"headline": "(//*[@id = 'DetailedTitle'])[1]"},
            sometimes={
                "standfirst": "(//*[@id = 'ctl00_cphBody_dvSummary'])[1]",
                "byline": ("((//*[@id = 'dvAuthorInfo'])[1]//a)[1]", "(//span[@class = 'byLine'])[1]"),
                "modified_at": ("(//*[@id = 'dvArticleDate'])[1]", "(//*[@id = 'ctl00_cphBody_lblDate'])[1]"),
            },
            body=_OLD_TEXT,
            dropped=f"{_OLD_TEXT}//*[self::table or contains(@class, 'Skyscrapper') or @id = 'DetailedTitle']",
        ),
        PublisherRule(
            name="aljazeera-2016",
            since=date(2016, 1, 1),
            valid_until=date(2020, 12, 31),
            signature=f"{_P_WRAPPER} and //h1[{has('post-title')}]",
            promises={"headline": f"(//h1[{has('post-title')}])[1]"},
            sometimes={
                "standfirst": f"(//p[{has('article-heading-des')}])[1]",
                "byline": f"(//div[{has('article-heading-author-name')}])[1]//a",
                "published_at": (f"{_DURATION}//time/@datetime", _DURATION),
                "section": "(//li[@id = 'articlestoptopic'])[1]",
                "lead_image_caption": f"(//figcaption[{has('main-article-caption')}])[1]",
            },
            body=_P_WRAPPER,
            dropped=(
                f"{_P_WRAPPER}//*[{has('article-readToMe-share-block')} or {has('article-more-on-block')}"
                f" or {has('article-embedded-card')} or {has('article-body-artSource')} or self::figure]"
            ),
        ),
        PublisherRule(
            name="aljazeera-2020",
            since=date(2020, 9, 1),
            signature=f"{_WYSIWYG} and (//header[{has('article-header')}])[1]//h1",
            promises={"headline": f"((//header[{has('article-header')}])[1]//h1)[1]"},
            sometimes={
                "standfirst": f"((//header[{has('article-header')}])[1]//p[{has('article__subhead')}])[1]",
                "byline": f"(//div[{has('article-author-name')}])[1]//*[{has('author-link')}]",
                "lead_image_caption": f"((//figure[{has('article-featured-image')}])[1]//figcaption)[1]",
                "section": meta("primaryTag"),
            },
            body=_WYSIWYG,
            dropped=(
                f"{_WYSIWYG}//*[self::figure or {has('more-on')} or {has('container--ads')} or {has('newsletter')}"
                f" or {has('sib-newsletter')}]"
            ),
        ),
    ),
)
"""The layouts of english.aljazeera.net and aljazeera.com; those before 2006 are not known."""
