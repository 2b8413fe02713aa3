"""A run of wikitext as a person reads it: plain text, citations, entities.

Why mwparserfromhell: brackets, references, templates and quotes nest in each other and are left open in one file of
twenty; its tokenizer does with all of that what the wiki's own does. What a template *means* it cannot know: the few
that stand in news items are listed here, an unknown one is dropped from the text, as its name says nothing to a reader.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import mwparserfromhell
from mwparserfromhell.nodes import (
    Comment,
    ExternalLink,
    HTMLEntity,
    Tag,
    Template,
    Text,
    Wikilink,
)

from crawler.events.cite import url_value
from crawler.events.links import Citation
from crawler.events.tidying import as_label, tidy, without_trail

Node = Any  # mwparserfromhell has no usable type information
NamedRefs = Mapping[str, Sequence[Node]]

_MARKUP = re.compile(r"\[\[|\{\{|''|\[(?:https?:)?(?://|--)|</?\w|<!--")
_NO_ENTITY = re.compile(r"^\s*:?(?:[a-z]{2,3}|file|image|category|media|template|user|wikt|special)\s*:", re.IGNORECASE)
_NO_TEXT = re.compile(r"^\s*(?:[a-z]{2,3}|file|image|category|media)\s*:", re.IGNORECASE)
BROKEN_LINK = re.compile(
    # The last alternative: page generators that took the slashes of a URL in a headline for part of a path, and left
    # the argument of a maintenance template behind it.
    r"\[(?P<url>(?:h?t?tps?:/{0,3}|www\.|https?:--)[^\s\[\]]+)(?:\s++(?P<label>[^\[\]]*))?\]"
    r"(?:(?<=\])(?:date=\S{1,20}(?: \d{4})?|yes)\b)?",
    re.IGNORECASE,
)
_ENDS_IN_SOURCE = re.compile(r"[\W_]*")
_MOST_OPENERS = 5_000
_MOST_TEMPLATES = 1_000

_SHIP_PREFIXES = frozenset({"hmas", "hmcs", "hmnzs", "hms", "ins", "ms", "mv", "rms", "ss", "uscgc", "uss"})
_FIRST, _FIRST_TWO = (0,), (0, 1)
_SHOWN: Mapping[str, str | tuple[int, ...]] = {
    **dict.fromkeys(("nowrap", "nobr", "small", "rws", "stn", "flag", "flagcountry"), _FIRST),
    **dict.fromkeys(("ill", "interlanguage link", "interlanguage link multi", "f1"), _FIRST),
    **dict.fromkeys(("convert", "cvt", "mp"), _FIRST_TWO),
    "lang": (1,),
    "okina": "\N{MODIFIER LETTER TURNED COMMA}",
}
"""Templates that a reader sees text of: the text itself, or which of the arguments."""
_LABEL_PARAMETERS = ("publisher", "work", "newspaper", "website", "agency", "journal", "magazine", "via", "title")


@dataclass(frozen=True, kw_only=True, slots=True)
class Inline:
    """What one run of wikitext says.

    Attributes:
        plain: as a reader sees it without its source brackets; spaces as written.
        citations: in reading order.
        entities: titles of the linked pages, in reading order, no repeats.
    """

    plain: str
    citations: tuple[Citation, ...] = ()
    entities: tuple[str, ...] = ()


def has_markup(text: str) -> bool:
    """Whether it is worth parsing as wikitext."""
    return _MARKUP.search(text) is not None


def read_inline(nodes: Iterable[Node], named_refs: NamedRefs | None = None) -> Inline:
    """The nodes of one item; ``named_refs`` resolves references that only name another."""
    reader = _Reader(named_refs=named_refs or {})
    reader.take(nodes)
    return reader.result()


def read_markup(text: str) -> Inline:
    """The same for text that may hold wikitext."""
    if not has_markup(text) or is_tangled(text):
        return Inline(plain=tidy(text))
    return read_inline(mwparserfromhell.parse(text).nodes)


def is_tangled(text: str) -> bool:
    """Whether so much is opened in it that parsing may take minutes; ten times what the busiest day has."""
    openers = sum(text.count(opener) for opener in ("[", "<", "''"))
    return openers > _MOST_OPENERS or text.count("{{") > _MOST_TEMPLATES


def plain_text(nodes: Iterable[Node]) -> str:
    """Only the text, link labels included."""
    reader = _Reader(named_refs={}, keep_labels=True)
    reader.take(nodes)
    return reader.result().plain


def find_named_refs(code: Node) -> dict[str, Sequence[Node]]:
    """Contents of all references that have a name, by that name."""
    named: dict[str, Sequence[Node]] = {}
    for tag in code.ifilter_tags(matches=lambda node: str(node.tag).lower() == "ref" and not node.self_closing):
        name = _ref_name(tag)
        if name and tag.contents is not None:
            named.setdefault(name, tag.contents.nodes)
    return named


@dataclass(slots=True)
class _Reader:
    named_refs: NamedRefs
    keep_labels: bool = False
    pieces: list[str] = field(default_factory=list)
    labels: dict[int, bool] = field(default_factory=dict)
    citations: list[Citation] = field(default_factory=list)
    entities: dict[str, None] = field(default_factory=dict)

    def take(self, nodes: Iterable[Node]) -> None:
        for node in nodes:
            for kind, method in _METHODS:
                if isinstance(node, kind):
                    method(self, node)
                    break

    def result(self) -> Inline:
        plain = tidy("".join(self._kept_pieces()))
        if self.citations:
            plain = without_trail(plain)
        if not re.search(r"\w", plain):
            plain = tidy("".join(self.pieces))
        return Inline(plain=plain, citations=tuple(self.citations), entities=tuple(self.entities))

    def _kept_pieces(self) -> list[str]:
        """Pieces without the labels of sources; a label that the sentence goes on after is part of the sentence."""
        kept: list[str] = []
        ended = True
        for index in range(len(self.pieces) - 1, -1, -1):
            piece = self.pieces[index]
            if index not in self.labels:
                kept.append(piece)
                ended = ended and _ENDS_IN_SOURCE.fullmatch(piece) is not None
            elif self.keep_labels or (not ended and self.labels[index]):
                kept.append(piece)
        return kept[::-1]

    def _text(self, node: Text) -> None:
        value = str(node.value)
        if "[" in value:
            value = BROKEN_LINK.sub(self._broken_link, value)
        self.pieces.append(value)

    def _broken_link(self, match: re.Match[str]) -> str:
        self.citations.append(Citation(url=match["url"], label=as_label(match["label"] or "")))
        return ""

    def _wikilink(self, node: Wikilink) -> None:
        title = str(node.title)
        if ":" in title and _NO_TEXT.match(title):
            return
        target = title.partition("#")[0].replace("_", " ").strip(" :\n")
        if target and not (":" in title and _NO_ENTITY.match(title)):
            self.entities.setdefault(" ".join(target.split()))
        if node.text is None:
            self.pieces.append(title.lstrip(":"))
        else:
            self.take(node.text.nodes)

    def _external_link(self, node: ExternalLink) -> None:
        written = plain_text(node.title.nodes) if node.title is not None else ""
        label = as_label(written)
        self.citations.append(Citation(url=str(node.url).strip(), label=label))
        self.labels[len(self.pieces)] = bool(label) and not written.lstrip(" |").startswith("(")
        self.pieces.append(written)

    def _tag(self, node: Tag) -> None:
        name = str(node.tag).strip().lower()
        if name == "ref":
            self._ref(node)
        elif name == "br":
            self.pieces.append(" ")
        elif name in {"dd", "dt", "li", "hr"} and node.wiki_markup is not None:
            self.pieces.append(str(node.wiki_markup))
        elif name not in {"table", "gallery", "references", "math"} and node.contents is not None:
            self.take(node.contents.nodes)

    def _ref(self, node: Tag) -> None:
        own = [] if node.self_closing or node.contents is None else node.contents.nodes
        inner = read_inline(own or self.named_refs.get(_ref_name(node), ()))
        for citation in inner.citations:
            self._add(citation)

    def _template(self, node: Template) -> None:
        name = str(node.name).strip().lower().replace("_", " ")
        if name.startswith(("cite ", "citation", "vcite")):
            self._cite(node)
        elif name == "webarchive":
            self._webarchive(node)
        else:
            self.pieces.append(_template_text(name, node))

    def _cite(self, node: Template) -> None:
        url = _written(node, "url")
        archived = _written(node, "archive-url") or _written(node, "archiveurl")
        label = next(filter(None, (_argument(node, name) for name in _LABEL_PARAMETERS)), "")
        if url or archived:
            self._add(Citation(url=url or archived, label=label, archived_url=archived if url else ""))

    def _add(self, citation: Citation) -> None:
        """One more citation; a template for the link right before it only says more about that link."""
        last = self.citations[-1] if self.citations else None
        if last is None or url_value(last.url) != url_value(citation.url):
            self.citations.append(citation)
        elif citation.archived_url and not last.archived_url:
            self.citations[-1] = replace(last, archived_url=citation.archived_url)

    def _webarchive(self, node: Template) -> None:
        """An archived copy of the citation before it, or a citation of its own."""
        url = _written(node, "url")
        last = self.citations[-1] if self.citations else None
        if not url:
            return
        if last is not None and not last.archived_url and _bare(last.url) in _bare(url):
            self.citations[-1] = Citation(url=last.url, label=last.label, archived_url=url)
        else:
            self.citations.append(Citation(url=url, label=_argument(node, "title")))

    def _entity(self, node: HTMLEntity) -> None:
        # Not the node's own `normalize`: that makes NUL and lone surrogates out of numbers that name them.
        self.pieces.append(html.unescape(str(node)))

    def _skip(self, node: Node) -> None:
        """Comments, headings inside items, template parameters: nothing that a reader sees."""


_METHODS: tuple[tuple[type, Callable[[_Reader, Node], None]], ...] = (
    (Text, _Reader._text),  # noqa: SLF001  a dispatch table of the class's own methods
    (Wikilink, _Reader._wikilink),  # noqa: SLF001
    (ExternalLink, _Reader._external_link),  # noqa: SLF001
    (Tag, _Reader._tag),  # noqa: SLF001
    (Template, _Reader._template),  # noqa: SLF001
    (HTMLEntity, _Reader._entity),  # noqa: SLF001
    (Comment, _Reader._skip),  # noqa: SLF001
)


def _template_text(name: str, node: Template) -> str:
    words = [_argument(node, str(number)) for number in (1, 2, 3)]
    if name in _SHIP_PREFIXES:
        return f"{name.upper()} {words[0]}".strip()
    if name.startswith("lang-"):
        return words[0]
    shown = _SHOWN.get(name, ())
    return shown if isinstance(shown, str) else " ".join(words[place] for place in shown).strip()


def _argument(node: Template, name: str) -> str:
    if not node.has(name, ignore_empty=True):
        return ""
    return plain_text(node.get(name).value.nodes).strip()


def _written(node: Template, name: str) -> str:
    """The argument as it stands there: a URL is not to be read as wikitext."""
    if not node.has(name, ignore_empty=True):
        return ""
    return "".join(str(part) for part in node.get(name).value.nodes if not isinstance(part, Comment)).strip()


def _ref_name(tag: Tag) -> str:
    return str(tag.get("name").value).strip(" \"'") if tag.has("name") else ""


def _bare(url: str) -> str:
    return url.partition("://")[2] or url
