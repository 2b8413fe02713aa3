"""URL identity: which document a cited URL means. Pure: reads no network, no file, no clock.

A cited URL passes through `crawler.urls.wrappers` (archives and translators off), `crawler.urls.repair` (wiki junk
off), `crawler.urls.parts` (checked and taken apart) and `crawler.urls.canonical` (what identifies a click off),
which applies the data in `crawler.urls.tracking` and `crawler.urls.rules`. `crawler.urls.explain` tells the steps
(`crawler.urls.steps`); ``tests/benchmarks/url_identity.py`` runs all of it over a list of URLs and reports what merges.
"""

from crawler.urls.identity import canonical_url, explain, host_of, identify, url_key
from crawler.urls.steps import Change, Step
from crawler.urls.wrappers import memento_time, memento_timestamp, unwrap

__all__ = [
    "Change",
    "Step",
    "canonical_url",
    "explain",
    "host_of",
    "identify",
    "memento_time",
    "memento_timestamp",
    "unwrap",
    "url_key",
]
