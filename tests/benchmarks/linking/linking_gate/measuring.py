"""How often the right event comes first, how many are found at a precision, and whether scores keep their word."""

from collections import defaultdict
from dataclasses import dataclass, field


@dataclass(kw_only=True)
class Figures:
    """What one method does on one set; shares are of all articles that have an event, found or not.

    ``answers`` holds (score, whether right) of each article's best event, ``places`` where the first right one stands.
    """

    articles: int = 0
    places: list = field(default_factory=list)
    answers: list = field(default_factory=list)
    proposals: list = field(default_factory=list)

    def add(self, right, ranked):
        """One article; ``ranked`` is (event key, score) best first."""
        self.articles += bool(right)
        keys = [key for key, _ in ranked]
        if right:
            self.places.append(next((place for place, key in enumerate(keys, start=1) if key in right), 0))
        if ranked:
            self.answers.append((ranked[0][1], keys[0] in right))
        self.proposals += [(score, key in right) for key, score in ranked[:5]]

    def recall_at(self, most):
        """Share of articles with a right event among so many."""
        return sum(0 < place <= most for place in self.places) / max(1, self.articles)

    def recall_at_precision(self, wanted):
        """Share of articles whose best event is right and stands above the lowest score that keeps this precision."""
        right = best = 0
        for number, (_, is_right) in enumerate(sorted(self.answers, key=lambda one: -one[0]), start=1):
            right += is_right
            if right / number >= wanted:
                best = right
        return best / max(1, self.articles)

    def above(self, threshold):
        """(pairs above, share of them that is right, share of all articles that has a right one)."""
        taken = [is_right for score, is_right in self.proposals if score >= threshold]
        return len(taken), sum(taken) / max(1, len(taken)), sum(taken) / max(1, self.articles)

    def calibration(self, steps=10):
        """(mean score, share that is right, pairs) per tenth."""
        bins = defaultdict(list)
        for score, is_right in self.proposals:
            bins[min(steps - 1, int(score * steps))].append((score, is_right))
        return [
            (sum(score for score, _ in one) / len(one), sum(right for _, right in one) / len(one), len(one))
            for _, one in sorted(bins.items())
        ]


def measure(cases, finder, shelf):
    """Figures of `Finder.find` over the cases."""
    figures = Figures()
    for case in cases:
        found = finder.find(case.article, shelf.candidates(case.article, finder.vocabulary))
        figures.add(case.right, [(one.event.key, one.probability) for one in found])
    return figures


def measure_plain(cases, shelf):
    """Figures of the baseline."""
    figures = Figures()
    for case in cases:
        figures.add(case.right, [(event.key, rank) for event, rank in shelf.plain(case.article)])
    return figures
