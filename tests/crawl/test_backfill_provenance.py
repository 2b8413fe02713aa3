"""Where a rescued article comes from can be told from the library, and from its WARC files without the library."""

import json

import pytest
from archive_desk import INTERNET_ARCHIVE, arrange, at, backfill_all
from archive_pages import WORLD, case, table
from stand_in_archive import InternetArchive, moment
from warcio.archiveiterator import ArchiveIterator

from storage.types import CaptureKind, DigestCheck, FetchReason

REDIRECTED, UNDATED, PLAIN = (
    case("archived redirect"),
    case("undated under a later year"),
    case("captured several times"),
)


@pytest.fixture(scope="module")
def archive():
    with InternetArchive(WORLD) as running:
        yield running


@pytest.fixture(scope="module")
def rescued(archive, make_desk):
    desk = make_desk("provenance")
    arrange(desk, archives={INTERNET_ARCHIVE: at(archive)})
    desk.import_table(table([REDIRECTED, UNDATED, PLAIN]))
    backfill_all(desk)
    return desk


def test_a_capture_says_where_it_comes_from(rescued, archive):
    (capture,) = rescued.history(PLAIN.url).captures
    memento = capture.memento
    assert capture.kind is CaptureKind.MEMENTO
    assert capture.captured_at == memento.captured_at == moment(PLAIN.accepted)
    assert capture.fetched_at.year > 2025
    assert memento.archive == INTERNET_ARCHIVE
    assert memento.url == capture.url == f"{archive.replay_url}{PLAIN.accepted}id_/{PLAIN.url}"
    assert memento.page_url == capture.page_url == PLAIN.url
    assert memento.requested_at == moment(PLAIN.accepted)
    assert memento.digest_check is DigestCheck.MATCHES
    assert PLAIN.accepted in memento.index_row
    assert memento.index_digest in memento.index_row


def test_readers_get_an_address_that_they_can_open(rescued):
    capture = rescued.history(PLAIN.url).captures[-1]
    assert capture.memento.public_url.endswith(f"/{PLAIN.accepted}/{PLAIN.url}")
    document = rescued.history(PLAIN.url).document
    with rescued.library() as library:
        link = library.store.archive_links([document.id])[document.id]
    assert (link.archive, link.url, link.verified) == (INTERNET_ARCHIVE, capture.memento.public_url, True)


def test_an_attempt_says_that_an_archive_was_asked_and_leaves_the_live_web_alone(rescued):
    history = rescued.history(PLAIN.url)
    (attempt,) = history.attempts
    assert (attempt.reason, attempt.archive) == (FetchReason.BACKFILL, INTERNET_ARCHIVE)
    assert history.document.last_outcome is None
    assert history.document.failures == 0


def test_a_chain_of_archived_redirects_is_kept_whole(rescued):
    history = rescued.history(REDIRECTED.url)
    (attempt,) = history.attempts
    first, last = history.captures
    assert (first.status, last.status) == (301, 200)
    assert [(first.page_url), (last.page_url)] == [shot.url for shot in REDIRECTED.shots]
    assert [capture.captured_at for capture in (first, last)] == [moment(shot.at) for shot in REDIRECTED.shots]
    assert [hop.status for hop in attempt.redirects] == [301]
    assert attempt.final_url == REDIRECTED.shots[1].url


def test_no_date_is_later_than_the_capture(rescued):
    """The page names no day of its own; its footer names one of 2024, which a capture of 2006 cannot know."""
    with rescued.library() as library:
        (view,) = (
            view
            for view in library.store.articles()
            if view.document.canonical_url.endswith("calder-compass.example/wreck.html")
        )
        version = view.versions[-1]
    for dated in (version.article.published_at, version.article.modified_at):
        assert dated is None or dated.value <= moment(UNDATED.accepted)


def test_the_warc_files_tell_it_without_the_database(rescued):
    """A response and a metadata record that says where it comes from, for any program that reads WARC."""
    (capture,) = rescued.history(PLAIN.url).captures
    with rescued.library() as library:
        files = sorted(library.captures.glob("**/*.warc.gz"))
    records = {}
    for path in files:
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream):
                headers = dict(record.rec_headers.headers)
                records[headers["WARC-Record-ID"].strip("<>")] = (headers, record.content_stream().read())
    headers, body = records[capture.location.record_id]
    assert headers["WARC-Type"] == "response"
    assert headers["WARC-Target-URI"] == capture.url
    assert headers["WARC-Date"].startswith(f"{capture.fetched_at:%Y-%m-%dT%H:%M:%S}")
    assert body == PLAIN.shots[0].body
    about = [
        text.decode()
        for said, text in records.values()
        if said["WARC-Type"] == "metadata" and capture.location.record_id in said.get("WARC-Refers-To", "")
    ]
    (text,) = about
    assert INTERNET_ARCHIVE in text
    assert PLAIN.url in text
    assert capture.memento.index_digest in text
    assert "2004-03-13" in text or PLAIN.accepted in text


def test_why_tells_the_story_in_order(rescued):
    out = rescued.run("why", REDIRECTED.url).out
    told = ["301", "2005-07-01 12:00:00Z", "2005-07-03 08:15:00Z", "covers", "a copy was accepted", "rescued"]
    places = [out.find(word) for word in told]
    assert min(places) >= 0, out
    assert places == sorted(places), out
    facts = json.dumps(rescued.run("why", REDIRECTED.url, "--json").json)
    assert REDIRECTED.accepted in facts
    assert INTERNET_ARCHIVE in facts
