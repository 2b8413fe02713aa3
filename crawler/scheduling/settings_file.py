"""The settings in force, and the file that they come from: read again whenever it changes.

Why a broken file changes nothing: whoever edits it saves half of it now and then. The jobs go on as they were, and the
log and the health endpoint say what is wrong until it is mended.

Why the database's address stays as it was: a scheduler leads one library. Another database needs a new scheduler.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from crawler.configuration import Configuration, load
from crawler.errors import DatelineError
from crawler.scheduling.queued import require_queue
from crawler.scheduling.state import SchedulerState

log = logging.getLogger(__name__)

_Seen = tuple[int, int, int] | None


class SettingsFile:
    """The configuration that holds now."""

    def __init__(
        self, configuration: Configuration, state: SchedulerState, *, read: Callable[[], Configuration] | None = None
    ) -> None:
        self.now = configuration
        self._state = state
        self._path = configuration.file
        self._read = read or self._load
        self._seen = _look_at(self._path)

    def changed(self, *, asked: bool = False) -> bool:
        """Whether other settings are in force than at the last question; ``asked``: read the file in any case."""
        seen = _look_at(self._path)
        if seen == self._seen and not asked:
            return False
        self._seen = seen
        try:
            found = self._read()
            require_queue(found)
        except (DatelineError, OSError) as problem:
            log.error("the settings stay as they were: %s", problem)  # noqa: TRY400 - the file's mistake, not ours
            self._state.settings_problem = str(problem)
            return False
        return self._accept(found)

    def _accept(self, found: Configuration) -> bool:
        self._state.settings_problem = ""
        if found.database_url != self.now.database_url:
            self._state.settings_problem = "another database is named: start the scheduler anew to use it"
            log.error("the settings stay as they were: %s", self._state.settings_problem)
            return False
        changed, self.now = found != self.now, found
        if changed:
            log.info("the settings were read again: %d jobs", sum(job.enabled for job in found.jobs))
        return changed

    def _load(self) -> Configuration:
        """As it was found at first: a file in the library by its folder, one elsewhere by where we were started."""
        beside = self._path.parent.resolve() == self.now.library
        return load(self.now.library if beside else None)


def _look_at(path: Path) -> _Seen:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
