"""The saved article: a page that a person kept as Markdown, with its URL at the end.

Why furniture is removed here and not by the extractor: the file is no web page. Its frame (byline, bare date, bold
photo credit, the in-body pointer to a related article) is the saver's, always in the same places, and the bytes are
kept whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from crawler.errors import UnusableUrl
from crawler.events.contract import BrokenEntry, EntryText, ReadOptions
from crawler.events.days import written_day
from crawler.events.repair import folded, repaired
from crawler.urls import identify
from storage.types import EntryOrigin, SavedArticle

_URL_LINE = re.compile(r"^Original url:[ \t]*+(?P<here>\S*)[ \t]*+$", re.IGNORECASE | re.MULTILINE)
_TITLE = re.compile(r"^# +\S", re.MULTILINE)
_BYLINE = re.compile(r"^By\s+(\S.*)$")
_BOLD_LINE = re.compile(r"^\*\*([^*]+)\*\*$")
_RELATED = re.compile(r"^\**\s*(?:Related article|Read more)s?\s*:?\s*\**\s*:?\s*\[", re.IGNORECASE)
_LINK = re.compile(r"!?\[([^\[\]]{0,2000})\]\([^()\s]{0,4000}\)")
_MAX_CHARS = 1_000_000
_EMPHASIS = re.compile(r"(\*\*|__)(?=\S)(.{1,2000}?)(?<=\S)\1")


@dataclass(slots=True)
class _Frame:
    headline: str = ""
    byline: str = ""
    published_on: date | None = None
    photo_credit: str = ""
    paragraphs: list[str] = field(default_factory=list)


class SavedArticlePage:
    """Format ``saved-article``."""

    name = "saved-article"

    def recognises(self, name: str, text: str) -> bool:  # noqa: ARG002  the protocol's shape
        """By a title line, and the line that announces the original URL."""
        title, announced = _TITLE.search(text), _URL_LINE.search(text)
        return title is not None and announced is not None and title.start() < announced.start()

    def read(self, source: EntryText, options: ReadOptions) -> Iterator[SavedArticle]:  # noqa: ARG002
        """The file's one article."""
        if len(source.text) > _MAX_CHARS:
            raise BrokenEntry(0, "the file is far too large for one article", "give one file per article")
        announced = list(_URL_LINE.finditer(source.text))
        if not announced:
            raise BrokenEntry(0, "the article does not say where it is from", "end it with `Original url:` and the URL")
        last = announced[-1]
        line = source.text.count("\n", 0, last.start()) + 1
        url = _cited_url(last["here"] + "\n" + source.text[last.end() :], line)
        frame = _frame(source.text[: last.start()])
        if not frame.headline or not frame.paragraphs:
            raise BrokenEntry(1, "the article has no title or no text", "write `# title`, then the text")
        try:
            identity = identify(url)
        except UnusableUrl as error:
            raise BrokenEntry(line, f"{url!r} is no usable URL: {error.problem}", "correct the URL") from error
        yield SavedArticle(
            headline=frame.headline,
            body="\n\n".join(frame.paragraphs),
            byline=frame.byline,
            published_on=frame.published_on,
            photo_credit=frame.photo_credit,
            cited_url=url,
            identity=identity,
            raw=source.raw,
            origin=EntryOrigin(name=source.name, line=_title_line(source.text), format=self.name),
        )


def _cited_url(below: str, line: int) -> str:
    words = below.split()
    if not words:
        raise BrokenEntry(line, "`Original url:` is followed by nothing", "write the article's URL below it")
    return words[0].removeprefix("<").removesuffix(">")


def _title_line(text: str) -> int:
    title = _TITLE.search(text)
    return text.count("\n", 0, title.start()) + 1 if title else 1


def _frame(text: str) -> _Frame:
    frame = _Frame()
    for block in re.split(r"\n[ \t]*\n", text):
        paragraph = folded(repaired(block))
        if not paragraph or _RELATED.match(paragraph):
            continue
        if not _take_furniture(frame, paragraph):
            frame.paragraphs.append(_as_body(block, paragraph))
    return frame


def _take_furniture(frame: _Frame, paragraph: str) -> bool:
    """Title, byline, date and photo credit, as long as the body has not begun."""
    if frame.paragraphs:
        return False
    if not frame.headline:
        frame.headline = _without_markup(paragraph.removeprefix("# ")) if paragraph.startswith("# ") else ""
        return True
    byline, credit, day = _BYLINE.match(paragraph), _BOLD_LINE.match(paragraph), written_day(paragraph)
    if byline and not frame.byline and len(paragraph) <= 200:  # noqa: PLR2004  a sentence may begin with "By" too
        frame.byline = _without_markup(byline[1])
    elif day is not None and frame.published_on is None:
        frame.published_on = day
    elif credit and not frame.photo_credit:
        frame.photo_credit = credit[1].strip()
    else:
        return False
    return True


def _as_body(block: str, paragraph: str) -> str:
    """The paragraph in the structure of `storage.types.Article.body`: headings of any depth become ``## ``."""
    heading = re.match(r"#{1,6} +(.*)", paragraph)
    if heading:
        return "## " + _without_markup(heading[1])
    lines = [folded(repaired(line)) for line in block.split("\n") if line.strip()]
    if all(line.startswith(("- ", "* ", "> ")) for line in lines):
        return "\n\n".join(
            line.replace("* ", "- ", 1) if line[0] == "*" else line for line in map(_without_markup, lines)
        )
    return _without_markup(paragraph)


def _without_markup(text: str) -> str:
    return _EMPHASIS.sub(r"\2", _LINK.sub(r"\1", text)).strip()
