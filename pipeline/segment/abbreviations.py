"""What a full stop after a word may mean in Swedish, Indonesian and English: tables only, for `segment`.

The language of a sentence isn't known before it has been cut out, so one table serves all three. Words stand without
their last full stop and in lower case, unless the table says otherwise. A word that is also a plain word of one of the
languages (Swedish `sen`, Indonesian `hal`, English `no`) stands only where the table's condition tells the two apart.
"""

from __future__ import annotations

from typing import Final


def _words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


NEVER_FINAL: Final = _words(
    # Swedish phrases
    "bl.a d.v.s dvs e.d ev f.d f.n f.ö fr.o.m i.st.f m.a.o n.b o.d.s p.g.a p.gr.a pga s.a.s s.k s.k.k st.f s.s ex t.ex",
    "t.o.m t.v u.p.a v.d å.s.s ö.h c:a ca cirka dels.v fr.a jfr jmf jämf näml resp inkl exkl motsv möjl omkr sannol",
    "särsk ungef undert uppf upph uppl urspr utb utk vanl anv avs betr div eg egentl enl förf förk förkl föreg forts",
    "föret hänv ibl inb innev kungl kgl kl nuv nyst prel prelim rekv riksd saml skämts subst tekn tidn transl övers",
    "hpl stn tillv fören bilj skådesp",
    "överf alt anm ang anl avd bitr utg uppg hälsn mvh kv s:t s:ta n:a s:a v:a ö:a",
    # Swedish titles and ranks
    "civ.ek civ.ing dipl docent dr ekon.dr fil.dr fil.kand fil.lic fil.mag jur.dr jur.kand kapt löjtn med.dr ordf prof",
    "sekr tekn.dr teol.dr v.ordf vice.ordf överstelöjtn övlt öv serg fänr kmd komn kyrkoh krim.insp gen.-maj",
    "gen.-löjtn adv arkit läk tf t.f jur",
    # Indonesian phrases, streets, titles, ranks
    "a.n a.l b.d d.a d/a u.b u.p jl jln kec kab ka kpt ttd t.t.d mis misal drg drs hj k.h kh r.a r.m r.ng tn ust ybs",
    "yth bripka bripda brigpol brigjen irjen kombes komjen kompol laks letjen letkol mayjen serka serma sertu",
    "jend inf lettu letda peltu pelda koptu kopda kopka pratu prada praka serda laksda laksma laksdya marsda marsma",
    "marsdya ipda iptu aipda aiptu bpk sdri almh kpd lih bdk peny terj cet jml hrg a/n d/h wr moh moch muh mhd",
    "abd kav perum komp gd dsn kp tj bhs pend gub wkl ktr tmp tlpn kpl",
    # English phrases, titles, ranks
    "fig figs a.k.a aka approx avg cf e.g esp excl fka i.e incl qty viz vs adm capt cmdr col cpl gov lt messrs mlle",
    "mme mr mrs msgr sgt supt",
)
"""Something always follows: `t.ex.`, `Dr.`, `Jl.`, `e.g.`."""

NEVER_FINAL_CAPITAL: Final = _words(
    "AKBP AKP IPDA IPTU AIPTU AIPDA PT CV UD Pt Ir H Hj R Rm Tn Ny Sdr KH Kyai Dra Drs Pdt Kapt Kol Kel Kec Kab Kep",
    "Fam Lic Bhs Fak Bid Sek Wil Jab Pang Peg",
    "Des Ds Dk Gg Jln Blk Bgn Rp Ms St Ste Ft Mt Sen Gen Rep Gov Pres Hon Insp Rev Br Sr Dir Dist Assn Prop Pr Wm Chas",
    "Jos Thos Geo Hr Frk Fr Ing Komm Adj Leg Doc Sv Sta Prov Apt Nn QS Q.S H.R Tg Gn Th",
)
"""The same, as written: in lower case most of them are words, or units (`sen`, `gen`, `rm`)."""

BEFORE_NUMBER: Final = _words(
    # sections, pages, volumes, figures
    "no nr nos nrs num nom nomor art bd bil bl blz cap cb ch chap ed ep f gbr h hal hlm kap kep kol lgh no:r p pag",
    "para pg pkl pp ps psl s sec sect ser sid sk skr str tab v ver vers vol x § eq prop sou bet dir dnr reg ref",
    "hpl avsn årg häft byggn tr trp st vån bab gb jil kls blok ket ay",
    # hours, telephones, accounts, addresses, amounts
    "pop est c:a ca cirka cirk min max maks tel telp telf tfn tlf tlp tlpn ttg ext fax faks hp wa cp ph hub ank avg",
    "rek no.rek no.telp no.tlp no.hp no.pol kto plusg bankg postg rt rw rp rm temp th thn tgl",
    # months and days
    "jan feb febr peb pebr mar apr jun jul aug agt agust agus sep sept okt oct nov nop des dec mån tis ons tors fre",
    "lör sön månd tisd onsd torsd lörd sönd vard tue tues wed thu thur thurs",
)
"""Not the end when a number follows: `No. 5`, `kl. 8`, `sid. 12`, `tel. 08`; `okt. 1968`."""

BEFORE_NUMBER_CAPITAL: Final = _words(
    # addresses, accounts, sections
    "KK SIM SIUP NIP NISN NUPTK NRP NIM NPM ISBN ISSN",
    "Km Pos Box Mob SFS OCR KTP NPWP NIK Neg Uk Disc Gol Bag Lamp Tabel Gambar",
    # days
    "Sen Sel Rab Kam Jum Sab Min Ming",
    # books of the Bible
    "Mos Matt Luk Joh Apg Rom Kor Hebr Petr Upp Jes Jer Ords Pred Kej Kel Ul Yos Mzm Ams Yes Yer Yeh Mat Mrk Yoh Kis",
    "Ibr Yak Ptr Why",
)
"""The same, as written: in lower case most of them are words (`box`, `rom`, `bag`)."""

PAIRS: Final = {
    "no": _words(
        "rek rekening telp telepon tlp hp wa fax ktp nik npwp sim pol polisi urut reg seri surat kontak kartu induk",
        "pokok resi faktur invoice kamar meja kursi rumah antrean antrian punggung ref id kk sk akta nip nik",
        "ijazah bpjs dokumen nota peserta anggota identitas paspor rangka mesin pelanggan registrasi izin",
        "ijin sertifikat perkara putusan kendaraan mou",
    ),
    **dict.fromkeys(
        _words("tgl tempat/tgl tmp/tgl"), _words("lahir lhr berlaku terbit surat masuk mulai selesai cetak")
    ),
    **dict.fromkeys(_words("telp tlp telepon"), _words("kantor rumah hp wa seluler")),
    "thn": _words("pelajaran ajaran akademik anggaran"),
    "min": _words("sd smp slta sltp sma smk diploma sarjana pendidikan usia umur pembelian order"),
    "rek": _words("bca bri bni mandiri bsi btn cimb"),
    "jo": _words("pasal ps psl uu pp undang"),
    "alm": _words("bapak bpk ibu h hj kh k prof dr drs tn sdr haji"),
    "hr": _words("bukhari muslim ahmad abu at tirmidzi tirmizi ibnu an malik baihaqi hakim"),
    "up": _words("bapak bpk ibu sdr sdri yth"),
    "gol": _words("darah"),
    "ps": _words("minggu senen rebo"),
    "jkt": _words("selatan timur barat utara pusat"),
    "sthlm": _words("central city c"),
    "ed": _words("revisi"),
    "red": _words("anm"),
    **dict.fromkeys(_words("uu pp sk perda permen kepmen perpres keppres perpu"), _words("no nomor")),
    **dict.fromkeys(_words("fil med tekn jur teol"), _words("dr lic mag")),
    **dict.fromkeys(_words("ii iv vi xvi"), _words("gustaf gustav adolf")),
}
"""Words that belong together around a full stop, where the first alone tells nothing: `No. Rek.`, `jo. Pasal`."""

HEADS: Final = _words(
    "ps p.s nb obs hub maks ass wass ket lamp hal perihal alm cp red ill foto cat tel telp tlp telf temp min max",
    "mag bes bag pem wil ank avst tgl rek",
)
"""Words that head a line: after one that begins a sentence, the full stop stands for a colon."""

SECTIONS: Final = _words(
    "kap kapitel bab bagian del avsnitt steg langkah step fråga soal punkt regel tips topplista juara peringkat tahap",
    "moment övning latihan question chapter section part",
)
"""Words that head an item with its number: after this, a full stop ends nothing (`Kap. IV.`, `Steg 1.`)."""

MEASURES: Final = _words("dl cl ml msk tsk krm kkp pkt förp st g gr hg kg sdm sdt btr bh lbr siung")
"""What a line of a recipe counts in: `2 msk. Kakao`."""

REPLIES: Final = _words("nej bra tack hej yes klart visst inget noll sant kul synd ok tidak bukan belum benar wajib")
"""Short words that make a sentence, so that a number after their full stop begins another."""

STREETS: Final = (
    *("dg", "fg", "kg", "mg", "pg", "sg", "tg", "ngg", "brog", "hamng", "kyrkog", "norrg", "nyg", "skolg", "storg"),
    *("söderg", "vasag", "västerg", "österg", "kv", "eav", "ndv", "ngv", "nsv", "skolv", "vasav", "gsv"),
)
"""What a Swedish street that is cut short ends in: `Slottsg.`, `Ringv.`"""

OFTEN_FINAL: Final = _words(
    "m.fl mfl m.m mm osv o.s.v o.d o.dyl od dyl o.l o.likn m.v e.kr f.kr f.v.t e.v.t kr tkr mkr mdr milj st tim dll",
    "d.l.l dsb dst d.s.t dkk d.k.k spt dlsb bln thn jt rb mnt etc etcetera a.m p.m am pm b.c a.d b.c.e c.e et.al lb",
    "lbs ft km kvkm cm kg sec hrs",
)
"""May close a sentence; a capital letter after them says that they did."""

SELDOM_FINAL: Final = _words(
    # companies, streets
    "inc ltd co corp bros llc plc bhd sdn tbk gmbh a.s n.v b.v s.a s.p.a s.r.l mfg intl univ dept blvd ave rd",
    # degrees after a name
    "jr sr esq ph.d phd m.d b.a m.a b.s m.s m.sc b.sc m.b.a ll.m s.h s.e s.t s.si s.pd s.sos s.ip s.kom s.ag s.ked",
    "s.hum s.kep s.psi s.ik s.pt s.p s.th m.h m.m.si m.si m.hum m.pd m.kom m.ag m.t m.kes m.eng sp.og sp.a sp.pd a.md",
    # countries, clocks, citations
    "d.c u.s u.s.a u.k u.n e.u w.i.b wib wit wita s.w.t swt s.a.w r.a ibid op.cit loc.cit a.a s.d s/d q.v u.å al",
    # months and days
    "sept oct nov dec okt febr agt agust nop tis ons tors lör sön tue tues thu thurs",
    # what stands between two parts of a name, or after one
    "em pol sn kand ing dirjen sekjen wadir menko kabag kadis wagub",
)
"""May close a sentence; only a capital letter on a word that opens sentences says that they did."""

OPENERS: Final = _words(
    # Swedish
    "Det Den Dessa Detta Denna Dessutom Däremot Där Då Därför När Om Men Och Eller Att Han Hon Vi Ni Du Jag De Man En",
    "Ett Alla Vid För På Av Med Som Så Efter Under Sedan Enligt Genom Hur Vad Vem Var Varför Vilken Vilka Ingen Inget",
    "Många Här Nu Även Inte Är Har Kan Ska Skall Deras Hans Hennes Vår Våra Min Mitt Sin Eftersom Medan Trots Mellan",
    "Utan Till Från Ur Över Både Varje Någon Några Andra Bara Ändå Också Vidare Samtidigt Först Förutom Inom Idag",
    "Redan",
    # Indonesian
    "Ini Itu Dia Ia Kami Kita Mereka Saya Aku Anda Kamu Dan Atau Tetapi Tapi Namun Pada Di Dari Dalam Untuk Dengan",
    "Sebagai Sebuah Seorang Karena Jika Bila Kalau Ketika Saat Setelah Sebelum Selama Sejak Selain Sementara Menurut",
    "Adapun Akan Akibat Akibatnya Akhirnya Antara Apa Apakah Bagaimana Bagi Bahkan Bahwa Banyak Beberapa Berdasarkan",
    "Beliau Berikut Bukan Demikian Hal Hanya Hingga Jadi Juga Kemudian Kepada Ke Maka Masih Melalui Meskipun Mengapa",
    "Misalnya Oleh Orang Para Pihak Sebab Sehingga Sekarang Sekitar Selanjutnya Semua Sebagian Seluruh Seperti Serta",
    "Setiap Siapa Sudah Padahal Meski Walau Sedangkan Sebaliknya Sejumlah Tak Tidak Tersebut Terhadap Walaupun Yang",
    "Ada Adalah Agar Lalu Jumlah Sang Telah Tentang Tanpa",
    # English
    "The This That These Those There Then They He She It We You I A An And But Or If In On At By For From With Of To",
    "As When While Where What Who Why How Which After Before Although Because Since So Such Some Many Most All Each",
    "Every Both However Moreover Furthermore Therefore Thus Also Another Any No Not Now Once One Only Our His Her Its",
    "My Their Your During Despite Between Until Upon Is Are Was Were Do Does Did Can Could Will Would Should Please",
    "Let According Here Have Has",
)
"""Function words, capitalised: hardly ever part of a name, so they open sentences."""

CONNECTIVES: Final = _words(
    "Dessutom Därför När Eftersom Medan Enligt Samtidigt Däremot Förutom Vidare Sedan Efter Detta Dessa Det Vid",
    "Namun Menurut Selain Sementara Karena Bahkan Padahal Meski Meskipun Walaupun Setelah Sebelum Ketika Selama Sejak",
    "Kemudian Selanjutnya Sehingga Tetapi Tapi Jika Berdasarkan Adapun Sedangkan Mereka Kami Kita Akibatnya Akhirnya",
    "However Moreover Furthermore Therefore Although Because According When While There They We These",
)
"""Openers that no name holds: they begin a sentence even after a name that no stop closes."""

NAME_LIKE: Final = _words(
    "I A De Du Ni Så Alla Mitt Min Han Nu Hal Anda Kamu Dia Ia Aku Nama Orang No You He His She Her One All Only In To",
    "Of And Or By Not On Is Have Has Har Vem Var Vad Hur Ingen Andra Semua Tak Any Är",
)
"""Openers that also stand inside a sentence, capitalised: pronouns of politeness and awe, English `I`, parts of titles.

After a word without a stop they are no evidence of a new sentence.
"""

FUNCTION_WORDS: Final = frozenset(word.lower() for word in OPENERS) | {"http", "https", "www"}
"""What a sentence, or a line, may well begin with where capital letters are not kept."""

POINTING: Final = _words(
    "se välj klicka tryck heter kallas avsnittet alternativet sidan menyn fliken artikeln boken filmen låten tidningen",
    "lihat pilih klik tekan gunakan bernama berjudul disebut menu tombol buku film lagu mengatakan see click select",
    "choose press say says called named titled section page option button article book song",
)
"""Words that point to a name or a title, so that a capital letter after them begins no sentence."""

LEADING: Final = FUNCTION_WORDS | POINTING
"""Words that a sentence doesn't end with where no stop says so."""

REPORTING: Final = _words(
    "sa sade säger frågade frågar undrade undrar svarade svarar ropade ropar skrek viskade tänkte tänker fortsatte",
    "utbrast kata ujar tanya jawab tutur ucap kilah teriak seru tegas jelas pikir katanya ujarnya tanyanya jawabnya",
    "tuturnya said says asked asks replied cried shouted exclaimed wondered whispered thought",
)
"""Verbs that go on with the sentence after a question or a cry that they report."""
