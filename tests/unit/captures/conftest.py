from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.captures import CaptureWriter
from storage.types import Capture, Exchange

FETCHED_AT = datetime(2026, 3, 4, 5, 6, 7, 89, tzinfo=UTC)
RUN = "0123456789abcdef"
PAGE = b"<html><title>Ferry service resumes</title><p>The harbour opened at dawn.</p></html>" * 20


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "library" / "captures"


@pytest.fixture
def exchange() -> Callable[..., Exchange]:
    def make(payload: bytes = PAGE, url: str = "http://news.example/harbour?id=7", **changes) -> Exchange:
        facts = {
            "url": url,
            "request_headers": (("User-Agent", "dateline-test"), ("Accept", "text/html")),
            "status": 200,
            "reason": "OK",
            "headers": (("Content-Type", "text/html; charset=utf-8"), ("Server", "invented")),
            "payload": payload,
            "fetched_at": FETCHED_AT,
            "remote_address": "192.0.2.7",
        }
        return Exchange(**{**facts, **changes})

    return make


@pytest.fixture
def writer(folder: Path):
    with CaptureWriter(folder, token=RUN, software="dateline/test", operator="Test <t@example>") as one:
        yield one


@pytest.fixture
def committed() -> Callable[..., Callable[[str], int]]:
    def ends(*captures: Capture) -> Callable[[str], int]:
        def committed_end(name: str) -> int:
            places = [capture.location for capture in captures if capture.location.file == name]
            return max((place.offset + place.length for place in places), default=0)

        return committed_end

    return ends
