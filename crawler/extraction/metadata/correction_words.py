"""How the press words its corrections, in many languages. Patterns only; every quantifier is bounded."""

from __future__ import annotations

import re

OPENINGS = " \t\xa0\u3000([*•·–—>#“\"'_【（〔［■◆※▲-"
"""What may stand before the first word; the patterns want it gone, and the text in lower case."""
_MARK = r"(?:\s?\(.{1,40}?\)|\s?\[.{1,40}?\]|,?\s[\w.,/ ]{0,15}\d[\w.,/ ]{0,14}?)?\s?(?:[:：.—–】］)）]|-\s)"

_LABELS = (
    # en
    r"corrections?|corrected|correction appended|corrections?\s(?:and|&)\sclarifications?|clarifications?|"
    r"erratum|errata"
    r"|correction\sto\sthis\s(?:story|article)|retraction|editor['’]?s?['’]?\scorrection|note of correction"
    # de
    r"|berichtigung|korrektur|richtigstellung|klarstellung|korrekturhinweis|gegendarstellung|korrigiert"
    # fr
    r"|rectificatif|rectification|correctif|mise au point|précision|erratum"
    # es, pt, ca
    r"|fe de err(?:ores|atas)|corrección|correccion|rectificación|aclaración|aclaracion|correção|"
    r"retificação|errata|erramos"
    r"|correcció|rectificació|esclarecimento"
    # it
    r"|correzione|rettifica|errata corrige|precisazione"
    # nl, sv, da, no, fi
    r"|correctie|rectificatie|verbetering|rättelse|rättning|rettelse|berigtigelse|korreksjon|oikaisu|korjaus|presisering"
    # pl, cs, sk, hu, ro, hr, sr
    r"|sprostowanie|korekta|poprawka|oprava|upřesnění|helyreigazítás|helyesbítés|rectificare|erată|ispravak|ispravka"
    # ru, uk, be, bg, sr
    r"|поправка|исправление|уточнение|опровержение|виправлення|уточнення|спростування|поправки|исправлено|корекция"
    # tr, el, ar, fa, he, id, vi
    r"|düzeltme|tekzip|διόρθωση|διευκρίνιση|تصحيح|تصويب|توضيح|تنويه|تصحیح|اصلاحیه|תיקון|הבהרה|koreksi|ralat|đính chính"
)
_CJK_LABELS = (
    r"(?:更正(?:启事|啟事|说明|說明|声明|聲明)?|勘误|勘誤|订正|訂正(?:とお(?:詫|わ)び)?|澄清|お(?:詫|わ)びと訂正|おことわり|修正(?:履歴|のお知らせ)?"
    r"|정정|정정보도(?:문)?|바로잡습니다|알려왔습니다|반론보도(?:문)?)"
)
_THIS = (
    r"(?:this|the|our)\s(?:original\s)?(?:article|story|report|post|piece|page|column|review|headline|version"
    r"|interview|dispatch|item|caption)"
)
_SENTENCES = (
    # en
    rf"{_THIS}\s(?:above\s)?(?:was|has been|is)\s(?:also\s)?(?:amended|corrected|clarified|"
    rf"edited to correct|retracted)(?! by\b)"
    rf"|{_THIS}\s(?:was|has been)\s(?:updated|revised|changed|edited|modified|"
    rf"refiled)[^.]{{0,120}}?\b(?:to (?:correct|clarify|remove|reflect"
    r" that)|correct(?:s|ed|ing|ion)|clarif\w{1,8}|incorrect\w{0,4}|error)"
    rf"|{_THIS}\s(?:corrects|clarifies)\b|{_THIS}\s(?:originally|previously|incorrectly|mistakenly|wrongly)\s"
    r"(?:stated|said|misstated|reported|referred|misidentified|identified|gave|listed|described|named|attributed|misspelled)"
    r"|an?\s(?:earlier|previous|prior|original|initial)\s(?:\w{2,9}\s)?(?:version|edition|headline|"
    r"photo caption|caption|report|post|draft)"
    r"\s(?:of|on|to|for|with|in|said|stated|incorrectly|misstated|misspelled|gave|had)"
    r"|(?:an|the)\s(?:article|column|report|headline|picture caption|photo caption|obituary|"
    r"editorial)\s(?:on|in|about|published|last)\b[^.]{3,160}?"
    r"\b(?:misstated|misidentified|misspelled|incorrectly|erroneously|referred incorrectly|"
    r"gave an incorrect|was incorrect)\b"
    r"|(?:corrects|correcting|refiles?|refiling|removes|deletes|adds dropped|fixes)\s[\w\s,'’\"-]{3,160}?"
    r"(?:paragraphs?|para|headline|spelling|typo|name|day|date|figure|story|year|title|byline|dateline|slug|style|version|quote|reference)\b"
    r"|a (?:correction|clarification) was (?:made|added|published|appended)|the\s(?:original|earlier|"
    r"previous)\sversion\sof\sthis|in an earlier version of this|"
    r"due to (?:an editing|a production|a reporting) error"
    r"|because of (?:an editing|a production|a reporting) error|in a previous version of this"
    # de
    r"|in\seiner\s(?:früheren|ersten|vorherigen|älteren|vorigen)\s(?:version|fassung)|(?:eine|die)\s(?:frühere|erste|vorherige|ursprüngliche)\s"
    r"(?:version|fassung)\s(?:dieses|des)|wir haben (?:den fehler|das|dies|die stelle|"
    r"die angabe)\s(?:inzwischen\s)?korrigiert"
    r"|(?:dieser|der)\s(?:artikel|text|beitrag)\swurde\s(?:nachträglich|am|inzwischen)?[^.]{0,60}(?:korrigiert|berichtigt)"
    r"|in der ursprünglichen (?:version|fassung)"
    # fr
    r"|(?:une|la)\s(?:version|édition)\s(?:précédente|antérieure|initiale|antérieur)|(?:une|la)\s(?:première|précédente)\sversion"
    r"|cet article a été (?:modifié|corrigé|rectifié|amendé)|contrairement à ce que nous (?:avons|avions|"
    r"écriv)|dans une version (?:précédente|antérieure)"
    # es, pt
    r"|(?:una|la|en una)\s(?:primera\s)?versión\s(?:anterior|previa|inicial)|"
    r"este artículo ha sido (?:corregido|modificado|rectificado)"
    r"|(?:uma|a|em uma|numa)\s(?:primeira\s)?versão\s(?:anterior|original|inicial)|esta (?:reportagem|"
    r"matéria|notícia) foi (?:corrigida|alterada)"
    r"|diferentemente do (?:que foi )?(?:publicado|informado)|ao contrário do que (?:foi|informou|publicou)"
    # it
    r"|(?:una|la|in una)\s(?:prima\s)?versione\s(?:precedente|iniziale)|(?:una|in una)\s(?:precedente|prima)\sversione"
    r"|questo articolo è stato (?:corretto|modificato|rettificato)"
    # nl, sv, da, no
    r"|in een (?:eerdere|vorige) versie|een eerdere versie van dit|i en tidigare version|"
    r"en tidigere version|i en tidligere (?:versjon|version|utgave)"
    r"|dit artikel is (?:aangepast|gecorrigeerd)|en tidigare version av"
    # pl, cs
    r"|w(?:e)? (?:poprzedniej|wcześniejszej|pierwotnej|pierwszej) wersji|poprzednia wersja|v (?:předchozí|"
    r"původní|dřívější) verzi"
    # ru, uk
    r"|в (?:предыдущей|более ранней|первоначальной|первой|ранней) (?:версии|редакции)|(?:предыдущая|"
    r"первоначальная|более ранняя) версия"
    r"|у (?:попередній|первісній|ранній) (?:версії|редакції)|попередня версія"
    # tr
    r"|(?:bu\s)?(?:haberin|yazının|makalenin)\s(?:daha\s)?önceki\s(?:bir\s)?(?:sürümünde|versiyonunda|halinde)"
    # ar
    r"|(?:في\s)?نسخة سابقة من|ورد في نسخة سابقة|تم تصحيح هذ|جرى تصحيح"
    # zh, ja, ko
    r"|(?:本文|这篇文章|這篇文章|本报道|本報導|此文)(?:的)?(?:此前|早前|较早|較早|先前|之前|早期|初始|原先|最初)?(?:的)?(?:版本|一个版本|內容|内容|标题|標題)?"
    r"(?:已(?:作|经|經)?(?:更正|修正|订正|訂正)|有误|有誤|曾误|曾誤|误将|誤將|误称|誤稱)"
    r"|(?:本文|这篇文章|這篇文章|本报道|本報導)(?:的)?(?:此前|早前|较早|較早|先前|之前|早期|最初)(?:的)?(?:一个)?版本"
    r"|(?:当初|初出|配信当初|掲載当初)[^。]{0,60}(?:訂正|修正|誤り|しましたが|ありました)|記事(?:中|"
    r"内)の[^。]{0,80}(?:訂正|修正)し|이전 기사에서"
)

NOTICES = re.compile(rf"(?:{_LABELS}){_MARK}|{_CJK_LABELS}\s?[:：】］)）\]｜|　]|{_SENTENCES}")
"""What a notice begins with."""

APOLOGIES = re.compile(r"お(?:詫|わ)びし(?:て訂正し|、訂正し)?ます|訂正(?:し|いた)[^。]{0,6}ます|바로잡습니다")
"""Words of a Japanese or Korean notice that stand at its end."""

HEADINGS = re.compile(rf"(?:{_LABELS}|{_CJK_LABELS})(?:,?\s[\w.,/ ]{{3,30}})?", re.IGNORECASE)
"""A notice's heading on its own line."""

NOTES = re.compile(
    r"(?:editor(?:['’]?s|s['’]|ial)?\s?(?:['’])?\snote|note (?:from|by) the editors?|"
    r"a note to (?:our )?readers|note to readers|eds"
    r"|update|updated|anmerkung(?: der redaktion)?|anm\. ?d\. ?red\.?|hinweis(?: der redaktion)?|"
    r"transparenzhinweis|redaktioneller hinweis"
    r"|note de la rédaction|ndlr|n\.d\.l\.r\.?|mise à jour|nota (?:del|da|de la|de) (?:editor|redacción|"
    r"redação|redazione|redattore)|nota"
    r"|n\. ?(?:de la )?r\.|noot van de redactie|redactie|od redakcji|nota redakcyjna|przypis|от редакции|"
    r"примечание(?: редакции)?|від редакції"
    r"|примітка|editörün notu|editör notu|not|ملاحظة|ملاحظة المحرر|编者按|編者按|編按|编按|编者注|編者註|编注|編註|"
    r"編集部注|※|注|편집자 주|편집자주|알림)"
    r"(?:\s?[(\[].{1,40}?[)\]])?\s?[:：.—–】］)\]-]"
)
"""A note of the editor, which may be a notice."""

CHANGED = re.compile(
    r"\b(?:correct(?:ed|s|ion|ions|ing)|incorrect(?:ly)?|clarif(?:y|ied|ies|ication)|amended|retract(?:ed|ion)|misstated"
    r"|misidentified|misspelled|misquoted|misattributed|erroneous(?:ly)?|mistakenly|wrongly|in error|"
    r"inaccura(?:te|tely|cy)"
    r"|(?:earlier|previous|original) version|removed from this|we regret the|error)\b"
    r"|korrigiert|berichtigt|richtiggestellt|früheren? (?:version|fassung)|irrtümlich|fälschlich|fehler"
    r"|corrigé|rectifié|version (?:précédente|antérieure)|par erreur|erronée?|corregid[oa]|versión anterior|"
    r"por error|erróne[oa]"
    r"|corrigid[oa]|versão anterior|erroneamente|incorretamente|corrett[oa]|versione precedente|"
    r"precedente versione|per errore"
    r"|eerdere versie|gecorrigeerd|abusievelijk|onjuist|sprostowan|poprawion|poprzedniej wersji|błędnie|omyłkow"
    r"|исправлен|уточнен|предыдущей версии|ошибочно|ошибк|неверно|виправлен|попередній версії|помилков"
    r"|düzeltil|yanlışlıkla|hatalı|تصحيح|نسخة سابقة|خطأ|更正|勘误|勘誤|订正|訂正|修正|有误|有誤|错误|錯誤|誤植|"
    r"誤り|정정|바로잡|오류|잘못",
    re.IGNORECASE,
)
"""Words that speak of a change for the sake of truth."""

MARKED = re.compile(
    r"\b(?:correction|clarification|erratum|errata|retraction|amendment|editors?-?_?note|article-?_?note|corrigendum"
    r"|rectificatif|berichtigung|korrektur|correccion|correzione|corr-note)s?(?![a-z])|[-_](?:correction|clarification)s?\b",
)
"""Class or id of a box that holds a notice."""
