"""A source as its model reads it best: short forms written out, numbers in digits, words that were cut joined.

Small models know few short forms: `Saya tdk tahu` becomes *I know that*. Only what the model is given is changed. What
translated better written out is listed; *dvs.*, *ca* and *inkl.* did not.
"""

from __future__ import annotations

import functools
import re
from typing import Final

from pipeline.translate.dates.times import spell_times
from pipeline.translate.dates.words import DAYS, MONTHS, SHORT_DAYS, SHORT_MONTHS
from pipeline.translate.numbers.words import write_digits
from pipeline.translate.tables import fold, match_words, read_table
from pipeline.translate.words.undotted import restore_dots

_WRAPPED: Final = re.compile(r"(?<=[a-zåäö])[-‐]\s*\n\s*(?=[a-zåäö])(?!(?:och|eller|samt|dan|atau)\b)")
_KEPT: Final = re.compile(r"(\d)-\s*\n\s*(?=tal|års|åri)|\b(\w{3,20})-\s*\n\s*(?=\2)")
"""A hyphen that belongs to the word although a line ends after it: `1800-talet`, `anak-anak`."""
_INVISIBLE: Final = re.compile("[\u00ad\u200b](?<=[^\\W\\d_].)(?=[^\\W\\d_])")
SHORT_FORMS: Final = {
    "sv": "p.g.a.=på grund av|pga.=på grund av|pga=på grund av|s.k.=så kallad|sk.=så kallad|bl.a.=bland annat|"
    "bl a=bland annat|enl.=enligt|resp.=respektive|mkt=mycket|t.ex.=till exempel|t ex=till exempel|f.d.=före detta|"
    "fr.o.m.=från och med|t.o.m.=till och med|m.m.=med mera|m.fl.=med flera|o.s.v.=och så vidare|osv.=och så vidare|"
    "ang.=angående|p g a=på grund av|s k=så kallad|iaf=i alla fall|iofs=i och för sig|nån=någon|nåt=något|nåra=några|"
    "sån=sådan|sånt=sådant|oxå=också|asså=alltså|forts.=fortsättning|fr.=från|avd.=avdelning|"
    "jfr=jämför|jfr.=jämför|imorn=i morgon|mej=mig|dej=dig|sej=sig",
    "id": "tdk=tidak|gak=tidak|ga=tidak|nggak=tidak|enggak=tidak|ngga=tidak|gk=tidak|blm=belum|sdh=sudah|udah=sudah|"
    "udh=sudah|yg=yang|dgn=dengan|utk=untuk|krn=karena|karna=karena|dr=dari|pd=pada|tsb=tersebut|tsb.=tersebut|"
    "sblm=sebelum|stlh=setelah|hrs=harus|jgn=jangan|org=orang|dlm=dalam|spt=seperti|tp=tapi|klo=kalau|kalo=kalau|"
    "gmn=bagaimana|gimana=bagaimana|knp=kenapa|skrg=sekarang|bln=bulan|thn=tahun|hlm.=halaman|makasih=terima kasih|"
    "telp.=telepon|telp=telepon|tlp=telepon|dll.=dan lain-lain|dll=dan lain-lain|dsb.=dan sebagainya|bgmn=bagaimana|"
    "sy=saya|bs=bisa|bgt=banget|s.d.=sampai dengan|s/d=sampai dengan|tgl.=tanggal|tgl=tanggal|lwt=lewat|"
    "dateng=datang|nih=ini|aja=saja|trs=terus|trus=terus|lg=lagi|jd=jadi|sm=sama|dpt=dapat|bnyk=banyak",
}
_TWICE: Final = (
    "hati|kadang|bapak|ibu|anak|orang|teman|temen|kawan|rekan|saudara|benar|bener|sama|masing|tiba|baru|lain|buku|hal|"
    "macam|macem|jalan|lama|tempat|foto|gambar|barang|siapa|apa|mana|sering|cepat|baik|pelan|diam|lihat|kata|laki|"
    "cita|hari|jauh|rata|kira|moga|mudah|tiap|satu|guru|murid|rumah|kota|negara|besar|kecil|undang|sayur|buah|main|"
    "makan|olah|kali|sia|habis|gara|ramai|rame|sendiri|pagi|malam|warga|cowok|cewek|pura|ikut|bagus|cantik|murah|"
    "obat|berita|kerja|banyak|panas|tinggi"
)
"""Indonesian words that are said twice; others with a number behind them may be names: `python2`."""
_WITH_TWO: Final = re.compile("[2²](?<=[A-Za-z].)")
_TWICE_WRITTEN: Final = re.compile(
    rf"(?<![\w.@#/-])((?:se|ber|ter|di|me)?({_TWICE}))[2²]((?:an|nya|ku|mu)?)(?!\w|[/.@-]\w)", re.IGNORECASE
)


def spell_out(text: str, lang: str) -> str:
    r"""Write out short forms, and join words that a line end or an invisible hyphen cuts.

    >>> spell_out("Saya tdk tahu", "id"), spell_out("P.g.a. regn, öppet mån–fre", "sv")
    ('Saya tidak tahu', 'På grund av regn, öppet måndag–fredag')
    >>> spell_out("rap-\nporten", "sv"), spell_out("12 apr 2024", "sv"), spell_out("Greta´s", "sv")
    ('rapporten', '12 april 2024', "Greta's")
    >>> spell_out("sel-sel, buka Sel-Jum", "id"), spell_out("fre 3/5, sön den 12 maj", "sv")
    ('sel-sel, buka Selasa-Jumat', 'fredag 3/5, söndag den 12 maj')
    """
    if lang not in SHORT_FORMS:
        return text
    if lang == "sv":
        text = restore_dots(text)
    if "\n" in text:
        text = _WRAPPED.sub("", _KEPT.sub(r"\1\2-", text))
    if not text.isascii():
        text = _INVISIBLE.sub("", text).replace("´", "'").replace("ʼ", "'")
    text = spell_times(write_digits(write_twice(text, lang), lang), lang)
    if _list_beginnings(lang).isdisjoint(text.lower().replace("–", " ").replace("-", " ").split()):
        return text
    return _pattern(lang).sub(functools.partial(_write, lang=lang), text)


def write_twice(text: str, lang: str) -> str:
    """Write Indonesian words twice that chats write with a 2: it is no number.

    >>> write_twice("Hati2 dgn anak2nya, dan python2", "id")
    'Hati-hati dgn anak-anaknya, dan python2'
    """
    if lang != "id" or not _WITH_TWO.search(text):
        return text
    return _TWICE_WRITTEN.sub(lambda found: f"{found[1]}-{found[2].lower()}{found[3]}", text)


@functools.cache
def _list_beginnings(lang: str) -> frozenset[str]:
    """List the first words of all short forms, with the marks that may stand beside them: a quick look for any."""
    words = {form.split()[0] for table in (SHORT_FORMS, SHORT_DAYS, SHORT_MONTHS) for form in read_table(table[lang])}
    return frozenset(
        f"{before}{word}{after}" for word in words for before in ("", *"(”“\"'") for after in ("", *".,:;!?)”“\"'…")
    )


@functools.cache
def _pattern(lang: str) -> re.Pattern[str]:
    """Make the search: short forms anywhere, days beside hours, dates or other days, months after a number."""
    days, months = match_words(SHORT_DAYS[lang]), match_words(SHORT_MONTHS[lang])
    dated = rf"(?:\s?[-–]\s?\d{{1,2}})?\.?(?:/\d| (?:{match_words(MONTHS[lang])}|{months}))"
    more = (
        rf"\.?(?:\s?[-–]\s?|,? (?:och|dan|&) |, ?)(?:{days})(?![\w])|\.?:?\s(?:kl\.? ?)?\d{{1,2}}(?:[.:]\d\d)?\s?[-–]"
        rf"|\.?,? (?:den )?\d{{1,2}}{dated}"
    )
    before = "|".join(f"(?<={word}[-–])" for word in (*read_table(SHORT_DAYS[lang]), *read_table(DAYS[lang])))
    return re.compile(
        rf"(?<![\w.@#/-])(?:(?P<short>{match_words(SHORT_FORMS[lang])})(?![\w@/-]|\.\w|(?<=\bdr)\.)|(?P<day>{days})(?={more})\.?)"
        rf"|(?:{before})(?P<last>{days})\b\.?(?=$|[\s,.;:)])|(?<=\d )(?P<month>{months})\b\.?(?= \d|$|[,;)])",
        re.IGNORECASE,
    )


def _write(match: re.Match[str], lang: str) -> str:
    """Write a short form out, with the capital it has; one in capitals may be a name, one said twice is a word."""
    found = match.group()
    if match["short"] and found.isupper() and len(found) > 1 and found.isalpha():
        return found
    if match["short"]:
        whole = read_table(SHORT_FORMS[lang])[fold(found)]
    elif match["month"]:
        whole = read_table(SHORT_MONTHS[lang])[fold(match["month"])]
    else:
        day = fold(match["day"] or match["last"])
        beside = match.string[max(0, match.start() - len(day) - 1) : match.start() + 2 * len(day) + 1]
        if f"{day}-{day}" in fold(beside):
            return found
        whole = read_table(SHORT_DAYS[lang])[day]
    return whole[0].upper() + whole[1:] if found[0].isupper() else whole
