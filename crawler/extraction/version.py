"""Who extracted: names and versions, as articles carry them. Apart, since comparing them needs no extractor."""

from __future__ import annotations

from importlib.metadata import version

EXTRACTOR = "dateline"
"""Name of the extractor."""
EXTRACTOR_VERSION = "3 " + " ".join(
    f"{package}-{version(package)}"
    for package in ("trafilatura", "htmldate", "lxml", "chardet", "py3langid", "pypdfium2")
)
"""Ours, raised whenever results may change, and the libraries' whose change may change them."""

SAVED_EXTRACTOR = "saved-article"
"""Name of the extractor of articles that a person saved."""
SAVED_EXTRACTOR_VERSION = "1"
