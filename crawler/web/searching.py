"""What somebody looks for, by the address of a page: the same fields for events, articles and their forms.

Why a search that is understood fills the form with what it means and not with what was typed: ``since:2006-07`` in the
box and the field "Since" say the same, and shown twice they could not both be edited. What is not understood stays as
it was typed, with the sentence that says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request

from crawler.errors import SelectionError
from crawler.naming import with_event
from crawler.selecting import KEYS, WORDS_FIELD, fields_of, from_fields
from crawler.web.cursors import cursor_of
from crawler.web.rendering import with_query
from crawler.web.site import site_of
from storage.errors import NotFound
from storage.types import ArticlePlace, EventPlace, LibraryQuery, TextKind

FIELDS = (WORDS_FIELD, *KEYS)
"""Every field of a search, as it stands in addresses and forms."""

OLDEST = "oldest"
_ORDER, _AFTER, _BEFORE = "order", "after", "before"
_MOST_TYPED = 2_000
"""Signs of a field that are read; nobody types more."""

TEXT_KINDS: Mapping[TextKind, str] = {
    TextKind.FULL: "full text",
    TextKind.ARCHIVE_ONLY: "only from an archive",
    TextKind.NONE: "no article",
}
"""What there is to read, in a form's words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Search:
    """What an address asks for.

    Attributes:
        path: of the list.
        said: fields that say something: what they mean, or as typed where that cannot be understood.
        query: what they mean; ``None`` where that cannot be understood.
        problem: why not, one sentence; else empty.
        newest_first: the order of the list.
        after: cursor of the place to continue behind; empty for none.
        before: cursor of the place to end before; likewise.
    """

    path: str
    said: Mapping[str, str]
    query: LibraryQuery | None = None
    problem: str = ""
    newest_first: bool = True
    after: str = ""
    before: str = ""

    @property
    def filtered(self) -> bool:
        """Whether more than words are asked for."""
        return any(name != WORDS_FIELD for name in self.said)

    def field(self, name: str) -> str:
        """What a field says; empty for nothing."""
        return self.said.get(name, "")

    def address(self, **fields: str) -> str:
        """The list from its beginning, with further fields."""
        order = "" if self.newest_first else OLDEST
        return with_query(self.path, {**self.said, _ORDER: order, **fields})

    def without(self, name: str) -> str:
        """The list from its beginning, without one field."""
        return self.address(**{name: ""})

    def other_order(self) -> str:
        """The same list the other way round."""
        return self.address(**{_ORDER: OLDEST if self.newest_first else ""})

    def address_before(self, place: EventPlace | ArticlePlace | None) -> str:
        """Of the page that ends before a place; empty for none."""
        return self.address(**{_BEFORE: cursor_of(place)}) if place else ""

    def address_after(self, place: EventPlace | ArticlePlace | None) -> str:
        """Of the page that begins behind a place; empty for none."""
        return self.address(**{_AFTER: cursor_of(place)}) if place else ""


def search_of(request: Request) -> Search:
    """What a request asks for; fields that are none of ours say nothing."""
    asked = request.query_params
    typed = {name: value[:_MOST_TYPED] for name in FIELDS if (value := asked.get(name, "").strip())}
    query, problem = _understood(request, typed)
    return Search(
        path=request.url.path,
        said=typed if query is None else fields_of(query),
        query=query,
        problem=problem,
        newest_first=asked.get(_ORDER) != OLDEST,
        after=asked.get(_AFTER, ""),
        before=asked.get(_BEFORE, ""),
    )


def _understood(request: Request, typed: Mapping[str, str]) -> tuple[LibraryQuery | None, str]:
    try:
        query = from_fields(typed)
        return site_of(request).ask(lambda store: with_event(store, query)), ""
    except (SelectionError, NotFound) as problem:
        return None, str(problem)


@dataclass(frozen=True, kw_only=True, slots=True)
class Choices:
    """What a form offers: for each field its possible values with what stands beside them."""

    publishers: Mapping[str, int]
    agencies: Mapping[str, int]
    outcomes: Mapping[str, str]
    languages: Mapping[str, str]
    texts: Mapping[TextKind, str]


def choices_of(request: Request, *, articles: bool) -> Choices:
    """What the library has to choose from, as it was a while ago at most."""
    facets = site_of(request).facets()
    return Choices(
        publishers=facets.publishers,
        agencies=facets.agencies,
        outcomes={name: f"{name.replace('_', ' ')} ({count:,})" for name, count in facets.outcomes.items()},
        languages={name: f"{name} ({count:,})" for name, count in facets.languages.items()},
        texts={kind: words for kind, words in TEXT_KINDS.items() if not (articles and kind is TextKind.NONE)},
    )
