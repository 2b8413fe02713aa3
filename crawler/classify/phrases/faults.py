"""How servers say that they failed, or that they serve something else or nobody here."""

from __future__ import annotations

from crawler.classify.wording import labels, sayings

FAULT_LABELS = labels(
    en="""
        we ll be back soon|we will be back soon|we ll be right back|be right back|back soon|back online soon
        internal server error|500 internal server error|error 500|500 error|http error 500|server error
        502 bad gateway|bad gateway|error 502|503 service unavailable|service unavailable
        service temporarily unavailable|error 503|503 service temporarily unavailable|504 gateway timeout
        504 gateway time out|gateway timeout|gateway time out|http error 503|http error 502|runtime error
        application error|database error|fatal error|error|an error occurred|an error has occurred
        something went wrong|whoops looks like something went wrong|whoops|oops something went wrong
        oops an error occurred|under maintenance|site under maintenance|down for maintenance|scheduled maintenance
        maintenance|maintenance mode|site maintenance|temporarily unavailable|site temporarily unavailable
        website temporarily unavailable|under construction|bandwidth limit exceeded|509 bandwidth limit exceeded
        509 unused|site offline|site unavailable|website offline|error establishing a database connection
        technical difficulties|we are experiencing technical difficulties|unexpected error|system error|proxy error
        bad request|400 bad request|method not allowed|request timeout|too many connections|server application error
        http 500 internal server error|error processing request|error occurred while processing request
        we will be back shortly|we ll be back shortly|back shortly|we are moving|we are updating our site
        web server is down|origin is unreachable|a timeout occurred|connection timed out|ssl handshake failed
        invalid ssl certificate|web server is returning an unknown error|origin dns error|dns resolution error
        dns points to prohibited ip|host error|upstream connect error|upstream request timeout|no healthy upstream
        origin error|unable to connect to the origin|unhandled exception|uncaught exception|stack trace
        403 forbidden|forbidden|error 403|http error 403|unavailable for legal reasons
        451 unavailable for legal reasons|451 unavailable due to legal reasons|not available in your region
        unavailable in your region|this content is not available in your region
        content not available in your country|unavailable in your country|this site is not available in your region
        website unavailable in your location|not available in your country|page unavailable due to legal reasons
        sorry this content is not available in your region|not available in your location
        access from your country is not allowed
    """,
    de="""
        interner serverfehler|serverfehler|wartungsarbeiten|wegen wartung nicht verfügbar|ein fehler ist aufgetreten
        fehler|technischer fehler|seite vorübergehend nicht verfügbar|dienst nicht verfügbar|datenbankfehler
        wartungsmodus|in ihrer region nicht verfügbar|in ihrem land nicht verfügbar
        dienst vorübergehend nicht verfügbar
    """,
    fr="""
        erreur interne du serveur|erreur serveur|service indisponible|site en maintenance|une erreur est survenue
        maintenance en cours|erreur technique|une erreur s est produite|site temporairement indisponible
        en construction|service temporairement indisponible|contenu non disponible dans votre pays
    """,
    es="""
        error interno del servidor|error del servidor|servicio no disponible|sitio en mantenimiento
        ha ocurrido un error|en mantenimiento|error de conexión|se ha producido un error|en construcción
        servicio temporalmente no disponible|contenido no disponible en su región
        contenido no disponible en tu región
    """,
    pt="""
        erro interno do servidor|erro no servidor|serviço indisponível|site em manutenção|ocorreu um erro
        em manutenção|em construção|erro interno|serviço temporariamente indisponível
        conteúdo não disponível na sua região
    """,
    it="""
        errore interno del server|errore del server|servizio non disponibile|sito in manutenzione
        si è verificato un errore|in manutenzione|errore di sistema|servizio temporaneamente non disponibile
        contenuto non disponibile nel tuo paese
    """,
    nl="""
        interne serverfout|serverfout|dienst niet beschikbaar|er is een fout opgetreden|onderhoud|storing
        er ging iets mis|website in onderhoud|tijdelijk niet beschikbaar|er is iets misgegaan
        niet beschikbaar in uw regio
    """,
    ru="""
        внутренняя ошибка сервера|ошибка сервера|сервис недоступен|технические работы|произошла ошибка
        сайт недоступен|сайт временно недоступен|ведутся технические работы|ошибка 500|ошибка базы данных
        на сайте ведутся технические работы|аккаунт заблокирован|хостинг приостановлен|недоступно в вашем регионе
        сайт заблокирован
    """,
    uk="""
        внутрішня помилка сервера|помилка сервера|технічні роботи|сталася помилка|сайт тимчасово недоступний
        помилка 500|ведуться технічні роботи|сервіс недоступний|недоступно у вашому регіоні
    """,
    pl="""
        wewnętrzny błąd serwera|błąd serwera|przerwa techniczna|wystąpił błąd|serwis niedostępny
        strona w przebudowie|usługa niedostępna|trwają prace techniczne|błąd 500|niedostępne w twoim regionie
    """,
    tr="""
        sunucu hatası|hizmet kullanılamıyor|bakım çalışması|bir hata oluştu|site bakımda|hata oluştu|bakımdayız
        bölgenizde kullanılamıyor|sunucu hatası 500
    """,
    ar="خطأ في الخادم|الخدمة غير متوفرة|الموقع تحت الصيانة|حدث خطأ|تحت الصيانة|خطأ داخلي في الخادم|حدث خطأ ما",
    zh="""
        服务器错误|服务器内部错误|服务不可用|系统维护|系统错误|网站维护中|数据库错误|系统繁忙|伺服器錯誤|系統維護中
        系統錯誤|发生错误|發生錯誤|网站已暂停|网站暂时无法访问|数据库连接错误|服务暂时不可用|網站維護中|运行时错误
        站点已关闭|您所在的地区无法访问
    """,
    ja="""
        サーバーエラー|内部サーバーエラー|メンテナンス中|ただいまメンテナンス中です|エラーが発生しました
        システムエラー|サービス利用不可|サービスを利用できません|お住まいの地域ではご利用いただけません
        アクセスが集中しています
    """,
    ko="""
        서버 오류|내부 서버 오류|서비스 점검 중|오류가 발생했습니다|시스템 점검|서비스를 사용할 수 없습니다
        사이트 점검중|일시적인 오류|해당 지역에서 이용할 수 없습니다
    """,
)

FAULT_SAYINGS = sayings(
    en=(
        """
            server|site|website|service|page|request|system|database|account|error|application|administrator
            technical|we
        """,
        """
            for the inconvenience|for any inconvenience|for your patience|being moved to new|back online|back shortly
            internal server error|encountered an internal error|is temporarily unavailable
            temporarily unable to service|undergoing maintenance|down for maintenance|scheduled maintenance
            under maintenance|routine maintenance|experiencing technical difficulties|experiencing problems
            try again later|try again in a few minutes|overloaded|capacity problems|exceeded its bandwidth
            bandwidth limit|error has occurred|error occurred while|occurred while processing|unexpected error
            fatal error|establishing a database connection|could not connect to|can t connect to
            unable to connect to|cannot connect to|connection failed|connect to database|too many connections
            stack trace|unhandled exception|call stack|backend fetch failed|guru meditation|upstream server
            invalid response from|timed out
        """,
    ),
    wrong=(
        "something",
        "went wrong|has gone wrong",
    ),
    code=(
        "error|exception|warning|line|driver|sql|supplied|resource|failed|odbc|at|denied",
        """
            mysql connect|mysql fetch|mysql query|mysqli|sql syntax|syntax error|odbc microsoft access driver
            odbc drivers|odbc sql server|ole db provider|adodb|vbscript runtime|microsoft jet database|80004005
            80040e|800a0|java lang|nullpointerexception|traceback most recent call|on line|server error in
            coldfusion|pdoexception|uncaught exception|ora 0|nested exception|javax servlet|apache tomcat
            division by zero|allowed memory size|failed to open stream|stdclass|template not found
            component could not|element is undefined|nullreferenceexception
        """,
    ),
    de=(
        "server|seite|dienst|fehler|website|wir|webseite|anfrage",
        """
            interner fehler|vorübergehend nicht erreichbar|vorübergehend nicht verfügbar|wartungsarbeiten
            später erneut|später noch einmal|fehler aufgetreten|überlastet|technische probleme
            zurzeit nicht erreichbar|gesperrt
        """,
    ),
    fr=(
        "serveur|site|service|erreur|page|nous",
        """
            erreur interne|momentanément indisponible|temporairement indisponible|en maintenance|réessayer plus tard
            problème technique|erreur est survenue|erreur s est produite|surchargé|ultérieurement|a été suspendu
        """,
    ),
    es=(
        "servidor|sitio|servicio|error|página|sistema|estamos",
        """
            error interno|temporalmente no disponible|temporalmente fuera|en mantenimiento|inténtelo más tarde
            mantenimiento|problemas técnicos|inténtelo de nuevo|intente más tarde|ocurrido un error
            producido un error|fuera de servicio
        """,
    ),
    pt=(
        "servidor|site|serviço|erro|página|sistema|estamos",
        """
            erro interno|temporariamente indisponível|em manutenção|tente novamente mais tarde|problemas técnicos
            ocorreu um erro|fora do ar|tente mais tarde|instabilidade
        """,
    ),
    it=(
        "server|sito|servizio|errore|pagina|stiamo",
        """
            errore interno|temporaneamente non disponibile|in manutenzione|riprova più tardi|riprovare più tardi
            problemi tecnici|verificato un errore|momentaneamente non|sovraccarico
        """,
    ),
    nl=(
        "server|site|dienst|fout|pagina|website|we",
        """
            interne fout|tijdelijk niet beschikbaar|in onderhoud|probeer het later|technische problemen
            fout opgetreden|werken aan de website|onderhoudswerkzaamheden|iets mis|tijdelijk niet bereikbaar
            overbelast
        """,
    ),
    ru=(
        "сервер|сайт|сервис|ошибк|работ|систем|страниц",
        """
            внутренняя ошибка|временно недоступ|технические работы|попробуйте позже|повторите попытку позже
            произошла ошибка|на обслуживании|перегружен|приостановлен|заблокирован|неполадк
        """,
    ),
    uk=(
        "сервер|сайт|сервіс|помилк|робот|систем|сторінк",
        """
            внутрішня помилка|тимчасово недоступ|технічні роботи|спробуйте пізніше|сталася помилка|перевантажен
            на обслуговуванні
        """,
    ),
    pl=(
        "serwer|stron|serwis|błąd|usług|trwaj",
        """
            wewnętrzny błąd|tymczasowo niedostępn|przerwa techniczna|przerwę techniczną|spróbuj ponownie później
            wystąpił błąd|problemy techniczne|prace konserwacyjne|prace techniczne|przeciążony|chwilowo niedostępn
        """,
    ),
    tr=(
        "sunucu|site|hizmet|hata|sayfa|sistem",
        """
            sunucu hatası|geçici olarak|bakım çalışması|daha sonra tekrar|hata oluştu|bakımda|teknik bir
            kullanılamıyor
        """,
    ),
    ar=(
        "الخادم|الموقع|الخدمة|خطأ|النظام|عذرا",
        "خطأ داخلي|غير متوفر مؤقتا|تحت الصيانة|حاول مرة أخرى لاحقا|حدث خطأ|غير متاح حاليا|المحاولة لاحقا",
    ),
    zh=(
        "服务器|网站|系统|服务|错误|伺服器|網站|系統|服務|錯誤|站点|数据库|资料库",
        """
            内部错误|暂时无法|暂时不可用|维护中|正在维护|稍后再试|稍后重试|發生錯誤|发生错误|內部錯誤|暫時無法
            維護中|正在維護|稍後再試|连接失败|繁忙|过载|已暂停|升级维护
        """,
    ),
    ja=(
        "サーバー|サイト|サービス|エラー|システム|メンテナンス|アクセス",
        """
            内部エラー|一時的に|メンテナンス中|メンテナンスを行って|しばらくしてから|後ほど|エラーが発生|混み合って
            集中し|ご利用いただけません
        """,
    ),
    ko=(
        "서버|사이트|서비스|오류|시스템|페이지|점검",
        "내부 오류|일시적으로|점검 중|점검중|잠시 후 다시|오류가 발생|과부하|이용에 불편",
    ),
)

REGION_SAYINGS = sayings(
    en=(
        """
            region|country|location|territory|european economic area|european union|eea|gdpr|europe|eu|legal reasons
            where you are
        """,
        """
            not available|unavailable|cannot grant you access|can t grant you access|unable to grant|not accessible
            blocked|cannot be accessed|not able to serve|not permitted|do not have the rights|restricted
            access is denied
        """,
    ),
    de=(
        "region|land|rechtlichen gründen|standort",
        "nicht verfügbar|nicht zugänglich|gesperrt|keinen zugriff",
    ),
    fr=(
        "région|pays|raisons légales|zone géographique",
        "n est pas disponible|pas accessible|indisponible|non disponible",
    ),
    es=(
        "región|país|razones legales|ubicación",
        "no está disponible|no disponible|no es accesible|restringido",
    ),
    pt=(
        "região|país|motivos legais|localização",
        "não está disponível|indisponível|não disponível|restrito",
    ),
    it=(
        "regione|paese|motivi legali|area geografica",
        "non è disponibile|non disponibile|non accessibile",
    ),
    nl=(
        "regio|land|juridische redenen|locatie",
        "niet beschikbaar|niet toegankelijk|geblokkeerd",
    ),
    ru=(
        "регион|стран|решению суда|роскомнадзор",
        "недоступ|не доступ|заблокирован|ограничен",
    ),
    uk=(
        "регіон|країн",
        "недоступн|заблокован|обмежен",
    ),
    pl=(
        "regionie|kraju|lokalizacji",
        "niedostępn|nie jest dostępn|zablokowan",
    ),
    tr=(
        "bölge|ülke|konum",
        "kullanılamıyor|erişilemiyor|engellen|mevcut değil",
    ),
    ar=(
        "منطقتك|بلدك|دولتك|موقعك",
        "غير متاح|غير متوفر|محظور",
    ),
    zh=(
        "地区|国家|地區|國家|所在位置",
        "无法访问|不可用|無法存取|无法观看|不提供|無法觀看",
    ),
    ja=(
        "地域|お住まい|お客様の国",
        "ご利用いただけません|利用できません|アクセスできません|ご覧いただけません",
    ),
    ko=(
        "지역|국가",
        "이용할 수 없|제공되지 않|접근할 수 없|차단",
    ),
)
