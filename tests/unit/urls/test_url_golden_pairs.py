"""Pairs of URLs in the true shapes of their publishers; numbers and slugs are invented."""

import tomllib
from itertools import combinations
from pathlib import Path

import pytest

from crawler.urls import canonical_url, identify
from crawler.urls.rules import RULES, site_rules

REUTERS = "https://www.reuters.com/article/us-harbor-fire/dockers-flee-blaze-idUSKBN1ZZ9XX"
HEX = "0123456789abcdef0123456789abcdef"
UUID = "0a1b2c3d-1111-11e5-9999-aabbccddeeff"

SAME = [
    # Everywhere.
    ("http://www.example.org/news/a", "https://example.org/news/a/"),
    ("http://www.example.org:80/news/a", "https://example.org:443/news/a"),
    ("http://example.org", "http://example.org/index.html"),
    ("http://example.org/news/", "http://example.org/news/index.php"),
    ("http://example.org/news/", "http://example.org/news/Default.aspx"),
    ("http://example.org/a?b=1&c=2", "http://example.org/a?c=2&b=1&"),
    ("http://example.org/a", "http://example.org/a?utm_source=x&utm_medium=y&fbclid=z&gclid=w"),
    ("http://example.org/a", "http://example.org/a?"),
    ("http://example.org/a", "http://example.org/a#top"),
    ("http://example.org/a", "http://example.org/a#sthash.AbCdEf12.dpuf"),
    ("http://example.org/a", "http://example.org/a#ixzz1I11RNHLs"),
    ("http://example.org/a", "http://example.org/a#.UtQsUdJDv9Y"),
    ("http://example.org/a", "http://example.org/a?amp=1"),
    ("http://example.org/a", "http://example.org/a/amp/"),
    ("http://example.org/a.html", "http://example.org/a.amp.html"),
    ("http://example.org/a", "http://example.org/a?outputType=amp"),
    ("http://example.org/a", "http://example.org/a?print=1"),
    ("http://example.org/~bo/caf%c3%a9%2Dbar", "http://example.org/%7Ebo/café-bar"),
    ("http://example.org/a?u=/x/y", "http://example.org/a?u=%2Fx%2Fy"),
    ("http://example.org/b//c/../d", "http://example.org/b/d"),
    ("http://example.org/a;jsessionid=E1Y0MT232C3LO?id=4", "http://example.org/a?id=4&PHPSESSID=ab12"),
    ("http://m.example.org/city/harbor-fire-leaves-ten-homeless", "http://example.org/city/harbor-fire-leaves-ten-homeless"),
    ("http://example.org/2009/05/04/harbor?from=menu&ref=sidebar", "http://example.org/2009/05/04/harbor"),
    ("http://example.org/item.php?id=3&from=rss_World", "http://example.org/item.php?id=3"),
    ("http://example.org/Global/story.asp?S=1735404&nav=9TaiLm3L", "http://example.org/Global/story.asp?S=1735404"),
    ("http://bücher.example/a", "http://xn--bcher-kva.example/a"),
    # BBC: one number in both editions, with or without pictures, on both domains.
    ("http://news.bbc.co.uk/1/hi/world/europe/4111222.stm", "http://news.bbc.co.uk/2/hi/europe/4111222.stm"),
    ("http://news.bbc.co.uk/2/low/europe/4111222.stm", "http://news.bbc.co.uk/2/hi/europe/4111222.stm?ls"),
    ("http://newsvote.bbc.co.uk/mpapps/pagetools/print/news.bbc.co.uk/1/hi/uk/4111222.stm", "http://news.bbc.co.uk/1/hi/uk/4111222.stm"),
    ("http://news.bbc.co.uk/sport1/hi/tennis/3222333.stm", "http://news.bbc.co.uk/sport2/hi/tennis/3222333.stm"),
    ("http://www.bbc.co.uk/news/world-europe-12345678#", "https://www.bbc.com/news/world-europe-12345678?ocid=socialflow_twitter"),
    ("http://www.bbc.co.uk/news/amp/12345678", "http://m.bbc.com/news/world-europe-12345678"),
    ("http://www.bbc.co.uk/sport/0/football/12345678", "http://www.bbc.com/sport/football/12345678"),
    ("http://www.bbc.co.uk/news/live/uk-politics-12345678", "http://www.bbc.com/news/live/uk-politics-12345678?ns_campaign=x"),
    # CNN
    ("http://edition.cnn.com/2013/02/03/world/asia/ferry/", "http://www.cnn.com/2013/02/03/world/asia/ferry/index.html?hpt=hp_t1"),
    ("https://amp.cnn.com/cnn/2016/07/25/politics/ferry/index.html", "https://us.cnn.com/2016/07/25/politics/ferry?sr=twcnn"),
    ("http://edition.cnn.com/2010/US/08/11/crash/#fbid=YIYm6U-LlVS&wom=false", "http://www.cnn.com/2010/US/08/11/crash/index.html"),
    ("http://edition.cnn.com/TECH/space/9907/20/harbor.01/", "http://www.cnn.com/TECH/space/9907/20/harbor.01/"),
    # Reuters: the id outlives slugs, sections and dates.
    (REUTERS, "https://www.reuters.com/article/us-harbor-fire/blaze-is-out-idUSKBN1ZZ9XX?il=0"),
    (REUTERS, "http://mobile.reuters.com/article/idUSKBN1ZZ9XX"),
    (REUTERS, "http://www.reuters.com/article/2018/01/02/us-harbor-fire-idUSKBN1ZZ9XX20180102#AbCd.97"),
    ("http://www.reuters.com/article/worldNews/idUSTRE68M53K20100923?feedType=RSS&feedName=worldNews", "http://www.reuters.com/article/idUSTRE68M53K20100923?sp=true&pageNumber=1"),
    ("https://www.reuters.com/newsArticle.jhtml?type=topNews&storyID=3111222", "http://reuters.com/newsArticle.jhtml;jsessionid=E1Y0?type=worldNews&storyID=3111222&section=news"),
    ("http://today.reuters.com/news/newsArticle.aspx?type=topNews&storyID=2005-08-03T152635Z_01_X.xml", "http://today.reuters.com/News/newsarticle.aspx?storyid=2005-08-03T152635Z_01_X.xml&src=rss"),
    # AP
    (f"http://bigstory.ap.org/article/{HEX}/ferry-sinks", f"http://bigstory.ap.org/article/{HEX}/ferry-sinks-ten-dead"),
    (f"https://apnews.com/{HEX}/Ferry-sinks", f"https://apnews.com/article/ferry-harbor-{HEX}?utm_source=x"),
    ("http://hosted.ap.org/dynamic/stories/A/AS_FERRY?SITE=NYNYP&SECTION=HOME&CTIME=2010-05-09", "http://hosted.ap.org/dynamic/stories/A/AS_FERRY?CTIME=2010-05-09&TEMPLATE=DEFAULT"),
    # Newspapers
    ("http://www.guardian.co.uk/world/2011/feb/03/harbor", "https://www.theguardian.com/world/2011/feb/03/harbor?CMP=twt_gu#block-3#block-4"),
    ("http://www.guardian.co.uk/worldlatest/story/0,1280,-5011111,00.html", "http://www.guardian.co.uk/worldlatest/story/0,,-5011111,00.html"),
    ("https://www.theguardian.com/world/live/2017/sep/06/storm?page=with:block-59afd6#block-59afd6", "https://www.theguardian.com/world/live/2017/sep/06/storm"),
    ("https://www.nytimes.com/2015/02/18/us/harbor.html?_r=0&hp&action=click&module=Ribbon", "http://mobile.nytimes.com/2015/02/18/us/harbor.html?referrer="),
    ("https://www.nytimes.com/2004/06/18/us/harbor.html?pagewanted=print&position=", "https://www.nytimes.com/2004/06/18/us/harbor.html?pagewanted=all"),
    ("https://www.washingtonpost.com/wp-dyn/content/article/2009/09/29/AR2009092900001_pf.html", "https://www.washingtonpost.com/wp-dyn/content/article/2009/09/29/AR2009092900001.html?hpid=topnews"),
    (f"https://www.washingtonpost.com/world/harbor/2015/11/21/{UUID}_story.html?utm_term=.ab", f"https://www.washingtonpost.com/world/harbor/2015/11/21/{UUID}_print.html"),
    ("http://www.ft.com/cms/s/0/0a1b2c3d-1111-11e5-9999-aabbccddeeff.html#axzz16", "http://news.ft.com/cms/s/0a1b2c3d-1111-11e5-9999-aabbccddeeff,dwp_uuid=5f5b.html"),
    ("http://www.newsday.com/news/ny-x0707,0,5111111,print.story?coll=ny-top", "http://www.newsday.com/news/ny-x0707,0,5111111.story"),
    ("http://quote.bloomberg.com/apps/news?pid=71000001&refer=home&sid=aXuXEm5y10Uo", "https://www.bloomberg.com/apps/news?pid=20601087&sid=aXuXEm5y10Uo"),
    ("http://m.timesofindia.com/city/x/articleshow/33600000.cms", "http://timesofindia.indiatimes.com/city/x/articleshow/33600000.cms"),
    ("http://m.economictimes.com/news/x/articleshow/46050000.cms", "http://economictimes.indiatimes.com/news/x/articleshow/46050000.cms"),
    ("https://www.themoscowtimes.com/2026/03/07/harbor-reopens-a92000", "https://www.themoscowtimes.com/2026/03/07/harbor-is-open-again-a92000"),
    ("http://www.jpost.com/Israel/Article.aspx?id=171700", "http://www.jpost.com/Israel/Article.aspx?ID=171700&R=R1"),
    # Broadcasters and portals
    ("http://abcnews.go.com/International/wireStory?id=2463700&CMP=OTC-RSSFeeds0312", "http://abcnews.go.com/US/wireStory?id=2463700"),
    ("http://abcnews.go.com/US/harbor-burns/story?id=17614200#.UJLt", "http://abcnews.go.com/US/harbor-fire-out/story?id=17614200&page=1"),
    ("http://abcnews.go.com/US/wireStory/harbor-burns-31918800", "http://abcnews.go.com/International/wireStory/harbor-fire-31918800"),
    ("http://english.aljazeera.net/news/europe/2010/08/20108418420800000.html", "http://www.aljazeera.com/news/europe/2010/08/20108418420800000.html"),
    ("http://news.xinhuanet.com/english/2017-06/01/c_136330000.htm", "http://www.xinhuanet.com/english/2017-06/01/c_136330000.htm"),
    ("http://www.upi.com/Top_News/US/2016/04/08/Harbor/9181460000000/?spt=hts&or=7", "http://www.upi.com/Top_News/US/2016/04/08/Harbor/9181460000000/"),
    ("http://www.itar-tass.com/eng/level2.html?NewsID=14730000&PageNum=0", "http://www.itar-tass.com/eng/level2.html?NewsID=14730000"),
    ("http://story.news.yahoo.com/news?tmpl=story2&cid=564&ncid=716&e=11&u=/nm/20030317/x_dc", "https://news.yahoo.com/news?tmpl=story&u=%2Fnm%2F20030317%2Fx_dc&printer=1"),
    ("https://news.yahoo.com/s/ap/20051216/ap_on_go_co/harbor;_ylt=AkI.i;_ylu=X3o-", "https://news.yahoo.com/s/ap/20051216/ap_on_go_co/harbor"),
    ("http://m.youtube.com/watch?v=A-sRgXB2000&feature=related", "https://www.youtube.com/watch?v=A-sRgXB2000"),
    ("https://mobile.twitter.com/harbor/status/123456789/photo/1", "https://twitter.com/harbor/statuses/123456789?s=20"),
    ("https://twitter.com/#!/harbor", "https://twitter.com/harbor"),
    ("http://www.nbcnews.com/#/news/world/harbor-n156100", "http://www.nbcnews.com/news/world/harbor-n156100"),
]  # fmt: skip

DIFFERENT = [
    ("http://example.org/a?id=1", "http://example.org/a?id=2"),
    ("http://example.org/a?unknown=1", "http://example.org/a"),
    ("http://example.org/A", "http://example.org/a"),
    ("http://example.org/a%2Fb", "http://example.org/a/b"),
    ("http://example.org/a?article68793", "http://example.org/a?article68794"),
    ("http://example.org/a?241858", "http://example.org/a?241859"),
    ("http://example.org/a?x=%26", "http://example.org/a?x=&"),
    ("http://example.org/a?q=a%2Bb", "http://example.org/a?q=a+b"),
    ("http://example.org:8080/a", "http://example.org/a"),
    ("http://news.example.org/a", "http://example.org/a"),
    ("http://m.example.org/", "http://example.org/"),
    ("http://example.org/index.php?p=5", "http://example.org/index.php?p=6"),
    ("http://example.org/default.asp?id=5", "http://example.org/index.asp?id=5"),
    ("http://example.org/read.php?ref=wsj:2004:03:12:352500", "http://example.org/read.php?ref=wsj:2004:03:12:352501"),
    ("http://example.org/list?from=10", "http://example.org/list?from=20"),
    ("http://example.org/index.php?module=news&id=4", "http://example.org/index.php?module=blog&id=4"),
    ("http://example.org/a?page=2", "http://example.org/a"),
    ("http://example.org/x/#!/story/1", "http://example.org/x/#!/story/2"),
    ("http://touch.example.org/#section/1/article/8811", "http://touch.example.org/#section/1/article/8812"),
    ("http://example.org/fannie-amp", "http://example.org/fannie"),
    ("http://example.org/amp", "http://example.org/"),
    ("http://example.org/article.pl?sid=04/02/12/2114228", "http://example.org/article.pl?sid=04/02/12/2114229"),
    ("http://news.bbc.co.uk/2/hi/europe/4111222.stm", "http://news.bbc.co.uk/2/hi/europe/4111223.stm"),
    ("http://news.bbc.co.uk/1/shared/spl/hi/pop_ups/05/x/html/1.stm", "http://news.bbc.co.uk/2/shared/spl/hi/pop_ups/06/y/html/1.stm"),
    ("http://www.bbc.com/", "http://www.bbc.co.uk/"),
    ("http://www.bbc.co.uk/news/world-europe-12345678", "http://www.bbc.co.uk/news/world-europe-12345679"),
    ("http://edition.cnn.com/", "http://www.cnn.com/"),
    ("http://edition.cnn.com/", "http://scitech.blogs.cnn.com/"),
    ("http://www.cnn.com/2013/02/03/us/ferry", "http://www.cnn.com/2013/02/03/world/ferry"),
    (REUTERS, REUTERS.replace("1ZZ9XX", "1ZZ9XY")),
    ("http://www.reuters.com/article/idUSTRE68M53K20100923", "http://www.reuters.com/article/idUSTRE68M53K20200923"),
    ("http://www.reuters.com/article/idUSTRE68M53K20100923?pageNumber=2", "http://www.reuters.com/article/idUSTRE68M53K20100923"),
    ("http://www.reuters.co.uk/newsArticle.jhtml?storyID=400900", "http://www.reuters.com/newsArticle.jhtml?storyID=400900"),
    ("http://www.reuters.com/video/x?videoId=1", "http://www.reuters.com/video/x?videoId=2"),
    ("http://abcnews.go.com/International/wireStory?id=2463700", "http://abcnews.go.com/International/wireStory?id=2463701"),
    ("http://www.aljazeera.com/me.asp?service_ID=10010", "http://www.aljazeera.com/me.asp?service_ID=12333"),
    ("http://english.aljazeera.net/news", "http://www.aljazeera.com/news"),
    ("http://www.jpost.com/servlet/Satellite?pagename=JPost/JPArticle/ShowFull&cid=1107141000001", "http://www.jpost.com/servlet/Satellite?pagename=JPost/JPArticle/ShowFull&cid=1107141000002"),
    ("https://www.thestar.com/NASApp/cs/ContentServer?c=Article&cid=1071056000001", "https://www.thestar.com/NASApp/cs/ContentServer?c=Article&cid=1071056000002"),
    ("http://news.ft.com/servlet/ContentServer?c=StoryFT&cid=1059478000001&p=1012571727088", "http://news.ft.com/servlet/ContentServer?c=StoryFT&cid=1059478000002&p=1012571727088"),
    ("https://www.bloomberg.com/apps/news?pid=20601087&sid=aXuXEm5y10Uo", "https://www.bloomberg.com/apps/news?pid=20601087&sid=aXuXEm5y10Up"),
    ("http://hosted.ap.org/dynamic/stories/A/AS_FERRY?SITE=NYNYP", "http://hosted.ap.org/dynamic/stories/A/AS_FERRY?SITE=AP"),
    ("http://hosted.ap.org/dynamic/stories/A/AS_FERRY?CTIME=2010-05-09", "http://hosted.ap.org/dynamic/stories/A/AS_FERRY?CTIME=2010-12-17"),
    ("https://www.nytimes.com/2004/06/18/us/harbor.html?pagewanted=2", "https://www.nytimes.com/2004/06/18/us/harbor.html"),
    ("http://www.guardian.co.uk/worldlatest/story/0,,-5011111,00.html", "http://www.guardian.co.uk/worldlatest/story/0,,-5011112,00.html"),
    ("http://www.themoscowtimes.com/stories/2005/06/01/001.html", "http://www.themoscowtimes.com/stories/2005/06/02/001.html"),
    ("http://tass.com/world/979350", "http://tass.com/world/979351"),
    ("https://www.webcitation.org/5pqOKYnYc", "https://www.webcitation.org/5rI8qAaAo"),
    ("http://example.org/%41%2", "http://example.org/A%2F"),
]  # fmt: skip

PUBLISHERS = tomllib.loads(Path(__file__).with_name("publisher_pairs.toml").read_text("utf-8"))["document"]
SAME += [(document["same"][0], url) for document in PUBLISHERS for url in document["same"][1:]]
DIFFERENT += [pair for document in PUBLISHERS for pair in combinations([document["same"][0], *document["other"]], 2)]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_same_document(one, other):
    assert canonical_url(one) == canonical_url(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_documents(one, other):
    assert canonical_url(one) != canonical_url(other)


@pytest.mark.parametrize("url", sorted({url for pair in SAME + DIFFERENT for url in pair}))
def test_canonical_url_is_a_fixed_point_and_agrees_with_the_request(url):
    identity = identify(url)
    assert canonical_url(identity.canonical_url) == identity.canonical_url
    if "#" not in identity.canonical_url:
        assert canonical_url(identity.request_url) == identity.canonical_url


def test_every_rule_with_shapes_has_golden_pairs():
    for rule in (rule for rule in RULES if rule.same):
        shapes = [shape for shape in rule.same if not _is_exercised(shape)]
        assert not shapes, f"{rule.name}: no golden pair exercises {[shape.path.pattern for shape in shapes]}"


def _is_exercised(shape):
    urls = {url for pair in SAME for url in pair}
    places = {url.partition("://")[2].partition("?")[0].partition("#")[0].removeprefix("www.") for url in urls}
    trimmed = {place.rstrip("/").removesuffix("/index.html") for place in places} | {
        place.partition(";")[0] for place in places
    }
    return any(shape.path.fullmatch(place) for place in trimmed)


def test_rules_of_parent_domains_apply_to_their_hosts():
    assert "cid" in site_rules("abcnews.go.com").strip
    assert "cid" in site_rules("abclocal.go.com").strip
    assert site_rules("go.com.example").strip == frozenset()
