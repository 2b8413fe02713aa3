"""Take it with you: selections of events and articles as files, with a manifest.

`crawler.exporting` says what a format is (`crawler.exporting.protocol`); add one as a line in `FORMATS`.
`crawler.takeout.selection` reads what was selected, `crawler.takeout.staging` makes files that are complete or not
there, `crawler.takeout.manifest` lists them and checks them again.
"""

from __future__ import annotations

from crawler.exporting.bibtex import BibTex
from crawler.exporting.csl import CslJson
from crawler.exporting.csv_tables import CsvTables
from crawler.exporting.feeds import AtomFeed, RssFeed
from crawler.exporting.lines import ArticleLines, EventLines, WcepLines
from crawler.exporting.pages import Pages
from crawler.exporting.parquet import Parquet
from crawler.exporting.protocol import Format
from crawler.takeout.selection import LibrarySelection
from crawler.takeout.wacz import Wacz

FORMATS: tuple[Format[LibrarySelection], ...] = (
    EventLines(),
    WcepLines(),
    ArticleLines(),
    Parquet(),
    CsvTables(),
    Pages(),
    Wacz(),
    AtomFeed(),
    RssFeed(),
    BibTex(),
    CslJson(),
)
"""Every format of ``dateline export``, in the order of the help."""

__all__ = ["FORMATS", "LibrarySelection"]
