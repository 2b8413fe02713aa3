"""A library in a folder, a web on this machine, and our own command between them."""

import io
import json
import os
import signal
import subprocess
import sys
import time
import venv
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

from crawler.configuration import load
from crawler.demo.bulk import bulk_entries, bulk_sites
from crawler.demo.web import LocalWeb
from crawler.entry_files import walk
from crawler.events import ReadOptions
from crawler.importing import import_entries
from crawler.library import open_library
from crawler.urls import canonical_url
from storage import schema
from storage.captures import verify
from storage.types import utc_now

# The webs and archives beside the tests are modules of their own.
sys.path.insert(0, str(Path(__file__).parent))

from nursery import Nursery
from workers_at_work import hired

COMMAND = Path(sys.executable).with_name("dateline")
SETTINGS = {"delay_s": 0.05, "timeout_s": 5.0, "hosts": 32, "lease_s": 60}


PYWB = ["pywb>=2.9,<3", "setuptools<81"]


@pytest.fixture(scope="session")
def pywb(pytestconfig):
    """Folder of the scripts of a real web archive, pywb.

    It has an environment of its own (kept in pytest's cache, or named by DATELINE_TEST_PYWB): the brotlipy that it
    brings would take the place of our brotli.
    """
    if named := os.environ.get("DATELINE_TEST_PYWB"):
        return Path(named)
    home = Path(pytestconfig.cache.mkdir("pywb"))
    if not (home / "bin" / "wayback").exists():
        venv.create(home, with_pip=True, clear=True)
        install = [str(home / "bin" / "python"), "-m", "pip", "install", "-q", *PYWB]
        done = subprocess.run(install, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            reason = f"pywb cannot be installed: {done.stderr[-300:]}"
            if os.environ.get("DATELINE_REQUIRE_SERVICES") == "1":
                pytest.fail(reason)
            pytest.skip(reason)
    return home / "bin"


@dataclass
class Finished:
    status: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


def clean_environment():
    """The environment without what could point our command elsewhere."""
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    for name in ("DATELINE_LIBRARY", "DATELINE_DATABASE", "SCRAPY_SETTINGS_MODULE"):
        environment.pop(name, None)
    return environment


def start_command(words, cwd, environment=None, program=COMMAND):
    return subprocess.Popen(
        [str(program), *map(str, words)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=cwd,
        env=environment or clean_environment(),
        start_new_session=True,
    )


def finish_command(process, expect=0, timeout=180):
    try:
        out, err = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        out, err = process.communicate()
        pytest.fail(f"{process.args} did not end within {timeout} s\n{out}\n{err}")
    assert "Traceback" not in err, err
    if expect is not None:
        assert process.returncode == expect, f"{process.args}: {process.returncode}\n{out}\n{err}"
    return Finished(process.returncode, out, err)


@pytest.fixture(scope="session")
def run_dateline():
    """Our command, run to its end in a folder."""

    def run(*words, cwd, expect=0):
        return finish_command(start_command(words, cwd), expect)

    return run


@cache
def nursery():
    """The process that commands are forked from; one per test session."""
    return Nursery()


def pytest_sessionfinish():
    if nursery.cache_info().currsize:
        nursery().close()


@dataclass
class Desk:
    """A library and the command line on it."""

    folder: Path
    environment: dict = field(default_factory=clean_environment)

    def start(self, *arguments, program=COMMAND):
        """A process of its own; our command need not load everything first.

        Unless it starts others like itself, or other modules than ours are to be found.
        """
        as_here = self.environment.get("PYTHONPATH") == os.environ.get("PYTHONPATH")
        if program == COMMAND and arguments[0] != "schedule" and as_here:
            return nursery().start(arguments, self.folder, self.environment)
        return start_command(arguments, self.folder, self.environment, program)

    def run(self, *arguments, program=COMMAND, expect=0):
        return self.finish(self.start(*arguments, program=program), expect)

    def finish(self, process, expect=0, timeout=180):
        """Wait for the end of one that was started; what it said."""
        return finish_command(process, expect, timeout)

    def configure(self, database="", **crawl):
        lines = ["[storage]", f'database = "{database}"', "[crawl]"]
        lines += [f"{name} = {json.dumps(value)}" for name, value in (SETTINGS | crawl).items()]
        lines += ["[extraction]", "workers = 2", "timeout_s = 10.0"]
        (self.folder / "dateline.toml").write_text("\n".join(lines) + "\n")
        with open_library(load(self.folder), create=True):
            pass

    def library(self):
        return open_library(load(self.folder))

    def import_table(self, text, name="entries.csv"):
        path = self.folder.parent / name
        path.write_text(text)
        with self.library() as library:
            report = import_entries(library, walk([path], io.BytesIO()), ReadOptions())
        assert report.problems == []
        return report

    def history(self, url):
        with self.library() as library:
            return library.store.history(canonical_url(url))

    def attempts(self, url):
        return self.history(url).attempts

    def status(self):
        with self.library() as library:
            return library.store.status(now=utc_now())

    def problems(self):
        """What is wrong with the captures and the database."""
        with self.library() as library:
            captures = list(verify(library.captures, library.store.captures()))
        return captures + schema.check(load(self.folder).database_url)

    def first_event(self):
        with self.library() as library:
            return next(library.store.events()).key

    def import_urls(self, *urls, day="2016-04-08"):
        rows = "\n".join(f"e{number},{day},Event number {number} of the table,{url}" for number, url in enumerate(urls))
        return self.import_table(f"event_id,date,headline,url\n{rows}\n", f"entries-{time.monotonic_ns()}.csv")


@pytest.fixture
def desk(tmp_path):
    folder = tmp_path / "library"
    folder.mkdir()
    return Desk(folder)


@pytest.fixture(scope="session")
def make_desk(tmp_path_factory):
    """Makes desks that outlive one test."""

    def make(name):
        folder = tmp_path_factory.mktemp(name) / "library"
        folder.mkdir()
        return Desk(folder)

    return make


@dataclass
class Bulk:
    """A crowd of hosts and a library whose entries cite all of their pages."""

    desk: Desk
    web: LocalWeb
    hosts: int
    pages: int

    @property
    def documents(self):
        return self.hosts * self.pages


@pytest.fixture
def bulk(desk):
    hosts, pages = 12, 8
    with LocalWeb(bulk_sites(hosts=hosts, pages=pages)) as web:
        desk.configure(proxy=web.proxy_url, delay_s=0.2)
        desk.import_table(bulk_entries(hosts=hosts, pages=pages))
        yield Bulk(desk, web, hosts, pages)


@pytest.fixture(scope="module")
def work_database(postgres_server):
    """A database that the tests of one file share, one after the other."""
    url = postgres_server.create()
    schema.upgrade(url)
    yield url
    postgres_server.drop(url)


@pytest.fixture
def crew(desk, postgres_server, work_database):
    """Workers on a library in PostgreSQL, and the web that it cites; see `workers_at_work`."""
    postgres_server.cut(work_database)
    postgres_server.empty(work_database)
    with hired(desk, work_database) as made:
        yield made
