"""How pages say that something is not here (any more)."""

from __future__ import annotations

from crawler.classify.wording import labels, sayings

GONE_LABELS = labels(
    en="""
        page not found|404|404 not found|404 error|error 404|http 404|not found|404 page not found|file not found
        article not found|story not found|content not found|document not found|object not found|item not found
        resource not found|url not found|page cannot be found|the page cannot be found|page unavailable
        page not available|this page isn t available|page does not exist|page doesn t exist|no such page
        page missing|missing page|we can t find that page|we couldn t find that page|sorry page not found
        oops page not found|article expired|story expired|article no longer available|story no longer available
        page no longer available|content no longer available|content unavailable|article unavailable
        story unavailable|this content is unavailable|nothing found|no results found|invalid article
        invalid article id|invalid story|broken link|dead link|page error|article removed|page removed|story removed
        this page has been removed|410 gone|error 410|not found on server|http error 404|http status 404
        404 file not found|404 file or directory not found|server error 404|page has moved|this page has moved
        we ve moved|our site has moved|page moved|sorry we can t find that page
    """,
    de="""
        seite nicht gefunden|seite wurde nicht gefunden|seite nicht verfügbar|artikel nicht gefunden|nicht gefunden
        artikel nicht mehr verfügbar|fehler 404|404 fehler|die seite wurde nicht gefunden|inhalt nicht gefunden
        inhalt nicht verfügbar|dokument nicht gefunden|datei nicht gefunden|seite existiert nicht|nichts gefunden
    """,
    fr="""
        page introuvable|page non trouvée|erreur 404|article introuvable|contenu introuvable|document introuvable
        cette page n existe pas|page inexistante|page indisponible|contenu indisponible|fichier non trouvé
        non trouvé|la page demandée est introuvable|aucun résultat
    """,
    es="""
        página no encontrada|página no disponible|error 404|no encontrado|artículo no encontrado
        noticia no encontrada|contenido no disponible|contenido no encontrado|la página no existe|página inexistente
        no se encontró la página|archivo no encontrado
    """,
    pt="""
        página não encontrada|página nao encontrada|erro 404|não encontrado|notícia não encontrada
        artigo não encontrado|conteúdo não encontrado|conteúdo indisponível|página não existe|página indisponível
        arquivo não encontrado|página inexistente
    """,
    it="""
        pagina non trovata|errore 404|articolo non trovato|contenuto non disponibile|contenuto non trovato
        pagina inesistente|pagina non disponibile|non trovato|la pagina non esiste|file non trovato
    """,
    nl="""
        pagina niet gevonden|fout 404|404 fout|artikel niet gevonden|niet gevonden|pagina bestaat niet
        bericht niet gevonden|artikel niet beschikbaar|deze pagina bestaat niet|pagina niet beschikbaar
    """,
    ru="""
        страница не найдена|ошибка 404|404 ошибка|не найдено|статья не найдена|материал не найден|новость не найдена
        документ не найден|страница не существует|страница удалена|запрашиваемая страница не найдена|файл не найден
        такой страницы нет|публикация не найдена
    """,
    uk="""
        сторінку не знайдено|сторінка не знайдена|помилка 404|404 помилка|статтю не знайдено|не знайдено
        матеріал не знайдено|новину не знайдено|сторінка не існує|такої сторінки не існує
    """,
    pl="""
        strona nie została znaleziona|nie znaleziono strony|nie znaleziono|błąd 404|strona nie istnieje
        artykuł nie został znaleziony|nie znaleziono artykułu|taka strona nie istnieje|strona nie znaleziona
    """,
    tr="""
        sayfa bulunamadı|hata 404|404 hatası|haber bulunamadı|bulunamadı|içerik bulunamadı
        aradığınız sayfa bulunamadı|sayfa mevcut değil|yazı bulunamadı
    """,
    ar="""
        الصفحة غير موجودة|صفحة غير موجودة|لم يتم العثور على الصفحة|خطأ 404|الخبر غير موجود|المقال غير موجود
        المحتوى غير متوفر|الصفحة غير متوفرة|الصفحة المطلوبة غير موجودة|عفوا الصفحة غير موجودة
    """,
    zh="""
        页面不存在|页面未找到|找不到页面|找不到该页面|无法找到该页|您访问的页面不存在|您要访问的页面不存在
        文章不存在|该文章不存在|新闻不存在|404错误|内容不存在|该页面不存在|页面找不到|頁面不存在|找不到頁面
        找不到網頁|找不到此頁|網頁不存在|文章已刪除|文章已被删除|文章已删除|页面已删除|抱歉 页面不存在
        您查看的页面不存在|您要找的页面不存在|新聞不存在|找不到該頁面|該頁面不存在
    """,
    ja="""
        ページが見つかりません|ページが見つかりませんでした|お探しのページは見つかりませんでした
        お探しのページは見つかりません|指定されたページは存在しません|記事が見つかりません
        お探しの記事は見つかりません|ページが存在しません|404エラー|記事は削除されました|この記事は削除されました
        掲載終了|ページは見つかりませんでした
    """,
    ko="""
        페이지를 찾을 수 없습니다|요청하신 페이지를 찾을 수 없습니다|존재하지 않는 페이지입니다
        존재하지 않는 기사입니다|삭제된 기사입니다|404 오류|기사를 찾을 수 없습니다|페이지가 존재하지 않습니다
        존재하지 않는 페이지|삭제되었거나 존재하지 않는 기사입니다|찾을 수 없는 페이지입니다
    """,
    sv="sidan hittades inte|sidan kunde inte hittas|sidan finns inte|artikeln hittades inte|sidan saknas",
    da="siden blev ikke fundet|siden findes ikke|siden kunne ikke findes|artiklen findes ikke",
    no="siden ble ikke funnet|fant ikke siden|siden finnes ikke|artikkelen finnes ikke",
    fi="sivua ei löytynyt|sivua ei löydy|artikkelia ei löytynyt",
    cs="stránka nenalezena|stránka nebyla nalezena|článek nebyl nalezen|stránka neexistuje",
    hu="az oldal nem található|a keresett oldal nem található|a cikk nem található",
    ro="pagina nu a fost găsită|pagina nu există|articolul nu a fost găsit",
    el="η σελίδα δεν βρέθηκε|δεν βρέθηκε η σελίδα|το άρθρο δεν βρέθηκε",
)

GONE_SAYINGS = sayings(
    en=(
        "page|article|story|document|content|file|item|link|url|address|resource|report|feature|post",
        """
            not found|could not be found|couldn t be found|cannot be found|can t be found|can not be found
            no longer available|no longer here|no longer exist|no longer online|no longer on|not available
            isn t available|is unavailable|currently unavailable|does not exist|doesn t exist|do not exist|not exist
            has been removed|been removed|was removed|been deleted|was deleted|have been moved|has been moved
            moved or deleted|moved or removed|removed or|has expired|have expired|expired|been archived|is gone
            couldn t find|could not find|can t find|cannot find|unable to find|unable to locate|could not locate
            couldn t locate|can t locate|were looking for|are looking for|you requested|you re looking for
            moved to our archive|in our archive|in our paid archive|been taken down|may be broken|has moved
            may have moved|no such|is missing|invalid|incorrectly|might have been|seems to have|has wandered
            is outdated|is not published|is unpublished|been unpublished|out of date
            not to be found|you wanted|you tried to|never existed|at this address any more
        """,
    ),
    search=(
        "results|matches|articles|stories",
        "no results for|no results found|no matches for|returned no|0 results",
    ),
    de=(
        "seite|artikel|beitrag|inhalt|dokument|datei|adresse|meldung|url|text",
        """
            nicht gefunden|nicht mehr verfügbar|nicht verfügbar|existiert nicht|nicht mehr vorhanden|nicht vorhanden
            existiert leider nicht|gibt es leider nicht|gibt es hier nicht|konnte nicht|konnten nicht
            nicht finden|nicht mehr online|wurde gelöscht
            wurde entfernt|nicht mehr abrufbar|ist abgelaufen|nicht mehr erreichbar|gibt es nicht
            nicht mehr zur verfügung|verschoben
        """,
    ),
    fr=(
        "page|article|contenu|document|adresse|lien|fichier|dépêche",
        """
            n existe pas|n existe plus|introuvable|n a pas été trouvé|n est plus disponible|n est pas disponible
            pas été trouvée|plus en ligne|a été supprimé|a été déplacé|a été retiré|a expiré|ne trouvons pas
            vous recherchez|demandée est|a disparu|n est plus accessible
        """,
    ),
    es=(
        "página|artículo|noticia|contenido|documento|enlace|dirección|nota|archivo",
        """
            no existe|no se encuentra|no se ha encontrado|no encontrad|no ha sido encontrad|no está disponible
            ya no está|no disponible|ha sido eliminad|fue eliminad|ha sido movid|no se pudo encontrar
            no pudimos encontrar|que busca|que buscas|no hemos encontrado|ha caducado|que solicit
        """,
    ),
    pt=(
        "página|artigo|notícia|conteúdo|documento|link|endereço|matéria|arquivo",
        """
            não existe|não foi encontrad|não encontrad|não está disponível|não está mais|não está mais disponível
            foi removid|já não está|indisponível|foi excluíd|não encontramos|não pôde ser|que procura
            que você procura|que está procurando|foi movid|foi apagad|expirou
        """,
    ),
    it=(
        "pagina|articolo|notizia|contenuto|documento|indirizzo|link|file",
        """
            non esiste|non è stata trovata|non è stato trovato|non trovat|non è disponibile|non è più
            più disponibile|è stata rimossa|è stato rimosso|è stato cancellato|non è presente|che cercavi
            che stai cercando|che hai richiesto|è stata spostata|inesistente|non siamo riusciti|scadut
        """,
    ),
    nl=(
        "pagina|artikel|bericht|inhoud|document|link|verhaal",
        """
            niet gevonden|bestaat niet|niet meer beschikbaar|niet beschikbaar|bestaat helaas niet|niet langer
            niet vinden|is verwijderd|niet meer|verplaatst|u zoekt|je zoekt|verlopen|is verhuisd
        """,
    ),
    ru=(
        "страниц|стать|материал|документ|новост|публикаци|адрес|файл|ссылк|запис",
        """
            не найден|не существует|удален|удалена|была удалена|недоступ|не доступ|больше нет|перемещен|перенесен
            не обнаружен|устарел|нет на сайте|которую вы ищете|снят с публикации|снята с публикации
        """,
    ),
    uk=(
        "сторінк|статт|матеріал|документ|новин|публікаці|адрес|запис|посилан",
        """
            не знайден|не існує|видален|недоступн|більше немає|переміщен|не вдалося знайти|яку ви шукаєте|застаріл
            вилучен
        """,
    ),
    pl=(
        "stron|artykuł|treś|dokument|materiał|adres|plik|wiadomoś",
        """
            nie została znaleziona|nie został znaleziony|nie istnieje|nie znaleziono|nie znaleźliśmy
            już nie istnieje|został usunięt|została usunięt|nie jest już dostępn|nie jest dostępn|niedostępn
            przeniesion|której szukasz|wygas|usunięt
        """,
    ),
    tr=(
        "sayfa|haber|içerik|yazı|makale|adres|belge|bağlantı",
        """
            bulunamadı|bulunamamıştır|mevcut değil|kaldırılmış|silinmiş|yayından kaldırıl|bulunamıyor|artık mevcut
            taşınmış|aradığınız|ulaşılamıyor|yayında değil
        """,
    ),
    ar=(
        "الصفحة|المقال|الخبر|المحتوى|الرابط|المادة|الموضوع",
        """
            غير موجود|غير موجودة|لم يتم العثور|غير متوفر|غير متاح|تم حذف|تمت إزالة|تم نقل|لم تعد|لم يعد
            التي تبحث عنها|محذوف
        """,
    ),
    zh=(
        "页|文章|新闻|内容|网页|链接|稿件|頁|新聞|內容|連結|報導|报道",
        """
            不存在|未找到|找不到|没有找到|已删除|已被删除|已过期|无法找到|已下线|已撤下|已失效|没找到|已被移除
            已移除|沒有找到|已刪除|已被刪除|已下架|已過期|無法找到|已移至|已经删除|已經刪除|已撤稿
        """,
    ),
    ja=(
        "ページ|記事|コンテンツ|お探し|url|ニュース",
        """
            見つかりません|見つかりませんでした|存在しません|削除され|終了しました|終了いたしました|掲載期間
            公開を終了|移動した|見当たりません|ございません|公開期間|表示できません
        """,
    ),
    ko=(
        "페이지|기사|주소|콘텐츠|게시물|뉴스|문서",
        "찾을 수 없|존재하지 않|삭제되|삭제된|없는 페이지|사라졌|변경되었|이용할 수 없|만료|없습니다",
    ),
    sv=("sida|artikel", "hittades inte|kunde inte hittas|finns inte|har tagits bort|inte tillgänglig"),
    da=("side|artikel", "ikke fundet|findes ikke|kunne ikke findes|er blevet slettet|er fjernet|ikke længere"),
    no=("side|artikkel", "ikke funnet|finnes ikke|fant ikke|er slettet|er fjernet|ikke lenger"),
    fi=("sivu|artikkeli", "ei löytynyt|ei löydy|on poistettu|ei ole enää"),
    cs=("stránk|článek", "nenalezen|nebyla nalezena|nebyl nalezen|neexistuje|byl odstraněn|byla odstraněna"),
    hu=("oldal|cikk", "nem található|nem létezik|törölték|eltávolítottuk|már nem elérhető"),
    ro=("pagina|articolul", "nu a fost găsit|nu există|nu mai este disponibil|a fost ștears|a fost șters"),
    el=("σελίδα|άρθρο", "δεν βρέθηκε|δεν υπάρχει|έχει διαγραφεί|έχει αφαιρεθεί"),
    film=(
        "this video|the video|this clip|the clip|this film|the film|this episode|the episode|this programme|rights to",
        """
            no longer available|is unavailable|is not available|isn t available|has been removed|is private
            this video have expired|this clip have expired|this programme have expired
        """,
    ),
    film_de=(
        "dieses video|das video|diese sendung|die sendung",
        "nicht mehr verfügbar|nicht verfügbar|nicht mehr abrufbar",
    ),
    film_fr=("cette vidéo|la vidéo|cette émission", "n est plus disponible|n est pas disponible|a été supprimée"),
    film_es=("este vídeo|este video|el vídeo|el video", "ya no está disponible|no está disponible|ha sido eliminado"),
    film_it=("questo video|il video", "non è più disponibile|non è disponibile|è stato rimosso"),
    film_pt=("este vídeo|o vídeo", "já não está disponível|não está mais disponível|foi removido"),
    film_ru=("видео|ролик", "больше не доступно|больше недоступно|видео недоступно|видео удалено|ролик удален"),
    film_pl=("film|wideo|materiał wideo", "nie jest już dostępn|został usunięt"),
    film_zh=("视频|影片", "视频不存在|视频已下线|视频已删除|影片已下架|影片不存在"),
    film_ja=("動画", "動画は公開を終了|動画は削除|動画は現在ご覧|動画はご覧いただけ"),
    film_ko=("영상", "영상은 삭제|영상은 더 이상|존재하지 않는 영상"),
    sk=("stránk|článok", "nenájden|sa nenašla|sa nenašiel|neexistuje|bol odstránen|bola odstránen"),
    id=("halaman|artikel|berita", "tidak ditemukan|tidak tersedia|telah dihapus|tidak ada lagi|sudah tidak tersedia"),
)

UNUSED_LABELS = labels(
    en="""
        account suspended|this account has been suspended|site suspended|website suspended|it works|index of
        apache is functioning normally|test page for the apache http server|test page for apache installation
        apache2 ubuntu default page|apache2 debian default page|apache2 default page
        apache2 ubuntu default page it works|apache http server test page|welcome to nginx|iis windows server|iis7
        iis windows|web site coming soon|default web site page|default page|coming soon|website coming soon
        future home of something quite cool|default parallels plesk page|default plesk page
        web server s default page|site not found|site not published|site closed|website closed|this site is closed
        this website is no longer available|we have closed|website expired
    """,
    de="""
        account gesperrt|hier entsteht eine neue internetpräsenz|hier entsteht eine neue website
        website nicht verfügbar
    """,
    fr="site suspendu|compte suspendu|site fermé|bientôt en ligne",
    es="cuenta suspendida|sitio suspendido|próximamente|sitio cerrado",
    pt="conta suspensa|site suspenso|em breve",
    it="account sospeso|sito sospeso|prossimamente",
    ru="аккаунт заблокирован|хостинг приостановлен|сайт закрыт|сайт отключен",
    zh="网站已暂停|站点已关闭|网站已关闭|没有找到站点",
)

UNUSED_SAYINGS = sayings(
    en=(
        "account|site|website|page|server|web|directory",
        """
            has been suspended|is suspended|no web site is configured|no website is configured
            no content has been added|used to test the proper operation|if you can see this page
            successfully installed|is the default|default welcome page|contact your hosting provider
            has not been configured|has ceased publication|has closed|site is no longer active
        """,
    ),
    de=(
        "website|internetpräsenz|webseite|konto",
        "hier entsteht|wurde gesperrt|ist gesperrt|nicht mehr betrieben",
    ),
    fr=(
        "site|compte",
        "a été suspendu|est suspendu|a fermé",
    ),
    es=(
        "sitio|cuenta",
        "ha sido suspendid|está suspendid",
    ),
    ru=(
        "сайт|аккаунт|хостинг",
        "приостановлен|заблокирован|закрыт",
    ),
)

PARKED_LABELS = labels(
    en="""
        domain for sale|this domain is for sale|buy this domain|domain parking|parked domain
        this domain may be for sale|this domain name is for sale|domain expired|this domain has expired
        domain name expired|related searches|sponsored listings|welcome to the domain
    """,
    de="domain zu verkaufen|diese domain steht zum verkauf|diese domain kaufen",
    fr="domaine à vendre|ce domaine est à vendre",
    es="dominio en venta|este dominio está en venta",
    zh="域名出售|该域名正在出售|本域名出售",
    ru="домен продается|домен продаётся",
)

PARKED_SAYINGS = sayings(
    en=(
        "domain",
        """
            is for sale|may be for sale|could be yours|is parked|parked free|parked by|has expired|buy this
            this domain name|make an offer|inquire about|has recently been registered|is available for purchase
            related links|renew it|was recently registered|pending renewal|is registered|sedo|hugedomains
            courtesy of
        """,
    ),
    de=(
        "domain",
        "zu verkaufen|steht zum verkauf|wurde registriert|ist geparkt|kaufen|domaininhaber",
    ),
    fr=(
        "domaine",
        "à vendre|est expiré|a expiré|acheter ce",
    ),
    es=(
        "dominio",
        "en venta|ha expirado|está a la venta|comprar este",
    ),
    pt=(
        "domínio",
        "à venda|expirou|está à venda|comprar este",
    ),
    it=(
        "dominio",
        "in vendita|è scaduto|acquista questo",
    ),
    nl=(
        "domein",
        "te koop|is geregistreerd|domeinnaam kopen",
    ),
    ru=(
        "домен",
        "продается|продаётся|припаркован|истек|срок регистрации",
    ),
    pl=(
        "domen",
        "na sprzedaż|wygasła|jest zaparkowana|zarejestrowana",
    ),
    tr=(
        "alan adı|domain",
        "satılık|süresi dol",
    ),
    zh=(
        "域名|網域",
        "出售|过期|轉售|待售|到期",
    ),
    ja=(
        "ドメイン",
        "販売|売り出|期限切れ|取得されています",
    ),
    ko=(
        "도메인",
        "판매|만료",
    ),
)
