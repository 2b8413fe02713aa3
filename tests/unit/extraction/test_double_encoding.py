import pytest

from crawler.extraction.encoding import decode
from crawler.extraction.mojibake import undo_double_encoding

TEXTS = {
    "de": "Die Fähre zwischen den Ufern wird eingestellt, sagte „Müller“ – für 60 €.",
    "fr": "La passerelle sera fermée dès l’été, a annoncé le maire à l’hôtel de ville.",
    "pl": "Most zostanie zamknięty w środę, poinformował rzecznik urzędu miasta.",
    "ru": "Новый мост через реку Светлую откроют в конце мая, сообщил представитель управления.",
    "el": "Η γέφυρα θα κλείσει την Τετάρτη, ανακοίνωσε ο εκπρόσωπος του δήμου.",
    "ar": "أغلق الجسر يوم الأربعاء، وفق ما أعلن المتحدث باسم البلدية.",
    "ja": "市は昨日、老朽化した埠頭を来月から九か月間閉鎖すると発表した。",
}


def html(text):
    return f"<html><body><p>{text}</p>\n<p>{text}</p></body></html>"


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("codec", ["latin-1", "sloppy-windows-1252", "sloppy-windows-1251"])
def test_what_was_encoded_twice_is_undone(text, codec):
    doubled = html(text).encode().decode(codec).encode()
    found = decode(doubled, "text/html; charset=utf-8")
    assert found.text == html(text)
    assert "double encoding undone" in found.evidence


def test_what_was_encoded_three_times_is_undone():
    twice = html(TEXTS["fr"]).encode().decode("latin-1").encode().decode("latin-1").encode()
    assert decode(twice, "").text == html(TEXTS["fr"])


def test_only_the_damaged_part_of_a_page_is_touched():
    damaged = TEXTS["fr"].encode().decode("sloppy-windows-1252")
    page = f"<p>Städte – „Menü“</p><p>{damaged}</p>"
    assert undo_double_encoding(page).text == f"<p>Städte – „Menü“</p><p>{TEXTS['fr']}</p>"


@pytest.mark.parametrize(
    "text",
    [
        *TEXTS.values(),
        *(text.upper() for text in TEXTS.values()),
        "Das MENÜ“ ist da",
        "« CAFÉ » et « ÉTÉ »",
        "CORAÇÃO – Ãƒ",
        "Він їв «Січ» – Ґанок, РІ та СЃ",
        "100 °C, 5 £, ½ © ® – ™ …",
    ],
)
def test_sound_text_stays_as_it_is(text):
    assert undo_double_encoding(text).text == text
    assert decode(html(text).encode(), "").text == html(text)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("<p>Müller – später</p>\n".encode() * 2 + "<p>Fähre über</p>".encode("cp1252"), "<p>Fähre über</p>"),
        ("<p>Müller – später</p>".encode() * 2 + "Mitgef\xfchl w\xe4hlen".encode("latin-1"), "Mitgefühl wählen"),
        ("<p>“quoted” – once</p>\n".encode() * 3 + b"<p>it\x92s here</p>", "<p>it’s here</p>"),
        (
            "<p>Город у реки Светлой – город</p>\n".encode() * 9
            + "<p>Новый мост через реку открыт вчера</p>".encode("cp1251"),
            "Новый мост через",
        ),
    ],
)
@pytest.mark.parametrize("declared", ["", "text/html; charset=utf-8", "text/html; charset=iso-8859-1"])
def test_islands_in_a_page_of_utf_8_are_read(content, text, declared):
    found = decode(content, declared)
    assert text in found.text
    assert "\ufffd" not in found.text
    assert found.evidence.startswith("UTF-8 with")


def test_a_sequence_that_breaks_off_stays_damage():
    found = decode("<p>Müller – später – „ja“</p>\n".encode() * 4 + b"<p>and so \xe2\x80</p>", "")
    assert found.text.endswith("so \ufffd</p>")


@pytest.mark.parametrize(
    ("text", "codec", "declared"),
    [
        ("ru", "cp1251", "iso-8859-1"),
        ("ru", "koi8-r", "windows-1251"),
        ("ru", "cp1251", "koi8-r"),
        ("ru", "iso8859-5", "windows-1251"),
        ("el", "cp1253", "windows-1252"),
        ("ja", "euc-jp", "gb2312"),
        ("ja", "shift_jis", "iso-8859-1"),
        ("ja", "iso-2022-jp", "iso-8859-1"),
        ("de", "cp1252", "koi8-r"),
    ],
)
def test_a_wrong_declaration_is_seen_by_what_it_gives(text, codec, declared):
    page = html(TEXTS[text] * 2)
    found = decode(page.encode(codec), f"text/html; charset={declared}")
    assert found.text == page


def test_the_evidence_names_the_declaration_that_was_not_believed():
    found = decode(html(TEXTS["ru"]).encode("cp1251"), "text/html; charset=koi8-r")
    assert found.evidence == "content detection; not koi8-r as declared"
