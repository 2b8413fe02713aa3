"""What wikitext leaves in a text when its markup is gone: lonely brackets, quotes, measures, empty parentheses.

Why after parsing and not instead of it: no parser takes these pieces for markup, because somebody (a writer,
or the program that made an event page of the bullet) took the other half away.
"""

from __future__ import annotations

import re

_VARIANT = re.compile(r"-\{([^{}]{0,400})\}-")
_MEASURE = re.compile(r"(?<![\d,.])(\d[\d,.]*+)\|([a-z0-9]{1,6})\|[a-z0-9]{1,6}(?:\|[\w=]+)*", re.IGNORECASE)
_EMPTY_BRACKETS = re.compile(r"\([\s,;/|]*\)|\[[\s,;/|]*\]")
_LEFT_QUOTES = re.compile("'{2,}")
_SEPARATORS = " \t\n\N{NO-BREAK SPACE},;|"
_LABEL_EDGES = " \t\n|"


def tidy(plain: str) -> str:
    """The text without the remains of markup; its spaces stay as written, for keys are made of them."""
    if "-{" in plain:
        plain = _VARIANT.sub(_first_variant, plain)
    if "|" in plain:
        plain = _MEASURE.sub(r"\1 \2", plain)
    if "''" in plain:
        plain = _LEFT_QUOTES.sub("", plain)
    if "[" in plain or "]" in plain:
        plain = _paired(plain)
    return _EMPTY_BRACKETS.sub("", plain) if "(" in plain or "[" in plain else plain


def without_trail(plain: str) -> str:
    """Without what separated or enclosed the sources at the end."""
    trimmed = plain.rstrip(_SEPARATORS)
    if trimmed.endswith(")") and trimmed.count(")") > trimmed.count("("):
        trimmed = trimmed[:-1].rstrip(_SEPARATORS)
    if trimmed.endswith(" ."):
        before = trimmed[:-1].rstrip(_SEPARATORS)
        trimmed = before.removesuffix(".") + "."
    return trimmed


def _paired(plain: str) -> str:
    """Without square brackets that lost their partner: the remains of a broken link."""
    opened: list[int] = []
    lonely: set[int] = set()
    for place, char in enumerate(plain):
        if char == "[":
            opened.append(place)
        elif char == "]" and opened:
            opened.pop()
        elif char == "]":
            lonely.add(place)
    lonely.update(opened)
    return "".join(char for place, char in enumerate(plain) if place not in lonely)


def as_label(written: str) -> str:
    """A label without the brackets around it."""
    label = written.strip(_LABEL_EDGES)
    while label.startswith("(") and (label.endswith(")") or ")" not in label):
        label = label[1:].removesuffix(")").strip(_LABEL_EDGES)
    return _paired(label)


def _first_variant(match: re.Match[str]) -> str:
    """Of the wordings that Chinese pages give per region, the mainland's, else the first."""
    variants = dict(part.strip().split(":", 1) for part in match[1].split(";") if ":" in part)
    wording = variants.get("zh-hans") or variants.get("zh-cn") or next(iter(variants.values()), match[1])
    return wording.strip()
