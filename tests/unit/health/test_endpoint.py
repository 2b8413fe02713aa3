"""Where the scheduler answers: real HTTP, in this process."""

import http.client
import json
import logging
import socket
import threading
from datetime import timedelta

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics_families
from prometheus_client.parser import text_string_to_metric_families

from crawler.health import endpoint
from crawler.health.endpoint import address_of, serve
from crawler.health.metrics import read
from crawler.health.pages import SILENT
from storage.types import AlertKind, RunState, utc_now


@pytest.fixture
def served(configured, state):
    opened = []

    def start(**settings):
        found = serve(configured(**{"schedule__listen": "127.0.0.1:0", **settings}), state)
        opened.append(found)
        return found

    yield start
    for one in opened:
        if one is not None:
            one.close()


def ask(server, path, method="GET", **headers):
    connection = http.client.HTTPConnection(*server.address, timeout=30)
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer, content


def health(server):
    answer, content = ask(server, "/health")
    return answer.status, json.loads(content)


def test_metrics_in_the_format_that_is_asked_for(served):
    server = served()
    answer, content = ask(server, "/metrics")
    assert answer.status == 200
    assert answer.getheader("Content-Type").startswith("text/plain")
    assert "dateline_documents" in {family.name for family in text_string_to_metric_families(content.decode())}
    answer, content = ask(server, "/metrics?name=x", Accept="application/openmetrics-text; version=1.0.0")
    assert answer.getheader("Content-Type").startswith("application/openmetrics-text")
    assert "dateline_documents" in {family.name for family in openmetrics_families(content.decode())}


def test_a_scheduler_that_is_well(served, state, store, ran):
    state.at_work = {"sources": 1}
    state.next_starts = {"verify": utc_now()}
    ran(store, 1, state=RunState.RUNNING)
    status, said = health(served())
    assert (status, said["status"], said["problems"]) == (200, "ok", [])
    assert (said["leading"], said["jobs_at_work"], said["alerts"]) == (True, {"sources": 1}, 0)
    assert (said["last_start"]["job"], said["last_start"]["state"]) == ("sources", "running")
    assert said["machine"] == socket.gethostname()
    assert said["database"] == {"reachable": True}
    assert said["disk"]["free_bytes"] > 0
    assert list(said["next_starts"]) == ["verify"]


def test_a_standby_is_well_too(served, state):
    state.leading, state.leading_since, state.ticked_at = False, None, None
    status, said = health(served())
    assert (status, said["status"], said["leading"], said["leading_since"]) == (200, "ok", False, None)


def test_alerts_and_a_full_disk_degrade(served, store):
    server = served(storage__min_free_mb=1 << 30)
    assert health(server)[1]["status"] == "degraded"
    server = served()
    store.put_alerts({(AlertKind.JOB_LATE, "sources"): "late"}, kinds=(), now=utc_now())
    status, said = health(server)
    assert (status, said["status"], said["alerts"]) == (200, "degraded", 1)


def test_a_scheduler_that_hangs_fails(served, state):
    state.ticked_at = utc_now() - SILENT - timedelta(seconds=1)
    status, said = health(served())
    assert (status, said["status"]) == (503, "failing")
    assert "has not done its rounds since" in said["problems"][0]
    assert said["database"] == {"reachable": True}


def test_a_database_that_is_away_fails_and_tells_no_address(served, caplog):
    server = served(database="postgresql://ada:hunter2@127.0.0.1:1/nowhere")
    status, said = health(server)
    assert (status, said["status"], said["problems"]) == (503, "failing", ["the database does not answer"])
    assert (said["alerts"], said["last_start"], said["database"]) == (None, None, {"reachable": False})
    answer, content = ask(server, "/metrics")
    assert answer.status == 200
    assert b"dateline_database_up 0.0" in content
    assert "hunter2" not in caplog.text


def test_a_database_that_comes_back_is_noticed(served, sqlite_url, tmp_path):
    database = tmp_path / "later.db"
    server = served(database=f"sqlite:///{database}")
    assert health(server)[0] == 503
    database.write_bytes((tmp_path / "library.db").read_bytes())
    assert health(server)[0] == 200


def test_a_long_reading_for_metrics_does_not_make_the_health_fail(served, monkeypatch):
    reading, may_end = threading.Event(), threading.Event()

    def slowly(store, now):
        reading.set()
        assert may_end.wait(60)
        return read(store, now)

    monkeypatch.setattr("crawler.health.metrics.read", slowly)
    monkeypatch.setattr("crawler.health.pages._ANSWER_S", 0.1)
    server = served()
    scrape = threading.Thread(target=ask, args=(server, "/metrics"))
    scrape.start()
    assert reading.wait(60)
    assert health(server)[0] == 200
    may_end.set()
    scrape.join(60)


@pytest.mark.parametrize("path", ["/", "/healthz", "/metrics/", "/../etc/passwd", "/health%20"])
def test_nothing_else_is_there(served, path):
    assert ask(served(), path)[0].status == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "NONSENSE"])
def test_only_get_and_head(served, method):
    assert ask(served(), "/health", method)[0].status == 501


def test_head_has_no_content_and_every_answer_its_headers(served):
    server = served()
    for path in ("/health", "/metrics", "/nowhere"):
        answer, content = ask(server, path, "HEAD")
        assert content == b""
        assert int(answer.getheader("Content-Length")) > 0
        assert answer.getheader("X-Content-Type-Options") == "nosniff"
        assert answer.getheader("Content-Security-Policy").startswith("default-src 'none'")
        assert answer.getheader("Cache-Control") == "no-store"
        assert answer.getheader("Server") == "dateline"


def test_our_own_mistake_is_a_500_and_no_traceback(served, monkeypatch, caplog):
    server = served()
    monkeypatch.setattr("crawler.health.pages.health", lambda *_, **__: 1 / 0)
    answer, content = ask(server, "/health")
    assert (answer.status, content) == (500, b"our own code failed\n")
    assert "ZeroDivisionError" in caplog.text


def test_a_port_that_is_taken_is_a_warning(served, caplog):
    first = served()
    assert served(schedule__listen=f"127.0.0.1:{first.address[1]}") is None
    assert "nobody answers /health and /metrics at" in caplog.text
    assert health(first)[0] == 200


def test_an_empty_address_is_nowhere(served, caplog):
    caplog.set_level(logging.INFO)
    assert served(schedule__listen="") is None
    assert caplog.text == ""


def test_who_says_nothing_keeps_nobody_waiting(served):
    server = served()
    silent = [socket.create_connection(server.address) for _ in range(8)]
    assert health(server)[0] == 200
    for one in silent:
        one.close()


def test_more_than_a_bounded_number_at_once_are_turned_away(served, monkeypatch):
    monkeypatch.setattr(endpoint, "_MOST_AT_ONCE", 2)
    server = served()
    silent = [socket.create_connection(server.address) for _ in range(2)]
    with pytest.raises((ConnectionError, http.client.BadStatusLine)):
        ask(server, "/health")
    for one in silent:
        one.close()


def test_closing_twice_and_while_somebody_is_connected(served):
    server = served()
    with socket.create_connection(server.address):
        server.close()
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(server.address, timeout=5)


@pytest.mark.parametrize(
    ("listen", "address"),
    [
        ("127.0.0.1:9437", ("127.0.0.1", 9437)),
        ("[::1]:9437", ("::1", 9437)),
        ("localhost:0", ("localhost", 0)),
        (" 0.0.0.0:80 ", ("0.0.0.0", 80)),
        ("::1:9437", None),
        ("[127.0.0.1]:1", None),
        ("127.0.0.1", None),
        (":9437", None),
        ("127.0.0.1:", None),
        ("127.0.0.1:http", None),
        ("127.0.0.1:99999", None),
        ("127.0.0.1:¹", None),
        ("", None),
    ],
)
def test_addresses(listen, address):
    assert address_of(listen) == address
