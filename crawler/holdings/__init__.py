"""WARC, ARC and WACZ files of others that a person has on disk: indexed once, then asked like any other archive.

`crawler.holdings.indexing` takes files in: `finding` says which, `files` opens them, `reading` (with `scanning` for
what is wanted out of a large one) gives their records, the store keeps these. `crawler.holdings.handler` answers ``warc://``
from the store and, by `records_at`, from the files.
"""
