from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from crawler.extraction import zones
from crawler.extraction.calendars import ascii_digits, persian_day
from crawler.extraction.dates import mentions, parse_machine, stated_day

DAY = datetime(2009, 3, 5, tzinfo=UTC)


def at(hour, minute, second=0, day=5):
    return datetime(2009, 3, day, hour, minute, second, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "value", "precision"),
    [
        ("2009-03-05T14:30:00-05:00", at(19, 30), "second"),
        ("2009-03-05T14:30:00.000+0000", at(14, 30), "second"),
        ("2009-03-05T14:30Z", at(14, 30), "minute"),
        ("2009-03-05", DAY, "day"),
        ("2009-03-05 14:30:00", DAY, "day"),
        ("20090305", DAY, "day"),
        ("20090305143000", DAY, "day"),
        ("20090305T143000Z", at(14, 30), "second"),
        ("2009-03", datetime(2009, 3, 1, tzinfo=UTC), "month"),
        ("1236263400", at(14, 30), "second"),
        ("1236263400000", at(14, 30), "second"),
        ("Thu, 05 Mar 2009 14:30:00 GMT", at(14, 30), "second"),
        ("Thu Mar 05 2009 14:30:00 GMT-0500 (EST)", at(19, 30), "second"),
    ],
)
def test_times_for_programs(text, value, precision):
    parsed = parse_machine(text)
    assert (parsed.value, parsed.precision) == (value, precision)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("March 5, 2009", "en"),
        ("5th March 2009", "en"),
        ("Mar. 5, 2009", "en"),
        ("5 March, 2009", ""),
        ("5. März 2009", "de"),
        ("le 5 mars 2009", "fr"),
        ("5 de marzo de 2009", "es"),
        ("5 марта 2009 г.", "ru"),
        ("5 marca 2009", "pl"),
        ("2009年3月5日", "zh"),
        ("2009년 3월 5일", "ko"),
        ("05.03.2009", "de"),
        ("05/03/2009", "fr"),
        ("2009/03/05", "ja"),
        ("05-03-2009", "nl"),
        ("5. 3. 2009", "cs"),
        ("5/Mar/2009", "en"),
        ("2009-Mar-05", "en"),
        ("5 tháng 3, 2009", "vi"),
        ("ngày 5 tháng 3 năm 2009", "vi"),
        ("平成21年3月5日", "ja"),
        ("5 มีนาคม 2552", "th"),
        ("٥ مارس ٢٠٠٩", "ar"),
        ("۱۵ اسفند ۱۳۸۷", "fa"),
        ("۱۳۸۷/۱۲/۱۵", "fa"),
        ("5 במרץ 2009", "he"),
        ("5 मार्च 2009", "hi"),
    ],
)
def test_days_for_readers(text, language):
    (mention,) = mentions(text, language=language)
    assert (mention.value, mention.precision) == (DAY, "day")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("March 5, 2009 2:30 p.m. EST", at(19, 30)),
        ("Published: 14:30 GMT, Thursday, 5 March 2009", at(14, 30)),
        ("5 March 2009 | 14.30 CET", at(13, 30)),
        ("Posted Mar 5, 2009 at 12:05 AM PST", at(8, 5)),
        ("5 Mar 2009 23:30 +0900", at(14, 30)),
        ("5 March 2009, 14:20 UTC+3", at(11, 20)),
        ("5 March 2009, 14:20 (GMT+3)", at(11, 20)),
        ("5 March 2009, 14:20 UTC +03", at(11, 20)),
        ("5 March 2009, 14:20 GMT+10", at(4, 20)),
        ("5 March 2009, 14:20 GMT-05:00", at(19, 20)),
        ("5 March 2009, 14:20 UTC\u22125", at(19, 20)),
        ("5 March 2009, 14:20 UTC+5:30", at(8, 50)),
        ("5 March 2009, 14:20 UTC+0530", at(8, 50)),
        ("5 March 2009, 14:20 GMT - 3 comments", at(14, 20)),
        ("14:20 GMT - 5 March 2009", at(14, 20)),
        ("March 5, 2009, 2:20 PM ET", at(19, 20)),
        ("March 5, 2009, 2:20 p.m. CT", at(20, 20)),
        ("March 5, 2009, 2:20 PM (MT)", at(21, 20)),
        ("March 5, 2009, 2:20 PM PT", at(22, 20)),
        ("5 марта 2009, 14:20 МСК", at(11, 20)),
    ],
)
def test_a_clock_with_a_zone_gives_the_minute(text, value):
    (mention,) = mentions(text, language="en")
    assert (mention.value, mention.precision, mention.day) == (value, "minute", DAY.date())


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("July 16, 2016, 4:19 PM ET", datetime(2016, 7, 16, 20, 19, tzinfo=UTC)),
        ("July 16, 2016, 4:19 PM PT", datetime(2016, 7, 16, 23, 19, tzinfo=UTC)),
        ("March 20, 2006, 4:19 PM ET", datetime(2006, 3, 20, 21, 19, tzinfo=UTC)),
        ("March 20, 2007, 4:19 PM ET", datetime(2007, 3, 20, 20, 19, tzinfo=UTC)),
        ("16 July 2016 14:19 BST", datetime(2016, 7, 16, 13, 19, tzinfo=UTC)),
        ("16 January 2012 14:19 MSK", datetime(2012, 1, 16, 10, 19, tzinfo=UTC)),
        ("16 January 2016 14:19 мск", datetime(2016, 1, 16, 11, 19, tzinfo=UTC)),
    ],
)
def test_the_clock_of_a_place_is_read_by_the_stated_date(text, value):
    (mention,) = mentions(text)
    assert (mention.value, mention.precision, mention.raw) == (value, "minute", text)


def test_without_zone_data_the_clock_of_a_place_leaves_the_day(monkeypatch):
    def no_data(key):
        raise zones.ZoneInfoNotFoundError(key)

    monkeypatch.setattr(zones, "ZoneInfo", no_data)
    for text in ("March 5, 2009 2:20 PM ET", "5 March 2009 14:20 BST", "5 March 2009 14:20 MSK"):
        assert [(one.value, one.precision) for one in mentions(text)] == [(DAY, "day")]


@pytest.mark.parametrize(
    "text",
    [
        *("March 5, 2009 2:30 p.m. IST", "5 March 2009, 14:30 Uhr", "2009-03-05 25:30 GMT", "5 March 2009 14:30 BST"),
        *(
            "5 mars 2009 14:30 et encore",
            "5 March 2009 10:00-16:00",
            "5 March 2009 14:30 UTC+27",
            "5 March 2009 14:30 X",
        ),
    ],
)
def test_a_clock_without_a_known_zone_leaves_the_day(text):
    (mention,) = mentions(text)
    assert (mention.value, mention.precision) == (DAY, "day")


@pytest.mark.parametrize(
    "text",
    ["", "March 2009", "5 March", "31 February 2009", "32.01.2009", "call 0203 2009", "Copyright 2009", "5 Story 2009"],
)
def test_what_is_no_full_date_is_none(text):
    assert list(mentions(text, language="en")) == []


def test_the_order_of_numbers_follows_the_reader_unless_only_one_is_possible():
    def read(text, **options):
        return next(mentions(text, **options)).value

    assert read("3/5/2009", month_first=True) == DAY
    assert read("5/3/2009", month_first=False) == DAY
    assert read("3/25/2009", month_first=False) == datetime(2009, 3, 25, tzinfo=UTC)
    assert read("25/3/2009", month_first=True) == datetime(2009, 3, 25, tzinfo=UTC)
    assert read("5.3.2009", month_first=True) == DAY


def test_several_dates_keep_their_own_clocks():
    first, second = mentions("Posted 5 March 2009 14:30 GMT, updated 6 March 2009 09:00 GMT")
    assert (first.value, second.value) == (at(14, 30), at(9, 0, day=6))


def test_the_page_language_decides_between_months():
    czech, croatian = (next(mentions("5. listopad 2009", language=code)).value.month for code in ("cs", "hr"))
    assert (czech, croatian) == (11, 10)


@pytest.mark.parametrize(
    ("year", "month", "day", "gregorian"),
    [
        (1400, 1, 1, date(2021, 3, 21)),
        (1399, 12, 30, date(2021, 3, 20)),
        (1387, 12, 15, date(2009, 3, 5)),
        (1382, 10, 9, date(2003, 12, 30)),
        (1403, 7, 1, date(2024, 9, 22)),
        (1387, 13, 1, None),
        (1387, 7, 31, None),
        (2009, 1, 1, None),
    ],
)
def test_persian_days(year, month, day, gregorian):
    assert persian_day(year, month, day) == gregorian


def test_a_persian_year_in_figures_needs_a_persian_page():
    assert list(mentions("1387/12/15", language="en")) == []


def test_other_digits_keep_the_length():
    assert ascii_digits("٥/٣ ๒๕๕๒ ２０") == "5/3 2552 20"


def test_years_of_two_digits_are_read_only_where_they_are_asked_for():
    assert list(mentions("28.01.22 / 0 Kommentare", language="de")) == []
    (new,) = mentions("28.01.22 / 0 Kommentare", language="de", short_years_until=2022)
    (old,) = mentions("28.01.99", language="de", short_years_until=2022)
    assert (new.day, old.day) == (date(2022, 1, 28), date(1999, 1, 28))


@pytest.mark.parametrize("text", ["version 1.2.03.4", "28.01.22 €", "12.30.15 Uhr", "1/2/3"])
def test_what_only_looks_like_a_short_date_is_none(text):
    assert list(mentions(text, short_years_until=2022)) == []


def test_the_other_reading_of_a_numeric_date():
    (both,) = mentions("03/05/2009 14:30 GMT", month_first=True)
    assert (both.day, both.other_reading().day) == (date(2009, 3, 5), date(2009, 5, 3))
    assert both.other_reading().value == datetime(2009, 5, 3, 14, 30, tzinfo=UTC)
    for text in ("05.03.2009", "03/25/2009", "3/3/2009", "March 5, 2009", "2009/03/05"):
        assert next(mentions(text)).other_reading() is None


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        ("2009-03-05T23:30:00-05:00", 5),
        ("2009-03-06T04:30:00Z", 6),
        ("2009-03-06T04:30:00Z (2009/03/05)", 5),
        ("2009-03-06T04:30:00Z (5/3/2009)", 5),
    ],
)
def test_the_stated_day_is_the_pages_own(raw, day):
    dated = replace(parse_machine(raw).dated("json-ld datePublished"), raw=raw)
    assert dated.value == at(4, 30, day=6)
    assert stated_day(dated) == date(2009, 3, day)


def test_a_day_without_a_clock_is_stated_as_it_is():
    assert stated_day(parse_machine("5 March 2009").dated("x")) == DAY.date()
