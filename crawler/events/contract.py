"""What every entry format must offer.

Why a protocol of two functions and not a base class: a format knows how to tell its own files from all others and
how to read one of them; everything else (encodings, errors, the order of asking) is the same for all and stands in
`crawler.events.reading`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from crawler.errors import EntryFileError
from storage.types import EventEntry, LooseSource, SavedArticle

BYTE_ORDER_MARK = "\ufeff"

Entry: TypeAlias = EventEntry | SavedArticle | LooseSource
"""What a file of event entries may hold."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadOptions:
    """What a person may say about the files; the defaults find out by themselves.

    Attributes:
        format: name of the format to read everything as; empty: the one format that recognises the file.
        columns: for tables, our field name -> the file's column or property name
            (``{"headline": "Title", "url": "Link"}``).
        language: ISO 639-1 code of the entries; empty: what the format finds, else ``en``.
    """

    format: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    language: str = ""


class BrokenEntry(Exception):
    """A format found its file broken; `crawler.events.reading` turns it into the `EntryFileError` with the name."""

    def __init__(self, line: int, problem: str, remedy: str) -> None:
        self.line, self.problem, self.remedy = line, problem, remedy
        super().__init__(f"line {line}: {problem}; {remedy}")

    def of_file(self, name: str) -> EntryFileError:
        """The same finding as the error that people see."""
        return EntryFileError(name, self.line, self.problem, self.remedy)


@dataclass(frozen=True, kw_only=True, slots=True)
class EntryText:
    """One file on its way into a format.

    Attributes:
        name: path as given, or ``archive.tar.gz/member``; ``-`` for standard input.
        text: decoded, every line end is a bare line feed.
        raw: the bytes, unchanged.
        written: decoded and nothing else: with its byte-order mark and its own line ends.
    """

    name: str
    text: str
    raw: bytes
    written: str


class EntryFormat(Protocol):
    """One format of event entries: a module of `crawler.events.formats` keeps this contract."""

    @property
    def name(self) -> str:
        """Unique, lower case, fit for a command line."""

    def recognises(self, name: str, text: str) -> bool:
        """Whether this file is of this format; at most one format of the registry says so for any sound file."""

    def read(self, source: EntryText, options: ReadOptions) -> Iterator[Entry]:
        """All entries of the file, in reading order.

        Raises:
            BrokenEntry: the file is damaged. The caller then drops what was read before.
        """
