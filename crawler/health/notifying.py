"""Tell people about alerts: a command of theirs, a webhook, or both.

What is told, as one JSON document in UTF-8::

    {"version": 1, "library": "/srv/news", "machine": "crawler-1",
     "opened": [{"kind": "silent_host", "meaning": "...", "subject": "www.news.example", "text": "...",
                 "opened_at": "2026-03-01T12:00:00+00:00", "closed_at": null, "id": 7}],
     "closed": []}

``version`` grows when a field changes its meaning or goes; new fields may come at any time.

Why one message for all that is new and not one each: when a network fails, three hundred hosts are silent at once.

Why what cannot be told is tried again at the next round and nowhere else: the alert stands in the database until it was
told, over restarts too. Each opening and each closing is told once; only where a message went out and the program died
before it could write that down, or where one of two channels failed and the program was started anew, is it told again.

Why the command gets no terminal, no shell and a process group of its own: it must not be able to hang the scheduler,
and whatever it started goes with it when its time is up. Why what it prints is thrown away: it may print its own
secrets. Nor are its arguments or the webhook's path logged: tokens stand there.

Why redirects are not followed: a POST that is redirected becomes a GET of somewhere else, without its content.
"""

from __future__ import annotations

import json
import logging
import os
import shlex
import signal
import socket
import subprocess
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Final

from crawler.configuration import Configuration
from storage import __version__
from storage.errors import StorageError
from storage.protocol import Store
from storage.types import ALERT_MEANINGS, Alert

log = logging.getLogger(__name__)

VERSION: Final = 1
"""Of the payload."""
OPENED, CLOSED = "opened", "closed"
MOST_AT_ONCE: Final = 100
"""Alerts of one message; the others are told at the next round."""

_SUCCESS = range(200, 300)
_REAP_S = 5.0

Channel = tuple[str, Callable[[bytes], str]]
"""What it is called in the log, and what tells: returns why it could not, empty where it could."""


class Notifier:
    """Tells each opening and closing once; `tell` is called in a thread, again and again."""

    def __init__(self) -> None:
        self._told: dict[str, set[tuple[int | None, str]]] = {}
        self._failing: dict[str, str] = {}

    def tell(self, store: Store, configuration: Configuration) -> int:
        """Tell what nobody was told yet; returns how many alerts were told everywhere. Never raises.

        Takes up to twice ``notify.timeout_s``. Without a command and a webhook nothing is told, and what stands is told
        once there is one.
        """
        try:
            return self._tell(store, configuration)
        except StorageError as problem:
            log.warning("nobody can be told of alerts now: %s", problem)
        except Exception:
            log.exception("nobody can be told of alerts")
        return 0

    def _tell(self, store: Store, configuration: Configuration) -> int:
        channels = channels_of(configuration)
        news = store.untold_alerts()[:MOST_AT_ONCE] if channels else []
        if not news:
            return 0
        reached = [self._send(name, send, news, configuration) for name, send in channels]
        if not all(reached):
            return 0
        for alert in news:
            if alert.id is not None:
                store.told_alert(alert.id, _event(alert))
        self._told.clear()
        return len(news)

    def _send(
        self, name: str, send: Callable[[bytes], str], news: Sequence[Alert], configuration: Configuration
    ) -> bool:
        """Over one channel; what went over it before, while another one failed, is left out."""
        told = self._told.setdefault(name, set())
        fresh = [alert for alert in news if (alert.id, _event(alert)) not in told]
        problem = send(payload(fresh, configuration)) if fresh else ""
        if not problem:
            told |= {(alert.id, _event(alert)) for alert in fresh}
            if self._failing.pop(name, ""):
                log.info("%s is told of alerts again", name)
        elif self._failing.get(name) != problem:
            self._failing[name] = problem
            log.warning("%s cannot be told of alerts, tried again soon: %s", name, problem)
        return not problem


def payload(news: Sequence[Alert], configuration: Configuration) -> bytes:
    """The message; see above."""
    said: dict[str, Any] = {
        "version": VERSION,
        "library": str(configuration.library),
        "machine": socket.gethostname(),
        OPENED: [_said(alert) for alert in news if alert.closed_at is None],
        CLOSED: [_said(alert) for alert in news if alert.closed_at is not None],
    }
    return json.dumps(said, ensure_ascii=False).encode("utf-8", "replace")


def channels_of(configuration: Configuration) -> list[Channel]:
    """How people are told: none, one or two."""
    timeout_s, library = configuration.number("notify.timeout_s"), str(configuration.library)
    found: list[Channel] = []
    if command := configuration.text("notify.command").strip():
        found.append(("notify.command", lambda message: run_command(command, message, timeout_s, folder=library)))
    if webhook := configuration.text("notify.webhook").strip():
        found.append(("notify.webhook", lambda message: post(webhook, message, timeout_s)))
    return found


def _event(alert: Alert) -> str:
    return OPENED if alert.closed_at is None else CLOSED


def _said(alert: Alert) -> dict[str, Any]:
    return {
        "kind": str(alert.kind),
        "meaning": ALERT_MEANINGS[alert.kind],
        "subject": alert.subject,
        "text": alert.text,
        "opened_at": alert.opened_at.isoformat(),
        "closed_at": alert.closed_at.isoformat() if alert.closed_at else None,
        "id": alert.id,
    }


# -- a command -------------------------------------------------------------------------------------------------


def run_command(command: str, message: bytes, timeout_s: float, *, folder: str) -> str:
    """Run a command with the message on its standard input; returns why that failed, empty where it did not.

    Args:
        command: split as a shell does, run without one.
        message: goes to its standard input.
        timeout_s: then its whole process group is killed.
        folder: where it runs.
    """
    try:
        words = shlex.split(command)
        process = _started(words, folder)
    except (ValueError, OSError) as problem:
        # An OSError names the program, a ValueError quotes nothing; neither has an argument in it.
        return (
            f"it cannot be started: {problem.strerror if isinstance(problem, OSError) else 'its quotes do not close'}"
        )
    try:
        process.communicate(message, timeout=timeout_s)
    except subprocess.TimeoutExpired:
        _kill(process)
        return f"it took longer than {timeout_s:g} s and was killed"
    return f"it ended with status {process.returncode}" if process.returncode else ""


def _started(words: list[str], folder: str) -> subprocess.Popen[bytes]:
    if not words:
        raise ValueError
    return subprocess.Popen(  # noqa: S603 - the library's own settings name it, and no shell reads it
        words,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        start_new_session=True,
    )


def _kill(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    with suppress(subprocess.TimeoutExpired, OSError):
        process.communicate(timeout=_REAP_S)


# -- a webhook -------------------------------------------------------------------------------------------------


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer like any other."""

    def redirect_request(self, *_: Any) -> None:  # noqa: ANN401 - urllib's own
        """None: it is not followed."""


def post(url: str, message: bytes, timeout_s: float) -> str:
    """Send the message; returns why that failed, empty where it did not.

    Why in a thread of its own: the time limit of a socket starts anew with each byte, a server could hold us for ever.
    """
    if not url.lower().startswith(("http://", "https://")):
        return "it is no http or https URL"
    answers: list[str] = []
    asking = threading.Thread(target=lambda: answers.append(_post(url, message, timeout_s)), daemon=True)
    asking.start()
    asking.join(timeout_s)
    return answers[0] if answers else f"no answer within {timeout_s:g} s"


def _post(url: str, message: bytes, timeout_s: float) -> str:
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": f"dateline/{__version__}"}
    try:
        request = urllib.request.Request(url, data=message, headers=headers, method="POST")  # noqa: S310 - checked above
        with urllib.request.build_opener(_NoRedirects).open(request, timeout=timeout_s) as answer:
            status = answer.status
    except urllib.error.HTTPError as refusal:
        refusal.close()
        status = refusal.code
    except urllib.error.URLError as problem:
        reason = problem.reason
        return f"it cannot be reached: {getattr(reason, 'strerror', None) or type(reason).__name__}"
    except Exception as problem:  # noqa: BLE001 - whatever a server or an address makes urllib raise; its text may quote the URL
        return f"it cannot be reached: {type(problem).__name__}"
    return "" if status in _SUCCESS else f"it answered {status}"
