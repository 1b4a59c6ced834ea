"""Text that runs up or down an upright page, as in a wide table on a tall sheet, read upright.

The detector gives long lines of such text as outlines that run downwards, but takes a column of its
short numbers for one level line, or each of them for a level word. So where lines that run one way
fill a part of the page, that part is turned by a quarter and read once more as a page of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median

from scanner.detect import detect
from scanner.host_plate import HostPlate
from scanner.layout.page_frame import has_cjk
from scanner.plate import Plate
from scanner.recognise import recognise
from table_restore.document import Line
from table_restore.geometry import Box, Point
from table_restore.upright import Upright, quarter_turns

Reader = Callable[[Plate], list[Line]]

LENGTH, FEWEST = 4, 4
"""Lines of so many characters, and so many of them, are more than the names of columns; of these
at least so many must go on in another one, as the cells of a row do."""

NEAR = 8.0
"""Lines no further apart than this many text heights belong to one part of the page."""

SURE = 0.9
"""Words of letters read with this confidence stand upright."""


def reread_sideways(page: Plate, lines: Sequence[Line], *, spelling: bool = True) -> list[Line]:
    """The lines of a page, with parts that stand turned by a quarter read anew.

    A part is read anew only if lines in it run up or down already, and what comes of it replaces
    its old lines only if it says more, and says it more surely. Columns of Chinese and Japanese,
    whose characters stand upright, are left alone. `spelling` is that of `recognise`.
    """

    def read(part: Plate) -> list[Line]:
        return recognise(part, detect(part), spelling=spelling)

    result = list(lines)
    for turns in (1, 3):
        running = [line for line in result if quarter_turns(line) == turns]
        for part in _parts(running):
            result = _reread(page, result, part, turns, read)
    return result


def _parts(running: Sequence[Line]) -> list[Box]:
    """The boxes of lines near one another, where there are enough of them."""
    lines = [line for line in running if len(line.text) >= LENGTH]
    if len(lines) < FEWEST or has_cjk("".join(line.text for line in lines)):
        return []
    boxes = [line.polygon.box for line in lines]
    reach = NEAR * _size(lines)
    parts: list[list[Box]] = []
    for box in boxes:
        near = [part for part in parts if any(b.grow(reach).intersection(box) for b in part)]
        parts = [part for part in parts if part not in near]
        parts.append([box, *(b for part in near for b in part)])
    return [Box.around(part) for part in parts if len(part) >= FEWEST and _goes_on(part)]


def _goes_on(boxes: Sequence[Box]) -> bool:
    """Whether lines that run up or down have others before or behind them."""
    mates = [
        any(
            min(a.right, b.right) - max(a.left, b.left) > 0.5 * min(a.width, b.width)
            and (a.bottom <= b.top or b.bottom <= a.top)
            for b in boxes
        )
        for a in boxes
    ]
    return sum(mates) >= FEWEST


def _reread(
    page: Plate,
    lines: list[Line],
    part: Box,
    turns: int,
    read: Reader,
) -> list[Line]:
    """All lines, those of one part as they are read when it is turned, if that is better."""
    across = [line for line in lines if quarter_turns(line)]
    level = [line for line in lines if not quarter_turns(line)]
    texts = [line for line in level if _stands_upright(line)]
    scraps = [line for line in level if not _stands_upright(line)]
    size = _size([line for line in across if quarter_turns(line) == turns])
    part = _with_scraps(part, scraps, NEAR * size)
    texts, scraps, standing = (_inside(part, group) for group in (texts, scraps, across))
    if _told(texts) > _told(standing):
        return lines
    found = [
        line
        for line in _inside(part.grow(size), _read_turned(page, part.grow(size), turns, read))
        if not any(other.polygon.box.intersection(line.polygon.box) for other in texts)
    ]
    places = [line.polygon.box for line in standing]
    instead = [
        line for line in found if not any(box.contains(line.polygon.center) for box in places)
    ]
    if _told(found) < _told([*standing, *scraps]) or _told(instead) < _told(scraps):
        return lines
    replaced = {id(line) for line in (*standing, *scraps)}
    return [*(line for line in lines if id(line) not in replaced), *found]


def _inside(part: Box, lines: Sequence[Line]) -> list[Line]:
    return [line for line in lines if part.contains(line.polygon.center)]


def _size(lines: Sequence[Line]) -> float:
    """The usual height of lines that run up or down."""
    return median(line.polygon.box.width for line in lines)


def _stands_upright(line: Line) -> bool:
    """Whether a level line has a word that would not be read so surely if it lay on its side."""
    return any(
        word.confidence >= SURE and sum(letter.isalpha() for letter in word.text) >= LENGTH
        for word in line.words
    )


def _with_scraps(part: Box, scraps: Sequence[Line], reach: float) -> Box:
    """The part grown to level lines beside it that may be numbers lying on their side."""
    for line in sorted(scraps, key=lambda line: abs(line.polygon.center[1] - part.center[1])):
        if part.grow(reach).contains(line.polygon.center):
            part = part.union(line.polygon.box)
    return part


def _told(lines: Sequence[Line]) -> float:
    """How much lines say: their characters, each by how surely it was read."""
    return sum(len(word.text) * word.confidence for line in lines for word in line.words)


def _read_turned(page: Plate, part: Box, turns: int, read: Reader) -> list[Line]:
    """The lines of a part of the page, read when it is turned; in the page's pixels."""
    height, width = page.size
    left, top = max(0, int(part.left)), max(0, int(part.top))
    cut = page.pixels[top : min(height, int(part.bottom)), left : min(width, int(part.right))]
    upright = Upright(cut.shape[1], cut.shape[0], turns=turns)
    picture = upright.picture(cut)

    def back(point: Point) -> Point:
        x, y = upright.back(point)
        return x + left, y + top

    turned = HostPlate(picture, page.finder, page.recogniser)
    return [line.map(back) for line in read(turned)]
