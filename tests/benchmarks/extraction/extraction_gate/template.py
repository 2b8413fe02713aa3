"""A page template filled for one page, remembering which values really came to stand in it.

Why a language of our own: the truth of a page is what the page shows, and only the renderer knows which values it
has shown. A general template library would have to be asked twice, and is no dependency of the project.

    {{name}}            the value, escaped         {{j:name}}  as a JSON string      {{raw:name}}  unescaped markup
    {{#name}}..{{/name}}  only if the value is not empty; a list is repeated, its items' keys being names inside
    {{^name}}..{{/name}}  only if it is empty
    {{?}}one{{|}}two{{/?}}  one of the alternatives, by the page's own dice
    {{%70}}..{{/%}}       on seventy pages of a hundred
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Mapping
from html import escape
from typing import Any

_TAG = re.compile(r"\{\{(/\?|/%|\?|\||%\d+|[#^/]?[\w.]+|j:[\w.]+|raw:[\w.]+)\}\}")
_CLOSES = {"?": "/?", "%": "/%"}


class Template:
    """Parsed once per structure, filled once per page."""

    def __init__(self, source):
        self._tokens = _TAG.split(source)

    def fill(self, values, rng):
        """The markup, and the names of the values that stand in it."""
        return _Filling(self._tokens, values, rng).run()


class _Filling:
    def __init__(self, tokens, values, rng: random.Random):
        self._tokens, self._scopes, self._rng = tokens, [values], rng
        self.used: set[str] = set()

    def run(self):
        return self._part(0, len(self._tokens)), frozenset(self.used)

    def _part(self, start, end):
        out, place = [], start
        while place < end:
            if place % 2 == 0:
                out.append(self._tokens[place])
                place += 1
            else:
                text, place = self._tag(place)
                out.append(text)
        return "".join(out)

    def _tag(self, place):
        tag = self._tokens[place]
        kind = tag[0]
        if kind in "#^?%":
            close = self._close(place, _CLOSES.get(kind, f"/{tag[1:]}"), tag)
            return self._section(tag, place, close), close + 1
        return self._value(tag), place + 1

    def _close(self, place, closing, opening):
        depth = 0
        for at in range(place, len(self._tokens), 2):
            token = self._tokens[at]
            opens = token == opening or (opening[0] == "%" and token[0] == "%")
            depth += opens - (token == closing)
            if depth == 0:
                return at
        raise ValueError(f"{opening} is never closed")

    def _section(self, tag, place, close):
        if tag[0] == "?":
            return self._one_of(place, close)
        if tag[0] == "%":
            return self._part(place + 1, close) if self._rng.random() * 100 < int(tag[1:]) else ""
        value = self._look_up(tag[1:])
        if tag[0] == "^":
            return "" if value else self._part(place + 1, close)
        if isinstance(value, list):
            return "".join(self._scoped(one, place, close) for one in value)
        return self._part(place + 1, close) if value else ""

    def _scoped(self, scope, place, close):
        self._scopes.append(scope)
        try:
            return self._part(place + 1, close)
        finally:
            self._scopes.pop()

    def _one_of(self, place, close):
        bars, depth = [place], 0
        for at in range(place, close, 2):
            token = self._tokens[at]
            depth += (token == "?") - (token == "/?")
            if token == "|" and depth == 1:
                bars.append(at)
        bars.append(close)
        chosen = self._rng.randrange(len(bars) - 1)
        return self._part(bars[chosen] + 1, bars[chosen + 1])

    def _value(self, tag):
        form, _, name = tag.rpartition(":")
        value = self._look_up(name)
        if value:
            self.used.add(name)
        text = ", ".join(value) if isinstance(value, list) else str(value)
        if form == "j":
            return json.dumps(value if isinstance(value, list) else text, ensure_ascii=False).replace("</", "<\\/")
        return text if form == "raw" else escape(text, quote=True)

    def _look_up(self, name) -> Any:
        for scope in reversed(self._scopes):
            if isinstance(scope, Mapping) and name in scope:
                return scope[name]
        raise KeyError(name)
