import pytest

from crawler.errors import UnusableUrl
from crawler.urls import canonical_url, host_of, identify
from crawler.urls.repair import LONGEST_URL, repair

PAGE = "http://example.org/news/a.html"


@pytest.mark.parametrize(
    ("cited", "meant"),
    [
        (f"  {PAGE}\n", PAGE),
        (f"\u200b{PAGE}\u00a0\ufeff", PAGE),
        (f"<{PAGE}>", PAGE),
        (f'"{PAGE}"', PAGE),
        (f"{PAGE}{{{{dead link|date=May 2009}}}}", PAGE),
        (f"{PAGE}{{{{dead", PAGE),
        (f"{PAGE}}}}}", PAGE),
        (f"{PAGE}]", PAGE),
        (f"{PAGE})", PAGE),
        (f"{PAGE}''", PAGE),
        (f"{PAGE}|title=A harbor burns", PAGE),
        (f"{PAGE} |title", PAGE),
        (f"{PAGE} | publisher = Example | date = 2009", PAGE),
        (f"{PAGE}<br/>", PAGE),
        (f"{PAGE}</ref>", PAGE),
        ("http:/example.org/news/a.html", PAGE),
        ("http:///example.org/news/a.html", PAGE),
        ("http:example.org/news/a.html", PAGE),
        ("http//example.org/news/a.html", PAGE),
        ("http;//example.org/news/a.html", PAGE),
        ("ttp://example.org/news/a.html", PAGE),
        ("http://http://example.org/news/a.html", PAGE),
        ("http://http//example.org/news/a.html", PAGE),
        ("http://https://example.org/news/a.html", PAGE.replace("http", "https")),
        ("HTTP://example.org/news/a.html", PAGE),
        ("//example.org/news/a.html", PAGE),
        ("http%3A//example.org/news/a.html", PAGE),
        ("http%3A%2F%2Fexample.org%2Fnews%2Fa.html", PAGE),
        ("example.org/news/a.html", PAGE),
        ("www.example.org", "http://www.example.org"),
        ("http:\\\\example.org\\news\\a.html", PAGE),
        ("http://example.org/a?b=1&amp;c=2", "http://example.org/a?b=1&c=2"),
        ("http://example.org/a?b=1&amp;amp;c=2", "http://example.org/a?b=1&c=2"),
        ("http://example.org/a?amp;b=1&c=2", "http://example.org/a?b=1&c=2"),
        ("http://example.org/''2009''/05/04/a", "http://example.org/2009/05/04/a"),
        ("http://example.org/2009''/05/04/a", "http://example.org/2009"),
        (f"{PAGE}''Example''", PAGE),
        ("http://example.org/a?b=1&#38;c=2", "http://example.org/a?b=1&c=2"),
        ("http://www.example.org/a(Example)", "http://www.example.org/a"),
        ("http://www.example.org/a.html/(Example)", "http://www.example.org/a.html"),
        ("http://example.org/a.shtmlhttp://feeds.example.org/~r/x", "http://example.org/a.shtml"),
    ],
)
def test_repairs(cited, meant):
    assert repair(cited) == meant


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/wiki/Mercury_(planet)",
        "http://theguardian.example/a(the)",
        "http://example.org/a(b)c",
        "http://example.org/a[1]",
        "http://example.org/Inc.",
        "http://example.org/a?b=c|d",
        "http://example.org/a?u=http://example.net/b",
        "http://example.org/story/http://example.net/b",
        "http://example.org/q&a",
        "http://https.example.org/a",
        "http://example.org/the-amp;lifier".replace(";", "-"),
    ],
)
def test_what_could_be_meant_stays(url):
    assert repair(url) == url


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("mailto:editor@example.org", "scheme is mailto"),
        ("javascript:alert(1)", "scheme is javascript"),
        ("ftp://example.org/a", "scheme is ftp"),
        ("data:text/html,x", "scheme is data"),
        ("url", "no URL"),
        ("see the newspaper of 3 May", "no URL"),
        ("{{dead link}}", "no URL"),
        ("http://", "no host"),
        ("http:///", "no host"),
        ("http://?q=1", "no host"),
        ("http://editor@example.org/a", "user name"),
        ("http://example.org@evil.example/a", "user name"),
        ("http://example.org:99999/a", "port"),
        ("http://example.org:0/a", "port"),
        ("http://example.org:8o/a", "port"),
        ("http://example.org:٨٠/a", "port"),
        ("http://exa mple.org/a", "not a host name"),
        ("http://example..org/a", "not a host name"),
        ("http://-example.org/a", "not a host name"),
        ("http://intranet/a", "not a host name"),
        ("http://xn--a.example/a", "not a host name"),
        ("http://256.1.1.1/a", "not an IP address"),
        ("http://2130706433/a", "not an IP address"),
        ("http://127.1/a", "not an IP address"),
        ("http://0x7f.0.0.1/a", "not a host name"),
        ("http://[::1/a", "not a host name"),
        ("http://[fe80::1%25eth0]/a", "not a host name"),
        ("http://example.org/a\x00b", "control characters"),
        ("http://example.org/a\nb", "control characters"),
        ("http://example.org/" + "a" * LONGEST_URL, "longer"),
        ("http://example.org/" + "é" * (LONGEST_URL // 3), "longer"),
    ],
)
def test_unusable(url, reason):
    with pytest.raises(UnusableUrl, match=reason):
        identify(url)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://WWW.Example.ORG./a", "www.example.org"),
        ("http://example.org:80/a", "example.org"),
        ("https://example.org:443/a", "example.org"),
        ("https://example.org:80/a", "example.org:80"),
        ("http://example.org:08080/a", "example.org:8080"),
        ("http://BÜCHER.example/a", "xn--bcher-kva.example"),
        ("http://192.0.2.7:8000/a", "192.0.2.7:8000"),
        ("http://[2001:DB8::1]:8080/a", "[2001:db8::1]:8080"),
        ("http://localhost:8000/a", "localhost:8000"),
        ("http://my_paper.example.org/a", "my_paper.example.org"),
    ],
)
def test_host_of(url, host):
    assert host_of(url) == host


@pytest.mark.parametrize(
    ("cited", "requested"),
    [
        ("http://Example.org", "http://example.org/"),
        ("http://example.org/a?utm_source=x&b=1#top", "http://example.org/a?utm_source=x&b=1"),
        ("http://example.org/é è?q=ü", "http://example.org/%C3%A9%20%C3%A8?q=%C3%BC"),
        ("http://example.org/a%c3%a9/?q=1+2", "http://example.org/a%c3%a9/?q=1+2"),
        ("http://example.org/a%E9b", "http://example.org/a%E9b"),
        ("http://example.org/\ud800", "http://example.org/%EF%BF%BD"),
        ("http://twitter.com/#!/harbor", "http://twitter.com/harbor"),
        ("http://example.org/#!/harbor", "http://example.org/"),
    ],
)
def test_request_url_is_what_was_cited(cited, requested):
    assert identify(cited).request_url == requested


def test_routes_in_fragments_are_kept_apart():
    assert canonical_url("http://example.org/x/#!/stóry/1/") == "https://example.org/x#!/st%C3%B3ry/1"
