"""Backfill from files that somebody handed over: WARC, ARC and WACZ, whole and broken, without a request to anybody."""

import pytest
from archive_desk import arrange, articles, backfill_all, expected_of, searches, story_of
from archive_files import arc, wacz, warc
from archive_pages import WORLD, case, shots, table

from storage.captures import CaptureReader

LOCAL = "local"
KEPT = tuple(cited for cited in WORLD if not cited.excluded)
FIRST, SECOND, THIRD = KEPT[:6], KEPT[6:12], KEPT[12:]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A folder of three files: a third of the news web each, in the three formats."""
    folder = tmp_path_factory.mktemp("handed-over")
    (folder / "first.warc.gz").write_bytes(warc(shots(FIRST))[0])
    (folder / "deeper").mkdir()
    (folder / "deeper" / "second.wacz").write_bytes(wacz(shots(SECOND)))
    (folder / "third.arc.gz").write_bytes(arc(shots(THIRD), compressed=True)[0])
    return folder


@pytest.fixture(scope="module")
def rescued(files, make_desk):
    desk = make_desk("local-files")
    arrange(desk, archives={LOCAL: {}})
    desk.import_table(table(KEPT))
    desk.run("holdings", "add", files)
    backfill_all(desk)
    return desk


@pytest.mark.parametrize("cited", KEPT, ids=lambda cited: cited.name)
def test_each_record_is_accepted_or_rejected_for_its_reason(rescued, cited):
    assert story_of(rescued, cited) == expected_of(cited, LOCAL)


def test_the_words_and_the_bytes_are_those_of_the_files(rescued):
    texts = articles(rescued)
    assert "déposé une barque" in texts[case("cp1252 without a charset").url]
    assert "borrowed from the public library" in texts[case("gzip under an empty content-encoding").url]
    cited = case("soft 404 nearest")
    capture = rescued.history(cited.url).captures[-1]
    with rescued.library() as library, CaptureReader(library.captures) as reader:
        assert reader.payload(capture) == cited.shots[1].body
    assert "second.wacz" in capture.memento.url


def test_files_that_did_not_change_are_not_read_again(rescued, files):
    with rescued.library() as library:
        before = library.store.held_files()
    rescued.run("holdings", "add", files)
    with rescued.library() as library:
        assert library.store.held_files() == before
    assert {held.kind for held in before} == {"warc", "arc", "wacz"}
    assert [held.problems for held in before] == [()] * 3
    assert rescued.problems() == []


def test_of_a_clipped_file_what_is_readable_is_read_and_the_rest_is_told(desk, tmp_path):
    cited = (case("captured several times"), case("soft 404 nearest"))
    data, places = warc(shots(cited))
    broken = places[cited[1].shots[1]]
    path = tmp_path / "clipped.warc.gz"
    path.write_bytes(data[: broken.offset + broken.length // 2])
    arrange(desk, archives={LOCAL: {}})
    desk.import_table(table(cited))
    desk.run("holdings", "add", path, expect=None)
    backfill_all(desk)
    assert story_of(desk, cited[0]) == (cited[0].accepted, (), {LOCAL: "found"})
    assert searches(desk)[cited[1].url, LOCAL] == "all_rejected"
    with desk.library() as library:
        (held,) = library.store.held_files()
    assert held.problems
    assert desk.problems() == []


def test_a_file_that_is_gone_since_is_no_proof_that_there_is_no_copy(desk, tmp_path):
    cited = case("captured several times")
    path = tmp_path / "gone.warc.gz"
    path.write_bytes(warc(cited.shots)[0])
    arrange(desk, archives={LOCAL: {}})
    desk.import_table(table([cited]))
    desk.run("holdings", "add", path)
    path.unlink()
    backfill_all(desk)
    assert searches(desk)[cited.url, LOCAL] == "unreachable"
    assert articles(desk) == {}


def test_a_file_that_changed_is_waited_for_and_its_copy_is_found_when_it_is_whole_again(desk, tmp_path):
    cited = case("captured several times")
    path = tmp_path / "changed.warc.gz"
    whole = warc(cited.shots)[0]
    path.write_bytes(whole)
    arrange(desk, archives={LOCAL: {}})
    desk.import_table(table([cited]))
    desk.run("holdings", "add", path)
    path.write_bytes(whole[: len(whole) // 2])
    backfill_all(desk, "--archive", LOCAL)
    assert story_of(desk, cited) == ("", (), {LOCAL: "unreachable"})
    (search,) = desk.history(cited.url).searches
    assert "dateline holdings add" in search.detail
    path.write_bytes(whole)
    desk.run("holdings", "add", path)
    desk.run("backfill", "--archive", LOCAL)
    assert story_of(desk, cited) == (cited.accepted, (), {LOCAL: "found"})
    assert desk.problems() == []
