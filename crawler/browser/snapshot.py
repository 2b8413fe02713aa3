"""Waiting until a page is at rest, and reading what it shows then.

Everything is read from an isolated world: the page's scripts see none of it and cannot answer in its place, whatever
they have put over ``outerHTML``.

Why at rest means both that nothing is on its way and that nothing changes: a clock changes for ever, an
advertisement loads for ever; and a shell is quiet for a moment between its script and its data. A page that never
rests is read when patience ends, marked as cut by time.

Why not `page.content()`: it gives whatever is there, and a page can grow to gigabytes; here the size is asked first,
in the same breath, and a page that is too large is never sent. The text of frames and closed shadow trees is not in
the page's markup and is not read.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from crawler.browser.errors import RenderedTooLarge
from crawler.browser.settings import BrowserLimits

_POLL_S = 0.1
_WORLD = "dateline"
_STATE = """(() => {
  const root = document.documentElement, body = document.body;
  return [document.readyState, document.getElementsByTagName('*').length, (body || root || document).textContent.length]
    .join(' ');
})()"""
_MARKUP = """((most) => {
  const root = document.documentElement;
  if (!root) return '';
  const elements = document.getElementsByTagName('*').length;
  const least = 4 * elements + (root.textContent || '').length;
  if (least > most) return least;
  const doctype = document.doctype ? new XMLSerializer().serializeToString(document.doctype) + '\\n' : '';
  const markup = doctype + root.outerHTML;
  return markup.length > most ? markup.length : markup;
})(%d)"""


class Wire(Protocol):
    """A session of the browser's debugging protocol with one page."""

    async def send(self, method: str, params: dict[str, object] | None = None) -> dict[str, object]:
        """Say something; returns the answer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot:
    """A page as its scripts built it.

    Attributes:
        markup: UTF-8.
        url: of the document that it was read from; scripts can change it without loading anything.
        truncated: ``time`` where the page had not come to rest; empty otherwise.
    """

    markup: bytes
    url: str
    truncated: str = ""


async def settled_snapshot(wire: Wire, busy: Callable[[], bool], limits: BrowserLimits) -> Snapshot:
    """The page once it is at rest, or when patience ends.

    Args:
        wire: to the page.
        busy: whether something that the page asked for is on its way.
        limits: how long and how much.

    Raises:
        RenderedTooLarge: there is more than may be kept.
    """
    rested = await _rest(wire, busy, limits)
    url, content = await _evaluate(wire, _MARKUP % limits.most_bytes)
    markup = content.encode("utf-8", "replace") if isinstance(content, str) else b""
    if not isinstance(content, str) or len(markup) > limits.most_bytes:
        raise RenderedTooLarge(f"the page as its scripts built it has more than {limits.most_bytes} bytes")
    return Snapshot(markup=markup, url=url, truncated="" if rested else "time")


async def _rest(wire: Wire, busy: Callable[[], bool], limits: BrowserLimits) -> bool:
    clock = asyncio.get_running_loop().time
    end, seen, since = clock() + limits.patience_s, "", clock()
    while clock() < end:
        state = str((await _evaluate(wire, _STATE))[1])
        if state != seen or busy() or not state.startswith("complete"):
            seen, since = state, clock()
        elif clock() - since >= limits.quiet_s:
            return True
        await asyncio.sleep(_POLL_S)
    return False


async def _evaluate(wire: Wire, expression: str) -> tuple[str, object]:
    """The document's URL, and the value of an expression in a world of our own.

    The world is made anew each time: a page may have replaced its document.
    """
    tree = await wire.send("Page.getFrameTree")
    world = await wire.send(
        "Page.createIsolatedWorld", {"frameId": _at(tree, "frameTree", "frame", "id"), "worldName": _WORLD}
    )
    answer = await wire.send(
        "Runtime.evaluate",
        {"expression": expression, "contextId": _at(world, "executionContextId"), "returnByValue": True},
    )
    return str(_at(tree, "frameTree", "frame", "url")), _at(answer, "result", "value")


def _at(tree: object, *path: str) -> object:
    for name in path:
        tree = tree.get(name) if isinstance(tree, dict) else None
    return tree
