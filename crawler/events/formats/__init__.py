"""All formats of event entries, in the order in which they are asked.

Why an explicit tuple: whoever wonders what is understood, or what wins, reads it here. The order hardly matters: a test
holds that exactly one format recognises each sound file.
"""

from __future__ import annotations

from crawler.events.contract import EntryFormat
from crawler.events.formats.csv_table import CsvTable
from crawler.events.formats.day_index import DayIndex
from crawler.events.formats.event_page import EventPage
from crawler.events.formats.json_lines import JsonLines
from crawler.events.formats.saved_article import SavedArticlePage
from crawler.events.formats.url_list import UrlList
from crawler.events.formats.wikitext_day import WikitextDay

FORMATS: tuple[EntryFormat, ...] = (
    EventPage(),
    DayIndex(),
    WikitextDay(),
    SavedArticlePage(),
    CsvTable(),
    JsonLines(),
    UrlList(),
)
