"""The measuring sets: page images with the text that a person typed from them.

A set is a folder with `list.tsv`: image <tab> truth (<tab> more), relative to the folder.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

DEFAULT_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
"""Where the sets lie when the command does not say: beside the project, never in it."""

SETS = ("unlv_reports", "unlv_letters", "old_books", "sroie")


@dataclass(frozen=True, slots=True)
class Sample:
    """One scan and its truth, in the order in which a person reads it.

    `fold_case` says that the truth is in capitals whatever is printed, as SROIE's is, so that
    upper and lower case cannot be told apart when it is compared.
    """

    set: str
    name: str
    image: Path
    truth: str
    fold_case: bool = False


def load(name: str, data: Path = DEFAULT_DATA) -> list[Sample]:
    """All samples of one of `SETS`, in the order of its list.

    Raises FileNotFoundError where the set is not at hand.
    """
    folder = data / name
    receipts = name == "sroie"
    read_truth = read_receipt_truth if receipts else read_page_truth
    samples = []
    for row in (folder / "list.tsv").read_text(encoding="utf-8").splitlines():
        image, truth = row.split("\t")[:2]
        text = read_truth(folder / truth)
        samples.append(Sample(name, image, folder / image, text, fold_case=receipts))
    return samples


def select(samples: list[Sample], every: int = 1, limit: int | None = None) -> list[Sample]:
    """Each `every`-th sample, the first `limit` of those: the same ones each time."""
    return samples[::every][:limit]


def read_page_truth(path: Path) -> str:
    """The text of a page, as typed."""
    return path.read_text(encoding="utf-8")


def read_receipt_truth(path: Path) -> str:
    """The text of a receipt, a line each, from the SROIE format.

    A row is eight corner coordinates and the text of the line, which may itself hold commas
    and is never quoted; the rows stand in reading order.
    """
    rows = path.read_text(encoding="utf-8").splitlines()
    return "\n".join(row.split(",", 8)[8] for row in rows if row.strip())
