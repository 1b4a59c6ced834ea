"""Draw the sample scans and their truth: `python -m samples.make_samples [NAME...]`.

Everything is drawn from scratch, the same way each time; the results are committed, so only
someone who changes a sample needs the fonts (see `fonts.py`).
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image

from samples import fonts, truth
from samples.degrade import Homography, Pixels, Shot, Wear, photograph, scan
from samples.drawing import Sheet
from samples.pages import (
    article_three_lines,
    bank_statement,
    delivery_note,
    form_chinese,
    invoice_english,
    invoice_german,
    letter_french,
    minutes,
    order_japanese,
    price_list,
    receipt,
    report_pages,
    report_two_columns,
)
from table_restore.document import Document, Page
from table_restore.export.document_json import render_json

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Sample:
    """A file in `scans/`: what is printed on it, what happened to it, how it is stored.

    `mode` is a mode of Pillow: RGB, L (grey) or 1 (black and white).
    """

    name: str
    draw: Callable[[], tuple[Sheet, ...]]
    wear: Wear | Shot
    mode: str = "L"
    quality: int = 60


SAMPLES = (
    Sample(
        "invoice_english.jpg",
        invoice_english.draw,
        Wear(skew=0.7, shift=(4, -3), grain=2.0, noise=2.0, shade=0.06, blur=0.6, fade=0.05),
        mode="RGB",
        quality=55,
    ),
    Sample(
        "bank_statement.jpg",
        bank_statement.draw,
        Wear(skew=-0.4, paper=(246, 246, 246), grain=2.0, noise=3.0, blur=0.5, show_through=0.05),
    ),
    Sample(
        "report_two_columns.png",
        report_two_columns.draw,
        Wear(skew=1.1, grain=6.0, noise=9.0, blur=0.8, threshold=150, speckle=0.0003),
        mode="1",
    ),
    Sample(
        "form_chinese.jpg",
        form_chinese.draw,
        Wear(skew=-0.9, grain=2.5, noise=2.0, shade=0.10, blur=0.6, fade=0.12),
    ),
    Sample(
        "order_japanese.jpg",
        order_japanese.draw,
        Wear(skew=0.5, paper=(248, 245, 236), grain=3.0, noise=1.5, blur=0.7),
        mode="RGB",
        quality=50,
    ),
    Sample(
        "receipt.jpg",
        receipt.draw,
        Wear(skew=1.8, paper=(238, 238, 236), grain=4.0, noise=3.0, blur=0.8, fade=0.22),
    ),
    Sample(
        "article_three_lines.png",
        article_three_lines.draw,
        Wear(skew=-0.6, paper=(252, 252, 252), blur=0.7, fade=0.08),
    ),
    Sample(
        "invoice_german.jpg",
        invoice_german.draw,
        Wear(skew=-1.6, shift=(-5, 6), grain=2.0, noise=2.5, blur=0.7, shade=0.04),
        quality=45,
    ),
    Sample(
        "letter_french.jpg",
        letter_french.draw,
        Wear(
            skew=0.9, paper=(244, 238, 222), grain=4.0, noise=2.0, shade=0.08, fade=0.15, blur=0.6
        ),
        mode="RGB",
        quality=50,
    ),
    Sample(
        "report_pages.tif",
        report_pages.draw,
        Wear(skew=-0.7, grain=5.0, noise=8.0, blur=0.9, threshold=140, speckle=0.0002),
        mode="1",
    ),
    Sample(
        "minutes.pdf",
        minutes.draw,
        Wear(skew=0.6, paper=(243, 243, 243), grain=2.0, noise=2.0, blur=0.5, show_through=0.08),
    ),
    Sample(
        "price_list.png",
        price_list.draw,
        Wear(skew=0.3, paper=(255, 255, 255), blur=0.35),
    ),
    Sample(
        "delivery_note_photo.jpg",
        delivery_note.draw,
        Shot(
            size=(1500, 2000),
            corners=((0.105, 0.075), (0.905, 0.06), (0.945, 0.945), (0.06, 0.93)),
            shadow=0.34,
        ),
        mode="RGB",
        quality=62,
    ),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the named samples, or all, below `--out`; returns the exit code."""
    parser = argparse.ArgumentParser(description="Draw the sample scans and their truth.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="file names; all by default")
    parser.add_argument("--out", type=Path, default=HERE, help="folder (default: samples)")
    chosen = parser.parse_args(arguments)
    by_name = {sample.name: sample for sample in SAMPLES}
    if unknown := sorted(set(chosen.names) - set(by_name)):
        parser.error(f"no such sample: {', '.join(unknown)}; there are {', '.join(by_name)}")
    try:
        for name in chosen.names or by_name:
            write(by_name[name], chosen.out)
            print(chosen.out / "scans" / name)
    except fonts.FontMissingError as error:
        print(f"make_samples: {error}", file=sys.stderr)
        return 1
    return 0


def write(sample: Sample, folder: Path) -> None:
    """Write `scans/NAME` and `truth/NAME.json` below `folder`."""
    pictures, document, dpi = make(sample)
    scans, truths = folder / "scans", folder / "truth"
    scans.mkdir(parents=True, exist_ok=True)
    truths.mkdir(parents=True, exist_ok=True)
    _save(pictures, scans / sample.name, sample, dpi)
    (truths / f"{sample.name}.json").write_bytes(render_json(document))


def make(sample: Sample) -> tuple[list[Image.Image], Document, int]:
    """The pages' pictures (upright), their truth, and the resolution of the pictures."""
    pictures: list[Image.Image] = []
    pages: list[Page] = []
    dpi = 0
    for number, sheet in enumerate(sample.draw(), 1):
        pixels, placement = _degrade(sheet, sample, number)
        height, width = pixels.shape[:2]
        dpi = sheet.dpi
        pages.append(truth.page_of(sheet.items, placement, number, (width, height), dpi))
        pictures.append(_as_mode(pixels, sample.mode))
    return pictures, Document(sample.name, tuple(pages)), dpi


def _degrade(sheet: Sheet, sample: Sample, number: int) -> tuple[Pixels, Homography]:
    seed = [number, *sample.name.encode()]
    page = np.asarray(sheet.image)
    if isinstance(sample.wear, Shot):
        return photograph(page, sample.wear, seed)
    return scan(page, sample.wear, seed)


def _as_mode(pixels: Pixels, mode: str) -> Image.Image:
    picture = Image.fromarray(pixels)
    return picture.convert(mode, dither=Image.Dither.NONE) if mode == "1" else picture.convert(mode)


def _save(pictures: list[Image.Image], path: Path, sample: Sample, dpi: int) -> None:
    """Store the pages in the format that the file name asks for, with their resolution."""
    first, rest = pictures[0], pictures[1:]
    resolution = (dpi, dpi)
    if path.suffix == ".jpg" and isinstance(sample.wear, Shot):
        # A telephone stores what the sensor saw and notes which way up it was held.
        exif = Image.Exif()
        exif[ExifTags.Base.Orientation] = 6
        lying = first.transpose(Image.Transpose.ROTATE_90)
        lying.save(path, quality=sample.quality, optimize=True, exif=exif)
    elif path.suffix == ".jpg":
        first.save(path, quality=sample.quality, optimize=True, dpi=resolution)
    elif path.suffix == ".png":
        first.save(path, optimize=True, dpi=resolution)
    elif path.suffix == ".tif":
        first.save(path, save_all=True, append_images=rest, compression="group4", dpi=resolution)
    elif path.suffix == ".pdf":
        made = time.gmtime(0)
        first.save(
            path,
            save_all=True,
            append_images=rest,
            resolution=dpi,
            quality=sample.quality,
            creationDate=made,
            modDate=made,
        )
    else:
        raise ValueError(f"{path.name}: samples are JPEG, PNG, TIFF or PDF")


if __name__ == "__main__":
    sys.exit(main())
