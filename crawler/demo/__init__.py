"""A small web of invented sites and an archive of event entries that cite them: dateline without any network.

`web.LocalWeb` plays the web, `sites.demo_sites` are its pages, `web_archive` and `archived_pages` are a web archive in
it, `entries_folder` holds the event entries, `expected` says what a correct crawl and a correct backfill of them store.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from crawler.demo.archived_pages import ARCHIVE_HOST
from crawler.demo.sites import FEED_HOST, FEED_PATH, demo_sites
from crawler.demo.web_archive import INDEX

__all__ = ["ARCHIVE_SETTINGS", "FEED_URL", "demo_sites", "entries_folder"]

FEED_URL = f"http://{FEED_HOST}{FEED_PATH}"
"""The feed of a paper that no entry cites."""

ARCHIVE_SETTINGS = f"""
[archives."old-pages"]
kind = "cdx"
dialect = "internet-archive"
index_url = "http://{ARCHIVE_HOST}{INDEX}"
replay_url = "http://{ARCHIVE_HOST}/web/"
public_url = "http://{ARCHIVE_HOST}/web/"
index_interval_s = 0.05
replay_interval_s = 0.05
"""
"""The section of ``dateline.toml`` that makes the demo's web archive known, for the end of the file."""


def entries_folder() -> Path:
    """The folder of bundled event entries, in several formats, ready to be imported."""
    return Path(str(files(__name__).joinpath("entries")))
