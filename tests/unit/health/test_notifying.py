"""Telling people: what arrives, what is told again, what nobody may see, and what must not hang."""

import json
import logging
import os
import socket
import sys
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from living import is_running

from crawler.health.notifying import MOST_AT_ONCE, Notifier, post, run_command
from storage.errors import StoreUnavailable
from storage.types import AlertKind

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SILENT = (AlertKind.SILENT_HOST, "harbour-post.example")
LATE = (AlertKind.JOB_LATE, "sources")
SECRET = "hunter2"
KEEP = "import sys, pathlib; pathlib.Path(sys.argv[1]).open('ab').write(sys.stdin.buffer.read() + b'\\n')"


@contextmanager
def hook(*statuses, headers=(), slowly=False):
    """A server that keeps what is posted and answers with these statuses, the last again and again."""
    posted, left = [], list(statuses)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            posted.append((self.path, dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(left.pop(0) if len(left) > 1 else left[0])
            for name, value in headers:
                self.send_header(name, value)
            self.end_headers()
            if slowly:
                time.sleep(30)

        def do_GET(self):
            posted.append((self.path, {}, b""))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/{SECRET}", posted
    finally:
        server.shutdown()
        server.server_close()


def put(store, *names, now=NOW):
    store.put_alerts(dict.fromkeys(names, "none of 30 attempts ended well"), kinds=tuple(AlertKind), now=now)


@pytest.fixture
def keeping(tmp_path, configured):
    """Settings whose command keeps each message as a line of a file, and that file's lines."""
    file = tmp_path / "told.jsonl"
    file.write_bytes(b"")
    (tmp_path / "keep.py").write_text(KEEP)

    def told():
        return [json.loads(line) for line in file.read_text().splitlines()]

    return configured(notify__command=f"'{sys.executable}' '{tmp_path}/keep.py' '{file}'"), told


def test_each_opening_and_each_closing_is_told_once(store, keeping):
    configuration, told = keeping
    notifier = Notifier()
    put(store, SILENT, LATE)
    assert notifier.tell(store, configuration) == 2
    assert notifier.tell(store, configuration) == 0
    put(store, LATE, now=NOW + timedelta(hours=1))
    assert Notifier().tell(store, configuration) == 1  # after a restart
    assert Notifier().tell(store, configuration) == 0
    first, second = told()
    assert (first["version"], first["closed"], first["library"]) == (1, [], str(configuration.library))
    assert [one["subject"] for one in first["opened"]] == ["harbour-post.example", "sources"]
    assert second["opened"] == []
    (closed,) = second["closed"]
    assert (closed["kind"], closed["opened_at"], closed["closed_at"]) == (
        "silent_host",
        "2026-03-01T12:00:00+00:00",
        "2026-03-01T13:00:00+00:00",
    )
    assert set(closed) == {"kind", "meaning", "subject", "text", "opened_at", "closed_at", "id"}


def test_without_channels_nothing_is_told_and_what_stands_is_told_later(store, configured, keeping):
    put(store, SILENT)
    assert Notifier().tell(store, configured()) == 0
    configuration, told = keeping
    assert Notifier().tell(store, configuration) == 1
    assert len(told()) == 1


def test_many_at_once_are_one_message_and_the_others_the_next(store, keeping):
    configuration, told = keeping
    put(store, *((AlertKind.SILENT_HOST, f"{number}.example") for number in range(MOST_AT_ONCE + 5)))
    notifier = Notifier()
    assert [notifier.tell(store, configuration) for _ in range(3)] == [MOST_AT_ONCE, 5, 0]
    assert [len(one["opened"]) for one in told()] == [MOST_AT_ONCE, 5]


def test_a_webhook_gets_the_same(store, configured):
    with hook(204) as (url, posted):
        put(store, SILENT)
        assert Notifier().tell(store, configured(notify__webhook=url)) == 1
    ((path, headers, content),) = posted
    assert path == f"/{SECRET}"
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    assert json.loads(content)["opened"][0]["kind"] == "silent_host"


def test_what_fails_is_tried_at_the_next_round_and_said_once(store, configured, caplog):
    caplog.set_level(logging.INFO)
    with hook(500, 500, 200) as (url, posted):
        put(store, SILENT)
        notifier, configuration = Notifier(), configured(notify__webhook=url)
        assert [notifier.tell(store, configuration) for _ in range(4)] == [0, 0, 1, 0]
    assert len(posted) == 3
    assert [one.getMessage() for one in caplog.records] == [
        "notify.webhook cannot be told of alerts, tried again soon: it answered 500",
        "notify.webhook is told of alerts again",
    ]


def test_the_channel_that_works_is_not_told_again_while_the_other_fails(store, keeping):
    configuration, told = keeping
    with hook(503, 200) as (url, posted):
        values = {**configuration.values, "notify.webhook": url}
        both = type(configuration)(library=configuration.library, source=None, values=values)
        put(store, SILENT)
        notifier = Notifier()
        assert [notifier.tell(store, both) for _ in range(3)] == [0, 1, 0]
    assert (len(told()), len(posted)) == (1, 2)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirects_are_not_followed(status):
    with hook(status, headers=[("Location", "/elsewhere")]) as (url, posted):
        assert post(url, b"{}", 10) == f"it answered {status}"
    assert len(posted) == 1


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://hooks.example/x", "hooks.example", "", "http://[::1"])
def test_only_the_web_is_posted_to(url):
    assert post(url, b"{}", 10)


def test_a_server_that_answers_byte_by_byte_is_given_up():
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip():
            connection, _ = server.accept()
            with connection:
                for byte in b"HTTP/1.1 200 OK\r\n" * 100:
                    time.sleep(0.1)
                    try:
                        connection.send(bytes([byte]))
                    except OSError:
                        return

        threading.Thread(target=drip, daemon=True).start()
        assert post(f"http://127.0.0.1:{server.getsockname()[1]}/", b"{}", 0.5) == "no answer within 0.5 s"


# -- commands --------------------------------------------------------------------------------------------------


def command(tmp_path, source):
    script = tmp_path / "command.py"
    script.write_text(source)
    return f"'{sys.executable}' '{script}' {SECRET}"


def run(words, timeout_s=30, message=b"{}"):
    return run_command(words, message, timeout_s, folder="/")


def test_how_a_command_can_fail(tmp_path):
    assert run(command(tmp_path, "raise SystemExit(3)")) == "it ended with status 3"
    assert run("/nowhere/to-be-found") == "it cannot be started: No such file or directory"
    assert run("'") == "it cannot be started: its quotes do not close"
    assert run(command(tmp_path, "pass"), message=b"x" * 1_000_000) == ""  # it reads nothing


def test_no_shell_reads_the_command(tmp_path):
    assert run(f"/bin/echo hello; touch {tmp_path}/made") == ""
    assert not (tmp_path / "made").exists()


def test_a_command_that_hangs_is_killed_with_all_that_it_started(tmp_path):
    source = f"""
import os, pathlib, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
pathlib.Path({str(tmp_path / "pids")!r}).write_text(f"{{os.getpid()}} {{child.pid}}")
time.sleep(600)
"""
    assert run(command(tmp_path, source), timeout_s=3) == "it took longer than 3 s and was killed"
    for pid in map(int, (tmp_path / "pids").read_text().split()):
        for _ in range(200):
            if not is_running(pid):
                break
            time.sleep(0.05)
        assert not is_running(pid)


def test_no_secret_is_logged(store, configured, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    put(store, SILENT)
    configuration = configured(
        notify__command=command(tmp_path, "raise SystemExit(1)"),
        notify__webhook=f"http://127.0.0.1:{port}/{SECRET}?token={SECRET}",
    )
    assert Notifier().tell(store, configuration) == 0
    assert "notify.webhook cannot be told" in caplog.text
    assert "notify.command cannot be told" in caplog.text
    assert SECRET not in caplog.text


def test_a_database_that_is_away_is_no_exception(configured, caplog):
    class Away:
        def untold_alerts(self):
            raise StoreUnavailable("the database cannot be used now")

    assert Notifier().tell(Away(), configured(notify__command="/bin/true")) == 0
    assert "nobody can be told of alerts now" in caplog.text


def test_the_command_runs_in_the_librarys_folder(store, configured, tmp_path):
    source = f"import os, pathlib; pathlib.Path({str(tmp_path / 'where')!r}).write_text(os.getcwd())"
    configuration = configured(notify__command=command(tmp_path, source))
    put(store, SILENT)
    assert Notifier().tell(store, configuration) == 1
    assert (tmp_path / "where").read_text() == os.path.realpath(configuration.library)
