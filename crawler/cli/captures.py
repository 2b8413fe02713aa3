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
    err,
    opened,
    out,
    plain,
    print_json,
    table,
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
        place = f"{problem.file} at {problem.offset}"
        err.print(f"[bold red]{problem.kind}[/] {place}: {plain(problem.text)}", highlight=False)
    out.print(f"{count} captures, {len(problems)} problems")
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
    made = table("capture#", "captured at", "status#", "type", "bytes#", "record")
    for one in history.captures:
        made.add_row(
            str(one.id),
            f"{one.captured_at:%Y-%m-%d %H:%M:%S}",
            str(one.status or one.kind),
            one.media_type + (" (revisit)" if one.revisit_of else ""),
            str(one.payload_length),
            f"{one.location.file}:{one.location.offset}",
        )
    out.print(made)


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
        sys.stdout.buffer.write(found.reader().content(chosen[-1], known))
