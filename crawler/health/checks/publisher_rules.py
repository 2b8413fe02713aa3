"""Do the rules about single publishers still find what they promise? See `crawler.health.rules`."""

from __future__ import annotations

from crawler.health.checks.findings import Checkup, Finding, State
from crawler.health.rules import reports_of

_NAME = "publisher rules"
_FIND = {True: "finds what it promises", False: "find what they promise"}


def check_rules(checkup: Checkup) -> Finding:
    """Whether the rules of `crawler.extraction.publishers` still find what they promise."""
    if checkup.store is None:
        return checkup.without_database(_NAME)
    reports = reports_of(checkup.store.rule_health(since=checkup.since), checkup.store.rule_health())
    broken = sum(report.broken for report in reports)
    pages = sum(report.matched + report.missed for report in reports if ":" not in report.what)
    if not reports:
        return Finding(check=_NAME, summary="no page of a known publisher was captured")
    if broken:
        summary = f"{_count(broken, 'rule')} of {_count(len(reports), 'rule')} no longer {_FIND[broken == 1]}"
        remedy = "the publisher changed its pages: mend the rule and add a page as a golden capture"
        return Finding(check=_NAME, state=State.WRONG, summary=summary, remedy=remedy, rules=tuple(reports))
    summary = f"all rules find what they promise on {_count(pages, 'page')}"
    return Finding(check=_NAME, summary=summary, rules=tuple(reports))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
