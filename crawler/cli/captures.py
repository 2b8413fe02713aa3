"""``dateline captures``: the raw captures."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from crawler.cli.console import (
    INCOMPLETE,
    OK,
    JsonOption,
    LibraryOption,
    Listing,
    count_of,
    opened,
    plain,
    print_json,
    say,
    tell,
    write_bytes,
)
from crawler.urls import identify
from storage.captures import verify as verify_captures
from storage.errors import NotFound

app = typer.Typer(help="The raw captures: verify them, list them, print one.")

_SHOWN = 50


@app.command()
def verify(*, library: LibraryOption = None, as_json: JsonOption = False) -> int:
    """Check that every row has its record with the stored digest, and every record its row."""
    with opened(library) as found:
        problems = list(verify_captures(found.captures, found.store.captures()))
        count = found.store.info().rows["captures"]
    if as_json:
        print_json({"captures": count, "problems": problems})
        return INCOMPLETE if problems else OK
    for problem in problems[:_SHOWN]:
        tell((problem.kind, "bold red"), f" {problem.file} at {problem.offset}: {problem.text}")
    if len(problems) > _SHOWN:
        tell(f"... and {count_of(len(problems) - _SHOWN, 'more problem')}; --json lists all")
    say(f"{count_of(count, 'capture')}, {count_of(len(problems), 'problem')}")
    return INCOMPLETE if problems else OK


@app.command("list")
def list_(
    url: Annotated[str, typer.Argument(help="A cited URL, in any of its variants.")],
    *,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the captures of one document."""
    with opened(library) as found:
        history = found.store.history(identify(url).canonical_url)
    if as_json:
        print_json(history.captures)
        return
    if not history.captures:
        say("no captures: ", f"`dateline why {url}` says why")
        return
    made = Listing("capture#", "captured at", "status#", "type", "bytes#", "record")
    for one in history.captures:
        made.add(
            one.id,
            f"{one.captured_at:%Y-%m-%d %H:%M:%S}",
            one.status or one.kind,
            one.media_type + (" (revisit)" if one.revisit_of else ""),
            one.payload_length,
            f"{one.location.file}:{one.location.offset}",
        )
    made.print()


@app.command()
def cat(
    url: Annotated[str, typer.Argument(help="A cited URL, in any of its variants.")],
    *,
    library: LibraryOption = None,
    number: Annotated[int, typer.Option("--capture", help="Number from `captures list`; default: the latest.")] = 0,
) -> None:
    """Write the content of a capture, as the server sent it and decompressed, to standard output."""
    with opened(library) as found:
        history = found.store.history(identify(url).canonical_url)
        chosen = [one for one in history.captures if number in {0, one.id}]
        if not chosen:
            raise NotFound(f"{url} has no such capture: `dateline captures list {url}` shows them")
        digest = chosen[-1].payload_digest
        known = found.store.known_payloads([digest]).get(digest)
        with found.reader() as reader:
            content = reader.content(chosen[-1], known)
    if sys.stdout.isatty():
        _show(content)
    else:
        write_bytes(content)


def _show(content: bytes) -> None:
    """On a terminal, which a page could otherwise steer."""
    for line in content.decode("utf-8", "replace").splitlines():
        sys.stdout.write(plain(line) + "\n")
