"""CNN: four layouts since 2007, each known by the prefix that its class names share.

Why highlights go: the list beside the text repeats it in other words; it is a box of the page.

Why the place before the first words ("London (CNN)") is taken out of the text of 2015: it stands there without a space.

Why the byline loses "CNN": `crawler.extraction` wants people; the site's own name is no author.
"""

from __future__ import annotations

from datetime import date

from crawler.extraction.publishers.rule import Publisher, PublisherRule, has, meta

_COMPONENT = "(//*[@id = 'cnnTxtCmpnt'])[1]"
_HEADER_LEFT = "(//*[@id = 'cnnHeaderLeftCol'])[1]"
_LEFT = f"(//div[{has('cnn_strycntntlft')}])[1]"
_ZONE = "(//section[@id = 'body-text'])[1]"
_CONTENT = f"(//div[{has('article__content')}])[1]"

CNN = Publisher(
    name="cnn",
    title="CNN",
    hosts=("cnn.com",),
    path=r"^/(?:19|20)\d\d/",
    rules=(
        PublisherRule(
            name="cnn-2007",
            since=date(2007, 7, 1),
            valid_until=date(2010, 6, 30),
            signature=f"{_COMPONENT} and {_HEADER_LEFT}//h1",
            promises={"headline": f"({_HEADER_LEFT}//h1)[1]"},
            sometimes={"lead_image_caption": f"({_COMPONENT}//div[{has('cnnStoryPhotoCaptionBox')}])[1]"},
            body=_COMPONENT,
            dropped=(
                f"{_COMPONENT}//*[@id = 'cnnSCFontButtons' or {has('cnnStoryPhotoBox')} or {has('cnnStoryElementBox')}"
                f" or {has('cnnWsnr')} or {has('cnnTopics')} or {has('cnnEmbeddedMosLnk')} or {has('cnnInlineMailbag')}"
                f" or {has('cnnStoryHighlights')} or {has('cnnEndOfStory')} or {has('cnnFooterBox')}]"
            ),
        ),
        PublisherRule(
            name="cnn-2009",
            since=date(2009, 10, 24),
            valid_until=date(2015, 6, 30),
            signature=f"{_LEFT} and (//*[@id = 'cnnContentContainer'])[1]/h1",
            promises={"headline": "(//*[@id = 'cnnContentContainer'])[1]/h1"},
            sometimes={
                "byline": (
                    "(//div[@class = 'cnnByline'])[1]/strong",
                    "substring-before(concat((//div[@class = 'cnnByline'])[1], ', CNN'), ', CNN')",
                ),
                "modified_at": "(//div[@class = 'cnn_strytmstmp'])[1]",
                "section": meta("SECTION", "section"),
            },
            body=_LEFT,
            dropped=(
                f"{_LEFT}//*[{has('cnn_strylftcntnt')} or {has('cnnStryVidCont')} or {has('cnn_strybtntoolsbttm')}"
                f" or {has('cnn_strybtmcntnt')} or {has('cnn_stryshrwdgtbtm')} or {has('cnn_html_slideshow')}"
                f" or {has('cnn_stryftsbttm')} or {has('cnnTopics')} or {has('cnnStoryElementBox')}"
                f" or {has('cnn_strycaptiontxt')} or {has('cnnGalleryContainer')}]"
            ),
        ),
        PublisherRule(
            name="cnn-2015",
            since=date(2014, 11, 1),
            valid_until=date(2023, 3, 31),
            signature=f"{_ZONE} and //h1[{has('pg-headline')}]",
            promises={"headline": f"(//h1[{has('pg-headline')}])[1]"},
            sometimes={
                "byline": (
                    f"(//span[{has('metadata__byline__author')}])[1]/a",
                    "substring-before(concat(/html/head/meta[@name = 'author']/@content, ', CNN'), ', CNN')",
                ),
                "dateline": f"({_ZONE}//cite[{has('el-editorial-source')}])[1]",
                "published_at": meta("pubdate"),
                "modified_at": meta("lastmod"),
                "section": meta("section"),
            },
            body=_ZONE,
            dropped=(
                f"{_ZONE}//*[{has('el__embedded')} or {has('ad')} or {has('cn-list-hierarchical-xs')}"
                f" or {has('zn-body__read-more')} or {has('el__storyhighlights')} or {has('highlights')}"
                f" or {has('el-editorial-source')} or {has('media__caption')} or {has('zn-body__footer')}"
                f" or {has('el__gallery')}]"
            ),
        ),
        PublisherRule(
            name="cnn-2022",
            since=date(2022, 9, 1),
            signature=f"{_CONTENT} and //h1[{has('headline__text')}]",
            promises={"headline": f"(//h1[{has('headline__text')}])[1]"},
            sometimes={
                "byline": (
                    f"(//div[{has('byline__names')}])[1]/*[{has('byline__link')} or {has('byline__name')}]",
                    f"(//div[{has('vossi-byline__names')}])[1]//*[{has('byline__name')}]",
                ),
                "published_at": meta("article:published_time"),
                "modified_at": meta("article:modified_time"),
            },
            body=_CONTENT,
            dropped=(
                f"{_CONTENT}//*[{has('source')} or starts-with(@class, 'image_') or starts-with(@class, 'image__')"
                f" or starts-with(@class, 'gallery') or {has('related-content')} or {has('video-inline_carousel')}"
                " or starts-with(@class, 'video-') or starts-with(@class, 'ad-slot') or self::figure"
                f" or {has('image')}]"
            ),
        ),
    ),
)
"""The layouts of www.cnn.com and edition.cnn.com; those before 2007 are not known, money and sport had others."""
