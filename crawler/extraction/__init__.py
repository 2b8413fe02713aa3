"""From a captured page to an article: text and metadata, each field with its evidence. Pure: no network, no files."""

from crawler.extraction.article import (
    EXTRACTOR,
    EXTRACTOR_VERSION,
    OpenedPage,
    article_of,
    extract,
    open_page,
)
from crawler.extraction.page import NoArticle, PageInput
from crawler.extraction.pdf import is_pdf
from crawler.extraction.saved import article_of_saved

__all__ = [
    "EXTRACTOR",
    "EXTRACTOR_VERSION",
    "NoArticle",
    "OpenedPage",
    "PageInput",
    "article_of",
    "article_of_saved",
    "extract",
    "is_pdf",
    "open_page",
]
