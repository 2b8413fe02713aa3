"""Event entries: from files as people have them to `storage.types.EventEntry`.

`read_entries` reads one file's bytes; `FORMATS` is what it understands; `event_key` names an event; `same_event` and
`matcher_of` recognise an event that comes under another name. Nothing here does I/O.
"""

from crawler.events.contract import Entry, EntryFormat, EntryText, ReadOptions
from crawler.events.formats import FORMATS
from crawler.events.keys import event_key, key_of_page
from crawler.events.reading import format_called, read_entries
from crawler.events.sameness import NEAR_SAME_HEADLINE, SAME_FILE, SAME_SOURCES, matcher_of, same_event

__all__ = [
    "FORMATS",
    "NEAR_SAME_HEADLINE",
    "SAME_FILE",
    "SAME_SOURCES",
    "Entry",
    "EntryFormat",
    "EntryText",
    "ReadOptions",
    "event_key",
    "format_called",
    "key_of_page",
    "matcher_of",
    "read_entries",
    "same_event",
]
