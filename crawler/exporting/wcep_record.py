"""One event as the WCEP data set for summarising many documents writes it: the lines of the format ``wcep``.

=====================  ============  ==================================================================================
field                  JSON type     meaning
=====================  ============  ==================================================================================
id                     string        the event's key
date                   string        ``2006-07-05``
summary                string        the event's headline
articles               objects       see below; never empty
collection             string        ``train | val | test``
wiki_links             strings       entities that the entry names
reference_urls         strings       its source links that are articles, as written
category               string        the heading that the entry stands under; empty where there is none
=====================  ============  ==================================================================================

Each article:

=====================  ============  ==================================================================================
field                  JSON type     meaning
=====================  ============  ==================================================================================
id                     integer       our number of the article
time                   string, null  when it was published, as far as the page states it, UTC
title                  string        its headline
text                   string        its body, without the signs of headings, items and quotations
url                    string        as the event's entry cites it, else what was requested
archive_url            string, null  of the archived copy that it was read from
origin                 string        ``citation | content | hand``: how the event and the article were linked
language               string        ISO 639-1; empty where unknown
access                 string        ``full | teaser | unknown``
agency                 string        wire agency credited; empty for own work
story                  integer       article that stands for all copies of its story; who wants no copies groups by it
=====================  ============  ==================================================================================

The first six fields of an article and all fields of an event are WCEP's own; its readers need no change. Left out are
events without any article, as there; articles that a person marked as none; and an article whose document is another
one under a second URL, where that one's article is there.

Why ``collection`` is given by the event's key and not by time, as WCEP does: a library has no fixed end, and an event
never changes its part when others come. A hundredth part of the keys' digests decides: 80 train, 10 val, 10 test.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping

from crawler.exporting.protocol import SelectedEvent
from crawler.exporting.record import Record, utc_text
from storage.types import ArticleView, EventView, LinkKind

_MARKS = re.compile(r"^(?:## |- |> )", re.MULTILINE)
_VAL, _TEST, _PARTS = 80, 90, 100


def wcep_record(selected: SelectedEvent) -> Record | None:
    """The event; ``None`` where it has no article."""
    view = selected.view
    entry = view.entry
    articles = list(_articles(selected))
    if not articles:
        return None
    return {
        "id": entry.key,
        "date": entry.event_date.isoformat(),
        "summary": entry.headline,
        "articles": articles,
        "collection": collection_of(entry.key),
        "wiki_links": list(entry.entities),
        "reference_urls": [link.cited_url for link in entry.sources if link.kind is LinkKind.ARTICLE],
        "category": entry.category,
    }


def collection_of(key: str) -> str:
    """Which part of the data set the event of that key belongs to."""
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()
    part = int.from_bytes(digest[:8], "big") % _PARTS
    return "train" if part < _VAL else "val" if part < _TEST else "test"


def _articles(selected: SelectedEvent) -> Iterator[Record]:
    view = selected.view
    there = {article.id for article in selected.articles}
    second = {one.article_id for one in view.coverage if one.same_as in there}
    cited = _cited_urls(view)
    origins = {link.article_id: link.how.value for link in view.links}
    for article in selected.articles:
        if article.id not in second:
            yield _article(article, cited.get(article.id, article.document.request_url), origins.get(article.id, ""))


def _cited_urls(view: EventView) -> Mapping[int, str]:
    """Article -> the first present source link that cites it, as written."""
    cited: dict[int, str] = {}
    for source in view.sources:
        if source.withdrawn_at is None and source.document is not None and source.document.article_id is not None:
            cited.setdefault(source.document.article_id, source.link.cited_url)
    return cited


def _article(view: ArticleView, url: str, origin: str) -> Record:
    version = view.versions[-1]
    article, memento = version.article, version.memento
    stands = next((one.article_id for one in view.cluster if one.representative), view.id)
    return {
        "id": view.id,
        "time": utc_text(article.published_at.value) if article.published_at else None,
        "title": article.headline,
        "text": _MARKS.sub("", article.body),
        "url": url,
        "archive_url": (memento.public_url or memento.url) if memento else None,
        "origin": origin,
        "language": article.language,
        "access": article.access.value,
        "agency": article.agency,
        "story": stands,
    }
