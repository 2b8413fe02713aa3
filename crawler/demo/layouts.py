"""Stories set in the page layouts of their time.

A story is a text file in ``stories/`` (``name: value`` lines, an empty line, paragraphs); a layout is an HTML file in
``pages/`` with ``$name`` places. The furniture (navigation, teasers, newsletter boxes) stands in the layout, so that
all pages of a site share it, as real ones do.
"""

from __future__ import annotations

import html as markup
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from string import Template

from crawler.demo.site import Page, html

_LEAD = 2
_DEFAULTS = dict.fromkeys(
    ("standfirst", "byline", "caption", "credit", "tail", "section", "amp_url", "updated_line", "correction"), ""
)
_MARKUP = frozenset({"tail", "updated_line", "correction"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """One invented story; ``fields`` are its head lines (headline, byline, published, ...)."""

    fields: Mapping[str, str]
    paragraphs: tuple[str, ...]

    def edited(self, *, keep: int | None = None, insert: Mapping[int, str] | None = None, **fields: str) -> Story:
        """As another desk ran it: cut after ``keep`` paragraphs, paragraphs inserted before these positions."""
        paragraphs = list(self.paragraphs[:keep])
        for position in sorted(insert or {}, reverse=True):
            paragraphs.insert(position, (insert or {})[position])
        return replace(self, fields={**self.fields, **fields}, paragraphs=tuple(paragraphs))

    @property
    def published(self) -> datetime:
        """With the zone of the story's own desk."""
        return datetime.fromisoformat(self.fields["published"])


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """How a story becomes a page.

    Attributes:
        layout: name of the file in ``pages/``, without its ending.
        url: of the page itself; what it declares as canonical.
        encoding: of the bytes.
        declared: charset in the header; ``None`` is the encoding, empty names none.
        extra: further places of the layout.
        structured: further properties of its JSON-LD.
    """

    layout: str
    url: str
    encoding: str = "utf-8"
    declared: str | None = None
    extra: Mapping[str, str] = field(default_factory=dict)
    structured: Mapping[str, object] = field(default_factory=dict)


@cache
def story(name: str) -> Story:
    """A bundled story."""
    head, _, body = _text(f"stories/{name}.txt").partition("\n\n")
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    return Story(fields=fields, paragraphs=tuple(" ".join(part.split()) for part in body.strip().split("\n\n")))


def plain_page(name: str) -> str:
    """A bundled page that has no story: a wall, a challenge, a home page."""
    return _text(f"pages/{name}.html")


def render(told: Story, setting: Setting) -> Page:
    """The story as a page of that layout.

    Raises:
        KeyError: the layout has a place that neither the story nor the setting fills.
    """
    words = {**_DEFAULTS, **told.fields, **setting.extra, "url": setting.url}
    places = {name: value if name in _MARKUP else markup.escape(value) for name, value in words.items()}
    places |= _blocks(told.paragraphs) | _dates(told.published)
    places["json_ld"] = json.dumps(_json_ld(words, setting.structured), ensure_ascii=False).replace("<", "\\u003c")
    places.setdefault("modified", places["published"])
    text = Template(plain_page(setting.layout)).substitute(places)
    return html(text, encoding=setting.encoding, declared=setting.declared)


def _blocks(paragraphs: tuple[str, ...]) -> dict[str, str]:
    safe = [markup.escape(paragraph, quote=False) for paragraph in paragraphs]
    lines = [f"<p>{text}</p>" for text in safe]
    return {
        "all": "\n".join(lines),
        "lead": "\n".join(lines[:_LEAD]),
        "rest": "\n".join(lines[_LEAD:]),
        "br_all": "<br><br>\n".join(safe),
        "br_lead": "<br><br>\n".join(safe[:_LEAD]),
        "br_rest": "<br><br>\n".join(safe[_LEAD:]),
        "indented": "\n".join(f"<p>　　{text}</p>" for text in safe),
    }


def _dates(moment: datetime) -> dict[str, str]:
    return {
        "published": moment.isoformat(),
        "day": f"{moment:%Y-%m-%d}",
        "date_long": f"{moment:%B} {moment.day}, {moment.year}",
        "date_abbr": f"{moment:%b}. {moment.day}, {moment.year}",
        "date_dotted": f"{moment:%d.%m.%Y}",
        "date_zh": f"{moment:%Y}年{moment:%m}月{moment:%d}日",
        "slashed_time": f"{moment.astimezone(UTC):%Y/%m/%d %H:%M:%S}",
        "weekday_time": f"{moment:%A}, {moment.day} {moment:%B %Y} {moment:%H:%M}",
    }


def _json_ld(words: Mapping[str, str], structured: Mapping[str, object]) -> dict[str, object]:
    return {
        "@context": "http://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": words["url"],
        "headline": words["headline"],
        "description": words["standfirst"],
        "datePublished": words["published"],
        "dateModified": words.get("modified", words["published"]),
        "author": {"@type": "Person", "name": words["byline"]},
        **structured,
    }


@cache
def _text(name: str) -> str:
    return files("crawler.demo").joinpath(name).read_text(encoding="utf-8")
