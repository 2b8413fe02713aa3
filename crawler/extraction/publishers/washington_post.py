"""The Washington Post: four layouts since 2004.

Why the sign-off about the author goes: "X covers the White House for The Post" is on every page of hers.
"""

from __future__ import annotations

from datetime import date

from crawler.extraction.publishers.rule import Publisher, PublisherRule, has, meta

_BODY_2004 = "(//div[@id = 'article_body'])[1]"
_BODY_2011 = f"(//div[{has('article_body')}])[1]"
_BODY_2014 = "(//div[@id = 'article-body'])[1]"
_PARTS = "(//article)[1]//div[@data-qa = 'article-body']"

WASHINGTON_POST = Publisher(
    name="wapo",
    title="The Washington Post",
    hosts=("washingtonpost.com",),
    path=r"^/(?:wp-dyn/(?:content/)?article|.*_story\.html|.*/(?:19|20)\d\d/\d\d/\d\d/)",
    rules=(
        PublisherRule(
            name="wapo-2008",
            since=date(2008, 1, 1),
            valid_until=date(2011, 3, 31),
            signature=f"(//div[@id = 'article'])[1]//h1 and {_BODY_2004}",
            promises={"headline": "((//div[@id = 'article'])[1]//h1)[1]"},
            sometimes={
                "byline": "((//div[@id = 'article'])[1]//div[@id = 'byline'])[1]",
                "published_at": (
                    meta("DC.date.issued"),
                    "substring-before((//div[@id = 'article'])[1]/p/font/text()[contains(., ';')], ';')",
                ),
            },
            body=_BODY_2004,
            dropped=f"{_BODY_2004}//*[@id = 'content_column_table' or {has('sidebar')} or {has('wrapper350')}]",
        ),
        PublisherRule(
            name="wapo-2011",
            since=date(2011, 3, 1),
            valid_until=date(2014, 9, 30),
            signature=f"{_BODY_2011} and //h1[@property = 'dc.title']",
            promises={"headline": "(//h1[@property = 'dc.title'])[1]"},
            sometimes={"byline": "(//h3[@property = 'dc.creator'])[1]", "published_at": meta("DC.date.issued")},
            body=_BODY_2011,
            dropped=f"{_BODY_2011}//*[{has('module')} or {has('relative')} or {has('img-caption')}]",
        ),
        PublisherRule(
            name="wapo-2014",
            since=date(2014, 1, 1),
            valid_until=date(2020, 12, 31),
            signature=f"{_BODY_2014}//article and //*[@id = 'article-topper']",
            promises={"headline": "((//*[@id = 'article-topper'])[1]//h1)[1]"},
            sometimes={
                "byline": (
                    f"({_BODY_2014}//div[{has('author-byline')}])[1]/a[{has('author-name')}]",
                    f"({_BODY_2014}//span[{has('pb-byline')}])[1]",
                ),
                "published_at": (
                    f"({_BODY_2014}//*[@itemprop = 'datePublished'])[1]/@content",
                    f"({_BODY_2014}//span[{has('pb-timestamp')}])[1]/@content",
                ),
            },
            body=f"({_BODY_2014}//article)[1]",
            dropped=(
                f"({_BODY_2014}//article)[1]//*[{has('inline-content')} or {has('author-sig-line-wrapper')}"
                f" or {has('pb-sig-line')} or {has('pb-caption')} or {has('post-body-sig-line')}"
                f" or {has('interstitial-link')}]"
            ),
        ),
        PublisherRule(
            name="wapo-2020",
            since=date(2020, 6, 1),
            signature=f"{_PARTS} and //h1[@data-qa = 'headline']",
            promises={"headline": "(//h1[@data-qa = 'headline'])[1]"},
            sometimes={
                "standfirst": "(//h2[@data-qa = 'subheadline'])[1]",
                "byline": "((//*[@id = 'byline-container'])[1]//a[@rel = 'author'])",
                "published_at": meta("article:published_time"),
                "modified_at": meta("article:modified_time"),
                "section": meta("article:section"),
            },
            body=_PARTS,
            dropped=(
                "(//article)[1]//*[self::figure or self::aside or @data-qa = 'article-body-ad' or @data-qa ="
                f" 'interstitial' or @data-qa = 'inline-magnet' or {has('hide-for-print')} or {has('sr-only')}]"
            ),
        ),
    ),
)
"""The layouts of www.washingtonpost.com; those of ``wp-dyn/articles`` (until 2005) are not known."""
