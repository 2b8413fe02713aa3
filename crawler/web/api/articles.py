"""Articles, their versions, and the captures that they were extracted from."""

from __future__ import annotations

from dataclasses import fields
from functools import partial
from http import HTTPStatus
from typing import Annotated

from fastapi import Path, Query
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from crawler.selecting import render
from crawler.web.api.filters import Direction, Filters, ListFilters, YesNo
from crawler.web.api.paging import article_behind, cursor_behind, lead_on, list_name
from crawler.web.api.shapes.articles import (
    Article,
    ArticleInList,
    ClusterMember,
    EventLink,
    LeadImage,
    Mark,
    Relation,
    Verdict,
    Version,
    VersionInList,
)
from crawler.web.api.shapes.captures import Capture, CaptureDetails, Header, Memento
from crawler.web.api.shapes.documents import Discovery, DocumentMerge
from crawler.web.api.shapes.lists import ArticleList, VersionList
from crawler.web.api.shapes.shape import Id
from crawler.web.site import site_of
from crawler.web.turning import turned
from storage import types
from storage.protocol import Store

ArticleId = Annotated[Id, Path(description="The article's number.", examples=[1])]
CaptureId = Annotated[Id, Path(description="The capture's number.", examples=[1])]
VersionNumber = Annotated[Id, Path(description="The version's number.", examples=[1])]

_OF_TEXT = tuple(one for one in Version.model_fields if one in {each.name for each in fields(types.Article)})
"""Fields of a version that its text has itself."""


# -- answers -----------------------------------------------------------------------------------------------------


def list_articles(request: Request, response: Response, said: Annotated[ListFilters, Query()]) -> ArticleList:
    """List articles by the day on which they were reported.

    With filters those that fit all of them; the last part of the list has no `next`.
    """
    wants_total = said.total is YesNo.YES
    found = site_of(request).ask(
        lambda store: articles_of(store, said, said.order, limit=said.limit, cursor=said.cursor, with_total=wants_total)
    )
    lead_on(request, response, found.next)
    return found


def get_article(request: Request, id: ArticleId) -> Article:  # noqa: A002 - its name
    """Get one article: its current version with the evidence for each field, its events and its story."""
    return _article(site_of(request).ask(lambda store: store.article(id)))


def list_versions(request: Request, id: ArticleId) -> VersionList:  # noqa: A002
    """List the versions of one article, without their texts."""
    view = site_of(request).ask(lambda store: store.article(id))
    return VersionList(items=[_version_in_list(view, one) for one in view.versions])


def get_version(
    request: Request,
    id: ArticleId,  # noqa: A002 - its name
    number: VersionNumber,
) -> Version:
    """Get one version of an article."""
    view = site_of(request).ask(lambda store: store.article(id))
    found = next((one for one in view.versions if one.number == number), None)
    if found is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, f"article {id} has no version {number}")
    return _version(view, found)


def get_capture(request: Request, id: CaptureId) -> CaptureDetails:  # noqa: A002
    """Get what is known of one capture, and where its bytes are to be had."""
    return _capture(site_of(request).ask(lambda store: store.capture(id)))


# -- what they are made of ---------------------------------------------------------------------------------------


def articles_of(
    store: Store, filters: Filters, order: Direction, *, limit: int, cursor: str = "", with_total: bool
) -> ArticleList:
    """A part of the list of articles that fit."""
    query = filters.query(store)
    name = list_name("articles", render(query), order)
    found = turned(
        partial(store.find_articles, query),
        lambda one: one.place,
        after=article_behind(name, cursor),
        newest_first=order is Direction.NEWEST,
        limit=limit,
    )
    return ArticleList(
        items=[_in_list(one) for one in found.entries],
        next=cursor_behind(name, found.after) if found.after else None,
        total=store.count_articles(query) if with_total else None,
    )


def _in_list(one: types.ArticleSummary) -> ArticleInList:
    said = {name: getattr(one, name) for name in ArticleInList.model_fields if name != "id"}
    return ArticleInList(id=one.article_id, **said)


def _article(view: types.ArticleView) -> Article:
    document = view.document
    return Article(
        id=view.id,
        canonical_url=document.canonical_url,
        request_url=document.request_url,
        host=document.host,
        versions=len(view.versions),
        current=_version(view, view.versions[-1]),
        events=[EventLink.model_validate(one) for one in view.events],
        cluster_id=view.cluster_id,
        cluster=[ClusterMember.model_validate(one) for one in view.cluster],
        relations=[_relation(one) for one in view.relations],
        lead_image=_lead_image(view.lead_image) if view.lead_image else None,
        merges=[DocumentMerge.model_validate(one) for one in view.merges],
        found_by=[Discovery.model_validate(one) for one in view.found_by],
        mark=Mark.model_validate(view.mark) if view.mark else None,
    )


def _relation(one: types.Relation) -> Relation:
    said = {name: getattr(one, name) for name in Relation.model_fields if name != "article_id"}
    return Relation(article_id=one.other_id, **said)


def _lead_image(image: types.LeadImage) -> LeadImage:
    return LeadImage(
        url=image.url,
        outcome=image.document.last_outcome,
        width=image.facts.width if image.facts else None,
        height=image.facts.height if image.facts else None,
        media_type=image.facts.media_type if image.facts else "",
        capture=Capture.model_validate(image.capture) if image.capture else None,
    )


def _version_in_list(view: types.ArticleView, one: types.ArticleVersion) -> VersionInList:
    return VersionInList(
        number=one.number,
        headline=one.article.headline,
        length=len(one.article.body),
        text_digest=one.article.text_digest,
        capture_id=one.capture_id,
        captured_at=one.captured_at,
        extracted_at=one.extracted_at,
        memento=Memento.model_validate(one.memento) if one.memento else None,
        verdict=Verdict.model_validate(one.verdict),
        current=one is view.versions[-1],
    )


def _version(view: types.ArticleView, one: types.ArticleVersion) -> Version:
    told = {name: getattr(one.article, name) for name in _OF_TEXT}
    return Version.model_validate({**_version_in_list(view, one).__dict__, **told})


def _capture(view: types.CaptureView) -> CaptureDetails:
    capture, there = view.capture, view.capture.takedown_id is None
    return CaptureDetails(
        **Capture.model_validate(capture).__dict__,
        headers=[Header(name=name, value=value) for name, value in capture.headers],
        canonical_url=view.document.canonical_url,
        attempt_id=capture.attempt_id or 0,
        article_id=view.article_id,
        version=view.version,
        removed=view.takedown.text if view.takedown else "",
        raw=f"/captures/{capture.id}/raw" if there else None,
        record=f"/captures/{capture.id}/record.warc.gz" if there else None,
    )
