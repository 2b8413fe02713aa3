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
from crawler.cli.story import removed_by
from crawler.errors import ConfigurationError
from crawler.phrases import size_text
from crawler.runs import registered
from crawler.uploading import moves_out, moving, whereabouts
from crawler.urls import identify
from storage.captures import ProblemKind
from storage.captures import verify as verify_captures
from storage.errors import NotFound
from storage.uploading import Moved, MoveState

app = typer.Typer(help="The raw captures: verify them, list them, print one, move their files out.")

_SHOWN = 50


@app.command()
def verify(*, library: LibraryOption = None, as_json: JsonOption = False) -> int:
    """Check that every row has its record with the stored digest, and every record its row.

    Files that were moved out are read where they are, and have to have the digest that they had then.
    """
    with opened(library) as found, registered(found, "dateline captures verify") as work:
        told = list(verify_captures(found.captures, found.store.captures(), found.places))
        problems = [one for one in told if one.kind is not ProblemKind.ELSEWHERE]
        elsewhere = [one for one in told if one.kind is ProblemKind.ELSEWHERE]
        count = sum(1 for _ in found.store.captures())
        gone = max(0, found.store.info().rows["captures"] - count)
        work.counts |= {"captures": count, "problems": len(problems), "elsewhere": len(elsewhere)}
    if as_json:
        print_json({"captures": count, "removed": gone, "problems": problems, "elsewhere": elsewhere})
        return INCOMPLETE if problems else OK
    for problem in problems[:_SHOWN]:
        tell((problem.kind, "bold red"), f" {problem.file} at {problem.offset}: {problem.text}")
    if len(problems) > _SHOWN:
        tell(f"... and {count_of(len(problems) - _SHOWN, 'more problem')}; --json lists all")
    for one in elsewhere[:_SHOWN]:
        tell(("not compared", "yellow"), f" {one.file}: {one.text}")
    removed = f" ({gone} more removed by rules of retention)" if gone else ""
    beside = f", {count_of(len(elsewhere), 'file')} on other machines" if elsewhere else ""
    say(f"{count_of(count, 'capture')}{removed}, {count_of(len(problems), 'problem')}{beside}")
    return INCOMPLETE if problems else OK


@app.command()
def files(*, library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """List the WARC files: here, moved out, or still on the machine that wrote them."""
    with opened(library) as found:
        rows = list(whereabouts(found))
    if as_json:
        print_json(rows)
        return
    if not rows:
        say("there are no captures yet")
        return
    made = Listing("file", "bytes#", "where", "sha256", "moved at")
    for one in rows:
        moved = f"{one.stored_at:%Y-%m-%d %H:%M}" if one.stored_at else ""
        made.add(one.file, one.size or "", one.where, one.sha256[:16], moved)
    made.print()


@app.command()
def upload(*, library: LibraryOption = None, as_json: JsonOption = False) -> int:
    """Move full files to the place that storage.captures names, and remove them here once they were read back.

    Runs do so by themselves with the files that they write; this is for those of runs that were killed, and of a
    library that had files before the setting was made. Stopped at any moment, run it again.
    """
    with opened(library) as found:
        if not moves_out(found):
            raise ConfigurationError("storage.captures is empty: captures stay in the library's own folder")
        with registered(found, "dateline captures upload") as work:
            moved = []
            for one in moving(found, found.store):
                moved.append(one)
                work.counts[one.state] = work.counts.get(one.state, 0) + 1
                if not as_json:
                    _tell_moved(one)
    failed = any(one.state is MoveState.FAILED for one in moved)
    if as_json:
        print_json(moved)
    else:
        gone = [one for one in moved if one.size]
        say(f"{count_of(len(gone), 'file')} moved out ({size_text(sum(one.size for one in gone))})")
    return INCOMPLETE if failed else OK


def _tell_moved(one: Moved) -> None:
    if one.state is MoveState.FAILED:
        tell(("stays", "bold red"), f" {one.file}: {one.text}")
    elif one.text:
        tell(("waits", "yellow"), f" {one.file}: {one.text}")


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
        reasons = {one.id: one.reason for one in removed_by(found.store, history.captures)}
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
            f"removed by {reasons[one.takedown_id]}"
            if one.takedown_id in reasons
            else f"{one.location.file}:{one.location.offset}",
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
        for takedown in removed_by(found.store, chosen[-1:]):
            raise NotFound(f"capture {chosen[-1].id} of {url}: {takedown.text}")
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
