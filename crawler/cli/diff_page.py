"""What ``dateline diff`` prints of changes.

Every line begins with a mark, so that it can be read without colours and searched: ``-`` gone, ``+`` new, ``~``
changed (words gone in ``[-…-]``, new ones in ``{+…+}`` where there are no colours), ``>`` moved here, ``<`` moved away.
What does not matter is dim and says why.

What is shown of a change, and what is said of it, `crawler.changes.showing` decides.

Why a module of its own: comparing texts takes a tenth of a second to import, and only this command compares.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich.text import Text

from crawler.changes import Change, ChangeKind, Step, StepKind, field_changes, kind_of_change
from crawler.changes.showing import Line, PieceKind, fields_of, lines_of, order_remark, pieces_of, rough_remark
from crawler.cli.console import Part, count_of, jsonable, out, plain, print_json, say, shortened
from storage.types import ArticleVersion, ArticleView

_MOVED = 60
_COLOURS = {
    ChangeKind.NONE: "dim",
    ChangeKind.NOISE: "dim",
    ChangeKind.CORRECTION: "bold yellow",
    ChangeKind.ADDITION: "bold green",
    ChangeKind.CUT: "bold red",
}
_STYLES = {
    StepKind.KEPT: (" ", ""),
    StepKind.CHANGED: ("~", ""),
    StepKind.ADDED: ("+", "green"),
    StepKind.REMOVED: ("-", "red"),
    StepKind.MOVED: (">", "yellow"),
    StepKind.LEFT: ("<", "dim yellow"),
}


# -- a list of changes -------------------------------------------------------------------------------------------


def print_changes(pairs: Sequence[tuple[ArticleVersion, ArticleVersion]], *, as_json: bool) -> None:
    """The change of each pair, in two lines."""
    changes = [(old, new, kind_of_change(old, new)) for old, new in pairs]
    if as_json:
        print_json([_as_json(old, new, change, steps=False) for old, new, change in changes])
        return
    for old, new, change in changes:
        counts = change.counts
        say(
            (f"{old.number} -> {new.number}", "bold"),
            f"  {new.captured_at:%Y-%m-%d %H:%M}Z  ",
            (change.kind, _COLOURS.get(change.kind, "bold")),
            f"  +{counts.added} -{counts.removed} ~{counts.changed} >{counts.moved}  {change.rule}",
        )
        _put("        ", (change.evidence, "dim"))


def _as_json(old: ArticleVersion, new: ArticleVersion, change: Change, *, steps: bool = True) -> dict[str, Any]:
    made: dict[str, Any] = {
        "article_id": new.article_id,
        "old": {"number": old.number, "captured_at": old.captured_at},
        "new": {"number": new.number, "captured_at": new.captured_at},
        **jsonable(change),
        "fields": field_changes(old.article, new.article),
    }
    if not steps:
        del made["steps"]
    return made


# -- one change --------------------------------------------------------------------------------------------------


def print_change(view: ArticleView, old: ArticleVersion, new: ArticleVersion, *, as_json: bool) -> None:
    """One change: its kind and why, the fields, the sentences."""
    change = kind_of_change(old, new)
    if as_json:
        print_json(_as_json(old, new, change))
    else:
        _print(view, old, new, change)


def _print(view: ArticleView, old: ArticleVersion, new: ArticleVersion, change: Change) -> None:
    say((f"article {view.id}", "bold"), f"  {view.document.canonical_url}")
    for version, word in ((old, "from"), (new, "to")):
        copy = f", {version.memento.archive}" if version.memento else ""
        say(f"{word:<4} version {version.number}, captured {version.captured_at:%Y-%m-%d %H:%M}Z{copy}")
    if remark := order_remark(old, new):
        say((remark, "dim"))
    _put("", (change.kind, _COLOURS.get(change.kind, "bold")), f": {change.evidence}", (f" ({change.rule})", "dim"))
    if remark := rough_remark(change):
        _put("", (remark, "dim"))
    _print_fields(old, new, change)
    if lines := list(lines_of(change.steps)):
        say()
        _print_lines(lines)


def _print_fields(old: ArticleVersion, new: ArticleVersion, change: Change) -> None:
    rows = fields_of(old, new, change)
    if rows:
        say()
    for one in rows:
        for mark, style, text in (("-", "red", one.old), ("+", "green", one.new)):
            if text:
                _put(f"{mark} ", (f"{one.name}: ", "bold"), (text, style), style=style)


def _print_lines(lines: Sequence[Line]) -> None:
    for line in lines:
        if line.step is None:
            say((f"  ... {count_of(line.folded, 'sentence')} unchanged", "dim"))
        else:
            mark, style = _STYLES[line.step.kind]
            style = "dim" if line.step.noise else style
            _put(f"{mark} ", *_told(line, line.step, style), style=style)


def _told(line: Line, step: Step, style: str) -> Iterator[Part]:
    if step.mark:
        yield step.mark, "bold"
    if line.moved:
        yield f"({line.moved}) ", style if step.kind is StepKind.LEFT else "dim yellow"
    if step.kind is StepKind.CHANGED:
        yield from _words(step)
    elif step.kind is StepKind.LEFT:
        yield shortened(step.old, _MOVED), style
    else:
        yield step.new or step.old, style
    if line.remark:
        yield f" ({line.remark})", "dim"


def _words(step: Step) -> Iterator[Part]:
    """The sentence with the words that went and came in their places."""
    bare = out.color_system is None
    pieces = list(pieces_of(step))
    for piece, behind in zip(pieces, [*pieces[1:], None], strict=True):
        if piece.kind is PieceKind.KEPT:
            yield piece.text
        elif piece.kind is PieceKind.ADDED:
            yield (f"{{+{piece.text}+}}", "") if bare else (piece.text, "green")
        else:
            yield (f"[-{piece.text}-]", "") if bare else (piece.text, "red strike")
            yield "" if bare and behind and behind.kind is PieceKind.ADDED else " "


def _put(mark: str, *parts: Part, style: str = "") -> None:
    """Text after its mark, wrapped between words on a terminal, one line elsewhere."""
    text = Text.assemble(*(plain(part) if isinstance(part, str) else (plain(part[0]), part[1]) for part in parts))
    lines = text.wrap(out, max(20, out.width - len(mark))) if out.is_terminal else [text]
    for line in lines:
        out.print(Text.assemble((mark, style), line))
