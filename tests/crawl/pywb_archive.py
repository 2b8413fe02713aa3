"""A real web archive on this machine: pywb as a subprocess, in an environment of its own, never imported."""

import contextlib
import http.client
import os
import socket
import subprocess
import time
from pathlib import Path

import pytest

ADDRESS = "127.0.0.41"
SETTINGS = "framed_replay: false\nredirect_to_exact: true\n"


def environment(home):
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": str(home), "LC_ALL": "C.UTF-8"}


def free_port(address=ADDRESS):
    with socket.socket() as probe:
        probe.bind((address, 0))
        return probe.getsockname()[1]


class PywbArchive:
    """A running pywb with one collection.

    Attributes:
        base: of all its URLs, with a slash at the end.
    """

    def __init__(self, scripts, home, files, *, collection="news", address=ADDRESS):
        self._scripts, self._home, self._collection = Path(scripts), Path(home), collection
        self._address, self.port = address, free_port(address)
        self._log, self._server = self._home / "log", None
        (self._home / "config.yaml").write_text(SETTINGS)
        self._manage("init", collection)
        if files:
            self._manage("add", collection, *map(str, files))
        self.base = f"http://{address}:{self.port}/{collection}/"

    def __enter__(self):
        with self._log.open("wb") as output:
            self._server = subprocess.Popen(
                [str(self._scripts / "wayback"), "-b", self._address, "-p", str(self.port)],
                cwd=self._home,
                env=environment(self._home),
                stdout=output,
                stderr=output,
            )
        self._wait_until_it_answers()
        return self

    def __exit__(self, *_):
        self._server.kill()
        self._server.wait()

    def _manage(self, *arguments):
        done = subprocess.run(
            [str(self._scripts / "wb-manager"), *arguments],
            cwd=self._home,
            env=environment(self._home),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    def _wait_until_it_answers(self):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self._server.poll() is None:
            with contextlib.suppress(OSError):
                if self.get("/")[0] == 200:
                    return
            time.sleep(0.1)
        self._server.kill()
        pytest.fail(f"pywb did not start: {self._log.read_text(errors='replace')[-2000:]}")

    def get(self, path, accept="identity"):
        """Status, headers and body; of a path in the collection where it does not begin with a slash."""
        connection = http.client.HTTPConnection(self._address, self.port, timeout=20)
        target = path if path.startswith("/") else f"/{self._collection}/{path}"
        try:
            connection.request("GET", target, headers={"Accept-Encoding": accept})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def asked(self):
        """Lines of its access log: one a request."""
        lines = self._log.read_text(errors="replace").splitlines()
        return [line for line in lines if '"GET ' in line and "GET / " not in line]
