"""No text makes the parsers of dates raise, and no page gives a date that lies after its capture."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.extraction.calendars import ascii_digits, persian_day
from crawler.extraction.dates import mentions, parse_machine, stated_day
from crawler.extraction.document import parse_page
from crawler.extraction.metadata.times import find_times
from crawler.extraction.page import Found, Ruled
from storage.types import DatePrecision

PIECES = st.sampled_from(
    [
        *("5", "05", "13", "31", "99", "2009", "2030", "1387", "2552", "20090305", "1236263400", "٥", "２０", "元"),
        *("March", "mars", "марта", "มีนาคม", "اسفند", "平成", "年", "月", "日", "tháng", "năm", "พ.ศ."),
        *(
            " ",
            " ",
            "/",
            "-",
            ".",
            ":",
            ",",
            "T",
            "Z",
            "+01:00",
            "GMT",
            "UTC+3",
            "ET",
            "BST",
            "мск",
            "EST",
            "p.m.",
            "14:30",
            "(",
            "Published:",
        ),
        *("Updated", "©", "ago", "3 hours ago", "\x00", "\ud800"),
    ]
)
WRITTEN = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=12).map("".join))
LANGUAGES = st.sampled_from(["", "en", "de", "fa", "th", "ja", "zz", "../x"])
CAPTURED = datetime(2010, 6, 1, 12, tzinfo=UTC)
PROSE = "<p>" + "The council voted on Tuesday to approve the budget, officials said. " * 5 + "</p>"


@given(WRITTEN, LANGUAGES, st.booleans(), st.sampled_from([0, 2010]))
@settings(max_examples=300)
def test_every_mention_stands_in_its_text(text, language, month_first, until):
    for mention in mentions(text, language=language, month_first=month_first, short_years_until=until):
        assert 0 <= mention.start < mention.end <= len(text)
        assert mention.raw == text[mention.start : mention.end].strip()
        assert mention.value.utcoffset() == timedelta(0)
        assert abs(mention.value.date() - mention.day) <= timedelta(days=1)
        other = mention.other_reading()
        assert other is None or (other.day.day, other.day.month) == (mention.day.month, mention.day.day)


@given(WRITTEN, LANGUAGES)
@settings(max_examples=200)
def test_the_stated_day_is_at_most_one_day_away(text, language):
    mention = parse_machine(text, language=language)
    if mention is not None:
        dated = mention.dated("x")
        assert abs(stated_day(dated) - dated.value.date()) <= timedelta(days=1)
        if dated.precision is DatePrecision.DAY:
            assert stated_day(dated) == dated.value.date()


@given(st.text())
def test_digits_keep_their_places(text):
    assert len(ascii_digits(text)) == len(text)


@given(st.integers(1300, 1499), st.integers(1, 12), st.integers(1, 29))
def test_persian_days_follow_each_other(year, month, day):
    assert persian_day(year, month, day + 1) - persian_day(year, month, day) == timedelta(days=1)


@given(WRITTEN, WRITTEN, WRITTEN, WRITTEN, LANGUAGES)
@settings(max_examples=120, deadline=None)
def test_no_date_lies_after_the_capture(stated, line, attribute, ruled, language):
    quoted = attribute.replace("'", "").replace("<", "")
    source = (
        f"<html><head><meta name=pubdate content='{quoted}'><meta name=lastmod content='{quoted}'></head><body>"
        f"<h1>Council votes</h1><p>{line.replace('<', '')}</p><time datetime='{quoted}'>x</time>{PROSE}</body></html>"
    )
    page = parse_page(source, f"http://www.paper.example/{stated}", CAPTURED)
    fields = {"published_at": Found(value=ruled, evidence="rule")}
    times = find_times(page, "Council votes", language, Ruled(rule="r", fields=fields))
    for time in (times.published, times.modified):
        if time is not None:
            assert time.value <= CAPTURED + timedelta(hours=14)
    assert set(times.confidence) == {
        name for name, time in (("published_at", times.published), ("modified_at", times.modified)) if time
    }
