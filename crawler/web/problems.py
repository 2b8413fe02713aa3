"""Problems as RFC 9457 has them: what a program gets in place of an answer."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from starlette.responses import JSONResponse, Response

PROBLEM = "application/problem+json"


def problem(status: HTTPStatus, detail: str, errors: Sequence[tuple[str, str]] = ()) -> Response:
    """The answer with a problem.

    Args:
        status: of the answer.
        detail: one sentence for a person.
        errors: places of a request (``query limit``), each with what is wrong there.
    """
    told: dict[str, object] = {"type": "about:blank", "title": status.phrase, "status": int(status), "detail": detail}
    if errors:
        told["errors"] = [{"place": place, "problem": wrong} for place, wrong in errors]
    return JSONResponse(told, status, media_type=PROBLEM)
