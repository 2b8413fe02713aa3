"""What kind of change it is: named rules in a fixed order, the first that speaks decides.

=====================  ===========================================================================  ==========
rule                   it speaks when                                                               kind
=====================  ===========================================================================  ==========
same text              headline, body and notices are equal, sign by sign                           none
typography             all words are equal and in the same order                                    noise
furniture              only blocks changed that never matter (`crawler.changes.furniture`)          noise
notice of correction   the new text carries a notice that the old one had nowhere                   correction
headline alone         the headline's words changed, and nothing in the body that matters           headline
figures and names      in otherwise equal sentences a few figures or names became others            correction
new sentences          words came, and hardly any went                                              addition
sentences gone         words went, and hardly any came                                              cut
moved passages         the same sentences stand in another order                                    reorder
mostly new words       less than half of the shorter text's words stayed                            rewrite
words changed          all else                                                                     edit
=====================  ===========================================================================  ==========

"Hardly any" is at most a tenth, both of the words that came (or went) and of the text that they are taken from.

Why
    *What matters* is everything that is not known not to matter. A counter that is missed costs one needless version; a
    change that is hidden is hidden for ever.

    *A notice comes first*: the newsroom itself says what it did, whatever else changed with it.

    *Figures and names come after the headline alone*, because "12 dead" that becomes "14 dead" over an unchanged text
    is a new headline; where both changed, the sentences decide, and the evidence says that the headline did too.
    Whether the first figure was wrong or is merely out of date no program can tell, so both are called a correction
    and the evidence gives the figures.

    *Names* are words with a capital letter that do not open the sentence. German writes every noun so; there only a
    word that is spelt nearly as the old one counts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from crawler.changes.evidence import NAMED, amounts, shortened, swaps_of, swaps_told, words_of_headline
from crawler.changes.facts import Facts, Text, facts_of
from crawler.changes.model import Change, ChangeKind, Step, StepKind

_HARDLY_ANY = 0.1
_MOSTLY = 0.5
_MOST_SWAPS = 6

_Told = tuple[ChangeKind, str, str]
_Rule = Callable[[Facts], _Told | None]


def change_between(
    old_headline: str,
    old_body: str,
    new_headline: str,
    new_body: str,
    *,
    old_corrections: Sequence[str] = (),
    new_corrections: Sequence[str] = (),
) -> Change:
    """What changed from the old text to the new one.

    Never fails, whatever the characters. Bodies are structured text, as `storage.types.Article.body` defines it.

    Args:
        old_headline: of the old text.
        old_body: of the old text.
        new_headline: of the new text.
        new_body: of the new text.
        old_corrections: notices of correction of the old text that do not stand in its body.
        new_corrections: likewise of the new text.
    """
    facts = facts_of(
        Text(headline=old_headline, body=old_body, corrections=tuple(old_corrections)),
        Text(headline=new_headline, body=new_body, corrections=tuple(new_corrections)),
    )
    kind, rule, evidence = next(told for ask in _RULES if (told := ask(facts)))
    return Change(
        kind=kind,
        matters=kind not in {ChangeKind.NONE, ChangeKind.NOISE},
        rule=rule,
        evidence=evidence,
        counts=facts.counts,
        headline=facts.headline,
        notices=facts.notices,
        steps=facts.steps,
        rough=facts.rough,
    )


# -- the rules ---------------------------------------------------------------------------------------------------


def _same_text(facts: Facts) -> _Told | None:
    return (ChangeKind.NONE, "same text", "the texts are equal sign by sign") if facts.identical else None


def _typography(facts: Facts) -> _Told | None:
    if not facts.same_words or facts.headline_changed or facts.notices:
        return None
    return ChangeKind.NOISE, "typography", "all words are equal and in the same order"


def _furniture(facts: Facts) -> _Told | None:
    if facts.headline_changed or facts.notices or facts.mattering:
        return None
    names = dict.fromkeys(step.noise for step in facts.steps if step.kind is not StepKind.KEPT and step.noise)
    told = ", ".join(list(names)[:NAMED]) or "notices that are gone"
    return ChangeKind.NOISE, "furniture", f"only this changed: {told}"


def _notice_of_correction(facts: Facts) -> _Told | None:
    if not facts.notices:
        return None
    return ChangeKind.CORRECTION, "notice of correction", f"a new notice: {shortened(facts.notices[0])}"


def _headline_alone(facts: Facts) -> _Told | None:
    if not facts.headline_changed or facts.mattering:
        return None
    return ChangeKind.HEADLINE, "headline alone", f"{words_of_headline(facts)}; the body says the same"


def _figures_and_names(facts: Facts) -> _Told | None:
    if not facts.mattering:
        return None
    swaps = swaps_of(facts)
    spans = sum(len(step.spans) or _MOST_SWAPS + 1 for step in [*facts.mattering, *_changed_headline(facts)])
    if spans > _MOST_SWAPS or spans > len(swaps):
        return None
    return ChangeKind.CORRECTION, "figures and names", swaps_told(swaps)


def _changed_headline(facts: Facts) -> tuple[Step, ...]:
    return (facts.headline,) if facts.headline_changed else ()


def _new_sentences(facts: Facts) -> _Told | None:
    came, went = facts.counts.words_added, facts.counts.words_removed
    if not facts.counts.added or went > _HARDLY_ANY * min(came, facts.old_words):
        return None
    return ChangeKind.ADDITION, "new sentences", amounts(facts)


def _sentences_gone(facts: Facts) -> _Told | None:
    came, went = facts.counts.words_added, facts.counts.words_removed
    if not facts.counts.removed or came > _HARDLY_ANY * min(went, facts.new_words):
        return None
    return ChangeKind.CUT, "sentences gone", amounts(facts)


def _moved_passages(facts: Facts) -> _Told | None:
    if any(step.kind not in {StepKind.MOVED, StepKind.LEFT} for step in facts.mattering):
        return None
    return ChangeKind.REORDER, "moved passages", amounts(facts)


def _mostly_new_words(facts: Facts) -> _Told | None:
    shorter = min(facts.old_words, facts.new_words)
    stayed = max(facts.old_words - facts.counts.words_removed, facts.new_words - facts.counts.words_added)
    if stayed >= _MOSTLY * shorter:
        return None
    evidence = f"{max(0, stayed)} of {shorter} words of the shorter text stayed; {amounts(facts)}"
    return ChangeKind.REWRITE, "mostly new words", evidence


def _words_changed(facts: Facts) -> _Told | None:
    return ChangeKind.EDIT, "words changed", amounts(facts)


_RULES: tuple[_Rule, ...] = (
    _same_text,
    _typography,
    _furniture,
    _notice_of_correction,
    _headline_alone,
    _figures_and_names,
    _new_sentences,
    _sentences_gone,
    _moved_passages,
    _mostly_new_words,
    _words_changed,
)
