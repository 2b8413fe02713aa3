"""What is known of an article beside its text: events, story, relations, other URLs, versions, feeds."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from crawler.article_facts import REPORTS, merge_told, time_of, why_it_stands
from crawler.cli.console import count_of, say, shortened
from storage.types import ArticleVersion, ArticleView, LinkHow, LinkState

_RELATIONS = 10
_LINE = 100


def print_story(view: ArticleView) -> None:
    """Everything of an article that is no field of its text; what there is nothing of is left out."""
    merges = (merge_told(view, one) for one in view.merges)
    for line in (*_events(view), *merges, *_feeds(view)):
        say(line)
    _print_cluster(view)
    _print_relations(view)
    _print_versions(view)


def _events(view: ArticleView) -> Iterator[str]:
    for link in view.events:
        by = f" by {link.decided_by}" if link.decided_by else ""
        state = "" if link.state is LinkState.LINKED else f", {link.state}{by}"
        yield f"{REPORTS[link.state]} {link.event_key} ({link.how}{state})"
        if link.how is not LinkHow.CITATION and link.evidence:
            yield f"    {link.evidence}"


def _feeds(view: ArticleView) -> Iterator[str]:
    for one in view.found_by:
        title = f" as {one.title!r}" if one.title else ""
        yield f"found by the feed {one.feed_url} on {one.found_at:%Y-%m-%d}{title}"


# -- the story -------------------------------------------------------------------------------------------------------


def _print_cluster(view: ArticleView) -> None:
    if len(view.cluster) < 2:  # noqa: PLR2004 - itself
        return
    say()
    say(("Story", "bold"), f" {view.cluster_id}: {count_of(len(view.cluster), 'article')}")
    for member in view.cluster:
        itself = " (this one)" if member.article_id == view.id else ""
        credit = f", {member.agency}" if member.agency else ""
        when = f", {time_of(member.reported_at)}" if member.reported_at else ""
        say(f" article {member.article_id}{itself} {member.canonical_url}")
        say((f"    fits {member.score:.2f}{credit}{when}, {member.length} characters", "dim"))
        if member.representative:
            say((f"    stands for the story: {why_it_stands(member, view.cluster)}", "green"))


def _print_relations(view: ArticleView) -> None:
    if not view.relations:
        return
    from crawler.comparing import related_in_words  # noqa: PLC0415 - only articles that have some pay for it

    say()
    say(("Relations", "bold"), f" ({len(view.relations)})")
    for one in view.relations[:_RELATIONS]:
        say(f" {related_in_words(one)}")
        say((f"    {one.signal}: {one.evidence}", "dim"))
    if len(view.relations) > _RELATIONS:
        say((f" and {len(view.relations) - _RELATIONS} more", "dim"))


# -- versions --------------------------------------------------------------------------------------------------------


def _print_versions(view: ArticleView) -> None:
    if len(view.versions) < 2:  # noqa: PLR2004 - itself
        return
    ordered = sorted(view.versions, key=lambda one: (one.captured_at, one.number))
    say()
    say(("Versions", "bold"), f" ({len(ordered)}), by the time of their captures")
    say(_version_line(ordered[0], view))
    for before, version in pairwise(ordered):
        say(_version_line(version, view))
        say((f"    {_change(before, version)}", "dim"))


def _version_line(version: ArticleVersion, view: ArticleView) -> str:
    current = " (current)" if version.id == view.versions[-1].id else ""
    copy = f", {version.memento.archive}" if version.memento else ""
    headline = shortened(version.article.headline, _LINE)
    return f" {version.number}. {version.captured_at:%Y-%m-%d %H:%M}Z{copy}{current} {headline}"


def _change(before: ArticleVersion, version: ArticleVersion) -> str:
    """``correction: a notice is new``, from the text before to this one."""
    from crawler.changes import kind_of_change  # noqa: PLC0415 - only articles of several versions pay for it
    from crawler.changes.showing import change_told  # noqa: PLC0415 - as above

    return change_told(kind_of_change(before, version))
