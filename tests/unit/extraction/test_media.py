"""Pages that show a video or play a sound, and pages that only carry a player."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.classify.reading import read_page
from crawler.extraction import PageInput
from crawler.extraction.article import extract
from crawler.extraction.document import parse_page
from crawler.extraction.metadata.media import described, find_media, medium_of, seconds_of
from storage.types import MediaItem, Medium, Outcome

HEADLINE = "Flood gate closes for repairs"
FILM = {
    "@type": "VideoObject",
    "name": HEADLINE,
    "description": "Workers lower the second gate into the water.",
    "duration": "PT2M35S",
    "contentUrl": "/media/gate.mp4",
}


def page_of(head="", body="", url="http://tv.example/video/2011/gate.html"):
    page = parse_page(f"<html><head>{head}</head><body>{body}</body></html>", url, datetime(2020, 1, 1, tzinfo=UTC))
    assert page is not None
    return page


def ld(*nodes):
    return f'<script type="application/ld+json">{json.dumps(list(nodes))}</script>'


def test_a_declared_video_is_described():
    page = page_of(ld(FILM), url="http://tv.example/x/1")
    media = find_media(page, HEADLINE)
    assert media == (
        MediaItem(
            medium=Medium.VIDEO,
            name=HEADLINE,
            description="Workers lower the second gate into the water.",
            url="http://tv.example/media/gate.mp4",
            seconds=155,
        ),
    )
    assert medium_of(page, media, words=40) is Medium.VIDEO
    assert described(media) == f"a video of 2:35: {HEADLINE} Workers lower the second gate into the water."


def test_a_report_with_a_video_of_another_story_stays_text():
    other = {**FILM, "name": "Weather at noon"}
    article = {"@type": "NewsArticle", "headline": HEADLINE}
    assert find_media(page_of(ld(article, other)), HEADLINE) == ()


def test_a_video_beside_a_whole_report_is_kept_but_the_page_is_text():
    page = page_of(ld({"@type": "NewsArticle", "headline": HEADLINE, "video": FILM}), url="http://tv.example/news/1")
    media = find_media(page, HEADLINE)
    assert [item.seconds for item in media] == [155]
    assert medium_of(page, media, words=600) is Medium.TEXT


def test_a_podcast_by_its_address_and_player():
    page = page_of(
        '<meta name="description" content="The gate, explained in ten minutes.">',
        '<audio><source src="gate.mp3"></audio>',
        url="http://radio.example/podcasts/gate.html",
    )
    media = find_media(page, HEADLINE)
    assert [(item.medium, item.url) for item in media] == [(Medium.AUDIO, "http://radio.example/podcasts/gate.mp3")]
    assert medium_of(page, media, words=10) is Medium.AUDIO


def test_preview_tags_that_call_the_page_a_video():
    page = page_of(
        '<meta property="og:type" content="video.other"><meta property="og:video" content="http://tv.example/v.mp4">'
        '<meta property="video:duration" content="61">',
        url="http://tv.example/1",
    )
    (item,) = find_media(page, HEADLINE)
    assert (item.medium, item.url, item.seconds) == (Medium.VIDEO, "http://tv.example/v.mp4", 61)


def test_a_player_on_a_page_that_is_no_video_page_says_nothing():
    body = '<iframe src="https://www.youtube.com/embed/abc"></iframe><video src="/ad.mp4"></video>'
    assert find_media(page_of("", body, url="http://paper.example/news/1.html"), HEADLINE) == ()
    (item,) = find_media(page_of("", body), HEADLINE)
    assert item.url == "https://www.youtube.com/embed/abc"


@pytest.mark.parametrize(
    ("stated", "seconds"),
    [
        *(("PT1H2M3S", 3723), ("P1DT1S", 86401), ("2:35", 155), ("1:02:03", 3723), (90, 90), ("90.5", 90)),
        *((wrong, None) for wrong in ("PT0S", "", None, "soon", True, {}, "9" * 30, "PT9")),
    ],
)
def test_durations(stated, seconds):
    assert seconds_of(stated) == seconds


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["@type", "name", "video", "url", "duration", "contentUrl", "@id"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(JSON, st.sampled_from(["VideoObject", "NewsArticle", ["AudioObject"]]))
def test_no_structured_data_raises(value, kind):
    node = {"@type": kind, "name": value, "video": value, "duration": value, "contentUrl": value, "description": value}
    media = find_media(page_of(ld(node)), HEADLINE)
    assert all(item.seconds is None or item.seconds >= 0 for item in media)
    assert isinstance(described(media), str)


def test_a_video_page_without_a_report_is_described_in_the_outcome():
    head = f"<title>{HEADLINE}</title>{ld(FILM)}"
    content = f"<html><head>{head}</head><body><h1>{HEADLINE}</h1><video src='/g.mp4'></video></body></html>"
    reading = read_page(
        PageInput(
            url="http://tv.example/video/2011/gate.html",
            content=content.encode(),
            content_type="text/html",
            captured_at=datetime(2020, 1, 1, tzinfo=UTC),
        )
    )
    assert reading.outcome is Outcome.NO_ARTICLE
    assert reading.detail.endswith(f"a video of 2:35: {HEADLINE} Workers lower the second gate into the water.")


def test_a_video_with_a_summary_is_an_article_of_that_medium():
    told = "The second gate was lowered into the water on Tuesday, and the engineers explain how it is repaired. " * 4
    article = extract(
        PageInput(
            url="http://tv.example/video/2011/gate.html",
            content=f"<title>{HEADLINE}</title>{ld(FILM)}<h1>{HEADLINE}</h1><p>{told}</p>".encode(),
            content_type="text/html",
            captured_at=datetime(2020, 1, 1, tzinfo=UTC),
        )
    )
    assert (article.medium, article.media[0].seconds) == (Medium.VIDEO, 155)
