"""How far a crawl is, by the log of the web that it asks."""

import time


def pages_served(web):
    """How many requests for pages have been answered."""
    return sum(access.target != "/robots.txt" for access in web.log)


def wait_for_pages(web, count, process, patience_s=60):
    """Wait until so many are answered, the crawl ends or patience does; returns whether they are."""
    deadline = time.monotonic() + patience_s
    while pages_served(web) < count and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    return pages_served(web) >= count
