"""What a generated page looks like: every choice in one object, drawn at random from a seed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from random import Random


class Rulings(StrEnum):
    """Which of a table's edges are drawn."""

    FULL = "full"
    OPEN_SIDES = "open sides"
    """All but the left and right edge of the table."""
    HORIZONTAL = "horizontal"
    """A line between all rows, no upright one."""
    THREE_LINE = "three line"
    """Above and below the header, below the table; a short one below each group heading."""
    COLUMNS = "columns"
    """A frame, a line below the header and between columns, none between body rows."""
    BOXED_HEADER = "boxed header"
    """A header with every edge drawn, a frame around the body and nothing inside it."""
    NONE = "none"

    @property
    def shows_every_edge(self) -> bool:
        """Whether every inner edge between two cells is drawn, so that merges are visible."""
        return self in (Rulings.FULL, Rulings.OPEN_SIDES)


class Stroke(StrEnum):
    """How a ruling is drawn."""

    SOLID = "solid"
    DASHED = "dashed"
    DOTTED = "dotted"
    DOUBLE = "double"


class Shading(StrEnum):
    """Which cells have a coloured ground."""

    NONE = "none"
    HEADER = "header"
    DARK_HEADER = "dark header"
    """White letters on a dark ground."""
    STRIPES = "stripes"


class Script(StrEnum):
    """The writing of the words; numbers are in European digits throughout."""

    LATIN = "latin"
    CYRILLIC = "cyrillic"
    GREEK = "greek"
    CHINESE = "chinese"


class Damage(StrEnum):
    """What happened to the page before it reached us."""

    NONE = "none"
    SCAN_150 = "150 dpi scan"
    """Reduced from 200 to 150 dpi, slightly turned and blurred, noisy, JPEG."""
    BITONAL = "bitonal"
    """Slightly turned and thresholded, with specks."""
    PHOTO = "phone photo"
    """Seen at an angle on a dark desk, unevenly lit, blurred, noisy, JPEG."""


@dataclass(frozen=True, slots=True)
class Style:
    """All choices for one page; lengths in pixels at 200 dpi, `em` is the font size.

    `rows` and `columns` are of each table, header included. Padding and gaps are in em.
    """

    tables: int = 1
    rows: int = 6
    columns: int = 4
    header_rows: int = 1
    rulings: Rulings = Rulings.FULL
    stroke: Stroke = Stroke.SOLID
    ruling_width: int = 2
    ruling_colour: tuple[int, int, int] = (0, 0, 0)
    shading: Shading = Shading.NONE
    script: Script = Script.LATIN
    font: int = 0
    """Which of the script's fonts that this machine has, modulo their number."""
    em: int = 26
    padding_x: float = 0.6
    padding_y: float = 0.4
    empty_share: float = 0.1
    """Share of the body's cells that stay empty."""
    empty_column: bool = False
    wrapped_column: bool = False
    """One column holds sentences, broken into several printed lines a cell."""
    merged: bool = False
    """Body cells merged across rows and columns; only where rulings show every edge."""
    row_groups: bool = False
    """The first column's cells span several rows; only where rulings show every edge."""
    section_rows: int = 0
    """Rows with one heading across the whole table."""
    text_around: bool = True
    """Paragraphs above, between and below the tables."""
    damage: Damage = Damage.NONE


def random_style(random: Random) -> Style:
    """A style in which the choices go together and the table stays readable for a person."""
    rulings = random.choice(tuple(Rulings))
    ruled = rulings.shows_every_edge
    wrapped = random.random() < 0.3
    # Two columns without any ruling may as well be a list.
    columns = random.randint(3 if rulings is Rulings.NONE else 2, 8)
    rows = random.randint(4, 14)
    tables = random.choice((1, 1, 1, 2))
    stroke = random.choices(tuple(Stroke), (12, 2, 1, 1))[0]
    ruling_width = random.choice((1, 2, 2, 3, 4) if stroke is Stroke.SOLID else (2, 3))
    # Hairlines in grey, and dots of one pixel, do not live through a bitonal scan.
    colours = ((0, 0, 0), (0, 0, 0), (90, 90, 90), (30, 60, 150))
    # Only the gap between rows tells wrapped lines from rows where no ruling does.
    tightest = 0.1 if ruled else 0.45 if wrapped else 0.15
    return Style(
        tables=tables,
        rows=rows,
        columns=columns,
        header_rows=random.choice((1, 1, 2)) if columns > 2 else 1,
        rulings=rulings,
        stroke=stroke,
        ruling_width=ruling_width,
        ruling_colour=random.choice(colours[:1] if ruling_width == 1 else colours),
        shading=random.choices(tuple(Shading), (6, 2, 1, 1))[0],
        script=random.choices(tuple(Script), (7, 1, 1, 1))[0],
        font=random.randrange(100),
        em=random.randint(20, 32),
        padding_x=random.uniform(0.3, 0.8) if ruled else random.uniform(0.6, 1.4),
        padding_y=random.uniform(tightest, 0.7),
        empty_share=random.choice((0.0, 0.1, 0.3)),
        empty_column=ruled and random.random() < 0.15,
        wrapped_column=wrapped,
        merged=ruled and random.random() < 0.4,
        row_groups=ruled and random.random() < 0.25,
        section_rows=random.choice((0, 0, 0, 1, 2)) if rows > 5 else 0,
        text_around=tables > 1 or random.random() < 0.8,
        damage=random.choice(tuple(Damage)),
    )
