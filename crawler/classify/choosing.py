"""From clues to a verdict: sums per kind, and three questions in order.

1. Came something else in place of the page (a check, a form, an error, a notice that it is gone)? The strongest of
   these counts if its sum is telling and larger than what speaks for an article. A check has a head start: it may show
   an error's number or a login as well, and only a check explains them.
2. Else, is it a page of another form (an empty shell, a list, pictures)? Likewise, but only its text and what it
   declares speak for an article here: a list and a gallery have the event's words and its date as well.
3. Else it is an article, if there is one: a live report or a teaser where that is told clearly. If there is none,
   weaker clues of the first two questions are enough, and without any it is empty.

So a report of some length stands against everything that the page carries beside it, and every step can be read off
the stored clues: `reconsider` repeats it with one clue more.

Why a sum and not a trained model: an archive has to say why it rejected a page, years later, to people. The weights
were set by hand on invented pages and held against real ones.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import exp

from crawler.classify.clues import clue
from crawler.classify.rules.articles import AGREES, DECLARES, DISAGREES, SIGNED, TELLS, TITLED
from crawler.classify.rules.gone import REPEATED
from storage.types import Clue, PageKind, PageVerdict

IN_ITS_PLACE = (
    PageKind.CHALLENGE,
    PageKind.CONSENT_WALL,
    PageKind.LOGIN_WALL,
    PageKind.ERROR_PAGE,
    PageKind.SOFT_404,
)
OTHER_FORMS = (PageKind.NEEDS_JAVASCRIPT, PageKind.GALLERY, PageKind.LISTING)
ARTICLES = frozenset({PageKind.ARTICLE, PageKind.LIVE_BLOG, PageKind.TEASER, PageKind.DOCUMENT})
"""Kinds that give an article."""

TELLING = 3.0
"""A sum from here on decides, unless an article's is larger."""
WEAK = 1.5
"""The same where there is no article."""
HEAD_START = 1.5
LIVE = 3.5
_BUILT = frozenset({TELLS, DECLARES, TITLED, SIGNED})
_SHARPNESS = 1.5
_DIGITS = 3


def choose(clues: Iterable[Clue], *, page_digest: str = "") -> PageVerdict:
    """The verdict that the clues give."""
    ordered = tuple(sorted(clues, key=lambda one: (-abs(one.weight), one.kind, one.name)))
    sums = _sums(ordered)
    built = sum(one.weight for one in ordered if one.name in _BUILT) + _live(sums)
    kind = _kind(sums, built)
    return PageVerdict(kind=kind, score=_score(kind, sums, built), clues=ordered, page_digest=page_digest)


def reconsider(verdict: PageVerdict, *, repeats: int) -> PageVerdict:
    """The verdict again, knowing that so many other documents of the host showed the same text.

    One other is nothing: a print page, a variant of the address. From two on it is the answer to anything, unless the
    text speaks of what it is cited for; a long text that nobody can compare with a citation keeps the benefit of doubt.
    """
    clues = [one for one in verdict.clues if one.name != REPEATED]
    weight = _weight_of_repeats({one.name for one in clues}, repeats)
    if not weight:
        return verdict if len(clues) == len(verdict.clues) else choose(clues, page_digest=verdict.page_digest)
    found = clue(REPEATED, PageKind.SOFT_404, weight, f"{repeats} other documents of the host")
    return choose([*clues, found], page_digest=verdict.page_digest)


def strength(verdict: PageVerdict, kind: PageKind) -> float:
    """The sum of the weights of one kind."""
    return sum(one.weight for one in verdict.clues if one.kind is kind)


def _weight_of_repeats(names: set[str], repeats: int) -> float:
    if repeats < 1 or TELLS not in names:
        return 1.5 if repeats > 1 else 0.0
    if AGREES in names:
        return 0.5
    if repeats == 1:
        return 1.0
    return 9.0 if DISAGREES in names else 5.0


def _sums(clues: Iterable[Clue]) -> dict[PageKind, float]:
    sums = dict.fromkeys(PageKind, 0.0)
    for one in clues:
        sums[one.kind] += one.weight
    return sums


def _live(sums: dict[PageKind, float]) -> float:
    return sums[PageKind.LIVE_BLOG] if sums[PageKind.LIVE_BLOG] >= LIVE else 0.0


def _article_sum(sums: dict[PageKind, float]) -> float:
    return sums[PageKind.ARTICLE] + _live(sums) + sums[PageKind.TEASER] / 2


def _kind(sums: dict[PageKind, float], built: float) -> PageKind:
    if sums[PageKind.EMPTY] > 0:
        return _kind_without_an_article(sums)
    for kinds, told in ((IN_ITS_PLACE, _article_sum(sums)), (OTHER_FORMS, built + sums[PageKind.TEASER] / 2)):
        best = _best(sums, kinds)
        if sums[best] >= TELLING and _ranked(sums, best) > told:
            return best
    if sums[PageKind.LIVE_BLOG] >= LIVE:
        return PageKind.LIVE_BLOG
    return PageKind.TEASER if sums[PageKind.TEASER] >= TELLING else PageKind.ARTICLE


def _kind_without_an_article(sums: dict[PageKind, float]) -> PageKind:
    place, form = _best(sums, IN_ITS_PLACE), _best(sums, OTHER_FORMS)
    if sums[place] >= TELLING or (sums[place] >= WEAK and sums[place] >= sums[form]):
        return place
    return form if sums[form] >= WEAK else PageKind.EMPTY


def _best(sums: dict[PageKind, float], kinds: Iterable[PageKind]) -> PageKind:
    return max(kinds, key=lambda kind: _ranked(sums, kind))


def _ranked(sums: dict[PageKind, float], kind: PageKind) -> float:
    started = kind is PageKind.CHALLENGE and sums[kind] >= TELLING
    return sums[kind] + (HEAD_START if started else 0.0)


def _score(kind: PageKind, sums: dict[PageKind, float], built: float) -> float:
    """How far the verdict's sum lies above the next that could have taken its place, between 0 and 1."""
    family = ARTICLES if kind in ARTICLES else frozenset({kind})
    own = _article_sum(sums) if kind in ARTICLES else _ranked(sums, kind)
    others = [_ranked(sums, other) for other in (*IN_ITS_PLACE, *OTHER_FORMS) if other not in family]
    if kind not in ARTICLES and not sums[PageKind.EMPTY]:
        others.append(built if kind in OTHER_FORMS else _article_sum(sums))
    margin = own - max([0.0, *others])
    return round(1 / (1 + exp(-max(-20.0, min(20.0, margin)) / _SHARPNESS)), _DIGITS)


def explained(verdict: PageVerdict) -> str:
    """One sentence with the strongest clues for the verdict."""
    for_it = [one for one in verdict.clues if one.kind is verdict.kind and one.weight > 0]
    named = [f"{one.name} ({one.detail})" if one.detail else one.name for one in for_it[:3]]
    return "; ".join(named)[:300]
