"""Citation templates as we write them, and as we know them again.

::

    [http://courier.example/2 (Courier)]<ref>{{cite news |url=http://courier.example/2 |title=Tankers Wait
    |publisher=Courier |archive-url=https://archive.example/... |archive-date=2006-07-09 |url-status=dead}}</ref>

Why a template behind the link and not in its place: an item is given back byte for byte but for what was added, and a
link that an editor wrote is the editor's. The reference makes a footnote of the template, so that the line reads as
before. Inside a reference, where there can be no other, the template stands without one.

Why ``url-status`` is left out where nothing is known: the templates refuse any word but their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

from crawler.events.notes import SourceNote, UrlStatus
from crawler.events.repair import folded

_VALUE = r"[^{}|]*"
_OURS = re.compile(
    rf"(?:(?P<open><ref>)| )?\{{\{{cite news \|url={_VALUE} \|title={_VALUE}(?: \|publisher={_VALUE})?"
    rf"(?: \|archive-url={_VALUE}(?: \|archive-date={_VALUE})?(?: \|url-status={_VALUE})?| \|url-status={_VALUE})"
    r"\}\}(?(open)</ref>)"
)
_UNSAFE_IN_URL = re.compile(r"[\s|{}\[\]<>\"]|'(?=')")
_ENTITY_OF = {sign: f"&#{ord(sign)};" for sign in "|{}[]<>"}


def template_of(url: str, label: str, note: SourceNote) -> str:
    """One ``{{cite news}}`` with all that is known about the URL."""
    title = note.headline or label or urlsplit(url).netloc or url
    said = [f"url={url_value(url)}", f"title={text_value(title)}"]
    if label and label != title:
        said.append(f"publisher={text_value(label)}")
    said += [f"{name}={value}" for name, value in archive_values(note)]
    return "{{cite news " + " ".join(f"|{one}" for one in said) + "}}"


def archive_values(note: SourceNote) -> Iterator[tuple[str, str]]:
    """Names and values of the parameters that tell where the copy is and what became of the link."""
    if note.archive_url:
        yield "archive-url", url_value(note.archive_url)
    if note.archive_day:
        yield "archive-date", note.archive_day
    if note.status is not UrlStatus.UNKNOWN:
        yield "url-status", note.status


def url_value(url: str) -> str:
    """The URL with those signs percent-encoded that would end the value or be read as markup."""
    return _UNSAFE_IN_URL.sub(lambda sign: quote(sign[0], safe=""), url)


def text_value(text: str) -> str:
    """The text on one line, its signs of markup as entities."""
    return "".join(_ENTITY_OF.get(sign, sign) for sign in folded(text)).replace("''", "'&#39;")


def without_ours(wikitext: str) -> str:
    """The wikitext without the templates that stand in it just as we write them behind links."""
    return _OURS.sub("", wikitext) if "{{cite news |url=" in wikitext else wikitext
