"""Who owns a host: the name that somebody has registered, by the public suffix list.

Why the list and not the last two labels: ``paper.co.uk`` and ``other.co.uk`` share two labels and nothing else. The
list comes with tldextract and is never fetched. Equal hosts, which most are, are answered without it.
"""

from __future__ import annotations

from functools import cache, lru_cache
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from tldextract import TLDExtract


def host_of_url(url: str) -> str:
    """Host in lower case, without a leading ``www.``; empty where the URL names none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def same_owner(host: str, other: str) -> bool:
    """Whether both hosts belong to one registered name; a host that is missing belongs to nobody."""
    if not host or not other:
        return False
    return host == other or registered_name(host) == registered_name(other)


@lru_cache(maxsize=4096)
def registered_name(host: str) -> str:
    """``paper.co.uk`` of ``api.paper.co.uk``; empty where there is no host.

    Addresses and ``localhost`` stay as they are; hosts of an unknown suffix go by their last two labels.
    """
    host = host.lower().strip("[]").removesuffix(".")
    if _is_address(host):
        return host
    return _extract()(host).top_domain_under_public_suffix or ".".join(host.split(".")[-2:])


def owner_label(host: str) -> str:
    """What the owner chose: ``paper`` of ``news.paper.co.uk``; empty for addresses."""
    name = registered_name(host)
    return "" if _is_address(name) else name.partition(".")[0]


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


@cache
def _extract() -> TLDExtract:
    from tldextract import TLDExtract  # noqa: PLC0415 - it brings an HTTP client, which no command should wait for

    # Private suffixes too: two pages under one blog service have two owners.
    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)
