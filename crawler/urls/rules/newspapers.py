"""Newspapers, magazines and news sites."""

from __future__ import annotations

from crawler.urls.rules.model import HostRule, names, shape, value

NEWSPAPER_RULES: tuple[HostRule, ...] = (
    HostRule(
        name="The Guardian",
        hosts=names("guardian.co.uk theguardian.com"),
        strip=names("cmp intcmp gusrc newsfeed feed commentpage mobile-red utm_source ampcf"),
        strip_values=(value("page", r"with:block-.*"), value("view", r"mobile|desktop|classic")),
        same=(
            # Old story numbers stand third; the second is the layout's.
            shape(
                r"(?:(?:m|amp)\.)?(?:guardian\.co\.uk|theguardian\.com)/(.*story)/0,\d*,(-?\d+,00\.html)",
                "theguardian.com/{0}/0,,{1}",
            ),
            shape(r"(?:(?:m|amp)\.)?(?:guardian\.co\.uk|theguardian\.com)(/.+)", "theguardian.com{0}"),
        ),
    ),
    HostRule(
        name="The New York Times",
        hosts=names("nytimes.com"),
        strip=names(
            "action region version contentcollection module scp sq st twt _php _type hp hpw nlid nl em_pos src"
        ),
        strip_values=(value("pagewanted", r"all|print|1"),),
        same=(
            shape(
                r"(?:(?:mobile|m|global|www10|www1|select)\.)?nytimes\.com/((?:19|20|aponline|reuters)[^?]*\.html)",
                "nytimes.com/{0}",
                only=("pagewanted",),
            ),
            shape(
                r"(?:(?:mobile|m)\.)?nytimes\.com/((?:live|interactive|es|athletic)/(?:[\w-]+/)*20\d\d/.+)",
                "nytimes.com/{0}",
                only=(),
            ),
        ),
    ),
    HostRule(
        name="The Washington Post",
        hosts=names("washingtonpost.com"),
        strip=names("sub sid s_pos nav tid hpid noredirect postshare outputtype"),
        same=(
            shape(
                r"washingtonpost\.com/(wp-dyn/content/article/.*/AR\d+)(?:_pf)?\.html",
                "washingtonpost.com/{0}.html",
                only=(),
            ),
            shape(
                r"(?:m\.|mobile\.)?washingtonpost\.com/(.*/[0-9a-f-]{36})_(?:story|print|singlePage|allComments)\.html",
                "washingtonpost.com/{0}_story.html",
                only=(),
            ),
            shape(
                r"(?:m\.|mobile\.)?washingtonpost\.com/((?:[\w-]+/)+20\d\d/\d\d/\d\d/[\w.-]+)",
                "washingtonpost.com/{0}",
                only=(),
            ),
        ),
    ),
    HostRule(
        name="Wall Street Journal",
        hosts=names("wsj.com"),
        strip=names("mod mg url dsk tesla reflink ns keywords"),
        same=(
            shape(
                r"(?:[a-z]+\.)?wsj\.com/(?:.*/)?(SB\d{10,40})(?:-[^/]*)?(?:\.html)?", "wsj.com/articles/{0}", only=()
            ),
        ),
    ),
    HostRule(
        name="MarketWatch",
        hosts=names("marketwatch.com"),
        keep=names("guid"),
        strip=names("siteid dist link mod rss print"),
    ),
    HostRule(
        name="Financial Times",
        hosts=names("ft.com"),
        keep=names("cid"),
        strip=names("_i_location _i_referer ftcamp"),
        same=(
            shape(
                r"(?:news\.)?ft\.com/(?:intl/)?cms/s/(?:\d/)?([0-9a-f]{8}-[0-9a-f-]{27})(?:,[^/]*)?\.html",
                "ft.com/cms/s/{0}.html",
            ),
        ),
    ),
    HostRule(
        name="The Moscow Times",
        hosts=names("themoscowtimes.com moscowtimes.ru"),
        same=(
            shape(r"themoscowtimes\.com/\d{4}/\d\d/\d\d/[^/]*-a(\d{4,})", "themoscowtimes.com/a{0}"),
            shape(
                r"(?:themoscowtimes\.com|moscowtimes\.ru)/(?:[\w-]+/)*article/(?:[^/]+/)*(\d{6})\.html?",
                "themoscowtimes.com/article/{0}",
            ),
            shape(r"moscowtimes\.ru/(stories/\d{4}/\d\d/\d\d/\d{3}\.html)", "themoscowtimes.com/{0}"),
        ),
    ),
    HostRule(
        name="Bloomberg",
        hosts=names("bloomberg.com"),
        strip=names("refer pos srnd cmpid sref"),
        same=(shape(r"(?:quote\.)?bloomberg\.com/apps/news", "bloomberg.com/apps/news", only=("sid",), needs="sid"),),
    ),
    HostRule(name="Forbes", hosts=names("forbes.com"), strip=names("partner feed boxes sh")),
    HostRule(
        name="Time and its sisters",
        hosts=names("time.com people.com fortune.com"),
        strip=names("xid cnn"),
        same=(
            # The first number is the layout's.
            shape(r"(?:content\.)?time\.com/time/(?:.*/)?0,\d*,(\d{5,8}),00\.html", "time.com/time/0,,{0},00.html"),
            shape(r"time\.com/(\d{5,8})/[^/]+", "time.com/{0}"),
        ),
    ),
    HostRule(name="CNET and ZDNet", hosts=names("cnet.com zdnet.com news.com.com"), strip=names("tag part subj")),
    HostRule(name="Businessweek", hosts=names("businessweek.com"), strip=names("campaign_id chan")),
    HostRule(name="Business Insider", hosts=names("businessinsider.com"), strip=names("r ir")),
    HostRule(name="U.S. News", hosts=names("usnews.com"), strip=names("context")),
    HostRule(
        name="USA Today",
        hosts=names("usatoday.com"),
        strip=names("cid csp loc poe siteid"),
        same=(shape(r"(?:(?:amp|eu)\.)?usatoday\.com/(?:story/(?:.*/)?|amp/)(\d{8,11})", "usatoday.com/story/{0}"),),
    ),
    HostRule(name="Seattle papers", hosts=names("seattlepi.com nwsource.com"), strip=names("source syndication")),
    HostRule(name="Wired", hosts=names("wired.com"), strip=names("tw")),
    HostRule(name="PC Magazine", hosts=names("pcmag.com"), strip=names("kc")),
    HostRule(
        name="The Hindu",
        hosts=names("thehindu.com"),
        strip=names("homepage"),
        same=(shape(r"(?:beta\.)?thehindu\.com/(?:.*/)?article(\d{5,9})\.ece", "thehindu.com/article{0}.ece"),),
    ),
    HostRule(
        name="Politico",
        hosts=names("politico.com politico.eu"),
        strip=names("cid showall lo"),
        same=(shape(r"politico\.com/(?:amp/)?(story/\d{4}/\d\d)/[^/]*-(\d{5,12})", "politico.com/{0}/{1}"),),
    ),
    HostRule(name="The Hill", hosts=names("thehill.com"), strip=names("cid")),
    HostRule(
        name="Tribune papers",
        hosts=names(
            "latimes.com chicagotribune.com newsday.com nynewsday.com orlandosentinel.com baltimoresun.com "
            "sun-sentinel.com"
        ),
        strip=names("coll track ctrack cset"),
        same=(
            shape(
                r"((?:[\w-]+\.)*(?:latimes|chicagotribune|newsday|nynewsday|baltimoresun)\.com/.*,\d+),print\.story",
                "{0}.story",
            ),
        ),
    ),
    HostRule(
        name="San Francisco Chronicle", hosts=names("sfgate.com sfchronicle.com"), strip=names("tsp feed t hw sn sc")
    ),
    HostRule(
        name="The Globe and Mail",
        hosts=names("theglobeandmail.com"),
        keep=names("id"),
        strip_values=(value("page", r"rss\d*"), value("service", r"mobile|print|amp")),
        same=(shape(r"theglobeandmail\.com/(?:.*/)?(article\d{5,9})", "theglobeandmail.com/{0}"),),
    ),
    HostRule(name="The Jakarta Post", hosts=names("thejakartapost.com"), keep=names("fileid"), strip=names("irec")),
    HostRule(name="Mercury News", hosts=names("mercurynews.com"), strip=names("nclick_check")),
    HostRule(
        name="HuffPost",
        hosts=names("huffingtonpost.com huffingtonpost.ca huffingtonpost.com.au huffingtonpost.co.uk huffpost.com"),
        strip=names("ncid ir adssiteoverride section just_reloaded"),
    ),
    HostRule(
        name="Daily Mail",
        hosts=names("dailymail.co.uk thisismoney.co.uk mol.im"),
        keep=names("in_article_id"),
        strip=names("ito ico ci molreferrerurl"),
        same=(
            shape(r"(dailymail|thisismoney)\.co\.uk/(?:.*/)?article-(\d{4,9})(?:/.*)?", "{0}.co.uk/article-{1}"),
            shape(r"mol\.im/a/(\d{4,9})", "dailymail.co.uk/article-{0}"),
            shape(
                r"dailymail\.co\.uk/pages/live/articles/.+",
                "dailymail.co.uk/article-{value}",
                only=(),
                needs="in_article_id",
            ),
        ),
    ),
    HostRule(
        name="The Telegraph",
        hosts=names("telegraph.co.uk"),
        keep=names("xml"),
        strip=names("ssheet grid view onwardjourney placement"),
        same=(shape(r"telegraph\.co\.uk/(?:.*/)?((?!20)\d{6,8})/[^/]+\.html", "telegraph.co.uk/{0}.html"),),
    ),
    HostRule(
        name="Belfast Telegraph",
        hosts=names("belfasttelegraph.co.uk"),
        strip=names("r"),
        same=(shape(r"belfasttelegraph\.co\.uk/(?:.*/)?[^/]*-(\d{7,9})\.html", "belfasttelegraph.co.uk/{0}.html"),),
    ),
    HostRule(
        name="The Irish Times",
        hosts=names("irishtimes.com"),
        strip=names("via mode auth-failed pw-origin"),
        same=(shape(r"irishtimes\.com/(?:.*/)?[^/]*-(1\.\d{6,8})", "irishtimes.com/{0}"),),
    ),
    HostRule(name="Breaking News (Ireland)", hosts=names("breakingnews.ie"), strip=names("rss")),
    HostRule(
        name="Haaretz",
        hosts=names("haaretz.com haaretzdaily.com"),
        keep=names("itemno"),
        strip=names("locallinksenabled"),
        same=(
            shape(r"haaretz\.com/(?:.*/)?(?:[^/]*-)?(1\.\d{6,8})", "haaretz.com/{0}"),
            shape(
                r"haaretz\.com/(?:.*/)?(\d{4}-\d\d-\d\d/ty-article)(?:-\w+)?/(?:.*/)?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22})",
                "haaretz.com/{0}/{1}",
            ),
        ),
    ),
    HostRule(
        name="The Jerusalem Post",
        hosts=names("jpost.com"),
        keep=names("id cid"),
        strip=names("r"),
        spelling=names("id"),
        same=(
            shape(r"jpost\.com/(?:[\w%,.&'-]+/)*[Aa]rticle\.aspx", "jpost.com/Article.aspx", only=("id",), needs="id"),
            shape(r"jpost\.com/(?:[\w%,.&'-]+/)+(article-\d{5,8})", "jpost.com/{0}"),
        ),
    ),
    HostRule(
        name="Toronto Star",
        hosts=names("thestar.com thestar.ca"),
        keep=names("cid"),
        strip=names("dpl tacodalogin bn"),
        same=(shape(r"thestar\.com/(?:.*/)?article/(\d{5,8})(?:-[^/]*)?", "thestar.com/article/{0}"),),
    ),
    HostRule(
        name="News Corp (Australia)",
        hosts=names("news.com.au theaustralian.com.au heraldsun.com.au couriermail.com.au perthnow.com.au"),
        strip=names("from nk sv"),
    ),
    HostRule(
        name="Fairfax papers",
        hosts=names("smh.com.au theage.com.au watoday.com.au brisbanetimes.com.au"),
        strip=names("from s_cid autostart rand oneclick sssdmh"),
        strip_values=(value("page", r"fullpage|-1"),),
        same=(
            shape(
                r"((?:smh|theage|watoday|brisbanetimes)\.com\.au)/(?:.*/)?[^/]*-(20\d{6}-[a-z0-9]{5,7})(?:\.html)?",
                "{0}/{1}.html",
            ),
        ),
    ),
    HostRule(
        name="IOL",
        hosts=names("iol.co.za ioltechnology.co.za"),
        keep=names("art_id iarticleid"),
        strip=names("from"),
        same=(
            shape(r"(?:int\.)?iol\.co\.za/(?:index\.php)?", "iol.co.za/index.php", only=("art_id",), needs="art_id"),
            shape(r"iol\.co\.za/(?:.*/)?[^/]*-(1\.\d{5,8})", "iol.co.za/{0}"),
        ),
    ),
    HostRule(name="IBN Live", hosts=names("ibnlive.com ibnlive.in.com"), strip=names("from")),
    HostRule(
        name="NDTV",
        hosts=names("ndtv.com"),
        strip=names("pfrom curl trendingnow"),
        # The numbers of the old system stand under article/ and overlap with the others.
        same=(
            shape(r"ndtv\.com/article/(?:.*/)?[^/]*-(\d{4,7})", "ndtv.com/article/{0}"),
            shape(r"ndtv\.com/(?!article/|video/)[\w-]+/[^/]*-(\d{6,8})(?:/amp/1)?", "ndtv.com/news/{0}"),
        ),
    ),
    HostRule(
        name="Times of India",
        hosts=names("indiatimes.com timesofindia.com economictimes.com"),
        strip=names("from intenttarget hpflag prtpage"),
        same=(
            # The number identifies; the slug before it is the newest headline.
            shape(
                r"(?:m\.)?timesofindia\.(?:indiatimes\.)?com/(?:.*/)?articleshow(?:print)?/(\d{5,12})\.cms",
                "timesofindia.indiatimes.com/articleshow/{0}.cms",
            ),
            shape(
                r"(?:m\.)?economictimes\.(?:indiatimes\.)?com/(?:.*/)?articleshow/(\d{5,12})\.cms",
                "economictimes.indiatimes.com/articleshow/{0}.cms",
            ),
        ),
    ),
    HostRule(
        name="New Zealand Herald",
        hosts=names("nzherald.co.nz"),
        keep=names("objectid"),
        strip=names("ref"),
        spelling=names("objectid c_id storyID"),
        same=(
            shape(
                r"nzherald\.co\.nz/(?:[\w-]+/)*(?:article|story|index|print|storydisplay)\.cfm",
                "nzherald.co.nz/article.cfm",
                only=("objectid",),
                needs="objectid",
            ),
            shape(r"nzherald\.co\.nz/(?:[\w-]+/)+([A-Z2-7]{26})", "nzherald.co.nz/{0}"),
        ),
    ),
    HostRule(
        name="The Standard (Hong Kong)", hosts=names("thestandard.com.hk"), keep=names("sid"), strip=names("icid")
    ),
    HostRule(name="The EastAfrican", hosts=names("theeastafrican.co.ke"), strip=names("view")),
    HostRule(name="Jamaica Observer", hosts=names("jamaicaobserver.com"), strip=names("profile")),
    HostRule(name="United Daily News", hosts=names("udn.com"), strip=names("ch")),
    HostRule(
        name="Saudi papers", hosts=names("saudigazette.com.sa al-madina.com okaz.com.sa"), strip=names("format link")
    ),
    HostRule(name="Asia Today", hosts=names("asiatoday.co.kr"), keep=names("key")),
    HostRule(name="Cridem", hosts=names("cridem.org"), keep=names("article")),
    HostRule(
        name="Channel NewsAsia",
        hosts=names("channelnewsasia.com"),
        strip=names("cid"),
        same=(shape(r"channelnewsasia\.com/(?!stories/)(?:[\w-]+/)+[^/]*-(\d{6,8})", "channelnewsasia.com/{0}"),),
    ),
    HostRule(
        name="Solidot and Slashdot", hosts=names("solidot.org slashdot.org"), keep=names("sid"), strip=names("mode")
    ),
)
