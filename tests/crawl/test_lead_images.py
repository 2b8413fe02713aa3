"""Lead images, through the real command: fetched politely, stored as WARC records, told with their articles."""

import os
import random
import signal
import struct
import time
import zlib
from io import BytesIO

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType
from PIL import Image, ImageDraw
from warcio.archiveiterator import ArchiveIterator as Warcio

from crawler.demo.access import by_host
from crawler.demo.bulk import bulk_sites
from crawler.demo.site import Delivery, Page, Request, Site, failing, missing, redirect
from crawler.demo.web import LocalWeb
from crawler.urls import canonical_url

PROSE = next(iter(bulk_sites(hosts=1, pages=20))).fallback
PAPER = "paper.example"
IMAGES = "images.example"


def story(number, image):
    """An article page that names a lead image."""
    page = PROSE(Request(method="GET", host="paper-000.bulk.example", target=f"/news/{number}.html"))
    tag = f'<head><meta property="og:image" content="{image}">'.encode()
    return Page(body=page.body.replace(b"<head>", tag, 1), content_type=page.content_type)


def picture(seed, size=(640, 480), kind="JPEG", **options):
    """The bytes of an invented picture: twenty discs of other colours for each seed."""
    chance = random.Random(seed)  # noqa: S311 - a picture, no secret
    image = Image.new("RGB", (640, 480), "white")
    draw = ImageDraw.Draw(image)
    for _ in range(20):
        x, y, radius = chance.random() * 640, chance.random() * 480, 30 + chance.random() * 150
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=tuple(chance.randbytes(3)))
    out = BytesIO()
    image.resize(size).save(out, kind, **options)
    return out.getvalue()


def bomb():
    """A PNG whose head promises 30,000 by 30,000 points."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(99))) + chunk(b"IEND", b"")


def jpeg(content):
    return Page(body=content, content_type="image/jpeg")


def configure(desk, web, *, store=True, **crawl):
    desk.configure(proxy=web.proxy_url, **crawl)
    with (desk.folder / "dateline.toml").open("a") as file:
        file.write(f"[images]\nstore = {str(store).lower()}\nmax_mb = 0.1\n")


def site_of(images, host=IMAGES, **fields):
    return Site(host=host, routes=images, **fields)


def paper_of(paths, host=IMAGES):
    """A paper whose articles show the images at these paths, and the articles' URLs."""
    urls = [path if "://" in path else f"http://{host}{path}" for path in paths]
    routes = {f"/{number}.html": story(number, url) for number, url in enumerate(urls)}
    return Site(host=PAPER, routes=routes), [f"http://{PAPER}{path}" for path in routes]


def views(desk):
    with desk.library() as library:
        return {view.document.request_url: view for view in library.store.articles()}


def asked(web, host):
    return [access.target for access in by_host(web.log).get(host, ()) if access.target != "/robots.txt"]


def payload(desk, location):
    """The body of a stored record, as two other readers of WARC files see it."""
    path = desk.folder / "captures" / location.file
    with path.open("rb") as file:
        file.seek(location.offset)
        first = next(iter(Warcio(file))).content_stream().read()
        file.seek(location.offset)
        record = next(iter(ArchiveIterator(file, record_types=WarcRecordType.response)))
        assert record.reader.read() == first
    return first


PICTURES = {
    "/whole.jpg": picture(1, quality=92),
    "/copy.jpg": picture(1, (320, 240), quality=50),
    "/other.jpg": picture(2),
}


def test_images_are_stored_as_they_came_with_what_they_look_like(desk):
    paper, urls = paper_of(PICTURES)
    with LocalWeb((paper, site_of({path: jpeg(body) for path, body in PICTURES.items()}))) as web:
        configure(desk, web)
        desk.import_urls(*urls)
        report = desk.run("crawl", "--json").json
    assert report["outcomes"] == {"fetched": 3, "image": 3}
    found = [views(desk)[url].lead_image for url in urls]
    assert [payload(desk, one.capture.location) for one in found] == list(PICTURES.values())
    assert [(one.facts.width, one.facts.media_type) for one in found] == [
        (640, "image/jpeg"),
        (320, "image/jpeg"),
        (640, "image/jpeg"),
    ]
    whole, copy, other = (one.facts.perceptual_hash for one in found)
    assert ((whole ^ copy) & (1 << 64) - 1).bit_count() <= 4
    assert ((whole ^ other) & (1 << 64) - 1).bit_count() >= 16
    assert desk.problems() == []
    status = desk.status()
    assert (status.documents, status.by_outcome, status.lead_images) == (3, {"fetched": 3}, {"image": 3})
    number = views(desk)[urls[0]].id
    assert "image/jpeg, 640 x 480 pixels" in desk.run("show", str(number)).out
    assert f"lead image of article {number}" in desk.run("why", f"http://{IMAGES}/whole.jpg").out
    assert "lead images: 3 image" in desk.run("status").out


SVG = Page(body=b"<svg xmlns='http://www.w3.org/2000/svg'/>", content_type="image/svg+xml")
FAULTS = {
    "/page.jpg": (Page(body=b"<html><body><p>Not here.</p></body></html>"), "not_image"),
    "/drawing.jpg": (SVG, "not_image"),
    "/gone.jpg": (missing(404), "gone"),
    "/refused.jpg": (missing(403), "blocked"),
    "/private/x.jpg": (jpeg(PICTURES["/whole.jpg"]), "robots"),
    "/large.jpg": (jpeg(picture(1, (2000, 1500), quality=98)), "too_large"),
    "/endless.jpg": (failing(Delivery.ENDLESS), "too_large"),
    "/bomb.png": (Page(body=bomb(), content_type="image/png"), "too_large"),
    "/cut.jpg": (failing(Delivery.SHORT, jpeg(PICTURES["/whole.jpg"])), "bad_response"),
    "/moved.jpg": (redirect("/whole.jpg"), "image"),
}


def test_every_fault_of_an_image_has_its_outcome_and_costs_no_article(desk):
    hosts = {path: f"h{number}.images.example" for number, path in enumerate(FAULTS)}
    rules = "User-agent: *\nDisallow: /private/\n"
    extra = {"/whole.jpg": jpeg(PICTURES["/whole.jpg"])}
    sites = [site_of({path: FAULTS[path][0], **extra}, host, robots=rules) for path, host in hosts.items()]
    paper, urls = paper_of([f"http://{host}{path}" for path, host in hosts.items()])
    with LocalWeb((paper, *sites)) as web:
        configure(desk, web)
        desk.import_urls(*urls)
        report = desk.run("crawl", "--json").json
        assert asked(web, hosts["/private/x.jpg"]) == []
    assert report["outcomes"]["fetched"] == len(FAULTS)
    images = {path: views(desk)[url].lead_image for path, url in zip(FAULTS, urls, strict=True)}
    assert {path: one.document.last_outcome for path, one in images.items()} == {
        path: outcome for path, (_, outcome) in FAULTS.items()
    }
    assert [path for path, one in images.items() if one.facts] == ["/moved.jpg"]
    details = {path: desk.attempts(f"http://{host}{path}")[0].detail for path, host in hosts.items()}
    assert details["/page.jpg"] == "the response is a page, not an image"
    assert "64,000,000 pixels" in details["/bomb.png"]
    assert report["wanted"] == 0
    assert desk.status().by_outcome == {"fetched": len(FAULTS)}
    assert desk.problems() == []


@pytest.fixture
def stored_before(desk):
    """A library whose articles came while the option was off, and its web."""
    paper, urls = paper_of([*PICTURES, "/gone.jpg"])
    routes = {path: jpeg(body) for path, body in PICTURES.items()}
    with LocalWeb((paper, site_of({**routes, "/gone.jpg": missing(404)}))) as web:
        configure(desk, web, store=False)
        desk.import_urls(*urls)
        desk.run("crawl", "--json")
        yield web


def test_with_the_option_off_nothing_is_asked_and_the_command_fetches_later(desk, stored_before):
    assert IMAGES not in by_host(stored_before.log)
    planned = desk.run("images", "--dry-run", "--json").json
    assert (planned["articles"], planned["new"]) == (4, 4)
    assert desk.status().lead_images == {}
    report = desk.run("images", "--json").json
    assert report["outcomes"] == {"gone": 1, "image": 3}
    assert len(asked(stored_before, IMAGES)) == 4
    again = desk.run("images").out
    assert "0 lead images are new; 4 asked for before" in again
    assert len(asked(stored_before, IMAGES)) == 4


def test_the_command_takes_a_host_an_event_and_a_limit(desk, stored_before):
    key = desk.first_event()
    assert desk.run("images", "--limit", "1", "--dry-run", "--json").json["new"] == 1
    assert desk.run("images", "--event", key, "--dry-run", "--json").json["articles"] == 1
    assert desk.run("images", "--host", PAPER, "--dry-run", "--json").json["new"] == 4
    assert "1 stored, 0 too large, 0 failed" in desk.run("images", "--event", key).out


def test_images_that_are_due_wait_while_the_option_is_off(desk, stored_before):
    desk.run("images", "--json")
    desk.run("retry", "--url", f"http://{IMAGES}/gone.jpg")
    before = len(asked(stored_before, IMAGES))
    desk.import_urls(f"http://{PAPER}/new.html")
    report = desk.run("crawl", "--json").json
    assert (report["outcomes"], report["left"]) == ({"gone": 1}, 0)
    assert len(asked(stored_before, IMAGES)) == before
    assert desk.run("crawl", "--dry-run", "--json").json["documents"] == 0


def test_killed_between_article_and_image_the_next_crawl_goes_on(desk):
    paper, urls = paper_of([f"/{number}.jpg" for number in range(4)])
    slow = {f"/{number}.jpg": jpeg(picture(number)) for number in range(4)}
    rules = "User-agent: *\nCrawl-delay: 1\n"
    with LocalWeb((paper, site_of(slow, robots=rules))) as web:
        configure(desk, web)
        desk.import_urls(*urls)
        process = desk.start("crawl")
        deadline = time.monotonic() + 60
        while len(asked(web, IMAGES)) < 1 and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        assert len(views(desk)) >= 1
        desk.run("crawl", "--json")
    assert desk.status().by_outcome == {"fetched": 4}
    assert desk.status().lead_images == {"image": 4}
    with desk.library() as library:
        digests = [one.payload_digest for one in library.store.captures()]
    assert len(digests) == len(set(digests)) == 8
    for number in range(4):
        assert len(desk.attempts(f"http://{IMAGES}/{number}.jpg")) == 1
    assert desk.problems() == []


def test_an_image_that_an_entry_cites_is_fetched_as_a_source(desk):
    paper, urls = paper_of(["/whole.jpg"])
    cited = f"http://{IMAGES}/whole.jpg"
    with LocalWeb((paper, site_of({"/whole.jpg": jpeg(PICTURES["/whole.jpg"])}))) as web:
        configure(desk, web)
        desk.import_urls(*urls, cited)
        desk.run("crawl", "--json")
        assert asked(web, IMAGES) == ["/whole.jpg"]
    assert desk.attempts(cited)[0].outcome == "not_html"
    image = views(desk)[urls[0]].lead_image
    assert (image.document.canonical_url, image.facts) == (canonical_url(cited), None)


def test_an_export_tells_the_stored_image(desk):
    paper, urls = paper_of(["/whole.jpg"])
    with LocalWeb((paper, site_of({"/whole.jpg": jpeg(PICTURES["/whole.jpg"])}))) as web:
        configure(desk, web)
        desk.import_urls(*urls)
        desk.run("crawl", "--json")
    told = desk.run("articles", "export", "--format", "jsonl").json["lead_image"]
    location = views(desk)[urls[0]].lead_image.capture.location
    assert (told["url"], told["stored"], told["outcome"]) == (f"http://{IMAGES}/whole.jpg", True, "image")
    assert (told["width"], told["height"], told["bytes"]) == (640, 480, len(PICTURES["/whole.jpg"]))
    assert (told["file"], told["offset"], len(told["hash"])) == (location.file, location.offset, 16)
