"""Our browser handler in a process of its own, and the smallest pages to show it."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from crawler.demo.site import Page, html

PROBE = Path(__file__).with_name("browser_probe.py")
SETTINGS = {"browser": True, "timeout_s": 12.0, "delay_s": 0.05, "max_mb": 1.0}


def script(text):
    return Page(body=text.encode(), content_type="text/javascript")


def data(text):
    return Page(body=text.encode(), content_type="application/json")


def shell(text, head=""):
    return html(
        f"<!doctype html><html><head>{head}</head><body><div id=root></div><script>{text}</script></body></html>"
    )


def shows(text):
    return f"document.getElementById('root').append({json.dumps(text)});"


@dataclass
class Probed:
    """What a probe said."""

    pages: dict = field(default_factory=dict)
    stats: dict = field(default_factory=dict)
    errors: str = ""


def start_probe(folder, urls, **asked):
    settings = SETTINGS | asked.pop("settings", {})
    asked = {"library": str(folder), "urls": urls, "settings": settings} | asked
    return subprocess.Popen(
        [sys.executable, str(PROBE), json.dumps(asked)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def finish_probe(process):
    try:
        out, errors = process.communicate(timeout=150)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        out, errors = process.communicate()
        pytest.fail(f"the probe hangs:\n{out}\n{errors}")
    assert process.returncode == 0, errors
    said = [json.loads(line) for line in out.splitlines()]
    assert "stats" in said[-1], (out, errors)
    return Probed({page["url"]: page for page in said[:-1]}, said[-1]["stats"], errors)


def probe(folder, urls, **asked):
    return finish_probe(start_probe(folder, urls, **asked))


def broken_browser(folder):
    path = folder / "broken-browser"
    path.write_text("#!/bin/sh\nexit 3\n")
    path.chmod(0o755)
    return path
