"""What stands behind a verdict: clues, digests, probes, repeats, reservations."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crawler.classify import OUTCOME_OF_KIND, reconsider
from crawler.classify.address import read_address
from crawler.classify.reading import classify, probe_fingerprint
from crawler.classify.reservations import reservations
from crawler.extraction.article import open_page
from storage.types import HostProbe, PageKind

NOTICE = (
    "<p>Dear reader, our house has moved its older stories into the cellar. We are sorting them by size and by smell, "
    "and will bring them up again once the stairs are mended. Until then, enjoy the harbour.</p>"
)
BRIEF = (
    "<p>A harbour crane fell on the fish market of Quay on Tuesday and crushed four stalls that had been shut for the "
    "holiday, the harbour master said. Nobody was hurt, and the market opens again on Friday.</p>"
)
FRAME = "".join(f"<p>House rule number {word}</p>" for word in ("one", "two", "three", "four"))


def names(verdict):
    return {clue.name for clue in verdict.clues}


def test_every_kind_has_an_outcome():
    assert set(OUTCOME_OF_KIND) == set(PageKind)


def test_the_strongest_clue_comes_first_and_the_score_is_a_share(verdict):
    found = verdict(BRIEF, title="Crane falls", event="Crane falls on fish market")
    weights = [abs(clue.weight) for clue in found.clues]
    assert weights == sorted(weights, reverse=True)
    assert 0 <= found.score <= 1


def test_agreement_with_the_event_is_a_clue_and_its_lack_rejects_nothing(verdict):
    agreeing = verdict(BRIEF, event="Crane falls on fish market of Quay")
    silent = verdict(BRIEF, event="Parliament debates pension reform overnight")
    assert "shares words with the event's headline" in names(agreeing)
    assert "shares no word with the event's headline" in names(silent)
    assert (agreeing.kind, silent.kind) == (PageKind.ARTICLE, PageKind.ARTICLE)
    assert agreeing.score > silent.score


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Not here: /news/1.html at 12:40 GMT on our server", "Not here: /sport/77.html at 23:59 GMT on our server"),
        ("<p>Tuesday, 4 March 2008</p>We have no such page", "<p>Friday, 11 May 2012</p>We have no such page"),
        ("We have no such page. Ask EDITOR@PAPER.example now", "We have no such page! Ask desk@paper.example now"),
    ],
)
def test_texts_that_differ_in_address_time_and_number_have_one_digest(verdict, one, other):
    assert verdict(one).page_digest == verdict(other).page_digest != ""


def test_other_words_have_another_digest_and_few_words_none(verdict):
    assert verdict(BRIEF).page_digest != verdict(NOTICE).page_digest
    assert verdict("<p>Nothing here</p>").page_digest == ""


@pytest.mark.parametrize(
    ("event", "repeats", "kind"),
    [
        ("Parliament debates pension reform", 0, PageKind.ARTICLE),
        ("Parliament debates pension reform", 1, PageKind.ARTICLE),
        ("Parliament debates pension reform", 2, PageKind.SOFT_404),
        ("Older stories moved into the cellar", 3, PageKind.ARTICLE),
        ("", 1, PageKind.ARTICLE),
        ("", 3, PageKind.SOFT_404),
    ],
)
def test_repeated_text_counts_from_two_on_unless_it_speaks_of_the_event(verdict, event, repeats, kind):
    assert reconsider(verdict(NOTICE, event=event), repeats=repeats).kind is kind


def test_reconsidering_again_changes_nothing(verdict):
    once = reconsider(verdict(NOTICE), repeats=3)
    assert reconsider(once, repeats=3) == once
    assert reconsider(once, repeats=0).kind is PageKind.ARTICLE


def probe_of(page, body, status=200, final_url="http://www.paper.example/2009/03/12/no-such-page"):
    return HostProbe(
        probed_at=datetime(2010, 5, 1, tzinfo=UTC),
        url="http://www.paper.example/2009/03/12/no-such-page",
        status=status,
        final_url=final_url,
        fingerprint=probe_fingerprint(page(body)),
    )


def test_a_page_like_the_answer_to_any_path_is_gone(page):
    given = page(FRAME + NOTICE)
    assert classify(given).kind is PageKind.ARTICLE
    found = classify(replace(given, probe=probe_of(page, FRAME + NOTICE)))
    assert (found.kind, "the host answers any path so" in names(found)) == (PageKind.SOFT_404, True)


def test_a_page_with_words_of_its_own_is_not(page):
    assert classify(replace(page(FRAME + BRIEF), probe=probe_of(page, FRAME))).kind is PageKind.ARTICLE


def test_a_host_that_tells_what_is_missing_speaks_for_the_page(page):
    given = page(FRAME + BRIEF)
    honest = classify(replace(given, probe=probe_of(page, FRAME, status=404)))
    assert "the host answers unknown paths with an error status" in names(honest)
    assert honest.score >= classify(given).score


def test_a_probe_is_wanted_where_it_could_tell_and_nowhere_else(page, reading):
    wanted = {
        "notice": reading(NOTICE).wants_probe,
        "report": reading(BRIEF * 6, title="Crane falls").wants_probe,
        "wall": reading("<h1>Sign in</h1><input type=password>", title="Sign in").wants_probe,
        "probed": reading(NOTICE, probe=probe_of(page, FRAME)).wants_probe,
        "refused": reading(NOTICE, status=403).wants_probe,
        "home": reading(NOTICE, url="http://www.paper.example/").wants_probe,
    }
    assert wanted == {"notice": True, "report": False, "wall": False, "probed": False, "refused": False, "home": False}


def test_a_refused_page_is_judged_and_gives_no_article(reading):
    found = reading(BRIEF * 6, status=403)
    assert (found.verdict.kind, found.article) == (PageKind.ARTICLE, None)


@pytest.mark.parametrize(
    ("head", "headers", "found"),
    [
        ("", (("X-Robots-Tag", "noindex, noarchive"),), ("X-Robots-Tag: noindex, noarchive",)),
        ("", (("tdm-reservation", "1"), ("TDM-Policy", "/p.json")), ("tdm-reservation: 1", "tdm-policy: /p.json")),
        ("", (("TDM-Reservation", "0"), ("X-Robots-Tag", "noindex")), ()),
        ('<meta name="robots" content="noai, noimageai">', (), ("meta robots: noai, noimageai",)),
        ('<meta name="googlebot" content="NOARCHIVE">', (), ("meta googlebot: NOARCHIVE",)),
        ('<meta name="dateline" content="noarchive">', (), ("meta dateline: noarchive",)),
        ('<meta name="tdm-reservation" content="1">', (), ("meta tdm-reservation: 1",)),
        ('<meta name="robots" content="index, follow">', (), ()),
    ],
)
def test_what_the_publisher_reserves(page, head, headers, found):
    given = page(BRIEF, head=head, headers=headers)
    assert reservations(given, open_page(given)) == found


@pytest.mark.parametrize(
    ("requested", "final", "deep", "home", "section"),
    [
        ("http://a.example/news/2008/old-story", "http://a.example/", True, True, False),
        ("http://a.example/news/2008/old-story", "http://b.example/en/", True, True, False),
        ("http://a.example/news/2008/old-story", "http://a.example/news/", True, False, True),
        ("http://a.example/?p=5512", "http://a.example/", True, True, False),
        ("http://a.example/", "http://www.a.example/index.html", False, True, False),
        ("http://a.example/news/2008/old-story", "http://a.example/2008/the-old-story", True, False, False),
        ("http://a.example/x?utm_source=rss", "http://a.example/x", False, False, False),
        ("nothing", "http://[broken", False, True, False),
    ],
)
def test_addresses(requested, final, deep, home, section):
    found = read_address(requested, final)
    assert (found.deep, found.home, found.section) == (deep, home, section)
