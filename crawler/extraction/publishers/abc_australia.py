"""ABC News (Australia): radio transcripts, stories of before and after the site was rebuilt in 2011, and the present.

Why the date of a transcript is not its ``DC.date``: the tag came with the template and is the same on every page of
it (17 October 2008); the line under the headline has the day and, beside the link, the hour.

Why maps and pictures go with their boxes: their captions stand in links ("Map: Ukraine") and read like a paragraph.
"""

from __future__ import annotations

from datetime import date

from crawler.extraction.publishers.rule import Publisher, PublisherRule, has, meta

_REPORTED = "normalize-space((//p[@class = 'publishing'])[1])"
_TRANSCRIPT = "(//div[@id = 'article'])[1]/p[@class = 'body']"
_ARTICLE = "(//*[@id = 'article'])[1]"
_SECTION = f"(//div[{has('article', 'section')}])[1]"
_WEB = "(//*[@data-component = 'ArticleWeb'])[1]"

ABC_AUSTRALIA = Publisher(
    name="abcau",
    title="ABC News (Australia)",
    hosts=("abc.net.au",),
    path=r"^/(?:news|am|pm|worldtoday|correspondents)/",
    rules=(
        PublisherRule(
            name="abcau-2008",
            since=date(2008, 10, 17),
            valid_until=date(2017, 12, 31),
            signature=f"(//div[@id = 'main'])[1]/h1 and {_TRANSCRIPT}",
            promises={"headline": "(//div[@id = 'main'])[1]/h1"},
            sometimes={
                "byline": f"substring-before({_REPORTED}, ' reported this story on ')",
                "published_at": f"substring-after({_REPORTED}, ' reported this story on ')",
            },
            body=_TRANSCRIPT,
        ),
        PublisherRule(
            name="abcau-2009",
            since=date(2009, 1, 1),
            valid_until=date(2011, 11, 19),
            signature=f"{_ARTICLE}//h1 and //*[@id = 'statepromo'] and not({_TRANSCRIPT}) and not({_SECTION})",
            promises={"headline": f"({_ARTICLE}//h1)[1]"},
            body=_ARTICLE,
            dropped=f"{_ARTICLE}//*[{has('related')} or {has('tags')} or {has('published')} or @id = 'statepromo']",
        ),
        PublisherRule(
            name="abcau-2011",
            since=date(2011, 9, 1),
            valid_until=date(2020, 2, 29),
            signature=f"{_SECTION}/h1",
            promises={"headline": f"{_SECTION}/h1"},
            sometimes={
                "byline": (f"{_SECTION}/div[{has('byline')}]/a", f"{_SECTION}/div[{has('byline')}]"),
                "published_at": meta("article:published_time", "DC.date"),
                "modified_at": meta("article:modified_time"),
            },
            body=_SECTION,
            dropped=(
                f"{_SECTION}//*[{has('tools')} or {has('byline')} or {has('published')} or {has('topics')}"
                f" or {has('source')} or {has('attached-content')} or {has('inline-content')} or {has('story-map')}"
                f" or {has('statepromo')} or {has('related')} or {has('tags')} or {has('media-transcript-toggle')}]"
            ),
        ),
        PublisherRule(
            name="abcau-2020",
            since=date(2020, 2, 24),
            signature=f"{_WEB}//h1",
            promises={"headline": f"({_WEB}//h1)[1]"},
            body=_WEB,
            dropped=(
                f"{_WEB}//*[self::header or self::figure or contains(@class, 'Headline_meta')"
                " or contains(@class, 'publishedDate') or contains(@class, 'shareBottom')"
                " or @data-component = 'PublishedDate' or @data-component = 'Timestamp' or @data-component = 'Dateline'"
                " or @data-component = 'ShareUtility' or @data-component = 'RelatedTopics'"
                " or @data-component = 'RelatedStories' or @data-component = 'ArticleTopStories'"
                " or @data-component = 'ArticleJustInStories' or @data-component = 'Player']"
            ),
        ),
    ),
)
"""The layouts of abc.net.au/news and of the radio programmes; those of before 2008 are not known."""
