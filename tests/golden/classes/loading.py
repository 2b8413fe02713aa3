"""The labelled set of page kinds: cases made from templates, stories and furniture, the same ones every time.

A template is a ``*.page`` file in ``dev/``, ``test/`` or ``blind/``: a TOML head between two lines ``+++`` (defaults
and a list of cases), then the page with places. A story is a text file (``name: value`` lines, an empty line,
paragraphs). Furniture (sections, headlines, the words of buttons) stands in ``furniture.toml``, by language.

Places: ``«name»`` is a value with markup escaped, ``«!name»`` the value as it is, ``«j:name»`` the value inside a JSON
string. ``«each paragraphs 0:2»...«end»`` repeats its inside; there are ``paragraphs``, ``headlines`` and ``sections``.

A row of ``cases`` is one case, or one per story (``stories = [...]``) or per language (``langs = [...]``).

Why places of our own: pages are full of ``$``, ``{{`` and ``%``, which the template languages at hand would claim.

Why templates and not whole pages: one structure serves some languages, ages and lengths, and the set stays readable.
The parts share no template and no story, so what is found in one says something about the others. The judge was made
with ``dev`` in view and is held to ``test`` too; ``blind`` was written without sight of the judge, to be measured.
"""

from __future__ import annotations

import html as markup
import json
import random
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from storage.types import PageKind, Redirect
from storage.types.pages import Citation

HERE = Path(__file__).parent
SPLITS = ("dev", "test", "blind")
STORIES = {
    "dev": {"en": "ferry", "de": "signale", "fr": "phare", "es": "olivos", "pt": "balsa", "ru": "most"}
    | {"zh": "reservoir", "ja": "hashi", "ar": "souq"},
    "test": {"en": "viaduct", "de": "kabel", "fr": "cloches", "es": "correo", "it": "biblioteca", "nl": "dijk"}
    | {"ru": "kot", "zh": "chaye", "ja": "hansha", "ko": "deungdae", "ar": "nakhil", "tr": "zeytin", "pl": "dzwon"}
    | {"pt": "bonde"},
    "blind": {"en": "kiln", "de": "stellwerk", "fr": "marais", "es": "molino", "it": "funivia", "pt": "farol"}
    | {"nl": "sluis", "ru": "parom", "zh": "wharf", "zh-Hant": "yugang", "ja": "tsunagi", "ko": "beodeul"}
    | {"ar": "qanat", "tr": "tersane", "pl": "latarnia", "sv": "fyren", "cs": "rybnik", "uk": "mlyn"}
    | {"id": "pasar", "el": "faros"},
}
"""The story that a case without one is about, by its language; English where the part has none."""
_DEMO_STORIES = HERE.parents[2] / "crawler" / "demo" / "stories"
_CAPTURED = 2024
_UNSPACED = frozenset({"zh", "zh-Hant", "ja"})
_EACH = re.compile(r"«each (\w+)(?: (\d+))?(?::(\d+))?»(.*?)«end»", re.DOTALL)
_PLACE = re.compile(r"«(!|j:)?(\w+)»")


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """One invented story; ``fields`` are its head lines (lang, headline, event, standfirst, byline, published)."""

    name: str
    fields: Mapping[str, str]
    paragraphs: tuple[str, ...]

    @property
    def published(self) -> datetime:
        """With the zone of the story's own desk."""
        return datetime.fromisoformat(self.fields["published"])


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """One labelled response.

    Attributes:
        split: ``dev``, ``test`` or ``blind``.
        like: the kinds that the page looks like and must not be taken for; a case with any is a hard one.
        note: why this label.
    """

    id: str
    split: str
    template: str
    kind: PageKind
    like: frozenset[PageKind]
    note: str
    requested_url: str
    redirects: tuple[Redirect, ...]
    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    content_type: str
    content: bytes
    captured_at: datetime
    citation: Citation

    @property
    def hard(self) -> bool:
        """Whether it is easily taken for another kind."""
        return bool(self.like)


@cache
def cases() -> tuple[Case, ...]:
    """All cases of all parts, in the order of their files."""
    return tuple(case for split in SPLITS for path in templates(split) for case in _cases_of(split, path))


def templates(split: str) -> list[Path]:
    """The template files of one part."""
    return sorted((HERE / split).glob("*.page"))


@cache
def furniture() -> dict[str, dict[str, Any]]:
    """What surrounds articles, by language."""
    return tomllib.loads((HERE / "furniture.toml").read_text("utf-8"))


@cache
def story(split: str, name: str) -> Story:
    """A story of one part; ``dev`` may also use the demo's."""
    own = HERE / split / "stories" / f"{name}.txt"
    text = (own if own.exists() else _DEMO_STORIES / f"{name}.txt").read_text("utf-8")
    head, _, body = text.partition("\n\n")
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    if not own.exists():
        fields |= tomllib.loads((HERE / split / "stories" / "demo.toml").read_text("utf-8"))[name]
    paragraphs = tuple(" ".join(part.split()) for part in body.strip().split("\n\n"))
    return Story(name=name, fields={"standfirst": "", "byline": "", **fields}, paragraphs=paragraphs)


def _cases_of(split: str, path: Path) -> Iterator[Case]:
    _, head, body = re.split(r"^\+\+\+\n", path.read_text("utf-8"), maxsplit=2, flags=re.MULTILINE)
    template = tomllib.loads(head)
    rows = template.pop("cases")
    for number, row in enumerate(rows, start=1):
        for variant in _variants(row):
            name = "-".join(
                str(part) for part in (path.stem, row.get("id", number), variant.pop("variant", "")) if part
            )
            facts = {**template, **variant, "slots": {**template.get("slots", {}), **row.get("slots", {})}}
            yield _case(split, path.stem, name, facts, body)


def _variants(row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    plain = {key: value for key, value in row.items() if key not in {"stories", "langs", "id"}}
    for name in row.get("stories", ()):
        yield {**plain, "story": name, "variant": name}
    for lang in row.get("langs", ()):
        yield {**plain, "lang": lang, "variant": lang}
    if "stories" not in row and "langs" not in row:
        yield plain


def _case(split: str, template: str, name: str, facts: Mapping[str, Any], body: str) -> Case:
    told = story(split, facts.get("story") or STORIES[split].get(facts.get("lang", "en"), STORIES[split]["en"]))
    lang = facts.get("lang", told.fields["lang"])
    addresses = {"story": told.name, "lang": lang, "day": f"{told.published:%Y/%m/%d}", "id": _number(name)}
    url = facts["url"].format(**addresses)
    encoding = facts.get("encoding", "utf-8")
    values = _values(told, lang, url, name, facts) | {"charset": facts.get("charset", encoding)}
    content = _bytes(facts, _filled(body, values, told, name), encoding)
    return Case(
        id=name,
        split=split,
        template=template,
        kind=PageKind(facts["kind"]),
        like=frozenset(PageKind(kind) for kind in facts.get("like", ())),
        note=facts["note"],
        requested_url=facts.get("requested", facts["url"]).format(**addresses),
        redirects=tuple(
            Redirect(url=hop.format(**addresses), status=status) for hop, status in facts.get("redirects", ())
        ),
        url=url,
        status=facts.get("status", 200),
        headers=tuple((key, value) for key, value in facts.get("headers", ())),
        content_type=facts.get("content_type", f"text/html; charset={encoding}"),
        content=content,
        captured_at=datetime(facts.get("captured", _CAPTURED), 9, 1, 12, tzinfo=UTC),
        citation=_citation(told, facts),
    )


def _citation(told: Story, facts: Mapping[str, Any]) -> Citation:
    day = facts.get("event_date") or told.published.date().isoformat()
    return Citation(
        event_key=f"event-{told.name}",
        event_date=date.fromisoformat(day),
        headline=facts.get("event", told.fields["event"]),
        label=facts.get("label", "Source"),
    )


def _bytes(facts: Mapping[str, Any], text: str, encoding: str) -> bytes:
    if "prefix_hex" not in facts:
        return text.rstrip("\n").encode(encoding, "xmlcharrefreplace")
    noise = random.Random(facts["prefix_hex"]).randbytes(facts.get("noise", 3000))  # noqa: S311 - reproducible data
    return bytes.fromhex(facts["prefix_hex"]) + text.strip("\n").encode() + noise


# -- places ------------------------------------------------------------------------------------------------------


def _values(told: Story, lang: str, url: str, name: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    surroundings = furniture()[lang]
    address, moment = urlsplit(url), told.published
    words = {key: value for key, value in surroundings.items() if isinstance(value, str)}
    return {
        **words,
        **told.fields,
        **_dates(moment, lang),
        "lang": lang,
        "url": url,
        "host": address.hostname or "",
        "path": address.path,
        "site": facts.get("site", "Daily Record"),
        "number": _number(name),
        "body": " ".join(told.paragraphs),
        "br_body": "<br><br>\n".join(markup.escape(text, quote=False) for text in told.paragraphs),
        "text1": told.paragraphs[0],
        "cut": f"{told.paragraphs[1 % len(told.paragraphs)][:140]}…",
        "plain_body": "\n\n".join(told.paragraphs),
        "link_style": facts.get("links", "slug"),
        "captured": facts.get("captured", _CAPTURED),
        "surroundings": surroundings,
        **facts["slots"],
    }


def _dates(moment: datetime, lang: str) -> dict[str, str]:
    """The ways of writing a date; the long ones as the language does, with figures where it has month names."""
    chinese, dotted = f"{moment.year}年{moment.month}月{moment.day}日", f"{moment:%d.%m.%Y}"
    local = chinese if lang in _UNSPACED else dotted
    english = lang == "en"
    return {
        "published": moment.isoformat(),
        "day": f"{moment:%Y-%m-%d}",
        "year": f"{moment:%Y}",
        "time": f"{moment:%H:%M}",
        "date_dotted": dotted,
        "date_local": local,
        "date_slashed": f"{moment:%d/%m/%Y}",
        "date_long": f"{moment:%B} {moment.day}, {moment.year}" if english else local,
        "date_abbr": f"{moment:%b} {moment.day}, {moment.year}" if english else local,
        "weekday_time": f"{f'{moment:%A}, {moment.day} {moment:%B %Y}' if english else local} {moment:%H:%M}",
    }


def _filled(body: str, values: Mapping[str, Any], told: Story, name: str) -> str:
    """The page with every place filled; what was filled in is never looked at again (stories quote with « too)."""
    parts, end = [], 0
    for match in _EACH.finditer(body):
        parts += [_placed(body[end : match.start()], values), _repeated(match, values, told, name)]
        end = match.end()
    return "".join([*parts, _placed(body[end:], values)])


def _repeated(match: re.Match[str], values: Mapping[str, Any], told: Story, name: str) -> str:
    pool, first, last, inside = match.groups()
    items = _items(pool, values, told, name)
    chosen = list(islice(items, int(first or 0), int(last))) if last else _as_many(pool, items, first)
    return "".join(_placed(inside, {**values, **item, "n": number}) for number, item in enumerate(chosen, start=1))


def _as_many(pool: str, items: Iterator[dict[str, str]], count: str | None) -> list[dict[str, str]]:
    if pool == "paragraphs" and count:
        return list(islice(items, int(count), None))
    return list(islice(items, int(count) if count else 8 if pool == "sections" else None))


def _placed(text: str, values: Mapping[str, Any]) -> str:
    def fill(match: re.Match[str]) -> str:
        how, name = match.groups()
        value = str(values[name])
        if how == "j:":
            return json.dumps(value, ensure_ascii=False)[1:-1].replace("<", "\\u003c")
        return value if how else markup.escape(value)

    return _PLACE.sub(fill, text)


def _items(pool: str, values: Mapping[str, Any], told: Story, name: str) -> Iterator[dict[str, str]]:
    surroundings = values["surroundings"]
    if pool == "paragraphs":
        yield from _entries(told)
    elif pool == "sections":
        yield from (
            {"section": word, "href": f"/{path}/"} for word, path in zip(surroundings["sections"], _PATHS, strict=True)
        )
    elif pool == "headlines":
        yield from _headlines(surroundings, values, random.Random(name))  # noqa: S311 - reproducible data
    else:
        raise KeyError(pool)


def _entries(told: Story) -> Iterator[dict[str, str]]:
    for index, text in enumerate(told.paragraphs):
        minute = 21 * 60 + 48 - index * 17
        entry_time = f"{minute // 60:02}:{minute % 60:02}"
        yield {"text": text, "entry_time": entry_time, "entry_iso": f"{told.published:%Y-%m-%d}T{entry_time}:00Z"}


_PATHS = ("news", "politics", "business", "sport", "culture", "science", "local", "opinion")


def _headlines(
    surroundings: Mapping[str, Any], values: Mapping[str, Any], rng: random.Random
) -> Iterator[dict[str, str]]:
    pairs = [(one, other) for one in surroundings["subjects"] for other in surroundings["predicates"]]
    rng.shuffle(pairs)
    glue = "" if values["lang"] in _UNSPACED else " "
    for index, (subject, predicate) in enumerate(pairs):
        headline, number, section = f"{subject}{glue}{predicate}", rng.randint(100_000, 999_999), rng.choice(_PATHS)
        yield {
            "headline": headline,
            "summary": surroundings["summaries"][index % len(surroundings["summaries"])],
            "href": _href(values["link_style"], values, headline, number, section),
            "section": section,
            "item_time": f"{23 - index % 24:02}:{rng.randint(10, 59)}",
            "item_number": str(number),
        }


def _href(style: str, values: Mapping[str, Any], headline: str, number: int, section: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", headline.lower()).strip("-")
    if style == "query":
        return f"/article.php?sid={number}"
    if style == "id" or len(slug) < len(headline) / 2:
        return f"/{section}/{number}.html"
    return f"/{section}/{values['captured']}/08/{number % 28 + 1:02}/{slug}"


def _number(name: str) -> str:
    return str(random.Random(name).randint(1_000_000, 9_999_999))  # noqa: S311 - reproducible data
