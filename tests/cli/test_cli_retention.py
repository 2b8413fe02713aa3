"""`dateline retention`: what it says, what it removes, and what stays."""

import os
from datetime import timedelta

import pytest
from removed_pages import ONE, OTHER, RARE, STORY, TWO, holding, put_pages

from storage.types import Outcome

DAYS = timedelta(days=1)


@pytest.fixture
def aged(in_news, dateline, table):
    """A library with one old page and one of today, and these lines in its configuration."""

    def make(lines, old=STORY, new=OTHER):
        dateline("events", "import", table(ONE, TWO))
        put_pages(in_news, {ONE: old}, ago=400 * DAYS)
        put_pages(in_news, {TWO: new})
        (in_news / "dateline.toml").write_text(lines)
        return in_news

    return make


RAW = '[retention."raw"]\ndays = 365\n'
ALL = '[retention."gone"]\ndays = 365\nremove = "all"\nhost = "gazette.example"\n'


def test_without_rules_all_is_kept(aged, dateline, database_of):
    folder = aged("")
    before = database_of(folder)
    assert "no rules" in dateline("retention").out
    assert database_of(folder) == before
    dateline("retention", "--apply")
    assert "2 captures, 0 problems" in dateline("captures", "verify").out


def test_looking_says_what_a_rule_would_remove(aged, dateline, database_of):
    folder = aged(RAW + ALL)
    before = database_of(folder)
    said = dateline("retention", "--json").json
    assert said["applied"] is False
    raw, gone = said["rules"]
    assert (raw["name"], raw["documents"], raw["removed"]["captures"]) == ("raw", 1, 1)
    assert (gone["host"], gone["removed"]["articles"], gone["raw_only"]) == ("gazette.example", 1, False)
    assert "`dateline retention --apply` removes it" in dateline("retention").out
    assert database_of(folder) == before


def test_raw_captures_go_and_their_texts_stay(aged, dateline):
    folder = aged(RAW)
    said = dateline("retention", "--apply", "--json").json
    assert (said["rules"][0]["documents"], said["rules"][0]["removed"]["captures"], said["files"]) == (1, 1, 1)
    assert [name for name in holding(folder, RARE) if name.endswith(".gz")] == []
    assert "1 capture (1 more removed by rules of retention), 0 problems" in dateline("captures", "verify").out
    article = dateline("why", ONE, "--json").json
    assert article["takedown"] is None
    assert RARE in dateline("show", article["document"]["article_id"]).out
    why = dateline("why", ONE).out
    assert "its raw captures were removed on" in why
    assert "rule raw; its text stays" in why
    assert "removed by rule raw" in dateline("captures", "list", ONE).out
    assert "rule raw" in dateline("captures", "cat", ONE, expect=2).err
    assert "rule raw" in dateline("replay", ONE, expect=2).err
    assert "1 capture" not in dateline("reextract", "--dry-run", "--host", "gazette.example").out
    assert dateline("forget", "--list").out == "nothing is kept away\n"
    again = dateline("retention", "--apply", "--json").json
    assert again["rules"][0]["documents"] == 0


def test_a_younger_page_that_rests_on_an_old_one_is_written_anew(aged, dateline):
    aged(RAW, new=STORY)
    said = dateline("retention", "--apply").out
    assert "1 capture that stay rested on what was removed" in said or "were written anew" in said
    assert RARE in dateline("captures", "cat", TWO).out
    assert "0 problems" in dateline("captures", "verify").out


def test_a_rule_that_removes_all_leaves_a_tombstone(aged, dateline):
    folder = aged(ALL)
    dateline("retention", "--apply")
    assert holding(folder, RARE) == []
    (stone,) = dateline("forget", "--list", "--json").json
    assert (stone["subject"], stone["reason"], stone["kind"]) == (ONE, "rule gone", "document")
    assert "it is kept away" in dateline("why", ONE).out
    assert dateline("retention", "--json").json["rules"][0]["documents"] == 0


def test_old_logs_go_and_young_ones_stay(aged, dateline):
    folder = aged("[logs]\nkeep_days = 10\n")
    logs = folder / "logs"
    logs.mkdir(exist_ok=True)
    for name, days in (("900001.log", 20), ("900001.log.1", 30), ("900002.log", 5), ("notes.txt", 90)):
        (logs / name).write_text("x")
        moment = (logs / name).stat().st_mtime - days * 86_400
        os.utime(logs / name, (moment, moment))
    assert dateline("retention", "--json").json["logs"] == 2
    assert dateline("retention", "--apply", "--json").json["logs"] == 2
    assert {"900002.log", "notes.txt"} <= {path.name for path in logs.iterdir()}
    assert not (logs / "900001.log").exists()


def test_the_work_is_a_run_and_looking_is_none(aged, dateline):
    aged(RAW)
    dateline("retention")
    before = len(dateline("runs", "--json").lines)
    dateline("retention", "--apply")
    runs = dateline("runs", "--json").lines
    assert len(runs) == before + 1


# -- attempts --------------------------------------------------------------------------------------------------------

ATTEMPTS = '[retention."attempts"]\ndays = 30\nremove = "attempts"\n'


@pytest.fixture
def vain(aged, store_page):
    """A library with a page of today that could not be reached on five days of last year."""
    folder = aged(ATTEMPTS)
    for days in (400, 390, 380, 370, 360):
        store_page(TWO, b"", Outcome.TIMEOUT, ago=days * DAYS)
    return folder


def test_vain_attempts_move_into_files_and_the_story_is_told_with_them(vain, dateline, database_of):
    before = database_of(vain)
    (rule,) = dateline("retention", "--json").json["rules"]
    assert (rule["remove"], rule["removed"], rule["documents"]) == ("attempts", {"attempts": 3}, 1)
    assert "3 attempts would move into files below attempts/" in dateline("retention").out
    assert database_of(vain) == before
    told = dateline("why", TWO).out
    assert told == dateline("why", TWO, "--archived").out
    status = dateline("status", "--json").json
    said = dateline("retention", "--apply").out
    assert "vain attempts" in said
    assert "3 attempts moved into files below attempts/" in said
    assert {path.suffix for path in (vain / "attempts").iterdir()} == {".zst"}
    after = dateline("why", TWO).out
    assert after.count("timeout") == told.count("timeout") - 3
    assert "3 more attempts, " in after
    assert "`dateline why --archived` shows them too" in after
    assert dateline("why", TWO, "--archived").out == told
    assert dateline("why", TWO, "--json").json["thinned"]["attempts"] == 3
    assert len(dateline("why", TWO, "--archived", "--json").json["attempts"]) == 6
    assert {**dateline("status", "--json").json, "runs": []} == {**status, "runs": []}
    assert dateline("retention", "--apply", "--json").json["rules"][0]["removed"]["attempts"] == 0


def test_files_of_attempts_on_another_machine_stop_no_other_rule(vain, dateline, store_page):
    dateline("retention", "--apply")
    for path in (vain / "attempts").iterdir():
        path.unlink()
    for days in (389, 381, 371):
        store_page(TWO, b"", Outcome.TIMEOUT, ago=days * DAYS)
    (vain / "dateline.toml").write_text(ATTEMPTS + RAW)
    assert dateline("retention", "--json").json["rules"][1]["removed"]["captures"] == 1
    assert "apply the rules of retention there, or restore the file" in dateline("retention", "--apply", expect=2).err
    assert dateline("retention", "--json").json["rules"][1]["removed"] == {}
    assert dateline("runs", "--json").lines[0]["state"] == "failed"


def test_files_of_attempts_are_in_a_backup_and_restored(vain, dateline, tmp_path):
    dateline("retention", "--apply")
    told = dateline("why", TWO, "--archived").out
    backup, restored = tmp_path / "backup", tmp_path / "restored"
    dateline("backup", backup)
    assert list((backup / "attempts").iterdir())
    for path in (vain / "attempts").iterdir():
        path.unlink()
    assert "cannot be read" in dateline("why", TWO, "--archived", expect=2).err
    assert "lost: attempts/attempts-" in dateline("backup", backup, expect=1).err
    dateline("restore", backup, restored)
    assert dateline("why", TWO, "--archived", "-L", restored).out == told
