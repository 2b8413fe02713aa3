"""How an empty shell asks for the script that would fill it."""

from __future__ import annotations

from crawler.classify.wording import sayings

SCRIPT_SAYINGS = sayings(
    en=(
        "javascript|java script",
        """
            enable|turn on|activate|required|requires|without|disabled|needs|need|must|not supported|support
            works best|switched off|turned off
        """,
    ),
    de=(
        "javascript",
        "aktivier|benötig|erforderlich|deaktiviert|einschalten|ohne|ausgeschaltet|eingeschaltet",
    ),
    fr=(
        "javascript",
        "activer|activez|nécessaire|requis|désactivé|sans|nécessite",
    ),
    es=(
        "javascript",
        "activ|habilit|necesari|requiere|deshabilitado|desactivado|sin|necesita",
    ),
    pt=(
        "javascript",
        "ativ|habilit|necessári|requer|desativado|desabilitado|sem|precisa",
    ),
    it=(
        "javascript",
        "abilit|attiv|necessari|richie|disabilitato|disattivato|senza",
    ),
    nl=(
        "javascript",
        "inschakel|nodig|vereist|uitgeschakeld|zet|zonder|ingeschakeld|aan te zetten|schakel",
    ),
    ru=(
        "javascript",
        "включ|необходим|требует|отключ|без|нужно|нужен|активир",
    ),
    uk=(
        "javascript",
        "увімк|необхідн|потріб|вимкнен|без|ввімк|активу",
    ),
    pl=(
        "javascript",
        "włącz|wymaga|potrzeb|wyłączon|bez|niezbędn|aktyw",
    ),
    tr=(
        "javascript",
        "etkinleştir|gerekli|gerek|devre dışı|açın|aktif",
    ),
    ar=(
        "javascript|جافا سكريبت|جافاسكريبت",
        "تفعيل|تمكين|يتطلب|مطلوب|بدون|يرجى|معطل",
    ),
    zh=(
        "javascript|js",
        "启用|开启|需要|打开|禁用|啟用|開啟|必须|支持|不支持",
    ),
    ja=(
        "javascript",
        "有効|必要|オン|無効|使用|オフ",
    ),
    ko=(
        "javascript|자바스크립트",
        "활성화|필요|사용|켜|비활성|허용|설정",
    ),
)
