"""What a person or a wiki template did to a URL, undone.

Why so few repairs: each one must be impossible to mistake for a part of a real URL. A raw ``{{``, ``<``, ``"`` or a
known template field after ``|`` is never legal there; an unbalanced closing bracket at the end belongs to the
sentence around it. A final full stop or comma stays: real paths end in them. A label glued to the end
(``...html(Reuters)``) is cut only where the host itself bears that name. Wiki italics around a whole segment in the
middle of a path are taken off; any other pair of quotes ends the URL.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from crawler.errors import UnusableUrl

LONGEST_URL = 8192
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\u202a\u202b\u202c\u202d\u202e"
_AROUND = " \t\r\n\f\v\u00a0\u2003\u3000" + _INVISIBLE
_AMPERSAND = re.compile(r"&(?:amp;|#0*38;|#x0*26;)+(?:amp;)*", re.IGNORECASE)
_AMPERSAND_FIRST = re.compile(r"\?(?:amp;)+", re.IGNORECASE)
_ITALICS = re.compile(r"(?<=/)''([^'/?#]+)''(?=/)")
_NEVER_IN_URL = re.compile(r"\{\{|[<>\"]|''")
_TEMPLATE_FIELD = re.compile(
    r"\|\s*(?:title|url|date|publisher|accessdate|access-date|archiveurl|archive-url|archivedate|archive-date|author"
    r"|first|last|work|website|newspaper|agency|location|language|quote|deadurl|dead-url|url-status|format|via|df)\d?"
    r"\s*(?:=.*)?$|\|\s*$",
    re.IGNORECASE | re.DOTALL,
)
_REGULAR = re.compile(r"https?://(?!h?ttps?[:;/])[^/\\]")
_SCHEME_SLIPS = re.compile(r"(?:h?ttps?|https?)(?::|;|(?=//))[/\\]*", re.IGNORECASE)
_ENCODED_SCHEME = re.compile(r"(https?)%3A(?://)?", re.IGNORECASE)
_NO_SCHEME = re.compile(r"(?:www\.|[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::[0-9]+)?/)", re.IGNORECASE | re.ASCII)
_SECOND_URL = re.compile(r"(\.(?:s?html?|stm|aspx?|php|cfm|jsp))https?://", re.IGNORECASE)
_PLACE = re.compile(r"[^?#]*")
_GLUED_LABEL = re.compile(r"/?\(([A-Za-z ]{3,40})\)$")
_PAIRS = {")": "(", "]": "[", "}": "{"}


def repair(cited: str) -> str:
    """The URL that a citation means, as text: scheme in place, junk around it gone; not yet checked.

    Raises:
        UnusableUrl: it is longer than any server would read.
    """
    if len(cited) > LONGEST_URL:
        raise UnusableUrl(cited[:200], f"it is longer than {LONGEST_URL} characters")
    url = cited.strip(_AROUND)
    if "&" in url:
        url = _AMPERSAND.sub("&", url)
    if "?amp;" in url:
        url = _AMPERSAND_FIRST.sub("?", url, count=1)
    if _ENCODED_SCHEME.match(url):
        url = _ENCODED_SCHEME.sub(r"\1://", url, count=1) if "//" in url else unquote(url)
    url = _with_scheme(_without_markup(url))
    if "\\" in url:
        url = _forward_slashes(url)
    return _without_label(_without_second_url(url))


def _without_markup(url: str) -> str:
    if "''" in url:
        url = _ITALICS.sub(r"\1", url)
    found = _NEVER_IN_URL.search(url)
    if found is not None and found.start():
        url = url[: found.start()]
    elif found is not None:
        url = url.lstrip("<>\"'")
        return _without_markup(url) if url[:1] not in {"", "{"} else url
    if "|" in url:
        url = _TEMPLATE_FIELD.sub("", url)
    url = url.rstrip(_AROUND)
    while url and url[-1] in _PAIRS and url.count(url[-1]) > url.count(_PAIRS[url[-1]]):
        url = url[:-1].rstrip(_AROUND)
    return url


def _with_scheme(url: str) -> str:
    """One scheme and two slashes, whatever stood there; untouched where it is another scheme."""
    if _REGULAR.match(url):
        return url
    if url.startswith(("//", "\\\\")):
        return _with_scheme("http://" + url.lstrip("/\\"))
    scheme, rest = "", url
    while (slip := _SCHEME_SLIPS.match(rest)) is not None:
        scheme = "https" if "s" in slip[0].lower() else "http"
        rest = rest[slip.end() :]
    if scheme:
        return f"{scheme}://{rest}"
    return f"http://{url}" if _NO_SCHEME.match(url) else url


def _forward_slashes(url: str) -> str:
    """Backslashes before the query read as slashes, as browsers do."""
    place, mark, query = url.partition("?")
    return place.replace("\\", "/") + mark + query


def _without_second_url(url: str) -> str:
    if "://" not in url.partition("://")[2]:
        return url
    place = _PLACE.match(url)
    second = _SECOND_URL.search(place[0]) if place is not None else None
    return url[: second.end(1)] if second is not None else url


def _without_label(url: str) -> str:
    """Without a label in brackets that names the host itself; ``Mercury_(planet)`` stays."""
    label = _GLUED_LABEL.search(url) if url.endswith(")") else None
    if label is None:
        return url
    host = url.partition("://")[2].partition("/")[0].lower()
    return url[: label.start()] if label[1].replace(" ", "").lower() in host.split(".") else url
