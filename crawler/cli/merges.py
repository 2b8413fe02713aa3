"""``dateline merges``: which documents are one under several URLs, and a person's word about it."""

from __future__ import annotations

import shlex
from datetime import datetime
from typing import Annotated, Any

import typer

from crawler.cli.console import (
    DryRunOption,
    JsonLinesOption,
    JsonOption,
    LibraryOption,
    count_of,
    jsonable,
    opened,
    plain,
    print_json,
    print_json_lines,
    progress_bar,
    say,
)
from crawler.errors import ConfigurationError
from crawler.renaming import Renewed, renew_urls
from crawler.runs import registered
from crawler.urls import identify
from storage.errors import DocumentNotFound, Unstorable
from storage.protocol import Store
from storage.types import Document, DocumentMerge, SameDocumentHow, UrlChange, utc_now

app = typer.Typer(help="List, make and undo merges of documents that are one; renew their URLs.")

UrlArgument = Annotated[str, typer.Argument(help="A cited URL, in any of its variants.")]
BecauseOption = Annotated[str, typer.Option(help="Why, for those who come after you.")]


@app.command("list")
def list_(
    *,
    library: LibraryOption = None,
    undone: Annotated[bool, typer.Option("--undone", help="Those that a person took back, too.")] = False,
    as_json: JsonLinesOption = False,
) -> None:
    """List documents that are another one, each with what says so."""
    with opened(library) as found:
        merges = found.store.merges(undone=undone)
        if as_json:
            print_json_lines(map(_json_of, merges))
            return
        standing = shown = 0
        for merge in merges:
            _tell_about(merge)
            shown += 1
            standing += merge.undone_at is None
    if shown:
        taken_back = f", {shown - standing} taken back" if shown > standing else ""
        say(f"{count_of(standing, 'merge')}{taken_back}")
    else:
        say("no documents are merged")


@app.command()
def add(
    url: UrlArgument,
    into_url: Annotated[str, typer.Argument(help="The document that it is.")],
    *,
    because: BecauseOption,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say that a document is another one; both keep everything, readers count them once. Safe to run again."""
    reason = _reason(because)
    with opened(library) as found:
        document, into = _known(found.store, url), _known(found.store, into_url)
        try:
            made = found.store.merge_documents(
                document.id, into.id, how=SameDocumentHow.HAND, evidence=reason, now=utc_now()
            )
        except Unstorable as error:
            raise ConfigurationError(
                f"{document.canonical_url} cannot be merged into {into.canonical_url}: {error}"
            ) from error
    if as_json:
        print_json(_json_of(made))
        return
    _tell_about(made)
    say(f"`dateline merges undo {shlex.quote(made.canonical_url)} --because ...` takes it back")


@app.command()
def undo(
    url: UrlArgument,
    *,
    because: BecauseOption,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a merge back; only a person can make it again. Safe to run again."""
    reason = _reason(because)
    with opened(library) as found:
        document = _known(found.store, url)
        try:
            undone = found.store.undo_merge(document.id, because=reason, now=utc_now())
        except DocumentNotFound as error:
            raise ConfigurationError(_not_merged(found.store, document)) from error
    if as_json:
        print_json(_json_of(undone))
        return
    _tell_about(undone)
    say("`dateline dedup rebuild` compares their articles again")


@app.command()
def renew(*, library: LibraryOption = None, dry_run: DryRunOption = False, as_json: JsonOption = False) -> None:
    """Give documents the URLs that this program knows them by; those with one URL become one. Safe to run again.

    Rules for URLs get better; without this, what an older program stored under another URL is fetched a second time
    once it is cited again. Nothing is fetched or deleted.
    """
    with (
        opened(library) as found,
        registered(found, "dateline merges renew", unless=dry_run) as work,
        progress_bar() as bar,
    ):
        task = bar.add_task("reading documents", total=None)
        report = renew_urls(found.store, dry_run=dry_run, progress=lambda done: bar.update(task, completed=done))
        work.counts |= {"looked at": report.looked, "renamed": report.renamed, "merged": report.merged}
    print_json(report) if as_json else _print_renewed(report, dry_run=dry_run)


def _print_renewed(report: Renewed, *, dry_run: bool) -> None:
    for one in report.changes:
        say((one.before, "bold"), f" {one.change}")
        if one.url:
            say(f"  {'is' if one.change is UrlChange.MERGED else 'now'} {one.url}")
        if one.reason:
            say((f"  {plain(one.reason)}", "dim"))
    changed = report.renamed + report.merged + report.left
    if changed > len(report.changes):
        say((f"and {changed - len(report.changes)} more", "dim"))
    would = "would be " if dry_run else ""
    counts = f"{report.renamed} {would}renamed, {report.merged} {would}merged, {report.left} left"
    say(f"{count_of(report.looked, 'document')} looked at: {counts}")
    if report.renamed and not dry_run:
        say("`dateline dedup rebuild` compares the articles of renamed documents again")


def _known(store: Store, url: str) -> Document:
    """The document of a URL, first the one that is stored under just this one: the rules may call it otherwise by now.

    Raises `UnusableUrl`, and `DocumentNotFound` where the library has none.
    """
    return store.find_document(url) or store.document(identify(url).canonical_url)


def _reason(because: str) -> str:
    """Raises `ConfigurationError` where nothing is said."""
    if not because.strip():
        raise ConfigurationError("--because says nothing: a merge by hand needs its reason")
    return because.strip()


def _not_merged(store: Store, document: Document) -> str:
    others = [one.canonical_url for one in store.history(document.canonical_url).merges if one.undone_at is None]
    if not others:
        return f"{document.canonical_url} is merged into none: `dateline merges list` shows those that are"
    return f"{document.canonical_url} stands for others; undo the merge of one of them: {', '.join(others)}"


def _tell_about(merge: DocumentMerge) -> None:
    say((merge.canonical_url, "bold" if merge.undone_at is None else "dim"))
    say(f"  is {merge.into_url}")
    say(f"  {merge_words(merge)}")


def merge_words(merge: DocumentMerge) -> str:
    """What says so, since when, and who took it back."""
    words = f"{merge.how}, {_day(merge.merged_at)}: {plain(merge.evidence)}"
    if merge.undone_at is None:
        return words
    return f"{words}; taken back {_day(merge.undone_at)}: {plain(merge.undone_because)}"


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"


def _json_of(merge: DocumentMerge) -> dict[str, Any]:
    made: dict[str, Any] = jsonable(merge)
    return made
