"""From a PDF document to an article: press releases, reports and newspaper pages that event entries cite."""

from crawler.extraction.pdf.article import article_of_pdf, is_pdf

__all__ = ["article_of_pdf", "is_pdf"]
