"""``dateline export`` and ``--where``: what is selected is taken along, whole, and can be checked."""

import csv
import json
import shutil

import jsonschema
import pyarrow.parquet
import pytest

from crawler.cli import console, exporting
from crawler.exporting import parquet
from crawler.exporting.lines import EventLines
from crawler.takeout import FORMATS

STORY = """# Story {0} of the Merrow Post

By [{2}](#)

May {1}, 2011

Paragraph one of story {0} says that the quay of Merrow has been mended, at a cost of {0} hundred crowns a metre.

Paragraph two of story {0} quotes a baker, Anders Quill, who has waited {1} years for the work to begin and end.

Original url:

<https://www.merrow-post.example/{0}>"""
KEYS = [f"2011/05/9/thing-number-{number}-happens-in-merrow" for number in range(3)]


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A folder for the library that the first test makes."""
    return tmp_path_factory.mktemp("kept") / "news"


@pytest.fixture
def filled(dateline, in_news, tmp_path, table, kept):
    """Three events: two cite an article each, the third something that was never fetched; a third article is alone."""
    if kept.exists():
        shutil.copytree(kept, in_news, dirs_exist_ok=True)
        return in_news
    entries = tmp_path / "entries"
    entries.mkdir()
    for number, who in ((1, "Reuters"), (2, "Ada Quill"), (3, "Ada Quill")):
        (entries / f"{number}.md").write_text(STORY.format(number, number + 10, who))
    dateline("events", "import", entries)
    cited = (*(f"https://www.merrow-post.example/{number}" for number in (1, 2)), "http://radio.example/1")
    dateline("events", "import", table(*cited))
    shutil.copytree(in_news, kept)
    return in_news


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


# -- taking along ------------------------------------------------------------------------------------------------


def test_a_folder_has_the_files_and_a_manifest_that_can_be_checked(dateline, filled, tmp_path):
    said = dateline("export", "-f", "events", "-f", "csv", "-f", "parquet", "-o", "out", "--where", "since:2011")
    assert said.err.startswith("3 events and 3 articles: 6 files written to out (")
    out = tmp_path / "out"
    assert {path.name for path in out.iterdir()} == {
        *("events.jsonl", "events.csv", "sources.csv", "articles.csv", "events.parquet", "articles.parquet"),
        "manifest.json",
    }
    assert [line["event_id"] for line in lines(out / "events.jsonl")] == KEYS
    assert [len(line["articles"]) for line in lines(out / "events.jsonl")] == [1, 1, 0]
    manifest = json.loads((out / "manifest.json").read_text())
    assert (manifest["selection"], manifest["formats"]) == ("since:2011-01-01", ["events", "csv", "parquet"])
    assert [one["rows"] for one in manifest["files"]] == [3] * 6
    assert dateline("export", "verify", "out").out == "6 files as the manifest says\n"
    (out / "events.csv").write_text("")
    (out / "sources.csv").unlink()
    said = dateline("export", "verify", "out", expect=1)
    assert said.err == "missing: sources.csv\nchanged: events.csv\n"
    assert dateline("export", "verify", "out", "--json", expect=1).json["changed"] == ["events.csv"]


def test_the_same_command_again_changes_nothing_and_says_so(dateline, filled, tmp_path):
    everything = [word for one in FORMATS for word in ("-f", one.name)]
    dateline("export", "-o", "out", *everything)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")}
    said = dateline("export", "-o", "out", *everything)
    assert "out is unchanged (" in said.err
    assert before == {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")}


def test_an_export_of_a_library_that_grew_replaces_its_files(dateline, filled, tmp_path, table):
    dateline("export", "-o", "out", "-f", "md")
    dateline("events", "import", table("http://radio.example/2", headline="Another thing {} happens", name="more.csv"))
    said = dateline("export", "-o", "out", "-f", "md", "--json").json
    assert (said["files_written"], said["files_unchanged"], said["files_removed"]) == (1, 6, 0)
    assert len(list((tmp_path / "out" / "news").rglob("*.md"))) == 4


def test_a_folder_with_another_selection_is_only_replaced_by_force(dateline, filled, tmp_path):
    dateline("export", "-o", "out", "-f", "md")
    refused = dateline("export", "-o", "out", "-f", "md", "--where", "event:" + KEYS[0], expect=2)
    assert "out has an export of something else (md): --force replaces it" in refused.err
    said = dateline("export", "-o", "out", "-f", "md", "--where", "event:" + KEYS[0], "--force", "--json").json
    assert (said["events"], said["articles"], said["files_removed"]) == (1, 1, 4)
    assert [path.name for path in (tmp_path / "out" / "articles").iterdir()] == ["0000001.md"]


def test_a_format_of_one_file_goes_to_a_file_or_to_standard_output(dateline, filled, tmp_path):
    piped = dateline("export")
    assert piped.err == ""
    assert dateline("export", "-o", "deep/e.jsonl").err.startswith(
        "3 events and 2 articles: 1 file written to deep/e.jsonl"
    )
    assert (tmp_path / "deep" / "e.jsonl").read_text() == piped.out
    assert (
        dateline("export", "-o", "deep/e.jsonl").err == "3 events and 2 articles: deep/e.jsonl is unchanged (1 file)\n"
    )
    assert dateline("export", "-f", "wcep", "-o", "deep/e.jsonl", expect=1).err == (
        "kept: deep/e.jsonl has another content, nothing was written (--force writes over it)\n"
    )
    dateline("export", "-f", "wcep", "-o", "deep/e.jsonl", "--force")
    assert [line["id"] for line in lines(tmp_path / "deep" / "e.jsonl")] == KEYS[:2]


def test_a_file_of_somebody_else_is_kept(dateline, filled, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "events.jsonl").write_text("mine")
    said = dateline("export", "-o", "out", "--json", expect=1)
    assert said.json["files_kept"] == ["events.jsonl"]
    assert (tmp_path / "out" / "events.jsonl").read_text() == "mine"
    assert not (tmp_path / "out" / "manifest.json").exists()


def test_ctrl_c_leaves_the_folder_as_it_was(dateline, filled, tmp_path, monkeypatch):
    dateline("export", "-o", "out")
    before = (tmp_path / "out" / "events.jsonl").read_bytes()

    def stopped(self, selected, output):
        with output.file("events.jsonl") as stream:
            stream.write(b"half")
            raise KeyboardInterrupt

    monkeypatch.setattr(EventLines, "write", stopped)
    dateline("export", "-o", "out", expect=130)
    dateline("export", "-o", "new", expect=130)
    assert (tmp_path / "out" / "events.jsonl").read_bytes() == before
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"events.jsonl", "manifest.json"}
    assert not (tmp_path / "new").exists()


def test_a_dry_run_counts(dateline, filled, tmp_path):
    assert dateline("export", "--dry-run", "-o", "out").out == "3 events and 3 articles fit; nothing was written\n"
    said = dateline("export", "--dry-run", "--json", "--where", "agency:Reuters").json
    assert said == {"selection": "agency:Reuters", "events": 1, "articles": 1, "written": False}
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("one", [one for one in FORMATS if one.schema], ids=lambda one: one.name)
def test_the_schema_that_is_printed_is_that_of_the_lines(dateline, filled, one):
    schema = dateline("export", "--schema", one.name).json
    found = dateline("export", "-f", one.name).lines
    assert len(found) >= 2
    for line in found:
        jsonschema.validate(line, schema)


def test_marked_articles_are_left_out_unless_they_are_asked_for(dateline, filled, tmp_path):
    dateline("mark", "1", "--because", "a list of links", "--by", "ada")
    assert [line["id"] for line in dateline("export", "-f", "wcep").lines] == [KEYS[1]]
    assert [len(line["articles"]) for line in dateline("export").lines] == [0, 1, 0]
    (line,) = dateline("export", "--where", "marked:yes").lines
    assert line["articles"][0]["mark"]["because"] == "a list of links"
    assert [line["article_id"] for line in dateline("export", "-f", "articles", "--where", "marked:yes").lines] == [1]


def test_tables_have_articles_without_an_event_too(dateline, filled, tmp_path):
    dateline("export", "-f", "csv", "-f", "parquet", "-o", "out", "--where", 'mended "Merrow Post"')
    with (tmp_path / "out" / "articles.csv").open(newline="") as stream:
        assert sorted(row["article_id"] for row in csv.DictReader(stream)) == ["1", "2", "3"]
    read = pyarrow.parquet.read_table(tmp_path / "out" / "articles.parquet")
    assert sorted(read["article_id"].to_pylist()) == [1, 2, 3]


def test_a_terminal_sees_a_bar_and_no_steering_signs(dateline, filled, monkeypatch):
    shown = []
    monkeypatch.setattr(type(console.err), "is_terminal", True)
    monkeypatch.setattr(exporting, "_teller", lambda *_: lambda *read: shown.append(read))
    dateline("export", "-f", "articles", "-o", "a.jsonl")
    assert shown == [(0, 1), (0, 2), (0, 3)]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["-f", "jsonl"],
            "there is no export format 'jsonl'; the formats are events, wcep, articles, parquet, csv, md",
        ),
        (["-f", "csv"], "csv needs a folder: name it with --output"),
        (["-f", "events", "-f", "wcep"], "events, wcep needs a folder"),
        (["--json"], "would mix on standard output"),
        (["-f", "csv", "-o", "news/dateline.toml"], "news/dateline.toml is a file"),
        (["-o", "news/dateline.toml/out"], "cannot be written"),
        (["--where", "outcom:gone"], "there is no key 'outcom'; did you mean outcome?"),
        (["--where", "publisher:merow-post.example"], "did you mean www.merrow-post.example"),
        (["--where", "event:2001/01/1/nothing"], "2001/01/1/nothing"),
        (["--schema", "csv"], "csv has no JSON Schema; events, wcep, articles have one"),
        (["--schema", "nothing"], "there is no export format 'nothing'"),
        (["verify", "news"], "news has no manifest.json"),
    ],
)
def test_what_cannot_be_exported_is_refused_before_anything_is_written(dateline, filled, tmp_path, words, said):
    before = sorted(tmp_path.rglob("*"))
    assert said in dateline("export", *words, expect=2).err
    assert sorted(tmp_path.rglob("*")) == before


def test_a_missing_package_is_named_with_its_remedy(dateline, filled, monkeypatch):
    monkeypatch.setattr(parquet, "find_spec", lambda _: None)
    assert "pip install 'dateline[parquet]'" in dateline("export", "-f", "parquet", "-o", "out", expect=2).err


# -- where -------------------------------------------------------------------------------------------------------


def test_events_are_listed_by_what_is_selected(dateline, filled):
    assert [line["key"] for line in dateline("events", "list", "--where", "text:none", "--json").lines] == [KEYS[2]]
    said = dateline("events", "list", "--where", "publisher:https://www.merrow-post.example/", "--limit", 1).out
    assert KEYS[0] in said
    assert said.endswith(f"more: --after {KEYS[0]}\n")
    said = dateline("events", "list", "--where", "publisher:www.merrow-post.example", "--after", KEYS[0], "--json")
    assert [line["key"] for line in said.lines] == [KEYS[1]]
    assert dateline("events", "list", "--where", "earthquake").out == "no event fits\n"


def test_articles_are_listed_by_day_where_something_is_selected(dateline, filled):
    listed = dateline("articles", "list", "--where", "quay", "--json").lines
    assert [line["id"] for line in listed] == [1, 2, 3]
    said = dateline("articles", "list", "--where", "quay", "--limit", 1, "--after", 1).out
    assert "Story 2" in said
    assert said.endswith("more: --after 2\n")
    assert dateline("articles", "list", "--where", "earthquake").out == "no article fits\n"
    assert dateline("articles", "list", "--where", "quay", "--after", 3).out == "no articles behind that number\n"


def test_entries_are_given_back_by_what_is_selected(dateline, filled):
    said = dateline("events", "export", "-f", "jsonl", "--where", f"event:{KEYS[1]}").lines
    assert [line["event_id"] for line in said] == [KEYS[1]]


@pytest.mark.parametrize(
    "words",
    [
        ["events", "list", "--where", "a", "--prefix", "2011"],
        ["articles", "list", "--where", "a", "--host", "www.merrow-post.example"],
        ["events", "export", "-f", "jsonl", "--where", "a", "--since", "2011-01-01"],
        ["events", "export", "-f", "jsonl", "--where", "a", KEYS[0]],
    ],
)
def test_a_selection_stands_alone(dateline, filled, words):
    assert "--where says all of it" in dateline(*words, expect=2).err


@pytest.mark.parametrize("command", [["events", "list"], ["articles", "list"], ["events", "export", "-f", "jsonl"]])
def test_a_selection_that_cannot_be_understood_is_refused(dateline, filled, command):
    assert "there is no outcome 'gon'; did you mean gone?" in dateline(*command, "--where", "outcome:gon", expect=2).err
