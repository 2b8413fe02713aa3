"""Lines that turn the pages of a story parted over several: "page 1 of 3", "1 | 2 | 3 | next".

Why it matters to say so: the rest of such a story stands at other addresses, and nobody should take its first page for
all of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_CHARS = 80
_LAST_BLOCKS = 8
_PAGE = (
    "page|seite|página|pagina|pág|strona|strana|sida|side|sivu|oldal|страница|стр|сторінка|sayfa|صفحة|trang|halaman"
    "|σελίδα"
)
_OF = r"of|von|de|di|van|z|из|із|sur|av|af|/|\||من|от"
_COUNTED = re.compile(
    rf"^(?:[^>»→]{{1,24}}[>»→])?\W{{0,5}}(?:{_PAGE})\W{{0,3}}(?P<page>\d{{1,2}})\s{{0,3}}(?:{_OF})\s{{0,3}}(?P<pages>\d{{1,2}})\b"
    r"|^\W{0,5}第?(?P<page2>\d{1,2})\s?(?:页|頁|ページ|/)\s?/?\s?共?(?P<pages2>\d{1,2})\s?(?:页|頁|ページ)",
    re.IGNORECASE,
)
_ROW = re.compile(r"^(?:\D{0,24}\W)?1\W{1,5}2(?:\W{1,5}\d{1,2}){0,20}(?:\W\D{0,24})?$")


def pager_of(blocks: Sequence[str]) -> tuple[str, frozenset[int]]:
    """(what it says, such as ``page 1 of 3``, indexes of its blocks); empty where the story is not parted."""
    says, found = "", set()
    for index, block in enumerate(blocks):
        if len(block) > _CHARS:
            continue
        if match := _COUNTED.match(block):
            found.add(index)
            says = says or f"page {match['page'] or match['page2']} of {match['pages'] or match['pages2']}"
        elif index >= len(blocks) - _LAST_BLOCKS and _ROW.match(block):
            found.add(index)
    return (says or "one of several pages", frozenset(found)) if found else ("", frozenset())
