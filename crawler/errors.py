"""Our own mistakes and the user's, as one tree; failures of the web are values (`storage.types.Outcome`).

DatelineError
├── UnusableUrl            a cited URL cannot be requested at all
├── EntryFileError         a file of event entries is broken: name, line, what to do
├── HoldingError           a WARC, ARC or WACZ file cannot be held: which, why, what to do
├── ConfigurationError     a setting is wrong: which, where, what to do
│   └── SelectionError     what is to be selected cannot be understood: where, why, what is possible
├── BackupError            a backup cannot be made, read or restored: which, why, what to do
├── KeysRefused            a service does not accept the keys of its account
└── PageTooHard            extraction was stopped at its time or memory limit
"""

from __future__ import annotations


class DatelineError(Exception):
    """Base of all errors of this package; its text is fit to be shown to a person."""


class UnusableUrl(DatelineError):
    """A cited URL cannot be requested at all."""

    def __init__(self, url: str, problem: str) -> None:
        self.url, self.problem = url, problem
        super().__init__(f"{url!r} cannot be requested: {problem}")


class EntryFileError(DatelineError):
    """A file of event entries is broken.

    Attributes:
        name: the file, or ``archive.tar.gz/member``.
        line: 1-based; 0 where no single line is to blame.
        problem: what is wrong.
        remedy: what a person can do.
    """

    def __init__(self, name: str, line: int, problem: str, remedy: str) -> None:
        self.name, self.line, self.problem, self.remedy = name, line, problem, remedy
        place = f"{name}:{line}" if line else name
        super().__init__(f"{place}: {problem}; {remedy}")


class HoldingError(DatelineError):
    """A WARC, ARC or WACZ file cannot be held.

    Attributes:
        path: the file or folder.
        problem: what is wrong.
        remedy: what a person can do.
    """

    def __init__(self, path: str, problem: str, remedy: str) -> None:
        self.path, self.problem, self.remedy = path, problem, remedy
        super().__init__(f"{path}: {problem}; {remedy}")


class ConfigurationError(DatelineError):
    """A setting is wrong."""


class SelectionError(ConfigurationError):
    """What somebody wrote to select events or articles cannot be understood.

    Attributes:
        place: where: ``at sign 12``, or the name of a field.
        problem: what is wrong.
        remedy: what is possible.
    """

    def __init__(self, place: str, problem: str, remedy: str) -> None:
        self.place, self.problem, self.remedy = place, problem, remedy
        super().__init__(f"selection, {place}: {problem}; {remedy}")


class BackupError(DatelineError):
    """A backup cannot be made, read or restored."""


class KeysRefused(DatelineError):
    """A service does not accept the keys of its account.

    Attributes:
        detail: what it said, as a sentence.
        remedy: what a person can do.
    """

    def __init__(self, detail: str, remedy: str) -> None:
        self.detail, self.remedy = detail, remedy
        super().__init__(f"{detail} {remedy}")


class PageTooHard(DatelineError):
    """Extraction was stopped at its time or memory limit; ``limit`` says which."""

    def __init__(self, limit: str) -> None:
        self.limit = limit
        super().__init__(f"extraction stopped: {limit}")
