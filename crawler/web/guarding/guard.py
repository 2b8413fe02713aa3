"""The guard: every request passes it before anything is routed, every answer gets its headers from it."""

from __future__ import annotations

import logging
import math
import time
from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crawler.web.guarding.forgery import SAFE, is_foreign
from crawler.web.guarding.headers import EVERYWHERE
from crawler.web.guarding.identity import COOKIE, LASTS_S, By, Identifier, Who
from crawler.web.guarding.names import is_answered
from crawler.web.guarding.pace import Pace
from crawler.web.policy import Policy
from crawler.web.problems import problem

log = logging.getLogger(__name__)

LOGIN = "/login"
API = "/api/"
_OPEN = (LOGIN, "/health")
"""What is answered to anybody, beside the files of `_OPEN_BELOW`."""
_OPEN_BELOW = "/static/"
_CHANGES = 10
"""Requests that change something are paced to the n-th part of all."""


class Guard:
    """See `crawler.web.guarding`. An ASGI application around another one.

    ``scope["state"]["who"]`` is a `Who` from here on.
    """

    def __init__(self, app: ASGIApp, policy: Policy, identifier: Identifier) -> None:
        self._app, self._policy, self._identifier = app, policy, identifier
        self._all, self._changing = Pace(policy.per_minute), Pace(policy.per_minute / _CHANGES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        peer = scope["client"][0] if scope.get("client") else ""
        who = self._identifier.identify(headers, peer)
        scope.setdefault("state", {})["who"] = who
        refusal = self._refusal(scope, headers, who)
        cookie = "" if refusal or scope["path"].startswith(_OPEN_BELOW) else self._cookie(who, headers)
        answered = _Answered(send, cookie, _request_line(scope), who)
        await (refusal or self._app)(scope, receive, answered.send)

    def _refusal(self, scope: Scope, headers: Headers, who: Who) -> Response | None:
        """The answer, where the request goes no further."""
        method, path = scope["method"], scope["path"]
        if not is_answered(self._policy, headers.get("host", "")):
            wrong = "this site does not go by that name: see the setting web.hosts"
            return _refused(path, HTTPStatus.MISDIRECTED_REQUEST, wrong)
        wait_s = self._all.wait_s(who.client) or (0 if method in SAFE else self._changing.wait_s(who.client))
        if wait_s:
            wrong = "too many requests: see the setting web.per_minute"
            refusal = _refused(path, HTTPStatus.TOO_MANY_REQUESTS, wrong)
            refusal.headers["Retry-After"] = str(math.ceil(wait_s))
            return refusal
        if method not in SAFE and is_foreign(headers):
            return _refused(path, HTTPStatus.FORBIDDEN, "another site's page sent this: nothing was done")
        return None if who.by or path in _OPEN or path.startswith(_OPEN_BELOW) else self._nobody(method, path)

    def _nobody(self, method: str, path: str) -> Response:
        """What somebody gets whom nobody named: the way to log in, where there is one."""
        if path.startswith(API) or not self._policy.token or self._policy.user_header or method not in SAFE:
            refusal = _refused(path, HTTPStatus.UNAUTHORIZED, "say who you are: the header Authorization: Bearer TOKEN")
            refusal.headers["WWW-Authenticate"] = 'Bearer realm="dateline"'
            return refusal
        return RedirectResponse(LOGIN, HTTPStatus.SEE_OTHER)

    def _cookie(self, who: Who, headers: Headers) -> str:
        """The header that begins a session; empty where the browser has it, or needs none."""
        value = self._identifier.cookie(who.session)
        if who.by is By.TOKEN or f"{COOKIE}={value}" in headers.get("cookie", ""):
            return ""
        return cookie_header(value)


def cookie_header(value: str) -> str:
    """The session's cookie as a header's value."""
    return f"{COOKIE}={value}; Path=/; Max-Age={LASTS_S}; HttpOnly; SameSite=Lax"


class _Answered:
    """Adds headers to an answer, and writes one line about it."""

    def __init__(self, send: Send, cookie: str, request: str, who: Who) -> None:
        self._send, self._cookie, self._request, self._who = send, cookie, request, who
        self._begun = time.monotonic()

    async def send(self, message: Message) -> None:
        """Pass on one part of the answer."""
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in EVERYWHERE.items():
                headers.setdefault(name, value)
            if self._cookie and "set-cookie" not in headers:
                headers.append("Set-Cookie", self._cookie)
            took_ms = (time.monotonic() - self._begun) * 1000
            log.info("%s %d %.0f ms, %s", self._request, message["status"], took_ms, self._who.client or "-")
        await self._send(message)


def _request_line(scope: Scope) -> str:
    """For the log: the path as it was sent, in ASCII; without the query, which says what somebody looked for."""
    path = scope.get("raw_path") or scope["path"].encode("ascii", "backslashreplace")
    return f"{scope['method']} {path.decode('ascii', 'backslashreplace')}"


def _refused(path: str, status: HTTPStatus, sentence: str) -> Response:
    """A sentence for whoever reads it; for programs as a problem."""
    if path.startswith(API):
        return problem(status, f"{sentence[:1].upper()}{sentence[1:]}.")
    return PlainTextResponse(sentence + "\n", status)
