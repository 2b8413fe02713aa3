"""What people decide: marks of what is no article, links confirmed and rejected."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from fastapi import Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from crawler.naming import event_name
from crawler.selecting import LONGEST
from crawler.web.api.articles import ArticleId
from crawler.web.api.filters import Cursor, Limit, YesNo
from crawler.web.api.paging import cursor_behind, lead_on, list_name, number_behind
from crawler.web.api.shapes.articles import EventLink, Mark, NumberedMark
from crawler.web.api.shapes.lists import MarkList
from crawler.web.api.shapes.shape import Said, SentId
from crawler.web.api.writing import SAYS_SOMETHING, Reason, Signed, Writer, signed
from crawler.web.site import site_of
from storage.types import LinkState, utc_now


class MarkFilters(Said):
    """Which marks are meant."""

    undone: YesNo = YesNo.NO
    """Whether those that were taken back are listed, too."""
    limit: Limit = 50
    cursor: Cursor = ""


class MarkWish(Signed):
    """That something is no article."""

    because: Annotated[Reason, Field(min_length=1, pattern=SAYS_SOMETHING)]


class Decision(StrEnum):
    """What a person says of a link."""

    CONFIRM = "confirm"
    REJECT = "reject"


class LinkDecision(Signed):
    """Whether an article reports an event."""

    event_key: Annotated[str, Field(min_length=1, max_length=LONGEST, examples=["2006/07/5/harbour-closes"])]
    """The event."""
    article_id: Annotated[SentId, Field(examples=[1])]
    """The article; there need not be a link."""
    decision: Decision
    """It does, or it does not."""
    because: Reason = ""


def list_marks(request: Request, response: Response, said: Annotated[MarkFilters, Query()]) -> MarkList:
    """List what people marked as no article."""
    name = list_name("marks", said.undone)
    after = number_behind(name, said.cursor)
    standing_only = said.undone is YesNo.NO
    found = site_of(request).ask(
        lambda store: store.marks(standing_only=standing_only, after=after, limit=said.limit + 1)
    )
    shown = found[: said.limit]
    following = cursor_behind(name, shown[-1].id) if len(found) > said.limit else None
    lead_on(request, response, following)
    return MarkList(items=[NumberedMark.model_validate(one) for one in shown], next=following)


def put_mark(request: Request, id: ArticleId, who: Writer, said: MarkWish) -> Mark:  # noqa: A002 - its name
    """Say that what was stored as an article is none.

    It stays and counts no more; no crawl takes that back. Where somebody said so already, that mark stands.
    """
    site, by = site_of(request), signed(who, said.by)
    mark = site.ask(lambda store: store.mark(id, by=by, because=said.because.strip(), now=utc_now()))
    site.remembered.forget()
    return Mark.model_validate(mark)


def take_back_mark(
    request: Request,
    id: ArticleId,  # noqa: A002 - its name
    who: Writer,
    said: Annotated[Signed, Query()],
) -> Mark:
    """Say that it is an article after all."""
    site, by = site_of(request), signed(who, said.by)
    mark = site.ask(lambda store: store.unmark(id, by=by, now=utc_now()))
    site.remembered.forget()
    return Mark.model_validate(mark)


def decide_link(request: Request, who: Writer, said: LinkDecision) -> EventLink:
    """Confirm or reject that an article reports an event.

    No crawl changes that; a later decision of a person does.
    """
    site, by = site_of(request), signed(who, said.by)
    state = LinkState.CONFIRMED if said.decision is Decision.CONFIRM else LinkState.REJECTED
    link = site.ask(
        lambda store: store.decide_link(
            event_name(said.event_key),
            said.article_id,
            state=state,
            by=by,
            because=said.because.strip(),
            now=utc_now(),
        )
    )
    site.remembered.forget()
    return EventLink.model_validate(link)
