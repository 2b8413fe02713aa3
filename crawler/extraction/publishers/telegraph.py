"""The Telegraph: the columns of 2008, the components of 2016, and the plain text of 2019.

Why the first words are cut into elements in 2016: a large initial is a span of its own, without a space behind it.

Why the hour beside the byline is that of the last change from 2016: the tag of the first publication differs from it on
every page that was touched again.

Why the byline of 2019 is the first in the story's own grid: cards of other stories have bylines of the same class, and
narrow screens have a second one inside the text.
"""

from __future__ import annotations

from datetime import date

from crawler.extraction.publishers.rule import Publisher, PublisherRule, has, meta

_AREA = "(//div[@id = 'mainBodyArea'])[1]"
_STORY_HEAD = f"(//div[{has('storyHead')}])[1]"
_STORY = f"(//div[{has('story')}])[1]"
_PARTS = f"(//article[@itemprop = 'articleBody'])[1]//div[{has('article-body-text')}]"
_BODY = "(//div[@itemprop = 'articleBody' and @data-js = 'article-body'])[1]"
_GRID = f"(//article[{has('grid')}])[1]"
_AUTHORS = f"({_GRID}//*[{has('e-byline')}])[1]"

TELEGRAPH = Publisher(
    name="telegraph",
    title="The Telegraph",
    hosts=("telegraph.co.uk",),
    path=r"/\d{5,}/|/(?:19|20)\d\d/\d\d/\d\d/|\.jhtml$",
    rules=(
        PublisherRule(
            name="telegraph-2008",
            since=date(2008, 5, 1),
            valid_until=date(2016, 6, 30),
            signature=f"{_STORY_HEAD}/h1 and {_AREA}",
            promises={"headline": f"{_STORY_HEAD}/h1"},
            sometimes={
                "standfirst": f"{_STORY_HEAD}/h2",
                "byline": (
                    f"({_STORY}//p[{has('bylineBody')}])[1]/span[@rel = 'author']",
                    f"({_STORY}//p[{has('bylineBody')}])[1]",
                ),
                "published_at": f"({_STORY}//p[{has('publishedDate')}])[1]",
            },
            body=_AREA,
            dropped=(
                f"{_AREA}//*[{has('related_links_inline')} or {has('related_links_video')} or {has('videoPlayer')}"
                f" or {has('slideshow')} or {has('ssImg')} or {has('imageExtras')} or {has('shareThis')}"
                f" or {has('placeComment')}]"
            ),
        ),
        PublisherRule(
            name="telegraph-2016",
            since=date(2016, 1, 1),
            valid_until=date(2019, 12, 31),
            signature=f"//h1[{has('headline__heading')}] and {_PARTS}",
            promises={"headline": f"(//h1[{has('headline__heading')}])[1]"},
            sometimes={
                "byline": f"//span[{has('byline__author-name')}]",
                "published_at": meta("DCSext.articleFirstPublished"),
                "modified_at": f"(//time[{has('article-date-published')}])[1]/@datetime",
            },
            body=_PARTS,
        ),
        PublisherRule(
            name="telegraph-2019",
            since=date(2019, 6, 1),
            signature=f"//h1[{has('e-headline')}] and {_BODY}",
            promises={"headline": f"(//h1[{has('e-headline')}])[1]"},
            sometimes={
                "standfirst": f"(//p[{has('e-standfirst')}])[1]",
                "byline": f"{_AUTHORS}//*[{has('e-byline__author')}]",
                "modified_at": f"({_GRID}//time[{has('e-published-date')}])[1]/@datetime",
                "lead_image_caption": f"({_GRID}//figcaption/span[@data-test = 'caption'])[1]",
                "lead_image_credit": f"({_GRID}//figcaption/span[@data-test = 'credit'])[1]",
            },
            body=_BODY,
            dropped=f"{_BODY}//*[self::figure or {has('tpl-layout__mobile')} or {has('html-embed')}]",
        ),
    ),
)
"""The layouts of www.telegraph.co.uk since 2008; that of 1999 to 2008 is not known."""
