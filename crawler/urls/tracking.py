"""Parameters that identify a click, on any host.

Why several kinds. Some names mean nothing else anywhere (``utm_source``): they always go. Some are common words
(``from``, ``ref``, ``src``, ``module``) that also name documents in old content systems: they go where the value is
a channel (``rss_world``, ``twitter``) or where the path alone identifies the document. Some only mean another
presentation with one value (``print=1``, ``outputType=amp``).

Why our own list: measured over real citations, the maintained lists (courlan, ClearURLs, AdGuard, url-normalize)
either leave two thirds of what newsrooms append, or drop ``cid``, ``sid`` and ``id``, which *are* the article in
many content systems. Names that identify on one host and track on another are not here but in `crawler.urls.rules`.
"""

from __future__ import annotations

import re

_ALWAYS = """
    .tsrc __twitter_impression _amp _ga _gl _hsenc _hsmi _osource _r adxnnl adxnnlx algotrack bt_ee bt_ts
    clicksource cmp cn-reloaded cndid custom_click cx_artpos cx_testid cx_testvariant dclid dlvrit dmcid
    eid_track emc eref f24_member_id fb_action_ids fb_action_types fb_ref fb_source fbclid feedname feedtype
    ftag ftcamp gaa_at gaa_n gaa_sig gaa_ts gbraid gclid gclsrc google_editors_picks guccounter guce_referrer
    guce_referrer_sig gusrc hootpostid hpg1 hpid hpt icmpid igsh igshid int_cid int_cmp int_source intcid
    intcmp intlink iref ito just_reloaded locallinksenabled loomia_ow lpos maca mc_cid mc_eid mkt_tok mkwid
    ml_subscriber ml_subscriber_hash msclkid mtrref nclick_check ob_click obclickid oborigurl ocid odyssey
    oly_anon_id oly_enc_id origref outbrainid pgtype rb_clickid ref_src ref_url referer referrer reflink
    refsec rssfeed s_cid s_kwcid scsonar searchresultposition shared_via smid smprod smtyp smvar soc_src
    soc_trk spmailingid spref spreportid spt sptabchangeable spuserid sr_share sref srnd storylink tag_from
    taid tblci tesla traffic_source trkcampaign tsrc twclid twitter_impression vero_conv vero_id
    virtualbrandchannel wbraid wickedid wpisrc wpmk wpmm wprss wpsrc wtmodloc xtcr xtmc xtor xtref yclid
    zanpid
"""
TRACKING: frozenset[str] = frozenset(_ALWAYS.split())
_PREFIXES = """
    utm_ ns_ at_ aef_campaign_ __cf_chl_ pinned_post_ wt. wt_ mtm_ hsa_ itm_ cx_ab_ pk_ca pk_kwd ga_
"""
TRACKING_PREFIXES: tuple[str, ...] = tuple(_PREFIXES.split())
_COMMON_WORDS = """
    amp campaign campaign_id cmpid cs csp cvid dst ech feed fr from hp hpw icid il ir itid lid linkedfrom
    linkid mbid medium menu mod module mref nav ncid newsfeed nlid oc or partner pcrid recruiter ref refer rss
    rss_id sh share socialmedia source sr src svc_source track via xid
"""
# A parameter without a name (``?=rss``) is as weak as a common word.
WEAK: frozenset[str] = frozenset(_COMMON_WORDS.split()) | {""}
PRESENTATION: dict[str, re.Pattern[str]] = {
    name: re.compile(values, re.IGNORECASE)
    for name, values in {
        "amp": r"|1|true|yes",
        "outputtype": r"amp",
        "output": r"amp",
        "print": r"|1|true|yes|y",
        "printer": r"1|true|yes|y",
        "printable": r"1|true|yes|y",
        "pf": r"true|yes",
        "mobile": r"1|true|yes",
        "singlepage": r"|1|true|yes",
        "show_article": r"1",
        "rss": r"|1|yes|true",
    }.items()
}
SHAPED: dict[str, re.Pattern[str]] = {
    # WorldNow, the system of many local stations: the story is S, nav is the menu that led there.
    "nav": re.compile(r"/Global/story\.asp", re.IGNORECASE),
    "clienttype": re.compile(r"/Global/story\.asp", re.IGNORECASE),
}
SESSION: frozenset[str] = frozenset({"jsessionid", "phpsessid", "cftoken", "cfid", "aspsessionid"})

_CHANNEL = re.compile(
    r"rss|feed|twitter|twt|tweet|facebook|google|yhoo|yahoo|homepage|hp_|^hp|^home|newsletter|email|e-mail|newsmail|headline"
    r"|topstor|topnews|top_news|mostpop|mostread|related|social|share|widget|crosspromo|referral|sidebar|^nl_|^sm_",
    re.IGNORECASE,
)
_IDENTIFYING_PATH = re.compile(
    r"\d{5}|(?:19|20)\d\d[/-]?(?:\d\d?|[a-z]{3})[/-]?\d\d?/.|[^/_-]{2,40}[-_][^/_-]{1,40}[-_][^/_-]{1,40}[-_][^/_-]",
    re.IGNORECASE,
)


def identifies(path: str) -> bool:
    """Whether a path names one document by itself: a long number, a dated place, or a slug of four words."""
    return _IDENTIFYING_PATH.search(path) is not None


def is_tracking(name: str, value: str, path: str) -> bool:
    """Whether a parameter says how the reader came, not what is read; ``name`` in lower case."""
    if name in TRACKING or name.startswith(TRACKING_PREFIXES) or name in SESSION:
        return True
    presentation = PRESENTATION.get(name)
    if presentation is not None and presentation.fullmatch(value):
        return True
    shaped = SHAPED.get(name)
    if shaped is not None and shaped.fullmatch(path):
        return True
    return name in WEAK and (_CHANNEL.search(value) is not None or identifies(path))
