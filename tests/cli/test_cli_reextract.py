"""``dateline reextract``: staged, counted, and written over only when somebody agrees."""

import sqlite3
import sys
from contextlib import closing

import pytest

from crawler import rebuilding
from crawler.demo.layouts import Setting, render, story

URL = "https://www.merrow-post.example/{}"
STORY = """# Story number {0} of the Merrow Post

By [Reuters](#)

May {1}, 2011

Paragraph one of story {0} says that the quay of Merrow has been mended, at a cost of {0} hundred crowns a metre.

Paragraph two of story {0} quotes a baker, Anders Quill, who has waited {1} years for the work to begin and end.

Original url:

<https://www.merrow-post.example/{0}>"""
LONG = "altered " * 100


@pytest.fixture
def filled(dateline, in_news, tmp_path):
    """Three saved articles."""
    folder = tmp_path / "entries"
    folder.mkdir()
    for number in range(1, 4):
        (folder / f"{number}.md").write_text(STORY.format(number, number + 10))
    dateline("events", "import", folder)
    return in_news


def change(library, statement, *values):
    with closing(sqlite3.connect(library / "dateline.db")) as connection, connection:
        connection.execute(statement, values)


def alter(library, number, body="altered"):
    """As if an older extractor had made this version."""
    change(
        library,
        "UPDATE article_versions SET body = ?, headline = 'altered', extractor_version = '0' WHERE id = ?",
        body,
        number,
    )


def test_without_a_scope_it_says_what_there_is_to_do_and_does_nothing(dateline, filled, database_of):
    alter(filled, 2)
    before = database_of(filled)
    said = dateline("reextract").out
    assert said.startswith("of 3 versions another extractor made 1\n")
    assert "dateline reextract --all" in said
    assert dateline("reextract", "--json").json["total"] == 3
    assert database_of(filled) == before


def test_what_this_extractor_made_is_left_out_unless_asked_for(dateline, filled, database_of):
    before = database_of(filled, runs=False)
    said = dateline("reextract", "--all", "--yes").out
    assert "3 versions left out" in said
    assert said.endswith("nothing to do\n")
    assert database_of(filled, runs=False) == before
    said = dateline("reextract", "--all", "--again", "--yes").out
    assert "3 versions extracted again" in said
    assert "0 would change, 3 would not" in said
    assert database_of(filled, runs=False) == before


def test_a_dry_run_shows_the_figures_and_the_next_run_writes_what_it_staged(dateline, filled, monkeypatch):
    alter(filled, 2, LONG)
    said = dateline("reextract", "--all", "--dry-run").out
    assert "1 version extracted again" in said
    assert "1 would change" in said
    assert "1 more than a fifth shorter, 0 more than a fifth longer" in said
    assert "the same command without --dry-run writes it" in said
    (worst,) = [line.split() for line in said.splitlines() if "merrow-post.example/2" in line]
    assert worst[:2] == ["100", "45"]
    assert dateline("show", "2").out.startswith("altered")
    assert "1 version extracted by an earlier run" in dateline("reextract").out
    monkeypatch.setattr(rebuilding._Work, "extract", lambda *_: pytest.fail("extracted twice"))
    said = dateline("reextract", "--all", "--yes", "--json").json
    assert (said["versions"], said["kept"], said["applied"]) == (1, 1, 1)
    assert said["fields"] == {"body": 1, "headline": 1}
    assert dateline("show", "2").out.startswith("Story number 2")
    assert dateline("reextract", "--all", "--yes").out.endswith("nothing to do\n")


def test_nothing_is_written_where_nobody_can_be_asked(dateline, filled):
    alter(filled, 2)
    assert "nothing was written: --yes writes it" in dateline("reextract", "--all", expect=1).out
    assert dateline("reextract", "--all", "--json", expect=1).json["applied"] == 0
    assert dateline("show", "2").out.startswith("altered")


def test_articles_whose_texts_were_written_are_compared_again(dateline, filled):
    for number in (2, 3):
        change(filled, "UPDATE article_versions SET text_digest = 'another' WHERE id = ?", number)
    alter(filled, 2)
    said = dateline("reextract", "--all", "--yes").out
    assert "1 article compared again, 0 moved to another story; 3 stories before, 3 now" in said
    assert "no article waits" in dateline("dedup", "rebuild").out
    alter(filled, 3)
    told = dateline("reextract", "--all", "--yes", "--json").json["recompared"]
    assert (told["waiting"], told["compared"]) == (1, 1)


@pytest.mark.parametrize(("answer", "headline", "status"), [("y\n", "Story number 2", 0), ("n\n", "altered", 1)])
def test_somebody_at_a_terminal_is_asked(process, filled, answer, headline, status):
    alter(filled, 2)
    script = (
        "import os, pty, sys\n"
        "child, terminal = pty.fork()\n"
        "if not child: os.execvp(os.environ['DATELINE'], ['dateline', 'reextract', '--all', '-L', 'news'])\n"
        "shown = b''\n"
        "while b'[y/N]' not in shown: shown += os.read(terminal, 1000)\n"
        f"os.write(terminal, {answer.encode()!r})\n"
        "try:\n"
        "    while os.read(terminal, 1000): pass\n"
        "except OSError: pass\n"
        "sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
    )
    process(f'{sys.executable} -c "$SCRIPT"', expect=status, SCRIPT=script, TERM="xterm")
    with closing(sqlite3.connect(filled / "dateline.db")) as connection:
        (found,) = connection.execute("SELECT headline FROM article_versions WHERE id = 2").fetchone()
    assert found.startswith(headline)


def test_a_run_that_was_killed_goes_on_where_it_was(dateline, filled, monkeypatch):
    for number in (1, 2, 3):
        alter(filled, number)
    monkeypatch.setattr(rebuilding, "_BATCH", 1)
    extract, left = rebuilding._Work.extract, iter([1, 1])

    def dying(work, rows):
        if next(left, None) is None:
            raise KeyboardInterrupt
        return extract(work, rows)

    monkeypatch.setattr(rebuilding._Work, "extract", dying)
    dateline("reextract", "--all", "--yes", expect=130)
    assert dateline("show", "1").out.startswith("altered")
    monkeypatch.setattr(rebuilding._Work, "extract", extract)
    said = dateline("reextract", "--all", "--dry-run", "--json").json
    assert (said["versions"], said["kept"]) == (3, 2)
    apply, left = type_of_store().apply_reextractions, iter([1])

    def applying(store, *how, **when):
        if next(left, None) is None:
            raise KeyboardInterrupt
        return apply(store, *how, **when)

    monkeypatch.setattr(type_of_store(), "apply_reextractions", applying)
    dateline("reextract", "--all", "--yes", expect=130)
    monkeypatch.setattr(type_of_store(), "apply_reextractions", apply)
    said = dateline("reextract", "--all", "--yes", "--json").json
    assert (said["kept"], said["applied"], said["current"]) == (2, 2, 1)
    assert [dateline("show", n).out.startswith(f"Story number {n}") for n in (1, 2, 3)] == [True] * 3


def type_of_store():
    from storage.sql.store import SqlStore  # noqa: PLC0415 - only here

    return SqlStore


def test_a_version_that_changed_since_it_was_staged_is_staged_again(dateline, filled):
    for number in (1, 2):
        alter(filled, number)
    dateline("reextract", "--all", "--dry-run")
    moment = "2031-01-01 00:00:00.000000"
    change(filled, "UPDATE article_versions SET extracted_at = ?, section = 'Coast' WHERE id = 2", moment)
    said = dateline("reextract", "--all", "--yes", "--json").json
    assert (said["versions"], said["kept"], said["applied"], said["overtaken"]) == (2, 1, 2, 0)
    assert said["fields"] == {"body": 2, "headline": 2, "section": 1}


def test_a_damaged_capture_is_reported_and_its_version_kept(dateline, filled):
    (file,) = (filled / "captures").glob("*.warc.gz")
    (capture,) = dateline("captures", "list", URL.format(2), "--json").json
    content = bytearray(file.read_bytes())
    place = capture["location"]["offset"]
    content[place + 40 : place + 80] = bytes(40)
    file.write_bytes(content)
    alter(filled, 2)
    alter(filled, 3)
    said = dateline("reextract", "--all", "--yes", expect=1)
    assert "1 would change" in said.out
    assert said.out.endswith("1 version written\n")
    assert f"kept as it was: {URL.format(2).replace('www.', '')}: {file.name}" in said.err
    assert dateline("show", "2").out.startswith("altered")
    assert dateline("show", "3").out.startswith("Story")


def test_a_text_that_is_no_article_any_more_stays_and_is_not_looked_at_twice(dateline, filled, monkeypatch):
    alter(filled, 2)
    lost = rebuilding.Missing(reason="no_article: 3 words", read=True)
    monkeypatch.setattr(rebuilding._Work, "extract", lambda _, rows: [lost for _ in rows])
    said = dateline("reextract", "--all", "--yes", expect=1)
    assert "1 capture without an article now: their versions stay" in said.out
    assert "https://merrow-post.example/2: no_article: 3 words" in said.err
    monkeypatch.setattr(rebuilding._Work, "extract", lambda *_: pytest.fail("extracted twice"))
    assert dateline("reextract", "--all", "--yes", expect=1).out.endswith("nothing to do\n")
    assert dateline("show", "2").out.startswith("altered")


def test_one_host_alone_is_extracted(dateline, filled, tmp_path):
    other = STORY.format(7, 17).replace("www.merrow-post.example", "lind-herald.example")
    (tmp_path / "7.md").write_text(other)
    dateline("events", "import", tmp_path / "7.md")
    for number in (1, 4):
        alter(filled, number)
    said = dateline("reextract", "--host", "lind-herald.example", "--yes", "--json").json
    assert (said["versions"], said["applied"], said["total"]) == (1, 1, 1)
    assert dateline("show", "1").out.startswith("altered")
    assert dateline("show", "4").out.startswith("Story number 7")


def test_pages_are_extracted_in_the_pool(dateline, in_news, table, store_page):
    url = "http://www.night-courier.example/2013/02/19/tram/"
    page = render(story("tram"), Setting(layout="blog2013", url=url)).body
    dateline("events", "import", table(url))
    store_page(url, page)
    assert dateline("replay", "--json").json["verdicts"] == {"new": 1}
    good = dateline("show", "1").out
    alter(in_news, 1)
    assert dateline("reextract", "--all", "--yes", "--json").json["applied"] == 1
    assert dateline("show", "1").out == good


@pytest.mark.parametrize("words", [["--all", "--yes"], ["--all", "--dry-run"], []])
def test_workers_are_never_left_to_decide_what_is_written(dateline, filled, words):
    assert "what is written is decided afterwards" in dateline("reextract", "--queue", *words, expect=2).err


@pytest.mark.parametrize("words", [["reextract", "--all"], ["dedup", "rebuild"]])
def test_workers_need_postgresql(dateline, filled, words, database_of):
    before = database_of(filled)
    assert "PostgreSQL" in dateline(*words, "--queue", expect=2).err
    assert database_of(filled) == before
