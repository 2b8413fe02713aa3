"""One fixture over every backend: what is tested here holds for all of them."""

import importlib.util
import sys
from pathlib import Path

import pytest

from storage import open_store
from storage.types import Reextraction

BACKENDS = ("memory", "sqlite", "postgresql")
DATABASES = BACKENDS[1:]


@pytest.fixture(scope="session")
def make():
    """The factories."""
    spec = importlib.util.spec_from_file_location("store_factories", Path(__file__).with_name("store_factories.py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _address(request, backend):
    if backend == "memory":
        return "memory:"
    return request.getfixturevalue("sqlite_url" if backend == "sqlite" else "postgres_url")


@pytest.fixture(params=BACKENDS)
def store(request):
    """An empty store of every kind."""
    with open_store(_address(request, request.param)) as opened:
        yield opened


@pytest.fixture(params=DATABASES)
def database(request):
    """The address of an empty database of every kind, for tests with several connections or processes."""
    return _address(request, request.param)


@pytest.fixture
def sources(store, make):
    """Makes documents that no event cites."""

    def build(*paths, host="harbour-post.example"):
        store.put_loose([make.loose(path, host) for path in paths], now=make.NOW)
        return [store.document(make.identity(path, host).canonical_url) for path in paths]

    return build


@pytest.fixture
def staged_of(make):
    """Makes what an extractor of version 2 staged for a version that nobody touched since it came."""

    def build(version_id, article, **fields):
        values = {"extractor_version": "2", "seen_at": make.NOW, "weighed": True}
        return Reextraction(version_id=version_id, article=article, **{**values, **fields})

    return build
