"""Is a response an image, how large is it, and how does it look? For the killable pool: images are hostile like pages.

Why Pillow and imagehash are an extra: with them come NumPy and SciPy, which nobody needs who stores no images.

Why only four formats: what newspapers send is JPEG, PNG, GIF and WebP. Every further decoder is C code that anybody
could reach with a URL.

Why `MOST_PIXELS`: a PNG of 100 kB may unfold to gigabytes. The header says so before anything is unfolded, and what is
larger than any camera's picture is refused. What a decoder needs beyond that, the pool's memory limit stops.

Why the difference hash (8 by 8, "is this point brighter than its right neighbour"): it survives scaling, another
quality and another format, which is what happens to one agency photograph on its way through ten papers. Copies
differ in a few of the 64 bits, other pictures in about half of them.
"""

from __future__ import annotations

import importlib.util
import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Final

from crawler.extraction.sniff import foreign_format
from storage.types import ImageFacts, Outcome

if TYPE_CHECKING:  # of the extra `images`
    from PIL.Image import Image

MOST_PIXELS: Final = 64_000_000
"""The largest camera pictures in newspapers have about 50 million."""

_FORMATS: Final = ("JPEG", "PNG", "GIF", "WEBP")
_KNOWN: Final = frozenset({"a JPEG image", "a PNG image", "a GIF image", "a WebP image"})
"""The same as `crawler.extraction.sniff` calls them."""
_PACKAGES: Final = ("PIL", "imagehash")
_DRAFT: Final = (256, 256)
"""A JPEG is decoded at no more than it takes to have this many points: the hash needs nine."""
_SIGN: Final = 1 << 63


@dataclass(frozen=True, kw_only=True, slots=True)
class ImageInput:
    """An answer to a request for an image: its body with the content-encoding removed, and its Content-Type."""

    content: bytes
    content_type: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ImageReading:
    """What came of looking at it.

    Attributes:
        outcome: ``image``, ``not_image`` or ``too_large``.
        detail: one sentence with the figures.
        facts: of an image; ``None`` for all others.
    """

    outcome: Outcome
    detail: str
    facts: ImageFacts | None = None


def missing_package() -> str:
    """Why no image can be looked at, in one sentence that says what to do; empty where all is there."""
    absent = [name for name in _PACKAGES if importlib.util.find_spec(name) is None]
    name = {"PIL": "pillow"}.get(absent[0], absent[0]) if absent else ""
    return f"the Python package {name} is not installed: pip install 'dateline[images]'" if absent else ""


def look(given: ImageInput) -> ImageReading:
    """Look at an answer; never raises but `MemoryError`. Needs the packages of the extra ``images``."""
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - of the extra `images`

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        Image.MAX_IMAGE_PIXELS = MOST_PIXELS
        try:
            return _measured(given.content)
        except MemoryError:
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            return ImageReading(outcome=Outcome.TOO_LARGE, detail=f"an image of more than {MOST_PIXELS:,} pixels")
        except UnidentifiedImageError:
            return ImageReading(outcome=Outcome.NOT_IMAGE, detail=_instead(given))
        except Exception as error:  # noqa: BLE001 - whatever a decoder stumbles over, the file is broken
            detail = f"a broken image: {type(error).__name__}: {error}"[:300]
            return ImageReading(outcome=Outcome.NOT_IMAGE, detail=detail)


def _measured(content: bytes) -> ImageReading:
    from PIL import Image  # noqa: PLC0415 - of the extra `images`

    with Image.open(BytesIO(content), formats=_FORMATS) as checked:
        checked.verify()
    with Image.open(BytesIO(content), formats=_FORMATS) as image:
        width, height = image.size
        media_type = Image.MIME[image.format or ""]
        image.draft("L", _DRAFT)
        looks = _hash(_flat(image))
    facts = ImageFacts(width=width, height=height, media_type=media_type, perceptual_hash=looks)
    return ImageReading(outcome=Outcome.IMAGE, detail=f"{media_type}, {width} x {height} pixels", facts=facts)


def _flat(image: Image) -> Image:
    """The first frame in shades of grey, on white where it is transparent."""
    from PIL import Image as Images  # noqa: PLC0415 - of the extra `images`

    if not image.has_transparency_data:
        return image.convert("L")
    solid = image.convert("RGBA")
    white = Images.new("RGBA", solid.size, "white")
    return Images.alpha_composite(white, solid).convert("L")


def _hash(image: Image) -> int:
    """The difference hash as a signed number, the first point its highest bit."""
    from imagehash import dhash  # noqa: PLC0415 - of the extra `images`

    bits = 0
    for bit in dhash(image, hash_size=8).hash.flatten():
        bits = bits << 1 | int(bit)
    return bits - 2 * _SIGN if bits >= _SIGN else bits


def _instead(given: ImageInput) -> str:
    """What came that is no image of a format that is read."""
    if not given.content:
        return "the response is empty"
    kind = foreign_format(given.content, given.content_type)
    if not kind:
        return "the response is a page, not an image"
    return (
        f"a broken image: no more than the beginning of {kind}" if kind in _KNOWN else f"no image that we read: {kind}"
    )
