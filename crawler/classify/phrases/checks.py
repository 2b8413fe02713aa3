"""How checks against robots speak."""

from __future__ import annotations

from crawler.classify.wording import labels, sayings

CHECK_LABELS = labels(
    en="""
        just a moment|attention required|attention required cloudflare|access denied
        access to this page has been denied|please verify you are a human|verify you are human
        verify that you are human|are you a robot|are you human|i m not a robot|human verification|bot verification
        additional security check|additional security check is required|why am i seeing this page
        robot check|security check|security verification|captcha|captcha challenge|pardon our interruption
        please wait|one moment please|please wait while we verify your browser|checking your browser
        checking your browser before accessing|ddos guard|ddos protection|ddos protection by cloudflare
        request unsuccessful|request rejected|the request url was rejected|the requested url was rejected
        browser check|client challenge|unusual traffic|unusual activity|unusual activity detected
        suspicious activity detected|automated access detected|blocked|you have been blocked
        sorry you have been blocked|your request has been blocked|access blocked|bot detected
        your access to this site has been limited|making sure you re not a bot|security checkpoint
        vercel security checkpoint|one more step|please complete the security check
        checking if the site connection is secure|website security check|verifying your browser
        verifying you are human|verifying connection|validating your browser|please enable cookies|site verification
        challenge validation|bot challenge|radware captcha page|radware bot manager captcha
        sucuri website firewall access denied|sucuri website firewall|web application firewall|not acceptable
        403 access denied|help us protect our site|press hold to confirm
        before you continue please confirm you are human|queue it|waiting room
        please stand by while we are checking your browser|anti bot verification|antibot|botstopper|crawler detected
        rate limited|too many requests|error 1020|error 1015|access denied error 1020|please prove you are human
    """,
    de="""
        sind sie ein mensch|sicherheitsüberprüfung|sicherheitsprüfung|einen moment bitte|einen moment
        nur einen moment|bitte bestätigen sie dass sie kein roboter sind|ihr browser wird überprüft
        zugriff verweigert|browser wird überprüft|ich bin kein roboter|ungewöhnlicher datenverkehr|bitte warten
    """,
    fr="""
        un instant|vérification de sécurité|êtes vous un robot|accès refusé|je ne suis pas un robot
        veuillez patienter|vérification du navigateur|vérification de votre navigateur|activité inhabituelle
        contrôle de sécurité
    """,
    es="""
        un momento|verificación de seguridad|eres humano|no soy un robot|acceso denegado|comprobando su navegador
        comprobando tu navegador|verifica que eres humano|eres un robot|actividad inusual|espere por favor
    """,
    pt="""
        um momento|verificação de segurança|não sou um robô|acesso negado|verificando seu navegador|você é um robô
        atividade incomum|confirme que você é humano|só um momento
    """,
    it="""
        un momento|verifica di sicurezza|non sono un robot|accesso negato|controllo del browser|sei un robot
        verifica che sei umano|attività insolita|controllo di sicurezza|attendere prego
    """,
    nl="""
        een ogenblik|een ogenblik geduld|beveiligingscontrole|ik ben geen robot|toegang geweigerd|ben je een robot
        bent u een robot|even geduld|uw browser wordt gecontroleerd|ongebruikelijke activiteit
    """,
    ru="""
        один момент|минутку|проверка браузера|вы робот|я не робот|вы не робот|доступ запрещен|доступ ограничен
        проверка безопасности|подтвердите что вы не робот|ой captcha|подозрительная активность|пожалуйста подождите
        проверка
    """,
    uk="""
        зачекайте|перевірка браузера|я не робот|ви не робот|доступ заборонено|перевірка безпеки
        підтвердіть що ви не робот
    """,
    pl="""
        chwileczkę|proszę czekać|sprawdzanie przeglądarki|nie jestem robotem|czy jesteś robotem|odmowa dostępu
        weryfikacja bezpieczeństwa|potwierdź że nie jesteś robotem|kontrola bezpieczeństwa|nietypowy ruch
    """,
    tr="""
        bir dakika lütfen|güvenlik doğrulaması|ben robot değilim|robot musunuz|erişim engellendi
        tarayıcınız kontrol ediliyor|lütfen bekleyin|güvenlik kontrolü|olağan dışı trafik
        robot olmadığınızı doğrulayın
    """,
    ar="""
        لحظة من فضلك|التحقق من الأمان|أنا لست روبوت|هل أنت روبوت|تم رفض الوصول|جار التحقق من المتصفح
        التحقق من أنك إنسان|لحظة واحدة
    """,
    zh="""
        请稍候|安全验证|人机验证|百度安全验证|请完成安全验证|访问验证|正在检查您的浏览器|您的访问被拒绝|访问被拒绝
        验证码|滑动验证|请输入验证码|請稍候|安全驗證|人機驗證|存取遭拒|正在檢查您的瀏覽器|我不是机器人|异常流量
        访问过于频繁|您的访问过于频繁|请求被拦截|您的请求被拦截|访问被阻断|您的访问被阻断|请求已被阻断|安全检查|网站防火墙|访问受限
    """,
    ja="""
        しばらくお待ちください|セキュリティチェック|ロボットではありません|私はロボットではありません
        アクセスが拒否されました|ブラウザを確認しています|あなたは人間ですか|画像認証|人間であることを確認
        アクセス制限|通常と異なるトラフィック|セキュリティ確認
    """,
    ko="""
        잠시만 기다리십시오|잠시만 기다려 주세요|보안 확인|로봇이 아닙니다|접근이 거부되었습니다
        브라우저를 확인하는 중|자동입력 방지|보안문자 입력|비정상적인 접근|사람인지 확인|접근이 차단되었습니다
    """,
)

CHECK_SAYINGS = sayings(
    en=(
        """
            robot|bot|human|browser|traffic|captcha|security|automated|activity|cookies|blocked|access|javascript
            challenge
        """,
        """
            you are not a robot|you re not a robot|you are human|you are a human|you re human|not a bot
            checking your browser|verify your browser|verifying your browser|checking if the site connection
            unusual traffic|unusual activity|suspicious activity|automated access|automated tools|automated requests
            automated queries|complete the security check|complete the captcha|solve the captcha|solve this captcha
            enter the characters|type the characters|press and hold|press hold|slide to|drag the slider
            move the slider|something about your browser|made us think you|enable javascript and cookies to continue
            javascript and cookies enabled|enable cookies and javascript|please enable js and disable
            review the security of your connection|before proceeding|before accessing|needs to review
            protect itself from online attacks|triggered the security solution|security service to protect
            using a security service|has been blocked|you have been blocked|been flagged|you have been limited
            prove you are|prove that you are|prove you re|confirm you are|confirm that you are|confirm you re
            super human speed|superhuman speed|power user moving|browser will redirect
            will redirect to your requested|ddos protection|ddos guard|denied by security|web application firewall
            incident id|ray id|support id|web scraping|your ip address has been|from your ip
            your network appears to be sending|limited by the site owner|are a bot
        """,
    ),
    refused=(
        "access|permission|request|reference",
        """
            don t have permission to access|reference 18|reference 1|requested url was rejected|request was rejected
            consult with your administrator
        """,
    ),
    de=(
        "roboter|mensch|browser|captcha|sicherheit|datenverkehr|zugriff|cookies|bot",
        """
            kein roboter|dass sie ein mensch|überprüft|überprüfen|ungewöhnlich|automatisierte|sicherheitsprüfung
            zugriff verweigert|wurde blockiert|gesperrt|um fortzufahren|lösen sie
        """,
    ),
    fr=(
        "robot|humain|navigateur|captcha|sécurité|trafic|accès|cookies",
        """
            pas un robot|êtes humain|vérifions|vérification|inhabituel|automatis|contrôle de sécurité
            accès a été refusé|a été bloqué|activer javascript et les cookies|pour continuer|êtes bien un|résoudre
        """,
    ),
    es=(
        "robot|humano|navegador|captcha|seguridad|tráfico|acceso|cookies",
        """
            no eres un robot|no es un robot|eres humano|es humano|comprobando|verificando|verificar|inusual
            automatizad|ha sido bloqueado|acceso denegado|habilita javascript|para continuar
        """,
    ),
    pt=(
        "robô|humano|navegador|captcha|segurança|tráfego|acesso|cookies",
        """
            não é um robô|é humano|verificando|verificar|incomum|automatizad|foi bloqueado|acesso negado
            ative o javascript e os cookies|para continuar
        """,
    ),
    it=(
        "robot|umano|browser|captcha|sicurezza|traffico|accesso|cookie",
        """
            non sei un robot|essere umano|verificando|verifica di|insolit|automatizzat|è stato bloccato
            accesso negato|abilita javascript e i cookie|per continuare
        """,
    ),
    nl=(
        "robot|mens|browser|captcha|beveiliging|verkeer|toegang|cookies",
        """
            geen robot|mens bent|wordt gecontroleerd|controleren|ongebruikelijk|geautomatiseerd|geblokkeerd
            toegang geweigerd|om door te gaan|om verder te gaan
        """,
    ),
    ru=(
        "робот|человек|браузер|captcha|капч|безопасност|запрос|доступ|трафик",
        """
            не робот|что вы человек|проверяем|проверка браузера|проверку|подозрительн|автоматическ|введите символы
            доступ ограничен|заблокирован|включите javascript и cookie|похожи на
        """,
    ),
    uk=(
        "робот|людин|браузер|captcha|капч|безпек|запит|доступ|трафік",
        """
            не робот|що ви людина|перевіряємо|перевірк|підозріл|автоматичн|введіть символи|доступ обмежено
            заблокован
        """,
    ),
    pl=(
        "robot|człowiek|przeglądark|captcha|bezpieczeństw|ruch|dostęp|cookie",
        """
            nie jesteś robotem|że jesteś człowiekiem|sprawdzamy|weryfikuj|nietypow|automatyczn|został zablokowany
            odmowa dostępu|przepisz|aby kontynuować
        """,
    ),
    tr=(
        "robot|insan|tarayıcı|captcha|güvenlik|trafik|erişim|çerez",
        """
            robot olmadığ|insan olduğ|kontrol ediliyor|doğrula|olağan dışı|otomatik|engellendi|devam etmek için
        """,
    ),
    ar=(
        "روبوت|إنسان|متصفح|كابتشا|الأمان|حركة|الوصول",
        "لست روبوت|أنك إنسان|نتحقق|التحقق|غير عادية|آلي|تم حظر|للمتابعة",
    ),
    zh=(
        "机器人|人机|浏览器|验证|安全|流量|访问|機器人|瀏覽器|驗證|存取|ip",
        """
            不是机器人|人机验证|正在检查|正在验证|异常流量|访问被阻断|造成安全威胁|访问被拦截|请求已被阻断|自动化|拖动滑块|滑块|输入验证码|被拦截|被阻止|过于频繁
            安全验证|不是機器人|人機驗證|正在檢查|異常流量|完成验证|完成驗證|已被封|防火墙
        """,
    ),
    ja=(
        "ロボット|人間|ブラウザ|captcha|セキュリティ|トラフィック|アクセス|認証",
        """
            ロボットではない|人間であること|確認しています|確認中|通常と異なる|自動化|文字を入力|ブロックされ
            拒否され|制限され|有効にして続行|を完了してください
        """,
    ),
    ko=(
        "로봇|사람|브라우저|captcha|보안|트래픽|접근|접속|문자",
        """
            로봇이 아님|로봇이 아닙|사람임을|사람인지|확인하는 중|확인하고 있|비정상|자동화|문자를 입력|차단되
            거부되|제한되
        """,
    ),
)
