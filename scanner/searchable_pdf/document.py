"""Pages that lie on the disk one by one, joined to one searchable PDF (PDF/A-2b)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from PIL import ImageCms

from scanner.searchable_pdf.font import add_descendant

_AT_ONCE = 100
"""Files open at the same time; systems allow a few hundred."""

_DATE = "2000-01-01T00:00:00Z"
_PDF_DATE = "D:20000101000000Z"


def join_pages(pages: Sequence[Path], folder: Path, target: BinaryIO, title: str) -> None:
    """Write the pages that `render_page` made, in order, as one document.

    Pictures go from file to file without being held in memory; `folder` gets files on the way.
    """
    while len(pages) > _AT_ONCE:
        pages = [
            _join_some(pages[n : n + _AT_ONCE], folder) for n in range(0, len(pages), _AT_ONCE)
        ]
    with ExitStack() as stack:
        pdf = _open_all(stack, pages)
        descendant = add_descendant(pdf)
        for page in pdf.pages:
            page.obj.Resources.Font.F.DescendantFonts = Array([descendant])
        _describe(pdf, title)
        pdf.save(target, deterministic_id=True, min_version="1.7")


def _join_some(pages: Sequence[Path], folder: Path) -> Path:
    joined = folder / f"{pages[0].stem}-{pages[-1].stem}.pdf"
    with ExitStack() as stack:
        _open_all(stack, pages).save(joined, deterministic_id=True)
    return joined


def _open_all(stack: ExitStack, pages: Sequence[Path]) -> Pdf:
    """A document of all the pages; it reads from their files until the stack is closed."""
    pdf = stack.enter_context(Pdf.new())
    for path in pages:
        pdf.pages.extend(stack.enter_context(Pdf.open(path)).pages)
    return pdf


def _describe(pdf: Pdf, title: str) -> None:
    """What PDF/A-2b asks for: metadata, said alike in both places, and what its RGB means."""
    with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
        metadata["dc:title"] = title
        metadata["pdf:Producer"] = "scanner"
        metadata["xmp:CreateDate"] = metadata["xmp:ModifyDate"] = _DATE
        metadata["pdfaid:part"] = "2"
        metadata["pdfaid:conformance"] = "B"
    pdf.docinfo.Title = String(title)
    pdf.docinfo.Producer = String("scanner")
    pdf.docinfo.CreationDate = pdf.docinfo.ModDate = String(_PDF_DATE)
    profile = Stream(pdf, _srgb())
    profile.N = 3
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name("/GTS_PDFA1"),
        OutputConditionIdentifier=String("sRGB"),
        Info=String("sRGB"),
        DestOutputProfile=pdf.make_indirect(profile),
    )
    pdf.Root.OutputIntents = Array([intent])
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)


def _srgb() -> bytes:
    """An sRGB profile; the date it was made, which would differ each time, is a fixed one."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    year, month, day = 2000, 1, 1
    profile[24:36] = b"".join(n.to_bytes(2, "big") for n in (year, month, day, 0, 0, 0))
    return bytes(profile)
