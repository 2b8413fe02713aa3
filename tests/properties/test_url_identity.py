"""What must hold for every URL and every text, however hostile."""

import re
from contextlib import suppress
from string import ascii_letters

import pytest
from hypothesis import example, given, reject, settings
from hypothesis import strategies as st

from crawler.errors import UnusableUrl
from crawler.urls import Change, canonical_url, explain, host_of, identify, unwrap, url_key
from crawler.urls.parts import Parts, split
from crawler.urls.rules import RULES
from crawler.urls.surt import surt
from crawler.urls.tracking import TRACKING

PROFILE = settings(max_examples=150, deadline=None)

hosts = st.one_of(
    st.sampled_from([host for rule in RULES for host in rule.hosts]),
    st.sampled_from(["example.org", "news.example.co.uk", "192.0.2.7", "[2001:db8::1]", "bücher.example", "localhost"]),
)
wrapping_hosts = st.sampled_from(
    ["web.archive.org", "archive.is", "translate.google.com", "a-b.translate.goog", "twitter.com"]
)
prefixes = st.sampled_from(["", "www.", "m.", "amp.", "mobile.", "edition.", "www.www.", "m.www.", "uk.", "news."])
CALM = "abcXYZ012789-_.~%,;:@!/"
known_paths = st.sampled_from(
    [
        "1/hi/world/4111222.stm",
        "news/amp/12345678/amp/index.html",
        "article/x-idUSKBN1ZZ9XX20180102",
        "news/newsArticle.aspx",
        "2013/02/03/us/ferry/index.html",
        "world/story/0,1280,5011111,00.html",
        "story",
        "US/wireStory/harbor-31918800",
        "index.php/index.html",
        "a/index.php/amp",
    ]
)
sly_paths = st.sampled_from(
    [
        "/web/2006/http://example.net/x",
        "%77eb/2006/http://example.net/x",
        "./web/2006/www.example.net/x",
        "a)b)",
        "a)",
        "it''s",
        "a&%61mp;b",
        "x.php%68ttp://y",
        "index.php/" * 9,
        "a/.;jsessionid=1/../b",
    ]
)
calm_paths = st.one_of(st.text(st.sampled_from(CALM), max_size=40), known_paths)
any_paths = st.one_of(st.text(st.sampled_from(CALM + "()[]'&|"), max_size=40), known_paths, sly_paths)
names = st.sampled_from(
    ["id", "ID", "storyID", "u", "sid", "page", "q", "article68793", "from", "module", "utm_source", "pagewanted"]
)
values = st.text(st.sampled_from("abc019%&=+/ é:"), max_size=8).map(
    lambda text: text.replace("&", "").replace("=", "").strip()
)
parameters = st.lists(
    st.tuples(names, st.one_of(values, st.sampled_from(["1", "all", "rss", "aXuXEm5y10Uo"]))), max_size=4
)
fragments = st.one_of(st.just(""), st.text(st.sampled_from("!/a1%2F#é&"), max_size=9).map("#".__add__))


no_fragment = st.just("")
any_port = st.sampled_from(["", "", ":80", ":443", ":8080"])
odd_port = st.sampled_from(["", "", ":8080"])


@st.composite
def urls(draw, host=hosts, path=calm_paths, fragment=no_fragment, port=any_port):
    name = draw(host)
    prefix = "" if name.startswith("[") or name == "localhost" or name[0].isdigit() else draw(prefixes)
    scheme = draw(st.sampled_from(["http", "https"]))
    query = "&".join(f"{name}={value}" for name, value in draw(parameters))
    return f"{scheme}://{prefix}{name}{draw(port)}/{draw(path)}{'?' if query else ''}{query}{draw(fragment)}"


sly_urls = urls(host=st.one_of(hosts, wrapping_hosts), path=any_paths, fragment=fragments)


@PROFILE
@given(sly_urls)
@example("http://example.org/a)?utm_source=x")
@example("http://web.archive.org//web/2006/http://example.org/")
@example("http://twitter.com//#!/harbor")
def test_a_canonical_url_is_its_own_canonical_url(url):
    try:
        once = canonical_url(url)
    except UnusableUrl:
        reject()
    assert canonical_url(once) == once


@PROFILE
@given(urls())
def test_the_request_url_means_the_same_document(url):
    identity = identify(url)
    assert canonical_url(identity.request_url) == identity.canonical_url
    assert identify(identity.request_url).request_url == identity.request_url
    assert host_of(identity.request_url) == identity.host
    assert url_key(identity.request_url) == identity.url_key


@PROFILE
@given(
    st.one_of(
        st.text(),
        st.text(st.characters(categories=["Cc", "Cf", "Cs", "Po", "Sm", "Nd"])),
        st.text(max_size=30).map("http://".__add__),
    )
)
@example("http://[")
@example("http://a.b/%%34%31")
@example("http://a.bc/\ud800?\udfff#!\ud800")
@example("http://web.archive.org/web/\ud800/http://\ud800")
@example("https://web.archive.org/web/20060705162011/http%3A%2F%2F%00")
@example("http://x.translate.goog/?_x_tr_sl=a")
def test_any_text_is_a_url_or_unusable(text):
    for function in (identify, canonical_url, explain, url_key, host_of, unwrap):
        with suppress(UnusableUrl):
            function(text)


@PROFILE
@given(
    st.sampled_from(["http://example.org/", "https://web.archive.org/web/2006/", "http://www.reuters.com/article/"]),
    st.text(max_size=60),
)
def test_any_path_is_a_url_or_unusable(start, text):
    try:
        identity = identify(start + text)
    except UnusableUrl:
        return
    assert canonical_url(identity.canonical_url) == identity.canonical_url
    assert identity.request_url.isascii()
    assert identity.canonical_url.isascii()
    assert "#" not in identity.request_url


@PROFILE
@given(urls(), st.randoms(use_true_random=False))
def test_the_order_of_parameters_does_not_matter(url, random):
    place, _, query = url.partition("?")
    shuffled = query.split("&")
    random.shuffle(shuffled)
    assert canonical_url(f"{place}?{'&'.join(shuffled)}") == canonical_url(url)


@PROFILE
@given(urls(), st.sampled_from(sorted(TRACKING)), st.text(st.sampled_from("abc129-"), max_size=8))
def test_a_tracking_parameter_changes_nothing(url, name, value):
    joint = "&" if "?" in url else "?"
    assert canonical_url(f"{url}{joint}{name}={value}") == canonical_url(url)
    assert canonical_url(f"{url}{joint}{name.upper()}={value}") == canonical_url(url)


@PROFILE
@given(
    st.from_regex(r"[a-z]{2,9}\.example", fullmatch=True),
    st.sampled_from(["id", "sid", "cid", "p", "storyID", "objectid", "nid", "u"]),
    st.integers(0, 10**13),
    st.integers(0, 10**13),
)
def test_an_identifying_parameter_tells_documents_apart(host, name, one, other):
    same = canonical_url(f"http://{host}/story.php?{name}={one}") == canonical_url(
        f"http://{host}/story.php?{name}={other}"
    )
    assert same is (one == other)


@PROFILE
@given(sly_urls)
def test_what_is_changed_is_explained_and_a_canonical_url_needs_no_explanation(url):
    try:
        once = canonical_url(url)
    except UnusableUrl:
        reject()
    steps = explain(url)
    assert len(set(steps)) == len(steps)
    assert steps or once == url
    assert [step for step in explain(once) if step.change is not Change.ROUTE] == []


@PROFILE
@given(urls())
def test_scheme_and_www_do_not_matter(url):
    scheme, _, rest = url.partition("://")
    other = "https" if scheme == "http" else "http"
    assert canonical_url(f"{other}://{rest}") == canonical_url(url)


names_of_sites = st.sampled_from(["example.org", "news.example.co.uk", "bücher.example", "wwwx.example"])
sessions = st.sampled_from(
    [
        ("sid", "0123456789abcdef" * 2),
        ("PHPSESSID", "0123456789ABCDEF" * 2),
        ("jsessionid", "zyxw" * 8),
        ("ASPSESSIONIDABCDEFGH", "ABCDEFGHIJKLMNOPQRSTUVWX"),
    ]
)
other_case = {ord(letter): letter.swapcase() for letter in ascii_letters}


@PROFILE
@given(urls(host=names_of_sites, port=odd_port), st.sampled_from(["www.", "WWW2.", "www13."]))
def test_a_key_ignores_scheme_www_and_letter_case(url, www):
    scheme, _, rest = url.partition("://")
    key = url_key(url)
    assert url_key(f"{'http' if scheme == 'https' else 'https'}://{rest}") == key
    assert url_key(f"{scheme}://{www}{rest}") == key
    assert url_key(f"{scheme}://{rest.translate(other_case)}") == key


@PROFILE
@given(urls(), st.lists(sessions, max_size=2), st.booleans(), st.randoms(use_true_random=False))
def test_a_key_ignores_sessions_and_the_order_of_parameters(url, added, coldfusion, random):
    place, _, query = url.partition("?")
    added = [*added, *([("CFID", "12"), ("CFTOKEN", "3-4")] if coldfusion else [])]
    mixed = [*(query.split("&") if query else []), *(f"{name}={value}" for name, value in added)]
    random.shuffle(mixed)
    assert url_key(f"{place}?{'&'.join(mixed)}") == url_key(url)


@PROFILE
@given(urls(host=names_of_sites, path=any_paths))
@example("http://example.org/%2525/%25%32%35")
@example("http://example.org/a/(S(0123456789abcdefghijklmn))/(0123456789abcdefghijklmn)/b.aspx")
@example("http://example.org/?&sid=0123456789abcdef0123456789abcdef")
def test_a_key_read_as_a_url_has_the_same_key(url):
    key = surt(split(url))
    assert re.fullmatch(r"[!-@\[-~]+", key)
    site, _, place = key.partition(")")
    host, _, port = site.partition(":")
    path, _, query = place.partition("?")
    assert surt(Parts("http", ".".join(reversed(host.split(","))), port, path, query, "")) == key


@pytest.mark.parametrize(
    "hostile",
    [
        "%" + "25" * 4000,
        "/(s(" * 2000 + ".aspx",
        "&sid=" * 1600,
        "/.." * 2600,
        "%25" * 2700,
        "(" * 8000,
        ")" * 8000,
        "/" * 8000,
        "a-" * 4000,
        "&" * 8000,
        "./" * 4000,
        "|" * 8000,
    ],
)
def test_hostile_lengths_are_answered_at_once(hostile):
    for start in (
        "http://example.org/",
        "http://example.org/?from=",
        "https://web.archive.org/web/2006/http://a.example/",
    ):
        try:
            identify(start + hostile)
        except UnusableUrl:
            continue
