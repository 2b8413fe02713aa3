"""Places, peoples and bodies that news writes in several ways: one form each.

Data. A line is the form that is compared, then what is read as it: words of a people ("libyan"), short names, acronyms;
names of several words stand behind the stroke.

Why a table: "Libyan army downs drone" and "forces in Libya shoot down a drone" share no word about the place, and the
place is what tells the events of one day apart. Rejected: prefixes of words (Austria, Australia; Niger, Nigeria).
"""

from __future__ import annotations

_TABLE = """
us: america american americans usa / united states, united states of america, u s
uk: british britain briton britons / united kingdom, great britain
un: unsc / united nations
eu: / european union
nato: / north atlantic treaty organization
drc: congo congolese / democratic republic of the congo, dr congo
uae: emirati emiratis / united arab emirates
centrafrique: / central african republic
afghanistan: afghan afghans
albania: albanian albanians
algeria: algerian algerians
angola: angolan angolans
argentina: argentine argentinian argentines
armenia: armenian armenians
australia: australian australians
austria: austrian austrians
azerbaijan: azerbaijani azeri azerbaijanis azeris
bahrain: bahraini
bangladesh: bangladeshi bangladeshis
belarus: belarusian belarusians belarussian
belgium: belgian belgians
benin: beninese
bolivia: bolivian bolivians
bosnia: bosnian bosnians
botswana: motswana batswana
brazil: brazilian brazilians
bulgaria: bulgarian bulgarians
burkina: burkinabe
burundi: burundian burundians
cambodia: cambodian cambodians
cameroon: cameroonian cameroonians
canada: canadian canadians
chad: chadian chadians
chile: chilean chileans
china: chinese
colombia: colombian colombians
croatia: croatian croatians croat croats
cuba: cuban cubans
cyprus: cypriot cypriots
czech: czechs czechia / czech republic
denmark: danish dane danes
ecuador: ecuadorian ecuadorean ecuadorians
egypt: egyptian egyptians
estonia: estonian estonians
ethiopia: ethiopian ethiopians
europe: european europeans
fiji: fijian fijians
finland: finnish finn finns
france: french
gabon: gabonese
gambia: gambian gambians
georgia: georgian georgians
germany: german germans
ghana: ghanaian ghanaians
greece: greek greeks
guatemala: guatemalan guatemalans
guinea: guinean guineans
guyana: guyanese
haiti: haitian haitians
honduras: honduran hondurans
hungary: hungarian hungarians
iceland: icelandic icelander icelanders
india: indian indians
indonesia: indonesian indonesians
iran: iranian iranians
iraq: iraqi iraqis
ireland: irish
israel: israeli israelis
italy: italian italians
jamaica: jamaican jamaicans
japan: japanese
jordan: jordanian jordanians
kazakhstan: kazakh kazakhs
kenya: kenyan kenyans
kosovo: kosovar kosovan kosovars
korea: korean koreans
kuwait: kuwaiti kuwaitis
kyrgyzstan: kyrgyz
laos: lao laotian laotians
latvia: latvian latvians
lebanon: lebanese
liberia: liberian liberians
libya: libyan libyans
lithuania: lithuanian lithuanians
macedonia: macedonian macedonians
madagascar: malagasy
malawi: malawian malawians
malaysia: malaysian malaysians
maldives: maldivian maldivians
mali: malian malians
malta: maltese
mauritania: mauritanian mauritanians
mexico: mexican mexicans
moldova: moldovan moldovans
mongolia: mongolian mongolians
montenegro: montenegrin montenegrins
morocco: moroccan moroccans
mozambique: mozambican mozambicans
myanmar: burma burmese
namibia: namibian namibians
nepal: nepali nepalese nepalis
netherlands: dutch holland
nicaragua: nicaraguan nicaraguans
niger: nigerien nigeriens
nigeria: nigerian nigerians
norway: norwegian norwegians
oman: omani omanis
pakistan: pakistani pakistanis
palestine: palestinian palestinians
panama: panamanian panamanians
paraguay: paraguayan paraguayans
peru: peruvian peruvians
philippines: philippine filipino filipinos filipina
poland: polish poles
portugal: portuguese
qatar: qatari qataris
romania: romanian romanians
russia: russian russians / russian federation
rwanda: rwandan rwandans
samoa: samoan samoans
saudi: saudis / saudi arabia, saudi arabian
scotland: scottish scots
senegal: senegalese
serbia: serbian serb serbs serbians
singapore: singaporean singaporeans
slovakia: slovak slovaks slovakian
slovenia: slovenian slovene slovenes
somalia: somali somalis
spain: spanish spaniard spaniards
sudan: sudanese
sweden: swedish swede swedes
switzerland: swiss
syria: syrian syrians
taiwan: taiwanese
tajikistan: tajik tajiks
tanzania: tanzanian tanzanians
thailand: thai thais
tibet: tibetan tibetans
togo: togolese
tunisia: tunisian tunisians
turkey: turkish turk turks turkiye
turkmenistan: turkmen
uganda: ugandan ugandans
ukraine: ukrainian ukrainians
uruguay: uruguayan uruguayans
uzbekistan: uzbek uzbeks
venezuela: venezuelan venezuelans
vietnam: vietnamese
wales: welsh
yemen: yemeni yemenis
zambia: zambian zambians
zimbabwe: zimbabwean zimbabweans
catalonia: catalan catalans
chechnya: chechen chechens
crimea: crimean
kashmir: kashmiri kashmiris
kurdistan: kurdish kurd kurds
africa: african africans
asia: asian asians
dprk: / north korea, north korean, north koreans
rok: / south korea, south korean, south koreans
nyc: / new york city
eurozone: / euro zone, euro area
covid: coronavirus covid19 / covid 19, sars cov 2, novel coronavirus
who: / world health organization, world health organisation
imf: / international monetary fund
icc: / international criminal court
isis: isil daesh / islamic state, islamic state of iraq and the levant
"""


def _read() -> tuple[dict[str, str], dict[str, str]]:
    """The table as (word -> form, phrase -> form)."""
    words: dict[str, str] = {}
    phrases: dict[str, str] = {}
    for line in _TABLE.strip().splitlines():
        form, _, read_as = line.partition(": ")
        singles, _, several = read_as.partition("/ ")
        words |= dict.fromkeys((form, *singles.split()), form)
        phrases |= dict.fromkeys(several.split(", ") if several else (), form)
    return words, phrases


FORMS, PHRASES = _read()
"""Word -> form and phrase -> form, in lower case without accents."""

NO_PLACES = frozenset(("un", "eu", "nato", "who", "imf", "icc", "isis", "covid"))
"""Forms that are bodies or things."""
