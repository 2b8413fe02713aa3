"""From a captured page to an article: text and metadata, each field with its evidence. Pure: no network, no files.

What goes in and what comes out stands here; `article.extract` does the work. The package itself loads no extractor:
that costs more than a second of CPU, and the process that crawls only hands pages to the workers that have it.
"""

from crawler.extraction.page import NoArticle, PageInput
from crawler.extraction.version import EXTRACTOR, EXTRACTOR_VERSION

__all__ = ["EXTRACTOR", "EXTRACTOR_VERSION", "NoArticle", "PageInput"]
