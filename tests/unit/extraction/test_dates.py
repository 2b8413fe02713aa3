from datetime import UTC, datetime

import pytest

from crawler.extraction.dates import mentions, parse_machine

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
    ],
)
def test_a_clock_with_a_zone_gives_the_minute(text, value):
    (mention,) = mentions(text, language="en")
    assert (mention.value, mention.precision, mention.day) == (value, "minute", DAY.date())


@pytest.mark.parametrize("text", ["March 5, 2009 2:30 p.m. IST", "5 March 2009, 14:30 Uhr", "2009-03-05 25:30 GMT"])
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
