"""How Chromium is started and what a page may do in it.

Why its own sandbox is off for root only: Chromium refuses to run sandboxed as root; for everybody else the sandbox is
the wall between a hostile page and the machine, and nothing here turns it off.

Why the honest user agent also here: a page that is shown to a browser and refused to a crawler is a page that its
owner does not want crawled. Scripts that look can tell that the browser is driven (``navigator.webdriver``); nothing
hides it.

Why a page has to rest for a whole second: half a second is shorter than many a delivery network takes for the next
answer. It also keeps the response and what was made of it in different seconds; archive tools tell captures of one URL
apart by the second, and replay one in place of the other where they cannot.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

from crawler.browser.availability import browser_path
from crawler.configuration import Configuration

_SWITCHES = (
    # Nothing that Chromium wants for itself. What it asks for all the same, the gateway refuses.
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-domain-reliability",
    "--disable-breakpad",
    "--no-pings",
    # Ways around a proxy: UDP, and names looked up ahead of time.
    "--disable-quic",
    "--dns-prefetch-disable",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    # What a page that shows text does not need.
    "--disable-gpu",
    "--disable-3d-apis",
    "--mute-audio",
    "--blink-settings=imagesEnabled=false",
    # MiB of heap for the scripts of one page; beyond it, its process ends and the browser goes on.
    "--js-flags=--max-old-space-size=256",
)
_QUIET_S = 1.0
_PATIENCE = 0.7
_AT_A_TIME = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class BrowserLimits:
    """How long and how much.

    Attributes:
        timeout_s: for one page from being opened to being read.
        patience_s: a page that has not come to rest by then is read as it is.
        quiet_s: a page is at rest that has asked for nothing and changed nothing for so long.
        most_bytes: of the page as its scripts built it, and of everything that they load.
        pages: open at the same time.
    """

    timeout_s: float
    patience_s: float
    quiet_s: float
    most_bytes: int
    pages: int

    @classmethod
    def of(cls, configuration: Configuration) -> BrowserLimits:
        """The limits that a library's settings mean."""
        timeout_s = configuration.number("crawl.timeout_s")
        return cls(
            timeout_s=timeout_s,
            patience_s=_PATIENCE * timeout_s,
            quiet_s=_QUIET_S,
            most_bytes=configuration.size("crawl.max_mb"),
            pages=_AT_A_TIME,
        )


def launch_options(configuration: Configuration, gateway_url: str) -> dict[str, Any]:
    """Playwright's options for starting the browser behind the gateway."""
    return {
        "executable_path": browser_path(configuration),
        "headless": True,
        "chromium_sandbox": os.geteuid() != 0,
        "handle_sigint": False,
        "handle_sigterm": False,
        "handle_sighup": False,
        "proxy": {"server": gateway_url, "bypass": "<-loopback>"},
        "args": list(_SWITCHES),
        # Without it Chromium itself keeps pages from opening windows that nobody asked for.
        "ignore_default_args": ["--disable-popup-blocking"],
        "timeout": 60_000,
    }


def context_options(
    gateway_url: str, *, user: str, secret: str, user_agent: str, verify_tls: bool = True
) -> dict[str, Any]:
    """Playwright's options for the context of one page: nothing of any other page, and nothing kept."""
    return {
        "proxy": {"server": gateway_url, "bypass": "<-loopback>", "username": user, "password": secret},
        "user_agent": user_agent,
        "ignore_https_errors": not verify_tls,
        "service_workers": "block",
        "accept_downloads": False,
        "permissions": [],
        "viewport": {"width": 1280, "height": 1024},
    }
