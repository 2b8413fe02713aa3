import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protego import Protego

from crawler.robots import LONGEST_FILE, parse, path_of

URL = "https://news.example"


def allows(text, path, product="dateline"):
    content = text if isinstance(text, bytes) else text.encode()
    return parse(content, product=product).ruling(URL + path).allowed


def rule(text, path):
    return parse(text.encode()).ruling(URL + path).rule


def test_the_line_that_decides_is_named_with_its_group():
    text = "# rules\nUser-agent: *\nDisallow: /private/\nAllow: /private/open\n"
    assert rule(text, "/private/x") == "Disallow: /private/ (line 3, for *)"
    assert rule(text, "/private/open/1") == "Allow: /private/open (line 4, for *)"
    assert rule(text, "/news") == "no rule applies"
    assert rule("", "/news") == "no rule applies"


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("/fish", "/fish.html", True),
        ("/fish", "/Fish", False),
        ("/fish*", "/fish/salmon", True),
        ("/fish/", "/fish", False),
        ("/*.php", "/folder/x.php?a=1", True),
        ("/*.php$", "/x.php", True),
        ("/*.php$", "/x.php?a=1", False),
        ("/fish*.php", "/fishheads/x.php", True),
        ("/fish*.php", "/Fish.php", False),
        ("/a*b*c$", "/abbcbc", True),
        ("/a*b*c$", "/acb", False),
        ("/a*a$", "/a", False),
        ("/$", "/", True),
        ("/$", "/a", False),
        ("*", "/anything", True),
        ("/caf%C3%A9", "/caf%c3%a9/menu", True),
        ("/café", "/caf%C3%A9", True),
        ("/%7Ejoe", "/~joe/", True),
        ("/~joe", "/%7ejoe/", True),
        ("/a%2Fb", "/a/b", False),
        ("/a%2fb", "/a%2Fb", True),
        ("/find?q=a:b", "/find?q=a%3Ab", True),
        ("/price%24", "/price$", True),
        ("/star%2A", "/star*", True),
        ("/star%2A", "/starling", False),
        ("/100%", "/100%25", True),
        ("fish", "/fish", False),
    ],
)
def test_patterns(pattern, path, matches):
    assert allows(f"User-agent: *\nDisallow: {pattern}\n", path) is not matches


def test_a_byte_that_is_no_utf_8_is_compared_as_it_is():
    assert not allows(b"User-agent: *\nDisallow: /caf\xe9\n", "/caf%E9/menu")


def test_the_longest_rule_decides_and_of_equals_the_one_that_allows():
    assert allows("User-agent: *\nDisallow: /a\nAllow: /a\n", "/a")
    assert not allows("User-agent: *\nAllow: /a\nDisallow: /a/b\n", "/a/b/c")
    assert allows("User-agent: *\nDisallow: /\nAllow: /a*c$\n", "/abc")


@pytest.mark.parametrize(
    "group", ["dateline", "Dateline", "DATELINE/1.0", "dateline (news archiver)", "dateline # ours", "  dateline  "]
)
def test_our_own_group_speaks_to_us_alone(group):
    text = f"User-agent: {group}\nDisallow: /ours\n\nUser-agent: *\nDisallow: /\n"
    assert not allows(text, "/ours")
    assert allows(text, "/theirs")


@pytest.mark.parametrize("group", ["date", "dateliner", "news", "dateline-images", "", "**", "Mozilla dateline"])
def test_a_group_for_somebody_else_does_not(group):
    assert allows(f"User-agent: {group}\nDisallow: /\n", "/a")


def test_several_groups_of_one_name_count_as_one_and_several_names_may_head_one_group():
    text = "User-agent: dateline\nDisallow: /a\nUser-agent: other\nUser-agent: dateline\nDisallow: /b\n"
    assert (allows(text, "/a"), allows(text, "/b"), allows(text, "/c")) == (False, False, True)


def test_an_empty_group_of_ours_frees_us_from_everybodys_rules():
    assert allows("User-agent: dateline\nDisallow:\n\nUser-agent: *\nDisallow: /\n", "/a")


def test_lines_that_are_no_rules_do_not_part_a_group():
    text = (
        "User-agent: *\nSitemap: https://news.example/map.xml\nNoindex: /x\n\n\nDisallow: /a\nHost: x\nDisallow: /b\n"
    )
    assert (allows(text, "/a"), allows(text, "/b")) == (False, False)


def test_rules_before_any_name_speak_to_nobody():
    assert allows("Disallow: /\nUser-agent: *\nDisallow: /a\n", "/b")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_and_a_byte_order_mark(end):
    text = end.join(["\ufeffUser-Agent: *", "DISALLOW : /a  # comment", "Crawl-Delay: 7"])
    assert not allows(text, "/a")
    assert parse(text.encode()).crawl_delay_s == 7


@pytest.mark.parametrize("word", ["Disalow", "Dissallow", "disallow", "DISALLOW"])
def test_a_misspelt_prohibition_is_one(word):
    assert not allows(f"Useragent: *\n{word}: /a\n", "/a")


@pytest.mark.parametrize("value", ["nan", "-1", "1e309", "inf", "-inf", "soon", "", "5 s", "١٢", "0x10"])
def test_a_crawl_delay_that_is_no_number_of_seconds_is_none(value):
    assert parse(f"User-agent: *\nCrawl-delay: {value}\n".encode()).crawl_delay_s is None


@pytest.mark.parametrize(("value", "delay"), [("10", 10), ("0.5", 0.5), ("0", 0), ("1e3", 1000)])
def test_a_crawl_delay_is_in_seconds(value, delay):
    assert parse(f"User-agent: *\nCrawl-delay: {value}\nDisallow: /a\n".encode()).crawl_delay_s == delay


def test_the_beginning_of_a_file_that_is_too_long_counts_and_its_torn_line_does_not():
    head = "User-agent: *\nDisallow: /a\n"
    filler = "# filler\n" * (LONGEST_FILE // 9)
    text = (head + filler)[: LONGEST_FILE - 11] + "\nDisallow: /private\nDisallow: /b\n"
    assert not allows(text, "/a")
    assert allows(text, "/b")
    assert allows(text, "/public")


def test_a_page_in_place_of_rules_is_none():
    assert allows("<!DOCTYPE html><html><body>User-agent: * Disallow: /</body></html>", "/a")


def test_a_hostile_pattern_costs_no_time():
    text = "User-agent: *\n" + "".join(f"Disallow: /{'*a' * 200}{number}$\n" for number in range(200))
    rules = parse(text.encode())
    began = time.perf_counter()
    assert rules.ruling(URL + "/" + "a" * 2000).allowed
    assert time.perf_counter() - began < 5


# -- properties ------------------------------------------------------------------------------------------------

# What both read alike: plain grammar. Left out are dollar signs within (Protego adds a second rule for them), index
# pages that Protego lets stand for their folder, and groups that it finds within other words of a User-Agent.
segments = st.sampled_from(["a", "b", "ab", "%41", "%c3%a9", "é", "~x", "?q=", "&", "*", "**", "%2F", "-", ".php", ":"])
paths = st.lists(st.sampled_from(["a", "b", "ab", "%41", "%C3%A9", "~x", "?q=", "&", "%2f", "-", ".php", "/", ":"]))
patterns = st.tuples(st.lists(segments, max_size=4).map("".join), st.sampled_from(["", "$"])).map(
    lambda parts: f"/{parts[0]}{parts[1]}"
)
lines = st.one_of(
    st.sampled_from(["dateline", "Dateline", "*", "other"]).map(lambda name: f"User-agent: {name}"),
    patterns.map(lambda pattern: f"Disallow: {pattern}"),
    patterns.map(lambda pattern: f"Allow: {pattern}"),
    st.sampled_from(["", "# comment", "Disallow:", "Sitemap: https://news.example/x", "Crawl-delay: 3"]),
)


@given(st.lists(lines, max_size=14), paths.map("".join))
def test_it_agrees_with_protego_on_plain_files(file, path):
    text = "\n".join(file)
    url = f"{URL}/{path}"
    rules, other = parse(text.encode()), Protego.parse(text)
    assert rules.ruling(url).allowed == other.can_fetch(url, "dateline")
    assert rules.crawl_delay_s == other.crawl_delay("dateline")


@given(st.binary(max_size=400), st.text(max_size=50))
def test_nothing_in_a_file_or_a_path_is_an_error(content, path):
    ruling = parse(content).ruling(f"{URL}/{path}")
    assert ruling.rule
    assert parse(b"User-agent: *\n" + content).crawl_delay_s is None or content


@given(paths.map("".join))
def test_a_path_is_spelled_in_one_way(path):
    once = path_of(f"{URL}/{path}")
    assert path_of(URL + once) == once


def test_sitemaps_are_told_whomever_the_file_speaks_to():
    text = b"Sitemap: https://a.example/news.xml # daily\nUser-agent: other\nDisallow: /\nSITEMAP:https://a.example/b.xml\n"
    rules = parse(text + b"sitemap: https://a.example/news.xml\nSitemap\n")
    assert rules.sitemaps == ("https://a.example/news.xml", "https://a.example/b.xml")
    assert rules.group == ""
    many = b"".join(b"Sitemap: https://a.example/%d.xml\n" % number for number in range(5000))
    assert len(parse(many).sitemaps) == 100
