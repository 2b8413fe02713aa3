"""What changed between two versions of an article: the text, and what the page says about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from crawler.changes.kinds import change_between
from crawler.changes.model import Change
from storage.types import Article, ArticleVersion, DatedTime

_TEXTS = ("standfirst", "byline", "agency", "dateline", "section", "site_name", "access", "lead_image_caption")
_MOMENTS = ("published_at", "modified_at")


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldChange:
    """One thing that the page says about the text, before and after; empty where it said nothing."""

    name: str
    old: str
    new: str


def kind_of_change(old: ArticleVersion, new: ArticleVersion) -> Change:
    """What changed in the text from one version to the other, notices of correction in boxes of the page included."""
    before, after = old.article, new.article
    return change_between(
        before.headline,
        before.body,
        after.headline,
        after.body,
        old_corrections=before.corrections,
        new_corrections=after.corrections,
    )


def field_changes(old: Article, new: Article) -> tuple[FieldChange, ...]:
    """What else the page says otherwise: standfirst, byline and the like, dates, notices of correction."""
    return tuple(_field_changes(old, new))


def _field_changes(old: Article, new: Article) -> Iterator[FieldChange]:
    for name in _TEXTS:
        before, after = str(getattr(old, name)), str(getattr(new, name))
        if before != after:
            yield FieldChange(name=name, old=before, new=after)
    yield from _notice_changes(old, new)
    for name in _MOMENTS:
        before, after = _moment(getattr(old, name)), _moment(getattr(new, name))
        if before != after:
            yield FieldChange(name=name, old=before, new=after)


def _notice_changes(old: Article, new: Article) -> Iterator[FieldChange]:
    for notice in old.corrections:
        if notice not in new.corrections:
            yield FieldChange(name="correction", old=notice, new="")
    for notice in new.corrections:
        if notice not in old.corrections:
            yield FieldChange(name="correction", old="", new=notice)


def _moment(dated: DatedTime | None) -> str:
    """``2009-05-03 14:05Z``, or the day alone where no hour is known."""
    if dated is None:
        return ""
    return f"{dated.value:%Y-%m-%d %H:%M}Z" if dated.precision in {"minute", "second"} else f"{dated.value:%Y-%m-%d}"
