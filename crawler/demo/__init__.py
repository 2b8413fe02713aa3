"""A small web of invented sites and an archive of event entries that cite them: dateline without any network.

`web.LocalWeb` plays the web, `sites.demo_sites` are its pages, `entries_folder` holds the event entries, `expected`
says what a correct crawl of them stores.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from crawler.demo.sites import demo_sites

__all__ = ["demo_sites", "entries_folder"]


def entries_folder() -> Path:
    """The folder of bundled event entries, in several formats, ready to be imported."""
    return Path(str(files(__name__).joinpath("entries")))
