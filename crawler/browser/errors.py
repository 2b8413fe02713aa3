"""What can go wrong with a page in the browser, as the downloader's exceptions that `crawler.outcomes` knows.

Why so few: the page itself is fetched before the browser sees it, so names that do not resolve, certificates and
refused connections are told by the usual handler in the usual way.
"""

from __future__ import annotations

from scrapy.exceptions import DownloadCancelledError, DownloadConnectionRefusedError, DownloadTimeoutError


class BrowserTimeout(DownloadTimeoutError):
    """The page's scripts left no moment in which the page could be read."""


class RenderedTooLarge(DownloadCancelledError):
    """The page as its scripts built it has more bytes than one response may have."""


class BrowserEnded(DownloadConnectionRefusedError):
    """The browser, or its process for this page, ended while the page was shown."""


class BrowserUnavailable(Exception):
    """The browser cannot be started; told once, pages then stay as the server sent them."""
