"""Notices of correction that a new version carries and the old one does not.

Why another list of words beside the extractor's
    The extractor reads pages and wants every wording that occurs; it lies above this package. Here a notice is missed
    at no great cost: the change is then called by what it did to the text. So the list is short and strict: a block
    that *begins* as a notice does, or a heading that says so and the block below it.

A notice counts as known where its words stood anywhere in the old version: extractors find the same notice now in the
body, now in a box.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from crawler.changes.words import key_of

_LEAST_SIGNS, _LEAST_SIGNS_UNSPACED = 25, 10
_HEAD = 300
_MOST_NOTICES = 20
_OPENINGS = " \t\xa0\u3000([*\u2022\u00b7\u2013\u2014>#\u201c\"'_\u3010\u3014\u25a0\u25c6\u203b-"
_LABELS = (
    r"corrections?(?: appended)?|corrections? (?:and|&) clarifications?|clarifications?|erratum|errata|retraction"
    r"|correction to this (?:story|article)|editor['\u2019]?s correction"
    r"|berichtigung|korrektur|richtigstellung|klarstellung|korrekturhinweis|rectificatif|rectification"
    r"|correctif|précision"
    r"|fe de err(?:ores|atas)|correcci[oó]n|rectificaci[oó]n|aclaraci[oó]n|correção|retificação|erramos|correcció"
    r"|correzione|rettifica|errata corrige|precisazione|correctie|rectificatie|verbetering|rättelse|rättning|rettelse"
    r"|korreksjon|oikaisu|korjaus|sprostowanie|korekta|oprava|upřesnění|helyreigazítás|helyesbítés|rectificare"
    r"|erată|ispravak"
    r"|ispravka|поправка|исправление|уточнение|виправлення|уточнення|спростування|düzeltme|tekzip|διόρθωση"
    r"|تصحيح|تصويب|تصحیح"
    r"|اصلاحیه|תיקון|koreksi|ralat|đính chính|更正(?:启事|說明|说明|声明)?|勘误|勘誤|订正"
    r"|訂正(?:とお(?:詫|わ)び)?|お(?:詫|わ)びと訂正"
    r"|정정(?:보도(?:문)?)?|바로잡습니다"
)
_MARK = (
    r"(?:\s?[(\[][^)\]]{1,40}[)\]]|,?\s[^:.\n]{0,20}\d[^:.\n]{0,14})?"
    r"\s?(?:[:\uff1a.\u2014\u2013|\u3011\u3015\uff09)\]\u3000]|-\s)"
)
_SENTENCES = (
    r"(?:this|the|our)\s(?:original\s)?(?:article|story|report|post|piece|headline|version|item"
    r"|caption)\s(?:above\s)?"
    r"(?:(?:was|has been|is)\s(?:amended|corrected|clarified|retracted)(?! by\b)|corrects\b|clarifies\b"
    r"|(?:was|has been)\s(?:updated|revised|changed|edited)[^.]{0,120}\b(?:to correct|to clarify|correct(?:s|ed"
    r"|ing|ion)|incorrect\w*|error)"
    r"|(?:originally|previously|incorrectly|mistakenly|wrongly)\s(?:stated|said|misstated|reported"
    r"|misidentified|gave|named))"
    r"|an?\s(?:earlier|previous|prior|original|initial)\s(?:\w{2,9}\s)?(?:version|headline|caption"
    r"|report)\s(?:of|on|to|said|stated"
    r"|incorrectly|misstated|misspelled|gave)"
    r"|in einer (?:früheren|ersten|vorherigen|älteren) (?:version|fassung)|(?:eine|die) (?:frühere|erste"
    r"|vorherige|ursprüngliche)"
    r" (?:version|fassung) (?:dieses|des)|(?:une|la|dans une) (?:première )?version (?:précédente|antérieure"
    r"|initiale)"
    r"|cet article a été (?:corrigé|rectifié)|(?:una|la|en una) versión (?:anterior|previa)"
    r"|este artículo ha sido (?:corregido|rectificado)"
    r"|(?:uma|a|em uma|numa) versão (?:anterior|original)|(?:una|la|in una) (?:precedente versione"
    r"|versione precedente)"
    r"|questo articolo è stato (?:corretto|rettificato)|(?:in )?een eerdere versie|en tidigare version av"
    r"|i en tidigare version"
    r"|i en tidligere (?:versjon|version|utgave)|w (?:poprzedniej|wcześniejszej|pierwotnej) wersji"
    r"|v (?:předchozí|původní) verzi"
    r"|в (?:предыдущей|более ранней|первоначальной) (?:версии|редакции)|у (?:попередній|ранній) (?:версії|редакції)"
    r"|bu haberin (?:daha )?önceki|(?:في )?نسخة سابقة من|(?:本文|这篇文章|這篇文章|本报道)(?:此前"
    r"|早前|较早|較早|先前|之前)?(?:的)?(?:版本"
    r"|内容|標題|标题)?"
    r"(?:已(?:作)?(?:更正|修正|订正|訂正)|有误|有誤|误将|誤將)|(?:当初|初出|配信当初|掲載当初)[^。]{0,60}(?:訂正|修正"
    r"|誤り)"
)
_NOTICE = re.compile(rf"(?:{_LABELS}){_MARK}|{_SENTENCES}")
_HEADING = re.compile(rf"(?:{_LABELS})")


def new_notices(old: Sequence[str], new: Sequence[str]) -> tuple[str, ...]:
    """Notices of the new text whose words stand nowhere in the old one, each once, as written.

    Args:
        old: blocks and known notices of the old text.
        new: likewise of the new text.
    """
    candidates = dict.fromkeys(islice(_notices(new), _MOST_NOTICES))
    if not candidates:
        return ()
    known = " ".join(["", *map(key_of, old), ""])
    found: dict[str, str] = {}
    for text in candidates:
        key = f" {key_of(text)} "
        if key not in known and not any(key in one for one in found):
            found[key] = text
    return tuple(found.values())


def _notices(blocks: Sequence[str]) -> Iterator[str]:
    for number, text in enumerate(blocks):
        head = text.lstrip(_OPENINGS)[:_HEAD].lower()
        if _HEADING.fullmatch(head.strip(" *[]():.\uff1a\u3010\u3011")):
            yield from (f"{text} {below}" for below in blocks[number + 1 : number + 2])
        elif _is_long(text) and _NOTICE.match(head):
            yield text


def _is_long(text: str) -> bool:
    return len(text) >= (_LEAST_SIGNS if text.isascii() else _LEAST_SIGNS_UNSPACED)
