"""The demo from end to end: every URL that its entries cite ends as the table says, and it says what to do next."""

import json

import pytest

from crawler.configuration import load
from crawler.demo import demo_sites
from crawler.demo.expected import EXPECTED, SAVED_URL
from crawler.demo.web import LocalWeb
from crawler.library import open_library
from crawler.urls import canonical_url
from storage.captures import verify
from storage.types import WITH_ARTICLE, Access, Outcome, utc_now


@pytest.fixture(scope="module")
def demo(tmp_path_factory, run_dateline):
    """The folder of a finished demo, and what it printed."""
    folder = tmp_path_factory.mktemp("demo")
    done = run_dateline("demo", "library", cwd=folder)
    return folder / "library", done


@pytest.fixture
def library(demo):
    with open_library(load(demo[0])) as opened:
        yield opened


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda expected: expected.cited_url)
def test_every_cited_url_ends_as_expected(library, expected):
    if expected.outcome is None:
        return
    history = library.store.history(canonical_url(expected.cited_url))
    attempt = history.attempts[-1]
    assert attempt.outcome is expected.outcome, attempt.detail
    assert expected.status in {None, attempt.status}
    if expected.final_url:
        assert canonical_url(attempt.final_url) == canonical_url(expected.final_url)
    assert (history.document.article_id is not None) == (expected.outcome in WITH_ARTICLE)
    if expected.outcome is Outcome.TEASER:
        assert library.store.article(history.document.article_id).versions[-1].article.access is Access.TEASER


def test_what_is_never_requested_is_kept_and_says_why(library):
    links = [source.link for event in library.store.events() for source in library.store.event(event.key).sources]
    never = {expected.cited_url for expected in EXPECTED if expected.outcome is None}
    kept = {link.cited_url: link for link in links if link.cited_url in never}
    assert set(kept) == never
    assert all(link.problem or link.kind == "image" for link in kept.values())


def test_the_saved_article_is_a_capture_and_an_article(library):
    history = library.store.history(canonical_url(SAVED_URL))
    assert history.attempts[0].outcome is Outcome.IMPORTED
    assert library.store.article(history.document.article_id).versions[0].article.agency


def test_one_wire_story_on_three_sites_is_one_cluster(library):
    sizes = sorted(len(view.cluster) for view in library.store.articles())
    assert sizes[-1] >= 3
    for view in library.store.articles():
        assert sum(member.representative for member in view.cluster) == 1


def test_every_article_is_linked_to_each_event_that_cites_it(library):
    for event in library.store.events():
        view = library.store.event(event.key)
        cited = {source.document.article_id for source in view.sources if source.document} - {None}
        assert {link.article_id for link in view.links} == cited


def test_nothing_is_left_over(library):
    status = library.store.status(now=utc_now())
    assert (status.leased, status.untried) == (0, 0)
    assert list(verify(library.captures, library.store.captures())) == []


def test_it_says_what_it_found_and_what_to_try_next(demo, run_dateline):
    folder, done = demo
    assert "try next" in done.out
    commands = [line.strip() for line in done.out.split("try next")[1].splitlines() if "dateline " in line]
    assert len(commands) == 6
    for command in commands:
        _, *words = command.split()
        shown = run_dateline(*words, cwd=folder.parent)
        assert shown.out or shown.err


def test_a_second_demo_in_the_same_folder_is_refused(demo, run_dateline):
    refused = run_dateline("demo", "library", cwd=demo[0].parent, expect=2)
    assert "is not empty" in refused.err


CHANGING = "http://www.meridian-post.example/world/2016/04/08/orbit-launch-delayed"


def test_a_refetch_finds_what_is_unchanged_and_what_changed(demo, run_dateline):
    """Runs last: it goes on with the demo's library. Unchanged pages are 304, a changed one becomes a version."""
    folder = demo[0]
    unchanged = [expected.cited_url for expected in EXPECTED if expected.again is Outcome.NOT_MODIFIED]
    assert unchanged
    with LocalWeb(demo_sites()) as web:
        (folder / "dateline.toml").write_text(f'[crawl]\nproxy = "{web.proxy_url}"\ndelay_s = 0.2\ntimeout_s = 3.0\n')
        for url in [*unchanged, CHANGING, CHANGING]:
            with open_library(load(folder)) as opened:
                key = opened.store.history(canonical_url(url)).cited_by[0][0]
            assert json.loads(run_dateline("refetch", key, "--json", cwd=folder).out)["state"] == "finished"
    with open_library(load(folder)) as opened:
        for url in unchanged:
            assert opened.store.history(canonical_url(url)).attempts[-1].outcome is Outcome.NOT_MODIFIED
        changed = opened.store.history(canonical_url(CHANGING)).document.article_id
        first, second = opened.store.article(changed).versions
    assert first.article.body != second.article.body
    assert second.article.modified_at is not None
