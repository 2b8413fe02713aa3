"""What is known of an article beside its text, row by row: for the command line and for the pages.

Each row is a name, a value and its evidence: where it was found and how far that can be trusted. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from crawler.exporting.record import hash_text
from storage.types import (
    Article,
    ArticleVersion,
    ArticleView,
    ClusterMember,
    Contributor,
    ContributorKind,
    DatedTime,
    DocumentMerge,
    LinkState,
    MediaItem,
    Medium,
)

ABOVE = "(above)"
"""Value of what every reader of the rows has seen already: the headline and the standfirst."""

REPORTS = {
    LinkState.LINKED: "reports",
    LinkState.CONFIRMED: "reports",
    LinkState.PROPOSED: "may report",
    LinkState.REJECTED: "does not report",
}
"""What a link says of an article and an event."""

Row = tuple[str, str, str]
"""Name, value, evidence."""


def facts_of(view: ArticleView, version: ArticleVersion | None = None) -> Iterator[Row]:
    """The rows of one version of an article; of the current one where none is named."""
    current = view.versions[-1]
    shown = version or current
    yield from _fields(shown.article)
    if shown.id == current.id:
        yield from _image(view)
    yield from _origin(view, shown)


def _fields(article: Article) -> Iterator[Row]:
    for label, value in (
        ("headline", ""),
        ("standfirst", ""),
        ("byline", article.byline),
        *(("contributors", _contributor(one)) for one in article.contributors),
        ("agency", article.agency),
        ("dateline", article.dateline),
        ("published_at", stated(article.published_at)),
        ("modified_at", stated(article.modified_at)),
        ("language", article.language),
        ("site_name", article.site_name),
        ("section", article.section),
        ("keywords", ", ".join(article.keywords)),
        ("access", article.access),
        ("medium", "" if article.medium is Medium.TEXT else article.medium.replace("_", " ")),
        *(("media", _media(one)) for one in article.media),
        ("lead_image_url", article.lead_image_url),
        ("lead_image_caption", article.lead_image_caption),
        ("lead_image_credit", article.lead_image_credit),
        *(("corrections", notice) for notice in article.corrections),
        ("declared_url", article.declared_url),
        ("body", article.choice.winner),
    ):
        evidence = _evidence(article, label)
        if value:
            yield label, value, evidence
        elif getattr(article, label) and label in {"headline", "standfirst"} and evidence:
            yield label, ABOVE, evidence


def _evidence(article: Article, name: str) -> str:
    """``json-ld datePublished, 0.97``."""
    sure = article.confidence.get(name)
    parts = (article.evidence.get(name, ""), "" if sure is None else f"{sure:.2f}")
    return ", ".join(part for part in parts if part)


def _contributor(one: Contributor) -> str:
    """``Mara Lind (harbour correspondent)``, ``AP, agency``."""
    kind = "" if one.kind is ContributorKind.PERSON else f", {one.kind}"
    return f"{one.name}{kind}" + (f" ({one.role})" if one.role else "")


def _media(one: MediaItem) -> str:
    """``video: The rescue, 61 s, https://...``."""
    length = f"{one.seconds} s" if one.seconds is not None else ""
    pages = _counted(one.pages, "page") if one.pages is not None else ""
    told = ", ".join(part for part in (one.name, one.description, length, pages, one.url) if part)
    return f"{one.medium}: {told}" if told else one.medium


def _image(view: ArticleView) -> Iterator[Row]:
    """What became of the lead image, where it was asked for."""
    image = view.lead_image
    if image is None:
        return
    if image.facts is None or image.capture is None:
        yield (
            "lead image",
            f"not stored: {image.document.last_outcome or 'not tried yet'}",
            image.document.canonical_url,
        )
        return
    facts, place = image.facts, image.capture.location
    size = f"{facts.media_type}, {facts.width} x {facts.height} pixels, {image.capture.payload_length} bytes"
    yield "lead image", f"{size}, looks like {hash_text(facts.perceptual_hash)}", f"{place.file} {place.offset}"


def _origin(view: ArticleView, version: ArticleVersion) -> Iterator[Row]:
    yield "canonical_url", view.document.canonical_url, ""
    yield "captured_at", f"{version.captured_at:%Y-%m-%d %H:%M:%S}Z", _counted(len(view.versions), "version")
    if memento := version.memento:
        yield "archive", memento.archive, f"digest {memento.digest_check.replace('_', ' ')}"
        yield "archived copy", memento.public_url or memento.url, memento.source
    yield "verdict", version.verdict.kind, version.verdict.evidence


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun if count == 1 else noun + 's'}"


# -- its story, its document -----------------------------------------------------------------------------------------


def merge_told(view: ArticleView, one: DocumentMerge) -> str:
    """That the article's document is another one, or stands for another one, and why: one sentence."""
    own = one.document_id == view.document.id
    told = f"is the same document as {one.into_url}" if own else f"stands for {one.canonical_url}"
    undone = f"; undone {one.undone_at:%Y-%m-%d}: {one.undone_because}" if one.undone_at else ""
    return f"{told} ({one.how}, {one.merged_at:%Y-%m-%d}: {one.evidence}{undone})"


def why_it_stands(first: ClusterMember, members: tuple[ClusterMember, ...]) -> str:
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


# -- times -----------------------------------------------------------------------------------------------------------


def stated(dated: DatedTime | None) -> str:
    """``2009-05-03 14:05Z``, or the day alone where no hour is known; empty for none."""
    if dated is None:
        return ""
    return f"{dated.value:%Y-%m-%d %H:%M}Z" if dated.precision in {"minute", "second"} else f"{dated.value:%Y-%m-%d}"


def time_of(moment: datetime) -> str:
    """When an article was reported; midnight sharp is nearly always a day whose hour nobody knows."""
    return f"{moment:%Y-%m-%d}" if moment.time() == moment.time().min else f"{moment:%Y-%m-%d %H:%M}Z"
