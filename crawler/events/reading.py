"""From a file's bytes to the entries in it: decode, choose the format, read all or nothing.

Why a list and not a stream: a file that turns out broken at its end must not have been imported by half.
"""

from __future__ import annotations

from crawler.errors import ConfigurationError, EntryFileError
from crawler.events.contract import BrokenEntry, Entry, EntryFormat, EntryText, ReadOptions
from crawler.events.formats import FORMATS
from crawler.events.repair import decode, evened


def read_entries(name: str, content: bytes, options: ReadOptions | None = None) -> list[Entry]:
    """All entries of one file, in reading order.

    Args:
        name: path as given, or ``archive.tar.gz/member``; event pages have their key in it.
        content: the file's bytes.
        options: what a person says about it.

    Returns:
        Events, saved articles, loose sources. Empty for an index page and for a day on which nothing was written.

    Raises:
        EntryFileError: the file is broken or of no known format; nothing of it was returned.
        ConfigurationError: ``options.format`` is no format.
    """
    options = options or ReadOptions()
    forced = format_called(options.format) if options.format else None
    try:
        written = decode(content)
        source = EntryText(name=name, text=evened(written), raw=content, written=written)
        return list((forced or _recognised(source)).read(source, options))
    except BrokenEntry as error:
        raise error.of_file(name) from error
    except RecursionError as error:
        problem = "its markup is nested far too deeply"
        raise EntryFileError(name, 0, problem, "mend its brackets and templates") from error


def format_called(name: str) -> EntryFormat:
    """The format of that name.

    Raises:
        ConfigurationError: there is none; the message lists all.
    """
    for entry_format in FORMATS:
        if entry_format.name == name:
            return entry_format
    raise ConfigurationError(f"there is no entry format {name!r}: choose one of {_all_names()}")


def _recognised(source: EntryText) -> EntryFormat:
    if not source.text.strip():
        raise BrokenEntry(0, "the file is empty", "remove it, or fetch it again")
    for entry_format in FORMATS:
        if entry_format.recognises(source.name, source.text):
            return entry_format
    raise BrokenEntry(0, "no entry format recognises the file", f"name its format: {_all_names()}")


def _all_names() -> str:
    return ", ".join(entry_format.name for entry_format in FORMATS)
