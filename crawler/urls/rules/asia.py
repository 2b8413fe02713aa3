"""Publishers of Asia, Africa and the Pacific whose numbers identify an article whatever stands around them.

`crawler.urls.rules.newspapers` and `crawler.urls.rules.agencies` have those of which more is known than that.
"""

from __future__ import annotations

from crawler.urls.rules.model import HostRule, names, shape

ASIAN_RULES: tuple[HostRule, ...] = (
    HostRule(
        name="Dawn",
        hosts=names("dawn.com"),
        same=(shape(r"dawn\.com/news/(?:amp/|print/|card/)?(\d{4,8})(?:/[^/]*)?", "dawn.com/news/{0}"),),
    ),
    HostRule(
        name="The Express Tribune",
        hosts=names("tribune.com.pk"),
        same=(shape(r"tribune\.com\.pk/story/(\d{5,8})(?:/[^/]*)?", "tribune.com.pk/story/{0}"),),
    ),
    HostRule(
        name="Geo News",
        hosts=names("geo.tv"),
        same=(shape(r"geo\.tv/(latest|article)[/-](\d{4,8})(?:-[^/]*)?", "geo.tv/{0}/{1}"),),
    ),
    HostRule(
        name="Hindustan Times",
        hosts=names("hindustantimes.com"),
        same=(
            shape(r"hindustantimes\.com/(?:.*/)?(story-\w{20,24})\.html", "hindustantimes.com/{0}.html"),
            shape(r"hindustantimes\.com/(?:.*/)?[^/]*-(10\d{13})\.html", "hindustantimes.com/{0}.html"),
        ),
    ),
    HostRule(
        name="The Indian Express",
        hosts=names("indianexpress.com"),
        same=(shape(r"indianexpress\.com/article/(?:.*/)?[^/]*-(\d{6,9})(?:/lite)?", "indianexpress.com/article/{0}"),),
    ),
    HostRule(
        name="News18",
        hosts=names("news18.com"),
        same=(shape(r"news18\.com/(?:amp/)?(news/(?:[\w-]+/)*)[^/]*-(\d{6,9})\.html", "news18.com/{0}{1}.html"),),
    ),
    HostRule(
        name="Business Standard",
        hosts=names("business-standard.com"),
        same=(shape(r"business-standard\.com/(?:.*/)?[^/]*-(1\d{11})_1\.html", "business-standard.com/{0}_1.html"),),
    ),
    HostRule(
        name="The Telegraph (India)",
        hosts=names("telegraphindia.com"),
        same=(shape(r"telegraphindia\.com/(?:.*/)?cid/(\d{5,9})", "telegraphindia.com/cid/{0}"),),
    ),
    HostRule(
        name="The Daily Star (Bangladesh)",
        hosts=names("thedailystar.net"),
        same=(shape(r"(thedailystar\.net/(?:[\w-]+/)*)(?:[^/]*-)(\d{5,8})", "{0}{1}"),),
    ),
    HostRule(
        name="South China Morning Post",
        hosts=names("scmp.com"),
        strip=names("module pgtype campaign tpcc edition registersource share_from copyurl"),
        same=(shape(r"scmp\.com/(?:.*/)?article/(\d{5,9})(?:/[^/]*)?", "scmp.com/article/{0}"),),
    ),
    HostRule(
        name="China Daily",
        hosts=names("chinadaily.com.cn"),
        same=(
            shape(
                r"(?:(?:usa|europe|africa|global|www)\.)?chinadaily\.com\.cn/(?:.*/)?(\d{4}-\d\d/\d\d)/(content_\d{6,9})\.htm",
                "chinadaily.com.cn/{0}/{1}.htm",
            ),
        ),
    ),
    HostRule(
        name="People's Daily",
        hosts=names("people.cn people.com.cn peopledaily.com.cn"),
        # The number behind ``c`` is a channel.
        same=(
            shape(
                r"(?:en|english)\.people(?:daily)?(?:\.com)?\.cn/n\d?/(\d{4}/\d{4})/c\d+-(\d{6,9})\.html",
                "en.people.cn/n/{0}/{1}.html",
            ),
        ),
    ),
    HostRule(
        name="Global Times",
        hosts=names("globaltimes.cn"),
        same=(shape(r"globaltimes\.cn/(?:content|page/\d{6})/(\d{6,8})\.shtml", "globaltimes.cn/content/{0}.shtml"),),
    ),
    HostRule(
        name="The Korea Times",
        hosts=names("koreatimes.co.kr"),
        # The number before the underscore is a section.
        same=(
            shape(
                r"koreatimes\.co\.kr/www/news/(?:[\w-]+/)+(\d{4}/\d\d)/\d+_(\d{4,7})\.html",
                "koreatimes.co.kr/www/news/{0}/{1}.html",
            ),
        ),
    ),
    HostRule(
        name="The Hankyoreh",
        hosts=names("hani.co.kr"),
        same=(
            shape(
                r"english\.hani\.co\.kr/arti/english_edition/[\w-]+/(\d{5,8})(?:\.html)?",
                "english.hani.co.kr/arti/{0}.html",
            ),
        ),
    ),
    HostRule(
        name="Focus Taiwan",
        hosts=names("focustaiwan.tw"),
        same=(shape(r"focustaiwan\.tw/(?:[\w-]+/)+(20\d{10})(?:\.aspx)?", "focustaiwan.tw/{0}"),),
    ),
    HostRule(
        name="Kyodo",
        hosts=names("kyodonews.net"),
        same=(
            shape(
                r"english\.kyodonews\.net/news/(\d{4}/\d\d)/([0-9a-f]{12})(?:-[^/]*)?\.html",
                "english.kyodonews.net/news/{0}/{1}.html",
            ),
        ),
    ),
    HostRule(
        name="Philippine Daily Inquirer",
        hosts=names("inquirer.net"),
        same=(shape(r"((?:[a-z]+\.)inquirer\.net)/(\d{4,8})/[^/]+", "{0}/{1}"),),
    ),
    HostRule(
        name="GMA News",
        hosts=names("gmanetwork.com"),
        same=(
            shape(r"gmanetwork\.com/news/story/(\d{4,8})(?:/.*)?", "gmanetwork.com/news/story/{0}"),
            shape(r"gmanetwork\.com/news/(?:[\w-]+/)+(\d{4,8})/[^/]+/story", "gmanetwork.com/news/story/{0}"),
        ),
    ),
    HostRule(
        name="The Philippine Star",
        hosts=names("philstar.com"),
        same=(shape(r"(philstar\.com/(?:[\w-]+/)+\d{4}/\d\d/\d\d/\d{5,9})/[^/]+", "{0}"),),
    ),
    HostRule(
        name="Bangkok Post",
        hosts=names("bangkokpost.com"),
        same=(shape(r"(bangkokpost\.com/(?:[\w-]+/)+\d{5,8})/[^/]+", "{0}"),),
    ),
    HostRule(
        name="The Star (Malaysia)",
        hosts=names("thestar.com.my"),
        keep=names("file"),
        strip=names("sec"),
    ),
    HostRule(
        name="Stuff",
        hosts=names("stuff.co.nz"),
        same=(shape(r"(?:i\.)?stuff\.co\.nz/(?:[\w-]+/)+(\d{6,9})(?:/[^/]*)?", "stuff.co.nz/{0}"),),
    ),
    HostRule(
        name="Gulf News",
        hosts=names("gulfnews.com"),
        same=(shape(r"gulfnews\.com/(?:.*/)?[^/]*-(1\.\d{4,14})", "gulfnews.com/{0}"),),
    ),
    HostRule(
        name="The National",
        hosts=names("thenational.ae"),
        same=(shape(r"thenational\.ae/(?:.*/)?[^/]*-(1\.\d{4,9})", "thenational.ae/{0}"),),
    ),
    HostRule(
        name="The Daily Star (Lebanon)",
        hosts=names("dailystar.com.lb"),
        same=(
            shape(r"(dailystar\.com\.lb/(?:[\w-]+/)+\d{4}/[A-Z][a-z]{2}-\d\d/\d{4,8})-[^/]*\.ashx", "{0}.ashx"),
            shape(
                r"dailystar\.com\.lb/article\.asp",
                "dailystar.com.lb/article.asp",
                only=("article_id",),
                needs="article_id",
            ),
        ),
    ),
    HostRule(
        name="Ahram Online",
        hosts=names("ahram.org.eg"),
        same=(
            shape(
                r"english\.ahram\.org\.eg/NewsContent(?:P|Print)?/\d+/(?:\d+/)?(\d{3,8})(?:/.*)?",
                "english.ahram.org.eg/News/{0}.aspx",
            ),
            shape(r"english\.ahram\.org\.eg/News/(\d{3,8})(?:\.aspx)?", "english.ahram.org.eg/News/{0}.aspx"),
        ),
    ),
    HostRule(
        name="Press TV",
        hosts=names("presstv.ir presstv.com"),
        strip=names("sectionid"),
        same=(
            shape(
                r"presstv\.(?:ir|com)/(?:classic/)?[Dd]etail/(\d{4}/\d\d/\d\d/\d{4,8})(?:/.*)?", "presstv.ir/detail/{0}"
            ),
            shape(r"presstv\.(?:ir|com)/[Dd]etail\.aspx", "presstv.ir/detail.aspx", only=("id",), needs="id"),
        ),
    ),
    HostRule(
        name="Hürriyet Daily News",
        hosts=names("hurriyetdailynews.com"),
        spelling=names("nID"),
        same=(
            shape(
                r"hurriyetdailynews\.com/.+\.aspx",
                "hurriyetdailynews.com/default.aspx",
                only=("nid",),
                needs="nid",
            ),
        ),
    ),
    HostRule(
        name="allAfrica",
        hosts=names("allafrica.com"),
        same=(shape(r"((?:fr\.)?allafrica\.com/stories/)printable/(\d{12})\.html", "{0}{1}.html"),),
    ),
)
