"""How a site takes its leave, and what the next owner of its name sells there."""

from __future__ import annotations

from crawler.classify.wording import labels, sayings

CLOSED_LABELS = labels(
    en="a last goodbye|goodbye from us|farewell|thank you and goodbye|end of service|end of service notice",
    de="wir sagen auf wiedersehen|auf wiedersehen|in eigener sache wir schließen|einstellung des angebots",
    fr="c est fini|fermeture du site|fermeture définitive|fin du service|au revoir",
    es="hasta siempre|nos despedimos|cierre del sitio|fin del servicio",
    pt="encerramento|encerramento do serviço|encerramento do site|fim do serviço",
    it="chiusura del sito|chiusura del servizio|vi salutiamo",
    nl="einde van de dienst|wij zijn gestopt|tot ziens",
    ru="сайт прекратил работу|сервис закрыт|прекращение работы|мы закрылись",
    uk="сайт припинив роботу|сервіс закрито",
    pl="koniec działalności|zamknięcie serwisu|zakończenie działalności|żegnamy się",
    tr="yayın hayatımıza son verdik|hizmetimiz sona erdi|veda",
    ar="إغلاق الموقع|انتهاء الخدمة",
    zh="停止服务公告|停止运营公告|关站公告|停止服務公告|服務終止公告|结束服务公告",
    ja="サービス終了のお知らせ|閉鎖のお知らせ|サイト閉鎖のお知らせ|サービス終了|配信終了のお知らせ",
    ko="서비스 종료 안내|서비스 종료|운영 종료 안내",
)
"""Headings under which a site takes its leave."""

CLOSED_SAYINGS = sayings(
    en=(
        "site|paper|newspaper|service|website|portal|we have|publication",
        """
            has closed|closed its doors|have closed|has ceased|ceased publication|has ended|was discontinued
            has been discontinued|was shut down|has shut down|has been shut down|no longer published
        """,
    ),
    de=(
        "seite|zeitung|dienst|angebot|portal|redaktion|website",
        "eingestellt|geschlossen|abgeschaltet|nicht mehr betrieben|nicht mehr fortgeführt",
    ),
    fr=("site|journal|service|rédaction|portail", "a fermé|ont fermé|ferme ses portes|a cessé|a pris fin|est fermé"),
    es=("sitio|periódico|diario|servicio|portal|web", "ha cerrado|cerró|ha cesado|ha dejado de|ha finalizado|dejó de"),
    pt=("site|jornal|serviço|portal", "foi encerrado|encerrou|deixou de|chegou ao fim|foi descontinuado"),
    it=("sito|giornale|servizio|portale|testata", "ha chiuso|è stato chiuso|ha cessato|è terminato|è stato dismesso"),
    nl=("site|krant|dienst|portaal", "is gestopt|is gesloten|is opgeheven|is beëindigd|zijn gestopt"),
    ru=("сайт|газет|сервис|портал|редакци", "закрыт|прекратил|прекращен|больше не обновляется|завершил"),
    uk=("сайт|газет|сервіс|портал|редакці", "закрит|припинив|припинен|більше не оновлюється|завершив"),
    pl=("serwis|gazet|portal|stron|redakcj", "zakończył|został zamknięt|została zamknięt|zamknęliśmy|przestał działać"),
    tr=("site|gazete|hizmet|portal", "kapandı|kapatıldı|sona erdi|son verdi|son verdik|durduruldu"),
    ar=("الموقع|الصحيفة|الخدمة|البوابة", "تم إغلاق|أغلق|توقف عن|توقفت عن|انتهت"),
    zh=(
        "网站|本站|服务|本报|網站|服務|本報|平台",
        "停止服务|停止运营|停止更新|已关闭|停止服務|停止營運|終止服務|终止服务|已關閉",
    ),
    ja=(
        "サービス|サイト|ホームページ|配信",
        "終了いたしました|終了しました|終了致しました|閉鎖いたしました|閉鎖しました",
    ),
    ko=("서비스|사이트|홈페이지", "종료되었습니다|종료하였습니다|종료했습니다|폐쇄되었습니다|중단되었습니다"),
)

FAREWELLS = labels(
    en="""
        no longer accessible|no longer available|can no longer be read|can no longer be reached
        thank you for your loyalty|thank our readers|thank you for reading|thank all our readers
    """,
    de="nicht mehr abrufbar|nicht mehr erreichbar|nicht mehr zugänglich|danken für ihre treue|danken unseren leser",
    fr="ne sont plus accessibles|ne sont plus disponibles|n est plus accessible|remercie de votre|remercions de votre",
    es="ya no están disponibles|ya no se pueden|gracias por su fidelidad|agradecemos a nuestros lectores",
    pt="já não estão disponíveis|não estão mais disponíveis|agradecemos aos nossos leitores|agradecemos a sua",
    it="non sono più accessibili|non sono più disponibili|ringraziamo i nostri lettori|ringraziamo i lettori",
    nl="niet meer beschikbaar|niet meer bereikbaar|bedanken onze lezers|bedanken u voor",
    ru="больше недоступн|больше не доступн|благодарим читателей|благодарим вас|спасибо что были с нами",
    uk="більше недоступн|більше не доступн|дякуємо читачам|дякуємо вам|дякуємо що були з нами",
    pl="nie są już dostępne|nie jest już dostępn|dziękujemy czytelnikom|dziękujemy za",
    tr="artık ulaşılamıyor|artık erişilemiyor|okurlarımıza teşekkür|teşekkür ederiz",
    ar="لم تعد متاحة|لم يعد متاحا|نشكر قراءنا|نشكركم",
    zh="感谢您的支持|感谢大家|感谢广大|不再提供|無法瀏覽|感謝您的支持|感謝各位|感谢读者|感謝讀者",
    ja="ご愛顧|ご利用いただき|ありがとうございました|ご覧いただけません|ご利用ありがとう",
    ko="이용해 주셔서|감사합니다|더 이상 이용|사랑해 주신",
)
"""What stands beside that, said to the readers."""

GAMBLING = labels(
    en="""
        best online casino|online casino bonus|casino bonus|no deposit bonus|free spins|play slots online|casino sites
        betting sites
    """,
    id="""
        situs slot|slot gacor|slot online|judi online|agen judi|situs judi|bandar togel|togel online|daftar sekarang
        bonus member|bonus new member|minimal deposit|min deposit
    """,
    tr="deneme bonusu|bahis siteleri|casino siteleri|kaçak bahis|canlı casino|güncel giriş|bonus veren",
    ru="казино онлайн|онлайн казино|лучшие казино|игровые автоматы|бездепозитный бонус|букмекерская контора бонус",
    de="online casino bonus|online casinos im test|freispiele|spielautomaten kostenlos",
    es="casino en línea|casinos online|tragamonedas gratis|bono de bienvenida",
    pt="cassino online|caça níqueis|jogo do tigrinho|bônus de boas vindas",
    zh="真人娱乐|娱乐城|线上赌场|体育投注|棋牌游戏|彩票平台|博彩",
    ja="オンラインカジノ|カジノボーナス|入金不要ボーナス",
    ko="온라인 카지노|카지노사이트|토토사이트|먹튀검증|바카라사이트",
    vi="nhà cái uy tín|cá cược trực tuyến|nổ hũ đổi thưởng|trang chủ nhà cái",
)
"""Phrases of those who sell games of chance; reports on them hardly use two."""
