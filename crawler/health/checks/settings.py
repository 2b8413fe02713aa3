"""Is the configuration read from where one thinks, and can site owners reach whoever crawls?

Unknown keys and wrong values are refused when the file is read: no check comes so far.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from crawler.configuration import DATABASE_VARIABLE, FILE_NAME, SETTINGS
from crawler.health.checks.findings import Checkup, Finding, State

_MAIL = re.compile(r"[^@\s<>()]+@[^@\s<>()]+\.[^@\s<>().]+")


def check_configuration(checkup: Checkup) -> Finding:
    """Which file holds, and what it changes."""
    configuration = checkup.configuration
    changed = sum(configuration.values[one.key] != one.default for one in SETTINGS)
    where = configuration.source or f"no {FILE_NAME}, defaults"
    archives = sum(place.enabled for place in configuration.archives)
    jobs = sum(job.enabled for job in configuration.jobs)
    summary = (
        f"{where}: {changed} settings differ from the defaults; {len(configuration.host_rules)} hosts,"
        f" {archives} archives and {jobs} jobs are set up"
    )
    details = [f"the database is {configuration.database_origin}"]
    if configuration.source is None:
        remedy = f"`dateline init {configuration.library}` writes a {FILE_NAME} with every setting in it"
        return Finding(check="configuration", state=State.NOTE, summary=summary, remedy=remedy, details=tuple(details))
    if DATABASE_VARIABLE in configuration.database_origin and configuration.text("storage.database"):
        details.append(f"{DATABASE_VARIABLE} stands over storage.database")
    return Finding(check="configuration", summary=summary, details=tuple(details))


def check_contact(checkup: Checkup) -> Finding:
    """Whether the User-Agent tells site owners whom to write to."""
    contact = checkup.configuration.text("crawl.contact").strip()
    remedy = "set crawl.contact to an e-mail address or the URL of a page about your crawler"
    if not contact:
        summary = "crawl.contact is not set: site owners cannot reach you, and block you instead"
        return Finding(check="contact", state=State.NOTE, summary=summary, remedy=remedy)
    if not looks_reachable(contact):
        summary = f"crawl.contact is {contact!r}, neither an e-mail address nor a URL"
        return Finding(check="contact", state=State.WRONG, summary=summary, remedy=remedy)
    return Finding(check="contact", summary=f"site owners can reach you at {contact}")


def looks_reachable(contact: str) -> bool:
    """Whether it is an e-mail address, or a URL of the web; maybe with words around it. Never raises."""
    return any(
        _MAIL.fullmatch(word.removeprefix("mailto:")) or _is_url(word) for word in re.split(r"[\s,;<>()]+", contact)
    )


def _is_url(word: str) -> bool:
    try:
        parts = urlsplit(word)
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and "." in host
