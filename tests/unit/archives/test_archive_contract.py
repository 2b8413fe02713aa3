"""What every kind of archive must do, whatever it is sent; a new kind is tested by being in `KINDS`."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.archives import (
    DIALECTS,
    KINDS,
    PLACES,
    Answer,
    ArchivePlace,
    CdxRecord,
    Heard,
    Hop,
    Pool,
    Problem,
    Question,
    Replayed,
    Wanted,
    Window,
    archive_of,
    clean,
    ranked,
)
from storage.types import UNANSWERED, KnownMemento

URLS = {"index_url": "https://memory.example/index/", "replay_url": "https://memory.example/web/", "public_url": ""}
ARCHIVES = {place.name: archive_of(place) for place in PLACES} | {
    f"{kind} {dialect}": archive_of(
        ArchivePlace(name="memory", kind=kind, dialect=dialect, hosts=("memory.example",), **URLS)
    )
    for kind in KINDS
    for dialect in (DIALECTS if kind == "cdx" else ("",))
}
EVERY = pytest.mark.parametrize("archive", ARCHIVES.values(), ids=ARCHIVES)
WANTED = Wanted(
    url="http://harbour.example/news/ferry?a=1",
    url_key="example,harbour)/news/ferry?a=1",
    window=Window(
        since=datetime(2014, 1, 1, tzinfo=UTC),
        until=datetime(2019, 1, 1, tzinfo=UTC),
        near=datetime(2014, 1, 3, tzinfo=UTC),
    ),
)
COPY = CdxRecord(
    timestamp="20140105162011",
    captured_at=datetime(2014, 1, 5, 16, 20, 11, tzinfo=UTC),
    url="http://harbour.example/news/ferry?a=1",
    url_key="example,harbour)/news/ferry?a=1",
    file="crawl-data/A/b.warc.gz",
    offset=784,
    length=1502,
    digest="QHXZUO2ARVIWEBQGXS3TNVYGBOWTA3NR",
)
REPLAY = f"https://memory.example/web/20140105162011id_/{COPY.url}"
BODIES = [
    path.read_bytes().partition(b"\n\n")[2] for path in sorted((Path(__file__).parent / "recordings").glob("*.http"))
]

NAMES = st.sampled_from(
    ("Memento-Datetime", "Location", "Link", "Retry-After", "Date", "Content-Type", "Content-Encoding", "Content-Range")
) | st.sampled_from(("X-Archive-Redirect-Reason", "X-Archive-Wayback-Runtime-Error", "x-archive-orig-location", "X"))
DATE = "Wed, 05 Jul 2006 16:20:11 GMT"
STATED = (DATE, DATE.replace("2006", "99999"), "-1", "1e9", "9" * 30, "gzip", "text/html", "bytes 0-1/2")
PLACES_STATED = (
    REPLAY,
    "/web/20060705162011id_/http://a.example/",
    "//[",
    "http://[::1",
    "http://a.example:99999/",
    "/x",
)
LINKED = f'<{REPLAY}>; rel="memento original"; datetime="{DATE}"'
VALUES = st.one_of(st.text(max_size=40), st.sampled_from((*STATED, *PLACES_STATED, LINKED)))
BYTES = st.one_of(
    st.binary(max_size=300),
    st.sampled_from(BODIES),
    st.builds(
        lambda body, at, junk: body[:at] + junk + body[at:],
        st.sampled_from(BODIES),
        st.integers(0, 900),
        st.binary(max_size=9),
    ),
)
STATUSES = st.one_of(
    st.sampled_from([200, 206, 301, 302, 303, 400, 403, 404, 416, 429, 451, 500, 503, 504]), st.integers(0, 999)
)
ABOUTS = st.one_of(st.sampled_from(["", "page 1", "timemap 1", "timegate", "catalogue"]), st.text(max_size=8))


ASKED = st.sampled_from([REPLAY, "https://memory.example/index/x", "warc://index/?key=a"])


def answers(statuses=STATUSES):
    return st.builds(
        Answer,
        question=st.builds(Question, url=ASKED, pool=st.sampled_from(Pool), about=ABOUTS),
        status=statuses,
        headers=st.lists(st.tuples(NAMES, VALUES), max_size=5).map(tuple),
        body=BYTES,
        payload=BYTES,
        truncated=st.booleans(),
    )


def assert_askable(question, pool):
    parts = urlsplit(question.url)
    assert parts.scheme in {"http", "https", "warc"}
    assert parts.netloc
    assert re.fullmatch(r"[!-~]+", question.url), "to be requested as it is"
    assert question.pool is pool


def without_memento(answer):
    return replace(answer, headers=tuple(item for item in answer.headers if item[0] != "Memento-Datetime"))


@EVERY
def test_the_first_questions_can_be_asked_as_they_are(archive):
    for question in archive.begin(WANTED):
        assert_askable(question, Pool.INDEX)


@EVERY
def test_the_same_questions_are_begun_with_each_time(archive):
    assert archive.begin(WANTED) == archive.begin(WANTED)


@EVERY
def test_a_copy_is_asked_for_with_a_question_of_the_replay_pool(archive):
    question = archive.replay(COPY)
    if question is not None:
        assert_askable(question, Pool.REPLAY)
        assert question.good_for is None
    assert isinstance(archive.public_url(COPY), str)


@EVERY
@given(answer=answers())
def test_an_answer_of_the_index_is_heard_whatever_it_is(archive, answer):
    heard = archive.heard(WANTED, answer)
    assert isinstance(heard, Heard)
    assert heard.skipped >= 0
    assert heard.problem is None or not heard.records
    for question in heard.questions:
        assert_askable(question, Pool.INDEX)
        assert question.url != answer.question.url
    for record in heard.records:
        assert record.captured_at == datetime.strptime(record.timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        assert urlsplit(record.url).scheme in {"http", "https"}
        assert len(record.row) <= 2000
    assert set(ranked(clean(heard.records), WANTED.window)) <= set(clean(heard.records))


@EVERY
@given(answer=answers(st.sampled_from([429, 500, 502, 503, 504, 520, 599])))
def test_an_archive_that_could_not_be_asked_never_says_that_there_is_nothing(archive, answer):
    heard = archive.heard(WANTED, answer)
    assert heard.records == ()
    assert heard.problem is not None
    assert heard.problem.state in UNANSWERED


@EVERY
@given(answer=answers())
def test_an_answer_of_the_replay_is_understood_whatever_it_is(archive, answer):
    found = archive.replayed(COPY, answer)
    assert isinstance(found, (Replayed, Hop, Problem))
    if isinstance(found, Hop):
        assert_askable(found.question, Pool.REPLAY)
        assert found.question.url != answer.question.url
    if isinstance(found, Replayed):
        assert found.memento.archive == archive.place.name
        assert found.memento.requested_at == COPY.captured_at
        assert urlsplit(found.redirect_to).scheme in {"", "http", "https"}
        assert "memory.example" not in urlsplit(found.redirect_to).netloc


@EVERY
@given(answer=answers(st.sampled_from([429, 500, 502, 503, 504])).map(without_memento))
def test_a_replay_that_could_not_be_asked_never_says_that_the_copy_is_not_there(archive, answer):
    problem = archive.replayed(COPY, answer)
    assert isinstance(problem, Problem)
    assert problem.state in UNANSWERED


@EVERY
@given(answer=answers(), again=st.booleans())
def test_an_archive_has_no_memory(archive, answer, again):
    first = archive.heard(WANTED, answer), archive.replayed(COPY, answer)
    assert (archive.heard(WANTED, answer), archive.replayed(COPY, answer)) == first


@EVERY
@given(url=st.one_of(st.text(max_size=60), st.text(max_size=30).map(lambda end: REPLAY + end)))
def test_any_citation_is_either_a_copy_or_not(archive, url):
    question = archive.cited(KnownMemento(archive="memory.example", url=url))
    if question is not None:
        assert_askable(question, Pool.REPLAY)
