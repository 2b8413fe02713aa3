"""Fit the weights and curves of `crawler.linking.weighing` and print them, to be pasted there.

``python tests/benchmarks/linking/fit.py FILE.jsonl [--model FOLDER]``: on the months that are not held out. With the
same file and program it prints the same numbers.
"""

import argparse
import math
from dataclasses import replace
from datetime import timedelta

import numpy as np
from linking_gate.external import external_cases
from linking_gate.searching import Shelf
from scipy.optimize import minimize

from crawler.linking import Finder, Vocabulary
from crawler.linking.features import Features
from crawler.linking.sides import read_article

_RIDGE = 1.0
_TURN = 2022
_THINNED = (0.03, 0.15)
"""Shares of an article's candidates that stand for smaller libraries."""


def main():
    """Print the block."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file")
    parser.add_argument("--model")
    given = parser.parse_args()
    dated = external_cases(given.file)
    vocabulary, shelf = Vocabulary(dated.events), Shelf(dated.events)
    embedder = None
    if given.model:
        from crawler.linking.embedding import OnnxEmbedder  # noqa: PLC0415 - an extra

        embedder = OnnxEmbedder(given.model)
    finder = Finder(vocabulary, embedder)
    used = np.array([name != "meaning" or embedder is not None for name in Features._fields])
    pairs = features_of(dated.cases, finder, shelf)
    weights = fitted_weights(pairs, used)
    print("weights =", Features(*(round(float(one), 2) for one in weights)))
    undated = [replace(case, article=replace(case.article, dated=False)) for case in dated.cases]
    strangers = features_of(elsewhen(dated.cases), finder, shelf)
    for name, some in (("dated", pairs), ("undated", features_of(undated, finder, shelf))):
        rows = with_fewer(some) + with_fewer(strangers)
        start, strength = fitted_curve(rows, weights.round(2))
        print(f"{name} = Curve(start={start:.2f}, strength={strength:.3f})")


def elsewhen(cases):
    """The articles as if they had been reported a year from their day: news that no entry tells of."""
    for case in cases:
        moment = case.article.reported_at + timedelta(365 if case.article.reported_at.year < _TURN else -365)
        yield replace(case, article=replace(case.article, reported_at=moment), right=frozenset())


def features_of(cases, finder, shelf):
    """(features of all candidates, which are right) per article to be fitted on."""
    out = []
    for case in cases:
        if case.held_out:
            continue
        read = read_article(case.article, finder.vocabulary)
        found = finder.pairs(read, shelf.candidates(case.article, finder.vocabulary))
        if found:
            right = np.array([event.event.key in case.right for event, _ in found])
            out.append((np.array([has for _, has in found]), right))
    return out


def fitted_weights(pairs, used):
    """Conditional logit: the right event against the other candidates of its article."""
    some = [(found * used, right) for found, right in pairs if right.any()]

    def loss(weights):
        total, slope = _RIDGE * weights @ weights / 2, _RIDGE * weights
        for found, right in some:
            strength = found @ weights
            share = np.exp(strength - strength.max())
            share /= share.sum()
            good = share * right
            total -= math.log(good.sum() + 1e-12)
            slope = slope + found.T @ (share - good / good.sum())
        return total, slope

    return minimize(loss, np.zeros(len(used)), jac=True, method="L-BFGS-B").x


def with_fewer(pairs):
    """The articles as they are, among fewer events, and each of these without the events that it reports."""
    rng = np.random.default_rng(1)
    out = list(pairs)
    for share in _THINNED:
        for found, right in pairs:
            kept = right | (rng.random(len(right)) < share)
            out.append((found[kept], right[kept]))
    return out + [(found[~right], right[~right]) for found, right in out if not right.all()]


def fitted_curve(pairs, weights):
    """Logistic regression of "one of them is right" on the strength of the best."""
    table = np.array([(1.0, (found @ weights).max()) for found, _ in pairs if len(found)])
    truth = np.array([float(right.any()) for found, right in pairs if len(found)])

    def loss(curve):
        odds = table @ curve
        return (np.logaddexp(0, odds) - truth * odds).sum(), table.T @ (1 / (1 + np.exp(-odds)) - truth)

    return minimize(loss, np.zeros(2), jac=True, method="L-BFGS-B").x


if __name__ == "__main__":
    main()
