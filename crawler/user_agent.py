"""How we call ourselves to every server."""

from __future__ import annotations

from crawler.configuration import Configuration
from storage import __version__


def user_agent(configuration: Configuration) -> str:
    """An honest name: what we are, and whom to write to."""
    contact = configuration.text("crawl.contact")
    return f"dateline/{__version__} (news citation archiver{'; ' + contact if contact else ''})"
