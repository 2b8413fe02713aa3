"""Agency stories that Google hosted from 2007 to 2014 (``www.google.com/hostednews/afp``): one layout to the end.

Why there is no date: the page says "5 hours ago" and nothing else; the generic finders know what to do with that.
"""

from __future__ import annotations

from datetime import date

from crawler.extraction.publishers.rule import Publisher, PublisherRule, has

_COPY = f"((//div[{has('hn-copy')}])[1]/div[{has('g-section')}])[1]"

GOOGLE_HOSTED = Publisher(
    name="hosted",
    title="Google-hosted agencies",
    hosts=("google.com",),
    path=r"^/hostednews/",
    rules=(
        PublisherRule(
            name="hosted-2008",
            since=date(2007, 9, 1),
            valid_until=date(2014, 12, 31),
            signature=f"//*[@id = 'hn-headline'] and {_COPY}",
            promises={"headline": "(//*[@id = 'hn-headline'])[1]"},
            sometimes={
                "agency": "(//img[@id = 'hn-logo'])[1]/@alt",
                "byline": f"translate((//p[{has('hn-byline')}])[1]/text()[normalize-space()][1], '()–', '')",
            },
            body=_COPY,
            dropped=(
                f"{_COPY}//*[@id = 'hn-headline' or {has('hn-byline')} or @id = 'hn-distributor-copyright'"
                " or @id = 'rn-section']"
            ),
        ),
    ),
)
"""AFP, AP, EFE and others at www.google.com/hostednews."""
