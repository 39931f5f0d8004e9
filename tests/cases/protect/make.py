"""Write `sv.jsonl` and `id.jsonl` beside this file: `python make.py`. The same seed gives the same cases."""

from __future__ import annotations

import itertools
import json
import random
from pathlib import Path

SEED = 20261122
CASES = 200

ENTITIES = {
    "url": [
        "https://www.example.se/nyheter/inrikes?id=123&sida=2#kommentarer",
        "http://example.org",
        "https://sv.wikipedia.org/wiki/Tolk_(yrke)",
        "https://example.co.id/berita/2024/03/15/harga-beras-naik",
        "ftp://ftp.example.org/pub/arkiv.tar.gz",
        "https://exempel.se/blåbär/översikt?q=gr%C3%B6t",
        "http://192.168.0.1:8080/admin",
        "www.exempel.se",
        "www.contoh.co.id/tentang-kami",
        "exempel.se",
        "berita.contoh.com/ekonomi",
        "https://t.me/saluran_berita",
        "mailto:info@exempel.se",
    ],
    "mail": [
        "info@exempel.se",
        "budi.santoso+arsip@kantor.example.go.id",
        "anna_karin@post.example.com",
        "kund-tjanst@foretag.example.nu",
        "åsa@exempel.se",
    ],
    "handle": ["@anna_k", "@SVTexempel", "@budi.s", "@anna@social.example.org", "@redaksi_contoh"],
    "hashtag": ["#nyheter", "#IndonesiaMaju", "#valet2026", "#blåljus", "#99problem"],
    "path": [
        "/etc/hosts",
        "/usr/local/bin",
        "~/Dokument/rapport.txt",
        "./bygg.sh",
        "../bilder/katt.png",
        "C:\\Users\\Anna\\fil.txt",
        "C:\\Program Files\\Tolk\\tolk.exe",
        "\\\\server\\delad\\mapp",
        "src/main.py",
        "/var/log/",
    ],
    "file": ["rapport_2024.pdf", "README.md", "laporan-akhir.docx", "index.html", "data.tar.gz", "foto.JPG"],
    "code": [
        "user_name",
        "getUserName()",
        "__init__",
        "MAX_VALUE",
        "os.path.join()",
        "std::vector",
        "readOnly",
        "--force",
        "--output=json",
        "$PATH",
        "`git commit`",
        "is_valid_user",
        'print("hej")',
        "Ctrl+Alt+Del",
        "C++",
        ".gitignore",
        "```kod```",
    ],
    "placeholder": [
        "%s",
        "%d",
        "%1$s",
        "%(namn)s",
        "%.2f",
        "{0}",
        "{name}",
        "{{ user.name }}",
        "${HOME}",
        "%PATH%",
        "{}",
        "%@",
        "{user.id}",
    ],
    "emoji": [
        "👍",
        "👍🏽",
        "👨‍👩‍👧‍👦",
        "🇸🇪",
        "🇮🇩",
        "1️⃣",
        "❤️",
        "🏳️‍🌈",
        "😂😂😂",
        "✅",
        "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
        "☀️",
        "👩🏿‍🚀",
    ],
    "digits": [
        "5566778899",
        "4111 1111 1111 1111",
        "0812-3456-7890",
        "+62 812 3456 7890",
        "08-123 456 78",
        "978-91-7000-123-4",
        "19900101-1234",
        "3273012345678901",
        "192.168.1.1",
        "v2.10.3",
        "550e8400-e29b-41d4-a716-446655440000",
        "SE4550000000058398257466",
        "SE35 5000 0000 0549 1000 0003",
        "(021) 555-1234",
        "2024-12-31T23:59:59Z",
        "10.0.0.0/8",
        "2001:db8::1",
        "INV-2024-00123",
    ],
    "tag": [
        "<b>",
        "</b>",
        "<br/>",
        '<a href="https://exempel.se">',
        '<img src="x.png" alt="en bild">',
        "<!-- slut -->",
    ],
}

FRAMES = {
    "sv": [
        "Läs mer på {} om du vill veta vad som hände.",
        "Du hittar allt om ämnet i {}.",
        "Vi såg {} i går kväll och det var roligt.",
        "{} är det första som du ser på sidan.",
        "Skriv {} i rutan och tryck på knappen.",
        "Det stod ”{}” på skylten vid vägen.",
        "Glöm inte bort {}, sade hon till oss.",
        "Varför fungerar inte {}?",
        "Hon skickade ({}) till sin bror.",
        "Svaret från kommunen kom i dag: {}",
        "Öppna {} först, och spara sedan {} igen!",
        "Både {} och {} behövs för att det ska gå bra.",
        "Först {}, sedan {} och till sist {}.",
    ],
    "id": [
        "Baca selengkapnya di {} jika ingin tahu apa yang terjadi.",
        "Semua tentang hal itu ada di {}.",
        "Kami melihat {} tadi malam dan itu menyenangkan.",
        "{} adalah hal pertama yang Anda lihat di halaman ini.",
        "Tulis {} di kotak itu lalu tekan tombolnya.",
        "Pada papan di pinggir jalan tertulis “{}”.",
        "Jangan lupa {}, katanya kepada kami.",
        "Mengapa {} tidak bisa dipakai?",
        "Dia mengirim ({}) kepada kakaknya.",
        "Jawaban dari kantor datang hari ini: {}",
        "Buka {} dulu, lalu simpan {} sekali lagi!",
        "Baik {} maupun {} diperlukan supaya berhasil.",
        "Pertama {}, kemudian {} dan akhirnya {}.",
    ],
}


def make_cases(lang: str) -> list[dict[str, object]]:
    """Put entities of all kinds into a language's frames, each of them at least once."""
    rng = random.Random(f"{SEED} {lang}")  # noqa: S311 - the same cases every time
    pool = [(kind, entity) for kind, entities in ENTITIES.items() for entity in entities]
    rng.shuffle(pool)
    supply = itertools.cycle(pool)
    frames = itertools.cycle(FRAMES[lang])
    cases: list[dict[str, object]] = []
    for _ in range(CASES):
        frame = next(frames)
        chosen = list(itertools.islice(supply, frame.count("{}")))
        kinds = sorted({kind for kind, _ in chosen})
        keep = [entity for _, entity in chosen]
        cases.append({"kinds": kinds, "keep": keep, "source": _fill(frame, keep)})
    return cases


def _fill(frame: str, entities: list[str]) -> str:
    parts = frame.split("{}")
    return "".join(itertools.chain.from_iterable(zip(parts, [*entities, ""], strict=True)))


if __name__ == "__main__":
    for lang in FRAMES:
        lines = [json.dumps(case, ensure_ascii=False) for case in make_cases(lang)]
        Path(__file__).with_name(f"{lang}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
