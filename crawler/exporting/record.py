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
=====================  ============  ==================================================================================

Why
    Every record has every field, so that a reader needs no "if present" and a table has one shape. Strings are empty
    and never null where text is missing; null is kept for times, which have no empty value. A key is never
    renamed: new fields are added at the end.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeAlias

from storage.types import Article, ArticleVersion, ArticleView, DatedTime, Memento

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
)


def record_of(view: ArticleView) -> Record:
    """The article's record, its fields in the order of `FIELDS`."""
    current = view.versions[-1]
    facts = (
        {"article_id": view.id, "versions": len(view.versions)}
        | _text(current.article)
        | _version(current)
        | _provenance(current.memento)
        | _document(view)
        | _cluster(view)
        | _events(view)
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


def _moment(time: DatedTime | None) -> str | None:
    return utc_text(time.value) if time else None


def _precision(time: DatedTime | None) -> str | None:
    return time.precision.value if time else None
