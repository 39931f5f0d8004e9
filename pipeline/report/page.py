"""The page put together: a template, its style and script by their hashes, and the figures of one run."""

from __future__ import annotations

import base64
import functools
import hashlib
import html
import re
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from pipeline.report.cards import cards
from pipeline.report.plots import escape_text, number, percent

if TYPE_CHECKING:
    from pipeline.manifest import Counts, Manifest
    from pipeline.report.figures import Figures, Rejects
    from pipeline.report.sample import Sample

NAMED: Final = 5
"""Inputs that stand in the heading."""


def page_head(manifest: Manifest, figures: Figures, rejects: Rejects, sample: Sample) -> bytes:
    """Give the page up to where its pairs stand."""
    filled = {
        "policy": _policy(),
        "style": _asset("page.css"),
        "title": html.escape(", ".join(manifest.inputs)[:120]),
        "heading": " ".join(escape_text(name) for name in manifest.inputs[:NAMED]),
        "more": f"and {len(manifest.inputs) - NAMED} more" if len(manifest.inputs) > NAMED else "",
        "when": _when(manifest),
        "tiles": _tiles(manifest.counts, rejects),
        "fate": _fate(manifest.counts),
        "cards": cards(manifest, figures, rejects),
        "rejects": _rejects(rejects),
        "run": _run(manifest),
        "sample": _describe_sample(sample),
    }
    head = _asset("page.html").partition("{{pairs}}")[0]
    return re.sub(r"\{\{(\w+)\}\}", lambda found: filled[found[1]], head).encode()


def page_tail() -> bytes:
    """Give the page from where its pairs have ended."""
    tail = _asset("page.html").partition("{{pairs}}")[2]
    return tail.replace("{{script}}", _asset("page.js")).encode()


def _policy() -> str:
    """Allow the page's own style and script by their hashes, and nothing else: no request, no form, no frame."""
    return (
        f"default-src 'none'; style-src '{_hash('page.css')}'; script-src '{_hash('page.js')}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(name: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(_asset(name).encode()).digest()).decode()}"


@functools.cache
def _asset(name: str) -> str:
    return (files("pipeline.report") / name).read_text("utf-8")


def _when(manifest: Manifest) -> str:
    return html.escape(f"{manifest.finished.replace('T', ' ').removesuffix('+00:00')} UTC · Tolk {manifest.tolk}")


def _tiles(counts: Counts, rejects: Rejects) -> str:
    """Give the figures that everybody asks for."""
    tiles = [
        ("documents", counts.documents, f"{number(counts.characters)} characters"),
        ("pairs", counts.pairs, f"{number(counts.pairs / max(counts.documents, 1))} a document"),
        ("translated", counts.translated, percent(counts.translated, counts.pairs)),
        ("flagged", counts.flagged, percent(counts.flagged, counts.pairs)),
        ("rejected records", counts.rejects, f"{number(rejects.bytes)} bytes" if rejects.bytes else ""),
    ]
    return "".join(
        f'<div><dt>{name}</dt><dd><span class="big">{number(value)}</span>{html.escape(remark)}</dd></div>'
        for name, value, remark in tiles
    )


def _fate(counts: Counts) -> str:
    """Draw what became of the pairs, as one bar."""
    parts = [
        ("translated", counts.translated),
        ("English already", counts.english),
        ("left as it was", counts.untranslated),
    ]
    at, rects, legend = 0.0, "", ""
    for place, (name, count) in enumerate(parts):
        width = 100 * count / max(counts.pairs, 1)
        rects += f'<rect class="part{place}" x="{at:.3f}" width="{width:.3f}" height="1"/>'
        legend += f'<li class="part{place}">{name} <b>{number(count)}</b> {percent(count, counts.pairs)}</li>'
        at += width
    return (
        f'<svg class="fate" aria-hidden="true" viewBox="0 0 100 1" preserveAspectRatio="none">{rects}</svg>'
        f'<ul class="legend">{legend}</ul>'
    )


def _rejects(rejects: Rejects) -> str:
    """List the largest rejects, with their beginning."""
    if not rejects.largest:
        return ""
    rows = "".join(
        f'<tr><th scope="row">{escape_text(r.source)}</th><td class="n">{number(r.length)}</td>'
        f"<td>{escape_text(r.reason)}</td>"
        f"<td><code>{escape_text((r.text or r.base64 or '')[:160])}</code></td></tr>"
        for r in rejects.largest
    )
    return (
        '<section class="card wide"><h2>Largest rejects</h2><div class="scroll"><table class="list"><thead><tr>'
        '<th scope="col">Source</th><th scope="col">Bytes</th><th scope="col">Reason</th>'
        f'<th scope="col">Begins</th></tr></thead><tbody>{rows}</tbody></table></div></section>'
    )


def _run(manifest: Manifest) -> str:
    """List what the run was made with."""
    facts = {
        "Signature": manifest.signature,
        "Inputs": "\n".join(manifest.inputs[:100]),
        "Packages": "\n".join(f"{p.name} {p.version} {p.sha256}" for p in manifest.packages),
        "Shards": f"{len(manifest.shards)}, from {manifest.shards[0]}" if manifest.shards else "none",
        "Started": manifest.started,
        "Finished": manifest.finished,
        **{f"setting {name}": str(value) for name, value in manifest.settings.items()},
    }
    return "".join(f"<dt>{html.escape(name)}</dt><dd>{escape_text(value)}</dd>" for name, value in facts.items())


def _describe_sample(sample: Sample) -> str:
    """Say whether the page has every pair."""
    if sample.taken == sample.total:
        return f"All {number(sample.total)} pairs of the run."
    return (
        f"A sample: {number(sample.taken)} of {number(sample.total)} pairs, in stretches that are spread evenly over "
        "the run. The figures above count every pair."
    )
