"""What stands under an image, told apart: what it shows, and who took it.

Why patterns and not the markup alone: agencies write the credit into the caption ("... on Tuesday. (AP Photo/Jane
Roe)"), and before 2012 no page marked it.
"""

from __future__ import annotations

import re

from crawler.extraction.agencies import AGENCIES
from crawler.extraction.text import fold_spaces

_WORDS = (
    r"photo(?:graph)?s?|picture|pic|image|credit|photo credit|image credit|picture credit|image source|"
    r"source|photo courtesy"
    r"|foto|fotos|bild|bilder|bildquelle|quelle|fotocredit|fotografie|fotografía|crédit(?:s)?(?: photo)?|photographie"
    r"|crédito|créditos|imagen|imagem|fonte|fuente|immagine|beeld|bron|zdjęcie|fot\.|źródło|foto:|kuva|kép|fotó"
    r"|фото|снимок|світлина|источник|fotoğraf|kaynak|صورة|الصورة|تصوير|عدسة|תמונה|צילום"
)
_LABELLED = re.compile(
    rf"(?:^|(?<=[.!?…)\]\"”»])|(?<=[.!?…)\]\"”»]\s)|\s[|–—-]\s?|\s)(?:{_WORDS})(?:\s(?:by|von|de|par|di|door|kredit|credit))?"
    r"\s?[:：]\s?(?P<credit>[^:]{2,90})$",
    re.IGNORECASE,
)
_BY = re.compile(
    r"(?:^|(?<=[.!?…)\"”»])\s?|\s)[(\[]?(?:photo(?:graph)?|picture|image|illustration) (?:by|"
    r"courtesy(?: of)?|from) (?P<credit>[^()\[\]]{2,90}?)[)\]]?\.?$",
    re.IGNORECASE,
)
_CJK = re.compile(
    r"(?:写真|撮影|図|画像|图片来源|圖片來源|图片|图|摄影|攝影|圖|資料圖片|사진|사진제공)\s?[:：=＝/]\s?(?P<credit>[^\s:：].{0,40}?)[)）]?$"
)
_BRACKETED = re.compile(r"[(\[（]\s?(?P<credit>[^()\[\]（）]{2,90}?)\s?[)\]）]\s?\.?$")
_FOT = re.compile(r"(?:^|\s)[Ff]ot\.\s(?P<credit>[^\W\d_][^:]{2,60})$")
"""As Polish papers label it."""
_NAME_WORDS = r"[^\W\d_a-z][^\s()]{0,20}(?:[\s/][^\W\d_][^\s()]{0,20}){0,4}"
_AFTER_STOP = re.compile(rf"(?<=[.!?…\"”»。])\s?[(（](?P<credit>{_NAME_WORDS})[)）]\.?$")
"""A name in brackets behind the whole sentence; inside of it brackets hold ages, parties and places."""
_LABEL_AFTER_STOP = re.compile(
    rf"(?<=[.!?…\"”»。])\s?(?:Credits?|Photo|Crédits?|Crédito|Foto|Bild|Фото|Fotoğraf)\s?(?:[.…]{{1,3}}\s?)?\s(?P<credit>{_NAME_WORDS})$"
)
"""A label that is a word of its own behind the sentence, its colon left to the style sheet."""
_SIGNED = re.compile(r"(?:^|[\s(\[])(?P<credit>(?:©|\(c\)|copyright)\s?[^©]{2,80}?)[)\]]?$", re.IGNORECASE)
_LIBRARIES = (
    r"getty images|getty|shutterstock|alamy(?: stock photo)?|istock(?:photo)?|corbis|zuma(?: press)?|"
    r"epa(?:-efe)?|imago(?: images)?"
    r"|picture[- ]alliance|pa images|pa wire|rex features|rex|sipa(?: press)?|afp photo|ap photo|ap images|"
    r"polaris|magnum photos|flickr"
    r"|wikimedia commons|unsplash|pixabay|reuters photo|handout|file photo|us air force|u\.s\. navy|nasa|"
    r"keystone|nurphoto|press association"
)
_NAMES = "|".join(
    re.escape(name)
    for name in sorted({form for one in AGENCIES for form in (*one.names, *one.marks) if form.isascii()}, key=len)[::-1]
)
_HOUSE = re.compile(rf"(?<!\w)(?:{_LIBRARIES}|(?i:{_NAMES}))(?!\w)", re.IGNORECASE)
_TRAILING = re.compile(
    rf"(?:(?<=[.!?…\"”»])\s?|\s[|–—-]\s)(?P<credit>(?:[^\s.|–—/]{{1,20}}[ /]){{0,4}}(?:{_LIBRARIES}|"
    rf"{_NAMES})(?:[ /,][^.]{{1,40}})?)\.?$",
    re.IGNORECASE,
)
_PHOTO_WORD = re.compile(
    rf"(?<!\w)(?:{_WORDS}|file|archiv\w{{0,3}}|handout|courtesy|ap|写真|图|圖|사진)(?!\w)", re.IGNORECASE
)
_NAME_SLASH = re.compile(r"[^\W\d_][\w.'’ -]{1,40}/\s?[^\W\d_][\w.'’ &-]{1,40}")
_LABEL_ALONE = re.compile(rf"^(?:{_WORDS}|写真|图片来源|圖片來源|사진)\s?[:：]\s?(?:by\s)?", re.IGNORECASE)
_SIGN = re.compile(r"^(?:©|\(c\)|copyright)\s*(?:(?:19|20)\d\d\s)?", re.IGNORECASE)
_TAKEN = re.compile(
    r"^(?:photo(?:graph)?|picture|image|foto|illustration) (?:by|von|de|courtesy(?: of)?)\s", re.IGNORECASE
)
_OPENING, _CLOSING = re.compile(r"[(\[（]"), re.compile(r"[)\]）]")
_SHOWN = re.compile(
    r"^(?:image |photo |picture )?caption\s?[:,]?\s+|^(?:bildunterschrift|légende|leyenda|didascalia)\s?:\s",
    re.IGNORECASE,
)
_SOURCE = re.compile(r"^image source\s?[:,]?\s+", re.IGNORECASE)
_MORE = re.compile(r"\s(?:more|enlarge|zoom|less|hide caption|toggle caption|read more)?\s?[>»›]?$", re.IGNORECASE)
_TAIL_CHARS = 140
_ENDS = " .,;|–—-/"


def split_credit(text: str) -> tuple[str, str]:
    """(caption, credit) of the text under an image; either may be empty."""
    whole = _MORE.sub("", fold_spaces(text))
    if _SOURCE.match(whole):
        return "", tidy_credit(whole)
    tail = max(0, len(whole) - _TAIL_CHARS)
    match = _BRACKETED.search(whole, tail)
    if match and _is_credit(match["credit"]):
        return _rest(whole[: match.start()]), tidy_credit(match["credit"])
    for pattern in (_LABELLED, _BY, _CJK, _FOT, _SIGNED, _AFTER_STOP, _LABEL_AFTER_STOP):
        if match := pattern.search(whole, tail):
            return _rest(whole[: match.start()]), tidy_credit(match["credit"])
    if match := _TRAILING.search(whole, tail):
        return _rest(whole[: match.start()]), tidy_credit(match["credit"])
    if len(whole) <= _TAIL_CHARS // 2 and (found := _HOUSE.search(whole)) and len(found[0]) * 2 >= len(whole):
        return "", tidy_credit(whole)
    return _rest(whole), ""


def tidy_credit(text: str) -> str:
    """A credit without the word that introduces it, brackets around it and the sign of copyright."""
    found = _bare(text)
    for pattern in (_SOURCE, _SIGN, _LABEL_ALONE, _SIGN, _TAKEN):
        found = _bare(pattern.sub("", found))
    return found


def _bare(text: str) -> str:
    """The text without punctuation at its ends and without brackets that enclose all of it or close nothing."""
    found = text.strip(_ENDS)
    while found and (
        (found[0] in "([（" and found[-1] in ")]）") or (found[0] in "([（" and not _CLOSING.search(found))
    ):
        found = found[1 : -1 if found[-1] in ")]）" else None].strip(_ENDS)
    return found[:-1].strip(_ENDS) if found[-1:] in (")", "]", "）") and not _OPENING.search(found) else found


def _rest(text: str) -> str:
    found = _SHOWN.sub("", text.strip(" |–—-/").rstrip("([（"))
    return found.strip(" |–—-/")


def _is_credit(text: str) -> bool:
    """Whether what stands in brackets names who took the picture, and no age, place or party."""
    if _HOUSE.search(text) or _NAME_SLASH.fullmatch(text):
        return True
    return _PHOTO_WORD.search(text) is not None and (":" in text or "/" in text or " by " in text)
