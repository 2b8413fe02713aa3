"""Whether whoever posts meant to: no other site's page can post here in somebody's name.

Two walls. Where the browser says that the request came from another site (``Sec-Fetch-Site``, ``Origin``), it is
refused, whatever else it has. And every form carries a token that belongs to the session's cookie, which a page of
another site can neither read nor guess; without it nothing is done.

The API takes no cookie as proof where something is changed: it wants the token in a header, which no form can send.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers

from crawler.web.guarding.identity import Session
from crawler.web.guarding.signing import Signer

FIELD = "csrf"
"""Name of the field in every form."""

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing."""

_PURPOSE = "form"
_OWN = frozenset({"", "same-origin", "none"})


def form_token(signer: Signer, session: Session) -> str:
    """What stands in the forms of this session."""
    return signer.sign(_PURPOSE, session.key)


def is_ours(signer: Signer, session: Session, given: str) -> bool:
    """Whether a posted token is that of the session."""
    return signer.read(_PURPOSE, given) == session.key


def is_foreign(headers: Headers) -> bool:
    """Whether the browser says that another site's page sent this."""
    if headers.get("sec-fetch-site", "").lower() not in _OWN:
        return True
    origin = headers.get("origin", "")
    try:
        return bool(origin) and urlsplit(origin).netloc.lower() != headers.get("host", "").lower()
    except ValueError:  # half an IPv6 address, which no browser sends
        return True
