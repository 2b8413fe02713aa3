"""``dateline golden``: stored captures as cases for the extractor's tests."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from crawler.cli.console import INCOMPLETE, OK, LibraryOption, opened, say, tell
from crawler.errors import ConfigurationError
from crawler.extraction import PageInput
from crawler.library import Library
from crawler.stored_pages import stored_page
from crawler.urls import identify
from storage.errors import NotFound
from storage.types import Article, Capture, DatedTime

app = typer.Typer(help="Cases for the extractor's tests, made from stored captures.")

PAGE, EXPECTED = "page.html", "expected.json"

_FIELDS = (
    *("headline", "standfirst", "byline", "published_at", "modified_at", "section", "agency", "dateline", "language"),
    *("lead_image_caption", "lead_image_credit"),
)


@app.command()
def save(
    url: Annotated[str, typer.Argument(help="A cited URL, in any of its variants.", metavar="CAPTURE")],
    *,
    library: LibraryOption = None,
    number: Annotated[int, typer.Option("--capture", help="Number from `captures list`; default: the latest.")] = 0,
    to: Annotated[Path, typer.Option(help="Folder in which the case gets its own folder.")] = Path("golden"),
    name: Annotated[str, typer.Option(help="Of the case; default: its rule or host, and a number.")] = "",
    scrub: Annotated[
        bool, typer.Option("--scrub", help="Replace every text by invented words; keep structure, dates, numbers.")
    ] = False,
) -> int:
    """Save a capture as a test case: the page, and what the extractor finds in it now, to be corrected by hand.

    Pages are their publishers'. A case that leaves this machine (a public repository) must be written anew with
    invented prose, names and headlines; --scrub does the first half of that.
    """
    with opened(library) as found:
        page = _page(found, url, number)
    if scrub:
        page = _scrubbed(page)
    case = _case_of(page)
    folder = _folder(to, name or case["rule"] or identify(url).host, numbered=not name)
    folder.mkdir(parents=True)
    (folder / PAGE).write_bytes(page.content)
    (folder / EXPECTED).write_text(json.dumps(case, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    _say_what_to_check(folder, case, scrubbed=scrub)
    return OK if case["expected"] else INCOMPLETE


def _page(library: Library, url: str, number: int) -> PageInput:
    """The stored capture as the page that it was.

    Raises:
        NotFound: there is no such capture.
    """
    history = library.store.history(identify(url).canonical_url)
    chosen: list[Capture] = [one for one in history.captures if number in {0, one.id}]
    if not chosen:
        raise NotFound(f"{url} has no such capture: `dateline captures list {url}` shows them")
    with library.reader() as reader:
        return stored_page(library, reader, chosen[-1])


def _scrubbed(page: PageInput) -> PageInput:
    """The page with invented words.

    Raises:
        ConfigurationError: it is no page (a PDF document): its words cannot be told from its structure.
    """
    from crawler.extraction.encoding import decode  # noqa: PLC0415 - see `crawler.extraction`
    from crawler.extraction.publishers.scrubbing import scrubbed  # noqa: PLC0415 - likewise
    from crawler.extraction.sniff import foreign_format  # noqa: PLC0415 - likewise

    if kind := foreign_format(page.content, page.content_type):
        raise ConfigurationError(f"{page.url} is {kind}: --scrub can only replace the words of HTML pages")
    decoded = decode(page.content, page.content_type)
    text = scrubbed(decoded.text, page.url)
    return replace(page, content=text.encode(decoded.encoding, "xmlcharrefreplace"))


def _case_of(page: PageInput) -> dict[str, Any]:
    """What a case says: where the page stood, which rule it has, what is found in it."""
    from crawler.extraction.article import extract  # noqa: PLC0415 - likewise

    article = extract(page)
    return {
        "url": page.url,
        "content_type": page.content_type,
        "captured_at": page.captured_at.isoformat(),
        "rule": article.choice.rule if isinstance(article, Article) else "",
        "expected": _expected(article) if isinstance(article, Article) else {},
    }


def _expected(article: Article) -> dict[str, Any]:
    fields = {name: _plain(getattr(article, name)) for name in _FIELDS}
    return {name: value for name, value in fields.items() if value} | {"body": article.body.split("\n\n")}


def _plain(value: DatedTime | str | None) -> Any:  # noqa: ANN401 - JSON is untyped
    return [value.value.isoformat(), value.precision.value] if isinstance(value, DatedTime) else value


def _folder(parent: Path, name: str, *, numbered: bool) -> Path:
    """A folder that does not exist yet.

    Raises:
        ConfigurationError: the case is there already, or its name is no name of a folder.
    """
    if Path(name).name != name or name in {"", ".", ".."}:
        raise ConfigurationError(f"{name!r} is no name for a case")
    if not numbered:
        if (parent / name).exists():
            raise ConfigurationError(f"{parent / name} is there already; --name gives the case another name")
        return parent / name
    number = 1
    while (parent / f"{name}-{number:02}").exists():
        number += 1
    return parent / f"{name}-{number:02}"


def _say_what_to_check(folder: Path, case: dict[str, Any], *, scrubbed: bool) -> None:
    say((str(folder), "bold"))
    if not case["expected"]:
        tell("the extractor finds no article in it: write down what it should find")
    say(f"  rule: {case['rule'] or 'none applied'}")
    for name, value in case["expected"].items():
        say(f"  {name}: {len(value)} blocks" if name == "body" else f"  {name}: {value}")
    say(f"check against the page, and correct {folder / EXPECTED}: the headline without the site's name, all people in")
    say("the byline, the first publication and not the last change, no line in the body that is no part of the story")
    say(
        "every text is invented, but addresses and comments may still name people: read the page once"
        if scrubbed
        else "the page is its publisher's: for a public repository write it anew (--scrub begins it)"
    )
