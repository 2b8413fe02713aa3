"""What is known of an article beside its text: events, story, relations, other URLs, versions, feeds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from crawler.cli.console import count_of, say, shortened
from storage.types import ArticleVersion, ArticleView, ClusterMember, LinkHow, LinkState

_REPORTS = {
    LinkState.LINKED: "reports",
    LinkState.CONFIRMED: "reports",
    LinkState.PROPOSED: "may report",
    LinkState.REJECTED: "does not report",
}
_RELATIONS = 10
_LINE = 100


def print_story(view: ArticleView) -> None:
    """Everything of an article that is no field of its text; what there is nothing of is left out."""
    for line in (*_events(view), *_merges(view), *_feeds(view)):
        say(line)
    _print_cluster(view)
    _print_relations(view)
    _print_versions(view)


def _events(view: ArticleView) -> Iterator[str]:
    for link in view.events:
        by = f" by {link.decided_by}" if link.decided_by else ""
        state = "" if link.state is LinkState.LINKED else f", {link.state}{by}"
        yield f"{_REPORTS[link.state]} {link.event_key} ({link.how}{state})"
        if link.how is not LinkHow.CITATION and link.evidence:
            yield f"    {link.evidence}"


def _merges(view: ArticleView) -> Iterator[str]:
    for one in view.merges:
        own = one.document_id == view.document.id
        told = f"is the same document as {one.into_url}" if own else f"stands for {one.canonical_url}"
        undone = f"; undone {one.undone_at:%Y-%m-%d}: {one.undone_because}" if one.undone_at else ""
        yield f"{told} ({one.how}, {one.merged_at:%Y-%m-%d}: {one.evidence}{undone})"


def _feeds(view: ArticleView) -> Iterator[str]:
    for one in view.found_by:
        title = f" as {one.title!r}" if one.title else ""
        yield f"found by the feed {one.feed_url} on {one.found_at:%Y-%m-%d}{title}"


def time_of(moment: datetime) -> str:
    """When an article was reported; midnight sharp is nearly always a day whose hour nobody knows."""
    return f"{moment:%Y-%m-%d}" if moment.time() == moment.time().min else f"{moment:%Y-%m-%d %H:%M}Z"


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
            say((f"    stands for the story: {_why_it_stands(member, view.cluster)}", "green"))


def _why_it_stands(first: ClusterMember, members: tuple[ClusterMember, ...]) -> str:
    """Which rule made it the one, as far as the members tell; the rules are those of `ArticleStore.archive`."""
    days = {one.article_id: one.reported_at.date() for one in members if one.reported_at}
    others = [one for one in members if one.article_id != first.article_id]
    own_day = days.get(first.article_id)
    if own_day and any(days.get(one.article_id, own_day) < own_day for one in others):
        return f"{first.agency} published it itself" if first.agency else "what was reported earlier is a teaser"
    rivals = [one for one in others if days.get(one.article_id) == own_day]
    if not rivals:
        return "it was reported first"
    if all(one.length < first.length for one in rivals):
        return "it is the fullest of those that were reported first"
    return "of those that were reported first it comes first by the rules"


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
    from crawler.changes import change_between  # noqa: PLC0415 - only articles of several versions pay for it

    old, new = before.article, version.article
    change = change_between(
        old.headline,
        old.body,
        new.headline,
        new.body,
        old_corrections=old.corrections,
        new_corrections=new.corrections,
    )
    return f"{change.kind}: {change.evidence}" if change.evidence else str(change.kind)
