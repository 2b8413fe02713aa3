"""Xinhua in English and Chinese: pages that name their headline only in the title, and two templates with classes.

Why the headline of the English pages comes from the title: its element had another name in every channel, the ending of
the title had two in fifteen years.

Why the editor's line goes: "Editor: Ada Quill" closes every story and is no part of it.
"""

from __future__ import annotations

from datetime import date

from crawler.extraction.publishers.rule import Publisher, PublisherRule, has, meta

_TITLE = "normalize-space(/html/head/title)"
_CONTENT = "(//*[@id = 'Content'])[1]"
_OF_AN_EDITOR = (
    "self::p and string-length(normalize-space(.)) < 60 and (starts-with(normalize-space(.), 'Editor:')"
    " or starts-with(normalize-space(.), '(Editor:'))"
)
_DETAIL = f"(//div[@id = 'p-detail' or {has('p-detail')}])[1]"
_NEW_DETAIL = "(//div[@id = 'detail'])[1]"

XINHUA = Publisher(
    name="xinhua",
    title="Xinhua",
    hosts=("xinhuanet.com", "news.cn", "chinaview.cn"),
    path=r"/(?:19|20)\d\d-?\d\d[-/]?\d\d/",
    rules=(
        PublisherRule(
            name="xinhua-2003",
            since=date(2003, 1, 1),
            valid_until=date(2010, 12, 31),
            signature=f"contains({_TITLE}, '_English_Xinhua') and {_CONTENT}",
            promises={"headline": f"substring-before({_TITLE}, '_English_Xinhua')"},
            body=_CONTENT,
            dropped=f"{_CONTENT}//*[self::table or ({_OF_AN_EDITOR})]",
        ),
        PublisherRule(
            name="xinhua-2010",
            since=date(2010, 6, 1),
            valid_until=date(2018, 6, 30),
            signature=f"contains({_TITLE}, ' - Xinhua | English.news.cn') and {_CONTENT}",
            promises={"headline": f"substring-before({_TITLE}, ' - Xinhua | English.news.cn')"},
            sometimes={
                "published_at": (meta("pubdate"), "(//span[@id = 'pubtime'])[1]", f"(//*[{has('sj')}])[1]"),
                "section": meta("section"),
            },
            body=_CONTENT,
            dropped=f"{_CONTENT}//*[self::table or ({_OF_AN_EDITOR})]",
        ),
        PublisherRule(
            name="xinhua-2016",
            since=date(2016, 1, 1),
            valid_until=date(2021, 12, 31),
            signature=f"//*[{has('h-title')}] and {_DETAIL}",
            promises={"headline": f"(//*[{has('h-title')}])[1]"},
            sometimes={"published_at": f"(//span[{has('h-time')}])[1]"},
            body=_DETAIL,
            zone=" +08:00",
            dropped=f"{_DETAIL}//*[{has('tadd')} or {has('lb')} or {has('zan-wap')} or {has('p-tags')}]",
        ),
        PublisherRule(
            name="xinhua-2022",
            since=date(2021, 6, 1),
            signature=f"(//h1)[1] and {_NEW_DETAIL}",
            promises={"headline": ("(//h1/span[@class = 'title'])[1]", "(//h1)[1]")},
            body=_NEW_DETAIL,
            dropped=f"{_NEW_DETAIL}//*[@id = 'articleEdit' or {has('editor')} or ({_OF_AN_EDITOR})]",
        ),
    ),
)
"""The layouts of news.xinhuanet.com, www.xinhuanet.com and news.cn; that of the English pages of 2018 to 2021 and
those of the regions are not known."""
