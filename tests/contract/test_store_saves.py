"""What archives were asked to save, and the copies that they say they made."""

from dataclasses import replace

import pytest

from storage.errors import StorageError
from storage.types import ArchiveLink, ArchiveSave, SavingState

STORY = "ferry aground near lind twelve people brought ashore by the coast guard"


@pytest.fixture
def saving(make):
    """An archive's saving of a document, sent now and good for a day."""

    def build(document, archive="attic", state=SavingState.SENT, **fields):
        values = {"asked_at": make.NOW, "next_at": make.at(days=1), **fields}
        return ArchiveSave(document_id=document.id, archive=archive, state=state, **values)

    return build


@pytest.fixture
def saved(make, saving):
    """The same, done, with its copy."""

    def build(document, archive="attic", **delta):
        captured_at = make.at(**delta)
        url = f"http://{archive}.example/{captured_at:%Y%m%d%H%M%S}/{document.request_url}"
        return saving(
            document, archive, SavingState.SAVED, next_at=None, job="spn2-1", url=url, captured_at=captured_at
        )

    return build


def test_a_save_comes_back_as_it_was_put_and_is_part_of_the_story(store, make, sources, saving):
    (document,) = sources("/a")
    save = saving(document, job="spn2-1", url="http://attic.example/1", captured_at=make.at(minutes=1), detail="done")
    store.put_save(save)
    assert store.saves([document.id]) == {document.id: (save,)}
    assert store.history(document.canonical_url).saves == (save,)


def test_there_is_one_save_per_document_and_archive(store, make, sources, saving):
    first, second, third = sources("/a", "/b", "/c")
    store.put_save(saving(first))
    later = saving(first, state=SavingState.REFUSED, asked_at=make.at(hours=2))
    store.put_save(later)
    store.put_save(saving(second, "beacon", asked_at=make.at(hours=1)))
    store.put_save(saving(second, "attic", asked_at=make.at(hours=3)))
    found = store.saves([first.id, second.id, third.id])
    assert found[first.id] == (later,)
    assert [one.archive for one in found[second.id]] == ["beacon", "attic"]
    assert third.id not in found
    assert store.saves([]) == {}


def test_who_claims_a_page_first_gets_it_until_its_time_has_come(store, make, sources, saving):
    (document,) = sources("/a")
    first = saving(document, detail="first")
    assert store.claim_save(first)
    early = saving(document, asked_at=make.at(hours=23), next_at=make.at(days=2))
    assert not store.claim_save(early)
    assert store.saves([document.id]) == {document.id: (first,)}
    assert store.claim_save(saving(document, "beacon"))
    due = saving(document, asked_at=make.at(days=1), next_at=make.at(days=2))
    assert store.claim_save(due)
    assert {one.archive: one.asked_at for one in store.saves([document.id])[document.id]} == {
        "attic": make.at(days=1),
        "beacon": make.NOW,
    }


def test_a_page_that_is_not_to_be_saved_again_cannot_be_claimed(store, make, sources, saving, saved):
    (document,) = sources("/a")
    store.put_save(saved(document))
    assert not store.claim_save(saving(document, asked_at=make.at(days=9999)))
    assert store.saves([document.id])[document.id][0].state is SavingState.SAVED


def test_an_unknown_document_cannot_be_saved(store, sources, saving):
    (document,) = sources("/a")
    unknown = replace(saving(document), document_id=10**6)
    for put in (store.put_save, store.claim_save):
        with pytest.raises(StorageError):
            put(unknown)
    assert store.saves([10**6]) == {}


def test_a_saved_copy_is_linked_to_and_not_called_verified(store, make, sources, saved):
    (document,) = sources("/a")
    copy = saved(document, minutes=1)
    store.put_save(copy)
    assert store.archive_links([document.id]) == {
        document.id: ArchiveLink(archive="attic", url=copy.url, captured_at=copy.captured_at)
    }


def test_of_several_saved_copies_the_latest_is_linked_to(store, sources, saved):
    first, second = sources("/a", "/b")
    for number, name in enumerate(("attic", "beacon")):
        store.put_save(saved(first, name, minutes=number))
        store.put_save(saved(second, name, minutes=-number))
    links = store.archive_links([first.id, second.id])
    assert [links[one.id].archive for one in (first, second)] == ["beacon", "attic"]


@pytest.mark.parametrize("state", [state for state in SavingState if state is not SavingState.SAVED])
def test_what_was_not_saved_is_not_linked_to(store, make, sources, saving, state):
    (document,) = sources("/a")
    store.put_save(saving(document, state=state, url="http://attic.example/1", captured_at=make.NOW))
    assert store.archive_links([document.id]) == {}


def test_accepted_and_cited_copies_are_linked_to_before_saved_ones(store, make, sources, saved):
    accepted, plain = sources("/a", "/b")
    cited = store.ensure_document(make.identity("/c", memento=make.cited_memento("/c")), now=make.NOW)
    for document in (accepted, plain, cited):
        store.put_save(saved(document))
    (answer,) = store.archive([make.from_archive(accepted, STORY)], decide=make.undecided, now=make.NOW)
    assert not answer.error
    links = store.archive_links([accepted.id, plain.id, cited.id])
    assert {number: link.archive for number, link in links.items()} == {
        accepted.id: "lantern",
        plain.id: "attic",
        cited.id: "lantern.example",
    }
