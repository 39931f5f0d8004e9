"""What CTranslate2 can do at best: everything tokenised and sorted beforehand, nothing read, checked or written.

Prints the seconds of decoding alone.

usage: limit.py PACKAGE_FOLDER LINES BEAM THREADS
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import ctranslate2

from pipeline.packages.argos import open_argos_tokenizer
from pipeline.packages.instructions import choose_instructions


def main(package: Path, lines: Path, beam: int, threads: int) -> None:
    """Decode every line once."""
    tokenizer = open_argos_tokenizer(package)
    sources = sorted((tokenizer.encode(line) for line in lines.read_text(encoding="utf-8").splitlines()), key=len)
    choose_instructions()
    translator = ctranslate2.Translator(str(package / "model"), inter_threads=threads, intra_threads=1)
    translator.translate_batch(sources[:threads], beam_size=beam)
    began = time.perf_counter()
    translator.translate_batch(
        sources[::-1], max_batch_size=1024, batch_type="tokens", beam_size=beam, length_penalty=0.2, return_scores=True
    )
    sys.stdout.write(f"{time.perf_counter() - began:.3f}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
