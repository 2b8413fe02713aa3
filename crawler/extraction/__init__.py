"""From a captured page to an article: text and metadata, each field with its evidence. Pure: no network, no files."""

from crawler.extraction.article import EXTRACTOR, EXTRACTOR_VERSION, extract
from crawler.extraction.page import NoArticle, PageInput
from crawler.extraction.saved import article_of_saved

__all__ = ["EXTRACTOR", "EXTRACTOR_VERSION", "NoArticle", "PageInput", "article_of_saved", "extract"]
