"""The sections of the report, each a function from figures to markup."""

from __future__ import annotations

import base64
from collections.abc import Callable
from urllib.parse import quote

from scanner.report.charts import bars, share_bar, table, unfolding
from scanner.report.figures import LOWEST_BIN, DoubtfulPage, Figures
from scanner.report.markup import Markup, join, tag
from scanner.results import Failure, Status
from scanner.thumbnails import Thumbnails

Has = Callable[[str], bool]
"""Whether the output folder has a file or folder of this name."""

_FIRST_FORMS = ("overlay", "xlsx", "docx", "pdf", "json")


def total_section(figures: Figures) -> Markup:
    """What there is, in numbers."""
    files, speed = figures.files, figures.speed()
    facts = [
        ("Files", f"{files.total():,}"),
        ("whole", f"{files[Status.OK]:,}"),
        ("with parts missing", f"{files[Status.PARTIAL]:,}"),
        ("failed", f"{files[Status.FAILED]:,}"),
        ("Pages read", f"{figures.pages:,}"),
        ("Pages failed", f"{figures.pages_failed:,}"),
        ("Pages without text", f"{figures.pages_without_text:,}"),
        ("Tables", f"{figures.tables:,}"),
        ("Lines", f"{figures.lines:,}"),
        ("Words", f"{figures.words:,}"),
        ("Time at work", duration(speed.seconds)),
        ("Pages a second", f"{figures.pages / speed.seconds:.2f}" if speed.seconds else "-"),
    ]
    pairs = [tag("div", tag("dt", name), tag("dd", value)) for name, value in facts]
    manifest = tag("a", "manifest.jsonl", href="manifest.jsonl")
    return join(
        tag("dl", *pairs, class_="totals"),
        tag("p", "What became of every single file stands in ", manifest, ".", class_="quiet"),
    )


def speed_section(figures: Figures) -> Markup:
    """Pages a second over the time at work."""
    speed = figures.speed()
    if not speed.rates:
        return tag("p", "No page has been read yet.")
    part = speed.seconds / len(speed.rates)
    name = (
        f"Pages a second over {duration(speed.seconds)} at work: {min(speed.rates):.2f} at the "
        f"least, {max(speed.rates):.2f} at the most"
    )
    labels = ["0"] + [duration(share * speed.seconds) for share in (0.5, 1)]
    rows = [
        (f"{duration(n * part)} to {duration((n + 1) * part)}", f"{rate:.2f}")
        for n, rate in enumerate(speed.rates)
    ]
    note = "A file's pages count evenly from its start to its end."
    if speed.pauses:
        note += f" {plural(speed.pauses, 'pause')} between runs left out."
    return tag(
        "figure",
        tag("figcaption", f"{name}. {note}"),
        bars(name, speed.rates, labels),
        unfolding("The numbers", "Pages a second", ("Time at work", "Pages a second"), rows),
    )


def stage_section(figures: Figures) -> Markup:
    """Where the time of pages goes."""
    if not figures.stages:
        return tag("p", "No page has been read yet.")
    whole = sum(figures.stages.values()) or 1.0
    rows = [
        (
            name,
            duration(seconds),
            f"{1000 * seconds / figures.pages:,.0f} ms",
            join(f"{seconds / whole:.1%}", share_bar(seconds / whole)),
        )
        for name, seconds in sorted(figures.stages.items(), key=lambda item: (-item[1], item[0]))
    ]
    head = ("Stage", "In all", "A page", "Share")
    caption = (
        f"Seconds of {plural(figures.pages, 'page')}, added up over all worker processes: "
        f"{figures.page_seconds / figures.pages:.2f} s a page"
    )
    return table(caption, head, rows)


def confidence_section(figures: Figures) -> Markup:
    """How certain pages were read."""
    counted = sum(figures.confidences)
    if not counted:
        return tag("p", "No text has been read yet.")
    below, *others = figures.confidences
    sure = sum(others[95 - LOWEST_BIN :])
    name = (
        f"Pages by the mean confidence of their words: {sure / counted:.0%} of "
        f"{plural(counted, 'page')} at 95% or more, {below / counted:.0%} below {LOWEST_BIN}%"
    )
    labels = [f"<{LOWEST_BIN}", "85", "90", "95", "100%"]
    rows = [(f"below {LOWEST_BIN}%", f"{below:,}")] + [
        (f"{LOWEST_BIN + n} to {LOWEST_BIN + n + 1}%", f"{count:,}")
        for n, count in enumerate(others)
    ]
    return tag(
        "figure",
        tag("figcaption", f"{name}."),
        bars(name, figures.confidences, labels),
        unfolding("The numbers", "Pages by confidence", ("Mean confidence", "Pages"), rows),
    )


def failure_section(figures: Figures, has: Has) -> Markup:
    """What failed and why, and how to try again."""
    failures = figures.failures
    if not failures.seen:
        return tag("p", "Nothing failed.")
    reasons = [
        (f"{stage}: {error}", f"{count:,}")
        for (stage, error), count in sorted(
            figures.reasons.items(), key=lambda item: (-item[1], item[0])
        )
    ]
    rows = [_failure_row(failure, has) for failure in failures.items]
    caption = plural(len(rows), "failure")
    if failures.left_out:
        caption = f"The first {caption} by name; {failures.left_out:,} more are left out"
    return join(
        tag(
            "p",
            "To try again what failed, give the same command again with ",
            tag("code", "--retry-failed"),
            ". To look into one failure, give ",
            tag("code", "scanner replay"),
            " the folder that its row names; what the program said meanwhile is linked there.",
        ),
        table("Failures by stage and kind", ("Stage and kind", "Failures"), reasons),
        table(caption, ("File", "Page", "Stage", "Reason", "To look into it"), rows, "failures"),
    )


def doubtful_section(figures: Figures, has: Has, thumbnails: Thumbnails) -> Markup:
    """The pages to look at first."""
    doubtful = figures.doubtful
    if not doubtful.seen:
        return tag("p", "No text has been read yet.")
    shown = [_page_card(page, has, thumbnails) for page in doubtful.items]
    note = "By the mean confidence of their words, the least certain first."
    if doubtful.left_out:
        note += f" {plural(doubtful.left_out, 'more certain page')} left out."
    return join(tag("p", note), tag("ol", *shown, class_="pages"))


def duration(seconds: float) -> str:
    """ "4.2 s", "3 min 20 s", "2 h 05 min"."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours:,} h {minutes:02} min"


def plural(number: int, noun: str) -> str:
    """ "1 page", "2,000 pages"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _failure_row(failure: Failure, has: Has) -> tuple[str | Markup, ...]:
    page = "" if failure.page is None else str(failure.page)
    where: Markup | str = ""
    if failure.bundle is not None and has(failure.bundle):
        name = f"log of {failure.source}" + (f", page {page}" if page else "")
        link = tag("a", "log", href=quote(f"{failure.bundle}/log.txt"), aria_label=name)
        where = join(tag("code", failure.bundle), " (", link, ")")
    return failure.source, page, failure.stage, failure.message, where


def _page_card(page: DoubtfulPage, has: Has, thumbnails: Thumbnails) -> Markup:
    number, source = page.result.number, page.source
    name = source if page.page_count == 1 else f"{source}, page {number}"
    there = {form: file for form, file in page.results().items() if has(file)}
    forms = sorted(there, key=lambda form: (_rank(form), form))
    links = [
        tag("a", form, href=quote(there[form]), aria_label=f"{form} of {name}") for form in forms
    ]
    least = page.result.min_confidence or 0.0
    mean = page.result.mean_confidence or 0.0
    return tag(
        "li",
        _picture(name, thumbnails.find(source, number), there.get("overlay")),
        tag("h3", name),
        tag("p", f"{mean:.1%} in the mean, the least certain word {least:.1%}"),
        tag("p", *_spaced(links)),
    )


def _picture(name: str, jpeg: bytes | None, overlay: str | None) -> Markup:
    if jpeg is None:
        return tag("div", "no picture kept", class_="none")
    data = f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"
    picture = tag("img", src=data, alt=f"Small picture of {name}")
    if overlay is None:
        return picture
    return tag("a", picture, href=quote(overlay), aria_label=f"What was found on {name}")


def _rank(form: str) -> int:
    return _FIRST_FORMS.index(form) if form in _FIRST_FORMS else len(_FIRST_FORMS)


def _spaced(pieces: list[Markup]) -> list[str | Markup]:
    return [part for piece in pieces for part in (piece, " ")][:-1]
