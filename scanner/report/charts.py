"""Charts: shapes as inline SVG that stretches, words as HTML that does not."""

from __future__ import annotations

import math
from collections.abc import Sequence

from scanner.report.markup import Markup, tag

_HEIGHT = 100.0


def bars(name: str, values: Sequence[float], x_labels: Sequence[str]) -> Markup:
    """Upright bars side by side, from 0 up to a round number.

    `name` says in a sentence what they show, for those who do not see them; `x_labels` are
    spread evenly below.
    """
    top = round_up(max(values, default=0.0))
    width = 100 / max(1, len(values))
    gap = min(0.15 * width, 0.4)
    shapes = [
        tag(
            "rect",
            x=f"{n * width + gap:.3f}",
            y=f"{_HEIGHT * (1 - value / top):.3f}",
            width=f"{width - 2 * gap:.3f}",
            height=f"{_HEIGHT * value / top:.3f}",
        )
        for n, value in enumerate(values)
    ]
    lines = [
        tag("path", d=f"M0 {y}H100", class_="grid", vector_effect="non-scaling-stroke")
        for y in (0, 50, 100)
    ]
    picture = tag(
        "svg",
        *lines,
        *shapes,
        viewBox=f"0 0 100 {_HEIGHT:g}",
        preserveAspectRatio="none",
        role="img",
        aria_label=name,
    )
    scale = [tag("span", f"{value:,g}") for value in (top, top / 2, 0)]
    below = [tag("span", label) for label in x_labels]
    return tag(
        "div",
        tag("div", *scale, class_="scale", aria_hidden="true"),
        picture,
        tag("div", *below, class_="below", aria_hidden="true"),
        class_="chart",
    )


def share_bar(share: float) -> Markup:
    """A bar in a table's row, 0 to 1 of the width; the number stands beside it."""
    return tag(
        "svg",
        tag("rect", x=0, y=0, width=f"{100 * share:.2f}", height=10),
        viewBox="0 0 100 10",
        preserveAspectRatio="none",
        aria_hidden="true",
        class_="share",
    )


def unfolding(
    summary: str, caption: str, head: Sequence[str], rows: Sequence[Sequence[str]]
) -> Markup:
    """The numbers of a chart, to be unfolded."""
    return tag("details", tag("summary", summary), table(caption, head, rows))


def table(
    caption: str, head: Sequence[str], rows: Sequence[Sequence[str | Markup]], kind: str = "numbers"
) -> Markup:
    """A table whose first column names its rows; it scrolls by itself where it is too wide."""
    body = [
        tag("tr", tag("th", first, scope="row"), *(tag("td", cell) for cell in others))
        for first, *others in rows
    ]
    made = tag(
        "table",
        tag("caption", caption),
        tag("thead", tag("tr", *(tag("th", title, scope="col") for title in head))),
        tag("tbody", *body),
        class_=kind,
    )
    return tag("div", made, class_="wide", role="region", aria_label=caption, tabindex=0)


def round_up(value: float) -> float:
    """The next number of the form 1, 2, 4, 5 or 10 times a power of ten; 1 for nothing."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 4, 5, 10) if value <= step * power * (1 + 1e-9))
