"""The index of held files, and the URL keys that are wanted from them."""

from dataclasses import replace

import pytest

from storage.types import Access, Outcome

KEY = "example,harbour-post)/a"


def places(records):
    return [(one.path, one.offset) for one in records]


def test_files_and_records_come_back_as_they_were_put(store, make):
    file = make.held_file(kind="wacz", wanted_only=True, problems=("record at 70 is cut short",))
    record = make.held_record(
        member="archive/data.warc.gz",
        status=None,
        media_type="text/html",
        digest="sha1:ABCDEF",
        refers_to="20060705000000 http://harbour-post.example/a",
        revisit=True,
    )
    stored = store.put_held_file(file, [record])
    assert stored.id is not None
    assert stored == replace(file, id=stored.id, records=1)
    assert store.held_files() == [stored]
    assert store.held_records(KEY) == [record]


def test_files_are_told_by_path_and_their_records_are_counted(store, make):
    for path, count in (("/held/b", 0), ("/held/a", 3), ("/held/C", 1)):
        records = (make.held_record(path, offset=number) for number in range(count))
        store.put_held_file(make.held_file(path, records=99), records)
    assert [(one.path, one.records) for one in store.held_files()] == [("/held/C", 1), ("/held/a", 3), ("/held/b", 0)]


def test_reading_a_file_anew_takes_the_place_of_what_was_known(store, make):
    other = make.held_record("/held/two.warc.gz", days=1)
    store.put_held_file(make.held_file("/held/two.warc.gz"), [other])
    first = store.put_held_file(make.held_file(), [make.held_record(), make.held_record(offset=700)])
    again = store.put_held_file(make.held_file(size=800), [make.held_record(offset=5)])
    assert (again.id, again.size, again.records) == (first.id, 800, 1)
    assert places(store.held_records(KEY)) == [("/held/one.warc.gz", 5), ("/held/two.warc.gz", 10)]


def test_a_reading_that_breaks_changes_nothing(store, make):
    before = store.put_held_file(make.held_file(), [make.held_record()])

    def breaks():
        yield make.held_record(offset=5)
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="disk"):
        store.put_held_file(make.held_file(size=1), breaks())
    assert store.held_files() == [before]
    assert places(store.held_records(KEY)) == [("/held/one.warc.gz", 10)]


def test_records_stream_in_while_the_store_is_asked_and_written(store, make, sources):
    def reading():
        for number, key in enumerate(store.wanted_keys()):
            sources(f"/later/{number}")
            yield make.held_record(url_key=key, offset=number)

    sources("/a", "/b")
    stored = store.put_held_file(make.held_file(), reading())
    assert stored.records >= 2


def test_many_records_are_put_at_once(store, make):
    records = (make.held_record(url_key=f"example,{number % 3})/", offset=number) for number in range(1501))
    assert store.put_held_file(make.held_file(), records).records == 1501
    assert len(store.held_records("example,0)/")) == 501


def test_records_are_found_by_their_whole_key_in_the_order_of_time(store, make):
    long = f"{KEY}?{'x' * 9000}"
    records = [
        make.held_record(days=2, offset=1),
        make.held_record(days=1, offset=2),
        make.held_record(days=2, offset=3),
        make.held_record(url_key=long, offset=4),
        make.held_record(url_key=long[:-1], offset=5),
    ]
    store.put_held_file(make.held_file(), records)
    assert [one.offset for one in store.held_records(KEY)] == [2, 1, 3]
    assert [one.offset for one in store.held_records(long)] == [4]
    assert store.held_records("example,harbour-post)/") == []


def test_records_of_a_window_include_its_ends(store, make):
    store.put_held_file(make.held_file(), [make.held_record(days=day, offset=day) for day in range(5)])

    def found(since=None, until=None):
        window = {
            "since": None if since is None else make.at(days=since),
            "until": None if until is None else make.at(days=until),
        }
        return [one.offset for one in store.held_records(KEY, **window)]

    assert found(1, 3) == [1, 2, 3]
    assert found(since=3) == [3, 4]
    assert found(until=1) == [0, 1]


def test_at_most_ten_thousand_records_are_told(store, make):
    records = (make.held_record(offset=number, captured_at=make.at(seconds=number)) for number in range(10_050))
    store.put_held_file(make.held_file(), records)
    found = store.held_records(KEY)
    assert (len(found), found[0].offset, found[-1].offset) == (10_000, 0, 9_999)


def test_a_forgotten_file_has_no_records(store, make):
    store.put_held_file(make.held_file(), [make.held_record()])
    store.put_held_file(make.held_file("/held/two"), [make.held_record("/held/two")])
    assert [store.forget_held_file(path) for path in ("/held/one.warc.gz", "/held/one.warc.gz", "")] == [
        True,
        False,
        False,
    ]
    assert [one.path for one in store.held_files()] == ["/held/two"]
    assert places(store.held_records(KEY)) == [("/held/two", 10)]


# -- wanted keys -----------------------------------------------------------------------------------------------------


def test_keys_of_documents_without_a_full_text_are_wanted(store, make, sources):
    full, teased, failed, better, _ = sources("/full", "/teaser", "/gone", "/better", "/Untried")
    sources("/é", host="lind-herald.example")
    teaser = make.article("ferry aground", access=Access.TEASER)
    results = [
        make.result(full, "bicycles taxed again"),
        make.result(teased, outcome=Outcome.TEASER, article=teaser),
        make.failure(failed, Outcome.GONE),
        make.result(better, outcome=Outcome.TEASER, article=replace(teaser, text_digest="other")),
        make.from_archive(better, "ministers resign over a report on bridges"),
    ]
    store.archive(results, decide=make.undecided, now=make.NOW)
    assert list(store.wanted_keys()) == [
        "harbour-post.example)/Untried",
        "harbour-post.example)/gone",
        "harbour-post.example)/teaser",
        "lind-herald.example)/é",
    ]


def test_a_key_of_several_documents_is_told_once(store, make):
    for path in ("/a", "/b"):
        store.ensure_document(replace(make.identity(path), url_key=KEY), now=make.NOW)
    assert list(store.wanted_keys()) == [KEY]


def test_wanted_keys_stream_over_many_documents(store, make, sources):
    sources(*(f"/{number}" for number in range(2500)))
    keys = list(store.wanted_keys())
    assert len(keys) == 2500
    assert keys == sorted(keys)
