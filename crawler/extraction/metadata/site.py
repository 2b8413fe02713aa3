"""The page's own name for its publisher.

Why the title and the copyright line too: before 2008 no page had a tag for it. A part of the title is believed only
where it spells the host, and a copyright line only where nobody else (an agency, a software house) is named in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.extraction.agencies import AGENCIES
from crawler.extraction.document import ParsedPage
from crawler.extraction.jsonld import names_of, types_of
from crawler.extraction.page import NOWHERE, Found
from crawler.extraction.text import folded
from crawler.urls.owners import owner_label

_NAMES = ("og:site_name", "application-name", "al:ios:app_name", "twitter:app:name:iphone", "dc.publisher", "publisher")
CONFIDENCES = {
    "meta og:site_name": 0.97,
    "meta": 0.83,
    "json-ld publisher": 0.88,
    "json-ld website": 0.87,
    "title, spelling the host": 0.92,
    "title, named in the copyright line": 0.85,
    "copyright line, spelling the host": 0.7,
    "copyright line": 0.1,
}
"""Share of pages of the development sets on which the value was the one that og:site_name states (folded, a longer
form of the same name counts); og:site_name itself and the first
three kinds of tag are judged; the bare copyright line names the firm, and was the site's name on .10."""
_MAX_NAME = 100
_MAX_GLUED = 40
_MORE_WORDS = 3
_LEAST_LABEL = 3
_GLUE = re.compile(r"\s+[|•·–—»«:~/\\-]+\s+|\s*[|｜│¦ㅣ＿]\s*|\s+::\s+|:\s+|,\s+(?=[A-Z])|\s*[－―：]\s*")
_CJK_GLUE = re.compile(r"\s?[_—–-]{1,2}\s?")
"""Pages in scripts without spaces glue with a bare sign."""
_CLAIMS = re.compile(r"©|\(c\)|\bcopyright\b|版权所有|版權所有|著作権|저작권|무단|all rights reserved", re.IGNORECASE)
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|&copy;|\bcopyright\b)[\s©:]{0,4}(?:\(c\)\s?)?(?:(?:19|20)\d\d(?:\s?[-–—,/]\s?(?:\d{4}|\d\d))?)?[,.:]?\s?"
    r"(?:by\s|the\s(?=[a-z]))?(?P<name>[^\W\d_][^.,;|©®()\[\]]{2,60})",
    re.IGNORECASE,
)
_UNSPACED_OR_HANGUL = re.compile("[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]")
_LEGAL = re.compile(
    r"[,\s]+(?:ltd|limited|inc|incorporated|llc|plc|corp|corporation|company|co|gmbh|ag|kg|se|s\.?a\.?r?\.?l?|s\.?l"
    r"|s\.?p\.?a|srl|b\.?v|n\.?v|a/?s|ab|oy|as|pty|pte|sp z o ?o|ооо|зао|оао)\b\.?.{0,20}$",
    re.IGNORECASE,
)
_RIGHTS = re.compile(
    r"\s*[-–—]?\s*(?:all rights|alle rechte|tous droits|todos los|todos os|tutti i|все права).*$", re.IGNORECASE
)
_LAST_LINES = 40
_LINE_CHARS = 300
_AGENCIES = frozenset(folded(form) for one in AGENCIES for form in (one.name, *one.names, *one.marks))
_NO_NAMES = frozenset({"home", "homepage", "news", "website", "default", "none", "null", "undefined", "wordpress"})


def find_site_name(page: ParsedPage) -> Found:
    """How the page names its publisher; empty where it does not (the host is no name)."""
    for name, evidence in _stated(page):
        if _is_name(name) and (evidence == "meta og:site_name" or len(name) <= _MAX_GLUED):
            confidence = CONFIDENCES.get(evidence) or CONFIDENCES[evidence.partition(" ")[0]]
            return Found(value=name, evidence=evidence, confidence=confidence)
    return _from_title(page) or _from_copyright(page) or NOWHERE


def _stated(page: ParsedPage) -> Iterator[tuple[str, str]]:
    for meta in _NAMES:
        yield page.meta(meta)[0], f"meta {meta}"
    for name in names_of(page.article.get("publisher"))[:1]:
        yield name, "json-ld publisher"
    for node in page.nodes:
        if "website" in types_of(node):
            yield next(iter(names_of(node.get("name"))), ""), "json-ld website"


def _is_name(text: str) -> bool:
    return 1 < len(text) <= _MAX_NAME and "://" not in text and folded(text) not in _NO_NAMES and "@" not in text


def _from_title(page: ParsedPage) -> Found | None:
    """The first or last part of the title that spells the host."""
    parts = [part.strip() for part in _GLUE.split(page.title)]
    if _UNSPACED_OR_HANGUL.search(parts[-1]):
        parts[-1:] = [part.strip() for part in _CJK_GLUE.split(parts[-1])]
    for part in (*parts[:0:-1], *parts[:1]) if len(parts) > 1 else ():
        evidence = _named_elsewhere(page, part) if 1 < len(part) <= _MAX_GLUED and not part.isdecimal() else ""
        if evidence:
            return Found(value=part, evidence=evidence, confidence=CONFIDENCES[evidence])
    return None


def _named_elsewhere(page: ParsedPage, part: str) -> str:
    """What makes a part of the title a name: it spells the host, or who claims the rights has it in the name."""
    if _spells(part, page.host):
        return "title, spelling the host"
    words = folded(part)
    claimed = (
        folded(line.text)
        for line in page.lines[-_LAST_LINES:]
        if len(line.text) <= _LINE_CHARS and _CLAIMS.search(line.text)
    )
    named = len(words) > _LEAST_LABEL and any(f" {words} " in f" {text} " for text in claimed)
    return "title, named in the copyright line" if named else ""


def _spells(name: str, host: str) -> bool:
    """Whether the words of the name, run together, are what the owner registered, with few words more."""
    label = folded(owner_label(host)).replace(" ", "") if host else ""
    words = folded(name).split()
    if len(label) < _LEAST_LABEL or not words:
        return len(label) > 1 and "".join(words) == label
    joined = ("".join(words), "".join(words).removeprefix("the"), "the" + "".join(words))
    if label in joined or folded(host).replace(" ", "") in joined:
        return True
    heads = ("".join(words[:count]) for count in range(max(1, len(words) - _MORE_WORDS), len(words)))
    return any(head in (label, f"the{label}") for head in heads)


def _from_copyright(page: ParsedPage) -> Found | None:
    """Who claims the rights in one of the page's last lines."""
    for line in reversed(page.lines[-_LAST_LINES:]):
        match = _COPYRIGHT.search(line.text[:_LINE_CHARS])
        if match is None:
            continue
        whole = _RIGHTS.sub("", match["name"]).strip(" -–—:")
        name = _LEGAL.sub("", whole).strip() or whole
        if _is_name(name) and folded(name) not in _AGENCIES and folded(name).removeprefix("the ") not in _AGENCIES:
            spelling = _spells(name, page.host)
            evidence = "copyright line, spelling the host" if spelling else "copyright line"
            if spelling or _is_proper(name):
                return Found(value=name, evidence=evidence, confidence=CONFIDENCES[evidence])
    return None


def _is_proper(name: str) -> bool:
    """Whether most of its words are written as names are."""
    words = name.split()
    capitals = sum(not word[:1].islower() for word in words)
    return len(words) <= _MORE_WORDS + 2 and capitals * 3 > len(words) * 2 and "right" not in name.lower()
