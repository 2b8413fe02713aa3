"""What an answer means that is none: which `Problem` a status, a header or a page of an archive stands for.

Why "there is no copy" is never read from a failure: an overloaded server, a wall before it and a cut connection all
look like an empty list to a client that is not careful, and a citation would be given up for good.

Why exclusion has its own words beside its statuses: the Internet Archive answers 403 with a Java exception in a header
to a question about an excluded site, and at replay 200 with a page of its own.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from crawler.archives.protocol import Answer, Problem
from storage.types import SearchState

RUNTIME_ERROR = "X-Archive-Wayback-Runtime-Error"
_EXCLUDED = re.compile(
    rb"AdministrativeAccessControlException|RobotAccessControlException|blocked site error"
    rb"|(?:url|site|page) has been excluded from|blocked (?:by|via|due to|through)[^<>]{0,40} robots\.txt"
    rb"|excluded via robots\.txt",
    re.IGNORECASE,
)
_ROBOTS = re.compile(rb"robot", re.IGNORECASE)
_LOOKED_AT = 1 << 16
_LONGEST_WAIT_S = 30 * 86400.0
_FIRST_REDIRECT, _FIRST_CLIENT_ERROR, _FIRST_SERVER_ERROR = 300, 400, 500


def index_problem(answer: Answer, *, markup: bool = False) -> Problem | None:
    """Why an answer of an index cannot be read; ``None`` where it can (status 200, whole, not a page of HTML).

    Args:
        answer: to be read.
        markup: it may begin with an angle bracket, as lists of links do.
    """
    problem = excluded(answer) or too_often(answer)
    if problem is not None:
        return problem
    if answer.status != HTTPStatus.OK:
        return unreachable(answer, _about_status(answer.status))
    if answer.truncated:
        return unreachable(answer, "the list was cut off")
    if not markup and is_page(answer):
        return unreachable(answer, "it sent a page instead of a list")
    return None


def excluded(answer: Answer) -> Problem | None:
    """The problem that an answer states an exclusion; ``None`` where it does not say so."""
    said = answer.header(RUNTIME_ERROR).encode(errors="replace") + b"\n" + answer.body[:_LOOKED_AT]
    found = _EXCLUDED.search(said)
    if answer.status == HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS:
        return Problem(state=SearchState.EXCLUDED, detail="The archive may not show this site (451).")
    if found is None or answer.status >= _FIRST_SERVER_ERROR or answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        return None
    why = "by the site's robots.txt" if _ROBOTS.search(found[0]) else "by the archive or the site's owner"
    return Problem(state=SearchState.EXCLUDED, detail=f"The site is excluded from the archive {why}.")


def too_often(answer: Answer) -> Problem | None:
    """The problem that an answer asks for fewer requests; ``None`` where it does not."""
    if answer.status != HTTPStatus.TOO_MANY_REQUESTS:
        return None
    return Problem(
        state=SearchState.RATE_LIMITED,
        detail="The archive says that we ask too often (429).",
        retry_after_s=retry_after(answer),
    )


def unreachable(answer: Answer, why: str) -> Problem:
    """The problem that an archive did not answer as it should."""
    return Problem(
        state=SearchState.UNREACHABLE,
        detail=f"The archive could not be asked: {why}.",
        retry_after_s=retry_after(answer),
    )


def retry_after(answer: Answer) -> float | None:
    """Seconds that ``Retry-After`` asks for, at most 30 days; a date is counted from the answer's own ``Date``."""
    text = answer.header("Retry-After").strip()
    if re.fullmatch(r"[0-9]{1,12}", text, re.ASCII):
        return min(float(text), _LONGEST_WAIT_S)
    until, now = http_moment(text), http_moment(answer.header("Date"))
    if until is None or now is None:
        return None
    return min(max((until - now).total_seconds(), 0.0), _LONGEST_WAIT_S)


def http_moment(text: str) -> datetime | None:
    """The moment that a date of HTTP states; ``None`` where it states none."""
    try:
        moment = parsedate_to_datetime(text.strip())
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def is_page(answer: Answer) -> bool:
    """Whether an answer is HTML or XML, whatever it should have been."""
    begins_so = answer.body[:256].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    return begins_so or (not answer.body.strip() and answer.header("Content-Type").lower().startswith("text/html"))


def _about_status(status: int) -> str:
    if _FIRST_REDIRECT <= status < _FIRST_CLIENT_ERROR:
        return f"it sent us elsewhere ({status})"
    if status >= _FIRST_SERVER_ERROR:
        return f"it failed ({status})"
    return f"it refused the question ({status})"
