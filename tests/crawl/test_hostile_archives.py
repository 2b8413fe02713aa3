"""Archives that lie, stall and burst, against the running program: every search ends, honestly, and asks nobody else.

One document is looked for in all archives of a group by one command; behind them stands an honest one, or the document
is missing in truth. What holds for all: no traceback, bounded memory, no host but the archives', nothing accepted that
is another story, and what could not be asked is never called "never archived".
"""

import gzip
import itertools
import json
import time
from dataclasses import dataclass
from pathlib import Path

import archive_layouts as layouts
import archive_stories as stories
import pytest
from archive_desk import arrange, events
from archive_layouts import page
from hostile_archive import AT, CITED, RESET, STAMP, HostileWeb, archived, packed, part, raw, record, row, rows

TABLE = (
    f"event_id,date,headline,url\ne1,2012-04-16,The swing bridge over Kettle Sound opens after seven years.,{CITED}\n"
)
GOOD, OTHER = (
    page(story, layouts.DIVS, paper="Parish Paper", dated="16 April 2012").encode()
    for story in (stories.BRIDGE, stories.WRECK)
)
MOST_MEMORY_MB = 700
UNREACHABLE, NEVER, REJECTED = "unreachable", "never_archived", "all_rejected"
GONE = raw(b"no", status="404 Not Found")
COUNTER = itertools.count()


def bomb(coding):
    # One and the same for all requests: making it takes longer than a crawler waits.
    answer = packed(b" " * (100 << 20), coding)
    return lambda _: answer


def torn(coding):
    body = packed(rows(row()), coding)[0]
    head, _, packed_rows = body.partition(b"\r\n\r\n")
    return raw(packed_rows[:9], f"Content-Encoding: {coding}") if head else []


LONG_LIST = b"\n".join(
    b"e)/ 20120416100000 http://a.example/ text/html 404 %032d 1" % number for number in range(200_000)
)
PAGE_BOMB = gzip.compress(b"<p>" + b" " * (100 << 20))
DRIP = [piece for _ in range(60) for piece in (b" ", 0.2)]
INDEXES = {
    "endless-keys": (lambda _: raw(rows(row(status="404"), key=f"k{next(COUNTER)}")), REJECTED),
    "endless-nothing": (lambda _: raw(rows(key=f"k{next(COUNTER)}")), UNREACHABLE),
    "one-key": (lambda _: raw(rows(row(status="404"), key="k")), REJECTED),
    "long-list": (lambda _: raw(LONG_LIST), UNREACHABLE),
    "long-list-packed": (lambda _: packed(LONG_LIST, "gzip"), UNREACHABLE),
    "long-line": (lambda _: raw(b"x" * (10 << 20)), UNREACHABLE),
    "deep": (lambda _: raw(b"[" * (7 << 20)), UNREACHABLE),
    "gzip-bomb": (bomb("gzip"), UNREACHABLE),
    "br-bomb": (bomb("br"), UNREACHABLE),
    "torn-gzip": (lambda _: torn("gzip"), UNREACHABLE),
    "torn-br": (lambda _: torn("br"), UNREACHABLE),
    "cut-at-once": (lambda _: raw(b"", length=500), UNREACHABLE),
    "cut": (lambda _: raw(rows(row()), length=5000), UNREACHABLE),
    "reset": (lambda _: [*raw(rows(row())[:40], length=5000), RESET], UNREACHABLE),
    "drip": (lambda _: [*raw(b"", length=5000), *DRIP], UNREACHABLE),
    "short-length": (lambda _: raw(rows(row()), length=5), UNREACHABLE),
    "page": (lambda _: raw(b"<html>Welcome", kind="text/html"), UNREACHABLE),
    "rubbish": (lambda _: raw(bytes(range(256)) * 100), UNREACHABLE),
    "no-http": (lambda _: [b"\0\1\2 rubbish\r\n\r\n"], UNREACHABLE),
    "long-header": (lambda _: raw(b"[]", "X-A: " + "a" * (1 << 20)), UNREACHABLE),
    "sends-away": (lambda _: raw(b"", "Location: http://169.254.169.254/latest", status="302 Found"), UNREACHABLE),
    "none": (lambda _: raw(b"[]"), NEVER),
}


def moved(where, *headers):
    return lambda _: raw(b"", f"Location: {where}", *headers, status="302 Found")


def redirect_on(target):
    return moved(f"/2012/04/b{next(COUNTER)}.html", f"Memento-Datetime: {AT}")(target)


def hop_on(target):
    return moved(f"/web/201204161{next(COUNTER) % 60:02}000id_/{CITED}")(target)


def hop_back(target):
    return moved(f"/web/{'20120416090000' if STAMP in target else STAMP}id_/{CITED}")(target)


ELSEWHERE = {
    "file": "file:///etc/passwd",
    "script": "javascript:alert(1)",
    "loopback": f"http://127.0.0.1:9/web/{STAMP}id_/http://a.example/b/c.html",
    "ipv6": f"http://[::1]/web/{STAMP}id_/http://a.example/b/c.html",
    "metadata": "http://169.254.169.254/latest/meta-data/iam/security-credentials/x.html",
    "held": "warc://record/%2Fetc%2Fpasswd?offset=0&length=100",
    "other-archive": f"http://elsewhere.example/web/{STAMP}id_/{CITED}",
    "own-admin": "/admin/drop?sure=yes",
}
REPLAYS = {
    **{f"hop-{name}": (moved(where), UNREACHABLE, None) for name, where in ELSEWHERE.items()},
    **{
        f"archived-{name}": (moved(where, f"Memento-Datetime: {AT}"), REJECTED, {"redirects", "soft_404"})
        for name, where in ELSEWHERE.items()
    },
    "endless-redirects": (redirect_on, REJECTED, {"redirects"}),
    "endless-hops": (hop_on, REJECTED, {"not_replayed"}),
    "hop-loop": (hop_back, REJECTED, {"not_replayed"}),
    "hop-to-other-page": (
        lambda target: (
            archived(OTHER, AT)
            if "wreck" in target
            else moved(f"/web/{STAMP}id_/http://news.parish.example/wreck")(target)
        ),
        REJECTED,
        {"unrelated"},
    ),
    "unmarked": (lambda _: raw(GOOD, kind="text/html"), UNREACHABLE, None),
    "cut": (lambda _: [archived(GOOD, AT)[0][:-400]], UNREACHABLE, None),
    "cut-at-once": (lambda _: raw(b"", f"Memento-Datetime: {AT}", length=900), UNREACHABLE, None),
    "reset": (lambda _: [archived(GOOD, AT)[0][:-900], RESET], UNREACHABLE, None),
    "drip": (lambda _: [*raw(b"", f"Memento-Datetime: {AT}", length=5000), *DRIP], UNREACHABLE, None),
    "huge": (lambda _: archived(b"x" * (10 << 20), AT), REJECTED, {"too_large"}),
    "gzip-bomb": (lambda _: archived(PAGE_BOMB, AT, "Content-Encoding: gzip"), REJECTED, {"no_article"}),
    "layers": (
        lambda _: archived(b"x", AT, "Content-Encoding: " + ",".join(["gzip"] * 50)),
        REJECTED,
        {"too_large"},
    ),
    "deep-page": (lambda _: archived(b"<div>" * 300_000 + OTHER, AT), REJECTED, None),
    "sends-on": (
        lambda _: archived(b'<meta http-equiv="refresh" content="0;url=http://169.254.169.254/">' + OTHER, AT),
        REJECTED,
        None,
    ),
    "imitator": (
        lambda target: archived(OTHER.replace(b"</h1>", target.encode() + b"</h1>"), AT),
        REJECTED,
        {"unrelated"},
    ),
    "date-9999": (lambda _: archived(OTHER, "Fri, 31 Dec 9999 23:59:59 GMT"), REJECTED, {"unrelated"}),
    "date-1900": (lambda _: archived(OTHER, "Mon, 16 Apr 1900 10:00:00 GMT"), REJECTED, {"unrelated"}),
    "date-future": (lambda _: archived(GOOD, "Mon, 16 Apr 2135 10:00:00 GMT"), REJECTED, {"not_replayed"}),
    "date-none": (lambda _: archived(OTHER, "yesterday"), REJECTED, {"unrelated"}),
    "date-twice": (lambda _: archived(OTHER, f"{AT}\r\nMemento-Datetime: yesterday"), REJECTED, {"unrelated"}),
}
EVIL_ROW = row(digest="A\0B\nWARC-Type: response", key="k\r\nWARC-Type: response\r\n\r\n\0\ud800\u2028")
IMITATED = [row(at=f"2012041610{number // 60:02}{number % 60:02}", digest=f"{number:032}") for number in range(200)]


@dataclass
class Ran:
    """What one command made of a group of archives."""

    desk: object
    web: HostileWeb
    error: str
    peak_mb: int
    seconds: float
    names: tuple

    def __post_init__(self):
        history = self.desk.history(CITED)
        self.backfill = history.backfill.state.value
        self.searches = {search.archive: search for search in history.searches}
        self.attempts = {}
        for attempt in history.attempts:
            self.attempts.setdefault(attempt.archive, set()).add(attempt.outcome.value)
        self.captures = [capture for capture in history.captures if capture.memento]

    def state(self, name):
        return self.searches[name].state.value


def run(desk, web, archives, **crawl):
    """`dateline backfill` of the one document; ``archives``: name -> settings."""
    arrange(desk, archives=archives, **{"allow_private": False, "proxy": web.proxy_url, "timeout_s": 1.5} | crawl)
    desk.import_table(TABLE)
    began, peak = time.monotonic(), 0
    process = desk.start("backfill", *events(desk))
    while process.poll() is None:
        peak = max(peak, peak_of(process.pid))
        time.sleep(0.05)
    out, error = process.communicate()
    assert process.returncode == 0, out + error
    return Ran(desk, web, error, peak >> 10, time.monotonic() - began, tuple(archives))


def peak_of(pid):
    try:
        status = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status if line.startswith("VmHWM:")), 0)


def is_sound(ran):
    """What holds whatever archives do."""
    assert "Traceback" not in ran.error
    assert "our own code" not in ran.error
    assert ran.peak_mb < MOST_MEMORY_MB
    assert ran.seconds < 60
    assert set(ran.web.methods) == {"GET"}
    assert ran.web.hosts <= set(ran.web.archives)
    assert set(ran.searches) == set(ran.names)
    assert ran.desk.problems() == []
    told = ran.desk.run("why", CITED).out
    assert [name for name in ran.names if f"{name}:" not in told and f"{name} " not in told] == []


@pytest.fixture(scope="module")
def indexes(make_desk):
    with HostileWeb() as web:
        archives = {}
        for name, (answer, _) in INDEXES.items():
            answers = lambda target, _, answer=answer: answer(target) if target.startswith("/cdx") else GONE  # noqa: E731
            dialect = "openwayback" if name.startswith(("torn", "long-list")) else "internet-archive"
            archives[name] = web.add(f"{name}.example", answers, dialect=dialect)
        archives["honest"] = web.add(
            "honest.example", lambda target, _: raw(rows(EVIL_ROW)) if "/cdx" in target else archived(GOOD, AT)
        )
        yield run(make_desk("indexes"), web, archives)


@pytest.fixture(scope="module")
def replays(make_desk):
    with HostileWeb() as web:
        archives = {}
        for name, (answer, _, _) in REPLAYS.items():
            listed = rows(*IMITATED) if name == "imitator" else rows(row())
            answers = lambda target, _, answer=answer, listed=listed: (  # noqa: E731
                raw(listed if "bridge.html" in target else rows()) if target.startswith("/cdx") else answer(target)
            )
            archives[name] = web.add(f"{name}.example", answers, dialect="internet-archive")
        yield run(make_desk("replays"), web, archives)


def test_the_run_past_broken_indexes_is_sound_and_finds_the_page_behind_them(indexes):
    is_sound(indexes)
    assert indexes.state("honest") == "found"
    assert indexes.backfill == "rescued"


@pytest.mark.parametrize("name", INDEXES)
def test_a_broken_index_is_never_taken_for_an_empty_one(indexes, name):
    assert indexes.state(name) == INDEXES[name][1], indexes.searches[name].detail
    assert len(indexes.web.targets(f"{name}.example")) <= 10


def test_an_index_row_cannot_write_fields_of_its_own(indexes):
    (capture,) = indexes.captures
    assert capture.memento.index_row.isprintable()
    assert capture.memento.index_digest == ""
    for file in sorted((indexes.desk.folder / "captures").rglob("*.warc.gz")):
        lines = gzip.decompress(file.read_bytes()).split(b"\r\n")
        assert lines.count(b"WARC-Type: response") == sum(line.startswith(b"index-row:") for line in lines) == 1


def test_the_run_past_broken_replays_is_sound_and_accepts_nothing(replays):
    is_sound(replays)
    assert replays.backfill == "waiting"
    with replays.desk.library() as library:
        assert list(library.store.articles()) == []


@pytest.mark.parametrize("name", REPLAYS)
def test_a_broken_replay_is_what_it_is(replays, name):
    _, state, outcomes = REPLAYS[name]
    assert replays.state(name) == state, replays.searches[name].detail
    if outcomes is not None:
        assert replays.attempts[name] <= outcomes
    elif state == UNREACHABLE:
        assert name not in replays.attempts
    assert len(replays.web.targets(f"{name}.example")) <= 12


def test_a_moment_of_a_copy_is_one_at_which_there_was_a_web(replays):
    assert replays.captures
    assert {capture.captured_at.year for capture in replays.captures} == {2012}


def test_of_two_hundred_imitators_only_a_few_are_asked_for(replays):
    assert len(replays.web.targets("imitator.example", "/web/")) == 4


def crawl(data=(), answer=None, **fields):
    """A Common Crawl with one index of one row, and what it gives for the range."""
    length = str(len(data) or 1000)
    given = {"timestamp": STAMP, "url": CITED, "mime": "text/html", "status": "200", "filename": "a/b.warc.gz"}
    listed = raw(json.dumps({**given, "offset": "0", "length": length, **fields}).encode())
    answer = answer or part(data or b"x" * 1000)

    def answers(target, host):
        if target == "/collinfo.json":
            return raw(json.dumps([{"id": "CC-MAIN-2012", "cdx-api": f"http://{host}/CC-MAIN-2012-index"}]).encode())
        return listed if "-index?" in target else answer

    return answers


def catalogue(*addresses):
    return lambda *_: raw(json.dumps([{"id": "CC-MAIN-2012", "cdx-api": address} for address in addresses]).encode())


def without_captures(target, host):
    if target == "/collinfo.json":
        return catalogue(*(f"http://{host}/CC-MAIN-2012-{number}-index" for number in range(10_000)))()
    return raw(b'{"message": "No Captures found"}', status="404 Not Found")


RIGHT = record(CITED, GOOD)
PLACES = [
    "http://169.254.169.254/a-index",
    "http://127.0.0.1/b-index",
    "http://elsewhere.example/c-index",
    "file:///etc",
]
CRAWLS = {
    "catalogue-away": (catalogue(*PLACES), UNREACHABLE),
    "catalogue-long": (without_captures, UNREACHABLE),
    "offset-negative": (crawl(RIGHT, offset="-5"), REJECTED),
    "offset-huge": (crawl(RIGHT, offset="9" * 16), REJECTED),
    "length-huge": (crawl(RIGHT, length=str(10 << 30)), REJECTED),
    "file-above": (crawl(RIGHT, filename="../../etc/passwd"), REJECTED),
    "file-elsewhere": (crawl(RIGHT, filename="http://169.254.169.254/latest"), REJECTED),
    "other-bytes": (crawl(b"x" * 900), REJECTED),
    "other-range": (crawl(RIGHT, part(RIGHT, offset=7)), UNREACHABLE),
    "whole-file": (crawl(RIGHT, raw(RIGHT)), UNREACHABLE),
    "other-page": (crawl(record("http://other.example/x", GOOD)), REJECTED),
    "record-bomb": (crawl(gzip.compress(b"WARC/1.1\r\n" + b" " * (100 << 20))), REJECTED),
    "nested-bomb": (crawl(gzip.compress(gzip.compress(b" " * (100 << 20)))), REJECTED),
    "page-bomb": (crawl(record(CITED, PAGE_BOMB, coding="Content-Encoding: gzip\r\n")), REJECTED),
    "record-of-9999": (crawl(record(CITED, GOOD, date="9999-12-31T23:59:59Z")), REJECTED),
    "record-of-1": (crawl(record(CITED, GOOD, date="0001-01-01T00:00:00Z")), REJECTED),
}


def timemap(*addresses, relation="memento", at=AT):
    """A list that begins as lists do."""
    links = [f'<{CITED}>; rel="original"', *(f'<{one}>; rel="{relation}"; datetime="{at}"' for one in addresses)]
    return raw(",\n".join(links).encode(), kind="application/link-format")


def away(host):
    paths = f"web/{STAMP}/{CITED}"
    schemes = [f"{scheme}://{host}/dev/zero" for scheme in ("file", "ftp", "warc", "data", "gopher")]
    return [*schemes, f"http://127.0.0.1/{paths}", f"http://{host}@127.0.0.1/{paths}", "http://[::1]/x", "javascript:1"]


LISTS = {
    "copies-away": (lambda _, host: timemap(*away(host)), UNREACHABLE),
    "parts-away": (lambda _, host: timemap(*away(host), relation="timemap"), UNREACHABLE),
    "parts-endless": (
        lambda _, host: timemap(*(f"http://{host}/cdx{next(COUNTER)}" for _ in range(30)), relation="timemap"),
        UNREACHABLE,
    ),
    "copies-of-9999": (lambda _, host: timemap(f"http://{host}/x", at="Fri, 31 Dec 9999 23:59:59 GMT"), REJECTED),
    "list-cut": (lambda *_: raw(b"<http:", length=900), UNREACHABLE),
}


@pytest.fixture(scope="module")
def others(make_desk):
    with HostileWeb() as web:
        archives = {}
        for kind, group in (("common-crawl", CRAWLS), ("memento", LISTS)):
            for name, (answer, _) in group.items():
                host = f"{name}.example"
                answers = lambda target, _, answer=answer, host=host: answer(target, host)  # noqa: E731
                urls = {"index_url": f"http://{host}/", "replay_url": f"http://{host}/data/"}
                archives[name] = web.add(host, answers, kind=kind, **urls)
        yield run(make_desk("others"), web, archives)


def test_the_run_past_other_kinds_of_archives_is_sound_and_accepts_nothing(others):
    is_sound(others)
    assert others.backfill == "waiting"
    with others.desk.library() as library:
        assert list(library.store.articles()) == []


@pytest.mark.parametrize("name", [*CRAWLS, *LISTS])
def test_a_list_leads_only_to_the_archive_and_a_range_only_to_the_page(others, name):
    assert others.state(name) == (CRAWLS | LISTS)[name][1], others.searches[name].detail
    assert len(others.web.targets(f"{name}.example")) <= 130
