"""PDF pages: the resolution of the scan in them, rotation, layers, limits and damage."""

from __future__ import annotations

import io
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from scanner.errors import SourceError, TooLargeError
from scanner.images import SourcePage
from scanner.options import Options
from scanner.sources import open_source

FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
WORDS = b"BT /F 24 Tf 72 700 Td (Printed words) Tj ET"


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), entries, data)


def grey_image(levels: np.ndarray) -> bytes:
    height, width = levels.shape
    entries = b"/Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 8" % (
        width,
        height,
    )
    data = zlib.compress(levels.tobytes())
    return stream(data, entries + b" /ColorSpace /DeviceGray /Filter /FlateDecode")


def filtered_image(data: bytes, width: int, height: int, name: bytes, bits: int = 8) -> bytes:
    entries = b"/Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent %d" % (
        width,
        height,
        bits,
    )
    return stream(data, entries + b" /ColorSpace /DeviceGray /Filter /" + name)


def write_pdf(
    path: Path,
    content: bytes,
    images: dict[bytes, bytes] | None = None,
    size: tuple[float, float] = (612, 792),
    extra: bytes = b"",
    trailer: bytes = b"",
) -> Path:
    """A PDF of one page; images (or forms) are named as the content names them."""
    images = images or {}
    names = b" ".join(b"/%s %d 0 R" % (name, 6 + i) for i, name in enumerate(images))
    resources = b"<< /Font << /F 5 0 R >> /XObject << %s >> >>" % names
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %f %f] /Contents 4 0 R /Resources %s %s >>"
        % (*size, resources, extra),
        stream(content),
        FONT,
        *images.values(),
    ]
    data = b"%PDF-1.7\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    data += b"trailer\n<< /Size %d /Root 1 0 R %s >>\n" % (len(objects) + 1, trailer)
    path.write_bytes(data + b"startxref\n%d\n%%%%EOF\n" % start)
    return path


def read(path: Path, options: Options | None = None, number: int = 1) -> SourcePage:
    with open_source(path, options or Options()) as source:
        return source.read(number)


def scan(width: int = 340, height: int = 440, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width), np.uint8)


def place(width: float, height: float, x: float = 0, y: float = 0, name: bytes = b"I") -> bytes:
    return b"q %f 0 0 %f %f %f cm /%s Do Q " % (width, height, x, y, name)


@pytest.mark.parametrize("off", [0.0, 0.009, -0.009])
def test_a_scan_comes_out_pixel_for_pixel(tmp_path: Path, off: float) -> None:
    """At 40 dpi, with the picture a hundredth of a point larger or smaller than the page."""
    path = tmp_path / "a.pdf"
    write_pdf(path, place(612 + off, 792 + off), {b"I": grey_image(scan())})
    page = read(path)
    assert page.dpi == pytest.approx(40, abs=0.01)
    assert (page.pixels.numpy() == scan()[..., None]).all()


def test_an_overhanging_scan_is_cut_at_the_page(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    write_pdf(path, place(632, 802, -10.3, -4.9), {b"I": grey_image(scan(316, 401))})
    array = read(path).pixels.numpy()[..., 0]
    assert array.shape == (396, 306)
    assert (array == scan(316, 401)[3:399, 5:311]).all()


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_page_rotation(tmp_path: Path, rotation: int) -> None:
    path = tmp_path / "a.pdf"
    write_pdf(path, place(612, 792), {b"I": grey_image(scan())}, extra=b"/Rotate %d" % rotation)
    assert (read(path).pixels.numpy()[..., 0] == np.rot90(scan(), -rotation // 90)).all()


def test_a_scan_that_lies_on_its_side(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    content = b"q 0 792 -612 0 612 0 cm /I Do Q"
    write_pdf(path, content, {b"I": grey_image(scan(440, 340))})
    assert (read(path).pixels.numpy()[..., 0] == np.rot90(scan(440, 340))).all()


def test_a_scan_inside_a_form(tmp_path: Path) -> None:
    entries = b"/Type /XObject /Subtype /Form /BBox [0 0 1000 1000] /Resources"
    form = stream(place(306, 396), entries + b" << /XObject << /I 7 0 R >> >>")
    path = tmp_path / "a.pdf"
    content = b"q 2 0 0 2 0 0 cm /X Do Q"
    write_pdf(path, content, {b"X": form, b"I": grey_image(scan())})
    assert (read(path).pixels.numpy()[..., 0] == scan()).all()


def test_pillows_own_fax_pdf_is_exact(tmp_path: Path) -> None:
    bits = np.random.default_rng(3).random((330, 255)) < 0.5
    pages = [Image.fromarray(bits), Image.fromarray(~bits)]
    pages[0].save(tmp_path / "a.pdf", save_all=True, append_images=pages[1:], resolution=203)
    for number, expected in enumerate((bits, ~bits), 1):
        page = read(tmp_path / "a.pdf", number=number)
        assert page.number == number
        assert page.dpi == pytest.approx(203, abs=0.1)
        assert (page.pixels.numpy()[..., 0] == 255 * expected).all()


def test_the_finer_layer_counts(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    content = place(612, 792, name=b"P") + place(306, 198, 72, 300, name=b"I")
    images = {b"P": grey_image(scan(100, 130)), b"I": grey_image(scan(425, 275))}
    assert read(write_pdf(path, content, images)).dpi == pytest.approx(100, abs=0.1)


def test_strips_make_a_scan(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    whole = scan(340, 440)
    content, images = b"", {}
    for n in range(11):
        images[b"S%d" % n] = grey_image(whole[40 * n : 40 * n + 40])
        content += place(612, 72, 0, 792 - 72 * (n + 1), name=b"S%d" % n)
    assert (read(write_pdf(path, content, images)).pixels.numpy()[..., 0] == whole).all()


def test_other_pages_are_drawn_at_300_dpi(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", WORDS + place(60, 60), {b"I": grey_image(scan(9, 9))})
    page = read(path)
    assert page.dpi == 300
    assert page.pixels.shape == (3300, 2550, 3)
    assert (page.pixels[250:500, 300:1000] < 100).any()  # the words


def test_print_on_a_coarse_scan_is_drawn_at_300_dpi(tmp_path: Path) -> None:
    image = {b"I": grey_image(scan())}
    over = write_pdf(tmp_path / "over.pdf", place(612, 792) + WORDS, image)
    under = write_pdf(tmp_path / "under.pdf", WORDS + place(612, 792), image)
    layer = b"BT 3 Tr /F 24 Tf 72 700 Td (Invisible) Tj ET"
    unseen = write_pdf(tmp_path / "unseen.pdf", place(612, 792) + layer, image)
    assert [round(read(path).dpi or 0) for path in (over, under, unseen)] == [300, 40, 40]


def test_limits(tmp_path: Path) -> None:
    fine = write_pdf(tmp_path / "fine.pdf", place(72, 72), {b"I": grey_image(scan())}, (72, 72))
    assert read(fine, Options(pdf_max_dpi=150)).pixels.shape[:2] == (150, 150)
    poster = write_pdf(tmp_path / "poster.pdf", WORDS, size=(3600, 3600))
    page = read(poster, Options(max_megapixels=100))
    assert 99e6 < page.pixels.shape[0] * page.pixels.shape[1] <= 100e6
    with pytest.raises(TooLargeError, match=r"poster\.pdf: .*50 x 50 inches.*max_megapixels"):
        read(poster, Options(max_megapixels=10))


def test_a_picture_bomb_in_a_pdf(tmp_path: Path) -> None:
    image = filtered_image(b"\0\x10\x01", 30_000, 30_000, b"CCITTFaxDecode", bits=1)
    path = write_pdf(tmp_path / "bomb.pdf", place(612, 792), {b"I": image})
    with pytest.raises(TooLargeError, match=r"bomb\.pdf: .*30000 x 30000"):
        read(path)


def jpeg(levels: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(levels).save(buffer, "JPEG")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (jpeg(scan())[:20_000], b"DCTDecode"),
        (b"no JPEG at all", b"DCTDecode"),
        (b"no JPEG 2000 at all", b"JPXDecode"),
        (b"no JBIG2 at all", b"JBIG2Decode"),
    ],
)
def test_a_damaged_picture_is_not_a_blank_page(tmp_path: Path, data: bytes, name: bytes) -> None:
    image = filtered_image(data, 340, 440, name)
    path = write_pdf(tmp_path / "a.pdf", place(612, 792), {b"I": image})
    with pytest.raises(SourceError, match=str(path)):
        read(path)


def test_a_blank_page_is_fine(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", place(612, 792), {b"I": grey_image(scan() * 0 + 255)})
    assert (read(path).pixels == 255).all()
    path = write_pdf(tmp_path / "b.pdf", b"", size=(72, 72))
    assert (read(path).pixels == 255).all()


def test_passwords_and_damage(tmp_path: Path) -> None:
    key = b"<" + b"41" * 32 + b">"
    locked = b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O %s /U %s >> /ID [<00> <00>]" % (
        key,
        key,
    )
    path = write_pdf(tmp_path / "locked.pdf", WORDS, trailer=locked)
    with pytest.raises(SourceError, match=r"locked\.pdf: the PDF is protected by a password"):
        open_source(path, Options())
    path = write_pdf(tmp_path / "cut.pdf", WORDS)
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(SourceError, match=r"cut\.pdf: the PDF is damaged or cut off"):
        open_source(path, Options())


def test_a_missing_page_leaves_the_others(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", WORDS)
    data = path.read_bytes()
    path.write_bytes(data.replace(b"[3 0 R] /Count 1", b"[3 0 R 99 0 R 3 0 R] /Count 3"))
    with open_source(path, Options()) as source:
        assert source.page_count == 3
        assert source.read(3).pixels.shape == source.read(1).pixels.shape == (3300, 2550, 3)
        with pytest.raises(SourceError, match=r"a\.pdf, page 2: "):
            source.read(2)
