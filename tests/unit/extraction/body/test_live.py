import pytest

from crawler.extraction.body.live import live_entries
from storage.types import DatePrecision

TEXTS = (
    "The river has passed the old mark at the mill and the lower road is closed.",
    "Forty people have left their houses in the lower town, the fire service says.",
    "The school will stay shut tomorrow, the mayor has told parents by telephone.",
    "Rain is expected to end in the evening, but the water will rise until night.",
    "First reports of flooded cellars came in from the street behind the market.",
)
CLOCKS = ("18:40", "17:05", "15:30", "12:10", "09:15")
STORY = "http://www.paper.example/flood"


def shown(clocks=CLOCKS, texts=TEXTS, stamp="<p>{}</p>"):
    return "".join(stamp.format(clock) + f"<p>{text}</p>" for clock, text in zip(clocks, texts, strict=True))


def test_stated_updates_come_with_their_moments(parsed):
    head = """<script type="application/ld+json">{"@type": "LiveBlogPosting", "headline": "Flood", "liveBlogUpdate": [
    {"@type": "BlogPosting", "headline": "Road closed", "articleBody": "<p>The road is shut.</p><p>Buses turn.</p>",
     "datePublished": "2010-05-03T18:40:00+02:00"},
    {"@type": "BlogPosting", "articleBody": "The river rises.", "datePublished": "2010-05-03"},
    {"@type": "BlogPosting", "headline": "Only a title"}, {"@type": "BlogPosting"}, "odd"]}</script>"""
    first, second, third = live_entries(parsed("<p>x</p>", head), ("x",))
    assert (first.headline, first.body, first.clock) == ("Road closed", "The road is shut.\n\nBuses turn.", "18:40")
    assert first.posted_at.value.isoformat() == "2010-05-03T16:40:00+00:00"
    assert first.posted_at.evidence == "json-ld liveBlogUpdate"
    assert (second.clock, second.posted_at.precision) == ("", DatePrecision.DAY)
    assert (third.headline, third.body, third.posted_at) == ("", "Only a title", None)


@pytest.mark.parametrize("updates", ['"text"', "7", "null", "[]", '[{"articleBody": 3}]', "{}"])
def test_odd_updates_are_none(parsed, updates):
    head = (
        f"""<script type="application/ld+json">{{"@type": "LiveBlogPosting", "liveBlogUpdate": {updates}}}</script>"""
    )
    assert live_entries(parsed("<p>x</p>", head), ("x",)) == ()


@pytest.mark.parametrize(
    "stamp",
    ["<p>{}</p>", "<b>{}</b><br>", "<div class=time>{} Uhr</div>", "<p>{} GMT:</p>", "<p><a href=#e>{}</a></p>"],
)
def test_texts_under_times_are_entries_where_the_latest_stands_first(parsed, stamp):
    entries = live_entries(parsed(shown(stamp=stamp)), TEXTS)
    assert [entry.clock for entry in entries] == list(CLOCKS)
    assert [entry.body for entry in entries] == list(TEXTS)
    assert {entry.posted_at for entry in entries} == {None}


def test_a_time_may_open_the_text_itself(parsed):
    blocks = tuple(f"{clock} {text}" for clock, text in zip(CLOCKS, TEXTS, strict=True))
    entries = live_entries(parsed("".join(f"<p>{block}</p>" for block in blocks)), blocks)
    assert [(entry.clock, entry.body) for entry in entries] == list(zip(CLOCKS, TEXTS, strict=True))


def test_days_and_headings_of_entries_are_kept(parsed):
    stamp = "<p>3 May 2010, {}</p><h3>Water</h3>"
    entries = live_entries(parsed(shown(stamp=stamp)), tuple(part for text in TEXTS for part in ("## Water", text)))
    assert {entry.headline for entry in entries} == {"Water"}
    assert {entry.posted_at.value.date().isoformat() for entry in entries} == {"2010-05-03"}


def test_the_page_s_own_date_is_no_entry(parsed):
    opening = "Everything on the flood in the valley, as it happens, hour by hour."
    body = f"<p>Published 3 May 2010, 19:00</p><p>{opening}</p>{shown()}"
    assert len(live_entries(parsed(body), (opening, *TEXTS))) == len(TEXTS)


def test_a_chronology_in_its_order_is_no_live_blog_unless_it_is_called_one(parsed):
    body = shown(CLOCKS[::-1])
    assert live_entries(parsed(body, url=STORY), TEXTS) == ()
    assert len(live_entries(parsed(body, url=STORY + "-live"), TEXTS)) == len(TEXTS)


def test_figures_are_no_times(parsed):
    blocks = tuple(
        f"{figure} {text}" for figure, text in zip(("9.41", "8.30%", "7.12", "6.05%", "5.01"), TEXTS, strict=True)
    )
    assert live_entries(parsed("".join(f"<p>{block}</p>" for block in blocks)), blocks) == ()


def test_a_column_of_headlines_with_times_is_no_live_blog(parsed):
    column = "".join(f"<li>{clock} <a href=/s>{text}</a></li>" for clock, text in zip(CLOCKS, TEXTS, strict=True))
    story = "The council met on Tuesday and voted for the new bridge after a long debate."
    assert (
        live_entries(parsed(f"<ul>{column}</ul><p>{story}</p><p>{story} Again.</p>"), (story, f"{story} Again.")) == ()
    )


def test_a_report_with_few_times_is_no_live_blog(parsed):
    long = " ".join(TEXTS)
    body = f"{shown()}<p>{long}</p><p>{long} One.</p><p>{long} Two.</p>"
    blocks = (long, f"{long} One.", f"{long} Two.")
    assert live_entries(parsed(shown(CLOCKS[:3], TEXTS[:3])), TEXTS[:3]) == ()
    assert live_entries(parsed(f"<p>{long}</p><p>18:40</p><p>{long} One.</p>{body}"), blocks) == ()
