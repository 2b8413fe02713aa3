"""Fox News: microformats from 2010, microdata from 2012, plain classes from 2018.

Why the date of 2010 is what is shown: the hidden one beside it came from the template and is wrong or no date at all.

Why a link of the byline must lead to a person: the one beside it names the site.

Why paragraphs that are one link in capitals go in 2018: they lead to another story, in the middle of the text.
"""

from __future__ import annotations

from datetime import date

from crawler.extraction.publishers.rule import Publisher, PublisherRule, has, meta

_ENTRY = f"(//div[{has('entry-content')}])[1]"
_MARKED = "(//*[@itemprop = 'articleBody'])[1]"
_INFO = f"(//div[{has('article-info')}])[1]"
_BODY = f"(//div[{has('article-body')}])[1]"
_LEADS_AWAY = (
    "self::p and a/strong and not(text()[normalize-space(.)])"
    " and normalize-space(.) = translate(normalize-space(.), 'abcdefghijklmnopqrstuvwxyz', '')"
)

FOX_NEWS = Publisher(
    name="foxnews",
    title="Fox News",
    hosts=("foxnews.com",),
    path=r"^/(?!video|on-air|shows)[a-z]",
    rules=(
        PublisherRule(
            name="foxnews-2010",
            since=date(2010, 2, 1),
            valid_until=date(2013, 6, 30),
            signature=f"//h1[@id = 'article-title'] and {_ENTRY} and not({_MARKED})",
            promises={"headline": "(//h1[@id = 'article-title'])[1]"},
            sometimes={
                "byline": f"(//p[{has('author', 'vcard')}])[1]/span[{has('fn')}]",
                "published_at": (
                    f"substring-after(normalize-space((//p[{has('published')}])[1]), 'Published ')",
                    meta("dc.date"),
                ),
                "section": meta("prism.section"),
                "lead_image_caption": f"({_ENTRY}/div[{has('hmedia')}])[1]/p[{has('fn')}]",
                "lead_image_credit": f"({_ENTRY}/div[{has('hmedia')}])[1]/p[{has('contributor')}]",
            },
            body=_ENTRY,
            dropped=f"{_ENTRY}//*[{has('hmedia')} or {has('related-media')} or {has('sect')} or {has('contributor')}]",
        ),
        PublisherRule(
            name="foxnews-2012",
            since=date(2012, 1, 1),
            valid_until=date(2017, 12, 31),
            signature=f"//h1[@itemprop = 'headline' or @itemprop = 'name'] and {_INFO} and {_MARKED}",
            promises={"headline": "(//h1[@itemprop = 'headline' or @itemprop = 'name'])[1]"},
            sometimes={
                "byline": (f"{_INFO}//*[@itemprop = 'author']", meta("dc.creator")),
                "published_at": f"({_INFO}//time[@itemprop = 'datePublished'])[1]/@datetime",
                "section": meta("prism.section"),
            },
            body=_MARKED,
            dropped=f"{_MARKED}//*[self::div]",
        ),
        PublisherRule(
            name="foxnews-2018",
            since=date(2018, 1, 1),
            signature=f"//h1[{has('headline')}] and {_BODY}",
            promises={"headline": f"(//h1[{has('headline')}])[1]"},
            sometimes={
                "standfirst": f"(//h2[{has('sub-headline')}])[1]",
                "byline": (f"(//div[{has('author-byline')}])[1]//a[contains(@href, '/person/')]", meta("dc.creator")),
                "section": meta("prism.section"),
            },
            body=_BODY,
            dropped=(
                f"{_BODY}//*[{has('featured')} or {has('ad-container')} or {has('image-ct')} or {has('video-ct')}"
                f" or {has('article-gating-wrapper')} or ({_LEADS_AWAY})]"
            ),
        ),
    ),
)
"""The layouts of www.foxnews.com and latino.foxnews.com since 2010; the stories with numbers before are not known."""
