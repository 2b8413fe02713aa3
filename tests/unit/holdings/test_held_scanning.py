"""The scan for what is wanted finds the same as the walk, at less cost."""

import pytest

from crawler.holdings.wanted import WantedKeys
from crawler.urls import url_key

URLS = tuple(f"http://www.{host}.example/{number}" for number in range(4) for host in ("post", "gazette", "courier"))
WANTED = (URLS[0], URLS[4], URLS[-1])


def keys(*urls):
    return sorted(map(url_key, urls))


@pytest.mark.parametrize("gzipped", [True, False])
def test_only_what_is_wanted_is_kept_and_just_as_the_walk_gives_it(read, make, gzipped):
    content = make.warc(*URLS, gzipped=gzipped)
    every = read(content)
    found = read(content, wanted=keys(*WANTED))
    assert found.records == [record for record in every.records if record.url in WANTED]
    assert found.report.problems == []
    assert found.report.passed >= len(URLS) - len(WANTED)


def test_a_url_is_wanted_whatever_its_spelling(read, make):
    content = make.warc("HTTP://Post.example:80/A?b=2&a=1", "http://post.example/other")
    assert read(content, wanted=keys("https://www.post.example/a?a=1&b=2")).urls == ["HTTP://Post.example:80/A?b=2&a=1"]


def test_nothing_wanted_is_nothing_kept(read, make):
    assert read(make.warc(*URLS), wanted=[]).records == []


def test_damage_is_walked_through_and_said(read, make):
    content = make.warc(*URLS)
    offset = read(content).records[5].offset
    found = read(content[:offset] + b"rubbish" + content[offset:], wanted=keys(*WANTED))
    assert found.urls == list(WANTED)
    assert found.report.problems


def test_a_cut_end_is_said(read, make):
    found = read(make.warc(*URLS)[:-9], wanted=keys(*WANTED))
    assert found.urls == list(WANTED[:-1])
    assert "the file ends inside it" in found.report.problems[0]


def test_a_file_compressed_as_a_whole_gives_each_record_once(read, make):
    found = read(make.gzip(make.warc(*URLS, gzipped=False)), "news.warc.gz", wanted=keys(*WANTED))
    assert found.urls == list(WANTED)
    assert {record.member for record in found.records} == {"news.warc"}


def test_pairs_of_records_in_one_gzip_member_are_not_taken_for_each_other(read, make):
    pairs = [make.gzip(make.raw("request", url=url) + make.raw(url=url)) for url in URLS]
    found = read(b"".join(pairs), "pairs.warc.gz", wanted=keys(*WANTED))
    assert found.urls == list(WANTED)
    assert {record.member for record in found.records} == {"pairs.warc"}


def test_brackets_around_a_url_do_not_hide_it(read, make):
    content = b"".join(make.gzip(make.raw(url=f"<{url}>")) for url in URLS)
    assert read(content, wanted=keys(*WANTED)).urls == list(WANTED)


def test_arc_and_wacz_files_are_looked_through_too(read, make):
    assert read(make.arc(*URLS), "old.arc", wanted=keys(*WANTED)).urls == list(WANTED)
    inside = make.wacz({"archive/a.warc.gz": make.warc(*URLS)})
    assert read(inside, "some.wacz", wanted=keys(*WANTED)).urls == list(WANTED)


def test_keys_are_asked_by_host_first():
    wanted = WantedKeys(keys("http://post.example/a", "https://gazette.example:8443/b", "http://192.0.2.7/c"))
    assert len(wanted) == 3
    assert wanted.may_hold("https://www.post.example/whatever?x=1")
    assert wanted.may_hold("http://post.example")
    assert wanted.may_hold("https://gazette.example:8443/")
    assert not wanted.may_hold("https://gazette.example/b")
    assert not wanted.may_hold("http://post.example.evil/a")
    assert not wanted.may_hold("nonsense")
    assert wanted.key_of("https://post.example/a") == "example,post)/a"
    assert wanted.key_of("https://post.example/b") is None
