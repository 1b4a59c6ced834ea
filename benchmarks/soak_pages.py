"""The soak's input: good pages of all kinds, and poison."""

from __future__ import annotations

import random
import shutil
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from PIL import Image, ImageDraw

POISON = 0.025
"""Of the files; as some files are long, it is a fiftieth of the pages."""

LONG = 200
"""Pages of a long document."""

_SAMPLES = Path(__file__).parents[1] / "samples" / "scans"


@dataclass(frozen=True, slots=True)
class Input:
    """A file of the soak; `poison` says what is wrong with it, None for a good one."""

    name: str
    pages: int
    poison: str | None = None


def make_inputs(folder: Path, pages: int, *, real: bool, seed: int = 1) -> list[Input]:
    """Files of `pages` pages in all, a fiftieth of them poison, in folders of a thousand.

    Good ones are drawn, in four kinds of file; with `real`, the project's samples in turn. For
    every thousand pages a long TIFF and a long PDF are among them.
    """
    chance = random.Random(seed)
    folder.mkdir(parents=True)
    samples = sorted(path for path in _SAMPLES.iterdir() if path.suffix in {".png", ".jpg"})
    made: list[Input] = []
    count = 0
    while count < pages:
        place = f"{len(made) // 1000:02}"
        (folder / place).mkdir(exist_ok=True)
        name = f"{place}/{len(made):06}"
        if chance.random() < POISON:
            poison = list(POISONS)[len(made) % len(POISONS)]
            made.append(Input(POISONS[poison](folder, name), 1, poison))
        elif count % 1000 < LONG and pages - count > 2 * LONG and _needs_long(made, count):
            suffix = ".tif" if (count // 1000) % 2 else ".pdf"
            pictures = [_draw(chance) for _ in range(LONG)]
            pictures[0].save(folder / f"{name}{suffix}", save_all=True, append_images=pictures[1:])
            made.append(Input(f"{name}{suffix}", LONG))
        elif real:
            sample = samples[len(made) % len(samples)]
            shutil.copyfile(sample, folder / f"{name}{sample.suffix}")
            made.append(Input(f"{name}{sample.suffix}", 1))
        else:
            suffix = (".png", ".jpg", ".tif", ".pdf")[len(made) % 4]
            _draw(chance).save(folder / f"{name}{suffix}")
            made.append(Input(f"{name}{suffix}", 1))
        count += made[-1].pages
    return made


def _needs_long(made: list[Input], count: int) -> bool:
    return sum(one.pages == LONG for one in made) <= count // 1000


def _draw(chance: random.Random) -> Image.Image:
    picture = Image.new("L", (480, 640), 255)
    pen = ImageDraw.Draw(picture)
    for y in range(40, 600, 24):
        pen.line([(40, y), (chance.randrange(100, 440), y)], fill=chance.randrange(120), width=9)
    return picture


def _truncated(folder: Path, name: str) -> str:
    path = folder / f"{name}-truncated.jpg"
    _draw(random.Random(name)).save(path)
    path.write_bytes(path.read_bytes()[:3000])
    return f"{name}-truncated.jpg"


def _bomb(folder: Path, name: str) -> str:
    """A PNG of 60,000 x 60,000 pixels in a few bytes (PNG specification, section 5)."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(10**6)))
    (folder / f"{name}-bomb.png").write_bytes(data + chunk(b"IEND", b""))
    return f"{name}-bomb.png"


def _wrong_suffix(folder: Path, name: str) -> str:
    (folder / f"{name}-wrong.pdf").write_text("This is no PDF.\n" * 40, encoding="utf-8")
    return f"{name}-wrong.pdf"


def _password(folder: Path, name: str) -> str:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        lock = pikepdf.Encryption(owner="owner", user="user")
        pdf.save(folder / f"{name}-password.pdf", encryption=lock)
    return f"{name}-password.pdf"


def _empty(folder: Path, name: str) -> str:
    (folder / f"{name}-empty.tif").touch()
    return f"{name}-empty.tif"


def _accident(kind: str) -> Callable[[Path, str], str]:
    """A good picture; the soak's reader does the rest."""

    def make(folder: Path, name: str) -> str:
        _draw(random.Random(name)).save(folder / f"{name}-{kind}.png")
        return f"{name}-{kind}.png"

    return make


POISONS: dict[str, Callable[[Path, str], str]] = {
    "truncated": _truncated,
    "bomb": _bomb,
    "wrong suffix": _wrong_suffix,
    "password": _password,
    "zero bytes": _empty,
    "hang": _accident("hang"),
    "crash": _accident("crash"),
    "eater": _accident("eater"),
}

REASONS = {
    "truncated": "cut off",
    "bomb": "megapixels",
    "wrong suffix": "not a picture or a PDF",
    "password": "password",
    "zero bytes": "empty",
    "hang": "took longer than",
    "crash": "SIGSEGV",
    "eater": "took more memory than",
}
"""What the manifest must say of each kind."""
