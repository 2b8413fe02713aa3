import pytest

from crawler.urls.tracking import identifies, is_tracking


@pytest.mark.parametrize(
    "path",
    [
        "/news/1234567",
        "/2004/03/12/harbor.html",
        "/2011/feb/03/harbor",
        "/world/harbor-fire-leaves-ten-homeless",
        "/story/0,10117,20275121-401,00.html",
    ],
)
def test_paths_that_identify(path):
    assert identifies(path)


@pytest.mark.parametrize(
    "path", ["/", "/index.php", "/news/article.cfm", "/news/2004/", "/world/latest-news", "/a-b-c-"]
)
def test_paths_that_do_not(path):
    assert not identifies(path)


@pytest.mark.parametrize(
    ("name", "value", "path", "tracking"),
    [
        ("utm_term", ".eee9a04e", "/", True),
        ("cmp", "OTC-RSSFeeds0312", "/wireStory", True),
        ("wt.mc_id", "rssafrica", "/", True),
        ("phpsessid", "ab12", "/", True),
        ("from", "rss_World", "/index.php", True),
        ("from", "10", "/index.php", False),
        ("from", "10", "/2004/03/12/harbor.html", True),
        ("module", "news", "/index.php", False),
        ("module", "Ribbon", "/2015/11/28/harbor.html", True),
        ("ref", "wsj:2004:03:12:352556", "/archives/read.php", False),
        ("amp", "", "/", True),
        ("amp", "1", "/", True),
        ("amp", "17", "/", False),
        ("print", "1", "/story.php", True),
        ("print", "20041", "/story.php", False),
        ("outputtype", "amp", "/story", True),
        ("outputtype", "pdf", "/story", False),
        ("nav", "0RbQafYo", "/Global/story.asp", True),
        ("nav", "0RbQafYo", "/story.asp", False),
        ("cid", "1107141481515", "/servlet/Satellite", False),
        ("", "rss", "/story", True),
        ("cid", "sm_tw", "/2009/12/04/harbor", True),
        ("cid", "sm_tw", "/story.php", False),
        ("cid", "1107141481515", "/2009/12/04/harbor", False),
        ("section", "rss", "/2009/12/04/harbor", True),
        ("section", "world", "/2009/12/04/harbor", False),
        ("anything", "twitter", "/2009/12/04/harbor", True),
        ("anything", "twitter", "/index.php", False),
        ("anything", "tw", "/2009/12/04/harbor", False),
        ("q", "twitter", "/2009/12/04/harbor", False),
        ("view", "htmlamp", "/story", True),
        ("view", "article", "/story", False),
        ("mode", "print", "/story", True),
        ("mode", "thread", "/2009/12/04/harbor", False),
        ("replytocom", "4711", "/2009/12/04/harbor", True),
        ("autoplay", "1", "/2009/12/04/harbor", True),
        ("autoplay", "1", "/watch", False),
        ("gad_campaignid", "4711", "/", True),
        ("position", "20", "/list.php", False),
    ],
)
def test_tracking(name, value, path, tracking):
    assert is_tracking(name, value, path) is tracking
