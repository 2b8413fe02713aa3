"""Which pages an archive is asked to save, and with whose keys."""

from datetime import UTC, date, datetime, timedelta

import pytest

from crawler.archives import Pool
from crawler.backfilling.orders import order
from crawler.backfilling.saving_service import save_service
from crawler.backfilling.unsaved import LIVING, unsaved
from crawler.configuration import load
from crawler.errors import ConfigurationError
from crawler.events.notes import UrlStatus, status_of
from crawler.urls import identify
from storage import open_store
from storage.types import (
    ArchiveSave,
    EntryOrigin,
    EventEntry,
    FetchAttempt,
    FetchReason,
    FetchResult,
    Outcome,
    SavingState,
    SourceLink,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "http://paper.example/2011/quay"
KEYS = {"DATELINE_SAVE_KEY": "openkey", "DATELINE_SAVE_SECRET": "sesame"}


@pytest.fixture
def store():
    return open_store("memory:")


def page(store, url=URL, outcome=Outcome.FETCHED, days=()):
    for day in days:
        link = SourceLink(position=1, label="Paper", cited_url=url, identity=identify(url))
        entry = EventEntry(
            key=f"{day:%Y/%m}/{day.day}/thing",
            event_date=day,
            headline="Thing",
            headline_raw="Thing",
            sources=(link,),
            origin=EntryOrigin(format="table", name="a.csv", line=2),
        )
        store.put_events([entry], match=lambda *_: None, now=NOW)
    document = store.ensure_document(identify(url), now=NOW)
    attempt = FetchAttempt(
        key=url,
        document_id=document.id,
        reason=FetchReason.NEW,
        outcome=outcome,
        request_url=url,
        final_url=url,
        started_at=NOW,
        finished_at=NOW,
    )
    (stored,) = store.archive([FetchResult(attempt=attempt)], decide=lambda *_: None, now=NOW)
    assert not stored.error
    return store.document(document.canonical_url)


def save(store, document, state, archive="attic", **fields):
    values = {"asked_at": NOW, "next_at": NOW + timedelta(days=1), **fields}
    store.put_save(ArchiveSave(document_id=document.id, archive=archive, state=state, **values))


def wanted(store, now=NOW, **named):
    found = unsaved(store, order(store, **named), archive="attic", now=now)
    return [(one.document.request_url, one.pending and one.pending.job) for one in found]


@pytest.mark.parametrize("outcome", sorted(set(Outcome)))
def test_only_pages_that_live_are_saved(store, outcome):
    page(store, outcome=outcome)
    assert bool(wanted(store)) == (outcome in LIVING)
    assert outcome not in LIVING or status_of(outcome) is UrlStatus.LIVE


def test_a_page_that_was_never_asked_for_is_not_saved(store):
    store.ensure_document(identify(URL), now=NOW)
    assert wanted(store) == []


def test_a_page_with_a_cited_copy_is_not_saved(store):
    page(store, f"http://web.archive.org/web/20110509120000/{URL}")
    assert wanted(store) == []


def test_days_hosts_and_events_narrow_it_and_no_page_comes_twice(store):
    page(store, days=(date(2011, 5, 9), date(2012, 5, 9)))
    page(store, "http://other.example/2013/pier", days=(date(2013, 5, 9),))
    assert len(wanted(store)) == 2
    assert wanted(store, since="2013-01-01") == [("http://other.example/2013/pier", None)]
    assert wanted(store, until="2012-12-31") == [(URL, None)]
    assert wanted(store, host="paper.example") == [(URL, None)]
    assert wanted(store, events=["2011/05/9/thing", "2012/05/9/thing"]) == [(URL, None)]


@pytest.mark.parametrize("url", ["http://10.0.0.5/a", "http://localhost/a", "http://paper.example:6379/a"])
def test_what_is_not_of_the_public_web_is_never_named_to_an_archive(store, url):
    page(store, url)
    assert wanted(store) == []


@pytest.mark.parametrize("state", [state for state in SavingState if state is not SavingState.PENDING])
def test_a_page_that_was_asked_for_waits_for_its_time(store, state):
    document = page(store)
    save(store, document, state)
    assert wanted(store) == []
    assert wanted(store, now=NOW + timedelta(days=1)) == [(URL, None)]


def test_a_job_is_asked_about_while_the_service_knows_it(store):
    document = page(store)
    save(store, document, SavingState.PENDING, job="spn2-1")
    assert wanted(store, now=NOW + timedelta(minutes=59)) == [(URL, "spn2-1")]
    assert wanted(store, now=NOW + timedelta(hours=2)) == []
    assert wanted(store, now=NOW + timedelta(days=1)) == [(URL, None)]


def test_what_another_archive_was_asked_to_save_is_no_matter_until_it_has_a_copy(store):
    document = page(store)
    save(store, document, SavingState.REFUSED, archive="beacon")
    assert wanted(store) == [(URL, None)]
    save(store, document, SavingState.SAVED, archive="beacon", url=f"http://beacon.example/1/{URL}", captured_at=NOW)
    assert wanted(store) == []


# -- the service -----------------------------------------------------------------------------------------------------


@pytest.fixture
def configured(tmp_path):
    def build(text=""):
        (tmp_path / "dateline.toml").write_text(text)
        return load(tmp_path)

    return build


def test_the_public_service_is_asked_at_its_own_pace(configured):
    service = save_service(configured(), KEYS)
    assert service.url == "https://web.archive.org/save"
    assert 60 / service.place.interval_s[Pool.SAVE] <= 6
    assert service.status_s >= 5
    assert service.public == "https://web.archive.org/web/"
    assert "sesame" not in repr(service)


def test_a_service_of_ones_own_is_asked_as_its_archive(configured):
    own = '[archives."internet-archive"]\nreplay_url = "http://127.0.0.1:8080/web/"\nreplay_interval_s = 0.02\n'
    service = save_service(configured(own), KEYS)
    assert (service.url, service.place.interval_s[Pool.SAVE]) == ("http://127.0.0.1:8080/save", 0.02)


def test_keys_never_go_out_unencrypted(configured):
    bare = '[archives."internet-archive"]\nreplay_url = "http://mirror.example/web/"\n'
    with pytest.raises(ConfigurationError, match="https"):
        save_service(configured(bare), KEYS)


@pytest.mark.parametrize("name", KEYS)
@pytest.mark.parametrize("value", ["", "  ", "a b", "a\r\nX-Other: 1", "a:b", "clé"])
def test_keys_that_are_none_are_refused_by_name_and_not_shown(configured, name, value):
    with pytest.raises(ConfigurationError, match=name) as refused:
        save_service(configured(), KEYS | {name: value})
    assert "sesame" not in str(refused.value)
    assert not value.strip() or value not in str(refused.value)


def test_both_variables_are_named_where_one_is_missing(configured):
    with pytest.raises(ConfigurationError, match="DATELINE_SAVE_KEY and DATELINE_SAVE_SECRET"):
        save_service(configured(), {"DATELINE_SAVE_KEY": "openkey"})
