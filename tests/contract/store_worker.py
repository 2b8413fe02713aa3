"""What the tests of several processes run as children: `python store_worker.py ACTION ADDRESS NAME`."""

import importlib.util
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from storage import open_store
from storage.errors import JobRunning
from storage.types import BackfillState, HostState

spec = importlib.util.spec_from_file_location("store_factories", Path(__file__).with_name("store_factories.py"))
make = importlib.util.module_from_spec(spec)
spec.loader.exec_module(make)


def lease(store, name):
    """Take all work there is, two hosts at a time, and say what was given."""
    print("ready", flush=True)
    sys.stdin.readline()
    while given := store.lease(make.request(name, max_hosts=2, per_host=3)):
        for document in given:
            print(document.host, document.id, flush=True)
        time.sleep(0.02)  # as if it fetched: SQLite gives a lock to whoever asks next


def archive(store, name):
    """Store batches of results, each with two captures and an article, until killed."""
    number = 0
    while True:
        store.put_loose([make.loose(f"/{name}/{number}/{n}", f"h{n}.example") for n in range(5)], now=make.NOW)
        documents = store.lease(make.request(name, max_hosts=5, per_host=4))
        results = [
            make.result(
                one,
                f"story of {one.canonical_url}",
                captures=(make.capture(one), make.capture(one)),
                hosts=(HostState(name=one.host, failures=number + 1),),
                attempt_fields={"run_token": name, "next_fetch_at": None},
            )
            for one in documents
        ]
        store.archive(results, decide=make.decide, now=make.NOW)
        print(number, flush=True)
        number += 1


def twins(store, name):
    """Store the same six stories as every other process, each in words of its own too, in small batches."""
    paths = [f"/{name}/{number}" for number in range(6)]
    store.put_loose([make.loose(path, f"{name}.example") for path in paths], now=make.NOW)
    documents = [store.document(make.identity(path, f"{name}.example").canonical_url) for path in paths]
    print("ready", flush=True)
    sys.stdin.readline()
    for start in range(0, 6, 3):
        texts = [f"story{number} alpha{number} beta{number} {name}-{number}" for number in range(start, start + 3)]
        results = [
            make.result(one, article=make.article(text, keys={"words": make.many_keys_of(text)}))
            for one, text in zip(documents[start : start + 3], texts, strict=True)
        ]
        assert not [one.error for one in store.archive(results, decide=make.contained, now=make.NOW) if one.error]


def events(store, name):
    """Import the same entries as every other process."""
    entries = [make.entry(f"e-{number}", sources=make.links(f"/{number}", "/all")) for number in range(60)]
    print("ready", flush=True)
    sys.stdin.readline()
    for answer in store.put_events(entries, match=make.same_sources, now=make.NOW):
        print(answer.key, answer.change, flush=True)


def claim(store, name):
    """Claim each host that is named on standard input, and say whether it was granted."""
    print("ready", flush=True)
    for line in sys.stdin:
        answer = store.claim_host(line.strip(), token=name, now=make.NOW, until=make.at(minutes=5))
        print(line.strip() if answer.granted else "refused", flush=True)


def backfill(store, name):
    """Take all backfills there are, three at a time, and end each."""
    print("ready", flush=True)
    sys.stdin.readline()
    while tasks := store.lease_backfills(make.backfill(name, limit=3)):
        for task in tasks:
            print(task.document.id, flush=True)
            store.end_backfill(task.document.id, token=name, state=BackfillState.MISSING, next_at=None, now=make.NOW)


def turns(store, name):
    """Take two hundred turns at one archive that nobody knows yet, while states of hosts are written."""
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(200):
        print(store.change_host("lantern.example", take_turn).booked["index"].isoformat(), flush=True)
        if number % 20 == 0:
            store.put_host_states([HostState(name="lantern.example"), HostState(name=f"h{number}.example")])


def take_turn(state):
    moment = state.booked["index"] + timedelta(seconds=1) if state.booked else make.NOW
    return replace(state, booked={"index": moment})


def lines(store, name):
    """Store forty documents of one host that all have the same line at their edges, and one of their own."""
    paths = [f"/{name}/{number}" for number in range(40)]
    store.put_loose([make.loose(path) for path in paths], now=make.NOW)
    documents = [store.document(make.identity(path).canonical_url) for path in paths]
    print("ready", flush=True)
    sys.stdin.readline()
    for one in documents:
        article = make.article(one.canonical_url, edge_lines=(-7, one.id))
        (answer,) = store.archive([make.result(one, article=article)], decide=make.undecided, now=make.NOW)
        assert not answer.error


def start(store, name):
    """Start a run of each job that is named on standard input, and say whether it was at work already."""
    print("ready", flush=True)
    for line in sys.stdin:
        job = line.strip()
        try:
            store.start_run(make.run(f"{name}-{job}", job=job))
        except JobRunning:
            print("refused", flush=True)
        else:
            print("started", flush=True)


ACTIONS = {
    "lease": lease,
    "archive": archive,
    "twins": twins,
    "events": events,
    "claim": claim,
    "backfill": backfill,
    "turns": turns,
    "lines": lines,
    "start": start,
}

if __name__ == "__main__":
    _, action, address, worker = sys.argv
    with open_store(address) as opened:
        ACTIONS[action](opened, worker)
