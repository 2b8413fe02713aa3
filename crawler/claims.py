"""What a fetched page says about which document it is: evidence that two documents are one. Pure.

Two things speak. A server that moved a page for good (301, 308) says so on every hop; one hop that is not permanent
makes the whole way a detour (login, consent, a campaign), which says nothing. A page that declares another URL
(rel=canonical, og:url) says what its publisher calls it. Both are only claims: the store merges documents, compares
texts first where a page only declares, and a person may undo a merge.

Why so few are made. Old sites move what is dead to a front page, a section or whatever article is newest, with 301, and
templates declare one URL on every page. So nothing is claimed unless

- an article came of the page, so that it was judged to be no list, error, consent or login page;
- both URLs name one document by themselves: a number, a dated place, a long slug, an identifying parameter;
- where both paths have years, they have one in common: an old story does not become a new one;
- both hosts are the same publisher's. A redirect may lead to somebody else (sites are sold and renamed, and the server
  that we asked says so itself), but then the new address must keep a number or the slug of the old one.

An archived copy makes no claim by redirect: that redirect is the archive's replay, of unknown permanence, and may lead
to another moment. What the copy declares is in the page's own bytes and counts, except where the archive rewrote it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from http import HTTPStatus

from crawler.errors import UnusableUrl
from crawler.items import FailedFetch, FetchedPage
from crawler.urls import canonical_url
from crawler.urls.owners import host_of_url, same_owner
from crawler.urls.rules import publisher_of
from crawler.urls.tracking import identifies
from crawler.urls.wrappers import may_wrap
from storage.types import Article, Document, Redirect, SameDocumentClaim, SameDocumentHow

_PERMANENT = frozenset({HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT})
_LONGEST_SHOWN = 300
_OPAQUE = re.compile(r"(?=[a-z0-9-]*\d[a-z])[a-z0-9-]{10,}", re.IGNORECASE)
_VALUE = re.compile(r"[?&][^=&]+=[^&]*(?:\d{4}|[0-9a-z]*\d[a-z][0-9a-z]{6})", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![0-9])(?!(?:19|20)\d{6}(?!\d))\d{5,}")
_YEAR = re.compile(r"(?<![0-9])(?:19[89]\d|20[0-4]\d)(?=[/-]|(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?!\d))")
_ENDING = re.compile(r"\.[a-z]{2,5}$", re.IGNORECASE)
_SLUG_WORDS = 4


def claims_of_attempt(item: FetchedPage | FailedFetch, article: Article | None) -> tuple[SameDocumentClaim, ...]:
    """What an attempt brought to light about which document it asked for; nothing where no article came."""
    if article is None:
        return ()
    task = item.task
    return claims_of(task.document, article, redirects=() if task.archive else item.redirects, final_url=item.final_url)


def claims_of(
    document: Document, article: Article, *, redirects: Sequence[Redirect] = (), final_url: str = ""
) -> tuple[SameDocumentClaim, ...]:
    """What speaks for the document being another one; one claim per other document, the redirect before the page.

    Args:
        document: as it was asked for.
        article: that came of the page.
        redirects: the hops of a live fetch; empty for an archived copy.
        final_url: where they ended.
    """
    found: dict[str, SameDocumentClaim] = {}
    for claim in (*_by_redirect(document, redirects, final_url), *_by_declaration(document, article)):
        found.setdefault(claim.canonical_url, claim)
    return tuple(found.values())


def _by_redirect(document: Document, redirects: Sequence[Redirect], final_url: str) -> Iterator[SameDocumentClaim]:
    if not redirects or any(hop.status not in _PERMANENT for hop in redirects):
        return
    ours, target = document.canonical_url, _canonical(final_url)
    if not target or target == ours or not _may_be_one(ours, target):
        return
    if not _one_publisher(ours, target) and not _kept_parts(ours, target):
        return
    statuses = ", ".join(dict.fromkeys(str(int(hop.status)) for hop in redirects))
    evidence = f"{statuses} to {final_url[:_LONGEST_SHOWN]}"
    yield SameDocumentClaim(canonical_url=target, how=SameDocumentHow.REDIRECT, evidence=evidence)


def _by_declaration(document: Document, article: Article) -> Iterator[SameDocumentClaim]:
    declared = article.declared_url
    if not declared or may_wrap(host_of_url(declared)):
        return
    ours, target = document.canonical_url, _canonical(declared)
    if not target or target == ours or not _may_be_one(ours, target) or not _one_publisher(ours, target):
        return
    by = article.evidence.get("declared_url", "")
    evidence = f"{by or 'the page'} says {declared[:_LONGEST_SHOWN]}"
    yield SameDocumentClaim(canonical_url=target, how=SameDocumentHow.CANONICAL, evidence=evidence)


def _canonical(url: str) -> str:
    """The canonical URL; empty where there is none."""
    try:
        return canonical_url(url)
    except UnusableUrl:
        return ""


def _may_be_one(one: str, other: str) -> bool:
    if not (names_one_document(one) and names_one_document(other)):
        return False
    years, others = _years(one), _years(other)
    return not years or not others or bool(years & others)


def names_one_document(url: str) -> bool:
    """Whether a canonical URL names one document by itself: a front page, a section or a search does not."""
    place, _, query = url.partition("://")[2].partition("#")[0].partition("?")
    path = place[place.find("/") :] if "/" in place else "/"
    last = _ENDING.sub("", path.rpartition("/")[2])
    return identifies(path) or _OPAQUE.fullmatch(last) is not None or (query != "" and _VALUE.search(url) is not None)


def _years(url: str) -> set[str]:
    place = url.partition("://")[2].partition("?")[0]
    return set(_YEAR.findall(place[place.find("/") :])) if "/" in place else set()


def _one_publisher(one: str, other: str) -> bool:
    hosts = host_of_url(one), host_of_url(other)
    publishers = [publisher_of(host) for host in hosts]
    return same_owner(*hosts) or bool(publishers[0] and publishers[0] == publishers[1])


def _kept_parts(one: str, other: str) -> set[str]:
    """The numbers and slugs that both URLs have."""
    return _parts(one) & _parts(other)


def _parts(url: str) -> set[str]:
    place = url.partition("://")[2].partition("#")[0]
    rest = place[place.find("/") :].lower() if "/" in place else ""
    segments = (_ENDING.sub("", segment) for segment in re.split(r"[/?&=]", rest))
    slugs = {segment for segment in segments if len(re.findall(r"[^-_]+", segment)) >= _SLUG_WORDS}
    return set(_NUMBER.findall(rest)) | slugs
