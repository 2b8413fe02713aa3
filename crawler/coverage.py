"""How an event was covered: how many articles, how many independent reports, who printed whose. Pure.

Why a report is a story and not a publisher: forty papers that print one dispatch have told the event once. What makes
reports independent is that their words are their own (`storage.telling` groups copies), whoever printed them.

Why the label of a source link counts as a credit: entries cite "Reuters via Yahoo" where the page that is left today
names nobody. It says less than the page's own credit, so it is asked only where the page has none.

Why the credit of most members names a report: one paper of ten that credits another agency, or none, is a paper's
slip. Where nobody is credited the publisher of the article that stands for the report names it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.types import EventView, StoryArticle

_NAMED = 5
"""How many reports the summary names."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Telling:
    """One article of a report.

    Attributes:
        article_id: of the article.
        publisher: as its page names it, else its host.
        host: of its document.
        agency: credited by its page, else by the label of its source link; empty for own work.
        credit: what credits the agency (``its page``, ``the source link 'Reuters via Yahoo'``); empty likewise.
        headline: of its current version.
        reported_at: when its first version was published, else captured.
        length: of its body, in characters.
        also: articles of documents that are this one's.
    """

    article_id: int
    publisher: str
    host: str
    agency: str
    credit: str
    headline: str
    reported_at: datetime
    length: int
    also: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """One independent report: an article and its copies.

    Attributes:
        cluster_id: the story that they tell.
        label: the agency that at least half of them credit, else the publisher of the one that stands for them.
        agency: whether the label is an agency.
        articles: by time.
        earliest: article that was reported first.
        fullest: article with the longest text.
        representative: article that stands for the story; ``None`` where it does not cover this event.
    """

    cluster_id: int
    label: str
    agency: bool
    articles: tuple[Telling, ...]
    earliest: int
    fullest: int
    representative: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class EventCoverage:
    """What covers an event: how many articles, those of one document once, and the reports, the largest first."""

    articles: int = 0
    reports: tuple[Report, ...] = ()


def coverage_of(event: EventView) -> EventCoverage:
    """How an event was covered, by the articles of its links and the labels of its source links."""
    labels = [(one.document.article_id, one.link.label) for one in event.sources if one.document is not None]
    return told_apart(event.coverage, {number: label for number, label in reversed(labels) if number is not None})


def told_apart(articles: Iterable[StoryArticle], labels: Mapping[int, str]) -> EventCoverage:
    """Articles by independent report; ``labels``: article -> label of the source link that cites it."""
    every = list(articles)
    merged: dict[int, list[int]] = {}
    for one in every:
        if one.same_as is not None:
            merged.setdefault(one.same_as, []).append(one.article_id)
    stories: dict[int, list[StoryArticle]] = {}
    for one in sorted(every, key=lambda each: (each.reported_at, each.article_id)):
        if one.same_as is None:
            stories.setdefault(one.cluster_id, []).append(one)
    first = {one.cluster_id: one.same_as or one.article_id for one in every if one.representative}
    reports = [
        _report(story, [_telling(one, merged.get(one.article_id, ()), labels) for one in story], first.get(cluster_id))
        for cluster_id, story in stories.items()
    ]
    reports.sort(key=lambda one: (-len(one.articles), one.articles[0].reported_at, one.cluster_id))
    return EventCoverage(articles=sum(len(one.articles) for one in reports), reports=tuple(reports))


def _telling(one: StoryArticle, also: Sequence[int], labels: Mapping[int, str]) -> Telling:
    agency, credit = one.agency, "its page" if one.agency else ""
    if not agency:
        agency, label = _credited([labels[cited] for cited in (one.article_id, *sorted(also)) if cited in labels])
        credit = f"the source link {label!r}" if agency else ""
    return Telling(
        article_id=one.article_id,
        publisher=one.site_name or one.host,
        host=one.host,
        agency=agency,
        credit=credit,
        headline=one.headline,
        reported_at=one.reported_at,
        length=one.length,
        also=tuple(sorted(also)),
    )


def _credited(labels: Sequence[str]) -> tuple[str, str]:
    """The agency that the first of the labels credits that credits one, with that label."""
    from crawler.extraction.credits import credited_in_label  # noqa: PLC0415 - its patterns take long to build

    return next(((agency, label) for label in labels if (agency := credited_in_label(label))), ("", ""))


def _report(story: Sequence[StoryArticle], articles: Sequence[Telling], first: int | None) -> Report:
    standing = next((one for one in articles if one.article_id == first), None)
    credits_ = Counter(one.agency for one in articles if one.agency)
    leading = standing or articles[0]
    agency = min(credits_, key=lambda name: (-credits_[name], name != leading.agency, name), default="")
    credited = 2 * credits_[agency] >= len(articles) if agency else False
    return Report(
        cluster_id=story[0].cluster_id,
        label=agency if credited else leading.publisher,
        agency=credited,
        articles=tuple(articles),
        earliest=articles[0].article_id,
        fullest=max(articles, key=lambda one: (one.length, -articles.index(one))).article_id,
        representative=standing.article_id if standing else None,
    )


def summary(found: EventCoverage) -> str:
    """``5 articles, 2 independent reports (Reuters x3, AP x2)``."""
    number = len(found.reports)
    told = [f"{one.label} x{len(one.articles)}" if len(one.articles) > 1 else one.label for one in found.reports]
    named = ", ".join(told[:_NAMED]) + (f" and {number - _NAMED} more" if number > _NAMED else "")
    articles = "1 article" if found.articles == 1 else f"{found.articles} articles"
    reports = "1 independent report" if number == 1 else f"{number} independent reports"
    return f"{articles}, {reports} ({named})" if named else "no articles"


def merits(report: Report, article: Telling) -> str:
    """What an article is among its report's: ``earliest, fullest``, else ``copy``; empty where it is alone."""
    if len(report.articles) == 1:
        return ""
    names = {"earliest": report.earliest, "fullest": report.fullest, "stands for the report": report.representative}
    return ", ".join(name for name, number in names.items() if number == article.article_id) or "copy"
