import pytest

from crawler.extraction.body.markup import blocks_of, pieces_of

SENTENCE = "The council voted on Tuesday to approve the budget, officials said after a debate that ended late."


def _blocks(parsed, html):
    return blocks_of([parsed(html).tree.find("body")])


def test_headings_lists_and_quotations_have_their_marks(parsed):
    html = "<h2>What <i>now</i></h2><p>One.</p><ul><li>a<li><p>b</p></ul><blockquote><p>Said.<p>Twice.</blockquote>end"
    assert _blocks(parsed, html) == ("## What now", "One.", "- a", "- b", "> Said.", "> Twice.", "end")


def test_two_line_breaks_part_paragraphs(parsed):
    html = f"<td><font face=Arial><b>PORT</b> - {SENTENCE}<br>\n<br>{SENTENCE[:-1]}<br> <br>{SENTENCE}</font>"
    assert _blocks(parsed, html) == (f"PORT - {SENTENCE}", SENTENCE[:-1], SENTENCE)


def test_one_line_break_parts_sentences_and_short_lines_but_wraps_long_ones(parsed):
    long_line = "The ferry had left the harbour two hours before the storm"
    html = f"By Jane Roe<br>{SENTENCE}<br>{long_line}<br>came in from the west."
    assert _blocks(parsed, html) == ("By Jane Roe", SENTENCE, f"{long_line} came in from the west.")


def test_a_line_break_in_a_heading_wraps_it(parsed):
    assert _blocks(parsed, "<h1>Ferry sinks<br>in storm</h1>") == ("## Ferry sinks in storm",)


def test_preformatted_text_is_parted_by_blank_lines(parsed):
    assert _blocks(parsed, "<pre>The first line\nand its end.\n \nThe second.</pre>") == (
        "The first line and its end.",
        "The second.",
    )


def test_rows_of_data_tables_are_one_block_each(parsed):
    html = "<table><tr><th>Town<th>Dead</tr><tr><td>Ostby<td><p>12</p></tr><tr><td>Vale<td></tr></table>"
    assert _blocks(parsed, html) == ("Town | Dead", "Ostby | 12", "Vale")


@pytest.mark.parametrize(
    "html",
    [
        f"<table><tr><td>Home<td>{SENTENCE} {SENTENCE}</tr><tr><td>Sport<td>{SENTENCE}</tr></table>",
        f"<table><tr><td>Home<td><table><tr><td>{SENTENCE} {SENTENCE}</table><tr><td>Sport<td>{SENTENCE}</table>",
    ],
)
def test_cells_of_layout_tables_are_paragraphs(parsed, html):
    assert _blocks(parsed, html) == ("Home", f"{SENTENCE} {SENTENCE}", "Sport", SENTENCE)


def test_a_table_of_one_row_is_no_data(parsed):
    assert _blocks(parsed, "<table><tr><td>By Jane Roe<td>March 5, 2004</table>") == ("By Jane Roe", "March 5, 2004")


def test_what_no_reader_takes_for_the_story_is_left_out(parsed):
    html = (
        "<nav>Home</nav><p>One <script>x</script>two.</p><select><option>a</select><button>Go</button>three"
        "<figure><figcaption>The harbour</figcaption></figure><aside>Read also</aside><footer>(c)</footer>"
        "<div style='DISPLAY: none'>unseen</div><p>* * *</p>"
    )
    assert _blocks(parsed, html) == ("One two.", "three")


def test_text_that_a_script_would_show_is_kept(parsed):
    assert _blocks(parsed, f"<div style='display:none'><p>{SENTENCE}</p></div>") == (SENTENCE,)


def test_dropped_elements_go_and_what_follows_them_stays(parsed):
    tree = parsed("<div><p>One.</p><p id=box>Read <a>also</a></p> and <b>bold</b> tail <a>link</a></div>").tree
    div, box = tree.find(".//div"), tree.find(".//p[@id]")
    assert blocks_of([div], [box]) == ("One.", "and bold tail link")


def test_the_given_elements_are_shown_whole_in_the_given_order(parsed):
    tree = parsed("<p>One.</p>gap<aside>Two.</aside>").tree
    assert blocks_of([tree.find(".//aside"), tree.find(".//p")]) == ("Two.", "One.")


def test_pieces_know_their_links_and_their_home(parsed):
    pieces = list(pieces_of(parsed("<div>See <a href=/>this page</a></div>").tree.find("body")))
    assert [(piece.text, piece.linked, piece.home.tag) for piece in pieces] == [("See this page", 9, "div")]


@pytest.mark.parametrize("opening", ["<nav><ul><li>Home", "<aside>", "<button>Menu", "<div hidden>"])
def test_what_was_never_closed_does_not_swallow_the_story(parsed, opening):
    blocks = _blocks(parsed, f"{opening}<div><h1>Ferry sinks</h1><p>{SENTENCE}</div>")
    assert blocks[-1].endswith(SENTENCE)
    assert len(_blocks(parsed, f"{opening}<div>" + f"<p>{SENTENCE}" * 5)) >= 5
