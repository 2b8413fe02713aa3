"""Real events with cited URLs, from a file: the words and the day in a URL stand for the article.

One JSON object per line: ``id``, ``date``, ``headline``, ``topics``, ``entities``, ``sources`` (objects with ``url``).
The entry that cites a URL is the truth; it is incomplete, another entry may be right too. Every second month of those
in the file is held out. What is known of an article is a lower bound: no headline of the page, no text.
"""

import json
import re
from calendar import month_abbr
from collections import defaultdict
from datetime import UTC, date, datetime, time
from pathlib import Path

from crawler.linking.slugs import slug_words
from linking_gate.cases import Case, Cases
from storage.types import ArticleText, EventText

_MONTHS = {name.lower(): number for number, name in enumerate(month_abbr) if name}
# Two digits before one: `[1-9]|1[0-2]` reads December as January.
_DAY = re.compile(
    r"(?<!\d)(20\d\d)[-/_]?(1[0-2]|0[1-9]|[1-9](?!\d)|[a-z]{3}(?=[-/]))[-/_]?(3[01]|[12]\d|0?[1-9])(?!\d)",
    re.IGNORECASE,
)
_LEAST_WORDS = 3


def day_in(url):
    """The day that a URL names, or ``None``."""
    for found in _DAY.finditer(url):
        month = int(found[2]) if found[2].isdigit() else _MONTHS.get(found[2].lower(), 0)
        try:
            return date(int(found[1]), month, int(found[3]))
        except ValueError:
            continue
    return None


def external_cases(path, *, dated=True):
    """The set; ``dated=False``: the same articles as if nobody knew their day."""
    rows = [json.loads(line) for line in Path(path).read_text("utf-8").splitlines()]
    events = tuple(_event(row) for row in rows)
    citing = defaultdict(set)
    for row, event in zip(rows, events, strict=True):
        for source in row["sources"]:
            citing[source["url"]].add(event.key)
    months = sorted({(event.event_date.year, event.event_date.month) for event in events})
    held_out = set(months[1::2])
    cases = []
    for url, right in citing.items():
        day = day_in(url)
        if day is not None and len(slug_words(url).split()) >= _LEAST_WORDS:
            article = ArticleText(
                article_id=len(cases) + 1,
                canonical_url=url,
                headline="",
                body="",
                reported_at=datetime.combine(day, time(), tzinfo=UTC),
                dated=dated,
            )
            cases.append(Case(article=article, right=frozenset(right), held_out=(day.year, day.month) in held_out))
    return Cases(events=events, cases=tuple(cases))


def _event(row):
    day = date.fromisoformat(row["date"])
    return EventText(
        key=f"{day.year}/{day.month:02}/{day.day}/{row['id']}",
        event_date=day,
        headline=row["headline"],
        topics=tuple(row["topics"]),
        entities=tuple(row["entities"]),
        category=row["category"],
    )
