"""ABC News: the site of 2010 to 2014, that of 2016, and two generations of components."""

from __future__ import annotations

from datetime import date

from crawler.extraction.publishers.rule import Publisher, PublisherRule, has

_TEXT = "(//div[@id = 'storyText'])[1]"
_COPY = f"(//div[{has('article-copy')}])[1]"
_COPY_HEADLINE = f"(//header[{has('article-header')}])[1]/h1"
_TEASER = "self::p and strong and .//a and normalize-space(strong) = normalize-space(.)"
_FITT = f"(//div[{has('FITT_Article_main__body')}])[1]"
_PRISM = "(//*[@data-testid = 'prism-article-body'])[1]"

ABC_NEWS = Publisher(
    name="abcnews",
    title="ABC News",
    hosts=("abcnews.go.com", "abcnews.com"),
    path=r"/(?:story|wireStory)(?:$|[/?])",
    rules=(
        PublisherRule(
            name="abcnews-2010",
            since=date(2009, 6, 1),
            valid_until=date(2014, 12, 31),
            signature=f"{_TEXT} and //h1[{has('headline')}]",
            promises={"headline": f"(//h1[{has('headline')}])[1]"},
            sometimes={
                "byline": "(//div[@class = 'byline'])[1]",
                "published_at": "(//div[@class = 'date'])[1]",
            },
            body=_TEXT,
            dropped=(
                f"{_TEXT}//*[{has('breadcrumb')} or contains(@class, 'show_tools') or contains(@class, 'rel_container')"
                f" or @id = 'date_partner' or @id = 'sponsoredByAd' or {has('mediaplayer')} or {has('pager')}]"
            ),
        ),
        PublisherRule(
            name="abcnews-2016",
            since=date(2016, 1, 1),
            valid_until=date(2020, 12, 31),
            signature=f"{_COPY} and {_COPY_HEADLINE}",
            promises={"headline": f"({_COPY_HEADLINE})[1]"},
            sometimes={
                "byline": f"(//ul[{has('authors')}])[1]/li",
                "published_at": f"((//article)[1]//*[{has('timestamp')}])[1]",
                "lead_image_caption": f"({_COPY}//figure)[1]/figcaption/span",
            },
            body=_COPY,
            dropped=f"{_COPY}//*[self::figure or self::aside or ({_TEASER})]",
        ),
        PublisherRule(
            name="abcnews-2020",
            since=date(2019, 6, 1),
            valid_until=date(2023, 12, 31),
            signature=f"{_FITT}//article and not({_PRISM})",
            promises={"headline": f"({_FITT}//h1)[1]"},
            sometimes={"byline": f"({_FITT}//div[{has('ShareByline')}])[1]//a[contains(@href, '/author/')]"},
            body=f"({_FITT}//article)[1]",
            dropped=f"({_FITT}//article)[1]//*[self::figure or self::aside or {has('ad-slot')}]",
        ),
        PublisherRule(
            name="abcnews-2023",
            since=date(2022, 10, 1),
            signature=f"{_PRISM} and //*[@data-testid = 'prism-headline']",
            promises={"headline": "((//*[@data-testid = 'prism-headline'])[1]//h1)[1]"},
            sometimes={
                "standfirst": "((//*[@data-testid = 'prism-headline'])[1]/p)[1]",
                "byline": "(//*[@data-testid = 'prism-byline'])[1]//a[contains(@href, '/author/')]",
            },
            body=_PRISM,
            dropped=f"{_PRISM}//*[self::figure or self::aside or starts-with(@data-testid, 'prism-ad')]",
        ),
    ),
)
"""The layouts of abcnews.go.com; those before 2009 and of 2015 are not known."""
