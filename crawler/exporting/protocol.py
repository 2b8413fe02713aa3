"""What an export promises: of single articles (`Export`), and of a whole selection as files (`Format`).

An `Export` turns one article into text. A `Format` is what ``dateline export --format NAME`` writes: it reads what was
selected (`Selected`) as streams and writes one file or several (`Output`). How to add one:

1. A module with a class that keeps `Format`: here where it needs no more than views (JSON lines, CSV, Parquet, feeds,
   citations), in `crawler.takeout` where it reads the library's captures: its ``write`` takes a
   `crawler.takeout.selection.LibrarySelection`, which has the open ``library`` beside the streams of `Selected`.
2. One line in `crawler.takeout.FORMATS`; the contract test of exports walks the tuple.
3. A format whose package is an extra imports it inside `Format.write` and names what is missing in
   `Format.unavailable`.

``crawler.takeout`` does the rest for all formats: pages of events and articles out of the store, files that appear
under their names only when all of them are complete, digests and counts in ``manifest.json``, progress, dry runs.

Why the same selection gives the same bytes
    A second export of an unchanged library says "unchanged", and two people can compare what they have by a digest.
    So no file says when it was written or by which machine: the manifest does.

Why a format pulls what it wants and nobody pushes records into it
    Formats differ in what they go through (events with their articles, articles alone, the newest ones, or one after
    the other), in how many files they have open at once and in what stands behind the last record. A function with two
    streams and a place to write has room for all of that; a set of callbacks needs a new one for each of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol, TypeVar

from crawler.events.notes import Notes
from storage.types import ArticleView, EventView, LibraryQuery


class Export(Protocol):
    """One way of writing articles out. Stateless and pure: text in UTF-8 to be, line ends included.

    Attributes:
        name: as a person asks for it.
        suffix: of its files, with the dot.
        one_file_per_article: articles one after the other in one file cannot be told apart again.
    """

    @property
    def name(self) -> str:
        """See above."""

    @property
    def suffix(self) -> str:
        """See above."""

    @property
    def one_file_per_article(self) -> bool:
        """See above."""

    def header(self) -> str:
        """What stands once at the start of a file; empty for most."""

    def render(self, view: ArticleView) -> str:
        """One article with its line end; never fails, whatever characters its texts have."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SelectedEvent:
    """One event that fits, with everything that an export may want of it.

    Attributes:
        view: the event.
        articles: those that report it (linked or confirmed links), each once: first the cited ones in the order of the
            source links, then the others by number. Those that a person marked as none are left out unless the query
            asks for marked ones.
        notes: what is known about each present source link that is an article on the web, by its URL as written.
    """

    view: EventView
    articles: tuple[ArticleView, ...]
    notes: Notes


class Selected(Protocol):
    """What a person asked for, as streams: memory does not grow with their length, each may be gone through twice.

    Attributes:
        query: what was asked for; `crawler.selecting.render` makes it text again.
    """

    @property
    def query(self) -> LibraryQuery:
        """See above."""

    def events(self) -> Iterator[SelectedEvent]:
        """Events that fit, by (event_date, key)."""

    def articles(self) -> Iterator[ArticleView]:
        """Articles that fit, whether an event is linked to them or not, by (day, article_id)."""

    def newest(self, limit: int) -> Sequence[ArticleView]:
        """Articles that fit, those that were stored last first where everything is selected, else the latest days'."""


class Output(Protocol):
    """Where the files of an export go. Several may be open at once."""

    def file(self, name: str) -> AbstractContextManager[BinaryIO]:
        """A new file; leaving the block completes it.

        The stream is written from its start to its end: there is no ``seek``, and ``tell`` says how much was written.

        Args:
            name: below the folder of the export, with ``/`` between folders; each name once.
        """

    def count(self, name: str, rows: int = 1) -> None:
        """So many more rows (records, pages, items) stand in that file, which is open: for the manifest."""


S_contra = TypeVar("S_contra", bound=Selected, contravariant=True)


class Format(Protocol[S_contra]):
    """One way of writing a selection as files. Stateless.

    Attributes:
        name: as a person asks for it.
        meaning: what it writes, in a few words, for the help.
        files: names of its files, where they are always the same; empty where there is one per record. A format with
            exactly one can be written to a file or to standard output, too.
        schema: a JSON Schema of one of its lines; ``None`` where it has none.
        unavailable: what is missing here and how to install it, as one sentence; empty where nothing is.
    """

    @property
    def name(self) -> str:
        """See above."""

    @property
    def meaning(self) -> str:
        """See above."""

    @property
    def files(self) -> tuple[str, ...]:
        """See above."""

    @property
    def schema(self) -> dict[str, Any] | None:
        """See above."""

    @property
    def unavailable(self) -> str:
        """See above."""

    def write(self, selected: S_contra, output: Output) -> None:
        """Write all files; never fails because of a text's characters. The same selection gives the same bytes."""
