"""The New York Times: its own elements (``nyt_text``) until 2013, then two layouts.

Why ``nyt_text`` comes in two rules: the elements stayed for fifteen years while the page around them was built anew;
the later one has its headline in an ``h1`` of its own and its text in more than one division.

Why tables at the side of the old text go: what text runs around is a picture, a box or an advertisement.
"""

from __future__ import annotations

from datetime import date

from crawler.extraction.publishers.rule import Publisher, PublisherRule, has, meta

_OLD_TEXT = "(//nyt_text)[1]"
_NEW_HEADLINE = f"//h1[{has('articleHeadline')}]"
_BODIES_2009 = f"(//div[@id = 'article'])[1]//div[{has('articleBody')}]"
_STORY_2014 = f"//p[{has('story-body-text')}]"
_SECTION = "(//section[@name = 'articleBody'])[1]"
_HEADER = "((//article[@id = 'story'])[1]//header)[1]"
_PEOPLE = f"({_HEADER}//p[contains(@itemprop, 'author')])[1]//span[@itemprop = 'name']"

NYT = Publisher(
    name="nyt",
    title="The New York Times",
    hosts=("nytimes.com",),
    path=r"^/(?:19|20)\d\d/\d\d/\d\d/",
    rules=(
        PublisherRule(
            name="nyt-2000",
            since=date(1998, 1, 1),
            valid_until=date(2009, 12, 31),
            signature=f"{_OLD_TEXT} and //nyt_headline and not({_NEW_HEADLINE})",
            promises={"headline": "(//nyt_headline)[1]"},
            sometimes={
                "byline": ("(//nyt_byline)[1]//div[@class = 'byline']", "(//nyt_byline)[1]"),
                "published_at": (meta("pdate"), "(//div[@class = 'timestamp'])[1]"),
            },
            body=_OLD_TEXT,
            dropped=(
                f"{_OLD_TEXT}//*[@id = 'articleInline' or {has('articleTools')} or {has('image')}"
                " or (self::table and (@align = 'left' or @align = 'right')) or self::nyt_update_bottom"
                " or self::nyt_correction_bottom or self::nyt_correction_top or self::nyt_author_id]"
            ),
        ),
        PublisherRule(
            name="nyt-2009",
            since=date(2009, 1, 1),
            valid_until=date(2014, 3, 31),
            signature=f"{_NEW_HEADLINE} and (//div[@id = 'article'])[1]",
            promises={"headline": f"({_NEW_HEADLINE})[1]"},
            sometimes={
                "byline": (f"((//div[@id = 'article'])[1]//h6[{has('byline')}])[1]", meta("byl")),
                "published_at": (meta("pdate"), f"((//div[@id = 'article'])[1]//h6[{has('dateline')}])[1]"),
                "section": meta("dsk"),
                "lead_image_caption": f"((//div[@id = 'article'])[1]//p[{has('caption')}])[1]",
                "lead_image_credit": f"((//div[@id = 'article'])[1]//h6[{has('credit')}])[1]",
            },
            body=_BODIES_2009,
            dropped=(
                f"(//div[@id = 'article'])[1]//*[{has('articleInline')} or {has('articleTools')}"
                f" or {has('articleCorrection')} or {has('authorIdentification')} or {has('image')}"
                " or self::nyt_update_bottom or self::nyt_correction_bottom or self::nyt_correction_top]"
            ),
        ),
        PublisherRule(
            name="nyt-2014",
            since=date(2014, 1, 8),
            valid_until=date(2018, 12, 31),
            signature=f"{_STORY_2014} and //h1[@itemprop = 'headline']",
            promises={"headline": "(//h1[@itemprop = 'headline'])[1]"},
            sometimes={
                "byline": (f"(//p[{has('byline-dateline')}])[1]//span[{has('byline-author')}]", meta("byl")),
                "published_at": meta("article:published"),
                "modified_at": meta("article:modified"),
                "section": meta("article:section"),
                "lead_image_caption": f"((//figure[{has('lede')}])[1]//span[{has('caption-text')}])[1]",
            },
            body=f"(//article[@id = 'story'])[1]//p[{has('story-body-text')}]",
        ),
        PublisherRule(
            name="nyt-2018",
            since=date(2017, 10, 1),
            signature=f"{_SECTION} and (//article[@id = 'story'])[1]",
            promises={"headline": "((//article[@id = 'story'])[1]//h1)[1]"},
            sometimes={
                "standfirst": "(//p[@id = 'article-summary'])[1]",
                "byline": (_PEOPLE, meta("byl")),
                "published_at": meta("article:published_time", "article:published"),
                "modified_at": meta("article:modified_time", "article:modified"),
                "section": meta("article:section"),
            },
            body=f"{_SECTION}//div[{has('StoryBodyCompanionColumn')}]",
            dropped=(
                f"{_SECTION}//*[self::aside or self::figure or self::section or {has('story-ad')} or {has('ad')}"
                " or @role = 'complementary' or @data-testid = 'inline-message']"
            ),
        ),
    ),
)
"""The layouts of www.nytimes.com; its blogs had their own."""
