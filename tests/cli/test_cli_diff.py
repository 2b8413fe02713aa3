"""``dateline diff``: what changed between two versions, for people and for programs."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crawler.changes import kind_of_change
from crawler.changes.showing import lines_of
from crawler.cli import diff as command
from crawler.cli import diff_page
from crawler.cli.console import Console
from storage.errors import ArticleNotFound
from storage.types import Article, ArticleVersion, ArticleView, Document, Memento, Verdict, VerdictKind

URL = "https://harbour-post.example/fire"
MOMENT = datetime(2019, 5, 12, 10, 0, tzinfo=UTC)
FIRST = """A fire broke out in Merrow. It killed 12 people, most of them traders.

The quay is closed until Wednesday. Ferries leave from the north pier.

The market was built in 1911. It was to be renovated. Plans were put off twice. The last look was in March.

Nobody has been arrested.

12 comments"""
SECOND = """A fire broke out in Merrow. It killed 14 people, most of them traders.

The mayor \x1b[2J called it a bad night.

The market was built in 1911. It was to be renovated. Plans were put off twice. The last look was in March.

The quay is closed until Wednesday. Ferries leave from the north pier.

19 comments"""


def version(number, headline, body, **facts):
    return ArticleVersion(
        id=number,
        article_id=22,
        number=number,
        capture_id=number,
        captured_at=MOMENT + timedelta(hours=number),
        extracted_at=MOMENT,
        article=Article(headline=headline, body=body, **facts),
        verdict=Verdict(kind=VerdictKind.NEW),
    )


VERSIONS = (
    version(4, "Fire kills 14", SECOND.replace("19 c", "22 c"), byline="Ada Lind"),
    version(1, "Fire kills 12", FIRST, byline="Ada Lind"),
    version(
        2, "Fire kills 14", SECOND, byline="Ada Lind, Ola Strand", corrections=("Correction: It was 14, not 12 dead.",)
    ),
)


class Library:
    """A library with one article."""

    def __init__(self, versions):
        self.store = self
        self.versions = versions

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def article(self, number):
        if number != 22:
            raise ArticleNotFound(number)
        document = Document(id=1, canonical_url=URL, request_url=URL, url_key="", host="", added_at=MOMENT)
        return ArticleView(id=22, document=document, versions=self.versions, cluster=(), events=())


@pytest.fixture
def stored(monkeypatch):
    def store(versions):
        monkeypatch.setattr(command, "opened", lambda *_: Library(versions))

    store(VERSIONS)
    return store


def test_every_line_says_by_its_mark_what_became_of_the_sentence(dateline, stored):
    lines = dateline("diff", 22, 1, 2).out.splitlines()
    assert lines[:3] == [
        f"article 22  {URL}",
        "from version 1, captured 2019-05-12 11:00Z",
        "to   version 2, captured 2019-05-12 12:00Z",
    ]
    assert lines[3].startswith("correction: a new notice: Correction: It was 14")
    assert lines[3].endswith("(notice of correction)")
    assert lines[4:] == [
        "",
        "- headline: Fire kills 12",
        "+ headline: Fire kills 14",
        "- byline: Ada Lind",
        "+ byline: Ada Lind, Ola Strand",
        "+ correction: Correction: It was 14, not 12 dead.",
        "",
        "  A fire broke out in Merrow.",
        "~ It killed [-12-]{+14+} people, most of them traders.",
        "< (moved to sentence 8) The quay is closed until Wednesday.",
        "< Ferries leave from the north pier.",
        "+ The mayor \N{REPLACEMENT CHARACTER}[2J called it a bad night.",
        "  The market was built in 1911.",
        "  ... 2 sentences unchanged",
        "  The last look was in March.",
        "- Nobody has been arrested.",
        "> (moved from sentence 3) The quay is closed until Wednesday.",
        "> Ferries leave from the north pier.",
        "~ [-12-]{+19+} comments (counter: does not matter)",
    ]


def test_the_last_two_versions_by_number_are_compared_unless_others_are_named(dateline, stored):
    assert "noise: only this changed: counter" in dateline("diff", 22).out
    said = dateline("diff", 22, "--json").json
    assert (said["old"]["number"], said["new"]["number"]) == (2, 4)
    assert (said["kind"], said["matters"], said["rule"]) == ("noise", False, "furniture")
    assert [one["name"] for one in said["fields"]] == ["byline", "correction"]
    for words, numbers in (((2,), (1, 2)), ((4,), (2, 4)), ((4, 1), (4, 1)), ((2, 2), (2, 2))):
        said = dateline("diff", 22, *words, "--json").json
        assert (said["old"]["number"], said["new"]["number"]) == numbers
    assert said["kind"] == "none"


def test_json_has_every_sentence_with_the_words_that_changed(dateline, stored):
    said = dateline("diff", 22, 1, 2, "--json").json
    assert [step["kind"] for step in said["steps"]].count("kept") == 5
    (changed,) = [step for step in said["steps"] if step["kind"] == "changed" and not step["noise"]]
    (span,) = changed["spans"]
    assert changed["new"][span["new_start"] : span["new_end"]] == "14"
    assert said["counts"]["moved"] == 2


def test_all_changes_are_listed_with_kind_rule_and_counts(dateline, stored):
    lines = dateline("diff", 22, "--all").out.splitlines()
    assert lines[0] == "1 -> 2  2019-05-12 12:00Z  correction  +1 -1 ~1 >2  notice of correction"
    assert lines[1].startswith("        a new notice")
    assert lines[2] == "2 -> 4  2019-05-12 14:00Z  noise  +0 -0 ~0 >0  furniture"
    said = dateline("diff", 22, "--all", "--json").json
    assert [one["kind"] for one in said] == ["correction", "noise"]
    assert "steps" not in said[0]


def test_one_version_is_no_mistake(dateline, stored):
    stored(VERSIONS[1:2])
    sentence = "article 22 has one version, 1: there is nothing to compare it with\n"
    assert dateline("diff", 22).out == dateline("diff", 22, "--all").out == sentence
    assert dateline("diff", 22, "--json").json == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((22, 1, 3), "article 22 has no version 3; it has 1, 2, 4"),
        ((22, 9), "article 22 has no version 9; it has 1, 2, 4"),
        ((22, 1), "version 1 of article 22 is its first: name two versions"),
        ((22, 1, "--all"), "leave the numbers out"),
        ((23,), "23"),
        ((22, 0), "greater than or equal to 1"),
        (("x",), "valid integer"),
        ((10**18,), "less than or equal to"),
    ],
)
def test_numbers_that_there_are_not_are_refused(dateline, stored, words, told):
    assert told in dateline("diff", *words, expect=2).err


def test_lines_are_wrapped_after_their_marks_on_a_terminal(capsys, monkeypatch):
    terminal = Console(soft_wrap=True, markup=False, highlight=False, force_terminal=True, width=40, color_system=None)
    monkeypatch.setattr(diff_page, "out", terminal)
    old, new = VERSIONS[1], version(2, "Fire kills 12", FIRST.replace("It killed 12 people, most of them traders.", ""))
    diff_page._print_lines(list(lines_of(kind_of_change(old, new).steps)))
    lines = capsys.readouterr().out.splitlines()
    assert "- It killed 12 people, most of them" in [line.rstrip() for line in lines]
    assert "- traders." in lines
    assert all(len(line) <= 40 for line in lines)


def test_colours_stand_for_the_brackets(capsys, monkeypatch):
    terminal = Console(
        soft_wrap=True, markup=False, highlight=False, force_terminal=True, width=80, color_system="standard"
    )
    monkeypatch.setattr(diff_page, "out", terminal)
    old, new = (version(number, "Fire", f"It killed {number} of them.") for number in (1, 2))
    diff_page._print_lines(list(lines_of(kind_of_change(old, new).steps)))
    said = capsys.readouterr().out
    assert "[-" not in said
    assert said.count("\x1b[") >= 4


def test_a_copy_of_an_earlier_time_is_said_to_be_one(dateline, stored):
    late, early = (version(number, "Fire", f"It killed {number} of them.") for number in (1, 2))
    copy = Memento(
        archive="old-pages", url="http://old.example/1", page_url=URL, captured_at=MOMENT, requested_at=MOMENT
    )
    stored((late, replace(early, captured_at=late.captured_at - timedelta(days=9), memento=copy)))
    lines = dateline("diff", 22).out.splitlines()
    assert lines[2].startswith("to   version 2, captured 2019-05-03 ")
    assert lines[2].endswith(", old-pages")
    assert lines[3] == "version 2 is the older one: it was found after version 1"


def test_command_starts_without_the_crawler_and_the_extractor():
    script = (
        "import sys, crawler.cli.diff\n"
        "heavy = {'scrapy', 'trafilatura', 'numpy', 'twisted', 'crawler.changes'}\n"
        "assert not heavy & set(sys.modules), 'heavy imports'\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
