import json
from datetime import UTC, datetime
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.archives import Answer, Pool, Question
from crawler.archives.saving import (
    DAY_S,
    SaveKeys,
    SaveOptions,
    SaveProgress,
    SaveState,
    read_save,
    read_status,
    save_question,
    status_question,
)

KEYS = SaveKeys(access="open", secret="sesame")
PAGE = "http://harbour.example/news/ferry?a=1&b=2"
JOB = "spn2-0a1b2c"


def said(body, status=200, headers=()):
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    question = Question(url="https://web.archive.org/save/status/x", pool=Pool.REPLAY, about=JOB)
    return Answer(question=question, status=status, headers=headers, body=text)


def test_a_page_is_saved_with_a_form_and_the_keys_in_a_header():
    question = save_question(PAGE, KEYS)
    assert question.url == "https://web.archive.org/save"
    assert parse_qs(question.body.decode()) == {"url": [PAGE], "skip_first_archive": ["1"]}
    assert dict(question.headers) == {
        "Accept": "application/json",
        "Authorization": "LOW open:sesame",
        "Content-Type": "application/x-www-form-urlencoded",
    }


def test_what_is_wanted_beside_the_page_is_said():
    options = SaveOptions(errors=True, outlinks=True, screenshot=True, unless_within_s=86400)
    form = parse_qs(save_question(PAGE, KEYS, options).body.decode())
    assert form["capture_all"] == form["capture_outlinks"] == form["capture_screenshot"] == ["1"]
    assert form["if_not_archived_within"] == ["86400"]


def test_the_secret_is_in_no_representation():
    assert "sesame" not in repr(KEYS)
    assert "sesame" not in repr(save_question(PAGE, KEYS))


def test_a_job_is_asked_about_by_its_id():
    question = status_question("a/../b", KEYS, service="http://127.0.0.1:8080/save")
    assert question.url == "http://127.0.0.1:8080/save/status/a%2F..%2Fb"
    assert question.good_for is None


@pytest.mark.parametrize("message", [{}, {"message": "The same snapshot had been made 4 minutes ago."}])
def test_a_job_is_pending_at_first(message):
    progress = read_save(said({"url": PAGE, "job_id": JOB} | message))
    assert (progress.state, progress.job) == (SaveState.PENDING, JOB)
    again = read_status(said({"status": "pending", "resources": []}))
    assert (again.state, again.job) == (SaveState.PENDING, JOB)
    assert again.wait_s > 0


def test_a_saved_page_has_a_moment_and_an_address():
    progress = read_status(
        said({"status": "success", "job_id": JOB, "timestamp": "20260301100000", "original_url": PAGE})
    )
    assert progress == SaveProgress(
        state=SaveState.SAVED,
        detail="The page was saved at 2026-03-01 10:00:00 UTC.",
        job=JOB,
        captured_at=datetime(2026, 3, 1, 10, tzinfo=UTC),
        page_url=PAGE,
        public_url=f"https://web.archive.org/web/20260301100000/{PAGE}",
    )


@pytest.mark.parametrize(
    ("code", "state", "wait_s"),
    [
        ("error:too-many-daily-captures", SaveState.ENOUGH, DAY_S),
        ("error:blocked", SaveState.REFUSED, None),
        ("error:blocked-url", SaveState.REFUSED, None),
        ("error:not-found", SaveState.REFUSED, None),
        ("error:invalid-host-resolution", SaveState.REFUSED, None),
        ("error:user-session-limit", SaveState.LATER, 60),
        ("error:too-many-requests", SaveState.LATER, 60),
        ("error:bandwidth-limit-exceeded", SaveState.LATER, DAY_S),
        ("error:a-code-of-next-year", SaveState.LATER, 60),
        ("", SaveState.LATER, 60),
    ],
)
@pytest.mark.parametrize("read", [read_save, read_status])
def test_errors_come_with_status_200_and_say_what_they_are_about(read, code, state, wait_s):
    progress = read(said({"status": "error", "status_ext": code, "message": "Sorry."}))
    assert (progress.state, progress.error, progress.wait_s) == (state, code.removeprefix("error:"), wait_s)
    assert progress.detail == "The service says: Sorry."


@pytest.mark.parametrize("read", [read_save, read_status])
def test_refusals_by_status_are_told_apart(read):
    assert read(said(b"<html>", 401)).state is SaveState.NOT_ALLOWED
    limited = read(said(b"<html>", 429, (("Retry-After", "300"),)))
    assert (limited.state, limited.wait_s) == (SaveState.LATER, 300)
    assert read(said(b"<html>", 503)).state is SaveState.LATER
    assert read(said(b"<html>", 200)).state is SaveState.LATER


def test_success_without_a_moment_is_not_believed():
    for found in (
        {"timestamp": "soon", "original_url": PAGE},
        {"timestamp": "20260301100000", "original_url": "ftp://x"},
    ):
        assert read_status(said({"status": "success"} | found)).state is SaveState.LATER


VALUES = st.recursive(
    st.none() | st.integers() | st.text(max_size=20), lambda inner: st.lists(inner, max_size=3), max_leaves=5
)
KEYS_SAID = st.sampled_from(["status", "status_ext", "job_id", "timestamp", "original_url", "message"])


@given(st.integers(100, 599), st.dictionaries(KEYS_SAID, VALUES | st.sampled_from(["success", "error", "pending"])))
def test_nothing_is_too_strange(status, found):
    for read in (read_save, read_status):
        progress = read(said(found, status))
        assert (progress.state is SaveState.SAVED) == (progress.captured_at is not None)


@given(st.binary(max_size=80))
def test_no_bytes_are_too_strange(body):
    assert read_save(said(body)).state in SaveState
