"""Asking the Internet Archive to save a page: Save Page Now 2, sans I/O.

The conversation: `save_question` (a POST) is answered with a job (`read_save`), `status_question` about the job is
answered with where it stands (`read_status`) until that is not `PENDING` any more. Both answers may be errors, and both
come with status 200 then: what counts is ``status`` and ``status_ext`` in the JSON.

Why types of its own: a `crawler.archives.protocol.Question` is a GET without side effects, kept and repeated at will;
saving is neither.

Why a page that was saved so often today is no failure: the copies are there, and that is what was wanted.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from urllib.parse import quote, urlencode

from crawler.archives.protocol import Answer, Pool, Question
from crawler.archives.refusals import retry_after
from crawler.archives.replay_urls import page_url
from crawler.archives.rows import record_of

SAVE_URL = "https://web.archive.org/save"
SAVE_INTERVAL_S = 10.0
"""Seven captures a minute are allowed per account; six leave room for a person with a browser."""
STATUS_INTERVAL_S = 5.0
"""Between two questions about one job: a capture takes from ten seconds to two minutes."""
FIRST_WAIT_S = 60.0
"""After an error that will pass, where the service does not say how long."""
DAY_S = 86400.0
STATUS_KEPT_S = 3600.0
"""The service forgets a job about an hour after its end; an unknown job after that says nothing about the page."""

_WHOLE_DAY = frozenset({"too-many-daily-captures", "bandwidth-limit-exceeded", "max-daily-bandwidth-from-ip"})
_FINAL = frozenset(
    {
        "bad-request",
        "blocked",
        "blocked-url",
        "filesize-limit",
        "forbidden",
        "ftp-access-denied",
        "gone",
        "http-version-not-supported",
        "invalid-host-resolution",
        "invalid-url-syntax",
        "method-not-allowed",
        "no-access",
        "not-found",
        "not-implemented",
        "too-many-redirects",
        "unauthorized",
    }
)
"""Error codes that say something about the page, not about the moment."""
_FIRST_SERVER_ERROR = 500
_LONGEST_MESSAGE = 500


class SaveState(StrEnum):
    """Where the saving of one page stands."""

    PENDING = "pending"
    """The job runs; ask again."""
    SAVED = "saved"
    """There is a new copy."""
    ENOUGH = "enough"
    """The page was saved so often today that no more copies are made; copies of today exist."""
    REFUSED = "refused"
    """This page cannot be saved: it is gone, blocked, too large; asking again changes nothing."""
    LATER = "later"
    """It did not work now: too many sessions, too many requests, a timeout, a fault of the service."""
    NOT_ALLOWED = "not_allowed"
    """The keys are wrong: no page can be saved with them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SaveKeys:
    """The keys of an account; from the environment, never from a file of the library.

    Attributes:
        access: the public half.
        secret: the other; not shown in a representation.
    """

    access: str
    secret: str = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class SaveOptions:
    """What a capture should be like.

    Attributes:
        errors: also save a page that answers with an error; off: a dead page must not become a copy of its own.
        outlinks: also save what the page links to.
        screenshot: also save a picture of it.
        unless_within_s: a copy that is not older is enough; 0: always make a new one.
    """

    errors: bool = False
    outlinks: bool = False
    screenshot: bool = False
    unless_within_s: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class SaveQuestion:
    """One POST.

    Attributes:
        url: to be requested as it is.
        body: a form.
        headers: beside the usual ones; one holds the keys and belongs in no log.
        page_url: the page that is to be saved.
    """

    url: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    page_url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SaveProgress:
    """What the service says.

    Attributes:
        state: see `SaveState`.
        detail: one sentence.
        job: its id; empty where there is none.
        captured_at: the moment of the new copy; ``None`` without one.
        page_url: the page as it was saved, behind redirects; empty without a copy.
        public_url: the address of the new copy; empty without one.
        error: the service's code without ``error:``; empty where it gives none.
        wait_s: how long to wait before asking again, for a page that may be asked for again; ``None`` otherwise.
    """

    state: SaveState
    detail: str
    job: str = ""
    captured_at: datetime | None = None
    page_url: str = ""
    public_url: str = ""
    error: str = ""
    wait_s: float | None = None


def save_question(
    url: str, keys: SaveKeys, options: SaveOptions | None = None, *, service: str = SAVE_URL
) -> SaveQuestion:
    """The question to save a page now."""
    chosen = options or SaveOptions()
    form = [("url", url), ("skip_first_archive", "1")]
    switches = (("capture_all", chosen.errors), ("capture_outlinks", chosen.outlinks))
    form += [(name, "1") for name, wanted in (*switches, ("capture_screenshot", chosen.screenshot)) if wanted]
    if chosen.unless_within_s > 0:
        form.append(("if_not_archived_within", str(chosen.unless_within_s)))
    headers = (*_headers(keys), ("Content-Type", "application/x-www-form-urlencoded"))
    return SaveQuestion(url=service, body=urlencode(form).encode(), headers=headers, page_url=url)


def status_question(job: str, keys: SaveKeys, *, service: str = SAVE_URL) -> Question:
    """The question where a job stands."""
    return Question(url=f"{service}/status/{quote(job, safe='')}", pool=Pool.REPLAY, headers=_headers(keys), about=job)


def read_save(answer: Answer, *, public: str = "https://web.archive.org/web/") -> SaveProgress:
    """What the answer to `save_question` says: the job, or why there is none. Never raises."""
    return _refusal(answer) or _read(_object(answer.body), answer, public)


def read_status(answer: Answer, *, public: str = "https://web.archive.org/web/") -> SaveProgress:
    """What the answer to `status_question` says. Never raises."""
    refusal = _refusal(answer)
    if refusal is not None:
        return refusal
    found = _object(answer.body)
    return _read({"job_id": answer.question.about, **found} if found else found, answer, public)


def _headers(keys: SaveKeys) -> tuple[tuple[str, str], ...]:
    return (("Accept", "application/json"), ("Authorization", f"LOW {keys.access}:{keys.secret}"))


def _refusal(answer: Answer) -> SaveProgress | None:
    if answer.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return SaveProgress(
            state=SaveState.NOT_ALLOWED, detail=f"The service does not accept the keys ({answer.status})."
        )
    wait_s = retry_after(answer) or FIRST_WAIT_S
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        return _later("The service says that we ask too often (429).", "too-many-requests", wait_s)
    if answer.status >= _FIRST_SERVER_ERROR:
        return _later(f"The service failed ({answer.status}).", "", wait_s)
    return None


def _read(found: Mapping[str, object], answer: Answer, public: str) -> SaveProgress:
    job, state = _text(found, "job_id"), _text(found, "status")
    if state == "success":
        return _saved(found, job, public)
    code = _text(found, "status_ext").removeprefix("error:")
    if state == "error" or code:
        return _failed(code, _text(found, "message"), job)
    if job and state in {"", "pending"}:
        return SaveProgress(
            state=SaveState.PENDING, detail="The service is saving the page.", job=job, wait_s=STATUS_INTERVAL_S
        )
    return _later(f"The service's answer ({answer.status}) could not be read.", "", FIRST_WAIT_S, job)


def _saved(found: Mapping[str, object], job: str, public: str) -> SaveProgress:
    record = record_of({"timestamp": _text(found, "timestamp"), "url": page_url(_text(found, "original_url"))}, "")
    if record is None:
        return _later("The service says that it saved the page, but not when.", "", FIRST_WAIT_S, job)
    return SaveProgress(
        state=SaveState.SAVED,
        detail=f"The page was saved at {record.captured_at:%Y-%m-%d %H:%M:%S} UTC.",
        job=job,
        captured_at=record.captured_at,
        page_url=record.url,
        public_url=f"{public}{record.timestamp}/{record.url}",
    )


def _failed(code: str, message: str, job: str) -> SaveProgress:
    detail = f"The service says: {message or code or 'an error without a name'}"
    if code == "too-many-daily-captures":
        return SaveProgress(state=SaveState.ENOUGH, detail=detail, job=job, error=code, wait_s=DAY_S)
    if code in _FINAL:
        return SaveProgress(state=SaveState.REFUSED, detail=detail, job=job, error=code)
    return _later(detail, code, DAY_S if code in _WHOLE_DAY else FIRST_WAIT_S, job)


def _later(detail: str, code: str, wait_s: float, job: str = "") -> SaveProgress:
    return SaveProgress(state=SaveState.LATER, detail=detail, job=job, error=code, wait_s=wait_s)


def _object(body: bytes) -> Mapping[str, object]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _text(found: Mapping[str, object], name: str) -> str:
    value = found.get(name)
    return value[:_LONGEST_MESSAGE].strip() if isinstance(value, str) else ""
