"""``wacz``: the captures of the selected articles as a web archive that viewers open (`crawler.packaging`)."""

from __future__ import annotations

from typing import Any

from crawler.exporting.protocol import Output
from crawler.packaging import Collection, pack
from crawler.selecting import render
from crawler.takeout.selection import LibrarySelection


class Wacz:
    """See the module; each of its pages counts."""

    name = "wacz"
    meaning = "WACZ: the captures of every version, to be opened in a replay viewer"
    files = ("captures.wacz",)
    schema: dict[str, Any] | None = None
    unavailable = ""

    def write(self, selected: LibrarySelection, output: Output) -> None:
        """See `crawler.exporting.protocol.Format`."""
        asked = render(selected.query)
        collection = Collection(
            title=f"Captures: {asked}" if asked else "Captures of all articles",
            description="The pages that articles were extracted from, each as it was when it was captured.",
        )
        with output.file(self.files[0]) as stream:
            packed = pack(selected.library, selected.articles(), stream, collection)
            output.count(self.files[0], packed.pages)
