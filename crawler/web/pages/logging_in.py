"""Log in with the token and a name, and log out."""

from __future__ import annotations

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from crawler.web.answering import Fields, posts, see, shows
from crawler.web.guarding.guard import LOGIN, cookie_header
from crawler.web.guarding.identity import begun
from crawler.web.rendering import page
from crawler.web.site import site_of

_WRONG = "That is not the token of this site."
_NAMELESS = "Say your name: decisions are stored with it."


def ask(request: Request) -> Response:
    """The form."""
    return _form(request)


def enter(request: Request, fields: Fields) -> Response:
    """Begin a session with a name, where the token is right."""
    session = begun(fields.get("name", ""))
    if not site_of(request).identifier.has_token(fields.get("token", "").strip()):
        return _form(request, name=session.name, problem=_WRONG)
    if not session.name:
        return _form(request, problem=_NAMELESS)
    return _with_session(request, see("/"), session.name)


def leave(request: Request, _fields: Fields) -> Response:
    """End the session."""
    return _with_session(request, see(LOGIN), "")


def _form(request: Request, *, name: str = "", problem: str = "") -> Response:
    there_is_one = bool(site_of(request).policy.token)
    context = {"name": name, "problem": problem, "there_is_a_token": there_is_one}
    return page(request, "login.html", context, status=HTTPStatus.FORBIDDEN if problem else HTTPStatus.OK)


def _with_session(request: Request, response: Response, name: str) -> Response:
    """The answer with a session of its own: whoever knew the one before knows nothing of this."""
    response.headers["Set-Cookie"] = cookie_header(site_of(request).identifier.cookie(begun(name)))
    return response


ROUTES = (shows(LOGIN, ask), posts(LOGIN, enter, always=True), posts("/logout", leave, always=True))
