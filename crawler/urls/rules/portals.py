"""Portals, social sites and journals."""

from __future__ import annotations

from crawler.urls.rules.model import HostRule, names, shape

PORTAL_RULES: tuple[HostRule, ...] = (
    HostRule(
        name="MSN",
        hosts=names("msn.com"),
        strip=names("li ocid cvid ffid pfr form pc cvpid ucpid srcref fullscreen isembedded"),
        same=(shape(r"msn\.com/(?:.*/)?(ar|vi|ss)-([A-Za-z0-9]{6,9})", "msn.com/{0}-{1}", only=()),),
    ),
    HostRule(
        name="Yahoo",
        hosts=names("yahoo.com"),
        strip=names("ref soc_src soc_trk .tsrc fr _esi _guc_consent_skip _fsig"),
        # The nine digits are a time of day: they identify only together with the slug.
        same=(
            shape(r"yahoo\.com/(?:amphtml/)?news/(?:articles/|amphtml/)?([^/]+-\d{9}\.html)", "news.yahoo.com/{0}"),
            shape(r"news\.yahoo\.com/(?:amphtml/|articles/)([^/]+-\d{9}\.html)", "news.yahoo.com/{0}"),
        ),
    ),
    HostRule(
        name="Twitter",
        hosts=names("twitter.com x.com"),
        strip=names("s t lang ref_src ref_url"),
        same=(
            shape(
                r"(?:mobile\.)?(?:twitter|x)\.com/(\w+)/status(?:es)?/(\d+)(?:/(?:photo|video)/\d+)?",
                "twitter.com/{0}/status/{1}",
            ),
        ),
    ),
    HostRule(
        name="Facebook",
        hosts=names("facebook.com"),
        keep=names("v id fbid story_fbid set"),
        strip=names("_rdr _rdc fref refsrc theater"),
    ),
    HostRule(name="Sohu", hosts=names("sohu.com"), strip=names("spm scm _f ace code edtcode edtsign")),
    HostRule(name="Nature", hosts=names("nature.com"), strip=names("wt.ec_id foxtrotcallback")),
    HostRule(name="PLOS", hosts=names("plos.org"), keep=names("id")),
    HostRule(name="PNAS", hosts=names("pnas.org"), strip=names("ck etoc")),
    HostRule(name="Weather.com", hosts=names("weather.com"), strip=names("from cm_ven cm_cat cm_pla cm_ite")),
    HostRule(name="Repubblica", hosts=names("repubblica.it"), strip=names("ref")),
    HostRule(name="Mersenne forum", hosts=names("mersenneforum.org"), keep=names("p")),
)
