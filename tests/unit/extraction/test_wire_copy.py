"""Openings, bylines and credits as they stand in wire copy of many agencies, languages and ages, with their labels.

`SEEN` was looked at while the rules were written, `ASIDE` was written before and measured after.
"""

from datetime import UTC, datetime

import pytest

from crawler.extraction.agency import find_wire
from crawler.extraction.document import parse_page

REST = "The rest of the story goes on for a while, and nobody is credited in it."

SEEN = [
    ("WASHINGTON (AP) — The senate voted on Tuesday", "AP", "WASHINGTON (AP)"),
    ("WASHINGTON(AP) The senate voted on Tuesday", "AP", "WASHINGTON(AP)"),
    ("LONDON, England (CNN) -- The museum closed", "", "LONDON, England (CNN)"),
    ("(CNN) -- The museum closed its doors", "", "(CNN)"),
    ("(CNN)The museum closed its doors", "", "(CNN)"),
    ("(AP Photo/Jane Roe) The museum closed", "", ""),
    ("BAGHDAD, Iraq (AP) - Two bridges were closed", "AP", "BAGHDAD, Iraq (AP)"),
    ("JERUSALEM (Reuters) - The council met", "Reuters", "JERUSALEM (Reuters)"),
    ("MOSCOW, March 5 (Itar-Tass) -- The bridge", "TASS", "MOSCOW, March 5 (Itar-Tass)"),
    ("MOSCOW, March 5 (RIA Novosti) - The bridge", "RIA Novosti", "MOSCOW, March 5 (RIA Novosti)"),
    ("MOSCOW. March 5 (Interfax) - The bridge", "Interfax", "MOSCOW. March 5 (Interfax)"),
    ("BRUSSELS, Mar 5, 2004 (AFP) - Ministers", "AFP", "BRUSSELS, Mar 5, 2004 (AFP)"),
    ("BEIJING, March 5 -- (Xinhua) The ministry", "Xinhua", "BEIJING, March 5 -- (Xinhua)"),
    ("Tokyo, March 5 (Jiji Press)--The ministry", "Jiji Press", "Tokyo, March 5 (Jiji Press)"),
    ("SYDNEY, AAP - The minister said", "AAP", "SYDNEY, AAP"),
    ("OTTAWA — The minister said on Tuesday", "", "OTTAWA"),
    ("OTTAWA (CP) — The minister said on Tuesday", "The Canadian Press", "OTTAWA (CP)"),
    ("Berlin/München (dpa/lby) - Die Brücke", "dpa", "Berlin/München (dpa/lby)"),
    ("Wien (APA) – Die Brücke wird gesperrt", "APA", "Wien (APA)"),
    ("Berlin – Die Brücke wird gesperrt", "", "Berlin"),
    ("PARIS, 5 mars 2009 (AFP) - Le pont", "AFP", "PARIS, 5 mars 2009 (AFP)"),
    ("Paris (awp/afp) - Le pont ferme", "AFP", "Paris (awp/afp)"),
    ("Madrid, 5 mar (EFE).- El puente", "EFE", "Madrid, 5 mar (EFE)"),
    ("Lisboa, 05 mar (Lusa) - A ponte", "Lusa", "Lisboa, 05 mar (Lusa)"),
    ("ROMA (Reuters) - Il ponte chiude", "Reuters", "ROMA (Reuters)"),
    ("Roma, 5 mar. (Adnkronos) - Il ponte", "Adnkronos", "Roma, 5 mar. (Adnkronos)"),
    ("ROMA - Il ponte chiude per lavori", "", "ROMA"),
    ("DEN HAAG (ANP) - De brug gaat dicht", "ANP", "DEN HAAG (ANP)"),
    ("København /ritzau/ - Broen lukker", "Ritzau", "København /ritzau/"),
    ("Oslo (NTB-Reuters): Broen stenges", "NTB", "Oslo (NTB-Reuters)"),
    ("Warszawa (PAP) - Most zostanie", "PAP", "Warszawa (PAP)"),
    ("Praha 5. března (ČTK) - Most bude", "ČTK", "Praha 5. března (ČTK)"),
    ("Budapest, 2009. március 5. (MTI) - A híd", "MTI", "Budapest, 2009. március 5. (MTI)"),
    ("МОСКВА, 5 мар — РИА Новости, Иван Котов. Мост", "RIA Novosti", "МОСКВА, 5 мар — РИА Новости, Иван Котов"),
    ("МОСКВА, 5 марта. /ТАСС/. Мост закроют", "TASS", "МОСКВА, 5 марта. /ТАСС/"),
    ("Москва. 5 марта. INTERFAX.RU - Мост", "Interfax", "Москва. 5 марта. INTERFAX.RU"),
    ("КИЕВ. 5 марта. УНН. Мост закроют", "UNN", "КИЕВ. 5 марта. УНН"),
    ("ANKARA (AA) - Köprü kapanıyor", "Anadolu", "ANKARA (AA)"),
    ("İSTANBUL (DHA) - Köprü kapanıyor", "DHA", "İSTANBUL (DHA)"),
    ("القاهرة (رويترز) - أغلق الجسر", "Reuters", "القاهرة (رويترز)"),
    ("بغداد (أ ف ب) - أغلق الجسر", "AFP", "بغداد (أ ف ب)"),
    ("دمشق-سانا أغلق الجسر", "", ""),
    ("新华社北京3月5日电 记者获悉", "Xinhua", "新华社北京3月5日电"),
    ("新华网北京3月5日电（记者王明）桥梁", "Xinhua", "新华网北京3月5日电"),
    ("中新社北京三月五日电 桥梁关闭", "China News Service", "中新社北京三月五日电"),
    ("（中央社記者王小明台北5日電）大橋", "CNA", "（中央社記者王小明台北5日電）"),
    ("【ワシントン時事】橋は", "Jiji Press", "【ワシントン時事】"),
    ("［東京　５日　ロイター］ - 橋は閉鎖", "Reuters", "［東京　５日　ロイター］"),
    ("【3月5日 AFP】橋は閉鎖される", "AFP", "【3月5日 AFP】"),
    ("(서울=연합뉴스) 홍길동 기자 = 다리는", "Yonhap", "(서울=연합뉴스)"),
    ("【서울=뉴시스】홍길동 기자 = 다리는", "Newsis", "【서울=뉴시스】"),
    ("KARACHI: The bridge across the river", "", "KARACHI"),
    ("ISLAMABAD, Mar 05 (APP): The minister", "APP", "ISLAMABAD, Mar 05 (APP)"),
    ("NEW DELHI (IANS) - The court said", "IANS", "NEW DELHI (IANS)"),
    ("TULSA, Okla. — A bridge was closed", "", "TULSA, Okla."),
    ("Portland, Ore. — A bridge was closed", "", ""),
    ("KUALA LUMPUR, March 5 (Bernama) -- The", "Bernama", "KUALA LUMPUR, March 5 (Bernama)"),
    ("UNITED NATIONS, March 5 (IPS) - The", "Inter Press Service", "UNITED NATIONS, March 5 (IPS)"),
    ("Update: The bridge was reopened", "", ""),
    ("UPDATE — The bridge was reopened", "", ""),
    ("Apple – The company said on Tuesday", "", ""),
    ("The minister - a former teacher - said", "", ""),
    ("John Roe (AP Photo/Jane Roe) stands", "", ""),
    ("NASA (the space agency) - said nothing", "", ""),
]

ASIDE = [
    ("ATLANTA, Georgia (CNN) -- A storm", "", "ATLANTA, Georgia (CNN)"),
    ("SAN FRANCISCO (Reuters) – The company", "Reuters", "SAN FRANCISCO (Reuters)"),
    ("HAVANA, Cuba (AP) — The harbour", "AP", "HAVANA, Cuba (AP)"),
    ("GAZA CITY, Gaza Strip (AP) _ The crossing", "AP", "GAZA CITY, Gaza Strip (AP)"),
    ("KABUL (AFP) - The governor said", "AFP", "KABUL (AFP)"),
    ("KABUL, Afghanistan — The governor said", "", "KABUL, Afghanistan"),
    ("NAIROBI, 5 March 2007 (IRIN) - The harvest", "", "NAIROBI, 5 March 2007 (IRIN)"),
    ("TEHRAN, March 5 (UPI) -- The port", "UPI", "TEHRAN, March 5 (UPI)"),
    ("LONDON, March 5 (Reuters) - Shares fell", "Reuters", "LONDON, March 5 (Reuters)"),
    ("SEOUL, March 5 (Yonhap) -- The ministry", "Yonhap", "SEOUL, March 5 (Yonhap)"),
    ("PYONGYANG, March 5 (KCNA) -- A delegation", "KCNA", "PYONGYANG, March 5 (KCNA)"),
    ("COLOMBO, March 5 (Xinhua) -- The port", "Xinhua", "COLOMBO, March 5 (Xinhua)"),
    ("KIEV, March 5 /Ukrinform/. The bridge", "Ukrinform", "KIEV, March 5 /Ukrinform/"),
    ("MOSCOW, March 5. /TASS/. The bridge", "TASS", "MOSCOW, March 5. /TASS/"),
    ("Frankfurt/Main (ddp). Die Brücke", "ddp", "Frankfurt/Main (ddp)"),
    ("Genf (sda) Die Brücke wird gesperrt", "Keystone-SDA", "Genf (sda)"),
    ("Hamburg (dpa) - Die Brücke", "dpa", "Hamburg (dpa)"),
    ("München – Die Brücke wird gesperrt", "", "München"),
    ("BEYROUTH, 5 mars (Reuters) - Le port", "Reuters", "BEYROUTH, 5 mars (Reuters)"),
    ("DAKAR (AFP) – Le port ferme", "AFP", "DAKAR (AFP)"),
    ("Buenos Aires, 5 marzo (Télam) - El puerto", "Télam", "Buenos Aires, 5 marzo (Télam)"),
    ("BOGOTÁ (AP) — El puerto cerró", "AP", "BOGOTÁ (AP)"),
    ("Caracas, 5 Mar. AVN.- El puerto cerró", "AVN", "Caracas, 5 Mar. AVN"),
    ("LA HABANA, 5 mar (Prensa Latina) El puerto", "Prensa Latina", "LA HABANA, 5 mar (Prensa Latina)"),
    ("SÃO PAULO (Reuters) - O porto", "Reuters", "SÃO PAULO (Reuters)"),
    ("Brasília - O porto será fechado", "", "Brasília"),
    ("(ANSA) - MILANO, 5 MAR - Il porto", "ANSA", "(ANSA) - MILANO, 5 MAR"),
    ("Milano, 5 mar. (askanews) - Il porto", "", "Milano, 5 mar. (askanews)"),
    ("BRUSSEL (Belga) - De haven sluit", "Belga", "BRUSSEL (Belga)"),
    ("Stockholm (TT) Hamnen stängs", "TT", "Stockholm (TT)"),
    ("HELSINKI (STT) Satama suljetaan", "STT", "HELSINKI (STT)"),
    ("Zagreb, 5. ožujka (Hina) - Luka", "HINA", "Zagreb, 5. ožujka (Hina)"),
    ("BEOGRAD, 5. marta (Tanjug) - Luka", "Tanjug", "BEOGRAD, 5. marta (Tanjug)"),
    ("Bratislava 5. marca (TASR) - Prístav", "TASR", "Bratislava 5. marca (TASR)"),
    ("МИНСК, 5 марта /БЕЛТА/. Порт", "BelTA", "МИНСК, 5 марта /БЕЛТА/"),
    ("ДОНЕЦК, 5 мар - РИА Новости. Порт", "RIA Novosti", "ДОНЕЦК, 5 мар - РИА Новости"),
    ("КИЕВ, 5 марта (Интерфакс-Украина) - Порт", "Interfax-Ukraine", "КИЕВ, 5 марта (Интерфакс-Украина)"),
    ("Київ, 5 березня (Укрінформ) - Порт", "Ukrinform", "Київ, 5 березня (Укрінформ)"),
    ("DİYARBAKIR (AA) - Liman kapanıyor", "Anadolu", "DİYARBAKIR (AA)"),
    ("الرباط (أ.ف.ب) - أغلق الميناء", "AFP", "الرباط (أ.ف.ب)"),
    ("دبي - رويترز - أغلق الميناء", "Reuters", "دبي - رويترز"),
    ("DUBAI, 5th March, 2016 (WAM) -- The port", "WAM", "DUBAI, 5th March, 2016 (WAM)"),
    ("KUWAIT, March 5 (KUNA) -- The port", "KUNA", "KUWAIT, March 5 (KUNA)"),
    ("新华社记者王明 上海3月5日电 港口", "Xinhua", ""),
    ("新华社上海3月5日电（记者王明）港口", "Xinhua", "新华社上海3月5日电"),
    ("本报北京3月5日电 记者王明报道", "", "本报北京3月5日电"),
    ("【ロンドン共同】港は閉鎖", "Kyodo", "【ロンドン共同】"),
    ("[ロンドン 5日 ロイター] - 港は", "Reuters", "[ロンドン 5日 ロイター]"),
    ("(도쿄=연합뉴스) 김 특파원 = 항구는", "Yonhap", "(도쿄=연합뉴스)"),
    ("[서울=뉴스1] 김 기자 = 항구는", "News1", "[서울=뉴스1]"),
    ("LAHORE: The harbour was closed", "", "LAHORE"),
    ("Mumbai: The harbour was closed", "", ""),
    ("MUMBAI, MARCH 5: The harbour was closed", "", "MUMBAI, MARCH 5"),
    ("New Delhi, March 5 (ANI): The harbour", "ANI", "New Delhi, March 5 (ANI)"),
    ("DHAKA, March 5 (BSS) - The harbour", "BSS", "DHAKA, March 5 (BSS)"),
    ("JAKARTA (Antara News) - The harbour", "Antara", "JAKARTA (Antara News)"),
    ("HANOI (VNA) – The harbour", "VNA", "HANOI (VNA)"),
    ("MANILA, Philippines — The harbour", "", "MANILA, Philippines"),
    ("JOHANNESBURG (Sapa) - The harbour", "SAPA", "JOHANNESBURG (Sapa)"),
    ("ACCRA, March 5, GNA - The harbour", "GNA", "ACCRA, March 5, GNA"),
    ("Washington — The harbour was closed", "", "Washington"),
    ("VIENNA, March 5, 2003 (RFE/RL) -- The harbour", "", "VIENNA, March 5, 2003 (RFE/RL)"),
    ("HEADLINE (of the day) - nothing", "", ""),
    ("WATCH: The harbour closes", "", ""),
    ("President Roe — who was elected in May — said", "", ""),
    ("He said (Reuters) - and nobody else - knew", "", ""),
    ("But London – as everybody knows – is large", "", ""),
    ("Two people (aged 20 and 30) - both sailors", "", ""),
    ("Reuters reported on Tuesday that", "", ""),
    ("BBC: The harbour was closed", "", ""),
    ("COVID-19 — The harbour was closed", "", ""),
    ("ROE: Thank you for being here", "", ""),
]

BYLINES = [
    ("JANE ROE, Associated Press Writer", "AP"),
    ("JANE ROE and AL FOX, Associated Press Writers", "AP"),
    ("The Associated Press", "AP"),
    ("Associated Press", "AP"),
    ("Jane Roe in Moscow", ""),
    ("Jane Roe, Reuters", "Reuters"),
    ("Jane Roe (Reuters)", "Reuters"),
    ("Reuters/Jane Roe", "Reuters"),
    ("Jane Roe of The Associated Press", "AP"),
    ("Agence France-Presse in Paris", "AFP"),
    ("Agence France-Presse", "AFP"),
    ("Le Courrier avec AFP", "AFP"),
    ("AFP", "AFP"),
    ("Jane Roe and agencies", ""),
    ("dpa/Jane Roe", "dpa"),
    ("Jane Roe, dpa", "dpa"),
    ("Von Jane Roe und dpa", "dpa"),
    ("Xinhua", "Xinhua"),
    ("Jane Roe, Canadian Press", "The Canadian Press"),
    ("The Canadian Press Staff", "The Canadian Press"),
    ("Australian Associated Press", "AAP"),
    ("AAP", "AAP"),
    ("Press Association", "PA"),
    ("PA Media", "PA"),
    ("РИА Новости", "RIA Novosti"),
    ("ТАСС", "TASS"),
    ("Press Trust of India", "PTI"),
    ("PTI", "PTI"),
    ("Jane Roe, United Press International", "UPI"),
    ("EFE", "EFE"),
    ("Agencia EFE", "EFE"),
    ("EFE / El Correo", "EFE"),
    ("Redazione ANSA", "ANSA"),
    ("Reuters Staff", "Reuters"),
    ("Staff Writer", ""),
    ("Ansa Roe", ""),
    ("AP McCoy", ""),
    ("Bloomberg News", "Bloomberg"),
    ("Jane Roe, Knight Ridder Newspapers", "Knight Ridder"),
]

CREDITS = [
    ("Copyright 2004 The Associated Press. All rights reserved.", "AP"),
    ("Copyright 2004 Associated Press. All rights reserved. This material may not be published.", "AP"),
    ("© 2005 Reuters Limited. All rights reserved.", "Reuters"),
    ("Copyright © 2005 Reuters Limited", "Reuters"),
    ("(c) 2006 AFP", "AFP"),
    ("© Agence France-Presse", "AFP"),
    ("Copyright 2007 by United Press International. All rights reserved.", "UPI"),
    ("Source: Agencies", ""),
    ("Source: Xinhua", "Xinhua"),
    ("(Source: Xinhua)", "Xinhua"),
    ("Quelle: dpa", "dpa"),
    ("Quelle: ntv.de, jro/dpa", "dpa"),
    ("(dpa)", "dpa"),
    ("Fuente: EFE", "EFE"),
    ("Con información de AFP", "AFP"),
    ("Fonte: ANSA", "ANSA"),
    ("Mit Material der dpa", "dpa"),
    ("(APA, 5.3.2009)", "APA"),
    ("Источник: РИА Новости", "RIA Novosti"),
    ("По материалам ИТАР-ТАСС", "TASS"),
    ("来源：新华社", "Xinhua"),
    ("-- AFP", "AFP"),
    ("IANS", "IANS"),
    ("[Reuters]", "Reuters"),
    ("(Reporting by Jane Roe; editing by Al Fox)", "Reuters"),
    ("The Associated Press contributed to this report.", ""),
    ("Reuters and AFP contributed to this report.", ""),
    ("Copyright 2004 The Courier. All rights reserved.", ""),
    ("Source: The ministry of transport", ""),
    ("He thanked Reuters for the photographs.", ""),
    ("© 2009 The Courier. Photographs by Reuters and AP.", ""),
]


def wire(*blocks, byline="", body=""):
    page = parse_page(f"<html><body>{body}</body></html>", "http://a.example/", datetime(2010, 1, 1, tzinfo=UTC))
    found = find_wire(page, blocks, byline)
    return found.agency.value, found.dateline.value


def share(labelled, found):
    return sum(found(text) == label for text, label in labelled) / len(labelled)


@pytest.mark.parametrize(("opening", "agency", "dateline"), SEEN)
def test_an_opening_is_read_as_labelled(opening, agency, dateline):
    assert wire(f"{opening} and so on.", REST) == (agency, dateline)


def test_openings_kept_aside_are_read_nearly_always():
    agencies = [(opening, agency) for opening, agency, _ in ASIDE]
    datelines = [(opening, dateline) for opening, _, dateline in ASIDE]
    assert share(agencies, lambda text: wire(f"{text} and so on.", REST)[0]) >= 0.95
    assert share(datelines, lambda text: wire(f"{text} and so on.", REST)[1]) >= 0.95


@pytest.mark.parametrize(("byline", "agency"), BYLINES)
def test_a_byline_is_read_as_labelled(byline, agency):
    assert wire(REST, byline=byline)[0] == agency


@pytest.mark.parametrize(("credit", "agency"), CREDITS)
def test_a_closing_credit_is_read_as_labelled(credit, agency):
    assert wire(REST, REST, credit) == (agency, "")


def test_a_byline_inside_the_body_credits_its_agency():
    assert wire("By JANE ROE, Associated Press Writer", REST)[0] == "AP"


def test_a_line_of_copyright_outside_the_body_credits_its_agency():
    assert wire(REST, body="<p>Copyright 2004 The Associated Press. All rights reserved.</p>")[0] == "AP"


def test_a_footer_that_names_several_agencies_credits_none():
    footer = "<p>Copyright 2004 Associated Press.</p><p>Copyright 2004 Reuters Limited.</p>"
    assert wire(REST, body=footer)[0] == ""


def test_a_dialogue_has_no_dateline():
    assert wire("COOPER: Good evening to you.", "ROE: Thank you.", "COOPER: Tell us more.")[1] == ""


def test_a_heading_has_no_dateline():
    assert wire("## MOSCOW (AP) — The story", REST) == ("", "")
