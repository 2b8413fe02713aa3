import pytest

from crawler.extraction.body import Hints
from crawler.extraction.body.cleaning import clean

FIRST = (
    "The council of Ashford voted on Tuesday to close the old bridge for two years, a step that shopkeepers on the "
    "east bank had fought since the winter, when the first cracks were seen."
)
SECOND = (
    "Engineers said the arches had moved by four centimetres and that no lorry would cross them again before the piers "
    "were rebuilt, which the town cannot pay for alone and hopes to share with the province."
)
SUMMARY = "A crack in an arch leaves the town without its only road to the east bank."
HEADLINE = "Old bridge will close for two years"
HINTS = Hints(headline=HEADLINE, byline="Jane Roe")
STORY = f"<div class=text><p>{FIRST}</p><p>{SECOND}</p></div>"


def found(parsed, above, head="", blocks=(FIRST, SECOND), story=STORY):
    return clean(blocks, parsed(f"<h1>{HEADLINE}</h1>{above}{story}", head=head), HINTS)


@pytest.mark.parametrize(
    ("above", "evidence"),
    [
        (f"<p class='article__standfirst'>{SUMMARY}</p>", "named box"),
        (f"<div class=dek>{SUMMARY}</div>", "named box"),
        (f"<p class='chapo'>{SUMMARY}</p>", "named box"),
        (f"<div class=sommario><p>{SUMMARY}</p></div>", "named box"),
        (f"<p itemprop=alternativeHeadline>{SUMMARY}</p>", "named box"),
        (f"<h2>{SUMMARY}</h2>", "heading under the headline"),
        (f"<header><p class=lead>{SUMMARY}</p></header>", "named box in the header"),
        (f"<p class=big>{SUMMARY}</p><p>By Jane Roe</p>", "above the byline"),
    ],
)
@pytest.mark.parametrize("kept", [True, False])
def test_a_summary_shown_apart_is_found_in_the_body_or_beside_it(parsed, above, evidence, kept):
    result = found(parsed, above, blocks=(SUMMARY, FIRST, SECOND) if kept else (FIRST, SECOND))
    assert result.standfirst.value == SUMMARY
    assert result.standfirst.evidence == evidence
    assert 0 < result.standfirst.confidence < 1
    assert result.blocks == (FIRST, SECOND)
    assert result.cuts == ()


@pytest.mark.parametrize(
    "head",
    [
        f'<meta name=description content="{SUMMARY}">',
        f'<meta property=og:description content="{SUMMARY[:70]}...">',
        f'<script type="application/ld+json">{{"@type": "NewsArticle", "description": "{SUMMARY}"}}</script>',
    ],
)
def test_a_line_apart_that_describes_the_page_is_the_standfirst(parsed, head):
    result = found(parsed, f"<p class=big>{SUMMARY}</p>", head=head)
    assert (result.standfirst.value, result.standfirst.evidence) == (SUMMARY, "described so")


def test_a_first_paragraph_that_describes_the_page_is_body(parsed):
    head = f'<meta name=description content="{SUMMARY}">'
    story = f"<div class=text><p>{SUMMARY}</p><p>{FIRST}</p><p>{SECOND}</p></div>"
    result = found(parsed, "", head, (SUMMARY, FIRST, SECOND), story)
    assert result.standfirst.value == ""
    assert result.blocks == (SUMMARY, FIRST, SECOND)


def test_an_introduction_of_several_paragraphs_is_body(parsed):
    story = f"<div class=article-intro><p>{SUMMARY}</p><p>{FIRST}</p></div><p>{SECOND}</p>"
    result = found(parsed, "", blocks=(SUMMARY, FIRST, SECOND), story=story)
    assert result.standfirst.value == ""
    assert result.blocks == (SUMMARY, FIRST, SECOND)


def test_points_in_one_box_are_one_standfirst(parsed):
    points = "<div class=standfirst><p>The bridge closes in May.</p><p>A ferry will replace it.</p></div>"
    assert found(parsed, points).standfirst.value == "The bridge closes in May. A ferry will replace it."


@pytest.mark.parametrize(
    "above",
    [
        f"<figure><figcaption class=dek-caption>{SUMMARY}</figcaption></figure>",
        f"<div class=newsletter><p class=dek>{SUMMARY}</p></div>",
        f"<p class=dek><a href=/other>{SUMMARY}</a></p>",
        "<p class=dek>Old bridge will close for two years</p>",
        "<p class=dek>Short one</p>",
        f"<p class=dek>Photo: {SUMMARY}</p>",
        "<p class=dek>Jane Roe is our reporter in the valley and has been for years.</p>",
        f"<p class=big>{SUMMARY}</p>",
        f"<p class=lead>{SUMMARY}</p>",
    ],
)
def test_what_only_looks_like_one_is_none(parsed, above):
    assert found(parsed, above).standfirst.value == ""


def test_nothing_below_the_first_paragraph_is_looked_at(parsed):
    below = f"<p class=standfirst>{SUMMARY}</p>"
    story = f"<div class=text><p>{FIRST}</p><p>{SECOND}</p></div>{below}"
    assert found(parsed, "", story=story).standfirst.value == ""


def test_the_headline_of_another_story_does_not_move_the_zone(parsed):
    teaser = f"<div class=box><h3>Mill sold</h3><p class=standfirst>{SUMMARY}</p></div>"
    filler = "".join(f"<p>Line {number}</p>" for number in range(40))
    page = parsed(f"{teaser}{filler}<h1>{HEADLINE}</h1>{STORY}")
    assert clean((FIRST, SECOND), page, HINTS).standfirst.value == ""


def test_a_page_without_its_headline_still_has_a_named_standfirst(parsed):
    page = parsed(f"<p class=standfirst>{SUMMARY}</p>{STORY}")
    assert clean((FIRST, SECOND), page, HINTS).standfirst.value == SUMMARY
