"""Event entries as text again, for the people whom they came from; with what the library knows beside each source.

`annotated_page` and `annotated_item` put additions into the text that an entry was read from and change nothing else
in it; `page_of` and `item_of` lay an entry out anew where there is no such text; `line_of` writes JSON lines, which
every entry has.

Why beside the formats and not among the exports of articles: what a format writes it must read again without taking
our additions for sources, so both sides share one syntax (`crawler.events.page_links`, `crawler.events.cite`).
"""

from crawler.events.writing.event_page import annotated_page, page_of, page_path
from crawler.events.writing.json_line import line_of, record_of
from crawler.events.writing.wikitext import annotated_item, day_page, item_of

__all__ = ["annotated_item", "annotated_page", "day_page", "item_of", "line_of", "page_of", "page_path", "record_of"]
