"""No archive hears of addresses that are nobody else's business."""

import pytest

from crawler.backfilling.discretion import told_about
from crawler.guard import private_host
from storage.types import BackfillState

PRIVATE = [
    "http://10.0.0.8/minutes.html",
    "http://127.0.0.1:8080/",
    "http://[fd00::1]/a",
    "http://localhost/minutes",
    "http://wiki.corp/minutes",
    "http://me@192.168.1.1/",
]


@pytest.mark.parametrize("url", PRIVATE)
def test_a_private_address_is_told_to_nobody(attic, url):
    assert told_about([attic], url, allow_private=False) == ()
    assert told_about([attic], url, allow_private=True) == (attic,)


@pytest.mark.parametrize("url", ["http://paper.example/2011/quay", "http://8.8.8.8/a", "http://paper.example:8080/"])
def test_the_public_web_may_be_asked_about(attic, url):
    assert not private_host(url)
    assert told_about([attic], url, allow_private=False) == (attic,)


def test_files_of_our_own_are_looked_through_all_the_same(new_attic, attic):
    files = new_attic("files")
    files.place = type(files.place)(name="files", kind="local")
    assert told_about([attic, files], PRIVATE[0], allow_private=False) == (files,)


def test_a_private_page_ends_as_missing_without_a_question_and_is_not_taken_up_at_once(world, attic):
    world.cites(PRIVATE[0], key="2011/05/9/minutes")
    sought = {one.document.request_url: one for one in world.rescue(attic)}[PRIVATE[0]]
    assert sought.state is BackfillState.MISSING
    assert sought.next_at > world.now
    assert not [asked for asked in world.asked if "10.0.0.8" in asked]


def test_on_a_web_of_ones_own_archives_are_asked_about_everything(world, attic):
    world.cites(PRIVATE[0], key="2011/05/9/minutes")
    world.lists(attic, url=PRIVATE[0])
    world.rescue(attic, allow_private=True)
    assert attic.index_url(PRIVATE[0]) in world.asked
