"""trafilatura's stages on one page, each done once for its fast and its full mode.

Why not `trafilatura.bare_extraction` twice: both modes clean the tree and look for the main text alike, and that is
two thirds of either. The full mode then compares with two other extractors. So where the fast mode was tried first,
the full one goes on from what it found. `bare_extraction` also copies the tree once more and writes a text that
nobody reads.

Why teasers matter: the fast mode keeps blocks that are called so where the main text is short, the full mode does
not. Only on pages without any such block is the first stage of both the same; on others each does its own.
"""

from __future__ import annotations

from copy import copy
from functools import cached_property

from lxml.etree import Element, _Element
from lxml.html import HtmlElement
from trafilatura.baseline import baseline, html2txt
from trafilatura.core import ESCALATION_ACCEPT_RATIO, ESCALATION_JUSTEXT_RATIO, ESCALATION_MAX_LENGTH
from trafilatura.core import ESCALATION_PAGE_SHARE as LEAST_SHARE
from trafilatura.external import compare_extraction, justext_rescue
from trafilatura.htmlprocessing import convert_tags, prune_unwanted_nodes, tree_cleaning
from trafilatura.main_extractor import extract_content
from trafilatura.settings import Extractor
from trafilatura.xpaths import RAW_TREE_PRUNE_XPATH, REMOVE_COMMENTS_AND_LISTS_XPATH, TEASER_DISCARD_XPATH

Main = tuple[_Element, str]
"""An element and its text."""


class Cascade:
    """The stages over one tree, which is changed; no page of a forum, where comments are the text."""

    def __init__(self, tree: HtmlElement) -> None:
        self._given = tree
        self._first: Main | None = None

    def body(self, options: Extractor) -> _Element | None:
        """What `trafilatura.bare_extraction` has as the body with these options; ``None`` where it has none."""
        try:
            element, text = self._rescued(self._compared(options), options)
        except (TypeError, ValueError):
            return None
        return None if len(text) < options.min_output_size else element

    @cached_property
    def _tree(self) -> HtmlElement:
        """The page without comments."""
        return prune_unwanted_nodes(
            prune_unwanted_nodes(self._given, RAW_TREE_PRUNE_XPATH), REMOVE_COMMENTS_AND_LISTS_XPATH
        )

    @cached_property
    def _page_chars(self) -> int:
        return len(html2txt(self._tree))

    @cached_property
    def _most_chars(self) -> int:
        """What `_page_chars` cannot exceed, at a tenth of the cost: the pieces of text, one space between them."""
        body = self._tree.find(".//body")
        pieces = (self._tree if body is None else body).itertext()
        return sum(len(" ".join(piece.split())) + 1 for piece in pieces)

    def _covers_little(self, chars: int) -> bool:
        """Whether a text of so many characters is too little of its page."""
        return chars < LEAST_SHARE * self._most_chars and chars < LEAST_SHARE * self._page_chars

    def _compared(self, options: Extractor) -> Main:
        if options.fast:
            self._first = extract_content(
                convert_tags(tree_cleaning(copy(self._tree), options), options, None), options
            )
            return self._first
        cleaned, backup = _cleaned(self._tree, options)
        return compare_extraction(backup, copy(self._tree), *self._main(cleaned, options), options)

    def _main(self, cleaned: HtmlElement, options: Extractor) -> Main:
        """The main text for the full mode, from the fast mode where that is the same."""
        if self._first is None or any(teasers(cleaned) for teasers in TEASER_DISCARD_XPATH):
            return extract_content(cleaned, options)
        return self._first

    def _rescued(self, main: Main, options: Extractor) -> Main:
        """A text that is too short, alone or for its page, gives way to one of the last resorts."""
        if len(main[1]) < options.min_extracted_size:
            element, text, length = baseline(self._tree)
            main = (element, text) if length > len(main[1]) else main
        if 0 < len(main[1]) < ESCALATION_MAX_LENGTH and self._covers_little(len(main[1])):
            return self._retried(main, options)
        return main

    def _retried(self, main: Main, options: Extractor) -> Main:
        wider = copy(options)
        wider.focus = "recall"
        retried = self._recalled(wider)
        rescued = (main[0], "") if options.fast else justext_rescue(copy(self._tree), options)
        chars, recalled = len(main[1]), len(retried[1])
        if len(rescued[1]) > max(recalled, ESCALATION_JUSTEXT_RATIO * chars):
            return rescued
        enough = recalled >= options.min_extracted_size and recalled > ESCALATION_ACCEPT_RATIO * chars
        return retried if enough else main

    def _recalled(self, wider: Extractor) -> Main:
        try:
            cleaned, backup = _cleaned(self._tree, wider)
            main = extract_content(cleaned, wider)
            return main if wider.fast else compare_extraction(backup, copy(self._tree), *main, wider)
        except Exception:  # noqa: BLE001 - as trafilatura does: the first result stays
            return Element("body"), ""


def is_forum(tree: HtmlElement) -> bool:
    """Whether the page says that it is a discussion: there trafilatura takes comments for the text."""
    return any("DiscussionForumPosting" in (script.text or "") for script in tree.iter("script"))


def _cleaned(tree: HtmlElement, options: Extractor) -> tuple[HtmlElement, HtmlElement]:
    """(cleaned and converted, only cleaned); the given tree stays."""
    cleaned = tree_cleaning(copy(tree), options)
    backup = copy(cleaned)
    return convert_tags(cleaned, options, None), backup
