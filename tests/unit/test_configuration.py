import tomllib

import pytest

from crawler.configuration import SETTINGS, load, render, toml_value
from crawler.errors import ConfigurationError


@pytest.fixture(autouse=True)
def no_surroundings(monkeypatch, tmp_path):
    monkeypatch.delenv("DATELINE_LIBRARY", raising=False)
    monkeypatch.delenv("DATELINE_DATABASE", raising=False)
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
    switched_on = "\n".join(
        line.removeprefix("# ") if " = " in line and line.startswith("# ") else line for line in text.splitlines()
    )
    tree = tomllib.loads("\n".join(line for line in switched_on.splitlines() if " = " in line or line.startswith("[")))
    found = {f"{section}.{name}": value for section, values in tree.items() for name, value in values.items()}
    assert found == {setting.key: setting.default for setting in SETTINGS}
    (tmp_path / "dateline.toml").write_text(text)
    assert load().values == {setting.key: setting.default for setting in SETTINGS}


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
