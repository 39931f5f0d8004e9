"""How much each origin counts: what people will translate is news and blog pages, what we have most of is interfaces.

A weight says how often a pair is drawn, next to a pair of weight 1. It depends on the origin and on the pair's length,
since the short strings of an interface say little about running text whatever their origin.
"""

from __future__ import annotations

__all__ = ["weigh_pair"]

_NEWS = 8.0
_PROSE = 5.0
_PAGES = 3.0
_DOCUMENTATION = 1.0
_MACHINE = 0.6
_INTERFACE = 0.5
_WORDS = 0.7

_WEIGHTS: dict[tuple[str, str], float] = {
    ("id", "panl_bppt"): _NEWS,
    ("id", "guntara_valid"): _NEWS,
    ("id", "nusax"): _NEWS,
    ("id", "smeru"): _PROSE,
    ("id", "ausaid"): _PROSE,
    ("id", "tatoeba"): _PROSE,
    ("id", "talpco"): _PROSE,
    ("id", "docs_opensource_guide"): _PAGES,
    ("id", "docs_ethereum"): _PAGES,
    ("id", "debian_webwml"): _PAGES,
    ("id", "docs_react"): _DOCUMENTATION,
    ("id", "docs_owasp"): _DOCUMENTATION,
    ("id", "docs_javascript_info"): _DOCUMENTATION,
    ("id", "docs_kubernetes"): _DOCUMENTATION,
    ("id", "docs_debian_handbook"): _DOCUMENTATION,
    ("id", "msdocs_ht"): _DOCUMENTATION,
    ("id", "pixel_dungeon"): _DOCUMENTATION,
    ("id", "docs_django"): _MACHINE,
    ("id", "docs_openstack"): _MACHINE,
    ("id", "docs_solidity"): _MACHINE,
    ("id", "docs_vue"): _MACHINE,
    ("id", "docs_python"): _MACHINE,
    ("id", "docs_yii"): _MACHINE,
    ("id", "docs_tensorflow"): _MACHINE,
    ("id", "cldr_names"): _WORDS,
    ("sv", "tatoeba"): _NEWS,
    ("sv", "debian_www"): _PROSE,
    ("sv", "raspberrypi_projects"): _PROSE,
    ("sv", "pkp_ojs"): _PAGES,
    ("sv", "msdocs_ht"): _DOCUMENTATION,
    ("sv", "d365ops_ht"): _DOCUMENTATION,
    ("sv", "adobe_docs_mt"): _MACHINE,
    ("sv", "manpages_sw"): _INTERFACE,
    ("sv", "freedict_swe_eng"): _WORDS,
}

_SENTENCE_WORDS = 6


def weigh_pair(language: str, origin: str, words: int) -> float:
    """Return how often to draw a pair with `words` source words; unknown origins count as interfaces.

    >>> weigh_pair("id", "panl_bppt", 20) > weigh_pair("id", "gnome", 20) > weigh_pair("id", "gnome", 2)
    True
    """
    weight = _WEIGHTS.get((language, origin), _INTERFACE)
    if words < _SENTENCE_WORDS and weight == _INTERFACE:
        return weight * 0.5
    return weight
