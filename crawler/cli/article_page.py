"""One article as a person reads it: each field with where it was found and how far that can be trusted.

Why the way to the body is told only when asked: trials and cuts are ten lines of names and figures that matter to
somebody who wonders about a text, and to nobody else.
"""

from __future__ import annotations

from collections.abc import Iterator

from crawler.cli.article_story import print_story
from crawler.cli.console import Listing, count_of, say, shortened
from crawler.exporting.record import hash_text
from storage.types import (
    Article,
    ArticleVersion,
    ArticleView,
    Contributor,
    ContributorKind,
    DatedTime,
    MediaItem,
    Medium,
)

_FIRST_ENTRIES = 5
_LINE = 100

_Row = tuple[str, str, str]


def print_article(view: ArticleView, *, why: bool = False) -> None:
    """The article's current version with its evidence; with ``why``, how its body was found."""
    version = view.versions[-1]
    article = version.article
    say((article.headline, "bold"))
    if article.standfirst:
        say((article.standfirst, "italic"))
    made = Listing("field", "value", "evidence")
    for row in (*_fields(article), *_image(view), *_origin(view, version)):
        made.add(*row)
    made.print()
    print_story(view)
    _print_entries(article)
    if why:
        _print_choice(article)
    say()
    for line in article.body.split("\n"):
        say(line)


def _fields(article: Article) -> Iterator[_Row]:
    for label, value in (
        ("headline", ""),
        ("standfirst", ""),
        ("byline", article.byline),
        *(("contributors", _contributor(one)) for one in article.contributors),
        ("agency", article.agency),
        ("dateline", article.dateline),
        ("published_at", moment(article.published_at)),
        ("modified_at", moment(article.modified_at)),
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
            yield label, "(above)", evidence


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
    pages = count_of(one.pages, "page") if one.pages is not None else ""
    told = ", ".join(part for part in (one.name, one.description, length, pages, one.url) if part)
    return f"{one.medium}: {told}" if told else one.medium


def _image(view: ArticleView) -> Iterator[_Row]:
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


def _origin(view: ArticleView, version: ArticleVersion) -> Iterator[_Row]:
    yield "canonical_url", view.document.canonical_url, ""
    yield "captured_at", f"{version.captured_at:%Y-%m-%d %H:%M:%S}Z", count_of(len(view.versions), "version")
    if memento := version.memento:
        yield "archive", memento.archive, f"digest {memento.digest_check.replace('_', ' ')}"
        yield "archived copy", memento.public_url or memento.url, memento.source
    yield "verdict", version.verdict.kind, version.verdict.evidence


def moment(dated: DatedTime | None) -> str:
    """``2009-05-03 14:05Z``, or the day alone where no hour is known."""
    if dated is None:
        return ""
    return f"{dated.value:%Y-%m-%d %H:%M}Z" if dated.precision in {"minute", "second"} else f"{dated.value:%Y-%m-%d}"


def _print_entries(article: Article) -> None:
    """How many entries a live blog has, and how the first ones begin."""
    if not article.entries:
        return
    say()
    say(("Entries", "bold"), f" ({len(article.entries)})")
    for one in article.entries[:_FIRST_ENTRIES]:
        when = one.clock or moment(one.posted_at)
        say((f" {when} " if when else " ", "dim"), shortened(one.headline or one.body.split("\n", 1)[0], _LINE))
    if len(article.entries) > _FIRST_ENTRIES:
        say((f" and {len(article.entries) - _FIRST_ENTRIES} more", "dim"))


def _print_choice(article: Article) -> None:
    """Which candidates there were for the body, which was taken, and what was cut."""
    choice = article.choice
    say()
    say(("How the body was found", "bold"))
    say(f" {choice.winner or 'not recorded'}" + (f": {choice.why}" if choice.why else ""))
    if choice.rule:
        say(f" publisher rule {choice.rule}")
    for name in choice.missed:
        say((f" missed {name}", "yellow"))
    if choice.trials:
        trials = Listing("candidate", "words#", "score#", "what decided")
        for trial in choice.trials:
            trials.add(trial.name, trial.words, f"{trial.score:.2f}", trial.note)
        trials.print()
    if choice.cuts:
        cuts = Listing("cut", "because", "text")
        for cut in choice.cuts:
            cuts.add(cut.place, cut.reason, shortened(cut.text, _LINE))
        cuts.print()
