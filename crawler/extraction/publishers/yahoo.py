"""Yahoo News: five layouts; the stories are those of agencies and newspapers.

Why the byline of 2009 is text beside a span: the span repeats the names for machines and is not shown.

Why the editors' picks of 2011 go with their column: a box with a picture stands before the words of the first
paragraph, inside the text.
"""

from __future__ import annotations

from datetime import date

from crawler.extraction.publishers.rule import Publisher, PublisherRule, has

_STORY = "(//div[@id = 'yn-story'])[1]"
_STORY_TEXT = f"({_STORY}//div[{has('yn-story-content')}])[1]"
_ART_CITE = f"(//cite[{has('byline', 'vcard')}])[1]"
_ART = f"(//div[{has('yom-art-content')} and not({has('body')})])[1]"
_BODY = f"(//div[{has('body', 'yom-art-content')}])[1]"
_CANVAS = f"(//*[{has('canvas-body')}])[1]"
_CAAS = f"(//div[{has('caas-body')}])[1]"

YAHOO = Publisher(
    name="yahoo",
    title="Yahoo News",
    hosts=("yahoo.com",),
    path=r"^/(?:s|news|a)/|\d{6}[^/]*\.html$",
    rules=(
        PublisherRule(
            name="yahoo-2009",
            since=date(2009, 1, 1),
            valid_until=date(2011, 6, 30),
            signature=f"//h1[@id = 'yn-title'] and {_STORY_TEXT}",
            promises={"headline": "(//h1[@id = 'yn-title'])[1]"},
            sometimes={
                "byline": f"({_STORY}//cite[{has('vcard')}])[1]/text()",
                "published_at": f"({_STORY}//abbr[{has('timedate')}])[1]/@title",
                "lead_image_caption": f"({_STORY}//cite[{has('caption')}])[1]",
            },
            body=_STORY_TEXT,
            dropped=f"{_STORY_TEXT}//*[{has('yn-share-social')} or @id = 'yn-story-minor-media']",
        ),
        PublisherRule(
            name="yahoo-2011",
            since=date(2011, 4, 1),
            valid_until=date(2013, 12, 31),
            signature=f"//h1[{has('headline')}] and {_ART}",
            promises={"headline": f"(//h1[{has('headline')}])[1]"},
            sometimes={
                "byline": f"{_ART_CITE}/span[{has('fn')}]",
                "agency": f"{_ART_CITE}/span[{has('provider')}]",
                "published_at": f"{_ART_CITE}/abbr/@title",
            },
            body=_ART,
            dropped=f"{_ART}//*[{has('yog-col')} or {has('yom-mod')} or self::ul]",
        ),
        PublisherRule(
            name="yahoo-2014",
            since=date(2013, 10, 1),
            valid_until=date(2016, 6, 30),
            signature=f"//h1[{has('headline')}] and {_BODY}",
            promises={"headline": f"(//h1[{has('headline')}])[1]"},
            sometimes={
                "byline": f"{_ART_CITE}/span[{has('fn')}]",
                "published_at": (f"{_BODY}/meta[@itemprop = 'datePublished']/@content", f"{_ART_CITE}/abbr"),
            },
            body=_BODY,
            dropped=f"{_BODY}//*[{has('yom-fig-frame')} or {has('yom-figure')} or @id = 'topics']",
        ),
        PublisherRule(
            name="yahoo-2016",
            since=date(2016, 1, 1),
            valid_until=date(2020, 6, 30),
            signature=f"(//*[{has('canvas-header')}])[1]//h1 and {_CANVAS}",
            promises={"headline": f"((//*[{has('canvas-header')}])[1]//h1)[1]"},
            sometimes={"published_at": f"(//time[{has('date')}])[1]/@datetime"},
            body=_CANVAS,
            dropped=(
                f"{_CANVAS}//*[self::figure or self::button or {has('canvas-share-buttons')}"
                f" or {has('canvas-yahoovideo')} or {has('read-more')}]"
            ),
        ),
        PublisherRule(
            name="yahoo-2020",
            since=date(2020, 1, 1),
            signature=f"(//*[{has('caas-title-wrapper')}])[1]//h1 and {_CAAS}",
            promises={"headline": f"((//*[{has('caas-title-wrapper')}])[1]//h1)[1]"},
            sometimes={
                "byline": f"(//*[{has('caas-author-byline-collapse')}])[1]",
                "published_at": f"(//*[{has('caas-attr-time-style')}])[1]/time/@datetime",
            },
            body=_CAAS,
            dropped=(
                f"{_CAAS}//*[self::figure or self::button or {has('caas-xray-pills-container')}"
                f" or {has('xray-error-wrapper')} or {has('caas-aside-section')} or {has('caas-readmore')}]"
            ),
        ),
    ),
)
"""The layouts of news.yahoo.com and www.yahoo.com/news since 2009; those before are not known."""
