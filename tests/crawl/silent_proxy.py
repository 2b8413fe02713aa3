"""A proxy that never answers: what asks through it waits until it is told to stop."""

import socket
import threading
import time

ROBOTS = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Silent:
    """A proxy that answers for robots.txt only, and holds every other request for ever."""

    def __init__(self):
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.held = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection):
        if b"/robots.txt" in connection.recv(65536).split(b"\r\n")[0]:
            connection.sendall(ROBOTS)
            connection.close()
        else:
            self.held.append(connection)

    def wait_for(self, count, process, patience_s=120):
        deadline = time.monotonic() + patience_s
        while len(self.held) < count and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        assert len(self.held) >= count

    def close(self):
        self._socket.close()
        for connection in self.held:
            connection.close()
