"""Removing what the rules of retention do not keep, old logs, old rows of runs, and old answers of archives.

A rule about attempts removes nothing: what it names goes from the database into files (`crawler.thinning`).

Why the age of a capture is the time since it was fetched, also of an archived copy: a rule says how long the library
keeps something. A page of 2006 that an archive gave yesterday came yesterday.

Why a rule that removes everything leaves a tombstone for each document: it would be fetched again the next day, and
removed again. A rule that removes raw captures leaves none: the text stays, and a correction of it is still caught.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from crawler import thinning
from crawler.configuration import Removes, Rule
from crawler.forgetting import LOCK_PATIENCE_S, Forgotten, Progress, batches, overwrite, remove_batch
from crawler.library import Library
from crawler.runlog import FOLDER
from storage.errors import LibraryError
from storage.types import AttemptRule, RetentionRule, RunState, Takedown, TakedownKind
from storage.upkeep_lock import upkeep

log = logging.getLogger(__name__)

_WORK = "retention"


@dataclass(slots=True, kw_only=True)
class RuleReport:
    """What one rule removes.

    Attributes:
        rule: as configured.
        documents: of which something goes.
        removed: what goes -> how many.
    """

    rule: Rule
    documents: int = 0
    removed: Mapping[str, int] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Kept:
    """What retention removes, or would.

    Attributes:
        rules: one report each, in the order of the file.
        runs: rows of runs.
        logs: files of logs.
        answers: of archives; only counted when they are removed.
        moved: captures that stay and were written anew.
        files: WARC files that are gone, because nothing was left in them.
    """

    rules: list[RuleReport] = field(default_factory=list)
    runs: int = 0
    logs: int = 0
    answers: int = 0
    moved: int = 0
    files: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """For the row of the run."""
        total: Counter[str] = Counter()
        for one in self.rules:
            total.update(one.removed)
            total["documents"] += one.documents
        return dict(total) | {"runs": self.runs, "logs": self.logs, "answers": self.answers}

    def as_mapping(self) -> dict[str, object]:
        """For scripts."""
        rules = [
            {
                "name": one.rule.name,
                "host": one.rule.host,
                "days": one.rule.age.days,
                "remove": one.rule.removes,
                "raw_only": one.rule.removes is Removes.CAPTURES,
                "documents": one.documents,
                "removed": one.removed,
            }
            for one in self.rules
        ]
        names = ("runs", "logs", "answers", "moved", "files")
        return {"rules": rules, **{name: getattr(self, name) for name in names}}


def look(library: Library, *, now: datetime) -> Kept:
    """What would be removed; changes nothing."""
    runs = library.store.forget_runs(before=_logs_before(library, now), dry_run=True)
    report = Kept(runs=runs, logs=len(_old_logs(library, now)))
    for rule in library.configuration.retention:
        seen = _look_at_attempts if rule.removes is Removes.ATTEMPTS else _look_at_captures
        report.rules.append(seen(library, rule, now))
    return report


def _look_at_captures(library: Library, rule: Rule, now: datetime) -> RuleReport:
    removed: Counter[str] = Counter()
    documents = 0
    asked, before = _takedown(rule, rule.host, now, ""), now - rule.age
    for piece in batches(library.store.expired(_stored(rule, now))):
        documents += len(piece)
        removed.update(library.store.take_down(asked, document_ids=piece, before=before, dry_run=True).removed)
    return RuleReport(rule=rule, documents=documents, removed=dict(removed))


def _look_at_attempts(library: Library, rule: Rule, now: datetime) -> RuleReport:
    found = thinning.look(library, _attempts(rule, now))
    return RuleReport(rule=rule, documents=found.documents, removed={"attempts": found.attempts})


def apply_rules(library: Library, *, now: datetime, who: str, token: str, progress: Progress) -> Kept:
    """Remove it; running it again goes on where it was stopped.

    Args:
        library: open.
        now: moment to which ages are counted.
        who: login name.
        token: of the run.
        progress: see there.

    Raises:
        LibraryError: another program removes or copies captures, or a file cannot be written. Where that is a file of
            attempts, perhaps because another machine has it, everything else was done before.
        StorageError: what others rest on cannot be read.
    """
    report, done = Kept(), Forgotten()
    elsewhere: LibraryError | None = None
    with upkeep(library.configuration.library, _WORK, patience_s=LOCK_PATIENCE_S):
        for rule in library.configuration.retention:
            try:
                report.rules.append(_APPLY[rule.removes](library, rule, (now, who, token), done, progress))
            except LibraryError as problem:
                if rule.removes is not Removes.ATTEMPTS:
                    raise
                elsewhere = elsewhere or problem
        overwrite(library, done, progress)
    report.moved, report.files = done.moved, done.overwritten.files
    report.logs = _remove_logs(library, now)
    report.runs = library.store.forget_runs(before=_logs_before(library, now))
    report.answers = library.store.forget_answers(before=now)
    if elsewhere:
        raise elsewhere
    return report


_By = tuple[datetime, str, str]


def _apply_raw(library: Library, rule: Rule, by: _By, done: Forgotten, progress: Progress) -> RuleReport:
    """Remove raw captures; what went by one rule in one run is one record."""
    now, who, token = by
    made, documents = _takedown(rule, rule.host, now, who), 0
    for piece in batches(library.store.expired(_stored(rule, now))):
        made = remove_batch(library, made, piece, done=done, token=token, before=now - rule.age)
        documents += len(piece)
        progress("documents", len(piece))
    return RuleReport(rule=rule, documents=documents, removed=made.removed)


def _apply_all(library: Library, rule: Rule, by: _By, done: Forgotten, progress: Progress) -> RuleReport:
    """Remove whole documents, each with a tombstone of its own."""
    now, who, token = by
    removed: Counter[str] = Counter()
    documents = 0
    for piece in batches(library.store.expired(_stored(rule, now))):
        for document_id, url in library.store.urls_of(piece).items():
            asked = _takedown(rule, url, now, who)
            removed.update(remove_batch(library, asked, [document_id], done=done, token=token).removed)
            documents += 1
        progress("documents", len(piece))
    return RuleReport(rule=rule, documents=documents, removed=dict(removed))


def _apply_attempts(library: Library, rule: Rule, by: _By, _done: Forgotten, progress: Progress) -> RuleReport:
    """Move attempts that brought nothing into files."""
    now, _, _ = by
    moved = thinning.Thinned()
    for one in thinning.thin(library, _attempts(rule, now), now=now):
        moved.documents += one.documents
        moved.attempts += one.attempts
        moved.bytes += one.bytes
        progress("attempts", one.attempts)
    return RuleReport(
        rule=rule, documents=moved.documents, removed={"attempts": moved.attempts, "written": moved.bytes}
    )


_APPLY: Mapping[Removes, Callable[[Library, Rule, _By, Forgotten, Progress], RuleReport]] = {
    Removes.CAPTURES: _apply_raw,
    Removes.ALL: _apply_all,
    Removes.ATTEMPTS: _apply_attempts,
}


def _attempts(rule: Rule, now: datetime) -> AttemptRule:
    return AttemptRule(before=now - rule.age, host=rule.host)


def _takedown(rule: Rule, subject: str, now: datetime, who: str) -> Takedown:
    kind = TakedownKind.RAW if rule.removes is Removes.CAPTURES else TakedownKind.DOCUMENT
    return Takedown(kind=kind, subject=subject, reason=f"rule {rule.name}", who=who, made_at=now)


def _stored(rule: Rule, now: datetime) -> RetentionRule:
    return RetentionRule(before=now - rule.age, host=rule.host, raw_only=rule.removes is Removes.CAPTURES)


# -- logs and rows of runs ---------------------------------------------------------------------------------------------


def _logs_before(library: Library, now: datetime) -> datetime:
    return now - timedelta(days=library.configuration.number("logs.keep_days"))


def _old_logs(library: Library, now: datetime) -> list[Path]:
    """Log files that nobody wrote to for so long, rotated ones too; not of runs that are at work."""
    before = _logs_before(library, now).timestamp()
    at_work = {str(one.number) for one in library.store.runs(state=RunState.RUNNING)}
    found = []
    for path in sorted((library.configuration.library / FOLDER).glob("*")):
        number = path.name.split(".")[0]
        if number.isdigit() and number not in at_work and path.is_file() and path.stat().st_mtime < before:
            found.append(path)
    return found


def _remove_logs(library: Library, now: datetime) -> int:
    old = _old_logs(library, now)
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
