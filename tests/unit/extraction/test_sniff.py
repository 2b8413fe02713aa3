import pytest

from crawler.extraction.sniff import foreign_format


@pytest.mark.parametrize(
    ("content", "content_type", "name"),
    [
        (b"%PDF-1.4 ...", "text/html", "a PDF document"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "text/html", "a JPEG image"),
        (b"\x89PNG\r\n\x1a\n....", "", "a PNG image"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8", "text/html", "a WebP image"),
        (b"\x00\x00\x00\x20ftypisom", "", "MP4 audio or video"),
        (b"ID3\x03\x00", "audio/mpeg", "MP3 audio"),
        (b'<?xml version="1.0"?><rss version="2.0"><channel>', "text/html", "an RSS feed"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<feed xmlns="http://www.w3.org/2005/Atom">', "", "an Atom feed"),
        (b"<?xml version='1.0'?><urlset>", "application/xml", "a sitemap"),
        (b"<?xml version='1.0'?><strange/>", "application/xml", "an XML document"),
        (b'  {"status": "gone"}', "text/html", "JSON data"),
        (b"some words", "text/css", "a response of type text/css"),
    ],
)
def test_what_is_no_page_is_named(content, content_type, name):
    assert foreign_format(content, content_type) == name


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"<!DOCTYPE html><html>", "text/html"),
        (b"<html><body>", "application/pdf"),
        (b"<?xml version='1.0'?><!DOCTYPE html PUBLIC ''><html xmlns=''>", "application/xml"),
        (b"<HTML><BODY><p>see our <rss> page", ""),
        ("\ufeff<html><body>".encode("utf-16-le"), "text/html"),
        (b"words without any markup", "text/html; charset=utf-8"),
        (b"", "text/html"),
    ],
)
def test_what_may_be_a_page_passes(content, content_type):
    assert foreign_format(content, content_type) == ""
