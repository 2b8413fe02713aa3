"""Broken PDF documents give an answer, never an exception."""

from datetime import UTC, datetime
from io import BytesIO

from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from crawler.extraction import NoArticle, PageInput
from crawler.extraction.article import extract
from crawler.extraction.pdf.lines import PrintedLine
from crawler.extraction.pdf.paragraphs import paragraphs
from storage.types import Article

NOW = datetime(2015, 1, 1, tzinfo=UTC)


def _document():
    buffer = BytesIO()
    canvas = Canvas(buffer, invariant=1, pageCompression=0)
    for number in range(3):
        for line in range(30):
            canvas.drawString(72, 750 - 12 * line, f"Line {line} of page {number} tells of the gate in the dam.")
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


DOCUMENT = _document()


def read(content):
    return extract(PageInput(url="http://a.example/x.pdf", content=content, content_type="", captured_at=NOW))


@given(
    st.integers(5, len(DOCUMENT)),
    st.lists(st.tuples(st.integers(5, len(DOCUMENT) - 1), st.integers(0, 255)), max_size=40),
)
def test_any_damage_gives_an_article_or_a_reason(length, changes):
    content = bytearray(DOCUMENT)
    for place, value in changes:
        content[place] = value
    found = read(bytes(content[:length]))
    assert isinstance(found, Article | NoArticle)
    assert isinstance(found, Article) or found.detail


@given(st.binary(max_size=2000))
def test_any_bytes_behind_the_signature_are_survived(content):
    assert isinstance(read(b"%PDF-1.5\n" + content), Article | NoArticle)


LINES = st.lists(
    st.builds(
        PrintedLine,
        text=st.text(min_size=1, max_size=30),
        page=st.integers(0, 3),
        left=st.floats(0, 600),
        right=st.floats(0, 600),
        top=st.floats(0, 800),
        size=st.floats(0, 40),
    ),
    max_size=60,
)


@given(LINES)
def test_paragraphs_say_nothing_that_no_line_says(lines):
    letters = "".join(line.text for line in lines)
    for one in paragraphs(lines):
        assert all(char in letters or char == " " for char in one.text)
