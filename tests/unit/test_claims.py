from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.claims import claims_of, claims_of_attempt, names_one_document
from crawler.urls import canonical_url, identify
from storage.types import Article, Document, Redirect, SameDocumentHow

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
OLD = "http://www.harbour-post.example/news/2016/05/09/quay-reopens-after-the-fire.html"
NEW = "https://www.harbour-post.example/archive/2016/quay-reopens-after-the-fire-8812345"


def document(url):
    identity = identify(url)
    return Document(
        id=1,
        canonical_url=identity.canonical_url,
        request_url=identity.request_url,
        url_key=identity.url_key,
        host=identity.host,
        added_at=NOW,
    )


def article(declared="", evidence=""):
    found = {"declared_url": evidence} if evidence else {}
    return Article(headline="Quay reopens", body="The quay reopened.", declared_url=declared, evidence=found)


def moved(start, *hops, statuses=(301,), declared=""):
    """What is claimed where the start leads over hops to the last one."""
    places = [start, *hops]
    redirects = [Redirect(url=url, status=status) for url, status in zip(places, statuses, strict=False)]
    return claims_of(document(start), article(declared), redirects=redirects, final_url=places[-1])


def declares(url, declared):
    return claims_of(document(url), article(declared, "link canonical"))


@pytest.mark.parametrize("statuses", [(301,), (308,), (301, 308), (301, 301, 301)])
def test_a_permanent_way_to_another_document_is_a_claim(statuses):
    hops = [f"{OLD}?step={number}" for number in range(1, len(statuses))]
    (claim,) = moved(OLD, *hops, NEW, statuses=statuses)
    assert claim.canonical_url == canonical_url(NEW)
    assert claim.how is SameDocumentHow.REDIRECT
    assert claim.evidence.endswith(f" to {NEW}")
    assert claim.evidence.startswith(str(statuses[0]))


@pytest.mark.parametrize("statuses", [(302,), (303,), (307,), (301, 302), (302, 301), (301, 307, 308), (200,)])
def test_one_hop_that_is_not_permanent_makes_it_a_detour(statuses):
    hops = [f"{OLD}?step={number}" for number in range(1, len(statuses))]
    assert moved(OLD, *hops, NEW, statuses=statuses) == ()


@pytest.mark.parametrize(
    "target",
    [
        "https://www.harbour-post.example/",
        "https://www.harbour-post.example/news",
        "https://www.harbour-post.example/news/world/",
        "https://www.harbour-post.example/sport/worldcup2026",
        "https://www.harbour-post.example/404",
        "https://www.harbour-post.example/login?next=1",
        "https://www.harbour-post.example/search?q=quay",
        OLD.replace("http://www.", "https://"),
        f"{OLD}?utm_source=rss#top",
        "https://www.harbour-post.example/news/2021/05/09/other-thing-happens-in-merrow.html",
        "https://www.lind-herald.example/news/2016/05/09/other-thing-happens-in-merrow.html",
        "https://www.lind-herald.example/2016/05/09/quay",
        "mailto:desk@harbour-post.example",
        "",
    ],
)
def test_what_a_permanent_way_may_lead_to_without_a_claim(target):
    assert moved(OLD, target) == ()


@pytest.mark.parametrize(
    ("start", "target"),
    [
        (OLD, "https://www.lind-herald.example/quay-reopens-after-the-fire"),
        (OLD, "https://m.harbour-post.example/story.php?id=8812345"),
        ("http://harbour-post.example/item/8812345", "https://merrow.example/news/8812345-quay"),
        ("http://www.guardian.co.uk/x/2016/may/09/quay-opens", "https://news.theguardian.com/a-quay-opens-again-today"),
    ],
)
def test_a_site_that_moved_keeps_a_number_or_the_slug_unless_it_is_the_same_publishers(start, target):
    assert [claim.canonical_url for claim in moved(start, target)] == [canonical_url(target)]


def test_a_section_that_moved_claims_nothing_of_an_article():
    assert moved("http://www.harbour-post.example/news", NEW) == ()


def test_the_same_december_is_one_year_and_no_other_month_is_read_as_one():
    december = "http://harbour-post.example/20161205/quay-reopens-after-fire"
    assert moved(december, "http://harbour-post.example/a/20161205/quay-opens-after-fire")
    assert moved(december, "http://harbour-post.example/a/2017/12/05/quay-reopens-after-fire") == ()
    assert moved("http://harbour-post.example/201612345", "http://harbour-post.example/201712345")


def test_a_page_that_declares_another_url_of_its_site_is_a_claim():
    (claim,) = declares(OLD, NEW)
    assert claim.how is SameDocumentHow.CANONICAL
    assert claim.canonical_url == canonical_url(NEW)
    assert claim.evidence == f"link canonical says {NEW}"


@pytest.mark.parametrize(
    "declared",
    [
        "",
        OLD,
        f"{OLD}?utm_source=x",
        "https://www.harbour-post.example/",
        "https://www.harbour-post.example/news",
        "https://www.lind-herald.example/news/2016/05/09/quay-reopens-after-the-fire.html",
        f"https://web.archive.org/web/2016/{NEW}",
        "https://www.harbour-post.example/news/2019/05/09/quay-reopens-after-the-fire.html",
        "http://[",
        "javascript:void(0)",
    ],
)
def test_what_a_page_may_declare_without_a_claim(declared):
    assert declares(OLD, declared) == ()


def test_where_both_speak_of_one_document_the_redirect_is_the_claim():
    (claim,) = moved(OLD, NEW, declared=f"{NEW}?utm_source=x")
    assert claim.how is SameDocumentHow.REDIRECT
    other = NEW.replace("8812345", "8812346")
    assert [one.how for one in moved(OLD, NEW, declared=other)] == [SameDocumentHow.REDIRECT, SameDocumentHow.CANONICAL]


def test_an_attempt_without_an_article_and_the_redirect_of_an_archive_claim_nothing():
    task = SimpleNamespace(document=document(OLD), archive="")
    item = SimpleNamespace(task=task, redirects=(Redirect(url=OLD, status=301),), final_url=NEW)
    assert len(claims_of_attempt(item, article())) == 1
    assert claims_of_attempt(item, None) == ()
    task.archive = "Internet Archive"
    assert claims_of_attempt(item, article()) == ()
    assert [claim.how for claim in claims_of_attempt(item, article(NEW))] == [SameDocumentHow.CANONICAL]


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("https://x.example/", False),
        ("https://x.example", False),
        ("https://x.example/world/europe", False),
        ("https://x.example/world/2026", False),
        ("https://x.example/news/articles/c4ng17zzkpoo", True),
        ("https://x.example/quay-opens-after-fire", True),
        ("https://x.example/story.asp?id=4711", True),
        ("https://x.example/?page=2", False),
    ],
)
def test_a_url_that_names_one_document(url, named):
    assert names_one_document(url) is named


pieces = st.lists(
    st.sampled_from(
        ["http:", "//", "/", "harbour-post.example", "news", "2016", "12", "05", "?id=", "88123", "#", "%", "é"]
    ),
    max_size=9,
).map("".join)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=60), pieces), st.one_of(st.text(max_size=60), pieces), st.integers(0, 999))
def test_whatever_a_server_and_a_page_say_a_claim_names_another_canonical_url(final_url, declared, status):
    found = claims_of(
        document(OLD), article(declared), redirects=[Redirect(url=OLD, status=status)], final_url=final_url
    )
    for claim in found:
        assert claim.canonical_url == canonical_url(claim.canonical_url) != canonical_url(OLD)
        assert claim.evidence
    assert len({claim.canonical_url for claim in found}) == len(found)
