"""Pages that lie on the disk one by one, joined to one searchable PDF (PDF/A-2b)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from pikepdf import Array, Dictionary, Job, Name, Pdf, Stream, String
from PIL import ImageCms

from scanner.errors import StageError
from scanner.searchable_pdf.font import add_descendant

_DATE = "2000-01-01T00:00:00Z"
_PDF_DATE = "D:20000101000000Z"


def join_pages(pages: Sequence[Path], folder: Path, target: BinaryIO, title: str) -> None:
    """Write the pages that `render_page` made, in order, as one document.

    Pictures go from file to file without being held in memory; `folder` gets a file on the way.
    Raises `StageError` where there are no pages.
    """
    if not pages:
        raise StageError("export", "none of the pages could be put into a PDF")
    joined = folder / "joined.pdf"
    # qpdf's own command holds no pages; `pages.extend` would hold them all.
    files = [str(page.absolute()) for page in pages]
    how = ["--empty", "--deterministic-id", "--keep-files-open=n"]
    Job(["qpdf", *how, "--pages", *files, "--", str(joined)]).run()
    try:
        with Pdf.open(joined) as pdf:
            descendant = add_descendant(pdf)
            for page in pdf.pages:
                page.obj.Resources.Font.F.DescendantFonts = Array([descendant])
            _describe(pdf, title)
            pdf.save(target, deterministic_id=True, min_version="1.7")
    finally:
        joined.unlink()


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
