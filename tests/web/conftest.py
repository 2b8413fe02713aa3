"""The site over a small library: `client` to look at it, `visitor` to change something in a library of one's own."""

import shutil
import sys
from contextlib import closing
from pathlib import Path

import pytest
from lxml import html
from starlette.testclient import TestClient

from crawler.configuration import load
from crawler.library import open_library
from crawler.web.application import application, site_for
from crawler.web.policy import Policy

sys.path.insert(0, str(Path(__file__).parent))

import invented_library

BASE = "http://127.0.0.1"
PLENTY = Policy(per_minute=1_000_000)


class Visitor:
    """A browser without scripts: opens pages, follows nothing by itself, fills in forms that stand on them."""

    def __init__(self, site):
        self.site = site
        self.http = TestClient(application(site), base_url=BASE, follow_redirects=False)

    def get(self, path, *, expect=200, **named):
        """The answer."""
        answer = self.http.get(path, **named)
        assert answer.status_code == expect, (path, answer.status_code, answer.text[:2000])
        return answer

    def page(self, path, *, expect=200, **named):
        """The page as a tree of elements."""
        return Page(self.get(path, expect=expect, **named).text)

    def submit(self, path, action, *, expect=303, **said):
        """Fill in and send the form with that action on that page; returns the answer.

        Of several such forms the one is taken whose hidden fields have what is said.
        """
        forms = [one for one in self.page(path).tree.forms if one.get("action") == action]
        fits = [one for one in forms if all(one.fields.get(name) == said[name] for name in said if _is_set(one, name))]
        assert fits, f"{path} has no form to {action}, or none with {said}"
        answer = self.http.post(action, data={**dict(fits[0].form_values()), **said})
        assert answer.status_code == expect, (answer.status_code, answer.text[:2000])
        return answer


def _is_set(form, name):
    return any(one.get("name") == name for one in form.xpath(".//input[@type='hidden']"))


class Page:
    """One page."""

    def __init__(self, text):
        self.source = text
        self.tree = html.fromstring(text)

    @property
    def text(self):
        """What a reader reads, spaces folded."""
        return " ".join(self.tree.xpath("string(//main)").split())

    def texts(self, path):
        """What is read in each element of an XPath."""
        return [" ".join(one.xpath("string()").split()) for one in self.tree.xpath(path)]

    def links(self, path="//main"):
        """Text -> address of the links below an XPath."""
        return {
            " ".join(one.xpath("string()").split()): one.get("href") for one in self.tree.xpath(f"{path}//a[@href]")
        }


@pytest.fixture
def visit():
    """Visits a site that the test made; closing that is the test's."""
    return Visitor


@pytest.fixture(scope="session")
def _filled(tmp_path_factory):
    folder = tmp_path_factory.mktemp("web") / "news"
    folder.mkdir()
    (folder / "dateline.toml").write_text("")
    with open_library(load(folder), create=True) as library:
        numbers = invented_library.fill(library)
    return folder, numbers


@pytest.fixture(scope="session")
def numbers(_filled):
    """Numbers of the articles in the library."""
    return _filled[1]


@pytest.fixture(scope="session")
def _seen(_filled):
    site = site_for(load(_filled[0]), PLENTY, local_name="ada")
    with closing(site.stores):
        yield Visitor(site)


@pytest.fixture
def client(_seen):
    """Looks at a library that all tests share: nothing may be changed in it."""
    _seen.http.cookies.clear()
    return _seen


@pytest.fixture
def own_folder(_filled, tmp_path):
    """A library of the test's own, with the same content."""
    return Path(shutil.copytree(_filled[0], tmp_path / "news"))


@pytest.fixture
def visitor(own_folder):
    """Changes something in a library of the test's own."""
    site = site_for(load(own_folder), PLENTY, local_name="ada")
    with closing(site.stores):
        yield Visitor(site)


@pytest.fixture
def empty_visitor(tmp_path):
    """Visits a library without anything in it."""
    folder = tmp_path / "empty"
    folder.mkdir()
    (folder / "dateline.toml").write_text("")
    with open_library(load(folder), create=True):
        pass
    site = site_for(load(folder), PLENTY, local_name="ada")
    with closing(site.stores):
        yield Visitor(site)


@pytest.fixture
def reader(_filled):
    """Looks at the shared library on a site that only shows."""
    site = site_for(load(_filled[0]), Policy(per_minute=1_000_000, read_only=True), local_name="ada")
    with closing(site.stores):
        yield Visitor(site)
