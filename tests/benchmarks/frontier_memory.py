"""A frontier of a million documents: what it costs in memory, and how long it takes to hand out work.

    python tests/benchmarks/frontier_memory.py [--documents 1000000] [--hosts 5000]

The baseline is the same loop over a thousand documents in the same run. Hosts are skewed as in real archives: the n-th
largest has documents in proportion to 1/n.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path

from crawler.frontier import Frontier, FrontierLimits
from crawler.host_states import HostStates
from crawler.store_thread import StoreThread
from storage import open_store
from storage.types import DocumentIdentity, EntryOrigin, LooseSource, Selection, utc_now

_BATCH = 5000
_TAKEN = 5000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=1_000_000)
    parser.add_argument("--hosts", type=int, default=5000)
    options = parser.parse_args()
    small = measure(1000, 100)
    large = measure(options.documents, options.hosts)
    print(f"memory of {options.documents} over 1000 documents: {large[0] - small[0]:+.1f} MB")
    print(f"time to hand out one document: {large[1] / small[1]:.1f} times that of 1000 documents")


def measure(documents: int, hosts: int) -> tuple[float, float]:
    """(MB that the loop added, milliseconds per document handed out)."""
    with (
        tempfile.TemporaryDirectory() as folder,
        open_store(f"sqlite:///{Path(folder) / 'f.db'}", upgrade=True) as store,
    ):
        begun = time.monotonic()
        sources = loose(documents, hosts)
        while batch := list(islice(sources, _BATCH)):
            store.put_loose(batch, now=utc_now())
        filled_s = time.monotonic() - begun
        before = resident_mb()
        seconds, taken = asyncio.run(hand_out(store, min(documents, _TAKEN)))
        added = resident_mb() - before
    print(
        f"{documents} documents on {hosts} hosts: filled {documents / filled_s:.0f}/s,"
        f" {taken} handed out at {1000 * seconds / taken:.2f} ms each, {added:+.1f} MB"
    )
    return added, 1000 * seconds / taken


def loose(documents: int, hosts: int) -> Iterator[LooseSource]:
    origin = EntryOrigin(name="-", line=1, format="urls")
    shares = [1 / (number + 1) for number in range(hosts)]
    whole = sum(shares)
    for number, share in enumerate(shares):
        host = f"h{number}.example"
        for page in range(max(1, round(documents * share / whole))):
            url = f"http://{host}/{page}"
            identity = DocumentIdentity(
                canonical_url=url.replace("http", "https"),
                request_url=url,
                url_key=f"example,h{number})/{page}",
                host=host,
            )
            yield LooseSource(cited_url=url, identity=identity, origin=origin)


async def hand_out(store, count: int) -> tuple[float, int]:
    thread = StoreThread(store)
    limits = FrontierLimits(hosts=64, lease=timedelta(minutes=5))
    frontier = Frontier(
        store=thread, token="run", selection=Selection(), limits=limits, since=utc_now(), hosts=HostStates(delay_s=0.0)
    )
    taken = 0
    begun = time.monotonic()
    while taken < count and (documents := await frontier.take()):
        taken += len(documents)
        for document in documents:
            await thread.call(
                lambda opened, url=document.canonical_url: opened.reschedule(
                    Selection(canonical_url=url), next_fetch_at=None
                )
            )
            frontier.done(document)
    seconds = time.monotonic() - begun
    await frontier.close()
    thread.close()
    return seconds, taken


def resident_mb() -> float:
    """Resident memory now (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


if __name__ == "__main__":
    main()
