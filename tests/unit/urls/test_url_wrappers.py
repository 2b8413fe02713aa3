from base64 import urlsafe_b64encode
from datetime import UTC, datetime

import pytest

from crawler.errors import UnusableUrl
from crawler.urls import canonical_url, identify, unwrap
from crawler.urls.wrappers import WRAPPERS, memento_time

PAGE = "http://example.org/news/a.html?id=4&b=5"
ENCODED = "http%3A%2F%2Fexample.org%2Fnews%2Fa.html%3Fid%3D4%26b%3D5"
JULY = datetime(2006, 7, 5, 16, 20, 11, tzinfo=UTC)


def _news(url):
    """The message in the address of an article at Google News."""
    length = bytes([len(url)]) if len(url) < 128 else bytes([len(url) & 0x7F | 0x80, len(url) >> 7])
    message = b"\x08\x13\x22" + length + url.encode() + b"\xd2\x01\x00"
    return urlsafe_b64encode(message).decode().rstrip("=")


ARCHIVED = [
    (f"https://web.archive.org/web/20060705162011/{PAGE}", JULY),
    (f"https://web.archive.org/web/20060705162011id_/{PAGE}", JULY),
    (f"https://web.archive.org/web/20060705162011im_js_/{PAGE}", JULY),
    (f"http://www.archive.org/web/20060705162011/{PAGE}", JULY),
    (f"http://archive.org/wayback/20060705162011/{PAGE}", JULY),
    (f"http://web.archive.org/20060705162011/{PAGE}", JULY),
    (f"http://replay.waybackmachine.org/20060705162011/{PAGE}", JULY),
    (f"https://web.archive.org/web/20060705/{PAGE}", datetime(2006, 7, 5, tzinfo=UTC)),
    (f"https://web.archive.org/web/2006/{PAGE}", datetime(2006, 1, 1, tzinfo=UTC)),
    (f"https://web.archive.org/web/{PAGE}", None),
    (f"https://web.archive.org/web/20060705162011/{ENCODED}", JULY),
    ("https://web.archive.org/web/20060705162011/example.org/news/a.html?id=4&b=5", JULY),
    (f"https://web.archive.org/web/20060705162011/http:/{PAGE[7:]}", JULY),
    (f"https://archive.is/20060705162011/{PAGE}", JULY),
    (f"http://archive.today/2006.07.05-162011/{PAGE}", JULY),
    (f"https://archive.ph/o/AbCdE/{PAGE}", None),
    (f"https://archive.fo/newest/{PAGE}", None),
    (f"https://archive.li/?url={ENCODED}", None),
    (f"http://www.webcitation.org/query?url={ENCODED}&date=2006-07-05+16:20:11", JULY),
    (f"http://www.webcitation.org/5pqOKYnYc?url={ENCODED}", None),
    (f"http://archive.wikiwix.com/cache/?url={ENCODED}", None),
    (f"http://archive.wikiwix.com/cache/20060705162011/{PAGE}", JULY),
    (f"https://arquivo.pt/wayback/20060705162011/{PAGE}", JULY),
    (f"https://wayback.archive-it.org/1234/20060705162011/{PAGE}", JULY),
    (f"https://webarchive.nationalarchives.gov.uk/ukgwa/20060705162011/{PAGE}", JULY),
]

WRAPPED = [
    f"https://web.archive.org/web/*/{PAGE}",
    f"https://web.archive.org/web/2006*/{PAGE}",
    f"https://web.archive.org/save/{PAGE}",
    f"http://translate.google.com/translate?sl=nl&tl=en&u={ENCODED}&act=url",
    f"http://translate.google.co.uk/translate?u={ENCODED}",
    f"http://translate.googleusercontent.com/translate_c?depth=1&u={ENCODED}&usg=ALk",
    "http://example-org.translate.goog/news/a.html?id=4&b=5&_x_tr_sl=nl&_x_tr_tl=en&_x_tr_sch=http",
    f"http://www.microsofttranslator.com/BV.aspx?ref=IE8Activity&a={ENCODED}",
    f"http://webcache.googleusercontent.com/search?q=cache:AbCdEfGhIjkJ:{ENCODED}+harbor+fire&hl=en",
    f"http://www.google.com/search?q=cache:{ENCODED}",
    f"http://66.102.7.104/search?q=cache:AbCdEfGhIjkJ:{ENCODED}+harbor",
    f"https://www.google.com/url?sa=t&url={ENCODED}&usg=x",
    "https://www.google.com/amp/example.org/news/a.html?id=4&b=5",
    "https://example-org.cdn.ampproject.org/c/example.org/news/a.html?id=4&b=5",
    f"http://cnn.law.printthis.clickability.com/pt/cpt?action=cpt&title=x&url={ENCODED}",
    f"https://subscribe.washingtonpost.com/acquisition/?promo=x&destination={ENCODED}",
    f"https://eur02.safelinks.protection.outlook.com/?url={ENCODED}&data=04",
    f"https://duckduckgo.com/l/?uddg={ENCODED}",
    f"https://googleweblight.com/i?u={ENCODED}",
    f"https://t.umblr.com/redirect?z={ENCODED}&t=x",
    f"https://vk.com/away.php?to={ENCODED}",
    f"https://news.google.com/articles/{_news(PAGE)}?hl=en-US&gl=US&ceid=US:en",
    f"https://news.google.com/rss/articles/{_news(PAGE)}?oc=5",
    f"https://news.google.com/__i/rss/rd/articles/{_news(PAGE)}",
]
LONG = "http://example.org/news/" + "-".join(f"quay{number}" for number in range(40))


def test_the_length_of_a_long_url_at_google_news_takes_two_bytes():
    assert unwrap(f"https://news.google.com/articles/{_news(LONG)}") == (LONG, None)


UNWRAPPABLE = [
    "https://news.google.com/articles/CBMiqgFBVV95cUxNaGFyYm91cnF1YXlyZW9wZW5zYWZ0ZXJ0aGVmaXJl",
    f"https://news.google.com/articles/{_news(PAGE)[:-12]}",
    "https://news.google.com/articles/CBMi%%%",
    f"https://vk.com/wall?to={ENCODED}",
    "https://www.webcitation.org/5pqOKYnYc",
    "https://archive.is/AbCdE",
    "https://archive.org/details/harbor_2009/page.html",
    "https://archive.org/download/harbor/2010/x.pdf",
    "https://archive.org/index.php",
    "https://web.archive.org/",
    "https://www.google.com/hostednews/ap/article/ALeqM5g?docId=D9IGSM000",
    "https://www.google.com/search?q=harbor",
    "https://translate.google.com/?sl=en&text=http",
    "http://www.google.com.evil.example/url?url=http://example.org/",
    "http://notarchive.is/20060705162011/http://example.org/",
    "http://example.org/web/20060705162011/http://example.net/",
]


@pytest.mark.parametrize(("cited", "moment"), ARCHIVED)
def test_archives_are_unwrapped_and_remembered(cited, moment):
    identity = identify(cited)
    assert identity.request_url == PAGE
    assert identity.canonical_url == "https://example.org/news/a.html?b=5&id=4"
    assert identity.memento is not None
    assert identity.memento.captured_at == moment
    assert identity.memento.url == cited
    assert identity.memento.archive in cited


@pytest.mark.parametrize("cited", WRAPPED)
def test_wrappers_without_a_capture(cited):
    assert unwrap(cited)[1] is None
    assert identify(cited).canonical_url == "https://example.org/news/a.html?b=5&id=4"


@pytest.mark.parametrize("cited", UNWRAPPABLE)
def test_what_does_not_name_another_url_stays(cited):
    assert unwrap(cited) == (cited, None)


def test_nested_wrappers_keep_the_memento_of_the_document():
    archived = f"https://web.archive.org/web/20060705162011/{PAGE}"
    assert unwrap(f"http://translate.google.com/translate?u={ENCODED}") == (PAGE, None)
    url, memento = unwrap(f"https://archive.is/20140101000000/{archived}")
    assert url == PAGE
    assert memento is not None
    assert memento.url == archived


def test_endless_nesting_is_unusable():
    with pytest.raises(UnusableUrl, match="wraps other URLs"):
        identify("https://web.archive.org/web/2006/" * 40 + PAGE)


@pytest.mark.parametrize(
    "cited",
    ["http://web.archive.org//web/2006/http://example.org/a", "https://web.archive.org/./web/2006/http:/example.org/a"],
)
def test_a_wrapper_in_sloppy_spelling_means_the_same_document(cited):
    assert canonical_url(cited) == "https://example.org/a"


def test_every_wrapper_is_exercised():
    cited = [url for url, _ in ARCHIVED] + WRAPPED
    cited.append("http://newsvote.bbc.co.uk/mpapps/pagetools/print/news.bbc.co.uk/1/hi/uk/4111222.stm")
    hosts = {url.split("/")[2] for url in cited}
    idle = [wrapper.name for wrapper in WRAPPERS if not any(wrapper.hosts.fullmatch(host) for host in hosts)]
    assert idle == []


@pytest.mark.parametrize(
    ("digits", "moment"),
    [
        ("20060705162011", JULY),
        ("2006070516201199", JULY),
        ("200607051620", datetime(2006, 7, 5, 16, 20, tzinfo=UTC)),
        ("2006", datetime(2006, 1, 1, tzinfo=UTC)),
        ("20060", datetime(2006, 1, 1, tzinfo=UTC)),
        ("20060000000000", datetime(2006, 1, 1, tzinfo=UTC)),
        ("20060231256199", datetime(2006, 2, 28, 23, 59, 59, tzinfo=UTC)),
        ("2006-07-05", datetime(2006, 7, 5, tzinfo=UTC)),
        ("", None),
        ("199", None),
        ("00000000000000", None),
        ("٢٠٠٦", None),
    ],
)
def test_memento_times_are_repaired(digits, moment):
    assert memento_time(digits) == moment
