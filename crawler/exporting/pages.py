"""The format ``md``: a page per event and a saved article per article, in the shapes in which people keep them.

Events stand where their key says, ``news/2006/07/5/slug.md``, as they were imported (`crawler.events.writing`);
articles as ``articles/0000012.md`` (`crawler.exporting.saved_article`), by their number. Both can be imported again.
"""

from __future__ import annotations

from typing import Any

from crawler.events.writing import page_of, page_path
from crawler.exporting.protocol import Output, Selected
from crawler.exporting.saved_article import Markdown
from crawler.exporting.whole import whole


class Pages:
    """See the module."""

    name = "md"
    meaning = "Markdown: a page per event, a saved article per article"
    files = ()
    schema: dict[str, Any] | None = None
    unavailable = ""

    def write(self, selected: Selected, output: Output) -> None:
        """See `crawler.exporting.protocol.Format`."""
        saved = Markdown()
        for event, articles in whole(selected):
            if event is not None:
                _write(output, page_path(event.view.entry), page_of(event.view.entry))
            for view in articles:
                _write(output, f"articles/{view.id:07d}{saved.suffix}", saved.header() + saved.render(view))


def _write(output: Output, name: str, text: str) -> None:
    with output.file(name) as stream:
        stream.write(text.encode("utf-8", "replace"))
        output.count(name)
