"""Which event entries does an article report? By content; pure: reads no store, no file, no clock.

`crawler.linking.terms` cuts text into terms, with the data in `crawler.linking.places`; `crawler.linking.vocabulary`
says how much each tells; `crawler.linking.sides` readies an article and an event, `crawler.linking.features` compares
them, `crawler.linking.weighing` makes a probability of that, `crawler.linking.finding` does so for all candidates of an
article, and `crawler.linking.judging` makes event links of the good ones. `crawler.linking.candidates` says where
candidates are sought. `crawler.linking.embedding` is the sentence model, an extra.
"""

from crawler.linking.candidates import days_around, search_words
from crawler.linking.finding import Embedder, Finder, Found
from crawler.linking.judging import evidence_of, links_of, state_of
from crawler.linking.vocabulary import Vocabulary
from crawler.linking.weighing import LINKED, PROPOSED

__all__ = [
    "LINKED",
    "PROPOSED",
    "Embedder",
    "Finder",
    "Found",
    "Vocabulary",
    "days_around",
    "evidence_of",
    "links_of",
    "search_words",
    "state_of",
]
