"""Publishers of Europe and the former Soviet Union whose numbers identify an article whatever stands around them.

`crawler.urls.rules.newspapers` has those of which more is known than that.
"""

from __future__ import annotations

from crawler.urls.rules.model import HostRule, names, shape, value

_PANGEA = names(
    "voanews.com rferl.org azattyq.org azattyk.org azatutyun.am azathabar.com azatliq.org radiofarda.com svoboda.org "
    "radiosvoboda.org svaboda.org slobodnaevropa.org evropaelire.org europalibera.org moldova.europalibera.org "
    "currenttime.tv ozodi.org ozodlik.org krymr.com sibreal.org severreal.org idelreal.org kavkazr.com "
    "golosameriki.com pashtoradio.org azadiradio.com mashaalradio.com amerikaninsesi.org"
)
_REACH = names(
    "mirror.co.uk dailyrecord.co.uk walesonline.co.uk manchestereveningnews.co.uk liverpoolecho.co.uk "
    "birminghammail.co.uk irishmirror.ie chroniclelive.co.uk"
)

EUROPEAN_RULES: tuple[HostRule, ...] = (
    HostRule(
        name="VOA and RFE/RL",
        hosts=_PANGEA,
        # One system; its number outlives the slug, and the same number stands in all layouts.
        same=(
            shape(
                rf"((?:[\w-]+\.)*(?:{'|'.join(_PANGEA)}))/(?:a|amp|content|articleprintview)/(?:[^/]+/)?(\d{{5,9}})\.html",
                "{0}/a/{1}.html",
            ),
        ),
    ),
    HostRule(
        name="The Independent",
        hosts=names("independent.co.uk"),
        strip_values=(value("r", r"\d+"),),
        same=(
            shape(r"independent\.co\.uk/(?:.*/)?(?:[^/]*-)?([ab]?\d{6,8})\.html", "independent.co.uk/{0}.html"),
            shape(r"independent\.co\.uk/(?:.*/)?article(\d{5,8})\.html", "independent.co.uk/{0}.html"),
        ),
    ),
    HostRule(
        name="Irish Independent",
        hosts=names("independent.ie"),
        same=(
            shape(r"independent\.ie/(?:.*/)?[^/]*-(\d{7,9})\.html", "independent.ie/{0}.html"),
            shape(r"independent\.ie/(?:.*/)?(a\d{7,10})\.html", "independent.ie/{0}.html"),
        ),
    ),
    HostRule(
        name="RTE",
        hosts=names("rte.ie"),
        same=(shape(r"rte\.ie/(?:.*/)?(\d{4}/\d{4})/(\d{6,8})(?:-[^/]*)?", "rte.ie/{0}/{1}"),),
    ),
    HostRule(
        name="Reach papers",
        hosts=_REACH,
        same=(shape(rf"({'|'.join(_REACH)})/(?!(?:19|20)\d\d/)(?:.*/)?[^/]*-(\d{{6,9}})(?:\.amp)?", "{0}/{1}"),),
    ),
    HostRule(
        name="Johnston Press papers",
        hosts=names("scotsman.com yorkshirepost.co.uk"),
        same=(shape(r"(scotsman\.com|yorkshirepost\.co\.uk)/(?:.*/)?[^/]*-1-(\d{6,8})", "{0}/1-{1}"),),
    ),
    HostRule(
        name="Daily Express",
        hosts=names("express.co.uk"),
        same=(shape(r"(express\.co\.uk/(?:[\w-]+/)*\d{5,8})/[^/]+", "{0}"),),
    ),
    HostRule(
        name="The Sun",
        hosts=names("thesun.co.uk"),
        strip=names("otc-rss attr rec_article"),
        # The numbers of the old system and of the new one overlap.
        same=(
            shape(r"thesun\.co\.uk/sol/(?:.*/)?(\d{5,8})/[^/]+\.html", "thesun.co.uk/sol/{0}"),
            shape(r"(thesun\.co\.uk/(?!sol/)(?:[\w-]+/)*\d{5,9})/[^/]+", "{0}"),
        ),
    ),
    HostRule(
        name="Der Spiegel",
        hosts=names("spiegel.de"),
        strip=names("gifttoken sara_ref sara_ecid sara_icid"),
        same=(
            shape(r"spiegel\.de/(?:.*/)?0,1518,(?:druck-)?(\d{4,8}),00\.html", "spiegel.de/a-{0}"),
            shape(
                r"spiegel\.de/(?:.*/)?(?:[^/]*-)?a-(\d{4,8}|[0-9a-f]{8}-[0-9a-f-]{27})(?:-druck|-amp)?(?:\.html)?",
                "spiegel.de/a-{0}",
            ),
        ),
    ),
    HostRule(
        name="Süddeutsche Zeitung",
        hosts=names("sueddeutsche.de"),
        strip=names("reduced ieditorial ldr"),
        same=(shape(r"sueddeutsche\.de/(?:.*/)?(?:[^/]*-)?((?:1|li)\.\d{4,9})", "sueddeutsche.de/{0}"),),
    ),
    HostRule(
        name="Frankfurter Allgemeine",
        hosts=names("faz.net"),
        strip=names("gepc premium printpagedarticle"),
        same=(shape(r"faz\.net/(?:.*/)?[^/]*-(\d{6,10})\.html", "faz.net/{0}.html"),),
    ),
    HostRule(
        name="Die Zeit",
        hosts=names("zeit.de"),
        strip=names("wt_zmc freebie"),
        same=(shape(r"zeit\.de/(.+)/komplettansicht", "zeit.de/{0}"),),
    ),
    HostRule(
        name="Die Welt",
        hosts=names("welt.de"),
        strip=names("wtrid wtmc notify"),
        same=(shape(r"welt\.de/(?:.*/)?((?:article|plus)\d{6,12})(?:/[^/]*)?", "welt.de/{0}"),),
    ),
    HostRule(
        name="n-tv",
        hosts=names("n-tv.de"),
        same=(shape(r"n-tv\.de/(?:.*/)?[^/]*-(article\d{5,9})\.html", "n-tv.de/{0}.html"),),
    ),
    HostRule(
        name="Swissinfo",
        hosts=names("swissinfo.ch swissinfo.org"),
        keep=names("sid"),
        same=(
            shape(
                r"swissinfo\.(?:ch|org)/(\w{3})/(?:.*/)?[^/]+\.html",
                "swissinfo.ch/{0}/swissinfo.html",
                only=("sid",),
                needs="sid",
            ),
            shape(r"swissinfo\.ch/(\w{3})/(?:.*/)?[^/]+/(\d{7,9})", "swissinfo.ch/{0}/{1}"),
        ),
    ),
    HostRule(
        name="Le Monde",
        hosts=names("lemonde.fr"),
        strip=names("lmd_medium lmd_campaign lmd_creation lmd_link lmd_source random"),
        # The last number is only the section.
        same=(
            shape(
                r"lemonde\.fr/(?:.*/)?article/(\d{4}/\d\d/\d\d)/[^/]*_(\d{5,8})_\d{1,8}\.html",
                "lemonde.fr/article/{0}/{1}.html",
            ),
        ),
    ),
    HostRule(
        name="Le Figaro",
        hosts=names("lefigaro.fr"),
        same=(shape(r"lefigaro\.fr/(?:.*/)?\d{5}-(20\d{6}ARTFIG\d{5})-[^/]*\.php", "lefigaro.fr/{0}.php"),),
    ),
    HostRule(
        name="El País",
        hosts=names("elpais.com"),
        strip=names("id_externo_rsoc event_log ssm prm rel por event"),
        same=(
            shape(
                r"(?:[a-z]+\.)?elpais\.com/(?:[\w-]+/)?(\d{4}/\d\d/\d\d/\w+/\d{10}_\d{6})\.html",
                "elpais.com/{0}.html",
            ),
        ),
    ),
    HostRule(
        name="ANSA",
        hosts=names("ansa.it"),
        same=(shape(r"ansa\.it/(?:.*/)?[^/]*_([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22})\.html", "ansa.it/{0}.html"),),
    ),
    HostRule(name="Corriere della Sera", hosts=names("corriere.it"), strip=names("reason pids credits origin")),
    HostRule(name="Handelsblatt", hosts=names("handelsblatt.com"), strip_values=(value("ticket", r"ST-.*"),)),
    HostRule(
        name="RIA Novosti",
        hosts=names("ria.ru rian.ru"),
        same=(
            shape(r"(?:ria|rian)\.ru/(?:[\w-]+/)?(\d{8})/(?:[^/]*-)?(\d{8,10})\.html", "ria.ru/{0}/{1}.html"),
            shape(r"en\.rian\.ru/(?:[\w-]+/)?(\d{8})/(\d{8,10})\.html", "en.rian.ru/{0}/{1}.html"),
        ),
    ),
    HostRule(
        name="Sputnik",
        hosts=names("sputniknews.com sputnikglobe.com"),
        # The old form has day and number in one.
        same=(
            shape(
                r"(?:sputniknews|sputnikglobe)\.com/(?:[\w-]+/)?(\d{8})(\d{10})(?:-[^/]*)?",
                "sputniknews.com/{0}/{1}.html",
            ),
            shape(
                r"(?:sputniknews|sputnikglobe)\.com/(?:[\w-]+/)?(\d{8})/(?:[^/]*-)?(\d{10})\.html",
                "sputniknews.com/{0}/{1}.html",
            ),
        ),
    ),
    HostRule(
        name="RT",
        hosts=names("rt.com"),
        same=(shape(r"rt\.com/(?:[\w-]+/)+(\d{5,7})-[^/]+", "rt.com/{0}"),),
    ),
    HostRule(
        name="Ukrinform",
        hosts=names("ukrinform.net"),
        same=(shape(r"ukrinform\.net/(?:[\w-]+/)+(\d{6,8})-[^/]*\.html", "ukrinform.net/{0}.html"),),
    ),
)
