"""The words around names in bylines, in many languages: "by", roles, desks, dates. Data and the patterns made of it.

Why role nouns and not a list of titles: "Landespolitische Korrespondentin" and "Senior Gulf correspondent" are new in
every paper, but a role always has one of some hundred nouns in it, and what stands before the noun belongs to it.
"""

from __future__ import annotations

import re

_BY_LATIN = (
    *("by", "von", "par", "por", "di", "door", "av", "af", "de la", "text", "texto", "texte", "tekst", "testo"),
    *("author", "authors", "autor", "autorin", "autoren", "autora", "autores", "auteur", "autore", "yazar", "haber"),
    *("kirjoittaja", "przez", "penulis", "oleh"),
)
_BY_OTHER = ("автор", "авторы", "автори", "текст", "作者", "撰文", "文", "記者", "记者", "بقلم", "كتب", "글")
_KIND = (
    r"(?:(?:an?|ein|eine|une?|un|una)\s+)?(?:guest\s+|gast)?"
    r"(?:posted|written|reported|story|text|published|compiled|analysis|opinion|comment|commentary|column|interview|review"
    r"|report|kommentar|analyse|kolumne|bericht|reportage|porträt|rezension|glosse|essay|gastbeitrag|análisis|opinión"
    r"|reportaje|entrevista|chronique|tribune|entretien|récit|recueilli|propos\s+recueillis|intervista|analisi)"
)
BY = re.compile(
    rf"^(?:[–—-]\s*)?(?:{_KIND}\s+)?(?:(?:by\s*by|{'|'.join(_BY_LATIN)})\b\s*[:：]?\s*|(?:{'|'.join(_BY_OTHER)})\s*[:：|／/]?\s*)",
    re.IGNORECASE,
)
"""What stands before the first name, to be taken off."""
CREDIT = re.compile(
    r"(?:^|\s+|[.,]\s*)((?:additional\s+)?(?:photo\w{0,7}|illustrat\w{1,4}|graphics?|video\w{0,4}|edit(?:ed|ing)|translat\w{2,3}"
    r"|produced|model\w{0,4}|styled|hair|make-?up|nails?|reporting|writing|compiled|fotos?|bilder|redigier\w{0,3}"
    r"|übersetzt|traduit|traducción|traduzione|фото|перевод)\s+(?:by|von|par|por|di|de|:)\s*|foto:\s*|photo:\s*|фото:\s*)",
    re.IGNORECASE,
)
"""What opens the name of one who did something other than write the text."""
BY_WORD = re.compile(r"\s+(?:by|von|par|por|di|de)\s*$", re.IGNORECASE)
"""The last word of a credit."""
BY_LINE = re.compile(
    rf"^(?:[–—(-]\s*)?(?:{_KIND}\s+)?(?:(?:by\s*)?by|von|par|por|di|door|av|af|oleh)\b[\s:：]"
    r"|^(?:text|texte|texto|testo|autor(?:in|es|a)?|auteur|autore|author|tekst|автор|текст|作者|撰文|文|記者|记者|بقلم|haber|yazan)\s*[:：]"
    r"|^автор\s|^بقلم\s",
    re.IGNORECASE,
)
"""A line that is a byline by its opening."""
BY_INSIDE = re.compile(
    r"^[^a-z]{0,3}.{0,40}\d.{0,20}?(?<!\w)(?P<by>(?:[Bb]y|[Vv]on|[Pp]ar|[Pp]or)\s+(?=[A-ZÀ-ÖØ-Þ]).*)$"
)
"""A line that opens with a date and goes on with the byline."""
POSTED = re.compile(
    r"^(?:posted|published|submitted|created|written|added|uploaded|veröffentlicht|eingetragen|geschrieben|erstellt|gepostet"
    r"|verfasst|publié|rédigé|écrit|publicado|escrito|pubblicato|scritto|geplaatst|geschreven|opublikowan\w|dodan\w)\b"
    r"[^\n]{0,60}?\b(?:by|von|par|por|da|door|przez)\s+",
    re.IGNORECASE,
)
"""What a blog's template writes before the name: ``Posted on 3 May by``."""
BY_ALONE = re.compile(
    rf"^(?:{_KIND}\s+)?(?:by|von|par|por|di|door|av|af|oleh|written by|автор|作者|بقلم)\s*[:：]?$", re.IGNORECASE
)
"""A line that says "by" and leaves the names to the next lines."""
_CJK = r"\u4e00-\u9fff\u30a1-\u30ff々"
CJK_BY = re.compile(
    rf"(?:^|[\s(（【｜|/])(?:作者|撰文|文字|文|本报记者|本報記者|记者|記者|执笔|執筆)\s?[:：・／/｜|]\s?"
    rf"(?P<by>[{_CJK}]{{2,6}}(?:[\s、，,][{_CJK}]{{2,4}}){{0,3}})(?=$|[\s)）】|｜/])"
    rf"|(?:^|[\s(（【])(?:本报|本報|本社|新华社|中新社)?(?:记者|記者)\s(?P<behind>[{_CJK}]{{2,4}})(?=$|[\s)）】，,。])"
)
"""A name behind the word for the writer anywhere in a line, as Chinese and Japanese sites put it beside the date."""
CASELESS_BY = re.compile(
    r"^(?:بقلم|كتب|كتبت|كتبه|إعداد|اعداد|מאת|تقرير)\s?[:：]?\s(?P<by>\w{2,20}(?:\s\w{2,20}){1,3})$"
)
"""The same in scripts that have no capitals: all of the line is the name."""
GLUED_BY = re.compile(r"^(?:by|von|par|por)(?=[A-ZÀ-ÖØ-Þ][a-zà-ÿ])")
"""The same without the space, which a style sheet would have made."""

_NOUNS = (
    r"editor\w{0,4}|reporter\w{0,3}|correspondent\w{0,2}|writer\w?|columnist\w?|journalist\w{0,5}|contributor\w?"
    r"|producer\w?|photographer\w?|critic\w?|chief|director|analyst\w?|presenter|intern|fellow|blogger|specialist|expert"
    r"|professor|author|founder|ceo|president|attorney|teacher|researcher|strategist|manager|consultant"
    r"|redakteur\w{0,5}|redaktør\w{0,3}|redaktor\w{0,3}|korrespondent\w{0,5}|volontär\w{0,3}|reporterin|autorin"
    r"|chefredakteur\w{0,3}|ressortleiter\w{0,3}|kolumnist\w{0,5}|mitarbeiter\w{0,3}|praktikant\w{0,3}"
    r"|journaliste\w?|rédact\w{2,6}|correspondante?s?|envoyée?s?|chroniqueu\w{1,3}|pigiste"
    r"|periodista\w?|redactora?\w{0,2}|corresponsal\w{0,2}|enviad[oa]s?|columnista|colaborador\w?"
    r"|giornalista|redattore|redattrice|corrispondente|inviat[oa]|jornalista|repórter|correspondente|colunista"
    r"|verslaggever|redacteur|correspondente?|medewerker|dziennikar\w{2,4}|korespondent\w{0,3}|muhabir\w?|yazar\w?"
    r"|корреспондент\w{0,3}|журналист\w{0,3}|редактор\w{0,3}|обозреватель\w{0,2}|кореспондент\w{0,3}|журналіст\w{0,3}"
)
ROLE = re.compile(
    rf"(?<!\w)(?:{_NOUNS})(?!\w)|(?:기자|특파원|논설위원|記者|记者|通讯员|特派員|編集委員|編輯|编辑|مراسل|صحفي)",
    re.IGNORECASE,
)
"""A noun that makes a phrase a role."""
BEFORE_ROLE = re.compile(
    r"^(?:senior|chief|deputy|staff|news|political|politics|lifestyle|travel|associate|assistant|executive|managing"
    r"|national|international|foreign|diplomatic|defen[cs]e|security|business|economics?|science|health|sports?|crime"
    r"|breaking|general|special|freelance|contributing|investigative?|investigations|features?|culture|arts?|tech\w{0,7}"
    r"|digital|online|video|audience|world|local|royal|showbiz|tv|film|music|football|u\.?s\.?|uk|european?|asia\w?|middle"
    r"|our|former|landespolitische\w?|freier?|leitende\w?|stellvertretende\w?|politische\w?|bbc|cnn|moscow|washington)$",
    re.IGNORECASE,
)
"""A word that opens a role that stands behind a name without a comma."""
CJK_ROLE = re.compile(
    r"(?P<name>[\u4e00-\u9fff\u3040-\u30ff\uac00-\ud7a3]{2,6})\s?(?P<role>기자|특파원|논설위원|記者|记者|特派員|編集委員|编辑)"
)
"""A name with its role behind, as Korean, Japanese and Chinese papers sign."""
ORGANISATION = re.compile(
    r"(?<!\w)(?:news|newsroom|newsdesk|desk|staff|team|times|post|press|agenc\w{1,4}|agentur\w{0,2}|reporters|editors"
    r"|herald|tribune|gazette|chronicle|telegraph|guardian|journal|daily|online|radio|tv|television|magazine|media|network"
    r"|service|services|redaktion\w{0,3}|redacci[oó]n|rédaction|redazione|redactie|redacja|redação|redakcja|redakce"
    r"|zeitung|nachrichten|institute|university|association|center|centre|foundation|inc|ltd|gmbh|llc|corp|corporation"
    r"|агентств\w{1,3}|редакция|редакції|новости|новини|газета)(?!\w)"
    r"|新聞|新闻|通信社|通讯社|日报|日報|网|編集部|编辑部|신문|뉴스|일보|وكالة|تحرير|\w\.(?:com|org|net|de|at|ch|be|co)\b",
    re.IGNORECASE,
)
"""A word that makes a name an organisation's."""
NOBODY = re.compile(
    r"^(?:admin\w*|editors?|staff|web ?master|web ?desk|news ?desk|redaktion|redacci[oó]n|r[eé]daction"
    r"|redazione"
    r"|redakcja|редакция|редакція|user|guest|author|unknown|none|null|anonymous|super ?user|contributor|follow"
    r"|share|share this"
    r"|email|e-mail|print|comments?|the author|view all posts|more|editorial|redação|red)$",
    re.IGNORECASE,
)
"""What templates write where nobody signed."""
DEGREE = re.compile(
    r"^(?:m\.?d\.?|ph\.?\s?d\.?|dr\.?|esq\.?|jr\.?|sr\.?|r\.?n\.?|mba|msc|ma|rd|cpa|faclm)$", re.IGNORECASE
)
"""What follows a name behind a comma and is no other name."""
_PARTICLES = """
abu af al av ben bin da das de del della dello dem den der des di do dos du e el i ibn la le of st ten ter und van
von y zu zum zur
"""
PARTICLES = frozenset(_PARTICLES.split())
"""Small words inside names."""
_ARTICLES = """
and as au das dem den der die du een gli het il la le les lo of os the und vom zum zur
"""
ARTICLES = frozenset(_ARTICLES.split())
"""Small words with which no person's name begins."""
_LABELS = """
abo abonnés about account actualizado ad add advertisement after ago aktualisiert alert all analysis and anmelden
anzeige app archive article artikel associated audio back bild bilder blog book breaking business by change click
close comentarios comment commentaires comments compartir condividi contact contents copy copyright courtesy credit
culture czytaj day download drucken e-mail east editorial email english enlarge environment europe events exclusive
facebook features file film finance follow font football for foto fotos free from fuente full gallery getty go
graphic health help hide home hours how hören image images in info informationen insider international is it job
jobs just key kingdom kommentare language last latest law learn leggi lesezeit letters life lifestyle like link lire
listen live local log login look mail management map markets media mehr menu merken middle min minute minutes money
more most movies music my nachrichten national new news newsletter next north not now of off on online open
operations opinion or our page pages part partager photo photos picture pictures play podcast politics politik
popular post posted premium press previous print privacy pubblicato publicado published publié quelle quick quiz
read reading recommended register related reply report reuters rights save saving science search second section see
send series service share show sign size skip south special sport sports states stories story subscribe subscription
talk tech technology teilen terms text the thema themen this tickets time to today toggle top topics travel trending
tv tweet twitter udostępnij uhr united up update updated us use veröffentlicht video videos vidéo view watch weather
week weiter weitere west what when why wirtschaft with world write x year your youtube zum zur видео источник
комментарии новости поделиться фото читать
"""
LABELS = frozenset(_LABELS.split())
"""Words of buttons, sections and captions, which no name of a person has."""
DATED = re.compile(
    r"\b(?:19|20)\d\d\b|\b\d{1,2}[:.h]\s?\d\d\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|\b(?:ago|hace|назад|geleden|siden)\b"
    r"|\bil y a\b|\bvor \d|(?:年|月|日|시간|분 전)",
    re.IGNORECASE,
)
"""A date, a time of day or an age in a line."""
ADDRESS = re.compile(r"https?:|www\.|\S@\S|^@", re.IGNORECASE)
"""A web or mail address."""
