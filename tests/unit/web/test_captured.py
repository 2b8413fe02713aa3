"""As what captured bytes are given to a browser."""

from datetime import UTC, datetime

import pytest

from crawler.web.captured import given_as, headers_of
from crawler.web.guarding.headers import IN_OWN_FRAME
from storage.captures.messages import media_type
from storage.types import Capture, CaptureKind, RecordLocation

MOMENT = datetime(2026, 3, 1, tzinfo=UTC)


def capture(content_type, kind=CaptureKind.LIVE):
    headers = (("Set-Cookie", "a=b"), ("content-TYPE", content_type)) if content_type else (("Refresh", "0"),)
    return Capture(
        kind=kind,
        url="http://strange.example/",
        captured_at=MOMENT,
        fetched_at=MOMENT,
        status=200,
        headers=headers,
        media_type=media_type(headers),
        payload_digest="",
        payload_length=0,
        location=RecordLocation(file="a.warc.gz", offset=0, length=1, record_id="urn:uuid:a"),
        id=7,
    )


@pytest.mark.parametrize(
    ("stored", "given"),
    [
        ("text/html; charset=ISO-8859-1", "text/html; charset=iso-8859-1"),
        ('TEXT/HTML;charset="windows-1251"', "text/html; charset=windows-1251"),
        ("text/html; charset=utf-7", "text/html"),
        ("text/html; charset=hz-gb-2312", "text/html"),
        ("text/html; charset=\N{LATIN SMALL LETTER E WITH ACUTE}", "text/html"),
        ("text/html; charset=x\r\nSet-Cookie: a", "text/html; charset=x"),
        ("application/xhtml+xml; charset=utf-8", "text/html; charset=utf-8"),
        ("text/plain", "text/plain; charset=utf-8"),
        ("", "text/plain; charset=utf-8"),
        ("nonsense", "text/plain; charset=utf-8"),
        ("image/svg+xml", "text/plain; charset=utf-8"),
        ("text/xml", "text/plain; charset=utf-8"),
        ("application/rss+xml; charset=latin-1", "text/plain; charset=latin-1"),
        ("application/javascript", "text/plain; charset=utf-8"),
        ("text/css", "text/plain; charset=utf-8"),
        ("image/png", "image/png"),
        ("image/jpeg", "image/jpeg"),
        ("image/gif", "image/gif"),
        ("image/webp", "image/webp"),
    ],
)
def test_only_few_types_are_given_as_themselves(stored, given):
    headers = headers_of(capture(stored))
    assert headers == {**IN_OWN_FRAME, "Content-Type": given}


@pytest.mark.parametrize("stored", ["application/pdf", "application/x-msdownload", "multipart/mixed", "image/tiff"])
def test_all_else_is_a_file_to_be_saved(stored):
    headers = headers_of(capture(stored))
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["Content-Disposition"] == 'attachment; filename="capture-7.bin"'


def test_imported_texts_are_utf_8():
    assert given_as(capture("text/markdown", CaptureKind.IMPORTED)).content_type == "text/plain; charset=utf-8"
