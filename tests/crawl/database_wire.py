"""The way from one machine to the database, which can be cut without either end noticing.

Why it keeps what is under way while it is cut, and delivers it when it is mended: that is the worst that a network
does. A statement that was on its way when a worker's leases ended arrives when somebody else has its hosts.
"""

import asyncio
import threading
from contextlib import suppress

from sqlalchemy import make_url


class DatabaseWire:
    """Forwards connections to the server of a database's URL; a context manager.

    Attributes:
        url: of the same database through this wire.
        held: how many pieces wait because it is cut.
    """

    def __init__(self, url):
        self._far = make_url(url)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._whole = asyncio.Event()
        self._tasks = set()
        self.held = 0
        self.url = ""

    def __enter__(self):
        self._thread.start()
        port = asyncio.run_coroutine_threadsafe(self._serve(), self._loop).result(10)
        self.url = self._far.set(host="127.0.0.1", port=port).render_as_string(hide_password=False)
        return self

    def __exit__(self, *_):
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def cut(self):
        """From now on nothing passes; nobody is told."""
        self._loop.call_soon_threadsafe(self._whole.clear)

    def mend(self):
        """What waits passes, and all that comes."""
        self._loop.call_soon_threadsafe(self._whole.set)

    async def _serve(self):
        self._whole.set()
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        return self._server.sockets[0].getsockname()[1]

    async def _connected(self, reader, writer):
        task = asyncio.current_task()
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        with suppress(OSError, asyncio.CancelledError):
            await self._whole.wait()
            far_reader, far_writer = await asyncio.open_connection(self._far.host, self._far.port or 5432)
            pumps = [
                asyncio.ensure_future(pump) for pump in (self._pump(reader, far_writer), self._pump(far_reader, writer))
            ]
            try:
                await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for pump in pumps:
                    pump.cancel()
                await asyncio.gather(*pumps, return_exceptions=True)
                far_writer.transport.abort()
        writer.transport.abort()

    async def _pump(self, reader, writer):
        while data := await reader.read(65536):
            if not self._whole.is_set():
                self.held += 1
                await self._whole.wait()
            writer.write(data)
            await writer.drain()
        # The end of a connection is no news either while the wire is cut.
        await self._whole.wait()

    async def _stop(self):
        self._server.close()
        self._whole.set()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.sleep(0)
