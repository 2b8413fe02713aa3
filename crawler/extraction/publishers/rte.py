"""RTÉ News: the two layouts since 2013.

Why no date of the present layout is called the first: it shows "Updated" and nothing else.
"""

from __future__ import annotations

from datetime import date

from crawler.extraction.publishers.rule import Publisher, PublisherRule, has, meta

_INNER = "(//*[@id = 'main_inner'])[1]"
_BODY = "(//section[@itemprop = 'articleBody'])[1]"
_HEADLINE = f"(//h1[{has('headline')}])[1]"

RTE = Publisher(
    name="rte",
    title="RTÉ News",
    hosts=("rte.ie",),
    path=r"^/[a-z]+/(?:[a-z-]+/)?(?:19|20)\d\d/\d{4}/",
    rules=(
        PublisherRule(
            name="rte-2013",
            since=date(2013, 1, 1),
            valid_until=date(2018, 6, 30),
            signature=f"{_INNER}/header/h1 and {_BODY}",
            promises={"headline": f"{_INNER}/header/h1"},
            sometimes={"published_at": meta("DC.date")},
            body=_BODY,
        ),
        PublisherRule(
            name="rte-2018",
            since=date(2018, 1, 1),
            signature=f"{_HEADLINE} and {_BODY} and not({_INNER}/header/h1)",
            promises={"headline": _HEADLINE},
            sometimes={
                "byline": f"(//*[{has('byline-link')}])[1]//strong",
                "published_at": meta("DC.date"),
                "modified_at": (
                    f"substring-after(normalize-space((//*[{has('modified-date')}])[1]), ', ')",
                    f"(//*[{has('modified-date')}])[1]",
                ),
            },
            body=_BODY,
            dropped=f"{_BODY}//*[self::figure or {has('tags-container')}]",
        ),
    ),
)
"""The layouts of www.rte.ie/news since 2013; those before are not known."""
