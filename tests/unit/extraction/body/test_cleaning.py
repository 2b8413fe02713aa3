import pytest

from crawler.extraction.body import Hints
from crawler.extraction.body.cleaning import clean
from crawler.extraction.page import Found, Ruled

FIRST = (
    "The council of Ashford voted on Tuesday to close the old bridge for two years, a step that shopkeepers on the "
    "east bank had fought since the winter, when the first cracks were seen."
)
SECOND = (
    "Engineers said the arches had moved by four centimetres and that no lorry would cross them again before the piers "
    "were rebuilt, which the town cannot pay for alone and hopes to share with the province."
)
THIRD = (
    "A ferry will carry people on foot from the first of May, and the bus line ends at the mill until then, the mayor "
    "told a meeting that lasted until midnight and ended without a second vote."
)
HINTS = Hints(headline="Old bridge will close for two years", byline="Jane Roe and Tom Hale")


def paragraphs(*texts):
    return "".join(f"<p>{text}</p>" for text in texts)


def cleaned(parsed, blocks, body="", hints=HINTS, head=""):
    return clean(tuple(blocks), parsed(body or paragraphs(*blocks), head=head), hints)


def reasons(result):
    return [(cut.reason, cut.place) for cut in result.cuts]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("By Jane Roe", "byline"),
        ("By Jane Roe and Tom Hale in Ashford, 3 May 2009 14:05 GMT", "byline"),
        ("Published: 3 May 2009, 14:05", "date"),
        ("Veröffentlicht am 3. Mai 2009 um 14:05 Uhr", "date"),
        ("Last updated on", "date"),
        ("4 min read", "reading time"),
        ("Lesedauer: 4 Minuten", "reading time"),
        ("12 comments", "share"),
        ("Print", "share"),
        ("Partager", "share"),
        ("分享", "share"),
        ("Photo: Ida Winter", "caption"),
        ("© Ida Winter / Ashford Pictures", "caption"),
        ("Table of contents", "contents"),
        ("Advertisement", "advertisement"),
        ("Реклама", "advertisement"),
    ],
)
def test_lines_above_the_story_go(parsed, line, reason):
    result = cleaned(parsed, [line, FIRST, SECOND, THIRD])
    assert result.blocks == (FIRST, SECOND, THIRD)
    assert reasons(result) == [(reason, "top")]
    assert result.cuts[0].text == line


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Sign up for our evening letter and read it on the train.", "newsletter"),
        ("Abonniere den WhatsApp-Kanal der Zeitung und lies alles zuerst.", "newsletter"),
        ("Follow us on the usual networks for more of the valley.", "follow"),
        ("Síguenos en nuestras redes.", "follow"),
        ("Download our app for the full timetable.", "app"),
        ("Copyright 2009 The Ashford Paper. All rights reserved.", "copyright"),
        ("© 2009 The Ashford Paper", "copyright"),
        ("Contact the author at the desk in Ashford.", "contact"),
        ("Haben Sie Fehler entdeckt? Schreiben Sie uns.", "contact"),
        ("Jane Roe has covered the valley for the paper since 1998 and lives by the mill.", "author"),
        ("Il vous reste 60 % de cet article à lire.", "subscription"),
        ("Read more: The mill that nobody wanted", "related"),
        ("Читайте также: Мельница у реки", "related"),
        ("延伸閱讀：河邊的老磨坊", "related"),
    ],
)
def test_lines_below_the_story_go(parsed, line, reason):
    result = cleaned(parsed, [FIRST, SECOND, THIRD, line])
    assert result.blocks == (FIRST, SECOND, THIRD)
    assert reasons(result) == [(reason, "bottom")]


@pytest.mark.parametrize(
    "line",
    [
        "(Reporting by Jane Roe in Ashford; Editing by Tom Hale)",
        "Jane Roe contributed to this report.",
        "Correction: An earlier text gave the wrong width of the river.",
        "Mit Material von zwei Agenturen",
        "The bridge was opened on March 5, 1904.",
        "Nobody was hurt.",
    ],
)
def test_closing_lines_of_the_story_stay(parsed, line):
    result = cleaned(parsed, [FIRST, SECOND, THIRD, line])
    assert result.blocks == (FIRST, SECOND, THIRD, line)


@pytest.mark.parametrize("line", ["ASHFORD, May 3 -", "Correction: the river is wider than we wrote."])
def test_datelines_and_corrections_above_the_story_stay(parsed, line):
    assert cleaned(parsed, [line, FIRST, SECOND]).blocks == (line, FIRST, SECOND)


def test_furniture_below_a_reporting_credit_goes_and_the_credit_stays(parsed):
    credit = "(Reporting by Jane Roe; Editing by Tom Hale)"
    result = cleaned(parsed, [FIRST, SECOND, THIRD, "Sign up for our letter.", credit])
    assert result.blocks == (FIRST, SECOND, THIRD, credit)


def test_what_stands_above_a_repeated_headline_goes_with_it(parsed):
    result = cleaned(parsed, ["Home", "Region", "## Old bridge will close for two years", FIRST, SECOND])
    assert result.blocks == (FIRST, SECOND)
    assert reasons(result) == [("above the headline", "top")] * 2 + [("headline", "top")]


def test_a_headline_glued_to_its_kicker_is_the_headline(parsed):
    result = cleaned(parsed, ["## AshfordOld bridge will close for two years", FIRST, SECOND])
    assert result.blocks == (FIRST, SECOND)


def test_a_first_subheading_of_the_story_stays(parsed):
    blocks = ["## What the engineers found", FIRST, SECOND]
    body = f"<h2>What the engineers found</h2>{paragraphs(FIRST, SECOND)}"
    assert cleaned(parsed, blocks, body).blocks == tuple(blocks)


@pytest.mark.parametrize(
    ("box", "reason"),
    [
        ("<div class='wp-caption-text'>{}</div>", "caption"),
        ("<figure><figcaption>{}</figcaption></figure>", "caption"),
        ("<div class='c-newsletter-box'><div><p>{}</p></div></div>", "newsletter"),
        ("<div id='breadcrumbs'>{}</div>", "breadcrumb"),
        ("<div class='social-share'><span>{}</span></div>", "share"),
    ],
)
def test_the_name_of_a_small_box_tells_what_a_line_is(parsed, box, reason):
    line = "The mill by the river in spring"
    result = cleaned(parsed, [line, FIRST, SECOND], box.format(line) + paragraphs(FIRST, SECOND))
    assert result.blocks == (FIRST, SECOND)
    assert reasons(result) == [(reason, "top")]


def test_a_name_around_the_whole_story_says_nothing(parsed):
    short = "The mill stays open."
    body = f"<div class='post has-newsletter author-roe'>{paragraphs(short, FIRST, SECOND, THIRD)}</div>"
    assert cleaned(parsed, [short, FIRST, SECOND, THIRD], body).blocks == (short, FIRST, SECOND, THIRD)


def test_a_heading_s_own_name_says_nothing(parsed):
    heading = "What readers share"
    body = f"{paragraphs(FIRST, SECOND)}<h2 id=share-this>{heading}</h2>{paragraphs(THIRD)}"
    blocks = (FIRST, SECOND, f"## {heading}", THIRD)
    assert cleaned(parsed, blocks, body).blocks == blocks


def test_a_caption_that_repeats_its_picture_s_description_goes(parsed):
    line = "The old bridge seen from the mill"
    body = f"<img src=a.jpg alt='{line}'>{paragraphs(line, FIRST, SECOND)}"
    assert cleaned(parsed, [line, FIRST, SECOND], body).blocks == (FIRST, SECOND)


def test_a_paragraph_that_also_describes_the_picture_stays(parsed):
    body = f"<img src=a.jpg alt='{FIRST}'>{paragraphs(FIRST, SECOND)}"
    assert cleaned(parsed, [FIRST, SECOND], body).blocks == (FIRST, SECOND)


def test_a_caption_between_paragraphs_goes_by_its_box(parsed):
    line = "Lorries wait at the east bank"
    body = f"{paragraphs(FIRST, SECOND)}<p class=caption>{line}</p>{paragraphs(THIRD, FIRST)}"
    assert cleaned(parsed, [FIRST, SECOND, line, THIRD, FIRST], body).blocks == (FIRST, SECOND, THIRD, FIRST)


@pytest.mark.parametrize("line", ["The mill that nobody wanted", "Ferry timetable for the summer"])
def test_a_link_alone_between_paragraphs_goes(parsed, line):
    body = f"{paragraphs(FIRST, SECOND)}<p><a href=/m>{line}</a></p>{paragraphs(THIRD, FIRST)}"
    result = cleaned(parsed, [FIRST, SECOND, line, THIRD, FIRST], body)
    assert result.blocks == (FIRST, SECOND, THIRD, FIRST)
    assert reasons(result) == [("link alone", "middle")]


@pytest.mark.parametrize(
    "markup", ["<p>The <a href=/m>mill</a> is open</p>", "<ul><li><a href=/m>The mill is open</a></li></ul>"]
)
def test_a_sentence_with_a_link_and_a_single_list_item_stay(parsed, markup):
    block = "- The mill is open" if "<li>" in markup else "The mill is open"
    blocks = (FIRST, SECOND, block, THIRD, FIRST)
    body = f"{paragraphs(FIRST, SECOND)}{markup}{paragraphs(THIRD, FIRST)}"
    assert cleaned(parsed, blocks, body).blocks == blocks


def test_a_label_takes_the_links_below_it(parsed):
    links = ["Mill", "Ferry"]
    body = f"{paragraphs(FIRST, SECOND)}<h4>Read more</h4>{''.join(f'<h3><a href=/x>{t}</a></h3>' for t in links)}"
    blocks = [FIRST, SECOND, "## Read more", "## Mill", "## Ferry", THIRD, FIRST]
    result = cleaned(parsed, blocks, body + paragraphs(THIRD, FIRST))
    assert result.blocks == (FIRST, SECOND, THIRD, FIRST)
    assert {place for _, place in reasons(result)} == {"middle"}


def test_a_list_of_labelled_links_at_the_edge_goes(parsed):
    items = ["River: How the ferry came to Ashford", "Money: Who pays for the new piers"]
    marked = "".join(f"<li>{label}: <a href=/x>{title}</a></li>" for label, title in (t.split(": ") for t in items))
    body = f"{paragraphs(FIRST)}<ul>{marked}</ul>{paragraphs(SECOND, THIRD)}"
    blocks = [FIRST, *(f"- {item}" for item in items), SECOND, THIRD]
    assert cleaned(parsed, blocks, body).blocks == (FIRST, SECOND, THIRD)


def test_comments_below_the_story_go_with_their_label(parsed):
    result = cleaned(parsed, [FIRST, SECOND, THIRD, "## Comments", "Well said.", "I was there, it was loud."])
    assert result.blocks == (FIRST, SECOND, THIRD)
    assert reasons(result) == [("comments", "bottom")] * 3


def test_a_label_above_paragraphs_of_the_story_does_not_end_it(parsed):
    blocks = (FIRST, SECOND, THIRD, FIRST + " Again.", SECOND + " Again.", "## Topics", THIRD + " Again.")
    assert cleaned(parsed, blocks).blocks == blocks


def test_phrases_of_the_edges_stay_in_the_middle(parsed):
    blocks = (FIRST, SECOND, "Sign up for the ferry was free.", THIRD, FIRST)
    assert cleaned(parsed, blocks).blocks == blocks


def test_nothing_goes_where_hardly_anything_would_be_left(parsed):
    blocks = ("By Jane Roe and Tom Hale in Ashford, 3 May 2009 14:05 GMT", "The mill is open.", "Photo: Ida Winter")
    result = cleaned(parsed, blocks)
    assert result.blocks == blocks
    assert result.cuts == ()


def test_the_publisher_s_own_standfirst_is_taken_and_leaves_the_body(parsed):
    text = "A crack in an arch, and a town without a bridge."
    ruled = Ruled(rule="paper-2009", fields={"standfirst": Found(value=text, evidence="paper-2009", confidence=0.99)})
    result = cleaned(parsed, [text, FIRST, SECOND], hints=Hints(headline="H", ruled=ruled))
    assert result.standfirst == ruled.fields["standfirst"]
    assert result.blocks == (FIRST, SECOND)


def test_cuts_are_short_and_few(parsed):
    lines = [f"Read also: {'a very long title of another story ' * 7}{number}" for number in range(60)]
    story = [text for number in range(60) for text in (f"{FIRST} {number}", lines[number])]
    result = cleaned(parsed, [*story, SECOND, THIRD])
    assert len(result.cuts) == 40
    assert max(len(cut.text) for cut in result.cuts) == 200


@pytest.mark.parametrize("blocks", [(), ("",), ("## ",), ("- ", "> "), ("x" * 100_000,)])
def test_odd_blocks_are_survived(parsed, blocks):
    assert cleaned(parsed, blocks, "<p>x</p>").blocks == blocks
