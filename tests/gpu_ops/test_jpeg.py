"""JPEG headers as other readers see them, and pictures in batches where one bad file is one."""

from __future__ import annotations

import io
import sys
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
import simplejpeg
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps, UnidentifiedImageError

from gpu_ops import jpeg
from gpu_ops.jpeg import decode, decode_on_cpu, encode, upright
from gpu_ops.jpeg_header import JpegError, read_header

CPU = torch.device("cpu")
SUBSAMPLINGS = ("444", "422", "420", "440", "411")


def gradient(height: int = 40, width: int = 56) -> torch.Tensor:
    """A smooth picture, different at each corner."""
    y, x = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    return torch.stack([255 * x // width, 255 * y // height, 128 + 0 * x], dim=2).byte()


def saved(mode: str = "RGB", orientation: int | None = None, **options: Any) -> bytes:
    file = io.BytesIO()
    exif = Image.Exif()
    if orientation is not None:
        exif[0x0112] = orientation
    picture = Image.fromarray(gradient().numpy()).convert(mode)
    picture.save(file, "JPEG", exif=exif, **options)
    return file.getvalue()


@pytest.mark.parametrize("subsampling", SUBSAMPLINGS)
def test_what_is_encoded_is_decoded(subsampling: str) -> None:
    (data,) = encode([gradient()], 95, subsampling)  # type: ignore[arg-type]
    header = read_header(data)
    assert (header.width, header.height, header.precision) == (56, 40, 8)
    assert (header.subsampling, header.process, header.is_common) == (subsampling, 0, True)
    (picture,) = decode([data], CPU)
    assert isinstance(picture, torch.Tensor)
    assert picture.dtype == torch.uint8
    assert (picture.int() - gradient().int()).abs().max() < 24


def test_grey_pictures_stay_grey() -> None:
    (data,) = encode([gradient()[..., 0].contiguous()], 90)
    assert read_header(data).subsampling == "gray"
    (picture,) = decode([data], CPU)
    assert isinstance(picture, torch.Tensor)
    assert torch.equal(picture[..., 0], picture[..., 2])


def test_quality_is_what_it_costs() -> None:
    sizes = [len(encode([gradient()], quality)[0]) for quality in (10, 50, 95)]
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[2]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_pictures_come_out_upright(orientation: int) -> None:
    data = saved(orientation=orientation, quality=95)
    assert read_header(data).orientation == orientation
    with Image.open(io.BytesIO(data)) as image:
        expected = np.array(ImageOps.exif_transpose(image).convert("RGB"))
    found = decode_on_cpu(data)
    assert found.is_contiguous()
    assert np.abs(found.numpy().astype(int) - expected).max() <= 2


@given(orientation=st.integers(1, 8), height=st.integers(1, 5), width=st.integers(1, 5))
def test_turning_moves_every_pixel_to_its_place(orientation: int, height: int, width: int) -> None:
    pixels = torch.arange(height * width * 3, dtype=torch.uint8).reshape(height, width, 3)
    file = Image.fromarray(pixels.numpy())
    file.getexif()[0x0112] = orientation
    assert np.array_equal(upright(pixels, orientation).numpy(), ImageOps.exif_transpose(file))


def test_headers_tell_what_is_not_for_every_decoder() -> None:
    assert read_header(saved(progressive=True)).process == 2
    assert read_header(saved(restart_marker_blocks=2)).restarts == 2
    assert all(
        read_header(saved(**how)).is_common for how in ({"progressive": True}, {"mode": "L"})
    )
    inks = read_header(saved("CMYK"))
    assert (len(inks.sampling), inks.subsampling, inks.is_common) == (4, None, False)
    twelve_bits = bytearray(saved())
    twelve_bits[twelve_bits.index(b"\xff\xc0") + 4] = 12
    arithmetic = saved().replace(b"\xff\xc0", b"\xff\xc9", 1)
    for data in (bytes(twelve_bits), arithmetic):
        assert not read_header(data).is_common


def test_headers_of_all_kinds_of_real_files(shared_data: Path) -> None:
    files = sorted((shared_data / "codecs").rglob("*.jpg"))
    assert len(files) > 40
    compared = 0
    for path in files:
        data = path.read_bytes()
        try:
            height, width, colours, subsampling = simplejpeg.decode_jpeg_header(data, strict=False)
        except ValueError:
            continue
        header = read_header(data)
        assert (header.height, header.width) == (height, width), path.name
        known = {"Gray": "gray"}.get(subsampling, subsampling)
        if colours in ("Gray", "YCbCr") and header.subsampling is not None:
            assert header.subsampling == known, path.name
        wanted = orientation_by_pillow(data)
        assert wanted is None or header.orientation == wanted, path.name
        plain = colours in ("Gray", "YCbCr") and header.process < 3 and header.precision == 8
        assert header.is_common == plain, path.name
        compared += 1
    assert compared > 40


def orientation_by_pillow(data: bytes) -> int | None:
    """1 to 8; None for files that Pillow does not open."""
    with warnings.catch_warnings(), suppress(UnidentifiedImageError):
        warnings.simplefilter("ignore")  # of damaged EXIF data
        with Image.open(io.BytesIO(data)) as image:
            found = image.getexif().get(0x0112, 1)
            return int(found) if found in range(1, 9) else 1
    return None


@given(st.binary(max_size=300), st.integers(0, 400))
def test_no_bytes_break_the_parser(noise: bytes, cut: int) -> None:
    for data in (noise, b"\xff\xd8" + noise, saved()[:cut] + noise):
        try:
            header = read_header(data)
        except JpegError:
            continue
        assert header.sampling


def test_a_bad_file_fails_alone() -> None:
    good = saved()
    pictures = decode([good, b"no picture", good[:300], good], CPU)
    assert [isinstance(picture, torch.Tensor) for picture in pictures] == [True, False, False, True]
    assert str(pictures[1]) == "it does not begin as a JPEG does"
    assert isinstance(pictures[2], JpegError)


class Codec(ModuleType):
    """Stands for nvImageCodec: decodes into the processor's memory, and notes what it is given."""

    def __init__(self) -> None:
        super().__init__("nvimgcodec")
        self.given: list[list[bytes]] = []
        self.CodeStream = parsed
        self.ColorSpec = SimpleNamespace(SRGB="srgb")
        self.QualityType = SimpleNamespace(QUALITY="quality")
        self.ChromaSubsampling = SimpleNamespace(CSS_422="422", CSS_GRAY="gray")
        self.DecodeParams = self.EncodeParams = dict
        self.Decoder = self.Encoder = lambda device_id: self
        self.as_image = lambda tensor, cuda_stream: tensor

    def decode(self, files: Sequence[bytes], params: Any, cuda_stream: int) -> list[Any]:
        assert params["apply_exif_orientation"]
        self.given.append(list(files))
        return [None if b"give up" in data else decode_on_cpu(data) for data in files]

    def encode(self, images: Any, codec: str, params: Any, cuda_stream: int) -> list[bytes]:
        assert (codec, params["quality_type"], params["quality_value"]) == ("jpeg", "quality", 70)
        return [f"{params['chroma_subsampling']} {tuple(image.shape)}".encode() for image in images]


def parsed(data: bytes) -> bytes:
    """As nvImageCodec parses a file: at once, and what it cannot parse it raises an error for."""
    if b"no parser" in data:
        raise RuntimeError("Failed to get image info")
    return data


@pytest.fixture
def codec(monkeypatch: pytest.MonkeyPatch) -> Codec:
    """nvImageCodec's stand-in, and a "GPU" that is the processor."""
    codec = Codec()
    monkeypatch.setattr(jpeg, "_nvimgcodec", lambda: codec)
    monkeypatch.setattr(jpeg, "_codecs", lambda device: (codec, codec))
    stream = SimpleNamespace(cuda_stream=0)
    monkeypatch.setattr(torch.cuda, "current_stream", lambda device: stream)
    monkeypatch.setattr(jpeg, "_attempt", on_cpu)
    return codec


def on_cpu(decoder: Callable[[bytes], torch.Tensor], data: bytes, device: Any) -> Any:
    try:
        return decoder(data)
    except JpegError as error:
        return error


def test_the_gpu_gets_what_it_can_decode_and_the_processor_the_rest(codec: Codec) -> None:
    good, upside_down, inks = saved(), saved(orientation=3), saved("CMYK")
    tired, unparsed = saved(comment=b"give up"), saved(comment=b"no parser")
    seen: list[bytes] = []

    def elsewhere(data: bytes) -> torch.Tensor:
        seen.append(data)
        return decode_on_cpu(data)

    files = [good, inks, b"no picture", unparsed, upside_down, tired]
    pictures = decode(files, torch.device("cuda"), elsewhere)
    assert codec.given == [[good, upside_down, tired]]
    assert seen == [inks, b"no picture", unparsed, tired]
    assert [isinstance(p, torch.Tensor) for p in pictures] == [True, True, False, True, True, True]
    assert torch.equal(decode_on_cpu(good), pictures[5])  # type: ignore[arg-type]


def test_the_gpu_is_told_quality_and_subsampling(codec: Codec) -> None:
    assert jpeg._encode_with_nvimgcodec([gradient()], 70, "422") == [b"422 (40, 56, 3)"]
    grey = gradient()[..., 0]
    assert jpeg._encode_with_nvimgcodec([grey], 70, "422") == [b"gray (40, 56, 1)"]


def test_without_nvimagecodec_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nvidia", None)
    with pytest.raises(JpegError, match=r"pip install 'scanner-ocr\[cuda\]'"):
        jpeg._nvimgcodec()
