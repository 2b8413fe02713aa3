"""TASS in English and Russian: one template for both, in two generations.

Why no date of 2018 comes from the rule: the page writes it as seconds since 1970 for its scripts to show; the tags
in the head say it in words.

Why the hour of 2014 loses the mark behind it ("UTC+3"): it is an element of its own, and always the same.

Why the lead stays the standfirst: it is no line of the text; the text says it again with the place and the agency.
"""

from __future__ import annotations

from datetime import date

from crawler.extraction.publishers.rule import Publisher, PublisherRule, has, meta

_TEXT = f"(//div[{has('b-material-text__l')} or {has('b-material-text', 'js-mediator-article')}])[1]"
_CONTENT = f"(//div[{has('text-content')}])[1]"

TASS = Publisher(
    name="tass",
    title="TASS",
    hosts=("tass.com", "tass.ru", "itar-tass.com"),
    path=r"/\d{5,}",
    rules=(
        PublisherRule(
            name="tass-2014",
            since=date(2014, 9, 1),
            valid_until=date(2018, 6, 30),
            signature=f"//h1[{has('b-material__title')}] and {_TEXT}",
            promises={"headline": f"(//h1[{has('b-material__title')}])[1]"},
            sometimes={
                "standfirst": f"(//*[{has('b-material__preview')}])[1]",
                "published_at": (meta("publish_date"), f"(//span[{has('b-material__date')}])[1]/text()"),
            },
            body=_TEXT,
            zone=" +03:00",
            dropped=(
                f"{_TEXT}//*[{has('b-links')} or {has('extra-content')} or {has('printHidden')}"
                " or @id = 'block_material_text_broadcast']"
            ),
        ),
        PublisherRule(
            name="tass-2018",
            since=date(2018, 3, 1),
            signature=f"//h1[{has('news-header__title')}] and {_CONTENT}",
            promises={"headline": f"(//h1[{has('news-header__title')}])[1]"},
            sometimes={"standfirst": f"(//*[{has('news-header__lead')}])[1]"},
            body=_CONTENT,
            dropped=f"{_CONTENT}//*[{has('text-include')} or {has('news-media')} or {has('tags')}]",
        ),
    ),
)
"""The layouts of tass.com since 2014 and of tass.ru until 2023; those of itar-tass.com are not known."""
