"""Events: identity across slug churn, links withdrawn and back, revisions, look-up by name."""

from dataclasses import replace
from datetime import date

import pytest

from storage.errors import AmbiguousEvent, EventNotFound
from storage.types import EntryChange, EntryOrigin, KnownMemento, Outcome, RelatedLink, Selection


def put(store, make, *entries, match=None, **options):
    return store.put_events(entries, match=match or make.no_match, now=options.pop("now", make.NOW), **options)


def urls(view, *, withdrawn=False):
    return [one.link.cited_url for one in view.sources if (one.withdrawn_at is not None) == withdrawn]


def test_a_new_entry_is_kept_whole(store, make):
    entry = make.entry(
        headline_raw="Ferry runs  aground\0 \udcff",
        description="Twelve people were brought ashore.",
        language="en",
        category="Disasters and accidents",
        topics=("Storms of 2006", "Storm Ida"),
        entities=("Ferry Aurora", "Port of Lind"),
        sources=[make.link(1), make.broken(2), make.image(3)],
        related=(RelatedLink(position=1, headline="Storm nears", target_key="2006/07/4/storm", context=("Lind",)),),
    )
    (answer,) = put(store, make, entry)
    assert (answer.key, answer.change, answer.links_added, answer.alias_of) == (entry.key, EntryChange.NEW, 3, "")
    view = store.event(entry.key)
    assert view.entry == entry
    assert (view.revision, view.imported_at, view.revised_at) == (1, make.NOW, make.NOW)
    assert [one.link for one in view.sources] == [
        entry.sources[0],
        entry.sources[1],
        replace(entry.sources[2], identity=None),
    ]
    assert [one.document is not None for one in view.sources] == [True, False, False]


def test_documents_of_new_links_are_due_at_once(store, make):
    put(store, make, make.entry(sources=make.links("/a", "/b")))
    document = store.document(make.identity("/a").canonical_url)
    assert (document.next_fetch_at, document.added_at, document.attempts) == (make.NOW, make.NOW, 0)
    assert document.host == "harbour-post.example"


def test_a_second_import_changes_nothing(store, make):
    entries = [make.entry(), make.entry("storm-ida", sources=make.links("/b", "/b"))]
    put(store, make, *entries)
    before = store.info().rows
    moved = [replace(one, origin=EntryOrigin(name="elsewhere.md", line=9, format="event page")) for one in entries]
    answers = put(store, make, *moved, now=make.at(days=1))
    assert {answer.change for answer in answers} == {EntryChange.UNCHANGED}
    assert store.info().rows == before
    assert store.event(entries[0].key).revised_at == make.NOW


def test_links_are_withdrawn_and_come_back(store, make):
    put(store, make, make.entry(sources=make.links("/a", "/b")))
    (answer,) = put(store, make, make.entry(sources=make.links("/b", "/c")), now=make.at(days=1))
    assert (answer.change, answer.links_added, answer.links_withdrawn) == (EntryChange.CHANGED, 1, 1)
    view = store.event(answer.key)
    assert [url[-2:] for url in urls(view)] == ["/b", "/c"]
    assert [one.link.position for one in view.sources[:2]] == [1, 2]
    assert [url[-2:] for url in urls(view, withdrawn=True)] == ["/a"]
    assert view.sources[2].withdrawn_at == make.at(days=1)
    (answer,) = put(store, make, make.entry(sources=make.links("/a", "/b", "/c")), now=make.at(days=2))
    assert (answer.links_added, answer.links_withdrawn) == (0, 0)
    view = store.event(answer.key)
    assert [url[-2:] for url in urls(view)] == ["/a", "/b", "/c"]
    assert (view.revision, view.revised_at, view.imported_at) == (3, make.at(days=2), make.NOW)


def test_an_edited_label_is_the_same_link(store, make):
    put(store, make, make.entry())
    (answer,) = put(store, make, make.entry(sources=[make.link(1, label="The Harbour Post")]))
    assert (answer.links_added, answer.links_withdrawn) == (0, 0)
    assert [one.link.label for one in store.event(answer.key).sources] == ["The Harbour Post"]


def test_a_url_cited_twice_is_two_links(store, make):
    put(store, make, make.entry(sources=[make.link(1, label="one"), make.link(2, label="two")]))
    (answer,) = put(store, make, make.entry(sources=[make.link(1, label="one")]))
    assert answer.links_withdrawn == 1
    assert store.status(now=make.NOW).source_links == 1


def test_another_slug_of_the_same_event_becomes_an_alias(store, make):
    own, other = make.entry("ferry-aground"), make.entry("ferry-runs-aground-twelve-saved")
    put(store, make, own)
    (answer,) = put(store, make, other, match=make.same_sources)
    assert (answer.key, answer.alias_of, answer.reason) == (own.key, own.key, "same sources")
    assert (answer.change, answer.links_added) == (EntryChange.CHANGED, 0)
    view = store.event(other.key)
    assert (view.entry.key, view.aliases, view.revision) == (own.key, (other.key,), 2)
    assert view.entry.headline == other.headline
    assert store.status(now=make.NOW).events == 1
    again = put(store, make, own, other, own, match=make.same_sources, now=make.at(days=1))
    assert [one.change for one in again] == [EntryChange.UNCHANGED] * 3
    assert [one.alias_of for one in again] == ["", own.key, ""]


def test_slugs_of_one_event_meet_within_one_import(store, make):
    slugs = [make.entry(f"ferry-{number}") for number in range(8)]
    answers = put(store, make, *slugs, match=make.same_sources)
    assert [one.change for one in answers] == [EntryChange.NEW] + [EntryChange.CHANGED] * 7
    assert {one.key for one in answers} == {slugs[0].key}
    assert store.event(slugs[5].key).aliases == tuple(one.key for one in slugs[1:])


def test_the_matcher_sees_every_known_entry_of_the_day_and_no_other_day(store, make):
    seen = []

    def spy(entry, same_day):
        seen.append((entry.key, sorted(one.key for one in same_day)))
        return make.same_sources(entry, same_day)

    first, alias = make.entry("a-first"), make.entry("b-alias")
    elsewhere = make.entry("c-elsewhere", day=date(2006, 7, 6))
    put(store, make, first, elsewhere, alias, match=spy)
    put(store, make, first, make.entry("d-other", sources=make.links("/z")), match=spy)
    assert seen[1:] == [(elsewhere.key, []), (alias.key, [first.key]), ("2006/07/5/d-other", [first.key, alias.key])]


def test_an_alias_withdraws_only_what_came_under_it(store, make):
    own, alias = make.entry("own", sources=make.links("/a")), make.entry("alias", sources=make.links("/a"))
    put(store, make, own, alias, match=make.same_sources)
    (answer,) = put(store, make, replace(alias, sources=make.links("/b", "/c")))
    assert (answer.links_added, answer.links_withdrawn, answer.alias_of) == (2, 0, own.key)
    assert [url[-2:] for url in urls(store.event(own.key))] == ["/a", "/b", "/c"]
    (answer,) = put(store, make, replace(alias, sources=make.links("/c")))
    assert answer.links_withdrawn == 1
    assert [url[-2:] for url in urls(store.event(own.key))] == ["/a", "/c"]


def test_a_link_stands_while_another_page_of_the_event_has_it(store, make):
    own, alias = make.entry("own", sources=make.links("/a")), make.entry("alias", sources=make.links("/a"))
    put(store, make, own, alias, match=make.same_sources)
    (answer,) = put(store, make, replace(own, sources=make.links("/b")))
    assert (answer.links_added, answer.links_withdrawn) == (1, 0)
    assert sorted(url[-2:] for url in urls(store.event(own.key))) == ["/a", "/b"]
    (answer,) = put(store, make, replace(alias, sources=()))
    assert answer.links_withdrawn == 1
    assert [url[-2:] for url in urls(store.event(own.key))] == ["/b"]


def test_a_withdrawn_link_of_one_page_comes_back_with_another(store, make):
    own = make.entry("own", sources=make.links("/a", "/b"))
    put(store, make, own, replace(own, sources=make.links("/a")))
    put(store, make, make.entry("alias", sources=make.links("/a")), match=make.same_sources)
    put(store, make, make.entry("alias", sources=make.links("/a", "/b")))
    assert [url[-2:] for url in urls(store.event(own.key))] == ["/a", "/b"]


def test_an_entry_may_change_and_change_back_within_one_import(store, make):
    entry, edited = make.entry(), make.entry(sources=make.links("/b"))
    answers = put(store, make, entry, entry, edited, entry)
    kinds = [EntryChange.NEW, EntryChange.UNCHANGED, EntryChange.CHANGED, EntryChange.CHANGED]
    assert [one.change for one in answers] == kinds
    view = store.event(entry.key)
    assert (view.revision, view.entry) == (3, entry)
    assert [url[-2:] for url in urls(view)] == ["/a"]
    assert [url[-2:] for url in urls(view, withdrawn=True)] == ["/b"]


def test_an_entry_that_moves_to_another_day_keeps_its_key(store, make):
    put(store, make, make.entry())
    moved = replace(make.entry(), event_date=date(2006, 7, 9))
    assert put(store, make, moved)[0].change is EntryChange.CHANGED
    (summary,) = store.events()
    assert (summary.key, summary.event_date) == (moved.key, date(2006, 7, 9))


def test_a_forward_reference_resolves_when_its_event_comes(store, make):
    target, alias = make.entry("storm-ida", sources=make.links("/s")), make.entry("storm", sources=make.links("/s"))
    related = tuple(
        RelatedLink(position=n, headline="Storm", target_key=key) for n, key in ((1, target.key), (2, alias.key))
    )
    entry = make.entry(related=related)
    put(store, make, entry)
    assert [one.known_key for one in store.event(entry.key).related] == ["", ""]
    put(store, make, target, alias, match=make.same_sources)
    assert [one.known_key for one in store.event(entry.key).related] == [target.key, target.key]


def test_a_dry_run_answers_the_same_and_writes_nothing(store, make):
    put(store, make, make.entry())
    entries = [make.entry(sources=make.links("/b")), make.entry("storm", sources=make.links("/c"))]
    before = store.info().rows
    planned = put(store, make, *entries, dry_run=True)
    assert store.info().rows == before
    assert put(store, make, *entries) == planned
    assert store.put_loose([make.loose("/x"), make.loose("/a")], now=make.NOW, dry_run=True) == 1
    assert store.find_document(make.identity("/x").canonical_url) is None


def test_several_links_may_mean_one_document(store, make):
    first, second = make.link(1), make.link(2, cited_url="https://harbour-post.example/a?utm_source=x")
    put(store, make, make.entry(sources=[first, second]))
    assert store.status(now=make.NOW).documents == 1
    assert store.status(now=make.NOW).source_links == 2


def test_a_memento_is_learned_from_a_later_citation(store, make):
    memento = KnownMemento(archive="web.archive.org", url="https://web.archive.org/web/2006/x", captured_at=make.NOW)
    put(store, make, make.entry())
    put(store, make, make.entry("again", sources=[make.link(1, identity=make.identity(memento=memento))]))
    later = KnownMemento(archive="archive.example", url="https://archive.example/x")
    put(store, make, make.entry("third", sources=[make.link(1, identity=make.identity(memento=later))]))
    assert store.document(make.identity().canonical_url).memento == memento


@pytest.mark.parametrize(
    "name",
    ["2006/07/5/ferry-runs-aground", "/news/2006/07/5/ferry-runs-aground.md", "2006/07/5/ferry", " 2006/07/5/f "],
)
def test_an_event_is_found_by_key_path_or_prefix(store, make, name):
    put(store, make, make.entry(), make.entry("storm"))
    assert store.event(name).entry.key == make.entry().key


def test_an_exact_key_wins_over_longer_ones(store, make):
    put(store, make, make.entry("storm"), make.entry("storm-ida"))
    assert store.event("2006/07/5/storm").entry.key == "2006/07/5/storm"


def test_a_prefix_that_fits_only_aliases_of_one_event_is_unique(store, make):
    put(store, make, make.entry("a"), make.entry("storm-1"), make.entry("storm-2"), match=make.same_sources)
    assert store.event("2006/07/5/storm").entry.key == "2006/07/5/a"


@pytest.mark.parametrize("name", ["2006/07/5/x", "", "/news/.md", "2006/07/5/storm%", "2006/07/5/STORM"])
def test_an_unknown_name_is_refused(store, make, name):
    put(store, make, make.entry("storm"))
    with pytest.raises(EventNotFound):
        store.event(name)


def test_an_ambiguous_name_lists_what_fits(store, make):
    put(store, make, make.entry("storm-b"), make.entry("storm-a"))
    with pytest.raises(AmbiguousEvent) as caught:
        store.event("2006/07/5/storm")
    assert caught.value.keys == ("2006/07/5/storm-a", "2006/07/5/storm-b")


def test_events_are_listed_by_date_and_key(store, make):
    days = (date(2006, 7, 10), date(2006, 7, 9), date(2005, 1, 1))
    entries = [make.entry(slug, day) for slug in ("b", "a", "Z", "é") for day in days]
    put(store, make, *entries)
    listed = [one.key for one in store.events()]
    assert listed == [one.key for one in sorted(entries, key=lambda one: (one.event_date, one.key))]
    assert [one.key for one in store.events(limit=5)] == listed[:5]
    assert [one.key for one in store.events(after=listed[4], limit=3)] == listed[5:8]
    assert [one.key for one in store.events(prefix="2006/07/9/")] == [key for key in listed if "/9/" in key]
    assert list(store.events(limit=0)) == []
    with pytest.raises(EventNotFound):
        list(store.events(after="2006/07/5/unknown"))


def test_search_is_case_blind_and_knows_no_wildcards(store, make):
    put(store, make, make.entry("a", headline="ŠTORM over 100% of Lind"), make.entry("b", headline="Calm_sea"))
    assert [one.headline for one in store.events(search="štorm OVER")] == ["ŠTORM over 100% of Lind"]
    assert [one.headline for one in store.events(search="0%")] == ["ŠTORM over 100% of Lind"]
    assert [one.headline for one in store.events(search="_")] == ["Calm_sea"]
    assert not list(store.events(search="m%s"))


def test_a_summary_counts_present_links_and_their_articles(store, make):
    put(store, make, make.entry(sources=[*make.links("/a", "/b", "/gone"), make.broken(4)]))
    put(store, make, make.entry(sources=[*make.links("/a", "/b"), make.broken(3)]))
    document = store.document(make.identity("/a").canonical_url)
    store.archive([make.result(document, "Ferry aground")], decide=make.decide, now=make.NOW)
    (summary,) = store.events()
    assert (summary.sources, summary.articles) == (3, 1)


def test_listing_goes_on_while_others_write(store, make):
    entries = [make.entry(f"e-{number:04}", sources=()) for number in range(1100)]
    put(store, make, *entries)
    seen = []
    for one in store.events():
        if len(seen) in {1, 600}:
            put(store, make, make.entry(f"late-{len(seen)}", day=date(1999, 1, 1)))
        seen.append(one.key)
    assert seen == [one.key for one in entries]


def test_a_document_that_was_only_imported_is_due_once_an_entry_cites_it(store, make):
    document = store.ensure_document(make.identity("/saved"), now=make.NOW)
    store.archive([make.failure(document, Outcome.IMPORTED, next_fetch_at=None)], decide=make.decide, now=make.NOW)
    assert not list(store.due(Selection(), now=make.NOW))
    store.put_events([make.entry(sources=make.links("/saved"))], match=make.no_match, now=make.at(days=1))
    assert [one.id for one in store.due(Selection(), now=make.at(days=1))] == [document.id]
    assert [one.id for one in store.lease(make.request(now=make.at(days=1)))] == [document.id]


def test_images_are_no_sources_in_the_list(store, make):
    store.put_events([make.entry(sources=(*make.links("/a"), make.image(2)))], match=make.no_match, now=make.NOW)
    assert [event.sources for event in store.events()] == [1]
    assert len(store.event(make.entry().key).sources) == 2


def page(make, slug, *paths, file="a.md"):
    """An entry as one file gives it; its key is made from its headline."""
    return make.entry(
        slug,
        sources=make.links(*(f"/{path}" for path in paths)),
        origin=EntryOrigin(name=file, line=1, format="event-page"),
    )


def cited(view):
    """(path, withdrawn) of each source."""
    return sorted((one.link.cited_url.rpartition("/")[2], one.withdrawn_at is not None) for one in view.sources)


def test_an_edited_file_takes_the_place_of_what_it_said(store, make):
    def put(*entries, day):
        return store.put_events(entries, match=make.same_sources_or_day, now=make.at(days=day))

    put(page(make, "two-ports-close", "a", "b"), day=0)
    (edited,) = put(page(make, "three-ports-close", "b", "c"), day=1)
    assert (edited.change, edited.links_added, edited.links_withdrawn) == (EntryChange.CHANGED, 1, 1)
    view = store.event("2006/07/5/three-ports-close")
    assert view.aliases == ("2006/07/5/three-ports-close",)
    assert (view.revision, cited(view)) == (2, [("a", True), ("b", False), ("c", False)])
    (again,) = put(page(make, "three-ports-close", "b", "c"), day=2)
    assert again.change is EntryChange.UNCHANGED
    (undone,) = put(page(make, "two-ports-close", "a", "b"), day=3)
    assert (undone.change, undone.links_added, undone.links_withdrawn) == (EntryChange.CHANGED, 0, 1)
    view = store.event("2006/07/5/two-ports-close")
    assert (view.revision, cited(view)) == (3, [("a", False), ("b", False), ("c", True)])


def test_a_file_that_still_gives_both_keys_supersedes_none(store, make):
    both = (page(make, "two-ports-close", "a"), page(make, "two-ports-closed", "b"))
    for day in range(2):
        store.put_events(both, match=make.same_sources_or_day, now=make.at(days=day))
    view = store.event("2006/07/5/two-ports-close")
    assert (view.revision, cited(view)) == (2, [("a", False), ("b", False)])


def test_another_file_or_standard_input_supersedes_nothing(store, make):
    store.put_events([page(make, "two-ports-close", "a")], match=make.same_sources_or_day, now=make.NOW)
    other = page(make, "three-ports-close", "b", file="b.md")
    store.put_events([other], match=make.same_sources_or_day, now=make.at(days=1))
    view = store.event("2006/07/5/two-ports-close")
    assert cited(view) == [("a", False), ("b", False)]
    for slug, path in (("one-strike", "x"), ("one-more-strike", "y")):
        read = replace(page(make, slug, path, file="-"), event_date=date(2009, 1, 1))
        store.put_events([read], match=make.same_sources_or_day, now=make.at(days=2))
    (strike,) = [event for event in store.events() if "strike" in event.key]
    assert cited(store.event(strike.key)) == [("x", False), ("y", False)]
