"""How pages ask who the reader is."""

from __future__ import annotations

from crawler.classify.wording import labels, sayings

LOGIN_LABELS = labels(
    en="""
        log in|login|sign in|signin|log on|logon|sign in to continue|log in to continue|please log in|please sign in
        please login|member login|members login|member sign in|subscriber login|subscriber log in|user login
        account login|register|registration|registration required|free registration required|login required
        sign in required|register now|create an account|create your account|create your free account|sign up
        register for free|members only|members area|members only area|subscriber services|log in or register
        login or register|sign in or register|sign in or create an account|login register|authentication required
        unauthorized|401 unauthorized|authorization required|401 authorization required|session expired
        your session has expired|welcome back|enter your password|member center|log in to your account
        sign in to your account|already registered|registered users|log in subscribers|reader registration
        user registration|customer login
    """,
    de="""
        anmelden|anmeldung|einloggen|login|registrieren|registrierung|bitte anmelden|bitte melden sie sich an
        jetzt registrieren|mein konto|anmeldung erforderlich|jetzt anmelden|kostenlos registrieren|abonnenten login
    """,
    fr="""
        connexion|se connecter|identification|inscription|connectez vous|identifiez vous|créer un compte
        s identifier|espace abonnés|s inscrire|mon compte|authentification|connexion requise
    """,
    es="""
        iniciar sesión|inicia sesión|acceder|acceso|registro|regístrate|regístrese|inicie sesión|crear cuenta
        acceso usuarios|identificación|entrar|área de suscriptores|acceso suscriptores
    """,
    pt="""
        entrar|iniciar sessão|login|faça login|cadastro|cadastre se|fazer login|acesso|criar conta|área do assinante
        registar|identificação
    """,
    it="""
        accedi|login|registrati|accesso|registrazione|area riservata|area abbonati|effettua il login|entra
        accedi o registrati|accesso riservato
    """,
    nl="""
        inloggen|aanmelden|registreren|log in|account aanmaken|maak een account aan|inloggen of registreren
        registratie|mijn account|login
    """,
    ru="""
        вход|войти|авторизация|регистрация|вход на сайт|вход в систему|войдите|войдите или зарегистрируйтесь
        личный кабинет|вход для подписчиков|требуется авторизация
    """,
    uk="вхід|увійти|авторизація|реєстрація|вхід на сайт|увійдіть|увійдіть або зареєструйтесь|особистий кабінет",
    pl="""
        logowanie|zaloguj się|zaloguj|rejestracja|załóż konto|zarejestruj się|logowanie do serwisu
        wymagane logowanie|panel logowania
    """,
    tr="giriş yap|üye girişi|kayıt ol|oturum aç|giriş|üye ol|üyelik|kullanıcı girişi|abone girişi",
    ar="تسجيل الدخول|دخول|التسجيل|إنشاء حساب|تسجيل|دخول الأعضاء|يرجى تسجيل الدخول",
    zh="""
        登录|用户登录|会员登录|请登录|登入|會員登入|注册|用户注册|请先登录|請先登入|註冊|会员注册|登录注册|登录 注册
        账号登录|帳號登入
    """,
    ja="""
        ログイン|会員ログイン|サインイン|会員登録|新規会員登録|ログインしてください|ログイン画面|無料会員登録
        会員専用
    """,
    ko="로그인|회원 로그인|회원가입|로그인이 필요합니다|로그인 회원가입|회원 가입|로그인 페이지",
    cs="přihlášení|přihlásit se|přihlaste se|registrace|vstup pro předplatitele",
    sk="prihlásenie|prihlásiť sa|prihláste sa|registrácia",
    hu="bejelentkezés|belépés|jelentkezzen be|regisztráció",
    ro="autentificare|conectare|intră în cont|înregistrare",
    el="σύνδεση|είσοδος|είσοδος μελών|εγγραφή",
    sv="logga in|inloggning|skapa konto|registrera dig",
    da="log ind|opret konto|opret bruger",
    no="logg inn|logg på|opprett konto",
    fi="kirjaudu|kirjaudu sisään|kirjautuminen|rekisteröidy",
    id="masuk|login anggota|daftar akun|silakan masuk",
)

LOGIN_SAYINGS = sayings(
    en=(
        """
            log in|login|log on|sign in|sign up|register|registration|registered|member|password|account|subscriber
            log into
        """,
        """
            you must be|you must log|you must sign|you must register|you need to|please log|please login|please sign
            please register|please enter your|is required|are required|required to|to continue|to view|to read
            to access|to see this|members only|free registration|registration is free|register free
            register for free|already a member|already registered|already have an account|already a subscriber
            not a member|don t have an account|do not have an account|forgot your password|forgot password
            forgotten your password|remember me|create an account|create a free account|create your|e mail address
            email address and password|username and password|user name and password|access to this area
            restricted to|only to registered|only to members|only available to registered|available to registered
            could not verify that you
        """,
    ),
    de=(
        "anmeld|login|einlogg|registrier|passwort|konto|kennwort|abonnent|mitglied",
        """
            bitte|müssen|erforderlich|um fortzufahren|um diesen|um den|noch kein|bereits|passwort vergessen
            kennwort vergessen|angemeldet bleiben|nur für registrierte|melden sie sich
        """,
    ),
    fr=(
        "connect|identifi|inscri|mot de passe|compte|abonné|membre",
        """
            veuillez|devez|pour continuer|pour accéder|pour lire|déjà|mot de passe oublié|pas encore|créer un compte
            créez|réservé aux membres|se souvenir
        """,
    ),
    es=(
        "sesión|registr|contraseña|cuenta|usuario|suscriptor",
        """
            por favor|debe|debes|para continuar|para acceder|para ver|para leer|olvidado|olvidó|olvidaste|ya eres
            ya tienes|aún no|todavía no|no tienes|recordarme
        """,
    ),
    pt=(
        "login|sessão|registr|regist|cadastr|senha|palavra passe|conta|assinante",
        """
            por favor|deve|precisa|é necessário|para continuar|para acessar|para aceder|para ler|esqueceu|esqueci
            já é|já tem|ainda não|não tem|lembrar
        """,
    ),
    it=(
        "accedi|login|registra|password|account|abbonat|utente",
        """
            per continuare|per accedere|per leggere|devi|è necessario|dimenticat|hai già|sei già|non hai|non sei
            effettua|ricordami|inserisci
        """,
    ),
    nl=(
        "inlog|log in|aanmeld|registr|wachtwoord|account|abonnee",
        """
            om verder|moet|om dit|om door|vergeten|heb je al|heeft u al|nog geen|al een account|onthoud|verplicht
            graag|met uw|met je
        """,
    ),
    ru=(
        "войти|войдите|вход|авториз|регистрац|зарегистр|пароль|логин|аккаунт",
        """
            чтобы|необходимо|нужно|пожалуйста|забыли|запомнить|уже есть|нет аккаунта|еще не|только для|требуется
            для доступа|введите
        """,
    ),
    uk=(
        "увійти|увійдіть|вхід|авториз|реєстрац|зареєстр|пароль|логін",
        "щоб|необхідно|потрібно|будь ласка|забули|запам|вже|ще не|лише для|для доступу|введіть",
    ),
    pl=(
        "zaloguj|logow|rejestr|hasł|konto|konta|użytkownik",
        """
            aby|musisz|proszę|nie pamiętasz|zapomniał|masz już|nie masz|zapamiętaj|wymagan|tylko dla zalogowanych
            wpisz|podaj
        """,
    ),
    tr=(
        "giriş|oturum|kayıt|üye|şifre|parola|hesab",
        "lütfen|için|gerek|unuttum|unuttunuz|beni hatırla|hesabınız|zaten|yapmalısınız|olmalısınız",
    ),
    ar=(
        "تسجيل|الدخول|حساب|كلمة المرور|كلمة السر|الأعضاء",
        "يرجى|الرجاء|يجب|للمتابعة|نسيت|لديك حساب|ليس لديك|تذكرني|لقراءة|للوصول",
    ),
    zh=(
        "登录|登入|注册|註冊|密码|密碼|账号|帳號|会员|會員",
        """
            请先|請先|需要|后才能|後才能|忘记|忘記|记住|記住|没有账号|沒有帳號|已有账号|才能查看|才可|请输入|請輸入
            以继续|以繼續|查看全文
        """,
    ),
    ja=(
        "ログイン|会員|パスワード|サインイン|アカウント",
        "必要です|してください|お忘れ|忘れた|お持ちでない|お持ちの方|入力し|専用|保存する|が必要|限定",
    ),
    ko=(
        "로그인|회원|비밀번호|아이디|계정",
        "필요합니다|해주세요|해 주세요|하세요|찾기|잊으셨|저장|없으신가요|이신가요|입력|후 이용|전용",
    ),
    members=(
        """
            logged in|permission|privileges|angemeldet|eingeloggt|keine rechte|ausreichenden rechte|connecté|identifié
            autorisation d accéder|sesión|permiso|autenticad|permissão|collegato|permess|ingelogd|rechten|zalogowan
            uprawnie|giriş yapmadınız|yetkiniz|登录|登入|权限|權限
        """,
        """
            you are not logged in|you do not have permission to access|not have sufficient privileges
            sie sind nicht angemeldet|nicht eingeloggt|keine rechte diese seite|keine ausreichenden rechte
            vous n êtes pas connecté|vous n êtes pas identifié|pas l autorisation d accéder|no has iniciado sesión
            no ha iniciado sesión|no tienes permiso para|no tiene permiso para|não está autenticad
            não tem permissão para
            non sei collegato|non hai i permessi|je bent niet ingelogd|u bent niet ingelogd|onvoldoende rechten
            nie jesteś zalogowan|nie masz uprawnień|giriş yapmadınız|yetkiniz yok|您尚未登录
            您尚未登入|没有权限|沒有權限
        """,
    ),
    cs=(
        "přihl|registr|heslo|předplatitel|účet|účtu",
        "prosím|pro pokračování|musíte|zapomněli|zapomenuté|ještě nemáte|už máte|nejste přihlášen|jen pro přihlášené",
    ),
    sk=("prihl|registr|heslo|účet", "prosím|pre pokračovanie|musíte|zabudli|ešte nemáte|nie ste prihlásen"),
    hu=("bejelentkez|belép|regisztr|jelszó|fiók", "kérjük|a folytatáshoz|elfelejtett|még nincs|nincs bejelentkezve"),
    ro=("autentific|conect|parol|cont", "vă rugăm|pentru a continua|ai uitat|nu ai cont|nu sunteți autentificat"),
    el=("σύνδεσ|συνδεθ|εγγραφ|κωδικ", "παρακαλούμε|για να συνεχίσετε|ξεχάσατε|πρέπει να|δεν έχετε συνδεθεί"),
    sv=("logga in|inloggad|lösenord|konto", "för att läsa|för att fortsätta|du måste|glömt|har du inget|inte inloggad"),
    da=("log ind|logget ind|adgangskode|konto", "for at læse|for at fortsætte|du skal|glemt|ikke logget ind"),
    no=("logg inn|logget inn|passord|konto", "for å lese|for å fortsette|du må|glemt|ikke logget inn"),
    fi=("kirjaudu|kirjautu|salasana|tunnus|tili", "jatkaaksesi|lukeaksesi|unohtu|et ole kirjautunut|sinun täytyy"),
    id=("masuk|login|kata sandi|akun", "silakan|untuk melanjutkan|untuk membaca|harus|lupa|belum punya|anda belum"),
)
