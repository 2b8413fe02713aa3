"""United Press International: the two layouts since 2015.

Why the byline ends at the bar: "By Ada Quill | Sept. 26, 2015 at 8:55 AM" is one line with the hour.
"""

from __future__ import annotations

from datetime import date

from crawler.extraction.publishers.rule import Publisher, PublisherRule, has

_MARKED = "(//article[@itemprop = 'articleBody'])[1]"
_TITLE = f"(//h1[{has('st_headline')}])[1]"
_ARTICLE = "(//div[@id = 'article'])[1]"

UPI = Publisher(
    name="upi",
    title="United Press International",
    hosts=("upi.com",),
    path=r"/(?:19|20)\d\d/\d\d/\d\d/[^/]{1,300}/\d{9,}/",
    rules=(
        PublisherRule(
            name="upi-2015",
            since=date(2014, 11, 1),
            valid_until=date(2017, 12, 31),
            signature=f"{_MARKED} and not({_TITLE})",
            promises={"headline": "(//h1)[1]"},
            body=_MARKED,
            dropped=f"{_MARKED}//*[@align = 'center' or {has('img')} or {has('caption')}]",
        ),
        PublisherRule(
            name="upi-2018",
            since=date(2018, 1, 1),
            signature=f"{_TITLE} and {_ARTICLE}",
            promises={"headline": _TITLE},
            sometimes={
                "byline": f"substring-before((//div[{has('meta', 'grey')}])[1], '|')",
                "lead_image_caption": f"(//div[{has('caption')}])[1]",
            },
            body=_ARTICLE,
            dropped=f"{_ARTICLE}//*[@align = 'center' or {has('img')} or {has('caption')} or {has('ad_slot')}]",
        ),
    ),
)
"""The layouts of www.upi.com since 2015; the tables of 2003 to 2006 and what followed them are not known."""
