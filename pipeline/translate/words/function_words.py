"""The small words that a language cannot do without: they tell titles from sentences, and one language from another."""

from __future__ import annotations

from typing import Final

_ENGLISH: Final = """
a about after all also an and any are as at be because been before being between but by can could did do does during
each every for from had has have he her here him his how i if in into is it its just may me more most must my no not
of off on one only or other our out over shall she should so some such than that the their them then there these they
this those through to under until up was we were what when where which while who whose why will with would you your
"""
_SWEDISH: Final = """
alla allt andra att av bara blev bli blir dem den denna deras dess det detta dig din ditt dock du där då efter eller
en ett finns flera fram från få får för före genom gör ha hade han har henne hennes hon hos hur här i icke igen ingen
inget innan inom inte ja jag kan kommer kunde man mellan men mer mest mig min mitt mot mycket ni nu någon något några
när och också om oss på samma sedan sig sin sina sitt ska skall skulle som så sådan till under upp ur utan vad var vara
varje varit vem vi vid vilka vilken vill åt än är även över
"""
_INDONESIAN: Final = """
ada adalah agar akan anda antara apa apakah atas atau bagi bagaimana bahwa banyak beberapa belum bisa bukan dalam dan
dapat dari dengan di dia hanya harus hingga ia ini itu jika juga kalau kami karena ke kepada kita lagi lain lebih
maka masih mereka namun nya oleh pada para pernah saat saja sampai sangat saya sebagai sebelum sebuah secara sedang
sehingga sejak selama semua seorang seperti serta setelah sudah suatu tanpa telah tentang terhadap tersebut tetapi
tidak untuk yaitu yang
"""

FUNCTION_WORDS: Final = {
    "en": frozenset(_ENGLISH.split()),
    "sv": frozenset(_SWEDISH.split()),
    "id": frozenset(_INDONESIAN.split()),
}
"""Lower-case function words by language."""

FOREIGN_WORDS: Final = {lang: words - FUNCTION_WORDS["en"] for lang, words in FUNCTION_WORDS.items()}
"""Those that no English sentence has."""
