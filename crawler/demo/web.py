"""`LocalWeb`: a whole web of many hosts on one local port, for the demo and for tests.

It is an origin server (by ``Host`` header) and a forward proxy (absolute-form targets) at once: a crawler with
``http_proxy`` set to `LocalWeb.proxy_url` reaches every invented host without any name being resolved. A host that
no site has is answered as RFC 9209 says a proxy should: 502 with ``Proxy-Status: ...; error=dns_error``.

As a program, so that measurements can keep it outside the crawler's process::

    python -m crawler.demo.web --sites demo --port 8899 --log access.jsonl
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from crawler.demo.access import Access
from crawler.demo.server import HEAD_LIMIT, Connection, Switchboard
from crawler.demo.site import Site
from crawler.demo.site_file import sites_named
from crawler.errors import DatelineError

_START_S = 10.0
_STOP_S = 5.0
_BACKLOG = 512


class LocalWeb:
    """A running web; a context manager that can be entered once.

    Args:
        sites: what it plays; more can be `put` while it runs.
        port: to listen on; 0 takes a free one.
        log_file: also write every access there, one JSON object a line, flushed; appended to.
    """

    def __init__(self, sites: Iterable[Site], *, port: int = 0, log_file: Path | None = None) -> None:
        self._switchboard = Switchboard(sites)
        self.port = port
        self._log: list[Access] = []
        self._log_file = log_file
        self._sink: TextIO | None = None
        self._connections: dict[asyncio.Task[None], Connection] = {}
        self._ready = threading.Event()
        self._failure: OSError | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._run, name="local-web", daemon=True)

    @property
    def proxy_url(self) -> str:
        """What to set as ``http_proxy``."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> list[Access]:
        """Accesses that have ended, in the order in which they ended; a copy.

        An answer that a client has read completely is in it.
        """
        if self._thread.is_alive() and self._loop is not None and self._loop.is_running():
            # The client may hold the answer before the serving thread has noted it: let that step end first.
            passed = threading.Event()
            self._loop.call_soon_threadsafe(passed.set)
            passed.wait(_STOP_S)
        return list(self._log)

    def clear_log(self) -> None:
        """Forget the accesses so far (a log file keeps them)."""
        self._log.clear()

    def put(self, site: Site) -> None:
        """Add a site, or put it in place of the one with its host; holds for requests that come from now on."""
        self._switchboard.put(site)

    def start(self) -> None:
        """Listen; returns when requests are answered.

        Raises:
            OSError: the port is taken or the log file cannot be written.
        """
        if self._log_file is not None:
            self._sink = self._log_file.open("a", encoding="utf-8")
        self._thread.start()
        self._ready.wait(_START_S)
        if self._failure is not None:
            self._thread.join()
            self._close_sink()
            raise self._failure

    def stop(self) -> None:
        """Drop all connections and return when the port is free again; idempotent."""
        if self._loop is not None and self._stopping is not None:
            with suppress(RuntimeError):  # the loop has ended already
                self._loop.call_soon_threadsafe(self._stopping.set)
        if self._thread.is_alive():
            self._thread.join(_STOP_S)
        self._close_sink()

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except OSError as problem:
            self._failure = problem
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._connected, "127.0.0.1", self.port, limit=HEAD_LIMIT, backlog=_BACKLOG)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stopping.wait()
        server.close()
        for task, connection in self._connections.items():
            connection.abort()
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = Connection(reader, writer, self._switchboard, self._record)
        task = asyncio.get_running_loop().create_task(connection.serve())
        self._connections[task] = connection
        task.add_done_callback(self._connections.pop)

    def _record(self, access: Access) -> None:
        self._log.append(access)
        if self._sink is not None:
            self._sink.write(access.to_json() + "\n")
            self._sink.flush()

    def _close_sink(self) -> None:
        if self._sink is not None:
            self._sink.close()
            self._sink = None


@contextmanager
def _interruption() -> Iterator[threading.Event]:
    """An event that SIGINT and SIGTERM set, as long as the context lasts."""
    stop = threading.Event()
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, lambda *_: stop.set()) for number in numbers]
    try:
        yield stop
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted; exit status 0, or 2 when the sites cannot be read or the port is taken."""
    parser = argparse.ArgumentParser(prog="python -m crawler.demo.web", description="Play a web of many hosts.")
    parser.add_argument("--sites", default="demo", help="demo, bulk:HOSTSxPAGES, or a JSON file")
    parser.add_argument("--port", type=int, default=0, help="default: a free one")
    parser.add_argument("--log", type=Path, default=None, help="append every access to this JSONL file")
    options = parser.parse_args(arguments)
    try:
        web = LocalWeb(sites_named(options.sites), port=options.port, log_file=options.log)
        with web, _interruption() as stop:
            sys.stdout.write(f"listening: http_proxy={web.proxy_url}\n")
            sys.stdout.flush()
            stop.wait()
    except (DatelineError, OSError) as problem:
        sys.stderr.write(f"{problem}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
