"""Pages from templates: the environment, what every template can use, and how an answer is made.

Why everything that is shown passes `shown` or autoescaping: headlines, labels and bodies are strangers' words. HTML
escapes keep them from being tags; signs that turn the direction of a line, or that no font has, are taken out besides.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from http import HTTPStatus
from importlib.resources import files
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from crawler.phrases import shortened, size_text, span
from crawler.run_views import counts_text
from crawler.web.guarding.forgery import FIELD, form_token
from crawler.web.guarding.identity import By
from crawler.web.site import site_of, who_of
from crawler.web.texts import direction, folded
from crawler.web.tones import is_web_url, of_share, tone
from storage import __version__
from storage.types import DatedTime, DatePrecision

_CONTROLS = (*range(9), 11, 12, *range(14, 32), *range(0x7F, 0xA0))
_DIRECTIONS = (0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_UNSEEN = dict.fromkeys((*_CONTROLS, *_DIRECTIONS, *range(0xD800, 0xE000)), "\N{REPLACEMENT CHARACTER}")


def environment() -> Environment:
    """The templates' environment."""
    made = Environment(
        loader=PackageLoader("crawler.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.finalize = shown
    made.filters.update(
        day=day,
        dated=dated,
        long_day=long_day,
        reported=reported,
        moment=moment,
        number=number,
        path=path_part,
        plural=plural,
    )
    made.filters.update(
        direction=direction, folded=folded, of_share=of_share, shortened=shortened, spaced=spaced, tone=tone
    )
    made.filters.update(coded=coded, counts=counts, size=size_text, span=span)
    made.tests.update(web_url=is_web_url)
    made.globals.update(version=__version__, static=static_path, with_query=with_query)
    return made


def page(
    request: Request, template: str, context: Mapping[str, Any] | None = None, *, status: int = HTTPStatus.OK
) -> HTMLResponse:
    """A page.

    Templates also know ``who`` asks and whether they ``may_change`` something or ``may_log_out``, the hidden field
    ``form_token`` that every form has, the ``path`` and the ``library_name``.
    """
    site, who = site_of(request), who_of(request)
    told = {
        "who": who,
        "may_log_out": who.by is By.SESSION,
        "may_change": who.by is not None and not site.policy.read_only,
        "form_token": _hidden(form_token(site.signer, who.session)),
        "path": request.url.path,
        "library_name": site.configuration.library.name,
        **(context or {}),
    }
    return HTMLResponse(site.templates.get_template(template).render(told), status)


def _hidden(token: str) -> Markup:
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, token)


def conditional(request: Request, response: Response) -> Response:
    """The answer with an ETag of its content; 304 without content where the browser has just that."""
    opaque = f'"{hashlib.sha256(bytes(response.body)).hexdigest()[:32]}"'
    tag, known = f"W/{opaque}", request.headers.get("if-none-match", "")
    if opaque in known or known.strip() == "*":
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers={"ETag": tag})
    response.headers["ETag"] = tag
    return response


# -- what templates write ----------------------------------------------------------------------------------------


def shown(value: Any) -> Any:  # noqa: ANN401 - whatever a template writes
    """Text without signs that nobody should see; `None` as nothing."""
    if value is None:
        return ""
    return value.translate(_UNSEEN) if type(value) is str else value


def day(value: date) -> str:
    """``2006-07-05``."""
    return f"{value:%Y-%m-%d}"


def long_day(value: date) -> str:
    """``5 July 2006``."""
    return f"{value.day} {value:%B} {value.year}"


def moment(value: datetime) -> str:
    """``2006-07-05 14:30 UTC``."""
    return f"{value:%Y-%m-%d %H:%M} UTC"


def reported(value: datetime) -> str:
    """When an article was reported; midnight sharp is nearly always a day whose hour nobody knows."""
    return day(value) if value.time() == value.time().min else moment(value)


def dated(time: DatedTime) -> str:
    """As precise as it was stated: ``2006``, ``2006-07``, ``2006-07-05``, ``2006-07-05 14:30 UTC``."""
    match time.precision:
        case DatePrecision.YEAR:
            return f"{time.value:%Y}"
        case DatePrecision.MONTH:
            return f"{time.value:%Y-%m}"
        case DatePrecision.DAY:
            return day(time.value)
    return moment(time.value)


def spaced(word: str) -> str:
    """``archive_only`` as ``archive only``."""
    return word.replace("_", " ")


def number(value: float) -> str:
    """``1,234``, ``0.5``."""
    return f"{value:,}"


def plural(count: int, noun: str) -> str:
    """``1 article``, ``2 articles``, ``2 entries``."""
    many = f"{noun[:-1]}ies" if noun.endswith("ry") else f"{noun}s"
    return f"{count:,} {noun if count == 1 else many}"


def counts(value: Mapping[str, int], most: int = 0) -> str:
    """``12 fetched, 3 not modified``; all or at most so many."""
    return spaced(counts_text(value, most=most))


def coded(text: str) -> Markup:
    """What stands between backticks as ``<code>``."""
    parts = shown(text).split("`")
    told = [Markup("<code>{}</code>").format(one) if at % 2 else escape(one) for at, one in enumerate(parts)]
    return Markup().join(told)


def path_part(value: str) -> str:
    """A key as part of a path: its slashes stay."""
    return quote(value, safe="/")


def with_query(path: str, fields: Mapping[str, str]) -> str:
    """A path with those fields that say something."""
    query = urlencode({name: value for name, value in fields.items() if value})
    return f"{path}?{query}" if query else path


@cache
def static_path(name: str) -> str:
    """The address of one of our files, which changes with its content: browsers may keep it for ever."""
    content = files("crawler.web").joinpath("static", name).read_bytes()
    return f"/static/{name}?{hashlib.sha256(content).hexdigest()[:12]}"
