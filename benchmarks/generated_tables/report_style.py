"""How a statistical report is set: every choice in one object, drawn at random from a seed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from random import Random

from PIL import ImageFont


class Uprights(StrEnum):
    """Where thin lines run down between a table's columns."""

    NONE = "none"
    HEAD = "head"
    ALL = "all"


class Colours(StrEnum):
    """Which parts of a table have a coloured ground."""

    NONE = "none"
    ROWS = "rows"
    """Every other row is shaded."""
    BAR = "bar"
    """A dark bar behind the headings, in white letters."""
    BAR_AND_ROWS = "bar and rows"


# Regular and bold files by which Pillow finds a family among the system's fonts.
_FAMILIES = (
    ("LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf"),
    ("LiberationSerif-Regular.ttf", "LiberationSerif-Bold.ttf"),
    ("LiberationSansNarrow-Regular.ttf", "LiberationSansNarrow-Bold.ttf"),
    ("C059-Roman.otf", "C059-Bold.otf"),
    ("NimbusSansNarrow-Regular.otf", "NimbusSansNarrow-Bold.otf"),
)


@dataclass(frozen=True, slots=True)
class ReportStyle:
    """All choices for one page; `em` is the size of the tables' type in pixels at 200 dpi."""

    family: int
    em: int
    leading: float
    """From one row of a table to the next, in em."""
    tables: int
    rows: int
    two_columns: bool
    """Prose in two columns; tables stand in one of them or across both."""
    side_notes: bool
    wordy: bool
    leaders: bool
    blank_every: int
    """A blank line below so many rows, 0 for none."""
    top_rules: int
    rules: bool
    """Below the boxhead and below the table, and short ones below headings of groups."""
    row_rules: bool
    uprights: Uprights
    colours: Colours
    centred_title: bool
    head_low: bool
    """Headings stand at the foot of the boxhead, else in its middle."""
    values_last: bool
    """Values stand beside the last line of a wrapped name, else beside its first."""


def random_report_style(random: Random) -> ReportStyle:
    """A style that an office might use: something always parts the rows of wrapped texts."""
    wordy = random.random() < 0.15
    colours = random.choices(tuple(Colours), (7, 1, 1, 1))[0]
    rules = colours is Colours.NONE or random.random() < 0.5
    if colours is Colours.NONE and random.random() < 0.1:
        rules = False
    leaders = not wordy and random.random() < 0.6
    two_columns = random.random() < 0.3
    return ReportStyle(
        family=random.randrange(len(_FAMILIES)),
        em=random.randint(19, 26),
        leading=random.uniform(1.15, 1.6),
        tables=random.choice((1, 1, 1, 2, 2, 3)),
        rows=random.randint(6, 28),
        two_columns=two_columns,
        side_notes=not two_columns and random.random() < 0.15,
        wordy=wordy,
        leaders=leaders,
        blank_every=random.choice((0, 0, 5)),
        top_rules=random.choice((1, 1, 2)) if rules else 0,
        rules=rules,
        row_rules=rules and random.random() < 0.12,
        uprights=random.choices(tuple(Uprights), (6, 1, 2))[0] if rules else Uprights.NONE,
        colours=colours,
        centred_title=random.random() < 0.3,
        head_low=random.random() < 0.6,
        values_last=leaders or random.random() < 0.5,
    )


def report_fonts(family: int, size: int) -> tuple[ImageFont.FreeTypeFont, ImageFont.FreeTypeFont]:
    """A family's regular and bold font; of those that are installed, modulo their number."""
    installed = _installed()
    if not installed:
        font = ImageFont.load_default(size)
        return font, font  # type: ignore[return-value]
    regular, bold = installed[family % len(installed)]
    return ImageFont.truetype(regular, size), ImageFont.truetype(bold, size)


@lru_cache
def _installed() -> tuple[tuple[str, str], ...]:
    found = []
    for names in _FAMILIES:
        try:
            for name in names:
                ImageFont.truetype(name, 10)
        except OSError:
            continue
        found.append(names)
    return tuple(found)
