from datetime import UTC, datetime

import pytest

from crawler.extraction.agencies import AGENCIES
from crawler.extraction.agency import find_wire
from crawler.extraction.document import parse_page

REST = "The rest of the story goes on for a while, and nobody is credited in it."


def wire(*blocks, byline="", head=""):
    page = parse_page(
        f"<html><head>{head}</head><body></body></html>", "http://a.example/", datetime(2010, 1, 1, tzinfo=UTC)
    )
    found = find_wire(page, blocks, byline)
    return found.agency.value, found.dateline.value


@pytest.mark.parametrize(
    ("opening", "agency", "dateline"),
    [
        ("WASHINGTON (AP) — The president said", "AP", "WASHINGTON (AP)"),
        ("TULSA, Okla. (AP) -- A museum has", "AP", "TULSA, Okla. (AP)"),
        ("MOSCOW, Dec 30 (Reuters) - Russia said", "Reuters", "MOSCOW, Dec 30 (Reuters)"),
        ("LONDON/PARIS, March 3 (Reuters) - Two", "Reuters", "LONDON/PARIS, March 3 (Reuters)"),
        ("PARIS (AFP) – Ministers met", "AFP", "PARIS (AFP)"),
        ("BEIJING, March 5 (Xinhua) -- China", "Xinhua", "BEIJING, March 5 (Xinhua)"),
        ("WASHINGTON, March 5 (UPI) -- A report", "UPI", "WASHINGTON, March 5 (UPI)"),
        ("MOSCOW, December 30. /TASS/. The ministry", "TASS", "MOSCOW, December 30. /TASS/"),
        ("MOSCOW. March 5 (Interfax) - Output fell", "Interfax", "MOSCOW. March 5 (Interfax)"),
        ("МОСКВА, 5 мар - РИА Новости. Мост", "RIA Novosti", "МОСКВА, 5 мар - РИА Новости"),
        ("Berlin (dpa) - Die Regierung", "dpa", "Berlin (dpa)"),
        ("Madrid, 5 mar (EFE).- El gobierno", "EFE", "Madrid, 5 mar (EFE)"),
        ("(ANSA) - ROMA, 12 MAR - Il ministro", "ANSA", "(ANSA) - ROMA, 12 MAR"),
        ("New Delhi, Mar 5 (PTI) The court", "PTI", "New Delhi, Mar 5 (PTI)"),
        ("TOKYO, March 5, Kyodo - Japan", "Kyodo", "TOKYO, March 5, Kyodo"),
        ("SEOUL, March 5 (Yonhap) -- South Korea", "Yonhap", "SEOUL, March 5 (Yonhap)"),
        ("新华社北京3月5日电 记者从会上获悉", "Xinhua", "新华社北京3月5日电"),
        ("【ワシントン共同】大統領は", "Kyodo", "【ワシントン共同】"),
        ("(서울=연합뉴스) 김 기자 = 정부는", "Yonhap", "(서울=연합뉴스)"),
        ("NEW YORK — The museum on the hill", "", "NEW YORK"),
    ],
)
def test_datelines(opening, agency, dateline):
    assert wire(f"{opening} and more words.", REST) == (agency, dateline)


@pytest.mark.parametrize(
    "opening",
    [
        "The minister (who was once with AP) said that nothing had changed.",
        "He told Reuters that nothing had changed.",
        "Two men were hurt - one of them badly.",
        "A map (AP Photo) shows the harbour.",
        "In Paris (population 2 million) - and elsewhere - people ate.",
    ],
)
def test_prose_is_no_dateline(opening):
    assert wire(opening, REST) == ("", "")


@pytest.mark.parametrize(
    ("tail", "agency"),
    [
        ("(Reporting by Claire Dubois; Editing by Mark Hale)", "Reuters"),
        ("Reporting by Claire Dubois, Thomson Reuters Foundation", "Thomson Reuters Foundation"),
        ("Copyright 2009 The Associated Press. All rights reserved.", "AP"),
        ("Source: Xinhua", "Xinhua"),
        ("Quelle: dpa", "dpa"),
        ("— AFP", "AFP"),
        ("[IANS]", "IANS"),
        ("© Agence France-Presse", "AFP"),
    ],
)
def test_closing_credits(tail, agency):
    assert wire(REST, REST, tail) == (agency, "")


@pytest.mark.parametrize(
    ("byline", "agency"),
    [
        ("Reuters", "Reuters"),
        ("The Associated Press", "AP"),
        ("Jane Roe, Associated Press", "AP"),
        ("Jane Roe | AFP", "AFP"),
        ("Reuters Staff", "Reuters"),
        ("Reuters via Lind Herald", "Reuters"),
        ("Jane Roe, AP via Harbour Post", "AP"),
        ("Jane Roe", ""),
        ("Pat Sana", ""),
        ("Ann Reutersward", ""),
    ],
)
def test_bylines(byline, agency):
    assert wire(REST, byline=byline)[0] == agency


def test_credit_in_the_head():
    assert wire(REST, head='<meta name="source" content="Deutsche Presse-Agentur">')[0] == "dpa"


def test_the_registry_has_each_form_once():
    assert len({one.name for one in AGENCIES}) == len(AGENCIES)
    by_form = {}
    for one in AGENCIES:
        for form in (*one.names, *one.marks, *one.cjk):
            assert by_form.setdefault(form, one.name) == one.name
