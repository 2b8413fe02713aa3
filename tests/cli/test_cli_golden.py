"""``dateline golden save``: a stored capture as a case for the extractor's tests."""

import json

import pytest

STORY, ODD = "http://www.bbc.co.uk/news/world-17204400", "http://odd.example/2"
DATED = "http://www.odd.example/2012/03/01/boat.html"
PRINTED = "http://board.example/report.pdf"
TEXT = "The boat to Orrin stays in the harbour until its hull has been mended by the yard. " * 6
PAGE = (
    "<html><head><title>Boat stays - BBC News</title></head><body><h1 id='main-heading'>Boat stays</h1><article>"
    f"<div data-component='text-block' class='a b'><p>{TEXT}</p></div></article></body></html>"
)


@pytest.fixture
def stored(dateline, in_news, table, store_page):
    """Four captures: a page with a known layout, one without any text, one with a day in its URL, a damaged PDF."""
    dateline("events", "import", table(STORY, ODD, DATED, PRINTED))
    for url, body in ((STORY, PAGE), (ODD, "<p>No</p>"), (DATED, PAGE), (PRINTED, "%PDF-1.4 torn")):
        store_page(url, body.encode())
    return in_news


def case(folder):
    return json.loads((folder / "expected.json").read_text()), (folder / "page.html").read_bytes()


def test_a_capture_becomes_a_case_named_after_its_rule(dateline, stored, tmp_path):
    said = dateline("golden", "save", STORY, "--to", tmp_path / "cases")
    stated, page = case(tmp_path / "cases" / "bbc-2020-01")
    assert page == PAGE.encode()
    assert (stated["url"], stated["rule"], stated["content_type"]) == (STORY, "bbc-2020", "text/html; charset=utf-8")
    assert stated["expected"]["headline"] == "Boat stays"
    assert stated["expected"]["body"] == [TEXT.strip()]
    assert "headline: Boat stays" in said.out
    assert "write it anew" in said.out


def test_a_second_case_gets_the_next_number(dateline, stored, tmp_path):
    for _ in range(2):
        dateline("golden", "save", STORY)
    assert sorted(path.name for path in (tmp_path / "golden").iterdir()) == ["bbc-2020-01", "bbc-2020-02"]


def test_a_named_case_is_not_overwritten(dateline, stored, tmp_path):
    dateline("golden", "save", STORY, "--name", "boat")
    before = case(tmp_path / "golden" / "boat")
    said = dateline("golden", "save", STORY, "--name", "boat", "--scrub", expect=2)
    assert "is there already" in said.err
    assert case(tmp_path / "golden" / "boat") == before


@pytest.mark.parametrize("name", ["../boat", "a/b", ".."])
def test_a_name_stays_inside_the_folder(dateline, stored, name, tmp_path):
    assert "is no name for a case" in dateline("golden", "save", STORY, "--name", name, expect=2).err
    assert not (tmp_path / "golden").exists()


def test_a_scrubbed_case_has_the_structure_and_none_of_the_words(dateline, stored, tmp_path):
    said = dateline("golden", "save", STORY, "--scrub")
    stated, page = case(tmp_path / "golden" / "bbc-2020-01")
    assert b"harbour" not in page
    assert b"<div data-component='text-block' class='a b'><p>" in page
    assert len(page) == len(PAGE)
    assert len(stated["expected"]["headline"]) == len("Boat stays")
    assert "Boat" not in json.dumps(stated["expected"])
    assert "every text is invented" in said.out


def test_a_document_that_is_no_page_is_not_scrubbed(dateline, stored, tmp_path):
    said = dateline("golden", "save", PRINTED, "--scrub", expect=2)
    assert f"{PRINTED} is a PDF document" in said.err
    assert not (tmp_path / "golden").exists()


def test_a_day_is_shown_as_a_word(dateline, stored):
    said = dateline("golden", "save", DATED)
    assert "published_at: ['2012-03-01T00:00:00+00:00', 'day']" in said.out


def test_a_page_without_an_article_is_a_case_too(dateline, stored, tmp_path):
    said = dateline("golden", "save", ODD, expect=1)
    stated, _ = case(tmp_path / "golden" / "odd.example-01")
    assert (stated["rule"], stated["expected"]) == ("", {})
    assert "finds no article" in said.err


def test_a_capture_that_is_not_there_is_named(dateline, stored, tmp_path):
    assert "has no such capture" in dateline("golden", "save", STORY, "--capture", 99, expect=2).err
    assert not (tmp_path / "golden").exists()
