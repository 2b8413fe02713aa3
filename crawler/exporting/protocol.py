"""What an export promises."""

from __future__ import annotations

from typing import Protocol

from storage.types import ArticleView


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
