"""One run as a person wants to see it: facts, what its state means, where its log is, whether more may come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from crawler.configuration import Configuration
from crawler.phrases import span
from crawler.runlog import log_name, output_name
from crawler.runs import has_process, is_dead, last_sign
from storage.types import RUN_MEANINGS, Run, RunState, utc_now


def took(one: Run) -> str:
    """How long a run took, or is at work: ``12 s``, ``3 min 05 s``, ``2 h 07 min``."""
    return span((one.finished_at or utc_now()) - one.started_at)


def counts_text(counts: Mapping[str, int], *, most: int = 0) -> str:
    """``12 fetched, 3 gone``; the largest first, all or at most so many."""
    ordered = sorted(counts.items(), key=lambda pair: -pair[1])
    shown = ", ".join(f"{count} {name}" for name, count in ordered[: most or None])
    return f"{shown}, ..." if most and len(ordered) > most else shown


def facts_of(configuration: Configuration, one: Run) -> Iterator[tuple[str, str]]:
    """What a person may want to know, as (name, value); an empty value where there is nothing to say."""
    yield "command", one.command
    yield "job", one.job
    yield "by", f"{one.who} on {one.machine}" + (f", process {one.pid}" if one.pid else ", not begun yet")
    yield "started", f"{one.started_at:%Y-%m-%d %H:%M:%S}Z"
    if one.finished_at is None:
        yield "last sign", f"{last_sign(configuration.library, one):%Y-%m-%d %H:%M:%S}Z"
        yield "ends by", f"{one.deadline_at:%Y-%m-%d %H:%M:%S}Z at the latest" if one.deadline_at else ""
    else:
        yield "ended", f"{one.finished_at:%Y-%m-%d %H:%M:%S}Z"
    yield "took", took(one)
    yield "exit", "" if one.exit_status is None else f"status {one.exit_status}"
    yield "counts", counts_text(one.counts)
    yield "note", one.note
    yield "problem", one.problem
    yield "log", str(configuration.library / one.log) if one.log else ""


def meaning_of(configuration: Configuration, one: Run) -> str:
    """What its state means, in a sentence."""
    if one.state is RunState.RUNNING and is_dead(configuration, one, utc_now()):
        return "its process is gone without a word; the next command that works on the library takes its work back"
    return RUN_MEANINGS[one.state]


def files_of(configuration: Configuration, one: Run) -> tuple[Path, Path]:
    """Its log, and what it printed where the scheduler started it; either may be missing."""
    folder = configuration.library
    return folder / (one.log or log_name(one.number)), folder / output_name(one.number)


def goes_on(configuration: Configuration, one: Run) -> bool:
    """Whether anything may still come: a run that is over may have a process that still links or counts."""
    if one.state is RunState.RUNNING:
        return not is_dead(configuration, one, utc_now())
    return one.exit_status is None and has_process(one)
