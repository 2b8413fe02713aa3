r"""``md``: one article as people save them, readable again as an entry file of the saved-article format.

::

    # Headline

    By [Byline, or the agency where there is none](#)

    December 30, 2019

    **Agency, where the byline does not name it**

    First paragraph.

    Original url:

    <https://...>

    Archived copy of October 9, 2012, in internet-archive:

    <https://web.archive.org/...>

Lines of which nothing is known are left out; the last two stand where an archive gave the page, its URL where a reader
can open the copy. The date line needs the day: a page that states only "December 2019"
gets none, because any day would be invented. It is the day in UTC. The bold line credits the wire agency. The
format has no line for a standfirst or for the lead image.

Why so little is escaped
    These files are read by people and by line-based tools, so a backslash stands only where Markdown would
    otherwise change the text: a star or underscore that opens emphasis, a backtick, a bracket that makes a link,
    ``<`` before a tag, an entity, a backslash before punctuation, a sign at the start of a line that makes a
    heading, an item or a rule. "2 * 3", "snake_case", "[sic]" and "AT&T" stay as they are. The body's own heading,
    item and quotation marks are Markdown already.

    One ambiguity belongs to the format: where an article has neither byline nor agency and its text begins with
    "By ...", a reader takes that first paragraph for the byline.
"""

from __future__ import annotations

import re
from datetime import datetime

from storage.types import Article, ArticleView, DatedTime, DatePrecision, Memento

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_WITHOUT_DAY = {DatePrecision.YEAR, DatePrecision.MONTH}
_MARK = re.compile(r"## |- |> ")
_INLINE = re.compile(
    r"\\(?=[!-/:-@\[-`{-~])"  # a backslash that would escape
    r"|\*(?=\S)|(?<=\S)\*"  # emphasis
    r"|(?<!\w)_(?=\S)|(?<=\S)_(?!\w)"
    r"|`"
    r"|~(?=~)"
    r"|\[(?=[^\[\]]*\][(\[])"  # links and images
    r"|<(?=[A-Za-z/!?])"  # tags and autolinks
    r"|&(?=#?\w+;)"  # entities
)
_LINE_START = re.compile(
    r"(?=#{1,6}(?:\s|$)|[*+](?:\s|$)|\[[^\]]*\]:|={3,}\s*$|(?:-\s*){3,}$|(?:\*\s*){3,}$|(?:_\s*){3,}$)"
)
_CLOSING_SIGNS = re.compile(r"(?<= )#+$|^#+$")
_BRACKET = re.compile(r"(?<!\\)[\[\]]")
_URL_UNSAFE = re.compile(r"[\s<>]")
_SURROGATE = re.compile("[\ud800-\udfff]")


class Markdown:
    """See the module."""

    name = "md"
    suffix = ".md"
    one_file_per_article = True

    def header(self) -> str:
        """Nothing."""
        return ""

    def render(self, view: ArticleView) -> str:
        """One file."""
        version = view.versions[-1]
        article = version.article
        blocks = [f"# {_headline(article.headline)}", *_credits(article), *_body(article.body)]
        blocks += ["Original url:", f"<{_url(view.document.request_url)}>", *_copy(version.memento)]
        return _SURROGATE.sub("\ufffd", "\n\n".join(blocks) + "\n")


def _credits(article: Article) -> list[str]:
    byline, agency = article.byline or article.agency, article.agency
    lines = [f"By [{_name(byline)}](#)"] if byline else []
    if day := _day(article.published_at):
        lines.append(day)
    if agency and agency.casefold() not in byline.casefold():
        lines.append(f"**{_one_line(agency)}**")
    return lines


def _day(published_at: DatedTime | None) -> str:
    if published_at is None or published_at.precision in _WITHOUT_DAY:
        return ""
    return _written(published_at.value)


def _written(moment: datetime) -> str:
    return f"{_MONTHS[moment.month - 1]} {moment.day}, {moment.year:04d}"


def _copy(memento: Memento | None) -> list[str]:
    """The archived copy; below the original URL, where a reader of saved articles looks at nothing any more."""
    if memento is None:
        return []
    named = f"Archived copy of {_written(memento.captured_at)}, in {_one_line(memento.archive)}"
    return [f"{named}:", f"<{_url(memento.public_url)}>"] if memento.public_url else [f"{named}."]


def _body(body: str) -> list[str]:
    return [escaped for block in body.split("\n\n") if (escaped := "\n".join(_lines(block)))]


def _lines(block: str) -> list[str]:
    return [_line(line.strip()) for line in block.split("\n") if line.strip()]


def _line(line: str) -> str:
    mark = _MARK.match(line)
    if mark:
        return mark[0] + _escaped(line[mark.end() :])
    return _escaped(line)


def _one_line(text: str) -> str:
    return _inline(" ".join(text.split()))


def _headline(text: str) -> str:
    return _CLOSING_SIGNS.sub(r"\\\g<0>", _one_line(text)) or "Untitled"


def _name(text: str) -> str:
    return _BRACKET.sub(r"\\\g<0>", _one_line(text))


def _escaped(text: str) -> str:
    inline = _inline(text)
    return f"\\{inline}" if _LINE_START.match(text) and not inline.startswith("\\") else inline


def _inline(text: str) -> str:
    return _INLINE.sub(r"\\\g<0>", text)


def _url(url: str) -> str:
    return _URL_UNSAFE.sub(lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode()), url)
