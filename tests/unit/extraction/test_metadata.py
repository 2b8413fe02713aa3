import json

import pytest

from crawler.extraction.metadata.access import find_access
from crawler.extraction.metadata.byline import find_byline
from crawler.extraction.metadata.headline import find_headline, unglued
from crawler.extraction.metadata.language import find_language
from crawler.extraction.metadata.site import find_declared_url, find_lead_image, find_site_name
from storage.types import Access

HEADLINE = "Council votes for the bridge"
LONG = "nobody spoke of the bridge until the council met again in spring, and then everybody did" * 2
PROSE = "<p>" + "The council voted on Tuesday to approve the bridge, officials said after the debate. " * 3 + "</p>"


def ld(**properties):
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle"} | properties)}</script>'


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (f"<title>{HEADLINE} | The Paper</title>", f"<h1>The Paper</h1><h1>{HEADLINE}</h1>"),
        (f"<title>The Paper: {HEADLINE}</title>", f"<font size=5><b>{HEADLINE}</b></font><br>text"),
        ("<title>The Paper</title>" + ld(headline=HEADLINE), "<h1>The Paper</h1>"),
        (
            f"<meta property='og:title' content='{HEADLINE} - The Paper'>",
            "",
        ),
        (f"<title>{HEADLINE} - paper.example</title>", ""),
        (f"<title>Bridge</title>{ld(headline='Bridge: yes')}", ""),
        ("", f"<h1>{HEADLINE}</h1>"),
    ],
)
def test_the_headline_is_without_the_site(parsed, head, body):
    found = find_headline(parsed(body, head), "The Paper")
    assert found.value in (HEADLINE, "Bridge: yes")
    assert found.evidence


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("A - B | The Paper", "A - B"),
        ("The Paper » A - B", "A - B"),
        ("A | The Paper World", "A"),
        ("The Paper", "The Paper"),
        ("Yes: it is on the paper", "Yes: it is on the paper"),
        ("", ""),
    ],
)
def test_names_of_the_site_are_unglued(title, expected):
    assert unglued(title, frozenset({"the paper"})) == expected


@pytest.mark.parametrize(
    ("head", "body", "byline"),
    [
        (ld(author={"@type": "Person", "name": "Jane Roe"}), "", "Jane Roe"),
        (ld(author=[{"name": "Jane Roe"}, {"name": "Al Fox"}]), "", "Jane Roe, Al Fox"),
        (ld(author="By Jane Roe"), "", "Jane Roe"),
        (ld(author="Jane Roe (jro)"), "", "Jane Roe"),
        (ld(author={"@type": "Organization", "name": "The Paper"}), "", "The Paper"),
        (ld(author={"name": "The Paper"}) + "<meta name=author content='Jane Roe'>", "", "Jane Roe"),
        ("<meta name=author content='https://social.example/paper'>", "<p>By Jane Roe</p>", "Jane Roe"),
        ("<meta name=author content=admin>", "<span class=byline>Jane Roe</span>", "Jane Roe"),
        ("", "<p>By JANE ROE, Staff Writer</p>", "JANE ROE, Staff Writer"),
        ("", "<p>By Jane Roe | Posted March 5, 2009</p>", "Jane Roe"),
        ("", "<p>Von Jane Roe</p>", "Jane Roe"),
        ("", "<p>Por Jane Roe</p>", "Jane Roe"),
        ("", "<a rel=author href=/j>Jane Roe</a>", "Jane Roe"),
        ("", "<div itemprop=author><span itemprop=name>Jane Roe</span> is our editor</div>", "Jane Roe"),
        (
            "",
            f"<p>By the river, {LONG}</p>",
            "",
        ),
        ("", "", ""),
    ],
)
def test_bylines(parsed, head, body, byline):
    page = parsed(f"<h1>{HEADLINE}</h1>{body}{PROSE}", head)
    assert find_byline(page, HEADLINE, "The Paper").value == byline


@pytest.mark.parametrize(
    ("lang", "head", "text", "language"),
    [
        ("de-DE", "", "words", "de"),
        ("", "<meta property=og:locale content=fr_FR>", "words", "fr"),
        ("", "<meta http-equiv=content-language content=es>", "words", "es"),
        ("", ld(inLanguage="it"), "words", "it"),
        ("", "", "Der Rat stimmte am Dienstag nach langer Debatte für die neue Brücke über den Fluss.", "de"),
        ("en", "", "Городской совет во вторник одобрил строительство нового моста через реку Светлую.", "ru"),
        ("ru", "", "The council voted on Tuesday to approve the new bridge across the river after a debate.", "en"),
        ("x-none", "", "", ""),
    ],
)
def test_languages(parsed, lang, head, text, language):
    assert find_language(parsed(head=head, lang=lang), text).value == language


@pytest.mark.parametrize(
    ("declared", "access"),
    [
        (False, "teaser"),
        ("False", "teaser"),
        (True, "full"),
        ("true", "full"),
        ("http://schema.org/False", "teaser"),
        ("?", "unknown"),
    ],
)
def test_access_is_what_the_publisher_declares(parsed, declared, access):
    assert find_access(parsed(head=ld(isAccessibleForFree=declared)))[0] == Access(access)


def test_access_is_unknown_without_a_declaration(parsed):
    assert find_access(parsed()) == (Access.UNKNOWN, "")


LONG = ("The council voted on Tuesday to approve the budget, officials said after the debate. " * 30).strip()
SHORT = "The council voted on Tuesday to approve the budget, officials said after the debate."
CUT = "The council voted on Tuesday to approve the budget, and officials said after the debate that the next …"
BOX = "<div>To continue reading, subscribe to the Courier.</div>"


@pytest.mark.parametrize(
    ("declared", "text", "box", "access"),
    [
        (None, SHORT, "", "unknown"),
        (None, SHORT, BOX, "teaser"),
        (None, CUT, "", "unknown"),
        (None, CUT, BOX, "teaser"),
        (None, LONG, BOX, "unknown"),
        (None, f"{LONG} And then the …", BOX, "teaser"),
        (None, SHORT, "<div>Subscribe to our newsletter. Already a reader? Sign in.</div>", "unknown"),
        (None, SHORT, "<p>Um weiterzulesen, wählen Sie ein Abo.</p>", "teaser"),
        (None, SHORT, "<p>Чтобы читать дальше, оформите подписку.</p>", "teaser"),
        (None, SHORT, "<p>この記事は有料会員限定です。残り540文字。</p>", "teaser"),
        (False, SHORT, "", "teaser"),
        (False, LONG, "", "unknown"),
        (False, f"{LONG} And then the …", "", "teaser"),
        (True, SHORT, BOX, "full"),
        (True, CUT, BOX, "teaser"),
    ],
)
def test_access_is_what_the_page_shows_not_only_what_it_declares(parsed, declared, text, box, access):
    head = "" if declared is None else ld(isAccessibleForFree=declared)
    found, evidence = find_access(parsed(f"<p>{text}</p>{box}", head=head), [text])
    assert found == Access(access)
    assert bool(evidence) == (declared is not None or access != "unknown")


def test_a_line_of_dots_below_the_text_is_a_cut(parsed):
    page = parsed(f"<p>{SHORT}</p>…{BOX}", head=ld(isAccessibleForFree=True))
    assert find_access(page, [SHORT])[0] is Access.TEASER


@pytest.mark.parametrize(
    ("address", "absolute"),
    [
        ("/a/b", "http://www.paper.example/a/b"),
        ("//cdn.example/b", "http://cdn.example/b"),
        ("https://other.example/x?y=1", "https://other.example/x?y=1"),
        ("javascript:void(0)", ""),
        ("http://[broken", ""),
        ("", ""),
        ("data:image/gif;base64,AAAA", ""),
    ],
)
def test_addresses_become_absolute_or_nothing(parsed, address, absolute):
    page = parsed(head=f"<link rel=canonical href='{address}'><meta property=og:image content='{address}'>")
    assert find_declared_url(page).value == absolute
    assert find_lead_image(page).value == absolute


def test_the_image_of_the_article_object_is_used(parsed):
    assert find_lead_image(parsed(head=ld(image={"url": ["/x.jpg"]}))).value == "http://www.paper.example/x.jpg"


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("<meta property=og:site_name content='The Paper'>", "The Paper"),
        (ld(publisher={"name": "The Paper"}), "The Paper"),
        ("<meta name=publisher content='https://social.example/paper'>", ""),
        ("", ""),
    ],
)
def test_site_names(parsed, head, name):
    assert find_site_name(parsed(head=head)).value == name
