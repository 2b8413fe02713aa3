"""The OpenAPI document: what FastAPI makes of the endpoints, and what it cannot know.

That is: what the guard answers before anything is routed, that problems are ``application/problem+json``, which headers
an answer has, and that 400 is the one status for what cannot be understood (FastAPI says 422).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Literal

from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic.json_schema import models_json_schema
from starlette.routing import BaseRoute

from crawler.source_stories import STATE_MEANINGS, State
from crawler.web.api.endpoints import ENDPOINTS, Endpoint
from crawler.web.api.shapes.problems import Misfit, Problem
from crawler.web.api.shapes.shape import Shape
from crawler.web.problems import PROBLEM
from storage import __version__
from storage.types import (
    BACKFILL_MEANINGS,
    OUTCOME_MEANINGS,
    PAGE_KIND_MEANINGS,
    RUN_MEANINGS,
    SAVING_MEANINGS,
    SEARCH_MEANINGS,
    BackfillState,
    Outcome,
    PageKind,
    RunState,
    SavingState,
    SearchState,
)

BASE = "/api/v1"
"""Where the API stands."""

_ABOUT = """\
Events, the articles that they cite, and what became of each source.

Reading needs what looking at the site needs: nothing on the machine where it runs; elsewhere the token, or a reverse \
proxy that names its users. Changing something always needs one of these two. The token goes into a header: \
`Authorization: Bearer TOKEN`; on the machine of the site it is set by the variable `DATELINE_TOKEN` or the setting \
`web.token_file`.

Every answer to a GET has an `ETag`; who sends it back as `If-None-Match` gets 304 and no content where nothing \
changed. HEAD is answered wherever GET is, OPTIONS everywhere. Lists come in parts: `next`, and the header `Link`, \
lead to the next one. Moments are RFC 3339 in UTC, days ISO 8601. Fields may be added; none is renamed or taken away.
"""
_TAGS = {
    "events": "Events and their sources.",
    "articles": "Articles, their versions and captures.",
    "library": "Search, and counts over the whole library.",
    "decisions": "What people decide: no crawl changes it.",
    "work": "Runs, and orders to fetch.",
}
_PROBLEMS: Mapping[int, str] = {
    400: "What was sent cannot be understood; `errors` has the places where it has not the form described here.",
    401: "Say who you are: the token is missing, or is not that of the site.",
    403: "Not allowed: the site has no token or only shows, a proxy names somebody else, or another site sent it.",
    404: "There is no such thing, or several events have a key that begins so.",
    405: "This address has other methods, which the header `Allow` names.",
    413: "The body is longer than 64 KiB.",
    415: "The body is no `application/json`.",
    421: "The site does not go by the name in the header `Host`.",
    429: "Too many requests; the header `Retry-After` says when there may be more.",
    500: "Our own code failed; the log of the site says where.",
    503: "The database does not answer now; try again in a moment.",
}
_TAG = {"ETag": {"description": "Of the content, for `If-None-Match`.", "schema": {"type": "string"}}}
_LINK = {"Link": {"description": 'The next part of the list, as `rel="next"`.', "schema": {"type": "string"}}}
_LOCATION = {"Location": {"description": "Where the order stands.", "schema": {"type": "string"}}}
_RETRY = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}
_OF_PROBLEM: Mapping[int, Mapping[str, Any]] = {
    401: {"WWW-Authenticate": {"description": "`Bearer`.", "schema": {"type": "string"}}},
    405: {"Allow": {"description": "The methods that there are.", "schema": {"type": "string"}}},
    429: _RETRY,
    503: _RETRY,
}
_SCHEMA = "#/components/schemas/{model}"
_FASTAPIS = frozenset({"HTTPValidationError", "ValidationError"})
_NAME = re.compile(r"``([A-Z0-9_]+)``")
_MEANINGS: Mapping[type[StrEnum], Mapping[Any, str]] = {
    Outcome: OUTCOME_MEANINGS,
    State: STATE_MEANINGS,
    RunState: RUN_MEANINGS,
    SearchState: SEARCH_MEANINGS,
    BackfillState: BACKFILL_MEANINGS,
    SavingState: SAVING_MEANINGS,
    PageKind: PAGE_KIND_MEANINGS,
}
"""What the values of these mean; of all others their own text says it."""


def described(routes: list[BaseRoute]) -> dict[str, Any]:
    """The document for an application with routes for all `ENDPOINTS`."""
    document = get_openapi(
        title="dateline",
        version=__version__,
        summary="A library of events and the articles that they cite.",
        description=_ABOUT,
        routes=[one for one in routes if isinstance(one, APIRoute)],
        tags=[{"name": name, "description": text} for name, text in _TAGS.items()],
        servers=[{"url": BASE}],
        separate_input_output_schemas=False,
    )
    components = document["components"]
    components["schemas"] = _shapes(components["schemas"])
    components["responses"] = {f"Problem{status}": _problem(status) for status in _PROBLEMS}
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "The site's token."},
    }
    for endpoint in ENDPOINTS:
        _complete(document["paths"][endpoint.documented_path][endpoint.method.lower()], endpoint)
    return document


def _shapes(own: Mapping[str, Any]) -> dict[str, Any]:
    """The schemas by name: those of the endpoints, without FastAPI's of its errors but with ours."""
    said: list[tuple[type[Shape], Literal["serialization"]]] = [(one, "serialization") for one in (Problem, Misfit)]
    problems = models_json_schema(said, ref_template=_SCHEMA)[1]["$defs"]
    found = {name: one for name, one in (own | problems).items() if name not in _FASTAPIS}
    for one in found.values():
        one["description"] = _plain(one.get("description", ""))
    for kind, meanings in _MEANINGS.items():
        found[kind.__name__]["description"] = "\n".join(f"- `{value}`: {text}" for value, text in meanings.items())
    return dict(sorted(found.items()))


def _plain(text: str) -> str:
    """A docstring for readers who see values where the code has names: ``FULL`` is `full`."""
    return _NAME.sub(lambda found: f"`{found[1].lower()}`", " ".join(text.split())).replace("``", "`")


def _complete(operation: dict[str, Any], endpoint: Endpoint) -> None:
    operation["description"] = endpoint.text or f"{endpoint.title}."
    operation["security"] = [{"token": []}] if endpoint.writes else [{}, {"token": []}]
    answers = operation["responses"]
    answers.pop("422", None)
    answer = answers[str(int(endpoint.status))]
    answer["description"] = endpoint.brings
    answer["headers"] = _headers(endpoint)
    if not endpoint.writes:
        answers["304"] = {"description": "Nothing changed since the answer with that `ETag`.", "headers": _TAG}
    for status in endpoint.problems:
        answers[str(status)] = {"$ref": f"#/components/responses/Problem{status}"}
    operation["responses"] = dict(sorted(answers.items()))


def _headers(endpoint: Endpoint) -> dict[str, Any]:
    found: dict[str, Any] = {} if endpoint.writes else dict(_TAG)
    if endpoint.in_parts:
        found |= _LINK
    if endpoint.status is HTTPStatus.ACCEPTED:
        found |= _LOCATION
    return found


def _problem(status: int) -> dict[str, Any]:
    told = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": _PROBLEMS[status]}
    return {
        "description": _PROBLEMS[status],
        "headers": dict(_OF_PROBLEM.get(status, {})),
        "content": {PROBLEM: {"schema": {"$ref": _SCHEMA.format(model="Problem")}, "example": told}},
    }
