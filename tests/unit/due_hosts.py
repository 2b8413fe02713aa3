"""Documents that are due on invented hosts, and who has leased those."""

from datetime import UTC, datetime

from crawler.urls import identify
from storage.types import EntryOrigin, LooseSource

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def fill(store, hosts=1, pages=3):
    """Let so many documents be due on each of the hosts h0.example, h1.example and so on."""
    origin = EntryOrigin(name="-", line=1, format="urls")
    urls = [f"http://h{host}.example/{page}" for host in range(hosts) for page in range(pages)]
    store.put_loose([LooseSource(cited_url=url, identity=identify(url), origin=origin) for url in urls], now=NOW)


def lease_tokens(store):
    """Who holds each of the hosts that somebody holds."""
    return {host.name: host.lease_token for host in store.hosts(now=NOW) if host.lease_token}
