"""The library, opened once more by a worker for work that takes its time.

Why not the worker's own store: it is asked for one thing at a time, and what prolongs the worker's leases would wait
behind the reading of captures and the telling of stories.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager

from crawler.configuration import Configuration
from crawler.library import Library, open_library
from crawler.store_thread import StoreThread


@asynccontextmanager
async def own_library(configuration: Configuration) -> AsyncIterator[tuple[Library, StoreThread]]:
    """The library, and the thread in which its store is to be asked.

    Raises:
        LibraryError, StoreUnavailable: it cannot be opened.
    """
    with_library = ExitStack()
    try:
        library = await asyncio.to_thread(with_library.enter_context, open_library(configuration))
        thread = StoreThread(library.store)
        with_library.callback(thread.close)
        yield library, thread
    finally:
        await asyncio.to_thread(with_library.close)
