"""The public copy of each document, and the counts of a report about link rot."""

from datetime import UTC, date, datetime

import pytest

from storage.types import ArchiveLink, BackfillState, LinkRot, Outcome

STORY = "ferry aground near lind twelve people brought ashore by the coast guard"
OTHER = "parliament votes to lower its tax on bicycles after long debate"


@pytest.fixture
def archive(store, make):
    def run(*results, decide=make.undecided):
        answers = store.archive(results, decide=decide, now=make.NOW)
        assert not any(one.error for one in answers)
        return answers[-1]

    return run


@pytest.fixture
def year_of_link(store):
    """The year of the copy that is linked to for a document, as its address says; ``None`` without one."""

    def tell(document):
        link = store.archive_links([document.id]).get(document.id)
        return link and int(link.url.split("/")[3][:4])

    return tell


# -- archive links ---------------------------------------------------------------------------------------------------


def test_an_accepted_copy_is_linked_to_and_verified(store, make, sources, archive):
    accepted, rejected, plain = sources("/a", "/b", "/c")
    result = make.from_archive(accepted, STORY)
    archive(result, make.from_archive(rejected, outcome=Outcome.UNRELATED), make.result(plain, OTHER))
    memento = result.captures[0].memento
    link = ArchiveLink(archive="lantern", url=memento.public_url, captured_at=memento.captured_at, verified=True)
    assert store.archive_links([plain.id, rejected.id, accepted.id, 10**6]) == {accepted.id: link}
    assert store.archive_links([]) == {}


def test_a_cited_memento_is_linked_to_until_a_copy_is_accepted(store, make, archive):
    captured_at = datetime(2006, 7, 6, tzinfo=UTC)
    cited = make.cited_memento(captured_at=captured_at)
    document = store.ensure_document(make.identity("/a", memento=cited), now=make.NOW)
    link = ArchiveLink(archive="lantern.example", url=cited.url, captured_at=captured_at)
    assert store.archive_links([document.id]) == {document.id: link}
    archive(make.from_archive(document, memento_fields={"archive": "beacon"}, outcome=Outcome.UNRELATED))
    assert store.archive_links([document.id]) == {document.id: link}
    archive(make.from_archive(document, STORY))
    assert store.archive_links([document.id])[document.id].verified


def test_a_copy_without_a_public_address_does_not_count(store, make, sources, archive, year_of_link):
    (document,) = sources("/a")
    private = {"memento_fields": {"public_url": ""}}
    archive(make.from_archive(document, STORY, captured_at=datetime(2012, 1, 1, tzinfo=UTC), **private))
    assert year_of_link(document) is None
    archive(make.from_archive(document, OTHER, captured_at=datetime(2009, 1, 1, tzinfo=UTC)))
    assert year_of_link(document) == 2009


def test_of_several_accepted_copies_the_current_versions_is_taken(make, sources, archive, year_of_link):
    (document,) = sources("/a")
    for year, text in ((2010, STORY), (2012, OTHER), (2006, STORY + " on friday")):
        archive(make.from_archive(document, text, captured_at=datetime(year, 1, 1, tzinfo=UTC)))
    assert year_of_link(document) == 2012


def test_a_copy_that_shows_the_live_text_again_is_taken(make, sources, archive, year_of_link):
    (document,) = sources("/a")
    archive(make.from_archive(document, OTHER, captured_at=datetime(2012, 1, 1, tzinfo=UTC)))
    archive(make.result(document, STORY))
    for year in (2008, 2009, 2007):
        copy = make.from_archive(document, STORY, captured_at=datetime(year, 1, 1, tzinfo=UTC))
        archive(copy, decide=make.decide)
    assert year_of_link(document) == 2009


# -- link rot --------------------------------------------------------------------------------------------------------


def line(year, outcome=None, backfill=None, host="harbour-post.example", documents=1, articles=0):
    return LinkRot(year=year, host=host, outcome=outcome, backfill=backfill, documents=documents, articles=articles)


@pytest.fixture
def cite(store, make):
    """Imports an event of the year that cites these paths."""

    def run(year, *paths, host="harbour-post.example"):
        sources = [make.link(number, path, host) for number, path in enumerate(paths, start=1)]
        slug = f"event-{year}-{host.split('-')[0]}"
        store.put_events([make.entry(slug, date(year, 7, 5), sources)], match=make.no_match, now=make.NOW)
        return [store.document(make.identity(path, host).canonical_url) for path in paths]

    return run


def test_cited_documents_are_counted_by_year_host_outcome_and_backfill(store, make, sources, archive, cite):
    sources("/loose")
    gone, missing, live, _ = cite(2006, "/a", "/b", "/c", "/d")
    cite(2006, "/e", "/f", host="Zenith.example")
    cite(2005, "/g")
    archive(make.failure(gone, Outcome.GONE), make.failure(missing, Outcome.GONE), make.result(live, STORY))
    archive(make.from_archive(gone, OTHER))
    assert store.queue_backfills(make.RULES, now=make.NOW) == 2
    store.lease_backfills(make.backfill(limit=1))
    store.end_backfill(gone.id, token="run-1", state=BackfillState.RESCUED, next_at=None, now=make.NOW)
    assert list(store.link_rot()) == [
        line(2005),
        line(2006, host="Zenith.example", documents=2),
        line(2006),
        line(2006, Outcome.FETCHED, articles=1),
        line(2006, Outcome.GONE, BackfillState.RESCUED, articles=1),
        line(2006, Outcome.GONE, BackfillState.WANTED),
    ]


def test_the_earliest_event_that_still_cites_a_document_gives_its_year(store, make, cite):
    for year in (2009, 2004, 2007):
        cite(year, "/a")
    assert list(store.link_rot()) == [line(2004)]
    cite(2004)
    assert list(store.link_rot()) == [line(2007)]


def test_what_nobody_cites_any_more_is_not_counted(store, make, cite):
    cite(2004, "/a", "/b")
    cite(2004, "/b")
    store.put_events([make.entry(sources=[make.image(1), make.broken(2)])], match=make.no_match, now=make.NOW)
    assert list(store.link_rot()) == [line(2004)]


def test_lines_stream_over_many_hosts(store, make):
    entries = [make.entry(f"e-{number}", sources=[make.link(1, "/a", f"h{number}.example")]) for number in range(1200)]
    store.put_events(entries, match=make.no_match, now=make.NOW)
    lines = list(store.link_rot())
    assert [one.host for one in lines] == sorted(f"h{number}.example" for number in range(1200))
