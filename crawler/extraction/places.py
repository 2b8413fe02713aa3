"""Cities from which the press reports most, in several languages. Data only.

Why a list at all: "Berlin – Die Regierung" opens with a dateline and "Obama – The Movie" does not. Capitals ("MOSCOW
--"), a region behind a comma or an agency in brackets say so by themselves; only the bare name in small letters needs
to be known.
"""

from __future__ import annotations

_LISTS = (
    # Europe
    "London|Paris|Berlin|Rome|Roma|Rom|Madrid|Lisbon|Lisboa|Lissabon|Brussels|Brüssel|Bruxelles|Brussel|Bruselas|Amsterdam",
    "Den Haag|The Hague|La Haye|La Haya|Vienna|Wien|Vienne|Viena|Zurich|Zürich|Geneva|Genf|Genève|Ginebra",
    "Bern|Berne|Davos",
    "Frankfurt|Munich|München|Hamburg|Köln|Bonn|Düsseldorf|Stuttgart|Dresden|Leipzig|Hannover|Karlsruhe|Copenhagen|Kopenhagen",
    "København|Stockholm|Oslo|Helsinki|Reykjavik|Dublin|Belfast|Edinburgh|Glasgow|Strasbourg|Straßburg|Luxembourg|Luxemburg",
    "Warsaw|Warschau|Warszawa|Varsovie|Prague|Prag|Praha|Budapest|Bratislava|Bucharest|Bukarest|București|Sofia|Belgrade",
    "Belgrad|Beograd|Zagreb|Sarajevo|Pristina|Skopje|Tirana|Podgorica|Ljubljana|Athens|Athen|Athènes|Atenas|Nicosia|Valletta",
    "Barcelona|Milan|Milano|Mailand|Naples|Turin|Venice|Marseille|Lyon|Monaco|Vatican City|Vatikanstadt",
    "Ankara|Istanbul|İstanbul",
    "Moscow|Moskau|Moscou|Moscú|Moskva|Mosca|Москва|St. Petersburg|St Petersburg|Санкт-Петербург|Kiev|Kyiv",
    "Kiew|Киев|Київ|Kharkiv",
    "Donetsk|Донецк|Odessa|Lviv|Minsk|Минск|Chisinau|Vilnius|Riga|Tallinn|Tbilisi|Тбилиси|Yerevan|Ереван|Baku|Баку|Grozny|Грозный",
    # Asia
    "Astana|Almaty|Tashkent|Bishkek|Dushanbe|Kabul|Kaboul|Кабул|Kandahar|Islamabad|Karachi|Lahore|Peshawar",
    "Quetta|New Delhi|Delhi",
    "Neu-Delhi|Mumbai|Bombay|Kolkata|Calcutta|Chennai|Bangalore|Srinagar|Dhaka|Colombo|Kathmandu|Yangon|Rangoon|Naypyidaw|Bangkok",
    "Hanoi|Ho Chi Minh City|Phnom Penh|Vientiane|Kuala Lumpur|Singapore|Singapur|Jakarta|Manila|Beijing",
    "Peking|Pékin|Pekín|Pequim",
    "Shanghai|Hong Kong|Hongkong|Taipei|Taipeh|Seoul|Séoul|Seúl|Pyongyang|Tokyo|Tokio|Osaka|Hiroshima",
    "Ulan Bator|Lhasa|Guangzhou",
    # Middle East and Africa
    "Baghdad|Bagdad|Basra|Mosul|Mossul|Kirkuk|Erbil|Tikrit|Fallujah|Najaf|Tehran|Teheran|Téhéran|Teherán|Damascus|Damaskus|Damas",
    "Damasco|Aleppo|Beirut|Beyrouth|Amman|Jerusalem|Jérusalem|Jerusalén|Tel Aviv|Gaza|Gaza City|Gaza-Stadt",
    "Ramallah|Hebron|Nablus",
    "Bethlehem|Cairo|Kairo|Le Caire|El Cairo|Alexandria|Riyadh|Riad|Jeddah|Mecca|Dubai|Abu Dhabi|Doha",
    "Manama|Kuwait City|Muscat",
    "Sanaa|Aden|Tripoli|Tripolis|Benghazi|Tunis|Algiers|Algier|Alger|Argel|Rabat|Casablanca|Khartoum|Juba",
    "Addis Ababa|Asmara",
    "Mogadishu|Mogadischu|Djibouti|Nairobi|Kampala|Kigali|Bujumbura|Kinshasa|Goma|Brazzaville|Bangui|N'Djamena|Abuja|Lagos|Kano",
    "Accra|Abidjan|Dakar|Bamako|Ouagadougou|Niamey|Monrovia|Freetown|Conakry|Luanda|Lusaka|Harare|Maputo|Lilongwe|Windhoek",
    "Johannesburg|Pretoria|Cape Town|Kapstadt|Durban|Antananarivo|Port Louis|Dar es Salaam|Yaounde",
    "Libreville|Cotonou|Lome",
    # Americas and Pacific
    "Washington|New York|Nueva York|Chicago|Los Angeles|San Francisco|Houston|Dallas|Boston|Philadelphia",
    "Miami|Atlanta|Detroit",
    "Seattle|Denver|Phoenix|New Orleans|Baltimore|Cleveland|Las Vegas|San Diego|Minneapolis|Honolulu|Austin",
    "Orlando|Ottawa",
    "Toronto|Montreal|Montréal|Vancouver|Calgary|Winnipeg|Quebec City|Québec|Halifax|Mexico City",
    "Mexiko-Stadt|Ciudad de México",
    "México|Havana|La Habana|Havanna|Port-au-Prince|Santo Domingo|San Juan|Kingston|Guatemala City",
    "San Salvador|Tegucigalpa|Managua",
    "San José|San Jose|Panama City|Panamá|Caracas|Bogota|Bogotá|Quito|Guayaquil|Lima|La Paz|Santa Cruz",
    "Santiago|Santiago de Chile",
    "Buenos Aires|Montevideo|Asunción|Asuncion|Brasilia|Brasília|Rio de Janeiro|Sao Paulo|São Paulo",
    "Canberra|Sydney|Melbourne",
    "Brisbane|Perth|Adelaide|Darwin|Hobart|Wellington|Auckland|Christchurch|Suva|Port Moresby|Dili|Noumea|Apia|Honiara",
    # Arabic
    "بغداد|دمشق|بيروت|عمان|عمّان|القاهرة|الرياض|جدة|دبي|أبوظبي|الدوحة|المنامة|الكويت|مسقط|صنعاء|عدن|الخرطوم|طرابلس|بنغازي|تونس|الجزائر",
    "الرباط|القدس|القدس المحتلة|غزة|رام الله|طهران|أنقرة|اسطنبول|إسطنبول|موسكو|واشنطن|نيويورك|لندن|باريس",
    "برلين|جنيف|بكين|كابول|إسلام آباد",
)
CITIES = frozenset(city.casefold() for names in _LISTS for city in names.split("|"))
"""Folded by case only."""
