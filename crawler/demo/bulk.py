"""A crowd of generated sites, all different and always the same: for crawls of thousands of pages.

Pages are made when they are asked for, so that a hundred thousand of them cost no memory.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator
from datetime import date, timedelta

from crawler.demo.site import Page, Request, Route, Site, html, missing

_FIRST_DAY = date(2005, 1, 1)
_SUBJECTS = (
    "the harbour board", "a ferry company", "the council", "striking dockers", "the water authority", "two ministers",
    "the fishing fleet", "a railway inspector", "the teachers' union", "a seismic station", "the grain exchange",
    "an appeal court", "the coastguard", "villagers", "the mint", "a mining company",
)  # fmt: skip
_VERBS = (
    "postponed", "approved", "questioned", "rejected", "welcomed", "inspected", "published", "withdrew", "defended",
    "counted", "measured", "suspended", "renewed", "explained", "audited", "debated",
)  # fmt: skip
_OBJECTS = (
    "the winter timetable", "a bridge toll", "the dredging contract", "a fishing treaty", "the new lighthouse",
    "an evacuation plan", "the salt price", "the flood report", "the census", "a pension scheme", "the night train",
    "an embankment", "three disputed ballots", "a tramway loan", "the quarantine",
)  # fmt: skip
_ENDINGS = (
    "after talks in", "despite objections from", "together with", "before observers from", "at a meeting in",
    "without telling", "to please", "according to", "pending surveys of", "to the surprise of", "following", "despite",
)  # fmt: skip
_SYLLABLES = ("bran", "dor", "el", "fal", "gar", "hol", "in", "ker", "lin", "mar", "nor", "os", "pel", "quil", "rud",
              "sal", "tor", "ul", "ver", "wen")  # fmt: skip
_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{headline} - {host}</title>
<meta property="article:published_time" content="{day}T09:00:00+00:00"></head>
<body><div id="nav"><a href="/">Home</a> <a href="/world">World</a> <a href="/sport">Sport</a></div>
<article><h1>{headline}</h1><p class="byline">By the staff of {host}</p>
{body}
</article><div id="footer">Copyright {host}. <a href="/terms">Terms of use</a></div></body></html>
"""


def bulk_sites(*, hosts: int, pages: int) -> tuple[Site, ...]:
    """``hosts`` sites of ``pages`` articles each, at `bulk_urls`; other targets answer 404."""
    return tuple(Site(host=_host(number), routes={}, fallback=_answerer(pages)) for number in range(hosts))


def bulk_urls(*, hosts: int, pages: int) -> Iterator[str]:
    """The article URLs, host by host."""
    for number in range(hosts):
        for page in range(pages):
            yield f"http://{_host(number)}/news/{page}.html"


def bulk_entries(*, hosts: int, pages: int) -> str:
    """A CSV of event entries (``event_id,date,headline,url,label``) that cite each article once, two to an event."""
    table = io.StringIO()
    rows = csv.writer(table, lineterminator="\n")
    rows.writerow(("event_id", "date", "headline", "url", "label"))
    for index, url in enumerate(bulk_urls(hosts=hosts, pages=pages)):
        event = index // 2
        made = random.Random(f"event {event}")  # noqa: S311 (the same text each time is the point)
        rows.writerow((f"bulk-{event}", _day(made), f"{_sentence(made)} (event {event})", url, url.split("/")[2]))
    return table.getvalue()


def _host(number: int) -> str:
    return f"paper-{number:03}.bulk.example"


def _answerer(pages: int) -> Route:
    known = {f"/news/{page}.html" for page in range(pages)}

    def answer(request: Request) -> Page:
        return html(_article(request.host, request.path)) if request.path in known else missing()

    return answer


def _article(host: str, path: str) -> str:
    made = random.Random(host + path)  # noqa: S311
    headline, day = _sentence(made), _day(made)
    paragraphs = (
        " ".join(f"{_sentence(made)}." for _ in range(made.randint(3, 6))) for _ in range(made.randint(5, 12))
    )
    body = "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return _PAGE.format(headline=headline, host=host, day=day.isoformat(), body=body)


def _sentence(made: random.Random) -> str:
    # No fixed run of five words: pages that only share phrases must not look like copies of each other.
    subject, verb, what, ending = (made.choice(words) for words in (_SUBJECTS, _VERBS, _OBJECTS, _ENDINGS))
    return f"{subject[0].upper()}{subject[1:]} of {_name(made)} {verb} {what} {ending} {_name(made)}"


def _name(made: random.Random) -> str:
    return "".join(made.choices(_SYLLABLES, k=3)).capitalize()


def _day(made: random.Random) -> date:
    return _FIRST_DAY + timedelta(days=made.randrange(5000))
