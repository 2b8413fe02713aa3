"""``dateline forget``: remove for good, and keep away."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.console import (
    INCOMPLETE,
    OK,
    DryRunOption,
    JsonOption,
    LibraryOption,
    Listing,
    count_of,
    opened,
    print_json,
    progress_bar,
    say,
    tell,
)
from crawler.errors import ConfigurationError
from crawler.library import Library
from crawler.phrases import size_text
from crawler.runs import as_typed, login_name, registered
from storage.types import Takedown, TakedownKind, utc_now

if TYPE_CHECKING:  # writing captures takes a while to import
    from crawler.forgetting import Forgotten, Preview, Progress, Target

_SHOWN = 10
_YES = frozenset({"y", "yes"})
_WHAT = ("articles", "versions", "links", "captures")
_NOUNS = {"articles": "article", "versions": "version", "links": "link to event", "captures": "capture"}


def forget(  # noqa: PLR0913 - one argument per option
    name: Annotated[str, typer.Argument(help="A URL in any of its variants, a host, or an article's number.")] = "",
    *,
    reason: Annotated[str, typer.Option(help="Why, for those who come after you; kept with the tombstone.")] = "",
    by: Annotated[str, typer.Option("--by", help="Who asks; default: your login name.")] = "",
    copies: Annotated[
        bool, typer.Option("--copies", help="Other documents with the same page or the same text, too.")
    ] = False,
    list_: Annotated[bool, typer.Option("--list", help="List the tombstones that stand.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Lift the tombstone of a URL or host: fetch it again.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask; needed where nobody can be asked.")] = False,
    library: LibraryOption = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> int:
    """Remove a document, or all of a host, for good: texts and captures; a tombstone keeps it from being fetched again.

    WARC files are overwritten in place, so that everything else in them stays where it is. Stopped at any moment, run
    the same command again. Backups, logs and your own files are not touched.
    """
    _require_sense(name, reason, list_=list_, undo=undo, dry_run=dry_run)
    with opened(library) as found:
        if list_:
            return _list(found.store.takedowns(standing_only=True), as_json=as_json)
        who = by or login_name()
        if undo:
            return _undo(found, name, who, as_json=as_json)
        return _forget(found, name, (reason, who), copies=copies, yes=yes, dry_run=dry_run, as_json=as_json)


def _require_sense(name: str, reason: str, *, list_: bool, undo: bool, dry_run: bool) -> None:
    """Raises `ConfigurationError` where the words do not go together."""
    if list_ and (undo or name):
        raise ConfigurationError("--list shows all tombstones: leave out the name and --undo")
    if not list_ and not name.strip():
        raise ConfigurationError("name a URL, a host or an article's number")
    if not (list_ or undo or dry_run or reason.strip()):
        raise ConfigurationError("--reason says nothing: whoever misses the article must be able to learn why")


def _forget(
    found: Library, name: str, told: tuple[str, str], *, copies: bool, yes: bool, dry_run: bool, as_json: bool
) -> int:
    from crawler.forgetting import preview, target_of  # noqa: PLC0415 - see above

    reason, who = told
    now = utc_now()
    target = target_of(found.store, name)
    seen = preview(found, target, now=now, copies=copies)
    if dry_run:
        print_json({"dry_run": True, **_json(seen)}) if as_json else _tell_preview(seen, copies=copies)
        return OK
    if not as_json:
        _tell_preview(seen, copies=copies)
    if not yes and not _agreed(seen):
        say("nothing was removed")
        return INCOMPLETE
    asked = Takedown(kind=target.kind, subject=target.subject, reason=reason.strip(), who=who, made_at=now)
    typed = as_typed("dateline forget", name, reason=reason, by=who, copies=copies)
    done = _carried_out(found, seen, asked, typed, copies=copies)
    if as_json:
        print_json({"takedowns": done.takedowns, "moved": done.moved, "overwritten": done.overwritten})
    else:
        _tell_done(done, seen)
    return OK


def _carried_out(found: Library, seen: Preview, asked: Takedown, typed: str, *, copies: bool) -> Forgotten:
    from crawler.forgetting import forget as take_down  # noqa: PLC0415 - see above

    also = seen.copies if copies else ()
    total = seen.documents + len(also)
    with registered(found, typed) as work, shown_progress(total) as progress:
        done = take_down(found, seen.target, takedown=asked, copies=also, token=work.token, progress=progress)
        work.counts.update(_removed(done.takedowns))
        work.note = asked.subject
    return done


@contextmanager
def shown_progress(documents: int) -> Iterator[Progress]:
    """A bar on a terminal that is told of documents, of attempts, then of records."""
    with progress_bar() as bar:
        task = bar.add_task("documents", total=documents)
        done = {"documents": 0, "attempts": 0, "records": 0}

        def advance(what: str, count: int) -> None:
            done[what] += count
            bar.update(task, description=what, completed=done[what], total=documents if what == "documents" else None)

        yield advance


def _agreed(seen: Preview) -> bool:
    """Whether a person says yes.

    Raises:
        ConfigurationError: nobody can be asked.
    """
    if not (sys.stdin and getattr(sys.stdin, "isatty", lambda: False)()):
        raise ConfigurationError("nobody can be asked here: --yes says that it is meant, --dry-run only looks")
    tell((f"remove {_subject(seen.target)} for good? [y/N]", "bold"))
    return sys.stdin.readline().strip().lower() in _YES


# -- tombstones --------------------------------------------------------------------------------------------------------


def _list(standing: Sequence[Takedown], *, as_json: bool) -> int:
    if as_json:
        print_json(standing)
        return OK
    if not standing:
        say("nothing is kept away")
        return OK
    made = Listing("number#", "when", "what", "by", "removed", "reason")
    for one in standing:
        what = f"host {one.subject}" if one.kind is TakedownKind.HOST else one.subject
        made.add(one.id, f"{one.made_at:%Y-%m-%d}", what, one.who, removed_words(one.removed), one.reason)
    made.print()
    return OK


def _undo(found: Library, name: str, who: str, *, as_json: bool) -> int:
    from crawler.forgetting import tombstone_named  # noqa: PLC0415 - see above

    standing = tombstone_named(found.store, name)
    lifted = found.store.lift_takedown(standing.kind, standing.subject, now=utc_now(), who=who)
    if as_json:
        print_json(lifted)
    else:
        say(f"{lifted.subject} may be fetched again and is due now; what was removed stays removed")
    return OK


# -- words -------------------------------------------------------------------------------------------------------------


def removed_words(removed: Mapping[str, int]) -> str:
    """``1 article, 2 versions, 3 captures (1.5 MiB)``."""
    parts = [_counted(removed[what], what) for what in _WHAT if removed.get(what)]
    size = f" ({size_text(removed['bytes'])})" if removed.get("bytes") else ""
    return (", ".join(parts) or "nothing") + size


def _counted(number: int, what: str) -> str:
    return f"{number} links to events" if what == "links" and number != 1 else count_of(number, _NOUNS[what])


def _removed(takedowns: Sequence[Takedown]) -> dict[str, int]:
    names = dict.fromkeys(name for one in takedowns for name in one.removed)
    return {name: sum(one.removed.get(name, 0) for one in takedowns) for name in names}


def _subject(target: Target) -> str:
    return f"everything of the host {target.subject}" if target.kind is TakedownKind.HOST else target.subject


def _json(seen: Preview) -> dict[str, object]:
    return {
        "kind": seen.target.kind,
        "subject": seen.target.subject,
        "standing": seen.standing,
        "documents": seen.documents,
        "removes": seen.removes,
        "events": seen.events,
        "copies": [one.canonical_url for one in seen.copies],
        "held": seen.held,
    }


def _tell_preview(seen: Preview, *, copies: bool) -> None:
    say((_subject(seen.target), "bold"))
    if seen.standing is not None:
        say(f"  {seen.standing.text}")
    if seen.target.identity is not None:
        say("  the library does not know it: nothing is removed, and it is kept away")
    if seen.target.kind is TakedownKind.HOST:
        say(f"  {count_of(seen.documents, 'document')}")
    say(f"  removes {removed_words(seen.removes)}")
    for key in seen.events[:_SHOWN]:
        say(f"  event {key} loses the article")
    _tell_some("events lose it too", len(seen.events))
    for one in seen.copies[:_SHOWN]:
        say(f"  {'also' if copies else 'the same'}: {one.canonical_url}")
    _tell_some("are the same", len(seen.copies))
    if seen.copies and not copies:
        them = "that document has" if len(seen.copies) == 1 else "those documents have"
        say(f"  {them} the same page or text and would stay; --copies removes them too")
    for path in seen.held:
        say(f"  your file {path} has it too and is not changed; the library will not read it there")


def _tell_some(what: str, number: int) -> None:
    if number > _SHOWN:
        say(f"  ... and {number - _SHOWN} more {what}; --json lists all")


def _tell_done(done: Forgotten, seen: Preview) -> None:
    say(f"removed {removed_words(_removed(done.takedowns))}")
    if done.moved:
        say(f"{count_of(done.moved, 'capture')} of other documents rested on it and {_was(done.moved)} written anew")
    if done.overwritten.files:
        files = done.overwritten.files
        say(f"{count_of(files, 'WARC file')} in which nothing was left {_was(files)} deleted")
    if done.overwritten.left:
        left = count_of(done.overwritten.left, "stretch").replace("stretchs", "stretches")
        tell((f"{left} of WARC files still to be overwritten: ", "yellow"), done.overwritten.why)
        tell("nothing more needs to be done: every dateline that starts tries it again")
    say(f"{_subject(seen.target)} is not fetched again: `dateline forget --list` shows that, --undo lifts it")
    tell(("backups, logs and PostgreSQL's free pages may still have parts of it until they are renewed", "dim"))


def _was(number: int) -> str:
    return "was" if number == 1 else "were"
