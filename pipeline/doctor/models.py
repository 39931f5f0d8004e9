"""The models: whether each is sound, whether a run has all it needs on this machine, and how fast it goes."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from pipeline.doctor.finding import Finding
from pipeline.doctor.processor import count_cores
from pipeline.packages.model_store import find_package, list_broken, list_packages
from pipeline.packages.verify import verify_package
from pipeline.records import TARGET_LANG
from pipeline.settings import MAX_WORKERS, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.packages.model_store import ModelPackage

SAMPLES: Final = {
    "sv": (
        "Biblioteket har öppet till klockan åtta på vardagar.",
        "Kommunen planerar att bygga om torget nästa sommar.",
        "Den som vill lämna synpunkter kan göra det på webbplatsen.",
        "Tåget mot kusten är försenat på grund av ett signalfel.",
        "Hon arbetade i många år som lärare innan hon flyttade hem.",
        "Receptet räcker till fyra personer och tar en halvtimme.",
        "Vi använder kakor för att sidan ska fungera som den ska.",
        "Matchen slutade oavgjort efter en jämn andra halvlek.",
    ),
    "id": (
        "Perpustakaan buka sampai pukul delapan malam pada hari kerja.",
        "Pemerintah kota akan memperbaiki alun-alun musim depan.",
        "Siapa pun yang ingin memberi masukan dapat menulis di situs ini.",
        "Kereta menuju pantai terlambat karena gangguan sinyal.",
        "Ia bekerja sebagai guru selama bertahun-tahun sebelum pulang.",
        "Resep ini cukup untuk empat orang dan memakan waktu setengah jam.",
        "Kami memakai kuki agar halaman ini berfungsi dengan baik.",
        "Pertandingan berakhir imbang setelah babak kedua yang seru.",
    ),
}
"""What is translated to see how fast it goes."""
ROUNDS: Final = 4
PATIENCE_SECONDS: Final = 1.5
"""For a language; a slow machine is known by then."""
SLOW_WORDS: Final = 100
"""Words a second, below which something holds a machine back: two shared cores give some hundreds at the least."""


def look_at_packages() -> Iterator[Finding]:
    """Verify each package, and look for one for each language that a run translates if it is not told otherwise."""
    for broken in list_broken():
        name = broken.path.name
        yield Finding(subject="packages", name=name, state="broken", found=broken.found, mend=broken.mend)
    for package in list_packages():
        yield _look_at_package(package)
    for lang in _find_missing():
        mend = f"tolk models install {lang}_en"
        yield Finding(subject="packages", name=lang, state="broken", found="no package translates it", mend=mend)


def _look_at_package(package: ModelPackage) -> Finding:
    problems = verify_package(package)
    if not problems:
        found = f"{'embedded' if package.embedded else 'installed'}, verified, {package.path}"
        return Finding(subject="packages", name=package.label, state="ok", found=found)
    found = "; ".join(problem.found for problem in problems)
    mend = " ".join(dict.fromkeys(problem.mend for problem in problems))
    return Finding(subject="packages", name=package.label, state="broken", found=found, mend=mend)


def _find_missing() -> list[str]:
    """Name the languages that a run translates if it is not told otherwise, and no package brings into English."""
    have = {package.from_code for package in list_packages() if package.to_code == TARGET_LANG}
    return sorted(set(Settings(workers=1).languages) - have)


def look_at_detector() -> Iterator[Finding]:
    """Make sure that the language detector opens and knows its languages."""
    from pipeline.detect import load_detector

    detector = load_detector("tolk")
    for lang, (text, *_) in SAMPLES.items():
        weights = detector.weigh(text)
        if max(weights, key=lambda code: weights[code]) != lang:
            mend = "Install Tolk anew: its weights are not what they were."
            yield Finding(
                subject="packages", name="detector", state="broken", found=f"{text!r} is not {lang} to it", mend=mend
            )
            return
    yield Finding(subject="packages", name="detector", state="ok", found=f"knows {', '.join(SAMPLES)}")


def measure_speed() -> Iterator[Finding]:
    """Translate a little with the package of each language, as a run does, without memory or checks."""
    for lang, texts in SAMPLES.items():
        package = find_package(lang)
        speed = _measure(package, texts)
        found = f"{speed:.0f} words a second with {package.label}"
        if speed >= SLOW_WORDS:
            yield Finding(subject="speed", name=lang, state="ok", found=found, value=round(speed))
            continue
        mend = "Other programs use the cores, the model is a large one, or the processor is slow: see above, and `top`."
        yield Finding(subject="speed", name=lang, state="note", found=found, mend=mend, value=round(speed))


def _measure(package: ModelPackage, texts: Sequence[str]) -> float:
    from pipeline.translate.engine import Decoding, PackageEngine

    engine = PackageEngine(package, Settings(workers=min(count_cores(), MAX_WORKERS)))
    engine.translate_texts(texts[:1], Decoding())  # which opens the model
    words, began = 0, time.perf_counter()
    for _ in range(ROUNDS):
        engine.translate_texts(texts, Decoding())
        words += sum(len(text.split()) for text in texts)
        if (spent := time.perf_counter() - began) > PATIENCE_SECONDS:
            break
    return words / spent


def look_at_network() -> Iterator[Finding]:
    """Say that nothing is fetched while text is translated, and where packages would come from; nobody is asked."""
    from pipeline.packages.argos import index_address

    if missing := _find_missing():
        mend = "Install the packages on a machine with a network, or bring them as files: tolk models install FILE"
        found = f"a run would lack {', '.join(missing)}"
        yield Finding(subject="network", name="offline", state="broken", found=found, mend=mend)
    else:
        yield Finding(subject="network", name="offline", state="ok", found="all that a run needs is on this machine")
    found = f"only `tolk models install PAIR` would ask {index_address()}; it was not asked now"
    yield Finding(subject="network", name="index", state="ok", found=found)
