"""The Guardian: numbered stories until 2007, three templates and the rendering by components since 2020.

Why the lines that open with a dot go: behind the numbered stories they say who the author is and where to write to;
what was amended stays.

Why the date is left to the generic finders where a layout has metadata: they read it as well as a rule could.
"""

from __future__ import annotations

from datetime import date

from crawler.extraction.publishers.rule import Publisher, PublisherRule, has, meta

_NUMBERED = "(//div[@id = 'GuardianArticle'])[1]"
_NUMBERED_TEXT = "(//div[@id = 'GuardianArticleBody'])[1]"
_BESIDE = f"({_NUMBERED}//h1)[1]/.."
_SIGNED = f"{_BESIDE}/font[@size = '2'][b/br][1]/b/text()[normalize-space()]"
_IN_CENTURY = "contains(., ' 199') or contains(., ' 200')"
_CONTENT = "(//div[@id = 'content'])[1]"
_ATTRIBUTES = f"{_CONTENT}//ul[{has('article-attributes')}]"
_BLOCKS = "(//*[@id = 'article-body-blocks'])[1]"
_BODY_2014 = f"(//div[{has('content__article-body')}])[1]"
_BODY_2020 = f"(//div[{has('article-body-commercial-selector')} or {has('article-body-viewer-selector')}])[1]"
_STATED = {"published_at": meta("article:published_time"), "modified_at": meta("article:modified_time")}

GUARDIAN = Publisher(
    name="guardian",
    title="The Guardian",
    hosts=("guardian.co.uk", "theguardian.com"),
    path=r"/(?:19|20)\d\d/[a-z]{3}/\d\d?/|/(?:[Ss]tory|article|comment)/0,[\d,-]*,\d\d\.html",
    rules=(
        PublisherRule(
            name="guardian-2005",
            since=date(2005, 1, 1),
            valid_until=date(2008, 12, 31),
            signature=f"{_NUMBERED_TEXT} and {_NUMBERED}//h1",
            promises={"headline": f"({_NUMBERED}//h1)[1]"},
            sometimes={
                "standfirst": f"{_BESIDE}/font[@size = '3'][1]",
                "byline": f"({_SIGNED})[1][not({_IN_CENTURY})]",
                "published_at": f"({_SIGNED}[{_IN_CENTURY}])[1]",
            },
            body=_NUMBERED_TEXT,
            dropped=(
                f"{_NUMBERED_TEXT}//*[@id = 'spacedesc_mpu_div' or @id = 'mpu_continue' or {has('embed')}"
                " or (self::p and b[normalize-space(.) = '\u00b7']"
                " and not(contains(., 'amended') or contains(., 'correct')))]"
            ),
        ),
        PublisherRule(
            name="guardian-2007",
            since=date(2007, 5, 1),
            valid_until=date(2015, 3, 31),
            signature=f"{_BLOCKS} and //*[@id = 'main-article-info']",
            promises={"headline": "(//*[@id = 'main-article-info'])[1]/h1"},
            sometimes=_STATED
            | {
                "standfirst": "(//p[@id = 'stand-first'])[1]",
                "byline": (
                    "(//li[@class = 'byline'])[1]//a[contains(@class, 'contributor')]",
                    "(//li[@class = 'byline'])[1]",
                ),
                "published_at": (
                    _STATED["published_at"],
                    "(//li[@class = 'publication'])[1]//*[@pubdate]/@datetime",
                    "(//li[@class = 'publication'])[1]",
                ),
                "section": meta("article:section"),
                "lead_image_caption": f"((//*[@id = 'main-content-picture'])[1]//div[{has('caption')}])[1]",
            },
            body=_BLOCKS,
            dropped=(
                f"{_BLOCKS}//*[{has('caption')} or {has('inline')} or {has('related')} or {has('promo')}"
                f" or {has('email-subscription')} or {has('embed')} or {has('factbox-container')} or self::aside]"
            ),
        ),
        PublisherRule(
            name="guardian-2008",
            since=date(2007, 11, 1),
            valid_until=date(2009, 12, 31),
            signature=f"{_ATTRIBUTES} and (//div[@id = 'article-header'])[1]//h1 and not({_BLOCKS})",
            promises={"headline": "((//div[@id = 'article-header'])[1]//h1)[1]"},
            sometimes={
                "standfirst": "(//p[@id = 'stand-first'])[1]",
                "byline": f"({_ATTRIBUTES}/li[{has('byline')}])[1]",
                "published_at": f"({_ATTRIBUTES}/li[{has('date')}])[1]",
            },
            body=_CONTENT,
            dropped=(
                f"{_CONTENT}//*[{has('article-attributes')} or @id = 'article-toolbox' or @id = 'contact'"
                f" or {has('send')} or {has('image')} or {has('shower')} or @id = 'history-byline']"
            ),
        ),
        PublisherRule(
            name="guardian-2014",
            since=date(2014, 1, 1),
            valid_until=date(2021, 6, 30),
            signature=f"{_BODY_2014} and (//article[@id = 'article'])[1]//h1[@itemprop = 'headline']",
            promises={"headline": "((//article[@id = 'article'])[1]//h1[@itemprop = 'headline'])[1]"},
            sometimes=_STATED
            | {
                "standfirst": f"((//div[{has('content__standfirst')}])[1]//p)[1]",
                "byline": (
                    f"(//p[{has('byline')}])[1]//span[@itemprop = 'name']",
                    f"(//p[{has('byline')}])[1]",
                ),
                "section": meta("article:section"),
                "lead_image_caption": f"(//figure[{has('media-primary')}])[1]/figcaption",
            },
            body=_BODY_2014,
            dropped=(
                f"{_BODY_2014}//*[self::aside or self::figure or {has('submeta')} or {has('after-article')}"
                f" or {has('ad-slot')} or {has('contributions__epic')} or {has('js-ad-slot')}]"
            ),
        ),
        PublisherRule(
            name="guardian-2020",
            since=date(2020, 1, 1),
            signature=f"{_BODY_2020} and //div[@data-gu-name = 'headline']",
            promises={"headline": "((//div[@data-gu-name = 'headline'])[1]//h1)[1]"},
            sometimes=_STATED
            | {
                "standfirst": "((//div[@data-gu-name = 'standfirst'])[1]//p)[1]",
                "byline": (
                    "(//address[@data-link-name = 'byline'])[1]//a[@rel = 'author']",
                    "(//address[@data-link-name = 'byline'])[1]",
                ),
                "section": meta("article:section"),
                "lead_image_caption": "((//div[@data-gu-name = 'media'])[1]//figcaption//span[last()])[1]",
            },
            body=_BODY_2020,
            dropped=(
                f"{_BODY_2020}//*[self::aside or self::figure or self::gu-island or {has('ad-slot-container')}"
                f" or {has('submeta')} or @id = 'sign-in-gate' or @data-print-layout = 'hide']"
            ),
        ),
    ),
)
"""The layouts of guardian.co.uk and theguardian.com."""
