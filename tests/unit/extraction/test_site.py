import json

import pytest

from crawler.extraction.metadata.declared_url import find_declared_url
from crawler.extraction.metadata.site import find_site_name
from crawler.urls.owners import owner_label, registered_name, same_owner


def ld(**properties):
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle"} | properties)}</script>'


@pytest.mark.parametrize(
    ("head", "body", "url", "name"),
    [
        ("<meta property=og:site_name content='The Paper'>", "", "", "The Paper"),
        (ld(publisher={"name": "The Paper"}), "", "", "The Paper"),
        (
            ld() + '<script type="application/ld+json">{"@type":"WebSite","name":"The Paper"}</script>',
            "",
            "",
            "The Paper",
        ),
        ("<meta name=publisher content='https://social.example/paper'>", "", "", ""),
        ("<meta name=application-name content='Breaking news and headlines of the whole world - 9'>", "", "", ""),
        ("<title>Bridge closed - Hill Courier</title>", "", "http://www.hillcourier.example/a", "Hill Courier"),
        ("<title>The Hill Courier: Bridge closed</title>", "", "http://hillcourier.example/a", "The Hill Courier"),
        ("<title>Bridge closed | Courier Online</title>", "", "http://news.courier.co.uk/a", "Courier Online"),
        ("<title>桥梁关闭_山城新闻网</title>", "<p>版权所有 山城新闻网 © 2005</p>", "http://n.example/a", "山城新闻网"),
        ("<title>橋が閉鎖｜山城新聞</title>", "<p>© 山城新聞</p>", "http://n.example/a", "山城新聞"),
        ("<title>다리 폐쇄 - 산성일보</title>", "<p>© 산성일보</p>", "http://n.example/a", "산성일보"),
        (
            "<title>Речной листок: Мост закрыт</title>",
            "<p>© 2002 Речной листок.</p>",
            "http://n.example/a",
            "Речной листок",
        ),
        ("<title>The best bridges | 2025</title>", "<p>© 2025 all of it</p>", "http://n.example/a", ""),
        ("<title>Bridge closed - a long story</title>", "", "http://www.hillcourier.example/a", ""),
        (
            "<title>Bridge closed - Daily Echo</title>",
            "<p>© 2004 Daily Echo Ltd</p>",
            "http://x1.example/",
            "Daily Echo",
        ),
        ("", "<p>Copyright © 2004 Example News Ltd. All rights reserved.</p>", "http://e.example/", "Example News"),
        ("", "<p>(c) 1999-2005 Hill Courier, Inc.</p>", "http://hillcourier.example/", "Hill Courier"),
        ("", "<p>Copyright 2004 The Associated Press.</p>", "http://e.example/", ""),
        ("", "<p>© 2004 all rights reserved</p>", "http://e.example/", ""),
        ("", "", "", ""),
    ],
)
def test_site_names(parsed, head, body, url, name):
    found = find_site_name(parsed(body, head, url=url or "http://www.paper.example/story"))
    assert found.value == name
    assert bool(found.evidence) == bool(found.confidence) == bool(name)


def test_the_name_in_the_title_goes_before_the_owner_of_the_rights(parsed):
    page = parsed("<p>© 2004 Holding Media</p>", "<title>Bridge closed - Paper</title>")
    assert find_site_name(page).evidence == "title, spelling the host"


@pytest.mark.parametrize(
    ("canonical", "declared", "evidence"),
    [
        ("/a/b", "http://www.paper.example/a/b", "link canonical"),
        ("https://m.paper.example/a", "https://m.paper.example/a", "link canonical"),
        ("http://paper.example/?id=7", "http://paper.example/?id=7", "link canonical"),
        ("/", "", "rejected: home page"),
        ("http://www.paper.example", "", "rejected: home page"),
        ("/index.html", "", "rejected: home page"),
        ("/en/", "", "rejected: home page"),
        ("https://other.example/x?y=1", "", "rejected: another host"),
        ("javascript:void(0)", "", ""),
        ("http://[broken", "", ""),
        ("", "", ""),
        ("data:image/gif;base64,AAAA", "", ""),
    ],
)
def test_a_declared_address_is_this_page_or_refused_with_the_reason(parsed, canonical, declared, evidence):
    for head in (f"<link rel=canonical href='{canonical}'>", f"<meta property=og:url content='{canonical}'>"):
        found = find_declared_url(parsed(head=head))
        assert found.value == declared
        assert found.evidence == evidence.replace(
            "link canonical", "link canonical" if "link" in head else "meta og:url"
        )


def test_a_refused_canonical_leaves_the_word_to_the_next_place(parsed):
    head = "<link rel=canonical href='/'><meta property=og:url content='/story/7'>"
    assert find_declared_url(parsed(head=head)).value == "http://www.paper.example/story/7"


def test_a_home_page_may_declare_itself(parsed):
    page = parsed(head="<link rel=canonical href='http://www.paper.example/'>", url="http://paper.example/index.html")
    assert find_declared_url(page).value == "http://www.paper.example/"


@pytest.mark.parametrize(
    ("host", "other", "same"),
    [
        ("news.paper.co.uk", "paper.co.uk", True),
        ("paper.co.uk", "other.co.uk", False),
        ("one.github.io", "two.github.io", False),
        ("127.0.0.1", "127.0.0.1", True),
        ("", "", False),
    ],
)
def test_hosts_belong_together_by_their_registered_name(host, other, same):
    assert same_owner(host, other) is same


def test_the_owner_is_what_was_registered():
    assert (registered_name("a.b.paper.co.uk"), owner_label("news.paper.co.uk")) == ("paper.co.uk", "paper")
    assert owner_label("192.168.0.1") == ""
