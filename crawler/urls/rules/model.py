"""What a maintainer can say about the URLs of one publisher."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class SameArticle:
    """One shape of path under which a publisher serves the same document in several spellings.

    Attributes:
        path: matched in full against ``host/path`` (host without ``www.``, path in normal form).
        to: template for the new ``host/path``; ``{0}`` stands for the first group (a group that took no part is
            empty), ``{value}`` for the value of the parameter `needs`. Empty: unchanged.
        only: names of the parameters that may stay, lower case; ``None``: whatever is not tracking.
        needs: a parameter without which the shape does not apply; empty: none. Where ``to`` writes its value into
            the path, that has to be a number or a word.
    """

    path: re.Pattern[str]
    to: str = ""
    only: tuple[str, ...] | None = None
    needs: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class HostRule:
    """What holds on the hosts of one publisher.

    Attributes:
        name: the publisher.
        hosts: host names without ``www.``; subdomains are included.
        keep: parameters that identify a document here although they are tracking or weak elsewhere, lower case.
        strip: parameters that are tracking here, lower case.
        strip_values: parameters that are tracking here with certain values: name and pattern of the whole value.
        spelling: parameters that are read in any letter case here, in the case that we write.
        same: shapes of the same article, tried in order; the first that matches is applied.
    """

    name: str
    hosts: tuple[str, ...]
    keep: tuple[str, ...] = ()
    strip: tuple[str, ...] = ()
    strip_values: tuple[tuple[str, re.Pattern[str]], ...] = ()
    spelling: tuple[str, ...] = ()
    same: tuple[SameArticle, ...] = ()


def shape(path: str, to: str = "", *, only: tuple[str, ...] | None = None, needs: str = "") -> SameArticle:
    """A `SameArticle`, its pattern compiled."""
    return SameArticle(path=re.compile(path), to=to, only=only, needs=needs)


def value(name: str, pattern: str) -> tuple[str, re.Pattern[str]]:
    """One entry of ``HostRule.strip_values``, its pattern compiled."""
    return name, re.compile(pattern, re.IGNORECASE)


def names(text: str) -> tuple[str, ...]:
    """The words of a text: a readable way to write many parameter or host names."""
    return tuple(text.split())
