"""Parameters that identify a click, on any host.

Why several kinds. Some names mean nothing else anywhere (``utm_source``): they always go. Some are common words
(``from``, ``ref``, ``src``, ``module``) that also name documents in old content systems: they go where the value is
a channel (``rss_world``, ``twitter``) or where the path alone identifies the document. Some only mean another
presentation with one value (``print=1``, ``outputType=amp``). Some *are* the document in one system and a click in
the next (``cid``, ``sid``, ``section``): they go only where both the value and the path say so.

Why our own list: measured over real citations, the maintained lists (courlan, ClearURLs, AdGuard, url-normalize)
either leave two thirds of what newsrooms append, or drop ``cid``, ``sid`` and ``id``, which *are* the article in
many content systems. Names that identify on one host and track on another are not here but in `crawler.urls.rules`.
"""

from __future__ import annotations

import re

_ALWAYS = """
    .tsrc __hsfp __hssc __hstc __s __twitter_impression __vfz _amp _bta_c _bta_tid _ga _gl _hsenc _hsmi _ke _kx
    _openstat _osource _r adxnnl adxnnlx algotrack amp_gsa amp_js_v amp_latest_update_time amp_tf awc bbeml bt_ee
    bt_ts cjevent ck_subscriber_id clicksource cm_cat cm_ite cm_mmc cm_pla cm_re cm_sp cm_ven cmp cn-reloaded
    cndid custom_click cx_artpos cx_click cx_navsource cx_tag cx_testid cx_testvariant cxnid cxntfid cxntlid
    cxrecs_s dclid dicbo dlvrit dmcid edition-redirect ef_id eid_track elqaid elqat elqcampaignid elqtrack
    elqtrackid em_hash em_pos email_hash emaila emailb emailc emc epik eref f24_member_id facebook_page
    fb_action_ids fb_action_types fb_comment_id fb_ref fb_source fbclid feedname feedtype ftag ftcamp gaa_at gaa_n
    gaa_sig gaa_ts gad_campaignid gad_source gbraid gca-cat gca-ds gca-epti gca-ft gca-uir gclid gclsrc gnt-cfr
    google_editors_picks guccounter guce_referrer guce_referrer_sig gusrc hootpostid hpg1 hpid hpt hsctatracking
    hss_channel iadid icid_source icmpid ico igsh igshid int_campaign int_cid int_cmp int_content int_medium
    int_source intcid intcmp intlink irclickid iref irgwc ito just_reloaded jwsource li_fat_id li_medium li_pl
    li_source li_tr llsms locallinksenabled loomia_ow lpos maca mc_cid mc_eid mc_id mkcid mkt_tok mktcid mktcval
    mkwid ml_subscriber ml_subscriber_hash msclkid mtrref n_cid nclick_check ncmp newsletter_id nlsource
    nr_email_referer ns_tw nxs-test nxsparams ob_click obclickid obinsite oborigurl obref ocid odyssey oly_anon_id
    oly_enc_id omnisendcontactid origref outbrainid pgtype piano_t pk_cpn raneaid ranmid ransiteid rb_clickid
    rdt_cid ref_src ref_url referer referrer reflink refsec replytocom rssfeed s_campaign s_cid s_kwcid
    sc_campaign sc_channel sc_content sc_country sc_geo sc_outcome scsonar searchresultposition searchresultsource
    sfns sfnsn share_medium share_plat share_source share_tag share_token shared_link shared_via sharetoken
    sharetype sk_cid smid smprod smtyp smvar soc_src soc_trig soc_trk spm_id_from spmailingid spref spreportid spt
    sptabchangeable spuserid sr_share sref srnd srsltid sscid sthisem sthisfb storylink swcfpc tag_from taid tblci
    tduid tesla traffic_campaign traffic_medium traffic_source traffic_src trk trkcampaign trkemail trkinfo
    trkmodule trueanthem tsrc ttclid twclid twitter_impression unlocked_article_code usqp vd_source vero_conv
    vero_id virtualbrandchannel wbraid wgexpiry wgu wickedid wpisrc wpmc wpmk wpmm wprss wpsrc wt_zmc wtmcid
    wtmodloc xtcr xtdate xtmc xtnp xtor xtref yclid ymclid ysclid zanpid
"""
TRACKING: frozenset[str] = frozenset(_ALWAYS.split())
_PREFIXES = """
    __cf_chl_ _hs aef_campaign_ at_ bsft_ cx_ab_ elq_ fb_action_ ga_ gaa_ guce_ hsa_ htm_ itm_ lmd_ matomo_
    mkt_src mtm_ ns_ oly_ pinned_post_ piwik_ pk_ca pk_kwd sfmc_ trc_ utm_ vero_ wt. wt_
"""
TRACKING_PREFIXES: tuple[str, ...] = tuple(_PREFIXES.split())
_COMMON_WORDS = """
    amp app_source autoplay cachebust campaign campaign_id campaigncode cb click_source clickid cmpid cs csp cvid
    device_type dst ech feed fr from hp hpw icid il int_ref intc internalsource ir isapp itid lid linkedfrom
    linkid login marketing mbid medium menu mod module mref nav ncid newsfeed nlid nocache oc onwardjourney
    openinapp or origin partner pcrid placement pos position promo promoid rand recruiter ref refer referral rnd
    rss rss_id sh share share_from sharer smm social socialmedia source sr src svc_source tpcc track trending via
    xid
"""
# A parameter without a name (``?=rss``) is as weak as a common word.
WEAK: frozenset[str] = frozenset(_COMMON_WORDS.split()) | {""}
_OTHER_LAYOUT = r"amp|htmlamp|print|printer|printable|printfriendly|printview|mobile|mobi"
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
        "isamp": r"|1|true|yes",
        "nonamp": r"|1|true|yes",
        "view": _OTHER_LAYOUT,
        "display": _OTHER_LAYOUT,
        "layout": _OTHER_LAYOUT,
        "mode": _OTHER_LAYOUT,
        "template": _OTHER_LAYOUT,
        "format": _OTHER_LAYOUT,
        "version": _OTHER_LAYOUT,
        "service": _OTHER_LAYOUT,
    }.items()
}
SHAPED: dict[str, re.Pattern[str]] = {
    # WorldNow, the system of many local stations: the story is S, nav is the menu that led there.
    "nav": re.compile(r"/Global/story\.asp", re.IGNORECASE),
    "clienttype": re.compile(r"/Global/story\.asp", re.IGNORECASE),
}
SESSION: frozenset[str] = frozenset({"jsessionid", "phpsessid", "cftoken", "cfid", "aspsessionid"})

# Names that are the document in one system and a click in the next: they go only where their value is a channel and
# the path identifies the document by itself.
BY_VALUE: frozenset[str] = frozenset({"cid", "sid", "t", "section", "s", "p", "c", "context", "type", "mode", "view"})
# What people search for; a channel's name is a subject there.
_SUBJECTS = frozenset({"q", "query", "search", "keyword", "keywords", "term", "topic", "id"})
_SURE_CHANNEL = re.compile(
    r"rss|rss_feed|rssfeed|twitter|facebook|whatsapp|telegram|flipboard|linkedin|newsletter|googlenews|taboola|outbrain"
    r"|homepage|mostread|mostpopular|socialmedia|social_media|internalsearch",
    re.IGNORECASE,
)
_LIKELY_CHANNEL = re.compile(
    rf"{_SURE_CHANNEL.pattern}|atom|feed|twt|tw|fb|google|yahoo|e-?mail|home|social|apple|applenews|reddit|instagram|share"
    r"|sharebar|widget|related|topstories|headlines|push|notification"
    r"|(?:sm|soc|social|edm|rss|feed|public|partner|referral|app|newsletter|email|nl|twitter|facebook|fb|tw)[_:-][\w:.-]*",
    re.IGNORECASE,
)
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
    return bool(tracking_reason(name, value, path))


def tracking_reason(name: str, value: str, path: str) -> str:
    """Why a parameter says nothing of what is read, as one clause; empty where it may. ``name`` in lower case."""
    if name in TRACKING or name.startswith(TRACKING_PREFIXES) or name in SESSION:
        return "tracking everywhere"
    presentation = PRESENTATION.get(name)
    if presentation is not None and presentation.fullmatch(value):
        return "presentation"
    shaped = SHAPED.get(name)
    if shaped is not None and shaped.fullmatch(path):
        return "tracking in this system"
    if name in WEAK:
        return _weak_reason(value, path)
    channel = _LIKELY_CHANNEL if name in BY_VALUE else _SURE_CHANNEL
    if name not in _SUBJECTS and channel.fullmatch(value) and identifies(path):
        return "its value is a channel, the path identifies the document"
    return ""


def _weak_reason(value: str, path: str) -> str:
    if _CHANNEL.search(value):
        return "its value is a channel"
    return "the path alone identifies the document" if identifies(path) else ""
