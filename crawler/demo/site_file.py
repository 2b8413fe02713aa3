r"""Which sites a name on the command line means: the demo's, a generated crowd, or a JSON file.

The file maps hosts to targets to answers; every field but the body may be left out::

    {"news.example": {"/robots.txt": {"body": "User-agent: *\nDisallow: /private/", "content_type": "text/plain"},
                      "/story": {"body": "<html>...", "etag": "\"1\"", "delay_s": 0.2},
                      "/stuck": {"delivery": "hang"}, "/moved": {"status": 301, "headers": {"Location": "/story"}}}}
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from crawler.demo.bulk import bulk_sites
from crawler.demo.site import Delivery, Page, Site
from crawler.demo.sites import demo_sites
from crawler.errors import ConfigurationError

_BULK = re.compile(r"bulk:(\d+)x(\d+)")
_FIELDS = {field.name for field in fields(Page)}
_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "status": int,
    "gzip": bool,
    "delay_s": (int, float),
    "pause_s": (int, float),
}


def sites_named(name: str) -> tuple[Site, ...]:
    """The sites that ``demo``, ``bulk:HOSTSxPAGES`` or the path of a JSON file means.

    Raises:
        ConfigurationError: the file is not there or not as described.
    """
    if name == "demo":
        return demo_sites()
    bulk = _BULK.fullmatch(name)
    if bulk:
        return bulk_sites(hosts=int(bulk[1]), pages=int(bulk[2]))
    try:
        said = json.loads(Path(name).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        msg = f"{name}: cannot be read as a file of sites ({error}); name demo, bulk:100x20, or a JSON file"
        raise ConfigurationError(msg) from error
    return tuple(
        Site(
            host=host.lower(),
            routes={target: _page(name, host, target, said_page) for target, said_page in routes.items()},
        )
        for host, routes in _mapping(name, "the file", said).items()
        if _mapping(name, host, routes) is routes
    )


def _mapping(name: str, what: str, said: Any) -> Mapping[str, Any]:  # noqa: ANN401 (JSON)
    if not isinstance(said, dict):
        msg = f"{name}: {what} must be a JSON object, not {type(said).__name__}"
        raise ConfigurationError(msg)
    return said


def _page(name: str, host: str, target: str, said: Any) -> Page:  # noqa: ANN401 (JSON)
    where = f"{host}{target}"
    known = dict(_mapping(name, where, said))
    for field, value in known.items():
        expected = dict if field == "headers" else _TYPES.get(field, str)
        if field not in _FIELDS or not isinstance(value, expected):
            msg = f"{name}: {where}: {field} = {value!r} is not understood; fields are {', '.join(sorted(_FIELDS))}"
            raise ConfigurationError(msg)
    if known.get("delivery", Delivery.WHOLE) not in set(Delivery):
        msg = f"{name}: {where}: delivery must be one of {', '.join(Delivery)}"
        raise ConfigurationError(msg)
    return Page(
        **known
        | {
            "body": known.get("body", "").encode(),
            "headers": tuple((header, str(value)) for header, value in known.get("headers", {}).items()),
            "delivery": Delivery(known.get("delivery", Delivery.WHOLE)),
        }
    )
