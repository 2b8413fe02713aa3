"""What stands where a text breaks off for those who do not pay, in the languages of the press.

Only wordings that speak of the rest of this text: "subscribe to our newsletter" or "sign in" stand on every page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.extraction.text import folded

_WORDINGS: dict[str, str] = {
    "en": """
        to continue reading|to keep reading|continue reading with a subscription|continue reading for free
        to read the full|to read the rest|to read this article in full|to read the whole|to read more of this
        read the full story with|read the full article with|subscribe to read|subscribe now to read
        subscribe to unlock|subscribe to view|subscribe for full access|subscribe to access|register to read
        sign in to read|log in to read|login to read|sign up to read|to unlock this article|unlock this article
        unlock this story|to unlock the full|of this article remains|of the article remains|of this story remains
        remaining of this article|the rest of this article is|the rest of this story is
        the remainder of this article|the full text is available to subscribers|the full article is available to
        full story is available to|full text of this article is|this article is for subscribers
        this article is reserved for|this story is for subscribers|this content is for subscribers
        this is a subscriber only|this is a premium article|this article is only available to
        article is available only to|available to subscribers only|available only to subscribers
        exclusive to subscribers|exclusively for subscribers|for subscribers only|subscriber only content
        subscription required|requires a subscription|you have reached your limit of
        you have reached your article limit|you ve reached your limit|you have read all of your free articles
        you ve read all your free|already a subscriber log in to|not a subscriber yet|purchase this article
        buy this article|this preview shows|the preview shows|you are reading a preview|this is a preview of
        read all of this article with|to read the complete article|for the full text of this article
        content is reserved for|article is reserved for|text is reserved for|reserved for our subscribers
        reserved for subscribers|subscribers can read the|log in or subscribe to read|subscribe or log in to read
        want to read the rest|want to keep reading|access to the full text requires
    """,
    "de": """
        um weiterzulesen|jetzt weiterlesen|weiterlesen mit|weiterlesen im abo|lesen sie weiter mit
        sie möchten weiterlesen|den vollständigen artikel lesen|den ganzen artikel lesen|den gesamten artikel lesen
        dieser artikel ist kostenpflichtig|dieser artikel ist nur für abonnenten|dieser text ist nur für abonnenten
        diesen artikel weiterlesen|diesen artikel freischalten|nur für abonnenten|exklusiv für abonnenten
        artikel im abo lesen|mit abo lesen|noch kein abonnent|des artikels sind noch
    """,
    "fr": """
        pour lire la suite|lire la suite de l article|de cet article à lire|de l article à lire|du texte à lire
        la suite est réservée|article réservé aux abonnés|article réservé à nos abonnés
        cet article est réservé aux abonnés|réservé aux abonnés|réservée aux abonnés|réservé à nos abonnés
        abonnez vous pour lire|pour accéder à l intégralité|pour poursuivre votre lecture|poursuivez votre lecture
        déjà abonné connectez vous pour
    """,
    "es": """
        para seguir leyendo|para continuar leyendo|sigue leyendo con|suscríbete para leer|suscríbase para leer
        suscríbete para seguir|contenido exclusivo para suscriptores|solo para suscriptores
        exclusivo para suscriptores|artículo solo para suscriptores|para leer el artículo completo
    """,
    "pt": """
        para continuar lendo|para continuar a ler|continue lendo com|assine para ler|assine para continuar
        conteúdo exclusivo para assinantes|exclusivo para assinantes|apenas para assinantes|só para assinantes
        este artigo é exclusivo|para ler o artigo completo|para ler a notícia completa
    """,
    "it": """
        per continuare a leggere|continua a leggere con|abbonati per leggere|abbonati per continuare
        contenuto riservato agli abbonati|articolo riservato agli abbonati|riservato agli abbonati
        riservato ai nostri abbonati|per leggere l articolo completo|per leggere tutto l articolo
    """,
    "nl": """
        om verder te lezen|lees verder met|verder lezen met|wil je verder lezen|wilt u verder lezen
        neem een abonnement om|alleen voor abonnees|exclusief voor abonnees|dit artikel is alleen voor
        dit artikel is exclusief voor|lees het volledige artikel
    """,
    "ru": """
        чтобы читать дальше|чтобы продолжить чтение|чтобы прочитать полностью|чтобы прочитать статью полностью
        доступно только подписчикам|доступна только подписчикам|только для подписчиков|материал доступен по подписке
        полный текст доступен|оформите подписку чтобы
    """,
    "uk": """
        щоб читати далі|щоб продовжити читання|лише для передплатників|тільки для передплатників
        доступний лише передплатникам|оформіть передплату щоб|повний текст доступний
    """,
    "pl": """
        aby czytać dalej|żeby czytać dalej|czytaj dalej z|aby przeczytać cały|dalsza część artykułu
        artykułu do przeczytania|tekstu do przeczytania|tylko dla prenumeratorów|dostępny dla prenumeratorów
        dostępny tylko dla subskrybentów|wykup dostęp aby|kup prenumeratę aby
    """,
    "tr": """
        okumaya devam etmek için|devamını okumak için|haberin devamını okumak için abone|tamamını okumak için
        yalnızca aboneler|sadece aboneler|abonelere özel
    """,
    "ar": """
        لمتابعة القراءة|لمواصلة القراءة|لقراءة المقال كاملا|لقراءة بقية المقال|للمشتركين فقط|هذا المحتوى للمشتركين
        اشترك لقراءة
    """,
    "zh": """
        订阅后继续阅读|继续阅读全文|订阅以阅读|订户专享|仅限订户|仅供订阅者|登录后阅读全文|付费阅读全文
        本文为付费文章|訂閱以閱讀|訂閱後繼續閱讀|僅限訂戶|訂戶專享|登入以閱讀全文|阅读全文请订阅|成为会员阅读
        会员专享|以上为试读|以上為試讀|试读结束|試讀結束|试读内容|試讀內容|购买后可|購買後可|付费后可|付費後可
        后可阅读全文|後可閱讀全文|后阅读全文|後閱讀全文|即可阅读全文|即可閱讀全文|解锁全文|解鎖全文
    """,
    "ja": """
        文字 有料|続きを読むには|続きは有料会員|有料会員限定|会員限定記事|この記事は有料|この記事は会員限定
        全文を読むには|この続きは|有料登録すると続きを|会員登録すると続きを|ここから先は|続きをお読みいただ
        続きをご覧いただ|続きをお読みになる|試し読みはここまで|有料プランに登録|会員登録して続き
    """,
    "ko": """
        기사를 계속 읽으려면|계속 읽으시려면|전문을 보시려면|유료 회원 전용|구독자 전용|구독 후 읽을 수
        구독하시면 전문|회원 전용 기사|전체 기사를 읽으려면|전문은 유료|로그인 후 전문|이후 내용은
        나머지 내용은|나머지 부분은|유료 구독자만|무료 공개 분량|미리보기는 여기까지
    """,
}

BARRIERS: tuple[str, ...] = tuple(
    folded(wording) for wordings in _WORDINGS.values() for wording in re.split(r"[|\n]", wordings) if wording.strip()
)
"""All of them, folded for comparing."""
_BY_INNER_WORD = tuple((max(barrier.split()[1:-1], key=len, default=""), barrier) for barrier in BARRIERS)
"""Each with the longest of the words that stand whole in every text that has it; none for one or two words."""

_OF_THE_REST = (
    *("words", " remains", " is left", "noch ", "reste", "queda", "осталось", "pozostało", "剩", "尚有", "残り"),
    *("남은", "나머지"),
)

OFFER = re.compile(
    r"\b(?:purchase|kaufen|acheter|comprar|acquista|kopen) "
    r"|\b(?:subscri|abonn|suscr[ií]|assin|abbona|подпис|передплат|prenumer|subskry|tilaa|előfizet)|订阅|訂閱|購読|구독|اشتر"
    r"|\b\d{1,3} \d\d (?:a|per|pro|im|par|al|por|za|в)? ?"
    r"(?:month|week|monat|woche|mois|mes|mês|mese|maand|miesiąc|ay)\b"
)
"""An offer in a folded text: something to subscribe to or to buy, or a price for a time."""

REST = re.compile(
    r"\b\d{1,4} of \d{2,5} words\b|\b\d{1,3} (?:of|percent of) (?:this|the) (?:article|story|text) (?:remains|is left)"
    r"|\b(?:another|remaining) \d{2,5} words\b|\b\d{2,5} (?:more|remaining) words\b"
    r"|\b\d{2,5} words (?:remaining|left)\b"
    r"|\bnoch \d{2,5} (?:wörter|zeichen)\b|\bil (?:vous )?reste \d{1,3} (?:de cet|de l) article"
    r"|\bqueda(?:n)? (?:un |el )?\d{1,3} (?:de este|del) artículo|\bосталось \d{1,5} (?:слов|знак)"
    r"|\bpozostało \d{1,3} (?:tekstu|artykułu)"
    r"|(?:剩余|剩餘|还剩|還剩|尚有) ?\d{1,5} ?(?:内容|內容|字|的内容|的內容|未读|未讀)"
    r"|残り ?:? ?\d{1,3}(?: ?\d{3})? ?(?:文字|字|の記事)|(?:남은|나머지) ?\d{1,5} ?(?:자|글자|단어)"
)
"""Figures of what is missing, in a folded text, where signs such as ``%`` are spaces."""


def barriers_in(text: str) -> Iterator[str]:
    """Those of `BARRIERS` that stand in a folded text, in their order.

    A look at the set of its words spares the search for three of four of them in the whole text.
    """
    words = frozenset(text.split())
    return (barrier for inner, barrier in _BY_INNER_WORD if (not inner or inner in words) and barrier in text)


def rest_in(text: str) -> str:
    """The first match of `REST`, which is in one line; empty where there is none.

    Its words are looked for before, in the text and then in each line, which is faster.
    """
    present = [word for word in _OF_THE_REST if word in text]
    lines = (line for line in text.split("\n") if any(word in line for word in present)) if present else ()
    counted = next(filter(None, map(REST.search, lines)), None)
    return counted.group(0) if counted else ""
