"""Notices of correction as the press words them, and what looks like one; labelled before the rules were measured."""

import pytest

from crawler.extraction.metadata.corrections import find_corrections

PROSE = "The council voted on Tuesday to approve the bridge, officials said after a long debate in the town hall."

SEEN = [
    "Correction: An earlier version of this story gave the wrong length of the bridge.",
    "Correction (March 5, 2009): The bridge is 90 metres long, not 900.",
    "CORRECTION: The bridge is 90 metres long, not 900.",
    "Correction March 6, 2012: The bridge is 90 metres long, not 900.",
    "Clarification: The mayor spoke for herself and not for the council.",
    "Editor's note: This story has been corrected to give the length of the bridge.",
    "Editor’s Note: An earlier version of this article misstated the length.",
    "This article was amended on 5 March 2009 to correct the length of the bridge.",
    "• This article was amended on 5 March 2009. The original said that the bridge was 900 metres long.",
    "An earlier version of this article misstated the length of the bridge.",
    "An earlier version of this article incorrectly said that the bridge was closed.",
    "(This story corrects the length of the bridge in paragraph 3)",
    "(Corrects spelling of the mayor's name in paragraph 4)",
    "(Refiles to fix a typographical error in the headline)",
    "This story was updated on Friday to correct the spelling of the mayor's name.",
    "An article on Tuesday about the bridge misstated its length. It is 90 metres, not 900.",
    "Berichtigung: In einer früheren Version hieß es, die Brücke sei 900 Meter lang.",
    "Korrektur: Die Brücke ist 90 Meter lang, nicht 900.",
    "In einer früheren Version dieses Artikels stand, die Brücke sei 900 Meter lang.",
    "Anmerkung der Redaktion: In einer früheren Fassung stand eine falsche Länge.",
    "Rectificatif : le pont mesure 90 mètres, et non 900 comme nous l'avons écrit.",
    "Une version précédente de cet article donnait une longueur erronée du pont.",
    "Fe de erratas: el puente mide 90 metros y no 900, como se publicó.",
    "Corrección: el puente mide 90 metros y no 900.",
    "Una versión anterior de este artículo daba una longitud errónea del puente.",
    "Correção: a ponte mede 90 metros, e não 900, como informado.",
    "Correzione: il ponte è lungo 90 metri e non 900.",
    "Errata corrige: il ponte è lungo 90 metri e non 900.",
    "Rectificatie: de brug is 90 meter lang en niet 900.",
    "Sprostowanie: most ma 90 metrów długości, a nie 900.",
    "Поправка: длина моста составляет 90 метров, а не 900.",
    "В предыдущей версии статьи была указана неверная длина моста.",
    "Düzeltme: Köprünün uzunluğu 900 değil 90 metredir.",
    "تصحيح: يبلغ طول الجسر 90 مترا وليس 900 متر.",
    "更正：大桥全长为90米，而非此前报道的900米。",
    "本文已更正大桥的长度，此前版本的数字有误。",
    "【訂正】橋の長さは九百メートルではなく九十メートルでした。",
    "※当初の記事で橋の長さを九百メートルとしましたが、九十メートルの誤りでした。",
    "[바로잡습니다] 다리의 길이는 900미터가 아니라 90미터입니다.",
]

ASIDE = [
    "Corrections and clarifications: the bridge is 90 metres long, not 900.",
    "Correction appended: The bridge is 90 metres long, not 900 as first reported.",
    "Correction, 5 March: A previous version gave the wrong length of the bridge.",
    "CLARIFICATION - The mayor spoke for herself and not for the council.",
    "Correction. The bridge is 90 metres long and not 900 as we reported.",
    "A previous version of this story gave the wrong length of the bridge.",
    "A correction was made on March 6, 2012: An earlier version of this article misstated the length.",
    "This article has been corrected. The bridge is 90 metres long, not 900.",
    "This story has been updated to correct the length of the bridge in the third paragraph.",
    "This post originally stated that the bridge was 900 metres long.",
    "The original version of this article misidentified the mayor.",
    "*Correction: The bridge is 90 metres long, not 900.",
    "Editors' note: We have removed from this article a sentence that was wrong.",
    "Note to readers: an earlier version of this article named the wrong mayor.",
    "Because of an editing error, an article on Friday gave the wrong length of the bridge.",
    "(Corrects date in paragraph 2, adds dropped word)",
    "This version CORRECTS that the bridge is 90 metres long.",
    "Korrekturhinweis: Die Brücke ist 90 Meter lang, nicht 900.",
    "Hinweis: In einer früheren Version war die Länge falsch angegeben. Wir haben das korrigiert.",
    "Richtigstellung: Die Bürgermeisterin sprach nicht für den Rat.",
    "Cet article a été modifié le 5 mars pour corriger la longueur du pont.",
    "Erratum : le pont mesure 90 mètres et non 900.",
    "Aclaración: la alcaldesa habló en su nombre y no en el del ayuntamiento.",
    "ERRAMOS: a ponte mede 90 metros, e não 900.",
    "Diferentemente do que foi publicado, a ponte mede 90 metros.",
    "In una versione precedente di questo articolo la lunghezza era sbagliata.",
    "In een eerdere versie van dit artikel stond een verkeerde lengte.",
    "Rättelse: Bron är 90 meter lång, inte 900.",
    "W poprzedniej wersji artykułu podaliśmy błędną długość mostu.",
    "Уточнение: мэр говорила от своего имени, а не от имени совета.",
    "От редакции: в тексте была ошибка в длине моста, она исправлена.",
    "Виправлення: довжина мосту становить 90 метрів, а не 900.",
    "Haberin önceki sürümünde köprünün uzunluğu yanlış verilmişti.",
    "توضيح: تحدثت رئيسة البلدية باسمها لا باسم المجلس.",
    "勘误：大桥全长为90米，而不是900米。",
    "編按：本報導先前版本誤植大橋長度，已更正為90公尺。",
    "訂正：橋の長さは九十メートルでした。",
    "橋の長さを九百メートルとしたのは誤りでした。お詫びして訂正します。",
    "정정: 다리의 길이는 900미터가 아니라 90미터입니다.",
    "다리의 길이를 900미터로 적었기에 바로잡습니다.",
]

NONE = [
    "Correction in gold prices continued on Tuesday, dealers in three cities said.",
    "A correction of the share price was expected by most of the analysts we asked.",
    "The correctional officers voted on Tuesday to strike from Monday on.",
    "Editor's note: Jane Roe is a professor of bridges at the university.",
    "Clarification of the rules is what the mayor asked the ministry for.",
    "This article was written by three reporters and two photographers.",
    "This article was amended by parliament in 1998 and is now part of the constitution of the country.",
    "Update: The bridge was reopened on Friday after a week of repairs.",
    "Eine Korrektur der Pläne lehnte die Bürgermeisterin am Dienstag ab.",
    "La corrección del presupuesto fue aprobada por la mayoría el martes.",
    "The council corrected its figures on Tuesday after a question from the floor.",
    "Note: The bridge is closed on Sundays and on public holidays.",
    "更正规划的建议昨日遭到市长拒绝，会议持续三小时。",
    "Поправка к закону была принята во вторник большинством голосов.",
    "Уточнение планов займёт ещё неделю, сообщила мэр во вторник.",
    "An earlier bridge of the same name fell into the river in 1956.",
    "The story was first told by a sailor in a bar near the harbour.",
    "Read our policy on corrections and how to ask for one.",
]


@pytest.mark.parametrize("notice", SEEN)
def test_a_notice_is_found_whole_in_the_body(parsed, notice):
    found = find_corrections(parsed(), (PROSE, notice, PROSE))
    assert (found.values, found.evidence) == ((notice,), "block of the body")


def test_notices_kept_aside_are_told_from_prose_nearly_always(parsed):
    page = parsed()
    right = [find_corrections(page, (PROSE, notice)).values == (notice,) for notice in ASIDE]
    right += [find_corrections(page, (PROSE, text)).values == () for text in NONE]
    assert sum(right) / len(right) >= 0.95


def test_a_heading_takes_the_text_below_it_along(parsed):
    blocks = (PROSE, "## Correction", "The bridge is 90 metres long, not 900.")
    assert find_corrections(parsed(), blocks).values == ("Correction The bridge is 90 metres long, not 900.",)


def test_a_marked_box_outside_the_body_is_read(parsed):
    box = "<div class='article-correction'><p>We gave the wrong length of it. It was corrected on Monday.</p></div>"
    found = find_corrections(parsed(f"<p>{PROSE}</p>{box}"), (PROSE,))
    assert found.values == ("We gave the wrong length of it. It was corrected on Monday.",)
    assert found.evidence == "marked box"


def test_a_line_outside_the_body_is_read_once(parsed):
    notice = "Correction: The bridge is 90 metres long, not 900."
    page = parsed(f"<p>{PROSE}</p><p>{notice}</p><div class=correction>{notice}</div>")
    assert find_corrections(page, (PROSE,)).values == (notice,)


@pytest.mark.parametrize(
    "body",
    [
        "<a href=/x>Correction: a story about the length of another bridge</a>",
        "<div class=corrections-link><a href=/corrections>Corrections and clarifications of this paper</a></div>",
        "<p>Correction:</p>",
    ],
)
def test_links_and_bare_labels_are_no_notices(parsed, body):
    assert find_corrections(parsed(f"<p>{PROSE}</p>{body}"), (PROSE,)).values == ()
