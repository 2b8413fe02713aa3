"""Reuters: one text in an element with an id until 2017, then three generations of generated class names.

Why class names are matched by their beginning: from 2017 a build adds a hash to each (``ArticleHeader_date_V9eGk``),
and the part before it is the name of the component.

Why reading time, trust badge and sign-off differ: the first two belong to the page and go, the last ("Reporting by")
is the agency's credit and stays in the body.
"""

from __future__ import annotations

from datetime import date

from crawler.extraction.publishers.rule import Publisher, PublisherRule, has, meta

_RESIZEABLE = "(//*[@id = 'resizeableText'])[1]"
_PRIMARY = f"//div[{has('article', 'primaryContent')}]/h1"
_TEXT = "(//*[@id = 'articleText'])[1]"
_TEXT_2015 = "(//*[@id = 'article-text'])[1]"
_STANDARD = "(//div[starts-with(@class, 'StandardArticleBody_body')])[1]"
_WRAPPER = f"(//div[{has('ArticleBodyWrapper')}])[1]"
_CONTENT = "(//div[contains(@class, 'article-body__content__')])[1]"
_STATED = {
    "published_at": meta("og:article:published_time", "article:published_time"),
    "modified_at": meta("og:article:modified_time", "article:modified_time"),
}

REUTERS = Publisher(
    name="reuters",
    title="Reuters",
    hosts=("reuters.com", "reuters.co.uk"),
    path=r"^/(?:article/|[a-z-]+/.*-20\d\d-\d\d-\d\d/?$|[a-z-]+/.*\bid[A-Z])",
    rules=(
        PublisherRule(
            name="reuters-2007",  # editions in other languages kept it for ten years
            since=date(2007, 1, 1),
            valid_until=date(2016, 12, 31),
            signature=f"{_RESIZEABLE} and {_PRIMARY}",
            promises={"headline": f"({_PRIMARY})[1]"},
            sometimes={
                "byline": f"{_RESIZEABLE}/p[1][starts-with(normalize-space(.), 'By ')]",
                "published_at": f"(//div[{has('timestampHeader')}])[1]",
            },
            body=_RESIZEABLE,
            dropped=f"{_RESIZEABLE}//p[{has('wideVideoPlayer')}]",
        ),
        PublisherRule(
            name="reuters-2010",
            since=date(2010, 1, 1),
            valid_until=date(2015, 12, 31),
            signature=f"{_TEXT} and //div[@id = 'articleContent']",
            promises={"headline": "((//div[@id = 'articleContent'])[1]//h1)[1]"},
            sometimes={
                "byline": "((//div[@id = 'articleInfo'])[1]//p[@class = 'byline'])[1]",
                "published_at": f"((//div[@id = 'articleInfo'])[1]//span[{has('timestamp')}])[1]",
                "lead_image_caption": "((//div[@id = 'captionContent'])[1]//div[@class = 'captionText']/p)[1]"
                "/text()[normalize-space()]",
                "lead_image_credit": "((//div[@id = 'captionContent'])[1]//p[@class = 'credit'])[1]",
            },
            body=_TEXT,
            dropped=(
                f"{_TEXT}//*[@id = 'articleInfo' or {has('pageNavigation')} or {has('relatedRail')}"
                f" or {has('columnLeft')} or {has('module')} or {has('assetBuddy')}]"
            ),
        ),
        PublisherRule(
            name="reuters-2015",
            since=date(2015, 7, 1),
            valid_until=date(2017, 11, 30),
            signature=f"{_TEXT_2015} and //h1[{has('article-headline')}]",
            promises={"headline": f"(//h1[{has('article-headline')}])[1]"},
            sometimes=_STATED
            | {
                "byline": f"(//*[@id = 'article-byline'])[1]//*[{has('author')}]",
                "section": f"((//div[{has('article-info')}])[1]//*[{has('article-section')}])[1]",
            },
            body=_TEXT_2015,
            dropped=f"{_TEXT_2015}//*[@id = 'article-byline' or {has('related-content')} or {has('module')}]",
        ),
        PublisherRule(
            name="reuters-2017",
            since=date(2017, 9, 1),
            valid_until=date(2020, 12, 31),
            signature=f"{_STANDARD} and //h1[starts-with(@class, 'ArticleHeader_headline')]",
            promises={"headline": "(//h1[starts-with(@class, 'ArticleHeader_headline')])[1]"},
            sometimes=_STATED
            | {
                "byline": "(//div[starts-with(@class, 'BylineBar_byline')])[1]/span/a",
                "section": "((//div[starts-with(@class, 'ArticleHeader_channel')])[1]//a)[1]",
                "lead_image_caption": f"({_STANDARD}//div[starts-with(@class, 'Image_caption')])[1]/span",
            },
            body=_STANDARD,
            dropped=(
                f"{_STANDARD}//*[starts-with(@class, 'StandardArticleBody_trustBadge') or self::figure"
                " or starts-with(@class, 'PrimaryAsset_container') or starts-with(@class, 'Image_container')"
                " or starts-with(@class, 'Slideshow') or starts-with(@class, 'RelatedCoverage')"
                " or starts-with(@class, 'DPSlot_container') or starts-with(@class, 'BylineBar')]"
            ),
        ),
        PublisherRule(
            name="reuters-2020",
            since=date(2020, 2, 1),
            valid_until=date(2022, 12, 31),
            signature=f"{_WRAPPER} and //h1[starts-with(@class, 'Headline-headline')]",
            promises={"headline": "(//h1[starts-with(@class, 'Headline-headline')])[1]"},
            sometimes=_STATED
            | {
                "byline": (
                    f"({_WRAPPER}//p[starts-with(@class, 'Byline-byline')])[1]/a",
                    f"({_WRAPPER}//p[starts-with(@class, 'Byline-byline')])[1]",
                ),
                "section": "((//div[starts-with(@class, 'ArticleHeader-info-container')])[1]/a)[1]",
                "lead_image_caption": f"({_WRAPPER}//*[starts-with(@class, 'Image-caption')])[1]",
            },
            body=_WRAPPER,
            dropped=(
                f"{_WRAPPER}//*[starts-with(@class, 'ArticleBody-byline-container') or self::figure"
                " or starts-with(@class, 'AdSlot') or starts-with(@class, 'RelatedCoverage')"
                " or starts-with(@class, 'RCOMVideo') or starts-with(@class, 'Image-container')"
                " or starts-with(@class, 'TrustBadge') or starts-with(@class, 'Slideshow')]"
            ),
        ),
        PublisherRule(
            name="reuters-2021",
            since=date(2021, 3, 1),
            signature=f"{_CONTENT} and //*[starts-with(@data-testid, 'paragraph-')]",
            promises={"headline": "((//article)[1]//h1)[1]"},
            sometimes=_STATED
            | {
                "byline": ("((//article)[1]//header)[1]//a[@rel = 'author']", meta("article:author")),
                "section": meta("article:section"),
            },
            body=f"{_CONTENT}//*[starts-with(@data-testid, 'paragraph-') or @data-testid = 'Heading'"
            " or contains(@class, 'sign-off__')]",
            dropped=f"{_CONTENT}//*[contains(@style, 'clip:rect') or contains(@class, 'link__new-tab')]",
        ),
    ),
)
"""The layouts of reuters.com and its editions since 2007; syndicated copies of its stories are their publishers'."""
