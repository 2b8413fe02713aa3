"""What the addresses alone say: where a request was sent on to, and what kind of page a path names.

Why words of the path and not whole patterns: content systems differ in everything else, but `/404`, `/login` and
`/tag/` are written for people. A word only counts where a redirect brought it in, unless it names a section or a
medium: a story may well be called `/news/error-in-court`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, urlsplit

from storage.types import PageKind

_APP_ROUTE = re.compile(r"!?/\S")
"""A fragment that names a page inside an application: all of its pages have the address of the home page."""
_HOME_FILES = re.compile(
    r"/?(?:(?:index|home|default|main|start|frontpage|homepage)(?:\.[a-z]{2,5})?/?)?", re.IGNORECASE
)
_LANGUAGE = re.compile(r"/[a-z]{2}(?:[-_][a-z]{2,4})?", re.IGNORECASE)
_TOKENS = re.compile(r"[^\W_]+")
_DATE_FOLDER = re.compile(r"(?:19|20)\d\d|\d{1,2}")
_MONTH = re.compile(r"(?:.*/)?(?:19|20)\d\d/(?:0?[1-9]|1[0-2])/?", re.DOTALL)
"""The end of a path that names all pages of a month."""
_SLUG_WORDS = 3
_ID_DIGITS = 3
_IGNORED_QUERY = re.compile(r"utm_|fbclid|gclid|ref$|source$|src$|from$|cmp$|mc_", re.IGNORECASE)

_PLACES: tuple[tuple[PageKind, frozenset[str]], ...] = (
    (
        PageKind.CHALLENGE,
        frozenset({"captcha", "challenge", "sorry", "showcaptcha", "sgcaptcha", "blocked", "botcheck", "antibot"}),
    ),
    (
        PageKind.CONSENT_WALL,
        frozenset(
            {"consent", "cookiewall", "privacygate", "guce", "gdpr", "collectconsent", "agegate", "cookieconsent"}
        )
        | {"privacywall", "consentwall", "ageverification", "acceptcookies", "purabo", "cookies"},
    ),
    (
        PageKind.LOGIN_WALL,
        frozenset(
            {"login", "signin", "signon", "logon", "register", "registration", "auth", "sso", "signup", "anmelden"}
        )
        | {"inloggen", "connexion", "accedi", "authenticate", "members", "subscribe", "passport"},
    ),
    (
        PageKind.ERROR_PAGE,
        frozenset(
            {"500", "502", "503", "maintenance", "unavailable", "wartung", "offline", "suspended", "suspendedpage"}
        ),
    ),
    (
        PageKind.SOFT_404,
        frozenset(
            {"404", "notfound", "error", "errors", "missing", "gone", "expired", "pagenotfound", "err", "deleted"}
        )
        | {
            "search",
            "suche",
            "recherche",
            "buscar",
            "nicht",
            "introuvable",
            "removed",
            "unknown",
            "nopage",
            "error404",
        },
    ),
)
_SECTION_WORDS = frozenset(
    {"tag", "tags", "category", "categories", "section", "sections", "topic", "topics", "author", "authors", "search"}
    | {"page", "archive", "archives", "sitemap", "latest", "rubrik", "rubrique", "seccion", "thema", "themen", "label"}
    | {
        "keyword",
        "keywords",
        "suche",
        "buscar",
        "recherche",
        "tema",
        "temas",
        "sezione",
        "dossier",
        "headlines",
        "etiqueta",
    }
)
_MEDIA_WORDS = frozenset(
    {"video", "videos", "gallery", "galleries", "photo", "photos", "slideshow", "slideshows", "pictures", "inpictures"}
    | {"images", "picture", "bilder", "fotostrecke", "bildergalerie", "diaporama", "fotogaleria", "fotogallery", "foto"}
    | {
        "podcast",
        "podcasts",
        "audio",
        "watch",
        "tv",
        "mediathek",
        "photogallery",
        "photoessay",
        "fotos",
        "album",
        "player",
    }
    | {"cartoon", "cartoons", "comic", "comics", "karikatur", "karikaturen", "infographic", "infographics", "graphic"}
    | {
        "graphics",
        "infografik",
        "infografia",
        "infographie",
        "karikatura",
        "caricatura",
        "vignetta",
        "stripovi",
        "clip",
    }
    | {"clips", "reels", "shorts", "episode", "episodes", "webcam"}
)
_SEARCH_WORDS = frozenset(
    {
        "search",
        "suche",
        "buscar",
        "busca",
        "recherche",
        "ricerca",
        "zoeken",
        "szukaj",
        "poisk",
        "arama",
        "sok",
        "sogning",
    }
    | {"searchresults", "suchergebnisse", "resultados", "advancedsearch", "sitesearch"}
)
_SEARCH_FIELDS = frozenset({"q", "query", "search", "searchterm", "keyword", "keywords", "suchbegriff"})
_LIVE_WORDS = frozenset(
    {"live", "liveblog", "liveticker", "livestory", "ticker", "liveupdates", "direct", "envivo", "directo"}
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """What a request and the place where it ended say.

    Attributes:
        moved: the path or host differs from what was asked for.
        deep: what was asked for names one page, not a site or a section.
        one_page: it ended where it was asked for, at a path with a number or a slug of several words.
        home: it ended at a home page.
        section: it ended at an ancestor of the path asked for, or at a short path without number and slug.
        leads_to: the kind of page that the new address names, and the word; ``None`` where it names none.
        listing: a word of the final path that names a section (``tag``); empty where there is none.
        media: likewise for pictures and films.
        live: likewise for live reports.
        search: what was asked for is a search, with its words, and it ended there.
    """

    moved: bool
    deep: bool
    one_page: bool
    home: bool
    section: bool
    leads_to: tuple[PageKind, str] | None
    listing: str
    media: str
    live: str
    search: bool


def read_address(requested_url: str, final_url: str) -> Address:
    """Compare what was asked for with where it ended; an empty ``requested_url`` is the final one."""
    final, requested = _split(final_url), _split(requested_url or final_url)
    moved = bool(requested_url) and _place(requested) != _place(final)
    words = _words(final)
    return Address(
        moved=moved,
        deep=_is_deep(requested),
        one_page=not moved and not _is_home(final) and _names_a_page(final.path.rstrip("/").rpartition("/")[2]),
        home=_is_home(final),
        section=moved and _is_section(requested, final),
        leads_to=_named_place(words - _words(requested)) if moved else _named_host(final),
        listing=_first(_path_words(final), _SECTION_WORDS) or _month(final),
        media=_first(_path_words(final), _MEDIA_WORDS),
        live=_first(_path_words(final), _LIVE_WORDS),
        search=not moved and _is_search(final),
    )


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", "", "", "")


def _place(parts: SplitResult) -> tuple[str, str, str]:
    path = parts.path.rstrip("/").lower()
    return parts.netloc.lower().removeprefix("www."), path.removesuffix("/index.html"), parts.query


def _meaningful_query(parts: SplitResult) -> bool:
    return any(not _IGNORED_QUERY.match(name) for name, _ in parse_qsl(parts.query[:2000]))


def _is_home(parts: SplitResult) -> bool:
    path = parts.path.rstrip("/")
    at_root = bool(_HOME_FILES.fullmatch(parts.path)) or bool(_LANGUAGE.fullmatch(path))
    return at_root and not _meaningful_query(parts) and not _APP_ROUTE.match(parts.fragment)


def _is_deep(parts: SplitResult) -> bool:
    if _is_home(parts):
        return False
    path = parts.path.strip("/")
    return "/" in path or _names_a_page(path) or _meaningful_query(parts) or bool(_APP_ROUTE.match(parts.fragment))


def _names_a_page(segment: str) -> bool:
    """Whether a path segment looks like one story: a number, or a slug of several words."""
    digits = sum(char.isdigit() for char in segment)
    return digits >= _ID_DIGITS or len(re.split(r"[-_+ ]|%20", segment)) >= _SLUG_WORDS


def _is_section(requested: SplitResult, final: SplitResult) -> bool:
    if _is_home(final) or not _is_deep(requested) or _meaningful_query(final):
        return False
    path = final.path.strip("/")
    if requested.netloc == final.netloc and requested.path.strip("/").startswith(f"{path}/"):
        folder = path.rpartition("/")[2]
        return bool(_DATE_FOLDER.fullmatch(folder)) or not _names_a_page(folder)
    return "/" not in path and "." not in path and not _names_a_page(path) and not _is_short(requested)


def _is_short(requested: SplitResult) -> bool:
    return "/" not in requested.path.strip("/")


def _path_words(parts: SplitResult) -> list[str]:
    """Lower-case segments of the path without hyphens and endings, and the labels of the host before its name."""
    segments = [re.sub(r"\.[a-z]{2,5}$|[-_]", "", segment) for segment in parts.path.lower().split("/") if segment]
    return [*segments[:12], parts.netloc.lower().partition(".")[0]]


def _words(parts: SplitResult) -> frozenset[str]:
    names = [name.lower() for name, _ in parse_qsl(parts.query[:2000])]
    return frozenset([*_path_words(parts), *_TOKENS.findall(parts.path.lower()), *names])


def _named_place(words: frozenset[str]) -> tuple[PageKind, str] | None:
    for kind, known in _PLACES:
        if found := sorted(words & known):
            return kind, found[0]
    return None


def _named_host(parts: SplitResult) -> tuple[PageKind, str] | None:
    """The kind that the first label of the host names (``consent.paper.example``)."""
    label = parts.netloc.lower().partition(".")[0]
    return (PageKind.CONSENT_WALL, label) if label in {"consent", "guce", "cookiewall"} else None


def _month(parts: SplitResult) -> str:
    """The year and the month, where the address ends with them: a month's archive."""
    if _meaningful_query(parts) or not _MONTH.fullmatch(parts.path):
        return ""
    return "/".join(parts.path.rstrip("/").rsplit("/", 2)[-2:])


def _is_search(parts: SplitResult) -> bool:
    """Whether an address asks for words; ``?q=node/17`` asks for a page."""
    fields = {name.lower(): value for name, value in parse_qsl(parts.query[:2000])}
    worded = any(name in _SEARCH_FIELDS and "/" not in value for name, value in fields.items())
    return worded or (bool(fields) and bool(_first(_path_words(parts), _SEARCH_WORDS)))


def _first(words: list[str], known: frozenset[str]) -> str:
    return next((word for word in words if word in known), "")
