"""The fonts that the samples are set in, found by file name."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from PIL import ImageFont

FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path.home() / ".local/share/fonts",
    Path.home() / ".fonts",
)
PACKAGES = "fonts-dejavu fonts-liberation fonts-noto-cjk"

# Family -> files of (regular, bold, italic, bold italic); a missing cut is None.
_LATIN = {
    "sans": "LiberationSans",
    "narrow": "LiberationSansNarrow",
    "serif": "LiberationSerif",
    "mono": "LiberationMono",
}
_CUTS = {
    **{
        family: tuple(f"{name}-{cut}.ttf" for cut in ("Regular", "Bold", "Italic", "BoldItalic"))
        for family, name in _LATIN.items()
    },
    "dejavu": (
        "DejaVuSans.ttf",
        "DejaVuSans-Bold.ttf",
        "DejaVuSans-Oblique.ttf",
        "DejaVuSans-BoldOblique.ttf",
    ),
    "dejavu-mono": ("DejaVuSansMono.ttf", "DejaVuSansMono-Bold.ttf", None, None),
    "japanese": ("NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc", None, None),
    "japanese-serif": ("NotoSerifCJK-Regular.ttc", "NotoSerifCJK-Bold.ttc", None, None),
    "chinese": ("NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc", None, None),
    "chinese-serif": ("NotoSerifCJK-Regular.ttc", "NotoSerifCJK-Bold.ttc", None, None),
}
# Which face of a Noto CJK collection has the shapes of simplified Chinese; Japanese is 0.
_FACE = {"chinese": 2, "chinese-serif": 2}


class FontMissingError(RuntimeError):
    """A font that the samples need is not installed."""


@cache
def load(family: str, bold: bool, italic: bool, pixels: float) -> ImageFont.FreeTypeFont:
    """A font at a size of `pixels` per em.

    Raises `FontMissingError`, naming the file and the packages that bring it.
    """
    name = _CUTS[family][bold + 2 * italic]
    if name is None:
        raise ValueError(f"{family} has no such cut")
    return ImageFont.truetype(
        _find(name),
        size=pixels,
        index=_FACE.get(family, 0),
        # The basic layout is always there; Raqm's results depend on the libraries installed.
        layout_engine=ImageFont.Layout.BASIC,
    )


def missing() -> list[str]:
    """File names of the fonts that are not installed."""
    names = {name for cuts in _CUTS.values() for name in cuts if name is not None}
    return sorted(name for name in names if not _locate(name))


def _find(name: str) -> Path:
    path = _locate(name)
    if path is None:
        raise FontMissingError(
            f"the font {name} is not installed; on Debian or Ubuntu: apt install {PACKAGES}"
        )
    return path


@cache
def _locate(name: str) -> Path | None:
    found = (path for folder in FOLDERS for path in sorted(folder.rglob(name)))
    return next(found, None)
