"""Stories of real-looking articles: the same relations and groups whatever came first, was mended or taken back."""

import importlib.util
import sys
import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from crawler.dedup import decide, fingerprint, refingerprinted
from storage import open_store
from storage.stock import is_stock
from storage.types import Access, Article, SameDocumentHow

sys.path.append(str(Path(__file__).parents[1] / "benchmarks" / "dedup"))

from dedup_gate.changes import CHANGES
from dedup_gate.pairs import digest, quoting, written_through
from dedup_gate.stories import LANGUAGES, PROSE, seeded, story, template_report

FACTORIES = Path(__file__).parents[1] / "contract" / "store_factories.py"
spec = importlib.util.spec_from_file_location("store_factories", FACTORIES)
make = importlib.util.module_from_spec(spec)
spec.loader.exec_module(make)

SEEDS = st.integers(0, 100_000)
DAYS = [0, 0, 1, 2, 3]


def texts(rng):
    """Copies of some stories, what was made of them, and reports of templates."""
    originals = [
        story(rng, number, rng.choice([2, 3, 7, 9]), rng.choice(["en", "en", "en", *LANGUAGES])) for number in range(4)
    ]
    changes = list(CHANGES.values())
    made = [*originals, *(rng.choice(changes)(rng, one) for one in originals for _ in range(rng.randint(1, 3)))]
    english = [one for one in originals if one.language == "en" and one.body.count("\n\n") > 5]
    for number, one in enumerate(english):
        made += [written_through(rng, one, story(rng, number + 20, 8)), quoting(rng, one, story(rng, number + 40, 4))]
    if len(english) > 1:
        made.append(digest(rng, english[:3]))
    return [*made, *(template_report(rng, name, seeded(1)) for name in rng.sample(list(PROSE["templates"]), 2) * 2)]


@dataclass(frozen=True)
class Report:
    """One reading of a page."""

    host: str
    path: str
    article: Article
    captured_at: datetime
    payload: str

    @property
    def url(self):
        return make.identity(self.path, self.host).canonical_url

    def told(self, article, hours=0):
        """The page with another text; later, it is another payload too."""
        payload = f"{self.payload} {hours}" if hours else self.payload
        fresh = fingerprint(article, host=self.host)
        return replace(self, article=fresh, payload=payload, captured_at=self.captured_at + timedelta(hours=hours))


def reports(rng):
    """The first reading of every page."""
    return [_report(rng, number, article) for number, article in enumerate(texts(rng))]


def _report(rng, number, article):
    day = rng.choice(DAYS)
    published = make.dated(make.at(days=day, hours=rng.randint(0, 20))) if rng.random() < 0.8 else None
    access = Access.TEASER if rng.random() < 0.1 else article.access
    blank = Report(
        host=f"h{rng.randint(0, 6)}.example",
        path=f"/{number}",
        article=article,
        captured_at=make.at(days=day),
        payload=f"page {number}",
    )
    return blank.told(replace(article, published_at=published, access=access))


def histories(rng, first):
    """For every page its readings, oldest first: some were edited, some tell what another page tells."""
    return [[one, *_later(rng, one, rng.choice(first).article)] for one in first]


def _later(rng, one, other):
    for hours in rng.choice([(), (), (1,), (30,), (1, 30)]):
        edited = rng.choice(list(CHANGES.values()))(rng, one.article)
        fresh = rng.choice([edited, other, one.article])
        yield one.told(replace(fresh, published_at=rng.choice([fresh.published_at, one.article.published_at])), hours)


def interleaved(rng, histories):
    """All readings in some order in which no page goes back in time."""
    left = [list(one) for one in histories]
    while left := [one for one in left if one]:
        yield rng.choice(left).pop(0)


def bring(store, rng, readings):
    """Store readings in batches of any size."""
    left = list(readings)
    store.put_loose([make.loose(one.path, one.host) for one in left], now=make.NOW)
    while left:
        size = rng.choice([1, 1, 2, 5])
        batch, left = left[:size], left[size:]
        results = [
            make.result(
                document := store.document(one.url),
                article=one.article,
                captures=(make.capture(document, one.payload, captured_at=one.captured_at),),
            )
            for one in batch
        ]
        assert not [one.error for one in store.archive(results, decide=decide, now=make.NOW) if one.error]


def compare(store, rng):
    """Compare all that wait, in any order and batches of any size; how many told another story afterwards."""
    moved, left = 0, store.waiting_for_comparison(limit=10_000)
    rng.shuffle(left)
    while left:
        size = rng.choice([1, 2, 5, 64])
        batch, left = left[:size], left[size:]
        moved += store.compare_again(batch, decide=decide, fingerprint=refingerprinted, now=make.NOW)
    assert store.compare_later([]) == 0
    return moved


def rebuild(store, rng):
    store.compare_later(None)
    return compare(store, rng)


def outcome(store):
    """Relations and groups, with fits and who stands for each, by URL."""
    views = list(store.articles())
    url = {view.id: view.document.canonical_url for view in views}
    relations = {
        (url[view.id], url[one.other_id]): (one.kind, one.signal, one.score, one.share, one.other_share)
        for view in views
        for one in store.relations(view.id)
    }
    groups = {frozenset((url[one.article_id], one.representative, one.score) for one in view.cluster) for view in views}
    return relations, groups


def numbers(store):
    return {view.document.canonical_url: view.cluster_id for view in store.articles()}


@pytest.fixture(scope="module", autouse=True)
def _nothing_is_stock():
    """The furniture of the invented pages is drawn from a small pool and would be stock, which is counted as it comes.

    What that does to the order of arrival is `test_what_is_stock_is_known_after_a_rebuild`.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("storage.memory.candidates.is_stock", lambda *_, **__: False)
        patch.setattr("storage.sql.candidates.stock", lambda *_, **__: frozenset())
        yield


@settings(max_examples=1, deadline=None)
@given(seed=SEEDS)
@example(seed=0)
@example(seed=2)
def test_neither_order_nor_batches_leave_a_trace(seed):
    rng = seeded(seed)
    pages = histories(rng, reports(rng))
    outcomes = []
    for _ in range(2):
        with open_store("memory:") as store:
            bring(store, rng, interleaved(rng, pages))
            before = (outcome(store), numbers(store))
            assert rebuild(store, rng) == 0
            assert (outcome(store), numbers(store)) == before
            outcomes.append(before[0])
    assert outcomes[0] == outcomes[1]
    relations, groups = outcomes[0]
    assert relations
    assert len(groups) < len(pages)
    for (one, other), (kind, signal, score, share, other_share) in relations.items():
        assert relations[other, one] == (kind, signal, score, other_share, share)


@settings(max_examples=2, deadline=None)
@given(seed=SEEDS)
@example(seed=21)
@example(seed=29)
def test_a_text_that_was_mended_later_leaves_no_trace(seed):
    """What a wrong text joined, a derived relation of the right one must not hold together."""
    rng = seeded(seed)
    right = reports(rng)
    wrong = [one.told(rng.choice(right).article) if rng.random() < 0.4 else one for one in right]
    with open_store("memory:") as mended, open_store("memory:") as plain:
        bring(mended, rng, rng.sample(wrong, len(wrong)))
        for one in right:
            (version, _), *_ = mended.own_versions(mended.document(one.url).id, limit=1)
            mended.reextract(version.id, one.article, now=make.NOW)
        compare(mended, rng)
        bring(plain, rng, right)
        assert outcome(mended) == outcome(plain)


@settings(max_examples=4, deadline=None)
@given(seed=SEEDS)
def test_merges_that_were_undone_leave_no_trace(seed):
    rng = seeded(seed)
    first = reports(rng)
    with open_store("memory:") as store, open_store("memory:") as plain:
        store.put_loose([make.loose(one.path, one.host) for one in first], now=make.NOW)
        ids = [store.document(one.url).id for one in first]
        for place in range(0, len(first), 4):
            bring(store, rng, first[place : place + 4])
            into, one = sorted(rng.sample(ids, 2))
            store.merge_documents(one, into, how=SameDocumentHow.HAND, evidence="seen", now=make.NOW)
            if rng.random() < 0.3:
                rebuild(store, rng)
        merged = [one.document_id for one in store.merges()]
        assert merged
        for one in merged:
            store.undo_merge(one, because="no", now=make.NOW)
        compare(store, rng)
        bring(plain, rng, first)
        assert outcome(store) == outcome(plain)


@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=SEEDS)
def test_a_database_says_what_the_memory_says(sqlite_template, tmp_path, seed):
    rng = seeded(seed)
    path = tmp_path / f"{uuid.uuid4().hex}.db"
    path.write_bytes(sqlite_template.read_bytes())
    readings = list(interleaved(rng, histories(rng, reports(rng))))
    found = []
    for address in ("memory:", f"sqlite:///{path}"):
        with open_store(address) as store:
            bring(store, seeded(seed), readings)
            came = (outcome(store), numbers(store))
            assert rebuild(store, seeded(seed)) == 0
            assert (outcome(store), numbers(store)) == came
            found.append(came)
    assert found[0] == found[1]


def month(rng):
    """Reports of three weeks, some copied, all with one long piece of furniture at their end."""
    furniture = story(rng, 99, 2).body
    for number in range(20):
        day, article = rng.randint(0, 20), story(rng, number, rng.choice([1, 1, 2, 5]))
        whole = replace(article, body=f"{article.body}\n\n{furniture}", published_at=make.dated(make.at(days=day)))
        copied = [rng.choice(list(CHANGES.values()))(rng, whole)] if rng.random() < 0.4 else []
        for place, one in enumerate([whole, *copied]):
            path, host = f"/{number}-{place}", f"h{rng.randint(0, 3)}.example"
            at = make.at(days=day)
            yield Report(host=host, path=path, article=fingerprint(one, host=host), captured_at=at, payload=path)


@settings(max_examples=1, deadline=None)
@given(seed=SEEDS)
@example(seed=0)
def test_what_is_stock_is_known_after_a_rebuild(seed):
    """Furniture is stock once it stands on other days, too: only when all is there, all is compared alike."""
    rng = seeded(seed)
    rows = list(month(rng))
    outcomes = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("storage.memory.candidates.is_stock", is_stock)
        for _ in range(2):
            with open_store("memory:") as store:
                bring(store, rng, rng.sample(rows, len(rows)))
                rebuild(store, rng)
                outcomes.append((outcome(store), numbers(store)))
                rebuild(store, rng)
                assert (outcome(store), numbers(store)) == outcomes[-1]
    assert outcomes[0][0] == outcomes[1][0]
