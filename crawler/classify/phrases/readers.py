"""Words by which a site speaks to its reader. Notices do, reports hardly ever do outside of quotes."""

from __future__ import annotations

import re

from crawler.classify.wording import labels

TO_THE_READER = re.compile(
    r"\b(?:you|your|we|our|us|sorry|please|sie|wir|uns|ihre?n?|bitte|leider|vous|nous|votre|désolée?s?|usted|nuestr[ao]s?"
    r"|sentimos|você|nosso|nossa|desculpe|tuo|noi|nostr[oaie]|spiacenti|uw|onze|helaas|вы|вас|ваш|мы|наш|извините"
    r"|пожалуйста|ви|вас|наш|вибачте|przepraszamy|nasz|prosimy|lütfen|üzgünüz|siz|عذرا|يرجى|نأسف)\b"
    r"|您|抱歉|请您|請您|我们|我們|ください|申し訳|お客様|죄송|주세요|바랍니다"
)
"""In folded text."""

MORE_LABELS = labels(
    en="read more|more|full story|full article|continue reading|read on",
    de="mehr|weiterlesen|mehr lesen|weiter",
    fr="lire la suite|lire plus|la suite",
    es="leer más|seguir leyendo|ver más",
    pt="leia mais|ler mais|saiba mais",
    it="leggi tutto|continua",
    nl="lees meer|lees verder",
    ru="подробнее|читать далее|далее",
    uk="детальніше|читати далі",
    pl="czytaj więcej|więcej|czytaj dalej",
    tr="devamı|devamını oku",
    ar="المزيد|اقرأ المزيد",
    north="läs mer|læs mere|les mer",
    zh="阅读全文|查看全文|閱讀全文|全文",
    ja="続きを読む",
    ko="더보기|기사보기",
)
"""A link that ends with one of these leads from a summary to the text."""
