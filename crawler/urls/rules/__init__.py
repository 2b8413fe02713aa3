"""What is known about publishers' URLs: one tuple of frozen values, all of it data.

To add a publisher, add one `HostRule` to the module of its kind and a document to the pairs in the tests
(``tests/unit/urls/publisher_pairs.toml``); a shape without a pair fails a test. Say only what is true of the
publisher's system ("the number identifies, the slug changes"), never what happens to fit a sample. Where a number is
known to identify only within a section or within one generation of a system, the shape keeps that part of the path:
the numbers of an old and a new system overlap. Where rules of a host and of its parent domain both exist, both apply;
what any of them keeps is kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from crawler.urls.rules.agencies import AGENCY_RULES
from crawler.urls.rules.americas import AMERICAN_RULES
from crawler.urls.rules.asia import ASIAN_RULES
from crawler.urls.rules.broadcasters import BROADCASTER_RULES
from crawler.urls.rules.europe import EUROPEAN_RULES
from crawler.urls.rules.model import HostRule, SameArticle
from crawler.urls.rules.newspapers import NEWSPAPER_RULES
from crawler.urls.rules.portals import PORTAL_RULES
from crawler.urls.rules.systems import SYSTEM_SHAPES

RULES: tuple[HostRule, ...] = (
    AGENCY_RULES + BROADCASTER_RULES + NEWSPAPER_RULES + AMERICAN_RULES + ASIAN_RULES + EUROPEAN_RULES + PORTAL_RULES
)

__all__ = ["RULES", "HostRule", "SameArticle", "SiteRules", "conflicts", "publisher_of", "rule_of", "site_rules"]


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteRules:
    """All rules of one host, merged; see `HostRule` for the fields."""

    keep: frozenset[str]
    strip: frozenset[str]
    strip_values: tuple[tuple[str, re.Pattern[str]], ...]
    spelling: Mapping[str, str]
    same: tuple[SameArticle, ...]


_BY_HOST: dict[str, HostRule] = {host: rule for rule in RULES for host in rule.hosts}
_SYSTEMS = tuple(SYSTEM_SHAPES.values())
_NO_RULES = SiteRules(keep=frozenset(), strip=frozenset(), strip_values=(), spelling={}, same=_SYSTEMS)


@lru_cache(maxsize=16384)
def site_rules(host: str) -> SiteRules:
    """What holds on a host (without ``www.``): its own rules first, then its parent domains'."""
    labels = host.split(".")
    parents = (".".join(labels[start:]) for start in range(len(labels) - 1))
    rules = [_BY_HOST[parent] for parent in parents if parent in _BY_HOST]
    if not rules:
        return _NO_RULES
    keep = frozenset(name for rule in rules for name in rule.keep)
    return SiteRules(
        keep=keep,
        strip=frozenset(name for rule in rules for name in rule.strip) - keep,
        strip_values=tuple(pair for rule in rules for pair in rule.strip_values),
        spelling={name.lower(): name for rule in rules for name in rule.spelling},
        same=tuple(shape for rule in rules for shape in rule.same) + _SYSTEMS,
    )


def rule_of(shape: SameArticle) -> str:
    """Name of the publisher or content system that has a shape; empty for a shape of nobody's."""
    owners = [rule.name for rule in RULES if shape in rule.same]
    owners += [name for name, one in SYSTEM_SHAPES.items() if one == shape]
    return owners[0] if owners else ""


def publisher_of(host: str) -> str:
    """Name of the publisher that has a rule for a host or one of its parent domains; empty where there is none."""
    labels = host.removeprefix("www.").split(".")
    parents = (".".join(labels[start:]) for start in range(len(labels) - 1))
    return next((_BY_HOST[parent].name for parent in parents if parent in _BY_HOST), "")


def conflicts(rules: tuple[HostRule, ...] = RULES) -> list[str]:
    """What contradicts itself in a set of rules, one sentence each; empty when all is well."""
    problems: list[str] = []
    owner: dict[str, str] = {}
    for rule in rules:
        for host in rule.hosts:
            if host in owner:
                problems.append(f"{host} belongs to {owner[host]} and to {rule.name}")
            owner[host] = rule.name
            if host != host.lower() or host.startswith("www."):
                problems.append(f"{rule.name}: {host} must be lower case and without www.")
        problems += [f"{rule.name}: {name} is kept and stripped" for name in set(rule.keep) & set(rule.strip)]
        names = (*rule.keep, *rule.strip, *(name for name, _ in rule.strip_values))
        problems += [f"{rule.name}: {name} must be lower case" for name in names if name != name.lower()]
    return problems
