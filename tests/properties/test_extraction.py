"""No bytes make extraction raise, nothing in it depends on anything but its input."""

import json
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.extraction import NoArticle, PageInput
from crawler.extraction.article import extract
from crawler.extraction.dates import mentions, parse_machine
from crawler.extraction.document import parse_page
from crawler.extraction.encoding import decode
from crawler.extraction.jsonld import article_node, names_of, read_nodes
from crawler.extraction.sniff import foreign_format
from crawler.extraction.text import fold_spaces, plain
from storage.types import Article, DatePrecision

CAPTURED = datetime(2010, 6, 1, 12, tzinfo=UTC)
PROSE = "The council voted on Tuesday to approve the budget, officials said after a long debate. " * 8

CODECS = ("utf-8", "cp1251", "koi8-r", "cp1252", "big5", "gb18030", "shift_jis", "euc-kr", "utf-16")
CONTENT_TYPES = st.one_of(
    st.sampled_from(["", "text/html", "text/html; charset=utf-8", "text/html;charset=rot13", "application/pdf"]),
    st.text(max_size=40),
)
TAGS = st.sampled_from(
    [
        "div",
        "p",
        "td",
        "table",
        "tr",
        "h1",
        "br",
        "a",
        "b",
        "time",
        "meta",
        "script",
        "ul",
        "li",
        "title",
        "body",
        "svg",
    ]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "@type",
                    "@id",
                    "@graph",
                    "author",
                    "name",
                    "headline",
                    "datePublished",
                    "image",
                    "url",
                    "publisher",
                    "inLanguage",
                    "mainEntity",
                ]
            )
            | st.text(max_size=5),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)


@st.composite
def markup(draw):
    """Tags that close badly, attributes that run on, text with anything in it."""
    parts = []
    for _ in range(draw(st.integers(0, 12))):
        tag = draw(TAGS)
        attribute = draw(st.sampled_from(["", " class=byline", " itemprop='author datePublished'", " datetime='x"]))
        parts.append(f"<{tag}{attribute}>{draw(st.text(max_size=30))}{draw(st.sampled_from(['', f'</{tag}>', '<']))}")
    return "".join(parts)


def page(content, content_type="text/html", url="http://paper.example/2009/03/05/a"):
    return PageInput(url=url, content=content, content_type=content_type, captured_at=CAPTURED)


def checked(given_page):
    """The result, after the checks that hold for every page."""
    result = extract(given_page)
    assert extract(given_page) == result
    if isinstance(result, Article):
        texts = (result.headline, result.body, result.byline, result.site_name, result.agency, result.dateline)
        assert not any(unwanted in text for text in texts for unwanted in ("\x00", "\ud800"))
        "".join(texts).encode("utf-8")
        assert "\n\n\n" not in result.body
        for stated in (result.published_at, result.modified_at):
            assert stated is None or stated.value <= CAPTURED + timedelta(hours=14)
    else:
        assert isinstance(result, NoArticle)
        assert result.detail
    return result


@settings(max_examples=60, deadline=None)
@given(content=st.binary(max_size=400), content_type=CONTENT_TYPES)
def test_no_bytes_raise(content, content_type):
    checked(page(content, content_type))


@settings(max_examples=40, deadline=None)
@given(before=markup(), after=markup(), encoding=st.sampled_from(CODECS))
def test_broken_markup_around_prose_still_gives_a_result(before, after, encoding):
    html = f"<html><head>{before}</head><body>{after}<p>{PROSE}</p>{before}"
    checked(page(html.encode(encoding, "ignore")))


@settings(max_examples=40, deadline=None)
@given(data=JSON, url=st.text(max_size=40) | st.sampled_from(["http://[x/", "http://a.example:x/", "//"]))
def test_any_json_ld_is_survived(data, url):
    script = json.dumps(data)
    html = f'<title>T</title><script type="application/ld+json">{script}</script><article><p>{PROSE}</p></article>'
    checked(page(html.encode(), url=url))


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=200))
def test_json_ld_text_that_is_no_json_gives_no_nodes_or_nodes(text):
    parsed = parse_page(f'<script type="application/ld+json">{text}</script><p>x</p>', "http://a.example/", CAPTURED)
    if parsed is not None:
        nodes = read_nodes(parsed.tree)
        assert isinstance(names_of(article_node(nodes, "", "").get("author")), list)


@settings(max_examples=200, deadline=None)
@given(
    text=st.text(max_size=120)
    | st.from_regex(r"[0-3]?\d[ ./-]\w{1,9}[ ./-]\d{4} \d\d:\d\d( [A-Z]{3})?", fullmatch=True)
)
def test_dates_in_any_text_stay_inside_it(text):
    last_end = 0
    for mention in mentions(text):
        assert last_end <= mention.start < mention.end <= len(text)
        assert mention.raw in text
        last_end = mention.end
    parse_machine(text)


@settings(max_examples=100, deadline=None)
@given(moment=st.datetimes(min_value=datetime(1950, 1, 2), max_value=datetime(2090, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - the zone is the strategy's
def test_an_iso_time_comes_back_as_it_went_in(moment):
    whole = moment.replace(microsecond=0)
    parsed = parse_machine(whole.isoformat())
    assert (parsed.value, parsed.precision, parsed.day) == (whole, DatePrecision.SECOND, whole.date())
    day = parse_machine(whole.date().isoformat())
    assert (day.day, day.precision) == (whole.date(), DatePrecision.DAY)


@settings(max_examples=100, deadline=None)
@given(content=st.binary(max_size=300), content_type=CONTENT_TYPES)
def test_decoding_and_sniffing_never_fail(content, content_type):
    assert isinstance(decode(content, content_type).text, str)
    assert isinstance(foreign_format(content, content_type), str)


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=200), encoding=st.sampled_from(["utf-8", "utf-16", "utf-16-le", "utf-16-be"]))
def test_declared_unicode_is_read_back(text, encoding):
    body = f"<html><body>{text}"
    mark = "\ufeff" if encoding.endswith(("le", "be")) else ""
    found = decode((mark + body).encode(encoding, "ignore"), "text/html; charset=utf-8").text
    assert found == body.encode(encoding, "ignore").decode(encoding)


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=200))
def test_cleaning_text_twice_changes_nothing(text):
    assert fold_spaces(fold_spaces(text)) == fold_spaces(text)
    assert fold_spaces(plain(text)) == plain(text)
