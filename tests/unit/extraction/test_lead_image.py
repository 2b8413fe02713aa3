import json

import pytest

from crawler.extraction.metadata.captions import split_credit
from crawler.extraction.metadata.image_names import is_mark, same_picture
from crawler.extraction.metadata.lead_image import find_lead_image

HEADLINE = "Council votes for the bridge"
FIRST = "The council of Harbour Town voted on Tuesday for the bridge across the river, after years of debate."
SECOND = "Ferries will run until the bridge is finished in four years, the mayor said after the vote on Tuesday."
BLOCKS = (FIRST, SECOND)
PAPER = "http://www.paper.example"


def ld(**properties):
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle"} | properties)}</script>'


def story(before="", between="", after=""):
    return f"<h1>{HEADLINE}</h1>{before}<p>{FIRST}</p>{between}<p>{SECOND}</p>{after}"


@pytest.mark.parametrize(
    ("head", "url", "evidence"),
    [
        ("<meta property=og:image content='/i/bridge.jpg'>", "/i/bridge.jpg", "meta og:image"),
        (ld(image={"url": ["/x.jpg"]}), "/x.jpg", "json-ld image"),
        ("<link rel=image_src href=/i/a.jpg>", "/i/a.jpg", "link image_src"),
        (
            "<meta property=og:image content='/img/logo.png'><meta name=twitter:image content='/i/bridge.jpg'>",
            "/i/bridge.jpg",
            "meta twitter:image",
        ),
        ("<meta property=og:image content='/static/default-share.png'>", "", ""),
        ("<meta property=og:image content='/mark.svg'>", "", ""),
        ("<meta property=og:image content='/a.gif'><meta property=og:image:width content=1>", "", ""),
        ("<meta property=og:image content='/big/mark.png'>" + ld(publisher={"logo": {"url": "/big/mark.png"}}), "", ""),
        ("<meta property=og:image content='javascript:x'>", "", ""),
        ("<meta property=og:image content='http://[broken'>", "", ""),
    ],
)
def test_the_offered_image_is_taken_unless_it_is_the_sites_mark(parsed, head, url, evidence):
    found = find_lead_image(parsed(story(), head), HEADLINE, BLOCKS).url
    assert (found.value, found.evidence) == (PAPER + url if url else "", evidence)


@pytest.mark.parametrize(
    ("body", "url"),
    [
        (story(between="<img src=/s.jpg width=120 height=90><img src=/l.jpg width=203 height=152>"), "/l.jpg"),
        (story(between="<img src=/ferry.jpg><img src=/other.jpg>"), "/ferry.jpg"),
        (story(between="<img src=/ads/box.gif width=300 height=200>"), ""),
        (story(before="<img src=/ad.gif width=468 height=60>"), ""),
        (story(before="<a href=http://ads.example/><img src=/ad.gif width=300 height=250></a>"), ""),
        (story(before="<img src=/dot.gif width=1 height=1>"), ""),
        (
            story(between="<img data-src=/l.jpg src='data:image/gif;base64,AA' style='width:300px; height:200px'>"),
            "/l.jpg",
        ),
        (story(after="<div><img src=/teaser.jpg width=400 height=300></div>"), ""),
        ("<img src=/masthead.jpg width=600 height=300>" + story(), ""),
    ],
)
def test_else_the_largest_image_among_the_storys_lines(parsed, body, url):
    found = find_lead_image(parsed(body), HEADLINE, BLOCKS).url
    assert found.value == (PAPER + url if url else "")


CAPTION = "The river at Harbour Town, where the bridge will stand."
IMAGE = "<img src=/i/bridge-600x400.jpg width=203 height=152 alt='A wide river at dawn'>"
PICTURES = [
    (f"<figure>{IMAGE}<figcaption>{CAPTION} Photo: Jane Roe/AP</figcaption></figure>", CAPTION, "Jane Roe/AP"),
    (
        f"<figure>{IMAGE}<figcaption>{CAPTION}<span class=credit>Jane Roe</span></figcaption></figure>",
        CAPTION,
        "Jane Roe",
    ),
    (f"<figure>{IMAGE}<figcaption>{CAPTION}</figcaption><p class=copyright>© dpa</p></figure>", CAPTION, ""),
    (f"<div>{IMAGE}<div class=caption>{CAPTION} (AP Photo/Jane Roe)</div></div>", CAPTION, "AP Photo/Jane Roe"),
    (
        f"<table align=right><tr><td>{IMAGE}</td></tr><tr><td><font size=1>{CAPTION}</font></td></tr></table>",
        CAPTION,
        "",
    ),
    (f"<p>{IMAGE}<br><em>{CAPTION}</em></p>", CAPTION, ""),
    (f"<p>{IMAGE}</p><p><i>{CAPTION}</i></p>", CAPTION, ""),
    (f"<div><a href=/big>{IMAGE}</a><br><small>{CAPTION} Getty Images</small></div>", CAPTION, "Getty Images"),
    (f"<figure>{IMAGE}<figcaption>{CAPTION} <cite>Town Museum</cite></figcaption></figure>", CAPTION, "Town Museum"),
    (f"<x-media><picture>{IMAGE}</picture><div>{CAPTION}</div></x-media>", CAPTION, ""),
    (IMAGE, "A wide river at dawn", ""),
    (f"<div>{IMAGE}<time>5 March 2009</time></div>", "A wide river at dawn", ""),
    (f"<div>{IMAGE}<h3><a href=/x>Another story of another bridge</a></h3></div>", "A wide river at dawn", ""),
]


@pytest.mark.parametrize(("picture", "caption", "credit"), PICTURES)
@pytest.mark.parametrize("head", ["", "<meta property=og:image content='/o/bridge.jpg'>"])
def test_captions_and_credits(parsed, head, picture, caption, credit):
    found = find_lead_image(parsed(story(before=picture), head), HEADLINE, BLOCKS)
    assert (found.caption.value, found.credit.value) == (caption, credit)


def test_an_image_of_an_accelerated_page_has_its_caption_too(parsed):
    image = "<amp-img src=/a.jpg width=640 height=360><noscript><img src=/a.jpg></noscript></amp-img>"
    picture = f"{image}<p class=cap>{CAPTION}</p>"
    found = find_lead_image(parsed(story(before=picture)), HEADLINE, BLOCKS)
    assert (found.url.value, found.caption.value) == (PAPER + "/a.jpg", CAPTION)


def test_a_paragraph_of_the_story_is_no_caption(parsed):
    long = "The council of Harbour Town voted on Tuesday for the bridge across the river, " * 3
    body = f"<h1>{HEADLINE}</h1><table><tr><td>{IMAGE}<b>{long}</b></td></tr></table><p>{SECOND}</p>"
    assert find_lead_image(parsed(body), HEADLINE, (long.strip(), SECOND)).caption.value == ""


def test_an_alternative_text_is_hardly_trusted(parsed):
    found = find_lead_image(parsed(story(before=IMAGE)), HEADLINE, BLOCKS).caption
    assert (found.evidence, found.confidence < 0.5) == ("alt text", True)


def test_the_image_object_brings_its_caption_and_credit(parsed):
    image = {"@type": "ImageObject", "url": "/a.jpg", "caption": CAPTION, "creditText": "Photo: Jane Roe"}
    found = find_lead_image(parsed(story(), ld(image=[image])), HEADLINE, BLOCKS)
    assert (found.caption.value, found.credit.value) == (CAPTION, "Jane Roe")


CREDITS = [
    ("The river. (Jane Roe)", "The river.", "Jane Roe"),
    ("The mayor (Greens)", "The mayor (Greens)", ""),
    ("The river. Credit Jane Roe", "The river.", "Jane Roe"),
    ("A photo Jane Roe took", "A photo Jane Roe took", ""),
    ("Most. Fot. Jan Kowalski", "Most.", "Jan Kowalski"),
    ("النهر. تصوير: سامر القاضي", "النهر.", "سامر القاضي"),
    ("The river. (AP Photo/Jane Roe)", "The river.", "AP Photo/Jane Roe"),
    ("The river. Photo: Jane Roe/Reuters", "The river.", "Jane Roe/Reuters"),
    ("The river. Photograph: Jane Roe/Getty Images", "The river.", "Jane Roe/Getty Images"),
    ("The river. Foto: dpa", "The river.", "dpa"),
    ("The river (Foto: dpa)", "The river", "dpa"),
    ("The river. (Reuters)", "The river.", "Reuters"),
    ("The river. Photo by Jane Roe/Getty Images", "The river.", "Jane Roe/Getty Images"),
    ("The river. (Photo by Jane Roe/Getty Images)", "The river.", "Jane Roe/Getty Images"),
    ("The river. © Jane Roe", "The river.", "Jane Roe"),
    ("Image source, Getty Images", "", "Getty Images"),
    ("Image caption, The river", "The river", ""),
    ("The river. Crédit photo : Jeanne Roe", "The river.", "Jeanne Roe"),
    ("The river. | Bild: Jane Roe", "The river.", "Jane Roe"),
    ("The river. Фото: РИА Новости", "The river.", "РИА Новости"),
    ("川の様子。写真：時事", "川の様子。", "時事"),
    ("Getty Images", "", "Getty Images"),
    ("Jane Roe (left) and Al Fox (58) by the river", "Jane Roe (left) and Al Fox (58) by the river", ""),
    ("Jane Roe (Labour)", "Jane Roe (Labour)", ""),
    ("The mayor said: nothing", "The mayor said: nothing", ""),
    ("", "", ""),
]


@pytest.mark.parametrize(("text", "caption", "credit"), CREDITS)
def test_a_credit_is_told_from_its_caption(text, caption, credit):
    assert split_credit(text) == (caption, credit)


@pytest.mark.parametrize(
    ("address", "mark"),
    [
        ("http://a.example/img/logo.png", True),
        ("http://a.example/img/siteLogo_200.png", True),
        ("http://a.example/spacer.gif", True),
        ("http://a.example/a.svg", True),
        ("http://a.example/2009/club-shows-its-new-logo-to-fans-in-town.jpg", False),
        ("http://a.example/styles/default/public/bridge.jpg", False),
        ("http://a.example/bridge.jpg", False),
    ],
)
def test_marks_are_known_by_their_names(address, mark):
    assert is_mark(address) is mark


def test_one_picture_in_two_sizes_is_the_same():
    assert same_picture("http://a.example/i/bridge-600x400.jpg", "http://cdn.example/r?url=/i/bridge.jpg")
    assert not same_picture("http://a.example/i/bridge.jpg", "http://a.example/i/ferry.jpg")
