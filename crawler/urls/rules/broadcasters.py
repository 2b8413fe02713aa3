"""Broadcasters and their web services."""

from __future__ import annotations

from crawler.urls.rules.model import HostRule, names, shape, value

BROADCASTER_RULES: tuple[HostRule, ...] = (
    HostRule(
        name="BBC",
        hosts=names("bbc.co.uk bbc.com"),
        strip=names("intlink_from_url link_location post_type print oo ls lsm rss"),
        same=(
            # One number, many places: two editions, with and without pictures, every section that listed the story.
            shape(
                r"(?:news|newsvote|newsrss|news6\.thdo)\.bbc\.co\.uk/[12]/(?:hi|low|mobile)/(?!.*(?:/html/|shared/))(?:.*/)?(\d{5,8})\.stm",
                "news.bbc.co.uk/hi/{0}.stm",
            ),
            shape(
                r"(?:news|newsvote)\.bbc\.co\.uk/sport[12]/(?:hi|low)/(?!.*(?:/html/|shared/))(?:.*/)?(\d{5,8})\.stm",
                "news.bbc.co.uk/sport/hi/{0}.stm",
            ),
            shape(r"(?:m\.)?bbc\.(?:co\.uk|com)/news/(?:amp/|mobile/)?(?:[a-z0-9-]+-)?(\d{8})", "bbc.com/news/{0}"),
            shape(r"(?:m\.)?bbc\.(?:co\.uk|com)/sport/(?:amp/)?(?:0/)?(?:[a-z-]+/)*(\d{8})", "bbc.com/sport/{0}"),
            shape(r"(?:m\.)?bbc\.(?:co\.uk|com)/((?:news|sport)/.+)", "bbc.com/{0}"),
            # The services in other languages are one site under both domains.
            shape(
                r"bbc\.(?:co\.uk|com)/((?:afrique|arabic|bengali|burmese|hausa|hindi|indonesia|mundo|nepali|pashto|persian|"
                r"portuguese|russian|sinhala|somali|swahili|tamil|turkce|ukrainian|urdu|uzbek|vietnamese|zhongwen)/.+)",
                "bbc.com/{0}",
            ),
        ),
    ),
    HostRule(
        name="CNN",
        hosts=names("cnn.com"),
        strip=names("section cid source sr linkid wom _s cnn iid adkey postversion s_cid xid imw"),
        same=(
            # Front pages and sections differ between the editions; a path with a year in front is one story.
            shape(r"amp\.cnn\.com/cnn/((?:19|20)\d\d/.+)", "cnn.com/{0}"),
            shape(r"(?:edition|us|m|lite)\.cnn\.com/((?:19|20)\d\d/.+)", "cnn.com/{0}"),
            shape(r"(?:edition|us)\.cnn\.com/([A-Z]+/[^?]*\d\d/\d\d/.+)", "cnn.com/{0}"),
        ),
    ),
    HostRule(
        name="Al Jazeera",
        hosts=names("aljazeera.net aljazeera.com"),
        # The English site moved with its paths; 13 digits and more are a story's number on both.
        same=(shape(r"english\.aljazeera\.net/((?:[\w-]+/)+\d{4}/\d\d?/\d{10,20}\.html)", "aljazeera.com/{0}"),),
    ),
    HostRule(
        name="ABC News (US)",
        hosts=names("abcnews.go.com"),
        strip=names("cmp cid wntad singlepage flag"),
        strip_values=(value("page", "1"),),
        same=(
            # The id is the document; section and slug change with each update.
            shape(r"abcnews\.go\.com/(?:\w+/)?wireStory/(?:[^/]*-)?(\d{6,})", "abcnews.go.com/wireStory/{0}"),
            shape(r"abcnews\.go\.com/(?:\w+/)?wireStory", "abcnews.go.com/wireStory/{value}", only=(), needs="id"),
            shape(r"abcnews\.go\.com/(?:[^/]+/){0,3}(?:story|print)", "abcnews.go.com/story", needs="id"),
        ),
    ),
    HostRule(name="ABC stations (US)", hosts=names("go.com"), strip=names("cid rss")),
    HostRule(
        name="ESPN",
        hosts=names("espn.go.com espn.com espnfc.com espn.co.uk"),
        strip=names("campaign source cc platform ex_cid addata"),
        same=(shape(r"espn(?:\.go)?\.com/((?:[\w-]+/)*story/_/id/\d{5,9})(?:/[^/]*)?", "espn.com/{0}"),),
    ),
    HostRule(
        name="ABC (Australia)",
        hosts=names("abc.net.au"),
        strip=names("nw pfm pfmredir"),
        strip_values=(value("section", r"[a-z_-]+"), value("topic", r"[a-z_-]+"), value("site", r"[a-z_-]+")),
        same=(shape(r"abc\.net\.au/news/\d{4}-\d\d-\d\d/[^/]+/(\d{7,9})", "abc.net.au/news/{0}"),),
    ),
    HostRule(
        name="NBC News and MSNBC",
        hosts=names("nbcnews.com msnbc.msn.com msnbc.com"),
        strip=names("cid lite chromedomain pos 0cv 0si 0sl cp1 vts gt1 hootpostid canonicalcard"),
        same=(
            # What stands behind the number is the layout and the section.
            shape(r"(?:(?:[\w-]+\.)?msnbc\.msn|nbcnews)\.com/id/(\d{5,9})(?!.*/page/)(?:/.*)?", "nbcnews.com/id/{0}"),
            shape(r"nbcnews\.com/(?:[\w-]+/)*(?:[^/]*-)?n(?:cna)?(\d{5,8})", "nbcnews.com/n{0}"),
            shape(r"nbcnews\.com/(?:[\w-]+/)*(?:[^/]*-)?(rcna\d{2,8})", "nbcnews.com/{0}"),
        ),
    ),
    HostRule(name="CBS News", hosts=names("cbsnews.com"), strip=names("tag source ftag assettype")),
    HostRule(name="Fox News", hosts=names("foxnews.com foxbusiness.com"), strip=names("test cmpid spage")),
    HostRule(
        name="Sky News",
        hosts=names("news.sky.com"),
        strip=names("lid lpos linkedfrom"),
        strip_values=(value("f", "rss|dta|vg"),),
        same=(
            shape(r"news\.sky\.com/story/(?:amp/)?(?:[^/]*-)?(\d{6,9})", "news.sky.com/story/{0}"),
            shape(r"news\.sky\.com/story/(\d{6,9})/[^/]+", "news.sky.com/story/{0}"),
        ),
    ),
    HostRule(name="France 24", hosts=names("france24.com"), strip=names("f24_member_id autoplay")),
    HostRule(
        name="Deutsche Welle",
        hosts=names("dw.com dw-world.de dw.de"),
        strip=names("maca xtref"),
        # The number outlived two moves of the whole site.
        same=(
            shape(r"dw(?:-world)?\.(?:com|de)/(?:.*/)?a-(\d{5,9})", "dw.com/a-{0}"),
            shape(
                r"dw(?:-world)?\.de/(?:dw/)?(?:article|popups/popup_printcontent)/0,\d*,(\d{5,9}),00\.html",
                "dw.com/a-{0}",
            ),
        ),
    ),
    HostRule(
        name="CBC",
        hosts=names("cbc.ca"),
        strip=names("cmp ref __vfz vfz"),
        same=(shape(r"cbc\.ca/(?!player/)(?:.*/)?(?:[^/]*-)?([19]\.\d{6,9})", "cbc.ca/{0}"),),
    ),
    HostRule(
        name="CTV",
        hosts=names("ctv.ca ctvbc.ca tsn.ca ctvnews.ca"),
        strip=names("hub hubname s_name cache otp contactform"),
        same=(shape(r"((?:[\w-]+\.)*ctvnews\.ca)/(?:.*/)?(?:[^/]*-)?(1\.\d{5,9})", "{0}/{1}"),),
    ),
    HostRule(
        name="NPR",
        hosts=names("npr.org"),
        keep=names("storyid"),
        strip=names("ft f ps sc"),
        same=(
            shape(r"npr\.org/templates/story/story\.php", "npr.org/{value}", only=(), needs="storyid"),
            shape(
                r"npr\.org/(?:.*/)?(?:19|20)\d\d/\d\d?/\d\d?/(\d{7,12}|[a-z]{1,2}-s1-\d+(?:-\d+)?)(?:/[^/]*)?",
                "npr.org/{0}",
            ),
        ),
    ),
    HostRule(name="B92", hosts=names("b92.net"), keep=names("nav_id"), strip=names("order style")),
    HostRule(name="TVN24", hosts=names("tvn24.pl tvn24bis.pl"), strip=names("source")),
    HostRule(name="KBS World", hosts=names("kbs.co.kr"), keep=names("lang")),
    HostRule(name="WRAL", hosts=names("wral.com"), strip=names("version")),
    HostRule(name="NBC Sports scores", hosts=names("nbcsports.msnbc.com"), strip=names("ref")),
    HostRule(
        name="YouTube",
        hosts=names("youtube.com youtu.be"),
        keep=names("v list"),
        strip=names("feature si app ab_channel pp"),
        same=(shape(r"m\.youtube\.com/(watch)", "youtube.com/{0}"),),
    ),
)
