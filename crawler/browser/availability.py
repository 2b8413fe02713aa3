"""Whether pages can be opened in a browser here, and what to do where they cannot.

Why no version of the browser is asked for: Playwright speaks the protocol of every Chromium of the last years, and
starting one only to ask costs half a second of each command.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path

from crawler.configuration import Configuration

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
"""What the programs are called that are looked for in the search path, the first found is taken."""

_PACKAGES = ("scrapy_playwright", "playwright")


def available(configuration: Configuration) -> bool:
    """Whether the settings want a browser and everything that it needs is installed."""
    return not missing_reason(configuration)


def missing_reason(configuration: Configuration) -> str:
    """Why no page is opened in a browser, in one sentence that says what to do; empty where all is there."""
    if not configuration.flag("crawl.browser"):
        return "crawl.browser is false: pages that need JavaScript are not opened in a browser"
    absent = [name for name in _PACKAGES if importlib.util.find_spec(name) is None]
    if absent:
        return f"the Python package {absent[0]} is not installed: pip install 'dateline[browser]'"
    return "" if browser_path(configuration) else _no_browser(configuration.text("crawl.browser_path"))


def browser_path(configuration: Configuration) -> str:
    """The program to start: the one that ``crawl.browser_path`` names, else the system's; empty where there is none."""
    named = configuration.text("crawl.browser_path")
    if named:
        path = Path(named).expanduser()
        return str(path) if path.is_file() and os.access(path, os.X_OK) else ""
    return next((found for name in NAMES if (found := shutil.which(name))), "")


def _no_browser(named: str) -> str:
    if named:
        return f"crawl.browser_path names {named}, which is no program that can be started"
    return (
        f"no browser was found (looked in the search path for {', '.join(NAMES)}): install Chromium,"
        " or name one with crawl.browser_path"
    )
