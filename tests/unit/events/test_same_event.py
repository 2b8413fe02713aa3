from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from crawler.events import NEAR_SAME_HEADLINE, SAME_FILE, SAME_SOURCES, event_key, matcher_of, read_entries, same_event
from crawler.events.links import Citation, source_links
from storage.types import EntryOrigin, EventEntry

DAY = date(2006, 7, 5)
LIVE = "http://live.example/day"


def entry(headline, *urls, place="a.md", day=DAY, key=""):
    return EventEntry(
        key=key or event_key(day, headline),
        event_date=day,
        headline=headline,
        headline_raw=headline,
        sources=source_links(Citation(url=url) for url in urls),
        origin=EntryOrigin(name=place, line=1, format="event-page"),
    )


def reason(left, right):
    found = same_event(left, [right])
    if found is not None:
        assert found[0] == right.key
    return found[1] if found else None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Pilots refuse to guide tankers through the Narrows.", "Pilots refuse to guide tankers through Narrows"),
        ("Pilots refuse to guide tankers through the Narrows", "Pilots refuse to guide tanker through the Narrows"),
        ("Premier Zoë Quill resigns over tram bids", "Premier Zoe Quill resigns over the tram bids."),
        ("U.S. envoy visits Port Lorran for talks", "US envoy visits Port Lorran for talks"),
        (
            "Engineers drain the Ahle reservoir after cracks appear in its dam",
            "Engineers slowly drain the Ahle reservoir after cracks appear in its dam",
        ),
        ("白湖市吊桥重新开放。", "白湖市吊桥，重新开放"),
    ],
)
def test_near_same_headlines_need_no_sources(one, other):
    assert reason(entry(one, place="a"), entry(other, place="b")) == NEAR_SAME_HEADLINE
    assert reason(entry(other, place="a"), entry(one, place="b")) == NEAR_SAME_HEADLINE


DIFFERENT = [
    ("An earthquake of magnitude 5 hits Corran", "An earthquake of magnitude 5 hits Lorran"),
    ("An earthquake of magnitude 5.1 hits Corran", "An earthquake of magnitude 6.3 hits Corran"),
    ("A car bomb kills ten people in Brennick", "A car bomb kills twelve people in Brennick"),
    ("Ahle defeats Corran in the cup final", "Corran defeats Ahle in the cup final of chess"),
    ("Voters in Ahle approve the new harbour law", "Voters in Ahle do not approve the new harbour law"),
    ("A storm closes the port of northern Corran", "A storm closes the port of southern Corran"),
    ("白湖市发生5级地震", "黑河市发生5级地震"),
    ("The mayor opens a bridge", "A ferry sinks off Gull Rock"),
]


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_events_of_a_day_stay_apart_even_on_one_live_page(one, other):
    assert reason(entry(one, place="a"), entry(other, place="b")) is None
    assert reason(entry(one, LIVE, place="a"), entry(other, LIVE, place="b")) is None


REWORDED = [
    (
        "A ferry with 312 people on board runs aground between Ahle and the Corran islands. All aboard are rescued.",
        "A car ferry with 312 people on board runs aground between Ahle and Corran; eleven are treated for bruises.",
    ),
    ("Pilots refuse to guide tankers", "Pilots in Port Lorran refuse to guide tankers; owners protest"),
    (
        "Rescuers in Corran search for 12 people after a hotel collapse buries guests and staff",
        "Rescuers in Corran search for 19 people after a hotel collapse buries guests and staff",
    ),
    ("A ferry sinks off Gull Rock.", "A ferry sinks off Gull Rock. The crew of 40 is saved."),
]


@pytest.mark.parametrize(("one", "other"), REWORDED)
def test_edited_headlines_with_the_same_sources_are_the_same_event(one, other):
    assert reason(entry(one, LIVE, place="a"), entry(other, LIVE, place="b")) == SAME_SOURCES
    assert reason(entry(other, LIVE, place="a"), entry(one, LIVE, place="b")) == SAME_SOURCES


@pytest.mark.parametrize(("one", "other"), REWORDED)
def test_edited_headlines_with_other_sources_are_not(one, other):
    assert reason(entry(one, LIVE, place="a"), entry(other, "http://else.example/", place="b")) is None
    assert reason(entry(one, LIVE, place="a"), entry(other, LIVE, "http://else.example/", place="b")) is None


def test_several_documents_in_common_outweigh_a_changed_name():
    urls = (LIVE, "http://radio.example/9")
    one = entry("A ferry from Corran sinks off Gull Rock in heavy fog", *urls, place="a")
    other = entry("A ferry from Ahle sinks off Gull Rock in heavy fog", *urls, place="b")
    assert reason(one, other) == SAME_SOURCES


def test_images_are_no_common_source():
    images = source_links([Citation(url="http://a.example/logo.png", label="IMG")])
    one = EventEntry(key="1", event_date=DAY, headline="A ferry sinks", headline_raw="", sources=images)
    other = EventEntry(key="2", event_date=DAY, headline="A ferry sinks off Gull Rock", headline_raw="", sources=images)
    assert same_event(one, [other]) is None


def test_another_day_is_another_event():
    assert reason(entry("A ferry sinks"), entry("A ferry sinks", day=date(2006, 7, 6))) is None


def test_the_nearest_of_several_is_chosen():
    far = entry("A ferry sinks off Gull Rock, crew saved, owners protest, pilots mourn", LIVE, place="b")
    near = entry("A ferry from Ahle sinks off Gull Rock", LIVE, place="c")
    new = entry("A small ferry from Ahle sinks off Gull Rock in fog", LIVE, place="a")
    assert same_event(new, [far, near]) == (near.key, SAME_SOURCES)


def test_headlines_without_words_match_nothing():
    assert reason(entry("!!!", LIVE, place="a"), entry("???", LIVE, place="b")) is None


def test_bullets_of_one_page_citing_one_live_page_stay_apart():
    page = (
        "{{Current events header|2006|07|05}}\n"
        "* A ferry sinks off Gull Rock. [http://live.example/day (Live)]\n"
        "* A ferry sinks off Gull Rock; the crew of 40 is saved. [http://live.example/day (Live)]\n"
    )
    first, second = read_entries("2006_July_5.txt", page.encode())
    assert same_event(second, [first]) is None
    assert matcher_of([first, second])(second, [first]) is None


def test_a_bullet_said_twice_is_one_event_under_two_keys():
    bullets = "* A ferry sinks. [http://a.example/ A]\n* A ferry sinks. [http://b.example/ B]\n"
    page = "{{Current events header|2006|07|05}}\n" + bullets
    first, second = read_entries("2006_July_5.txt", page.encode())
    assert first.key != second.key
    assert same_event(second, [first]) == (first.key, NEAR_SAME_HEADLINE)


def test_an_edited_bullet_is_recognised_once_its_former_wording_is_gone():
    header = "{{Current events header|2006|07|05}}\n"
    other = "* A ferry sinks off Corran. [http://live.example/day (Live)]\n"
    before = read_entries("d.txt", f"{header}* A tram stops. [http://live.example/day (Live)]\n{other}".encode())
    after = read_entries(
        "d.txt", f"{header}* A tram stops in fog, no one hurt. [http://live.example/day (Live)]\n{other}".encode()
    )
    assert same_event(after[0], before) is None
    assert matcher_of(after)(after[0], before) == (before[0].key, SAME_SOURCES)


def test_a_bullet_and_the_page_of_the_same_event_have_the_same_key():
    bullet = "* [[Harbour]] pilots in [[Port Lorran]] refuse to guide tankers. [http://a.example/ (A)]\n"
    page = "### [2006-07-5](/news/2006/07/5/index.md)\n\n#  Harbour pilots in Port Lorran refuse to guide tankers. \n"
    (from_bullet,) = read_entries("2006_July_5.txt", f"{{{{Current events header|2006|07|05}}}}\n{bullet}".encode())
    (from_page,) = read_entries("x.md", page.encode())
    assert from_bullet.key == from_page.key


LONG = "Varnia postpones a transfer of rocket engines to Norland. There is concern the technology could be passed on."
EDITED = "Varnia delays a transfer of rocket engines to Norland. There is concern the technology could be passed on."


def test_a_file_of_one_entry_that_was_edited_is_the_same_event_whatever_it_cites_now():
    before, now = entry(LONG, "http://a.example/1"), entry(EDITED, "http://b.example/2")
    assert matcher_of([now])(now, [before]) == (before.key, SAME_FILE)
    assert same_event(now, [before]) is None


def test_a_file_that_holds_something_else_now_is_another_event():
    before, now = entry(LONG), entry("Dockers in Port Lorran strike over the night shift")
    assert matcher_of([now])(now, [before]) is None


def test_another_file_a_page_of_many_and_standard_input_are_not_edited_files():
    before, now = entry(LONG), entry(EDITED)
    assert matcher_of([entry(EDITED, place="b.md")])(entry(EDITED, place="b.md"), [before]) is None
    assert matcher_of([now, entry("Dockers strike in Port Lorran")])(now, [before]) is None
    assert matcher_of([entry(EDITED, place="-")])(entry(EDITED, place="-"), [entry(LONG, place="-")]) is None


# -- entries that were stored under older rules of URL identity ------------------------------------------------------


def stored(one, *known_as):
    """The entry as an earlier program stored it: its documents under other names than today's."""
    sources = [
        replace(link, identity=replace(link.identity, canonical_url=url))
        for link, url in zip(one.sources, known_as, strict=True)
    ]
    return replace(one, sources=tuple(sources))


@pytest.mark.parametrize(("one", "other"), REWORDED)
def test_sources_are_the_same_by_the_present_rules_whatever_they_were_stored_as(one, other):
    url = "http://live.example/day?utm_source=feed"
    before = stored(entry(one, url, place="a"), "http://live.example/day?utm_source=feed")
    assert reason(entry(other, LIVE, place="b"), before) == SAME_SOURCES


def test_sources_that_were_stored_under_one_name_are_apart_by_the_present_rules():
    one, other = REWORDED[0]
    before = stored(entry(one, "http://live.example/story?id=1", place="a"), "http://live.example/story")
    after = stored(entry(other, "http://live.example/story?id=2", place="b"), "http://live.example/story")
    assert reason(after, before) is None


def test_a_source_that_cannot_be_named_any_more_keeps_its_stored_name():
    """What was requestable once may be refused by the present rules."""
    one, other = REWORDED[0]
    before, after = entry(one, LIVE, place="a"), entry(other, LIVE, place="b")
    known = [replace(link, cited_url="htp:/nowhere") for link in before.sources]
    before, after = replace(before, sources=tuple(known)), replace(after, sources=tuple(known))
    assert reason(after, before) == SAME_SOURCES
    assert reason(after, stored(before, "https://live.example/other")) is None
