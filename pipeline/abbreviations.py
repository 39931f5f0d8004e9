"""What a full stop after a word may mean in Swedish, Indonesian and English: tables only, for `segment`.

The language of a sentence isn't known before it has been cut out, so one table serves all three. Words stand without
their last full stop, in lower case where case says nothing. A word that is also a common word of one of the languages
(Swedish `sen`, Indonesian `hal`, English `no`) stands only in the table whose condition tells the two apart.
"""

from __future__ import annotations

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NEVER_FINAL: Final = _words("""
    bl.a bl d.v.s dvs t.ex ex s.k s.k.k s.a.s p.g.a pga p.gr.a fr.o.m from t.o.m tom m.a.o f.n f.ö t.v f.v.b
    resp inkl exkl ang avd bitr civ.ing dipl docent dr ev f.d fd fil.dr fil.kand fil.mag forts föreg förf jfr jr.doc kapt
    kungl leg löjtn med.dr motsv multi mr mrs ms möjl n.b näml o.d.s obs.a ordf prof prel prelim red sekr sen.dr sign skr
    st.f stp tekn.dr tf tills u.p.a urspr utg uttr v.d vice.ordf vv å.s.s s.s ö.h ca cirka c:a alt ant anm betr div eg
    enl etc.d farm fig föret geom hist i.st.f ill ist järnv kem konung lat lic lit mag mat mil.tj mus nat ndr omkr
    orig pers pl polit pop pseud ref relig riksd saml sing skämts spec sport st.a subst särsk tekn teol titf ty ung
    a.k.a approx capt cf cmdr col cpl e.g gov hon i.e lt maj messrs mme mlle mt mx pres prof rep rev sgt sr.lt supt viz vs
    a.n a.l b.d d.a d/a dkk.d drg drs dra hj kec kab kel kep jl jln jend ka kol laks letkol mayjen brigjen letjen irjen
    komjen kombes komp kompol akbp akp ipda iptu bripka brigpol ny tn sdr sdri ust u.b u.p yth ybs k.h kh r.a r.m r.ng
    bpk t.t.d ttd ds dsn dk gg gn gs kpt ki nj srg
""")
"""Something always follows: titles, `bl.a.`, `Jl.`, `e.g.`."""

NEVER_FINAL_CAPITAL: Final = _words("""
    Ir PT Pt CV UD H Hj R Rm Ny Tn Sdr KH Kyai St Ste Ft Mt Sen Gen Rep Gov Pres Adm Col Maj Lt Sgt Capt Det Insp Supt Hon
    Rev Fr Br Sr Dir Dist Univ Dept Assn Prop Wm Geo Chas Jos Thos Alex Hr Fru Frk Bp Wali Rp IDR US$ SEK Des Kec Kab Kel
    Prov Ds Dk Gg Jln Jl Blk Bgn Bang Nn
""")
"""The same, but only when written so: in lower case they are words (`sen`, `gen`, `fr`)."""

BEFORE_NUMBER: Final = _words("""
    no nr nos nrs num nom nomor art ayat bab bag bd bil bl blz c:a ca cap cb ch chap cirka col del eq ed ep f fig figs gbr
    h hal halaman hlm jam jan jilid jl kap kep kl klausul kol lamp lin lgh lok mom no:r p pag par para pasal pg pkl pp ps
    pt pukul rm rp rt rw s sat sec sect ser sid sk skr sth str tab tel tél telp tfn tgl th thn tlf tlp ttg uu v ver vers
    vol x § eks jun jul juni juli aug agt agust sep sept okt oct nov nop des dec dez feb febr pebr mar mars apr mei maj
    prop sou bet dir dnr reg ref mt mg ha hp ext fax faks kode min max
""")
"""Not the end when a number follows: `No. 5`, `kl. 8`, `Pasal.`, `sid. 12`, months."""

AFTER_NUMBER: Final = _words("""
    kr st tkr mkr mdr milj mn mnkr mdkr tsd kg hg g mg km m dm cm mm ha l dl cl ml tim min sek h kl k mil sek ft in lb lbs
    oz yd mi hr hrs mins secs sec rb jt mlyr thn bln hr hlm
""")
"""Units: they may end a sentence, and in running text often don't."""

OFTEN_FINAL: Final = _words("""
    m.fl m.m osv o.s.v etc etcetera o.d o.dyl od dyl o.l o.likn m.v mfl mm dll dsb dst d.l.l dkk d.k.k spt dlsb dl kr st
    e.kr f.kr f.v.t e.v.t a.m p.m am pm b.c a.d b.c.e c.e et.al t.h al h m sm bln thn rb jt mnt dtk det lb sek tim mdr mkr
    milj
""")
"""May close a sentence; a capital letter after them says that they did."""

SELDOM_FINAL: Final = _words("""
    inc ltd co corp bros llc plc bhd sdn tbk jr sr esq ph.d phd m.d b.a m.a b.s m.s m.sc b.sc d.c u.s u.s.a u.k u.n e.u
    s.h s.e s.t s.si s.pd s.sos s.ip s.kom s.ag s.ked s.hum s.kep s.psi s.ik s.pt s.p s.th sh se m.h m.m.si m.si m.hum m.pd
    m.kom m.ag m.sc m.t m.m.a mm.pd m.kes m.eng m.ba mba l.lm ll.m sp.og sp.a sp.pd sp.b a.md amd apt lc spd mpd msi
    a.s n.v b.v g.m.b.h s.a s.p.a s.r.l l.l.c p.l.c st blvd ave rd dept univ assn mfg intl dist ph est gmbh
    jan feb mar apr jun jul aug sep sept oct nov dec okt febr agt agust nop des mån tis ons tors fre lör sön mon tue tues
    wed thu thur thurs fri sen sel rab kam jum sab min v v.g ibid op.cit loc.cit a.a s.d s/d q.v u.å a.k.c w.i.b wib wit
    wita sw s.w.t swt saw s.a.w r.a as a.s.w
""")
"""May close a sentence; only a capital letter on a word that opens sentences says that they did."""

OPENERS: Final = _words("""
    Det Den Dessa Detta Denna Dessutom Där Då Därför När Om Men Och Eller Att Han Hon Vi Ni Du Jag De Man En Ett Alla Vid
    För På Av Med Som Så Efter Under Sedan Enligt Genom Hur Vad Vem Var Varför Vilken Vilka Ingen Inget Många Här Nu Även
    Inte Är Har Kan Ska Skall Deras Hans Hennes Vår Våra Min Mitt Sin Eftersom Medan Trots Mellan Utan Till Från Ur Över
    Både Varje Någon Några Andra Bara Ändå Också Vidare Samtidigt Först Förutom Inom Idag Redan
    Ini Itu Dia Ia Kami Kita Mereka Saya Aku Anda Kamu Dan Atau Tetapi Tapi Namun Pada Di Dari Dalam Untuk Dengan Oleh
    Sebagai Sebuah Seorang Karena Jika Bila Kalau Ketika Saat Setelah Sebelum Selama Sejak Selain Sementara Menurut
    Adapun Akan Akibat Akibatnya Akhirnya Antara Apa Apakah Bagaimana Bagi Bahkan Bahwa Banyak Beberapa Berdasarkan Beliau
    Berikut Bukan Demikian Hal Hanya Hingga Jadi Juga Kemudian Kepada Ke Maka Masih Melalui Meskipun Mengapa Misalnya
    Oleh Orang Para Pihak Sebab Sehingga Sekarang Sekitar Selanjutnya Semua Sebagian Seluruh Seperti Serta Setiap Siapa
    Sudah Tak Tidak Tersebut Terhadap Walaupun Yang Ada Adalah Agar Lalu Nama Jumlah Salah Sang Telah Tentang Tanpa Satu
    The This That These Those There Then They He She It We You I A An And But Or If In On At By For From With Of To As When
    While Where What Who Why How Which After Before Although Because Since So Such Some Many Most All Each Every Both
    However Moreover Furthermore Therefore Thus Also Another Any No Not Now Once One Only Our His Her Its My Their Your
    During Despite Between Under Until Upon Is Are Was Were Do Does Did Can Could Will Would Should Please Let
    According Here Have Has
""")
"""Function words, capitalised: hardly ever part of a name, so they open sentences."""

REPORTING: Final = _words("""
    sa sade säger frågade frågar undrade undrar svarade svarar ropade ropar skrek viskade tänkte tänker fortsatte utbrast
    said says asked asks replied cried shouted exclaimed wondered whispered thought he she
    kata ujar tanya jawab tutur ucap kilah teriak seru tegas jelas pikir katanya ujarnya tanyanya jawabnya tuturnya
""")
"""Verbs that go on with the sentence after a question or a cry that they report."""
