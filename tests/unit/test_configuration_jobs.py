"""The sections about jobs and retention, cron's fields, durations, and the editing of the file."""

import re
import stat
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.configuration import JOB_SETTINGS, RETENTION_SETTINGS, Job, Removes, Rule, load, toml_value
from crawler.configuration.cron import cron_times
from crawler.configuration.editing import file_text, save, with_section, without_section
from crawler.configuration.jobs import DEFAULT_JOBS
from crawler.configuration.times import duration_of, duration_text, moment_of, zone_problem
from crawler.errors import ConfigurationError
from crawler.scheduling.jobs import next_starts

FILE = Path("dateline.toml")


@pytest.fixture(autouse=True)
def in_its_folder(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)


def jobs_of(text):
    FILE.write_text(text)
    return {job.id: job for job in load().jobs}


# -- jobs --------------------------------------------------------------------------------------------------------


def test_the_built_in_jobs_come_first_and_can_be_switched_off_together():
    ids = [job.id for job in DEFAULT_JOBS]
    assert list(jobs_of('[jobs.one]\ncommand = "crawl"\nevery = "1d"\n')) == [*ids, "one"]
    assert list(jobs_of('[schedule]\ndefaults = false\n[jobs.one]\ncommand = "crawl"\nevery = "1d"\n')) == ["one"]
    assert all(job.built_in and job.why for job in jobs_of("").values())


def test_a_section_of_a_built_in_job_changes_only_what_it_says():
    plain = jobs_of("")["backfill"]
    changed = jobs_of('[jobs.backfill]\ndeadline = "1h"\nenabled = false\n')["backfill"]
    assert changed.deadline == timedelta(hours=1)
    assert not changed.enabled
    assert (changed.command, changed.every, changed.jitter, changed.why) == (
        plain.command,
        plain.every,
        plain.jitter,
        plain.why,
    )


def test_another_rule_replaces_that_of_a_built_in_job():
    jobs = jobs_of('[jobs.sources]\ncron = "15 3 * * *"\n[jobs.verify]\nevery = "2d"\n')
    assert (jobs["sources"].cron, jobs["sources"].every) == ("15 3 * * *", None)
    assert (jobs["verify"].cron, jobs["verify"].every) == ("", timedelta(days=2))


def test_a_job_of_ones_own_has_the_defaults_of_the_table():
    job = jobs_of('[jobs."one-host"]\ncommand = "crawl --host \'www.news.example\'"\ncron = " 5  4 * * mon-fri"\n')
    assert job["one-host"] == Job(
        id="one-host", command=("crawl", "--host", "www.news.example"), cron="5 4 * * mon-fri"
    )


def test_everything_that_a_job_may_say_is_heard():
    job = jobs_of(
        '[schedule]\ntime_zone = "Europe/Prague"\n[jobs.one]\ncommand = "crawl"\nat = 2026-12-01T04:00:00\n'
        'jitter = "90s"\ndeadline = "0s"\nmisfire_grace = "1w"\ncoalesce = false\nminimum = 3\nenabled = false\n'
        '[jobs.two]\ncommand = "crawl"\nat = "2026-12-01 04:00"\ntime_zone = "Asia/Tokyo"\n'
    )
    assert job["one"] == Job(
        id="one",
        command=("crawl",),
        at="2026-12-01 04:00:00",
        time_zone="Europe/Prague",
        jitter=timedelta(seconds=90),
        deadline=None,
        misfire_grace=timedelta(weeks=1),
        coalesce=False,
        minimum=3,
        enabled=False,
    )
    assert (job["two"].at, job["two"].time_zone) == ("2026-12-01 04:00:00", "Asia/Tokyo")


def test_the_settings_of_a_job_are_its_fields():
    fields = set(Job.__dataclass_fields__) - {"id", "built_in", "why"}
    assert {setting.key for setting in JOB_SETTINGS} == fields


GOOD = '[jobs.one]\ncommand = "crawl"\nevery = "1h"\n'


WRONG_JOBS = [
    ('[jobs.One]\ncommand = "crawl"\n', "'One' is no id for a job"),
    ('[jobs."-a"]\n', "'-a' is no id for a job"),
    ('[jobs."a\\n"]\n', "is no id for a job"),
    ('[jobs.a.b]\ncommand = "crawl"\n', "[jobs.a.b] has a dot in its id"),
    ("[jobs]\none = 3\n", 'what holds for a job stands below [jobs."one-host"]'),
    ("jobs = 3\n", "jobs stands outside a section"),
    (GOOD + "speed = 3\n", '[jobs."one"] has no setting speed; it may say command, cron'),
    (GOOD + "minimum = -1\n", "must lie between"),
    (GOOD + 'cron = "* * * * *"\n', 'jobs."one" says cron and every: a job has one rule'),
    ('[jobs.one]\ncommand = "crawl"\n', 'jobs."one" does not say when'),
    ('[jobs.sources]\nevery = ""\n', 'jobs."sources" does not say when'),
    ('[jobs.one]\nevery = "1h"\n', 'jobs."one".command is missing'),
    ('[jobs.one]\nevery = "1h"\ncommand = "crawl \'"\n', "cannot be split into words"),
    ('[jobs.one]\nevery = "1h"\ncommand = "dateline crawl"\n', "leave that word out"),
    ('[jobs.one]\nevery = "1h"\ncommand = "crawl --library=x"\n', "names a library"),
    ('[jobs.one]\nevery = "1h"\ncommand = "crawl -L x"\n', "names a library"),
    ('[jobs.one]\nevery = "1h"\ncommand = "crawl -Lx"\n', "names a library"),
    ('[jobs.one]\nevery = "1h"\ncommand = "show -- x"\n', "has a -- in it, which would hide the library"),
    ("[schedule]\ndefaults = false\n[jobs.verify]\nenabled = false\n", "so this is a job of your own"),
    ('[jobs.one]\nevery = "1h"\ncommand = "schedule run"\n', "schedule run is not for a job"),
    ('[jobs.one]\nevery = "1h"\ncommand = "demo --bulk"\n', "demo is not for a job"),
    ('[jobs.one]\nevery = "1.5h"\ncommand = "crawl"\n', "'1.5h' is no duration"),
    ('[jobs.one]\nevery = "0s"\ncommand = "crawl"\n', "every must be longer than nothing"),
    ('[jobs.one]\nevery = 3\ncommand = "crawl"\n', "must be text"),
    (GOOD + 'jitter = "1h"\n', "jitter must be shorter than the time between two starts, which may be 60 minutes"),
    ('[jobs.one]\ncron = "*/5 * * * *"\njitter = "5m"\ncommand = "crawl"\n', "which may be 5 minutes"),
    (GOOD + 'deadline = "soon"\n', "jobs.\"one\".deadline: 'soon' is no duration"),
    (GOOD + 'time_zone = "europe/prag"\n', "'europe/prag' is no time zone; did you mean Europe/Prague?"),
    (GOOD + 'time_zone = "Europe"\n', "'Europe' is no time zone"),
    ('[jobs.one]\ncron = "* * * *"\ncommand = "crawl"\n', "it has 4 fields, not 5: minute, hour"),
    ('[jobs.one]\nat = "2026-12-01"\ncommand = "crawl"\n', "'2026-12-01' is no date and time"),
    ('[jobs.one]\nat = 2026-12-01\ncommand = "crawl"\n', "must be text"),
    ('[jobs.one]\nat = "9999-12-01 04:00"\ncommand = "crawl"\n', "is no date and time"),
]


# -- cron --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "field", "expected"),
    [
        ("*/20 * * * *", "minutes", (0, 20, 40)),
        ("5/20 * * * *", "minutes", (5, 25, 45)),
        ("1-7/3,9 * * * *", "minutes", (1, 4, 7, 9)),
        ("0 22,23,0-2 * * *", "hours", (0, 1, 2, 22, 23)),
        ("0 0 1 JAN-mar,12 *", "months", (1, 2, 3, 12)),
        ("0 0 * * sun", "weekdays", (0,)),
        ("0 0 * * 7", "weekdays", (0,)),
        ("0 0 * * fri-sun", "weekdays", (0, 5, 6)),
        ("0 0 * * 5-7", "weekdays", (0, 5, 6)),
        ("0 0 * * */2", "weekdays", (0, 2, 4, 6)),
        ("0 0 * * *", "weekdays", (0, 1, 2, 3, 4, 5, 6)),
        ("@weekly", "weekdays", (0,)),
        ("@HOURLY", "minutes", (0,)),
    ],
)
def test_the_fields_of_cron(text, field, expected):
    assert getattr(cron_times(text), field) == expected


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("60 * * * *", "the minute lies between 0 and 59, not 60"),
        ("* 24 * * *", "the hour lies between 0 and 23"),
        ("* * 0 * *", "the day of the month lies between 1 and 31"),
        ("* * * 13 *", "the month lies between 1 and 12"),
        ("* * * * 8", "the day of the week lies between 0 and 7"),
        ("* * * * monday", "'monday' is no day of the week (sun to sat)"),
        ("mon * * * *", "'mon' is no minute"),
        ("* 22-2 * * *", "'22-2' goes backwards: write 22-23,0-2"),
        ("*/0 * * * *", "the step of '*/0' must lie between 1 and 59"),
        ("*/60 * * * *", "the step of '*/60'"),
        ("*-5 * * * *", "'*-5' is no minute"),
        ("1,,2 * * * *", "'' is no minute"),
        ("* * L * *", "'l' is no day of the month"),
        ("* * 1st * *", "'1st' is no day of the month"),
        ("0 0 31 2,4 *", "no month 2, 4 has a day 31: it would never start"),
        ("٣ * * * *", "is no minute"),
        ("@often", "it has 1 fields, not 5"),
        ("", "it has 0 fields"),
    ],
)
def test_wrong_fields_of_cron_say_what_would_be_right(text, complaint):
    with pytest.raises(ValueError, match=re.escape(complaint)):
        cron_times(text)


@settings(max_examples=150, deadline=None)
@given(text=st.text("0123456789*/,-@ monsufriajL#?٣", max_size=24))
def test_what_loads_as_cron_starts_and_the_rest_is_refused_in_a_sentence(text):
    try:
        times = cron_times(text)
    except ValueError:
        return
    assert times.least_gap >= 1
    now = datetime(2026, 6, 1, tzinfo=UTC)
    assert len(next_starts(Job(id="one", command=("crawl",), cron=text), now, 2)) == 2


# -- durations, moments, zones -----------------------------------------------------------------------------------


@given(number=st.integers(1, 300), unit=st.sampled_from("smhdw"))
def test_durations_are_read_as_they_are_written(number, unit):
    length = duration_of(f"{number}{unit}")
    assert duration_of(duration_text(length)) == length
    assert length.total_seconds() == number * {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}[unit]


@given(st.text("0123456789smhdw. -+e٣", max_size=14))
def test_what_is_no_duration_is_refused_in_a_sentence(text):
    if re.fullmatch("[0-9]{1,9}[smhdw]", text):
        return
    with pytest.raises(ValueError, match=re.escape(f"{text!r} is no duration")):
        duration_of(text)


@given(st.from_regex("[0-9]{1,9}[smhdw]", fullmatch=True))
def test_a_duration_is_never_longer_than_ten_years(text):
    if int(text[:-1]) * {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}[text[-1]] <= 3660 * 86400:
        assert timedelta() <= duration_of(text) <= timedelta(days=3660)
    else:
        with pytest.raises(ValueError, match="is more than 3660d"):
            duration_of(text)


def test_a_duration_may_be_nothing():
    assert duration_of("0s") == duration_of("0w") == timedelta()
    assert duration_text(timedelta()) == "0s"


@pytest.mark.parametrize("text", ["2026-12-01", "4:00", "2026-13-01 04:00", "soon", "", "1969-12-31 04:00", "20261201"])
def test_a_moment_is_a_date_and_a_time(text):
    with pytest.raises(ValueError, match=r"is no date and time: write for example 2026-12-01 04:00"):
        moment_of(text)


@pytest.mark.parametrize("name", ["", "Europe", "../etc", "Mars/Base", "a\0b", "Europe/Prag"])
def test_what_is_no_time_zone_is_a_sentence(name):
    assert "is no time zone; " in zone_problem(name)


def test_a_time_zone_is_meant_in_any_case():
    assert zone_problem("utc") in ("", "'utc' is no time zone; did you mean UTC?")
    assert "did you mean America/New_York?" in zone_problem("america/new york")


# -- retention ---------------------------------------------------------------------------------------------------


def test_the_rules_of_retention():
    FILE.write_text(
        '[retention.raw]\ndays = 30\n[retention.old]\ndays = 3650\nhost = "www.news.example"\nremove = "all"\n'
    )
    assert load().retention == (
        Rule(name="raw", age=timedelta(days=30)),
        Rule(name="old", age=timedelta(days=3650), host="www.news.example", removes=Removes.ALL),
    )
    assert [setting.key for setting in RETENTION_SETTINGS] == ["host", "days", "remove"]


WRONG_RULES = [
    ("[retention.raw]\n", 'retention."raw".days is missing'),
    ("[retention.raw]\ndays = 0\n", "must lie between 1 and 36500"),
    ("[retention.raw]\ndays = 3.5\n", "must be a whole number"),
    ('[retention.raw]\ndays = 3\nremove = "capture"\n', "remove is 'capture'; did you mean captures?"),
    ('[retention.raw]\ndays = 3\nremove = "x"\n', "it may be captures or all or attempts"),
    ('[retention.raw]\ndays = 29\nremove = "attempts"\n', "days is 29; attempts are kept 30 at least"),
    ('[retention.raw]\ndays = 3\nhost = ""\n', "'' is no host name"),
    ('[retention.raw]\ndays = 3\nhost = "a b"\n', "'a b' is no host name"),
    ('[retention.raw]\ndays = 3\nhost = "https://A.example/x"\n', "is not written as a host: a.example"),
    ('[retention.raw]\ndays = 3\nhost = "a.example:443"\n', "is not written as a host: a.example"),
    ('[retention.raw]\ndays = 3\nhost = "A.example"\n', "'A.example' is not written as a host: a.example"),
    ('[retention.raw]\ndays = 3\nage = "3d"\n', '[retention."raw"] has no setting age; it may say host, days'),
    ("[retention]\ndays = 3\n", 'stands below [retention."raw"]'),
    ("[retention.a.b]\ndays = 3\n", "has a dot in its name"),
    ('[retention."R w"]\ndays = 3\n', "is no name for a rule"),
]


@pytest.mark.parametrize(("text", "complaint"), [*WRONG_JOBS, *WRONG_RULES])
def test_a_wrong_job_or_rule_is_named_with_the_fault_and_the_remedy(tmp_path, text, complaint):
    FILE.write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        load()
    assert complaint in str(caught.value)
    assert str(caught.value).startswith(f"{tmp_path / 'dateline.toml'}: ")


# -- the form of other settings ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "value", "complaint"),
    [
        ("notify.webhook", "ftp://a.example", "begins with neither http:// nor https://"),
        ("notify.webhook", "https://", "is no URL"),
        ("schedule.listen", "9437", "is not ADDRESS:PORT"),
        ("schedule.listen", "127.0.0.1:99999", "is not ADDRESS:PORT"),
        ("schedule.listen", "300.0.0.1:80", "is no address"),
        ("schedule.listen", "::1:9437", "is not ADDRESS:PORT; write for example 127.0.0.1:9437, or [::1]:9437"),
        ("schedule.listen", "[x]:9437", "is not ADDRESS:PORT"),
        ("schedule.listen", "a b:9437", "is no address"),
        ("schedule.time_zone", "Europe/Prag", "did you mean Europe/Prague?"),
        ("schedule.time_zone", "", "is no time zone"),
        ("logs.format", "xml", "'xml' is not known; it may be text, json"),
        ("logs.level", "debug", "'debug' is not known; did you mean DEBUG?"),
    ],
)
def test_settings_of_a_certain_form_are_refused_at_load(key, value, complaint):
    section, name = key.split(".")
    FILE.write_text(f"[{section}]\n{name} = {toml_value(value)}\n")
    with pytest.raises(ConfigurationError) as caught:
        load()
    assert f"dateline.toml: {key}: " in str(caught.value)
    assert complaint in str(caught.value)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("notify.webhook", ""),
        ("notify.webhook", "https://hooks.news.example/x?y=1"),
        ("notify.webhook", "http://127.0.0.1:8080/x"),
        ("schedule.listen", ""),
        ("schedule.listen", "0.0.0.0:9437"),
        ("schedule.listen", "[::1]:0"),
        ("schedule.listen", "localhost:9437"),
        ("schedule.time_zone", "Europe/Prague"),
        ("logs.format", "json"),
        ("logs.level", "WARNING"),
    ],
)
def test_settings_of_the_right_form_are_taken(key, value):
    assert load(".", {key: value}).text(key) == value


# -- the editing of the file -------------------------------------------------------------------------------------

BARE = """# Settings of our library.
library = "news"   # beside this file

[crawl]
contact = "desk@news.example"   # Ada

# What Ada wanted:
[jobs.nightly]   # every night
command = "crawl"
cron = "15 3 * * *"
# deadline = "2h"

# The one behind the wall.
[hosts."www.news.example"]
delay_s = 20
"""


def test_a_section_is_added_at_the_end_and_nothing_else_changes():
    made = with_section(BARE, "jobs", "one", {"command": 'crawl --host "x"', "every": "6h", "coalesce": False}, FILE)
    assert made == BARE + '\n[jobs."one"]\ncommand = "crawl --host \\"x\\""\nevery = "6h"\ncoalesce = false\n'
    assert with_section("", "jobs", "one", {"every": "6h"}, FILE) == '[jobs."one"]\nevery = "6h"\n'
    assert with_section("a = 1", "jobs", "one", {"every": "6h"}, FILE) == 'a = 1\n\n[jobs."one"]\nevery = "6h"\n'
    assert with_section("a = 1\r\n", "jobs", "one", {}, FILE) == 'a = 1\r\n\r\n[jobs."one"]\r\n'


def test_a_section_is_cut_out_with_its_own_comments_only():
    expected = BARE.replace(
        '[jobs.nightly]   # every night\ncommand = "crawl"\ncron = "15 3 * * *"\n# deadline = "2h"\n', ""
    )
    assert without_section(BARE, "jobs", "nightly", FILE) == expected
    assert "# The one behind the wall.\n[hosts" in expected


@pytest.mark.parametrize(
    "text",
    [
        "[ jobs . 'one' ] # x\ncommand = '''\n[jobs.two]\n'''\n\n[jobs.two]\ncommand = 'b'\n",
        'x = """\n[jobs.one]\n"""\n[jobs."one"]\ncommand = "a"\n# tail\n# of the next\n[jobs.two]\ncommand = "b"\n',
        '[jobs.two]\ncommand = "b"\n\n[hosts."a.example"]\n\n["jobs".one]\n\n\n[archives.x]\n[jobs]\n',
    ],
)
def test_a_section_is_found_however_it_is_written(text):
    made = without_section(text, "jobs", "one", FILE)
    before, after = tomllib.loads(text), tomllib.loads(made)
    del before["jobs"]["one"]
    assert after == before


@pytest.mark.parametrize(
    "text", ['[jobs]\none.command = "a"\n', "[jobs]\none = {}\n", 'jobs = {one = {command = "a"}}\n']
)
def test_a_job_without_a_heading_of_its_own_is_left_to_the_person_who_wrote_it_so(text):
    with pytest.raises(ConfigurationError, match="remove it there by hand"):
        without_section(text, "jobs", "one", FILE)


def test_a_table_that_is_closed_is_not_added_to():
    with pytest.raises(ConfigurationError, match=r'add \[jobs."two"\] by hand'):
        with_section("jobs = {}\n", "jobs", "two", {}, FILE)


NAMES = st.sampled_from(["one", "two", "a-1", "x"])
COMMENTS = st.sampled_from(["", "\n", "# why\n", "\n# of the next\n", "\n\n# [jobs.one]\n\n"])
SECTIONS = st.sampled_from(
    ["[crawl]\ndelay_s = 3\n", '[hosts."a.example"]\n', '[archives.x]\nkind = "cdx" # [jobs.one]\n', "[schedule]\n"]
)


@given(
    names=st.lists(NAMES, unique=True, max_size=3),
    others=st.lists(SECTIONS, unique=True, max_size=4),
    comments=st.lists(COMMENTS, min_size=8, max_size=8),
    name=NAMES,
    shuffle=st.randoms(use_true_random=False),
)
def test_what_is_added_and_removed_again_leaves_every_byte_as_it_was(names, others, comments, name, shuffle):
    parts = [f'[jobs."{one}"]\ncommand = "crawl"\n' for one in names if one != name] + others
    shuffle.shuffle(parts)
    text = "".join(comment + part for comment, part in zip(comments, parts, strict=False))
    added = with_section(text, "jobs", name, {"command": "crawl", "every": "1h"}, FILE)
    assert added.startswith(text)
    assert tomllib.loads(added)["jobs"][name] == {"command": "crawl", "every": "1h"}
    assert without_section(added, "jobs", name, FILE).rstrip() == text.rstrip()
    for gone in (one for one in names if one != name):
        left = without_section(added, "jobs", gone, FILE)
        assert gone not in tomllib.loads(left)["jobs"]
        assert [line for line in added.splitlines() if line.startswith("#")] == [
            line for line in left.splitlines() if line.startswith("#")
        ]


def test_a_file_is_replaced_in_one_step_with_its_mode_and_through_a_link(tmp_path):
    real = tmp_path / "real.toml"
    real.write_text(GOOD)
    real.chmod(0o640)
    FILE.symlink_to(real)
    made = save(FILE, GOOD, GOOD + "minimum = 3\n", tmp_path)
    assert {job.id: job for job in made.jobs}["one"].minimum == 3
    assert FILE.is_symlink()
    assert real.read_text() == GOOD + "minimum = 3\n"
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert sorted(one.name for one in tmp_path.iterdir()) == ["dateline.toml", "real.toml"]


def test_settings_that_do_not_hold_are_never_written(tmp_path):
    FILE.write_text(GOOD)
    for wrong in (GOOD + "minimum = -3\n", GOOD + "[jobs.one]\n"):
        with pytest.raises(ConfigurationError):
            save(FILE, GOOD, wrong, tmp_path)
    assert FILE.read_text() == GOOD


def test_what_somebody_else_wrote_meanwhile_is_not_lost(tmp_path):
    FILE.write_text(GOOD + "# more\n")
    with pytest.raises(ConfigurationError, match="changed by somebody else"):
        save(FILE, GOOD, GOOD + "minimum = 3\n", tmp_path)
    assert FILE.read_text() == GOOD + "# more\n"


def test_a_library_without_a_file_gets_one(tmp_path):
    assert file_text(FILE) == ""
    save(FILE, "", GOOD, tmp_path)
    assert FILE.read_text() == GOOD
