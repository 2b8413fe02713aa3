"""Settings whose text must have a certain form: addresses, URLs, time zones, one of a few words.

Why at load: a log level that does not exist would otherwise come to light at night, in the first scheduled run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from functools import partial
from ipaddress import ip_address

from crawler.configuration.setting import Value
from crawler.configuration.times import zone_problem
from crawler.errors import UnusableUrl
from crawler.urls import host_of

LOG_FORMATS = ("text", "json")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING")

_LISTEN = re.compile(r"(?P<address>\[[0-9A-Fa-f:.%]+\]|[^\[\]:]+):(?P<port>[0-9]{1,5})")
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_LAST_PORT = 65535


def problem_of(key: str, value: Value) -> str:
    """What is wrong with this setting's text, as a sentence with the remedy; empty where nothing is."""
    check = _FORMS.get(key)
    return check(value) if check is not None and isinstance(value, str) else ""


def _one_of(known: tuple[str, ...], text: str) -> str:
    if text in known:
        return ""
    folded = {word.lower(): word for word in known}
    found = get_close_matches(text.lower(), list(folded), n=1)
    hint = f"did you mean {folded[found[0]]}?" if found else f"it may be {', '.join(known)}"
    return f"{text!r} is not known; {hint}"


def _web_address(text: str) -> str:
    if not text:
        return ""
    if not text.startswith(("http://", "https://")):
        return f"{text!r} is no URL: it begins with neither http:// nor https://"
    try:
        host_of(text)
    except UnusableUrl as error:
        return f"{text!r} is no URL: {error.problem}"
    return ""


def _listen(text: str) -> str:
    """``127.0.0.1:9437``, ``[::1]:9437``, ``localhost:9437``; port 0 is any that is free."""
    if not text:
        return ""
    found = _LISTEN.fullmatch(text)
    if found is None or int(found["port"]) > _LAST_PORT:
        return f"{text!r} is not ADDRESS:PORT; write for example 127.0.0.1:9437, or [::1]:9437"
    address = found["address"]
    try:
        ip_address(address.strip("[]"))
    except ValueError:
        if address.startswith("[") or not _NAME.fullmatch(address) or not re.search("[A-Za-z]", address):
            return f"{address!r} is no address of this machine; write for example 127.0.0.1:9437"
    return ""


def _required_listen(text: str) -> str:
    return _listen(text) or ("" if text else "it is empty: write for example 127.0.0.1:9440")


_FORMS: Mapping[str, Callable[[str], str]] = {
    "notify.webhook": _web_address,
    "schedule.listen": _listen,
    "web.listen": _required_listen,
    "schedule.time_zone": zone_problem,
    "logs.format": partial(_one_of, LOG_FORMATS),
    "logs.level": partial(_one_of, LOG_LEVELS),
}
