"""Who asks: the person at this machine, whoever has the token, or whom a proxy names.

Why the session cookie is there for everybody: it also carries what makes a posted form ours (`forgery`). It is
``SameSite=Lax``, so no other site's page posts with it, and ``HttpOnly``, so no script reads it. Why not ``Strict``:
whoever followed a link from a mail would come without it, get a new one, and be logged out everywhere.

Why of headers that come several times the last is believed, and a name that comes twice is nobody's: a proxy puts its
own behind those that came, and those are whatever a client likes to send.

Why a session ends after a month, whatever it did: the moment is signed into it, and nothing has to be stored.
"""

from __future__ import annotations

import hmac
import json
import secrets
import time
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address

from starlette.datastructures import Headers
from starlette.requests import cookie_parser

from crawler.web.guarding.signing import Signer
from crawler.web.policy import Policy

COOKIE = "dateline_session"
LASTS_S = 30 * 86400
MOST_NAME = 80
"""Characters of the longest name of a person that is taken."""

_PURPOSE = "session"


class By(StrEnum):
    """How somebody is known: at this machine, by a session begun with the token, by the token itself, by a proxy."""

    HERE = "here"
    SESSION = "session"
    TOKEN = "token"  # noqa: S105 - a word
    PROXY = "proxy"


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """What the cookie says.

    Attributes:
        key: random; the same as long as the session lasts.
        name: of the person who logged in with the token; empty where nobody did.
        begun: seconds since 1970.
    """

    key: str
    name: str = ""
    begun: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Who:
    """Who asks.

    Attributes:
        name: as decisions are stored with it.
        by: how that is known; ``None``: nobody is known, and nothing may be done.
        session: of the browser; one is begun where there is none.
        client: address that the request came from, as far as it is known.
    """

    name: str
    by: By | None
    session: Session
    client: str = ""


class Identifier:
    """Tells who asks.

    Args:
        policy: see there.
        signer: of cookies.
        local_name: of the person at this machine.
    """

    def __init__(self, policy: Policy, signer: Signer, local_name: str) -> None:
        self._policy, self._signer, self._local_name = policy, signer, local_name

    def identify(self, headers: Headers, peer: str) -> Who:
        """Who asks, by the headers of a request and the address that the connection came from."""
        session = self._session(headers) or begun()
        client = self._client(headers, peer)
        name, by = self._known(headers, peer, session)
        return Who(name=name, by=by, session=session, client=client)

    def cookie(self, session: Session) -> str:
        """The cookie's value."""
        return self._signer.sign(_PURPOSE, json.dumps([session.key, session.name, session.begun]))

    def has_token(self, given: str) -> bool:
        """Whether this is the site's token."""
        own = self._policy.token
        return bool(own) and hmac.compare_digest(own.encode(), given.encode("utf-8", "replace"))

    def _known(self, headers: Headers, peer: str, session: Session) -> tuple[str, By | None]:
        scheme, _, given = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and self.has_token(given.strip()):
            return "token", By.TOKEN
        if header := self._policy.user_header:
            given_names = headers.getlist(header) if self._is_proxy(peer) else []
            named = _name(given_names[0]) if len(given_names) == 1 else ""
            return (named, By.PROXY) if named else ("", None)
        if session.name:
            return session.name, By.SESSION
        return (self._local_name, By.HERE) if self._policy.here_only else ("", None)

    def _session(self, headers: Headers) -> Session | None:
        cookie = cookie_parser(headers.get("cookie", "")).get(COOKIE, "")
        text = self._signer.read(_PURPOSE, cookie)
        if text is None:
            return None
        key, name, moment = json.loads(text)
        return Session(key=key, name=name, begun=moment) if 0 <= time.time() - moment < LASTS_S else None

    def _client(self, headers: Headers, peer: str) -> str:
        """The address next to the proxy in X-Forwarded-For, where a proxy that is believed says so."""
        forwarded = ",".join(headers.getlist("x-forwarded-for")).rpartition(",")[2].strip()
        return forwarded if forwarded and self._policy.user_header and self._is_proxy(peer) else peer

    def _is_proxy(self, peer: str) -> bool:
        try:
            return ip_address(peer.partition("%")[0]) in self._policy.proxies
        except ValueError:
            return False


def begun(name: str = "") -> Session:
    """A new session."""
    return Session(key=secrets.token_urlsafe(18), name=_name(name), begun=int(time.time()))


def _name(given: str) -> str:
    """A person's name in one line."""
    shown = "".join(sign if sign.isprintable() else " " for sign in given[: 4 * MOST_NAME])
    return " ".join(shown.split())[:MOST_NAME]
