"""The page as a whole: its sections in order, and writing it."""

from __future__ import annotations

import time
from importlib.resources import files
from pathlib import Path

from scanner.batch import read_results
from scanner.batch.output import THUMBNAILS, Output
from scanner.files import printable, write_atomically
from scanner.report.figures import Figures, gather
from scanner.report.markup import Markup, join, tag
from scanner.report.sections import (
    confidence_section,
    doubtful_section,
    failure_section,
    plural,
    speed_section,
    stage_section,
    total_section,
)
from scanner.thumbnails import Thumbnails
from scanner.version import program_version

NAME = "report.html"


def write_report(folder: Path | Output, *, undone: int | None = None) -> Path:
    """Write the report of an output folder from its journal; gives its path on this machine.

    `undone` is how many files of the last run are not done, where that is known. May be called
    at any time, while a run is at work too. Raises `OutputError`.
    """
    output = Output(folder) if isinstance(folder, Path) else folder
    output.prepare_report()
    figures = gather(read_results(output.folder))
    page = render(output, figures, time.time(), undone)
    path = output.folder / NAME
    write_atomically(path, page.encode())
    output.publish(NAME)
    return path


def render(output: Output, figures: Figures, now: float, undone: int | None = None) -> str:
    """The page, as of `now` in seconds since 1970; links go to what the output folder has."""
    thumbnails = Thumbnails(output.folder / THUMBNAILS)
    sections = [
        ("totals", "Totals", total_section(figures)),
        ("speed", "Pages over time", speed_section(figures)),
        ("stages", "Time by stage", stage_section(figures)),
        ("confidence", "Confidence", confidence_section(figures)),
        ("failures", "Failures", failure_section(figures, output.has)),
        ("doubtful", "Least certain pages", doubtful_section(figures, output.has, thumbnails)),
    ]
    name = printable(output.name)
    title = f"{plural(figures.files.total(), 'file')} in {name}"
    links = [tag("li", tag("a", heading, href=f"#{key}")) for key, heading, _ in sections]
    body = join(
        tag("a", "Skip to the totals", href="#totals", class_="skip"),
        tag(
            "header",
            tag("h1", title),
            tag("p", "As of ", _moment(now), ", scanner ", program_version(), class_="quiet"),
            _undone(undone),
        ),
        tag("nav", tag("ul", *links), aria_label="On this page"),
        tag("main", *(_section(*section) for section in sections)),
    )
    head = join(
        tag("meta", charset="utf-8"),
        tag("meta", name_="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name_="color-scheme", content="light dark"),
        tag("title", f"Report: {title}"),
        tag("style", Markup(files("scanner.report").joinpath("style.css").read_text("utf-8"))),
    )
    return f"<!DOCTYPE html>\n{tag('html', tag('head', head), tag('body', body), lang='en')}\n"


def _section(key: str, heading: str, content: Markup) -> Markup:
    title = tag("h2", heading, id=f"{key}-heading")
    return tag("section", title, content, id=key, aria_labelledby=f"{key}-heading", tabindex=-1)


def _undone(undone: int | None) -> Markup:
    if not undone:
        return Markup("")
    are = "is" if undone == 1 else "are"
    text = f"{plural(undone, 'file')} {are} not done yet; the same command does the rest."
    return tag("p", text, class_="notice")


def _moment(seconds: float) -> Markup:
    at = time.gmtime(seconds)
    text = time.strftime("%d %B %Y, %H:%M UTC", at)
    return tag("time", text.lstrip("0"), datetime=time.strftime("%Y-%m-%dT%H:%M:%SZ", at))
