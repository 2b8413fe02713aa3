"""What an image's address says of it: the site's mark, a placeholder, or one picture in another size."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlsplit


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_TOKENS = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_MARKS = _set(
    """
    logo logos logotype wordmark favicon icon icons sprite sprites pixel spacer blank transparent placeholder
    avatar noimage nophoto nopicture nopic fallback default dummy missing generic shareimage ogimage opengraph
    masthead brand branding button btn arrow bullet clear 1x1 share sharing social og facebook twitter fb
    """
)
_STRONG = _set(
    """
    favicon sprite sprites spacer placeholder noimage nophoto nopicture 1x1 opengraph ogimage shareimage
    logotype
    """
)
_ADVERTISING = re.compile(r"/(?:ads?|adverts?|banners?|adserver|advertising|werbung|publicidad)/", re.IGNORECASE)
_MANY_TOKENS = 5
_VECTOR = (".svg", ".ico", ".svgz")
_SIZES = re.compile(
    r"[-_.](?:\d{2,4}x\d{2,4}|\d{2,4}[wh]?|scaled|large|medium|small|thumb(?:nail)?|[smlx]{1,2}|\dx)(?=$|[-_.])",
    re.IGNORECASE,
)
_LEAST_STEM = 5
_MIN_WIDTH, _MIN_HEIGHT = 100, 60


def is_mark(url: str) -> bool:
    """Whether the address is that of a logo, a placeholder, a sprite or a counting pixel."""
    try:
        path = unquote(urlsplit(url).path)
    except ValueError:
        return True
    name = path.rstrip("/").rpartition("/")[2]
    if name.lower().endswith(_VECTOR) or _ADVERTISING.search(path):
        return True
    tokens = [token.lower() for token in _TOKENS.findall(_CAMEL.sub(" ", name.rpartition(".")[0] or name))]
    if _STRONG.intersection(tokens):
        return True
    return len(tokens) <= _MANY_TOKENS and bool(_MARKS.intersection(tokens))


def too_small(width: str, height: str) -> bool:
    """Whether the stated size is that of a button; unknown sizes are not."""
    wide, high = number(width), number(height)
    return 0 < wide < _MIN_WIDTH or 0 < high < _MIN_HEIGHT


def number(text: str | None) -> int:
    """Pixels of ``300``, ``300px``; 0 for anything else."""
    match = re.match(r"\s*(\d{1,5})(?:\.\d+)?\s*(?:px)?\s*$", text or "", re.ASCII)
    return int(match[1]) if match else 0


def same_picture(one: str, other: str) -> bool:
    """Whether both addresses are one picture, sizes and crops aside."""
    return one == other or bool(_keys(one) & _keys(other))


def _keys(url: str) -> frozenset[str]:
    """File names in the address, without endings and sizes; also of an address that is handed to a resizer."""
    try:
        parts = urlsplit(url)
        inner = [value for _, value in parse_qsl(parts.query[:2000]) if "/" in value]
    except ValueError:
        return frozenset()
    paths = [unquote(parts.path), *inner]
    names = (path.rstrip("/").rpartition("/")[2].lower() for path in paths)
    stems = (_SIZES.sub("", re.sub(r"\.(?:jpe?g|png|gif|webp|avif)$", "", name)) for name in names)
    return frozenset(stem for stem in stems if len(stem) >= _LEAST_STEM and stem not in ("image", "photo"))
