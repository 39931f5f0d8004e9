"""Finished runs made by hand, of any size, with well-behaved pairs and hostile ones."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from pipeline.manifest import Counts, Manifest, PackageEntry
from pipeline.records import Pair, Reject

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MODELS: Final = {"sv": "translate-sv_en 1.0 0a1b2c3d", "id": "translate-id_en 1.0 4e5f6a7b"}
SENTENCES: Final = tuple(
    (lang, src, tgt or None)
    for line in (Path(__file__).parent / "fixtures" / "sentences.tsv").read_text("utf-8").splitlines()
    for lang, src, tgt in [line.split("\t")]
)
FLAGS: Final = ("cut_short", "loop", "lost_number")
HOSTILE: Final = (
    "</script><script>document.title='owned'</script>",
    "<img src=x onerror=\"document.title='owned'\">",
    "<!-- <script> ]]> &lt;b&gt; {{pairs}} {{script}}",
    "\u202eesrever\u202c och \u2067isolerad",
    "ett\x00\x07\x1b[31mrött\x7f slut",
    '=HYPERLINK("http://ont.example/?"&A1;"klicka")',
    "@SUM(1+1)",
    "\t=1+1",
    "-2+3",
    "'tis",
    "två\u2028rader\u2029till\x85och\r\nen\x0bsista\x0c",
    'citat " och , och ; och\ttabb',
    "\ufffe\uffff \ud7ff \U0010ffff",
    "javascript:alert(1)",
)
"""Texts that mean something to some reader; none of them may."""


def make_pair(index: int = 0, **changes: Any) -> Pair:
    """Make a sound pair, changed as the test needs it."""
    src = changes.get("src", "Hej, världen!")
    doc = changes.get("doc", "00000000000000aa")
    fields: dict[str, Any] = {
        "id": f"{doc}-{index}",
        "doc": doc,
        "source": "dump.jsonl#1",
        "index": index,
        "start": 0,
        "end": len(src),
        "src": src,
        "src_lang": "sv",
        "lang_score": 0.99,
        "fixes": (),
        "tgt": "Hello, world!",
        "model": MODELS["sv"],
        "score": -0.25,
    }
    return Pair(**{**fields, **changes})


def untranslated(index: int, lang: str, src: str) -> Pair:
    """Make a pair that no model was needed for."""
    tgt = src if lang == "en" else None
    flags = () if tgt else ("unsupported_language",)
    return make_pair(index, src=src, src_lang=lang, tgt=tgt, model=None, score=None, flags=flags)


def hostile_pairs() -> list[Pair]:
    """Make pairs of which every text field would do harm if it could."""
    return [
        make_pair(at, src=text, tgt=f"{text} (en)", source=f"{text}#1", meta={text: text})
        for at, text in enumerate(HOSTILE)
    ]


def many_pairs(count: int, seed: int = 7) -> Iterator[Pair]:
    """Make documents of a dozen pairs, in all languages, with scores, repairs and flags as a run has them."""
    chance = random.Random(seed)  # noqa: S311 - repeatable is what is wanted
    at = 0
    while at < count:
        doc = hashlib.blake2b(str(at).encode(), digest_size=8).hexdigest()
        lang = chance.choices(["sv", "id", "en", "de"], [55, 30, 12, 3])[0]
        start, source = 0, f"crawl-{at % 7}.jsonl#{at}"
        for index in range(min(chance.randint(3, 20), count - at)):
            pair = _random_pair(chance, lang, doc, source, index)
            yield msgspec.structs.replace(pair, start=start, end=start + len(pair.src))
            start += len(pair.src) + 1
            at += 1


def write_run(folder: Path, pairs: Iterable[Pair], rejects: Iterable[Reject] = (), shards: int = 1) -> Manifest:
    """Write a folder as a finished run leaves it, with counts that add up."""
    folder.mkdir(parents=True, exist_ok=True)
    counts, encode = Counts(), msgspec.json.Encoder().encode
    documents: set[tuple[str, str]] = set()
    names = [f"pairs-{at:05d}.jsonl" for at in range(shards)]
    files = [(folder / name).open("wb") for name in names]
    per_shard = -(-len(pairs) // shards) if isinstance(pairs, list) else 1 << 60
    for at, pair in enumerate(pairs):
        files[min(at // per_shard, shards - 1)].write(encode(pair) + b"\n")
        counts.enter_pairs([pair])
        documents.add((pair.doc, pair.source))
        counts.characters += len(pair.src)
    for file in files:
        file.close()
    lines = [encode(reject) + b"\n" for reject in rejects]
    (folder / "rejects.jsonl").write_bytes(b"".join(lines))
    counts.documents, counts.segments, counts.rejects = len(documents), counts.pairs, len(lines)
    counts.segment_characters, counts.records = counts.characters, counts.documents + counts.rejects
    counts.fixes = {"latin-1": counts.documents // 9, "unescape_html": counts.documents // 14}
    manifest = _manifest(names, counts)
    (folder / "manifest.json").write_bytes(encode(manifest))
    return manifest


def _random_pair(chance: random.Random, lang: str, doc: str, source: str, index: int) -> Pair:
    inside = lang if chance.random() < 0.95 else "und"
    code, src, tgt = chance.choice([sentence for sentence in SENTENCES if sentence[0] == inside])
    fixes = ("latin-1",) if chance.random() < 0.05 else ()
    common = {
        "doc": doc,
        "id": f"{doc}-{index}",
        "source": source,
        "fixes": fixes,
        "meta": {"url": "https://ett.example/"},
    }
    if tgt is None:
        pair = untranslated(index, code, src)
        return msgspec.structs.replace(pair, lang_score=round(chance.uniform(0.4, 1), 3), **common)
    score = round(-min(chance.gammavariate(2.2, 0.18), 6), 4)
    flags = tuple(sorted(flag for flag in FLAGS if chance.random() < 0.015 - score / 60))
    certain = round(chance.uniform(0.8, 1), 3)
    return make_pair(
        index,
        src=src,
        tgt=tgt,
        src_lang=code,
        score=score,
        flags=flags,
        model=MODELS[code],
        lang_score=certain,
        **common,
    )


def _manifest(names: list[str], counts: Counts) -> Manifest:
    packages = [
        PackageEntry(
            name=f"translate-{lang}_en", version="1.0", sha256="0a" * 32, from_lang=lang, to_lang="en", embedded=True
        )
        for lang in MODELS
    ]
    return Manifest(
        tolk="0.1.0",
        signature="tolk 0.1.0 | translate-sv_en 1.0 0a1b2c3d | settings 8d9eed1b",
        inputs=["dumps/crawl-*.jsonl"],
        settings={"languages": ["sv", "id"], "beam": 1},
        packages=packages,
        shards=names,
        counts=counts,
        seconds={"prepare": 41.2, "translate": 310.6, "write": 4.1},
        started="2026-11-22T02:00:00+00:00",
        finished="2026-11-22T02:05:56+00:00",
    )
