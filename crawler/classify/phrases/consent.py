"""How pages ask for consent: cookies, terms, age; and the buttons beside the question."""

from __future__ import annotations

from crawler.classify.wording import labels, sayings

CONSENT_LABELS = labels(
    en="""
        we value your privacy|your privacy|your privacy matters|your privacy is important to us|privacy settings
        your privacy choices|before you continue|before you continue to google|cookie consent|cookies|cookie notice
        cookie settings|cookie preferences|we use cookies|this site uses cookies|this website uses cookies
        privacy notice|privacy and cookies|we care about your privacy|consent|manage consent
        consent required|data protection choices|privacy gate|cookie wall|age verification|are you over 18
        are you over 18 years of age|verify your age|confirm your age|please confirm your age|age check
        enter your date of birth|terms of use|updated terms of use|we ve updated our terms|adults only
        content warning|yahoo is part of the yahoo family of brands|control your privacy|accept cookies
        cookies and privacy|privacy preferences|your choices regarding cookies|your data your choice
        continue with advertising or subscribe|consent or pay
    """,
    de="""
        wir schätzen ihre privatsphäre|ihre privatsphäre|datenschutzeinstellungen|datenschutz
        ihre datenschutzeinstellungen|privatsphäre einstellungen|cookie einstellungen|cookies zustimmen
        mit werbung weiterlesen|weiterlesen mit werbung|mit werbung oder im pur abo|pur abo|zustimmung|einwilligung
        bevor sie fortfahren|wir benötigen ihre zustimmung|cookies|willkommen|nutzen sie mit werbung|altersprüfung
        bitte bestätigen sie ihr alter|einwilligung zur datenverarbeitung|mit werbung und cookies|ihre zustimmung
        wir brauchen ihre zustimmung
    """,
    fr="""
        votre vie privée|nous respectons votre vie privée|le respect de votre vie privée est notre priorité
        gestion des cookies|avant de continuer|paramètres des cookies|cookies|continuer sans accepter
        vos choix concernant les cookies|vos choix|la protection de votre vie privée|vérification de l âge
        accepter les cookies|vos préférences cookies|bienvenue
    """,
    es="""
        tu privacidad|su privacidad|valoramos tu privacidad|valoramos su privacidad|tu privacidad es importante
        su privacidad es importante|configuración de cookies|antes de continuar|aviso de cookies|política de cookies
        cookies|aceptar cookies|verificación de edad|tu privacidad nos importa|aceptar y continuar
    """,
    pt="""
        sua privacidade|a sua privacidade|valorizamos sua privacidade|valorizamos a sua privacidade
        antes de continuar|configurações de cookies|aviso de cookies|política de cookies|verificação de idade
        definições de cookies|cookies
    """,
    it="""
        la tua privacy|rispettiamo la tua privacy|il rispetto della tua privacy è la nostra priorità
        prima di continuare|impostazioni dei cookie|informativa sui cookie|la vostra privacy|verifica dell età
        accetta i cookie|cookie|accetta o abbonati
    """,
    nl="""
        uw privacy|jouw privacy|je privacy|wij respecteren uw privacy|privacy instellingen|voordat u verdergaat
        cookie instellingen|cookies|cookiemelding|uw privacy instellingen|jouw cookies|toestemming|cookiewall
        wij gebruiken cookies|leeftijdscontrole|accepteer cookies|cookies op|jouw privacy instellingen|privacygate
    """,
    ru="""
        ваша конфиденциальность|мы ценим вашу конфиденциальность|использование файлов cookie|файлы cookie
        настройки файлов cookie|прежде чем продолжить|согласие на обработку данных|подтвердите возраст
        вам есть 18 лет|мы используем cookie|подтвердите что вам есть 18 лет
    """,
    uk="""
        ваша конфіденційність|ми цінуємо вашу конфіденційність|використання файлів cookie|файли cookie
        перш ніж продовжити|згода на обробку даних|вам є 18 років|підтвердіть вік
    """,
    pl="""
        twoja prywatność|szanujemy twoją prywatność|szanujemy państwa prywatność|ustawienia prywatności
        ustawienia cookies|zanim przejdziesz do serwisu|zanim przejdziesz dalej|pliki cookies
        dbamy o twoją prywatność|drogi użytkowniku|drogi czytelniku|czy masz ukończone 18 lat
        cenimy twoją prywatność|zgoda na przetwarzanie danych
    """,
    tr="""
        gizliliğiniz|gizliliğinize önem veriyoruz|çerez ayarları|çerez politikası|devam etmeden önce|çerezler
        çerez tercihleri|yaş doğrulama
    """,
    ar="""
        خصوصيتك|نحن نقدر خصوصيتك|إعدادات ملفات تعريف الارتباط|ملفات تعريف الارتباط|قبل المتابعة|نحترم خصوصيتك
        التحقق من العمر
    """,
    zh="""
        您的隐私|我们重视您的隐私|隐私设置|cookie设置|在继续之前|继续之前|您的隱私|我們重視您的隱私|隱私設定
        年龄验证|年齡驗證|您已年满18岁吗|cookie 设置|使用cookie|隐私政策更新
    """,
    ja="""
        プライバシー設定|お客様のプライバシー|プライバシーについて|続行する前に|クッキーの設定|cookieの設定
        cookieの使用について|年齢確認|あなたは18歳以上ですか|プライバシーの尊重|cookie 設定|クッキーについて
    """,
    ko="""
        개인정보 보호|개인정보를 소중히 여깁니다|쿠키 설정|계속하기 전에|개인정보 설정|연령 확인|성인 인증
        귀하의 개인정보|쿠키 사용 동의
    """,
    cs="vaše soukromí|vážíme si vašeho soukromí|nastavení soukromí|ověření věku|je vám více než 18 let|je vám 18 let",
    sk="vaše súkromie|vážime si vaše súkromie|nastavenie súkromia|overenie veku|máte viac ako 18 rokov",
    hu="az ön adatainak védelme|adatvédelmi beállítások|fontos számunkra az ön adatainak védelme|elmúltál 18 éves",
    ro="confidențialitatea dumneavoastră|respectăm confidențialitatea|ai peste 18 ani|verificarea vârstei",
    el="σεβόμαστε το απόρρητό σας|το απόρρητό σας|επιβεβαίωση ηλικίας|είστε άνω των 18",
    sv="vi värnar om din integritet|din integritet|är du över 18 år|är du 18 år|åldersverifiering",
    da="vi værdsætter dit privatliv|dit privatliv|er du over 18 år|samtykke",
    no="vi verdsetter ditt personvern|ditt personvern|er du over 18 år|samtykke",
    fi="arvostamme yksityisyyttäsi|yksityisyytesi|oletko yli 18 vuotias|oletko täyttänyt 18 vuotta",
    id="kami menghargai privasi anda|privasi anda|verifikasi usia|apakah anda berusia 18 tahun",
)

CONSENT_SAYINGS = sayings(
    en=(
        """
            cookie|privacy|partners|personal data|your data|consent|advertising|terms|your device|years of age
            year of birth|date of birth|adult|18|21|ads
        """,
        """
            we and our|our partners|you consent|you agree|your consent|give consent|we use cookies|uses cookies
            use cookies|accept all|i accept|i agree|by clicking|by continuing|click accept|manage settings
            manage options|manage your|personalised ads|personalized ads|personalised advertising
            personalised content|personalized content|store and or access|access information on a device
            legitimate interest|legal age|or older|over 18|over 21|years of age|confirm your age
            enter your date of birth|set cookies|place cookies|placing cookies|process personal data
            precise geolocation|withdraw your|vendors|before you continue|choose how your|change your mind
            with ads or|without tracking|without ads|measure audience|must accept|need your permission
        """,
    ),
    de=(
        "cookie|privatsphäre|daten|partner|zustimm|einwillig|werbung|tracking|alter|abo",
        """
            wir und unsere|unsere partner|stimmen sie|zustimmen|stimme zu|einwilligung|ihre zustimmung|akzeptieren
            wir verwenden cookies|personenbezogene|personalisierte|informationen auf einem gerät|verarbeiten
            jederzeit widerrufen|mit werbung|ohne werbung|ohne tracking|pur abo|18 jahre|volljährig
            berechtigtes interesse|drittanbieter|werbetracking|nutzungsanalyse|werbefrei
        """,
    ),
    fr=(
        "cookie|vie privée|données|partenaires|consent|publicité|traceurs|âge|abonn",
        """
            nous et nos|nos partenaires|vous acceptez|accepter|votre consentement|utilisons des cookies
            utilise des cookies|données personnelles|personnalisé|stocker|informations sur un appareil
            intérêt légitime|continuer sans|18 ans|déposer des|tout refuser|à tout moment
        """,
    ),
    es=(
        "cookie|privacidad|datos|socios|consent|publicidad|edad",
        """
            nosotros y nuestros|nuestros socios|acept|consentimiento|utilizamos cookies|usamos cookies
            datos personales|personalizad|almacenar|información en un dispositivo|interés legítimo|mayor de|18 años
            rechazar|en cualquier momento
        """,
    ),
    pt=(
        "cookie|privacidade|dados|parceiros|consent|publicidade|idade",
        """
            nós e os nossos|nós e nossos|nossos parceiros|aceit|concorda|consentimento|utilizamos cookies
            usamos cookies|dados pessoais|personalizad|armazenar|interesse legítimo|18 anos|rejeitar
            a qualquer momento
        """,
    ),
    it=(
        "cookie|privacy|dati|partner|consens|pubblicità|età|abbona",
        """
            noi e i nostri|nostri partner|accetta|acconsenti|consenso|utilizziamo cookie|utilizza cookie
            usiamo cookie|dati personali|personalizzat|archiviare|informazioni su un dispositivo|interesse legittimo
            18 anni|rifiuta|in qualsiasi momento|pubblicità profilata
        """,
    ),
    nl=(
        "cookie|privacy|gegevens|partners|toestemming|advertenties|leeftijd",
        """
            wij en onze|en partners|onze partners|accepteren|akkoord|ga je akkoord|gaat u akkoord|toestemming
            gebruiken cookies|plaatsen cookies|maken gebruik van cookies|persoonsgegevens|gepersonaliseerd|opslaan
            18 jaar|weigeren|gerechtvaardigd belang|gebruikt cookies|derden
        """,
    ),
    ru=(
        "cookie|куки|конфиденциальн|данн|партнер|партнёр|соглас|реклам|18|возраст",
        """
            мы и наши|наши партнер|наши партнёр|соглашаетесь|принять|согласие|используем файлы|использует файлы
            использует cookie|используем cookie|персональн|обработк|18 лет|нажимая|продолжая|отказаться
        """,
    ),
    uk=(
        "cookie|конфіденційн|дан|партнер|згод|реклам|18|вік",
        """
            ми та наші|наші партнери|погоджуєтесь|погоджуєтеся|прийняти|згоду|використовуємо файли
            використовуємо cookie|персональн|18 років|натискаючи|продовжуючи
        """,
    ),
    pl=(
        "cookie|prywatnoś|dan|partner|zgod|reklam|18",
        """
            my i nasi|nasi partnerzy|zaufani partnerzy|naszych partnerów|zgadzasz się|wyrażasz zgodę|wyrażam zgodę
            akceptuj|zgoda na|używamy plików|wykorzystujemy pliki|dane osobowe|danych osobowych|spersonalizowan
            przetwarza|18 lat|wycofać|przejdź do serwisu|uzasadnion
        """,
    ),
    tr=(
        "çerez|gizlilik|veri|ortak|onay|reklam|yaş",
        """
            biz ve|ortaklarımız|kabul|onay|çerez kullan|çerezleri kullan|kişisel veri|kişiselleştir|18 yaş|reddet
            rıza
        """,
    ),
    ar=(
        "الارتباط|خصوصي|بيانات|شركاؤنا|شركائنا|موافق|الإعلانات|كوكيز",
        "نحن وشركاؤنا|موافقتك|توافق|قبول|نستخدم ملفات|البيانات الشخصية|شركائنا|18 عاما|رفض",
    ),
    zh=(
        "cookie|隐私|数据|合作伙伴|同意|广告|隱私|資料|合作夥伴|廣告|18",
        """
            我们和|我们与|我们的合作伙伴|您同意|接受|使用cookie|使用 cookie|个人数据|个人信息|个性化|年满18|我們和
            我們與|個人資料|個人化|年滿18|拒绝所有|拒絕|合法权益
        """,
    ),
    ja=(
        "cookie|クッキー|プライバシー|データ|パートナー|同意|広告|18歳|年齢",
        """
            当社と|パートナー|同意する|同意し|同意いただ|を使用しています|使用します|個人データ|個人情報
            パーソナライズ|18歳以上|すべて拒否|受け入れ|許可する|利用しています
        """,
    ),
    ko=(
        "쿠키|개인정보|데이터|파트너|동의|광고|19세|18세|만 19",
        """
            당사와|파트너|동의합니다|동의하|동의함|쿠키를 사용|개인 데이터|맞춤형|이상입니까|이상만|모두 거부
            모두 수락|수락
        """,
    ),
    cs=(
        "cookie|soukrom|údaj|partner|souhlas|reklam|věk|18",
        """
            my a naši|naši partneři|souhlasíte|souhlasím|váš souhlas|používáme cookies|používáme soubory|osobní údaje
            osobních údajů|personalizovan|starší 18|mladší 18|více než 18|18 let|oprávněn|svůj věk|kdykoli odvolat
        """,
    ),
    sk=(
        "cookie|súkrom|údaj|partner|súhlas|reklam|vek|18",
        "my a naši|naši partneri|súhlasíte|súhlasím|používame súbory|používame cookies|osobné údaje|18 rokov|svoj vek",
    ),
    hu=(
        "cookie|süti|adat|partner|hozzájárul|hirdetés|18",
        "mi és|partnereink|hozzájárul|elfogad|sütiket használ|cookie kat használ|személyes adat|18 éves|elmúlt",
    ),
    ro=(
        "cookie|confidențial|date|partener|consimț|reclame|vârst|18",
        "noi și|partenerii noștri|accept|consimțământ|folosim cookie|utilizăm cookie|date personale|peste 18|18 ani",
    ),
    el=(
        "cookie|απόρρητ|δεδομέν|συνεργάτ|συγκατάθεσ|ηλικία|18",
        "εμείς και|συνεργάτες μας|αποδέχεστε|αποδοχή|συγκατάθεσή|χρησιμοποιούμε cookie|προσωπικά δεδομένα|άνω των 18",
    ),
    sv=(
        "cookie|kakor|integritet|uppgifter|partner|samtyck|18",
        "vi och våra|våra partner|samtycke|godkänn|använder cookies|använder kakor|personuppgifter|över 18|18 år",
    ),
    da=(
        "cookie|privatliv|oplysninger|partner|samtykke|18",
        "vi og vores|vores partnere|dit samtykke|accepter|bruger cookies|personoplysninger|over 18|18 år",
    ),
    no=(
        "cookie|informasjonskapsl|personvern|opplysninger|partner|samtykke|18",
        "vi og våre|våre partnere|ditt samtykke|godta|bruker cookies|bruker informasjonskapsl|over 18|18 år",
    ),
    fi=(
        "eväste|yksityisyy|tietoj|kumppan|suostumu|18",
        "me ja|kumppanimme|hyväksy|suostumuks|käytämme eväste|henkilötiet|yli 18|18 vuot",
    ),
    id=(
        "cookie|privasi|data|mitra|persetujuan|iklan|usia|18",
        "kami dan|mitra kami|anda setuju|menyetujui|menggunakan cookie|data pribadi|18 tahun|persetujuan anda",
    ),
)

CONSENT_BUTTONS = labels(
    en="""
        accept|accept all|accept all cookies|accept cookies|i accept|agree|i agree|agree and continue
        accept and continue|allow all|allow all cookies|allow cookies|reject all|manage settings|manage options
        manage preferences|cookie settings|more options|consent|i consent|got it|continue|enter|yes i am over 18
        yes i am 18 or older|i am over 18|i am 18 or older|enter site|privacy settings|accept continue
        agree continue|yes i agree|agree proceed|continue with ads|subscribe without ads|let me choose
        enter the site|verify my age
    """,
    de="""
        akzeptieren|alle akzeptieren|zustimmen|zustimmen und weiter|alle cookies akzeptieren|einverstanden
        alle ablehnen|ich stimme zu|einstellungen|akzeptieren und weiter|mit werbung weiterlesen|zustimmen weiter
        ablehnen|ich bin über 18|jetzt abonnieren|einwilligen und weiter
    """,
    fr="""
        accepter|tout accepter|j accepte|accepter et fermer|accepter et continuer|continuer sans accepter
        tout refuser|paramétrer|personnaliser|refuser
    """,
    es="""
        aceptar|aceptar todo|aceptar todas|acepto|aceptar y continuar|aceptar y cerrar|rechazar todo|rechazar
        configurar|estoy de acuerdo|gestionar opciones
    """,
    pt="""
        aceitar|aceitar tudo|aceitar todos|aceito|concordo|concordo e continuar|rejeitar tudo|aceitar e continuar
        gerenciar opções|rejeitar|configurar
    """,
    it="""
        accetta|accetta tutto|accetto|accetta e continua|rifiuta tutto|rifiuta|personalizza|gestisci opzioni
        accetta tutti|accetta e chiudi|accetta tutti i cookie
    """,
    nl="""
        accepteren|alles accepteren|akkoord|ja ik accepteer|ik ga akkoord|accepteer alles|instellingen|weigeren
        alles weigeren|naar de site|akkoord en doorgaan|accepteer|cookies accepteren|ja ik ga akkoord
    """,
    ru="""
        принять|принять все|согласен|я согласен|соглашаюсь|продолжить|отклонить|отклонить все|настройки
        да мне есть 18|мне есть 18|мне есть 18 лет|принимаю
    """,
    uk="прийняти|прийняти все|погоджуюсь|погоджуюся|я погоджуюсь|відхилити|продовжити|налаштування|мені є 18",
    pl="""
        akceptuję|akceptuj wszystkie|zgadzam się|zaakceptuj|przejdź do serwisu|odrzuć wszystko
        akceptuję i przechodzę do serwisu|zaakceptuj wszystko|mam 18 lat|ustawienia zaawansowane|wyrażam zgodę
    """,
    tr="kabul et|tümünü kabul et|kabul ediyorum|onaylıyorum|reddet|tümünü reddet|ayarlar",
    ar="قبول|قبول الكل|أوافق|موافق|رفض الكل|رفض|متابعة",
    zh="""
        接受|全部接受|同意|我同意|接受所有cookie|接受全部|同意并继续|拒绝|全部拒绝|接受所有|同意並繼續|拒絕
        我已年满18岁|我已年滿18歲|进入
    """,
    ja="""
        同意する|すべて同意|すべて受け入れる|同意して続行|許可する|すべて拒否|はい 18歳以上です|はい|承諾する
        設定を管理
    """,
    ko="동의|동의함|모두 동의|모두 허용|모두 수락|동의하고 계속|동의합니다|수락|모두 거부|거부",
    cs="přijmout|přijmout vše|souhlasím|souhlasím a pokračovat|odmítnout|odmítnout vše|ano je mi 18|ano je mi 18 let",
    sk="prijať|prijať všetko|súhlasím|odmietnuť|odmietnuť všetko|áno mám 18",
    hu="elfogadom|összes elfogadása|elutasítom|elutasítás|igen elmúltam 18",
    ro="accept|acceptă tot|accept toate|sunt de acord|refuz|respinge tot|da am peste 18 ani",
    el="αποδοχή|αποδοχή όλων|συμφωνώ|απόρριψη|απόρριψη όλων",
    sv="godkänn|godkänn alla|acceptera|acceptera alla|avvisa|avvisa alla|ja jag är över 18",
    da="accepter|accepter alle|tillad alle|afvis|afvis alle|ja jeg er over 18",
    no="godta|godta alle|aksepter|avvis|avvis alle|ja jeg er over 18",
    fi="hyväksy|hyväksy kaikki|hyväksyn|hylkää|hylkää kaikki|kyllä olen yli 18",
    id="setuju|saya setuju|terima|terima semua|tolak|tolak semua|ya saya berusia 18",
)
