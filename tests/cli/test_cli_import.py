"""Importing event entries from the command line: what is told, what is stored, what a second time changes."""

import errno
import gzip
import io
import json
import tarfile
from pathlib import Path

import pytest

SAVED = """# Ferries to Merrow Run Again After a Night of Talks

By [Reuters](#)

May 9, 2011

**Ilse Vantour / Merrow Post**

Ferries to the island of Merrow sailed again on Monday after the pilots and the harbour board agreed on night pay.

The first boat left Port Lindgren at six with 212 people on board, most of them on their way to work on the mainland.

**Related article:** [Why the Pilots Struck](#)

"We have slept in the waiting room for two nights," said Anders Quill, a baker. The board said that it regretted this.

Original url:

<https://www.merrow-post.example/2011/05/09/ferries-run-again-after-a-night-of-talks-a1204>"""

FERRY = "Ferries to Merrow sail again after the pilots and the harbour board agree on pay for night work."
INQUIRY = "The harbour board of Merrow opens an inquiry into the strike of its pilots."
FERRY_KEY = "2011/05/9/ferries-to-merrow-sail-again"
INQUIRY_KEY = "2011/05/20/the-harbour-board-of-merrow-opens-an-inquiry"
LIGHTHOUSE_KEY = "2012/01/3/the-lighthouse-of-ode-is-sold"
POST, UPI, TASS = (
    ("Merrow Post", "http://post.example/a?id=1"),
    ("UPI", "http://u.example/2"),
    ("TASS", "http://t.example/3"),
)


def page(headline, day, *sources, related=()):
    """An event page as the archive writes them."""
    lines = [f"### [2011-05-{day}](/news/2011/05/{day}/index.md)", "", f"#  {headline} ", ""]
    lines += ["The pilots have agreed â€“ like their board.", "", "", "### Source:", ""]
    lines += [f"{number}. [{label}]({url})" for number, (label, url) in enumerate(sources, 1)]
    lines += ["", "### Related:", ""]
    lines += [
        f"{number}. [{text} ](/news/{key}.md) _Context: {context}_"
        for number, (text, key, context) in enumerate(related, 1)
    ]
    return "\n".join(lines) + "\n"


def ferry(headline=FERRY, *sources):
    related = [(INQUIRY, INQUIRY_KEY, "Merrow, Pilots"), ("The lighthouse is sold.", LIGHTHOUSE_KEY, "Ode")]
    return page(headline, 9, *(sources or (POST, UPI)), related=related)


@pytest.fixture
def entries(tmp_path):
    """Two event pages, each related to the other or to one that is missing, and a saved article."""
    folder = tmp_path / "entries"
    for key, text in ((FERRY_KEY, ferry()), (INQUIRY_KEY, page(INQUIRY, 20, POST))):
        file = folder / "news" / f"{key}.md"
        file.parent.mkdir(parents=True)
        file.write_text(text)
    (folder / "saved.md").write_text(SAVED)
    return folder


@pytest.fixture
def filled(dateline, in_news, entries):
    dateline("events", "import", entries)
    return in_news


def archived(entries, name):
    file = entries.parent / name
    with tarfile.open(file, "w:gz") as made:
        made.add(entries, "entries")
    return file


def test_a_folder_of_pages_and_a_saved_article(dateline, in_news, entries):
    said = dateline("events", "import", entries)
    assert said.out.splitlines() == [
        "3 files, 2 event entries: 2 new, 0 changed, 0 unchanged",
        "source links: 3 added, 0 withdrawn",
        "saved articles: 1 new of 1",
    ]
    assert said.err == ""


def test_a_second_import_changes_nothing_and_says_so(dateline, filled, entries, database_of):
    before = database_of(filled, runs=False)
    said = dateline("events", "import", entries)
    assert "0 new, 0 changed, 2 unchanged" in said.out
    assert database_of(filled, runs=False) == before


def test_an_event_is_shown_with_sources_related_and_context(dateline, filled):
    lines = dateline("show", FERRY_KEY).out.splitlines()
    assert lines[0] == FERRY
    assert f"2011-05-09  {FERRY_KEY}" in lines
    assert "context: Merrow, Pilots, Ode" in lines
    assert "The pilots have agreed – like their board." in lines
    assert "Sources (2)" in lines
    assert "    http://post.example/a?id=1" in lines
    assert "    not tried yet" in lines
    assert f" 1. {INQUIRY}" in lines
    assert " 2. The lighthouse is sold. (not imported)" in lines
    assert "    shares Merrow, Pilots" in lines


def test_the_saved_article_is_shown_with_its_evidence(dateline, filled):
    said = dateline("show", "1").out
    assert said.startswith("Ferries to Merrow Run Again After a Night of Talks\n")
    assert "byline line" in said
    assert "2011-05-09" in said
    assert "Why the Pilots Struck" not in said
    assert '\n"We have slept in the waiting room' in said


@pytest.mark.parametrize(
    "name", [FERRY_KEY, f"/news/{FERRY_KEY}.md", f"entries/news/{FERRY_KEY}.md", "2011/05/9", "2011/05/9/fer…"]
)
def test_an_event_is_named_in_many_ways(dateline, filled, name):
    assert dateline("show", name).out.startswith(FERRY)
    assert dateline("events", "show", name, "--json").json["entry"]["key"] == FERRY_KEY


def test_an_edited_entry_is_the_second_revision_of_the_same_event(dateline, filled, entries):
    edited = FERRY.replace("sail again", "have sailed again")
    (entries / "news" / f"{FERRY_KEY}.md").write_text(ferry(edited, POST, TASS))
    assert "0 would be new, 1 would be changed, 1 unchanged" in dateline("events", "import", entries, "--dry-run").out
    said = dateline("events", "import", entries)
    assert "0 new, 1 changed, 1 unchanged" in said.out
    assert "1 added, 1 withdrawn" in said.out
    shown = dateline("show", FERRY_KEY).out
    assert shown.startswith(edited)
    assert "\nrevision 2 of " in shown
    assert "UPI (withdrawn " in shown
    assert "TASS\n" in shown
    assert "0 new, 0 changed, 2 unchanged" in dateline("events", "import", entries).out


def test_a_dry_run_of_an_import_writes_nothing(dateline, in_news, entries, database_of):
    before = database_of(in_news)
    said = dateline("events", "import", entries, "--dry-run", "--json").json
    assert (said["new"], said["links_added"], said["saved_new"], said["problems"]) == (2, 3, 1, [])
    assert database_of(in_news) == before
    assert list((in_news / "captures").glob("*")) == []


@pytest.mark.parametrize("compressed", [True, False])
def test_standard_input_takes_an_archive(dateline, in_news, entries, compressed):
    content = archived(entries, "all.tar.gz").read_bytes()
    said = dateline("events", "import", "-", stdin=content if compressed else gzip.decompress(content))
    assert "3 files, 2 event entries: 2 new" in said.out


def test_a_damaged_archive_is_reported_and_whole_files_before_the_damage_are_kept(dateline, in_news, tmp_path):
    with tarfile.open(tmp_path / "cut.tar", "w") as made:
        for number in range(3):
            text = page(
                f"The {number}th thing happens on the quay of Merrow.",
                number + 1,
                (f"S{number}", f"http://s.example/{number}"),
            )
            member = tarfile.TarInfo(f"page{number}.md")
            member.size = len(text.encode())
            made.addfile(member, io.BytesIO(text.encode()))
    content = (tmp_path / "cut.tar").read_bytes()
    (tmp_path / "cut.tar").write_bytes(content[:2700])
    said = dateline("events", "import", "cut.tar", expect=2)
    assert "cut.tar: the archive is damaged or cut off" in said.err
    assert "files before the damage are imported" in said.err
    again = dateline("events", "import", "cut.tar", expect=2)
    assert " 0 new, 0 changed" in again.out


GOOD = "e1,2011-05-09,The lock of Brannock opens,http://a.example/1\n"
HEAD = "event_id,date,headline,url\n"
BROKEN = [
    ("empty.csv", b"", "the file is empty", 0),
    ("blank.md", b"\n \n", "the file is empty", 0),
    ("columns.csv", b"foo,bar\n1,2\n", "no column for date and headline", 1),
    ("date.csv", (HEAD + GOOD + "e2,yesterday,A thing,http://a.example/2\n").encode(), "'yesterday' is no date", 3),
    (
        "middle.jsonl",
        b'{"date":"2011-05-09","headline":"A thing","url":"http://a.example/1"}\n{"date":\n',
        "no JSON",
        2,
    ),
    ("prose.txt", b"Dear all,\nthis is no entry.\n", "no entry format recognises", 0),
    ("nul.csv", (HEAD + "e1,2011-05-09,a\0b c,http://a.example/1\n").encode(), "binary", 2),
    ("photo.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(100), "binary", 1),
    ("fake.tar.gz", b"hello", "damaged or cut off", 0),
    ("fake.zip", b"PK\3\4xx", "damaged or cut off", 0),
    ("fake.gz", b"zzz", "damaged or cut off", 0),
    ("deep.jsonl", b"[" * 100_000 + b"\n", "no JSON", 1),
    ("long.csv", (HEAD + f'e1,2011-05-09,"{"x" * 200_000}",http://a.example/1\n').encode(), "the table is broken", 2),
]


@pytest.mark.parametrize(("name", "content", "problem", "line"), BROKEN, ids=[one[0] for one in BROKEN])
def test_a_broken_file_is_one_sentence_with_its_line_and_leaves_nothing(
    dateline, in_news, database_of, name, content, problem, line
):
    Path(name).write_bytes(content)
    before = database_of(in_news, runs=False)
    said = dateline("events", "import", name, expect=2)
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    assert said.err.startswith(f"not imported: {name}{f':{line}' if line else ''}: ")
    assert problem in said.err
    assert ";" in said.err or "(" in said.err
    assert database_of(in_news, runs=False) == before


def test_one_broken_file_keeps_no_other_from_being_imported(dateline, in_news, entries):
    (entries / "broken.csv").write_text("foo,bar\n1,2\n")
    said = dateline("events", "import", entries, expect=2)
    assert "2 new" in said.out
    assert "broken.csv:1: " in said.err


def test_problems_are_json_too(dateline, in_news, tmp_path):
    (tmp_path / "broken\udcff.csv").write_text("foo,bar\n1,2\n")
    (problem,) = dateline("events", "import", tmp_path / "broken\udcff.csv", "--json", expect=2).json["problems"]
    assert problem["file"].endswith("broken\udcff.csv")
    assert problem["line"] == 1
    assert problem["problem"] == "the table has no column for date and headline"
    assert "foo, bar" in problem["remedy"]


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["nowhere"], "there is no such file or folder"),
        ([""], "an empty name names no file"),
        (["-"], "nothing came through the pipe"),
        (["/dev/null"], "neither a file nor a folder"),
        (["--format", "odd", "-"], "there is no entry format 'odd'; the formats are event-page"),
        (["--column", "headline", "-"], "is not FIELD=COLUMN, for example headline=title"),
    ],
)
def test_what_cannot_be_imported_is_said(dateline, in_news, words, text):
    assert text in dateline("events", "import", *words, expect=2).err


def test_a_folder_without_entries_is_no_mistake_but_is_said(dateline, in_news, tmp_path):
    (tmp_path / "hollow").mkdir()
    said = dateline("events", "import", "hollow")
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert "no event entries there" in said.err


def test_links_to_folders_are_not_followed_in_circles(dateline, in_news, entries):
    (entries / "circle").symlink_to(entries)
    said = dateline("events", "import", entries)
    assert "3 files, 2 event entries" in said.out
    assert "skipped 1 file" in said.out


def test_a_file_that_is_far_too_large_is_not_read_whole(dateline, in_news, tmp_path):
    with (tmp_path / "huge.csv").open("wb") as file:
        file.truncate(65 * 1024 * 1024)
    assert (
        "huge.csv: the file is larger than 64 MiB; split it" in dateline("events", "import", "huge.csv", expect=2).err
    )


def test_a_named_pipe_brings_an_archive(process, in_news, entries):
    archived(entries, "all.tar.gz")
    said = process('"$DATELINE" events import <(cat all.tar.gz) -L news')
    assert "3 files, 2 event entries: 2 new" in said.out


def test_closed_standard_input_is_as_good_as_empty(process, news):
    assert "nothing came through the pipe" in process('"$DATELINE" events import - -L news <&-', expect=2).err


def test_a_folder_that_may_not_be_read_is_named(dateline, in_news, entries, monkeypatch):
    listed = Path.iterdir

    def refusing(path):
        # Root may read everything: refuse as the system would refuse another user.
        if path.name == "news" and path.parent == entries:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return listed(path)

    monkeypatch.setattr(Path, "iterdir", refusing)
    said = dateline("events", "import", entries, expect=2)
    assert "check its permissions" in said.err


def test_events_are_listed_and_paged(dateline, filled):
    first = dateline("events", "list", "--limit", "1").out.splitlines()
    assert first[0].split() == ["date", "articles", "sources", "key", "headline"]
    assert FERRY in first[1]
    assert first[-1] == f"more: --after {FERRY_KEY}"
    second = dateline("events", "list", "--limit", "1", "--after", FERRY_KEY).out
    assert INQUIRY in second
    assert "more:" not in second
    assert [event["key"] for event in dateline("events", "list", "--json").lines] == [FERRY_KEY, INQUIRY_KEY]
    assert dateline("events", "list", "--search", "nothing like it").out == "no event fits\n"


def test_json_of_an_event_is_all_of_it(dateline, filled):
    said = dateline("show", FERRY_KEY, "--json")
    assert json.loads(said.out)["sources"][0]["link"]["cited_url"] == "http://post.example/a?id=1"
    assert said.err == ""
