"""What a verdict means for what is stored: pure, shared by every backend.

Why a duplicate still becomes an article of its own: that two sites printed one story is a fact that readers of the
library ask for (who printed it, who cut what), and the event links of its document must exist.

Why a verdict does not say which story an article tells: it is given once, when the article comes, about one version;
what comes later may show that two stories are one, or that a digest is neither. Stories are told anew from relations
(`storage.telling`) whatever the verdicts were.

Why the current version is worked out from all versions and not handed on: an archive gives old texts last, a better
extractor may find that a text was a teaser, and the order in which things came must not decide what the article is now.

Why only an article in a live response renews the validators: "not modified" must mean "as the last good text". A
server that sent the beginning of an article, or a shell that a browser filled, would answer so for ever, and the full
text would never be asked for. The validators of an earlier good text stay: they match nothing, or that text is back.

Why a replay is no failure and no answer: nobody was asked. It says what the document's latest page was, so its outcome
stands, but it neither adds to the row of failures nor touches validators. Where the document was asked for while the
replay went on, what that brought is newer: the replay is refused, or an older text would become the current version.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.errors import Unstorable
from storage.types import (
    SUCCESSES,
    Access,
    Article,
    Candidate,
    Capture,
    CaptureKind,
    FetchResult,
    Outcome,
    RuleHealth,
    Verdict,
    VerdictKind,
)

SIGNAL_WINDOW = timedelta(days=3)
"""How far apart two reports may be published to be compared by signals: daily reports from one template are twins."""

BEST = 20
"""How many versions with one payload or text are looked at: enough to find the story, few when it is everywhere."""

MOST_SHARING = 200
"""How many versions are compared by signals: a wire story may be printed by as many papers in three days."""

MOST_READ = 20
"""Of how many versions of other documents the text is given."""

TAKEDOWN_RACE = timedelta(hours=1)
"""How long ago a takedown may have been of which a result that is stored now did not know."""

NEAR_DAYS = 3
"""How many days from an event an article may be reported to be weighed again when the event is new or changed."""

MOST_FAMILIAR = 4
"""On how many other documents a line is counted: more prove nothing more."""

LINE_DOCUMENTS = MOST_FAMILIAR + 1
"""How many documents are remembered per line of a host: one of them may be the one that is asked for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Placement:
    """Where a fresh article goes.

    Attributes:
        sighted: the (article, version) of its own document that the capture shows again; ``None`` for a new version.
    """

    sighted: tuple[int, int] | None = None


def place(verdict: Verdict, candidates: Iterable[Candidate]) -> Placement:
    """What to write for a verdict.

    Raises:
        Unstorable: the verdict names a version that was no candidate.
    """
    if verdict.matched_version_id is None:
        return Placement()
    matched = next((one for one in candidates if one.version_id == verdict.matched_version_id), None)
    if matched is None:
        raise Unstorable(f"the verdict names version {verdict.matched_version_id}, which was no candidate")
    again = matched.same_document and verdict.kind is VerdictKind.REVISIT
    return Placement(sighted=(matched.article_id, matched.version_id) if again else None)


def to_be_read(article: Article, candidates: Iterable[Candidate]) -> list[int]:
    """The versions whose text is given: the document's own current one, and others that share most.

    What counts is the share of the shorter text's keys, by the signal that says most, then their number: long pages
    share more furniture than an edited brief has phrases. Equal payloads and texts are known to be copies unread.
    """
    given = list(candidates)
    own = [one.version_id for one in given if one.same_document and one.current]
    fresh = {signal: len(set(keys)) for signal, keys in article.keys.items()}
    others = [one for one in given if one.shared_keys and not one.same_document and not _is_equal(article, one)]
    ranked = sorted(others, key=lambda one: (-_shared_part(fresh, one), -sum(one.shared_keys.values()), one.version_id))
    return own + [one.version_id for one in ranked[:MOST_READ]]


def _is_equal(article: Article, one: Candidate) -> bool:
    return one.same_payload or (article.text_digest != "" and one.text_digest == article.text_digest)


def _shared_part(fresh: Mapping[str, int], one: Candidate) -> float:
    sizes = {signal: min(fresh.get(signal, 0), one.own_keys.get(signal, 0)) for signal in one.shared_keys}
    return max((one.shared_keys[signal] / size for signal, size in sizes.items() if size), default=0.0)


def may_lack(article: Article, candidates: Sequence[Candidate], sharing: int) -> bool:
    """Whether a limit may have kept versions from being candidates; ``sharing`` were found by keys."""
    payloads = sum(one.same_payload for one in candidates)
    texts = sum(one.text_digest == article.text_digest for one in candidates)
    return sharing >= MOST_SHARING or max(payloads, texts) >= BEST


def page_of(result: FetchResult) -> Capture | None:
    """The capture of its own that a result's article was extracted from; ``None`` for a replay, which has none.

    Raises:
        Unstorable: there is an article but no capture, or a replay has captures.
    """
    if result.replayed is not None and result.captures:
        raise Unstorable("a replay brings no captures of its own")
    if result.replayed is not None:
        return None
    if result.captures:
        return result.captures[-1]
    if result.article is not None:
        raise Unstorable("an article needs the capture that it was extracted from")
    return None


def reported_at(article: Article, captured_at: datetime) -> datetime:
    """When a report appeared as far as we know: its own date, else when it was captured."""
    return article.published_at.value if article.published_at else captured_at


def currency(access: Access, captured_at: datetime, number: int) -> tuple[bool, datetime, int]:
    """Sorts the versions of one article; the largest is current: no teaser if it can be, the text captured last.

    Of texts captured at one moment it is the one that was stored last.
    """
    return access is not Access.TEASER, captured_at, number


_APART = ("keys", "edge_lines")
"""Fields of an article that are compared otherwise, or say nothing of it: edge lines are what its host shows."""


def differing_fields(stored: Article, fresh: Article) -> tuple[str, ...]:
    """Names of the fields in which two extractions differ; keys are compared as sets, edge lines not at all.

    An explanation that changed is a change: ``evidence``, ``confidence`` and ``choice`` are one name each, whatever
    differs in them.
    """
    names: Sequence[str] = [name for name in Article.__dataclass_fields__ if name not in _APART]
    changed = [name for name in names if getattr(stored, name) != getattr(fresh, name)]
    if _distinct(stored) != _distinct(fresh):
        changed.append("keys")
    return tuple(changed)


_COMPARED = frozenset({"keys", "text_digest", "agency", "agency_own", "access", "language", "published_at"})
_LINKED = _COMPARED | {"headline", "standfirst", "body", "section", "keywords", "dateline"}


def compares_anew(changed: Iterable[str]) -> bool:
    """Whether fields that changed may change how an article relates to others, or who stands for its story."""
    return not _COMPARED.isdisjoint(changed)


def links_anew(changed: Iterable[str]) -> bool:
    """Whether fields that changed may change which events an article reports."""
    return not _LINKED.isdisjoint(changed)


def _distinct(article: Article) -> dict[str, frozenset[int]]:
    return {signal: frozenset(keys) for signal, keys in article.keys.items() if keys}


def resting_elsewhere(result: FetchResult) -> list[Capture]:
    """Those captures of a result whose bytes are in a record that is not of the same result."""
    own = {one.location.record_id for one in result.captures}
    return [one for one in result.captures if one.revisit_of and one.revisit_of not in own]


def is_live(result: FetchResult) -> bool:
    """Whether the attempt says where its document stands on the live web; one at an archive does not."""
    return not result.attempt.archive


def renews_validators(result: FetchResult) -> bool:
    """Whether the validators of this answer replace those of an earlier one; see the module's docstring."""
    page = result.captures[-1] if result.captures else None
    live = page is not None and page.kind is CaptureKind.LIVE
    if result.attempt.outcome in {Outcome.FETCHED, Outcome.IMAGE, Outcome.FEED}:
        return live
    return result.attempt.outcome is Outcome.NOT_MODIFIED and bool(result.etag or result.last_modified)


def require_latest(result: FetchResult, last_attempt_at: datetime | None) -> None:
    """Refuse a replay that comes too late to say where its document stands.

    Raises:
        Unstorable: the document was attempted after the replay began.
    """
    if result.replayed is None or last_attempt_at is None:
        return
    if last_attempt_at > result.attempt.started_at:
        raise Unstorable("the document was attempted while its page was understood again: replay it anew")


def failures_after(result: FetchResult) -> tuple[int, int]:
    """(added, kept): how the row of failures goes on, as ``(failures + added) * kept``."""
    return int(result.replayed is None), int(result.attempt.outcome not in SUCCESSES)


def largest_first(counts: Mapping[str, int]) -> dict[str, int]:
    """The same counts in the order of `storage.article_store.ArticleStore.hosts_of_versions`."""
    return dict(sorted(counts.items(), key=lambda one: (-one[1], one[0])))


def rule_lines(groups: Iterable[tuple[str, str, tuple[str, ...], int, datetime]]) -> Iterator[RuleHealth]:
    """Counts per (host, rule, names missed, versions, latest capture) as one line per rule and per name missed."""
    counted: dict[tuple[str, str, str], tuple[int, datetime]] = {}
    for host, rule, missed, versions, latest in groups:
        for place in [*([(host, rule, "")] if rule else []), *((host, "", name) for name in missed)]:
            before, until = counted.get(place, (0, latest))
            counted[place] = (before + versions, max(until, latest))
    for host, rule, missed_name in sorted(counted, key=lambda place: (place[0], not place[1], place)):
        number, last = counted[host, rule, missed_name]
        yield RuleHealth(host=host, rule=rule, missed=missed_name, versions=number, latest=last)
