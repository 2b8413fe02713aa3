"""News agencies: how each is usually called, and the names by which pages credit it. Data only.

Order matters: of names that begin alike, the longer stands first.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Agency:
    """One agency.

    Attributes:
        name: as `storage.types.Article.agency` has it.
        names: written forms that are distinctive anywhere in a credit; compared without regard to case.
        marks: short forms that mean the agency only in a dateline, in brackets or alone in a byline; case counts.
        cjk: forms in scripts without spaces, as they stand in a dateline's brackets or before it.
    """

    name: str
    names: tuple[str, ...]
    marks: tuple[str, ...] = ()
    cjk: tuple[str, ...] = ()


AGENCIES: tuple[Agency, ...] = (
    Agency(name="Thomson Reuters Foundation", names=("Thomson Reuters Foundation",)),
    Agency(name="Reuters", names=("Reuters", "Рейтер", "رويترز"), cjk=("路透社", "路透", "ロイター", "로이터")),
    Agency(
        name="AP", names=("Associated Press", "The Associated Press"), marks=("AP",), cjk=("美联社", "美聯社", "AP通信")
    ),
    Agency(
        name="AFP",
        names=("Agence France-Presse", "Agence France Presse"),
        marks=("AFP",),
        cjk=("法新社", "AFP時事", "AFP=時事"),
    ),
    Agency(name="UPI", names=("United Press International",), marks=("UPI",)),
    Agency(name="TASS", names=("ITAR-TASS", "Itar-Tass", "ИТАР-ТАСС"), marks=("TASS", "ТАСС"), cjk=("塔斯社",)),
    Agency(name="Xinhua", names=("Xinhua", "Xinhua News Agency", "Xinhuanet"), cjk=("新华社", "新華社", "新华网")),
    Agency(name="China News Service", names=("China News Service",), cjk=("中新社", "中新网", "中国新闻社")),
    Agency(name="CNA", names=("Central News Agency",), marks=("CNA",), cjk=("中央社",)),
    Agency(name="dpa", names=("Deutsche Presse-Agentur",), marks=("dpa", "DPA")),
    Agency(name="APA", names=("Austria Presse Agentur",), marks=("APA",)),
    Agency(name="ANSA", names=("Agenzia ANSA",), marks=("ANSA",)),
    Agency(name="Adnkronos", names=("Adnkronos",)),
    Agency(name="EFE", names=("Agencia EFE",), marks=("EFE",)),
    Agency(name="Europa Press", names=("Europa Press",)),
    Agency(name="Lusa", names=("Agência Lusa",), marks=("Lusa", "LUSA")),
    Agency(name="ANP", names=("Algemeen Nederlands Persbureau",), marks=("ANP",)),
    Agency(name="Belga", names=("Agence Belga", "Belga News Agency"), marks=("Belga", "BELGA")),
    Agency(name="NTB", names=("Norsk Telegrambyrå",), marks=("NTB",)),
    Agency(name="TT", names=("Tidningarnas Telegrambyrå",), marks=("TT",)),
    Agency(name="Ritzau", names=("Ritzau", "Ritzaus Bureau")),
    Agency(name="STT", names=("Suomen Tietotoimisto",), marks=("STT",)),
    Agency(name="PAP", names=("Polska Agencja Prasowa",), marks=("PAP",)),
    Agency(name="ČTK", names=("Česká tisková kancelář",), marks=("ČTK", "CTK")),
    Agency(name="MTI", names=("Magyar Távirati Iroda",), marks=("MTI",)),
    Agency(name="PA", names=("Press Association", "PA Media"), marks=("PA",)),
    Agency(name="The Canadian Press", names=("The Canadian Press", "Canadian Press"), marks=("CP",)),
    Agency(name="AAP", names=("Australian Associated Press",), marks=("AAP",)),
    Agency(name="Kyodo", names=("Kyodo", "Kyodo News"), cjk=("共同通信", "共同", "共同社")),
    Agency(name="Jiji Press", names=("Jiji Press", "Jiji"), cjk=("時事通信", "時事")),
    Agency(name="Yonhap", names=("Yonhap", "Yonhap News"), cjk=("연합뉴스", "韩联社", "韓聯社")),
    Agency(name="KCNA", names=("Korean Central News Agency",), marks=("KCNA",), cjk=("朝中社", "조선중앙통신")),
    Agency(name="Interfax", names=("Interfax", "Interfax-Ukraine", "Интерфакс")),
    Agency(name="RIA Novosti", names=("RIA Novosti", "RIA-Novosti", "РИА Новости")),
    Agency(name="Sputnik", names=("Sputnik", "Спутник")),
    Agency(name="Ukrinform", names=("Ukrinform", "Укринформ", "Укрінформ")),
    Agency(name="PTI", names=("Press Trust of India",), marks=("PTI",)),
    Agency(name="IANS", names=("Indo-Asian News Service",), marks=("IANS",)),
    Agency(name="ANI", names=("Asian News International",), marks=("ANI",)),
    Agency(name="APP", names=("Associated Press of Pakistan",), marks=("APP",)),
    Agency(name="Bernama", names=("Bernama",), marks=("BERNAMA",)),
    Agency(name="Antara", names=("Antara News",), marks=("ANTARA",)),
    Agency(name="IRNA", names=("Islamic Republic News Agency",), marks=("IRNA",)),
    Agency(name="SANA", names=("Syrian Arab News Agency",), marks=("SANA",)),
    Agency(name="MENA", names=("Middle East News Agency",), marks=("MENA",)),
    Agency(name="WAM", names=("Emirates News Agency",), marks=("WAM",)),
    Agency(name="SPA", names=("Saudi Press Agency",), marks=("SPA",)),
    Agency(name="Anadolu", names=("Anadolu Agency", "Anadolu Ajansı", "Anadolu"), marks=("AA",)),
    Agency(name="Prensa Latina", names=("Prensa Latina",)),
    Agency(name="Notimex", names=("Notimex",), marks=("NTX",)),
    Agency(name="Télam", names=("Télam", "Telam")),
    Agency(name="Bloomberg", names=("Bloomberg News", "Bloomberg")),
    Agency(name="Dow Jones", names=("Dow Jones Newswires",)),
)
