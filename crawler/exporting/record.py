"""One article as a flat record: the fields of ``jsonl`` and ``csv``, in this order.

=====================  ============  ==================================================================================
field                  JSON type     meaning
=====================  ============  ==================================================================================
article_id             integer       our number of the article; stable
headline               string        of the current version, as are all fields of text and metadata below
body                   string        blocks separated by one blank line; ``## `` heading, ``- `` item, ``> `` quotation
byline                 string        people and roles as written; empty where there is none
published_at           string, null  as the page states it, UTC, ``2006-07-05T14:30:00Z``
published_precision    string, null  ``year | month | day | minute | second``: what is finer is zero, not known
modified_at            string, null  likewise
modified_precision     string, null  likewise
language               string        ISO 639-1; empty where unknown
site_name              string        as the page names its publisher
agency                 string        wire agency credited (``Reuters``); empty for own work
dateline               string        place (and agency) that open the body; not a date
access                 string        ``full | teaser | unknown``: how much the page shows
lead_image_url         string        empty where there is none
canonical_url          string        our identity for the document; not meant to be requested
request_url            string        what was requested
declared_url           string        what the page calls itself; unvalidated
captured_at            string        when the page was so (a memento's is the archive's), UTC
extracted_at           string        when the text was last extracted, UTC
extractor              string        program and versions that extracted it
version                integer       number of the current version, 1-based
versions               integer       how many versions are stored
verdict                string        ``new | revisit | new_version | near_duplicate | syndicated``, of this version
verdict_evidence       string        one sentence
text_digest            string        SHA-256 of the normalised text
cluster                integers      article_id of every article of the same story, ascending, this one among them
representative         integer       article_id that stands for the cluster
events                 strings       keys of the events it reports, ascending
event_links            objects       ``{"event_key", "how", "score", "evidence"}`` per event, in the order of ``events``
evidence               object        field name -> where on the page it was found (``json-ld datePublished``)
archive                string        the web archive that gave the page; empty where the live web did, as all of these
archive_url            string        of the copy: where a reader opens it, else as it was requested
archive_page_url       string        what it is a copy of; not ``request_url`` where archived redirects led on
archive_requested_at   string, null  the time that was asked for; ``captured_at`` is the copy's own
archive_digest         string        ``matches | differs | not_checked``: the bytes against the archive's index
archive_source         string        file and place of the record where the copy was read from one
standfirst             string        the summary under the headline; no part of the body
section                string        the desk or topic that the page files it under
keywords               strings       tags as written
contributors           objects       ``{"name", "kind", "role"}``; kind: ``person | agency | organisation``
lead_image_caption     string        as it stands under the image
lead_image_credit      string        who took it, as written
corrections            strings       notices of correction or clarification, as written
medium                 string        ``text | live_blog | video | audio | document``
media                  objects       ``{"medium", "name", "description", "url", "seconds", "pages"}``
entries                objects       of a live blog: ``{"headline", "body", "posted_at", "posted_precision", "clock"}``
confidence             object        field name -> 0 to 1: how often a value from such a place was right
choice                 object        how the body was found: ``{"winner", "why", "rule", "missed", "trials", "cuts"}``
lead_image             object, null  ``{"url", "stored", "outcome", "width", "height", "media_type", "bytes", "hash",
                                     "captured_at", "file", "offset"}``; null where it was not asked for
mark                   object, null  ``{"by", "at", "because"}``: a person said that this is no article; else null
=====================  ============  ==================================================================================

Why
    Every record has every field, so that a reader needs no "if present" and a table has one shape. Strings are empty
    and never null where text is missing; null is kept for times, which have no empty value. A key is never
    renamed: new fields are added at the end.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeAlias

from storage.types import Article, ArticleVersion, ArticleView, DatedTime, LeadImage, Mark, Memento

Record: TypeAlias = dict[str, Any]
"""Field name -> JSON value."""

FIELDS = (
    "article_id",
    "headline",
    "body",
    "byline",
    "published_at",
    "published_precision",
    "modified_at",
    "modified_precision",
    "language",
    "site_name",
    "agency",
    "dateline",
    "access",
    "lead_image_url",
    "canonical_url",
    "request_url",
    "declared_url",
    "captured_at",
    "extracted_at",
    "extractor",
    "version",
    "versions",
    "verdict",
    "verdict_evidence",
    "text_digest",
    "cluster",
    "representative",
    "events",
    "event_links",
    "evidence",
    "archive",
    "archive_url",
    "archive_page_url",
    "archive_requested_at",
    "archive_digest",
    "archive_source",
    "standfirst",
    "section",
    "keywords",
    "contributors",
    "lead_image_caption",
    "lead_image_credit",
    "corrections",
    "medium",
    "media",
    "entries",
    "confidence",
    "choice",
    "lead_image",
    "mark",
)


def record_of(view: ArticleView) -> Record:
    """The article's record, its fields in the order of `FIELDS`."""
    current = view.versions[-1]
    facts = (
        {"article_id": view.id, "versions": len(view.versions)}
        | _text(current.article)
        | _around(current.article)
        | _explanation(current.article)
        | _version(current)
        | _provenance(current.memento)
        | _document(view)
        | _cluster(view)
        | _events(view)
        | {"lead_image": _lead_image(view.lead_image), "mark": _mark(view.mark)}
    )
    return {name: facts[name] for name in FIELDS}


def utc_text(moment: datetime) -> str:
    """ISO 8601 with ``Z``: ``2006-07-05T14:30:00Z``."""
    return moment.isoformat().removesuffix("+00:00") + "Z"


def _text(article: Article) -> Record:
    plain = ("headline", "body", "byline", "language", "site_name", "agency", "dateline", "lead_image_url")
    return {name: getattr(article, name) for name in (*plain, "declared_url", "text_digest")} | {
        "published_at": _moment(article.published_at),
        "published_precision": _precision(article.published_at),
        "modified_at": _moment(article.modified_at),
        "modified_precision": _precision(article.modified_at),
        "access": article.access.value,
        "extractor": f"{article.extractor} {article.extractor_version}".strip(),
        "evidence": dict(sorted(article.evidence.items())),
    }


def _around(article: Article) -> Record:
    """What an article says beside its text."""
    plain = ("standfirst", "section", "lead_image_caption", "lead_image_credit")
    return {name: getattr(article, name) for name in plain} | {
        "keywords": list(article.keywords),
        "corrections": list(article.corrections),
        "contributors": [{"name": one.name, "kind": one.kind.value, "role": one.role} for one in article.contributors],
        "medium": article.medium.value,
        "media": [
            {"medium": one.medium.value}
            | {name: getattr(one, name) for name in ("name", "description", "url", "seconds", "pages")}
            for one in article.media
        ],
        "entries": [
            {
                "headline": one.headline,
                "body": one.body,
                "posted_at": _moment(one.posted_at),
                "posted_precision": _precision(one.posted_at),
                "clock": one.clock,
            }
            for one in article.entries
        ],
    }


def _explanation(article: Article) -> Record:
    choice = article.choice
    return {
        "confidence": dict(sorted(article.confidence.items())),
        "choice": {
            "winner": choice.winner,
            "why": choice.why,
            "rule": choice.rule,
            "missed": list(choice.missed),
            "trials": [
                {"name": one.name, "words": one.words, "score": one.score, "note": one.note} for one in choice.trials
            ],
            "cuts": [{"text": one.text, "reason": one.reason, "place": one.place} for one in choice.cuts],
        },
    }


def _version(version: ArticleVersion) -> Record:
    return {
        "version": version.number,
        "captured_at": utc_text(version.captured_at),
        "extracted_at": utc_text(version.extracted_at),
        "verdict": version.verdict.kind.value,
        "verdict_evidence": version.verdict.evidence,
    }


def _provenance(memento: Memento | None) -> Record:
    """Where an archived copy comes from; the same fields, empty, for a page of the live web."""
    if memento is None:
        empty = dict.fromkeys(("archive", "archive_url", "archive_page_url", "archive_digest", "archive_source"), "")
        return empty | {"archive_requested_at": None}
    return {
        "archive": memento.archive,
        "archive_url": memento.public_url or memento.url,
        "archive_page_url": memento.page_url,
        "archive_requested_at": utc_text(memento.requested_at),
        "archive_digest": memento.digest_check.value,
        "archive_source": memento.source,
    }


def _document(view: ArticleView) -> Record:
    return {"canonical_url": view.document.canonical_url, "request_url": view.document.request_url}


def _cluster(view: ArticleView) -> Record:
    members = sorted({member.article_id for member in view.cluster} | {view.id})
    representatives = (member.article_id for member in view.cluster if member.representative)
    return {"cluster": members, "representative": next(representatives, view.id)}


def _events(view: ArticleView) -> Record:
    links = sorted(view.events, key=lambda link: (link.event_key, link.how))
    details = [
        {"event_key": link.event_key, "how": link.how, "score": link.score, "evidence": link.evidence} for link in links
    ]
    return {"events": sorted({link.event_key for link in links}), "event_links": details}


def _lead_image(image: LeadImage | None) -> Record | None:
    """The stored lead image, and where its bytes are: file and offset of the WARC record; nulls where there is none."""
    if image is None:
        return None
    empty = ("width", "height", "media_type", "bytes", "hash", "captured_at", "file", "offset")
    found: Record = {
        "url": image.url,
        "stored": image.facts is not None,
        "outcome": str(image.document.last_outcome or ""),
    }
    if image.facts is None or image.capture is None:
        return found | dict.fromkeys(empty)
    return found | {
        "width": image.facts.width,
        "height": image.facts.height,
        "media_type": image.facts.media_type,
        "bytes": image.capture.payload_length,
        "hash": hash_text(image.facts.perceptual_hash),
        "captured_at": utc_text(image.capture.captured_at),
        "file": image.capture.location.file,
        "offset": image.capture.location.offset,
    }


def _mark(mark: Mark | None) -> Record | None:
    return None if mark is None else {"by": mark.marked_by, "at": utc_text(mark.marked_at), "because": mark.because}


def hash_text(perceptual_hash: int) -> str:
    """A signed 64-bit hash as 16 hex digits, which is how other programs write it."""
    return f"{perceptual_hash & (1 << 64) - 1:016x}"


def _moment(time: DatedTime | None) -> str | None:
    return utc_text(time.value) if time else None


def _precision(time: DatedTime | None) -> str | None:
    return time.precision.value if time else None
