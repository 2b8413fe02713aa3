"""Pairs of texts with what the change between them is, and whether it matters."""

import pytest

from crawler.changes import change_between

HEAD = "Fire destroys the fish market of Merrow"
STORY = """A fire broke out at the fish market of Merrow before dawn. It killed 12 people, most of them traders.

Mr. Smith of the Lind brigade said that the roof fell within minutes. The quay is closed until Wednesday.

The market was built in 1911. It was to be renovated next year at a cost of 3.5 million crowns.

Nobody has been arrested. The cause is not known yet."""
GERMAN = """Am 12. Mai brannte die Fischhalle von Merrow ab. Dabei starben zwölf Menschen, und der Schaden ist groß.

Die Feuerwehr aus Lind kam nach 20 Minuten. Das Dach war z. B. schon eingestürzt."""
FRENCH = """Un incendie a détruit la halle de Merrow dimanche matin. Il a fait 12 morts, selon M. Lind.

Le quai est fermé jusqu'à mercredi. Personne n'a été arrêté."""
RUSSIAN = """Пожар уничтожил рыбный рынок в Мерроу в воскресенье утром. Погибли 12 человек.

Причина пожара пока неизвестна. Набережная закрыта до среды."""
CHINESE = """周日凌晨，梅罗鱼市场发生火灾。火灾造成12人死亡。

起火原因尚不清楚。码头将关闭至周三。"""
JAPANESE = """日曜日の未明、メロー魚市場で火災が発生した。12人が死亡した。

「原因は不明です。」と消防署は述べた。埠頭は水曜日まで閉鎖される。"""
ARABIC = """اندلع حريق في سوق السمك في ميرو فجر الأحد. قتل 12 شخصا في الحريق.

لم يعرف سبب الحريق بعد. أغلق الرصيف حتى الأربعاء."""
BOX = "\n\n## Related stories\n\n- Ferry sails again\n\n- Mayor opens a new school"


def end(text):
    return lambda body: f"{body}\n\n{text}"


def top(text):
    return lambda body: f"{text}\n\n{body}"


STAMPS = [
    ("Updated 3 minutes ago", "Updated 5 minutes ago"),
    ("Last updated 10:40", "Last updated 11:05"),
    ("Updated: 12 May 2019 10:40 GMT", "Updated: 12 May 2019 12:02 GMT"),
    ("Published 12 May 2019, last updated an hour ago", "Published 12 May 2019, last updated 2 hours ago"),
    ("3 hours ago", "4 hours ago"),
    ("Aktualisiert vor 3 Minuten", "Aktualisiert vor 2 Stunden"),
    ("Stand: 12. Mai 2019, 10:40 Uhr", "Stand: 12. Mai 2019, 14:10 Uhr"),
    ("Mis à jour il y a 5 minutes", "Mis à jour le 12 mai 2019 à 10h40"),
    ("Actualizado hace 2 horas", "Actualizado hace 3 horas"),
    ("Aggiornato alle 10:40", "Aggiornato alle 11:20"),
    ("Обновлено 5 минут назад", "Обновлено 12 мая 2019, 10:40"),
    ("更新时间：2019年5月12日 10:40", "更新时间：2019年5月12日 11:40"),
    ("最終更新 2019年5月12日 10時40分", "最終更新 2019年5月12日 12時00分"),
    ("3분 전", "8분 전"),
    ("منذ 3 دقائق", "منذ 9 دقائق"),
    ("12 comments", "31 comments"),
    ("12 comments · 45 shares", "13 comments · 51 shares"),
    ("1.2k views", "3.4k views"),
    ("12 Kommentare", "14 Kommentare"),
    ("Просмотров: 120", "Просмотров: 340"),
    ("댓글 12", "댓글 19"),
    ("1,204 people are watching", "980 people are watching"),
    ("3 new updates", "5 new updates"),
    ("4 min read", "5 min read"),
    ("Lesezeit: 4 Minuten", "Lesezeit: 5 Minuten"),
    ("Temps de lecture : 3 min", "Temps de lecture : 4 min"),
    ("Read more: Ferry sails again", "Read more: Mayor opens a new school"),
    ("Lesen Sie auch: Fähre fährt wieder", "Lesen Sie auch: Neue Schule in Lind"),
    ("Читайте также: Паром снова ходит", ""),
    ("", "Sign up for our morning newsletter."),
    ("Abonnieren Sie unseren Newsletter!", ""),
    ("Photo: Ada Lind/Harbour Post", "Photo: Ola Strand"),
    ("", "Advertisement"),
    ("", "Nobody has been arrested. The cause is not known yet."),
    ("## Related stories\n\n- Ferry sails again", "## Related stories\n\n- Ferry sinks\n\n- Mayor resigns"),
    ("Most read\n\nFerry sails again", "Most read\n\nA new school for Lind\n\nHarbour dues to rise"),
]
PARAGRAPHS = STORY.split("\n\n")
LAST_FIRST = "\n\n".join([PARAGRAPHS[-1], *PARAGRAPHS[:-1]])
NOISE = [(HEAD, place(STORY) if text else STORY, HEAD, other(STORY) if new else STORY)
         for text, new in STAMPS for place, other in [(end(text), end(new))]] + [
    (HEAD, STORY, HEAD, top(HEAD)(STORY)),
    (HEAD, STORY, HEAD.upper(), STORY.replace(". ", "! ").replace("traders", "\u201ctraders\u201d")),
    (HEAD, STORY, HEAD, STORY.replace("\n\n", "\n\n\n").replace(" ", "\u00a0")),
    (HEAD, STORY, HEAD, STORY.replace("\n\n", " ")),
    (HEAD, "Updated 3 minutes ago. " + STORY, HEAD, "Updated 5 minutes ago. " + STORY),
    (HEAD, GERMAN, HEAD, GERMAN.replace("ß", "ss")),
    (HEAD, CHINESE, HEAD, CHINESE.replace("，", "")),
]  # fmt: skip
"""Nothing that matters changed."""

WORDS = [
    ("12 p", "13 p"),
    ("Smith", "Smyth"),
    ("not known", "known"),
    ("3.5", "35"),
    ("traders", "dealers"),
    ("12人", "13人"),
]
HIDDEN = [
    (headline, old.replace(word, instead), other, new)
    for headline, old, other, new in NOISE
    for word, instead in WORDS
    if old.count(word) == 1
]
"""The same pairs with one word, name or figure in one sentence changed."""

KINDS = [
    ("correction", STORY, STORY.replace("12 people", "14 people"), "figures changed: 12 -> 14"),
    ("correction", STORY, STORY.replace("3.5 million", "35 million"), "figures changed: 3.5 -> 35"),
    ("correction", STORY, STORY.replace("3.5 million", "3,500 million"), "figures changed: 3.5 -> 3,500"),
    ("correction", STORY, STORY.replace("Smith", "Smyth"), "names changed: Smith -> Smyth"),
    ("correction", STORY, STORY.replace("Wednesday", "Thursday"), "names changed: Wednesday -> Thursday"),
    ("correction", STORY, STORY.replace("12", "14").replace("1911", "1912"), "12 -> 14, 1911 -> 1912"),
    ("correction", GERMAN, GERMAN.replace("20 Minuten", "30 Minuten"), "figures changed: 20 -> 30"),
    ("correction", GERMAN, GERMAN.replace("Merrow", "Merow"), "names changed: Merrow -> Merow"),
    ("correction", FRENCH, FRENCH.replace("12 morts", "13 morts"), "figures changed: 12 -> 13"),
    ("correction", RUSSIAN, RUSSIAN.replace("12", "14"), "figures changed: 12 -> 14"),
    ("correction", CHINESE, CHINESE.replace("12", "14"), "figures changed: 12 -> 14"),
    ("correction", JAPANESE, JAPANESE.replace("12", "14"), "figures changed: 12 -> 14"),
    ("correction", ARABIC, ARABIC.replace("12", "14"), "figures changed: 12 -> 14"),
    ("correction", STORY, end("Correction: The market was built in 1911, not in 1901.")(STORY), "a new notice"),
    ("correction", STORY, top("An earlier version of this article misstated the year.")(STORY), "a new notice"),
    ("correction", STORY, end("## Correction\n\nThe market was built of wood.")(STORY), "a new notice"),
    ("correction", GERMAN, end("Korrektur: In Lind starb niemand.")(GERMAN), "a new notice"),
    ("correction", FRENCH, end("Une version précédente de cet article donnait 14 morts.")(FRENCH), "a new notice"),
    ("correction", RUSSIAN, end("Исправление: погибли 12 человек, а не 14.")(RUSSIAN), "a new notice"),
    ("correction", CHINESE, end("更正：火灾造成十二人死亡，而非十四人。")(CHINESE), "a new notice"),
    ("correction", end("Correction: It was 1911.")(STORY) +
     " Really.", end("Correction: It was 1911, not 1901.")(STORY),
     "a new notice"),
    ("addition", STORY, end("The mayor, Ada Lind, called it the worst night in the town's history.")(STORY), "1 sent"),
    ("addition", STORY, end("The mayor came. She spoke for an hour to traders who had lost all.")(STORY)
     .replace("12 people", "14 people"), "2 sentences added, 1 sentence changed"),
    ("addition", GERMAN, end("Der Bürgermeister kam am Abend.")(GERMAN), "1 sentence added"),
    ("addition", CHINESE, CHINESE + "市长周日晚上到达现场。", "1 sentence added"),
    ("addition", JAPANESE, JAPANESE + "市長は夜に現場を訪れた。", "1 sentence added"),
    ("addition", ARABIC, ARABIC + " وصل رئيس البلدية مساء.", "1 sentence added"),
    ("addition", STORY, end("- 12 comments were read out")(STORY), "1 sentence added"),
    ("addition", STORY, end("Related: the mayor resigned, too.")(STORY), "1 sentence added"),
    ("addition", "", STORY, "sentences added, 0 kept"),
    ("cut", STORY, STORY[: STORY.index("\n\nThe market")], "4 sentences removed"),
    ("cut", STORY, STORY.replace(" Nobody has been arrested.", "").replace("Nobody has been arrested. ", ""), "1 sent"),
    ("cut", RUSSIAN, RUSSIAN.replace(" Погибли 12 человек.", ""), "1 sentence removed"),
    ("cut", STORY, "", "removed, 0 kept"),
    ("reorder", STORY, LAST_FIRST, "2 sentences moved"),
    ("reorder", CHINESE, "\n\n".join(reversed(CHINESE.split("\n\n"))), "2 sentences moved"),
    ("rewrite", STORY, "The harbour has a new ferry. She is called Ada and sails on Monday.", "of the shorter"),
    ("rewrite", CHINESE, "新渡轮将于下周一首航。船名叫阿达，可载三百名乘客。", "of the shorter"),
    ("edit", STORY, STORY.replace("most of them traders", "all of them visitors"), "1 sentence changed"),
    ("edit", STORY, STORY.replace("Nobody has", "Somebody has"), "1 sentence changed"),
    ("edit", STORY, STORY.replace("is not known", "is known"), "1 sentence changed"),
    ("edit", STORY, STORY.replace("It killed 12 people", "It killed people"), "1 sentence changed"),
    ("edit", GERMAN, GERMAN.replace("Dach", "Tor"), "1 sentence changed"),
    ("edit", CHINESE, CHINESE.replace("尚不清楚", "已经清楚"), "1 sentence changed"),
    ("edit", FRENCH, FRENCH.replace("n'a été arrêté", "n'a été blessé"), "1 sentence changed"),
]  # fmt: skip
HEADLINES = [
    ("headline", "Fire destroys the fish market", "Market burns down", 'the headline was "Fire destroys'),
    ("headline", "Fire kills 12", "Fire kills 14", "figures changed: 12 -> 14"),
    ("headline", "", "Fire kills 14", "there was no headline"),
    ("headline", "Minister says yes", "Minister says no", "the body says the same"),
]


@pytest.mark.parametrize(("headline", "old", "other", "new"), NOISE)
def test_what_pages_renew_all_the_time_does_not_matter_in_either_direction(headline, old, other, new):
    for change in (change_between(headline, old, other, new), change_between(other, new, headline, old)):
        assert (change.kind, change.matters) == ("noise", False), change.evidence


@pytest.mark.parametrize(("headline", "old", "other", "new"), HIDDEN)
def test_nothing_hides_behind_what_does_not_matter(headline, old, other, new):
    assert change_between(headline, old, other, new).matters


@pytest.mark.parametrize(("kind", "old", "new", "evidence"), KINDS)
def test_kind_of_change_and_its_evidence(kind, old, new, evidence):
    change = change_between(HEAD, old, HEAD, new)
    assert (change.kind, change.matters) == (kind, True), change.evidence
    assert evidence in change.evidence


@pytest.mark.parametrize(("kind", "old", "new", "evidence"), HEADLINES)
def test_headline_alone(kind, old, new, evidence):
    change = change_between(old, STORY, new, STORY)
    assert (change.kind, change.matters) == (kind, True)
    assert evidence in change.evidence


def test_headline_that_changed_with_the_text_is_named():
    change = change_between("Fire kills 12", STORY, "Fire kills 14", STORY.replace("traders", "dealers"))
    assert change.kind == "edit"
    assert "the headline changed too; figures changed: 12 -> 14" in change.evidence


def test_notice_that_was_found_elsewhere_before_is_not_new():
    notice = "Correction: The market was built in 1911, not in 1901."
    in_body = end(notice)(STORY)
    assert change_between(HEAD, in_body, HEAD, STORY, new_corrections=[notice]).kind == "cut"
    assert change_between(HEAD, in_body, HEAD, in_body, new_corrections=[notice]).kind == "noise"
    boxed = change_between(HEAD, STORY, HEAD, STORY, new_corrections=[notice])
    assert (boxed.kind, boxed.notices) == ("correction", (notice,))


@pytest.mark.parametrize(
    "text",
    [
        "12 people died",
        "No comment.",
        "Two days ago.",
        "10:40",
        "12 May 2019",
        "Published works 12",
        "Updated rules apply to 12 ships.",
        "Stand 12",
        "Published 1984.",
        "Related: the mayor resigned, too.",
        "Sign up for the newsletter cost 12 crowns",
        "Photo: 12 dead",
        "The newsletter has 12,000 readers.",
        "- 12 comments",
        "> 12 comments",
        "12 votes",
    ],
)
def test_what_may_be_part_of_a_story_always_matters(text):
    assert change_between(HEAD, STORY, HEAD, end(text)(STORY)).matters


def test_box_in_the_middle_ends_where_the_story_goes_on():
    story = STORY.replace("\n\nThe market", f"{BOX}\n\nThe market")
    other = story.replace("Ferry sails again", "Ferry sinks")
    assert change_between(HEAD, story, HEAD, other).kind == "noise"
    assert change_between(HEAD, story, HEAD, other.replace("1911", "1912")).matters
