"""The log of one run: ``logs/N.log`` in its library, whatever the terminal shows.

Why a file of its own for each run: "what happened last night" is one file to read, to follow and to send to somebody,
and an old one can be removed without looking into it. Rejected: one log for all runs (two machines cannot rotate one
file), the system's journal alone (a person may not read it, and it is gone before the question comes).

Why beside the handler of the terminal and not in its place: the terminal has a line per event and no tracebacks, the
log has everything that is asked for afterwards. Scrapy arranges the handlers of the root logger anew when it starts; it
takes away its own only, and what it has closed opens its file again with the next line.

Why secrets are taken out of the finished line and not of what is logged: they come in the texts of errors, which are
other people's.
"""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from urllib.parse import unquote, urlsplit

from crawler.configuration import Configuration

FOLDER = "logs"
"""Below the library's folder."""

LOG_ONLY: Mapping[str, object] = {"log_only": True}
"""``extra`` of a record that the terminal does not show: the command says it there in its own words."""

_HIDDEN = "***"
_SHORTEST = 4
"""Shorter secrets are only hidden where they stand in a URL: they would be found in every second word."""
_SECRET_VARIABLE = re.compile(r"(?:DATELINE_\w*(?:KEY|SECRET|TOKEN|PASSWORD)|PGPASSWORD)")
_CREDENTIALS = re.compile(r"(?<=://)([^\s/:@?#]*):[^\s/@?#]+@")
_STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")

log = logging.getLogger(__name__)


def log_name(number: int) -> str:
    """The log of a run, relative to the library's folder."""
    return f"{FOLDER}/{number}.log"


def output_name(number: int) -> str:
    """What a run printed that the scheduler started, relative to the library's folder."""
    return f"{FOLDER}/{number}.out"


@dataclass(frozen=True, slots=True)
class Secrets:
    """Takes secrets out of texts: known ones wherever they stand, any password in a URL."""

    known: tuple[str, ...] = ()

    @classmethod
    def of(cls, configuration: Configuration, environment: Mapping[str, str]) -> Secrets:
        """Those of a library: the database's and the proxy's passwords, archive keys, the address of a webhook."""
        found = {value for name, value in environment.items() if _SECRET_VARIABLE.fullmatch(name)}
        for url in (configuration.database_url, configuration.text("crawl.proxy")):
            password = _password(url)
            found |= {password, unquote(password)}
        webhook = urlsplit(configuration.text("notify.webhook"))
        found.add(f"{webhook.path}?{webhook.query}" if webhook.query else webhook.path)
        # The longest first: one may be the beginning of another.
        return cls(tuple(sorted((one for one in found if len(one) >= _SHORTEST), key=len, reverse=True)))

    def hidden(self, text: str) -> str:
        """The text without them."""
        for secret in self.known:
            text = text.replace(secret, _HIDDEN)
        return _CREDENTIALS.sub(rf"\1:{_HIDDEN}@", text)


def _password(url: str) -> str:
    """As it is written in a URL; empty where there is none. Not ``urlsplit``: it refuses what others accept."""
    return re.split("[/?#]", url.partition("://")[2], maxsplit=1)[0].rpartition("@")[0].partition(":")[2]


class _Line(logging.Formatter):
    """``2026-11-22 17:39:22.125Z INFO crawler.session: text``, a traceback in the lines behind it."""

    def __init__(self, secrets: Secrets) -> None:
        super().__init__()
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        """One line, and the traceback."""
        moment = datetime.fromtimestamp(record.created, UTC)
        text = _STEERING.sub(_escaped, record.getMessage())
        line = f"{moment:%Y-%m-%d %H:%M:%S}.{moment.microsecond // 1000:03}Z {record.levelname} {record.name}: {text}"
        traceback = _traceback(record, self)
        return self._secrets.hidden(f"{line}\n{traceback}" if traceback else line)


class _Json(logging.Formatter):
    """One JSON object per line."""

    def __init__(self, secrets: Secrets, *, run: int, job: str) -> None:
        super().__init__()
        self._secrets, self._run, self._job = secrets, run, job

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        hidden = self._secrets.hidden
        said = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": hidden(record.getMessage()),
            "run": self._run,
            "job": self._job,
        }
        if traceback := _traceback(record, self):
            said["exception"] = hidden(traceback)
        return json.dumps(said, ensure_ascii=True)


class ConsoleFormatter(logging.Formatter):
    """For the terminal: without tracebacks, which are in the log of the run; see `for_console`."""

    def format(self, record: logging.LogRecord) -> str:
        """One line; where something was raised, what."""
        error = record.exc_info[1] if record.exc_info else None
        quiet = logging.makeLogRecord({**record.__dict__, "exc_info": None, "exc_text": None, "stack_info": None})
        line = super().format(quiet)
        return line if error is None else f"{line} ({type(error).__name__}: {error})".replace("\n", " ")


def for_console(handler: logging.Handler, formatter: ConsoleFormatter) -> None:
    """Make a handler one for the terminal."""
    handler.setFormatter(formatter)
    handler.addFilter(lambda record: not getattr(record, "log_only", False))


def _traceback(record: logging.LogRecord, formatter: logging.Formatter) -> str:
    return formatter.formatException(record.exc_info) if record.exc_info and record.exc_info[0] else ""


def _escaped(sign: re.Match[str]) -> str:
    """A page may not begin a line of the log, or steer the terminal on which it is read."""
    return sign.group().encode("unicode_escape").decode("ascii")


class _RunFile(RotatingFileHandler):
    """A file that is put aside at its size; where none is kept it begins anew."""

    def doRollover(self) -> None:  # noqa: N802 - logging's name
        """Put it aside, or empty it."""
        if self.backupCount:
            super().doRollover()
            return
        if self.stream is not None:
            self.stream.truncate(0)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's signature
        """Nothing: a full disk must not fill the terminal with tracebacks about its log."""


@contextmanager
def logged(configuration: Configuration, *, run: int, job: str = "") -> Iterator[str]:
    """Write everything that is logged meanwhile to the log of a run, too.

    Gives the log's name relative to the library's folder; empty where it cannot be written, which stops nobody.
    """
    path = configuration.library / log_name(run)
    try:
        path.parent.mkdir(exist_ok=True)
        handler = _handler(path, configuration, run=run, job=job)
    except OSError as error:
        log.warning("no log of this run: %s: %s", path, error.strerror)
        yield ""
        return
    with _attached(handler):
        yield log_name(run)


def _handler(path: Path, configuration: Configuration, *, run: int, job: str) -> _RunFile:
    handler = _RunFile(
        path,
        maxBytes=configuration.size("logs.rotate_mb"),
        backupCount=configuration.whole("logs.keep"),
        encoding="utf-8",
        errors="backslashreplace",
    )
    secrets = Secrets.of(configuration, os.environ)
    as_json = configuration.text("logs.format") == "json"
    handler.setFormatter(_Json(secrets, run=run, job=job) if as_json else _Line(secrets))
    handler.setLevel(configuration.text("logs.level").upper())
    return handler


@contextmanager
def _attached(handler: logging.Handler) -> Iterator[None]:
    root = logging.getLogger()
    added = [handler] if root.handlers else [handler, _console()]
    before = root.level
    root.setLevel(min(before, handler.level))
    for one in added:
        root.addHandler(one)
    try:
        yield
    finally:
        for one in added:
            root.removeHandler(one)
            one.close()
        if root.level == min(before, handler.level):  # else somebody else has decided since
            root.setLevel(before)


def _console() -> logging.Handler:
    """What Python does by itself as long as there is no handler, without tracebacks."""
    handler = logging.StreamHandler()
    handler.setLevel(logging.WARNING)
    for_console(handler, ConsoleFormatter())
    return handler
