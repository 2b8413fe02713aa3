"""Outside text on the terminal: no escape sequence reaches it, no bracket is read as a style; pipes get whole lines."""

import io
import json
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from crawler.cli import console

ESCAPE, BELL, CSI = "\x1b", "\x07", "\x9b"
HOSTILE = f"Red {ESCAPE}[31malert{CSI}2J in [bold]Merrow[/bold] and [link=x]more[/nope] :smile: {BELL}\u202ebackwards"
LONG_URL = "http://long.example/" + "/".join(f"part-{number}" for number in range(40)) + "?id=1"


@pytest.fixture
def hostile(dateline, in_news, table):
    dateline(
        "events", "import", table("http://a.example/[bold]x[/y]", LONG_URL, headline=HOSTILE.replace("{", "{{") + " {}")
    )
    return dateline("events", "list", "--json").lines[0]["key"]


TURNING = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def assert_harmless(text):
    assert not [sign for sign in text if unicodedata.category(sign) in {"Cc", "Cs"} and sign != "\n"]
    assert not set(text) & set(TURNING)


def test_a_hostile_headline_is_shown_literally(dateline, hostile):
    for words in (["show", hostile], ["events", "list"], ["show", "2011"]):
        said = dateline(*words, expect=2 if words[-1] == "2011" else 0)
        assert_harmless(said.out + said.err)
        if said.out:
            assert "in [bold]Merrow[/bold] and [link=x]more[/nope] :smile:" in said.out


def test_json_carries_everything_but_nothing_that_a_terminal_obeys(dateline, hostile):
    said = dateline("show", hostile, "--json")
    assert_harmless(said.out)
    assert "\u202ebackwards" in said.json["entry"]["headline"]


@pytest.mark.parametrize(
    "words",
    [
        ["show", f"[bold]{ESCAPE}[2Jx[/]"],
        ["why", f"http://a.example/{ESCAPE}[2J[/x]"],
        ["why", "http://a.example/[/nope]"],
        ["status", "-L", f"[/nope]{ESCAPE}[2J"],
        ["events", "import", f"{ESCAPE}[2J[/nope]"],
        ["refetch", "[red]"],
        ["crawl", "--outcome", f"[/]{ESCAPE}"],
        ["articles", "export", "-f", "[/bold]"],
        ["articles", "list", "--host", f"[/bold]{ESCAPE}"],
    ],
)
def test_error_texts_are_harmless(dateline, in_news, words):
    said = dateline(*words, expect=2)
    assert_harmless(said.err)
    assert said.out == ""
    assert said.err


def test_urls_stay_whole_in_pipes(dateline, hostile):
    for words in (
        ["show", dateline("events", "list", "--json").lines[1]["key"]],
        ["crawl", "--dry-run"],
        ["why", LONG_URL],
    ):
        assert any(LONG_URL in line for line in dateline(*words).out.splitlines()), words


def test_no_line_ends_in_spaces_in_a_pipe(dateline, hostile):
    for words in (["status"], ["events", "list"], ["db", "info"], ["crawl", "--dry-run"]):
        assert not [line for line in dateline(*words).out.splitlines() if line != line.rstrip()]


@pytest.fixture
def window(monkeypatch):
    """A terminal 60 columns wide."""
    screen = io.StringIO()
    made = Console(
        file=screen,
        force_terminal=True,
        width=60,
        soft_wrap=True,
        markup=False,
        highlight=False,
        emoji=False,
        color_system=None,
    )
    monkeypatch.setattr(console, "out", made)
    monkeypatch.setattr("crawler.cli.events.out", made)
    return screen


def test_tables_fit_a_narrow_terminal_and_keys_can_be_copied_from_it(dateline, in_news, table, window):
    dateline("events", "import", table("http://a.example/1", headline="A very long headline " * 12 + "{}"))
    window.truncate(0)
    window.seek(0)
    dateline("events", "list")
    lines = window.getvalue().splitlines()
    assert max(map(cell_len, lines)) <= 60, lines
    assert lines[0].split() == ["date", "articles", "sources", "event"]
    assert lines[1].split()[:3] == ["2011-05-09", "0", "1"]
    shown = lines[2].split()[-1]
    assert shown.endswith("…")
    assert dateline("show", shown, "--json").json["entry"]["key"].startswith(shown[:-1])


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(st.characters(codec=None), max_size=30), min_size=1, max_size=4))
def test_any_text_is_one_harmless_line_with_its_visible_signs(texts):
    screen = io.StringIO()
    shown = Console(file=screen, soft_wrap=True, markup=False, highlight=False, emoji=False, force_terminal=False)
    shown.print(console._line(tuple((text, "bold") for text in texts)))
    assert screen.getvalue() == "".join(map(console.plain, texts)) + "\n"
    assert screen.getvalue().count("\n") == 1
    assert not any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in console.plain("".join(texts)))


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(codec=None), max_size=60))
def test_any_text_survives_json(text):
    written = console._json({"text": text})
    assert json.loads(written)["text"] == text
    assert_harmless(written.decode())


@pytest.mark.parametrize("text", ["東京　大阪", "a\u00a0b", "می\u200cخواهم"])
def test_spaces_and_joiners_of_other_scripts_are_kept(text):
    assert console.plain(text) == text


def test_a_reader_that_stops_early_is_no_error(process, hostile, news):
    said = process(
        '"$DATELINE" events list -L news --json | head -c 20; echo; "$DATELINE" show 2011 -L news 2>&1 | true', expect=1
    )
    assert said.err == ""


def test_a_full_disk_and_a_closed_output_are_said(process, hostile, news):
    said = process('"$DATELINE" events list -L news >/dev/full', expect=2)
    assert said.err == "error: No space left on device\n"
    assert process('"$DATELINE" events list -L news >&-').err == ""


def test_a_terminal_without_the_signs_shows_their_numbers_and_json_stays_utf8(process, dateline, in_news, table):
    dateline("events", "import", table("http://a.example/1", headline="Fähre nach Merrow fährt {}"))
    shown = process('"$DATELINE" events list -L news', PYTHONIOENCODING="ascii").out
    assert r"F\xe4hre nach Merrow f\xe4hrt 0" in shown
    piped = process('"$DATELINE" events list -L news --json', PYTHONIOENCODING="latin-1").lines
    assert piped[0]["headline"] == "Fähre nach Merrow fährt 0"
