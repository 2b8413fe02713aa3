"""Agencies in the labels under which entries cite articles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.agencies import AGENCIES
from crawler.extraction.credits import credited_in_label


@pytest.mark.parametrize(
    ("label", "agency"),
    [
        ("Reuters", "Reuters"),
        ("Reuters via Yahoo", "Reuters"),
        ("AP via ABC News", "AP"),
        ("AFP/Lind Herald", "AFP"),
        ("AFP through the Lind Herald", "AFP"),
        ("The Associated Press", "AP"),
        ("AP News", "AP"),
        ("Xinhua News Agency", "Xinhua"),
        ("Itar-Tass via Harbour Post", "TASS"),
        ("Lind Herald (AFP)", "AFP"),
        ("Lind Herald [via Reuters]", "Reuters"),
        ("Reuters, Lind", "Reuters"),
        ("", ""),
        ("Harbour Post", ""),
        ("ABC News", ""),
        ("Trend Setter", ""),
        ("The Sputnik Review", ""),
        ("MAP of Lind", ""),
        ("BBC (in Arabic)", ""),
        ("Harbour Post on what Reuters said", ""),
    ],
)
def test_labels(label, agency):
    assert credited_in_label(label) == agency


@given(st.text(max_size=60))
def test_any_label_is_read(label):
    assert credited_in_label(label) in {"", *(one.name for one in AGENCIES)}
