"""The demo's web archive: what it says to whom, and that it holds what the table of rescues promises."""

from __future__ import annotations

import html
import json
from email.utils import parsedate_to_datetime
from urllib.parse import urlencode, urlsplit

import pytest

from crawler.demo import ARCHIVE_SETTINGS
from crawler.demo.archived_pages import ARCHIVE_HOST, EXCLUDED, old_pages
from crawler.demo.expected import EXPECTED, RESCUES
from crawler.demo.layouts import story
from crawler.demo.site import Page, Request, redirect
from crawler.demo.site import html as page_of
from crawler.demo.web_archive import INDEX, Copy, archive_site
from crawler.urls import host_of
from storage.types import SearchState

URL = "http://www.paper.example/story?id=7"
HOST = "web.old.example"
BLOCKED = "AdministrativeAccessControlException"
COPIES = [
    Copy(at="20100301120000", url=URL, page=page_of("<p>first</p>")),
    Copy(at="20110301120000", url=URL, page=Page(status=404, body=b"gone")),
    Copy(at="20120301120000", url=URL, page=page_of("<p>third</p>"), lost=True),
    Copy(at="20130301120000", url=URL, page=redirect("http://www.paper.example/new")),
    Copy(at="20100301120000", url="http://www.hidden.example/", page=page_of("<p>hidden</p>")),
    Copy(at="20100301120000", url="http://www.paper.example/lost", page=page_of("<p>lost</p>"), lost=True),
]
ARCHIVE = archive_site(HOST, COPIES, {"hidden.example"})


def asked(target, site=ARCHIVE):
    _, route = site.find(target)
    page = route(Request(method="GET", host=site.host, target=target))
    return page, {name.lower(): value for name, value in page.headers}


def index(url=URL, site=ARCHIVE, **parameters):
    page, _ = asked(f"{INDEX}?{urlencode({'url': url, 'output': 'json', **parameters})}", site)
    assert (page.status, page.content_type) == (200, "application/json")
    return json.loads(page.body)


def stamps(rows):
    return [row[1] for row in rows[1:]]


def test_the_index_lists_a_copy_with_its_digest():
    names, first, *_ = index()
    row = dict(zip(names, first, strict=True))
    assert row | {"length": ""} == {
        "urlkey": "example,paper)/story?id=7",
        "timestamp": "20100301120000",
        "original": URL,
        "mimetype": "text/html",
        "statuscode": "200",
        "digest": "RU2EQ7HESOPLH3VM5QOR7TFMZN7FX626",
        "length": "",
    }
    assert int(row["length"]) > 0


def test_the_index_goes_by_surt_window_and_filter():
    assert len(stamps(index("https://paper.example/STORY?id=7"))) == 4
    assert stamps(index(**{"from": "2011", "to": "2012"})) == ["20110301120000", "20120301120000"]
    assert stamps(index(filter="!statuscode:4..")) == ["20100301120000", "20120301120000", "20130301120000"]
    assert stamps(index(filter="statuscode:3..")) == ["20130301120000"]
    assert index("http://www.paper.example/other") == []
    assert index(fl="timestamp,statuscode", limit="1") == [["timestamp", "statuscode"], ["20100301120000", "200"]]


def test_a_long_list_is_given_in_parts_with_a_key_for_the_next_one():
    *first, empty, (key,) = index(limit="2", showResumeKey="true")
    assert (stamps(first), empty) == (["20100301120000", "20110301120000"], [])
    last = index(limit="2", showResumeKey="true", resumeKey=key)
    assert stamps(last) == ["20120301120000", "20130301120000"]


def test_an_index_in_columns_is_given_to_who_wants_no_json():
    page, _ = asked(f"{INDEX}?{urlencode({'url': URL, 'limit': 1, 'showResumeKey': 'true', 'fl': 'timestamp'})}")
    line, empty, key, end = page.body.decode().split("\n")
    assert (line, empty, end) == ("20100301120000", "", "")
    assert key.endswith("+20100301120000")


def test_a_question_without_a_url_is_refused():
    assert asked(INDEX)[0].status == 400


def test_a_copy_is_replayed_under_its_own_moment():
    page, headers = asked(f"/web/20100301120000id_/{URL}")
    assert (page.status, page.body) == (200, b"<p>first</p>")
    assert parsedate_to_datetime(headers["memento-datetime"]).isoformat() == "2010-03-01T12:00:00+00:00"
    assert headers["x-archive-orig-content-type"] == "text/html; charset=utf-8"
    assert f'<{URL}>; rel="original"' in headers["link"]


def test_an_archived_404_is_a_memento_and_a_url_that_was_never_archived_is_none():
    archived, said = asked(f"/web/20110301120000id_/{URL}")
    assert (archived.status, archived.body) == (404, b"gone")
    assert "memento-datetime" in said
    for url in ("http://www.paper.example/never", "http://www.paper.example/lost"):
        never, said = asked(f"/web/20110301120000id_/{url}")
        assert never.status == 404
        assert "memento-datetime" not in said


@pytest.mark.parametrize(
    ("stamp", "nearest"),
    [("20120301120000", "20130301120000"), ("2012", "20110301120000"), ("20121301000000", "20110301120000")],
    ids=["a listed copy that is lost", "a year", "a month that there is not"],
)
def test_what_cannot_be_read_is_a_hop_to_the_nearest_copy(stamp, nearest):
    page, headers = asked(f"/web/{stamp}id_/{URL}")
    assert page.status == 302
    assert "memento-datetime" not in headers
    assert headers["location"] == f"http://{HOST}/web/{nearest}id_/{URL}"
    assert headers["x-archive-redirect-reason"] == f"found capture at {nearest}"


def test_an_archived_redirect_leads_back_into_the_archive():
    page, headers = asked(f"/web/20130301120000id_/{URL}")
    assert page.status == 301
    assert headers["location"] == f"http://{HOST}/web/20130301120000id_/http://www.paper.example/new"
    assert headers["x-archive-orig-location"] == "http://www.paper.example/new"


def test_an_excluded_host_is_refused_in_both_places():
    for target in (f"{INDEX}?url=http://hidden.example/any", "/web/20100301120000id_/http://www.hidden.example/"):
        page, headers = asked(target)
        assert page.status == 403
        assert BLOCKED in headers["x-archive-wayback-runtime-error"]
        assert "memento-datetime" not in headers


@pytest.mark.parametrize("target", ["/", "/web/", "/web/2010id_/", "/web/20100301120000id_/http://[", "/nothing"])
def test_what_is_no_question_gets_a_page_of_the_archive(target):
    page, headers = asked(target)
    assert page.status in {400, 404}
    assert "memento-datetime" not in headers


# -- the demo's own --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rescue", [rescue for rescue in RESCUES if rescue.accepted], ids=lambda rescue: rescue.cited_url
)
def test_every_promised_copy_is_there_and_tells_its_story(rescue):
    site = old_pages()
    listed = stamps(index(rescue.cited_url, site))
    assert {stamp for stamp, _ in rescue.rejected} | {rescue.asked_for or rescue.accepted} <= set(listed)
    page, headers = asked(f"/web/{rescue.asked_for or rescue.accepted}id_/{rescue.cited_url}", site)
    if "location" in headers:
        target = headers["location"].removeprefix(f"http://{ARCHIVE_HOST}")
        page, headers = asked(f"/web/{rescue.accepted}id_/{target.split('id_/')[1]}", site)
    text = html.unescape(page.body.decode("cp1252" if b"iso-8859-1" in page.body else "utf-8"))
    assert all(paragraph in text for paragraph in story(rescue.story).paragraphs)
    assert "$" not in text


def test_what_is_said_to_be_missing_is_missing():
    site = old_pages()
    for rescue in RESCUES:
        page, _ = asked(f"{INDEX}?{urlencode({'url': rescue.cited_url, 'output': 'json'})}", site)
        match rescue.state:
            case SearchState.NEVER_ARCHIVED | None:
                assert page.body == b"[]\n"
            case SearchState.EXCLUDED:
                assert page.status == 403
                assert host_of(rescue.cited_url).removeprefix("www.") in EXCLUDED
            case _:
                assert page.body != b"[]\n"


def test_rescues_are_of_cited_urls_and_each_stands_there_once():
    cited = {expected.cited_url for expected in EXPECTED}
    urls = [rescue.cited_url for rescue in RESCUES]
    assert set(urls) <= cited
    assert len(set(urls)) == len(urls)


def test_the_settings_lead_to_the_invented_archive_only():
    named = [word.strip('"') for word in ARCHIVE_SETTINGS.split() if word.startswith('"http')]
    assert len(named) == 3
    assert {urlsplit(url).hostname for url in named} == {ARCHIVE_HOST}
