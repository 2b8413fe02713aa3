"""Why a source is as it is: the story of its document, as ``dateline why`` tells it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from crawler.document_stories import archives_of, next_try, steps_of
from crawler.urls import explain, identify
from crawler.web.answering import shows
from crawler.web.rendering import page
from crawler.web.site import site_of
from storage.protocol import Store
from storage.types import OUTCOME_MEANINGS, DocumentHistory, Takedown

_LONGEST = 8_000
"""Signs of a URL that is looked for; servers take no longer ones."""
_MOST_STEPS = 200
"""Latest steps that are shown: a feed that is polled every hour has thousands."""


def why(request: Request) -> Response:
    """Of a URL in any of its variants; without one, a form that asks for it."""
    url = request.query_params.get("url", "").strip()[:_LONGEST]
    if not url:
        return page(request, "why_form.html")
    canonical = identify(url).canonical_url

    def work(store: Store) -> tuple[DocumentHistory, Takedown | None]:
        found = store.history(canonical)
        return found, store.takedown_of(found.document.canonical_url, found.document.host)

    history, takedown = site_of(request).ask(work)
    steps = steps_of(history)
    outcome = history.document.last_outcome
    context = {
        "url": url,
        "history": history,
        "document": history.document,
        "takedown": takedown,
        "steps": steps[-_MOST_STEPS:],
        "left_out": max(0, len(steps) - _MOST_STEPS),
        "meaning": OUTCOME_MEANINGS[outcome] if outcome else "not tried yet",
        "next_try": next_try(history),
        "archives": archives_of(history),
        "changes": [str(one) for one in explain(url)],
    }
    return page(request, "why.html", context)


ROUTES = (shows("/why", why),)
