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
    Agency(
        name="Reuters",
        names=("Reuters", "Рейтер", "Ройтерс", "رويترز", "Reuter"),
        cjk=("路透社", "路透", "ロイター", "로이터"),
    ),
    Agency(
        name="APP",
        names=("Associated Press of Pakistan",),
        marks=("APP",),
    ),
    Agency(
        name="AAP",
        names=("Australian Associated Press",),
        marks=("AAP",),
    ),
    Agency(
        name="AP",
        names=("Associated Press", "The Associated Press", "Ассошиэйтед Пресс", "أسوشيتد برس", "أسوشيتدبرس"),
        marks=("AP", "A.P.", "АП"),
        cjk=("美联社", "美聯社", "AP通信", "AP통신", "AP=聯合"),
    ),
    Agency(
        name="AFP",
        names=(
            *("Agence France-Presse", "Agence France Presse", "Франс Пресс", "Франс-Пресс", "فرانس برس"),
            "وكالة فرانس برس",
        ),
        marks=("AFP", "afp", "AFPTV", "АФП", "أ ف ب", "ا ف ب", "أ.ف.ب", "ا.ف.ب", "(أ ف ب)"),
        cjk=("法新社", "AFP時事", "AFP=時事", "AFP通信", "AFP통신", "AFPBB News"),
    ),
    Agency(name="UPI", names=("United Press International",), marks=("UPI", "U.P.I.")),
    Agency(
        name="TASS", names=("ITAR-TASS", "Itar-Tass", "ИТАР-ТАСС"), marks=("TASS", "ТАСС"), cjk=("塔斯社", "タス通信")
    ),
    Agency(
        name="Xinhua",
        names=("Xinhua", "Xinhua News Agency", "Xinhuanet", "Синьхуа", "شينخوا"),
        cjk=("新华社", "新華社", "新华网", "新華網", "신화통신"),
    ),
    Agency(name="China News Service", names=("China News Service",), cjk=("中新社", "中新网", "中国新闻社", "中新網")),
    Agency(name="CNA", names=("Central News Agency",), marks=("CNA",), cjk=("中央社",)),
    Agency(name="dpa", names=("Deutsche Presse-Agentur", "Deutsche Presse Agentur"), marks=("dpa", "DPA", "د ب أ")),
    Agency(name="ddp", names=("Deutscher Depeschendienst",), marks=("ddp", "dapd", "DAPD")),
    Agency(name="epd", names=("Evangelischer Pressedienst",), marks=("epd",)),
    Agency(name="KNA", names=("Katholische Nachrichten-Agentur",), marks=("KNA",)),
    Agency(name="SID", names=("Sport-Informations-Dienst",), marks=("SID", "sid")),
    Agency(name="APA", names=("Austria Presse Agentur", "Austria Presse-Agentur"), marks=("APA", "apa")),
    Agency(
        name="Keystone-SDA",
        names=("Keystone-SDA", "Schweizerische Depeschenagentur", "Agence télégraphique suisse", "Keystone-ATS"),
        marks=("sda", "SDA", "ats", "ATS"),
    ),
    Agency(name="ANSA", names=("Agenzia ANSA",), marks=("ANSA", "Ansa")),
    Agency(name="AGI", names=("Agenzia Giornalistica Italia",), marks=("AGI",)),
    Agency(name="Adnkronos", names=("Adnkronos", "AdnKronos International"), marks=("AKI",)),
    Agency(name="LaPresse", names=("LaPresse",)),
    Agency(name="EFE", names=("Agencia EFE", "Agencia Efe"), marks=("EFE", "Efe")),
    Agency(name="Europa Press", names=("Europa Press", "EuropaPress"), marks=("EP",)),
    Agency(name="Lusa", names=("Agência Lusa", "Agencia Lusa"), marks=("Lusa", "LUSA")),
    Agency(name="Agência Brasil", names=("Agência Brasil", "Agencia Brasil")),
    Agency(name="Agência Estado", names=("Agência Estado", "Agencia Estado", "Estadão Conteúdo")),
    Agency(name="ANP", names=("Algemeen Nederlands Persbureau",), marks=("ANP",)),
    Agency(name="Belga", names=("Agence Belga", "Belga News Agency", "Persbureau Belga"), marks=("Belga", "BELGA")),
    Agency(name="NTB", names=("Norsk Telegrambyrå",), marks=("NTB", "©NTB")),
    Agency(name="TT", names=("Tidningarnas Telegrambyrå",), marks=("TT",)),
    Agency(name="Ritzau", names=("Ritzau", "Ritzaus Bureau"), marks=("RB",)),
    Agency(name="STT", names=("Suomen Tietotoimisto",), marks=("STT", "FNB")),
    Agency(name="PAP", names=("Polska Agencja Prasowa",), marks=("PAP",)),
    Agency(name="IAR", names=("Informacyjna Agencja Radiowa",), marks=("IAR",)),
    Agency(name="ČTK", names=("Česká tisková kancelář",), marks=("ČTK", "CTK")),
    Agency(name="TASR", names=("Tlačová agentúra Slovenskej republiky",), marks=("TASR",)),
    Agency(name="SITA", names=("Slovenská tlačová agentúra",), marks=("SITA",)),
    Agency(name="MTI", names=("Magyar Távirati Iroda",), marks=("MTI",)),
    Agency(name="Agerpres", names=("Agerpres", "Rompres")),
    Agency(name="Mediafax", names=("Mediafax",)),
    Agency(name="BTA", names=("Bulgarian News Agency", "Българска телеграфна агенция"), marks=("BTA", "БТА")),
    Agency(name="Tanjug", names=("Tanjug", "Танјуг")),
    Agency(name="Beta", names=(), marks=("Beta", "BETA")),
    Agency(name="FoNet", names=("FoNet",)),
    Agency(name="HINA", names=(), marks=("HINA", "Hina")),
    Agency(name="MIA", names=(), marks=("MIA", "МИА")),
    Agency(name="ATA", names=(), marks=("ATA",)),
    Agency(name="BNS", names=("Baltic News Service",), marks=("BNS",)),
    Agency(name="ELTA", names=(), marks=("ELTA",)),
    Agency(name="LETA", names=(), marks=("LETA",)),
    Agency(name="ANA-MPA", names=("ANA-MPA", "Athens News Agency", "ΑΠΕ-ΜΠΕ"), marks=("ANA", "ΑΠΕ")),
    Agency(name="CNA (Cyprus)", names=("Cyprus News Agency", "ΚΥΠΕ")),
    Agency(name="PA", names=("Press Association", "PA Media", "PA News Agency"), marks=("PA",)),
    Agency(
        name="The Canadian Press",
        names=("The Canadian Press", "Canadian Press", "La Presse Canadienne"),
        marks=("CP", "PC"),
    ),
    Agency(name="NZPA", names=("New Zealand Press Association",), marks=("NZPA",)),
    Agency(name="Kyodo", names=("Kyodo", "Kyodo News"), cjk=("共同通信", "共同", "共同社")),
    Agency(name="Jiji Press", names=("Jiji Press", "Jiji"), cjk=("時事通信", "時事", "时事社", "時事社")),
    Agency(name="Yonhap", names=("Yonhap", "Yonhap News"), cjk=("연합뉴스", "韩联社", "韓聯社", "聯合ニュース")),
    Agency(name="Newsis", names=("Newsis",), cjk=("뉴시스",)),
    Agency(name="News1", names=(), marks=("News1",), cjk=("뉴스1",)),
    Agency(
        name="KCNA",
        names=("Korean Central News Agency",),
        marks=("KCNA",),
        cjk=("朝中社", "조선중앙통신", "朝鮮中央通信"),
    ),
    Agency(name="Interfax-Ukraine", names=("Interfax-Ukraine", "Интерфакс-Украина", "Інтерфакс-Україна")),
    Agency(name="Interfax", names=("Interfax", "INTERFAX.RU", "Интерфакс", "Интерфаксу", "Интерфакса", "Інтерфакс")),
    Agency(name="RIA Novosti", names=("RIA Novosti", "RIA-Novosti", "РИА Новости", "РИА «Новости»", "РІА Новини")),
    Agency(name="Sputnik", names=("Sputnik", "Спутник")),
    Agency(name="Regnum", names=("REGNUM", "ИА REGNUM")),
    Agency(name="Rosbalt", names=("Росбалт", "Rosbalt")),
    Agency(name="Ukrinform", names=("Ukrinform", "Укринформ", "Укрінформ")),
    Agency(name="UNIAN", names=("UNIAN", "УНИАН", "УНІАН")),
    Agency(name="UNN", names=(), marks=("УНН",)),
    Agency(name="BelTA", names=("BelTA", "БЕЛТА", "БелТА")),
    Agency(name="Armenpress", names=("Armenpress", "Арменпресс")),
    Agency(name="Azertac", names=("Azertac", "AZERTAC", "AzerTAj", "АЗЕРТАДЖ")),
    Agency(name="Trend", names=("Trend News Agency",), marks=("Trend",)),
    Agency(name="Kazinform", names=("Kazinform", "Казинформ")),
    Agency(name="AKIpress", names=("AKIpress",)),
    Agency(name="PTI", names=("Press Trust of India",), marks=("PTI",)),
    Agency(name="IANS", names=("Indo-Asian News Service",), marks=("IANS",)),
    Agency(name="UNI", names=("United News of India",), marks=("UNI",)),
    Agency(name="ANI", names=("Asian News International",), marks=("ANI",)),
    Agency(name="PPI", names=("Pakistan Press International",), marks=("PPI",)),
    Agency(name="Online", names=("Online International News Network",)),
    Agency(name="BSS", names=("Bangladesh Sangbad Sangstha",), marks=("BSS",)),
    Agency(name="UNB", names=("United News of Bangladesh",), marks=("UNB",)),
    Agency(name="RSS", names=("Rastriya Samachar Samiti",), marks=("RSS",)),
    Agency(name="Pajhwok", names=("Pajhwok", "Pajhwok Afghan News")),
    Agency(name="Bernama", names=("Bernama",), marks=("BERNAMA",)),
    Agency(name="Antara", names=("Antara News",), marks=("ANTARA", "Antara")),
    Agency(name="PNA", names=("Philippine News Agency",), marks=("PNA",)),
    Agency(name="VNA", names=("Vietnam News Agency",), marks=("VNA", "TTXVN")),
    Agency(name="TNA", names=("Thai News Agency",), marks=("TNA",)),
    Agency(name="IRNA", names=("Islamic Republic News Agency",), marks=("IRNA",), cjk=()),
    Agency(name="ISNA", names=("Iranian Students News Agency",), marks=("ISNA",)),
    Agency(name="Tasnim", names=("Tasnim News Agency",), marks=("Tasnim",)),
    Agency(name="Fars", names=("Fars News Agency",), marks=("FNA",)),
    Agency(name="Mehr", names=("Mehr News Agency",), marks=("MNA",)),
    Agency(name="SANA", names=("Syrian Arab News Agency",), marks=("SANA", "سانا")),
    Agency(name="MENA", names=("Middle East News Agency",), marks=("MENA", "أ ش أ")),
    Agency(name="WAM", names=("Emirates News Agency",), marks=("WAM", "وام")),
    Agency(name="SPA", names=("Saudi Press Agency",), marks=("SPA", "واس")),
    Agency(name="KUNA", names=("Kuwait News Agency",), marks=("KUNA", "كونا")),
    Agency(name="QNA", names=("Qatar News Agency",), marks=("QNA", "قنا")),
    Agency(name="BNA", names=("Bahrain News Agency",), marks=("BNA", "بنا")),
    Agency(name="ONA", names=("Oman News Agency",), marks=("ONA",)),
    Agency(name="Petra", names=("Jordan News Agency",), marks=("Petra", "بترا")),
    Agency(name="WAFA", names=("Palestine News and Information Agency",), marks=("WAFA", "وفا")),
    Agency(name="NNA", names=("National News Agency",), marks=("NNA",)),
    Agency(name="NINA", names=("National Iraqi News Agency",), marks=("NINA",)),
    Agency(name="MAP", names=("Maghreb Arabe Presse",), marks=("MAP",)),
    Agency(name="APS", names=("Algérie Presse Service", "Algeria Press Service"), marks=("APS",)),
    Agency(name="TAP", names=("Tunis Afrique Presse",), marks=("TAP",)),
    Agency(name="PANA", names=("Panapress", "Pan African News Agency"), marks=("PANA",)),
    Agency(name="SAPA", names=("South African Press Association",), marks=("SAPA", "Sapa")),
    Agency(name="NAN", names=("News Agency of Nigeria",), marks=("NAN",)),
    Agency(name="GNA", names=("Ghana News Agency",), marks=("GNA",)),
    Agency(name="Angop", names=("Angop", "Angola Press"), marks=("ANGOP",)),
    Agency(name="Anadolu", names=("Anadolu Agency", "Anadolu Ajansı", "Anadolu", "الأناضول"), marks=("AA", "A.A")),
    Agency(name="DHA", names=("Doğan Haber Ajansı", "Demirören Haber Ajansı"), marks=("DHA",)),
    Agency(name="İHA", names=("İhlas Haber Ajansı",), marks=("İHA", "IHA")),
    Agency(name="Prensa Latina", names=("Prensa Latina",), marks=("PL",)),
    Agency(name="Notimex", names=("Notimex",), marks=("NTX",)),
    Agency(name="Télam", names=("Télam", "Telam")),
    Agency(name="DyN", names=("Diarios y Noticias",), marks=("DyN", "DYN")),
    Agency(name="Colprensa", names=("Colprensa",)),
    Agency(name="Andina", names=(), marks=("ANDINA", "Andina")),
    Agency(name="AVN", names=("Agencia Venezolana de Noticias",), marks=("AVN",)),
    Agency(name="Inter Press Service", names=("Inter Press Service",), marks=("IPS",)),
    Agency(name="Bloomberg", names=("Bloomberg News", "Bloomberg")),
    Agency(name="Dow Jones", names=("Dow Jones Newswires", "Dow Jones Newswire")),
    Agency(name="Knight Ridder", names=("Knight Ridder Newspapers", "Knight Ridder", "Knight-Ridder")),
    Agency(name="McClatchy", names=("McClatchy Newspapers", "McClatchy-Tribune News Service")),
    Agency(name="Scripps Howard", names=("Scripps Howard News Service",)),
    Agency(name="Religion News Service", names=("Religion News Service",), marks=("RNS",)),
)
