import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.archives import PLACES, ArchivePlace, archive_of
from crawler.archives.rows import read_rows
from storage.types import SearchState

COLUMNS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
IA = archive_of(PLACES[1])
ARQUIVO = archive_of(PLACES[2])
PYWB = archive_of(ArchivePlace(name="memory", kind="cdx", dialect="pywb", index_url="https://memory.example/news/cdx"))


@pytest.mark.parametrize("name", ["cdx-text-page-1", "cdx-json-page-1"])
def test_text_and_json_lists_say_the_same(wanted, recorded, name):
    heard = IA.heard(wanted, recorded(name))
    page, revisit = heard.records[0], heard.records[-1]
    assert page.name == "20060705162011 http://www.harbour.example/news/ferry"
    assert page.captured_at == datetime(2006, 7, 5, 16, 20, 11, tzinfo=UTC)
    assert (page.media_type, page.status, page.length, page.revisit) == ("text/html", 200, 4121, False)
    assert (revisit.media_type, revisit.status, revisit.length, revisit.revisit) == ("", None, 511, True)
    assert page.digest == revisit.digest == "QHXZUO2ARVIWEBQGXS3TNVYGBOWTA3NR"
    assert len(heard.questions) == 1
    assert heard.skipped == 0


def test_a_list_without_a_key_is_complete(wanted, recorded):
    heard = IA.heard(wanted, recorded("cdx-text-page-2"))
    assert [record.status for record in heard.records] == [404]
    assert heard.questions == ()


@pytest.mark.parametrize("archive", [IA, PYWB, ARQUIVO])
@pytest.mark.parametrize("name", ["cdx-empty", "cdx-empty-json", "pywb-empty"])
def test_an_empty_list_is_an_answer(wanted, recorded, archive, name):
    heard = archive.heard(wanted, recorded(name))
    assert (heard.records, heard.questions, heard.problem) == ((), (), None)


def test_pywb_states_no_status_on_revisits_and_calls_things_by_other_names(wanted, recorded):
    page, revisit = PYWB.heard(wanted, recorded("pywb-list")).records
    assert (page.url, page.media_type, page.status) == ("http://harbour.example/news/ferry", "text/html", 200)
    assert (page.digest, page.file, page.offset) == ("QHXZUO2ARVIWEBQGXS3TNVYGBOWTA3NR", "ferry.warc.gz", 784)
    assert (revisit.status, revisit.revisit, revisit.digest) == (None, True, page.digest)


def test_cdxj_lines_are_read(wanted, recorded):
    (record,) = PYWB.heard(wanted, recorded("pywb-cdxj")).records
    assert (record.url_key, record.timestamp, record.status) == ("example,harbour)/news/ferry", "20060705162011", 200)


def test_arquivo_states_dashes_and_old_digests(wanted, recorded):
    first, second = ARQUIVO.heard(wanted, recorded("arquivo-list")).records
    assert (first.status, second.status) == (200, None)
    assert second.digest == "d41d8cd98f00b204e9800998ecf8427e"


def test_dirty_rows_are_repaired_or_counted(wanted, recorded):
    heard = IA.heard(wanted, recorded("cdx-dirty"))
    assert [record.timestamp for record in heard.records] == ["20060112170449", "20060801231623", "20060902000000"]
    assert {record.url for record in heard.records} == {"http://www.harbour.example/", "http://harbour.example/"}
    assert [record.length for record in heard.records] == [6566, None, None]
    assert (heard.records[2].media_type, heard.records[2].status, heard.records[2].digest) == ("", None, "")
    assert heard.skipped == 4


def test_quotes_that_a_server_did_not_escape_cost_one_row_and_not_the_list(wanted, recorded):
    heard = IA.heard(wanted, recorded("cdx-json-broken-quotes"))
    assert [record.timestamp for record in heard.records] == ["20060705162011", "20060709010203"]
    assert heard.skipped == 1


def test_a_header_line_names_the_columns():
    head = b" CDX N b a m s k r M S V g\n"
    row = b"example,a)/ 20010203040506 http://a.example/ text/html 200 ABCDEFGH - - 12 34 f.arc.gz\n"
    (record,) = read_rows(head + row, COLUMNS).records
    assert (record.status, record.length, record.offset, record.file) == (200, 12, 34, "f.arc.gz")


def test_a_huge_row_is_kept_in_part():
    row = f"example,a)/ 20010203040506 http://a.example/{'x' * 9000} text/html 200 ABCDEFGH 12"
    (record,) = read_rows(row.encode(), COLUMNS).records
    assert len(record.row) == 2000
    assert len(record.url) > 9000


@pytest.mark.parametrize(
    ("name", "why"),
    [("cdx-excluded-admin", "by the archive or the site's owner"), ("cdx-excluded-robots", "by the site's robots.txt")],
)
def test_an_excluded_site_is_no_missing_page(wanted, recorded, name, why):
    problem = IA.heard(wanted, recorded(name)).problem
    assert problem.state is SearchState.EXCLUDED
    assert why in problem.detail


def test_a_rate_limit_says_how_long(wanted, recorded):
    problem = IA.heard(wanted, recorded("cdx-rate-limited")).problem
    assert (problem.state, problem.retry_after_s) == (SearchState.RATE_LIMITED, 90)


@pytest.mark.parametrize(
    "name", ["cdx-overloaded", "cdx-page-instead", "cdx-error-as-text", "cdx-moved", "no-captures-404"]
)
def test_what_is_no_list_is_never_an_empty_one(wanted, recorded, name):
    heard = IA.heard(wanted, recorded(name))
    assert heard.problem.state is SearchState.UNREACHABLE


def test_a_list_that_was_cut_off_could_not_be_asked_for(wanted, recorded):
    for name in ("cdx-text-page-1", "cdx-empty"):
        heard = IA.heard(wanted, recorded(name, truncated=True))
        assert (heard.records, heard.problem.state) == ((), SearchState.UNREACHABLE)


def test_a_json_list_whose_end_is_missing_could_not_be_asked_for(wanted, recorded):
    whole = recorded("cdx-json-page-1")
    for length in (80, 200, 330, len(whole.body) - 4):
        heard = IA.heard(wanted, recorded("cdx-json-page-1", body=whole.body[:length]))
        assert heard.problem.state is SearchState.UNREACHABLE, length


@pytest.mark.parametrize(
    "body", [b'["error"]', b'[["error", "busy"]]', b"[[1, 2], [3, 4]]", b'{"error": "busy"}', b"[1"]
)
def test_json_that_is_no_list_of_copies_is_never_an_empty_one(wanted, recorded, body):
    heard = IA.heard(wanted, recorded("cdx-empty-json", body=body))
    assert heard.problem.state is SearchState.UNREACHABLE


def test_a_json_list_with_nothing_but_names_is_empty(wanted, recorded):
    heard = IA.heard(wanted, recorded("cdx-empty-json", body=b'[["urlkey","timestamp","original"]]'))
    assert (heard.records, heard.problem, heard.skipped) == ((), None, 0)


def test_a_json_line_that_breaks_off_could_not_be_asked_for(wanted, recorded):
    whole = recorded("pywb-list")
    heard = PYWB.heard(wanted, recorded("pywb-list", body=whole.body[:-40]))
    assert heard.problem.state is SearchState.UNREACHABLE


@pytest.mark.parametrize("archive", [PYWB, ARQUIVO])
def test_no_captures_found_is_an_empty_list_where_a_dialect_says_it_with_404(wanted, recorded, archive):
    heard = archive.heard(wanted, recorded("no-captures-404"))
    assert (heard.records, heard.problem) == ((), None)
    other = archive.heard(wanted, recorded("no-captures-404", body=b"<h1>No such collection</h1>"))
    assert other.problem.state is SearchState.UNREACHABLE


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 418, 500, 502, 503, 504, 301, 304, 204])
def test_no_other_status_is_an_answer(wanted, recorded, status):
    heard = IA.heard(wanted, recorded("cdx-text-page-1", status=status))
    assert (heard.records, heard.problem.state) == ((), SearchState.UNREACHABLE)


@given(st.binary(max_size=600))
def test_no_bytes_are_too_strange_for_the_reader(body):
    rows = read_rows(body, COLUMNS)
    assert len(rows.records) + rows.skipped <= body.count(b"\n") + body.count(b"[") + 1


CELLS = st.one_of(st.text(max_size=12), st.integers(), st.none(), st.lists(st.integers(), max_size=2))


@given(
    st.recursive(
        CELLS, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=9), inner), max_leaves=20
    )
)
def test_no_json_is_too_strange_for_the_reader(value):

    read_rows(json.dumps(value).encode(), COLUMNS)
    read_rows(json.dumps([list(COLUMNS), value]).encode(), COLUMNS)
