"""A library whose archives stand on this machine, and what a backfill left in it, in the terms of `archive_pages`."""

import json
from dataclasses import dataclass

from storage.captures import CaptureReader
from storage.types import FetchReason

QUICK = {"index_interval_s": 0.02, "replay_interval_s": 0.02}
INTERNET_ARCHIVE, COMMON_CRAWL, NEXT_DOOR = "internet-archive", "common-crawl", "next-door"


def toml(value):
    return json.dumps(value)


def arrange(desk, *, archives, backfill=None, database="", **crawl):
    """Settings of a library that knows these archives and asks no other; name -> settings, in order.

    ``allow_private`` is what archives on loopback addresses need.
    """
    desk.configure(database=database, **({"allow_private": True} | crawl))
    lines = ["[backfill]", f"archives = {toml(', '.join(archives))}"]
    lines += [f"{name} = {toml(value)}" for name, value in (backfill or {}).items()]
    for name, settings in archives.items():
        if settings:
            lines.append(f'[archives."{name}"]')
            lines += [f"{key} = {toml(value)}" for key, value in settings.items()]
    path = desk.folder / "dateline.toml"
    # A worker takes a second of processor time to start, and these libraries have a dozen pages.
    given = path.read_text().replace("workers = 2", "workers = 1")
    path.write_text(f"{given}{chr(10).join(lines)}\n")


def at(server, **settings):
    """Settings of a built-in archive that a stand-in plays."""
    return {"index_url": server.index_url, "replay_url": server.replay_url, **QUICK, **settings}


def beside(pywb, **settings):
    """Settings of an archive that pywb serves."""
    own = {"kind": "cdx", "dialect": "pywb", "index_url": f"{pywb.base}cdx", "replay_url": pywb.base}
    return {**own, **QUICK, **settings}


def events(desk):
    """Keys of all events, in the order of the days."""
    with desk.library() as library:
        return [event.key for event in library.store.events()]


def backfill_all(desk, *arguments, expect=0):
    """`dateline backfill` of all events by name, whether their sources were ever asked for or not."""
    return desk.run("backfill", *events(desk), *arguments, expect=expect)


@dataclass(frozen=True)
class Looked:
    """One copy that was looked at: its time (of an archived redirect's first one), what came of it, the last time."""

    first: str
    outcome: str
    last: str


def looked(desk, url):
    """What was looked at in archives for a cited URL, in order."""
    history = desk.history(url)
    found = []
    for attempt in history.attempts:
        if attempt.reason is not FetchReason.BACKFILL:
            continue
        copies = [capture for capture in history.captures if capture.attempt_id == attempt.id and capture.memento]
        times = [f"{capture.captured_at:%Y%m%d%H%M%S}" for capture in copies] or [""]
        found.append(Looked(times[0], attempt.outcome.value, times[-1]))
    return found


def story_of(desk, cited):
    """What came of one document: (accepted copy, rejected copies with their outcomes, archive -> state)."""
    history = desk.history(cited.url)
    made = looked(desk, cited.url)
    accepted = [one.last for one in made if one.outcome in {"fetched", "teaser"}]
    rejected = tuple((one.first, one.outcome) for one in made if one.outcome not in {"fetched", "teaser"})
    states = {search.archive: search.state.value for search in history.searches}
    return (accepted[-1] if accepted else "", rejected, states)


def expected_of(cited, archive):
    """What `story_of` has to be; most archives state every status, so that no error is asked for."""
    vain = set() if archive == INTERNET_ARCHIVE else {shot.at for shot in cited.shots if shot.listed}
    rejected = tuple(one for one in cited.rejected if one[0] not in vain)
    return cited.accepted, rejected, {archive: cited.state}


def articles(desk):
    """Cited URL -> text of the article's current version."""
    with desk.library() as library:
        return {view.document.request_url: view.versions[-1].article.body for view in library.store.articles()}


def library_facts(desk):
    """Everything of a library that must not depend on how often its backfill was interrupted.

    Keys of attempts, places in files and clock times of our own are left out; record counts are not.
    """
    facts = []
    with desk.library() as library, CaptureReader(library.captures) as reader:
        captures = list(library.store.captures())
        for view in library.store.articles():
            article = view.versions[-1].article
            facts.append(("article", view.document.canonical_url, article.headline, article.body, len(view.versions)))
        for capture in captures:
            memento = capture.memento
            kept = (memento.page_url, f"{capture.captured_at:%Y%m%d%H%M%S}", capture.status) if memento else ("", "", 0)
            facts.append(("capture", *kept, len(reader.payload(capture))))
    return sorted(facts, key=str)


def searches(desk):
    """(cited URL, archive) -> state."""
    states = {}
    with desk.library() as library:
        for cited_url, history in _histories(library):
            for search in history.searches:
                states[cited_url, search.archive] = search.state.value
    return states


def backfills(desk):
    """Cited URL -> (state, reason) of its place in the queue."""
    with desk.library() as library:
        return {
            url: (history.backfill.state.value, history.backfill.reason)
            for url, history in _histories(library)
            if history.backfill
        }


def _histories(library):
    for summary in library.store.events():
        for source in library.store.event(summary.key).sources:
            if source.document is not None:
                yield source.link.cited_url, library.store.history(source.document.canonical_url)
