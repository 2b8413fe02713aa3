"""Attempts that need not stay in the store: which, what is left of them, and that nothing else notices."""

import os
import signal
import subprocess
import sys
import textwrap
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from crawler import thinning
from crawler.configuration import load
from crawler.library import Library
from storage import open_store
from storage.attempt_files import AttemptFiles, file_of
from storage.errors import LibraryError, StorageError
from storage.types import (
    AttemptRule,
    FetchReason,
    Outcome,
    PageKind,
    PageVerdict,
    Redirect,
    RobotsDecision,
    ThinnedAttempts,
)

T, D = Outcome.TIMEOUT, Outcome.DNS


@pytest.fixture
def tried(store, make, sources):
    """Stores attempts at one document, one a day; returns the document."""

    def run(*outcomes, path="/a", host="harbour-post.example", **fields):
        (document,) = sources(path, host=host)
        at_all = len(store.history(document.canonical_url).attempts)
        for number, outcome in enumerate(outcomes, start=at_all):
            at = make.at(days=number)
            result = make.failure(document, outcome, started_at=at, finished_at=at, **fields)
            (archived,) = store.archive([result], decide=make.decide, now=at)
            assert not archived.error
        return store.document(document.canonical_url)

    return run


@pytest.fixture
def ids(store, make):
    """Ids of attempts that need not stay."""

    def run(days=1000, host="", after=0):
        found = store.thinnable(AttemptRule(before=make.at(days=days), host=host), after=after)
        return [attempt_id for _, attempt_id in found]

    return run


def numbered(store, document):
    return [one.id for one in store.history(document.canonical_url).attempts]


# -- which -----------------------------------------------------------------------------------------------------------


def test_the_first_the_latest_and_every_change_of_outcome_stay(store, tried, ids):
    document = tried(T, T, T, D, D, T, T, T, D, D)
    of = numbered(store, document)
    assert ids() == [of[1], of[2], of[4], of[6], of[7]]


@pytest.mark.parametrize("outcomes", [(T,), (T, T), (T, D, T, D)])
def test_short_and_changing_stories_stay_whole(tried, ids, outcomes):
    tried(*outcomes)
    assert ids() == []


def test_young_ones_and_those_of_other_hosts_stay(store, tried, ids):
    document = tried(T, T, T, T, T)
    tried(T, T, T, T, T, path="/b", host="lind-herald.example")
    of = numbered(store, document)
    assert ids(days=3, host="harbour-post.example") == of[1:3]
    assert len(ids()) == 6
    assert ids(after=document.id) == ids(host="lind-herald.example")


def test_what_brought_a_capture_a_judgement_or_was_our_own_mistake_stays(store, make, tried, ids):
    document = tried(T)
    page = PageVerdict(kind=PageKind.ARTICLE, score=0.5, page_digest="d")
    results = [
        make.result(document, outcome=T),
        make.failure(document, T, page=page),
        make.failure(document, T, coverage=make.coverage(), archive="lantern"),
        make.failure(document, T, coverage=make.coverage(), archive="lantern"),
        make.failure(document, Outcome.FAILED),
        make.failure(document, Outcome.FAILED),
        make.failure(document, Outcome.FAILED),
    ]
    store.archive(results, decide=make.decide, now=make.NOW)
    tried(T, T, T)
    of = numbered(store, document)
    kept = [one.id for one in store.history(document.canonical_url).attempts if one.outcome is not T or one.page]
    found = ids()
    assert found
    assert set(found) < set(of) - set(kept)
    with_captures = {one.attempt_id for one in store.history(document.canonical_url).captures}
    assert not with_captures & set(found)


def test_what_was_replayed_stays(store, make, sources, ids):
    (document,) = sources("/a")
    store.archive([make.result(document, outcome=T)], decide=make.decide, now=make.NOW)
    (capture,) = store.history(document.canonical_url).captures
    for number in range(1, 5):
        at = make.at(days=number)
        told = {"reason": FetchReason.REPLAYED, "started_at": at, "finished_at": at}
        result = replace(make.failure(document, T, **told), replayed=capture.id)
        (archived,) = store.archive([result], decide=make.decide, now=at)
        assert not archived.error
    assert ids() == []


def test_attempts_at_an_archive_are_a_story_of_their_own(store, tried, ids):
    document = tried(T, T, T)
    tried(T, T, T, archive="lantern")
    of = numbered(store, document)
    assert ids() == [of[1], of[4]]


# -- moving ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def library(store, tmp_path):
    folder = tmp_path / "library"
    folder.mkdir()
    (folder / "dateline.toml").touch()
    return Library(configuration=load(folder), store=store)


@pytest.fixture
def thin(library, make):
    def run(days=1000):
        return sum(one.attempts for one in thinning.thin(library, AttemptRule(before=make.at(days=days)), now=make.NOW))

    return run


def test_what_was_moved_is_read_back_as_it_was(store, make, library, thin, tried):
    robots = RobotsDecision(allowed=False, rule="Disallow: /", status=200)
    fields = {"detail": "no \0 answer \udcff", "redirects": (Redirect(url="http://a.example/", status=301),)}
    document = tried(T, T, T, T, T, robots=robots, reservations=("noai",), **fields)
    before, status = store.history(document.canonical_url), store.status(now=make.NOW)
    assert thinning.look(library, AttemptRule(before=make.at(days=1000))).attempts == 3
    assert thin() == 3
    after = store.history(document.canonical_url)
    assert after.thinned == ThinnedAttempts(attempts=3, since=make.at(days=1), until=make.at(days=3))
    assert after.attempts == (before.attempts[0], before.attempts[-1])
    assert after.document == before.document
    assert thinning.with_archived(library, after).attempts == before.attempts
    assert store.status(now=make.NOW) == status
    assert thin() == 0
    (batch,) = store.attempt_batches()
    assert batch.file == "attempts-2026-03.jsonl.zst"


def test_later_attempts_are_appended_and_each_month_has_its_file(store, make, library, thin, tried):
    document = tried(*[T] * 80)
    before = store.history(document.canonical_url).attempts
    assert thin(days=20) == 19
    assert thin(days=70) == 50
    files = [one.file for one in store.attempt_batches()]
    assert sorted(set(files)) == sorted({file_of(one.started_at) for one in before[1:70]})
    assert len(files) == 4
    assert thinning.with_archived(library, store.history(document.canonical_url)).attempts == before
    tried(D, D, T)
    assert store.document(document.canonical_url).attempts == 83


def test_attempts_get_ids_of_their_own_afterwards(store, thin, tried):
    document = tried(*[T] * 9)
    thin()
    tried(T, T, D)
    assert len(set(numbered(store, document))) == 5


def test_what_a_killed_program_left_in_the_file_is_put_aside(store, make, library, thin, tried, monkeypatch):
    document = tried(*[T] * 9)
    before = store.history(document.canonical_url).attempts
    thin(days=4)

    def killed(*_):
        raise StorageError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(type(store), "thin", killed)
        with pytest.raises(StorageError, match="killed"):
            thin()
    path = library.configuration.library / "attempts" / "attempts-2026-03.jsonl.zst"
    (known,) = store.attempt_batches()
    assert path.stat().st_size > known.end
    behind = path.read_bytes()[known.end :]
    assert thin() == 4
    (aside,) = (path.parent / "uncommitted").iterdir()
    assert aside.name.startswith(f"{path.name}.{known.end}.")
    assert aside.read_bytes() == behind
    assert path.stat().st_size == store.attempt_batches()[-1].end
    assert thinning.with_archived(library, store.history(document.canonical_url)).attempts == before


def test_two_who_thin_at_once_lose_nothing(store, make, library, thin, tried):
    tried(*[T] * 9)
    (batch,) = [replace(one, offset=0) for one in _written(library, store, make)]
    found = [attempt_id for _, attempt_id in store.thinnable(AttemptRule(before=make.at(days=1000)))]
    store.thin(found[:3], [batch])
    for taken, batches in ((found[:3], []), (found[3:], [batch]), ([*found[3:], found[0]], [])):
        with pytest.raises(StorageError, match="another program"):
            store.thin(taken, batches)
    assert store.status(now=make.NOW).attempts == 9
    assert len(store.attempts(found)) == 4


def _written(library, store, make):
    files = thinning.files_of(library)
    yield files.append("attempts-2026-03.jsonl.zst", store.attempts([1]), after=None, now=make.NOW)


def test_a_file_of_another_machine_is_not_begun_anew(store, library, thin, tried):
    document = tried(*[T] * 9)
    thin(days=4)
    path = library.configuration.library / "attempts" / "attempts-2026-03.jsonl.zst"
    path.unlink()
    with pytest.raises(LibraryError, match="wrote to it last"):
        thin()
    assert len(store.history(document.canonical_url).attempts) == 6
    with pytest.raises(LibraryError, match="cannot be read"):
        thinning.with_archived(library, store.history(document.canonical_url))


def test_a_file_that_only_has_the_right_name_is_not_gone_on_with(store, library, thin, tried):
    document = tried(*[T] * 9)
    thin(days=4)
    path = library.configuration.library / "attempts" / "attempts-2026-03.jsonl.zst"
    path.write_bytes(os.urandom(2 * path.stat().st_size))
    before = path.read_bytes()
    with pytest.raises(LibraryError, match="wrote to it last"):
        thin()
    assert path.read_bytes() == before
    assert len(store.history(document.canonical_url).attempts) == 6


def test_nothing_that_is_put_aside_is_written_over(store, library, thin, tried):
    tried(*[T] * 9)
    folder = library.configuration.library / "attempts"
    folder.mkdir()
    tails = [os.urandom(3 << 20), b"of another library", b"of another library"]
    for days, tail in zip((4, 6, 8), tails, strict=True):
        with (folder / "attempts-2026-03.jsonl.zst").open("ab") as file:
            file.write(tail)
        assert thin(days=days)
    aside = [one.read_bytes() for one in (folder / "uncommitted").iterdir()]
    assert sorted(aside) == sorted(tails)
    (folder / "attempts-2026-03.jsonl.zst").unlink()
    batches = store.attempt_batches()
    for tail in (b"one", b"other", b"one"):
        (folder / "attempts-2031-01.jsonl.zst").write_bytes(tail)
        files = thinning.files_of(library)
        files.append("attempts-2031-01.jsonl.zst", store.attempts([1]), after=None, now=batches[0].written_at)
    aside = [one.read_bytes() for one in (folder / "uncommitted").glob("attempts-2031-*")]
    assert sorted(aside) == [b"one", b"other"]


def test_attempts_leave_the_database_once_file_and_folders_are_on_disk(store, library, thin, tried, monkeypatch):
    tried(*[T] * 9)
    folder, synced, sync = library.configuration.library, set(), os.fsync

    def noticed(fd):
        sync(fd)
        synced.add(str(Path(f"/proc/self/fd/{fd}").readlink()))

    real = type(store).thin

    def at_last(*given):
        assert {
            str(folder),
            str(folder / "attempts"),
            str(folder / "attempts" / "attempts-2026-03.jsonl.zst"),
        } <= synced
        real(*given)

    monkeypatch.setattr(os, "fsync", noticed)
    monkeypatch.setattr(type(store), "thin", at_last)
    assert thin() == 7


def test_a_damaged_file_is_named(store, library, thin, tried):
    document = tried(*[T] * 9)
    thin()
    (path,) = (library.configuration.library / "attempts").iterdir()
    content = bytearray(path.read_bytes())
    content[20] ^= 1
    path.write_bytes(content)
    with pytest.raises(LibraryError, match="is damaged at 0"):
        thinning.with_archived(library, store.history(document.canonical_url))


# -- killed, and beside a crawl --------------------------------------------------------------------------------------

_THINNING = """
    import sys
    from datetime import UTC, datetime
    from crawler import thinning
    from crawler.configuration import load
    from crawler.library import Library
    from storage import open_store
    from storage.types import AttemptRule

    thinning.BATCH = 5
    rule = AttemptRule(before=datetime(2030, 1, 1, tzinfo=UTC))
    with open_store(sys.argv[2]) as store:
        for one in thinning.thin(Library(configuration=load(sys.argv[1]), store=store), rule, now=datetime.now(UTC)):
            print(one.attempts, flush=True)
"""


def _count(database):
    engine = create_engine(database, poolclass=NullPool)
    with engine.connect() as connection:
        return connection.scalar(text("SELECT count(*) FROM attempts"))


def test_killed_again_and_again_beside_a_crawl_no_attempt_is_lost_or_kept_twice(database, make, tmp_path):
    folder = tmp_path / "library"
    folder.mkdir()
    (folder / "dateline.toml").touch()
    with open_store(database) as store:
        store.put_loose([make.loose(f"/{number}") for number in range(20)], now=make.NOW)
        documents = [store.document(make.identity(f"/{number}").canonical_url) for number in range(20)]

        def crawl(days):
            results = [
                make.failure(one, started_at=make.at(days=day), finished_at=make.at(days=day))
                for day in days
                for one in documents
            ]
            for piece in range(0, len(results), 50):
                store.archive(results[piece : piece + 50], decide=make.decide, now=make.NOW)
            return {one.attempt.key for one in results}

        stored = crawl(range(30))
        for round_ in range(3):
            process = subprocess.Popen(
                [sys.executable, "-c", textwrap.dedent(_THINNING), str(folder), database], stdout=subprocess.PIPE
            )
            for _ in range(3 + 4 * round_):
                process.stdout.readline()
            stored |= crawl([30 + round_])
            os.kill(process.pid, signal.SIGKILL)
            process.communicate()
        assert _count(database) > 2 * len(documents)
        library = Library(configuration=load(folder), store=store)
        for _ in thinning.thin(library, AttemptRule(before=make.at(days=1000)), now=make.NOW):
            pass
        assert _count(database) == 2 * len(documents)
        files = AttemptFiles(folder / "attempts")
        archived = [one.key for batch in store.attempt_batches() for one in files.read(batch)]
        kept = [one.key for known in documents for one in store.history(known.canonical_url).attempts]
        assert Counter(archived + kept) == Counter(stored)
        counted = sum(store.history(known.canonical_url).thinned.attempts for known in documents)
        assert counted == len(archived)
