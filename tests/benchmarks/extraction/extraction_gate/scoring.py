"""How an extractor's answer for one page compares with the truth, field by field.

Why F1 for every field but the body: most pages have no correction and no dateline, and a share of right answers would
be high for an extractor that never finds one. Here an invented value costs as much as a missed one.

The body is measured by 4-word shingles (a sign of a script without spaces is a word): precision and recall are means
over pages, F1 is their harmonic mean.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass, field

_TOKEN = re.compile(r"[぀-ヿ㐀-鿿가-힯]|[^\W぀-ヿ㐀-鿿가-힯]+")
_PUNCTUATION = re.compile(r"[^\w\s]")
FIELDS = (
    *("title", "standfirst", "authors", "roles", "date", "moment", "modified", "modified_moment", "site", "lang"),
    *("section", "keywords", "image", "caption", "credit", "dateline", "agency", "corrections", "canonical"),
    *("access", "medium", "entries", "clocks"),
)


@dataclass(kw_only=True, slots=True)
class Tally:
    """Right, invented and missed values of one field."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def f1(self):
        """1 where there was nothing to find and nothing was found."""
        total = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / total if total else 1.0

    @property
    def asked(self):
        """Whether the pages or the extractor have the field at all."""
        return bool(self.right + self.wrong + self.missed)


@dataclass(kw_only=True, slots=True)
class Scores:
    """Of one extractor on some pages."""

    precisions: list = field(default_factory=list)
    recalls: list = field(default_factory=list)
    tallies: dict = field(default_factory=lambda: defaultdict(Tally))
    trust: dict = field(default_factory=lambda: defaultdict(list))
    winners: Counter = field(default_factory=Counter)

    @property
    def body(self):
        """F1 of the mean precision and the mean recall."""
        precision, recall = (sum(part) / max(1, len(part)) for part in (self.precisions, self.recalls))
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0

    def add(self, truth, answer):
        """Count one page; returns the fields that are not right, each with what is true and what was found."""
        if truth.body:
            precision, recall = body_scores(truth, answer.get("text") or "")
            self.precisions.append(precision)
            self.recalls.append(recall)
        self.winners[answer.get("winner") or "none"] += 1
        faults = {}
        for name, (expected, found) in _compared(truth, answer).items():
            if name in truth.unscored:
                continue
            right = len(expected & found)
            tally = self.tallies[name]
            tally.right += right
            tally.wrong += len(found - expected)
            tally.missed += len(expected - found)
            if found and name in answer.get("confidence", {}):
                self.trust[name].append((answer["confidence"][name], found <= expected))
            if expected != found:
                faults[name] = (sorted(expected), sorted(found))
        return faults


def tokens(text):
    """Words, or single signs of scripts without spaces."""
    return _TOKEN.findall(unicodedata.normalize("NFKC", text))


def shingles(text):
    """Runs of four tokens with their counts."""
    found = tokens(text)
    return Counter(tuple(found[at : at + 4]) for at in range(max(1, len(found) - 3)) if found)


def body_scores(truth, text):
    """Precision and recall of the text; optional lines count as true where they are there."""
    found = shingles(text)
    lines = list(truth.body)
    for place, line in sorted(truth.optional, reverse=True):
        own = shingles(line)
        if sum((own & found).values()) >= 0.8 * sum(own.values()):
            lines.insert(place, line)
    true = shingles("\n".join(lines))
    common = sum((true & found).values())
    return common / max(1, sum(found.values())), common / max(1, sum(true.values()))


def fold(text):
    """Without case, punctuation and the kinds of spaces."""
    return " ".join(_PUNCTUATION.sub(" ", unicodedata.normalize("NFKC", text or "").casefold()).split())


def _one(value):
    folded = fold(value)
    return {folded} if folded else set()


def _file_name(url):
    return {url.split("?")[0].rsplit("/", 1)[-1].casefold()} if url else set()


def _url(url):
    return {url.partition("://")[2].rstrip("/")} if url else set()


def _near(expected, found):
    """A found text stands for the expected one if it is the same, or lacks or adds a label at its beginning."""
    return {
        next((true for true in expected if true == one or one.endswith(f" {true}") or _tail_of(one, true)), one)
        for one in found
    }


def _tail_of(one, true):
    return true.endswith(f" {one}") and len(one) >= 0.7 * len(true)


def _compared(truth, answer):
    """Field -> (expected, found) as sets of comparable values; fields whose truth is unknown are left out."""
    compared = {"title": (_one(truth.headline), _one(answer.get("title")))} if truth.headline else {}
    plain = {
        "standfirst": truth.standfirst, "site": truth.site_name, "lang": truth.language, "section": truth.section,
        "caption": truth.caption, "dateline": truth.dateline, "agency": truth.agency,
    }  # fmt: skip
    for name, value in plain.items():
        if value is not None:
            compared[name] = (_one(value), _one(answer.get(name)))
    if truth.credit is not None:
        expected = _one(truth.credit)
        compared["credit"] = (expected, _near(expected, _one(answer.get("credit"))))
    if truth.image is not None:
        compared["image"] = (_file_name(truth.image), _file_name(answer.get("image")))
    if truth.declared_url is not None:
        compared["canonical"] = (_url(truth.declared_url), _url(answer.get("canonical")))
    return compared | _people(truth, answer) | _times(truth, answer) | _lists(truth, answer) | _kinds(truth, answer)


def _people(truth, answer):
    if truth.people is None:
        return {}
    expected = {fold(name) for name in truth.people}
    perhaps = {fold(name) for name in truth.perhaps_people} - expected
    found = {fold(name) for name in answer.get("authors", ()) if fold(name)} - perhaps
    roles = {f"{fold(name)}: {fold(role)}" for name, role in truth.roles.items()}
    stated = {f"{fold(name)}: {fold(role)}" for name, role in answer.get("roles", {}).items() if fold(name) in expected}
    stated -= {
        role for role in stated - roles if role.partition(": ")[0] in {fold(name) for name in truth.perhaps_people}
    }
    return {"authors": (expected, found), "roles": (roles, stated)}


def _times(truth, answer):
    compared = {}
    for name, exact, dated in (("date", "moment", truth.published), ("modified", "modified_moment", truth.modified)):
        value = str(answer.get(name) or "")
        expected = {dated.day} if dated else set()
        day = value[:10]
        same = dated is not None and day in {dated.day, f"{dated.value:%Y-%m-%d}"}
        compared[name] = (expected, expected if same else {day} if day else set())
        precision = answer.get(f"{name}_precision")
        if precision or not value:
            moment = {f"{dated.value.isoformat()} {dated.precision}"} if dated and dated.precision else set()
            if dated is None or dated.precision:
                compared[exact] = (moment, {f"{value} {precision}"} if value else set())
    return compared


def _lists(truth, answer):
    compared = {}
    if truth.keywords is not None:
        compared["keywords"] = (
            {fold(one) for one in truth.keywords},
            {fold(one) for one in answer.get("keywords", ())},
        )
    if truth.corrections is not None:
        expected = {fold(one) for one in truth.corrections}
        compared["corrections"] = (expected, _near(expected, {fold(one) for one in answer.get("corrections", ())}))
    if truth.entries is not None:
        given = answer.get("entries", ())
        starts = {fold(text)[:80]: clock for text, clock in truth.entries}
        found = {fold(text)[:80]: clock for text, clock in given}
        compared["entries"] = (set(starts), set(found))
        compared["clocks"] = (
            {f"{text[:40]} {clock}" for text, clock in starts.items()},
            {f"{text[:40]} {clock}" for text, clock in found.items() if clock},
        )
    return compared


def _kinds(truth, answer):
    compared = {}
    for name, value, usual in (("access", truth.access, {"full", "unknown"}), ("medium", truth.medium, {"text"})):
        if value is not None:
            compared[name] = ({value} - usual, {str(answer.get(name) or "")} - usual - {""})
    return compared
