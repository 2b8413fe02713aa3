"""Archives, translators, caches and print services that wrap the URL that was meant.

Why here: an entry that cites ``web.archive.org/web/2006.../http://a`` and one that cites ``http://a`` cite one
document, and the first also tells where a memento of it is. Each wrapper is one value in `WRAPPERS`, tried in
order; wrappers nest, so unwrapping repeats. Where the wrapped URL cannot be read from the address (WebCite and
archive.today short codes), the address stays what was cited: guessing would lose it.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from binascii import Error as BadBase64
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from urllib.parse import parse_qsl, unquote

from crawler.errors import UnusableUrl
from crawler.urls.repair import repair
from crawler.urls.steps import Change, Steps, note
from storage.types import KnownMemento

_DEEPEST = 5
_MOST_FIELDS = 64
_INNER_NAMES = ("url", "u", "q", "a", "destination", "to", "uddg", "lite_url", "z")
_ADDRESS = re.compile(r"https?://([^/?#:@]+)(?::\d+)?(?=[/?#]|$)", re.IGNORECASE)
_TIMESTAMP = r"([0-9*][0-9.*-]*)(?:[a-z]{2}_)*"
_INNER = r"(https?(?::|%3A).+|www\..+)"
_TIMED = re.compile(rf"/(?:[\w.-]+/){{0,3}}?{_TIMESTAMP}/{_INNER}", re.IGNORECASE | re.DOTALL)
# Without a scheme or ``www.`` a name is only believed after a timestamp that follows the archive's own prefix.
_TIMED_NAME = re.compile(
    rf"/(?:web/|wayback/|all/|\d+/)?{_TIMESTAMP}/((?:[a-z0-9-]+\.)+[a-z]{{2,}}(?:[/?#:].*)?)", re.IGNORECASE | re.DOTALL
)
_UNTIMED = re.compile(rf"/(?:web/|wayback/|newest/|o/\w+/|cache/)?{_INNER}", re.IGNORECASE | re.DOTALL)
_SAVE = re.compile(rf"/save/(?:_embed/)?{_INNER}", re.IGNORECASE | re.DOTALL)
_GOOGLE_COUNTRY = r"google\.(?:com?\.)?[a-z]{2,3}"
_NEWS_ARTICLE = re.compile(r"/(?:__i/)?(?:rss/)?(?:rd/)?(?:articles|read)/(CBMi[\w-]{8,2000})(?=[?#]|$)")
_NEWS_HEADER = 12
_REDIRECTS = re.compile(r"/(?:l/|i|redirect|link|away\.php|r)?/?\?")
_CACHED = re.compile(r"cache:(?:[\w-]{8,16}:)?(\S+)")
_DATE_TEXT = re.compile(r"\d{4}(?:[-./]?\d{2}){0,2}")
_TRANSLATE_OWN = re.compile(r"(?:^|&)_x_tr_[^&]*")
_FIRST_ARCHIVED_YEAR, _LAST_ARCHIVED_YEAR = 1991, 2199

Unwrapped = tuple[str, str | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Wrapper:
    """One kind of wrapper.

    Attributes:
        name: for the reader and the tests.
        hosts: its host names; subdomains included. A pattern where names vary by country.
        read: (URL after the host, host) -> (wrapped URL, timestamp text), or ``None`` where it wraps nothing. The
            timestamp is empty where none is stated, ``None`` where the page is no capture.
        archive: what it shows is a memento.
    """

    name: str
    hosts: re.Pattern[str]
    read: Callable[[str, str], Unwrapped | None]
    archive: bool = False


def unwrap(url: str, steps: Steps = None) -> tuple[str, KnownMemento | None]:
    """The URL that a cited URL stands for, repaired, and the memento that was cited with it.

    Where wrappers nest, the memento is the innermost one: it shows the document itself.

    Raises:
        UnusableUrl: the URL is longer than any server would read, or wraps others without end.
    """
    current, memento = repair(url), None
    if current != url:
        note(steps, Change.CITATION, "what stood around it")
    for _ in range(_DEEPEST):
        step = _unwrap_once(current, steps)
        if step is None:
            return current, memento
        current, found = step
        memento = found or memento
    raise UnusableUrl(url, f"it wraps other URLs more than {_DEEPEST} times")


def memento_time(digits: str) -> datetime | None:
    """The moment that an archive's timestamp means: missing or impossible parts become the earliest possible.

    Archives print 14 digits, people copy fewer, and old indexes hold month and day ``00``.
    """
    text = re.sub(r"[^0-9]", "", digits)[:14]
    if len(text) < len("YYYY"):
        return None
    year = int(text[:4])
    if not _FIRST_ARCHIVED_YEAR <= year <= _LAST_ARCHIVED_YEAR:
        return None
    month = min(max(int(text[4:6] or 1), 1), 12)
    day = min(max(int(text[6:8] or 1), 1), monthrange(year, month)[1])
    hour, minute, second = (int(text[place : place + 2] or 0) for place in (8, 10, 12))
    return datetime(year, month, day, min(hour, 23), min(minute, 59), min(second, 59), tzinfo=UTC)


def memento_timestamp(moment: datetime) -> str:
    """The 14 digits by which archives name a moment; fewer mean different moments to different servers."""
    return f"{moment:%Y%m%d%H%M%S}"


def _unwrap_once(url: str, steps: Steps = None) -> tuple[str, KnownMemento | None] | None:
    address = _ADDRESS.match(url)
    if address is None:
        return None
    host = address[1].lower()
    for wrapper in _wrappers_of(host):
        inner = wrapper.read(url[address.end() :], host)
        if inner is not None:
            note(steps, Change.WRAPPER, wrapper.name)
            return repair(_plain(inner[0])), _memento(wrapper, host, url, inner[1])
    return None


def may_wrap(host: str) -> bool:
    """Whether a host is a wrapper's, so that a URL on it may stand for another."""
    return bool(_wrappers_of(host))


@lru_cache(maxsize=16384)
def _wrappers_of(host: str) -> tuple[Wrapper, ...]:
    return tuple(wrapper for wrapper in WRAPPERS if wrapper.hosts.fullmatch(host))


def _memento(wrapper: Wrapper, host: str, url: str, timestamp: str | None) -> KnownMemento | None:
    if not wrapper.archive or timestamp is None:
        return None
    return KnownMemento(archive=host, url=url, captured_at=memento_time(timestamp))


def _plain(inner: str) -> str:
    """A wrapped URL that was percent-encoded as a whole, decoded once."""
    return unquote(inner) if re.match(r"https?(?:%3A|:%2F)", inner, re.IGNORECASE) else inner


def _in_path(rest: str, host: str) -> Unwrapped | None:
    timed = _TIMED.fullmatch(rest) or _TIMED_NAME.fullmatch(rest)
    if timed is not None:
        # ``*`` asks for the calendar of all captures: it names the document but is no capture.
        return timed[2], None if "*" in timed[1] else timed[1]
    saved = _SAVE.fullmatch(rest)
    if saved is not None:
        return saved[1], None
    untimed = _UNTIMED.fullmatch(rest)
    return (untimed[1], "") if untimed is not None else _in_query(rest, host)


def _in_query(rest: str, _host: str) -> Unwrapped | None:
    place, _, query = rest.partition("?")
    if not query or place.count("/") > _DEEPEST:
        return None
    found = _fields(query)
    inner = next((found[name] for name in _INNER_NAMES if _looks_like_url(found.get(name, ""))), None)
    if inner is None:
        return None
    stated = _DATE_TEXT.match(found.get("date", ""))
    return inner, found["date"] if stated else ""


def _fields(query: str) -> dict[str, str]:
    return dict(parse_qsl(query.partition("#")[0])) if query.count("&") < _MOST_FIELDS else {}


def _looks_like_url(value: str) -> bool:
    return value.startswith(("http://", "https://", "www."))


def _google_cache(rest: str, _host: str) -> Unwrapped | None:
    cached = _CACHED.match(_fields(rest.partition("?")[2]).get("q", ""))
    return (cached[1], "") if cached is not None and "." in cached[1] else None


def _google_news(rest: str, _host: str) -> Unwrapped | None:
    """``/articles/CBMi...``: a message whose first text is the URL; newer ones hold a number only, and stay."""
    found = _NEWS_ARTICLE.match(rest)
    if found is None:
        return None
    try:
        message = urlsafe_b64decode(found[1] + "=" * (-len(found[1]) % 4))
    except (BadBase64, ValueError):
        return None
    place = message.find(b"http", 0, _NEWS_HEADER)
    length = message[place - 1] if place > 0 else 0
    if place > 1 and message[place - 2] & 0x80:
        length = length * 128 + (message[place - 2] & 0x7F)
    inner = message[place : place + length].decode("ascii", "replace")
    return (inner, None) if place > 0 and len(inner) == length and _ADDRESS.match(inner) else None


def _amp_viewer(rest: str, _host: str) -> Unwrapped | None:
    """``/amp/s/host/path`` and ``/c/s/host/path``: the ``s`` stands for https."""
    found = re.match(r"/(?:amp|c|v|i)/(s/)?([a-z0-9-]+(?:\.[a-z0-9-]+)+(?:[/?].*)?)", rest, re.IGNORECASE | re.DOTALL)
    return (f"http{'s' if found[1] else ''}://{found[2]}", "") if found is not None else None


def _translate_goog(rest: str, host: str) -> Unwrapped | None:
    """``www-example-com.translate.goog``: dots are written as hyphens, hyphens doubled."""
    label = host.removesuffix(".translate.goog")
    name = label.replace("--", "\0").replace("-", ".").replace("\0", "-")
    place, mark, query = rest.partition("?")
    query, anchor, fragment = query.partition("#")
    own = _TRANSLATE_OWN.sub("", query).lstrip("&")
    scheme = "http" if "_x_tr_sch=http&" in f"{query}&" else "https"
    return f"{scheme}://{name}{place}{mark if own else ''}{own}{anchor}{fragment}", ""


def _print_mirror(rest: str, _host: str) -> Unwrapped | None:
    found = re.match(r"/mpapps/pagetools/(?:print|email)/(news\.bbc\.co\.uk/.+)", rest)
    return (f"http://{found[1]}", "") if found is not None else None


def _hosts(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"(?:[a-z0-9-]+\.)*(?:{'|'.join(patterns)})")


WRAPPERS: tuple[Wrapper, ...] = (
    Wrapper(
        name="Internet Archive",
        hosts=re.compile(
            r"(?:(?:www\.|web\.|wayback\.|liveweb\.|replay\.web\.|classic-web\.|web-beta\.)archive\.org"
            r"|archive\.org|(?:www\.|replay\.|api\.)?waybackmachine\.org)"
        ),
        read=_in_path,
        archive=True,
    ),
    Wrapper(name="archive.today", hosts=_hosts(r"archive\.(?:is|today|ph|fo|li|md|vn)"), read=_in_path, archive=True),
    Wrapper(name="WebCite", hosts=_hosts(r"webcitation\.org"), read=_in_query, archive=True),
    Wrapper(name="Wikiwix", hosts=_hosts(r"archive\.wikiwix\.com"), read=_in_path, archive=True),
    Wrapper(
        name="other web archives",
        hosts=re.compile(
            r"(?:www\.)?arquivo\.pt|wayback\.archive-it\.org|webarchive\.loc\.gov|swap\.stanford\.edu|wayback\.vefsafn\.is"
            r"|(?:webarchive|yourarchives)\.nationalarchives\.gov\.uk|(?:www\.)?webarchive\.org\.uk"
            r"|web\.archive\.bibalex\.org|webarchive\.parliament\.uk|(?:www\.)?webharvest\.gov"
        ),
        read=_in_path,
        archive=True,
    ),
    Wrapper(
        name="Google Translate",
        hosts=_hosts(rf"translate\.(?:{_GOOGLE_COUNTRY}|googleusercontent\.com)"),
        read=_in_query,
    ),
    Wrapper(name="Google Translate hosts", hosts=re.compile(r"[a-z0-9-]+\.translate\.goog"), read=_translate_goog),
    Wrapper(
        name="other translators",
        hosts=_hosts(r"microsofttranslator\.com", r"translatetheweb\.com", r"translate\.yandex\.[a-z]+"),
        read=_in_query,
    ),
    Wrapper(
        name="Google cache",
        hosts=_hosts(
            r"webcache\.googleusercontent\.com", rf"www\.{_GOOGLE_COUNTRY}", r"(?:64|66|72|74|209)(?:\.\d+){3}"
        ),
        read=_google_cache,
    ),
    Wrapper(name="Google News", hosts=re.compile(r"news\.google\.com"), read=_google_news),
    Wrapper(
        name="Google redirects",
        hosts=re.compile(rf"(?:www|news)\.{_GOOGLE_COUNTRY}"),
        read=lambda rest, host: _amp_viewer(rest, host) or (_in_query(rest, host) if "/url?" in rest else None),
    ),
    Wrapper(
        name="other redirects",
        hosts=re.compile(
            r"(?:[\w-]+\.)?safelinks\.protection\.outlook\.com|duckduckgo\.com|googleweblight\.com|t\.umblr\.com"
            r"|out\.reddit\.com|slack-redir\.net|vk\.com|exit\.sc"
        ),
        read=lambda rest, host: _in_query(rest, host) if _REDIRECTS.match(rest) else None,
    ),
    Wrapper(name="AMP cache", hosts=re.compile(r"[a-z0-9-]+\.cdn\.ampproject\.org"), read=_amp_viewer),
    Wrapper(name="print services", hosts=_hosts(r"printthis\.clickability\.com"), read=_in_query),
    Wrapper(name="BBC print view", hosts=re.compile(r"newsvote\.bbc\.co\.uk"), read=_print_mirror),
    Wrapper(
        name="subscription walls",
        hosts=re.compile(r"subscribe\.washingtonpost\.com|l\.facebook\.com|lm\.facebook\.com"),
        read=_in_query,
    ),
)
