"""What ``dateline diff`` prints of changes.

Every line begins with a mark, so that it can be read without colours and searched: ``-`` gone, ``+`` new, ``~``
changed (words gone in ``[-…-]``, new ones in ``{+…+}`` where there are no colours), ``>`` moved here, ``<`` moved away.
What does not matter is dim and says why.

Why a module of its own: comparing texts takes a tenth of a second to import, and only this command compares.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from rich.text import Text

from crawler.changes import Change, ChangeKind, Step, StepKind, field_changes, kind_of_change
from crawler.cli.console import Part, count_of, jsonable, out, plain, print_json, say, shortened
from storage.types import ArticleVersion, ArticleView

_CONTEXT = 1
"""Sentences shown on either side of a change."""
_LEAST_FOLDED = 2
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
    if new.captured_at < old.captured_at and new.number > old.number:
        say((f"version {new.number} is the older one: it was found after version {old.number}", "dim"))
    _put("", (change.kind, _COLOURS.get(change.kind, "bold")), f": {change.evidence}", (f" ({change.rule})", "dim"))
    if change.rough:
        _put("", ("the texts are very long: some passages were compared only roughly", "dim"))
    _print_fields(old, new, change)
    if any(step.kind is not StepKind.KEPT for step in change.steps):
        say()
        _print_steps(change.steps)


def _print_fields(old: ArticleVersion, new: ArticleVersion, change: Change) -> None:
    rows = [(one.name.replace("_", " "), one.old, one.new) for one in field_changes(old.article, new.article)]
    if change.headline.kind is StepKind.CHANGED:
        rows.insert(0, ("headline", change.headline.old, change.headline.new))
    if rows:
        say()
    for name, before, after in rows:
        for mark, style, text in (("-", "red", before), ("+", "green", after)):
            if text:
                _put(f"{mark} ", (f"{name}: ", "bold"), (text, style), style=style)


def _print_steps(steps: Sequence[Step]) -> None:
    shown = _shown(steps)
    hidden, before = 0, None
    for index, step in enumerate(steps):
        if index not in shown:
            hidden += 1
            continue
        _print_hidden(hidden)
        _print_step(step, before)
        hidden, before = 0, step
    _print_hidden(hidden)


def _print_hidden(number: int) -> None:
    if number:
        say((f"  ... {count_of(number, 'sentence')} unchanged", "dim"))


def _shown(steps: Sequence[Step]) -> set[int]:
    """Places of the steps that are shown: those that changed something and their neighbours."""
    changed = [index for index, step in enumerate(steps) if step.kind is not StepKind.KEPT]
    shown = {near for index in changed for near in range(index - _CONTEXT, index + _CONTEXT + 1)}
    for a, b in pairwise(sorted(shown)):
        if b - a - 1 < _LEAST_FOLDED:  # a line that says "1 sentence unchanged" is no shorter than the sentence
            shown.update(range(a, b))
    return shown


def _print_step(step: Step, before: Step | None) -> None:
    mark, style = _STYLES[step.kind]
    if step.noise:
        style = "dim"
    _put(f"{mark} ", *_told(step, before, style), style=style)


def _told(step: Step, before: Step | None, style: str) -> Iterator[Part]:
    if step.mark:
        yield step.mark, "bold"
    if step.kind is StepKind.CHANGED:
        yield from _words(step)
    elif step.kind is StepKind.LEFT:
        yield f"{_moved(step, before, 'moved to')}{shortened(step.old, _MOVED)}", style
    else:
        yield _moved(step, before, "moved from") if step.kind is StepKind.MOVED else "", "dim yellow"
        yield step.new or step.old, style
    if step.noise:
        yield f" ({step.noise}: does not matter)", "dim"


def _moved(step: Step, before: Step | None, words: str) -> str:
    """Where a passage went to or came from, said once for each run of sentences."""
    old_at, new_at = step.old_at or 0, step.new_at or 0
    if before and before.kind is step.kind and (before.old_at, before.new_at) == (old_at - 1, new_at - 1):
        return ""
    return f"({words} sentence {(new_at if step.kind is StepKind.LEFT else old_at) + 1}) "


def _words(step: Step) -> Iterator[Part]:
    """The sentence with the words that went and came in their places."""
    bare = out.color_system is None
    place = 0
    for span in step.spans:
        yield step.new[place : span.new_start]
        gone, come = step.old[span.old_start : span.old_end], step.new[span.new_start : span.new_end]
        if gone:
            yield (f"[-{gone}-]", "") if bare else (gone, "red strike")
            yield "" if bare and come else " "
        if come:
            yield (f"{{+{come}+}}", "") if bare else (come, "green")
        place = span.new_end
    yield step.new[place:]


def _put(mark: str, *parts: Part, style: str = "") -> None:
    """Text after its mark, wrapped between words on a terminal, one line elsewhere."""
    text = Text.assemble(*(plain(part) if isinstance(part, str) else (plain(part[0]), part[1]) for part in parts))
    lines = text.wrap(out, max(20, out.width - len(mark))) if out.is_terminal else [text]
    for line in lines:
        out.print(Text.assemble((mark, style), line))
