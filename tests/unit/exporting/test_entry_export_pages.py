"""Event pages given back: the original text with an addition behind each source link, and nothing else."""

from __future__ import annotations

import codecs
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import EntryFileError
from crawler.events import read_entries
from crawler.events.notes import SourceNote, UrlStatus
from crawler.events.page_links import Addition, links_of
from crawler.events.writing import page_of, page_path
from storage.types import ArchiveLink

RADIO, COURIER = "http://radio.example/1", "http://courier.example/a_(b).html"
COPY = "https://archive.example/web/20060709101112/" + RADIO
PAGE = f"""### [2006-07-5](/news/2006/07/5/index.md)

#  Harbour pilots refuse to work\N{SPACE}

The pilots of Lorran stay ashore.


### Source:

1. [Radio Lorran]({RADIO})
2. [Courier]({COURIER}) and [IMG](http://courier.example/i.png)

### Related:

1. [Tankers wait ](/news/2006/07/6/tankers-wait.md) _Context: Lorran, Merrow_
"""
NAME = "news/2006/07/5/harbour-pilots-refuse-to-work.md"


def read(page, name=NAME):
    (entry,) = read_entries(name, page if isinstance(page, bytes) else page.encode())
    return entry


def note(url="", day=datetime(2006, 7, 9, 10, 11, 12, tzinfo=UTC), status=UrlStatus.DEAD):
    archive = ArchiveLink(archive="archive.example", url=url, captured_at=day, verified=True) if url else None
    return SourceNote(status=status, archive=archive)


NOTES = {RADIO: note(COPY), COURIER: note(status=UrlStatus.LIVE)}


def test_page_is_kept_exactly_as_it_stands_in_its_file():
    assert read(PAGE).raw == PAGE


def test_page_comes_back_byte_for_byte_with_its_mark_and_line_ends():
    written = codecs.BOM_UTF8 + PAGE.replace("\n", "\r\n").encode()
    assert page_of(read(written)).encode() == written


def test_each_source_link_gets_its_copy_and_status_behind_it():
    expected = PAGE.replace(f"({RADIO})", f"({RADIO}) ([archived 2006-07-09]({COPY}), link dead)").replace(
        f"({COURIER})", f"({COURIER}) (link live)"
    )
    assert page_of(read(PAGE), NOTES) == expected


def test_line_ends_stay_before_and_behind_additions():
    written = page_of(read(PAGE.replace("\n", "\r\n")), NOTES)
    assert written.replace("\r\n", "\n") == page_of(read(PAGE), NOTES)
    assert written.count("\r\n") == PAGE.count("\n")


def test_annotated_page_is_the_same_entry():
    before, after = read(PAGE), read(page_of(read(PAGE), NOTES))
    assert after.content_digest() == before.content_digest()
    assert [link.cited_url for link in after.sources] == [link.cited_url for link in before.sources]


def test_copy_behind_a_link_is_remembered_as_that_links_memento():
    copy = "https://web.archive.org/web/20060709101112/" + RADIO
    radio, *_ = read(page_of(read(PAGE), {RADIO: note(copy)})).sources
    assert radio.identity.memento.url == copy
    assert radio.identity.request_url == RADIO


def test_adding_twice_adds_once():
    once = page_of(read(PAGE), NOTES)
    assert page_of(read(once), NOTES) == once


def test_addition_is_brought_up_to_date():
    older = page_of(read(PAGE), {RADIO: note(status=UrlStatus.LIVE)})
    assert page_of(read(older), NOTES) == page_of(read(PAGE), NOTES)


def test_what_stands_there_is_not_lost_where_the_library_knows_less():
    full = page_of(read(PAGE), NOTES)
    assert page_of(read(full), {RADIO: SourceNote(), COURIER: SourceNote()}) == full


def test_link_to_a_copy_gets_no_copy_of_itself():
    page = PAGE.replace(RADIO, COPY)
    assert page_of(read(page), {COPY: note(COPY)}) == page


@pytest.mark.parametrize(
    "item",
    [
        "[A](http://a.example/)",
        "[A](http://a.example/) ([B](http://b.example/))",
        "[A](http://a.example/) (link to the press release)",
        "[A] b](http://a.example/)",
        "[A](http://a.example/)  ([archived 2006-07-09](http://b.example/))",
    ],
)
def test_text_that_only_resembles_an_addition_is_none(item):
    assert all(link.addition == Addition() for link in links_of(item))


def test_unpaired_label_keeps_its_one_link_under_an_addition():
    (link,) = links_of(f"[A] b](http://a.example/x) ([archived 2006-07-09]({COPY}), link unfit)")
    assert (link.label, link.url, link.addition.archive_url) == ("A] b", "http://a.example/x", COPY)
    assert link.addition.status is UrlStatus.UNFIT


def test_entry_without_its_text_is_laid_out_as_pages_are():
    regular = PAGE.replace("[Tankers wait ]", "[Tankers wait]").replace(" and [IMG]", "\n3. [IMG]")
    assert page_of(replace(read(regular), raw="")) == regular


def test_page_in_chinese_is_laid_out_with_its_own_headings():
    page = (
        "### [2019-03-4](/news/2019/03/4/index.md)\n\n##### 白湖市\n#  吊桥因大风关闭\n\n\n\n\n### 信息来源:\n\n"
        "1. [晚报](http://wanbao.example/1)\n\n### 有关:\n\n1. [雨](/zh/news/2019/03/9/雨.md) _消息: 白湖市_\n"
    )
    assert page_of(replace(read(page, "zh/news/2019/03/4/x.md"), raw="")) == page


def test_item_of_another_format_becomes_a_page_that_is_the_same_event():
    (item,) = read_entries(
        "day.txt", f"{{{{Current events header|2006|07|05}}}}\n* [[Pilot]]s refuse. [{RADIO} (Radio)]".encode()
    )
    page = read(page_of(item, NOTES), f"/{page_path(item)}")
    assert (page.key, page.headline, page.raw) == (item.key, "Pilots refuse.", page_of(item, NOTES))
    assert [(link.label, link.cited_url) for link in page.sources] == [("Radio", RADIO)]


def test_row_with_headings_in_its_blurb_and_a_space_in_its_url_becomes_a_sound_page():
    table = 'date,headline,description,url,label\n2006-07-05,A,"### S\n1. b",http://a.example/x y,[C\n'
    (row,) = read_entries("x.csv", table.encode())
    page = read(page_of(row, {"http://a.example/x y": note(COPY)}))
    assert page.description == "\\### S\n1. b"
    assert [link.cited_url for link in page.sources] == ["http://a.example/x%20y"]


def test_path_is_the_pages_own():
    assert page_path(read(PAGE)) == NAME


def test_slug_too_long_for_a_file_name_is_cut_and_stays_distinct():
    entries = [replace(read(PAGE), key="2019/03/4/" + "风" * 139 + last) for last in "甲乙"]
    names = {page_path(entry).rpartition("/")[2] for entry in entries}
    assert len(names) == 2
    assert all(len(name.encode()) < 255 for name in names)


labels = st.text(st.characters(exclude_characters="\r\n\0", exclude_categories=["Cs"]), max_size=30)
urls = st.from_regex(r"https?://[a-z]{1,8}\.example/[a-zA-Z0-9/?=&%_.(){}|-]{0,30}", fullmatch=True)
known = st.builds(
    note,
    url=st.just("") | urls,
    day=st.none() | st.datetimes(datetime(1996, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    status=st.sampled_from(UrlStatus),
)


@given(items=st.lists(st.tuples(labels, urls, labels), max_size=4), facts=st.lists(known, min_size=4, max_size=4))
def test_any_page_is_kept_and_annotated_without_becoming_another_entry(items, facts):
    lines = [f"{place}. [{label}]({url}){behind}\n" for place, (label, url, behind) in enumerate(items, start=1)]
    page = PAGE.replace("\n### Related", "".join(lines) + "\n### Related")
    try:
        entry = read(page)
    except EntryFileError:  # a label may break its own line
        return
    notes = dict(zip((url for _, url, _ in items), facts, strict=False))
    once = page_of(entry, notes)
    again = read(once)
    assert entry.raw == page
    assert _without_additions(once, page)
    assert again.content_digest() == entry.content_digest()
    assert page_of(again, notes) == once


def _without_additions(annotated: str, page: str) -> bool:
    """Whether the page is what is left of the annotated one when pieces are taken out of it."""
    rest = iter(annotated)
    return all(sign in rest for sign in page)


@given(st.builds(Addition, archive_url=st.just("") | urls, status=st.none() | st.sampled_from(UrlStatus)))
def test_addition_is_read_as_it_was_written(addition):
    (link,) = links_of(f"[A](http://a.example/){addition}")
    assert str(link.addition) == str(addition)
    assert link.addition.status == addition.status
