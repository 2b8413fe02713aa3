"""How CDX servers differ, as data. They grew from one another and kept most names.

Why no dialect asks for ``closest``: the Internet Archive wants ``sort=closest`` with it and then drops rows that are
equally far; a window with ranking on our side works everywhere.

Why little is filtered out by the server: an unresolved revisit row of a page that was long gone looks like one of an
article; only the 404 row with the same digest in the same answer tells (`crawler.archives.choosing`). Where filters
differ from release to release (pywb ignores them behind its front end, others refuse the whole question), none is sent.

Why ``collapse`` is not used: it keeps the first of several equal rows, and that one may be the one that cannot be
replayed; pywb ignores it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, kw_only=True, slots=True)
class Dialect:
    """One variant of the language of CDX servers.

    Attributes:
        name: as in ``dialect`` in ``dateline.toml``.
        parameters: sent with every question, in order, beside ``url``, ``from``, ``to`` and ``limit``.
        columns: names of the columns of a text answer without a header line.
        limit: rows wanted per question.
        resumes: it gives a key for the next rows when asked to (``showResumeKey``); others would send the first rows
            again and again.
        nothing: what an answer with 404 says, in lower case, where it means that there are no copies.
    """

    name: str
    parameters: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    limit: int
    resumes: bool = False
    nothing: tuple[str, ...] = ()


_COLUMNS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
_NO_CAPTURES = ("no captures found",)

INTERNET_ARCHIVE = Dialect(
    name="internet-archive",
    # JSON, because a URL may hold a space; ``fl``, because the default columns are nobody's promise.
    parameters=(
        ("matchType", "exact"),
        ("output", "json"),
        ("fl", ",".join(_COLUMNS)),
        ("filter", "!statuscode:5.."),
        ("resolveRevisits", "true"),
        ("showResumeKey", "true"),
    ),
    columns=_COLUMNS,
    limit=1000,
    resumes=True,
)

OPENWAYBACK = Dialect(
    name="openwayback",
    # Old releases know no JSON; unknown parameters are ignored.
    parameters=(
        ("matchType", "exact"),
        ("fl", ",".join(_COLUMNS)),
        ("filter", "!statuscode:5.."),
        ("resolveRevisits", "true"),
        ("showResumeKey", "true"),
    ),
    columns=_COLUMNS,
    limit=1000,
    resumes=True,
    nothing=("resource not in archive", "resourcenotinarchiveexception"),
)

PYWB = Dialect(
    name="pywb",
    parameters=(("matchType", "exact"), ("output", "json")),
    columns=_COLUMNS,
    limit=5000,
    nothing=_NO_CAPTURES,
)

ARQUIVO = Dialect(
    name="arquivo",
    # Its rows hold a dozen fields more.
    parameters=(
        ("matchType", "exact"),
        ("output", "json"),
        ("fields", "urlkey,timestamp,url,mime,status,digest,length"),
    ),
    columns=_COLUMNS,
    limit=5000,
    nothing=_NO_CAPTURES,
)

DIALECTS: Mapping[str, Dialect] = MappingProxyType(
    {dialect.name: dialect for dialect in (INTERNET_ARCHIVE, PYWB, OPENWAYBACK, ARQUIVO)}
)
"""Name -> dialect. One that is not stated is pywb's: the most common server, and what it sends harms no other."""
