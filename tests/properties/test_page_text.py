"""Text survives its encodings, and nothing a page states about itself makes a finder raise."""

import json
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.extraction.dateline import read_dateline
from crawler.extraction.document import parse_page
from crawler.extraction.encoding import decode
from crawler.extraction.metadata.about import find_about
from crawler.extraction.metadata.captions import split_credit, tidy_credit
from crawler.extraction.metadata.corrections import is_notice
from crawler.extraction.metadata.image_names import is_mark, same_picture
from crawler.extraction.metadata.site import find_site_name
from crawler.extraction.mojibake import undo_double_encoding
from crawler.extraction.page import Found

MOMENT = datetime(2010, 6, 1, 12, tzinfo=UTC)
WORDS = {
    "ru": (
        "город мост река закрыли дорога вчера сообщил представитель управления в конце мая рабочие строили новый старый"
        " паром через Светлую Москва четверг"
    ),
    "de": "die Fähre über den Fluss wird später geführt für große Bürger möglich schön Städte Müller sagte Öl Übung",
    "fr": "le pont a été fermé dès l’été à l’hôtel de ville où l’on déjeune près du château français élève",
    "el": "γέφυρα κλείσει Τετάρτη ανακοίνωσε εκπρόσωπος δήμου μετά συνεδρίαση πόλης ποταμός δρόμος νέα",
    "ja": "市は昨日 老朽化した埠頭を 来月から閉鎖し 岸壁を造り直すと 発表した 橋の工事が 始まります",
    "zh": "市政府昨日宣布 旧码头将于下月起关闭 以便重建岸壁 港务局表示 工人将调往货柜场 大桥明年完工",
    "ko": "시는 어제 낡은 부두를 다음 달부터 닫고 안벽을 다시 짓는다고 발표했다 다리는 내년에 완공된다",
}
CODECS = {
    "ru": ("cp1251", "koi8-r", "utf-8", "utf-16"),
    "de": ("cp1252", "utf-8", "utf-16"),
    "fr": ("cp1252", "utf-8"),
    "el": ("cp1253", "utf-8"),
    "ja": ("shift_jis", "euc-jp", "utf-8"),
    "zh": ("gb18030", "utf-8", "utf-16"),
    "ko": ("euc-kr", "utf-8"),
}
WRONG = ("", "utf-8", "iso-8859-1", "windows-1252", "nonsense")
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=15),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "url", "@type"]), inner, max_size=3)
    ),
    max_leaves=8,
)
KEYS = (
    *("articleSection", "keywords", "image", "publisher", "isAccessibleForFree", "author", "provider", "caption"),
    *("itemListElement", "headline", "logo"),
)
METAS = ("og:image", "og:image:width", "keywords", "article:tag", "article:section", "og:site_name", "og:url", "source")


@st.composite
def written(draw):
    """(text, codec, declared charset): some sentences of a language in one of its encodings."""
    language = draw(st.sampled_from(sorted(WORDS)))
    words = draw(st.permutations(WORDS[language].split())) * draw(st.integers(2, 6))
    codec = draw(st.sampled_from(CODECS[language]))
    return " ".join(words), codec, draw(st.sampled_from((*WRONG, codec)))


@settings(max_examples=150, deadline=None)
@given(case=written())
def test_text_comes_back_from_its_encodings_whatever_is_declared(case):
    text, codec, declared = case
    page = f"<html><head><title>x</title></head><body><p>{text}</p></body></html>"
    assert decode(page.encode(codec), f"text/html; charset={declared}" if declared else "text/html").text == page


@settings(max_examples=100, deadline=None)
@given(case=written(), codec=st.sampled_from(["latin-1", "sloppy-windows-1252", "sloppy-windows-1251"]))
def test_double_encoding_is_undone_and_sound_text_is_not_touched(case, codec):
    page = f"<p>{case[0]}</p>"
    assert undo_double_encoding(page).text == page
    assert decode(page.encode().decode(codec).encode(), "").text == page


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=120))
def test_undoing_never_raises_and_is_done_once(text):
    undone = undo_double_encoding(text).text
    assert undo_double_encoding(text, text.encode("utf-8", "ignore")).text in (undone, text)


@settings(max_examples=120, deadline=None)
@given(
    data=st.dictionaries(st.sampled_from(KEYS), JUNK, max_size=6),
    metas=st.lists(st.tuples(st.sampled_from(METAS), st.text(max_size=30)), max_size=4),
    kind=st.sampled_from(["NewsArticle", "BreadcrumbList", "WebSite"]),
    body=st.text(max_size=80),
)
def test_no_value_of_a_wrong_type_raises(data, metas, kind, body):
    head = f'<script type="application/ld+json">{json.dumps(data | {"@type": kind})}</script>'
    head += "".join(f'<meta property="{name}" content="{value}">' for name, value in metas)
    html = f"<html><head>{head}</head><body><img src='{body[:9]}' width='{body[:3]}'><p>{body}</p></body></html>"
    page = parse_page(html, "http://www.paper.example/a/b", MOMENT)
    about = find_about(page, body[:20], body[:9], "Paper", (body, "second"))
    for found in (*about.found.values(), find_site_name(page)):
        assert isinstance(found, Found)
        assert isinstance(found.value, str)
        assert 0 <= found.confidence <= 1
    assert len(about.keywords.values) <= 30


@settings(max_examples=300, deadline=None)
@given(
    text=st.text(max_size=200) | st.from_regex(r"[A-Z]{3,9}, [A-Z][a-z]{2} \d{1,2} \([A-Za-z/]{2,9}\) ?-{0,2} .{0,20}")
)
def test_any_text_can_be_asked_for_a_dateline_a_notice_or_a_credit(text):
    found = read_dateline(text)
    assert found is None or (found.line and found.line in text)
    assert is_notice(text) in (True, False)
    assert all(isinstance(part, str) for part in (*split_credit(text), tidy_credit(text)))
    assert is_mark(text) in (True, False)
    assert same_picture(text, text)
