"""What is known about publishers' URLs: one tuple of frozen values, all of it data.

To add a publisher, add one `HostRule` to the module of its kind and a row to the golden pairs in the tests. Say
only what is true of the publisher's system ("the number identifies, the slug changes"), never what happens to fit a
sample. Where rules of a host and of its parent domain both exist, both apply; what any of them keeps is kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from crawler.urls.rules.agencies import AGENCY_RULES
from crawler.urls.rules.broadcasters import BROADCASTER_RULES
from crawler.urls.rules.model import HostRule, SameArticle
from crawler.urls.rules.newspapers import NEWSPAPER_RULES
from crawler.urls.rules.portals import PORTAL_RULES

RULES: tuple[HostRule, ...] = AGENCY_RULES + BROADCASTER_RULES + NEWSPAPER_RULES + PORTAL_RULES

__all__ = ["RULES", "HostRule", "SameArticle", "SiteRules", "conflicts", "site_rules"]


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteRules:
    """All rules of one host, merged; see `HostRule` for the fields."""

    keep: frozenset[str]
    strip: frozenset[str]
    strip_values: tuple[tuple[str, re.Pattern[str]], ...]
    spelling: Mapping[str, str]
    same: tuple[SameArticle, ...]


_BY_HOST: dict[str, HostRule] = {host: rule for rule in RULES for host in rule.hosts}
_NO_RULES = SiteRules(keep=frozenset(), strip=frozenset(), strip_values=(), spelling={}, same=())


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
        same=tuple(shape for rule in rules for shape in rule.same),
    )


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
