"""PDF documents, printed by us: what a press release, a report and a newspaper page look like inside."""

import time
from datetime import UTC, datetime
from io import BytesIO

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from crawler.classify.reading import read_page
from crawler.extraction import NoArticle, PageInput
from crawler.extraction.article import extract
from crawler.extraction.pdf import is_pdf
from crawler.extraction.pdf.lines import PrintedLine
from crawler.extraction.pdf.paragraphs import paragraphs
from storage.types import Article, DatePrecision, Medium, Outcome, PageKind

SENTENCES = [
    "The water board said on Tuesday that the second gate had been closed for repairs.",
    "Engineers expect the work at the dam to take about four weeks and cost two million crowns.",
    "Nobody in the lower town was asked to leave, and the bridges stay open.",
    "A spokeswoman added that the reservoir was at forty per cent of its capacity.",
]
TOWNS = ["Veldane", "Ostrow", "Marrin", "Quell"]


def wrapped(text, chars=70):
    lines, line = [], ""
    for word in text.split():
        if len(line) + len(word) + 1 > chars:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [*lines, line]


def printed(draw, *, pages=1, encrypt=None, **information):
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1, encrypt=encrypt)
    for name, value in information.items():
        getattr(canvas, f"set{name}")(value)
    for number in range(pages):
        draw(canvas, number)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def column(canvas, lines, *, left=72, top=700, size=10, gap=0):
    canvas.setFont("Helvetica", size)
    for index, line in enumerate(lines):
        canvas.drawString(left, top - index * 12 - gap, line)


def release(canvas, _number):
    canvas.setFont("Helvetica-Bold", 18)
    canvas.drawString(72, 770, "Second gate of the Veldane dam closed")
    column(canvas, ["Veldane, 14 March 2011"], top=745)
    column(canvas, wrapped(" ".join(SENTENCES[:2])), top=700)
    column(canvas, wrapped(" ".join(SENTENCES[2:])), top=640)


def page_of(content, captured=datetime(2015, 1, 1, tzinfo=UTC), **other):
    return PageInput(
        url="https://works.example/gate.pdf",
        content=content,
        content_type="application/pdf",
        captured_at=captured,
        **other,
    )


def test_a_press_release_gives_title_day_and_paragraphs():
    article = extract(page_of(printed(release, Title="Microsoft Word - gate_final2.doc", Author="jdoe")))
    assert isinstance(article, Article)
    assert article.headline == "Second gate of the Veldane dam closed"
    assert article.body.split("\n\n") == ["Veldane, 14 March 2011", " ".join(SENTENCES[:2]), " ".join(SENTENCES[2:])]
    assert (article.published_at.value, article.published_at.precision) == (
        datetime(2011, 3, 14, tzinfo=UTC),
        DatePrecision.DAY,
    )
    assert (article.medium, article.media[0].pages, article.byline) == (Medium.DOCUMENT, 1, "")
    assert article.evidence["headline"] == "largest line"
    assert article.language == "en"


def test_the_dictionary_speaks_where_the_print_does_not():
    def plain(canvas, _number):
        column(canvas, wrapped(" ".join(SENTENCES)))

    article = extract(page_of(printed(plain, Title="Gates of Veldane", Author="Mara Lindqvist")))
    assert (article.headline, article.byline) == ("Gates of Veldane", "Mara Lindqvist")
    assert article.evidence["headline"] == "pdf title"
    assert article.published_at.evidence == "pdf creation date"


def test_a_creation_after_the_capture_is_no_date():
    def plain(canvas, _number):
        column(canvas, wrapped(" ".join(SENTENCES)))

    article = extract(page_of(printed(plain), captured=datetime(1999, 1, 1, tzinfo=UTC)))
    assert article.published_at is None


def test_running_heads_and_page_numbers_are_no_text():
    def report(canvas, number):
        column(canvas, ["Annual report of the water board"], top=800, size=8)
        column(canvas, wrapped(f"{TOWNS[number]} says this. {SENTENCES[number]} " * 3), top=700)
        column(canvas, [f"Page {number + 1} of 4"], left=280, top=40, size=8)

    body = extract(page_of(printed(report, pages=4))).body
    assert "Annual report" not in body
    assert "Page 2" not in body
    assert [f"{town} says" in body for town in TOWNS] == [True] * 4


def test_a_divided_word_is_joined_and_a_hyphenated_name_is_not():
    def divided(canvas, _number):
        lines = ["The engineers of the water board announced yesterday that the repa-", "irs of the gate will go on."]
        column(
            canvas,
            [*lines, "It was said by Anna Berg-", "Larsen that nobody in the town has to leave the houses there."],
        )

    body = extract(page_of(printed(divided))).body
    assert "the repairs of the gate" in body
    assert "Berg-Larsen" in body


def test_columns_are_read_one_after_the_other():
    def newspaper(canvas, _number):
        column(canvas, wrapped(" ".join(SENTENCES[:2]), 40), left=60)
        column(canvas, wrapped(" ".join(SENTENCES[2:]), 40), left=320)

    body = extract(page_of(printed(newspaper))).body
    assert " ".join(SENTENCES[:2]) in body
    assert " ".join(SENTENCES[2:]) in body


def test_a_list_and_a_heading_are_marked():
    def listed(canvas, _number):
        column(canvas, ["What is closed"], size=14, top=720)
        column(canvas, wrapped(" ".join(SENTENCES)))
        column(canvas, ["Further steps"], size=14, top=560)
        column(canvas, ["• the second gate", "• the road across the dam"], top=530)

    article = extract(page_of(printed(listed)))
    assert article.headline in {"What is closed", "Further steps"}
    assert "- the second gate\n\n- the road across the dam" in article.body


def test_a_scan_says_that_it_is_one():
    def picture(canvas, _number):
        canvas.rect(100, 100, 300, 300, fill=1)

    assert extract(page_of(printed(picture, pages=3))) == NoArticle(
        outcome=Outcome.NOT_HTML, detail="the response is a PDF document, 3 pages of pictures without text"
    )
    assert extract(page_of(printed(picture))) == NoArticle(
        outcome=Outcome.NOT_HTML, detail="the response is a PDF document, one page that is a picture without text"
    )


def test_a_dictionary_that_is_no_text_is_passed_over():
    content = printed(release, Title="Report of the board", Author="Mara Lind")
    broken = content.replace(b"(Report of the board)", b"<FEFFD800DC00D8000041>")
    assert broken != content
    found = extract(page_of(broken))
    assert (found.headline, found.byline) == ("Second gate of the Veldane dam closed", "Mara Lind")


def test_a_statute_of_one_endless_paragraph_is_read_in_linear_time():
    lines = [
        PrintedLine(f"and the gate {number};", number // 200, 72, 400, 800 - number % 200, 1)
        for number in range(20_000)
    ]
    begun = time.process_time()
    (one,) = paragraphs(lines)
    assert time.process_time() - begun < 5
    assert one.text.count("and the gate") > 19_000


def test_a_locked_document_says_so():
    content = printed(release, encrypt=StandardEncryption("secret", canPrint=0))
    found = extract(page_of(content))
    assert isinstance(found, NoArticle)
    assert "asks for a password" in found.detail


@pytest.mark.parametrize("content", [b"%PDF-1.4\n", b"%PDF-1.7\n" + b"\x00" * 5000, b"%PDF-1.4\n%%EOF\n"])
def test_a_damaged_document_says_so(content):
    found = extract(page_of(content))
    assert isinstance(found, NoArticle)
    assert (found.outcome, "damaged" in found.detail) == (Outcome.NOT_HTML, True)


def test_a_page_that_talks_about_pdf_is_none():
    assert not is_pdf(b"<html><body><p>How a file that begins with %PDF-1.4 is built</p></body></html>")
    assert is_pdf(b"\r\n%PDF-1.4\n")


def test_a_document_is_judged_as_one_and_its_status_counts():
    reading = read_page(page_of(printed(release)))
    assert (reading.outcome, reading.verdict.kind) == (Outcome.FETCHED, PageKind.DOCUMENT)
    assert reading.verdict.page_digest == "", "the same report under ten addresses is no notice of the host"
    assert read_page(page_of(printed(release), status=404)).article is None
