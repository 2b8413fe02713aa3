"""What a browser is told about every answer.

Nothing is loaded from elsewhere, no script runs but our own file, nobody frames our pages, and no address of them goes
to the sites that they link to. (Our own pages do get it: a browser that tells nobody sends forms with ``Origin: null``,
as a stranger's page would.) A captured page is a stranger's: it is shown in a frame without an origin, in which no
script runs, no form is sent and nothing is loaded (`CAPTURED`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

OWN: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""The Content-Security-Policy of our pages."""

CAPTURED: Final = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline' data:; img-src data:; font-src data:; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)
"""That of a captured page; ``sandbox`` holds where it is opened by its address, too."""

EVERYWHERE: Final[Mapping[str, str]] = {
    "Cache-Control": "private, no-cache",
    "Content-Security-Policy": OWN,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-DNS-Prefetch-Control": "off",
    "X-Frame-Options": "DENY",
    "X-Permitted-Cross-Domain-Policies": "none",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
"""Headers of every answer that does not say otherwise."""

IN_OWN_FRAME: Final[Mapping[str, str]] = {
    "Content-Security-Policy": CAPTURED,
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "SAMEORIGIN",
    "Cross-Origin-Resource-Policy": "same-site",
}
"""Headers of a captured page, which our own pages frame."""
