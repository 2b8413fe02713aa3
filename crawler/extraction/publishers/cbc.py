"""CBC News: the pages of 2009 to 2012 and the present components.

Why lists of similar links go: each is a headline of another story between two paragraphs.
"""

from __future__ import annotations

from datetime import date

from crawler.extraction.publishers.rule import Publisher, PublisherRule, has

_HEAD = "(//div[@id = 'storyhead'])[1]"
_BODY = "(//div[@id = 'storybody'])[1]"
_STORY = f"(//div[{has('story')}])[1]"
_LEAD = f"(//figure[{has('leadmedia-story')}])[1]"

CBC = Publisher(
    name="cbc",
    title="CBC News",
    hosts=("cbc.ca",),
    path=r"/story/|^/news/",
    rules=(
        PublisherRule(
            name="cbc-2009",
            since=date(2009, 1, 1),
            valid_until=date(2013, 6, 30),
            signature=f"{_HEAD}//h1 and {_BODY}",
            promises={"headline": f"({_HEAD}//h1)[1]"},
            sometimes={"byline": f"({_HEAD}//*[{has('byline')}])[1]"},
            body=_BODY,
            dropped=f"{_BODY}//*[@id = 'socialtools']",
        ),
        PublisherRule(
            name="cbc-2018",
            since=date(2018, 1, 1),
            signature=f"//h1[{has('detailHeadline')}] and {_STORY}",
            promises={"headline": f"(//h1[{has('detailHeadline')}])[1]"},
            sometimes={
                "standfirst": f"(//h2[{has('deck')}])[1]",
                "byline": f"(//span[{has('authorText')}])[1]",
                "lead_image_caption": f"({_LEAD}/figcaption)[1]",
            },
            body=_STORY,
            dropped=f"{_STORY}//*[self::figure or {has('similarLinks')} or {has('dataWrapperEmbed')}]",
        ),
    ),
)
"""The layouts of www.cbc.ca/news; those before 2009 and of 2013 to 2017 are not known."""
