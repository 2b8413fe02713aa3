"""Pages whose form says what they are: columns, pictures, entries, previews; and reports that only look like them."""

import pytest

from storage.types import PageKind

TEXT = [
    "The ferry Lantern ran aground on the sandbank off Quay early on Tuesday with forty passengers on board.",
    "A lifeboat took all of them to the old harbour, where the mayor had coffee made, the coast guard said.",
    "The captain, who has crossed the bay for thirty years, told reporters that the lamp of a buoy had been out.",
    "The port board denied that. It had replaced every lamp in spring and written down the day for each of them.",
    "The ship is to be towed off with the evening tide, when a tug arrives from the neighbouring island.",
    "The line will run two old boats in its place until an expert has looked at the hull and at the engine.",
]
SUBJECTS = ("Bakers' guild", "Old tannery", "Lighthouse club", "School of sails", "Council of Quay", "Glass museum")
VERBS = ("hopes for rain", "closes two halls", "buys back its bell", "sues the tram line", "paints all doors blue")
HEADLINES = [f"{subject} {verb}" for verb in VERBS for subject in SUBJECTS]
CLOCK = [f"{23 - n // 2}:{50 - 30 * (n % 2)}" for n in range(30)]
SHIP = "Ferry runs aground off Quay"


def paragraphs(count=6):
    return "".join(f"<p>{text}</p>" for text in TEXT[:count])


def columns(item):
    return "".join(item.format(clock=CLOCK[n], headline=HEADLINES[n], n=n) for n in range(30))


COLUMNS = {
    "linked, a time before": "<tr><td>{clock}</td><td><a href=/n{n}>{headline}</a></td><td>KNA</td></tr>",
    "linked, a time behind": "<div><a href=/n{n}>{headline}</a> {clock} CET</div>",
    "one long line each": "<span><a href=/n{n}>{headline}</a></span><br>",
    "no links at all": "<div>{clock} {headline}</div>",
    "no links, by agencies": "<font size=2>{headline} (KNA)</font><br>",
    "list items": "<li>{clock} <a href=/n{n}>{headline}</a></li>",
    "with a section": "<div><b>Region</b> <a href=/n{n}>{headline}</a> {clock}</div>",
}


@pytest.mark.parametrize("title", ["Ticker", "News of the day", "Quay Courier - all headlines of Wednesday 4 March"])
@pytest.mark.parametrize("name", COLUMNS)
def test_a_column_of_headlines_is_no_report_however_long(verdict, name, title):
    body = columns(COLUMNS[name])
    found = verdict(f"<h1>{title}</h1><table>{body}</table>", title=title, url="http://www.paper.example/ticker.php")
    assert found.kind in {PageKind.LISTING, PageKind.EMPTY}, found


def test_a_column_of_linked_headlines_is_a_list(verdict):
    body = columns(COLUMNS["linked, a time behind"])
    assert verdict(body, title="All headlines", url="http://www.paper.example/2009/03/04/").kind is PageKind.LISTING


@pytest.mark.parametrize("name", [name for name in COLUMNS if name != "no links at all"])
def test_a_short_report_beside_such_a_column_is_an_article(verdict, name):
    side = f"<table>{columns(COLUMNS[name])}</table>"
    story = f"<h1>{SHIP}</h1>{paragraphs(3)}"
    assert verdict(f"<div>{story}</div><div>{side}</div>", title=f"{SHIP} | Courier").kind is PageKind.ARTICLE


@pytest.mark.parametrize("wrap", [52, 64, 76])
def test_a_report_wrapped_by_hand_is_an_article(verdict, wrap):
    words, lines = " ".join(TEXT).split(), [""]
    for word in words:
        lines[-1:] = [f"{lines[-1]} {word}".strip()] if len(lines[-1]) < wrap else [lines[-1], word]
    body = "<br>".join(lines)
    assert verdict(f"<b>{SHIP}</b><br><br>{body}<br><a href=/>Home</a>", title=SHIP).kind is PageKind.ARTICLE


SEEN = {
    "cartoon": ("<h1>Cartoon: the lamp of the buoy</h1><img src=/c.png width=900><p>Drawn by Anna Quill.</p>", ""),
    "map": ("<h1>Map: where the ferry lies</h1><figure><img src=/m.png></figure><p>Source: port board</p>", ""),
    "picture": (
        (
            "<h2>Sunrise over the sandbank of Quay</h2><div><img src=/p.jpg width=1024></div><p>The ferry on its "
            "sandbank, seen from the old lighthouse at dawn on Wednesday. Photo: A. Quill</p>"
        ),
        "",
    ),
    "video": (
        "<h1>How the ferry was towed off its bank</h1><video src=/v.mp4></video><p>Two tugs and a full moon.</p>"
        + columns("<li><a href=/v{n}>{headline} 2:0{n}</a></li>"),
        '<script type="application/ld+json">{"@type": "VideoObject", "name": "How the ferry was towed"}</script>',
    ),
    "embedded": (
        (
            "<h1>Watch the tug pull the ferry free</h1><iframe src='https://player.vimeo.com/video/1'></iframe>"
            "<p>The tide did the rest of it.</p>"
        ),
        '<meta property="og:type" content="video.other">',
    ),
    "captions": (
        "<h1>The long night of the ferry Lantern</h1>"
        + "".join(f"<figure><img src=/{n}.jpg><figcaption>{text}</figcaption></figure>" for n, text in enumerate(TEXT)),
        "",
    ),
}


@pytest.mark.parametrize("name", SEEN)
def test_something_to_look_at_with_a_caption_is_no_report(verdict, name):
    body, head = SEEN[name]
    assert verdict(f"<div>{body}</div>", title=name.title(), head=head).kind is PageKind.GALLERY


@pytest.mark.parametrize("count", [2, 3, 6])
@pytest.mark.parametrize(
    "shown",
    [
        "<img src=/big.jpg width=1024>",
        "<figure><img src=/big.jpg><figcaption>The ferry at dawn.</figcaption></figure>",
        "<video src=/a.mp4></video>",
    ],
)
def test_a_brief_with_a_picture_or_a_film_is_an_article(verdict, count, shown):
    assert verdict(f"<h1>{SHIP}</h1>{shown}{paragraphs(count)}", title=f"{SHIP} | Q").kind is PageKind.ARTICLE


ENTRIES = {
    "bold": "<p><b>{clock}</b> - {text}</p>",
    "line": "{clock}: {text}<br>",
    "own line": "<div class=t>{clock}</div><div>{text}</div>",
    "permanent link": "<p><a href='#{clock}'>{clock}</a></p><p>{text}</p>",
    "zone": "<h4>{clock} GMT</h4><p>{text}</p>",
}


def entries(form, clocks):
    return "".join(form.format(clock=clock, text=text) for clock, text in zip(clocks, TEXT, strict=False))


@pytest.mark.parametrize("name", ENTRIES)
def test_entries_with_the_latest_first_are_a_live_report(verdict, name):
    body = f"<h1>{SHIP}</h1><p>By Anna Quill</p>" + entries(ENTRIES[name], CLOCK)
    assert verdict(body, title=f"{SHIP} | Courier").kind is PageKind.LIVE_BLOG


@pytest.mark.parametrize("name", ENTRIES)
def test_a_chronology_from_the_beginning_needs_the_name_as_well(verdict, name):
    body = f"<h1>{SHIP}</h1>" + entries(ENTRIES[name], CLOCK[5::-1])
    assert verdict(body, title=f"{SHIP} | Courier").kind is PageKind.ARTICLE
    named = verdict(body, title=f"Live: {SHIP}", url="http://www.paper.example/live/ferry-aground-off-quay")
    assert named.kind is PageKind.LIVE_BLOG


@pytest.mark.parametrize(
    "title", ["Live from the quay: ferry aground", "Ferry aground - live", "Ticker: ferry aground"]
)
def test_a_report_that_is_only_called_live_is_an_article(verdict, title):
    found = verdict(f"<h1>{title}</h1>{paragraphs()}", title=title, url="http://www.paper.example/live/ferry-aground")
    assert found.kind is PageKind.ARTICLE


def test_a_report_with_dated_comments_below_is_an_article(verdict):
    comments = "".join(f"<div>{clock} Anna wrote:</div><p>I said so years ago, and again.</p>" for clock in CLOCK[:9])
    body = f"<h1>{SHIP}</h1>{paragraphs()}<div id=comments>{comments}</div>"
    assert verdict(body, title=SHIP).kind is PageKind.ARTICLE


PREVIEWS = {
    "words": "<p>You have seen 58 of 733 words.</p><a href=/buy>Get the article</a>",
    "preview": "<p>This preview shows the beginning. A subscription opens the rest.</p>",
    "more words": "<p>412 more words in the archive, for members.</p>",
}


@pytest.mark.parametrize("name", PREVIEWS)
def test_a_beginning_with_an_offer_for_the_rest_is_a_teaser(verdict, name):
    found = verdict(f"<h1>{SHIP}</h1><p>{TEXT[0]}</p><p>{TEXT[1][:-40]}...</p>{PREVIEWS[name]}", title=SHIP)
    assert found.kind is PageKind.TEASER


@pytest.mark.parametrize(
    ("text", "offer"),
    [
        (
            "渡轮灯笼号星期二清晨在港外沙洲搁浅，船上有四十名乘客，救生艇把他们全部送回旧港。",
            "以上为试读部分，购买后可阅读全文。",
        ),
        (
            "フェリー「灯籠」は火曜日の早朝、沖の砂州に乗り上げた。乗客四十人は全員が救助された。",
            "残り：1,204文字 この先は会員の方のみ",
        ),
        (
            "여객선 등불호가 화요일 새벽 항구 앞 모래톱에 좌초했다. 승객 마흔 명은 모두 구조됐다.",
            "전문은 유료 회원에게 제공됩니다.",
        ),
    ],
)
def test_a_beginning_cut_for_members_in_east_asia_is_a_teaser(verdict, text, offer):
    body = f"<h1>{text[:12]}</h1><p>{text * 2}</p><div>{offer}</div>"
    assert verdict(body, title=text[:12]).kind is PageKind.TEASER
    assert verdict(body.replace(offer, ""), title=text[:12]).kind is PageKind.ARTICLE


NOT_FREE = '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": false}</script>'


@pytest.mark.parametrize(("count", "kind"), [(2, PageKind.TEASER), (6, PageKind.ARTICLE)])
def test_what_is_declared_not_free_but_stands_there_whole_is_an_article(verdict, count, kind):
    counter = "<div>You have read 2 of your 5 free articles this month.</div>"
    found = verdict(f"{counter}<h1>{SHIP}</h1>{paragraphs(count)}", title=SHIP, head=NOT_FREE)
    assert found.kind is kind


FRAME = "<div><a href=/>Courier</a> <a href=/w>World</a> <a href=/s>Sport</a></div>"
READ_ALSO = "<h2>Most read</h2>" + columns(
    "<h3><a href=/n{n}>{headline}</a></h3><p><a href=/n{n}>It is the third.</a></p>"
)


@pytest.mark.parametrize(
    "notice",
    [
        (
            "<h1>Oh dear</h1><p>There was a story at this address once. The page has been removed, or the link may be "
            "broken; our archive has everything since 1999 and can be searched by everybody.</p>"
        ),
        "<h1>Sorry</h1><p>This article is no longer available, as its author asked us to take it down again.</p>",
        "<h1>Access denied</h1><p>The content has been removed by an editor and is no longer available.</p>",
    ],
)
@pytest.mark.parametrize("below", ["", READ_ALSO])
def test_a_notice_inside_the_frame_of_the_site_is_what_the_page_says(verdict, notice, below):
    found = verdict(f"{FRAME}{notice}{below}<div>Privacy policy</div>", title="Courier")
    assert found.kind is PageKind.SOFT_404


@pytest.mark.parametrize("query", ["/search?q=lamp", "/suche?begriff=lamp", "/?q=lamp"])
def test_a_search_that_found_nothing_is_a_list(verdict, query):
    body = f"{FRAME}<h1>Search</h1><p>No results found for articles with the word lamp.</p>{READ_ALSO}"
    assert verdict(body, title="Search", url=f"http://www.paper.example{query}").kind is PageKind.LISTING


TRACES = {
    "python": "<h1>KeyError at /story/9</h1><pre>'title'</pre><table><tr><th>Exception Type:</th><td>KeyError</table>",
    "java": "<h1>Error</h1><pre>cms.NotBuilt\n at cms.Story.build(Story.java:88)\n at Main.run(Main.java:7)</pre>",
    "php": "<pre>PHP Stack:\n#0 /srv/www/lib/story.php(88): load(9)\n#1 /srv/www/index.php(7): show()</pre>",
    "node": "<pre>TypeError\n    at render (/srv/app/story.js:88:11)\n    at next (/srv/app/main.js:7:3)</pre>",
    "ruby": "<h1>NoMethodError in Stories#show</h1><pre>/srv/app/models/story.rb:88:in `title'</pre>",
}


@pytest.mark.parametrize("name", TRACES)
def test_a_stack_trace_is_an_error(verdict, name):
    assert verdict(TRACES[name], title="").kind is PageKind.ERROR_PAGE


GATEWAY = "<div id='cf-error-details'><h1>{title}</h1><p>Host: Error</p><p>Please try again in a few minutes.</p></div>"


@pytest.mark.parametrize(
    ("title", "status"),
    [
        ("paper.example | 502: Bad gateway", 502),
        ("paper.example | 522: Connection timed out", 522),
        ("paper.example | 504: Gateway time-out", 200),
        ("DNS resolution error | paper.example", 530),
    ],
)
def test_a_protecting_service_that_reports_a_failure_checks_nobody(verdict, title, status):
    heading = title.replace("paper.example", "").strip("| ")
    assert verdict(GATEWAY.format(title=heading), title=title, status=status).kind is PageKind.ERROR_PAGE


@pytest.mark.parametrize(("title", "status"), [("Attention Required!", 403), ("Just a moment...", 503)])
def test_the_same_service_that_asks_for_a_check_is_a_check(verdict, title, status):
    body = "<div id='cf-error-details'><h1>One more step</h1><p>Please complete the security check to access.</p></div>"
    assert verdict(body, title=title, status=status).kind is PageKind.CHALLENGE


def test_scripts_of_others_alone_are_nothing_and_own_scripts_would_fill_the_page(verdict):
    foreign = "<script src='https://count.example/c.js'></script><script src='//ads.example/a.js'></script>"
    own = "<script src='/js/a.js'></script><script src='//static.paper.example/b.js'></script>"
    assert verdict(foreign).kind is PageKind.EMPTY
    assert verdict(own).kind is PageKind.NEEDS_JAVASCRIPT


def test_the_route_of_an_application_is_no_home_page(verdict):
    shell = "<script src=/a.js></script><script src=/b.js></script>"
    assert verdict(shell, url="http://www.paper.example/#!/story/17").kind is PageKind.NEEDS_JAVASCRIPT


SUMMARIES = {
    "more below": "<h3>{headline}</h3><p>{text}</p><a href=/n{n}>Read more</a>",
    "more behind": "<div><b>{headline}</b><br>{text} <a href=/n{n}>Weiterlesen</a></div>",
    "short headline": "<div><a href=/n{n}>Bell rings</a><br>{text}<br><a href=/n{n}>full story</a></div>",
    "linked headline": "<h3><a href=/n{n}>{headline}</a></h3><p>{text}</p>",
}


@pytest.mark.parametrize("name", SUMMARIES)
def test_summaries_that_lead_to_their_reports_are_no_report(verdict, name):
    body = "".join(SUMMARIES[name].format(headline=HEADLINES[n], text=TEXT[n % 6], n=n) for n in range(12))
    found = verdict(f"<h1>Region</h1>{body}", title="Region | Courier", url="http://www.paper.example/region/")
    assert found.kind in {PageKind.LISTING, PageKind.EMPTY}


def test_one_link_to_more_inside_a_report_takes_nothing_from_it(verdict):
    body = f"<h1>{SHIP}</h1>{paragraphs(3)}<p>{HEADLINES[0]}: {TEXT[3]} <a href=/n1>Read more</a></p>{paragraphs(5)}"
    assert verdict(body, title=SHIP).kind is PageKind.ARTICLE


CREDITED = {
    "credit": "<div><img src=/{n}.jpg width=800><p>{text} Photo: A. Quill/KNA</p></div>",
    "credit in brackets": "<p><img src=/{n}.jpg></p><p>{text} (Foto: A. Quill)</p>",
    "number": "<div><img src=/{n}.jpg width=800><p>{n}/12 {text}</p></div>",
}


@pytest.mark.parametrize("name", CREDITED)
def test_captions_are_no_report_however_many(verdict, name):
    body = "".join(CREDITED[name].format(text=TEXT[n % 6], n=n) for n in range(1, 13))
    assert verdict(f"<h1>The night on the sandbank</h1>{body}", title="On the sandbank").kind is PageKind.GALLERY


def test_a_report_with_a_credited_picture_after_each_paragraph_is_an_article(verdict):
    body = "".join(f"<p>{text}</p><img src=/{n}.jpg><div>Photo: A. Quill</div>" for n, text in enumerate(TEXT))
    assert verdict(f"<h1>{SHIP}</h1>{body}", title=SHIP).kind is PageKind.ARTICLE


OFFERS = [
    "<div>Choose your subscription</div><div>Digital: 4.99 a month</div>",
    "<p>Purchase the complete article for $2.95</p>",
    "<p>Esta noticia es exclusiva para suscriptores</p><p>Suscríbete desde 1 € al mes</p>",
]


@pytest.mark.parametrize("offer", OFFERS)
def test_an_offer_counts_where_the_text_breaks_off(verdict, offer):
    cut = f"<h1>{SHIP}</h1><p>{TEXT[0]}</p><p>{TEXT[1][:70]}...</p>{offer}"
    assert verdict(cut, title=SHIP).kind is PageKind.TEASER
    assert verdict(f"<h1>{SHIP}</h1>{paragraphs(4)}{offer}", title=SHIP).kind is PageKind.ARTICLE


LONG_NOTICES = [
    (
        (
            "We have searched the bay with two boats and a dog, but the page you wanted is not to be found. Perhaps "
            "it never put to sea, or its address was written on wet paper. Try the front page or the search."
        ),
        PageKind.SOFT_404,
    ),
    (
        (
            "Our site is being moved to new servers this night, so that pages load faster for you. We apologise for "
            "the inconvenience and thank you for your patience. The newsroom can be reached by phone at any hour."
        ),
        PageKind.ERROR_PAGE,
    ),
]


@pytest.mark.parametrize(("text", "kind"), LONG_NOTICES)
def test_a_notice_may_take_a_paragraph_where_it_speaks_to_the_reader(verdict, text, kind):
    assert verdict(f"{FRAME}<h1>Man overboard!</h1><p>{text}</p>", title="Courier").kind is kind


def test_a_brief_that_reports_the_same_of_others_is_an_article(verdict):
    text = (
        "QUAY, March 12 (KNA) - The page of the ferry line could not be found for six hours on Tuesday, and its server "
        "was down for maintenance until noon. Nobody apologised to the passengers, who waited at the old harbour."
    )
    assert verdict(f"<p>{text}</p>", title="Kestrel News Agency").kind is PageKind.ARTICLE


def test_a_page_refused_for_legal_reasons_is_no_article(verdict):
    text = "Readers in some countries are kept out by a rule about data, which the paper has not had time to study yet."
    assert verdict(f"<p>{text} {text}</p>", status=451).kind is PageKind.ERROR_PAGE


def test_the_title_speaks_for_the_text_where_there_is_no_heading(verdict):
    story = "<br><br>".join(TEXT[:3])
    side = "".join(f"<a href=/n{n}>{headline}</a><br>" for n, headline in enumerate(HEADLINES))
    body = f"<table><tr><td>{story}</td><td>{side}</td></tr></table>"
    assert verdict(body, title=SHIP).kind is PageKind.ARTICLE
