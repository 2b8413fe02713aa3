"""CSV and TSV with one row per cited URL: ``event_id,date,headline,url[,label]``, names mapped where they differ.

Why the delimiter is taken from the header line and not sniffed from the rows: headlines are full of commas and
semicolons, header lines are not.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

from crawler.events.contract import BrokenEntry, EntryText, ReadOptions
from crawler.events.links import Citation
from crawler.events.rows import FIELDS, Row, entries_of, field_names, title_of_link
from storage.types import EventEntry

_DELIMITERS = "\t,;|"
_LISTED = re.compile(r"\s*[;|]\s*")
_SUFFIXES = (".csv", ".tsv")


class CsvTable:
    """Format ``csv``."""

    name = "csv"

    def recognises(self, name: str, text: str) -> bool:
        """By its suffix, or by a header line with a date, a headline and a delimiter."""
        if name.lower().endswith(_SUFFIXES):
            return not text.lstrip().startswith(("{", "###"))
        head = text.lstrip("\n").partition("\n")[0]
        names = {cell.strip().strip('"').lower() for cell in head.split(_delimiter(head))}
        return all(names & set(FIELDS[wanted]) for wanted in ("date", "headline"))

    def read(self, source: EntryText, options: ReadOptions) -> Iterator[EventEntry]:
        """The table's events."""
        return entries_of(_rows(source.text, options), source, self.name, options)


def _delimiter(head: str) -> str:
    return max(_DELIMITERS, key=lambda delimiter: (head.count(delimiter), -_DELIMITERS.index(delimiter)))


def _rows(text: str, options: ReadOptions) -> Iterator[Row]:
    numbered = _numbered_rows(text)
    _, header = next(numbered, ((1, 1), []))
    names = field_names(header, options.columns)
    places = {ours: header.index(theirs) for ours, theirs in names.items()}
    missing = [ours for ours in ("date", "headline") if ours not in places]
    if missing:
        problem = f"the table has no column for {' and '.join(missing)}"
        raise BrokenEntry(1, problem, f"name it in the column mapping; the columns are {', '.join(header)}")
    for (line, last_line), cells in numbered:
        yield _row(cells, places, len(header), line, last_line)


def _numbered_rows(text: str) -> Iterator[tuple[tuple[int, int], list[str]]]:
    """Rows that hold anything, each with the lines on which it starts and ends."""
    # Not `splitlines`: that also ends lines at characters which a cell may hold.
    lines = (f"{line}\n" for line in text.rstrip("\n").split("\n"))
    reader = csv.reader(lines, delimiter=_delimiter(text.lstrip("\n").partition("\n")[0]), strict=True)
    while True:
        first_line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            problem = f"the table is broken: {error}"
            raise BrokenEntry(first_line, problem, "check the quotes around the cells of this row") from error
        if any(cell.strip() for cell in cells):
            yield (first_line, reader.line_num), cells


def _row(cells: list[str], places: dict[str, int], width: int, line: int, last_line: int) -> Row:
    if len(cells) > width:
        problem = f"the row has {len(cells)} cells, the header {width}"
        raise BrokenEntry(line, problem, 'put cells that hold the delimiter in "quotes"')
    values = {ours: cells[place] for ours, place in places.items() if place < len(cells) and cells[place].strip()}
    listed = [url for url in _LISTED.split(values.pop("urls", "")) if url]
    urls = [values.pop("url", ""), *listed]
    label = values.pop("label", "")
    return Row(
        line=line,
        last_line=last_line,
        values=values,
        citations=tuple(Citation(url=url, label=label) for url in urls if url),
        topics=tuple(topic for topic in _LISTED.split(values.pop("topics", "")) if topic),
        entities=tuple(title_of_link(entity) for entity in _LISTED.split(values.pop("entities", "")) if entity),
    )
