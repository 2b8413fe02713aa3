import tomllib

import pytest

from crawler.archives import PLACES
from crawler.configuration import (
    ARCHIVE_SETTINGS,
    HOST_SETTINGS,
    JOB_SETTINGS,
    RETENTION_SETTINGS,
    SETTINGS,
    HostRule,
    load,
    render,
    toml_value,
)
from crawler.errors import ConfigurationError


@pytest.fixture(autouse=True)
def in_its_folder(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)


def test_the_option_beats_the_variable_beats_the_nearest_file(tmp_path, monkeypatch):
    for name in ("option", "variable"):
        (tmp_path / name).mkdir()
    (tmp_path / "dateline.toml").write_text("")
    assert load().library == tmp_path
    monkeypatch.setenv("DATELINE_LIBRARY", str(tmp_path / "variable"))
    assert load().library == tmp_path / "variable"
    assert load(tmp_path / "option").library == tmp_path / "option"


def test_the_nearest_file_may_lie_above_and_name_another_folder(tmp_path, monkeypatch):
    (tmp_path / "dateline.toml").write_text('library = "news"\n')
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    assert load().library == tmp_path / "news"


@pytest.mark.parametrize("variable", [None, ""])
def test_without_any_library_the_error_says_what_to_do(variable, monkeypatch):
    if variable is not None:
        monkeypatch.setenv("DATELINE_LIBRARY", variable)
    with pytest.raises(ConfigurationError, match="dateline init"):
        load()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[crawl\n", "not valid TOML"),
        ("[crawl]\nspeed = 3\n", "there is no setting crawl.speed"),
        ("[crawl]\ndelay_s = 0\n", "between 0.01 and 3600"),
        ('[crawl]\ndelay_s = "fast"\n', "must be a number"),
        ("[crawl]\nhosts = true\n", "must be a whole number"),
        ("[crawl]\nhosts = 1.5\n", "must be a whole number"),
        ("[crawl]\nobey_robots = 1\n", "must be true or false"),
        ("delay_s = 3\n", "outside a section"),
        ("library = 3\n", "library must be text"),
    ],
)
def test_a_wrong_file_is_named_with_the_fault(tmp_path, text, complaint):
    (tmp_path / "dateline.toml").write_text(text)
    with pytest.raises(ConfigurationError, match=complaint) as caught:
        load()
    assert str(tmp_path / "dateline.toml") in str(caught.value)


def test_a_whole_number_is_a_number(tmp_path):
    (tmp_path / "dateline.toml").write_text("[crawl]\ndelay_s = 3\n")
    assert load().number("crawl.delay_s") == 3.0


def test_the_written_file_holds_every_setting_at_its_default(tmp_path):
    text = render("news")
    lines = [line.removeprefix("# ") for line in text.splitlines()]
    tree = tomllib.loads("\n".join(line for line in lines if " = " in line or line.startswith("[")))
    example, archive, job, rule = (tree.pop(table) for table in ("hosts", "archives", "jobs", "retention"))
    found = {f"{section}.{name}": value for section, values in tree.items() for name, value in values.items()}
    assert found == {setting.key: setting.default for setting in SETTINGS}
    assert example == {"www.news.example": {setting.key: setting.default for setting in HOST_SETTINGS}}
    assert archive == {"our-archive": {setting.key: setting.default for setting in ARCHIVE_SETTINGS}}
    assert job == {"one-host": {setting.key: setting.default for setting in JOB_SETTINGS}}
    assert rule == {"raw": {setting.key: setting.default for setting in RETENTION_SETTINGS}}
    (tmp_path / "dateline.toml").write_text(text)
    assert load().values == {setting.key: setting.default for setting in SETTINGS}
    assert load().host_rules == {}
    assert load().archives == PLACES
    assert all(one.built_in for one in load().jobs)
    assert load().retention == ()


def test_the_examples_of_the_written_file_hold_when_they_are_no_comments_any_more(tmp_path):
    before, examples = render("news").split("# One host: its name")
    lines = [line.removeprefix("# ") for line in examples.splitlines()]
    said = "\n".join(line for line in lines if " = " in line or line.startswith("["))
    (tmp_path / "dateline.toml").write_text(before + "\n" + said)
    settings = load()
    assert settings.jobs[-1].id == "one-host"
    assert [rule.name for rule in settings.retention] == ["raw"]


def test_what_the_file_says_of_a_host_holds_for_exactly_that_host(tmp_path):
    (tmp_path / "dateline.toml").write_text(
        '[hosts."www.news.example"]\ndelay_s = 7\nverify_tls = false\n[hosts."old.example:8080"]\npaused = true\n'
    )
    settings = load()
    assert settings.host_rule("www.news.example") == HostRule(name="www.news.example", delay_s=7.0, verify_tls=False)
    assert settings.host_rule("old.example:8080").paused
    for other in ("news.example", "a.www.news.example", "old.example"):
        assert settings.host_rule(other) == HostRule(name=other)


def test_the_settings_of_a_host_are_the_fields_of_its_rule():
    fields = HostRule.__dataclass_fields__
    assert ["name", *(setting.key for setting in HOST_SETTINGS)] == list(fields)
    for setting in HOST_SETTINGS:
        assert fields[setting.key].default in {None, setting.default}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (
            '[hosts."a.example"]\nspeed = 3\n',
            '[hosts."a.example"] has no setting speed; it may say delay_s, per_day, paused',
        ),
        ('[hosts."a.example"]\ndelay_s = 0\n', 'hosts."a.example".delay_s must lie between 0.01 and 3600'),
        ('[hosts."a.example"]\ndelay_s = nan\n', "must lie between"),
        ('[hosts."a.example"]\ndelay_s = true\n', "must be a number, not True"),
        ('[hosts."a.example"]\npaused = 1\n', 'hosts."a.example".paused must be true or false'),
        ('[hosts."a.example"]\nverify_tls = "no"\n', "must be true or false"),
        ('[hosts]\n"a.example" = 3\n', 'what holds for a host stands below [hosts."a.example"]'),
        ("[hosts]\npaused = true\n", "what holds for a host stands below"),
        ("hosts = 3\n", "hosts stands outside a section"),
        ("[hosts.www.news.example]\ndelay_s = 3\n", 'needs quotes for its dots: [hosts."www.news.example"]'),
        ("[hosts.news.example]\n", 'needs quotes for its dots: [hosts."news.example"]'),
        ("[hosts]\nwww.news.example.delay_s = 3\n", '[hosts."www.news.example"]'),
        ('[hosts."http://a.example/x"]\n', 'is not written as a host: [hosts."a.example"]'),
        ('[hosts."a.example/x"]\n', '[hosts."a.example"]'),
        ('[hosts."A.Example"]\n', '[hosts."a.example"]'),
        ('[hosts."a.example:80"]\n', '[hosts."a.example"]'),
        ('[hosts."me@a.example"]\n', "is no host name"),
        ('[hosts."*.a.example"]\n', "is no host name"),
        ('[hosts."a b.example"]\n', "is no host name"),
        ('[hosts.""]\n', "is no host name"),
        ('[hosts."ftp://a.example"]\n', "is no host name"),
    ],
)
def test_a_wrong_table_of_a_host_is_named_with_the_fault_and_the_remedy(tmp_path, text, complaint):
    (tmp_path / "dateline.toml").write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        load()
    assert complaint in str(caught.value)
    assert str(caught.value).startswith(f"{tmp_path / 'dateline.toml'}: ")


def test_overrides_are_checked_too():
    with pytest.raises(ConfigurationError, match="command line"):
        load(".", {"crawl.nothing": 1})


def test_the_database_is_the_librarys_own_unless_named(tmp_path, monkeypatch):
    assert load(tmp_path).database_url == f"sqlite:///{tmp_path / 'dateline.db'}"
    monkeypatch.setenv("DATELINE_DATABASE", "postgresql+psycopg://db.example/news")
    assert load(tmp_path).database_url == "postgresql+psycopg://db.example/news"


@pytest.mark.parametrize("value", [True, False, 3, 2.5, "text"])
def test_values_are_written_as_toml_reads_them(value):
    assert tomllib.loads(f"x = {toml_value(value)}")["x"] == value
