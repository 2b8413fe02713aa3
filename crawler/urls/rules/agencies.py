"""News agencies, and the portals that carried their wires."""

from __future__ import annotations

from crawler.urls.rules.model import HostRule, names, shape, value

AGENCY_RULES: tuple[HostRule, ...] = (
    HostRule(
        name="Reuters",
        hosts=names("reuters.com reuters.co.uk reuters.ca reuters.co.za"),
        strip=names(
            "il sp rpc src mod channelname irpc ca dlvrit virtualbrandchannel sz imageid cap summit "
            "archived refresh taid localekey"
        ),
        same=(
            # The id outlives every slug, section and date in the path. A day is appended to some; with the newer ids,
            # which are never given out twice, it adds nothing. Older ones (TRE...) come back in time: their day stays.
            shape(
                r"(?:(?:uk|in|af|ca|us|m|mobile|betaus\.mobile|uk\.mobile|amp)\.)?reuters\.com/article/(?:.*[/-])?(id[A-Z]{2}K[BC]N[0-9A-Z]{6})(?:20\d{6})?",
                "reuters.com/article/{0}",
                only=("pagenumber",),
            ),
            shape(
                r"(?:(?:uk|in|af|ca|us|m|mobile|betaus\.mobile|uk\.mobile|amp)\.)?reuters\.com/article/(?:.*[/-])?(id[A-Z]{2}[0-9A-Z]{9,})",
                "reuters.com/article/{0}",
                only=("pagenumber",),
            ),
            shape(
                r"(?i)((?:[a-z]+\.)*)reuters\.(com|co\.uk|ca|co\.za)/(?:[a-z]+/)?(?:c_)?[a-z]*article[a-z]*\.(?:aspx|jhtml|jsp).*",
                "{0}reuters.{1}/newsArticle.aspx",
                only=("storyid", "pagenumber"),
                needs="storyid",
            ),
        ),
        strip_values=(value("pagenumber", r"|0|1"),),
        spelling=names("storyID pageNumber type"),
    ),
    HostRule(
        name="Associated Press, hosted for its members",
        hosts=names("hosted.ap.org customwire.ap.org ap.washingtontimes.com"),
        # CTIME is the moment of one story: with it, the member's name and its page template say nothing. Without it the
        # address shows whatever is newest on a subject, and nothing is known to be the same.
        same=(
            shape(
                r"(?:(?:hosted|customwire)\.ap\.org|ap\.washingtontimes\.com)/dynamic/stories/.+",
                only=("ctime",),
                needs="ctime",
            ),
        ),
    ),
    HostRule(
        name="Associated Press",
        hosts=names("apnews.com bigstory.ap.org hosted2.ap.org"),
        strip=names("repost"),
        same=(
            shape(r"bigstory\.ap\.org/article/([0-9a-f]{32})(?:/[^/]*)?", "bigstory.ap.org/article/{0}"),
            shape(r"apnews\.com/(?:amp/)?(?:article/)?(?:[^/]*-)?([0-9a-f]{32})(?:/[^/]*)?", "apnews.com/article/{0}"),
            shape(r"hosted2\.ap\.org/.*/id-([0-9a-f]{32})", "hosted2.ap.org/id-{0}"),
        ),
    ),
    HostRule(
        name="TASS",
        hosts=names("tass.com tass.ru itar-tass.com"),
        keep=names("newsid"),
        strip_values=(value("pagenum", "0"),),
        # The English service moved with its numbers.
        same=(
            shape(r"tass\.com/(?:[\w-]+/)*(\d{6,8})", "tass.com/{0}"),
            shape(r"tass\.ru/en/[\w-]+/(\d{6,8})", "tass.com/{0}"),
            shape(r"en\.itar-tass\.com/[\w-]+/(\d{6,8})", "tass.com/{0}"),
            shape(r"tass\.ru/(?!en/)[\w-]+/(\d{6,8})", "tass.ru/{0}"),
        ),
    ),
    HostRule(name="UPI", hosts=names("upi.com"), strip=names("spt or sl ll ts_")),
    HostRule(
        name="Xinhua",
        hosts=names("xinhuanet.com news.cn"),
        same=(
            shape(
                r"news\.xinhuanet\.com/(english/\d{4}-\d\d/(?:\d\d/)?(?:c|content)_\d{6,}(?:_\d+)?\.htm)",
                "xinhuanet.com/{0}",
            ),
            # The English service moved with its paths.
            shape(r"news\.cn/(english/\d{4}-\d\d/\d\d/c_\d{6,}(?:_\d+)?\.htm)", "xinhuanet.com/{0}"),
        ),
    ),
    HostRule(
        name="Yonhap",
        hosts=names("yonhapnews.co.kr yna.co.kr"),
        strip=names("input section site"),
        same=(
            shape(r"english\.yonhapnews\.co\.kr/(?:[\w-]+/)*\d{10}(AEN\d{17})\.html", "en.yna.co.kr/view/{0}"),
            shape(r"m-en\.yna\.co\.kr/view/(AEN\d{17})", "en.yna.co.kr/view/{0}"),
        ),
    ),
    HostRule(
        name="AFP and AP at Google",
        hosts=names("google.com"),
        keep=names("docid q id"),
        strip=names("hl"),
        same=(
            shape(
                r"(ap|afp|canadianpress|ukpress|efe)\.google\.com/article/([\w-]+)",
                "google.com/hostednews/{0}/article/{1}",
            ),
        ),
    ),
    HostRule(
        name="Wires at Yahoo",
        hosts=names("news.yahoo.com story.news.yahoo.com"),
        strip=names("cid ncid e printer _esi bcmt guccounter"),
        same=(shape(r"(?:story\.)?news\.yahoo\.com/news", "news.yahoo.com/news", only=("u",), needs="u"),),
    ),
    HostRule(name="Trust", hosts=names("trust.org alertnet.org"), strip=names("source")),
    HostRule(name="Bahrain News Agency", hosts=names("bna.bh"), keep=names("cms")),
    HostRule(name="SANA", hosts=names("sana.sy"), keep=names("p")),
    HostRule(name="Petra", hosts=names("petra.gov.jo"), keep=names("id lang")),
    HostRule(name="Jiji", hosts=names("jiji.com"), keep=names("k g")),
    HostRule(name="NINA", hosts=names("ninanews.com"), keep=names("key")),
    HostRule(name="IRNA", hosts=names("irna.ir"), strip=names("srch")),
    HostRule(name="UN News", hosts=names("un.org"), keep=names("newsid"), strip=names("cr cr1")),
)
