"""The pages where an engine loses most to the best of the others, laid out to see why.

    python -m benchmarks.worst RESULT.json --set NAME [-n 20] [--out DIR]

reads a result of `benchmarks.accuracy` (an unfinished one too) and the texts it cached, and
writes for each page a text file with the differences marked, and one `index.html` with a
picture of each page beside them. The pages are other people's: keep the folder to yourself.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import escape
from pathlib import Path
from textwrap import fill
from typing import Any

import click
from PIL import Image

from benchmarks.datasets import DEFAULT_DATA, SETS, Sample, load
from benchmarks.metrics import fits, normalise
from benchmarks.peers import DEFAULT_CACHE, Cache

PREVIEW_WIDTH = 1000


@dataclass(frozen=True, slots=True)
class Difference:
    """A stretch of words: `truth` is what stands on the page, `output` what was read there."""

    truth: tuple[str, ...]
    output: tuple[str, ...]

    @property
    def same(self) -> bool:
        return len(self.truth) == len(self.output) and all(map(fits, self.truth, self.output))


@dataclass(frozen=True, slots=True)
class Case:
    """One page, what each engine made of it, and the best of the others."""

    sample: Sample
    figures: dict[str, dict[str, Any]]
    texts: dict[str, str]
    engine: str
    best_other: str | None

    def compared(self) -> Iterator[tuple[str, list[Difference]]]:
        for engine in filter(None, (self.engine, self.best_other)):
            yield engine, differences(self.sample.truth, self.texts[engine], self.sample.fold_case)


def differences(truth: str, output: str, fold_case: bool = False) -> list[Difference]:
    """The two texts word by word, alike and unlike stretches in turn, in reading order.

    They are normalised as for the metrics, and a word with wildcards is alike where it fits.
    """
    truth, output = normalise(truth), normalise(output)
    if fold_case:
        truth, output = truth.upper(), output.upper()
    expected, read = truth.split(), output.split()
    matcher = SequenceMatcher(None, expected, read, autojunk=False)
    return [
        Difference(tuple(expected[a:b]), tuple(read[c:d]))
        for _, a, b, c, d in matcher.get_opcodes()
    ]


def ranked(pages: list[dict[str, Any]], engine: str, metric: str) -> list[dict[str, Any]]:
    """Pages that the engine read, the one where it loses most to the best other first."""

    def loss(page: dict[str, Any]) -> float:
        others = [of[metric] for name, of in page["engines"].items() if name != engine]
        own: float = page["engines"][engine][metric]
        if metric == "word_f1":
            return float(max(others, default=1.0)) - own
        return own - float(min(others, default=0.0))

    return sorted((page for page in pages if engine in page["engines"]), key=loss, reverse=True)


def as_text(case: Case) -> str:
    """The case for a terminal: `[-on the page-]{+read+}` where they differ."""
    parts = [_figures(case)]
    for engine, stretches in case.compared():
        marked = " ".join(
            " ".join(part.output)
            if part.same
            else (f"[-{' '.join(part.truth)}-]" if part.truth else "")
            + (f"{{+{' '.join(part.output)}+}}" if part.output else "")
            for part in stretches
        )
        parts.append(f"===== {engine} against the truth\n{fill(marked, 100)}\n")
    parts.append(f"===== truth\n{case.sample.truth}\n")
    parts += [f"===== {name}\n{text}\n" for name, text in case.texts.items()]
    return "\n".join(parts)


def as_html(case: Case, picture: str) -> str:
    """The case as a section of the overview."""
    columns = []
    for engine, stretches in case.compared():
        marked = " ".join(
            escape(" ".join(part.output))
            if part.same
            else f"<del>{escape(' '.join(part.truth))}</del>"
            f"<ins>{escape(' '.join(part.output))}</ins>"
            for part in stretches
        )
        columns.append(f"<div><h3>{escape(engine)}</h3><p>{marked}</p></div>")
    raw = "".join(
        f"<div><h3>{escape(name)}</h3><pre>{escape(text)}</pre></div>"
        for name, text in {"truth": case.sample.truth, **case.texts}.items()
    )
    return (
        f"<section><pre>{escape(_figures(case))}</pre><div class=row>"
        f"<div><img src='{escape(picture)}'></div>{''.join(columns)}</div>"
        f"<details><summary>texts as they came</summary><div class=row>{raw}</div></details>"
        "</section>"
    )


def _figures(case: Case) -> str:
    lines = [f"{case.sample.set} {case.sample.name}"]
    for engine, of in case.figures.items():
        error = f"  FAILED: {of['error']}" if of["error"] else ""
        lines.append(
            f"  {engine:16} CER {of['cer']:.2%}  WER {of['wer']:.2%}  F1 {of['word_f1']:.4f}{error}"
        )
    return "\n".join(lines) + "\n"


HEAD = """<!doctype html><meta charset=utf-8><title>Worst pages</title><style>
body { font: 15px sans-serif; margin: 2em } section { border-top: 2px solid; padding: 1em 0 }
.row { display: flex; gap: 1em } .row > div { flex: 1; min-width: 0 } img { width: 100% }
del { background: #fcc } ins { background: #cfc; text-decoration: none }
pre { white-space: pre-wrap }</style>
"""


def picture_of(sample: Sample, path: Path) -> None:
    """A copy of the scan that a browser shows."""
    with Image.open(sample.image) as scan:
        preview = scan.convert("L")
        preview.thumbnail((PREVIEW_WIDTH, 10 * PREVIEW_WIDTH))
        preview.save(path)


@click.command(context_settings={"show_default": True})
@click.argument("result", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--set", "name", type=click.Choice(SETS), required=True)
@click.option("-n", "count", default=20, type=click.IntRange(1), help="how many pages")
@click.option("--engine", default="scanner", help="whose pages")
@click.option("--by", "metric", default="cer", type=click.Choice(["cer", "wer", "word_f1"]))
@click.option("--data", default=DEFAULT_DATA, type=click.Path(path_type=Path, file_okay=False))
@click.option("--cache", default=DEFAULT_CACHE, type=click.Path(path_type=Path, file_okay=False))
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="[default: in cache]")
def main(
    result: Path,
    name: str,
    count: int,
    engine: str,
    metric: str,
    data: Path,
    cache: Path,
    out: Path | None,
) -> None:
    """Lay out the pages where an engine loses most to the best of the others."""
    measured = json.loads(result.read_text(encoding="utf-8"))
    pages = [page for page in measured["pages"] if page["set"] == name]
    samples = {sample.name: sample for sample in load(name, data)}
    texts = Cache(cache)
    folder = out or cache / "worst" / name
    if out is None:  # the default folder is all ours: no pages of an earlier look among these
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    html = [HEAD]
    for rank, page in enumerate(ranked(pages, engine, metric)[:count], 1):
        sample, figures = samples[page["image"]], page["engines"]
        others = [other for other in figures if other != engine]
        best = min(others, key=lambda other: figures[other]["cer"], default=None)
        read = {
            other: texts.get(other, measured["engines"][other], sample.image) or ""
            for other in figures
        }
        case = Case(sample, figures, read, engine, best)
        stem = f"{rank:02}-{Path(sample.name).stem}"
        (folder / f"{stem}.txt").write_text(as_text(case), encoding="utf-8")
        picture_of(sample, folder / f"{stem}.png")
        html.append(as_html(case, f"{stem}.png"))
        click.echo(_figures(case), nl=False)
    (folder / "index.html").write_text("\n".join(html), encoding="utf-8")
    click.echo(f"{folder / 'index.html'}")


if __name__ == "__main__":
    main()
