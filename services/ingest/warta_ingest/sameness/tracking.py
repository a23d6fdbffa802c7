"""Query parameters that tell who shared a link and never which article it is."""

from __future__ import annotations

PREFIXES = (
    "utm_", "mtm_", "pk_", "piwik_", "matomo_", "hsa_", "itm_", "ga_", "at_custom", "ns_",
    "__hs", "_hs", "oly_", "vero_", "trk_",
)  # fmt: skip
NAMES = frozenset({
    "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "ymclid", "twclid",
    "ttclid", "tblci", "li_fat_id", "epik", "srsltid", "igshid", "igsh", "mc_cid", "mc_eid", "mkt_tok",
    "_ga", "_gl", "_openstat", "_branch_match_id", "__twitter_impression", "ref_src", "ref_url",
    "cmpid", "cmp", "ocid", "smid", "smtyp", "s_cid", "sc_cid", "sr_share", "xtor", "wprov",
    "wt_mc", "wt.mc_id", "at_medium", "at_campaign", "at_link_id", "at_link_origin", "at_link_type",
    "at_ptr_name", "at_bbc_team", "at_format", "hsctatracking", "wickedid", "rb_clickid",
    "ml_subscriber", "ml_subscriber_hash", "ss_email_id", "spm", "phpsessid", "jsessionid", "aspsessionid",
})  # fmt: skip


def is_tracking(name: str) -> bool:
    """Whether a query parameter of this name can go without changing what the URL shows."""
    lowered = name.lower()
    return lowered in NAMES or lowered.startswith(PREFIXES)
