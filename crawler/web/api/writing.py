"""Who may change something by the API, and as whom.

Why not everybody at this machine, as on pages: a page of a stranger in a browser at this machine can send requests
here. The site's own forms have a token that no stranger knows; a request to the API has nothing but its headers.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, TypeAlias

from fastapi import Depends
from pydantic import Field
from starlette.exceptions import HTTPException
from starlette.requests import Request

from crawler.web.api.shapes.shape import Said
from crawler.web.guarding.identity import MOST_NAME, By, Who
from crawler.web.policy import TOKEN_VARIABLE
from crawler.web.site import site_of, who_of

_ONE_LINE = "[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]"
MOST_REASON = 1_000
SAYS_SOMETHING = f"^{_ONE_LINE}*{_ONE_LINE[:-1]} ]{_ONE_LINE}*$"
"""One line in which more than spaces stands."""

Name: TypeAlias = Annotated[
    str, Field(max_length=MOST_NAME, pattern=f"^{_ONE_LINE}*$", examples=["mara"], description="Who says so.")
]
"""Of a person; empty: whoever the token stands for."""
Reason: TypeAlias = Annotated[
    str,
    Field(
        max_length=MOST_REASON,
        pattern=f"^{_ONE_LINE}*$",
        examples=["a list of jobs, no article"],
        description="Why, for those who come after you.",
    ),
]


class Signed(Said):
    """Who asks for it."""

    by: Name = ""


def writer(request: Request) -> Who:
    """Who is allowed to change something.

    Raises:
        HTTPException: nobody that is here (401, or 403 where there is no token), or what was sent is no JSON (415).
    """
    site, who = site_of(request), who_of(request)
    if site.policy.read_only:
        raise HTTPException(HTTPStatus.FORBIDDEN, "This site only shows: it was started with --read-only.")
    if who.by not in {By.TOKEN, By.PROXY}:
        raise _unknown(request)
    if request.method == "POST" and not _is_json(request, who):
        raise HTTPException(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send JSON, and say so: the header Content-Type: application/json"
        )
    return who


Writer: TypeAlias = Annotated[Who, Depends(writer)]


def signed(who: Who, given: str) -> str:
    """The name under which something is stored.

    Raises:
        HTTPException: somebody whom a proxy names wants to be another one (403).
    """
    name = " ".join(given.split())
    if name and who.by is By.PROXY and name != who.name:
        raise HTTPException(HTTPStatus.FORBIDDEN, f"You are {who.name} here: leave out `by`.")
    return name or who.name


def _unknown(request: Request) -> HTTPException:
    """The way to be known: a token, where the site has one; else how it gets one."""
    if not site_of(request).policy.token:
        return HTTPException(
            HTTPStatus.FORBIDDEN,
            f"This needs a token, and the site has none: set {TOKEN_VARIABLE} or web.token_file, start it again, and "
            "send the header Authorization: Bearer TOKEN",
        )
    wrong = "authorization" in request.headers
    said = "That is not the token of this site." if wrong else "This needs the token: Authorization: Bearer TOKEN"
    return HTTPException(HTTPStatus.UNAUTHORIZED, said, {"WWW-Authenticate": 'Bearer realm="dateline"'})


def _is_json(request: Request, who: Who) -> bool:
    """Whether what was sent is JSON, or nothing was by who sent the token, which no page of a stranger can."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    sent = request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers
    return kind == "application/json" or (who.by is By.TOKEN and not kind and not sent)
