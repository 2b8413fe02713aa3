import pytest

from crawler.urls import Change, canonical_url, explain


def told(url):
    return [str(step) for step in explain(url)]


@pytest.mark.parametrize(
    ("url", "steps"),
    [
        ("https://example.org/a", []),
        ("http://www.example.org:80/a/", ["www: www.example.org", "ending: /", "scheme: http"]),
        ("http://example.org:443/a", ["scheme: http", "port: 443"]),
        ("https://example.org/a/amp/index.html", ["ending: /amp/index.html"]),
        ("https://example.org/%7Ebo//a", ["spelling: path (escapes, dots and slashes in normal form)"]),
        ("https://example.org/a;jsessionid=AB12", ["ending: ;jsessionid=AB12"]),
        ("https://example.org/a?b=2&a=1", ["spelling: parameters (in order, escapes in normal form)"]),
        ("https://example.org/a?utm_source=x&id=1", ["parameter: utm_source (tracking everywhere)"]),
        ("https://example.org/a?from=rss", ["parameter: from (its value is a channel)"]),
        ("https://example.org/2009/12/04/a?from=x", ["parameter: from (the path alone identifies the document)"]),
        (
            "https://example.org/2009/12/04/a?cid=sm_tw",
            ["parameter: cid (its value is a channel, the path identifies the document)"],
        ),
        ("https://example.org/a?print=1", ["parameter: print (presentation)"]),
        (
            "https://abcnews.go.com/x/story?id=5&cid=1",
            ["rule: abcnews.go.com/story (ABC News (US))", "parameter: cid (tracking on this host)"],
        ),
        ("https://abcnews.go.com/story?id=5&page=1", ["parameter: page (says nothing with this value on this host)"]),
        ("https://reuters.com/article/idUSKBN1ZZ9XX?il=0", ["parameter: il (the rest identifies)"]),
        ("https://tass.ru/en/world/979123", ["rule: tass.com/{0} (TASS)"]),
        (
            "https://a.example/x/article_0a1b2c3d-1111-5e9f-9999-aabbccddeeff.html",
            ["rule: {0}/article_{1}.html (BLOX)"],
        ),
        ("https://m.example.org/2009/12/04/a", ["mobile: m.example.org (the path alone identifies the document)"]),
        ("https://example.org/default.aspx", ["ending: default.aspx (index page without parameters)"]),
        ("https://example.org/a#top", ["fragment: #top"]),
        ("https://example.org/a#!/b/1", ["route: #!/b/1 (a script reads it as the address)"]),
        ("https://twitter.com/#!/harbor", ["route: #!/harbor (it is a path on this host)"]),
        ("https://web.archive.org/web/2006/https://example.org/a", ["wrapper: Internet Archive"]),
        (" https://example.org/a ", ["citation: what stood around it"]),
    ],
)
def test_each_kind_of_step_is_told_with_its_reason(url, steps):
    assert told(url) == steps


def test_every_kind_of_step_is_known():
    urls = [
        " http://web.archive.org/web/2006/http://www.m.example.org:80/2009/12/04//a/?b&utm_source=x&a#top",
        "https://twitter.com/#!/a",
        "https://tass.ru/en/world/979123",
        "http://example.org:443/",
    ]
    assert {step.change for url in urls for step in explain(url)} == set(Change)


def test_what_two_urls_of_one_document_went_through_says_why_they_are_one():
    one = "http://edition.cnn.com/2016/07/06/world/harbor-fire/"
    other = "http://www.cnn.com/2016/07/06/world/harbor-fire/index.html?hpt=hp_t1"
    assert canonical_url(one) == canonical_url(other)
    apart = {step.change for step in set(explain(one)) ^ set(explain(other))}
    assert apart == {Change.RULE, Change.WWW, Change.ENDING, Change.PARAMETER}
