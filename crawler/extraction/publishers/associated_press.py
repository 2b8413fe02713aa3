"""The Associated Press: pages it hosted for member papers, The Big Story, its own site from 2017, the present one.

Why a colon is put into the time of the hosted pages: they wrote ``2011-04-06T0746Z``, half of one notation, half of
another.

Why the agency is not a rule's field: `crawler.extraction.agency` reads it from the dateline, as on any member's page.
"""

from __future__ import annotations

from datetime import date

from crawler.extraction.publishers.rule import Publisher, PublisherRule, has, meta

_TABLE = f"(//table[{has('ap-story-table')}])[1]"
_STAMP = f"({_TABLE}//*[{has('timestamp', 'updated')}])[1]/@title"
_MOMENT = f"concat(substring({_STAMP}, 1, 13), substring(':', 1, string-length({_STAMP})), substring({_STAMP}, 14))"
_NODE = f"(//div[{has('node-body')}])[1]//div[{has('node-content')}]"
_KEYED = "(//div[@data-key = 'article'])[1]"
_RICH = f"(//div[{has('RichTextStoryBody')}])[1]"

ASSOCIATED_PRESS = Publisher(
    name="ap",
    title="The Associated Press",
    hosts=("apnews.com", "ap.org"),
    path=r"^/(?:dynamic/|article|[0-9a-f]{32}|.*-[0-9a-f]{32})",
    rules=(
        PublisherRule(
            name="ap-2009",
            since=date(2009, 1, 1),
            valid_until=date(2017, 12, 31),
            signature=f"{_TABLE}//*[{has('entry-content')}]",
            promises={"headline": f"({_TABLE}//*[{has('entry-title')}])[1]"},
            sometimes={
                "byline": f"{_TABLE}//*[{has('author')}]/*[{has('fn')}]",
                "published_at": (
                    _MOMENT,
                    f"{_TABLE}//time[{has('updated')}]/@datetime",
                ),
            },
            body=f"{_TABLE}//*[{has('entry-content')}]",
            dropped=f"{_TABLE}//table[{has('ap-smallphoto-table')} or {has('ap-mediabox-table')}]",
        ),
        PublisherRule(
            name="ap-2012",
            since=date(2012, 1, 1),
            valid_until=date(2017, 12, 31),
            signature=_NODE,
            hosts=("bigstory.ap.org",),
            promises={"headline": (f"(//*[{has('entry-title')}])[1]", "(//h1)[1]")},
            sometimes={
                "byline": f"(//*[{has('field-name-field-byline-original')}])[1]",
                "published_at": f"(//span[{has('updated')}])[1]/@title",
            },
            body=_NODE,
        ),
        PublisherRule(
            name="ap-2018",
            since=date(2017, 11, 1),
            valid_until=date(2023, 7, 31),
            signature=f"{_KEYED} and //div[{has('CardHeadline')}]",
            promises={"headline": f"((//div[{has('CardHeadline')}])[1]//h1)[1]"},
            sometimes={
                "byline": f"((//div[{has('CardHeadline')}])[1]//span[contains(@class, 'Component-bylines')])[1]",
                "published_at": meta("article:published_time"),
                "modified_at": meta("article:modified_time"),
            },
            body=_KEYED,
            dropped=f"{_KEYED}//*[contains(@class, '-dfp-') or {has('ad-placeholder')} or {has('HubPeek')}]",
        ),
        PublisherRule(
            name="ap-2023",
            since=date(2023, 6, 1),
            signature=f"{_RICH} and //h1[{has('Page-headline')}]",
            promises={"headline": f"(//h1[{has('Page-headline')}])[1]"},
            sometimes={
                "byline": (
                    f"(//div[{has('Page-authors')}])[1]//*[{has('Link')} or {has('Page-authors-name')}]",
                    f"(//div[{has('Page-authors')}])[1]",
                ),
                "published_at": meta("article:published_time"),
                "modified_at": meta("article:modified_time"),
                "section": meta("article:section"),
            },
            body=_RICH,
            zone="Z",
            dropped=(
                f"{_RICH}//*[self::figure or {has('Enhancement')} or {has('PageListEnhancementGeneric')}"
                f" or {has('HTMLModuleEnhancement')} or {has('FreeStar')} or {has('SovrnAd')}"
                f" or {has('Advertisement')}]"
            ),
        ),
    ),
)
"""The layouts of hosted.ap.org, hosted2.ap.org, bigstory.ap.org and apnews.com."""
