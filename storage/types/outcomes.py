"""What can come of one fetch attempt: one vocabulary for the live web and for archives."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """What came of one fetch attempt: a closed set, each with its own sentence in `OUTCOME_MEANINGS`."""

    FETCHED = "fetched"
    TEASER = "teaser"
    IMAGE = "image"
    FEED = "feed"
    NOT_MODIFIED = "not_modified"
    IMPORTED = "imported"
    NO_ARTICLE = "no_article"
    NOT_HTML = "not_html"
    NOT_IMAGE = "not_image"
    NOT_FEED = "not_feed"
    SOFT_404 = "soft_404"
    CONSENT_WALL = "consent_wall"
    LOGIN_WALL = "login_wall"
    CHALLENGE = "challenge"
    NEEDS_JAVASCRIPT = "needs_javascript"
    GONE = "gone"
    BLOCKED = "blocked"
    RATE_LIMITED = "rate_limited"
    HTTP_ERROR = "http_error"
    SERVER_ERROR = "server_error"
    ROBOTS = "robots"
    ROBOTS_UNREACHABLE = "robots_unreachable"
    TIMEOUT = "timeout"
    DNS = "dns"
    CONNECTION = "connection"
    TLS = "tls"
    TOO_LARGE = "too_large"
    REDIRECTS = "redirects"
    BAD_RESPONSE = "bad_response"
    BAD_URL = "bad_url"
    FORBIDDEN_ADDRESS = "forbidden_address"
    UNRELATED = "unrelated"
    NOT_REPLAYED = "not_replayed"
    EXCLUDED = "excluded"
    EXTRACTION_LIMIT = "extraction_limit"
    FAILED = "failed"


OUTCOME_MEANINGS: dict[Outcome, str] = {
    Outcome.FETCHED: "the page was fetched and an article was extracted from it",
    Outcome.TEASER: "the page shows only the beginning of its article; the beginning is kept",
    Outcome.IMAGE: "the lead image of an article was fetched and is stored",
    Outcome.FEED: "a feed, sitemap or section page was read for the articles that it names",
    Outcome.NOT_MODIFIED: "the server says that the page is unchanged since the last capture (304)",
    Outcome.IMPORTED: "the text was imported from a saved article, not fetched",
    Outcome.NO_ARTICLE: "the page was fetched but is no article: a home or section page, a gallery, too little text",
    Outcome.NOT_HTML: "the response is not a page (a PDF without text, an image, a video, a feed)",
    Outcome.NOT_IMAGE: "what came in place of a lead image is no image that we read: a page, a broken file",
    Outcome.NOT_FEED: "what came in place of a feed names nothing that we read: a page, a broken file",
    Outcome.SOFT_404: "the page is gone, though the status is a success: it says so, or another page came in its place",
    Outcome.CONSENT_WALL: "a consent form (cookies, terms, age) came in place of the page",
    Outcome.LOGIN_WALL: "a login or registration form came in place of the page",
    Outcome.CHALLENGE: "a check against robots came in place of the page",
    Outcome.NEEDS_JAVASCRIPT: "the page is an empty shell that a script would fill",
    Outcome.GONE: "the server says that the page does not exist (404, 410)",
    Outcome.BLOCKED: "the server refuses us (401, 402, 403, 451)",
    Outcome.RATE_LIMITED: "the server says that we ask too often (429)",
    Outcome.HTTP_ERROR: "any other HTTP status that is not a success (4xx, stray 1xx or 3xx)",
    Outcome.SERVER_ERROR: "the server failed (5xx, or an error page sent as a success)",
    Outcome.ROBOTS: "robots.txt asks crawlers to stay away",
    Outcome.ROBOTS_UNREACHABLE: "robots.txt could not be read (5xx): nothing is fetched until it can",
    Outcome.TIMEOUT: "no complete answer within the time limit",
    Outcome.DNS: "the host name does not resolve",
    Outcome.CONNECTION: "the connection was refused, reset or lost",
    Outcome.TLS: "the certificate or the TLS handshake is not valid",
    Outcome.TOO_LARGE: "the response is larger than the byte limit",
    Outcome.REDIRECTS: "too many redirects, a loop, or a redirect that leads nowhere",
    Outcome.BAD_RESPONSE: "the server's answer is not valid HTTP or stops before its announced end",
    Outcome.BAD_URL: "the URL cannot be requested (no http or https, no host)",
    Outcome.FORBIDDEN_ADDRESS: "the URL leads to a private or special address, or to a port that is not the web's",
    Outcome.UNRELATED: "an archived copy shows an article, but not the one that the event entries cite",
    Outcome.NOT_REPLAYED: "the archive lists this copy but does not give it",
    Outcome.EXCLUDED: "the archive keeps this site out of reach",
    Outcome.EXTRACTION_LIMIT: "extraction was stopped at its time or memory limit; the capture is kept",
    Outcome.FAILED: "our own code failed; the log has the details, the capture is kept where there is one",
}


SUCCESSES = frozenset({Outcome.FETCHED, Outcome.IMAGE, Outcome.FEED, Outcome.NOT_MODIFIED, Outcome.IMPORTED})
"""Outcomes after which nothing is missing: they end a row of failures."""

WITH_ARTICLE = frozenset({Outcome.FETCHED, Outcome.TEASER})
"""Outcomes of attempts whose page gave an article."""
