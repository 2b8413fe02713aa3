"""What pages say around a story and renew all the time, in many languages, as data; each phrase as a page writes it.

Only whole blocks (or whole sentences, of time stamps) are compared with these, so a phrase may be short. A phrase is
here only where a story would not say it in a paragraph of its own.
"""

from __future__ import annotations

STAMP_LABELS: tuple[str, ...] = (
    "updated", "last updated", "last update", "last modified", "modified", "published", "first published",
    "originally published", "posted", "last posted", "page last updated", "story updated", "article updated",
    "published on", "posted on", "updated on", "updated at", "published at", "aktualisiert", "zuletzt aktualisiert",
    "aktualisiert am", "letzte aktualisierung", "veröffentlicht", "veröffentlicht am", "stand", "mis à jour",
    "mis à jour le", "mise à jour", "modifié le", "dernière mise à jour", "publié", "publié le", "actualizado",
    "actualizado el", "actualizada", "última actualización", "publicado", "publicado el", "modificado",
    "aggiornato", "aggiornato il", "ultimo aggiornamento", "pubblicato", "pubblicato il", "ultima modifica",
    "atualizado", "atualizado em", "última atualização", "publicado em", "bijgewerkt", "laatst bijgewerkt",
    "laatste update", "gepubliceerd", "gepubliceerd op", "aangepast", "uppdaterad", "senast uppdaterad",
    "publicerad", "opdateret", "sidst opdateret", "publiceret", "oppdatert", "sist oppdatert", "publisert",
    "päivitetty", "julkaistu", "aktualizacja", "zaktualizowano", "ostatnia aktualizacja", "opublikowano",
    "data publikacji", "aktualizováno", "publikováno", "aktualizované", "frissítve", "actualizat",
    "ultima actualizare", "publicat", "обновлено", "последнее обновление", "опубликовано", "дата публикации",
    "изменено", "оновлено", "опубліковано", "обновена", "публикувана", "güncelleme", "son güncelleme",
    "güncellendi", "yayınlanma", "yayınlanma tarihi", "giriş tarihi", "ενημερώθηκε", "τελευταία ενημέρωση",
    "δημοσιεύτηκε", "آخر تحديث", "تم التحديث", "تم النشر", "تاريخ النشر", "نشر", "نشر في", "به روز شده", "עודכן",
    "פורסם", "diperbarui", "diterbitkan", "terakhir diperbarui", "cập nhật", "अपडेट", "अंतिम अपडेट", "प्रकाशित",
    "อัปเดต", "อัพเดต", "เผยแพร่", "更新", "更新时间", "更新時間", "最后更新", "最後更新", "发布时间", "發布時間",
    "发布于", "發佈時間", "最終更新",
    "更新日", "更新日時", "掲載", "입력", "수정", "최종수정", "업데이트", "등록", "게재",
)  # fmt: skip
"""What opens a time stamp of the page."""

TIME_WORDS: tuple[str, ...] = (
    "at", "on", "the", "of", "um", "uhr", "à", "le", "la", "les", "de", "del", "du", "das", "dos", "em", "às",
    "alle", "ore", "il", "h", "o", "kl", "klo", "i", "den", "op", "om", "godz", "w", "dnia", "dne", "v", "g", "r",
    "в", "г", "года", "году", "ч", "мин", "saat", "dia", "time", "local", "am", "pm", "a", "p", "m", "a.m", "p.m",
    "and", "et", "y", "e", "und", "og", "och", "-", "gmt", "utc", "bst", "est", "edt", "cst", "cdt", "mst", "mdt",
    "pst", "pdt", "pt", "ct", "cet", "cest", "mez", "mesz", "eet", "eest", "ist", "jst", "kst", "msk", "мск", "bjt",
    "hkt", "sgt", "aest", "aedt", "awst", "nzst", "nzdt", "wib", "wita", "wat", "eat", "sast", "pkt", "brt", "art",
    "clt", "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mon", "tue", "tues", "wed",
    "thu", "thur", "thurs", "fri", "sat", "sun", "today", "januar", "februar", "märz", "mai", "juni", "juli",
    "oktober", "dezember", "okt", "dez", "mrz", "montag", "dienstag", "mittwoch", "donnerstag", "freitag",
    "samstag", "sonnabend", "sonntag", "mo", "di", "mi", "do", "fr", "sa", "so", "heute", "janvier", "février",
    "mars", "avril", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre", "janv", "févr",
    "juil", "déc", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche", "enero", "febrero",
    "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre", "ene",
    "abr", "ago", "dic", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo", "gennaio",
    "febbraio", "aprile", "maggio", "giugno", "luglio", "settembre", "ottobre", "dicembre", "gen", "mag", "giu",
    "lug", "set", "ott", "lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica", "janeiro",
    "fevereiro", "março", "maio", "junho", "julho", "setembro", "outubro", "novembro", "dezembro", "fev", "out",
    "segunda", "terça", "quarta", "quinta", "sexta", "feira", "januari", "februari", "maart", "mei", "augustus",
    "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag", "mrt", "maj", "augusti",
    "marts", "måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag", "mandag", "tirsdag", "lørdag",
    "søndag", "desember", "des", "stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca", "lipca", "sierpnia",
    "września", "października", "listopada", "grudnia", "ledna", "února", "března", "dubna", "května", "června",
    "července", "srpna", "září", "října", "listopadu", "prosince", "января", "февраля", "марта", "апреля", "мая",
    "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря", "січня", "лютого", "березня", "квітня",
    "травня", "червня", "липня", "серпня", "вересня", "жовтня", "листопада", "грудня", "о", "р", "ocak", "şubat",
    "mart", "nisan", "mayıs", "haziran", "temmuz", "ağustos", "eylül", "ekim", "kasım", "aralık", "pazartesi",
    "salı", "çarşamba", "perşembe", "cuma", "cumartesi", "pazar", "agustus", "maret", "jam", "pukul", "lúc", "ngày",
    "يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر",
    "الساعة", "ص", "م", "في", "年", "月", "日", "时", "時", "分", "秒", "点", "點", "上", "午", "下", "前", "後",
    "周", "週", "星",
    "期", "一", "二", "三", "四", "五", "六", "七", "土", "金", "木", "水", "火", "년", "월", "일", "시", "분", "초",
    "오전", "오후", "น",
)  # fmt: skip
"""What the rest of a time stamp consists of, beside figures."""

UNITS: tuple[str, ...] = (
    "second", "seconds", "sec", "secs", "s", "minute", "minutes", "min", "mins", "m", "hour", "hours", "hr", "hrs",
    "h", "day", "days", "week", "weeks", "sekunde", "sekunden", "minuten", "stunde", "stunden", "std", "tag",
    "tagen", "woche", "wochen", "seconde", "secondes", "heure", "heures", "jour", "jours", "semaine", "semaines",
    "segundo", "segundos", "minuto", "minutos", "hora", "horas", "día", "días", "semana", "semanas", "dia", "dias",
    "secondo", "secondi", "minuti", "ora", "ore", "giorno", "giorni", "settimana", "settimane", "seconden",
    "minuut", "uur", "uren", "dag", "dagen", "weken", "sekunder", "minut", "minuter", "minutter", "time", "timer",
    "timme", "timmar", "timar", "sekund", "minutt", "dager", "veckor", "sekunnin", "minuutin", "tunnin", "minuty",
    "minutę", "godzinę", "godziny", "godzin", "dni", "dnia", "sekundami", "minutami", "hodinou", "hodinami", "dny",
    "секунд", "секунды", "секунду", "минут", "минуты", "минуту", "час", "часа", "часов", "день", "дня", "дней",
    "неделю", "хвилин", "хвилини", "хвилину", "годин", "години", "годину", "днів", "dakika", "saat", "gün",
    "saniye", "hafta", "دقيقة", "دقائق", "ساعة", "ساعات", "يوم", "أيام", "ثوان", "دقیقه", "ساعت", "روز", "דקות",
    "שעות", "menit", "jam", "hari", "phút", "giờ", "मिनट", "घंटे", "घंटा", "दिन",
)  # fmt: skip

AGO_BEFORE: tuple[str, ...] = (
    "vor", "il y a", "hace", "há", "ha", "för", "for", "před", "acum", "منذ", "قبل", "לפני", "πριν", "πριν από",
)  # fmt: skip

AGO_AFTER: tuple[str, ...] = (
    "ago", "fa", "geleden", "sedan", "siden", "sitten", "temu", "назад", "тому", "тому назад", "önce", "پیش",
    "yang lalu", "lalu", "trước", "पहले", "atrás", "전",
)  # fmt: skip

AGO_UNSPACED: tuple[str, ...] = (
    "秒前", "分前", "分钟前", "分鐘前", "小时前", "小時前", "時間前", "天前", "日前", "นาทีที่แล้ว", "ชั่วโมงที่แล้ว",
    "นาทีก่อน",
    "ชั่วโมงก่อน",
)  # fmt: skip

JUST_NOW: tuple[str, ...] = (
    "just now", "moments ago", "a moment ago", "gerade eben", "à l'instant", "ahora mismo", "刚刚", "剛剛", "たった今",
    "방금",
)  # fmt: skip

COUNTED: tuple[str, ...] = (
    "comment", "comments", "share", "shares", "view", "views", "like", "likes", "reply", "replies", "retweet",
    "retweets", "reaction", "reactions", "repost", "reposts", "kommentar", "kommentare", "kommentarer", "aufruf",
    "aufrufe", "commentaire", "commentaires", "partage", "partages", "vues", "comentario", "comentarios",
    "compartidos", "visualizaciones", "comentário", "comentários", "compartilhamentos", "visualizações", "commento",
    "commenti", "condivisioni", "visualizzazioni", "reactie", "reacties", "weergaven", "delningar", "visninger",
    "komentarz", "komentarze", "komentarzy", "odsłon", "wyświetleń", "komentářů", "комментарий", "комментария",
    "комментариев", "просмотр", "просмотра", "просмотров", "поделились", "коментар", "коментарі", "коментарів",
    "переглядів", "yorum", "yorumlar", "görüntülenme", "paylaşım", "تعليق", "تعليقات", "مشاهدة", "مشاهدات",
    "komentar", "dibaca", "bình", "luận", "lượt", "xem", "条评论", "則留言", "則評論", "次浏览", "次瀏覽", "次阅读",
    "评论", "評論", "浏览",
    "瀏覽", "阅读量", "点击", "コメント", "件のコメント", "댓글", "조회", "조회수", "추천",
)  # fmt: skip

COUNTED_LIVE: tuple[str, ...] = (
    "watching", "watching now", "people watching", "people are watching", "reading now", "people reading",
    "viewers", "new updates", "new update", "new posts", "new post", "new messages", "neue beiträge",
    "neue meldungen", "nouveaux messages", "nuevas actualizaciones", "новых сообщений", "条新消息",
)  # fmt: skip

READING: tuple[str, ...] = (
    "read", "reading time", "time to read", "estimated reading time", "lesezeit", "lesedauer", "temps de lecture",
    "de lecture", "lecture", "tiempo de lectura", "de lectura", "lectura", "tempo di lettura", "di lettura",
    "tempo de leitura", "de leitura", "leestijd", "lästid", "læsetid", "lesetid", "lukuaika", "czas czytania",
    "czytania", "doba čtení", "время чтения", "чтения", "на чтение", "час читання", "okuma süresi", "وقت القراءة",
    "阅读时间", "閱讀時間", "预计阅读", "読了時間", "読了まで", "읽는 시간", "waktu baca",
)  # fmt: skip

MINUTES: tuple[str, ...] = (
    "min", "mins", "minute", "minutes", "minuten", "minuto", "minutos", "minuti", "minuut", "minuter", "minutter",
    "minuuttia", "minut", "minuty", "минут", "минуты", "минута", "мин", "хв", "хвилин", "хвилини", "dakika", "dk",
    "دقيقة", "دقائق", "分钟", "分鐘", "分", "분", "menit",
)  # fmt: skip

RELATED: tuple[str, ...] = (
    "read more", "read also", "also read", "see also", "see more", "related", "related article", "related articles",
    "related story", "related stories", "related news", "related content", "related links", "related coverage",
    "related reading", "related posts", "related post", "more on this story", "more on this topic", "more on this",
    "read next", "up next", "recommended", "recommended reading", "recommended stories", "recommended for you",
    "don't miss", "you may also like", "you might also like", "you may also be interested in", "suggested reading",
    "more stories", "more news", "most read", "most popular", "most viewed", "trending", "trending now",
    "editors' picks", "editor's picks", "top stories", "latest stories", "latest news", "in other news",
    "more like this", "must read", "watch", "watch also", "lesen sie auch", "lesen sie mehr", "lesen sie hier",
    "lesen sie dazu auch", "mehr zum thema", "auch interessant", "das könnte sie auch interessieren", "mehr dazu",
    "weitere artikel", "weiterlesen", "meistgelesen", "weitere meldungen", "zum artikel", "lire aussi",
    "à lire aussi", "à lire également", "voir aussi", "lire également", "à voir aussi", "sur le même sujet",
    "articles liés", "notre sélection", "vous aimerez aussi", "les plus lus", "à relire", "lire la suite",
    "lee también", "lea también", "leer también", "le puede interesar", "te puede interesar", "ver también",
    "leer más", "lea más", "noticias relacionadas", "te recomendamos", "también te puede interesar", "lo más leído",
    "mira también", "leggi anche", "leggi pure", "vedi anche", "ti potrebbe interessare", "potrebbe interessarti",
    "articoli correlati", "da non perdere", "notizie correlate", "i più letti", "leia também", "leia mais",
    "veja também", "saiba mais", "veja mais", "notícias relacionadas", "mais lidas", "lees ook", "lees meer",
    "lees verder", "bekijk ook", "ook interessant", "gerelateerde artikelen", "meest gelezen", "czytaj też",
    "czytaj także", "zobacz też", "zobacz także", "czytaj również", "przeczytaj także", "czytaj więcej", "polecamy",
    "zobacz również", "przeczytaj również", "najczęściej czytane", "читайте также", "читайте ещё", "читать также",
    "смотрите также", "материалы по теме", "читать далее", "другие новости", "новости по теме", "самое читаемое",
    "читайте також", "дивіться також", "читайте ще", "також читайте", "ayrıca okuyun", "ilgili haberler",
    "bunlar da ilginizi çekebilir", "ilginizi çekebilir", "bunu da oku", "čtěte také", "čtěte též", "přečtěte si",
    "související články", "súvisiace články", "čítajte aj", "läs mer", "läs också", "läs även", "les også",
    "les mer", "læs også", "læs mere", "lue myös", "lue lisää", "citește și", "vezi și", "kapcsolódó cikkek",
    "olvasta már", "ezt is olvassa el", "διαβάστε επίσης", "διαβάστε ακόμη", "прочетете още", "pročitajte i",
    "čitajte još", "preberite še", "baca juga", "đọc thêm", "xem thêm", "اقرأ أيضا", "اقرأ أيضاً", "إقرأ أيضا",
    "مواضيع ذات صلة", "شاهد أيضا", "بیشتر بخوانید", "קראו גם", "相关阅读", "延伸阅读", "相关新闻", "相关报道",
    "延伸閱讀", "相關新聞",
    "推薦閱讀", "関連記事", "あわせて読みたい", "こちらも読む", "関連ニュース", "관련기사", "관련 기사",
    "यह भी पढ़ें", "ये भी पढ़ें", "อ่านเพิ่มเติม",
)  # fmt: skip
"""What introduces a link to another story: before a colon, or alone above a list of headlines."""

BUTTONS: tuple[str, ...] = (
    "advertisement", "story continues below advertisement", "article continues below advertisement",
    "article continues after advertisement", "continue reading below", "scroll to continue", "sponsored content",
    "ad", "anzeige", "werbung", "publicité", "la suite après cette publicité", "publicidad", "pubblicità",
    "publicidade", "continua após a publicidade", "advertentie", "reklama", "реклама", "reklam", "annons",
    "annonse", "annonce", "inzerce", "إعلان", "广告", "廣告", "広告", "광고", "share", "share this article",
    "share this story", "share this", "share on facebook", "copy link", "link copied", "print", "email", "tweet",
    "save article", "teilen", "drucken", "partager", "imprimer", "compartir", "condividi", "compartilhar", "delen",
    "поделиться", "поділитися", "paylaş", "分享", "comments", "view comments", "leave a comment",
    "join the conversation", "kommentare", "commentaires", "comentarios", "commenti", "комментарии", "评论",
)  # fmt: skip

PROMPTS: tuple[str, ...] = (
    "sign up", "subscribe", "get our", "get the", "join our", "receive our", "want more", "melden sie sich",
    "abonnieren", "abonnieren sie", "jetzt abonnieren", "inscrivez-vous", "abonnez-vous", "recevez", "suscríbete",
    "suscríbase", "recibe", "regístrate", "iscriviti", "ricevi", "assine", "receba", "inscreva-se", "schrijf je in",
    "meld je aan", "zapisz się", "подпишитесь", "подписывайтесь", "підпишіться", "підписуйтесь", "abone olun",
    "اشترك", "订阅", "訂閱", "登録はこちら", "구독",
)  # fmt: skip
"""What a prompt to subscribe begins with."""

LETTERS: tuple[str, ...] = (
    "newsletter", "newsletters", "email alerts", "whatsapp channel", "telegram", "whatsapp", "boletín", "boletines",
    "nieuwsbrief", "nyhetsbrev", "nyhedsbrev", "newslettera", "infolettre", "рассылку", "бюллетень", "канал",
    "bülten", "bültenimize", "النشرة", "电子报", "電子報", "通讯", "メールマガジン", "ニュースレター", "뉴스레터",
)  # fmt: skip
"""What one subscribes to."""

CREDITS: tuple[str, ...] = (
    "photo", "photos", "photo by", "photo credit", "picture", "pictures", "image", "images", "image credit",
    "image source", "credit", "photograph", "photograph by", "photographer", "file photo", "foto", "fotos", "bild",
    "bildquelle", "quelle foto", "fotograf", "crédit", "crédit photo", "crédits", "photographie", "fotografía",
    "imagen", "crédito", "immagine", "fotografia", "imagem", "beeld", "kuva", "zdjęcie", "fot", "фото", "снимка",
    "fotoğraf", "صورة", "الصورة", "图片来源", "圖片來源", "图", "写真", "提供", "사진", "foto ilustrativa",
)  # fmt: skip
"""What stands before the name of who took a picture, with a colon."""
