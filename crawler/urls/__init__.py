"""URL identity: which document a cited URL means. Pure: reads no network, no file, no clock.

A cited URL passes through `crawler.urls.wrappers` (archives and translators off), `crawler.urls.repair` (wiki junk
off), `crawler.urls.parts` (checked and taken apart) and `crawler.urls.canonical` (what identifies a click off),
which applies the data in `crawler.urls.tracking` and `crawler.urls.rules`.
"""

from crawler.urls.identity import canonical_url, host_of, identify, url_key
from crawler.urls.wrappers import memento_time, memento_timestamp, unwrap

__all__ = ["canonical_url", "host_of", "identify", "memento_time", "memento_timestamp", "unwrap", "url_key"]
