"""What a worker says of itself in its row, with each sign of life.

Why pages a minute are counted by the worker and not in the database: attempts have no index by run, and it knows. Why
that stands in the note of its row: it is for people first, and `Sign` reads it again; a column of its own for every
figure of one command would be a table of metrics.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from storage import __version__

LATELY_S: Final = 300.0
"""Pages are counted over so many seconds."""

_NOTE: Final = re.compile(
    r"(?P<doing>at work|stopping), (?P<pages>\d+) pages in (?P<seconds>\d+) s \(dateline (?P<version>.+)\)"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sign:
    """What a worker says with each sign of life.

    Attributes:
        stopping: it was asked to stop.
        pages: attempts that it stored within the last `seconds`.
        seconds: `LATELY_S`, or less where it began later.
        version: of the program.
    """

    stopping: bool = False
    pages: int = 0
    seconds: int = 0
    version: str = __version__

    @property
    def text(self) -> str:
        """As the note of its row."""
        doing = "stopping" if self.stopping else "at work"
        return f"{doing}, {self.pages} pages in {self.seconds} s (dateline {self.version})"

    @property
    def pages_per_minute(self) -> float:
        """How fast it was lately."""
        return 60 * self.pages / self.seconds if self.seconds else 0.0

    @classmethod
    def of(cls, note: str) -> Sign | None:
        """From the note of a row; ``None`` where it is none of these."""
        found = _NOTE.fullmatch(note)
        if found is None:
            return None
        return cls(
            stopping=found["doing"] == "stopping",
            pages=int(found["pages"]),
            seconds=int(found["seconds"]),
            version=found["version"],
        )
