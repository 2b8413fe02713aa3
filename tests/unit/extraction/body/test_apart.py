import pytest

from crawler.extraction.body import Hints, find_body
from crawler.extraction.body.candidates import Source
from crawler.extraction.body.cleaning import clean

HEADLINE = "Council of Ostby approves its budget"
STORY = (
    "The council voted on Tuesday to approve the budget, officials said after a debate that ended late in the night.",
    "Roads will be repaired first, the mayor told reporters, because the winter had broken many of them open again.",
    "Critics called the plan too small and asked where the money for the two village schools was going to come from.",
    "A bridge over the river Ostby stays closed until spring, and buses take the long way through the northern hills.",
    "Last year the town had to borrow from the province when a flood destroyed the harbour and most of its boats.",
    "Both parties want to meet again in March to decide on the new hospital, for which no builder has been found.",
)
TELLS = "The mayor stands on the old bridge, which has been closed since the flood of last year."
INVITES = "Every morning the ten stories of the day in your letter box, chosen by our editors."


def _page(inside="", above="", below=""):
    first, rest = "".join(f"<p>{text}</p>" for text in STORY[:2]), "".join(f"<p>{text}</p>" for text in STORY[2:])
    return f"{above}<div class=c1><h1>{HEADLINE}</h1>{first}{inside}{rest}{below}</div>"


def _found(parsed, html):
    return find_body(parsed(html), Hints(headline=HEADLINE))


def _reasons(page, text):
    return Source(page, Hints(headline=HEADLINE)).apart.reasons([*STORY, text])


@pytest.mark.parametrize(
    "box",
    [
        f"<div class=x1><img src=a.jpg width=300><div>{TELLS}</div></div>",
        f"<table align=right><tr><td><img src=a.jpg></td></tr><tr><td><font size=1>{TELLS}</font></td></tr></table>",
        f"<div><a href=/big><img src=a.jpg></a><br><small>{TELLS}</small></div>",
        f"<amp-img src=a.jpg></amp-img><div class=x2>{TELLS}</div>",
    ],
)
def test_a_text_alone_with_a_picture_is_its_caption(parsed, box):
    assert _found(parsed, _page(box)).blocks == STORY
    assert _reasons(parsed(_page(box)), TELLS) == {6: "caption"}


@pytest.mark.parametrize(
    "box",
    [
        f"<p><img src=a.jpg align=left>{TELLS}</p>",
        f"<div><img src=a.jpg><h2>The bridge</h2><p>{TELLS}</p></div>",
        f"<div><img src=dot.gif width=1 height=1><p>{TELLS}</p></div>",
        f"<img src=a.jpg><p>{TELLS}</p>",
    ],
)
def test_a_picture_in_a_paragraph_or_over_a_section_makes_no_caption(parsed, box):
    assert TELLS in _found(parsed, _page(box)).text


@pytest.mark.parametrize(
    "box",
    [
        f"<div class=x1><p>{INVITES}</p><form><input type=email name=m></form></div>",
        f"<div class=x1><div><p>{INVITES}</p></div><button>Yes please</button></div>",
    ],
)
def test_a_text_alone_with_a_field_is_a_form(parsed, box):
    assert _found(parsed, _page(box)).blocks == STORY
    assert _reasons(parsed(_page(box)), INVITES) == {6: "form"}


@pytest.mark.parametrize(
    "box",
    [
        f"<div class=x1><button aria-expanded=false>More</button><p>{INVITES}</p></div>",
        f"<div class=x1><input type=hidden name=id><p>{INVITES}</p></div>",
        f"<p>{INVITES} <button>i</button></p>",
    ],
)
def test_what_unfolds_or_is_not_seen_makes_no_form(parsed, box):
    assert INVITES in _found(parsed, _page(box)).text


def test_everything_over_the_headline_goes(parsed):
    wall = "".join(
        f"<p>We and {count} partners store data on your device to measure what you read.</p>" for count in (3, 9)
    )
    body = _found(parsed, _page(above=f"<div>{wall}</div>"))
    assert body.blocks == STORY


def test_a_headline_below_most_of_the_story_cuts_nothing(parsed):
    paragraphs = "".join(f"<p>{text}</p>" for text in STORY)
    assert _found(parsed, f"<div>{paragraphs}<h3>{HEADLINE}</h3><p>{TELLS}</p></div>").blocks[:6] == STORY


def test_cards_of_other_stories_go(parsed):
    cards = "".join(
        f"<div><h3><a href=/{n}>Another story, number {n}, of today</a></h3><p>{TELLS[n:]}</p></div>" for n in (1, 2, 3)
    )
    body = _found(parsed, _page(below=f"<div>{cards}</div>"))
    assert body.blocks == STORY


@pytest.mark.parametrize("line", ["12 Comments", "Kommentare (3)", "Комментарии", "コメント", "Have your say"])
def test_comments_end_the_story(parsed, line):
    said = "".join(f"<div><b>reader{n}</b><p>{TELLS[n:]} I saw it with my own eyes.</p></div>" for n in (1, 2))
    body = _found(parsed, _page(below=f"<h4>{line}</h4>{said}"))
    assert body.blocks == STORY


def test_counters_of_several_stories_end_nothing(parsed):
    counted = "".join(f"<div><span>Comments: {n}</span></div>" for n in (12, 45))
    assert _found(parsed, _page(inside=counted)).blocks[-1] == STORY[-1]


@pytest.mark.parametrize(
    "line",
    [
        "To continue reading, subscribe for one dollar a week.",
        "La suite est réservée aux abonnés.",
        "Только для подписчиков",
    ],
)
def test_the_notice_for_those_who_have_not_paid_ends_the_story(parsed, line):
    body = _found(
        parsed,
        _page(below=f"<h2>One more step</h2><p>{line}</p><p>You can read on one device at a time, on a phone too.</p>"),
    )
    assert body.blocks == STORY


def test_a_notice_over_most_of_the_story_does_not_end_it(parsed):
    first = f"<p>{STORY[0]}</p><p>This content is reserved for subscribers only</p>"
    html = f"<div><h1>{HEADLINE}</h1>{first}{''.join(f'<p>{text}</p>' for text in STORY[1:])}</div>"
    assert _found(parsed, html).blocks[-1] == STORY[-1]


def test_a_headline_with_its_date_in_one_line_goes(parsed):
    page = parsed(_page())
    reasons = Source(page, Hints(headline=HEADLINE)).apart.reasons([f"{HEADLINE} 27 January 2004, 19:10", *STORY])
    assert reasons == {0: "headline"}


@pytest.mark.parametrize("credit", ["Foto: Ida Holm/PA", "© Press Image", "Фото: Ида Холм", "写真：河野"])
def test_a_text_that_ends_in_a_credit_is_a_caption(parsed, credit):
    line = f"{TELLS} {credit}"
    blocks = (*STORY[:3], line, *STORY[3:])
    cleaned = clean(blocks, parsed("".join(f"<p>{text}</p>" for text in blocks)), Hints())
    assert cleaned.blocks == STORY
    assert [cut.reason for cut in cleaned.cuts] == ["caption"]


@pytest.mark.parametrize(
    "line", [f"{TELLS} Photo: the bridge is seen from the north.", "He asked for a new image: nobody listened to him."]
)
def test_a_sentence_about_a_picture_stays(parsed, line):
    blocks = (*STORY[:3], line, *STORY[3:])
    assert clean(blocks, parsed("".join(f"<p>{text}</p>" for text in blocks)), Hints()).blocks == blocks
