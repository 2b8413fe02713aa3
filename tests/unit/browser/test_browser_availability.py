"""Whether there is a browser, and the words for where there is none."""

import importlib.util
import subprocess
import sys

import pytest

from crawler.browser import available, missing_reason
from crawler.browser.availability import browser_path
from crawler.configuration import load


@pytest.fixture
def program(tmp_path):
    path = tmp_path / "some-browser"
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def installed(monkeypatch):
    """Every package is there, whatever this environment has."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: object())


def configured(tmp_path, **settings):
    return load(tmp_path, {f"crawl.{name}": value for name, value in settings.items()})


def test_a_library_that_wants_no_browser_has_none(tmp_path, installed):
    configuration = configured(tmp_path)
    assert not available(configuration)
    assert "crawl.browser is false" in missing_reason(configuration)


def test_a_named_program_is_taken(tmp_path, installed, program):
    configuration = configured(tmp_path, browser=True, browser_path=str(program))
    assert browser_path(configuration) == str(program)
    assert available(configuration)
    assert missing_reason(configuration) == ""


def test_the_systems_browser_is_found_in_the_search_path(tmp_path, installed, program, monkeypatch):
    program.rename(program.with_name("chromium-browser"))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert browser_path(configured(tmp_path, browser=True)) == str(tmp_path / "chromium-browser")


def test_a_named_program_that_is_none_is_told_and_no_other_is_taken(tmp_path, installed, program):
    program.chmod(0o644)
    configuration = configured(tmp_path, browser=True, browser_path=str(program))
    assert not available(configuration)
    assert f"crawl.browser_path names {program}" in missing_reason(configuration)


def test_without_any_browser_the_names_that_were_looked_for_are_told(tmp_path, installed, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    reason = missing_reason(configured(tmp_path, browser=True))
    assert "chromium, chromium-browser, google-chrome-stable" in reason
    assert "crawl.browser_path" in reason


@pytest.mark.parametrize("absent", ["scrapy_playwright", "playwright"])
def test_a_package_that_is_not_installed_is_told_with_the_remedy(tmp_path, monkeypatch, absent, program):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == absent else object())
    reason = missing_reason(configured(tmp_path, browser=True, browser_path=str(program)))
    assert reason == f"the Python package {absent} is not installed: pip install 'dateline[browser]'"


def test_asking_imports_nothing_that_commands_would_wait_for():
    heavy = ("playwright", "scrapy_playwright", "scrapy", "tldextract")
    code = f"import sys, crawler.browser; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
