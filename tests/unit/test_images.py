"""Looking at images: what is stored of one, what is refused, and which hashes are alike."""

import random
import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image, ImageDraw

from crawler import lead_images
from crawler.configuration import load
from crawler.errors import ConfigurationError
from crawler.imaging import MOST_PIXELS, ImageInput, look
from crawler.lead_images import require_decoder, wanted_image
from storage.types import Article, Outcome


def picture(seed, size=(640, 480), mode="RGB"):
    """An invented picture: twenty discs of other colours for each seed."""
    chance = random.Random(seed)  # noqa: S311 - a picture, no secret
    image = Image.new(mode, size, "white")
    draw = ImageDraw.Draw(image)
    for _ in range(20):
        x, y = chance.random() * size[0], chance.random() * size[1]
        radius = size[0] * (0.05 + chance.random() / 4)
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=tuple(chance.randbytes(3)))
    return image


def encoded(image, kind="JPEG", **options):
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def looked(content, content_type=""):
    return look(ImageInput(content=content, content_type=content_type))


def distance(one, other):
    return ((one ^ other) & (1 << 64) - 1).bit_count()


def bomb(width=30_000, height=30_000):
    """The head of a PNG that promises gigabytes, with almost nothing behind it."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("GIF", "image/gif"), ("WEBP", "image/webp")],
)
def test_each_format_gives_size_type_and_hash(kind, media_type):
    found = looked(encoded(picture(1), kind), "text/html")
    assert (found.outcome, found.facts.media_type) == (Outcome.IMAGE, media_type)
    assert (found.facts.width, found.facts.height) == (640, 480)
    assert distance(found.facts.perceptual_hash, looked(encoded(picture(1), "PNG")).facts.perceptual_hash) <= 4


def test_a_smaller_copy_of_another_quality_looks_alike_and_another_picture_does_not():
    whole = looked(encoded(picture(1), quality=95)).facts.perceptual_hash
    copy = looked(encoded(picture(1).resize((320, 240)), quality=40)).facts.perceptual_hash
    other = looked(encoded(picture(2))).facts.perceptual_hash
    assert distance(whole, copy) <= 4
    assert distance(whole, other) >= 16


def test_hashes_are_signed_64_bit_numbers():
    hashes = [looked(encoded(picture(seed))).facts.perceptual_hash for seed in range(8)]
    assert all(-(1 << 63) <= one < 1 << 63 for one in hashes)
    assert min(hashes) < 0 < max(hashes)


def test_a_transparent_picture_is_seen_on_white():
    plain = Image.new("RGBA", (200, 100), (0, 0, 0, 0))
    ImageDraw.Draw(plain).ellipse((20, 20, 90, 90), fill=(10, 60, 200, 255))
    on_white = Image.new("RGBA", plain.size, "white")
    on_white.alpha_composite(plain)
    clear, white = looked(encoded(plain, "PNG")), looked(encoded(on_white.convert("RGB"), "PNG"))
    assert clear.facts.perceptual_hash == white.facts.perceptual_hash


def test_a_palette_with_transparency_is_no_warning():
    image = picture(3).convert("P")
    assert looked(encoded(image, "PNG", transparency=bytes(range(200)))).outcome is Outcome.IMAGE


@pytest.mark.parametrize("size", [(30_000, 30_000), (MOST_PIXELS // 1000 + 1, 1000), (2_000_000, 2_000_000)])
def test_a_bomb_is_refused_by_its_head(size):
    found = looked(bomb(*size))
    assert (found.outcome, found.facts) == (Outcome.TOO_LARGE, None)
    assert "more than 64,000,000 pixels" in found.detail


@pytest.mark.parametrize(
    ("content", "content_type", "detail"),
    [
        (b"<!doctype html><p>Not here any more.", "image/jpeg", "the response is a page, not an image"),
        (b"", "image/jpeg", "the response is empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", "no image that we read: an SVG image"),
        (b"%PDF-1.4 ...", "application/pdf", "no image that we read: a PDF document"),
        (encoded(picture(1), "BMP"), "image/bmp", "no image that we read: a response of type image/bmp"),
        (encoded(picture(1), "PNG")[:5000], "image/png", "a broken image"),
        (encoded(picture(1))[:3000], "image/jpeg", "a broken image"),
        (encoded(picture(1), "PNG").replace(b"IDAT", b"IDAX"), "image/png", "a broken image"),
        (b"GIF89a" + bytes(5), "image/gif", "a broken image"),
        (b"\xff\xd8\xff" + b"\xe0" * 500, "image/jpeg", "a broken image"),
    ],
)
def test_what_is_no_image_says_what_it_is(content, content_type, detail):
    found = looked(content, content_type)
    assert (found.outcome, found.facts) == (Outcome.NOT_IMAGE, None)
    assert detail in found.detail
    assert found.detail


def test_random_damage_never_raises():
    chance = random.Random(5)  # noqa: S311 - damage, no secret
    whole = [encoded(picture(1, (80, 60)), kind) for kind in ("JPEG", "PNG", "GIF", "WEBP")]
    for number in range(400):
        content = bytearray(whole[number % 4])
        for _ in range(5):
            content[chance.randrange(len(content))] = chance.randrange(256)
        assert looked(bytes(content)).outcome in {Outcome.IMAGE, Outcome.NOT_IMAGE, Outcome.TOO_LARGE}


def article(url):
    return Article(headline="Ferry aground", body="Twelve people.", lead_image_url=url)


def test_the_wanted_image_is_a_document_by_the_rules_of_all_urls():
    found = wanted_image(article("http://www.harbour-post.example:80/ferry.jpg?utm_source=x#top"))
    assert found.url == "http://www.harbour-post.example:80/ferry.jpg?utm_source=x#top"
    assert found.identity.canonical_url == "https://harbour-post.example/ferry.jpg"


@pytest.mark.parametrize("url", ["", "data:image/png;base64,AAAA", "/ferry.jpg", "http://"])
def test_an_article_without_an_image_that_can_be_requested_wants_none(url):
    assert wanted_image(article(url)) is None


def test_without_the_extra_the_option_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(lead_images, "missing_package", lambda: "the Python package pillow is not installed")
    require_decoder(load(tmp_path))
    with pytest.raises(ConfigurationError, match=r"images\.store is true, but the Python package pillow"):
        require_decoder(load(tmp_path, {"images.store": True}))
