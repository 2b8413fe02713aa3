"""Which archives are asked, in which order, and which of them has the copy that an entry cites."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from crawler.archives import archive_of, cited_place, cited_record
from crawler.archives.protocol import Archive, CdxRecord, Question
from crawler.configuration import Configuration
from crawler.errors import ConfigurationError
from storage.types import KnownMemento


def archives_of(configuration: Configuration, only: str = "") -> tuple[Archive, ...]:
    """All archives of a library, in the order in which they are asked; those that are not enabled among them.

    Raises:
        ConfigurationError: ``only`` names none of them, or one of them cannot be asked.
    """
    places = configuration.archives
    names = [place.name for place in places]
    if only and only not in names:
        near = get_close_matches(only, names, n=1)
        remedy = f"did you mean {near[0]}?" if near else f"the archives are {', '.join(names)}"
        raise ConfigurationError(f"there is no archive {only!r}; {remedy}")
    return tuple(archive_of(place) for place in places)


def asked_of(archives: Iterable[Archive], only: str) -> tuple[Archive, ...]:
    """The archives that are asked, in order: the one that is named, else all that are enabled."""
    if only:
        return tuple(archive for archive in archives if archive.place.name == only)
    return tuple(archive for archive in archives if archive.place.enabled)


def cited_copy(memento: KnownMemento, archives: Iterable[Archive]) -> tuple[Archive, CdxRecord, Question] | None:
    """The archive that has the copy that an entry cites, the copy, and the question for it.

    An archive that nobody configured is asked for this one copy too, where its address says how; ``None`` where it
    does not say, or does not say when the copy was made.
    """
    record = cited_record(memento)
    if record is None:
        return None
    for archive in archives:
        if question := archive.cited(memento):
            return archive, record, question
    place = cited_place(memento)
    if place is None:
        return None
    archive = archive_of(place)
    question = archive.cited(memento)
    return (archive, record, question) if question is not None else None
