"""What the guard raises: failures of the world, which `crawler.outcomes` turns into outcomes.

Why ``IgnoreRequest`` and not the package's own tree: inside Scrapy that class means "not an accident, no traceback",
and middlewares that see it (robots.txt's among them) treat it as a refusal of ours.
"""

from __future__ import annotations

from scrapy.exceptions import IgnoreRequest

__all__ = ["ForbiddenAddress", "ResponseTooLarge", "UntrustedCertificate"]


class ForbiddenAddress(IgnoreRequest):
    """No connection is made for this URL.

    Attributes:
        url: as it was to be requested.
        reason: which address or which part of the URL is refused, and why.
    """

    def __init__(self, url: str, reason: str) -> None:
        self.url, self.reason = url, reason
        super().__init__(f"not connected: {reason}")


class ResponseTooLarge(IgnoreRequest):
    """More than one of our limits allows came over the wire; the text says of what."""


class UntrustedCertificate(IgnoreRequest):
    """The server's certificate is not valid for its host; ``problem`` says why."""

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__(f"the certificate is not valid: {problem}")
