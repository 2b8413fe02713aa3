"""The demo from end to end: every URL that its entries cite ends as the table says, and it says what to do next."""

import json
import signal
import subprocess
import time

import jsonschema
import pytest
from conftest import clean_environment, finish_command, start_command

from crawler.configuration import load
from crawler.coverage import coverage_of, summary
from crawler.demo import ARCHIVE_SETTINGS, demo_sites
from crawler.demo.archived_pages import ARCHIVE_HOST
from crawler.demo.expected import EXPECTED, FOUND_URL, RESCUES, SAVED_URL
from crawler.demo.layouts import story
from crawler.demo.web import LocalWeb
from crawler.library import open_library
from crawler.takeout import FORMATS, LibrarySelection
from crawler.takeout.taking import into_folder
from crawler.urls import canonical_url
from storage.captures import verify
from storage.types import (
    WITH_ARTICLE,
    Access,
    BackfillState,
    LinkHow,
    LinkState,
    Outcome,
    RunState,
    SearchState,
    utc_now,
)

RESCUED = {rescue.cited_url for rescue in RESCUES if rescue.accepted}


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
    attempt = [attempt for attempt in history.attempts if not attempt.archive][-1]
    assert attempt.outcome is expected.outcome, attempt.detail
    assert history.document.last_outcome is expected.outcome
    assert expected.status in {None, attempt.status}
    if expected.final_url:
        assert canonical_url(attempt.final_url) == canonical_url(expected.final_url)
    has_article = expected.outcome in WITH_ARTICLE or expected.cited_url in RESCUED
    assert (history.document.article_id is not None) == has_article
    if expected.outcome is Outcome.TEASER:
        assert library.store.article(history.document.article_id).versions[0].article.access is Access.TEASER


@pytest.mark.parametrize("rescue", RESCUES, ids=lambda rescue: rescue.cited_url)
def test_every_lost_url_is_looked_for_and_ends_as_expected(library, rescue):
    history = library.store.history(canonical_url(rescue.cited_url))
    search = next((search for search in history.searches if search.archive == "old-pages"), None)
    assert (search and search.state) is rescue.state
    assert history.backfill.state is (BackfillState.RESCUED if rescue.accepted else BackfillState.MISSING)
    wanted = [stamp for stamp, _ in rescue.rejected] + [rescue.asked_for or rescue.accepted] * bool(rescue.accepted)
    assert [name.partition(" ")[0] for name in (search.tried if search else ())] == wanted
    outcomes = [(attempt.outcome, attempt.archive) for attempt in history.attempts if attempt.archive]
    expected = [outcome for _, outcome in rescue.rejected] + [Outcome.FETCHED] * bool(rescue.accepted)
    assert outcomes == [(outcome, "old-pages") for outcome in expected]


@pytest.mark.parametrize(
    "rescue", [rescue for rescue in RESCUES if rescue.accepted], ids=lambda rescue: rescue.cited_url
)
def test_a_rescued_article_is_the_story_and_says_where_it_comes_from(library, rescue):
    history = library.store.history(canonical_url(rescue.cited_url))
    version = library.store.article(history.document.article_id).versions[-1]
    assert version.article.headline == story(rescue.story).fields["headline"]
    assert story(rescue.story).paragraphs[-1] in version.article.body
    capture = next(capture for capture in history.captures if capture.id == version.capture_id)
    assert capture.memento.archive == "old-pages"
    assert f"{capture.memento.captured_at:%Y%m%d%H%M%S}" == rescue.accepted
    assert capture.memento.public_url.startswith(f"http://{ARCHIVE_HOST}/web/{rescue.accepted}/http://")


def test_everything_that_is_wanted_from_archives_is_in_the_table(library):
    histories = [library.store.history(canonical_url(one.cited_url)) for one in EXPECTED if one.outcome is not None]
    looked_for = {history.document.canonical_url for history in histories if history.backfill is not None}
    assert looked_for == {canonical_url(rescue.cited_url) for rescue in RESCUES}


def test_the_library_names_no_archive_of_the_real_web(demo):
    asked = [place.name for place in load(demo[0]).archives if place.enabled]
    assert asked == ["local", "old-pages"]


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


def test_an_event_has_two_agencies_reports_with_their_copies_and_one_that_only_a_feed_led_to(library):
    (event,) = library.store.events(search="crack in a pier")
    found = coverage_of(library.store.event(event.key))
    assert summary(found) == "6 articles, 3 independent reports (Reuters x3, AP x2, The Orel Echo)"
    assert [one.credit for one in found.reports[0].articles if "harbour" in one.host] == [
        "the source link 'Reuters via Harbour Standard'"
    ]


def test_what_only_a_feed_names_is_linked_by_its_text(demo, library):
    history = library.store.history(canonical_url(FOUND_URL))
    view = library.store.article(history.document.article_id)
    assert (history.cited_by, len(view.found_by)) == ((), 1)
    (link,) = view.events
    assert (link.how, link.state) == (LinkHow.CONTENT, LinkState.LINKED)
    assert link.event_key.startswith("2018/09/6/")
    status = library.store.status(now=utc_now())
    assert (status.unlinked, status.uncompared) == (0, 0)
    assert "discovered 1 article that no entry cites, from 1 feed" in demo[1].out
    told = f"links by content {status.links['linked']} linked, {status.links.get('proposed', 0)} proposed"
    assert told in demo[1].out
    assert [feed.enabled for feed in library.store.feeds()] == [False]  # its web is gone


def test_one_wire_story_on_three_sites_is_one_cluster(library):
    sizes = sorted(len(view.cluster) for view in library.store.articles())
    assert sizes[-1] >= 3
    for view in library.store.articles():
        assert sum(member.representative for member in view.cluster) == 1


def test_extracting_everything_again_changes_nothing(demo, run_dateline, library):
    report = json.loads(run_dateline("reextract", "--all", "--again", "--dry-run", "--json", cwd=demo[0]).out)
    assert report["versions"] == library.store.status(now=utc_now()).versions
    assert (report["changed"], report["explained"], report["lost"], report["problems"]) == (0, 0, 0, [])


def test_every_article_is_linked_to_each_event_that_cites_it(library):
    for event in library.store.events():
        view = library.store.event(event.key)
        cited = {source.document.article_id for source in view.sources if source.document} - {None}
        assert {link.article_id for link in view.links if link.how is LinkHow.CITATION} == cited


def test_nothing_is_left_over(library):
    status = library.store.status(now=utc_now())
    assert (status.leased, status.untried) == (0, 0)
    assert list(verify(library.captures, library.store.captures())) == []


def test_it_says_what_it_found_and_what_to_try_next(demo, run_dateline):
    folder, done = demo
    assert "try next" in done.out
    commands = [line.strip() for line in done.out.split("try next")[1].splitlines() if "dateline " in line]
    assert len(commands) == 12
    assert commands[0] == "dateline serve -L library"  # it would not end by itself: tests/web looks at it
    for command in commands[1:]:
        _, *words = command.split()
        shown = run_dateline(*words, cwd=folder.parent)
        assert shown.out or shown.err


def test_it_says_what_was_rescued(demo):
    rescued = demo[1].out.split("rescued ")[1].splitlines()
    assert rescued[0].startswith(f"{len(RESCUED)} of {len(RESCUES)} sources")
    told = {tuple(line.split()[:3]) for line in rescued[2:] if line.startswith("old-pages")}
    states = [rescue.state for rescue in RESCUES if rescue.state is not None]
    assert told == {("old-pages", state, str(states.count(state))) for state in states}


def test_the_rescued_events_are_exported_with_their_archived_links(demo, run_dateline, tmp_path):
    run_dateline(*["events", "export", "-f", "md", "--with-archive-links", "-o"], tmp_path / "out", cwd=demo[0])
    pages = "".join(page.read_text() for page in (tmp_path / "out").rglob("*.md"))
    assert f"http://{ARCHIVE_HOST}/web/20140822064417/http://www.vanished-chronicle.example/news/" in pages


def test_a_second_demo_in_the_same_folder_is_refused(demo, run_dateline):
    refused = run_dateline("demo", "library", cwd=demo[0].parent, expect=2)
    assert "is not empty" in refused.err


def test_interrupted_while_it_rescues_it_leaves_no_process_and_a_whole_library(tmp_path):
    environment = clean_environment() | {"TMPDIR": str(tmp_path)}
    process = start_command(["demo", "library"], tmp_path, environment)
    run = the_backfill_of(process, tmp_path)
    process.send_signal(signal.SIGINT)
    done = finish_command(process, expect=130)
    assert "the invented web is gone" in done.err
    assert not list(tmp_path.glob("dateline-demo-*"))
    with open_library(load(tmp_path / "library")) as library:
        ended = next(one for one in library.store.runs() if one.token == run.token)
        assert ended.state is RunState.INTERRUPTED
        assert library.store.status(now=utc_now()).leased == 0
        assert list(verify(library.captures, library.store.captures())) == []
    assert living_in_group(run.pid) == []  # the backfill and the processes that it started


def living_in_group(number):
    rows = subprocess.run(["ps", "-A", "-o", "pgid=,stat=,args="], capture_output=True, text=True, check=True).stdout
    return [row for row in rows.splitlines() if row.split()[0] == str(number) and not row.split()[1].startswith("Z")]


def the_backfill_of(process, folder):
    """The run of the demo's backfill, as soon as it has begun."""
    while process.poll() is None:
        time.sleep(0.1)
        # The backfill's settings are there only when the library is complete and crawled.
        if list(folder.glob("dateline-demo-*")):
            with open_library(load(folder / "library")) as library:
                runs = [one for one in library.store.runs() if one.command.startswith("dateline backfill")]
            if runs:
                return runs[0]
    pytest.fail(f"the demo ended before its backfill began: {process.communicate()}")


def test_an_archive_that_the_web_does_not_have_is_unreachable_and_no_miss(desk):
    lost = "http://www.harbour-standard.example/news/lost-4090"
    with LocalWeb([site for site in demo_sites() if site.host != ARCHIVE_HOST]) as web:
        desk.configure(proxy=web.proxy_url)
        with (desk.folder / "dateline.toml").open("a") as file:
            file.write('[backfill]\narchives = "old-pages"\n' + ARCHIVE_SETTINGS)
        desk.import_urls(lost)
        desk.run("crawl")
        report = desk.run("backfill", "--json").json
    assert report["archives"] == {"old-pages": {"unreachable": 1}}
    assert report["documents"] == {"waiting": 1}
    search = desk.history(lost).searches[0]
    assert (search.state, search.failures) == (SearchState.UNREACHABLE, 1)
    assert search.next_at > search.asked_at


@pytest.mark.parametrize("one", [one for one in FORMATS if one.schema], ids=lambda one: one.name)
def test_every_exported_line_of_the_demo_keeps_its_schema(demo, library, tmp_path, one):
    taken = into_folder(LibrarySelection(library=library), [one], tmp_path)
    validator = jsonschema.Draft202012Validator(one.schema)
    with (tmp_path / one.files[0]).open(encoding="utf-8") as lines:
        rows = sum(1 for line in lines if validator.validate(json.loads(line)) is None)
    assert rows == taken.files[0].rows > 0


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
