import json

import pytest

from crawler.extraction.metadata.language import find_language

HEADLINE = "Council votes for the bridge"
LONG = "nobody spoke of the bridge until the council met again in spring, and then everybody did" * 2
PROSE = "<p>" + "The council voted on Tuesday to approve the bridge, officials said after the debate. " * 3 + "</p>"


def ld(**properties):
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle"} | properties)}</script>'


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
