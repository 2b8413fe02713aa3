import pytest

from crawler.extraction.encoding import decode

RUSSIAN = "Новый мост через реку Светлую откроют в конце мая, сообщил в четверг представитель дорожного управления."
CHINESE = "市政府昨日宣布，舊碼頭將於下月起關閉九個月，以便重建已經下沉多年的岸壁。港務局表示工人將調往貨櫃場。"
SIMPLE_CHINESE = "市政府昨日宣布，旧码头将于下月起关闭九个月，以便重建已经下沉多年的岸壁。港务局表示工人将调往货柜场。"
JAPANESE = "市は昨日、老朽化した埠頭を来月から九か月間閉鎖し、沈下が続く岸壁を造り直すと発表した。"
KOREAN = "시는 어제 낡은 부두를 다음 달부터 아홉 달 동안 닫고 가라앉는 안벽을 다시 짓는다고 발표했다."
GERMAN = "Die Fähre zwischen den beiden Ufern wird eingestellt, für den neuen Motor fehlen 60 000 € – sagte „Müller“."


def html(text, head=""):
    return f"<html><head>{head}<title>x</title></head><body><p>{text}</p></body></html>"


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (RUSSIAN, "utf-8"),
        (GERMAN, "cp1252"),
        (CHINESE, "big5"),
        (SIMPLE_CHINESE, "gb18030"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc-jp"),
        (KOREAN, "euc-kr"),
    ],
)
@pytest.mark.parametrize("length", [1, 30])
def test_undeclared_text_is_recognised(text, codec, length):
    page = html(text * length)
    assert decode(page.encode(codec), "text/html").text == page


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_decides(codec):
    found = decode(html(RUSSIAN).encode(codec), "text/html; charset=koi8-r")
    assert (found.text, found.evidence) == (html(RUSSIAN), "byte order mark")


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_seen_by_its_nuls(codec):
    assert decode(html(GERMAN).encode(codec), "").encoding == codec


def test_the_header_goes_before_the_page():
    page = html(RUSSIAN, '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">')
    found = decode(page.encode("koi8-r"), "text/html; charset=koi8-r")
    assert (found.text, found.evidence) == (page, "http header")


@pytest.mark.parametrize(
    "head",
    [
        "<meta charset=windows-1251>",
        "<META HTTP-EQUIV='Content-Type' CONTENT='text/html; charset=cp1251'>",
    ],
)
def test_the_page_declares_itself(head):
    page = html(RUSSIAN, head)
    found = decode(page.encode("cp1251"), "text/html")
    assert (found.text, found.evidence) == (page, "meta charset")


def test_an_xml_declaration_counts():
    page = '<?xml version="1.0" encoding="windows-1251"?>' + html(RUSSIAN)
    assert decode(page.encode("cp1251"), "").evidence == "meta charset"


@pytest.mark.parametrize(
    ("label", "codec"),
    [("iso-8859-1", "cp1252"), ("gb2312", "gb18030"), ("x-sjis", "cp932"), ("ks_c_5601-1987", "cp949")],
)
def test_labels_mean_what_browsers_take_them_for(label, codec):
    assert decode(b"<p>\xb0\xa1 plain</p>", f"text/html; charset={label}").encoding == codec


def test_declared_utf_8_that_does_not_decode_is_looked_at():
    page = html(RUSSIAN * 3)
    found = decode(page.encode("cp1251"), "text/html; charset=utf-8")
    assert (found.text, found.encoding) == (page, "cp1251")


def test_a_few_damaged_bytes_do_not_change_the_encoding():
    damaged = html(RUSSIAN * 5).encode()[:-20] + b"\xd0\xff</p>"
    found = decode(damaged, "text/html; charset=utf-8")
    assert found.encoding == "utf-8"
    assert RUSSIAN in found.text


def test_utf_8_under_a_latin_label_is_still_utf_8():
    assert decode(html(GERMAN).encode(), "text/html; charset=iso-8859-1").text == html(GERMAN)


@pytest.mark.parametrize("label", ["rot13", "unicode_escape", "idna", "utf-7", "punycode", "nonsense", "base64"])
def test_labels_that_no_browser_knows_are_ignored(label):
    assert decode(html("plain").encode(), f"text/html; charset={label}").text == html("plain")
