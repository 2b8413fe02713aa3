"""No input makes the classifier raise; nothing in its verdict depends on anything but the input."""

from datetime import UTC, date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.classify import reconsider
from crawler.classify.reading import classify, probe_fingerprint, read_page
from crawler.extraction import PageInput
from storage.types import Citation, HostProbe, PageKind, Redirect

CAPTURED = datetime(2010, 6, 1, 12, tzinfo=UTC)
PROSE = "<p>" + "The council voted on Tuesday to approve the budget, officials said after the debate. " * 30 + "</p>"

PIECES = st.sampled_from(
    [
        "<h1>Page not found</h1>",
        "<p>Please log in to read this story.</p>",
        "<form><input type=password><button>Accept all</button></form>",
        "<script>window._cf_chl_opt={}</script>",
        "<noscript>Enable JavaScript</noscript><div id=root></div>",
        "<h3><a href=/a/1>Crane number one learns to sing</a></h3><p>It sang for nine hours on Monday.</p>",
        "<meta http-equiv=refresh content='0;url=http://[x'>",
        '<script type="application/ld+json">{"@type":["VideoObject",7],"headline":{}}</script>',
        "<p>安全验证 请完成人机验证</p>",
        "<table><tr><td>12:40<td>" + "word " * 30,
        "<iframe src='//player.example/x'></iframe><img width=abc><figcaption>One</figcaption>",
        "<frameset><frame src=a></frameset>",
        "</div></p></b>",
    ]
)
MARKUP = st.lists(st.one_of(PIECES, st.text(max_size=60)), max_size=14).map("".join)
URLS = st.one_of(
    st.sampled_from(
        ["http://a.example/", "http://a.example/2009/x-y-z.html", "http://[", "", "//", "http://a.example/404?x=%zz"]
    ),
    st.text(max_size=40),
)
HEADERS = st.lists(
    st.tuples(st.sampled_from(["Server", "cf-mitigated", "X-Robots-Tag", "set-cookie", ""]), st.text(max_size=20)),
    max_size=5,
).map(tuple)
CITATIONS = st.lists(
    st.builds(
        Citation,
        event_key=st.just("e"),
        event_date=st.dates(date(1900, 1, 1), date(2100, 1, 1)),
        headline=st.text(max_size=60),
    ),
    max_size=3,
).map(tuple)
PROBES = st.one_of(
    st.none(),
    st.builds(
        HostProbe,
        probed_at=st.just(CAPTURED),
        url=st.just("http://a.example/no"),
        status=st.integers(100, 599),
        final_url=URLS,
        fingerprint=st.lists(st.integers(-(2**63), 2**63 - 1), max_size=5).map(tuple),
    ),
)
PAGES = st.builds(
    PageInput,
    url=URLS,
    content=st.one_of(MARKUP.map(lambda text: text.encode("utf-8", "replace")), st.binary(max_size=300)),
    content_type=st.sampled_from(["", "text/html", "text/html; charset=x", "application/pdf"]),
    captured_at=st.just(CAPTURED),
    status=st.sampled_from([200, 203, 403, 404, 503]),
    headers=HEADERS,
    requested_url=URLS,
    redirects=st.lists(st.builds(Redirect, url=URLS, status=st.just(302)), max_size=2).map(tuple),
    citations=CITATIONS,
    probe=PROBES,
    rendered=st.booleans(),
)


@settings(max_examples=250, deadline=None)
@given(PAGES)
def test_every_page_has_a_verdict_and_the_same_one_again(page):
    reading = read_page(page)
    assert reading.verdict == classify(page)
    assert reading == read_page(page)
    assert 0 <= reading.verdict.score <= 1
    assert all(len(clue.detail) <= 200 for clue in reading.verdict.clues)
    assert reading.article is None or reading.verdict.kind in {PageKind.ARTICLE, PageKind.TEASER, PageKind.LIVE_BLOG}
    assert not (page.rendered and reading.verdict.kind is PageKind.NEEDS_JAVASCRIPT)


@settings(max_examples=100, deadline=None)
@given(PAGES, st.integers(0, 10))
def test_reconsidering_is_repeatable(page, repeats):
    verdict = reconsider(classify(page), repeats=repeats)
    assert reconsider(verdict, repeats=repeats) == verdict
    assert verdict.page_digest == classify(page).page_digest


@settings(max_examples=100, deadline=None)
@given(st.lists(PIECES, max_size=4).map("".join))
def test_a_long_report_stands_against_whatever_is_put_beside_it(noise):
    page = PageInput(
        url="http://a.example/2009/03/budget-vote.html",
        content=f"<html><head><title>Council votes on budget</title></head><body>{PROSE}{noise}</body></html>".encode(),
        content_type="text/html",
        captured_at=CAPTURED,
    )
    assert classify(page).kind in {PageKind.ARTICLE, PageKind.TEASER, PageKind.LIVE_BLOG}


@settings(max_examples=100, deadline=None)
@given(PAGES)
def test_fingerprints_are_sorted_and_fit_in_64_bits(page):
    found = probe_fingerprint(page)
    assert list(found) == sorted(set(found))
    assert all(-(2**63) <= number < 2**63 for number in found)
