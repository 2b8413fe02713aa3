"""BBC News: tables until 2010, beside them plain pages for slow lines, a template until 2014, then components.

Why ``OriginalPublicationDate`` is not always the answer: from 2010 the tag was written again with every change, and
``DCTERMS.created`` beside it holds the first hour. The tables' tag never changed.

Why the responsive layout (2014) gets no date from its rule: the one it shows is the day of the last change.

Why lists of links go: they lead to other stories ("The inside story of the budget"), in the middle of the text.

Why the bold first paragraph stays in the body: the story goes on from it and never says it again.
"""

from __future__ import annotations

from datetime import date

from crawler.extraction.publishers.rule import Publisher, PublisherRule, has, links_only, meta

_TABLE = f"(//table[{has('storycontent')}])[1]"
_STORY_CELL = f"(//td[{has('storybody')}])[1]"
_TABLE_SOMETIMES = {
    "byline": f"{_STORY_CELL}//span[@class = 'byl']",
    "lead_image_caption": f"({_STORY_CELL}//div[@class = 'cap'])[1]",
    "section": meta("Section"),
}
_TABLE_DROPPED = (
    f"{_STORY_CELL}//*[self::table or @id = 'socialBookMarks' or @class = 'cap' or @class = 'mvb' or @class = 'mvtb'"
    " or starts-with(@class, 'video')]"
)
_STORY_BODY = f"(//div[{has('story-body')}])[1]"
_INNER = f"(//div[{has('story-body__inner')}])[1]"
_BLOCKS = (
    "(//article)[1]//div[@data-component = 'text-block' or @data-component = 'subheadline-block'"
    " or @data-component = 'crosshead-block' or @data-component = 'unordered-list-block'"
    " or @data-component = 'ordered-list-block']"
)
_UNSEEN = (
    f"(//article)[1]//*[contains(@class, 'VisuallyHidden') or contains(@class, 'visually-hidden') or ({links_only()})]"
)

BBC = Publisher(
    name="bbc",
    title="BBC News",
    hosts=("bbc.co.uk", "bbc.com", "bbc.in"),
    path=r"^/(?:news/|[12]/(?:hi|low)/|hi/)",
    rules=(
        PublisherRule(
            name="bbc-2003",
            since=date(2003, 1, 1),
            valid_until=date(2008, 4, 30),
            signature=f"//td[{has('storybody')}] and //div[@class = 'sh'] and not({_TABLE}//h1)",
            promises={"headline": "(//div[@class = 'sh'])[1]", "published_at": meta("OriginalPublicationDate")},
            sometimes=_TABLE_SOMETIMES,
            body=_STORY_CELL,
            zone=" GMT",
            dropped=_TABLE_DROPPED,
        ),
        PublisherRule(
            name="bbc-2007",  # what links called "low graphics"
            since=date(2007, 1, 1),
            valid_until=date(2010, 12, 31),
            path=r"^/[12]/low/",
            signature=f"//a[@name = 'startcontent'] and not(//td[{has('storybody')}])",
            promises={
                "headline": (meta("Headline"), "(//*[self::h1 or self::h2 or self::h3])[1]"),
                "published_at": meta("OriginalPublicationDate"),
            },
            zone=" GMT",
        ),
        PublisherRule(
            name="bbc-2008",  # the pages were never rendered anew: they look like this to the present day
            since=date(2008, 4, 1),
            signature=f"//td[{has('storybody')}] and {_TABLE}//h1",
            promises={"headline": f"({_TABLE}//h1)[1]", "published_at": meta("OriginalPublicationDate")},
            sometimes=_TABLE_SOMETIMES,
            body=_STORY_CELL,
            zone=" GMT",
            dropped=_TABLE_DROPPED,
        ),
        PublisherRule(
            name="bbc-2010",
            since=date(2010, 7, 14),
            valid_until=date(2015, 6, 30),
            signature=f"//h1[{has('story-header')}] and {_STORY_BODY}",
            promises={
                "headline": f"(//h1[{has('story-header')}])[1]",
                "published_at": (meta("DCTERMS.created"), meta("OriginalPublicationDate")),
            },
            sometimes={
                "modified_at": meta("DCTERMS.modified"),
                "byline": f"{_STORY_BODY}/span[{has('byline')}]/span[{has('byline-name')}]",
                "section": meta("Section"),
                "lead_image_caption": f"{_STORY_BODY}/div[{has('caption')}][1]/span",
            },
            body=_STORY_BODY,
            zone=" GMT",
            dropped=(
                f"{_STORY_BODY}//*[{has('story-date')} or {has('share-help')} or {has('story-feature')}"
                f" or {has('caption')} or {has('embedded-hyper')} or {has('byline')} or {has('warning')}"
                f" or {has('related')} or {has('hidden')} or {has('dna-comments_module')}"
                f" or {has('comment-introduction')} or @id = 'comment-form'"
                " or starts-with(@class, 'videoInStory') or starts-with(@class, 'bbccom_advert') or self::noscript"
                f" or ({links_only()})]"
            ),
        ),
        PublisherRule(
            name="bbc-2014",
            since=date(2014, 6, 1),
            valid_until=date(2021, 12, 31),
            signature=f"//h1[{has('story-body__h1')}] and {_INNER}",
            promises={"headline": f"(//h1[{has('story-body__h1')}])[1]"},
            sometimes={
                "byline": f"(//div[{has('byline')}])[1]/span[{has('byline__name')}]",
                "section": f"(//a[{has('mini-info-list__section')}])[1]",
                "lead_image_caption": (
                    f"{_INNER}/figure[1]/figcaption/span[{has('media-caption__text')}]",
                    f"{_INNER}/div[1]/figure/figcaption/span[{has('media-caption__text')}]",
                ),
                "lead_image_credit": f"{_INNER}/figure[1]//span[{has('story-image-copyright')}]",
            },
            body=_INNER,
            dropped=(
                f"{_INNER}//*[self::figure or self::noscript or {has('off-screen')} or {has('media-placeholder')}"
                f" or {has('bbccom_slot')} or {has('social-embed')} or {has('share')} or {has('tags-container')}"
                f" or {has('story-body__link-external')} or ({links_only()})]"
            ),
        ),
        PublisherRule(
            name="bbc-2020",
            since=date(2020, 6, 1),
            signature="//h1[@id = 'main-heading'] and (//article)[1]//div[@data-component = 'text-block']",
            promises={"headline": "(//h1[@id = 'main-heading'])[1]"},
            sometimes={
                "published_at": "(//article)[1]//time[@data-testid = 'timestamp']/@datetime",
                "byline": (
                    "(//div[@data-component = 'byline-block'])[1]//*[contains(@class, 'TextContributorName')]",
                    "(//p[contains(@class, '-Contributor')])[1]/strong",
                ),
                "lead_image_caption": "((//article)[1]//figure)[1]/figcaption/*[not(contains(@class, 'isually'))]",
            },
            body=_BLOCKS,
            dropped=_UNSEEN,
        ),
        PublisherRule(
            name="bbc-2023",
            since=date(2023, 11, 1),
            signature="(//article)[1]//div[@data-component = 'headline-block']"
            " and //div[@data-component = 'text-block']",
            promises={"headline": "((//article)[1]//div[@data-component = 'headline-block'])[1]//h1"},
            sometimes={
                "byline": "((//article)[1]//*[@data-testid = 'byline-contributors'])[1]"
                "//div[starts-with(@data-testid, 'byline-contributors-contributor')]/div[1]/span[1]",
                "lead_image_caption": "((//article)[1]//*[@data-component = 'caption-block'])[1]",
            },
            body=_BLOCKS,
            dropped=_UNSEEN,
        ),
    ),
)
"""The layouts of news.bbc.co.uk, www.bbc.co.uk/news and www.bbc.com/news; those before 2003 are not known."""
