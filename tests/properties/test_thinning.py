"""Attempts move into files between any two steps of any crawl: nothing that the library decides or counts changes."""

import importlib.util
import sys
import tempfile
from dataclasses import replace
from itertools import chain
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler import thinning
from crawler.configuration import load
from crawler.library import Library
from crawler.outlook import explain_document
from storage import open_store
from storage.types import AttemptRule, Outcome, PageKind, PageVerdict, Selection

_SPEC = importlib.util.spec_from_file_location(
    "thinned_stores", Path(__file__).parents[1] / "contract" / "store_factories.py"
)
make = importlib.util.module_from_spec(_SPEC)
sys.modules[_SPEC.name] = make
_SPEC.loader.exec_module(make)

PATHS = ("/a", "/b", "/c")
HOSTS = ("harbour-post.example", "harbour-post.example", "lind-herald.example")
OUTCOMES = (Outcome.TIMEOUT, Outcome.TIMEOUT, Outcome.DNS, Outcome.FETCHED, Outcome.NOT_MODIFIED, Outcome.FAILED)
TRY = st.tuples(
    st.integers(0, len(PATHS) - 1),
    st.sampled_from(OUTCOMES),
    st.sampled_from(["nothing", "nothing", "nothing", "capture", "text", "judged", "replay"]),
    st.sampled_from(["", "", "", "lantern"]),
)
RUN = st.tuples(TRY, st.integers(1, 6)).map(lambda drawn: [drawn[0]] * drawn[1])
THIN = st.integers(0, 12).map(lambda days: [days])
STEPS = st.lists(st.one_of(RUN, RUN, RUN, THIN), min_size=2, max_size=16).map(lambda runs: [*chain.from_iterable(runs)])
"""Tries, some of them several times in a row, and how many days old attempts are that move."""


def written(document, number, step, replayed):
    """What came of a try; the same for every store."""
    _, outcome, brought, archive = step
    at = make.at(days=number)
    told = {"started_at": at, "finished_at": at, "archive": archive, "next_fetch_at": make.at(days=number + 3)}
    if brought in {"capture", "text"} and not archive:
        text = f"words of {number % 3} pages" if brought == "text" else None
        return make.result(document, text, outcome, attempt_fields=told)
    if brought == "judged":
        told["page"] = PageVerdict(kind=PageKind.TEASER, score=0.5, page_digest=f"d{number % 2}")
    if brought == "replay" and replayed and not archive:
        return replace(make.failure(document, outcome, **told), replayed=replayed)
    return make.failure(document, outcome, **told)


def decided(library, now):
    """What the library counts and decides, but for the attempts themselves."""
    store = library.store
    documents = [
        store.document(make.identity(path, host).canonical_url) for path, host in zip(PATHS, HOSTS, strict=True)
    ]
    return {
        "status": store.status(now=now),
        "documents": documents,
        "hosts": store.host_states(HOSTS),
        "days": list(store.host_days(since=make.NOW.date(), until=now.date())),
        "due": list(store.due(Selection(), now=now)),
        "repeats": [
            store.repeats(one.host, f"d{number}", document_id=one.id) for one in documents for number in (0, 1)
        ],
        "replayable": list(store.replayable(Selection(due_only=False))),
        "plan": [explain_document(library, one.canonical_url).sentences for one in documents],
        "captures": list(store.captures()),
    }


def whole(library):
    for path, host in zip(PATHS, HOSTS, strict=True):
        history = library.store.history(make.identity(path, host).canonical_url)
        yield thinning.with_archived(library, history).attempts


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=STEPS)
def test_thinning_changes_nothing_that_is_decided(sqlite_template, steps):
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder, "library.db")
        database.write_bytes(sqlite_template.read_bytes())
        Path(folder, "dateline.toml").touch()
        for name in ("plain", "memory", "sqlite"):
            Path(folder, name).mkdir()
            Path(folder, name, "dateline.toml").touch()
        addresses = {"plain": "memory:", "memory": "memory:", "sqlite": f"sqlite:///{database}"}
        stores = {name: open_store(url) for name, url in addresses.items()}
        libraries = {name: Library(configuration=load(Path(folder, name)), store=one) for name, one in stores.items()}
        run(steps, libraries)
        for one in stores.values():
            one.close()


def run(steps, libraries):
    plain = libraries["plain"].store
    for library in libraries.values():
        library.store.put_loose([make.loose(path, host) for path, host in zip(PATHS, HOSTS, strict=True)], now=make.NOW)
    for number, step in enumerate(steps):
        if isinstance(step, int):
            rule = AttemptRule(before=make.at(days=number - step))
            found = [list(libraries[name].store.thinnable(rule)) for name in ("memory", "sqlite")]
            assert found[0] == found[1]
            for name in ("memory", "sqlite"):
                moved = sum(one.attempts for one in thinning.thin(libraries[name], rule, now=make.NOW))
                assert moved == len(found[0])
                assert not list(libraries[name].store.thinnable(rule))
            continue
        url = make.identity(PATHS[step[0]], HOSTS[step[0]]).canonical_url
        captures = plain.history(url).captures
        result = written(plain.document(url), number, step, captures[-1].id if captures else None)
        answers = [
            library.store.archive([result], decide=make.decide, now=make.at(days=number))
            for library in libraries.values()
        ]
        assert answers[0] == answers[1] == answers[2]
    now = make.at(days=len(steps) + 2)
    expected = decided(libraries["plain"], now)
    history = list(whole(libraries["plain"]))
    for name in ("memory", "sqlite"):
        assert decided(libraries[name], now) == expected
        assert list(whole(libraries[name])) == history
