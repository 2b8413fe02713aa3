import json
import logging
import string
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import runlog
from crawler.configuration import load
from crawler.runlog import LOG_ONLY, ConsoleFormatter, Secrets, for_console, logged

HARBOUR = logging.getLogger("crawler.harbour")


def configured(tmp_path, **settings):
    (tmp_path / "news").mkdir(exist_ok=True)
    return load(tmp_path / "news", {name.replace("__", "."): value for name, value in settings.items()})


def lines_of(tmp_path, name="1.log"):
    return (tmp_path / "news" / "logs" / name).read_text().splitlines()


def fail(error):
    raise error


def failed(text="the crane stands", error=None):
    try:
        fail(error or ZeroDivisionError("by nothing"))
    except (ZeroDivisionError, ValueError):
        HARBOUR.exception(text)


def test_what_is_logged_while_a_run_lasts_is_in_its_file(tmp_path):
    HARBOUR.warning("before")
    with logged(configured(tmp_path), run=7) as name:
        assert name == "logs/7.log"
        HARBOUR.info("boat %d comes", 12)
        HARBOUR.debug("too small")
    HARBOUR.warning("after")
    (line,) = lines_of(tmp_path, "7.log")
    moment, _, rest = line.partition("Z ")
    assert rest == "INFO crawler.harbour: boat 12 comes"
    assert len(moment) == len("2026-11-22 17:39:22.125")


def test_a_traceback_is_in_the_log_and_not_on_the_terminal(tmp_path, monkeypatch, capfd):
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])  # as a command finds it
    monkeypatch.setattr(root, "level", logging.WARNING)
    with logged(configured(tmp_path), run=1):
        failed()
        HARBOUR.warning("wind")
        HARBOUR.info("calm")
        HARBOUR.error("said otherwise", extra=LOG_ONLY)
    assert capfd.readouterr().err == "the crane stands (ZeroDivisionError: by nothing)\nwind\n"
    written = lines_of(tmp_path)
    assert "Traceback (most recent call last):" in written
    assert written[-1].endswith("said otherwise")
    assert (root.handlers, root.level) == ([], logging.WARNING)


def test_json_is_one_object_per_line_with_the_run_and_its_job(tmp_path):
    with logged(configured(tmp_path, logs__format="json"), run=3, job="nightly"):
        HARBOUR.warning("two\nlines")
        failed()
    first, second = map(json.loads, lines_of(tmp_path, "3.log"))
    assert first.pop("time").endswith("+00:00")
    assert first == {
        "level": "WARNING",
        "logger": "crawler.harbour",
        "message": "two\nlines",
        "run": 3,
        "job": "nightly",
    }
    assert second["exception"].startswith("Traceback")
    assert second["exception"].endswith("ZeroDivisionError: by nothing")


def test_the_level_is_the_settings(tmp_path):
    with logged(configured(tmp_path, logs__level="DEBUG"), run=1):
        HARBOUR.debug("depth 4 m")
    with logged(configured(tmp_path, logs__level="WARNING"), run=2):
        HARBOUR.info("depth 5 m")
    assert [line.rpartition(": ")[2] for line in lines_of(tmp_path)] == ["depth 4 m"]
    assert lines_of(tmp_path, "2.log") == []


def test_a_page_cannot_begin_a_line_or_steer_the_terminal(tmp_path):
    with logged(configured(tmp_path), run=1):
        HARBOUR.info("fetched %s", "http://a.example/\n2026-01-01 00:00:00Z ERROR forged\x1b[2J\u2028")
    (line,) = lines_of(tmp_path)
    assert line.endswith(r"http://a.example/\n2026-01-01 00:00:00Z ERROR forged\x1b[2J\u2028")


@pytest.mark.parametrize(("keep", "files"), [(2, ["1.log", "1.log.1", "1.log.2"]), (0, ["1.log"])])
def test_a_file_is_put_aside_at_its_size(tmp_path, keep, files):
    with logged(configured(tmp_path, logs__rotate_mb=0.01, logs__keep=keep), run=1):
        for number in range(800):
            HARBOUR.info("boat %d comes", number)
    folder = tmp_path / "news" / "logs"
    assert sorted(path.name for path in folder.iterdir()) == files
    assert all(0 < path.stat().st_size <= 11_000 for path in folder.iterdir())
    assert lines_of(tmp_path)[-1].endswith("boat 799 comes")


def test_it_survives_scrapy_arranging_its_handlers_anew(tmp_path, monkeypatch):
    from scrapy.utils.log import _uninstall_scrapy_root_handler, configure_logging  # noqa: PLC0415 - only here

    root = logging.getLogger()
    before = root.level
    try:
        with logged(configured(tmp_path), run=1):
            HARBOUR.info("before")
            configure_logging({"LOG_LEVEL": "ERROR"})
            HARBOUR.info("after")
        assert [line.rpartition(": ")[2] for line in lines_of(tmp_path)] == ["before", "after"]
    finally:
        _uninstall_scrapy_root_handler()
        logging.captureWarnings(False)
        root.setLevel(before)


def test_a_log_that_cannot_be_written_stops_nobody(tmp_path, caplog, capfd, monkeypatch):
    configuration = configured(tmp_path)
    (tmp_path / "news" / "logs").write_text("in the way")
    with logged(configuration, run=1) as name:
        assert name == ""
    assert "no log of this run" in caplog.text
    (tmp_path / "news" / "logs").unlink()
    with logged(configuration, run=1):
        handler = next(one for one in logging.getLogger().handlers if isinstance(one, runlog._RunFile))
        monkeypatch.setattr(
            handler.stream, "write", lambda _: (_ for _ in ()).throw(OSError(28, "full")), raising=False
        )
        HARBOUR.info("the disk is full")
    assert "Traceback" not in capfd.readouterr().err


def test_no_secret_of_the_library_is_logged(tmp_path, monkeypatch):
    monkeypatch.setenv("DATELINE_SAVE_SECRET", "s3cr3t-of-archive")
    monkeypatch.setenv("PGPASSWORD", "from-the-shell")
    configuration = configured(
        tmp_path,
        storage__database="postgresql+psycopg://mira:p%40ss-w0rd@db.example/news",
        crawl__proxy="http://us:proxy-word@127.0.0.1:3128",
        notify__webhook="https://hooks.example/services/T0/B1?x=deep-secret",
    )
    with logged(configuration, run=1):
        HARBOUR.error("cannot connect to postgresql+psycopg://mira:p%%40ss-w0rd@db.example/news")
        HARBOUR.error("password p@ss-w0rd refused; s3cr3t-of-archive; from-the-shell; proxy-word")
        HARBOUR.error("POST https://hooks.example/services/T0/B1?x=deep-secret: 410")
        HARBOUR.error("fetched http://someone:else@host.example/page")
        failed("no proxy", ValueError("url=http://us:proxy-word@127.0.0.1:3128"))
    written = "\n".join(lines_of(tmp_path))
    for secret in ("p%40ss", "p@ss", "s3cr3t", "from-the-shell", "proxy-word", "deep-secret", "else@"):
        assert secret not in written
    assert "mira:***@db.example" in written
    assert "someone:***@host.example/page" in written


PRINTABLE = st.text(alphabet=string.ascii_letters + string.digits + "-_.~!$&'()*+,;=", min_size=1, max_size=30)


@given(user=PRINTABLE, password=PRINTABLE, around=st.text(max_size=40))
def test_no_password_of_any_url_is_shown(user, password, around):
    hidden = Secrets().hidden(f"{around} x://{user}:{password}@h.example/ {around}")
    assert f"x://{user}:***@h.example/" in hidden


@given(secret=st.text(min_size=4, max_size=30).filter(lambda text: "*" not in text), around=st.text(max_size=40))
def test_no_known_secret_is_shown_wherever_it_stands(secret, around):
    assert secret not in Secrets((secret,)).hidden(f"{around}{secret}{around}").replace("***", "\0")


def test_the_terminals_formatter_leaves_the_record_as_it_is():
    try:
        fail(ValueError("two\nlines"))
    except ValueError:
        record = logging.LogRecord("a", logging.ERROR, "", 0, "broken", (), sys.exc_info())
    assert ConsoleFormatter().format(record) == "broken (ValueError: two lines)"
    assert record.exc_info is not None
    handler = logging.StreamHandler()
    for_console(handler, ConsoleFormatter())
    assert handler.filter(record)
