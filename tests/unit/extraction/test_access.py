import json

import pytest

from crawler.extraction.metadata.access import find_access
from crawler.extraction.page import NOWHERE
from storage.types import Access


def ld(**properties):
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle"} | properties)}</script>'


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
    assert (find_access(parsed(head=ld(isAccessibleForFree=declared))).value or "unknown") == access


def test_access_is_unknown_without_a_declaration(parsed):
    assert find_access(parsed()) == NOWHERE


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
    found = find_access(parsed(f"<p>{text}</p>{box}", head=head), [text])
    assert (found.value or "unknown") == access
    assert bool(found.evidence) == bool(found.confidence) == (declared is not None or access != "unknown")


def test_a_line_of_dots_below_the_text_is_a_cut(parsed):
    page = parsed(f"<p>{SHORT}</p>…{BOX}", head=ld(isAccessibleForFree=True))
    assert find_access(page, [SHORT]).value == Access.TEASER
