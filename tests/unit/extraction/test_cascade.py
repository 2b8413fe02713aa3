"""trafilatura's stages: its modes give the same one after the other as each alone."""

from __future__ import annotations

from copy import deepcopy

import pytest
import trafilatura
from lxml.html import document_fromstring
from trafilatura.settings import Extractor

from crawler.extraction.body.blocks import read_blocks
from crawler.extraction.body.candidates.cascade import Cascade, is_forum

_SENTENCE = "The harbour of Ellmouth will stay shut until the broken crane has been lifted out of the water. "
_STORY = "".join(f"<p>{_SENTENCE * 2}That was said on day {number}.</p>" for number in range(6))
_MENU = "<ul>" + "".join(f"<li><a href=/{number}>More about pier {number}</a></li>" for number in range(30)) + "</ul>"
_LINES = _STORY.replace("<p>", "").replace("</p>", "<br><br>")
_FOOT = f"<footer>{_SENTENCE}</footer>"
_PAGES = {
    "marked story": f"<nav>{_MENU}</nav><article><h1>Harbour shut</h1>{_STORY}</article>{_FOOT}",
    "short": f"<div>{_MENU}</div><div><p>{_SENTENCE}</p></div>{_FOOT}",
    "little of a long page": f"<article><p>{_SENTENCE}</p></article><div>{_SENTENCE * 40}</div>",
    "unmarked": f"<table><tr><td>{_MENU}</td><td>{_LINES}</td></tr></table>",
    "teasers": f"<div class=teaser><p>{_SENTENCE * 2}</p></div><div><p>{_SENTENCE}</p></div>",
    "comments": f"<article>{_STORY}</article><div id=comments><p>{_SENTENCE * 3}</p></div>",
    "nothing": "<div><img src=/a.jpg></div>",
}


def options(*, fast: bool) -> Extractor:
    return Extractor(output_format="python", comments=False, tables=True, with_metadata=False, fast=fast)


@pytest.mark.parametrize("name", _PAGES)
def test_modes_after_one_another_give_what_each_gives_alone(name: str) -> None:
    tree = document_fromstring(f"<html><head><title>Harbour shut</title></head><body>{_PAGES[name]}</body></html>")
    cascade = Cascade(deepcopy(tree))
    for fast in (True, False):
        alone = getattr(trafilatura.bare_extraction(deepcopy(tree), options=options(fast=fast)), "body", None)
        shared = cascade.body(options(fast=fast))
        assert (shared is None) == (alone is None)
        if shared is not None and alone is not None:
            assert read_blocks(shared) == read_blocks(alone)


def test_a_page_that_calls_itself_a_discussion_is_a_forum() -> None:
    stated = '<script type="application/ld+json">{"@type": "DiscussionForumPosting"}</script>'
    assert is_forum(document_fromstring(f"<html><head>{stated}</head><body><p>Piers</p></body></html>"))
    assert not is_forum(document_fromstring("<html><body><p>Piers</p></body></html>"))
