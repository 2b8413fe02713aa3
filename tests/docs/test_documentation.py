"""Everything that a person can type, set or be told is documented; what is documented exists."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
import typer

import crawler.errors
import storage.errors
from crawler.archives import PLACES, Pool
from crawler.classify import OUTCOME_OF_KIND
from crawler.cli import build
from crawler.configuration import (
    ARCHIVE_SETTINGS,
    DATABASE_VARIABLE,
    HOST_SETTINGS,
    JOB_SETTINGS,
    LIBRARY_VARIABLE,
    RETENTION_SETTINGS,
    SETTINGS,
    HostRule,
    load,
    toml_value,
)
from crawler.configuration.jobs import scheduled_jobs
from crawler.dedup import SIGNALS
from crawler.events import FORMATS
from crawler.exporting import EXPORTS
from crawler.health.metrics import LibraryCollector
from crawler.health.workers import QueueStanding
from crawler.planning import RETRY_RULES
from crawler.recrawling import LIVING
from crawler.working.answers import Queues, WorkerCollector
from crawler.working.counting import Tally
from storage import open_store
from storage.types import (
    ALERT_MEANINGS,
    OUTCOME_MEANINGS,
    PAGE_KIND_MEANINGS,
    RUN_MEANINGS,
    SEARCH_MEANINGS,
    AlertKind,
    BackfillState,
    FetchReason,
    Outcome,
    PageKind,
    Run,
    RunState,
    SearchState,
    VerdictKind,
    utc_now,
)

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CRAWLER = (ROOT / "crawler" / "README.md").read_text(encoding="utf-8")


def commands(command=None, path="dateline"):
    """Every command with its full name."""
    command = command or typer.main.get_command(build())
    subcommands = getattr(command, "commands", {})
    if not subcommands or getattr(command, "invoke_without_command", False):
        yield path, command
    for name, one in subcommands.items():
        yield from commands(one, f"{path} {name}")


ALL_COMMANDS = dict(commands())
OPTIONS = sorted(
    {
        (path, option)
        for path, command in ALL_COMMANDS.items()
        for parameter in command.params
        for option in parameter.opts
        if option.startswith("--") and option != "--help"
    }
)


def section(text, heading):
    """The part of a document below a heading, up to the next of its level."""
    level = heading.split(" ")[0]
    return text.split(f"\n{heading}\n")[1].split(f"\n{level} ")[0]


@pytest.mark.parametrize("path", sorted(ALL_COMMANDS))
def test_every_command_is_documented(path):
    assert f"`{path}" in section(README, "## Commands")


@pytest.mark.parametrize("path", sorted(ALL_COMMANDS))
def test_every_command_explains_itself(path):
    assert ALL_COMMANDS[path].help


@pytest.mark.parametrize(("path", "option"), OPTIONS)
def test_every_option_is_documented_at_its_command(path, option):
    common = section(README, "### Options of many commands")
    own = re.search(rf"^\| `{re.escape(path)}[ `].*$", section(README, "## Commands"), re.MULTILINE)
    assert own is not None
    assert f"`{option}" in own.group() or f"`{option}" in common


def test_no_command_is_documented_that_is_not_there():
    named = set(
        re.findall(r"^\| `(dateline [a-z -]+?)(?: [A-Z\[.].*?)?` \|", section(README, "## Commands"), re.MULTILINE)
    )
    assert named == set(ALL_COMMANDS)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.key)
def test_every_setting_is_documented_with_its_default(setting):
    assert f"| `{setting.key}` | `{toml_value(setting.default)}` | {setting.meaning} |" in README


@pytest.mark.parametrize("setting", HOST_SETTINGS, ids=lambda setting: setting.key)
def test_every_setting_of_a_host_is_documented_with_its_default(setting):
    default = getattr(HostRule(name="a.example"), setting.key)
    shown = f"crawl.{setting.key}" if default is None else toml_value(default)
    assert f"| `{setting.key}` | `{shown}` | {setting.meaning} |" in section(README, "### One host")


OF_NEW_ARCHIVES = {"index_url": "required", "replay_url": "required", "hosts": "public_url or replay_url"}


@pytest.mark.parametrize("setting", ARCHIVE_SETTINGS, ids=lambda setting: setting.key)
def test_every_setting_of_an_archive_is_documented_with_its_default(setting):
    shown = OF_NEW_ARCHIVES.get(setting.key, toml_value(setting.default))
    assert f"| `{setting.key}` | `{shown}` | {setting.meaning} |" in section(README, "### One archive")


def test_the_example_of_an_archive_is_one(tmp_path):
    example = section(README, "### One archive").split("```toml\n")[1].split("```")[0]
    (tmp_path / "dateline.toml").write_text(example)
    assert [place.name for place in load(tmp_path).archives][:2] == ["local", "our-archive"]


def least(tmp_path, place, key):
    """The shortest interval that may be set for a built-in archive, as the complaint about a shorter one says."""
    (tmp_path / "dateline.toml").write_text(f'[archives."{place.name}"]\n{key} = 0\n')
    with pytest.raises(crawler.errors.ConfigurationError) as caught:
        load(tmp_path)
    return re.search(r"at least ([\d.]+),", str(caught.value))[1]


@pytest.mark.parametrize("place", [one for one in PLACES if one.interval_s], ids=lambda place: place.name)
def test_every_built_in_archive_is_documented_with_its_intervals(tmp_path, place):
    index, replay = least(tmp_path, place, "index_interval_s"), least(tmp_path, place, "replay_interval_s")
    paces = [place.interval_s[Pool.INDEX], index, place.interval_s[Pool.REPLAY], replay]
    row = f"| `{place.name}` | " + " | ".join(f"{float(pace):g} s" for pace in paces) + " |"
    assert row in section(README, "### One archive")


@pytest.mark.parametrize("name", [LIBRARY_VARIABLE, DATABASE_VARIABLE])
def test_every_variable_is_documented(name):
    assert f"`{name}`" in README


def waits_text(outcome):
    """The retry row as the README shows it."""
    if outcome in LIVING:
        return "by its age"
    return ", ".join(wait_text(wait) for wait in RETRY_RULES[outcome].waits) or "never by itself"


def wait_text(wait):
    if wait.days:
        return f"{wait.days} day{'s' if wait.days > 1 else ''}"
    minutes = wait.seconds // 60
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h"


def archive_text(outcome):
    failures = RETRY_RULES[outcome].archive_after
    return "never" if failures is None else f"{failures} failure{'s' if failures > 1 else ''}"


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_is_documented_with_its_next_tries(outcome):
    row = f"| `{outcome}` | {OUTCOME_MEANINGS[outcome]} | {waits_text(outcome)} | {archive_text(outcome)} |"
    assert row in section(README, "## Outcomes")


@pytest.mark.parametrize("state", list(SearchState))
def test_every_state_of_a_search_in_an_archive_is_documented(state):
    assert f"| `{state}` | {SEARCH_MEANINGS[state]} |" in section(README, "## Dead citations")


@pytest.mark.parametrize("state", list(BackfillState))
def test_every_state_of_a_backfill_is_documented(state):
    assert f"`{state}`" in section(README, "## Dead citations")


@pytest.mark.parametrize("kind", list(PageKind))
def test_every_kind_of_page_is_documented_with_what_becomes_of_it(kind):
    row = f"| `{kind}` | {PAGE_KIND_MEANINGS[kind]} | `{OUTCOME_OF_KIND[kind]}` |"
    assert row in section(README, "## Judged pages")


@pytest.mark.parametrize("name", [*VerdictKind, *FetchReason, *(one.name for one in SIGNALS)])
def test_verdicts_reasons_and_signals_are_documented(name):
    assert f"`{name}`" in CRAWLER


@pytest.mark.parametrize("name", [one.name for one in FORMATS])
def test_every_entry_format_is_documented(name):
    assert f"`{name}`" in README


@pytest.mark.parametrize("name", [one.name for one in EXPORTS])
def test_every_export_format_is_documented(name):
    assert f"`{name}`" in README


def tree(base):
    """All exceptions below a base."""
    for one in base.__subclasses__():
        yield one
        yield from tree(one)


@pytest.mark.parametrize(
    ("module", "error"),
    [
        *((crawler.errors, one) for one in [crawler.errors.DatelineError, *tree(crawler.errors.DatelineError)]),
        *((storage.errors, one) for one in [storage.errors.StorageError, *tree(storage.errors.StorageError)]),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_every_error_is_drawn_in_its_packages_tree_and_in_the_readme(module, error):
    assert error.__module__ == module.__name__, f"{error} is defined outside {module.__name__}"
    assert error.__name__ in module.__doc__
    assert f"`{error.__name__}`" in README


def test_every_folder_that_has_a_readme_names_its_modules():
    for folder in ("crawler", "storage"):
        text = (ROOT / folder / "README.md").read_text(encoding="utf-8")
        packages = [f"{one.parent.name}/" for one in (ROOT / folder).glob("*/__init__.py")]
        modules = [one.name for one in (ROOT / folder).glob("*.py") if one.name != "__init__.py"]
        for name in packages + modules:
            assert f"`{name}`" in text, f"{folder}/README.md does not name {name}"


def test_the_visible_top_level_is_fixed():
    allowed = {"pyproject.toml", "crawler", "storage", "tests", "scrapy.cfg", "README.md", "LICENSE", "CHANGELOG.md"}
    tracked = {"build", "dist", "dateline-demo"}
    visible = {one.name for one in ROOT.iterdir() if not one.name.startswith(".")} - tracked
    assert {name for name in visible if not name.endswith(".egg-info")} == allowed


def test_the_changelog_has_the_present_version_or_an_unreleased_section():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## [{storage.__version__}]" in text or "## [Unreleased]" in text


@pytest.mark.parametrize("text", [README, CRAWLER], ids=["README.md", "crawler/README.md"])
def test_no_document_links_to_a_file_that_is_not_there(text):
    base = ROOT if text is README else ROOT / "crawler"
    for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", text):
        assert (base / target).exists(), target


# -- operations ------------------------------------------------------------------------------------------------------


BUILT_IN = [job for job in scheduled_jobs({}, {one.key: one.default for one in SETTINGS}, "") if job.built_in]


@pytest.mark.parametrize("job", BUILT_IN, ids=lambda job: job.id)
def test_every_built_in_job_is_documented(job):
    row = next(
        line for line in section(README, "## Year after year").splitlines() if line.startswith(f"| `{job.id}` |")
    )
    assert f"| `dateline {' '.join(job.command)}` |" in row


@pytest.mark.parametrize("state", list(RunState))
def test_every_state_of_a_run_is_documented(state):
    assert f"| `{state}` | {RUN_MEANINGS[state]} |" in section(README, "## Year after year")


@pytest.mark.parametrize("kind", list(AlertKind))
def test_every_kind_of_alert_is_documented(kind):
    assert f"| `{kind}` | {ALERT_MEANINGS[kind]} |" in section(README, "## Year after year")


OF_NEW_JOBS = {"command": "required", "every": "required", "time_zone": "schedule.time_zone"}


@pytest.mark.parametrize("setting", JOB_SETTINGS, ids=lambda setting: setting.key)
def test_every_setting_of_a_job_is_documented_with_its_default(setting):
    shown = OF_NEW_JOBS.get(setting.key, toml_value(setting.default))
    assert f"| `{setting.key}` | `{shown}` | {setting.meaning} |" in section(README, "### One job")


OF_NEW_RULES = {"host": "all", "days": "required"}


@pytest.mark.parametrize("setting", RETENTION_SETTINGS, ids=lambda setting: setting.key)
def test_every_setting_of_a_retention_rule_is_documented_with_its_default(setting):
    shown = OF_NEW_RULES.get(setting.key, toml_value(setting.default))
    assert f"| `{setting.key}` | `{shown}` | {setting.meaning} |" in section(README, "### One retention rule")


def examples(text):
    """The fenced TOML of a section."""
    return re.findall(r"```toml\n(.*?)```", text, re.DOTALL)


def test_the_examples_of_jobs_and_rules_are_valid(tmp_path):
    (tmp_path / "dateline.toml").write_text("\n".join(examples(section(README, "## Year after year"))))
    configuration = load(tmp_path)
    assert "night-crawl" in {job.id for job in configuration.jobs}
    assert [rule.name for rule in configuration.retention] == ["raw"]


def metrics_of_the_scheduler(tmp_path):
    (tmp_path / "dateline.toml").write_text("")
    now = utc_now()
    state = SimpleNamespace(
        started_at=now,
        leading=True,
        leading_since=now,
        ticked_at=now,
        at_work={"sources": 1},
        next_starts={"sources": now},
        counts={"started": 1},
    )
    with open_store("memory:") as store:
        run = Run(token="a1", command="crawl", machine="m", pid=1, job="sources", started_at=now, heartbeat_at=now)
        store.start_run(run)
        store.put_alerts({(AlertKind.JOB_LATE, "sources"): "late"}, kinds=[AlertKind.JOB_LATE], now=now)
        return list(LibraryCollector(load(tmp_path), state, lambda work: work(store)).collect())


def metrics_of_a_worker(_tmp_path):
    standing = QueueStanding(queue="hosts", waiting=1, running=1, stalled=0, oldest=utc_now())
    return list(WorkerCollector(Tally(), Queues(lambda: [standing])).collect())


@pytest.mark.parametrize("made", [metrics_of_the_scheduler, metrics_of_a_worker])
def test_every_metric_is_documented_with_its_meaning(tmp_path, made):
    families = made(tmp_path)
    assert len(families) > 10
    told = section(README, "### Health")
    missing = []
    for family in families:
        name, text = family.name.removeprefix("dateline_"), re.escape(family.documentation)
        if not re.search(rf"^\| `{name}`(?: \[[a-z, ]+\])? \| {text} \|$", told, re.MULTILINE):
            missing.append(name)
    assert not missing


def test_no_metric_is_documented_that_is_not_there(tmp_path):
    families = metrics_of_the_scheduler(tmp_path) + metrics_of_a_worker(tmp_path)
    tables = section(README, "### Health").split("| metric | meaning |")[1:]
    named = {name for table in tables for name in re.findall(r"^\| `(\w+)`", table, re.MULTILINE)}
    assert named == {family.name.removeprefix("dateline_") for family in families}
