from __future__ import annotations

from datetime import date

import pytest

from crawler.events import event_key, key_of_page
from crawler.events.keys import DistinctKeys, slug_of

DAY = date(2006, 7, 5)


def test_months_are_padded_and_days_are_not():
    assert event_key(DAY, "Rain") == "2006/07/5/rain"
    assert event_key(date(2016, 12, 31), "Rain") == "2016/12/31/rain"


@pytest.mark.parametrize(
    ("raw", "slug"),
    [
        (" Trams  stop. ", "trams-stop"),
        ("Talks move to 10:00 a.m. EST Friday.", "talks-move-to-10-00-a-m-est-friday"),
        (
            "Ten (10) of 15 members say 'no', U.S. officials' aide says",
            "ten-10-of-15-members-say-no-u-s-officials-aide-says",
        ),
        ("the union's answer to yesterday's offer", "the-union-s-answer-to-yesterday-s-offer"),
        ("under_score and dash–dash", "under-score-and-dash-dash"),
        ("白湖市吊桥重新开放。", "白湖市吊桥重新开放"),
    ],
)
def test_every_run_of_other_characters_is_one_hyphen(raw, slug):
    assert slug_of(raw) == slug


# Slugs of real pages: the cut of the raw headline at 140 characters, not of the slug, explains their lengths.
@pytest.mark.parametrize(
    "slug",
    [
        (
            "china-and-russia-resist-efforts-by-the-united-states-and-japan-to-move-a-motion-in-the-united-nations-security"
            "-council-to-impose-sanctions"
        ),
        (
            "u-s-and-south-korean-officials-confirm-that-north-korea-launched-a-test-missile-from-the-west-coast-city-of"
            "-kusong-the-projectile-travelle"
        ),
        (
            "eleven-11-of-15-united-nations-security-council-members-approve-placing-north-korea-s-human-rights-record-on"
            "-the-council-s-agenda-russia"
        ),
        "china-opposes-any-new-sanctions-against-north-korea-during-a-meeting-in-the-united-nations-security-council",
    ],
)
def test_known_slugs_are_their_own_slugs(slug):
    assert slug_of(slug) == slug
    assert len(slug) < 140


def test_spaces_count_before_the_cut():
    words = "x" * 136 + " abcdef"
    assert slug_of(words) == "x" * 136 + "-abc"
    assert slug_of(" " + words) == "x" * 136 + "-ab"
    assert slug_of(f"{'x' * 139}. Then more") == "x" * 139


def test_a_headline_without_letters_still_has_a_slug_of_its_own():
    assert slug_of("!!!").startswith("untitled-")
    assert slug_of("!!!") != slug_of("???")


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/news/2006/07/5/rain.md", "2006/07/5/rain"),
        ("dump.tar.gz/public/news/2006/07/5/rain.md", "2006/07/5/rain"),
        ("/zh/news/2019/03/4/%E9%9B%A8.md", "2019/03/4/雨"),
        ("/news/2006/07/05/rain.md", "2006/07/5/rain"),
        ("/news/2006/07/5/index.md", ""),
        ("/oldnews/2006/07/5/rain.md", ""),
        ("rain.md", ""),
    ],
)
def test_the_key_in_a_path(path, key):
    assert key_of_page(path) == key


def test_decomposed_file_names_give_the_same_key():
    assert key_of_page("/news/2006/07/5/cafe\u0301.md") == key_of_page("/news/2006/07/5/caf\u00e9.md")


def test_equal_keys_of_one_file_are_told_apart_by_content_not_by_place():
    first, second = DistinctKeys(), DistinctKeys()
    assert first.give("k", "a") == "k"
    suffixed = first.give("k", "b")
    assert suffixed != first.give("k", "c")
    second.give("k", "a")
    second.give("k", "c")
    assert second.give("k", "b") == suffixed


def test_even_identical_items_get_keys_of_their_own():
    keys = DistinctKeys()
    assert len({keys.give("k", "same") for _ in range(4)}) == 4
