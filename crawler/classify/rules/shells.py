"""For a shell: a page whose text a script would fetch, or that stands in frames."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.classify.clues import clue
from crawler.classify.facts import Facts
from storage.types import Clue, PageKind

_FEW, _SOME, _BRIEF = 30, 90, 25
_MUCH_SCRIPT = 2000
_LOADED = re.compile(r"<script[^>]{0,300}?\bsrc\s*=\s*['\"]?([^'\"\s>]{1,500})")
_BUILT = re.compile(r"bundle|chunk|runtime|polyfill|webpack|vendor|/(?:app|main|index)[.-]|_next/|_nuxt/")
_HOST = re.compile(r"//([^/:?#]+)")


def is_shell(facts: Facts) -> Iterator[Clue]:
    """An empty container, a request for JavaScript, scripts and nothing else."""
    kind, words = PageKind.NEEDS_JAVASCRIPT, facts.shape.visible_words
    if facts.page.rendered or not facts.scripts or words > _SOME + facts.words_said("script"):
        return
    damping = 1.0 if facts.shape.own_words < _BRIEF else 0.3
    if roots := facts.furnishings.empty_roots:
        yield clue("an empty container for a script", kind, 3.0 * damping, f"id {roots[0]}")
    if lines := facts.said["script"]:
        yield clue("asks for JavaScript", kind, (3.0 if words < _SOME else 1.5) * damping, lines[0])
    if words < _FEW:
        heavy = facts.script_chars >= _MUCH_SCRIPT or (facts.scripts > 1 and _has_own_scripts(facts))
        yield clue("scripts and hardly a word", kind, 2.0 if heavy else 1.0, f"{facts.scripts} scripts, {words} words")


def _has_own_scripts(facts: Facts) -> bool:
    """Whether a script comes from the site itself, or is built for it: counters and advertising fill no page."""
    loaded = _LOADED.findall(facts.source)
    return any("//" not in address[:8] or _BUILT.search(address) or _is_own(facts, address) for address in loaded)


def _is_own(facts: Facts, address: str) -> bool:
    """Whether an address in lower case has the last two labels of the page's host."""
    own, other = (_HOST.search(url.lower()) for url in (facts.page.url, address))
    return own is not None and other is not None and own.group(1).split(".")[-2:] == other.group(1).split(".")[-2:]


def is_frameset(facts: Facts) -> Iterator[Clue]:
    """The text stands in other documents, at addresses of their own."""
    if facts.furnishings.frames and facts.shape.own_words < _FEW:
        yield clue("a frameset", PageKind.EMPTY, 2.5, f"its text stands in {facts.furnishings.frames} frames")
    if facts.refresh and facts.article is None and "url" in facts.refresh.lower():
        yield clue("sends the reader on", PageKind.EMPTY, 1.5, facts.refresh)
