"""By which names the site answers.

Why: the site trusts whoever is at this machine, and a browser at this machine sends requests for any page that it
shows. A page of a stranger could have its own name resolve to 127.0.0.1 (DNS rebinding) and would then read everything
here as its own. The browser still says that name in the Host header; an address or a name that nobody configured gets
no answer.
"""

from __future__ import annotations

import re
from ipaddress import ip_address

from crawler.web.policy import Policy, is_loopback

_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[^\[\]:/@\s]+)(?::[0-9]{1,5})?")


def is_answered(policy: Policy, host_header: str) -> bool:
    """Whether a request to this Host is for us.

    A site on another address than loopback is also answered by that address.
    """
    name = name_of(host_header)
    if name is None:
        return False
    if name in policy.names or is_loopback(name):
        return True
    return not policy.here_only and _is_address(name)


def name_of(host_header: str) -> str | None:
    """The name in a Host header, lower case, without port and brackets; ``None`` where it is none."""
    found = _HOST.fullmatch(host_header)
    return found["name"].strip("[]").lower().rstrip(".") if found else None


def _is_address(name: str) -> bool:
    """An address cannot be made to resolve to another, so no stranger's page stands behind it."""
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
