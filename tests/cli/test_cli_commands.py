"""Every command: its help, what it refuses and how, that a dry run changes nothing, and what it leaves behind."""

import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
import typer

from crawler.cli import COMMANDS, build
from crawler.exporting import EXPORTS
from storage import __version__

URL = "https://www.merrow-post.example/{}"
STORY = """# Story number {0} of the Merrow Post

By [Reuters](#)

May {1}, 2011

Paragraph one of story {0} says that the quay of Merrow has been mended, at a cost of {0} hundred crowns a metre.

Paragraph two of story {0} quotes a baker, Anders Quill, who has waited {1} years for the work to begin and end.

Original url:

<https://www.merrow-post.example/{0}>"""


def leaves(command=None, path=()):
    command = command or typer.main.get_command(build())
    found = getattr(command, "commands", {})
    return [leaf for name, one in found.items() for leaf in leaves(one, (*path, name))] if found else [path]


@pytest.fixture
def filled(dateline, in_news, tmp_path, table):
    """Three saved articles, and an event that cites the first and something that was never fetched."""
    folder = tmp_path / "entries"
    folder.mkdir()
    for number in range(1, 4):
        (folder / f"{number}.md").write_text(STORY.format(number, number + 10))
    cited = table(URL.format(1), "http://elsewhere.example/1")
    dateline("events", "import", folder, cited)
    return in_news


def change(library, statement, *values):
    with closing(sqlite3.connect(library / "dateline.db")) as connection, connection:
        connection.execute(statement, values)


# -- help and usage --------------------------------------------------------------------------------------------


def test_help_lists_the_commands_in_their_order(dateline):
    shown = dateline("--help").out
    places = [shown.index(f"│ {name} ") for name, _ in COMMANDS]
    assert places == sorted(places)
    assert dateline("--version").out == f"dateline {__version__}\n"


@pytest.mark.parametrize("path", leaves(), ids=" ".join)
def test_every_command_has_help_and_refuses_an_unknown_option(dateline, path):
    assert "Usage: dateline" in dateline(*path, "-h").out
    assert "--nonsense" in dateline(*path, "--nonsense", expect=2).err


EXTRACTING = {"trafilatura", "numpy", "crawler.extraction.article"}
CRAWLING = {"scrapy", "twisted"}
COMPARING = {"crawler.changes", "crawler.discovery", "crawler.linking", "snowballstemmer"}


@pytest.mark.parametrize(
    ("command", "unwanted"),
    [
        ("status", CRAWLING | EXTRACTING | COMPARING | {"alembic"}),
        ("show 1", CRAWLING | EXTRACTING | COMPARING),
        ("link list", CRAWLING | EXTRACTING | COMPARING),
        ("crawl", EXTRACTING),  # pages are handed to workers, which have loaded it
        ("reextract --all --dry-run", EXTRACTING),
    ],
)
def test_commands_load_no_library_that_they_do_not_use(process, news, command, unwanted):
    code = (
        f'import sys; sys.argv = ["dateline", *"{command} -L news".split()]\n'
        "import crawler.cli\n"
        "try: crawler.cli.main()\n"
        f"except SystemExit: print({unwanted} & set(sys.modules))".replace("'", '"')
    )
    assert process(f"{sys.executable} -c '{code}'").out.splitlines()[-1] == "set()"


# -- which library, which settings -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (b"[crawl\n", "dateline.toml: not valid TOML: "),
        (b"\xff\xfe", "dateline.toml: not valid TOML: "),
        (b"[crawl]\ndelay = 1\n", "there is no setting crawl.delay; did you mean crawl.delay_s?"),
        (b"[crawl]\ndelay_s = -1\n", "crawl.delay_s must lie between"),
        (b"[hosts.www.news.example]\ndelay_s = 3\n", "[hosts.www.news.example] needs quotes for its dots"),
        (b'[storage]\ndatabase = "odd"\n', "'odd' is not the address of a database"),
        (b'[storage]\ndatabase = "mysql://x/y"\n', "no store for 'mysql'"),
        (b'[storage]\ndatabase = "postgresql://me:secret@127.0.0.1:1/x"\n', "cannot be used now"),
    ],
)
def test_broken_settings_are_one_sentence(dateline, in_news, text, complaint):
    (in_news / "dateline.toml").write_bytes(text)
    said = dateline("status", expect=2)
    assert said.out == ""
    assert complaint in said.err
    assert len(said.err.splitlines()) == 1
    assert "secret" not in said.err


def test_a_database_that_is_down_is_named_by_where_its_address_stands(dateline, in_news, monkeypatch):
    monkeypatch.setenv("DATELINE_DATABASE", "postgresql+psycopg://me:secret@127.0.0.1:1/x")
    for words in (
        ["status"],
        ["events", "list"],
        ["db", "info"],
        ["db", "check"],
        ["db", "upgrade"],
        ["init", in_news],
    ):
        said = dateline(*words, expect=2).err
        assert "named by DATELINE_DATABASE" in said
        assert "secret" not in said


@pytest.mark.parametrize(
    "words",
    [
        ["status"],
        ["db", "info"],
        ["events", "list"],
        ["crawl", "--dry-run"],
        ["reextract"],
        ["hosts", "list"],
        ["hosts", "pause", "a.example"],
        ["retry", "--outcome", "gone"],
        ["replay"],
    ],
)
def test_a_missing_library_is_not_made_by_looking_at_it(dateline, tmp_path, words):
    before = sorted(tmp_path.iterdir())
    assert "dateline init" in dateline(*words, expect=2).err
    assert "dateline init" in dateline(*words, "-L", "nowhere", expect=2).err
    assert sorted(tmp_path.iterdir()) == before
    (tmp_path / "file").write_text("")
    assert "is a file" in dateline(*words, "-L", "file", expect=2).err


def test_a_library_whose_settings_or_database_are_folders_or_nonsense(dateline, in_news):
    (in_news / "dateline.db").write_text("hello")
    said = dateline("status", expect=2).err
    assert "file is not a database" in said
    assert str(in_news / "dateline.db") in said
    (in_news / "dateline.toml").unlink()
    (in_news / "dateline.toml").mkdir()
    assert "dateline.toml: cannot be read" in dateline("status", expect=2).err


def test_an_older_database_is_upgraded_only_when_asked(dateline, in_news):
    change(in_news, "UPDATE alembic_version SET version_num = '9998'")
    change(in_news, "UPDATE compatibility SET oldest = '9997'")
    assert "a newer dateline made it" in dateline("status", expect=2).err
    (in_news / "dateline.db").write_bytes(b"")
    assert "run `dateline db upgrade`" in dateline("status", expect=2).err
    assert "no schema" in dateline("db", "check", expect=1).err
    assert "would be upgraded from nothing" in dateline("db", "upgrade", "--dry-run").out
    assert "run `dateline db upgrade`" in dateline("status", expect=2).err
    assert dateline("db", "upgrade", "--json").json["done"] is True
    assert "nothing to do" in dateline("db", "upgrade").out
    assert "sound" in dateline("db", "check").out
    assert dateline("db", "info", "--json").json["rows"]["events"] == 0


# -- init ------------------------------------------------------------------------------------------------------


def test_init_makes_a_library_once(dateline, tmp_path):
    assert "would be made" in dateline("init", "news", "--dry-run").out
    assert not (tmp_path / "news").exists()
    said = dateline("init", "news", "--contact", 'a\\b"c@example.org', "--json").json
    assert said["library"] == str(tmp_path / "news")
    assert said["made"] is True
    before = (tmp_path / "news" / "dateline.toml").read_bytes()
    assert "already there" in dateline("init", "news").out
    assert (tmp_path / "news" / "dateline.toml").read_bytes() == before
    assert dateline("init", "news", "--contact", 'a\\b"c@example.org', "--json").json["made"] is False
    assert "change it there" in dateline("init", "news", "--contact", "other", expect=2).err


def test_settings_that_do_not_work_are_not_written(dateline, tmp_path):
    dateline("init", "news", "--database", "postgresql://127.0.0.1:1/x", expect=2)
    assert not (tmp_path / "news" / "dateline.toml").exists()
    dateline("init", "news", "--database", "sqlite:///other.db")
    assert (tmp_path / "news" / "other.db").is_file()
    assert "library" in dateline("status", "-L", "news").out


@pytest.mark.parametrize("folder", ["/proc/nowhere", "file", "file/below", "what?"])
@pytest.mark.parametrize("command", ["init", "demo"])
def test_a_folder_that_cannot_be_a_library(dateline, tmp_path, command, folder):
    (tmp_path / "file").write_text("something")
    said = dateline(command, folder, expect=2)
    assert said.err.startswith("error: ")
    assert len(said.err.splitlines()) == 1


# -- reading ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["show", "nothing"], "no event is called 'nothing'"),
        (["show", ""], "no event is called ''"),
        (["show", "99"], "there is no article 99"),
        (["show", "9" * 30], "no event is called"),
        (["show", "2011/05"], "fits 2 or more events; write more of the key:\n"),
        (["why", "http://unknown.example/"], "no event entry cites https://unknown.example/"),
        (["why", "not a url"], "cannot be requested"),
        (["why", ""], "cannot be requested"),
        (["captures", "list", "http://unknown.example/"], "no event entry cites"),
        (["captures", "cat", URL.format(1), "--capture", "99"], "has no such capture"),
        (["captures", "cat", "http://elsewhere.example/1"], "has no such capture"),
        (["articles", "list", "--event", "nothing"], "no event is called"),
        (["articles", "list", "--host", "merrow-past.example"], "no event entry cites anything on the host"),
        (["articles", "export", "--format", "xml"], "the formats are jsonl, csv, md"),
        (["articles", "export", "--json"], "name a file to write"),
        (["articles", "export", "/proc/nowhere/a.jsonl"], "/proc/nowhere/a.jsonl cannot be written: No such file"),
        (["articles", "export", "table.csv/a.jsonl"], "cannot be written: Not a directory"),
        (["articles", "export", "table.csv", "-f", "md"], "the folder table.csv cannot be made"),
        (["crawl", "--outcome", "odd"], "there is no outcome 'odd'; the outcomes are fetched"),
        (["crawl", "--outcome", "fetchd"], "there is no outcome 'fetchd'; did you mean fetched?"),
        (["crawl", "--host", "odd.example"], "no event entry cites anything on the host"),
        (["crawl", "--host", "no host"], "'no host' is no host"),
        (["crawl", "--log-level", "LOUD"], "there is no log level 'LOUD'"),
        (["refetch", "nothing"], "no event is called"),
        (["reextract", "--host", "odd.example"], "no event entry cites anything on the host"),
    ],
)
def test_what_is_not_there_is_said_with_what_to_do(dateline, filled, words, text):
    said = dateline(*words, expect=2)
    assert said.out == ""
    assert said.err.startswith("error: ")
    assert text in said.err


JSON = [
    ["status"],
    ["show", "1"],
    ["why", URL.format(1)],
    ["db", "info"],
    ["db", "check"],
    ["captures", "verify"],
    ["captures", "list", URL.format(1)],
    ["crawl", "--dry-run"],
    ["refetch", "2011/05/9/thing-number-0", "--dry-run"],
    ["retry", "--outcome", "imported", "--dry-run"],
    ["hosts", "show", "www.merrow-post.example"],
    ["replay", "--dry-run"],
    ["reextract", "--dry-run"],
    ["articles", "export", "--dry-run"],
    ["db", "upgrade", "--dry-run"],
    ["init", "news", "--dry-run"],
    ["demo", "elsewhere", "--dry-run"],
]


@pytest.mark.parametrize("words", JSON, ids=" ".join)
def test_json_and_nothing_else_and_nothing_changed(dateline, filled, database_of, tmp_path, words):
    reads_only = words != ["captures", "verify"]  # it takes long: who asked for it is a row
    before = database_of(filled, runs=reads_only), sorted(tmp_path.iterdir())
    said = dateline(*words, "--json")
    assert said.json is not None
    assert said.err == ""
    assert dateline(*words).out or words[0] == "articles"
    assert (database_of(filled, runs=reads_only), sorted(tmp_path.iterdir())) == before


def test_status_says_what_to_do_next(dateline, in_news, table):
    assert "events import FOLDER" in dateline("status").out
    dateline("events", "import", table("http://a.example/1"))
    assert "`dateline crawl` fetches what is due (1)" in dateline("status").out


def test_articles_are_listed_and_paged(dateline, filled):
    first = dateline("articles", "list", "--limit", "2").out
    assert "Story number 1" in first
    assert first.endswith("more: --after 2\n")
    rest = dateline("articles", "list", "--after", "2").out
    assert "Story number 3" in rest
    assert "more:" not in rest
    assert len(dateline("articles", "list", "--json").lines) == 3
    assert len(dateline("articles", "list", "--event", "2011/05/9/thing-number-0", "--json").lines) == 1
    assert dateline("articles", "list", "--after", "9").out == "no articles behind that number\n"


# -- export ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.name)
def test_exports_to_a_folder_a_file_and_a_pipe_agree(dateline, filled, tmp_path, export):
    piped = dateline("articles", "export", "-f", export.name)
    assert piped.err == ""
    assert piped.out.count("quotes a baker") >= 3
    (tmp_path / "folder").mkdir()
    said = dateline("articles", "export", "folder", "-f", export.name)
    assert said.err == "3 articles written to folder\n"
    assert len(list((tmp_path / "folder").glob(f"*{export.suffix}"))) == 3
    if not export.one_file_per_article:
        dateline("articles", "export", "whole", "-f", export.name)
        assert (tmp_path / "whole").read_bytes().decode() == piped.out
    assert not list(tmp_path.rglob("*.part"))


def test_folders_above_an_export_are_made(dateline, filled, tmp_path):
    dateline("articles", "export", tmp_path / "new" / "year" / "articles.csv", "-f", "csv")
    assert (tmp_path / "new" / "year" / "articles.csv").read_text().startswith("article_id,")


def test_an_exported_article_is_read_again_as_what_it_is(dateline, filled, tmp_path):
    dateline("articles", "export", "out", "-f", "md")
    dateline("init", "second")
    assert "saved articles: 3 new of 3" in dateline("events", "import", "out", "-L", "second").out


def test_a_device_or_link_that_is_exported_to_stays_what_it_is(dateline, filled, tmp_path):
    (tmp_path / "real.jsonl").write_text("old")
    (tmp_path / "link.jsonl").symlink_to("real.jsonl")
    dateline("articles", "export", "link.jsonl")
    assert (tmp_path / "link.jsonl").is_symlink()
    assert len((tmp_path / "real.jsonl").read_text().splitlines()) == 3
    (tmp_path / "device").symlink_to("/dev/null")
    dateline("articles", "export", "device")
    assert Path("/dev/null").is_char_device()


def test_an_export_that_fails_leaves_the_old_file(dateline, filled, tmp_path):
    (tmp_path / "a.jsonl").write_text("old")
    change(filled, "UPDATE article_versions SET evidence = '{' WHERE id = 3")
    with pytest.raises(ValueError, match="Expecting"):
        dateline("articles", "export", "a.jsonl")
    assert (tmp_path / "a.jsonl").read_text() == "old"
    assert not list(tmp_path.glob("*.part"))


# -- captures --------------------------------------------------------------------------------------------------


def test_captures_are_listed_and_printed(dateline, filled):
    (listed,) = dateline("captures", "list", URL.format(2), "--json").json
    assert dateline("captures", "cat", URL.format(2)).out == STORY.format(2, 12)
    assert dateline("captures", "cat", URL.format(2), "--capture", listed["id"]).out == STORY.format(2, 12)
    assert listed["location"]["file"] in dateline("captures", "list", URL.format(2)).out
    assert dateline("captures", "verify").out == "3 captures, 0 problems\n"
    assert "no captures" in dateline("captures", "list", "http://elsewhere.example/1").out


def test_a_damaged_capture_is_reported(dateline, filled):
    (file,) = (filled / "captures").glob("*.warc.gz")
    (capture,) = dateline("captures", "list", URL.format(2), "--json").json
    content = bytearray(file.read_bytes())
    place = capture["location"]["offset"]
    content[place + 40 : place + 80] = bytes(40)
    file.write_bytes(content)
    verified = dateline("captures", "verify", "--json", expect=1).json
    assert {problem["file"] for problem in verified["problems"]} == {file.name}
    assert "no readable record" in dateline("captures", "cat", URL.format(2), expect=2).err
    assert dateline("captures", "cat", URL.format(1)).out


# -- interruptions ---------------------------------------------------------------------------------------------


def test_an_interrupted_import_says_how_to_go_on(process, news):
    script = (
        'mkfifo slow; (exec 3>slow; touch opened; sleep 30) & "$DATELINE" events import slow -L news & running=$!;'
        " until [ -e opened ]; do sleep 0.1; done;"
        " kill -INT $running; wait $running; status=$?; kill %1; exit $status"
    )
    said = process(f"set -m; {script}", expect=130)
    assert "run the same command again to go on" in said.err


def test_json_lines_are_one_document_per_line(dateline, filled):
    for line in dateline("events", "list", "--json").out.splitlines():
        assert json.loads(line)["event_date"] == "2011-05-09"
